"""A line of text with a left and a right end: header, footer and list titles are made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from crm_tui.widgets.cells import cut
from crm_tui.widgets.styled import Part, Styled


class Line(Styled, Widget):
    """One line: parts from the left, parts at the right end; what does not fit is cut on the left's end.

    A part's third item, if given, names what a click on it asks for; a :class:`Line.Clicked` tells it.
    """

    DEFAULT_CSS = "Line { height: 1; width: 1fr; }"

    @dataclass
    class Clicked(Message):
        """A part with a name was clicked."""

        line: Line
        name: str

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._left: Sequence[Part | tuple[str, str, str]] = ()
        self._right: Sequence[Part | tuple[str, str, str]] = ()
        self._spans: list[tuple[int, int, str]] = []

    def show(
        self, left: Sequence[Part | tuple[str, str, str]], right: Sequence[Part | tuple[str, str, str]] = ()
    ) -> None:
        """Show these parts; nothing is painted if they are what is shown already."""
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.refresh()

    @property
    def text(self) -> str:
        """What the line says, both ends, uncut."""
        return "".join(part[0] for part in (*self._left, *self._right))

    def render_line(self, y: int) -> Strip:
        if y:
            return Strip.blank(self.size.width, self.look(""))
        width = self.size.width
        right = list(self._right)
        room = sum(cell_len(part[0]) for part in right)
        if room > width:
            right, room = [], 0
        self._spans = []
        parts, used = self._take(self._left, 0, width - room)
        parts.append((" " * (width - room - used), ""))
        more, _ = self._take(right, width - room, room)
        return self.strip(parts + more)

    def _take(self, source: Sequence[Part | tuple[str, str, str]], at: int, room: int) -> tuple[list[Part], int]:
        parts: list[Part] = []
        used = 0
        for part in source:
            text = cut(part[0], room - used)
            cells = cell_len(text)
            if len(part) == 3:
                self._spans.append((at + used, at + used + cells, part[2]))
            parts.append((text, part[1]))
            used += cells
            if used >= room or text != part[0]:  # a cut part may be a cell shorter: nothing follows its ellipsis
                break
        return parts, used

    def on_click(self, event: events.Click) -> None:
        """Tell which named part was clicked."""
        for start, end, name in self._spans:
            if start <= event.x < end:
                event.stop()
                self.post_message(self.Clicked(self, name))
                return
