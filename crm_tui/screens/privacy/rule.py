"""The form of a rule of retention."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.errors import CrmError, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.context import Context
from crm_tui.desk.inquiry_views import CONSENTS
from crm_tui.desk.retention_views import RuleView
from crm_tui.rules.guest_criteria import GuestCriteria
from crm_tui.screens.base import DeskScreen
from crm_tui.widgets.forms import Choice, ChoiceField, Form, NumberField, TextField


class RuleScreen(DeskScreen[str | None]):
    """A rule; None makes a new one. The result says what was done."""

    CSS_PATH = "screen.tcss"
    letters_are_text = True
    AUTO_FOCUS: ClassVar[str | None] = "Form InputLine"
    BINDINGS = [Binding("escape", "back", show=False)]

    def __init__(self, rule: RuleView | None) -> None:
        super().__init__()
        self._rule = rule

    def body(self) -> ComposeResult:
        title = _("Change {name}").format(name=self._rule.name) if self._rule else _("Make a rule of retention")
        with Vertical(id="box"):
            yield Static(Content.styled(title, "bold"), id="title")
            yield Form(*self.rows(), keep="" if self._rule else "retention")
            yield Static("", id="result")

    def rows(self) -> list[Widget]:
        """Name, months, of whom."""
        kinds = [Choice("", _("all")), Choice("person", _("persons")), Choice("company", _("companies"))]
        booked = [Choice("", _("all")), Choice("yes", _("only who never booked"))]
        agreed = [
            Choice("", _("all")),
            *(Choice(one, _("without: {name}").format(name=_(CONSENTS[one]))) for one in CONSENTS),
        ]
        return [
            TextField("name", _("Name"), required=True, help=_("Like: asked once, never came.")),
            NumberField("months", _("Months"), required=True, help=_("Since the last contact. Three years are 36.")),
            ChoiceField("kind", _("Guests"), kinds, help=_("Of whom it is a rule.")),
            ChoiceField(
                "never_booked", _("Booked"), booked, help=_("Whoever was on a reservation may have accounts to keep.")
            ),
            ChoiceField(
                "no_consent", _("Consent"), agreed, help=_("Only those who did not agree to be written to or called.")
            ),
            TextField("country", _("Country"), help=_("Two letters, like ES; empty for all.")),
        ]

    def on_mount(self) -> None:
        """Fill in what is known."""
        super().on_mount()
        one = self._rule
        if one is not None:
            asked = one.criteria
            values = {"name": one.name, "months": one.months, "kind": asked.kind, "country": asked.country}
            values |= {"never_booked": "yes" if asked.never_booked else "", "no_consent": asked.no_consent}
            self.form.fill(values, settle=True)

    @property
    def form(self) -> Form:
        """The form."""
        return self.query_one(Form)

    @property
    def unsaved(self) -> str:
        """What would be lost by quitting now."""
        return _("What stands in the form is not saved.") if self.is_mounted and self.form.dirty else ""

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        values = event.values
        self.ask(lambda ctx: self.save(ctx, values), self._saved, failed=self._failed, topic="save")

    def save(self, ctx: Context, values: dict[str, Any]) -> str:
        """Make or change it; returns what is told. Blocks."""
        before = self._rule.criteria if self._rule else GuestCriteria()
        criteria = replace(
            before,
            kind=values["kind"] or "",
            never_booked=values["never_booked"] == "yes",
            no_consent=values["no_consent"] or "",
            country=(values["country"] or "").strip().upper(),
        )
        name, months = values["name"], int(values["months"] or 0)
        if self._rule is None:
            desk.retention.add(ctx, name, months, criteria)
            return _("{name} is a rule now · z takes it back").format(name=name)
        desk.retention.change(ctx, self._rule.id, name, months, criteria)
        return _("{name} is saved · z takes it back").format(name=name)

    def _saved(self, sentence: str) -> None:
        self.form.forget()
        self.dismiss(sentence)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, InvalidInput) and self.form.show_error(error):
            return
        if isinstance(error, CrmError):
            self.query_one("#result", Static).update(Content.assemble(("✕ ", "bold $text-error"), str(error)))
        else:
            self.shell.report(error)

    @on(Form.Left)
    def _left(self) -> None:
        self.action_back()

    def action_back(self) -> None:
        """Leave; what was typed is kept while the desk runs."""
        self.form.remember()
        self.dismiss(None)
