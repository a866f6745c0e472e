"""A panel of the start screen: a title that counts, and a list whose rows act in place."""

from __future__ import annotations

from typing import Generic

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from crm_tui.base.i18n import _
from crm_tui.widgets.background import Background
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import RowView
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import R
from crm_tui.widgets.styled import Part


class Panel(Vertical, Generic[R]):
    """Title and list.

    Args:
        title: what the list holds.
        view: draws the rows.
        background: runs the fetches.
    """

    def __init__(self, title: str, view: RowView[R], background: Background, *, id: str) -> None:
        super().__init__(id=id)
        self._title = title
        self.list: RecordList[R] = RecordList(view, background)
        self.line = Line()

    def compose(self) -> ComposeResult:
        """Title over list."""
        yield self.line
        yield self.list

    def on_mount(self) -> None:
        """The title stands before the count is known."""
        self.show_title()

    @on(RecordList.Loaded)
    @on(RecordList.MarksChanged)
    def _loaded(self) -> None:
        self.show_title()

    def show_title(self, *remark: Part) -> None:
        """What the panel holds and how many."""
        count = f" · {self.list.total}" if self.list.total else ""
        marked = len(self.list.marked)
        words = " · ✓ " + _("{count} marked").format(count=marked) if marked else ""
        self.line.show([(" " + self._title.upper(), "title"), (count, "accent"), (words, "mark")], list(remark))
