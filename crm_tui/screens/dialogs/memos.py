"""The memos of a conversation, to be read."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from crm_tui.base.i18n import N_, _
from crm_tui.desk.requests.inquiry_views import MemoView
from crm_tui.screens.base import Dialog
from crm_tui.screens.inquiries.facts import memos
from crm_tui.widgets.entries import EntryList
from crm_tui.widgets.line import Line


class MemosDialog(Dialog[None]):
    """All of them whole, the newest first; Esc closes.

    Args:
        title: what they are on; display-safe.
    """

    BINDINGS = [("q,C", "close", N_("Back"))]
    DEFAULT_CSS = """
    MemosDialog { align: center middle; background: $background 40%; }
    MemosDialog > Vertical { width: 84; max-width: 96%; height: 70%; background: $panel; border: round $primary; }
    """

    def __init__(self, title: str, found: Sequence[MemoView]) -> None:
        super().__init__()
        self._title, self._found = title, found

    def compose(self) -> ComposeResult:
        """Title line and memos."""
        self._line = Line()
        self.entries = EntryList(lambda: [(_("No memo yet."), "muted"), (_("c writes one; it is never sent."), "key")])
        with Vertical():
            yield self._line
            yield self.entries

    def on_mount(self) -> None:
        """The memos have the focus."""
        shell = self.shell
        self._line.show(
            [(" " + _("Memos on {what}").format(what=self._title), "title")], [(_("esc closes") + " ", "muted")]
        )
        self.entries.show(memos(self._found, (), shell.clock.now(), shell.zone, None, whole=True))
        self.entries.focus()
