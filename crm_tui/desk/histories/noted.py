"""A conversation with what agents wrote beside it: memos and internal messages, in the order of time (SPEC §1)."""

from __future__ import annotations

from dataclasses import replace

from crm_tui.base.i18n import _
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.views import ConversationView, NoteView
from crm_tui.desk.correspondence import reading
from crm_tui.desk.shifts import internal, memos


def conversation(ctx: Context, conversation_id: int) -> ConversationView:
    """:func:`crm_tui.desk.correspondence.reading.conversation` with its notes.

    Raises:
        NotFound: there is none, or it is hidden.
    """
    found = reading.conversation(ctx, conversation_id)
    number = found.row.id
    notes = [
        NoteView(memo.id, "memo", memo.author, memo.text, memo.created_at)
        for memo in memos.listed(ctx, conversation=number)
    ]
    for one in internal.listed(ctx, conversation=number):
        who = _("{sender} to {to}").format(sender=one.sender or "?", to=one.to)
        notes.append(NoteView(one.id, "internal", who, one.text, one.at, one.mine and one.unread))
    return replace(found, notes=tuple(sorted(notes, key=lambda note: note.at))) if notes else found
