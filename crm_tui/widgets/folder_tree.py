"""The left pane: modes, folders and views with their badges, and at its foot the accounts with their sync state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, bindings, declare
from crm_tui.widgets.cells import cut
from crm_tui.widgets.styled import Part, Styled

ACTIONS = declare(
    Action("tree.down", "down,j", N_("Down"), N_("Next folder"), scope="tree", palette=False),
    Action("tree.up", "up,k", N_("Up"), N_("Previous folder"), scope="tree", palette=False),
    Action("tree.first", "home", N_("First"), N_("To the first folder"), scope="tree", palette=False),
    Action("tree.last", "end", N_("Last"), N_("To the last folder"), scope="tree", palette=False),
    Action("tree.open", "enter,right", N_("Open"), N_("Open the folder"), scope="tree", show=True, palette=False),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the pane.

    Attributes:
        value: what is chosen by it; empty for a heading or a blank line.
        badge: right-aligned, empty for none.
        sign: one cell before the label, with its style names.
        spare: it may be left out where there is no room.
    """

    label: str
    value: str = ""
    badge: str = ""
    sign: Part = ("", "")
    style: str = ""
    spare: bool = False


class FolderTree(Styled, ScrollView, can_focus=True):
    """Entries with a cursor; ``foot`` entries stay at the bottom where there is room."""

    BINDINGS = bindings(ACTIONS)
    DEFAULT_CSS = """
    FolderTree { width: 26; height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; background: $surface; }
    """

    @dataclass
    class Chosen(Message):
        """An entry was opened."""

        tree: FolderTree
        value: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._top: Sequence[Entry] = ()
        self._foot: Sequence[Entry] = ()
        self._lines: list[Entry] = []
        self._index = 0
        self._current = ""

    @property
    def current(self) -> str:
        """The value that is marked as shown."""
        return self._current

    @property
    def selected(self) -> str:
        """The value under the cursor."""
        return self._lines[self._index].value if self._lines else ""

    def show(self, top: Sequence[Entry], foot: Sequence[Entry], current: str) -> None:
        """Show these entries; the cursor stays on its entry."""
        if (top, foot, current) == (self._top, self._foot, self._current):
            return
        selected = self.selected if self.has_focus else current
        self._top, self._foot, self._current = top, foot, current
        self._arrange(selected or current)

    def _arrange(self, selected: str) -> None:
        top = self._fitting()
        room = max(0, self.size.height - len(top) - len(self._foot))
        self._lines = [*top, *([Entry("")] * room), *self._foot]
        places = [index for index, entry in enumerate(self._lines) if entry.value == selected and selected]
        self._index = places[0] if places else next((i for i, e in enumerate(self._lines) if e.value), 0)
        self.virtual_size = Size(0, len(self._lines))
        self.refresh()

    def _fitting(self) -> Sequence[Entry]:
        """The upper entries; where not all fit above the foot, the last of those that can be spared are left out."""
        over = len(self._top) + len(self._foot) - self.size.height
        if over <= 0 or not self.size.height:
            return self._top
        spared = [index for index, entry in enumerate(self._top) if entry.spare and entry.value != self._current]
        left_out = set(spared[-over:])
        return [entry for index, entry in enumerate(self._top) if index not in left_out]

    def on_resize(self) -> None:
        """Let the foot stand at the bottom."""
        self._arrange(self.selected or self._current)

    # Moving

    def action_down(self) -> None:
        """Next entry that can be chosen."""
        self._step(range(self._index + 1, len(self._lines)))

    def action_up(self) -> None:
        """Previous entry that can be chosen."""
        self._step(range(self._index - 1, -1, -1))

    def action_first(self) -> None:
        """First entry."""
        self._step(range(len(self._lines)))

    def action_last(self) -> None:
        """Last entry."""
        self._step(range(len(self._lines) - 1, -1, -1))

    def action_open(self) -> None:
        """Choose the entry under the cursor."""
        if self.selected:
            self.post_message(self.Chosen(self, self.selected))

    def _step(self, indexes: range) -> None:
        for index in indexes:
            if self._lines[index].value:
                self._move(index)
                return

    def _move(self, index: int) -> None:
        old, self._index = self._index, index
        self._paint(old)
        self._paint(index)
        top, height = self.scroll_offset.y, self.size.height
        if not top <= index < top + height:
            self.scroll_to(y=index if index < top else index - height + 1, animate=False, force=True)

    # Drawing

    def _paint(self, index: int) -> None:
        self.refresh(Region(0, index - self.scroll_offset.y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        index, width = y + self.scroll_offset.y, self.line_width
        if index >= len(self._lines):
            return Strip.blank(width, self.look(""))
        entry = self._lines[index]
        if not entry.value:
            text = f" {entry.label} " if entry.label else ""
            line = "─" * max(0, width - cell_len(text) - 1) if text else " " * (width - 1)
            return self.strip([(" ", ""), (text.lstrip(), "muted"), (line[: width - 1 - len(text.lstrip())], "line")])
        ground = ("cursor" if self.has_focus else "") if index == self._index else ""
        shown = entry.value == self._current
        if shown and not ground:
            ground = "cursor-blurred"
        sign = [("▌" if index == self._index and self.has_focus else " ", "key"), entry.sign]
        badge = f" {entry.badge} " if entry.badge else " "
        room = width - cell_len(badge) - 1 - cell_len(entry.sign[0])
        label = cut(entry.label, room)
        blank = " " * (room - cell_len(label))
        name = f"{entry.style} strong" if shown else entry.style
        return self.strip([*sign, (label + blank, name), (badge, "badge strong" if shown else "badge")], ground)

    def watch_has_focus(self, value: bool) -> None:
        super().watch_has_focus(value)
        if self.is_mounted and self._lines:
            if value and self._current:
                self._arrange(self._current)
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click chooses."""
        offset = event.get_content_offset(self)
        index = offset.y + self.scroll_offset.y if offset is not None else -1
        if 0 <= index < len(self._lines) and self._lines[index].value:
            event.stop()
            self._move(index)
            self.action_open()
