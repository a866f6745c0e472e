"""What the triage run asks of the desk. Everything here blocks: it is called in threads, with the context."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crm_tui import desk

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import ConversationRow, ConversationView, ListQuery


def following(
    ctx: Context, query: ListQuery, last: ConversationRow | None, gone: frozenset[int]
) -> ConversationView | None:
    """The conversation that has waited longest after ``last`` and was not gone through yet; None at the end."""
    after = last.cursor if last is not None else None
    while True:
        rows = desk.folders.page(ctx, query, after=after, limit=10).rows
        for row in rows:
            if row.id not in gone:
                return replace(desk.noted.conversation(ctx, row.id), row=row)  # with its place in this list
        if not rows:
            return None
        after = rows[-1].cursor


def conversation(ctx: Context, conversation_id: int) -> ConversationView:
    """One that was gone through, as it is now."""
    return desk.noted.conversation(ctx, conversation_id)


def read(ctx: Context, found: ConversationView) -> None:
    """What is on the screen counts as read: mail, and what colleagues wrote to the agent; one's own ticket as opened."""
    desk.tickets.opened(ctx, found.row.id)
    messages = [message.id for message in found.messages if not message.seen]
    notes = [note.id for note in found.notes if note.unread]
    if messages:
        desk.reading.mark_seen(ctx, messages)
    if notes:
        desk.internal.mark_read(ctx, notes)
