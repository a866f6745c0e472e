"""What colleagues have to do with the conversations of the mail screen: who has them open, and what was written about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crm_tui.screens.internal.writing import About, WritesInternal, about_row
from crm_tui.screens.presence import NOTHING, Attends, words
from crm_tui.screens.run.starting import StartsRun
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import ConversationRow, ConversationView, ListQuery
    from crm_tui.widgets.message_view import ReadingPane
    from crm_tui.widgets.record_list import RecordList


class Colleagues(WritesInternal, StartsRun):
    """Mixin of the mail screen."""

    if TYPE_CHECKING:

        @property
        def targets(self) -> Sequence[ConversationRow]: ...

        is_mounted: Any
        reading: ReadingPane
        query_shown: ListQuery
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

    @property
    def place_to_run(self) -> str:
        """A run goes through the list that is shown."""
        return self.query_shown.place

    @property
    def about(self) -> About | None:
        """A message to a colleague is about the conversation being read, or the one under the cursor."""
        return about_row(self.targets[0]) if self.targets else None

    def others_changed(self) -> None:
        """Another desk opened or left a conversation: only what tells of it is painted."""
        self.list.repaint()
        self._show_title()
        self._show_reading_title()

    def read_notes(self, conversation: ConversationView) -> None:
        """What colleagues wrote to the agent about it counts as read once it is on the screen."""
        numbers = [note.id for note in conversation.notes if note.unread]
        ctx = self.shell.ctx
        if numbers and ctx is not None and not ctx.readonly:
            self.ask(lambda ctx: _read(ctx, numbers))

    def others_at(self, row: ConversationRow | None) -> Sequence[Part]:
        """Who else has a conversation open, for a title line."""
        if row is None:
            return []
        text = words(self.shell.others.conversations.get(row.id, ()), self.shell.clock.now())
        return [(f"  {text} ", "warn")] if text else []


def _read(ctx: Context, numbers: Sequence[int]) -> int:
    from crm_tui import desk

    return desk.internal.mark_read(ctx, numbers)
