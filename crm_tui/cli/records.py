"""The JSON objects of conversations and messages, with the names of SPEC §15; they are part of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crm_tui.desk.common.views import ConversationRow, MessageView, Person


def conversation_record(row: ConversationRow) -> dict[str, Any]:
    """The fields of ``list FOLDER`` (SPEC §15)."""
    return {
        "id": row.id,
        "folder": row.folder,
        "subject": row.subject,
        "counterpart": person(row.counterpart),
        "unanswered": row.unanswered,
        "waiting_since": row.waiting_since,
        "assignee": row.assignee or None,
        "messages": row.messages,
        "starred": row.starred,
        "snoozed_until": row.snoozed_until,
        "snoozed_for": row.snooze_for if row.snoozed else None,
        "woken_by": row.wake_reason or None,
        "inquiry": row.inquiry,
        "unread": row.unread,
        "attachments": row.attachments,
        "last_at": row.last_at,
        "preview": row.preview,
    }


def message_record(message: MessageView) -> dict[str, Any]:
    """The fields of ``show message`` (SPEC §15)."""
    return {
        "id": message.id,
        "conversation": message.conversation,
        "message_id": message.message_id,
        "from": person(message.sender),
        "to": [person(one) for one in message.to],
        "cc": [person(one) for one in message.cc],
        "reply_to": [person(one) for one in message.reply_to],
        "subject": message.subject,
        "date": message.at,
        "direction": message.direction,
        "automatic": bool(message.automatic),
        "automatic_reason": message.automatic,
        "text": message.text,
        "quoted": [list(span) for span in message.quoted],
        "signature": list(message.signature) if message.signature else None,
        "attachments": [{"name": part.name, "type": part.type, "size": part.size} for part in message.attachments],
        "warnings": list(message.flags),
        "state": message.state,
        "problem": message.problem,
        "complete": message.complete,
        "locations": list(message.locations),
    }


def person(one: Person) -> dict[str, str]:
    """A name and an address."""
    return {"name": one.name, "address": one.address}
