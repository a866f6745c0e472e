"""Reports in files: CSV (UTF-8 without a mark, ISO dates, safe against formulas: QUALITY S12) and JSON, an object a line.

Names of columns are the same in both and never change; an amount is a decimal string with a ``currency`` beside it, a length
of time is whole seconds, a share a fraction. CSV has the rows alone, so that a spreadsheet can add them up; JSON has a last
line for each total.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.common.context import Context
from crm_tui.desk.reports.views import ReportData
from crm_tui.desk.reports.words import plain
from crm_tui.files.private import Unwritable, private_file
from crm_tui.files.tables import write_csv
from crm_tui.mail.text import display_text
from crm_tui.rules.money import Money
from crm_tui.rules.reporting import Column, Kind, Row

FORMATS = ("csv", "json")


def fields(data: ReportData) -> list[str]:
    """The names of the columns of a file: ``currency`` stands behind the last amount."""
    names: list[str] = []
    last = max((place for place, one in enumerate(data.table.columns) if one.kind is Kind.MONEY), default=None)
    for place, column in enumerate(data.table.columns):
        names.append(column.name)
        if place == last:
            names.append("currency")
    return names


def record(data: ReportData, row: Row) -> dict[str, Any]:
    """A row by the names of :func:`fields`, as JSON has it."""
    found = {column.name: plain(value) for column, value in zip(data.table.columns, row, strict=True)}
    found["currency"] = next((value.currency for value in row if isinstance(value, Money)), None)
    return {name: found[name] for name in fields(data)}


def records(data: ReportData) -> Iterator[dict[str, Any]]:
    """All rows, then the totals: those have ``total``, the report, its period and what it was narrowed to."""
    for row in data.table.rows:
        yield record(data, row)
    about: dict[str, Any] = {"total": True, "report": data.name, "from": data.period.start.isoformat()}
    about |= {"to": data.period.end.isoformat(), "by": data.by or None, "filters": dict(data.filters)}
    about["rows"] = len(data.table.rows)
    for totals in data.table.totals or (None,):
        yield about | ({} if totals is None else _sums(data.table.columns, record(data, totals)))


def _sums(columns: Iterable[Column], found: dict[str, Any]) -> dict[str, Any]:
    """A total without the columns that have none; one that is no sum of the rows, as what several had, is there all the same."""
    named = {column.name for column in columns if not (column.additive or column.of)}
    return {name: value for name, value in found.items() if name not in named or value is not None}


def write_rows(data: ReportData, stream: TextIO) -> int:
    """Write the rows as CSV; returns how many.

    Args:
        stream: opened as UTF-8 with ``newline=""``.
    """
    cells = ([_cell(value) for value in record(data, row).values()] for row in data.table.rows)
    names = fields(data)
    numbers = {names.index(column.name) for column in data.table.columns if column.right}
    return write_csv(stream, names, cells, numbers=numbers)


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def to_file(ctx: Context, data: ReportData, path: Path, *, kind: str = "csv", overwrite: bool = False) -> int:
    """Write a report into a file that only its owner can read; returns how many rows.

    The journal notes who took which report out.

    Raises:
        InvalidInput: the file exists already, or cannot be written; ``field`` is ``path``.
        Forbidden: the desk was opened to read only.
    """
    path = path.expanduser()
    shown = display_text(str(path))
    try:
        with private_file(path, overwrite=overwrite) as raw:
            text = TextIOWrapper(raw, "utf-8", errors="replace", newline="")
            count = _written(data, text, kind)
            text.flush()
            text.detach()
            with ctx.write() as tx:
                noted = {"kind": f"report {data.name}", "format": kind, "count": count}
                noted |= {"period": str(data.period), "file": display_text(path.name)}
                tx.journal("export", 0, "export", None, noted)
            return count
    except Unwritable as error:
        words = _("{path} cannot be written: {reason}.") if error.reason else _("{path} exists already.")
        raise InvalidInput(words.format(path=shown, reason=error.reason), field="path") from None


def _written(data: ReportData, stream: TextIO, kind: str) -> int:
    if kind == "csv":
        return write_rows(data, stream)
    for one in records(data):
        stream.write(json.dumps(one, ensure_ascii=False) + "\n")
    return len(data.table.rows)
