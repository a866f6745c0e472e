"""Charts of finished tables, so that a chart shows what the table says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from crm_tui.base.i18n import _
from crm_tui.rules.money import Money
from crm_tui.rules.reporting import Chart, Column, Kind, Record, Series, Table, Value, table

MOST_ROWS = 20
"""So many names stand below each other at most; the table has them all."""


def rows(title: str, label: str, value: str) -> Callable[[Table], Chart | None]:
    """A lying bar for each row: the largest first; in one currency only."""

    def made(table: Table) -> Chart | None:
        column = table.columns[table.place(value)]
        currency = _currency(table, value)
        pairs = [
            (str(name if name not in (None, "") else "—"), number)
            for name, cell in zip(table.values(label), table.values(value), strict=True)
            if (number := _number(cell, currency)) is not None
        ]
        pairs.sort(key=lambda pair: -pair[1])
        best = pairs[:MOST_ROWS]
        if len(best) < 2:
            return None
        values = tuple(number for _name, number in best)
        series = (Series(_(column.title), values),)
        return Chart("rows", title, tuple(name for name, _number in best), series, column.kind, currency)

    return made


def over_time(
    title: str, names: Sequence[str], *, kind: str = "lines", label: str = "day"
) -> Callable[[Table], Chart | None]:
    """A line or a set of bars for each of some columns, whose rows are days in order; in one currency only."""

    def made(table: Table) -> Chart | None:
        columns = [table.columns[table.place(name)] for name in names]
        currency = _currency(table, names[0])
        chosen = [row for row in table.rows if columns[0].kind is not Kind.MONEY or currency in _currencies(row)]
        if len(chosen) < 2:
            return None
        place = table.place(label)
        labels = tuple(_label(row[place]) for row in chosen)
        series = tuple(
            Series(_(column.title), tuple(_number(row[table.place(column.name)], currency) for row in chosen))
            for column in columns
        )
        return Chart(kind, title, labels, series, columns[0].kind, currency)

    return made


def _label(value: Value) -> str:
    return f"{value.day}.{value.month}." if isinstance(value, date) else str(value if value is not None else "—")


def _currency(table: Table, name: str) -> str:
    """The currency that most rows are in; empty where the column holds no amounts."""
    found = [value.currency for value in table.values(name) if isinstance(value, Money)]
    return max(sorted(set(found)), key=found.count) if found else ""


def _currencies(row: Sequence[Value]) -> set[str]:
    return {value.currency for value in row if isinstance(value, Money)}


def _number(value: Value, currency: str) -> float | None:
    if isinstance(value, Money):
        return float(value.amount) if value.currency == currency else None
    return float(value) if isinstance(value, int | float) else None


def of_records(
    columns: Sequence[Column], records: Sequence[Record], made: Callable[[Table], Chart | None]
) -> Callable[[Table], Chart | None]:
    """The chart of other rows than the table has: of days, where the table has single things."""
    return lambda _table: made(table(columns, records))
