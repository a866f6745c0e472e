"""What screens and commands see of schedules, terms and operators: frozen values, safe to show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from crm_tui.base.i18n import N_, _
from crm_tui.rules.money import Money
from crm_tui.rules.vocabulary import Anchor, LineKind

METHODS = {
    "cash": N_("cash"),
    "card": N_("card"),
    "transfer": N_("bank transfer"),
    "online": N_("online"),
    "voucher": N_("voucher"),
    "other": N_("other"),
}
"""How money comes, in words; what a file calls otherwise stays as it is."""


def method_words(method: str) -> str:
    """How it was paid, in the agent's language; a word that is not ours stays as it is."""
    return _(METHODS[method]) if method in METHODS else method


KINDS = {"payment": N_("payment"), "refund": N_("refund")}

LETTERS = {LineKind.DEPOSIT.value: "Z", LineKind.BALANCE.value: "D", LineKind.INSTALMENT.value: "D"}
"""The letter of a line's kind on a watchlist (SPEC §8)."""

ANCHORS = {
    Anchor.BOOKING.value: N_("booking"),
    Anchor.ARRIVAL.value: N_("arrival"),
    Anchor.DEPARTURE.value: N_("departure"),
}


class LineState(StrEnum):
    """How a line stands today."""

    COVERED = "covered"
    OVERDUE = "overdue"
    DUE = "due"
    """It is due today."""
    OPEN = "open"


STATES = {
    LineState.COVERED.value: N_("covered"),
    LineState.OVERDUE.value: N_("overdue"),
    LineState.DUE.value: N_("due today"),
    LineState.OPEN.value: N_("open"),
}


@dataclass(frozen=True, slots=True)
class ScheduleLineView:
    """A line, the money that stands on it and what is missing.

    Attributes:
        reason: why it is not as the terms say.
        state: see :class:`LineState`.
    """

    id: int
    kind: str
    due: date
    amount: Money
    on: Money
    missing: Money
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """What a reservation asks for and got, as of today.

    Attributes:
        lines: in their order.
        now: what a payment recorded now is most likely of; nothing: 0.
        terms: whose terms hold: an operator's name, or empty for the property's; None: there are none.
        asks: whether it is on watchlists at all: not when cancelled.
        version: of the reservation, to change the schedule from.
    """

    reservation: int
    code: str
    holder: str
    status: str
    currency: str
    value: Money | None
    lines: tuple[ScheduleLineView, ...]
    paid: Money
    deposit: Money
    price: Money
    missing_deposit: Money
    missing_balance: Money
    overpaid: Money
    now: Money
    terms: str | None
    asks: bool
    version: int

    @property
    def differs(self) -> Money | None:
        """By how much the lines are more than the value (below 0: less); None: they agree, or nothing is known."""
        if self.value is None or not self.lines or self.value.currency != self.currency:
            return None
        return Money(self.price.amount - self.value.amount, self.currency) if self.price != self.value else None


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line as a person or the terms want it; ``id`` 0: a new one."""

    kind: str
    due: date
    amount: int
    reason: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class SchedulePreview:
    """What making the schedule anew would do.

    Attributes:
        now, then: the lines as they are and as they would be.
        terms: whose: an operator's name, or empty for the property's.
        version: of the reservation that it was made from.
    """

    reservation: int
    currency: str
    now: tuple[NewLine, ...]
    then: tuple[NewLine, ...]
    terms: str
    version: int

    @property
    def same(self) -> bool:
        """Whether nothing would change."""
        return [(one.kind, one.due, one.amount, one.reason) for one in self.now] == [
            (one.kind, one.due, one.amount, one.reason) for one in self.then
        ]


@dataclass(frozen=True, slots=True)
class TermView:
    """A line of terms: a percentage (hundredths) of the value, or an amount; due so many days after (before) its anchor."""

    kind: str
    percent: int | None
    amount: Money | None
    anchor: str
    days: int


@dataclass(frozen=True, slots=True)
class TermsView:
    """The terms of an operator, or the property's (``operator`` None).

    Attributes:
        name: the operator's; empty for the property.
        mark: what they are known by, to change them from: a later change makes another.
        reservations: how many are of the operator.
    """

    operator: int | None
    name: str
    lines: tuple[TermView, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class OperatorView:
    """A tour operator.

    Attributes:
        watch_days: how many days before its departure a flight is watched; None: as the settings say.
        terms: its own; none: the property's hold.
    """

    id: int
    name: str
    email: str
    phone: str
    watch_days: int | None
    reservations: int
    version: int
    terms: tuple[TermView, ...] = field(default=())
