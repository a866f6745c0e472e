"""A leg of a reservation: number, airports, times by their clocks. What is odd is said, and kept if it is right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.errors import Conflict, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.stays.reservation_views import FlightView
from crm_tui.screens.base import Dialog
from crm_tui.screens.dialogs.versions import both_versions
from crm_tui.widgets.days import written
from crm_tui.widgets.dialogs import Answer, Ask, DialogBox, DialogTitle
from crm_tui.widgets.forms import Field, Form, TextField
from crm_tui.widgets.forms.field import ERROR_SIGN
from crm_tui.widgets.times import duration

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.watchlists.flight_views import FlightLook

FIELDS = ("number", "from_airport", "to_airport", "departs", "arrives")


class FlightForm(Dialog[int | None]):
    """Asks for a leg; ctrl+s stores it. Its result is the number of the flight, or None.

    Args:
        reservation: the number.
        code: what the reservation is called, display-safe.
        today: the property's day.
        flight: the leg that is changed; None: a new one.
    """

    writes = True

    DEFAULT_CSS = """
    FlightForm {
        align: center middle;
        DialogBox { width: 84; }
        Form { height: auto; }
        Field .field--label { width: 12; }
        Field .field--error { padding: 0 0 0 12; }
        Form > .form--help { padding: 0 0 0 12; }
        #flight-said { height: auto; max-height: 5; padding: 0 0 0 2; color: $text-muted; }
    }
    """

    def __init__(
        self, reservation: int, code: str, today: Callable[[], date], flight: FlightView | None = None
    ) -> None:
        super().__init__()
        self._reservation, self._code, self._today, self._flight = reservation, code, today, flight
        self._said = Static("", id="flight-said")
        self._busy = False

    def compose(self) -> ComposeResult:
        """Title, form, what it means."""
        one = self._flight
        title = _("Flight {number} of {code}") if one is not None else _("A flight for {code}")
        when = _("by the airport's clock: 14 Aug 6:35, fri 6:35")
        if one is not None:
            when = _("airport's clock: 6:20 keeps the day, else 14 Aug 6:35")
        landing = _("9:50 is the same day, +1 0:30 the day after")
        with DialogBox():
            yield DialogTitle(title.format(number=one.number if one else "", code=self._code))
            yield Form(
                TextField("number", _("Flight"), one.number if one else "", required=True, max_length=20),
                TextField("from_airport", _("From"), one.from_airport if one else "", max_length=3, required=True,
                          help=_("the airport's three letters, like WAW")),
                TextField("to_airport", _("To"), one.to_airport if one else "", max_length=3),
                TextField("departs", _("Departs"), _typed(one.departs) if one else "", required=True, help=when),
                TextField("arrives", _("Arrives"), _typed(one.arrives) if one else "", help=landing),
                keep=f"flight {self._reservation} {one.id if one else ''}", thing=one,
            )  # fmt: skip
            yield self._said
            yield Static(Content(_("ctrl+s saves · Esc back, what you typed is kept")), classes="dialog--keys")

    def on_mount(self) -> None:
        """Type at once; of a leg that is there, most often the time is changed."""
        first = "departs" if self._flight is not None else "number"
        self._form.fields[first].focus_control()
        self._look()

    @property
    def _form(self) -> Form:
        return self.query_one(Form)

    @property
    def _values(self) -> dict[str, str]:
        """What is typed; of a leg that is there only what differs, so that an old oddity does not stand in the way."""
        values = {name: str(self._form.values()[name] or "") for name in FIELDS}
        one = self._form.began
        return values if one is None else _changes(values, one)

    @on(Field.Changed)
    def _changed(self) -> None:
        self._look()

    def _look(self) -> None:
        number, values, flight = self._reservation, self._values, self._flight
        self.ask(
            lambda ctx: desk.flights.look(ctx, number, values, flight.id if flight else None),
            self._show,
            topic="flight",
            failed=lambda _error: None,
        )

    def _show(self, leg: FlightLook) -> None:
        """Airports in words, how long it takes, what is odd. Errors of fields stand there once it is to be saved."""
        ways = " → ".join(
            name or code for name, code in ((leg.from_name, leg.from_airport), (leg.to_name, leg.to_airport)) if code
        )
        takes = (
            _("{time} in the air").format(time=duration(leg.takes)) if leg.takes and leg.takes > timedelta(0) else ""
        )
        lines = [Content(" · ".join(part for part in (ways, takes) if part))]
        typed = self._values if self._flight is None else dict.fromkeys(FIELDS, "x")
        wrong = [text for name, text in leg.errors if typed.get(name)]
        lines += [Content.styled(f"{ERROR_SIGN} {text}", "$text-error") for text in wrong[:1]]
        lines += [Content.styled(f"! {text}", "$text-warning") for text in leg.doubts]
        lines += [Content(text) for text in leg.notes]
        self._said.update(Content("\n").join([line for line in lines if line.plain]))

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        self._save(sure=False)

    def _save(self, *, sure: bool) -> None:
        if self._busy:
            return
        reservation, values, flight = self._reservation, self._values, self._form.began

        def store(ctx: Context) -> int:
            if flight is None:
                made: int = desk.flights.add(ctx, reservation, values, sure=sure)
                return made
            desk.flights.set(ctx, flight.id, flight.version, values, sure=sure)
            number: int = flight.id
            return number

        self._busy = self.ask(store, self._stored, failed=self._failed)

    def _stored(self, number: int) -> None:
        self._form.forget()
        self.shell.tell(_("The flight is saved · z takes it back"))
        self.dismiss(number)

    def _failed(self, error: Exception) -> None:
        from crm_tui.desk.requests.inquiry_faults import InvalidFields
        from crm_tui.desk.watchlists.flight_views import DoubtfulFlight

        self._busy = False
        if isinstance(error, DoubtfulFlight):
            answers = (
                Answer("back", "n", _("Go back and change it")),
                Answer("keep", "y", _("It is right: keep it as it is")),
            )
            text = "\n".join(error.doubts)
            self.app.push_screen(Ask(_("Is this flight right?"), text, answers), self._answered)
        elif isinstance(error, InvalidFields):
            for name, text in reversed(error.errors.items()):
                self._form.show_error(InvalidInput(text, field=name))
        elif isinstance(error, Conflict) and self._flight is not None:
            self._read_again(error)
        else:
            self.shell.report(error)

    def _read_again(self, error: Conflict) -> None:
        """Another desk changed the leg: both changes are kept, or it is asked whose count."""
        reservation, began = self._reservation, self._form.began

        def read(now: FlightView | None) -> None:
            if now is None:
                self.shell.report(error)
                return

            def chosen(kept: dict[str, str]) -> None:
                self._form.began = now
                self._form.fill(kept)
                self._save(sure=False)

            labels = {name: field.caption for name, field in self._form.fields.items()}
            mine = {name: str(self._form.values()[name] or "") for name in FIELDS}
            both_versions(self.app, error.message, labels, (_as_typed(began), _as_typed(now), mine), chosen)

        def find(ctx: Context) -> FlightView | None:
            flights = desk.reservations.get(ctx, reservation).flights
            return next((one for one in flights if one.id == began.id), None)

        self.ask(find, read)

    def _answered(self, answer: str | None) -> None:
        if answer == "keep":
            self._save(sure=True)

    @on(Form.Left)
    def action_close(self) -> None:
        """Leave; what was typed is kept while the desk runs."""
        self._form.remember()
        self.dismiss(None)


def _as_typed(one: FlightView) -> dict[str, str]:
    """A leg as the form has it."""
    times = {"departs": _typed(one.departs), "arrives": _typed(one.arrives)}
    return {name: times[name] if name in times else str(getattr(one, name)) for name in FIELDS}


def _changes(values: dict[str, str], one: FlightView) -> dict[str, str]:
    before = _as_typed(one)
    return {name: text for name, text in values.items() if text != before[name]}


def _typed(local: str) -> str:
    """A stored time as it can be typed: ``14 Aug 2026 06:35``."""
    if len(local) < 16:
        return local
    return f"{written(date.fromisoformat(local[:10]))} {local[11:16]}"
