"""What a reservation asks for and when: terms make a schedule, money covers it line by line (SPEC §7).

Amounts are whole minor units of the reservation's currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from crm_tui.rules.vocabulary import Anchor, LineKind

WHOLE = 100_00
"""A hundred percent, in hundredths of a percent."""

FURTHEST = 3 * 366
"""How many days a line of the terms may lie from what it is relative to."""


class Line(NamedTuple):
    """One due amount.

    Attributes:
        kind: deposit (Z), balance or instalment (both D).
        due: a day of the property's zone.
        amount: minor units, not below 0.
        position: its place among lines of the same day.
        id: its number in the store; 0: it has none.
    """

    kind: str
    due: date
    amount: int
    position: int = 0
    id: int = 0

    @property
    def is_deposit(self) -> bool:
        """Whether it counts as Z."""
        return self.kind == LineKind.DEPOSIT


class Missing(NamedTuple):
    """A line that is not covered, and how much is missing on it."""

    line: Line
    amount: int


class TermLine(NamedTuple):
    """One line of the terms of an operator or the property: either a percentage or an amount.

    Attributes:
        percent: hundredths of a percent of the value, or of what amounts leave of it.
        amount: minor units.
        anchor: booking, arrival or departure.
        days: after the anchor; below 0: before it.
        currency: ISO 4217 of an amount.
    """

    kind: str
    percent: int | None
    amount: int | None
    anchor: str
    days: int = 0
    currency: str = ""


class ScheduleFault(ValueError):
    """Why terms make no schedule.

    Attributes:
        kind: *empty* (no lines), *percent* (they do not total 100), *line* (neither or both of percentage and amount),
            *amount* (below 0), *days* (too far), *kind*, *anchor* (unknown words), *value* (unknown or below 0), *arrival*
            or *departure* (not known, though a line is relative to it), *currency* (an amount in another one).
        given: what stands there, if that helps: the sum of the percentages in hundredths, the currency.
    """

    def __init__(self, kind: str, given: str = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.given = given


@dataclass(frozen=True, slots=True)
class Sums:
    """What is paid, the deposits' sum Z and the price; the formulas of SPEC §7."""

    paid: int
    deposit: int
    price: int

    @property
    def missing_deposit(self) -> int:
        """``max(0, Z − paid)``."""
        return max(0, self.deposit - self.paid)

    @property
    def missing_balance(self) -> int:
        """``max(0, price − max(paid, Z))``."""
        return max(0, self.price - max(self.paid, self.deposit))

    @property
    def overpaid(self) -> int:
        """``max(0, paid − price)``."""
        return max(0, self.paid - self.price)


def sums(lines: Iterable[Line], paid: int) -> Sums:
    """The sums of a schedule. ``paid``: payments less refunds, below 0 if more was given back than received."""
    known = list(lines)
    return Sums(paid, sum(one.amount for one in known if one.is_deposit), sum(one.amount for one in known))


def in_order(lines: Iterable[Line]) -> list[Line]:
    """The lines as money covers them: deposits, then the others, each by due day, then line order."""
    return sorted(lines, key=lambda one: (not one.is_deposit, one.due, one.position, one.id))


def allocate(lines: Sequence[Line], paid: int) -> list[int]:
    """How much of the money stands on each line, in the order the lines are given in.

    Sums to ``paid`` as far as the lines reach; what was overpaid stands on none.
    """
    order = sorted(
        range(len(lines)), key=lambda at: (not lines[at].is_deposit, lines[at].due, lines[at].position, lines[at].id)
    )
    on = [0] * len(lines)
    left = max(0, paid)
    for at in order:
        on[at] = min(left, max(0, lines[at].amount))
        left -= on[at]
    return on


def uncovered(lines: Sequence[Line], paid: int) -> list[Missing]:
    """The lines whose amount is not reached, as money would cover them next."""
    ordered = in_order(lines)
    return [
        Missing(line, line.amount - on)
        for line, on in zip(ordered, allocate(ordered, paid), strict=True)
        if line.amount > on
    ]


