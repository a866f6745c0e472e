"""Which reservations ask for money now, and for what: the letters Z and D (SPEC §8). Pure; amounts in minor units."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from crm_tui.rules.schedule import Sums

DEPOSIT_LETTER, BALANCE_LETTER = "Z", "D"
"""*Zaliczka*, a deposit; *dopłata*, a balance."""


class MissingNow(NamedTuple):
    """What is missing of the lines that are due within the window."""

    deposit: int
    balance: int

    @property
    def letters(self) -> str:
        """``Z``, ``D`` or ``ZD``; empty: nothing is missing within the window."""
        return (DEPOSIT_LETTER if self.deposit else "") + (BALANCE_LETTER if self.balance else "")


def last_day(today: date, days: int) -> date:
    """The last day of the window: what is due on it or before is listed.

    Args:
        today: the day of the property's zone.
        days: how many days ahead one looks.
    """
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return date.max


def missing_now(sums: Sums, deposit_due: int, balance_due: int) -> MissingNow:
    """What is missing within the window.

    Money covers the deposit lines, then the others, each by due day (SPEC §7): what lies within the window is covered before
    what of its kind lies behind it, so that sums are all that is needed.

    Args:
        sums: of the whole reservation.
        deposit_due, balance_due: the sums of the deposit lines and of the others that are due within the window.
    """
    paid = max(0, sums.paid)
    return MissingNow(max(0, deposit_due - paid), max(0, balance_due - max(0, paid - sums.deposit)))
