"""Which reservations ask for money now, and for what: the letters Z and D (SPEC §7, §8). Pure; amounts in minor units."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

DEPOSIT_LETTER, BALANCE_LETTER = "Z", "D"
"""*Zaliczka*, a deposit; *dopłata*, a balance."""


class Sums(NamedTuple):
    """What a reservation asks for and got.

    Attributes:
        paid: payments less refunds.
        deposit: Z, the sum of the deposit lines.
        price: the sum of all lines.
        deposit_due: the deposit lines that are due within the window.
        balance_due: the other lines that are due within it.
    """

    paid: int
    deposit: int
    price: int
    deposit_due: int
    balance_due: int


class Missing(NamedTuple):
    """What is missing.

    Attributes:
        deposit, balance, overpaid: the formulas of SPEC §7, whatever the day.
        deposit_now, balance_now: what of it is due within the window.
        letters: ``Z``, ``D`` or ``ZD``: what is missing within the window; empty: nothing.
    """

    deposit: int
    balance: int
    overpaid: int
    deposit_now: int
    balance_now: int

    @property
    def letters(self) -> str:
        """What is missing in the window."""
        return (DEPOSIT_LETTER if self.deposit_now else "") + (BALANCE_LETTER if self.balance_now else "")


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


def missing(sums: Sums) -> Missing:
    """What is missing, as a whole and within the window.

    Money covers the deposit lines, then the others, each by due day (SPEC §7): so what lies within the window is covered
    before what lies behind it, and sums are all that is needed.
    """
    left_for_balance = max(0, sums.paid - sums.deposit)
    return Missing(
        deposit=max(0, sums.deposit - sums.paid),
        balance=max(0, sums.price - max(sums.paid, sums.deposit)),
        overpaid=max(0, sums.paid - sums.price),
        deposit_now=max(0, sums.deposit_due - sums.paid),
        balance_now=max(0, sums.balance_due - left_for_balance),
    )
