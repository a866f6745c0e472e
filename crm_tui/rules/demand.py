"""Demand by day (SPEC §4): which nights an inquiry asks for, how many ask for each night, and who fits into free ones.

A stay takes the nights of [arrival, departure): the day of departure is free again. Days are those of the property, so that
no clock change matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

OPEN_END = 31
"""Days that a flexible period is taken to last where only one of its ends is known."""
LEVELS = 3
"""How many degrees of demand a calendar tells apart, beside none."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Nights:
    """The nights from ``first`` up to the day ``end``, which is no night of it; never empty."""

    first: date
    end: date
    flexible: bool = False

    def overlaps(self, other: Nights) -> bool:
        """Whether both have a night in common."""
        return self.first < other.end and other.first < self.end

    def __len__(self) -> int:
        return (self.end - self.first).days


@dataclass(frozen=True, slots=True)
class Demand:
    """How many ask for a night: with fixed dates, within a flexible period, and those that were booked."""

    fixed: int = 0
    flexible: int = 0
    booked: int = 0


def wanted(
    arrival: date | None,
    departure: date | None,
    period_from: date | None,
    period_to: date | None,
    nights: int | None,
) -> Nights | None:
    """The nights that an inquiry asks for; None where it says nothing of days.

    Fixed dates count before a flexible period. A missing end follows from the number of nights, else from one night; a
    missing end of a period from :data:`OPEN_END`.
    """
    length = timedelta(days=max(1, nights or 1))
    if arrival is not None or departure is not None:
        first = arrival if arrival is not None else _before(departure or date.min, length)
        end = departure if departure is not None else _after(first, length)
        return Nights(first, max(end, _after(first, _DAY)))
    if period_from is None and period_to is None:
        return None
    first = period_from if period_from is not None else _before(period_to or date.min, timedelta(days=OPEN_END))
    end = period_to if period_to is not None else _after(first, timedelta(days=OPEN_END))
    return Nights(first, max(end, _after(first, _DAY)), flexible=True)


def _after(day: date, span: timedelta) -> date:
    return day + span if date.max - day > span else date.max


def _before(day: date, span: timedelta) -> date:
    return day - span if day - date.min > span else date.min


def free(first: date, last: date) -> Nights:
    """The free nights from ``first`` to ``last``, both of them free; in either order."""
    first, last = min(first, last), max(first, last)
    return Nights(first, _after(last, _DAY))


def by_day(asked: Iterable[tuple[Nights, bool]], first: date, last: date) -> dict[date, Demand]:
    """How many ask for each day from ``first`` to ``last``; each inquiry with whether it was booked."""
    length = max(0, (last - first).days + 1)
    change = [[0] * (length + 1) for _kind in range(3)]  # a day's number is the sum of the changes up to it
    for nights, booked in asked:
        begin, end = max(0, (nights.first - first).days), min(length, (nights.end - first).days)
        if begin < end:
            kind = change[2 if booked else 1 if nights.flexible else 0]
            kind[begin] += 1
            kind[end] -= 1
    sums = zip(*(accumulate(kind) for kind in change), strict=True)
    return {first + n * _DAY: Demand(*found) for n, found in zip(range(length), sums, strict=False)}


def level(number: int, most: int) -> int:
    """The degree of demand from 0 (none) to :data:`LEVELS` (the most)."""
    return 0 if number <= 0 or most <= 0 else min(LEVELS, 1 + (number * LEVELS - 1) // most)


def month(year: int, number: int) -> tuple[date, date]:
    """The first and the last day of a month."""
    first = date(year, number, 1)
    return first, next_month(first) - _DAY


def next_month(day: date) -> date:
    """The first day of the month after."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def previous_month(day: date) -> date:
    """The first day of the month before."""
    return (day.replace(day=1) - _DAY).replace(day=1)


def weeks(day: date, first_weekday: int = 0) -> Iterator[list[date | None]]:
    """The weeks of the day's month, seven days each; None before its first and after its last day.

    Args:
        first_weekday: 0 for Monday.
    """
    first, last = month(day.year, day.month)
    lead = (first.weekday() - first_weekday) % 7
    days: list[date | None] = [None] * lead + [first + n * _DAY for n in range((last - first).days + 1)]
    days += [None] * (-len(days) % 7)
    for start in range(0, len(days), 7):
        yield days[start : start + 7]
