"""The form of a reservation: made by hand, from an inquiry or from a mail, or changed (SPEC §7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.stays.reservation_views import ReservationView
from crm_tui.rules.money import Money
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.dialogs.versions import Differing, VersionsDialog
from crm_tui.screens.inquiries.calls import Done, noticing, said
from crm_tui.screens.inquiries.days import Today
from crm_tui.screens.inquiries.words import channel_word, typed_amount
from crm_tui.screens.reservations import form_calls as calls
from crm_tui.screens.reservations.form_fields import NAMES, people_of, reservation_fields
from crm_tui.screens.reservations.people_field import shown
from crm_tui.screens.reservations.words import status_word
from crm_tui.widgets.days import written
from crm_tui.widgets.forms import DayField, Field, Form, PickField, TextField

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

HALF_WRITTEN = frozenset({"date", "amount", "currency", "no currency", "number"})
"""What may still become right while it is typed: told when the field is left."""
_OTHER = frozenset({"guests", "company"})
"""Fields that the desk takes in another shape than the form has them."""


class ReservationForm(Today, DeskScreen[int | None]):
    """All fields of a reservation. ctrl+s saves, Esc leaves and keeps what was typed.

    Args:
        reservation_id: the one to change; None makes a new one.
        inquiry, conversation, guest: what a new one is made from: all that is known of it stands in the fields.
        values: fields of a new one that are known besides.

    The screen's result is the reservation's number once it is saved, or None.
    """

    writes = True

    CSS_PATH = "form.tcss"
    letters_are_text = True
    BINDINGS = [Binding("escape", "back", show=False)]

    def __init__(
        self,
        reservation_id: int | None = None,
        *,
        inquiry: int | None = None,
        conversation: int | None = None,
        guest: int | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self._number = reservation_id
        self._inquiry, self._conversation, self._guest = inquiry, conversation, guest
        self._values = dict(values or {})
        self._view: ReservationView | None = None
        self._currency = ""
        self._faults: dict[str, tuple[str, str]] = {}
        self._saving = False
        self._loaded = False

    def body(self) -> ComposeResult:
        with Vertical(id="inquiry"):
            yield Static(Content.styled(_("Reservation"), "bold $primary"), id="title")
            yield Static("", id="result")

    def desk_ready(self) -> None:
        """Read what it begins with."""
        if not self._loaded:
            self._loaded = True
            self.ask(
                lambda ctx: calls.load(ctx, self._number, self._inquiry, self._conversation, self._guest),
                lambda loaded: self.call_next(self._show, loaded),
                failed=self._not_there,
            )

    def _not_there(self, error: Exception) -> None:
        self.shell.report(error)
        self.dismiss(None)

    async def _show(self, loaded: calls.Loaded) -> None:
        self._view, self._currency = loaded.view, loaded.currency
        offered = loaded.offered
        title = _("New reservation")
        if loaded.view is not None:
            title = _("Reservation {code}").format(code=loaded.view.code)
        elif offered is not None and offered.title:
            title += " · " + offered.title
            self._inquiry, self._conversation = offered.inquiry, offered.conversation
        self.query_one("#title", Static).update(Content.styled(title, "bold $primary"))
        form = Form(reservation_fields(loaded.view, self.today, self._judge), keep=self._keep(), thing=loaded.view)
        await self.query_one("#inquiry", Vertical).mount(form, before="#result")
        self._fit()
        operator = self._fields["operator"]
        if isinstance(operator, TextField):
            operator.line.suggester = SuggestFromList(loaded.operators, case_sensitive=False)
        if loaded.view is None:
            known = {"booked": self.today(), **(offered.values if offered else {}), **self._values}
            self.form.offer(_typed(known) | ({"guests": offered.guests} if offered and offered.guests else {}))
        if offered is not None and offered.already:
            codes = ", ".join(offered.already)
            self.say(_("There is a reservation from it already: {codes}.").format(codes=codes))
        elif offered is not None and (self._inquiry or self._conversation):
            self.say(_("Saving closes the inquiry as booked; its mail moves to Booked."))
        first = "guests" if loaded.view is None and not self._fields["guests"].value else "arrival"
        self._fields[first].focus_control()

    def _keep(self) -> str:
        """Under which name a half-filled form is kept."""
        for kind, number in (
            ("", self._number),
            (" of inquiry", self._inquiry),
            (" of conversation", self._conversation),
            (" of guest", self._guest),
        ):
            if number is not None:
                return f"reservation{kind} {number}"
        return "" if self._values else "reservation new"

    @property
    def form(self) -> Form:
        """The form."""
        return self.query_one(Form)

    @property
    def _fields(self) -> Mapping[str, Field]:
        return self.form.fields

    def on_resize(self) -> None:
        """The fields take what they need; beyond the screen they scroll, so that the help stays right below them."""
        self._fit()

    def _fit(self) -> None:
        around = 4  # title, help, result
        for form in self.query(Form):
            form.query_one(VerticalScroll).styles.max_height = max(4, self.query_one("#inquiry").size.height - around)

    # Checking

    def values(self) -> dict[str, Any]:
        """What stands in the form, as the desk takes it: text where it is no value yet."""
        found = {name: field.value for name, field in self._fields.items() if name not in _OTHER}
        for name, field in self._fields.items():
            if isinstance(field, DayField) and field.value is None:
                found[name] = field.typed
        if self._view is None and not str(found["code"]).strip():
            del found["code"]
        own = self._view.currency if self._view is not None else ""
        found["currency"] = own or (self._currency if str(found["value"]).strip() else "")
        return found

    def _judge(self, name: str) -> Callable[[Any], str]:
        return lambda _value: self._faults.get(name, ("", ""))[1]

    @on(Field.Changed)
    def _changed(self, event: Field.Changed) -> None:
        event.stop()
        self._check(event.field.key)

    def _check(self, typed: str) -> None:
        """Look at all of it: what clashes is told at once, what is half-written when the field is left."""
        self._faults = calls.faults(self.values(), self.today(), self._view)
        for name, field in self._fields.items():
            kind, sentence = self._faults.get(name, ("", ""))
            if not sentence:
                if field.error and name not in _OTHER:
                    field.check()
            elif field.dirty and not (name == typed and kind in HALF_WRITTEN):
                field.show_error(sentence)

    # Saving

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        if self._saving:
            return
        self._saving = True
        if self._view is None:
            values, people = self.values() | self._company(), self._fields["guests"].value
            inquiry, conversation = self._inquiry, self._conversation

            def book(ctx: Context) -> int:
                return desk.booking.book(ctx, values, people, inquiry=inquiry, conversation=conversation)

            self.ask(noticing(book), self._saved, failed=self._refused, in_order=True)
        else:
            self._save(self._began, self._mine())

    def _company(self) -> dict[str, Any]:
        company = self._fields["company"].value
        return {"company": company[0] if company else None}

    def _mine(self) -> dict[str, Any]:
        """What the agent changed."""
        changed = {name: value for name, value in self.values().items() if name in self._fields}
        found = {name: value for name, value in changed.items() if self._fields[name].dirty}
        if "value" in found:
            found["currency"] = self.values()["currency"]
        if self._fields["company"].dirty:
            found |= self._company()
        if self._fields["guests"].dirty:
            found["guests"] = self._fields["guests"].value
        return found

    @property
    def _began(self) -> ReservationView:
        """What the agent's changes began from: with a half-filled form, the reservation as it stood then."""
        view: ReservationView = self.form.began
        return view

    def _save(self, view: ReservationView, mine: dict[str, Any]) -> None:
        values = {name: value for name, value in mine.items() if name != "guests"}
        people, before = mine.get("guests"), [one.id for one in view.guests]

        def change(ctx: Context) -> int:
            return desk.booking.change(ctx, view.id, view.version, values, people, before).id

        self.ask(noticing(change), self._saved, failed=self._refused, in_order=True)

    def _saved(self, done: Done) -> None:
        self._saving = False
        self.form.forget()
        if self._view is None:
            words = _("Booked · z takes it back") if self._inquiry or self._conversation else ""
            self.shell.tell(words or _("The reservation is made · z takes it back"))
        else:
            self.shell.tell(said(done, _("Saved · z takes it back")))
        self.dismiss(int(done.result))

    def _refused(self, error: Exception) -> None:
        self._saving = False
        theirs = getattr(error, "theirs", None)
        if isinstance(theirs, ReservationView):
            self._choose(str(error), theirs, error.fields)  # type: ignore[attr-defined]
            return
        errors = {"value" if name == "currency" else name: text for name, text in getattr(error, "errors", {}).items()}
        wrong = [name for name in errors if name in self._fields]
        for name in reversed(wrong):
            self._fields[name].show_error(errors[name])
            self._fields[name].focus_control()
        if not wrong and not (isinstance(error, InvalidInput) and self.form.show_error(error)):
            self.shell.report(error)

    def _choose(self, title: str, theirs: ReservationView, columns: Sequence[str]) -> None:
        """Both changed the same: the agent says whose counts, field by field."""
        mine = self._mine()
        names = dict.fromkeys(_field_of(column) for column in columns)
        both = [
            Differing(name, _(NAMES.get(name, name)), said_field(theirs, name), self._shown(name))
            for name in names
            if name in mine
        ]

        def chosen(kept: frozenset[str] | None) -> None:
            if kept is None:
                return
            given_up = {one.field for one in both} - kept
            given_up |= {"currency"} if "value" in given_up else set()
            self._saving = True
            self._save(theirs, {name: value for name, value in mine.items() if name not in given_up})

        if both:
            self.app.push_screen(VersionsDialog(title, both), chosen)
        else:
            chosen(frozenset())

    def _shown(self, name: str) -> str:
        field = self._fields[name]
        if name == "guests":
            return shown(field.value)
        if name == "company":
            return field.value[1] if field.value else "–"
        if isinstance(field, PickField):
            return field.picker.text
        return field.typed if isinstance(field, DayField) else str(field.value)

    def say(self, text: str) -> None:
        """Below the form, until something else is said."""
        self.query_one("#result", Static).update(Content(text))

    @on(Form.Left)
    def action_back(self) -> None:
        """Leave; what was typed is kept while the desk runs."""
        for form in self.query(Form):
            form.remember()
            if form.typed:
                self.shell.tell(_("Not saved; it will be here when you come back."))
        self.dismiss(None)


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """What is known, as the fields show it."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Money):
            found[name] = typed_amount(value)
        elif isinstance(value, date) or name == "company":
            found[name] = value
        else:
            found[name] = "" if value is None else str(value)
    return found


def _field_of(column: str) -> str:
    """The field of the form that shows a column."""
    return {"operator_id": "operator", "company_id": "company", "currency": "value"}.get(column, column)


def said_field(view: ReservationView, name: str) -> str:
    """What a reservation says in a field."""
    if name == "guests":
        return shown(people_of(view))
    value: Any = getattr(view, name, "")
    if name == "company":
        return value[1] if value else "–"
    if isinstance(value, Money):
        return typed_amount(value)
    if isinstance(value, date):
        return written(value)
    words = {"status": status_word, "channel": channel_word}.get(name)
    return words(str(value)) if words else "" if value is None else str(value)