def due_day(lines: Sequence[Line], paid: int) -> date | None:
    """The earliest day of a line that is not covered; None: all are."""
    return min((one.line.due for one in uncovered(lines, paid)), default=None)


def missing_by(lines: Sequence[Line], paid: int, until: date) -> list[Missing]:
    """The lines not covered that are due on or before a day."""
    return [one for one in uncovered(lines, paid) if one.line.due <= until]


def next_amount(lines: Sequence[Line], paid: int, until: date) -> int:
    """What a payment that is recorded now is most likely of: all that is due until that day, else the next line's rest.

    0: nothing is missing.
    """
    due = sum(one.amount for one in missing_by(lines, paid, until))
    if due:
        return due
    return min(uncovered(lines, paid), key=lambda one: one.line.due, default=Missing(_NO_LINE, 0)).amount


_NO_LINE = Line(LineKind.BALANCE.value, date.min, 0)


def check_terms(terms: Sequence[TermLine]) -> None:
    """Look whether terms can make a schedule of any value.

    Raises:
        ScheduleFault: they cannot; percentages that do not total 100 are *percent*.
    """
    if not terms:
        raise ScheduleFault("empty")
    for term in terms:
        _check_line(term)
    shares = [term.percent for term in terms if term.percent is not None]
    if shares and sum(shares) != WHOLE:
        raise ScheduleFault("percent", str(sum(shares)))


def _check_line(term: TermLine) -> None:
    if term.kind not in set(LineKind):
        raise ScheduleFault("kind", term.kind)
    if term.anchor not in set(Anchor):
        raise ScheduleFault("anchor", term.anchor)
    if (term.percent is None) == (term.amount is None):
        raise ScheduleFault("line")
    if (term.percent is not None and not 0 < term.percent <= WHOLE) or (term.amount is not None and term.amount <= 0):
        raise ScheduleFault("amount")
    if abs(term.days) > FURTHEST:
        raise ScheduleFault("days", str(term.days))


def generate(
    terms: Sequence[TermLine],
    value: int | None,
    booked: date | None,
    arrival: date | None,
    departure: date | None,
    today: date,
) -> list[Line]:
    """The schedule that terms make of a value; its lines total the value to the minor unit.

    Amounts are taken first, in order, as far as the value reaches; percentages are of what they leave. What rounding leaves
    over goes to the last line (of the percentages, if there are any). A line that would be due before today, as after a
    late booking, is due today. Lines of nothing are left out.

    Args:
        booked: the day of the booking; None: today.

    Raises:
        ScheduleFault: the terms are not usable, the value is not known, or a day that a line is relative to.
    """
    check_terms(terms)
    if value is None or value < 0:
        raise ScheduleFault("value")
    days = {Anchor.BOOKING: booked or today, Anchor.ARRIVAL: arrival, Anchor.DEPARTURE: departure}
    made: list[Line] = []
    for term, amount in zip(terms, _amounts(terms, value), strict=True):
        anchor = days[Anchor(term.anchor)]
        if anchor is None:
            raise ScheduleFault(term.anchor)
        if amount:
            made.append(Line(term.kind, max(today, anchor + timedelta(days=term.days)), amount, len(made)))
    return made


def _amounts(terms: Sequence[TermLine], value: int) -> list[int]:
    """What each line of the terms comes to; together the value."""
    amounts, left = [0] * len(terms), value
    for at, term in enumerate(terms):
        if term.amount is not None:
            amounts[at] = min(term.amount, left)
            left -= amounts[at]
    shares = [at for at, term in enumerate(terms) if term.percent is not None]
    rest = left
    for at in shares:
        amounts[at] = rest * (terms[at].percent or 0) // WHOLE
        left -= amounts[at]
    amounts[shares[-1] if shares else -1] += left
    return amounts
