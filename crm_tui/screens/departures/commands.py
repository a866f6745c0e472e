"""What can be done with watched flights: told, changed, taken back. Mixin of the departures screen and of panels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from crm_tui import desk
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.stays.reservation_views import FlightView
from crm_tui.desk.watchlists.departure_views import DepartureRow
from crm_tui.rules.vocabulary import FlightState
from crm_tui.screens.base import Asking
from crm_tui.screens.departures.rows import local_time
from crm_tui.screens.inquiries.days import Today
from crm_tui.screens.watchlists.acting import Subject
from crm_tui.widgets.days import written
from crm_tui.widgets.dialogs import PickList
from crm_tui.widgets.forms import Choice
from crm_tui.widgets.times import moment

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


class DepartureCommands(Today, Asking):
    """Mixin of screens that show watched flights."""

    if TYPE_CHECKING:
        app: Any

        def watch_changed(self) -> None:
            """Something was done with a row: read the list again."""

    @property
    def departure_rows(self) -> Sequence[DepartureRow]:
        """The flights that a command acts on: the marked ones, else the one under the cursor."""
        raise NotImplementedError

    def action_informed(self) -> None:
        """The guests of the flights were told the times."""
        rows = [row for row in self.departure_rows if row.state is not FlightState.INFORMED]
        if not rows:
            self._know(self.departure_rows)
            return
        ids = [row.id for row in rows]

        def told(count: int) -> None:
            who = rows[0].holder or rows[0].code
            if not count:  # another desk was quicker
                self.shell.tell(_("They knew already."))
            elif count == 1 and len(rows) == 1:
                said = _("{who} knows: {flight}, {time} · z takes it back")
                self.shell.tell(said.format(who=who, flight=rows[0].number, time=local_time(rows[0])))
            else:
                words = ngettext("{n} departure informed", "{n} departures informed", count).format(n=count)
                self.shell.tell(_("{what} · z takes it back").format(what=words))
            self.watch_changed()

        def inform(ctx: Context) -> int:
            return desk.departures.inform(ctx, ids, rows)

        self.ask(inform, told, in_order=True)

    def _know(self, rows: Sequence[DepartureRow]) -> None:
        """They know already: who told them, and when."""
        for row in rows[:1]:
            at = moment(row.informed_at, self.shell.clock.now(), self.shell.zone) if row.informed_at else ""
            words = _("They know already: {agent} told them, {time}.")
            self.shell.tell(words.format(agent=row.informed_by or _("somebody"), time=at))

    def action_uninform(self) -> None:
        """They were not told after all."""
        ids = [row.id for row in self.departure_rows if row.informed_at is not None]

        def done(count: int) -> None:
            words = ngettext("{n} departure is to be told", "{n} departures are to be told", count).format(n=count)
            self.shell.tell(_("{what} · z takes it back").format(what=words))
            self.watch_changed()

        def uninform(ctx: Context) -> int:
            return desk.departures.uninform(ctx, ids)

        if ids:
            self.ask(uninform, done, in_order=True)
        elif self.departure_rows:
            self.shell.tell(_("Nobody has told them yet."))

    def action_times(self) -> None:
        """Change when the flight leaves; of a journey with connections choose which one."""
        if not self.departure_rows:
            return
        row = self.departure_rows[0]

        def choose(view: Sequence[FlightView]) -> None:
            legs = [one for one in view if one.id in (row.id, *(leg.flight for leg in row.connections))]
            if len(legs) == 1:
                self._change(row, legs[0])
            elif legs:
                choices = [
                    Choice(one, f"{one.number}  {one.from_airport} → {one.to_airport}", _time(one)) for one in legs
                ]
                title = _("Which flight of {code}?").format(code=row.code)
                self.app.push_screen(
                    PickList(title, choices), lambda one: self._change(row, one.value) if one else None
                )

        self.ask(lambda ctx: desk.reservations.get(ctx, row.reservation).flights, choose)

    def _change(self, row: DepartureRow, leg: FlightView) -> None:
        from crm_tui.screens.reservations.flight_form import FlightForm

        form = FlightForm(row.reservation, row.code, self.today, leg)
        self.app.push_screen(form, lambda _number: self.watch_changed())


def _time(leg: FlightView) -> str:
    """By the airport's clock, the day as the forms write it."""
    if len(leg.departs) < 16:
        return leg.departs
    return f"{written(date.fromisoformat(leg.departs[:10]))} {leg.departs[11:16]}"


def subject_of(row: DepartureRow) -> Subject:
    """The reservation of a watched flight."""
    return Subject(row.reservation, row.code, row.guest_id, row.holder, row.email)
