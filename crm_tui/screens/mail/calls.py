"""What the mail screen asks of the desk. Everything here blocks: it is called in threads, with the context."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import ConversationView


def conversation(ctx: Context, conversation_id: int) -> ConversationView:
    """A conversation with its notes and its ticket."""
    from crm_tui import desk

    return replace(
        desk.noted.conversation(ctx, conversation_id),
        beside=desk.notes.of_conversation(ctx, conversation_id),
        ticket=desk.tickets.of_conversation(ctx, conversation_id),
    )


def marked_read(ctx: Context, message_ids: Sequence[int]) -> int:
    """Count messages as read; how many were not before."""
    from crm_tui import desk

    return desk.reading.mark_seen(ctx, message_ids)
