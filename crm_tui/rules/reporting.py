"""What reports are made of (SPEC §12): typed columns, rows, totals and what a chart draws of them. Pure.

A figure is worked out once, here: shares and averages follow from the columns they are of, in a row as in the totals, so that
an average of averages never stands anywhere. Amounts of different currencies are never added up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from crm_tui.rules.money import Money
from crm_tui.rules.vocabulary import InquiryStatus

NAMES = (
    *("inquiries", "response-times", "productivity", "conversion", "demand", "payments-due", "payments-received"),
    *("departures", "guest-relations", "complaint-costs", "quality-costs", "consent"),
)
"""The reports of SPEC §12, in its order; commands and files call them so."""

FILTERS = ("agent", "department", "channel", "status", "operator", "method", "code", "attribute")
"""What a report may be narrowed to, beside its period; each report takes some of them."""

Value = str | int | float | Money | date | datetime | None
"""What a cell holds; text is display-safe. None: there is no such figure, as an average of nothing."""

Record = Mapping[str, Value]
"""A row as it is worked out: values by the names of columns; what is left out is empty."""

Row = tuple[Value, ...]
"""A row in the order of the columns."""


class Kind(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    """Minor units with their currency; all of a row are in one."""
    DURATION = "duration"
    """Whole seconds."""
    SHARE = "share"
    """A fraction: 0.5 is a half."""
    NUMBER = "number"
    """An average that is no whole number, as of marks from 1 to 5."""
    DAY = "day"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a report.

    Attributes:
        name: what CSV and JSON call it; never changes.
        title: what people read, marked for the catalogs.
        adds: its total is the sum of the rows; no text, day, share or average does.
        of: what it is worked out from: the first of these columns divided by the second.
        part_of: it is the share that a row's figure in that column has in the total of it.
        shown: on the screen and in the printed table; a file always has it.
    """

    name: str
    title: str
    kind: Kind = Kind.TEXT
    adds: bool = True
    of: tuple[str, str] | None = None
    part_of: str = ""
    shown: bool = True

    @property
    def additive(self) -> bool:
        """Whether the total is the sum of the rows."""
        worked_out = self.of is not None or bool(self.part_of)
        return self.adds and not worked_out and self.kind in (Kind.COUNT, Kind.MONEY, Kind.DURATION)

    @property
    def right(self) -> bool:
        """Whether it stands at the right of its column."""
        return self.kind in (Kind.COUNT, Kind.MONEY, Kind.DURATION, Kind.SHARE, Kind.NUMBER)


@dataclass(frozen=True, slots=True)
class Series:
    """One line or one set of bars; None: there is no figure at that place."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart draws, in the order of the rows.

    Attributes:
        kind: ``rows`` (a lying bar a name), ``grouped`` or ``stacked`` (bars), ``lines`` for what follows time.
        title: what it shows.
        labels: what stands below, one a value; display-safe.
        unit: what the values are; amounts are minor units of ``currency``.
    """

    kind: str
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: Kind = Kind.COUNT
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with their totals.

    Attributes:
        totals: one row, or one a currency if there are several; empty if no column adds up.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: tuple[Row, ...]

    def place(self, name: str) -> int:
        """Where a column stands.

        Raises:
            KeyError: there is none of that name.
        """
        for index, column in enumerate(self.columns):
            if column.name == name:
                return index
        raise KeyError(name)

    def values(self, name: str) -> tuple[Value, ...]:
        """A column from top to bottom."""
        index = self.place(name)
        return tuple(row[index] for row in self.rows)


def table(columns: Sequence[Column], records: Iterable[Record], sums: Iterable[Record] | None = None) -> Table:
    """Rows of records, with what is worked out of them, and the totals.

    Args:
        sums: the totals, where they are no sums of the rows: one thing may count in several rows.

    Raises:
        ValueError: a record holds amounts of two currencies.
    """
    kept = list(records)
    sums = list(_sums(columns, kept) if sums is None else sums)
    whole = {name: sum(_number(one.get(name)) for one in kept) for name in {one.part_of for one in columns} - {""}}
    made = _maker(columns, whole)
    rows = tuple([made(record) for record in kept])
    totals = tuple([made(record) for record in sums])
    return Table(tuple(columns), rows, totals)


def currency_of(record: Record) -> str:
    """The currency of a record's amounts; empty if it has none.

    Raises:
        ValueError: it has amounts of two.
    """
    found = ""
    for value in record.values():
        if isinstance(value, Money) and value.currency != found:
            if found:
                raise ValueError(f"amounts in {found}, {value.currency} in one row")
            found = value.currency
    return found


def _sums(columns: Sequence[Column], records: Sequence[Record]) -> list[dict[str, Value]]:
    """The sums of the columns that add up, a record for each currency; the one that most rows are in comes first."""
    adding = [column for column in columns if column.additive]
    if not adding:
        return []
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(currency_of(record), []).append(record)
    if len(groups) == 2 and "" in groups:  # rows without an amount belong to the only currency there is
        single = next(name for name in groups if name)
        groups = {single: list(records)}
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return [{column.name: _sum(column, rows, name) for column in adding} for name, rows in ordered or [("", [])]]


def _sum(column: Column, records: Sequence[Record], currency: str) -> Value:
    total = sum(_number(record.get(column.name)) for record in records)
    if column.kind is Kind.MONEY:
        return Money(total, currency) if currency else None
    return total


def _maker(columns: Sequence[Column], whole: Mapping[str, int]) -> Callable[[Record], Row]:
    """Makes rows of records: nearly all columns are only looked up, and a report may have a hundred thousand rows."""
    names = [column.name for column in columns]
    derived = [(place, column) for place, column in enumerate(columns) if column.part_of or column.of is not None]

    def made(record: Record) -> Row:
        row = [record.get(name) for name in names]
        for place, column in derived:
            row[place] = _cell(column, record, whole)
        return tuple(row)

    return made


def _cell(column: Column, record: Record, whole: Mapping[str, int]) -> Value:
    if column.part_of:
        return ratio(_number(record.get(column.part_of)), whole[column.part_of])
    assert column.of is not None
    upper, lower = record.get(column.of[0]), _number(record.get(column.of[1]))
    if column.kind in (Kind.SHARE, Kind.NUMBER):
        return ratio(_number(upper), lower)
    average = mean(_number(upper), lower)
    return Money(average, upper.currency) if isinstance(upper, Money) and average is not None else average


def _number(value: Value) -> int:
    if isinstance(value, Money):
        return value.amount
    return value if isinstance(value, int) else 0


def ratio(part: int, whole: int) -> float | None:
    """A share, exact enough to be rounded once more where it is shown; None of nothing."""
    return float(_rounded(Decimal(part) / whole, 6)) if whole else None


def mean(total: int, count: int) -> int | None:
    """An average in whole units, halves up; None of nothing."""
    return int(_rounded(Decimal(total) / count, 0)) if count else None


def _rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


class Outcome(StrEnum):
    """What became of an inquiry, as it stands now (SPEC §12)."""

    REALISED = "realised"
    NOT_REALISED = "not realised"
    OPEN = "open"


def outcome(status: str) -> Outcome:
    """Booked ones are realised; lost and cancelled ones are not; the others are open still."""
    if status == InquiryStatus.BOOKED:
        return Outcome.REALISED
    return Outcome.NOT_REALISED if status in (InquiryStatus.LOST, InquiryStatus.CANCELLED) else Outcome.OPEN
