"""What is given to guests, what it costs, and how long resolved feedback stays on its page (SPEC §11)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from crm_tui.rules.departures import start_of_day
from crm_tui.rules.money import LARGEST

MOST = 9999
"""Of one thing at once; more is a slip of the finger."""

_WHOLE = re.compile(r"\+?\d{1,12}")
_PART = re.compile(r"[+\-−]?\d*[.,]\d+")
_BELOW = re.compile(r"[-−]\s?\d+")


class QuantityFault(ValueError):
    """What is wrong with a quantity: ``kind`` is number, zero, negative, fraction or large."""

    def __init__(self, kind: str, given: str) -> None:
        super().__init__(kind)
        self.kind = kind
        self.given = given


def quantity(given: int | str) -> int:
    """How many were given: a whole number from 1 to :data:`MOST`.

    Raises:
        QuantityFault: it is none.
    """
    text = str(given).strip()
    if _PART.fullmatch(text):
        raise QuantityFault("fraction", text)
    if _BELOW.fullmatch(text):
        raise QuantityFault("negative", text)
    if not text.isascii() or not _WHOLE.fullmatch(text):
        raise QuantityFault("large" if text.isdigit() else "number", text)
    number = int(text)
    if not 1 <= number <= MOST:
        raise QuantityFault("large" if number else "zero", text)
    return number


class Line(NamedTuple):
    """So many of one thing, each worth ``value`` minor units of ``currency``."""

    quantity: int
    value: int
    currency: str

    @property
    def amount(self) -> int:
        """What they cost together, minor units."""
        return self.quantity * self.value


def too_much(line: Line) -> bool:
    """Whether a line costs more than any amount of the desk may be."""
    return line.amount > LARGEST


def sums(lines: Iterable[Line]) -> dict[str, int]:
    """What lines cost together, minor units by currency: different currencies are never added."""
    found: dict[str, int] = {}
    for line in lines:
        found[line.currency] = found.get(line.currency, 0) + line.amount
    return dict(sorted(found.items()))


def shown_since(now: datetime, zone: tzinfo, days: int) -> datetime | None:
    """What was resolved at or after this instant is still on the page; None: all that was ever resolved is.

    It leaves at the first midnight of the property after it was resolved, or so many midnights later. Where the clocks skip
    midnight, the day begins when they go on.

    Args:
        days: how many midnights more; below zero: it stays.
    """
    if days < 0:
        return None
    return start_of_day(now.astimezone(zone).date() - timedelta(days=days), zone)
