"""Reading on the mail screen: a conversation opened, shown beside the list, read again as it changes, and counted as read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _
from crm_tui.desk.common.views import ConversationView
from crm_tui.screens.displaying import Displays
from crm_tui.screens.mail.titles import Titles

if TYPE_CHECKING:
    from textual.containers import Vertical

    from crm_tui.desk.common.context import Context


class Reads(Displays, Titles):
    """Mixin of the mail screen."""

    if TYPE_CHECKING:
        middle: Vertical
        call_after_refresh: Any
        refresh_bindings: Any
        is_attached: bool

        @property
        def pane(self) -> str: ...

    _opening = False

    def _go_to_pane(self, pane: str) -> None:
        raise NotImplementedError

    def _show_side(self) -> None:
        raise NotImplementedError

    def open_conversation(self, conversation_id: int, message_id: int | None = None) -> None:
        """Show a conversation and go to it; its messages count as read once they are on the screen."""
        shown = self.reading.conversation
        if shown is not None and shown.row.id == conversation_id and message_id is None:
            self._go_to_pane("reading")
            self._mark_read(shown)
            return

        def show(found: ConversationView) -> None:
            self._opening = False
            self.reading.expected_width = self.middle.size.width - 1  # it takes the list's place; 1 for the scrollbar
            self._go_to_pane("reading")  # only now: one layout and one paint, with the text in it
            self._show_conversation(found, message_id)

        def failed(error: Exception) -> None:
            self._opening = False
            self.shell.report(error)

        self._opening = True
        self.ask(lambda ctx: _conversation(ctx, conversation_id), show, topic="reading", failed=failed)

    def _preview(self) -> None:
        if self.pane == "reading" or self._opening:
            return  # what is being read need not be the row under the cursor: it was searched for, or split off
        row = self.list.current
        if row is None:
            self._nothing_to_read()
            return
        shown = self.reading.conversation
        if shown is None or shown.row.id != row.id:
            self.ask(lambda ctx: _conversation(ctx, row.id), self._show_conversation, topic="reading")

    def _show_conversation(self, conversation: ConversationView, message_id: int | None = None) -> None:
        self._show_notes(conversation)
        self.reading.show(conversation, message_id)
        self._show_reading_title()
        self._show_side()
        self.shell.attend()
        self.refresh_bindings()
        if self.pane == "reading":
            self.call_after_refresh(self._mark_read, conversation)

    def _read_again(self, number: int) -> None:
        """What is read may have changed."""
        self.ask(
            lambda ctx: _conversation(ctx, number),
            lambda found: self._refresh_reading(number, found),
            topic="refreshing",
            failed=lambda error: self._gone(number, error),
        )

    def _refresh_reading(self, asked: int, conversation: ConversationView) -> None:
        """As it is now; what became part of another conversation is shown with the whole of it."""
        shown = self.reading.conversation
        if shown is not None and asked == shown.row.id:
            self._show_notes(conversation)
            self.reading.show(conversation)
            self._show_reading_title()
            self.ticket_displayed()

    @property
    def displayed(self) -> int | None:
        """The conversation being read; to be beside the list is no reading."""
        conversation = self.reading.conversation
        return conversation.row.id if conversation is not None and self.pane == "reading" else None

    def _gone(self, conversation_id: int, error: Exception) -> None:
        """What is read was reserved for others meanwhile: it leaves the screen."""
        shown = self.reading.conversation
        if not isinstance(error, NotFound):
            self.shell.report(error)
        elif self.is_attached and shown is not None and shown.row.id == conversation_id:
            self._nothing_to_read()
            if self.pane == "reading":
                self._go_to_pane("list")
            self.refresh_bindings()
            self.shell.tell(_("What you were reading is not open to you any more."), warning=True)

    def _nothing_to_read(self) -> None:
        self._show_notes(None)
        self.reading.show_note((_("Nothing to read here."), "muted"))
        self._show_reading_title()

    def action_next_conversation(self) -> None:
        """The next conversation of the list, read if reading."""
        self._step(1)

    def action_previous_conversation(self) -> None:
        """The conversation before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        was_reading = self.reading.has_focus
        self.list.move_to(self.list.index + by)
        row = self.list.current
        if row is not None and was_reading:
            self.open_conversation(row.id)

    def _mark_read(self, conversation: ConversationView) -> None:
        """What is on the screen counts as read."""
        ctx = self.shell.ctx
        self.read_notes(conversation)
        self.ticket_displayed()
        ids = [message.id for message in conversation.messages if not message.seen]
        if ids and ctx is not None and not ctx.readonly:
            self.ask(lambda ctx: _marked_read(ctx, ids), lambda _count: self.list.reload())


def _conversation(ctx: Context, conversation_id: int) -> ConversationView:
    from crm_tui import desk

    return replace(
        desk.noted.conversation(ctx, conversation_id),
        beside=desk.notes.of_conversation(ctx, conversation_id),
        ticket=desk.tickets.of_conversation(ctx, conversation_id),
    )


def _marked_read(ctx: Context, message_ids: Sequence[int]) -> int:
    from crm_tui import desk

    return desk.reading.mark_seen(ctx, message_ids)
