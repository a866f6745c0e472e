"""Days in the columns of files: which comes first, day or month, is settled for a column as a whole. Pure."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from crm_tui.rules.day_words import read_day_words
from crm_tui.rules.days import DayFault

_FIGURES = re.compile(r"(\d{1,4})\s?([./-])\s?(\d{1,2})\s?[./-]\s?(\d{1,4})\.?(?:[T ]+\d{1,2}:\d{2}(?::\d{2}.*)?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NAMED_MONTH = re.compile(r"(?=.*[^\W\d_])(?=.*\d{1,2}\D)(?=.*\d{4})\s*[\w.,\s]+")


class Order(StrEnum):
    """Which comes first in the days of a column that begin with neither the year nor a month's name."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"
    UNSETTLED = "mixed"


class Ordering:
    """Finds the order of a column while its cells go by."""

    def __init__(self) -> None:
        self._day_first = False
        self._month_first = False

    def see(self, text: str) -> None:
        """Take a cell into account: a part over 12 is no month."""
        if not 6 <= len(text) <= 30 or not text[0].isdigit():
            return
        found = _FIGURES.fullmatch(text)
        if found and len(found[1]) <= 2:
            self._day_first |= int(found[1]) > 12
            self._month_first |= int(found[3]) > 12

    @property
    def order(self) -> Order:
        """Day first if nothing tells it; unsettled if rows contradict each other."""
        if self._day_first and self._month_first:
            return Order.UNSETTLED
        return Order.MONTH_FIRST if self._month_first else Order.DAY_FIRST


def read_import_day(text: str, order: Order, today: date, *, past: bool) -> date:
    """The day that a cell means; it has to say the year.

    Args:
        past: of a year of two figures, the last one that is past is meant (a birth date), else the next hundred years.

    Raises:
        DayFault: ``date`` it is no day; ``day`` there is no such day; ``year`` it has no year; ``ambiguous`` day and month
            could be either.
    """
    clean = text.strip()
    if found := _COMPACT.fullmatch(clean):
        return _made(int(found[1]), int(found[2]), int(found[3]), clean)
    if found := _FIGURES.fullmatch(clean):
        return _figures(found, order, today, past, clean)
    if _NAMED_MONTH.fullmatch(clean):
        return read_day_words(clean, today)
    raise DayFault("year" if re.search(r"\d", clean) and not re.search(r"\d{4}", clean) else "date", clean)


def _figures(found: re.Match[str], order: Order, today: date, past: bool, text: str) -> date:
    first, middle, last = found[1], int(found[3]), found[4]
    if len(first) > 2:
        return _made(int(first), middle, int(last), text)
    one = int(first)
    if order is Order.UNSETTLED and found[2] == "/" and one <= 12 and middle <= 12 and one != middle:
        raise DayFault("ambiguous", text)
    month_first = (order is Order.MONTH_FIRST and found[2] != ".") or (order is Order.UNSETTLED and one <= 12 < middle)
    day, month = (middle, one) if month_first else (one, middle)
    return _made(_year(last, day, month, today, past, text), month, day, text)


def _year(text: str, day: int, month: int, today: date, past: bool, whole: str) -> int:
    if len(text) == 4:
        return int(text)
    if len(text) != 2:
        raise DayFault("date", whole)
    year = today.year // 100 * 100 + int(text)
    if past:
        return year - 100 if (year, month, day) > (today.year, today.month, today.day) else year
    return year if year >= today.year - 50 else year + 100


def _made(year: int, month: int, day: int, text: str) -> date:
    if not 1 <= month <= 12 or not 1800 <= year <= 2200:
        raise DayFault("date", text)
    try:
        return date(year, month, day)
    except ValueError:
        raise DayFault("day", text) from None
