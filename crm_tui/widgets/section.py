"""A titled part of a screen that shows many things: its title counts, and tells when the part has the focus."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from crm_tui.widgets.line import Line
from crm_tui.widgets.styled import Part


class Section(Vertical):
    """Title line over one widget that can take the focus.

    Args:
        name: what it holds, translated; the title.
        key: the key that goes there, shown at the right end of the title.
        content: the widget.
    """

    DEFAULT_CSS = """
    Section {
        height: 1fr;
        & > .section--title { background: $surface; }
        &:focus-within > .section--title { background: $boost; }
    }
    """

    def __init__(self, name: str, key: str, content: Widget, *, id: str) -> None:
        super().__init__(id=id)
        self.label = name
        self.key = key
        self.content = content
        self.count = 0
        self.remark: tuple[Part, ...] = ()
        self.title_line = Line(classes="section--title")

    def compose(self) -> ComposeResult:
        """Title over content."""
        yield self.title_line
        yield self.content

    def on_mount(self) -> None:
        """The title stands before the count is known."""
        self._show_title()

    def tell(self, count: int, *remark: Part) -> None:
        """How many there are, and what must not be overlooked."""
        self.count, self.remark = count, remark
        if self.is_mounted:
            self._show_title()

    def _show_title(self) -> None:
        count = f" · {self.count}" if self.count else ""
        self.title_line.show(
            [(" " + self.label.upper(), "title"), (count, "accent"), *self.remark], [(f"{self.key} ", "faint")]
        )
