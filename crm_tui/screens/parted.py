"""A screen that shows all of one thing in parts: one at a time on a narrow desk, several side by side on a wide one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from rich.cells import cell_len, set_cell_size
from textual import on
from textual.widget import Widget

from crm_tui.base.errors import NotFound
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.history.panel import HistoryPanel
from crm_tui.widgets.entries import EntryList
from crm_tui.widgets.line import Line
from crm_tui.widgets.section import Section
from crm_tui.widgets.styled import Part

Beside = Callable[[int], int | None]
"""Moves the cursor of the list that the thing was opened from; the number of the thing there."""


class PartedScreen(DeskScreen[None]):
    """The part with the focus is the current one. Who inherits makes the parts, and says which of them are shown.

    Args:
        number: of the thing.
        beside: leads to the next and the one before.
        part: the part that is shown first.
    """

    order: ClassVar[tuple[str, ...]] = ()
    """The parts, in the order of Tab on a narrow desk."""

    bar: Line
    sections: dict[str, Section]
    entries: dict[str, EntryList]
    history: HistoryPanel
    """The content of the part *history*; that of the others stands in their sections."""

    def __init__(self, number: int, beside: Beside | None, part: str) -> None:
        super().__init__()
        self.number = number
        self.found: Any = None
        self._beside = beside
        self._part = part

    @property
    def part(self) -> str:
        """The part that has the focus."""
        return self._part

    def reload(self) -> None:
        """Read it again; cursors stay where they are."""
        raise NotImplementedError

    def place_parts(self) -> None:
        """Show the parts that fit."""
        raise NotImplementedError

    def ring(self, width: int) -> Sequence[str]:
        """The parts that Tab goes through."""
        raise NotImplementedError

    def part_focused(self) -> None:
        """Another part took the focus by itself, as by a click."""

    def not_there(self, error: Exception) -> None:
        """It could not be read; what is not there any more is left."""
        self.shell.report(error)
        if isinstance(error, NotFound):
            self.dismiss()

    def show_bar(self) -> None:
        """Draw the line of parts."""
        self.bar.show(bar([self.sections[part] for part in self.order], self._part, self.app.size.width))

    def on_resize(self) -> None:
        """Another number of columns may fit."""
        self.place_parts()
        self.show_bar()

    def on_descendant_focus(self) -> None:
        """The part with the focus is the current one."""
        for part in self.order:
            if self.focused is self._target(part) and part != self._part:
                self._part = part
                self.part_focused()
                self.show_bar()
        self.refresh_bindings()

    def _target(self, part: str) -> Widget:
        """What takes the keys in a part."""
        return self.history.list if part == "history" else self.sections[part].content

    def focus_part(self, part: str) -> None:
        """Go to a part."""
        self._part = part
        self.place_parts()
        self.show_bar()
        self.set_focus(self._target(part), scroll_visible=False)

    @on(Line.Clicked)
    def _bar_clicked(self, event: Line.Clicked) -> None:
        if event.name in self.order:
            event.stop()
            self.focus_part(event.name)

    def action_section(self, part: str) -> None:
        """Go to a part."""
        self.focus_part(part)

    def action_next_section(self) -> None:
        """The next part, round the end."""
        self._turn(1)

    def action_previous_section(self) -> None:
        """The part before."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        ring = self.ring(self.app.size.width)
        self.focus_part(ring[(ring.index(self._part) + by) % len(ring)])

    def action_step(self, by: int) -> None:
        """The next thing of the list, or the one before."""
        number = self._beside(by) if self._beside is not None else None
        if number is not None and number != self.number:
            self.number, self.found = number, None
            self.reload()


_TIGHTER = ((99, 2), (99, 1), (8, 1), (7, 1), (6, 1), (5, 1), (4, 1), (3, 1), (2, 1))
"""How long the names of the parts may be on the bar, and how many blanks stand between them: the first that fits."""


def bar(sections: Sequence[Section], current: str, width: int) -> list[Part | tuple[str, str, str]]:
    """The line that shows all parts with their keys and counts, on desks where they do not stand side by side.

    Where it is tight, a key that is the first letter of its part's name is shown in the name, and names are cut;
    that of the current part is whole.
    """
    parts: list[Part | tuple[str, str, str]] = []
    for longest, gap in _TIGHTER:
        parts = []
        for section in sections:
            here = section.id == current
            parts += _on_bar(section, " cursor" if here else "", 99 if here else longest, gap)
        if sum(cell_len(part[0]) for part in parts) <= width:
            break
    return parts


def _on_bar(section: Section, ground: str, longest: int, gap: int) -> list[tuple[str, str, str]]:
    """One part: key, name, count, what must not be overlooked. Without a gap to spare the key stands in the name."""
    name, label = section.id or "", section.label
    label = set_cell_size(label, min(longest, cell_len(label))).rstrip()  # an ellipsis would cost a letter each
    style = ("strong" if ground else "muted") + ground
    inside = gap == 1 and label.startswith(section.key)
    found = [(" " + section.key, "key" + ground, name), (label[1:] if inside else f" {label}", style, name)]
    if section.count:
        found.append((f" {section.count}", "accent" + ground, name))
    found += [(text, look + ground, name) for text, look in section.remark]
    return [*found, (" " * (gap - 1), ground.strip(), name)] if gap > 1 else found
