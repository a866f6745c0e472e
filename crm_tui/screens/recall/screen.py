"""The recall screen: a month of demand, the free nights chosen in it, and who on the waitlist wants them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.requests.recall_views import MARKS, SIGNS, Mark, Recalled, Waitlisted
from crm_tui.rules import demand as rules
from crm_tui.rules.demand import Demand
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.recall.actions import ACTIONS
from crm_tui.screens.recall.calendar import MonthGrid, legend
from crm_tui.screens.recall.rows import WaitlistedView
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.dialogs import Answer, Ask
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource
from crm_tui.widgets.times import days_of, month_of

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes


class RecallScreen(DeskScreen[None]):
    """Choose free nights in the calendar; the list shows who asked for them; ``d`` drafts the mails."""

    CSS = """
    RecallScreen #body { layout: vertical; height: 1fr; }
    RecallScreen #calendar { height: auto; }
    RecallScreen #who { height: 1fr; }
    RecallScreen Line { background: $surface; }
    RecallScreen.-two-panes #body, RecallScreen.-three-panes #body { layout: horizontal; }
    RecallScreen.-two-panes #calendar, RecallScreen.-three-panes #calendar {
        width: 58; height: 1fr; border-right: solid $desk-line;
    }
    RecallScreen.-three-panes #calendar { width: 72; }
    RecallScreen.-two-panes MonthGrid, RecallScreen.-three-panes MonthGrid { height: 13; }
    """
    BINDINGS = bindings(ACTIONS)
    AUTO_FOCUS: ClassVar[str | None] = ""

    def __init__(self) -> None:
        super().__init__()
        self._lost = False
        self._shown: tuple[date, date] | None = None
        self._listed: list[Waitlisted] = []
        self._month: date | None = None

    def body(self) -> ComposeResult:
        """Calendar and list, above each other or side by side."""
        self.month_title = Line(id="month-title")
        self.grid = MonthGrid(id="grid")
        self.list_title = Line(id="list-title")
        self.view = WaitlistedView(lambda: self.grid.today)
        self.list: RecordList[Waitlisted] = RecordList(self.view, self.shell.background, id="waiting")
        with Container(id="body"):
            with Vertical(id="calendar"):
                yield self.month_title
                yield self.grid
            with Vertical(id="who"):
                yield self.list_title
                yield self.list

    def on_mount(self) -> None:
        """Today, in this month."""
        self.grid.start(self.shell.clock.now().astimezone(self.shell.zone).date())
        self.grid.focus()
        self._title()
        super().on_mount()

    def desk_ready(self) -> None:
        """Read month and list."""
        if self.grid.today != (today := self.shell.clock.now().astimezone(self.shell.zone).date()):
            self.grid.start(today)
        self._read_month(anew=True)
        self._read_list(anew=True)

    def desk_changed(self, changes: Changes) -> None:
        """An inquiry, a consent or a draft changed."""
        if changes.everything or changes.ids.keys() & {"inquiry", "guest", "conversation", "draft", "outbox"}:
            self._read_month(anew=True)
            self._read_list(anew=True)

    def signs(self) -> list[tuple[str, str]]:
        """What the signs mean."""
        return [*legend(), ("≈", _("flexible dates")), *((SIGNS[mark], _(MARKS[mark])) for mark in Mark)]

    # Calendar

    @on(MonthGrid.Moved)
    def _moved(self) -> None:
        self._title()
        self._read_month()
        self._read_list()

    @on(MonthGrid.Taken)
    def _taken(self) -> None:
        self.list.focus()

    def _read_month(self, *, anew: bool = False) -> None:
        first, last = rules.month(self.grid.day.year, self.grid.day.month)
        if first == self._month and not anew:
            return
        self._month = first

        def read(ctx: Context) -> dict[date, Demand]:
            from crm_tui import desk

            return dict(desk.recall.demand(ctx, first, last))

        def show(found: Mapping[date, Demand]) -> None:
            if first == self._month:
                self.grid.show_demand(found)

        self.ask(read, show, topic="demand")

    def _title(self) -> None:
        first, last = self.grid.span
        nights = (last - first).days + 1
        words = ngettext("{n} night free", "{n} nights free", nights).format(n=nights)
        right = (
            (f"{days_of(first, last)} · {words} ", "accent")
            if self.grid.choosing
            else (_("space chooses nights") + " ", "faint")
        )
        self.month_title.show(
            [(" " + _("Demand").upper(), "title"), (" · " + month_of(self.grid.day), "strong")], [right]
        )

    # List

    def _read_list(self, *, anew: bool = False) -> None:
        first, last = self.grid.span
        if (first, last) == self._shown and not anew:
            return
        keep = (first, last) == self._shown
        self._shown = (first, last)
        lost = self._lost

        def read(ctx: Context) -> list[Waitlisted]:
            from crm_tui import desk

            return list(desk.recall.waitlisted(ctx, first, last, lost=lost))

        def show(found: list[Waitlisted]) -> None:
            self._listed = found
            self.view.empty_text = [
                (_("Nobody on the waitlist asked for {days}.").format(days=days_of(first, last)), "muted"),
                (_("Choose other nights, or L lists the lost inquiries too."), "faint"),
            ]
            self.list.set_source(ListSource(found), keep=self.list.current if keep else None)
            self._list_title()

        self.ask(read, show, topic="waitlisted", failed=self._failed)

    def _failed(self, error: Exception) -> None:
        self._listed = []
        self.list.set_source(ListSource([]))
        self.shell.report(error)

    @on(RecordList.MarksChanged)
    def _list_title(self) -> None:
        found = self._listed
        ready = sum(one.mark is Mark.READY for one in found)
        words = _("{n} of {of} may be written to").format(n=ready, of=len(found)) if found else ""
        name = (_("Waitlist and lost") if self._lost else _("Waitlist")).upper()
        first, last = self._shown or self.grid.span
        self.list_title.show(
            list_title(f"{name} · {days_of(first, last)}", words, marked=len(self.list.marked)),
            [(_("D drafts") + " ", "faint")] if ready else [],
        )

    @on(RecordList.Opened)
    def _open(self, event: RecordList.Opened) -> None:
        event.stop()
        row = self.list.current
        if row is not None:
            self.shell.open_inquiry(row.id)

    # Acting

    def action_lost(self) -> None:
        """List the lost inquiries too, or not."""
        self._lost = not self._lost
        self._read_list(anew=True)

    def action_pane(self) -> None:
        """Calendar to list and back."""
        (self.grid if self.list.has_focus else self.list).focus()

    def action_back(self) -> None:
        """List to calendar; marks and the choice go first."""
        if self.list.marked:
            self.list.action_unmark_all()
        elif self.list.has_focus:
            self.grid.focus()
        elif not self.grid.forget():
            super().action_back()

    def action_draft(self) -> None:
        """Draft the mails to those marked, else to all who may be written to; ask once, with the number."""
        first, last = self._shown or self.grid.span
        chosen = self.list.marked or self._listed
        ready = [one.id for one in chosen if one.mark is Mark.READY]
        if not ready:
            self.shell.tell(_("Nobody here may be written to."), warning=True)
            return
        number = len(ready)
        title = ngettext("Draft {n} recall mail for {days}?", "Draft {n} recall mails for {days}?", number)
        text = _("They wait in Drafts to be read; nothing is sent. Each is in the guest's language.")
        left = len(chosen) - number
        if left:
            text += " " + ngettext("{n} is left out.", "{n} are left out.", left).format(n=left)
        answers = (Answer("yes", "d", _("Draft them")), Answer("no", "n", _("Not now")))

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self._draft(first, last, [one.id for one in chosen])

        self.app.push_screen(Ask(title.format(n=number, days=days_of(first, last)), text, answers), answered)

    def _draft(self, first: date, last: date, ids: list[int]) -> None:
        lost = self._lost

        def draft(ctx: Context) -> Recalled:
            from crm_tui import desk

            return desk.recall.draft(ctx, first, last, ids, lost=lost)

        self.ask(draft, self._drafted)

    def _drafted(self, done: Recalled) -> None:
        number = len(done.drafted)
        gaps = sum(bool(one.gaps) for one in done.drafted)
        words = ngettext("{n} draft waits: g d · z takes it back", "{n} drafts wait: g d · z takes them back", number)
        said = words.format(n=number) if number else _("There was nothing to draft.")
        if gaps:
            said += " · " + ngettext("{n} has gaps to fill", "{n} have gaps to fill", gaps).format(n=gaps)
        self.shell.tell(said, warning=not number)
        self.list.action_unmark_all()
        self._read_list(anew=True)
