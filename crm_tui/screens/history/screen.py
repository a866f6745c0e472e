"""The history screen: who did what when, of one conversation, inquiry or guest."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from crm_tui.desk.common.views import Changes
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.history.panel import HistoryPanel
from crm_tui.screens.history.rows import signs


class HistoryScreen(DeskScreen[None]):
    """Fills the screen with a history; Esc goes back.

    Args:
        kind: conversation, inquiry or guest.
        number: which.
        heading: its name, display-safe.
    """

    passing: ClassVar[bool] = True

    def __init__(self, kind: str, number: int, heading: str = "") -> None:
        super().__init__()
        self._kind, self._number, self._heading = kind, number, heading

    def body(self) -> ComposeResult:
        """The panel alone."""
        self.panel = HistoryPanel(self.shell)
        yield self.panel

    def signs(self) -> list[tuple[str, str]]:
        """For the help."""
        return signs()

    def desk_ready(self) -> None:
        """Show it."""
        self.panel.show(self._kind, self._number, self._heading)
        self.panel.list.focus()

    def desk_changed(self, changes: Changes) -> None:
        """Pass it on."""
        self.panel.desk_changed(changes)

    def minute_passed(self) -> None:
        """Pass it on."""
        self.panel.repaint()
