"""An instant that is over, as a person says it: ``10:30``, ``yesterday 9.15``, ``12 jul 10:30``, ``fri``. Pure.

A day without a year is the last such day: what is written down has happened.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from crm_tui.rules.day_words import read_day_words
from crm_tui.rules.days import DayFault
from crm_tui.rules.folding import fold_text

_CLOCK = re.compile(r"(?:(?<=\s)|^)(\d{1,2})\s?([:.h])\s?(\d{2})$")
_BACK = re.compile(r"-\s*(\d{1,4})")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d.*")
_YEAR = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}")
_NOW = frozenset({"", "now", "ahora", "teraz", "maintenant", "jetzt"})
_YESTERDAY = frozenset({"yesterday", "ayer", "wczoraj", "hier", "gestern"})
_MIDDAY = time(12, 0)


def read_instant(text: str, now: datetime, zone: tzinfo) -> datetime:
    """The instant that ``text`` means, aware; empty: now. A day alone is its noon.

    Args:
        now: aware.
        zone: in which days and hours are meant.

    Raises:
        DayFault: it is none; of kind ``skipped``, the clocks were put forward over it.
    """
    words = " ".join(text.split())
    if fold_text(words) in _NOW:
        return now
    if _ISO.fullmatch(words):
        return _iso(words, zone)
    today = now.astimezone(zone).date()
    clock = _CLOCK.search(words)
    # 3.12 alone is the third of December; behind a day it can only be an hour
    if clock is None or (clock[2] == "." and not words[: clock.start()].strip()):
        day = read_past_day(words, today)
        noon = datetime.combine(day, _MIDDAY, zone)
        return min(noon, now) if day == today else noon
    if int(clock[1]) > 23 or int(clock[3]) > 59:
        raise DayFault("date", text)
    rest = words[: clock.start()].strip().rstrip(",")
    day = read_past_day(rest, today) if rest else today
    return _there(datetime.combine(day, time(int(clock[1]), int(clock[3])), zone), words)


def _there(local: datetime, words: str) -> datetime:
    """The instant, unless the clocks were put forward over it."""
    try:
        back = local.astimezone(UTC).astimezone(local.tzinfo)
    except OverflowError:
        raise DayFault("date", words) from None
    if back.replace(tzinfo=None) != local.replace(tzinfo=None):
        raise DayFault("skipped", words)
    return local


def _iso(words: str, zone: tzinfo) -> datetime:
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        raise DayFault("date", words) from None
    return _there(found if found.tzinfo is not None else found.replace(tzinfo=zone), words)


def read_past_day(words: str, today: date) -> date:
    """The day that ``words`` mean; without a year, the last such day.

    Raises:
        DayFault: it is none.
    """
    if fold_text(words) in _YESTERDAY:
        return today - timedelta(days=1)
    back = _BACK.fullmatch(words)
    if back is not None:
        return today - timedelta(days=int(back[1]))
    found = read_day_words(words, today)
    if found <= today or _YEAR.search(words):
        return found
    if not re.search(r"\d", words) or words.startswith("+"):
        tomorrow = today + timedelta(days=1)
        relative = read_day_words(words, tomorrow) - found == timedelta(days=1)
        return found if relative else found - timedelta(days=7)  # a weekday
    if words.rstrip(".").isdecimal():  # a day of the month
        return _month_before(found)
    return _year_before(found, words)


def _month_before(day: date) -> date:
    last = day.replace(day=1) - timedelta(days=1)
    while last.day < day.day:
        last = last.replace(day=1) - timedelta(days=1)
    return last.replace(day=day.day)


def _year_before(day: date, words: str) -> date:
    for years in range(1, 9):
        try:
            return day.replace(year=day.year - years)
        except ValueError:  # 29 February
            continue
    raise DayFault("day", words)
