"""How reports look: the list of them, and the table of one in the room there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from crm_tui.base.i18n import _, language
from crm_tui.widgets.cells import fit
from crm_tui.widgets.days import day, weekday
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.reports import Link, Report, ReportData
    from crm_tui.rules.reporting import Column

_GAP = 2
_NARROWEST, _WIDEST = 8, 44
"""Columns of text give way down to the first, and never take more than the second."""
_TITLE = 7
"""What is left of a title at least."""


class ReportRow(NamedTuple):
    """A row of a report: its cells as people read them, of all columns."""

    id: int
    cells: tuple[str, ...]
    link: Link | None


class Named(NamedTuple):
    """A report in the list of them."""

    id: str
    report: Report


class NamedView:
    """Draws the list of reports: title and what each says."""

    def empty(self) -> Sequence[Part]:
        """It is never empty once it was read."""
        return []

    def parts(self, row: Named, width: int) -> list[Part]:
        """Title, then one line about it."""
        name = min(26, max(20, width // 4))
        return [
            (" " + fit(_(row.report.title), name) + " ", "strong"),
            (fit(_(row.report.about), max(0, width - name - 2)), "muted"),
        ]


@dataclass
class Layout:
    """Which columns are shown, and how wide.

    Attributes:
        places: of the columns that fit, with their widths.
        left_out: how many more there are.
    """

    columns: Sequence[Column] = ()
    places: list[tuple[int, int]] = field(default_factory=list)
    left_out: int = 0

    def line(self, cells: Sequence[str], style: str) -> list[Part]:
        """The cells of a row, or the titles, as parts of a line."""
        parts: list[Part] = [(" ", "")]
        for place, width in self.places:
            column = self.columns[place]
            look = style or ("" if column.right or place == self.places[0][0] else "muted")
            parts += [(fit(cells[place], width, right=column.right), look), (" " * _GAP, "")]
        return parts


def laid_out(columns: Sequence[Column], rows: Sequence[Sequence[str]], room: int) -> Layout:
    """Columns as wide as what stands in them; texts and titles give way first, then columns are left out from the right."""
    shown = [place for place, column in enumerate(columns) if column.shown]
    spans = {place: _span(columns[place], [row[place] for row in rows]) for place in shown}
    widths = {place: most for place, (_least, most) in spans.items()}
    while (over := sum(widths[place] + _GAP for place in shown) - (room - 1)) > 0:
        loose = [place for place in shown if widths[place] > spans[place][0]]
        if loose:
            widest = max(loose, key=lambda place: widths[place])
            others = max((widths[place] for place in loose if place != widest), default=0)
            widths[widest] = max(spans[widest][0], min(others, widths[widest] - 1), widths[widest] - over)
        elif len(shown) > 1:
            shown.pop()
        else:
            break
    left = sum(1 for column in columns if column.shown) - len(shown)
    return Layout(columns, [(place, widths[place]) for place in shown], left)


def _span(column: Column, cells: Sequence[str]) -> tuple[int, int]:
    """How narrow and how wide a column may be: figures and days are never cut, their titles and texts are."""
    longest = max((cell_len(text) for text in cells), default=0)
    whole = max(longest, cell_len(_(column.title)))
    if column.right or column.kind != "text":
        return min(whole, max(longest, _TITLE)), whole
    return min(whole, _NARROWEST), min(whole, _WIDEST)


class ReportView:
    """Draws the rows of a report; :attr:`layout` says where its columns stand."""

    def __init__(self) -> None:
        self.layout = Layout()
        self.empty_text: Sequence[Part] = ()

    def empty(self) -> Sequence[Part]:
        """What an empty table says."""
        return self.empty_text

    def parts(self, row: ReportRow, width: int) -> list[Part]:
        """The cells."""
        parts = self.layout.line(row.cells, "")
        used = sum(cell_len(text) for text, _look in parts)
        return [*parts, (" " * max(0, width - used), "")]


def rows_of(data: ReportData, zone: tzinfo, today: date) -> list[ReportRow]:
    """The rows in the agent's language."""
    from crm_tui.desk.reports import words

    every = range(len(data.table.columns))
    found = []
    for number, (row, link) in enumerate(zip(data.table.rows, data.links, strict=True)):
        cells = words.cells(data, row, every, zone, language())
        for place, on in enumerate(row):
            if isinstance(on, date) and not isinstance(on, datetime):
                cells[place] = f"{weekday(on)} {day(on, today)}"
        found.append(ReportRow(number, tuple(cells), link))
    return found


def totals_of(data: ReportData, zone: tzinfo) -> list[list[str]]:
    """The rows of totals in the agent's language."""
    from crm_tui.desk.reports import words

    every = range(len(data.table.columns))
    return [words.totals(data, row, every, zone, language()) for row in data.table.totals]
