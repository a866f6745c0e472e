"""What the desk says about codes, items and what was given to guests (SPEC §11): frozen, display-safe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from crm_tui.rules.money import Money
from crm_tui.rules.quality import Line, sums


@dataclass(frozen=True, slots=True)
class CodeView:
    """A code of the admin's list, and how much feedback and how many costs of quality are filed under it."""

    id: int
    name: str
    uses: int
    version: int


@dataclass(frozen=True, slots=True)
class ItemView:
    """Something of the admin's list that is given to guests: the value of one, and how often it was given."""

    id: int
    name: str
    value: Money
    uses: int
    version: int


class Given(NamedTuple):
    """Something that is given, as one says it.

    Attributes:
        item: number or name of an item of the list; of a line that was stored before it need not be on the list any more.
        quantity: how many, a whole number above nothing.
        value: of one: an amount as the agent types it, or minor units; None: as the list says today.
        line: the number of the stored line that this is; it keeps its name, its currency and its day.
    """

    item: int | str
    quantity: int | str = 1
    value: int | str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class GivenView:
    """Something that was given: name and value are those of the day on which it was.

    Attributes:
        item: its number on the admin's list, which may call it otherwise today.
        at: when it was given, aware UTC.
    """

    id: int
    item: int | None
    name: str
    quantity: int
    value: Money
    at: datetime

    @property
    def amount(self) -> Money:
        """What all of them cost."""
        return Money(self.quantity * self.value.amount, self.value.currency)


def totals(given: Iterable[GivenView]) -> tuple[Money, ...]:
    """What things cost together, an amount for each currency."""
    found = sums(Line(one.quantity, one.value.amount, one.value.currency) for one in given)
    return tuple(Money(amount, currency) for currency, amount in found.items())


@dataclass(frozen=True, slots=True)
class CostView:
    """A cost of quality: things given for an occasion, without a complaint.

    Attributes:
        at: when they were given, aware UTC.
        guest, guest_name: whose it is; None and empty if only the room is known.
        reservation, code_of: number and code of the reservation.
        given: what was given.
        mine: the agent may change it.
    """

    id: int
    at: datetime
    code: str
    room: str
    guest: int | None
    guest_name: str
    reservation: int | None
    code_of: str
    occasion: str
    comment: str
    author: str
    created_at: datetime
    mine: bool
    version: int
    given: Sequence[GivenView] = ()

    @property
    def title(self) -> str:
        """Guest and room, as far as they are known."""
        return " · ".join(part for part in (self.guest_name, self.room) if part)

    @property
    def cost(self) -> tuple[Money, ...]:
        """What it cost, an amount for each currency."""
        return totals(self.given)


class By(StrEnum):
    """What figures are put together by."""

    CODE = "code"
    ITEM = "item"
    ROOM = "room"
    EMPLOYEE = "employee"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class QualityFilter:
    """What a report is limited to; empty: everything. Names are compared as they are stored.

    Attributes:
        employee: whom feedback is about; of a cost of quality, who wrote it down.
        kind: positive or negative; only of the report on guest relations.
        item, currency: only of the two costs.
    """

    code: str = ""
    item: str = ""
    room: str = ""
    employee: str = ""
    kind: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class RelationsFigure:
    """How many compliments and complaints there were of something.

    Attributes:
        label: the code, room, employee or month (``2026-08``); empty: none was said.
        positive: compliments.
        negative: complaints, of which ``resolved`` are settled today and ``open`` are not.
        satisfied: of how many it is known how the guest took it; ``satisfaction`` is the sum of those marks (1 to 5).
        seconds: from when they were said to when they were settled, the sum over ``resolved``.
    """

    label: str
    positive: int = 0
    negative: int = 0
    resolved: int = 0
    satisfied: int = 0
    satisfaction: int = 0
    seconds: float = 0.0

    @property
    def open(self) -> int:
        """Complaints that nobody settled."""
        return self.negative - self.resolved

    @property
    def total(self) -> int:
        """All that was said."""
        return self.positive + self.negative

    @property
    def mean_satisfaction(self) -> float | None:
        """1 to 5; None where nobody said."""
        return self.satisfaction / self.satisfied if self.satisfied else None

    @property
    def mean_seconds(self) -> float | None:
        """How long a complaint stayed open; None where none was settled."""
        return self.seconds / self.resolved if self.resolved else None


@dataclass(frozen=True, slots=True)
class CostFigure:
    """What something cost in one currency.

    Attributes:
        label: the code, item, room, employee or month (``2026-08``); empty: none was said.
        entries: how many complaints, or costs of quality, it comes from.
        quantity: how many things were given.
        amount: minor units of ``currency``.
    """

    label: str
    currency: str
    entries: int
    quantity: int
    amount: int

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.amount, self.currency)


@dataclass(frozen=True, slots=True)
class Relations:
    """The report on guest relations: a figure for each label, the most first, and all of them together."""

    by: str
    rows: tuple[RelationsFigure, ...]
    total: RelationsFigure


@dataclass(frozen=True, slots=True)
class Costs:
    """A report on costs: a figure for each label and currency, the dearest first, and the totals by currency."""

    by: str
    rows: tuple[CostFigure, ...]
    totals: tuple[CostFigure, ...]
