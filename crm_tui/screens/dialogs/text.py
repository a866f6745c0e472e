"""A long text to look at: the source of a message, where a link goes."""

from __future__ import annotations

from rich.segment import Segment
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from crm_tui.base.i18n import _
from crm_tui.screens.base import Dialog
from crm_tui.widgets.cells import wrap
from crm_tui.widgets.line import Line
from crm_tui.widgets.styled import Styled


class TextLines(Styled, ScrollView, can_focus=True):
    """Lines of display-safe text, wrapped, drawn as they are seen."""

    DEFAULT_CSS = "TextLines { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; }"
    BINDINGS = [
        ("down,j", "move(1)", ""),
        ("up,k", "move(-1)", ""),
        ("pagedown,space", "move(20)", ""),
        ("pageup", "move(-20)", ""),
        ("home", "move(-100000000)", ""),
        ("end", "move(100000000)", ""),
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = [line.replace("\t", "    ") for line in text.split("\n")]
        self._lines: list[tuple[int, int, int]] = []

    def on_resize(self) -> None:
        """Wrap anew."""
        width = max(10, self.line_width - 2)
        self._lines = [(n, start, end) for n, line in enumerate(self._text) for start, end in wrap(line, width)]
        self.virtual_size = Size(0, len(self._lines))
        self.refresh()

    def action_move(self, lines: int) -> None:
        """Scroll."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, force=True)

    def render_line(self, y: int) -> Strip:
        line, width = y + self.scroll_offset.y, self.line_width
        if line >= len(self._lines):
            return Strip([Segment(" " * width, self.look(""))])
        number, start, end = self._lines[line]
        return self.strip([(" " + self._text[number][start:end], "")]).adjust_cell_length(width, self.look(""))


class TextDialog(Dialog[None]):
    """Shows a text; Esc, ``q`` or Enter closes.

    Args:
        title: what it is.
        text: display-safe.
        wide: use the whole screen.
    """

    BINDINGS = [("q,enter,v", "close", "")]
    DEFAULT_CSS = """
    TextDialog { align: center middle; background: $background 40%; }
    TextDialog > Vertical { width: 80; max-width: 96%; height: 12; max-height: 96%; background: $panel; border: round $primary; }
    TextDialog.-wide > Vertical { width: 96%; height: 96%; }
    """

    def __init__(self, title: str, text: str, *, wide: bool = False) -> None:
        super().__init__(classes="-wide" if wide else "")
        self._title, self._text = title, text

    def compose(self) -> ComposeResult:
        """Title line and text."""
        self._line = Line()
        with Vertical():
            yield self._line
            yield TextLines(self._text)

    def on_mount(self) -> None:
        """The text has the focus."""
        self._line.show([(" " + self._title, "title")], [(_("esc closes") + " ", "muted")])
        self.query_one(TextLines).focus()
