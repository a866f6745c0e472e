"""A short list whose entries are several lines high: guests, memos, reminders, the facts of an inquiry.

Some hundreds of entries at most, all in memory; each is drawn line by line, so that a change paints what it must.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from crm_tui.widgets.actions import bindings
from crm_tui.widgets.cells import cut, wrap
from crm_tui.widgets.list_actions import ACTIONS
from crm_tui.widgets.styled import Part, Styled

MARGIN = 2
"""Cells before every line: the cursor's sign and a blank."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of an entry: parts from the left, parts at its right end; display-safe, never markup."""

    left: Sequence[Part]
    right: Sequence[Part] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry.

    Attributes:
        key: unique in its list; the cursor holds on to it. Empty: the cursor passes it over.
        lines: how it looks, made for the width that was asked for.
    """

    key: str
    lines: tuple[TextLine, ...]


Build = Callable[[int], Sequence[Entry]]
"""Makes the entries for so many cells."""


def paragraph(text: str, width: int, style: str = "", *, most: int = 0) -> list[TextLine]:
    """Text wrapped into lines; ``most`` lines at most, 0 for all."""
    lines: list[TextLine] = []
    for line in text.split("\n"):
        for start, end in wrap(line, max(1, width)):
            if most and len(lines) == most:
                return lines
            lines.append(TextLine([(line[start:end], style)]))
    return lines


class EntryList(Styled, ScrollView, can_focus=True):
    """Entries with a cursor.

    Args:
        empty: what it says without entries; a part a line, asked each time it is drawn.
    """

    BINDINGS = bindings(action for action in ACTIONS if action.id not in {"list.mark", "list.unmark-all"})
    DEFAULT_CSS = """
    EntryList {
        height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1;
        scrollbar-background: $background; scrollbar-background-hover: $background;
        scrollbar-background-active: $background; scrollbar-color: $desk-line;
        scrollbar-color-hover: $desk-faint; scrollbar-color-active: $primary;
    }
    """

    @dataclass
    class Told(Message):
        """Base of what the list tells; ``key`` is that of the entry under the cursor."""

        list: EntryList
        key: str

        @property
        def control(self) -> EntryList:
            """The list, for ``@on`` selectors."""
            return self.list

    class Highlighted(Told):
        """The cursor stands on another entry."""

    class Opened(Told):
        """Enter or a double click on an entry."""

    def __init__(self, empty: Callable[[], Sequence[Part]], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._empty = empty
        self._build: Build = lambda _width: ()
        self._entries: Sequence[Entry] = ()
        self._tops: list[int] = []
        self._lines: list[tuple[int, TextLine]] = []
        self._cursor = -1
        self._laid_out_at = 0

    # What is there

    @property
    def keys(self) -> list[str]:
        """The keys of the entries that the cursor can stand on, in order."""
        return [entry.key for entry in self._entries if entry.key]

    @property
    def key(self) -> str:
        """The key of the entry under the cursor; empty if there is none."""
        return self._entries[self._cursor].key if 0 <= self._cursor < len(self._entries) else ""

    @property
    def lines_needed(self) -> int:
        """How many lines all entries take; an empty list has its words."""
        return len(self._lines) or len(self._empty()) + 1

    def show(self, build: Build, *, cursor: str = "") -> None:
        """Show other entries; the cursor stays on the same key, or goes to the one named, or stays near."""
        wanted, place = cursor or self.key, self._cursor
        self._build = build
        self._lay_out()
        keys = [entry.key for entry in self._entries]
        if wanted and wanted in keys:
            place = keys.index(wanted)
        self._cursor = self._nearest(max(0, place))
        self._scroll_to_cursor()
        self.refresh()

    def focus_entry(self, key: str) -> bool:
        """Put the cursor on an entry; whether there is one of that key."""
        keys = [entry.key for entry in self._entries]
        if key not in keys:
            return False
        self._move(keys.index(key))
        return True

    def _nearest(self, place: int) -> int:
        """The place of an entry with a key at or after ``place``, else before it; -1 if there is none."""
        able = [index for index, entry in enumerate(self._entries) if entry.key]
        return next((index for index in able if index >= place), able[-1] if able else -1)

    def _lay_out(self) -> None:
        self._laid_out_at = width = max(10, self.line_width)
        self._entries = tuple(self._build(width - MARGIN))
        self._tops, self._lines = [], []
        for index, entry in enumerate(self._entries):
            self._tops.append(len(self._lines))
            self._lines += [(index, line) for line in entry.lines]
        size = Size(0, len(self._lines))
        if size != self.virtual_size:
            self.virtual_size = size

    # Moving

    def action_down(self) -> None:
        """Next entry; one that is higher than the list is first read to its end."""
        self._step(1)

    def action_up(self) -> None:
        """Entry before."""
        self._step(-1)

    def action_page_down(self) -> None:
        """One page down."""
        self._page(1)

    def action_page_up(self) -> None:
        """One page up."""
        self._page(-1)

    def action_first(self) -> None:
        """To the first entry."""
        self._move(self._nearest(0))
        self.scroll_to(y=0, animate=False, force=True)

    def action_last(self) -> None:
        """To the last entry."""
        self._move(self._nearest(len(self._entries)))
        self.scroll_to(y=len(self._lines), animate=False, force=True)

    def action_open(self) -> None:
        """Open the entry."""
        if self.key:
            self.post_message(self.Opened(self, self.key))

    def _step(self, by: int) -> None:
        if self._cursor < 0:
            self.scroll_to(y=self.scroll_offset.y + by, animate=False, force=True)
            return
        if self._rest_unread(by):
            self.scroll_to(y=self.scroll_offset.y + by, animate=False, force=True)
            return
        able = [index for index, entry in enumerate(self._entries) if entry.key]
        place = able.index(self._cursor) + by
        if 0 <= place < len(able):
            self._move(able[place])
        else:
            self.scroll_to(y=self.scroll_offset.y + by, animate=False, force=True)

    def _rest_unread(self, by: int) -> bool:
        """Whether the entry under the cursor goes on beyond the edge."""
        top, height = self.scroll_offset.y, self.size.height
        first, last = self._range(self._cursor)
        return last > top + height if by > 0 else first < top

    def _page(self, by: int) -> None:
        height = max(1, self.size.height - 1)
        y = max(0, min(self.scroll_offset.y + by * height, len(self._lines)))
        self.scroll_to(y=y, animate=False, force=True)
        if self._cursor >= 0 and self._lines:
            line = y if by > 0 else y + height - 1
            at = self._lines[max(0, min(line, len(self._lines) - 1))][0]
            end = by > 0 and self.scroll_offset.y >= self.max_scroll_y
            self._put(self._nearest(len(self._entries) if end else 0 if by < 0 and y == 0 else at))

    def _move(self, place: int) -> None:
        self._put(place)
        self._scroll_to_cursor()

    def _put(self, place: int) -> None:
        if place == self._cursor or place < 0:
            return
        old, self._cursor = self._cursor, place
        self._paint(old)
        self._paint(place)
        self.post_message(self.Highlighted(self, self.key))

    def _scroll_to_cursor(self) -> None:
        if self._cursor < 0:
            return
        first, last = self._range(self._cursor)
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if first < top or last - first >= height:
            self.scroll_to(y=first, animate=False, force=True)
        elif last > top + height:
            self.scroll_to(y=last - height, animate=False, force=True)

    def _range(self, place: int) -> tuple[int, int]:
        first = self._tops[place]
        return first, first + len(self._entries[place].lines)

    # Drawing

    def _paint(self, place: int) -> None:
        if 0 <= place < len(self._entries):
            first, last = self._range(place)
            self.refresh(Region(0, first - self.scroll_offset.y, self.size.width, last - first))

    def render_line(self, y: int) -> Strip:
        width = self.line_width
        at = y + self.scroll_offset.y
        if not self._lines:
            lines = self._empty()
            text, names = lines[y] if y < len(lines) else ("", "")
            return self._padded([("  " + cut(text, width - 2), names)], width, "")
        if at >= len(self._lines):
            return Strip([Segment(" " * width, self.look(""))])
        place, line = self._lines[at]
        here = place == self._cursor
        ground = "cursor" if here and self.has_focus else ""
        sign = ("▌ " if here and self.has_focus else "  ", "key")
        right = list(line.right)
        room = width - MARGIN - sum(cell_len(text) for text, _names in right)
        parts: list[Part] = [sign]
        for text, names in line.left:
            shown = cut(text, room)
            parts.append((shown, names))
            room -= cell_len(shown)
        return self._padded([*parts, (" " * max(0, room), ""), *right], width, ground)

    def _padded(self, parts: list[Part], width: int, ground: str) -> Strip:
        strip = self.strip(parts, ground)
        missing = width - strip.cell_length
        if missing > 0:
            return Strip([*strip, Segment(" " * missing, self.look(ground))], width)
        return strip.crop(0, width) if missing < 0 else strip

    # Events

    def on_resize(self) -> None:
        """Another width breaks the lines elsewhere."""
        if max(10, self.line_width) != self._laid_out_at:
            self._lay_out()
            self._scroll_to_cursor()
        self.refresh()

    def watch_has_focus(self, value: bool) -> None:
        super().watch_has_focus(value)
        if self.is_mounted:
            self._paint(self._cursor)

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on an entry, a double click opens it."""
        offset = event.get_content_offset(self)
        at = offset.y + self.scroll_offset.y if offset is not None else -1
        if 0 <= at < len(self._lines) and self._entries[self._lines[at][0]].key:
            event.stop()
            self._put(self._lines[at][0])
            if event.chain == 2:
                self.action_open()
