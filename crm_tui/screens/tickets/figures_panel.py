"""Below the table of figures: a chart, and all figures of the row under the cursor beside it or as a page of their own."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from crm_tui.base.i18n import _
from crm_tui.screens.tickets.figures import NOBODY, TEAM, FiguresRow, Look, Points, Rows, looks
from crm_tui.screens.tickets.figures_detail import FiguresDetail
from crm_tui.widgets.background import Background
from crm_tui.widgets.chart import Chart
from crm_tui.widgets.line import Line
from crm_tui.widgets.styled import Part

TALLEST = 16
"""Lines of the chart: it changes with the row, and each line of it costs on a slow line."""
LEAST = 8
"""Lines that a chart needs with its axes and legend; where all figures would leave it fewer, they are a page instead."""
TITLE = 2
"""Lines of a title, the line over it included."""


class FiguresPanel(Vertical):
    """Chart over all figures where there is room for both; else pages, all figures the first of them.

    Args:
        background: draws the chart.
    """

    DEFAULT_CSS = """
    FiguresPanel {
        height: 1fr;
        #chart-title, #detail-title { background: $surface; border-top: solid $desk-line; height: 2; }
        #chart-box { height: 1fr; padding: 0 1; }
    }
    """

    def __init__(self, background: Background, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.chart_title, self.detail_title = Line(id="chart-title"), Line(id="detail-title")
        self.chart = Chart(background, tallest=TALLEST, id="chart")
        self.detail = FiguresDetail(id="detail")
        self._chart_box = Vertical(self.chart, id="chart-box")
        self._rows: Rows = ()
        self._points: Points = ()
        self._row: FiguresRow | None = None
        self._whose = ""
        self._at = 0
        self._all = True
        """The page of all figures is chosen; it is shown only where there is no room for both."""

    def compose(self) -> ComposeResult:
        """Chart, figures."""
        yield self.chart_title
        yield self._chart_box
        yield self.detail_title
        yield self.detail

    def on_mount(self) -> None:
        """Nothing was read yet."""
        self._make_room()

    def on_resize(self) -> None:
        """There may be room for both now, or not any more."""
        self._show_row()

    def show(self, rows: Rows, points: Points, whose: str) -> None:
        """Draw the chart of these, ``whose`` days the points are."""
        self._rows, self._points, self._whose = rows, points, whose
        self._draw()
        self._show_titles()

    def show_row(self, row: FiguresRow | None) -> None:
        """Say all figures of this row."""
        if row != self._row:
            self._row = row
            self._show_row()

    def next_page(self) -> None:
        """The next chart, or all figures."""
        last = self._at == len(looks()) - 1
        if self.paged and (self._all or last):
            self._all, self._at = not self._all, 0
        else:
            self._at = 0 if last else self._at + 1
        self._make_room()
        self._draw()

    @property
    def paged(self) -> bool:
        """Whether chart and figures take turns."""
        return self.size.height < TITLE + LEAST + TITLE + self.detail.height

    def _show_row(self) -> None:
        self.detail.show(self._row.figures if self._row is not None else None, self.size.width)
        self._make_room()

    def _make_room(self) -> None:
        """What is shown in the room there is."""
        paged = self.paged
        alone = paged and self._all
        self._chart_box.display = not alone
        self._chart_box.styles.max_height = None if paged else TALLEST
        self.detail_title.display = not paged
        self.detail.display = alone or not paged
        self._show_titles()

    def _draw(self) -> None:
        if self._rows:
            self.chart.show(self._look.make(self._rows, self._points))

    @property
    def _look(self) -> Look:
        return looks()[self._at]

    def _show_titles(self) -> None:
        title = _("All figures")
        if self.paged and self._all:
            self.chart_title.show(*_titled(title, self._row_name(), 1, len(looks()) + 1))
        else:
            shift = int(self.paged)
            self.chart_title.show(*_titled(self._look.title, self._whose, self._at + 1 + shift, len(looks()) + shift))
        self.detail_title.show(_titled(title, self._row_name(), 0, 0)[0])

    def _row_name(self) -> str:
        if self._row is None:
            return ""
        return {TEAM: _("the team"), NOBODY: _("nobody")}.get(self._row.id, self._row.figures.name)


def _titled(title: str, whose: str, page: int, pages: int) -> tuple[Sequence[Part], Sequence[Part]]:
    return [(" " + title, "title"), (f"  {whose}", "muted")], [(f"{page}/{pages} ", "faint")]
