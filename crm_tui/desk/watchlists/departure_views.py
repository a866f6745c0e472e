"""What screens and commands see of the departure watchlist: frozen values, safe to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from crm_tui.desk.common.views import Cursor
from crm_tui.rules.departures import LocalTime
from crm_tui.rules.vocabulary import FlightState

ORDERS = ("departs", "state", "name", "operator")


@dataclass(frozen=True, slots=True)
class DepartureQuery:
    """Which watched flights a list shows.

    Attributes:
        state: one of :class:`FlightState`, ``open`` for what is to be told still, empty for all.
        operator: the name of one, whatever its case and accents.
        destination: a part of it, or the code of an airport of the journey.
        text: a part of the holder's name, the reservation's code, or the flight's number.
        order: ``departs``, ``state`` (to be told first), ``name`` (of the holder) or ``operator``.
    """

    state: str = ""
    operator: str = ""
    destination: str = ""
    text: str = ""
    order: str = "departs"


class JourneyLeg(NamedTuple):
    """A leg of a journey; times are those of the airports' clocks, ``YYYY-MM-DDTHH:MM`` or empty."""

    flight: int
    number: str
    from_airport: str
    to_airport: str
    departs: str
    arrives: str


class DepartureRow(NamedTuple):
    """A watched flight: the first of its journey.

    Attributes:
        id: the flight's number in the store.
        reservation: its reservation's.
        guest_id: the holder; None: only a company pays.
        departs: aware, with the offset of the departure airport.
        arrives: as stored: on the clock of the arrival airport.
        zone_known: False: the airport is unknown, the property's clock is meant.
        clock: what is odd about the departure's local time.
        state: one of :class:`FlightState`.
        informed_by, informed_at: who told them last, and when.
        told: the departure that they were told, as stored; empty: none was.
        connections: the legs after it that belong to the same journey.
    """

    id: int
    reservation: int
    code: str
    holder: str
    guest_id: int | None
    phone: str
    email: str
    guests: int
    number: str
    from_airport: str
    to_airport: str
    departs: datetime
    arrives: str
    zone_known: bool
    clock: LocalTime
    state: FlightState
    informed_by: str
    informed_at: datetime | None
    told: str
    told_arrives: str
    connections: tuple[JourneyLeg, ...]
    operator: str
    destination: str
    local: str
    version: int
    cursor: Cursor = ("", 0)

    @property
    def flight(self) -> int:
        """The flight's number in the store."""
        return self.id

    @property
    def legs(self) -> tuple[JourneyLeg, ...]:
        """All legs of the journey, this one first."""
        own = JourneyLeg(self.id, self.number, self.from_airport, self.to_airport, self.local, self.arrives)
        return (own, *self.connections)

    @property
    def airports(self) -> tuple[str, ...]:
        """Where the journey leads: ``("WAW", "MUC", "PMI")``."""
        return (self.from_airport, self.to_airport, *(leg.to_airport for leg in self.connections))


class Listed(NamedTuple):
    """A row of the list before it is drawn: its key, the flight, the state."""

    key: str
    flight: int
    state: FlightState


@dataclass(frozen=True, slots=True)
class Spine:
    """The whole list as keys in its order: what is watched is bounded by days, so that it is at hand at once."""

    listed: Sequence[Listed]

    @property
    def to_inform(self) -> int:
        """How many are to be told still, or again."""
        return sum(one.state is not FlightState.INFORMED for one in self.listed)


class DeparturePage(NamedTuple):
    """A stretch of the list, how long it is, and how many of it are to be told still, or again."""

    rows: Sequence[DepartureRow]
    total: int
    to_inform: int
