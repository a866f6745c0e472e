"""Figures of a period: a row an agent and one for the team, a chart of them, and all figures of a row. An agent sees their
own (SPEC §10)."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.timer import Timer

from crm_tui.base.i18n import _
from crm_tui.rules.periods import Period, named_period
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.dialogs.period import choose_period, neighbour, words
from crm_tui.screens.inquiries.days import Today
from crm_tui.screens.tickets import calls
from crm_tui.screens.tickets.actions import FIGURES
from crm_tui.screens.tickets.figures import FiguresRow, FiguresRowView, head
from crm_tui.screens.tickets.figures_panel import FiguresPanel
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.chart import Chart
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource

if TYPE_CHECKING:
    from crm_tui.desk.common.views import Changes


REST = 0.15
"""Seconds the cursor rests on a row before its days are read and drawn."""


class FiguresScreen(Today, DeskScreen["str | None"]):
    """Table over chart and figures. The result is the name of the agent whose row was opened, or None.

    Args:
        agent: whose days are drawn; None: the team's (or one's own, for an agent).
    """

    DEFAULT_CSS = """
    FiguresScreen {
        #figures-title { background: $surface; }
        #list { height: auto; max-height: 40%; min-height: 3; }
    }
    """
    BINDINGS = bindings(FIGURES)

    def __init__(self, agent: int | None = None) -> None:
        super().__init__()
        self.agent = agent
        self.period: Period | None = None
        self.found: calls.Read | None = None
        self._followed = calls.Followed()
        self._resting: Timer | None = None

    def body(self) -> ComposeResult:
        """Period, table, what is told of a row."""
        self.title_line, self.head_line = Line(id="figures-title"), Line(id="head")
        self.list: RecordList[FiguresRow] = RecordList(
            FiguresRowView(), self.shell.background, markable=False, id="list"
        )
        self.panel = FiguresPanel(self.shell.background, id="panel")
        yield self.title_line
        yield self.head_line
        yield self.list
        yield self.panel

    @property
    def chart(self) -> Chart:
        """The chart of the panel."""
        return self.panel.chart

    def on_mount(self) -> None:
        """The table has the focus; the week is shown."""
        self.period = named_period("week", self.today())
        self.list.focus(scroll_visible=False)
        self._show_titles()
        super().on_mount()

    def desk_ready(self) -> None:
        """Read the figures."""
        period, agent, followed = self.period, self.agent, self._followed
        if period is not None:
            self.ask(lambda ctx: followed.read(ctx, period, agent), self._show, topic="figures")

    def desk_changed(self, _changes: Changes) -> None:
        """Figures of a period that goes on follow what happens."""
        if self.period is not None and self.today() in self.period:
            self.desk_ready()

    def minute_passed(self) -> None:
        """Working time goes on."""
        if self.period is not None and self.today() in self.period:
            self.desk_ready()

    def on_resize(self) -> None:
        """Other columns may fit."""
        self._show_titles()

    def _show(self, found: calls.Read) -> None:
        before, self.found = self.found, found
        if before is None or found.rows != before.rows:
            current = self.list.current or next((row for row in found.rows if row.id == self.agent), None)
            self.list.set_source(ListSource(found.rows), keep=current)
            self.list.styles.height = max(3, len(found.rows))
        self.panel.show(found.rows, found.points, self._whose())

    def _show_titles(self) -> None:
        said = words(self.period, self.today()) if self.period is not None else ""
        self.title_line.show(list_title(_("Figures of tickets").upper(), said))
        self.head_line.show(head(self.list.size.width or self.size.width))

    def _whose(self) -> str:
        rows = self.found.rows if self.found is not None else ()
        return next((row.figures.name for row in rows if row.id == self.agent), _("the team") if len(rows) > 1 else "")

    @property
    def resting(self) -> bool:
        """Whether the days of the row under the cursor are still to be read."""
        return self._resting is not None

    @on(RecordList.Highlighted)
    def _highlighted(self) -> None:
        """The figures that are told are those of the row, and so are the days that are drawn."""
        row = self.list.current
        self.panel.show_row(row)
        agent = row.id if row is not None and row.id > 0 else None
        if self.found is not None and row is not None and agent != self.agent:
            self.agent = agent
            if self._resting is not None:
                self._resting.stop()
            self._resting = self.set_timer(REST, self._rested)

    def _rested(self) -> None:
        self._resting = None
        self.desk_ready()

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        """Back to the tickets: those of the row's agent."""
        event.stop()
        row = self.list.current
        self.dismiss(row.figures.name if row is not None and row.id > 0 else None)

    # The period

    def action_period(self) -> None:
        """Choose a period by a letter, or type one."""
        choose_period(self.app, _("Figures of which days?"), self.period, self.today(), self._set)

    def _set(self, period: Period) -> None:
        self.period = period
        self._show_titles()
        self.desk_ready()

    def action_earlier(self) -> None:
        """The period before."""
        if self.period is not None:
            with suppress(OverflowError):  # at the beginning of time
                self._set(neighbour(self.period, -1))

    def action_later(self) -> None:
        """The period after."""
        if self.period is not None and self.period.end < self.today():
            self._set(neighbour(self.period, 1))

    def action_chart(self) -> None:
        """The next chart, or all figures."""
        self.panel.next_page()

    def action_export(self) -> None:
        """Write the figures to a file."""
        from crm_tui.screens.tickets.export import FiguresExport

        if self.period is not None:
            self.app.push_screen(FiguresExport(self.period))
