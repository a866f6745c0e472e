"""A menu of letters: it shows them, one key picks. ``g`` (go to) and ``m`` (move) use it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.i18n import _
from crm_tui.screens.base import Dialog
from crm_tui.widgets.actions import key_sign
from crm_tui.widgets.cells import fit


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the menu: the key (Textual's name or the character), what it stands for, a remark at the right."""

    key: str
    label: str
    value: str
    remark: str = ""


class LeaderMenu(Dialog[str]):
    """Shows the letters of its choices; dismissed with the value of the one whose key was pressed.

    Args:
        title: what is being chosen.
        choices: shown in columns, in this order; labels are display-safe.
        inside: menus behind some values: their title and choices. Picking such a value shows that menu in the same place, so
            that no key typed quickly falls through to what lies below.
    """

    DEFAULT_CSS = """
    LeaderMenu { align: center bottom; background: $background 30%; }
    LeaderMenu > Vertical { width: auto; max-width: 98%; height: auto; max-height: 90%; padding: 0 2 1 2; margin-bottom: 1;
        background: $panel; border: round $primary; border-title-color: $primary; border-title-style: bold; }
    LeaderMenu Static { width: auto; height: auto; }
    """

    def __init__(
        self, title: str, choices: Sequence[Choice], inside: Mapping[str, tuple[str, Sequence[Choice]]] | None = None
    ) -> None:
        super().__init__()
        self._inside = dict(inside or {})
        self._title = title
        self._choices = list(choices)
        self._rows = 1
        self._edges: list[int] = []

    def compose(self) -> ComposeResult:
        """One text with all columns; a click on a line picks it."""
        with Vertical() as box:
            box.border_title = Content(f" {self._title} ")
            menu = Static(self._menu(), id="choices")
            menu.styles.min_width = min(cell_len(self._title) + 2, self.app.size.width - 8)  # the title is read whole
            yield menu

    def _menu(self) -> Content:
        columns = 1 if len(self._choices) <= 6 else 2 if self.app.size.width < 110 else 3
        room = self.app.size.height * 9 // 10 - 3
        tight = columns == 2 and -(-len(self._choices) // columns) > room
        rows = -(-len(self._choices) // (columns + tight))
        parts_of = [self._choices[start : start + rows] for start in range(0, len(self._choices), rows)]
        widths = self._widths(parts_of if tight else [self._choices], 2 if tight else 3)
        widths = widths if tight else widths * len(parts_of)
        self._edges = [sum(sum(one) + 3 for one in widths[: place + 1]) for place in range(len(widths))]
        self._rows = rows
        lines = []
        for row in range(rows):
            parts: list[Content | str | tuple[str, str]] = []
            for choice, (label, remark, gap) in zip(self._choices[row::rows], widths, strict=False):
                parts.append((f"{key_sign(choice.key):>2} ", "bold $primary"))
                parts.append(fit(choice.label, label))
                parts.append((fit(choice.remark, remark, right=True) + " " * gap, "$desk-muted"))
            lines.append(Content.assemble(*parts))
        return Content("\n").join(lines)

    def _widths(self, groups: Sequence[Sequence[Choice]], gap: int) -> list[tuple[int, int, int]]:
        """Cells of label, remark and what follows, a column; labels give way where the terminal is too narrow for all."""
        found = []
        for group in groups:
            label = max((len(choice.label) for choice in group), default=0) + 1
            found.append((label, max((len(choice.remark) for choice in group), default=0), gap))
        while len(found) > 1 and sum(sum(one) + 3 for one in found) > self.app.size.width - 8:
            widest = max(range(len(found)), key=lambda place: found[place][0])
            found[widest] = (found[widest][0] - 1, *found[widest][1:])
        return found

    def on_key(self, event: events.Key) -> None:
        """Take the letter; another key closes the menu and does nothing else."""
        event.stop()
        event.prevent_default()
        for choice in self._choices:
            if choice.key in (event.key, event.character):
                self._pick(choice.value)
                return
        self.dismiss(None)

    def _pick(self, value: str) -> None:
        if value not in self._inside:
            self.dismiss(value)
            return
        self._title, choices = self._inside.pop(value)
        self._choices = list(choices)
        for box in self.query(Vertical):  # none yet where the key came before the menu was drawn
            box.border_title = Content(f" {self._title} ")
        for shown in self.query("#choices").results(Static):
            shown.update(self._menu())

    def on_click(self, event: events.Click) -> None:
        """A click picks the line under the pointer; outside it closes."""
        menu = self.query_one("#choices", Static)
        offset = event.get_content_offset(menu) if event.widget is menu else None
        if offset is None:
            self.dismiss(None)
            return
        index = bisect_right(self._edges, offset.x) * self._rows + offset.y
        if index < len(self._choices):
            self._pick(self._choices[index].value)
        else:
            self.dismiss(None)


def nothing_to_choose() -> str:
    """What is said where a menu would be empty."""
    return _("There is nothing to choose from yet.")
