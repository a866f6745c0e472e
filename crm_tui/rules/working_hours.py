"""The property's working hours: when a guest can expect an answer, and how many seconds of them lie between two instants.

Kept as seven entries from Monday to Sunday, ``;`` between them, each a list of ``HH:MM-HH:MM`` or empty for a day off;
empty altogether: around the clock. An instant is within the hours if the clock on the property's wall says so: an hour
that the wall clock skips is no working hour, and one that it shows twice counts twice. Pure.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from crm_tui.rules.day_words import folded, weekday_word

DAY = 24 * 60
_WINDOW = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?h?\s*-\s*(\d{1,2})(?:[:.h](\d{2}))?h?")
_FIGURES = re.compile(r"\d")
_ALWAYS = frozenset({"", "24/7", "always", "siempre", "zawsze", "toujours", "immer"})
_DAILY = frozenset(["daily", "everyday", "diario", "diariamente", "codziennie", "quotidien", "tous", "taglich"])
_CLOSED = frozenset(["closed", "off", "none", "cerrado", "zamkniete", "ferme", "geschlossen"])
_RANGE = frozenset({"-", "to", "a", "do", "au", "bis"})

Minutes = tuple[int, int]
Week = tuple[tuple[Minutes, ...], ...]
"""Monday to Sunday: the minutes of the day, half-open, in order, that are working hours."""


class HoursFault(ValueError):
    """What is wrong with working hours.

    ``hours`` (no window can be read), ``time`` (no such time of day), ``length`` (it ends where it starts), ``day`` (no
    such weekday) or ``never`` (not one hour in the week).
    """

    def __init__(self, kind: str, given: str) -> None:
        super().__init__(kind)
        self.kind = kind
        self.given = given


def read_hours(text: str) -> str:
    """Working hours as they are kept, of what a person types: ``Mon-Fri 08:00-20:00; Sat 9-14``, or as they are kept.

    A window over midnight belongs to the day it begins on. Days may be written in any language of the desk.

    Raises:
        HoursFault: they cannot be read.
    """
    plain = folded(text.replace("–", "-").replace("—", "-"))
    if plain in _ALWAYS:
        return ""
    week: list[list[Minutes]] = [[] for _day in range(7)]
    parts = plain.split(";")
    kept = len(parts) == 7 and not any(re.search("[a-z]", part) for part in parts)
    for number, part in enumerate(parts):
        if not part.strip():
            continue
        days, windows = ([number], part) if kept else _days_in(part)
        for window in _windows(windows):
            for day in days:
                _add(week, day, window)
    if not any(week):
        raise HoursFault("never", text)
    return stored(tuple(tuple(_merged(day)) for day in week))


def _days_in(part: str) -> tuple[list[int], str]:
    """The weekdays that a part begins with, and its windows; without any, every day."""
    found = _FIGURES.search(part)
    words = part[: found.start()] if found else part
    closed = [word for word in re.findall("[a-z]+", words) if word in _CLOSED]
    if not found and not closed:
        raise HoursFault("hours", part.strip())
    days = _weekdays(" ".join(word for word in re.findall("[a-z]+|-", words) if word not in _CLOSED), part)
    return days, part[found.start() :] if found else ""


def _weekdays(words: str, part: str) -> list[int]:
    days: list[int] = []
    upto = False
    for word in words.split():
        if word in _DAILY:
            return list(range(7))
        if word in _RANGE:
            upto = True
            continue
        day = weekday_word(word)
        if day is None:
            raise HoursFault("day", part.strip())
        if upto and days:
            days += [(days[-1] + step) % 7 for step in range(1, (day - days[-1]) % 7 + 1)]
        else:
            days.append(day)
        upto = False
    return days or list(range(7))


def _windows(text: str) -> list[Minutes]:
    rest = text.strip(" ,")
    found: list[Minutes] = []
    while rest:
        match = _WINDOW.match(rest)
        if match is None:
            raise HoursFault("hours", text.strip())
        start, end = _minutes(match[1], match[2]), _minutes(match[3], match[4])
        if start in (end, DAY):
            raise HoursFault("length", match[0])
        found.append((start, end if end > start else end + DAY))
        rest = rest[match.end() :].lstrip()
        if rest and rest[0] not in ",&+":
            raise HoursFault("hours", text.strip())
        rest = rest.lstrip(" ,&+")
    return found


def _minutes(hour: str, minute: str | None) -> int:
    found = int(hour) * 60 + int(minute or 0)
    if int(minute or 0) > 59 or found > DAY:
        raise HoursFault("time", f"{hour}:{minute or '00'}")
    return found


def _add(week: list[list[Minutes]], day: int, window: Minutes) -> None:
    start, end = window
    week[day].append((start, min(end, DAY)))
    if end > DAY:
        week[(day + 1) % 7].append((0, end - DAY))


def _merged(windows: list[Minutes]) -> list[Minutes]:
    found: list[Minutes] = []
    for start, end in sorted(windows):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def stored(week: Week) -> str:
    """A week as it is kept; empty if it is around the clock."""
    if all(day == ((0, DAY),) for day in week):
        return ""
    return ";".join(",".join(window_text(window) for window in day) for day in week)


def window_text(window: Minutes) -> str:
    """``08:00-20:00``."""
    return "-".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in window)


def week_of(kept: str) -> Week:
    """The week of hours as they are kept.

    Raises:
        HoursFault: another program wrote something else there.
    """
    clean = read_hours(kept)
    if not clean:
        return (((0, DAY),),) * 7
    return tuple(tuple(_windows(day)) for day in clean.split(";"))


def grouped(week: Week) -> list[tuple[int, int, tuple[Minutes, ...]]]:
    """Runs of days with the same hours: first and last weekday, and their windows; days off are left out."""
    found: list[tuple[int, int, tuple[Minutes, ...]]] = []
    for day, windows in enumerate(week):
        if found and windows and found[-1][1] == day - 1 and found[-1][2] == windows:
            found[-1] = (found[-1][0], day, windows)
        elif windows:
            found.append((day, day, windows))
    return found


def working_seconds(hours: str, zone: tzinfo, start: datetime, end: datetime) -> int:
    """How many seconds between two instants lie within the working hours; 0 if the end is not after the start.

    Whatever the distance, and called for a hundred thousand pairs: a day is worked out once.

    Args:
        hours: as they are kept; empty: around the clock. Such as cannot be read count as around the clock.
        zone: of the property.
        start, end: aware.
    """
    if end <= start:
        return 0
    if not hours:
        return int((end - start) // timedelta(seconds=1))
    calendar = _calendar(hours, zone)
    return (calendar.open_until(end) - calendar.open_until(start)) // 1_000_000


@lru_cache(maxsize=8)
def _calendar(hours: str, zone: tzinfo) -> _Calendar:
    try:
        week = week_of(hours)
    except HoursFault:
        week = week_of("")
    return _Calendar(week, zone)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICRO


class _Calendar:
    """Working hours on the time line, worked out month by month as they are asked for.

    Spans are of microseconds since 1970; ``_before[month]`` is how much of them lies before each month, counted from the
    first month that was asked for.
    """

    def __init__(self, week: Week, zone: tzinfo) -> None:
        self._week, self._zone = week, zone
        self._months: dict[int, tuple[list[int], list[int], list[int]]] = {}
        self._before: dict[int, int] = {}
        self._low = self._high = 0
        self._lock = threading.Lock()

    def open_until(self, at: datetime) -> int:
        """The microseconds of working hours before an instant, counted from some fixed one."""
        local = at.astimezone(self._zone)
        month = local.year * 12 + local.month - 1
        self._reach(month)
        starts, ends, sums = self._months[month]
        micros = _micros(at)
        place = bisect_right(starts, micros)
        if not place:
            return self._before[month]
        whole = sums[place - 1]
        return self._before[month] + whole + min(micros, ends[place - 1]) - starts[place - 1]

    def _reach(self, month: int) -> None:
        if month in self._before:
            return
        with self._lock:
            if not self._before:
                self._low = self._high = month
                self._put(month, 0)
            while self._high < month:
                self._put(self._high + 1, self._before[self._high] + self._sum(self._high))
                self._high += 1
            while self._low > month:
                self._months[self._low - 1] = self._of_month(self._low - 1)
                self._before[self._low - 1] = self._before[self._low] - self._sum(self._low - 1)
                self._low -= 1

    def _put(self, month: int, before: int) -> None:
        """What other threads look for is written last."""
        self._months[month] = self._of_month(month)
        self._before[month] = before

    def _sum(self, month: int) -> int:
        starts, ends, sums = self._months[month]
        return sums[-1] + ends[-1] - starts[-1] if sums else 0

    def _of_month(self, month: int) -> tuple[list[int], list[int], list[int]]:
        """Starts and ends of the month's windows, and what lies before each of them in the month."""
        year, number = divmod(month, 12)
        day = date(year, number + 1, 1)
        starts: list[int] = []
        ends: list[int] = []
        while day.month == number + 1:
            for start, end in open_spans(self._week, self._zone, day):
                starts.append(_micros(start))
                ends.append(_micros(end))
            day += timedelta(days=1)
        sums: list[int] = []
        total = 0
        for start_at, end_at in zip(starts, ends, strict=True):
            sums.append(total)
            total += end_at - start_at
        return starts, ends, sums


