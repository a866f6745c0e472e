"""What screens and commands see of the payment watchlist: frozen values, safe to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from crm_tui.desk.common.views import Cursor
from crm_tui.rules.money import Money

ORDERS = ("due", "name", "amount", "arrival")


@dataclass(frozen=True, slots=True)
class PaymentQuery:
    """Which reservations that owe something a list shows.

    Attributes:
        state: ``overdue``, ``today``, ``soon`` (due later within the window), ``Z``, ``D`` (that letter is shown), or empty.
        operator: the name of one, whatever its case and accents.
        destination: a part of it.
        text: a part of the holder's name, the paying company's, or the reservation's code.
        order: ``due`` (overdue first), ``name`` (of the holder), ``amount`` (the most first) or ``arrival``.
    """

    state: str = ""
    operator: str = ""
    destination: str = ""
    text: str = ""
    order: str = "due"


class PaymentRow(NamedTuple):
    """A reservation that asks for money now. Amounts in minor units of ``currency``.

    Attributes:
        id: the reservation's number.
        guest_id: the holder; None: only a company pays.
        letters: Z, D or ZD: what is missing within the window.
        deposit_now, balance_now: how much of each is missing within the window.
        missing_deposit, missing_balance, overpaid: as a whole, whatever the day (SPEC §7).
        due: the earliest day of a line that is not covered.
        overdue: that day is over.
        last_notice: when the last reminder of a payment went out; ``notice_channel``: by mail or SMS.
    """

    id: int
    code: str
    reference: str
    holder: str
    guest_id: int | None
    phone: str
    email: str
    letters: str
    deposit_now: int
    balance_now: int
    missing_deposit: int
    missing_balance: int
    overpaid: int
    paid: int
    price: int
    currency: str
    due: date
    overdue: bool
    status: str
    title: str
    operator: str
    destination: str
    arrival: date | None
    departure: date | None
    last_notice: datetime | None
    notice_channel: str
    notices: int
    version: int
    cursor: Cursor = ("", 0)

    @property
    def reservation(self) -> int:
        """The reservation's number."""
        return self.id

    @property
    def missing_now(self) -> Money:
        """What is missing within the window, Z and D together."""
        return Money(self.deposit_now + self.balance_now, self.currency)

    @property
    def missing(self) -> Money:
        """What is missing as a whole."""
        return Money(self.missing_deposit + self.missing_balance, self.currency)


class PaymentPage(NamedTuple):
    """A stretch of the list, how long it is, and how many of it are overdue."""

    rows: Sequence[PaymentRow]
    total: int
    overdue: int
