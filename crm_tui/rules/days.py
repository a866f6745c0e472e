"""Days as people type them: ISO, or day first as all of our languages write them."""

from __future__ import annotations

import re
from datetime import date

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})\s?[./-]\s?(\d{1,2})(?:\s?[./-]\s?(\d{4}|\d{2})?)?")
FIRST, LAST = 1900, 2200
"""The years a day may be of."""


class DayFault(ValueError):
    """What is wrong with a day: ``date`` (it is none) or ``day`` (the month has no such day)."""

    def __init__(self, kind: str, given: str) -> None:
        super().__init__(kind)
        self.kind = kind
        self.given = given


def read_day(text: str, today: date) -> date:
    """The day of ``2026-08-14``, ``14.8.2026``, ``14/08/26``, or ``14.8.``: the next one without a year.

    Raises:
        DayFault: it is no date, or there is no such day.
    """
    clean = text.strip()
    if found := _ISO.fullmatch(clean):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DAY_FIRST.fullmatch(clean):
        day, month = int(found[1]), int(found[2])
        year = int(found[3]) if found[3] else 0
        year += 2000 if found[3] and len(found[3]) == 2 else 0
    else:
        raise DayFault("date", clean)
    if not 1 <= month <= 12 or (year and not FIRST <= year <= LAST):
        raise DayFault("date", clean)
    return _next(day, month, today, clean) if not year else _made(year, month, day, clean)


def _made(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise DayFault("day", text) from None


def _next(day: int, month: int, today: date, text: str) -> date:
    for year in range(today.year, today.year + 9):
        try:
            found = date(year, month, day)
        except ValueError:  # 29 February of a common year
            continue
        if found >= today:
            return found
    raise DayFault("day", text)