def open_spans(week: Week, zone: tzinfo, day: date) -> list[tuple[datetime, datetime]]:
    """The spans of a day in which the wall clock shows working hours, in UTC and in order."""
    windows = week[day.weekday()]
    if not windows:
        return []
    midnight = datetime.combine(day, time())
    found: list[tuple[datetime, datetime]] = []
    for start, end, offset in _steady(day, zone):
        for opens, closes in windows:
            first = (midnight + timedelta(minutes=opens) - offset).replace(tzinfo=UTC)
            last = (midnight + timedelta(minutes=closes) - offset).replace(tzinfo=UTC)
            if max(first, start) < min(last, end):
                found.append((max(first, start), min(last, end)))
    return found


def _steady(day: date, zone: tzinfo) -> list[tuple[datetime, datetime, timedelta]]:
    """The parts of a day between which the clocks change (one, or two), each with its distance from UTC."""
    start = datetime.combine(day, time(), zone).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    first, last = _offset(start, zone), _offset(end - _MICRO, zone)
    if first == last:
        return [(start, end, first)]
    low, high = start, end - _MICRO
    while high - low > _MICRO:
        middle = low + (high - low) // 2
        if _offset(middle, zone) == first:
            low = middle
        else:
            high = middle
    return [(start, high, first), (high, end, last)]


def _offset(at: datetime, zone: tzinfo) -> timedelta:
    found = at.astimezone(zone).utcoffset()
    assert found is not None
    return found
