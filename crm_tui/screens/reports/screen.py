"""The list of reports: one line each, and the period that they are asked for."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from crm_tui import desk
from crm_tui.base.i18n import _, ngettext
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.dialogs.period import choose_period, neighbour, words
from crm_tui.screens.inquiries.days import Today
from crm_tui.screens.reports.actions import LIST
from crm_tui.screens.reports.report import ReportScreen
from crm_tui.screens.reports.rows import Named, NamedView
from crm_tui.screens.reports.session import session
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.cells import wrap
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource

if TYPE_CHECKING:
    from crm_tui.desk.reports import Report
    from crm_tui.rules.periods import Period


ABOUT = 2
"""Lines below the list."""


class ReportsScreen(Today, DeskScreen[None]):
    """Enter opens a report."""

    DEFAULT_CSS = """
    ReportsScreen {
        #list-title { background: $surface; }
        #details { height: auto; border-top: solid $desk-line; }
    }
    """
    BINDINGS = bindings(LIST)

    def body(self) -> ComposeResult:
        """Title, list."""
        self.title_line, self.about = Line(id="list-title"), [Line(classes="about") for _number in range(ABOUT)]
        self.list: RecordList[Named] = RecordList(NamedView(), self.shell.background, markable=False, id="list")
        yield self.title_line
        yield self.list
        with Vertical(id="details"):
            yield from self.about

    def on_mount(self) -> None:
        """The list has the focus."""
        self.list.focus(scroll_visible=False)
        self._show_title()
        super().on_mount()

    def on_screen_resume(self) -> None:
        """Another period may have been chosen in a report."""
        super().on_screen_resume()
        self._show_title()

    def desk_ready(self) -> None:
        """Which reports there are."""
        self.ask(lambda ctx: desk.reports.listed(ctx), self._show, topic="reports")

    def _show(self, found: list[Report]) -> None:
        self.list.set_source(ListSource([Named(one.name, one) for one in found]), keep=self.list.current)
        self._show_title()

    @on(RecordList.Loaded)
    def _show_title(self) -> None:
        count = ngettext("{n} report", "{n} reports", self.list.total).format(n=self.list.total)
        period = session(self.app).period
        said = words(period, self.today()) if period is not None else _("each with its usual days · D chooses others")
        self.title_line.show(list_title(_("Reports").upper(), count, filtered=said))

    @on(RecordList.Loaded)
    @on(RecordList.Highlighted)
    def _show_about(self) -> None:
        """What the report under the cursor says, in full: its line may have no room for it."""
        row = self.list.current
        text = _(row.report.about) + "." if row is not None else ""
        ranges = wrap(text, max(1, self.app.size.width - 2))[:ABOUT] if text else []
        for number, line in enumerate(self.about):
            line.show([(" " + text[slice(*ranges[number])], "muted")] if number < len(ranges) else [])

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        event.stop()
        row = self.list.current
        if row is not None:
            self.app.push_screen(ReportScreen(row.report))

    def action_period(self) -> None:
        """Choose the days of all reports."""
        choose_period(self.app, _("Reports of which days?"), session(self.app).period, self.today(), self._set)

    def action_earlier(self) -> None:
        """The period before."""
        self._move(-1)

    def action_later(self) -> None:
        """The period after."""
        self._move(1)

    def _move(self, by: int) -> None:
        period = session(self.app).period
        if period is None:
            self.shell.tell(_("Each report has its usual days; D chooses days for all of them."))
            return
        with suppress(OverflowError):  # at the ends of time
            self._set(neighbour(period, by))

    def _set(self, period: Period) -> None:
        session(self.app).period = period
        self._show_title()
