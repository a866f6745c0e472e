"""What the fields of a guest may say, as far as plain values tell (SPEC §6). Pure."""

from __future__ import annotations

import re
from datetime import date

from crm_tui.rules.day_words import read_day_words
from crm_tui.rules.days import DayFault

FIRST_BIRTH = date(1900, 1, 1)
"""Nobody who is a guest was born before."""
_SHORT_YEAR = re.compile(r"(?<!\d)(?P<before>\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?)(?P<year>\d{2})")
_NAMED_SHORT_YEAR = re.compile(r"(?P<before>\d{1,2}\.?\s*(?:de\s+|of\s+)?[^\W\d_]+\.?\s*(?:de\s+)?)(?P<year>\d{2})")
_NO_YEAR = re.compile(
    r"\+?\s*\d{1,4}|\d{1,2}\s?[./-]\s?\d{1,2}\.?|\d{1,2}\.?\s*(?:de\s+|of\s+)?[^\W\d_]+\.?|[^\W\d_\s]+"
)
_OLD = re.compile(r"(?<!\d)1[0-8]\d\d(?!\d)")


def read_birth_date(text: str, today: date) -> date:
    """The day somebody was born: always with its year; of a year of two figures, the last one that is past.

    Raises:
        DayFault: ``date`` it is no day, ``day`` there is no such day, ``year`` it has no year, ``future`` it is still to come,
            ``early`` it is before 1900.
    """
    clean = text.strip()
    if _OLD.search(clean):
        raise DayFault("early", clean)
    if _NO_YEAR.fullmatch(clean):
        read_day_words(clean, today)  # a worse fault is told first
        raise DayFault("year", clean)
    short = _SHORT_YEAR.fullmatch(clean) or _NAMED_SHORT_YEAR.fullmatch(clean)
    if short is None:
        return check_birth_date(read_day_words(clean, today), today)
    century = today.year // 100 * 100
    faults: list[DayFault] = []
    for start in (century, century - 100):
        try:
            return check_birth_date(read_day_words(f"{short['before']}{start + int(short['year'])}", today), today)
        except DayFault as fault:
            faults.append(fault)
    raise faults[-1]


def check_birth_date(day: date, today: date) -> date:
    """The day itself.

    Raises:
        DayFault: ``future`` or ``early``.
    """
    if day > today:
        raise DayFault("future", day.isoformat())
    if day < FIRST_BIRTH:
        raise DayFault("early", day.isoformat())
    return day


def age(born: date, today: date) -> int:
    """Whole years; who was born on 29 February turns a year older on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
