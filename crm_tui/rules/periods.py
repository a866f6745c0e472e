"""Periods of days that figures are asked for: *today*, *last week*, *2026-05*, *1.5. .. 15.5.* (SPEC §10, §12). Pure.

A period has whole days of the property's zone, both ends included. A week begins on Monday. A day without a year is the last
such day; the end of a period is then the first such day that does not come before its start.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta, tzinfo

from crm_tui.rules.day_words import folded, month_word, read_day_words
from crm_tui.rules.days import FIRST, LAST, DayFault
from crm_tui.rules.departures import start_of_day
from crm_tui.rules.instants import read_past_day

_DAY = timedelta(days=1)
_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})|(\d{1,2})[./](\d{4})")
_NAMED_MONTH = re.compile(r"([a-z]+)(?: (?:de |r\.? )?(\d{4}))?")
_QUARTER = re.compile(r"(?:(\d{4})[- ]?)?[qtk]([1-4])(?:[- /](\d{4}))?")
_WEEK = re.compile(r"(\d{4})-?w(\d{1,2})")
_BETWEEN = re.compile(r"\s*(?:\.\.+|…|–|—|\s-\s|\s(?:to|until|hasta|do|au|jusqu'au|bis)\s)\s*")
_LAST_DAYS = re.compile(
    r"(?:last |past |ultimos |ostatnie |ostatnich |derniers |-)?(\d{1,4}) ?(?:d|days?|dias?|dni|jours?)"
)

_WORDS = {
    "day": "today|hoy|dzis|dzisiaj|aujourd'hui|aujourdhui|day|this day",
    "yesterday": "yesterday|ayer|wczoraj|hier",
    "week": "week|this week|semana|esta semana|tydzien|ten tydzien|w tym tygodniu|semaine|cette semaine",
    "last week": "last week|semana pasada|la semana pasada|ostatni tydzien|zeszly tydzien|w zeszlym tygodniu"
    "|semaine derniere|la semaine derniere",
    "month": "month|this month|mes|este mes|miesiac|ten miesiac|w tym miesiacu|mois|ce mois|ce mois-ci",
    "last month": "last month|mes pasado|el mes pasado|ostatni miesiac|zeszly miesiac|w zeszlym miesiacu"
    "|mois dernier|le mois dernier",
    "quarter": "quarter|this quarter|trimestre|este trimestre|kwartal|ten kwartal|ce trimestre",
    "last quarter": "last quarter|trimestre pasado|ostatni kwartal|zeszly kwartal|trimestre dernier",
    "year": "year|this year|ano|este ano|rok|ten rok|w tym roku|annee|cette annee",
    "last year": "last year|ano pasado|el ano pasado|zeszly rok|ubiegly rok|w zeszlym roku|annee derniere|l'annee derniere",
}
NAMES = tuple("today" if name == "day" else name for name in _WORDS)
"""The periods that have a name, in English: what a screen offers."""
_NAMED = {word: name for name, words in _WORDS.items() for word in words.split("|")}


class PeriodFault(DayFault):
    """What is wrong with a period: ``period`` (it is none) or ``order`` (it ends before it starts)."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole days from ``start`` to ``end``, both included.

    Raises:
        PeriodFault: of kind ``order``: it would end before it starts.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise PeriodFault("order", str(self))

    def __len__(self) -> int:
        return (self.end - self.start).days + 1

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        """``2026-05-01..2026-05-31``, which :func:`read_period` reads again."""
        return f"{self.start.isoformat()}..{self.end.isoformat()}"

    def days(self) -> Iterator[date]:
        """Each day, in order."""
        return (self.start + _DAY * n for n in range(len(self)))

    def instants(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """Its first instant and the first one after it, in UTC: ``first <= at < after``.

        Args:
            zone: the property's; days that the clocks change have 23 or 25 hours.
        """
        return start_of_day(self.start, zone), start_of_day(self.end + _DAY, zone)

    def before(self) -> Period:
        """The period of the same length that ends the day before: what it is compared with."""
        return Period(self.start - _DAY * len(self), self.start - _DAY)

    def parts(self, unit: str) -> list[Period]:
        """The period cut into days, weeks (Monday to Sunday) or months; the first and the last may be short.

        Args:
            unit: ``day``, ``week`` or ``month``.
        """
        found: list[Period] = []
        day = self.start
        while day <= self.end:
            last = min(self.end, _END[unit](day))
            found.append(Period(day, last))
            day = last + _DAY
        return found


def read_period(text: str, today: date) -> Period:
    """The period that ``text`` means: a name, a month, a year, one day, or two days with ``..`` between.

    Args:
        today: the property's day.

    Raises:
        PeriodFault: it ends before it starts, or it is no period.
        DayFault: one of its days is none.
    """
    plain = folded(text)
    if name := _NAMED.get(plain):
        return named_period(name, today)
    if recent := _LAST_DAYS.fullmatch(plain):
        return Period(today - _DAY * (max(1, int(recent[1])) - 1), today)
    if (calendar := _calendar(plain, today)) is not None:
        return calendar
    parts = _BETWEEN.split(text.strip())
    if len(parts) == 2 and parts[0]:
        return read_between(parts[0], parts[1], today)
    if len(parts) != 1 or not plain:
        raise PeriodFault("period", text)
    try:
        day = _checked(read_past_day(text.strip(), today), text)
    except DayFault as fault:
        raise PeriodFault("period", text) if fault.kind == "date" else fault from None
    return Period(day, day)


def read_between(start: str, end: str, today: date) -> Period:
    """The period from one day to another, as they are typed; without an end, up to today.

    Raises:
        PeriodFault: it ends before it starts.
        DayFault: one of the days is none.
    """
    first = _checked(read_past_day(start.strip(), today), start)
    if not end.strip():
        return Period(first, today)
    last = _checked(read_past_day(end.strip(), today), end)
    if last < first and not _YEAR.search(end):
        try:
            last = max(last, _checked(read_day_words(end.strip(), first), end))
        except DayFault:  # yesterday, for one, is only told from today
            pass
    if last < first:
        raise PeriodFault("order", f"{start.strip()}..{end.strip()}")
    return Period(first, last)


def named_period(name: str, today: date) -> Period:
    """The period of one of :data:`NAMES` that holds ``today``, or the one before it.

    Raises:
        PeriodFault: there is no such name.
    """
    if name in ("today", "day", "yesterday"):
        day = today - _DAY if name == "yesterday" else today
        return Period(day, day)
    unit = name.removeprefix("last ")
    if unit not in _START:
        raise PeriodFault("period", name)
    first = _START[unit](today)
    if name != unit:
        first = _START[unit](first - _DAY)
    return Period(first, _END[unit](first))


def _calendar(plain: str, today: date) -> Period | None:
    """A year, a quarter, a month or a week that is named by number or word."""
    if plain.isdecimal() and len(plain) == 4:
        year = _year(int(plain), plain)
        return Period(date(year, 1, 1), date(year, 12, 31))
    if found := _WEEK.fullmatch(plain):
        try:
            monday = date.fromisocalendar(_year(int(found[1]), plain), int(found[2]), 1)
        except ValueError:
            raise PeriodFault("period", plain) from None
        return Period(monday, monday + _DAY * 6)
    if found := _QUARTER.fullmatch(plain):
        given = found[1] or found[3]
        return _months(_year(int(given), plain) if given else today.year, int(found[2]) * 3 - 2, 3)
    if found := _MONTH.fullmatch(plain):
        month = int(found[2] or found[3])
        if not 1 <= month <= 12:
            raise PeriodFault("period", plain)
        return _months(_year(int(found[1] or found[4]), plain), month, 1)
    if (found := _NAMED_MONTH.fullmatch(plain)) and (named := month_word(found[1])):
        year = _year(int(found[2]), plain) if found[2] else today.year - (named > today.month)
        return _months(year, named, 1)
    return None


def _months(year: int, month: int, count: int) -> Period:
    first = date(year, month, 1)
    last = first
    for _ in range(count):
        last = _month_end(last) + _DAY
    return Period(first, last - _DAY)


def _year(year: int, text: str) -> int:
    if not FIRST <= year <= LAST:
        raise PeriodFault("period", text)
    return year


def _checked(day: date, text: str) -> date:
    """Days at the ends of time have no day before or after."""
    if not MINYEAR + 1 < day.year < MAXYEAR - 1:
        raise DayFault("date", text)
    return day


def _month_end(day: date) -> date:
    return (day.replace(day=1) + _DAY * 31).replace(day=1) - _DAY


def _week_start(day: date) -> date:
    return day - _DAY * day.weekday()


def _quarter_start(day: date) -> date:
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


_START: dict[str, Callable[[date], date]] = {
    "week": _week_start,
    "month": lambda day: day.replace(day=1),
    "quarter": _quarter_start,
    "year": lambda day: day.replace(month=1, day=1),
}
_END: dict[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "week": lambda day: _week_start(day) + _DAY * 6,
    "month": _month_end,
    "quarter": lambda day: _month_end(_quarter_start(day) + _DAY * 80),
    "year": lambda day: day.replace(month=12, day=31),
}
