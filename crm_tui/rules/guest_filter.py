"""What is typed into the filter of guests: birthdays without a year, and amounts. Pure."""

from __future__ import annotations

import re
from datetime import date

from crm_tui.rules.days import DayFault
from crm_tui.rules.money import AmountFault, Money, minor_units, read

_DAY_FIRST = re.compile(r"(\d{1,2})\s?[./-]\s?(\d{1,2})\.?")
_ISO = re.compile(r"-{0,2}(\d{2})-(\d{2})")


def birthday_of(text: str) -> str:
    """A day of the year as ``MM-DD``, from ``24.12.``, ``24/12`` or ``--12-24``.

    Raises:
        DayFault: it is no day of any year.
    """
    clean = text.strip()
    if clean.startswith("--") and (found := _ISO.fullmatch(clean)):
        month, day = int(found[1]), int(found[2])
    elif found := _DAY_FIRST.fullmatch(clean):
        day, month = int(found[1]), int(found[2])
    else:
        raise DayFault("date", clean)
    try:
        return date(2000, month, day).isoformat()[5:]
    except ValueError:
        raise DayFault("day", clean) from None


def written_birthday(stored: str) -> str:
    """``MM-DD`` as one types it: ``24.12.``"""
    month, _sep, day = stored.partition("-")
    return f"{int(day)}.{int(month)}." if day else ""


def amount_of(text: str, currency: str) -> tuple[int, str]:
    """Minor units and currency of a text; ``currency`` is meant where it names none.

    Raises:
        AmountFault: it is no amount.
    """
    number, named = read(text)
    meant = named or currency
    if not meant:
        raise AmountFault("currency", text)
    return minor_units(number, meant), meant


def written_amount(minor: int | None, currency: str) -> str:
    """An amount as one types it."""
    if minor is None:
        return ""
    return str(Money(minor, currency)) if currency else f"{minor / 100:.2f}"
