"""What the cells of a report say: to people, in their language and the property's zone; and to programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.words import said
from crm_tui.desk.reports.registry import FILTERS
from crm_tui.desk.reports.views import ReportData
from crm_tui.mail.text import display_text
from crm_tui.rules.money import Money
from crm_tui.rules.reporting import Column, Kind, Row, Value

NOTHING = "—"
"""What stands where there is no figure, as an average of nothing."""


def cell(column: Column, value: Value, zone: tzinfo, language: str = "") -> str:
    """A cell as people read it; amounts as one writes them in a language, or plainly."""
    if value is None or value == "":
        return NOTHING if column.right else ""
    if isinstance(value, Money):
        return value.written(language) if language else str(value)
    if column.kind is Kind.DURATION and isinstance(value, int):
        return duration(value)
    if column.kind is Kind.SHARE and isinstance(value, int | float):
        return _("{n} %").format(n=f"{value * 100:.1f}")
    if isinstance(value, float):
        return f"{value:.1f}"
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)


def duration(seconds: int) -> str:
    """A length of time that can be compared in a column: ``45 s``, ``12 min``, ``3 h 10 m``, ``125 h 05 m``; never in days.

    Minutes that are over, as a clock shows them: the same figure is the same on every screen.
    """
    if abs(seconds) < 60:
        return _("{n} s").format(n=seconds)
    minutes = seconds // 60 if seconds > 0 else -(-seconds // 60)
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    return _("{h} h {m} m").format(h=minutes // 60, m=f"{minutes % 60:02}")


def cells(data: ReportData, row: Row, places: Sequence[int], zone: tzinfo, language: str = "") -> list[str]:
    """Some cells of a row as people read them."""
    return [cell(data.table.columns[place], row[place], zone, language) for place in places]


def totals(data: ReportData, row: Row, places: Sequence[int], zone: tzinfo, language: str = "") -> list[str]:
    """Some cells of a row of totals: its name first, nothing in columns that have no total."""
    named = [(data.table.columns[place], row[place]) for place in places]
    shown = [
        cell(column, value, zone, language) if value is not None or column.additive or column.of else ""
        for column, value in named
    ]
    return [_total_title(data, row), *shown[1:]]


def _total_title(data: ReportData, row: Row) -> str:
    """Total, with its currency if there are several."""
    if len(data.table.totals) < 2:
        return _("Total")
    currency = next((value.currency for value in row if isinstance(value, Money)), "")
    return _("Total {currency}").format(currency=currency) if currency else _("Total, no amount")


def counted(data: ReportData) -> str:
    """How many rows there are, in words."""
    count = len(data.table.rows)
    return ngettext("{n} row", "{n} rows", count).format(n=count)


def narrowed(data: ReportData) -> list[str]:
    """What it was narrowed to, and what a row stands for, in words."""
    usual = next(iter(data.report.by), "")
    words = [_("by {what}").format(what=_(data.report.by[data.by]))] if data.by != usual else []
    for name, given in data.filters.items():
        shown = said(data.report.statuses, given) if name == "status" else display_text(given)
        words.append(_("{filter}: {value}").format(filter=_(FILTERS[name]), value=shown))
    return words


def plain(value: Value) -> Any:
    """A cell as JSON has it: amounts as decimal strings, days and instants in ISO."""
    if isinstance(value, Money):
        return value.decimal
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value
