"""The row of attached files: name and size; left and right move, Delete removes one."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.correspondence.sending_views import DraftFile
from crm_tui.widgets.times import size

SIGN = "⊕"


class AttachmentsRow(Widget, can_focus=True):
    """The files that go along. Hidden while there are none."""

    DEFAULT_CSS = """
    AttachmentsRow {
        height: auto; padding: 0 1; display: none;
        &.-some { display: block; }
        &:focus { background: $primary-muted; }
        &:ansi:focus { background: ansi_blue; color: ansi_bright_white; }
    }
    """

    BINDINGS = [
        Binding("left", "step(-1)", show=False),
        Binding("right", "step(1)", show=False),
        Binding("delete,backspace", "remove", "", show=False),
    ]

    files: reactive[tuple[DraftFile, ...]] = reactive((), layout=True)
    chosen: reactive[int] = reactive(0)

    class Removed(Message):
        """The person takes a file out."""

        def __init__(self, file: DraftFile) -> None:
            super().__init__()
            self.file = file

    def show(self, files: Sequence[DraftFile]) -> None:
        """Show these files."""
        self.files = tuple(files)
        self.chosen = max(0, min(self.chosen, len(files) - 1))
        self.set_class(bool(files), "-some")
        if not files and self.has_focus:
            self.screen.focus_next()

    def render(self) -> Content:
        total = sum(file.size for file in self.files)
        count = ngettext("{n} file", "{n} files", len(self.files)).format(n=len(self.files))
        parts: list[Content | str | tuple[str, str]] = [(f"{count}, {size(total)}  ", "dim")]
        for index, file in enumerate(self.files):
            style = "reverse" if self.has_focus and index == self.chosen else ""
            parts += [(f"{SIGN} {file.name}", style), (f" {size(file.size)}", "dim"), "   "]
        if self.has_focus:
            parts.append((_("Del removes it"), "dim italic"))
        return Content.assemble(*parts)

    def action_step(self, by: int) -> None:
        """Choose the neighbour."""
        if self.files:
            self.chosen = (self.chosen + by) % len(self.files)

    def action_remove(self) -> None:
        """Take the chosen file out."""
        if self.files:
            self.post_message(self.Removed(self.files[self.chosen]))

    def on_click(self, event: events.Click) -> None:
        """Focus comes with the click; nothing is removed by the mouse alone."""
        event.stop()
        self.focus()
