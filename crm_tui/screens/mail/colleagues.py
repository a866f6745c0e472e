"""What colleagues have to do with the conversations of the mail screen: who has them open, and what was written about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crm_tui.screens.base import Asking
from crm_tui.screens.presence import NOTHING, Attends, words
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.views import ConversationRow
    from crm_tui.widgets.message_view import ReadingPane
    from crm_tui.widgets.record_list import RecordList


class Colleagues(Asking):
    """Mixin of the mail screen."""

    if TYPE_CHECKING:
        is_mounted: Any
        reading: ReadingPane
        list: RecordList[ConversationRow]

        @property
        def pane(self) -> str: ...

        _show_title: Any
        _show_reading_title: Any

    @property
    def attends(self) -> Attends:
        """The conversation that is being read; one that is only shown beside the list does not count."""
        shown = self.reading.conversation if self.is_mounted and self.pane == "reading" else None
        return Attends(shown.row.id) if shown is not None else NOTHING

    def others_changed(self) -> None:
        """Another desk opened or left a conversation: only what tells of it is painted."""
        self.list.repaint()
        self._show_title()
        self._show_reading_title()

    def others_at(self, row: ConversationRow | None) -> Sequence[Part]:
        """Who else has a conversation open, for a title line."""
        if row is None:
            return []
        text = words(self.shell.others.conversations.get(row.id, ()), self.shell.clock.now())
        return [(f"  {text} ", "warn")] if text else []
