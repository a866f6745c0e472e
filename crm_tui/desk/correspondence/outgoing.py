"""An own message as a row of its conversation: there at once, counted as a reply only when SMTP has accepted it (SPEC §5).

It enters the full-text index when it is accepted, so that a message called back never has to be taken out of it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from crm_tui.data.bulk import allocate
from crm_tui.data.columns import columns, table_of
from crm_tui.data.search import free_rowids, index_messages
from crm_tui.data.tables import Attachment, Conversation, Draft, Message, MessageText, ThreadRef
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.conversations import summary
from crm_tui.desk.conversations.threads import Threads
from crm_tui.desk.correspondence import flags
from crm_tui.desk.correspondence.arriving import Batch, Incoming, message_row, new_conversation, store_parts
from crm_tui.desk.correspondence.mailbox import own_addresses
from crm_tui.desk.correspondence.prepare import SEARCH_BODY_LENGTH, Prepared
from crm_tui.mail.text import fold_text

_M = columns(Message)
_C = columns(Conversation)
_X = columns(MessageText)
_P = columns(Attachment)
_D = columns(Draft)


def show(
    tx: Transaction, prepared: Prepared, *, conversation_id: int | None, account_id: int | None, outbox_id: int
) -> tuple[int, int]:
    """Put an own message into its conversation, or into a new one; returns (message id, conversation id)."""
    connection = tx.connection
    item = Incoming(prepared)
    batch = Batch([item], account_id=account_id, sent=True)
    if conversation_id is None:
        conversation_id = allocate(connection, "conversation", 1)[0]
        connection.execute(insert(Conversation), [new_conversation(conversation_id, batch, item, tx.now, True)])
    message_id = allocate(connection, "message", 1)[0]
    row = message_row(message_id, conversation_id, batch, item, tx.now, True)
    connection.execute(insert(Message), [row | {"outbox_id": outbox_id, "delivered": False}])
    store_parts(connection, [item], [row])
    _remember_thread(tx, prepared, conversation_id)
    summary.refresh(connection, [conversation_id], tx.now, previews={message_id: prepared.preview})
    return message_id, conversation_id


def accept(tx: Transaction, message_id: int, at: datetime) -> int | None:
    """SMTP has taken it: it counts as the reply, from now on and at this instant. Returns its conversation."""
    connection = tx.connection
    row = connection.execute(
        select(table_of(Message), _X.text, _X.details)
        .outerjoin(MessageText, _X.message_id == _M.id)
        .where(_M.id == message_id)
    ).first()
    if row is None:
        return None
    values: dict[str, Any] = {"delivered": True, "at": at}
    if row.search_rowid is None:
        rowid = free_rowids(connection, [(message_id, at)])[message_id]
        index_messages(connection, [(rowid, searched(connection, row))])
        values["search_rowid"] = rowid
    connection.execute(update(table_of(Message)).where(_M.id == message_id).values(**values))
    summary.refresh(connection, [row.conversation_id], tx.now)
    return int(row.conversation_id)


def searched(connection: Connection, row: Row[Any]) -> tuple[str, str, str, str, str]:
    """The columns of the full-text index, from what is stored: as :func:`crm_tui.desk.correspondence.prepare.pack` makes them."""
    details = row.details or {}
    others = [pair for key in ("to", "cc", "bcc") for pair in details.get(key, ())]
    files = connection.execute(select(_P.name).where(_P.message_id == row.id).order_by(_P.position)).scalars()
    return (
        fold_text(row.subject),
        fold_text(f"{row.sender_name} {row.sender_address}"),
        fold_text(" ".join(f"{name} {address}" for name, address in others[:200])),
        fold_text((row.text or "")[:SEARCH_BODY_LENGTH]),
        fold_text(" ".join(files)),
    )


def remove(tx: Transaction, message_id: int) -> int | None:
    """Take a message that was never sent out of its conversation; an empty conversation goes with it."""
    connection = tx.connection
    row = connection.execute(select(_M.conversation_id).where(_M.id == message_id, _M.delivered.is_(False))).first()
    if row is None:
        return None
    conversation = int(row.conversation_id)
    connection.execute(delete(Message).where(_M.id == message_id))
    # its number may be given again: a reply begun after it must not take the newcomer for seen
    connection.execute(
        update(table_of(Draft)).where(_D.seen_message_id >= message_id).values(seen_message_id=message_id - 1)
    )
    left = connection.execute(select(_M.id).where(_M.conversation_id == conversation).limit(1)).scalar()
    if left is None:
        connection.execute(delete(Conversation).where(_C.id == conversation))
        return None
    summary.refresh(connection, [conversation], tx.now)
    return conversation


def answered(tx: Transaction, source_message_id: int | None) -> None:
    """The message that was replied to is marked answered, here and with the next sync on its server."""
    if source_message_id is not None:
        flags.set_in(tx, [source_message_id], {"answered": True})


def _remember_thread(tx: Transaction, prepared: Prepared, conversation_id: int) -> None:
    threads = Threads(tx.connection, [], own=own_addresses(tx.connection), sent=True)
    threads.place(prepared, conversation_id)
    refs = threads.rows()
    if refs:
        tx.connection.execute(insert(ThreadRef).prefix_with("OR IGNORE", dialect="sqlite"), refs)
