"""A mail as rows of the store: what mail that comes in and mail that is written here have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from crm_tui.data.bulk import insert_rows
from crm_tui.data.tables import Attachment, MessageSource, MessageText
from crm_tui.desk.correspondence.prepare import Prepared
from crm_tui.rules.vocabulary import Folder


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of a batch.

    Attributes:
        prepared: the parsed and packed mail (:func:`crm_tui.desk.correspondence.prepare.prepare`).
        uid: its UID in the batch's mailbox; 0 for an import.
        flags: IMAP flags as the server gave them.
        received_at: INTERNALDATE, aware; None if unknown.
        complete: False if the mail was over the size limit and only its text was fetched.
    """

    prepared: Prepared
    uid: int = 0
    flags: frozenset[str] = frozenset()
    received_at: datetime | None = None
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages that land together with the cursor that says they did.

    Attributes:
        mailbox_id: where they came from; None for an import.
        cursor: columns of :class:`~crm_tui.data.accounts.Mailbox` to set in the same transaction.
        folder: the triage folder of conversations that are new with this batch.
        sent: they come from a Sent mailbox, so they went out.
    """

    items: Sequence[Incoming]
    account_id: int | None = None
    mailbox_id: int | None = None
    uidvalidity: int = 0
    cursor: Mapping[str, Any] = field(default_factory=dict)
    folder: str = Folder.INBOX
    sent: bool = False


def new_conversation(conversation: int, batch: Batch, item: Incoming, at: datetime, out: bool) -> dict[str, Any]:
    """A conversation that only we have written in so far waits in Done; the guest's answer brings it to the Inbox."""
    other = (item.prepared.to[0] if item.prepared.to else None) if out else item.prepared.sender
    return {
        "id": conversation,
        "folder": (Folder.DONE if out and batch.folder == Folder.INBOX else Folder(batch.folder)).value,
        "previous_folder": Folder.INBOX.value if batch.folder == Folder.DONE else "",
        "counterpart_name": other.name if other else "",
        "counterpart_address": other.address if other else "",
        "subject": item.prepared.subject,
        "first_at": at,
        "last_at": at,
        "listed_at": at,
    }


def message_row(
    message_id: int, conversation: int, batch: Batch, item: Incoming, at: datetime, out: bool
) -> dict[str, Any]:
    """A mail as a row of its conversation."""
    prepared = item.prepared
    return {
        "id": message_id,
        "conversation_id": conversation,
        "account_id": batch.account_id,
        "digest": prepared.digest,
        "content_key": prepared.content_key,
        "message_id": prepared.message_id,
        "direction": "out" if out else "in",  # plain: the driver takes a subclass of str ten times as long
        "automatic": prepared.automatic,
        "sender_name": prepared.sender.name,
        "sender_address": prepared.sender.address,
        "subject": prepared.subject,
        "at": at,
        "sent_at": prepared.date,
        "received_at": item.received_at,
        "size": prepared.size,
        "attachment_count": sum(1 for part in prepared.attachments if not part[5]),
        "seen": out or "\\Seen" in item.flags,
        "answered": "\\Answered" in item.flags,
        "flagged": "\\Flagged" in item.flags,
    }


def store_parts(connection: Connection, items: list[Incoming], rows: list[dict[str, Any]]) -> None:
    """Text, source and attachments: the bulk of a first sync."""
    pairs = [(row["id"], item) for row, item in zip(rows, items, strict=True)]
    insert_rows(
        connection,
        MessageText,
        [{"message_id": number, "text": i.prepared.text, "details": i.prepared.details} for number, i in pairs],
    )
    insert_rows(
        connection,
        MessageSource,
        [
            {"message_id": number, "content": i.prepared.packed, "packing": "zlib", "complete": i.complete}
            for number, i in pairs
        ],
    )
    names = ("position", "name", "type", "size", "content_id", "inline")
    parts = [
        {"message_id": number, **dict(zip(names, part, strict=True))}
        for number, i in pairs
        for part in i.prepared.attachments
    ]
    insert_rows(connection, Attachment, parts)
