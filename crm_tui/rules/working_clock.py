"""Working hours between two instants, for very many pairs within a stretch of time. Pure.

What it says is what :func:`crm_tui.rules.working_hours.working_seconds` says; that one is asked for whatever lies outside.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import accumulate

from crm_tui.rules.working_hours import HoursFault, open_spans, week_of, working_seconds

_SECOND = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BEFORE = timedelta(days=31)
"""Turns that a period closes may have been opened this long before it, and are measured here still."""


def micros(at: datetime) -> int:
    """An instant as microseconds since 1970."""
    return round(at.timestamp() * _SECOND)


def _instant(at: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at)


class WorkingClock:
    """Measures pairs of instants.

    Args:
        hours: as the property keeps them; empty: around the clock.
        start, end: most instants lie between them.
    """

    def __init__(self, hours: str, zone: tzinfo, start: datetime, end: datetime) -> None:
        self._hours, self._zone = hours, zone
        self._first, self._last = micros(start - _BEFORE), micros(end)
        self._opens: list[int] = []
        self._lengths: list[int] = []
        if hours:
            self._lay_out((start - _BEFORE).astimezone(zone), end.astimezone(zone))
        self._sums = list(accumulate(self._lengths, initial=0))

    def _lay_out(self, start: datetime, end: datetime) -> None:
        try:
            week = week_of(self._hours)
        except HoursFault:
            self._hours = ""
            return
        for number in range(-1, (end.date() - start.date()).days + 2):
            for opens, closes in open_spans(week, self._zone, start.date() + timedelta(days=number)):
                self._opens.append(micros(opens))
                self._lengths.append(micros(closes) - self._opens[-1])

    def __call__(self, opened: datetime, closed: datetime) -> int:
        """Whole seconds of working hours; 0 if the second is not after the first."""
        return self.between(micros(opened), micros(closed))

    def between(self, opened: int, closed: int) -> int:
        """The same of instants that are microseconds since 1970."""
        if closed <= opened:
            return 0
        if not self._hours:
            return (closed - opened) // _SECOND
        if opened < self._first or closed > self._last:
            return working_seconds(self._hours, self._zone, _instant(opened), _instant(closed))
        return (self._until(closed) - self._until(opened)) // _SECOND

    def _until(self, at: int) -> int:
        place = bisect_right(self._opens, at) - 1
        if place < 0:
            return 0
        past = at - self._opens[place]
        length = self._lengths[place]
        return self._sums[place] + (past if past < length else length)


def clock_of(hours: str, zone: tzinfo, start: datetime, end: datetime) -> WorkingClock:
    """A clock for the turns that are closed from ``start`` to ``end``."""
    return WorkingClock(hours, zone, start.astimezone(UTC), end.astimezone(UTC))
