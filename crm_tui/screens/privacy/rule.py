"""The form of a rule of retention."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from textual.widget import Widget

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.client_base.guest_views import CONSENTS
from crm_tui.desk.common.context import Context
from crm_tui.desk.privacy.retention_views import RuleView
from crm_tui.rules.guest_criteria import GuestCriteria
from crm_tui.screens.form_screen import FormScreen
from crm_tui.widgets.forms import Choice, ChoiceField, NumberField, TextField


class RuleScreen(FormScreen):
    """A rule; None makes a new one. The result says what was done."""

    def __init__(self, rule: RuleView | None) -> None:
        super().__init__()
        self._rule = rule
        self.title_words = _("Change {name}").format(name=rule.name) if rule else _("Make a rule of retention")
        self.keep = "" if rule else "retention"

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
