"""Which flights are watched, which of them is the first of its journey, and whether its guests know its times (SPEC §8). Pure.

Times of flights are those of the airports' clocks, ``YYYY-MM-DDTHH:MM`` without offset; days are days of the departure
airport's zone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeVar

from crm_tui.rules.vocabulary import FlightState

CONNECTION = timedelta(hours=24)
"""Who goes on within that time is in transit; a longer stay is one of its own (IATA's limit of a stopover)."""

_SEARCHED = timedelta(hours=30)
"""The longest that a clock was ever put forward is a day (Samoa, 2011)."""


class LocalTime(StrEnum):
    """What the clocks of a zone say to a local time."""

    PLAIN = ""
    SKIPPED = "skipped"
    """There is no such time: the clocks were put forward over it."""
    TWICE = "twice"
    """The clocks were put back: there are two such times, the first is meant."""


class Moment(NamedTuple):
    """A local time as an instant. One that was skipped counts as if the clocks had not been put forward yet."""

    at: datetime
    clock: LocalTime


class Leg(Protocol):
    """What the rule of journeys reads of a flight."""

    @property
    def from_airport(self) -> str: ...
    @property
    def to_airport(self) -> str: ...
    @property
    def departs(self) -> str: ...
    @property
    def arrives(self) -> str: ...


L = TypeVar("L", bound=Leg)


class Facts(NamedTuple):
    """What is told of a leg: its times and which flight it is. An empty ``flight`` was not noted down."""

    departs: str
    arrives: str
    flight: str


class Stamp(NamedTuple):
    """A leg as far as the state goes: when its guests were told, what, and what is true now."""

    informed_at: datetime | None
    told: Facts
    now: Facts


def read_local(text: str) -> datetime | None:
    """A stored local time, naive; None: there is none, or it cannot be read."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is None else None


def moment(local: datetime, zone: tzinfo) -> Moment:
    """The instant of a naive local time.

    Raises:
        OverflowError: it lies outside of the years that there are.
    """
    first = local.replace(tzinfo=zone, fold=0)
    at = first.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != local.replace(fold=0):
        return Moment(at, LocalTime.SKIPPED)
    twice = first.utcoffset() != first.replace(fold=1).utcoffset()
    return Moment(at, LocalTime.TWICE if twice else LocalTime.PLAIN)


def instant(local: datetime, zone: tzinfo) -> datetime:
    """The instant of :func:`moment` alone: for sorting many.

    Raises:
        OverflowError: it lies outside of the years that there are.
    """
    return local.replace(tzinfo=zone).astimezone(UTC)


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """The first instant of a day in a zone, in UTC; of a day that the zone skipped, the first one after it.

    Raises:
        OverflowError: the day lies outside of the years that there are.
    """
    found, clock = moment(datetime.combine(day, time()), zone)
    return _first_of_day(day, zone, found) if clock is LocalTime.SKIPPED else found


def _first_of_day(day: date, zone: tzinfo, after: datetime) -> datetime:
    """Midnight was skipped: the first second of that day or a later one, between a day before and ``after``."""
    low, high = after - _SEARCHED, after
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        if middle.astimezone(zone).date() >= day:
            high = middle
        else:
            low = middle
    return high


def watched(day: date, now: datetime, zone: tzinfo, days: int) -> bool:
    """Whether a flight of that day is listed: ``start_of_day(D - N) <= now < start_of_day(D + 1)``.

    Args:
        day: of the departure, in ``zone``.
        now: aware.
        zone: of the departure airport.
        days: N, how many days before the flight is watched.
    """
    try:
        opens = start_of_day(day - timedelta(days=days), zone)
        return opens <= now < start_of_day(day + timedelta(days=1), zone)
    except OverflowError:
        return False


def journeys(legs: Iterable[L], departure: Callable[[L], datetime]) -> list[tuple[L, ...]]:
    """The legs of a reservation as journeys: a flight with those that connect to it. The first of each is what is watched.

    A leg goes on with a journey before it, the nearest of several, if it leaves from where that came to within :data:`CONNECTION`, unless it leads
    back to where that journey was already: then it is the way home, a journey of its own.

    Args:
        legs: in any order; those without a readable departure are left out.
        departure: the instant at which a leg leaves.
    """
    found: list[list[L]] = []
    known = [leg for leg in legs if read_local(leg.departs) is not None]
    for leg in sorted(known, key=departure):
        journey = next((one for one in reversed(found) if _goes_on(one, leg, departure)), None)
        if journey is not None:
            journey.append(leg)
        else:
            found.append([leg])
    return [tuple(journey) for journey in found]


def _goes_on(journey: Sequence[L], leg: L, departure: Callable[[L], datetime]) -> bool:
    before = journey[-1]
    if not leg.from_airport or leg.from_airport != before.to_airport:
        return False
    if leg.to_airport in {one.from_airport for one in journey}:
        return False
    arrived, leaves = read_local(before.arrives), read_local(leg.departs)
    if arrived is not None and leaves is not None:  # both on the clock of the same airport
        return leaves - arrived < CONNECTION
    return departure(leg) - departure(before) < CONNECTION


def state(journey: Sequence[Stamp]) -> FlightState:
    """Whether the guests know the times of a journey: they do if its first leg was told and nothing of any leg changed since.

    Args:
        journey: its legs, the watched one first. A connection that was never told is a change as well.
    """
    if not journey or journey[0].informed_at is None:
        return FlightState.TO_INFORM
    return FlightState.INFORMED if all(_knows(leg) for leg in journey) else FlightState.AGAIN


def _knows(leg: Stamp) -> bool:
    told, now = leg.told, leg.now
    same = (told.departs, told.arrives) == (now.departs, now.arrives)
    return leg.informed_at is not None and same and told.flight in ("", now.flight)
