"""Whether a passport lasts long enough for a trip (SPEC §6). Pure."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MONTHS = 6
"""How long a passport must be valid after the day of return unless a desk says otherwise."""


class PassportState(StrEnum):
    """How a passport stands."""

    UNKNOWN = "unknown"
    """Nobody wrote down until when it is valid."""
    FINE = "fine"
    SHORT = "short"
    """It ends before the day of return and the months after it are over."""
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class PassportView:
    """What is to be said about a passport.

    Attributes:
        expiry: its last day; None: not known.
        back: the day of return that counts; None: no trip is ahead.
        needed: the day until which it must be valid for that trip.
    """

    state: PassportState
    expiry: date | None = None
    back: date | None = None
    needed: date | None = None

    @property
    def warns(self) -> bool:
        """Whether somebody must be told."""
        return self.state in (PassportState.SHORT, PassportState.EXPIRED)


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where there is no such day (31 Aug + 6: 28 Feb)."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def judge(expiry: date | None, back: date | None, today: date, months: int = MONTHS) -> PassportView:
    """How a passport stands.

    Args:
        expiry: its last day.
        back: the latest day of return of the trips that are not over; None without one.
        months: how long it must be valid after that.
    """
    needed = add_months(back, months) if back is not None else None
    if expiry is None:
        return PassportView(PassportState.UNKNOWN, None, back, needed)
    if expiry < today:
        return PassportView(PassportState.EXPIRED, expiry, back, needed)
    short = needed is not None and expiry < needed
    return PassportView(PassportState.SHORT if short else PassportState.FINE, expiry, back, needed)
