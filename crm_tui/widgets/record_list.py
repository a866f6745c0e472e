"""The record list: a virtual list that opens a million rows as fast as a hundred.

It draws lines itself from pages fetched by key in threads (:mod:`crm_tui.widgets.record_pages`). A cursor move paints two
lines. Cursor and marks hold on to ids, so nothing moves under the cursor when rows come in.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from crm_tui.widgets.actions import bindings
from crm_tui.widgets.background import Background
from crm_tui.widgets.list_actions import ACTIONS
from crm_tui.widgets.list_looks import RowView
from crm_tui.widgets.record_pages import Fetch, Pages, R, Reload, Source, reload, run
from crm_tui.widgets.styled import Styled

STRIPS_KEPT = 300
"""How many drawn lines are kept."""


class RecordList(Styled, ScrollView, Generic[R], can_focus=True):
    """A list of records with a cursor and marks.

    Args:
        view: draws the rows.
        background: runs the fetches.
    """

    BINDINGS = bindings(ACTIONS)
    DEFAULT_CSS = """
    RecordList { height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; }
    """

    @dataclass
    class Told(Message):
        """Base of what a list tells."""

        list: RecordList[Any]

        @property
        def control(self) -> RecordList[Any]:
            """The list, for ``@on`` selectors."""
            return self.list

    class Highlighted(Told):
        """The cursor stands on another row (or the list is empty)."""

        def can_replace(self, message: Message) -> bool:
            """A held key makes many of these; the newest is enough."""
            return isinstance(message, RecordList.Highlighted) and message.list is self.list

    class Opened(Told):
        """Enter or a double click on the cursor's row."""

    class MarksChanged(Told):
        """Rows were marked or unmarked."""

    class Loaded(Told):
        """The list was read from its source (again): its length or its rows may be new."""

    class Failed(Message):
        """The source raised; the rows shown stay."""

        def __init__(self, error: Exception) -> None:
            super().__init__()
            self.error = error

    def __init__(
        self,
        view: RowView[R],
        background: Background,
        *,
        markable: bool = True,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.view = view
        self._markable = markable
        self.pages: Pages[R] = Pages()
        self._background = background
        self._source: Source[R] | None = None
        self._index = 0
        self._marks: dict[int | str, R] = {}
        self._leaving: Counter[int | str] = Counter()
        self._strips: OrderedDict[tuple[int, str], tuple[R, Strip]] = OrderedDict()
        self._fetching: Fetch[R] | None = None
        self._loading = False
        self._ahead = False
        self._wanted: int | str | None = None
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

    @property
    def marked(self) -> list[R]:
        """The marked rows, in the order they were marked."""
        return list(self._marks.values())

    @property
    def chosen(self) -> list[R]:
        """What a command acts on: the marked rows, else the cursor's row."""
        return self.marked or ([self.current] if self.current is not None else [])

    @property
    def settled(self) -> bool:
        """Nothing is being fetched."""
        return not self._loading and self._fetching is None and not self._ahead

    @property
    def reading(self) -> bool:
        """The list that was asked for last is not shown yet."""
        return self._loading

    def visible_rows(self) -> list[R]:
        """The rows on the screen that are loaded, top down."""
        top = self.scroll_offset.y
        rows = (self.pages.get(index) for index in range(top, top + self._height))
        return [row for row in rows if row is not None]

    # Where it comes from

    def show_rows(self, rows: Sequence[R], total: int, index: int = 0) -> None:
        """Show rows that are at hand (the snapshot of the last run) until a source is set."""
        self.pages.clear(max(total, len(rows)))
        self.pages.put(0, rows)
        self._index = max(0, min(index, len(rows) - 1))
        self._resized()

    def set_source(self, source: Source[R], *, keep: R | None = None) -> None:
        """Read another list. ``keep`` is the row to put the cursor on; else the first."""
        self._source = source
        self._marks.clear()
        self._leaving.clear()
        self._fetching = None
        self._background.forget(self, "page")
        if keep is None:
            self.pages.clear(self.pages.total)
            self._index = 0
            self.scroll_to(y=0, animate=False, force=True)
        self._reload(keep)

    def change_view(self, view: RowView[R]) -> None:
        """Draw rows of another kind from now on; nothing is shown until their source is set."""
        for topic in ("reload", "page"):
            self._background.forget(self, topic)
        self._source, self._fetching, self._loading = None, None, False
        self.view = view
        self.action_unmark_all()
        self._leaving.clear()
        self._strips.clear()
        self.show_rows([], 0)

    def reload(self) -> None:
        """Read the list again; the same row stays under the cursor, on the same line if it can."""
        if self._source is not None:
            self._reload(self.current)

    def lengthen(self, total: int) -> None:
        """The list goes on below the rows that were read: it has so many."""
        if total > self.pages.total:
            self.pages.total = total
            self._resized()
            self._request()

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

    def take_out(self, row_ids: Iterable[int | str]) -> None:
        """Show no such rows from now on, before the store confirms that they left; the next row gets the cursor."""
        gone = list(row_ids)
        if not gone:
            return
        self._leaving.update(gone)
        for one in gone:
            self._marks.pop(one, None)
        self._drop_leaving()
        self._resized()
        self._show_cursor()
        self._request()
        self.post_message(self.Highlighted(self))

    def let_in(self, row_ids: Iterable[int | str]) -> None:
        """The store has answered: what it lists is shown again, with the next :meth:`reload`."""
        self._leaving -= Counter(row_ids)  # two commands may be under way for one row

    def _drop_leaving(self) -> None:
        """Take the rows out of memory; the cursor stays on its row, or goes to the one that follows."""
        places = self.pages.remove(self._leaving) if self._leaving else []
        above = bisect_left(places, self._index)
        self._index = max(0, min(self._index - above, self.total - 1))

    def _reload(self, anchor: R | None) -> None:
        source, asked_at = self._source, self._index
        if source is None:
            return
        self._loading = True
        wanted = self._wanted
        around, page = self._height + 50, self.pages.page
        self._background.submit(
            self,
            lambda: reload(source, _found(source, wanted) or anchor, around, page),
            lambda answer: self._take_over(answer, asked_at, anchor, wanted),
            self._fetch_failed,
            "reload",
        )

    def _take_over(self, answer: Reload[R], asked_at: int, anchor: R | None, wanted: int | str | None = None) -> None:
        self._loading = False
        if wanted is not None and self._wanted == wanted:
            self._wanted = None
        current = self.current
        old_index, old_top = self._index, self.scroll_offset.y
        moved_on = current is not None and anchor is not None and current.id != anchor.id
        self.pages.load(answer)
        place = self.pages.place(current.id) if moved_on and current is not None else None
        if place is None:
            place = answer.cursor + (old_index - asked_at)
        called = self.pages.place(wanted) if wanted is not None and old_index == asked_at else None
        place = place if called is None else called
        self._index = max(0, min(place, self.total - 1))
        self._drop_leaving()
        self._marks = {key: self._fresh(key, row) for key, row in self._marks.items()}
        self._resized()
        if old_top and anchor is not None and called is None:
            self.scroll_to(y=max(0, old_top + self._index - old_index), animate=False, force=True)
        self._show_cursor()
        self._request()
        self.post_message(self.Loaded(self))
        self.post_message(self.Highlighted(self))

    def _fresh(self, key: int | str, row: R) -> R:
        place = self.pages.place(key)
        return (self.pages.get(place) if place is not None else None) or row

    def _request(self) -> None:
        """Fetch what is missing around the window, one page at a time."""
        if self._source is None or self._fetching is not None or self._loading:
            return
        top, height = self.scroll_offset.y, self._height
        fetch = self.pages.plan(top, top + height)
        if fetch is not None:
            self._fetch(fetch)
        elif not self._ahead:
            self._ahead = True
            self.call_after_refresh(self._fetch_ahead)  # first the paint: a fetch would take the processor from it

    def _fetch_ahead(self) -> None:
        """Have the neighbouring screens at hand before they are asked for."""
        self._ahead = False
        if self._source is None or self._fetching is not None or self._loading:
            return
        top, height = self.scroll_offset.y, self._height
        fetch = self.pages.plan(top, top + height) or self.pages.plan(top - 2 * height, top + 3 * height)
        if fetch is not None:
            self._fetch(fetch)

    def _fetch(self, fetch: Fetch[R]) -> None:
        source, self._fetching = self._source, fetch
        if source is None:
            return
        self._background.submit(
            self, lambda: run(source, fetch), lambda rows: self._fetched(fetch, rows), self._fetch_failed, "page"
        )

    def _fetched(self, fetch: Fetch[R], rows: Sequence[R]) -> None:
        self._fetching = None
        had_current = self.current is not None
        if self.pages.fill(fetch, rows):
            self._index = max(0, min(self._index, self.total - 1))
            self._resized()
        if self._leaving:
            self._drop_leaving()
            self._resized()
        top = self.scroll_offset.y
        self.pages.trim(top, top + self._height)
        if fetch.index < top + self._height and fetch.index + max(len(rows), fetch.limit) > top:
            self.refresh()
        if not had_current and self.current is not None:
            self.post_message(self.Highlighted(self))
        if rows:
            self._request()

    def _fetch_failed(self, error: Exception) -> None:
        self._loading, self._fetching = False, None
        self.post_message(self.Failed(error))

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

    def go_to(self, row_id: int | str) -> None:
        """Put the cursor on a row with the next answer of the source, wherever it stands; nothing if it is not there."""
        self._wanted = row_id
        self.reload()

    def focus_row(self, row_id: int | str) -> bool:
        """Put the cursor on a row if it is in memory."""
        place = self.pages.place(row_id)
        if place is None:
            return False
        self.move_to(place)
        return True

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
        if self.total or self._loading or self._source is None:
            return Strip([Segment(" " * width, self.look(""))])
        lines = self.view.empty()
        if 0 < y <= len(lines):
            text, names = lines[y - 1]
            return self.strip([("  " + text, names)]).adjust_cell_length(width, self.look(""))
        return Strip([Segment(" " * width, self.look(""))])

    # Events

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._request()

    def watch_has_focus(self, value: bool) -> None:
        super().watch_has_focus(value)
        if self.is_mounted:
            self._paint(self._index)

    def on_resize(self) -> None:
        """Keep the cursor in sight and ask for what is seen now."""
        self._strips.clear()
        self.virtual_size = Size(0, self.total)
        self._show_cursor()
        self._request()

    def notify_style_update(self) -> None:
        self._strips.clear()
        super().notify_style_update()

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


def _found(source: Source[R], row_id: int | str | None) -> R | None:
    return source.find(row_id) if row_id is not None else None
