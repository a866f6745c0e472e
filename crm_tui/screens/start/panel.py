"""A panel of the start screen: a title that counts, and a list whose rows act in place."""

from __future__ import annotations

from typing import Any, Generic

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from crm_tui.base.i18n import _
from crm_tui.base.sizes import grouped
from crm_tui.screens.start.actions import COMPLAINTS, DEPARTURES, MAIL, PAYMENTS, REMINDERS
from crm_tui.screens.start.sources import HeadSource
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.background import Background
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import RowView
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import R, Source


class MailList(RecordList[Any]):
    """Conversations."""

    BINDINGS = bindings(MAIL)


class DepartureList(RecordList[Any]):
    """Watched departures."""

    BINDINGS = bindings(DEPARTURES)


class PaymentList(RecordList[Any]):
    """What is due."""

    BINDINGS = bindings(PAYMENTS)


class ReminderList(RecordList[Any]):
    """Reminders and inquiries."""

    BINDINGS = bindings(REMINDERS)


class ComplaintList(RecordList[Any]):
    """Open complaints."""

    BINDINGS = bindings(COMPLAINTS)


class Panel(Vertical, Generic[R]):
    """Title and list.

    Args:
        title: what the list holds.
        nothing: what the title says while the list is empty.
        view: draws the rows.
        background: runs the fetches.
        made: the kind of list.
    """

    def __init__(
        self,
        title: str,
        nothing: str,
        view: RowView[R],
        background: Background,
        made: type[RecordList[R]] = RecordList,
        *,
        id: str,
    ) -> None:
        super().__init__(id=id)
        self._title, self._nothing = title, nothing
        self.list: RecordList[R] = made(view, background)
        self.line = Line()
        self.source: HeadSource[R] | None = None
        self._urgent = ""
        self._read = False

    def compose(self) -> ComposeResult:
        """Title over list."""
        yield self.line
        yield self.list

    def on_mount(self) -> None:
        """The title stands before the count is known."""
        self.show_title()

    def begin(self, beyond: Source[R]) -> None:
        """From now on the rows come from there."""
        self.source = HeadSource(beyond)

    def take(self, rows: Any, total: int, urgent: str) -> None:
        """The rows as they were read with all panels; the cursor stays on its row."""
        self._urgent = urgent
        if self.source is None:
            return
        self.source.take(rows, total)
        if self._read:
            self.list.reload()
        else:
            self._read = True
            self.list.set_source(self.source)

    @on(RecordList.Loaded)
    def _loaded(self) -> None:
        if self.source is not None:
            self.source.let_go()
        self.show_title()

    @on(RecordList.MarksChanged)
    def _marked(self) -> None:
        self.show_title()

    def show_title(self) -> None:
        """What the panel holds and how many."""
        total = self.list.total
        count = f" · {grouped(total)}" if total else ""
        marked = len(self.list.marked)
        marks = " · ✓ " + _("{count} marked").format(count=marked) if marked else ""
        urgent = f" · {self._urgent}" if self._urgent and total else ""
        nothing = f" · {self._nothing}" if self._read and not total else ""
        self.line.show(
            [
                (" " + self._title.upper(), "title"),
                (count, "accent"),
                (urgent, "warn"),
                (nothing, "muted"),
                (marks, "mark"),
            ]
        )
