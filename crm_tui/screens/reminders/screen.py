"""Mode 6: the board of reminders. Four days side by side on a wide desk, under each other on a narrow one (SPEC §9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _, ngettext
from crm_tui.base.sizes import grouped
from crm_tui.desk.shifts.reminder_views import BUCKETS, BoardQuery, BoardRow
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.dialogs.leader import Choice, LeaderMenu
from crm_tui.screens.dialogs.line import AskLine
from crm_tui.screens.reminders import calls
from crm_tui.screens.reminders.acting import ReminderCommands
from crm_tui.screens.reminders.actions import BOARD, ROWS
from crm_tui.screens.reminders.rows import DayLists, HeadedSource, ReminderRowView, ReminderSource, Row, heading, signs
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.dialogs import Answer, Ask, PickList
from crm_tui.widgets.forms import Choice as Pick
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_reading import RecordReader

if TYPE_CHECKING:
    from crm_tui.desk.common.views import Changes

SIDE_BY_SIDE = 110
"""Columns from which the days stand beside each other."""
TOUCHED = {"reminder", "inquiry", "guest", "conversation", "agent", "department", "reservation"}


class DayPanel(Vertical):
    """One day: its name and how many, over its rows."""

    def __init__(self, bucket: str, listed: RecordList[Row]) -> None:
        super().__init__(id=f"day-{bucket}", classes="day")
        self.bucket, self.list = bucket, listed
        self.line = Line()

    def compose(self) -> ComposeResult:
        """Title over list."""
        yield self.line
        yield self.list

    def show_title(self) -> None:
        """The day and its count."""
        self.line.show([(" ", ""), *heading(self.bucket, self.list.total, max(10, self.size.width - 2))])


class RemindersScreen(ReminderCommands, DeskScreen[None]):
    """What is overdue, due today, tomorrow and the day after: reminders, and inquiries by their planned end."""

    CSS_PATH = "screen.tcss"
    BINDINGS = bindings(ROWS, BOARD)

    def __init__(self) -> None:
        super().__init__()
        self.query_shown = BoardQuery()
        self._read: set[RecordReader[Any]] = set()
        self._begun = False
        self._shown_wide = False
        self._day: date | None = None

    def body(self) -> ComposeResult:
        """Title, the days beside each other, the days under each other."""
        background = self.shell.background
        self.title_line = Line(id="list-title")
        self.view = ReminderRowView(self.today)
        self.list: RecordList[Row] = DayLists(self.view, background, id="all-days")
        self.days: list[DayPanel] = []
        for bucket in BUCKETS:
            view = ReminderRowView(self.today)
            view.empty_text = [(_empty(bucket), "muted")]
            self.days.append(DayPanel(bucket, RecordList(view, background, id=f"list-{bucket}")))
        yield self.title_line
        with Container(id="days"):
            yield from self.days
        yield self.list

    @property
    def wide(self) -> bool:
        """Whether the days stand beside each other."""
        return bool(self.app.size.width >= SIDE_BY_SIDE)

    @property
    def lists(self) -> list[RecordList[Row]]:
        """The lists that are shown."""
        return [panel.list for panel in self.days] if self.wide else [self.list]

    @property
    def current_list(self) -> RecordList[Row]:
        """The list with the focus."""
        return next((one for one in self.lists if one.has_focus), self.lists[0])

    @property
    def reminder_rows(self) -> Sequence[BoardRow]:
        """The marked rows of all days, else that under the cursor."""
        marked = [row for one in self.lists for row in one.marked if isinstance(row, BoardRow)]
        current = self.current_list.current
        return marked or ([current] if isinstance(current, BoardRow) else [])

    def on_mount(self) -> None:
        """The first day has the cursor."""
        self._shown_wide = self.wide
        self._arrange()
        self._show_title()
        super().on_mount()

    def on_resize(self) -> None:
        """Beside each other, or under each other."""
        if self.wide != self._shown_wide:
            self._shown_wide = self.wide
            self._arrange()
            self.desk_ready()

    def _arrange(self) -> None:
        self.query_one("#days").display = self.wide
        self.list.display = not self.wide
        self.lists[0].focus(scroll_visible=False)

    def desk_ready(self) -> None:
        """Read the board."""
        ctx = self.shell.ctx
        if ctx is None:
            return
        if self.wide:
            for panel in self.days:
                source = ReminderSource(ctx, replace(self.query_shown, bucket=panel.bucket))
                panel.list.set_source(source, keep=_row(panel.list))  # type: ignore[arg-type]
        else:
            self.list.set_source(HeadedSource(ctx, self.query_shown), keep=self.list.current)

    def desk_changed(self, changes: Changes) -> None:
        """Read it anew."""
        if changes.everything or changes.ids.keys() & TOUCHED:
            for one in self.lists:
                one.reload()

    def reminders_changed(self) -> None:
        """A command was carried out."""
        for one in self.lists:
            one.action_unmark_all()
            one.reload()

    def minute_passed(self) -> None:
        """At midnight the board is another."""
        if self._day not in (None, self.today()):
            self.desk_ready()
        self._day = self.today()

    def signs(self) -> list[tuple[str, str]]:
        """What the signs of the rows mean."""
        return signs()

    @on(RecordList.Loaded)
    def _loaded(self, event: RecordList.Loaded) -> None:
        for panel in self.days:
            panel.show_title()
        if event.list is self.list and self.list.index == 0:
            self.list.move_to(1)
        self._begin_with(event.list)
        self._show_title()

    def _begin_with(self, listed: RecordReader[Any]) -> None:
        """When all days are read for the first time, the cursor begins in the first that is not empty."""
        if not self.wide or self._begun:
            return
        self._read.add(listed)
        if all(one in self._read for one in self.lists):
            self._begun = True
            filled = next((one for one in self.lists if one.total), None)
            if filled is not None and self.app.focused in self.lists:
                filled.focus(scroll_visible=False)

    @on(RecordList.MarksChanged)
    def _marks(self) -> None:
        self._show_title()

    def _show_title(self) -> None:
        total = sum(one.total for one in self.lists) - (0 if self.wide or not self.list.total else len(BUCKETS))
        count = ngettext("{n} to do", "{n} to do", total).format(n=grouped(total))
        kinds = {"reminder": _("reminders only"), "inquiry": _("inquiries only")}
        words = [whose_words(self.query_shown.whose), kinds.get(self.query_shown.kind, "")]
        marked = sum(len(one.marked) for one in self.lists)
        title = list_title(
            _("Reminders").upper(), count, filtered=" · ".join(word for word in words if word), marked=marked
        )
        self.title_line.show(title, [(_("u new") + " ", "muted")])

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        event.stop()
        row = event.list.current
        if isinstance(row, BoardRow):
            self.open_reminder(row)

    # Moving between days

    def action_next_day(self) -> None:
        """To the next day."""
        self._step(1)

    def action_previous_day(self) -> None:
        """To the day before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        if self.wide:
            lists = self.lists
            lists[(lists.index(self.current_list) + by) % len(lists)].focus()
            return
        current = self.list.current
        buckets = list(BUCKETS)
        here = buckets.index(current.bucket) if current is not None else 0
        self.list.go_to(f"heading {buckets[(here + by) % len(buckets)]}")

    # What is shown

    def action_filter(self) -> None:
        """Choose by a letter whose reminders are shown."""
        choices = [
            Choice("m", _("Mine and my department's"), "whose:me"),
            Choice("d", _("My whole department"), "whose:department"),
            Choice("a", _("Everybody's"), "whose:all"),
            Choice("h", _("A colleague's…"), "who"),
            Choice("r", _("Only reminders"), "kind:reminder"),
            Choice("i", _("Only inquiries"), "kind:inquiry"),
            Choice("b", _("Both"), "kind:"),
        ]
        self.app.push_screen(LeaderMenu(_("Show"), choices), self._filter)

    def _filter(self, answer: str | None) -> None:
        what, _sep, value = (answer or "").partition(":")
        if what == "whose" and value == "department":
            self.ask(calls.people, self._show_department)
        elif what == "whose":
            self._show(replace(self.query_shown, whose=value))
        elif what == "kind":
            self._show(replace(self.query_shown, kind=value))
        elif what == "who":
            self.ask(calls.people, self._pick_colleague)

    def _show_department(self, people: calls.People) -> None:
        if people.own_department:
            self._show(replace(self.query_shown, whose="department"))
        else:
            self.shell.tell(_("You are in no department."), warning=True)

    def _pick_colleague(self, people: calls.People) -> None:
        def picked(choice: Pick | None) -> None:
            if choice is not None:
                self._show(replace(self.query_shown, whose=str(choice.value)))

        self.app.push_screen(PickList(_("Whose reminders"), [Pick(name, name) for name in people.agents]), picked)

    def _show(self, query: BoardQuery) -> None:
        self.query_shown = query
        self.desk_ready()
        self._show_title()

    def action_back(self) -> None:
        """Marks go first, then a filter."""
        if any(one.marked for one in self.lists):
            for one in self.lists:
                one.action_unmark_all()
        elif self.query_shown != BoardQuery():
            self._show(BoardQuery())

    def action_search_reminders(self) -> None:
        """Find any reminder."""
        from crm_tui.screens.reminders.search import ReminderSearch

        self.app.push_screen(ReminderSearch(), lambda _result: self.reminders_changed())

    # The calendar file

    def action_export(self) -> None:
        """Write one's open reminders to a file."""
        self.app.push_screen(
            AskLine(_("Write your open reminders to a calendar file"), "~/reminders.ics"), self._export
        )

    def _export(self, path: str | None, overwrite: bool = False) -> None:
        if not path:
            return

        def done(count: int) -> None:
            words = ngettext("{n} reminder is written to {path}.", "{n} reminders are written to {path}.", count)
            self.shell.tell(words.format(n=count, path=path))

        def failed(error: Exception) -> None:
            if isinstance(error, InvalidInput) and not overwrite:
                answers = (Answer("no", "n", _("Keep it")), Answer("yes", "y", _("Overwrite it"), danger=True))
                self.app.push_screen(
                    Ask(error.message, "", answers),
                    lambda answer: self._export(path, True) if answer == "yes" else None,
                )
            else:
                self.shell.report(error)

        self.ask(lambda ctx: calls.export(ctx, path, overwrite), done, failed=failed)


def _row(listed: RecordList[Any]) -> Any:
    return listed.current


def _empty(bucket: str) -> str:
    words = {
        "overdue": _("Nothing is overdue."),
        "today": _("Nothing for today; u makes a reminder."),
        "tomorrow": _("Nothing for tomorrow yet."),
        "overmorrow": _("Nothing for the day after yet."),
    }
    return words[bucket]


def whose_words(whose: str) -> str:
    """Whose reminders, in words."""
    words = {"me": _("mine"), "department": _("my department's"), "all": _("everybody's")}
    return words.get(whose) or _("of {name}").format(name=whose)
