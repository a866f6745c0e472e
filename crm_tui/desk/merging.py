"""Two conversations that prove to be one thread, and what an agent had decided for them.

Only mail with the same counterpart brings conversations together (:mod:`crm_tui.desk.counterparts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, delete, select, update

from crm_tui.data.bulk import chunks, insert_rows
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, Draft, Journal, Message, OutboxItem, ThreadRef, Turn, TurnMark
from crm_tui.desk.context import Transaction
from crm_tui.desk.threads import Threads
from crm_tui.rules.scopes import narrower
from crm_tui.rules.vocabulary import Folder

_C = columns(Conversation)
_J = columns(Journal)
_M = columns(Message)
_DECIDED = (_C.id, _C.folder, _C.previous_folder, _C.starred, _C.assignee_id, _C.inquiry_id, _C.scope)


def merge_threads(tx: Transaction, threads: Threads, fresh: Mapping[int, Any], touched: set[int]) -> None:
    """Conversations that a late parent showed to be one thread become one; the oldest keeps its id."""
    for other, survivor in threads.merged.items():
        touched.discard(other)
        touched.add(survivor)
        if other not in fresh:  # one that began within this batch was never seen by anyone
            merge_in(tx, survivor, other)


def merge_in(tx: Transaction, survivor: int, other: int) -> None:
    """Move everything of a conversation to another one; the emptied one stays as a signpost (``merged_into``)."""
    connection = tx.connection
    before = _before(connection, survivor, other)
    for model in (Message, TurnMark, Draft, OutboxItem):
        names = columns(model)
        connection.execute(update(model).where(names.conversation_id == other).values(conversation_id=survivor))
    refs = columns(ThreadRef)
    kept = (refs.ref, refs.kind, refs.subject, refs.counterparts)
    rows = connection.execute(select(*kept).where(refs.conversation_id == other)).mappings().all()
    connection.execute(delete(ThreadRef).where(refs.conversation_id == other))
    insert_rows(connection, ThreadRef, [{**row, "conversation_id": survivor} for row in rows], ignore=True)
    connection.execute(delete(Turn).where(columns(Turn).conversation_id == other))
    _inherit(connection, survivor, other)
    connection.execute(
        update(Conversation)
        .where(_C.id == other)
        .values(merged_into=survivor, message_count=0, unread_count=0, waiting_since=None)
    )
    tx.journal("conversation", other, "merge", before, {"into": survivor, "by": "thread"})


def _before(connection: Connection, survivor: int, other: int) -> dict[str, Any]:
    """What tells the two apart again: the messages of the one that is emptied, and what was decided for both."""
    rows = connection.execute(select(*_DECIDED).where(_C.id.in_([survivor, other]))).mappings()
    decided = {row["id"]: {name: value for name, value in row.items() if name != "id"} for row in rows}
    messages = list(connection.execute(select(_M.id).where(_M.conversation_id == other).order_by(_M.id)).scalars())
    return {**decided.get(other, {}), "messages": messages, "survivor": decided.get(survivor)}


def _inherit(connection: Connection, survivor: int, other: int) -> None:
    """What an agent decided for one of two conversations that prove to be one holds for both.

    The narrower scope holds, with the inquiry it comes from: nothing that was hidden comes to light by a thread. The
    emptied one takes it too, since its number still leads there.
    """
    waiting = _C.waiting_since.is_not(None).label("waiting")
    found = {row.id: row for row in connection.execute(select(*_DECIDED, waiting).where(_C.id.in_([survivor, other])))}
    if survivor not in found or other not in found:
        return  # the survivor begins with this batch: nobody has decided anything for it
    ours, theirs = found[survivor], found[other]
    keeps = _weight(connection, ours) >= _weight(connection, theirs)
    chosen = ours if keeps else theirs
    if chosen.folder == Folder.DONE:  # what waits in the Inbox is not hidden by what was done before
        chosen = next((row for row in (ours, theirs) if row.folder == Folder.INBOX and row.waiting), chosen)
    values = {
        "folder": chosen.folder,
        "previous_folder": chosen.previous_folder,
        "starred": ours.starred or theirs.starred,
        "assignee_id": ours.assignee_id or theirs.assignee_id,
    }
    kept = {"scope": narrower(ours.scope, theirs.scope)}
    first, second = (ours, theirs) if kept["scope"] == ours.scope else (theirs, ours)
    values["inquiry_id"] = first.inquiry_id or second.inquiry_id
    connection.execute(update(Conversation).where(_C.id == survivor).values(**values, **kept))
    connection.execute(update(Conversation).where(_C.id == other).values(**kept))


def _weight(connection: Connection, row: Any) -> int:
    """How much a folder says: 2 an agent's decision, 1 where mail arrives by itself, 0 a server's junk mailbox."""
    if row.folder == Folder.SPAM:
        return 2 if _agents_spam(connection, row.id) else 0
    return 1 if (row.folder, row.previous_folder) in {(Folder.INBOX, ""), (Folder.DONE, "")} else 2


def lift_from_spam(tx: Transaction, conversation_ids: Iterable[int]) -> set[int]:
    """Bring conversations to the Inbox that stand in Spam though no agent put them there; returns which.

    For mail that lies in an Inbox: the server's filter, or somebody in webmail, does not take it for spam any more.
    """
    lifted: set[int] = set()
    for chunk in chunks(conversation_ids):
        query = select(_C.id).where(_C.id.in_(chunk), _C.folder == Folder.SPAM.value, _C.merged_into.is_(None))
        for number in tx.connection.execute(query).scalars().all():
            if not _agents_spam(tx.connection, number):
                lifted.add(number)
                tx.journal("conversation", number, "move", {"folder": Folder.SPAM}, {"folder": Folder.INBOX})
    for chunk in chunks(lifted):
        values = {"folder": Folder.INBOX.value, "previous_folder": "", "version": _C.version + 1}
        tx.connection.execute(update(Conversation).where(_C.id.in_(chunk)).values(**values))
    return lifted


def _agents_spam(connection: Connection, conversation_id: int) -> bool:
    """Whether an agent, and not a server's junk mailbox, moved it to where it stands."""
    query = select(_J.agent_id).where(_J.entity == "conversation", _J.entity_id == conversation_id, _J.action == "move")
    return connection.execute(query.order_by(_J.id.desc()).limit(1)).scalar() is not None
