"""The departure watchlist: who flies soon, and whether they know when (SPEC §8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.watchlists.departure_views import ORDERS, DepartureQuery, DepartureRow
from crm_tui.rules.vocabulary import FlightState
from crm_tui.screens.departures.actions import LIST, ON_ROWS
from crm_tui.screens.departures.commands import DepartureCommands, subject_of
from crm_tui.screens.departures.rows import DepartureRowView, DepartureSource, signs, state_word
from crm_tui.screens.departures.words import details
from crm_tui.screens.watchlists.acting import Subject
from crm_tui.screens.watchlists.listing import WatchScreen, filtered_empty
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.forms import Choice
from crm_tui.widgets.list_looks import RowView
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


class DeparturesScreen(DepartureCommands, WatchScreen[DepartureQuery]):
    """Mode 7."""

    BINDINGS = bindings(ON_ROWS, LIST)
    asks_for = ("flight", "reservation", "guest", "operator", "agent")
    orders = ORDERS
    every: ClassVar[Any] = DepartureQuery()

    @property
    def name_of_list(self) -> str:
        """Its name."""
        return _("Departures")

    def make_view(self) -> RowView[Any]:
        """Draws flights."""
        return DepartureRowView(self.shell)

    def make_source(self, ctx: Context, query: DepartureQuery) -> DepartureSource:
        """Watched flights."""
        return DepartureSource(ctx, query)

    def counted(self, total: int) -> str:
        """How many flights."""
        return ngettext("{n} flight", "{n} flights", total).format(n=total)

    def remark(self) -> Part:
        """How many are to be told."""
        count = self.source.to_inform if self.source is not None else 0
        if count:
            return ngettext("{n} to inform", "{n} to inform", count).format(n=count), "warn"
        return (_("all are informed"), "good") if self.list.total else ("", "")

    def states(self) -> Sequence[Choice]:
        """The states."""
        first = [Choice("", _("all")), Choice("open", _("open"))]
        return [*first, *(Choice(str(state), state_word(state)) for state in FlightState)]

    def order_word(self) -> str:
        """How it is sorted."""
        words = {"state": _("to be told first"), "name": _("by name"), "operator": _("by operator")}
        return words.get(self.query_shown.order, "")

    def about_text(self) -> str:
        """What is searched."""
        return _("half a name, the reservation's code, the flight's number")

    def details(self, row: DepartureRow) -> Sequence[Sequence[Part]]:
        """Who to call, the journey, what they know."""
        return details(row, self.shell.clock.now(), self.shell.zone)

    def signs(self) -> list[tuple[str, str]]:
        """What the signs mean."""
        return signs()

    def empty_text(self) -> list[Part]:
        """What the empty list says."""
        if self.query_shown != self.every:
            return filtered_empty()
        days = self.shell.settings.flight_days
        words = ngettext("No flight leaves within {n} day.", "No flight leaves within {n} days.", days).format(n=days)
        return [
            (words, "muted"),
            (
                _("Flights of reservations come here by themselves; 5 lists the reservations."),
                "key",
            ),
        ]

    @property
    def departure_rows(self) -> Sequence[DepartureRow]:
        """The marked flights, else the one under the cursor."""
        return self.list.chosen

    @property
    def subject(self) -> Subject | None:
        """The reservation under the cursor."""
        row = self.list.current
        return subject_of(row) if row is not None else None

    def watch_changed(self) -> None:
        """Read the list again; marks are done with."""
        self.list.action_unmark_all()
        super().watch_changed()
