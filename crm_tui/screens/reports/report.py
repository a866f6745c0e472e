"""One report: its table with totals, what the row under the cursor says in full, and a chart where one says more."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from crm_tui import desk
from crm_tui.base.errors import Cancelled, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.base.progress import CancelEvent
from crm_tui.rules.periods import Period, named_period
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.dialogs.leader import Choice, LeaderMenu
from crm_tui.screens.dialogs.period import choose_period, neighbour, words
from crm_tui.screens.inquiries.days import Today
from crm_tui.screens.reports.actions import ONE
from crm_tui.screens.reports.charts import chart_data
from crm_tui.screens.reports.rows import ReportRow, ReportView, laid_out, rows_of, totals_of
from crm_tui.screens.reports.session import Kept, session
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.cells import wrap
from crm_tui.widgets.chart import Chart
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes
    from crm_tui.desk.reports import Report, ReportData

TOLD_AFTER = 0.3
"""Seconds of work from which on it is said that it goes on."""
BOTH_FROM = 32
"""Lines of the screen from which on table and chart have room together."""
AROUND = 8
"""Lines of the screen that are neither rows nor totals nor chart: header, title, head, rule, details, footer."""
EMPTY = 3
"""Lines in which an empty table says why."""
TOTALS, DETAILS = 4, 2
"""Lines for totals, one a currency, and for the row under the cursor."""


class ReportScreen(Today, DeskScreen[None]):
    """A report for a period.

    Args:
        report: which one.
        period: the days; None: those asked for last, else its usual ones.
    """

    DEFAULT_CSS = """
    ReportScreen {
        #report-title, #totals Line { background: $surface; }
        #head { border-bottom: none; }
        #totals { height: auto; }
        #details { height: auto; border-top: solid $desk-line; }
        #chart-box { height: 1fr; padding: 0 1; border-top: solid $desk-line; }
        &.-chart-only #table { display: none; }
        &.-table-only #chart-box { display: none; }
        #table { height: auto; }
    }
    """
    BINDINGS = bindings(ONE)

    def __init__(self, report: Report, period: Period | None = None) -> None:
        super().__init__()
        self.report = report
        self._period = period
        self.data: ReportData | None = None
        self.seconds = 0.0
        """How long the figures took."""
        self._work: CancelEvent | None = None
        self._rows: list[ReportRow] = []
        self._sums: list[list[str]] = []
        self._shown = "both"

    # What is asked

    @property
    def period(self) -> Period:
        """The days it is of."""
        asked = self._period or session(self.app).period
        return asked or named_period(self.report.period, self.today())

    @property
    def kept(self) -> Kept:
        """How it is narrowed."""
        return session(self.app).reports.setdefault(self.report.name, Kept())

    # The screen

    def body(self) -> ComposeResult:
        """Title, head, rows, totals, details; chart."""
        self.title_line, self.head_line = Line(id="report-title"), Line(id="head")
        self.view = ReportView()
        self.list: RecordList[ReportRow] = RecordList(self.view, self.shell.background, markable=False, id="list")
        self.totals = [Line() for _number in range(TOTALS)]
        self.details = [Line() for _number in range(DETAILS)]
        self.chart = Chart(self.shell.background, id="chart")
        self.chart_title = Line(id="chart-title")
        yield self.title_line
        with Vertical(id="table"):
            yield self.head_line
            yield self.list
            with Vertical(id="totals"):
                yield from self.totals
            with Vertical(id="details"):
                yield from self.details
        with Vertical(id="chart-box"):
            yield self.chart_title
            yield self.chart

    def on_mount(self) -> None:
        """The table has the focus."""
        self.list.focus(scroll_visible=False)
        self._arrange()
        self._show_title()
        super().on_mount()

    def on_resize(self) -> None:
        """Other columns may fit."""
        self._arrange()
        self._lay_out()

    def desk_ready(self) -> None:
        """Work it out."""
        self.read()

    def desk_changed(self, _changes: Changes) -> None:
        """Figures that are quick follow what happens; others when they are asked for again."""
        if self.data is not None and self._work is None and self.seconds < TOLD_AFTER:
            self.read()

    def read(self) -> None:
        """Ask for the figures."""
        if self._work is not None:
            self._work.set()
        self._work = stop = CancelEvent()
        report, period, kept = self.report, self.period, self.kept
        by, filters, began = kept.by, dict(kept.filters), time.monotonic()

        def work(ctx: Context) -> ReportData:
            own = desk.reports.own_only(ctx, report)
            return desk.reports.run(ctx, report.name, period, filters | own, by=by, cancel=stop)

        def done(data: ReportData) -> None:
            self._work, self.seconds = None, time.monotonic() - began
            self._show(data)

        self.ask(work, done, topic="figures", failed=lambda error: self._failed(error, stop))
        self.set_timer(TOLD_AFTER, lambda: self._still(stop))

    def _still(self, stop: CancelEvent) -> None:
        if self._work is stop:
            self._show_title()

    def _failed(self, error: Exception, stop: CancelEvent) -> None:
        if self._work is stop:
            self._work = None
        if isinstance(error, InvalidInput) and self.data is not None:  # what is shown is what it says it is
            self.kept.by, self.kept.filters = self.data.by, dict(self.data.filters)
            if self.period != self.data.period:
                self._period, session(self.app).period = None, self.data.period
        self._show_title()
        if not isinstance(error, Cancelled):
            self.shell.report(error)

    def _show(self, data: ReportData) -> None:
        self.data = data
        self._rows, self._sums = rows_of(data, self.shell.zone, self.today()), totals_of(data, self.shell.zone)
        self.view.empty_text = [
            (_("There is nothing in these days."), "muted"),
            (_("D chooses other days, f changes what it is narrowed to."), "key"),
        ]
        self._arrange()
        self._lay_out()
        self.list.set_source(ListSource(self._rows), keep=self.list.current)
        self.chart.show(chart_data(data.chart) if data.chart is not None else None)
        chart_words = data.chart.title if data.chart is not None else ""
        self.chart_title.show([(" " + chart_words, "title")])
        self._show_title()

    def _arrange(self) -> None:
        """Table, chart, or both, as there is room and as was asked for."""
        chart = self.data is not None and self.data.chart is not None
        both = self._shown == "both" and self.app.size.height >= BOTH_FROM
        self.set_class(chart and self._shown == "chart", "-chart-only")
        self.set_class(not chart or not (both or self._shown == "chart"), "-table-only")
        room = self.app.size.height - AROUND - max(1, len(self._sums))
        if chart and both:
            room = room * 11 // 20
        rows = len(self._rows) or EMPTY
        self.list.styles.height = max(1, min(room, rows))

    def _lay_out(self) -> None:
        if self.data is None:
            return
        columns = self.data.table.columns
        width = (self.list.size.width or self.app.size.width) - 3
        layout = laid_out(columns, [*(row.cells for row in self._rows), *self._sums], width)
        self.view.layout = layout
        more = [(f"+{layout.left_out} ", "faint")] if layout.left_out else []
        self.head_line.show([("  ", ""), *layout.line([_(one.title) for one in columns], "muted")], more)
        for number, line in enumerate(self.totals):
            there = number < len(self._sums)
            line.display = there
            line.show([("  ", ""), *layout.line(self._sums[number], "strong")] if there else [])
        self.list.repaint()
        self._show_details()

    def _show_title(self) -> None:
        from crm_tui.desk.reports import words as said

        parts = [words(self.period, self.today())]
        count = ""
        if self.data is not None:
            count = said.counted(self.data)
            parts += said.narrowed(self.data)
        busy = _("working… Esc stops") if self._work is not None else ""
        title = list_title(_(self.report.title).upper(), count, filtered=" · ".join(parts))
        self.title_line.show(title, [(busy + " ", "accent")] if busy else [])

    @on(RecordList.Highlighted)
    @on(RecordList.Loaded)
    def _show_details(self) -> None:
        """The row under the cursor in full: what had no room in its line."""
        row = self.list.current
        note = self.data.note if self.data is not None else ""
        text = self._in_full(row) if row is not None else ""
        ranges = wrap(text, max(1, self.app.size.width - 2))[:DETAILS] if text else []
        lines: list[list[Part]] = [[(" " + text[start:end], "muted")] for start, end in ranges]
        if note and len(lines) < DETAILS:
            lines.append([(" " + note, "faint")])
        for number, line in enumerate(self.details):
            line.show(lines[number] if number < len(lines) else [])

    def _in_full(self, row: ReportRow) -> str:
        assert self.data is not None
        pairs = zip(self.data.table.columns, row.cells, strict=False)
        return " · ".join(f"{_(column.title)}: {cell}" for column, cell in pairs if cell and cell != "—")

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        """Open what the row is about."""
        event.stop()
        row = self.list.current
        if row is None or row.link is None:
            self.shell.tell(_("This row is about no single thing; f narrows the report."))
            return
        opening: dict[str, Callable[[int], object]] = {
            "reservation": self.shell.open_reservation,
            "inquiry": self.shell.open_inquiry,
            "guest": self.shell.open_guest,
            "conversation": self.shell.open_conversation,
        }
        opening[row.link.kind](row.link.number)

    # Keys

    def action_period(self) -> None:
        """Choose the days."""
        title = _("{report}: which days?").format(report=_(self.report.title))
        choose_period(self.app, title, self.period, self.today(), self._set_period)

    def action_earlier(self) -> None:
        """The period before."""
        self._move(-1)

    def action_later(self) -> None:
        """The period after."""
        self._move(1)

    def _move(self, by: int) -> None:
        with suppress(OverflowError):  # at the ends of time
            self._set_period(neighbour(self.period, by))

    def _set_period(self, period: Period) -> None:
        self._period = None
        session(self.app).period = period
        self._show_title()
        self.read()

    def action_filter(self) -> None:
        """Narrow it."""
        from crm_tui.screens.reports.filter import ReportFilter

        if not self.report.filters:
            self.shell.tell(_("This report has a period only."))
            return

        def chosen(filters: dict[str, str] | None) -> None:
            if filters is not None:
                self.kept.filters = filters
                self.read()

        self.app.push_screen(ReportFilter(self.report, self.kept.filters), chosen)

    def action_by(self) -> None:
        """Choose what a row stands for."""
        if not self.report.by:
            self.shell.tell(_("The rows of this report stand for one thing only."))
            return
        choices = [
            Choice(str(number), _(label), name) for number, (name, label) in enumerate(self.report.by.items(), 1)
        ]

        def chosen(by: str | None) -> None:
            if by:
                self.kept.by = by
                self.read()

        self.app.push_screen(LeaderMenu(_("A row for"), choices), chosen)

    def action_chart(self) -> None:
        """Chart, table, both."""
        if self.data is None or self.data.chart is None:
            self.shell.tell(_("There is no chart of this: the table says it all."))
            return
        room = self.app.size.height >= BOTH_FROM
        order = ("both", "chart", "table") if room else ("table", "chart")
        now = self._shown if self._shown in order else "table"
        self._shown = order[(order.index(now) + 1) % len(order)]
        self._arrange()
        if self._shown != "chart":
            self.call_after_refresh(self.list.focus, scroll_visible=False)

    def action_export(self) -> None:
        """Write it to a file."""
        from crm_tui.screens.reports.export import ReportExport

        if self.data is not None:
            self.app.push_screen(ReportExport(self.data))

    def action_again(self) -> None:
        """Read the figures again."""
        self.read()

    def action_back(self) -> None:
        """Work that goes on is stopped first; then filters go; then the screen."""
        if self._work is not None:
            self._work.set()
        elif self.kept.filters:
            self.kept.filters = {}
            self.read()
        else:
            super().action_back()
