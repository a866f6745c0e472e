"""How reports look: the list of them, and the table of one in the room there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from crm_tui.base.i18n import _, language
from crm_tui.widgets.cells import fit
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.reports import Link, Report, ReportData
    from crm_tui.rules.reporting import Column

_GAP = 2
_NARROWEST, _WIDEST = 8, 44
"""Columns of text give way down to the first, and never take more than the second."""


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
    """Columns as wide as what stands in them; text gives way first, then columns are left out from the right."""
    shown = [place for place, column in enumerate(columns) if column.shown]
    widths = {place: _wanted(columns[place], [row[place] for row in rows]) for place in shown}
    room -= 1
    while shown and sum(widths[place] + _GAP for place in shown) > room:
        texts = [place for place in shown if not columns[place].right and widths[place] > _NARROWEST]
        if texts:
            widest = max(texts, key=lambda place: widths[place])
            over = sum(widths[place] + _GAP for place in shown) - room
            others = max((widths[place] for place in texts if place != widest), default=_NARROWEST)
            least = max(_NARROWEST, min(others, widths[widest] - 1))
            widths[widest] = max(least, widths[widest] - over)
        elif len(shown) > 1:
            shown.pop()
        else:
            break
    left = sum(1 for column in columns if column.shown) - len(shown)
    return Layout(columns, [(place, widths[place]) for place in shown], left)


def _wanted(column: Column, cells: Sequence[str]) -> int:
    longest = max((cell_len(text) for text in (_(column.title), *cells)), default=0)
    return longest if column.right else min(_WIDEST, longest)


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


def rows_of(data: ReportData, zone: tzinfo) -> list[ReportRow]:
    """The rows in the agent's language."""
    from crm_tui.desk.reports import words

    every = range(len(data.table.columns))
    return [
        ReportRow(number, tuple(words.cells(data, row, every, zone, language())), link)
        for number, (row, link) in enumerate(zip(data.table.rows, data.links, strict=True))
    ]


def totals_of(data: ReportData, zone: tzinfo) -> list[list[str]]:
    """The rows of totals in the agent's language."""
    from crm_tui.desk.reports import words

    every = range(len(data.table.columns))
    return [words.totals(data, row, every, zone, language()) for row in data.table.totals]
