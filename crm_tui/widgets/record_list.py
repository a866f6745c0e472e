"""The record list: a virtual list that opens a million rows as fast as a hundred.

It draws lines itself (:mod:`crm_tui.widgets.record_lines`) from pages fetched by key in threads
(:mod:`crm_tui.widgets.record_reading`). Cursor and marks hold on to ids, so nothing moves under the cursor when rows come in.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual import events

from crm_tui.widgets.actions import bindings
from crm_tui.widgets.background import Background
from crm_tui.widgets.list_actions import ACTIONS
from crm_tui.widgets.list_looks import RowView
from crm_tui.widgets.record_pages import R
from crm_tui.widgets.record_reading import RecordReader


class RecordList(RecordReader[R], can_focus=True):
    """A list of records with a cursor and marks.

    Args:
        view: draws the rows.
        background: runs the fetches.
        markable: whether something is done with marked rows.
    """

    BINDINGS = bindings(ACTIONS)
    DEFAULT_CSS = """
    RecordList { height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; }
    """

    class Opened(RecordReader.Told):
        """Enter or a double click on the cursor's row."""

    class MarksChanged(RecordReader.Told):
        """Rows were marked or unmarked."""

    def __init__(
        self,
        view: RowView[R],
        background: Background,
        *,
        markable: bool = True,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(view, background, id=id, classes=classes)
        self._markable = markable

    @property
    def marked(self) -> list[R]:
        """The marked rows, in the order they were marked."""
        return list(self._marks.values())

    @property
    def chosen(self) -> list[R]:
        """What a command acts on: the marked rows, else the cursor's row."""
        return self.marked or ([self.current] if self.current is not None else [])

    def change_view(self, view: RowView[R]) -> None:
        """Draw rows of another kind from now on; nothing is shown until their source is set."""
        self._forget_source()
        self.view = view
        self.action_unmark_all()
        self._strips.clear()
        self.show_rows([], 0)

    # Moving

    def action_down(self) -> None:
        """Next row."""
        self.move_to(self._index + 1)

    def action_up(self) -> None:
        """Previous row."""
        self.move_to(self._index - 1)

    def action_page_down(self) -> None:
        """One page down."""
        self.move_to(self._index + max(1, self._height - 1))

    def action_page_up(self) -> None:
        """One page up."""
        self.move_to(self._index - max(1, self._height - 1))

    def action_first(self) -> None:
        """To the first row."""
        self.move_to(0)

    def action_last(self) -> None:
        """To the last row."""
        self.move_to(self.total - 1)

    def action_open(self) -> None:
        """Open the cursor's row."""
        if self.current is not None:
            self.post_message(self.Opened(self))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where nothing is done with marked rows, there are no marks."""
        if action in {"mark", "unmark_all"} and not self._markable:
            return False
        return super().check_action(action, parameters)

    def action_mark(self) -> None:
        """Mark or unmark the cursor's row and go on."""
        row = self.current
        if row is None:
            return
        if self._marks.pop(row.id, None) is None:
            self._marks[row.id] = row
        self._paint(self._index)
        self.post_message(self.MarksChanged(self))
        self.move_to(self._index + 1)

    def mark_rows(self, rows: Iterable[R]) -> None:
        """Mark rows beside those that are marked, whether a page has shown them yet or not."""
        self._marks |= {row.id: row for row in rows}
        self.refresh()
        self.post_message(self.MarksChanged(self))

    def action_unmark_all(self) -> None:
        """Take all marks away."""
        if self._marks:
            self._marks.clear()
            self.refresh()
            self.post_message(self.MarksChanged(self))

    def move_to(self, index: int) -> None:
        """Put the cursor on a position and show it."""
        index = max(0, min(index, self.total - 1))
        if index == self._index:
            return
        old, self._index = self._index, index
        if not self._show_cursor():
            self._paint(old)
            self._paint(index)
        self.post_message(self.Highlighted(self))

    def focus_row(self, row_id: int | str) -> bool:
        """Put the cursor on a row if it is in memory."""
        place = self.pages.place(row_id)
        if place is None:
            return False
        self.move_to(place)
        return True

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on a row, a double click opens it."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        index = offset.y + self.scroll_offset.y
        if index < self.total:
            event.stop()
            self.move_to(index)
            if event.chain == 2:
                self.action_open()
