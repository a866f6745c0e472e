"""Charts of finished tables, so that a chart shows what the table says."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date

from crm_tui.base.i18n import _
from crm_tui.rules.money import Money
from crm_tui.rules.periods import Period
from crm_tui.rules.reporting import Chart, Column, Record, Row, Series, Table, Value, table

MOST_ROWS = 20
"""So many names stand below each other at most; the table has them all."""


def rows(title: str, labels: Sequence[str], value: str) -> Callable[[Table], Chart | None]:
    """A lying bar for each row, called by what stands in some columns: the largest first; in one currency only."""

    def made(table: Table) -> Chart | None:
        column = table.columns[table.place(value)]
        currency = _currency(table, value)
        pairs = [
            (": ".join(str(name) for name in names if name not in (None, "")) or "—", number)
            for *names, cell in zip(*(table.values(one) for one in (*labels, value)), strict=True)
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


def bars(title: str, label: str, names: Sequence[str]) -> Callable[[Table], Chart | None]:
    """Standing bars of some columns in the order of the rows; in one currency only."""

    def made(table: Table) -> Chart | None:
        columns = [table.columns[table.place(name)] for name in names]
        currency = _currency(table, names[0])
        place, first = table.place(label), table.place(names[0])
        chosen = [row for row in table.rows if _number(row[first], currency) is not None]
        if len(chosen) < 2:
            return None
        series = tuple(
            Series(_(column.title), tuple(_number(row[table.place(column.name)], currency) for row in chosen))
            for column in columns
        )
        return Chart("grouped", title, tuple(str(row[place]) for row in chosen), series, columns[0].kind, currency)

    return made


def over_time(
    title: str, names: Sequence[str], period: Period, *, kind: str = "lines", label: str = "day"
) -> Callable[[Table], Chart | None]:
    """A line or a set of bars for each of some columns, whose rows are days; in one currency only.

    A long period is drawn by weeks or months: what adds up is added up, averages and shares are worked out anew.
    """

    def made(table: Table) -> Chart | None:
        columns = [table.columns[table.place(name)] for name in names]
        currency = _currency(table, names[0])
        unit = next((unit for most, unit in _UNITS if len(period) <= most), "month")
        parts = period.parts(unit)
        if len(parts) < 2:
            return None
        inside: list[list[Row]] = [[] for _part in parts]
        starts = [part.start for part in parts]
        for row, day in zip(table.rows, table.values(label), strict=True):
            if isinstance(day, date) and day in period:
                inside[bisect_right(starts, day) - 1].append(row)
        labels = tuple(_label(part.start, unit) for part in parts)
        series = tuple(
            Series(_(column.title), tuple(_together(table, column, rows, currency) for rows in inside))
            for column in columns
        )
        return Chart(kind, title, labels, series, columns[0].kind, currency)

    return made


_UNITS = ((62, "day"), (366, "week"))
"""So many days are drawn one by one, so many by weeks; more by months."""


def _together(table: Table, column: Column, rows: Sequence[Row], currency: str) -> float | None:
    """A column's figure for some rows."""
    if column.of is None:
        place = table.place(column.name)
        return sum(number for row in rows if (number := _number(row[place], currency)) is not None)
    upper, lower = (sum(_number(row[table.place(name)], currency) or 0 for row in rows) for name in column.of)
    return upper / lower if lower else None


def _label(day: date, unit: str) -> str:
    return f"{day.month}/{day.year}" if unit == "month" else f"{day.day}.{day.month}."


def _currency(table: Table, name: str) -> str:
    """The currency that most rows are in; empty where the column holds no amounts."""
    found = [value.currency for value in table.values(name) if isinstance(value, Money)]
    return max(sorted(set(found)), key=found.count) if found else ""


def _number(value: Value, currency: str) -> float | None:
    if isinstance(value, Money):
        return float(value.amount) if value.currency == currency else None
    return float(value) if isinstance(value, int | float) else None


def of_records(
    columns: Sequence[Column], records: Callable[[], Sequence[Record]], made: Callable[[Table], Chart | None]
) -> Callable[[Table], Chart | None]:
    """The chart of other rows than the table has: of days, where the table has single things."""
    return lambda _table: made(table(columns, records()))
