"""The rows of a record list as lines: drawn from the rows in memory, with the cursor and the marks on them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Generic

from rich.segment import Segment
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from crm_tui.widgets.list_looks import RowView
from crm_tui.widgets.record_pages import Pages, R
from crm_tui.widgets.styled import Styled

STRIPS_KEPT = 300
"""How many drawn lines are kept."""


class RecordLines(Styled, ScrollView, Generic[R]):
    """Draws rows, each on a line of its own; a cursor move paints two lines.

    Args:
        view: draws the rows.
    """

    def __init__(self, view: RowView[R], *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.view = view
        self.pages: Pages[R] = Pages()
        self._index = 0
        self._marks: dict[int | str, R] = {}
        self._strips: OrderedDict[tuple[int, str], tuple[R, Strip]] = OrderedDict()
        self.steered = False
        """Another widget has the focus and moves the cursor (a search box), so it is shown as if focused."""

    # What is there

    @property
    def total(self) -> int:
        """How many rows the list has."""
        return self.pages.total

    @property
    def index(self) -> int:
        """The cursor's position."""
        return self._index

    @property
    def current(self) -> R | None:
        """The row under the cursor, ``None`` in an empty list or while it is being fetched."""
        return self.pages.get(self._index)

    def visible_rows(self) -> list[R]:
        """The rows on the screen that are loaded, top down."""
        top = self.scroll_offset.y
        rows = (self.pages.get(index) for index in range(top, top + self._height))
        return [row for row in rows if row is not None]

    @property
    def known(self) -> bool:
        """Whether the rows are those of a list that was read: one without rows is empty then."""
        return True

    # What is shown

    def show_rows(self, rows: Sequence[R], total: int, index: int = 0) -> None:
        """Show rows that are at hand (the snapshot of the last run) until a source is set."""
        self.pages.clear(max(total, len(rows)))
        self.pages.put(0, rows)
        self._index = max(0, min(index, len(rows) - 1))
        self._resized()

    def repaint(self) -> None:
        """Draw all lines anew: relative times or the theme changed."""
        self._strips.clear()
        self.refresh()

    def replace(self, row: R) -> None:
        """Show a changed row at once where it stands, before the store confirms it."""
        place = self.pages.place(row.id)
        if place is not None:
            self.pages.put(place, [row])
            self._paint(place)

    def _show_cursor(self) -> bool:
        """Scroll so that the cursor is seen; True if the whole list is painted anew."""
        top, height = self.scroll_offset.y, self._height
        if top <= self._index < top + height:
            return False
        y = self._index if self._index < top else self._index - height + 1
        self.scroll_to(y=y, animate=False, force=True)
        return True

    # Drawing

    @property
    def _height(self) -> int:
        return max(1, self.size.height)

    def _resized(self) -> None:
        """The list has another length: tell Textual how high it is, and draw."""
        size = Size(0, self.total)
        if size != self.virtual_size:
            self.virtual_size = size
        self.refresh()

    def _paint(self, index: int) -> None:
        self.refresh(Region(0, index - self.scroll_offset.y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        index = y + self.scroll_offset.y
        width = self.line_width
        if index >= self.total:
            return self._empty_line(y, width)
        row = self.pages.get(index)
        ground = self._ground(index, row)
        if row is None:
            dots = "·" * min(24, max(0, width - 4))
            return self.strip([("  " + dots.ljust(width - 2), "faint")], ground)
        key = (id(row), f"{ground}/{width}")
        found = self._strips.get(key)
        if found is not None:
            self._strips.move_to_end(key)
            return found[1]
        strip = self._draw(row, width, ground)
        self._strips[key] = (row, strip)
        if len(self._strips) > STRIPS_KEPT:
            self._strips.popitem(last=False)
        return strip

    def _ground(self, index: int, row: R | None) -> str:
        marked = " mark" if row is not None and self._is_marked(row.id) else ""
        if index != self._index:
            return marked
        return ("cursor" if self.has_focus or self.steered else "cursor-blurred") + marked

    def _is_marked(self, row_id: int | str) -> bool:
        return row_id in self._marks

    def _draw(self, row: R, width: int, ground: str) -> Strip:
        sign = ("▌" if ground.startswith("cursor ") or ground == "cursor" else " ", "key")
        mark = ("✓" if "mark" in ground else " ", "mark")
        return self.strip([sign, mark, *self.view.parts(row, width - 2)], ground)

    def _empty_line(self, y: int, width: int) -> Strip:
        if self.total or not self.known:
            return Strip([Segment(" " * width, self.look(""))])
        lines = self.view.empty()
        if 0 < y <= len(lines):
            text, names = lines[y - 1]
            return self.strip([("  " + text, names)]).adjust_cell_length(width, self.look(""))
        return Strip([Segment(" " * width, self.look(""))])

    def notify_style_update(self) -> None:
        self._strips.clear()
        super().notify_style_update()

    def watch_has_focus(self, value: bool) -> None:
        super().watch_has_focus(value)
        if self.is_mounted:
            self._paint(self._index)
