"""Flights of a reservation: added, changed, taken away; the guests were told the times."""

from __future__ import annotations

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.stays.reservation_views import FlightView
from crm_tui.rules.vocabulary import FlightState
from crm_tui.screens.reservations.detail_running import Running
from crm_tui.screens.reservations.flight_form import FlightForm


class WithFlights(Running):
    """Mixin of the screen that shows one reservation."""

    @property
    def flight(self) -> FlightView | None:
        """The leg under the cursor."""
        view, number = self.view, self.number_of("flights", "flight")
        return next((one for one in view.flights if one.id == number), None) if view is not None else None

    def add_flight(self) -> None:
        """One more leg."""
        view = self.view
        if view is not None:
            self.app.push_screen(FlightForm(view.id, view.code, self.today), lambda _number: self.reload())

    def change_flight(self) -> None:
        """Change the leg under the cursor."""
        view, one = self.view, self.flight
        if view is not None and one is not None:
            self.app.push_screen(FlightForm(view.id, view.code, self.today, one), lambda _number: self.reload())

    def remove_flight(self) -> None:
        """Take the leg under the cursor away."""
        one = self.flight
        if one is not None:
            number = one.id
            said = _("Flight {number} is gone · z brings it back").format(number=one.number)
            self.run(lambda ctx: desk.flights.remove(ctx, number), said)

    def action_informed(self) -> None:
        """The guests were told the times: of the flight under the cursor, else of the first that waits for it."""
        found, view = self.found, self.view
        if found is None or view is None:
            return
        open_ones = [number for number, state in found.watched.items() if state != FlightState.INFORMED]
        here = self.flight if self.part == "flights" else None
        if here is not None and here.id in found.watched:
            number = here.id
        elif open_ones:
            number = open_ones[0]
        else:
            self.shell.tell(
                _("The guests know the times of all flights.") if found.watched else _("There is no flight to tell.")
            )
            return
        name = next((one.number for one in view.flights if one.id == number), "")
        said = _("The times of {number} are told · z takes it back").format(number=name)
        self.run(lambda ctx: desk.departures.inform(ctx, [number]), said)
