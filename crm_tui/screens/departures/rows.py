"""How a watched flight looks in a list, and where the list comes from. The start screen's panel uses them too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _
from crm_tui.desk.watchlists.departure_views import DepartureQuery, DepartureRow
from crm_tui.rules.departures import LocalTime
from crm_tui.rules.vocabulary import FlightState
from crm_tui.screens.base import Shell
from crm_tui.widgets.cells import fit
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import age, duration, weekday

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.watchlists.departure_views import Spine

LOOKS: dict[str, Part] = {
    FlightState.TO_INFORM: ("●", "warn"),
    FlightState.AGAIN: ("↻", "bad"),
    FlightState.INFORMED: ("✔", "good"),
}
"""Sign and style of each state; the words stand at the end of the row."""

UNSURE = "≈"
"""Behind a time that may be meant otherwise: an unknown airport, an hour that the clocks skip or show twice."""

WHOLE_FROM, PHONE_FROM, CODE_FROM = 72, 100, 118
"""Columns from which a row says the flight's number; the telephone; and the reservation's code and destination."""
WIDEST_NAME = 24


def signs() -> list[tuple[str, str]]:
    """The signs of a row and what they mean, for the help."""
    return [
        *((LOOKS[state][0], state_word(state)) for state in FlightState),
        (UNSURE, _("unknown airport, or an hour that the clocks skip or show twice")),
        ("WAW→MUC→PMI", _("a journey with a connection: its first flight is watched")),
    ]


def state_word(state: str) -> str:
    """A state in the agent's language."""
    words = {
        FlightState.TO_INFORM: _("to inform"),
        FlightState.AGAIN: _("inform again"),
        FlightState.INFORMED: _("informed"),
    }
    return words[FlightState(state)]


def until(at: datetime, now: datetime) -> str:
    """How long until a flight leaves, in at most 9 cells: ``in 21 h``."""
    left = at - now
    if left <= timedelta(0):
        return _("left")
    hours = int(left.total_seconds() // 3600)
    time = _("{n} h").format(n=hours) if 1 <= hours < 48 else duration(left)
    return _("in {time}").format(time=time)


def local_time(row: DepartureRow) -> str:
    """When it leaves, on the clock of its airport: ``Mon 06:40``."""
    return f"{weekday(row.departs.weekday())} {row.local[11:16]}"


def unsure(row: DepartureRow) -> bool:
    """Whether the time may be meant otherwise."""
    return not row.zone_known or row.clock is not LocalTime.PLAIN


class DepartureRowView:
    """Draws the rows of a list of watched flights; adapts to the width.

    Args:
        shell: tells the time.
    """

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self.empty_text: Sequence[Part] = ()

    def empty(self) -> Sequence[Part]:
        """What an empty list says."""
        return self.empty_text

    def parts(self, row: DepartureRow, width: int) -> list[Part]:
        """State, local time, how long until, flight, airports, who, telephone, who told them."""
        now = self._shell.clock.now()
        sign, style = LOOKS[row.state]
        known = row.state is FlightState.INFORMED
        weight = "muted" if known else ""
        soon = "warn strong" if not known and row.departs - now < timedelta(hours=24) else weight or "accent"
        phone = 19 if width >= PHONE_FROM else 0
        code = 11 if width >= CODE_FROM else 0
        number = 8 if width >= WHOLE_FROM else 0
        route = (16 if phone else 12 if number else 8) if width >= 44 else 0
        left = 9 if width >= 56 else 0
        said = 16 if number else 14
        room = max(6, width - 2 - 11 - left - number - route - phone - code - said)
        holder = min(room, WIDEST_NAME) if code else room
        return [
            (f"{sign} ", style),
            (fit(local_time(row) + (UNSURE if unsure(row) else ""), 10) + " ", weight or "strong"),
            (fit(until(row.departs, now), left - 1) + " " if left else "", soon),
            (fit(row.number or "–", number - 1) + " " if number else "", weight),
            (fit(_route(row, route - 1), route - 1) + " " if route else "", weight),
            (fit(row.holder or _("(no guest)"), holder - 1) + " ", "muted" if known else "strong"),
            (fit(row.phone or "–", phone - 1) + " " if phone else "", weight),
            (fit(row.code, code - 1) + " " if code else "", "muted"),
            (fit(row.destination, room - holder - 1) + " " if room > holder else "", "muted"),
            (fit(self._said(row, now), said), style),
        ]

    def _said(self, row: DepartureRow, now: datetime) -> str:
        if row.state is not FlightState.INFORMED or row.informed_at is None:
            return state_word(row.state)
        return _("{agent} {ago}").format(agent=row.informed_by or "–", ago=age(row.informed_at, now, self._shell.zone))


def _route(row: DepartureRow, width: int) -> str:
    """From where to where; of a journey over several airports as many as there is room for, the last one always."""
    stops = [code or "?" for code in row.airports]
    whole = "→".join(stops)
    if len(whole) <= width:
        return whole
    return f"{stops[0]}→{stops[-1]}" if width < 9 else f"{stops[0]}→…→{stops[-1]}"


class DepartureSource:
    """A list of watched flights as a record list reads it: its keys at once, its rows page by page. Every method blocks:
    for threads.

    Attributes:
        to_inform: how many of it are to be told still, or again; known once it was counted.
    """

    def __init__(self, ctx: Context, query: DepartureQuery | None = None) -> None:
        self._ctx, self.query = ctx, query or DepartureQuery()
        self._known: Spine | None = None
        self.to_inform = 0

    def count(self) -> int:
        """How many there are; the list is read anew."""
        from crm_tui import desk

        self._known = desk.departures.whole(self._ctx, self.query)
        self.to_inform = self._known.to_inform
        return len(self._known.listed)

    def after(self, row: DepartureRow | None, limit: int) -> Sequence[DepartureRow]:
        """The rows that follow."""
        return self._page(after=row.cursor if row else None, limit=limit)

    def before(self, row: DepartureRow | None, limit: int) -> Sequence[DepartureRow]:
        """The rows before."""
        return self._page(before=row.cursor, limit=limit) if row is not None else self._page(last=True, limit=limit)

    def at(self, index: int, limit: int) -> Sequence[DepartureRow]:
        """The rows from a position on."""
        return self._page(at=index, limit=limit)

    def index_of(self, row: DepartureRow) -> int:
        """How many rows stand before it."""
        from crm_tui import desk

        return desk.departures.position(self._ctx, self.query, row.cursor, known=self._known)

    def find(self, row_id: int | str) -> DepartureRow | None:
        """The row as it is now, if it is still in this list."""
        from crm_tui import desk

        return desk.departures.row_in_list(self._ctx, self.query, int(row_id), known=self._known)

    def _page(self, **where: object) -> Sequence[DepartureRow]:
        from crm_tui import desk

        return desk.departures.page(self._ctx, self.query, known=self._known, **where).rows  # type: ignore[arg-type]
