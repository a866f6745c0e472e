"""How messages come into the store: one batch, one transaction, together with the cursor of the mailbox (SPEC §2).

Everything here is called by the engine's sync, by imports and by the outbox; screens read through ``folders`` and ``reading``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, case, select, update

from crm_tui.data.bulk import allocate, chunks, insert_rows
from crm_tui.data.columns import columns, table_of
from crm_tui.data.search import free_rowids, index_messages
from crm_tui.data.tables import (
    Account,
    Location,
    Mailbox,
    Message,
    OutboxItem,
    ThreadRef,
    Ticket,
)
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.conversations import summary
from crm_tui.desk.conversations.merging import lift_from_spam, merge_threads
from crm_tui.desk.conversations.threads import Threads
from crm_tui.desk.correspondence.arriving import Batch as Batch
from crm_tui.desk.correspondence.arriving import Incoming as Incoming
from crm_tui.desk.correspondence.arriving import message_row, new_conversation, store_parts
from crm_tui.desk.correspondence.prepare import Prepared
from crm_tui.desk.ticketing import ticket_unions
from crm_tui.rules.mail_addresses import address_key
from crm_tui.rules.vocabulary import Direction, Folder

_M = columns(Message)
_L = columns(Location)

OWN_ADDRESS = "own-address"
"""Why a mail from one of our addresses that lies in no Sent mailbox opens and closes no turn: anybody can write that From."""

SANE_FUTURE = timedelta(days=1)
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a batch.

    Attributes:
        message_ids: a message id for each item, in the batch's order.
        stored: ids of those that are new.
        conversations: the conversations that changed.
    """

    message_ids: Sequence[int]
    stored: frozenset[int]
    conversations: frozenset[int]


def receive(ctx: Context, batch: Batch) -> Received:
    """Store a batch: messages, threads, turns, search index, locations, cursor and journal, in one transaction.

    A mail that is known already (same source, or same Message-ID, sender, Date and text on another account) gets a
    further location and nothing else.
    """
    # A mailbox has it again if the power fails; an import's file may be gone by then.
    with ctx.write(durable=batch.mailbox_id is None) as tx:
        return receive_in(tx, batch)


def receive_in(tx: Transaction, batch: Batch) -> Received:
    """:func:`receive` within a transaction that does more."""
    connection = tx.connection
    ids = _known(connection, batch.items)
    fresh: dict[bytes, Incoming] = {}
    for item in batch.items:
        if item.prepared.digest not in ids and item.prepared.content_key not in ids:
            fresh.setdefault(item.prepared.digest, item)
    touched: set[int] = set()
    stored = _store(tx, batch, _distinct(fresh.values()), touched) if fresh else _Stored()
    ids |= stored.ids
    result = [ids.get(item.prepared.digest) or ids[item.prepared.content_key] for item in batch.items]
    new = frozenset(stored.previews)
    if batch.mailbox_id is not None:
        _locate(connection, batch, result)
        _adopt_flags(connection, batch, result, new, touched)
        if batch.cursor:
            connection.execute(update(Mailbox).where(columns(Mailbox).id == batch.mailbox_id).values(**batch.cursor))
    if batch.folder == Folder.INBOX and not batch.sent:
        # a place in an Inbox says that nobody takes it for spam there
        touched |= lift_from_spam(tx, conversations_of(connection, result) - stored.conversations.keys())
    nothing = frozenset[int]()
    waking, resting = (nothing, new) if batch.folder == Folder.DONE else (new, nothing)  # an archive wakes nothing
    turns = summary.refresh(
        connection,
        touched,
        tx.now,
        arrived=waking,
        resting=resting,
        previews=stored.previews,
        fresh=stored.conversations,
    )
    for survivor, parts in stored.parts.items():
        ticket_unions.unite(tx, survivor, parts)
    insert_rows(connection, ThreadRef, stored.refs, ignore=True)
    # Last, because every statement that could fail in part makes the full-text index write out what it holds.
    index_messages(connection, stored.index)
    if touched:
        _tell(tx, batch, len(new), touched, turns)
    return Received(result, new, frozenset(touched))


def _tell(tx: Transaction, batch: Batch, new: int, touched: set[int], turns: list[summary.TurnTold]) -> None:
    told: dict[str, Any] = {"messages": new, "conversations": sorted(touched)}
    told |= {"sent": True} if batch.sent else {}
    told |= {"turns": _turns_told(tx.connection, turns)} if turns else {}
    tx.journal("mailbox", batch.mailbox_id, "receive", after=told)


def _turns_told(connection: Connection, turns: Sequence[summary.TurnTold]) -> list[dict[str, Any]]:
    """What mail did to who waits, for the journal: a mail is received later than it came, and figures count from when it came."""
    numbers: dict[int, int] = {}
    for chunk in chunks([one.message for one in turns]):
        query = select(columns(Ticket).message_id, columns(Ticket).id).where(columns(Ticket).message_id.in_(chunk))
        numbers.update((row.message_id, row.id) for row in connection.execute(query))
    return [
        {
            "conversation": one.conversation,
            "ticket": numbers.get(one.message),
            "opened_at": one.opened_at.isoformat(),
            "closed_at": one.closed_at.isoformat() if one.closed_at else None,
        }
        | ({"gone": True} if one.gone else {})
        for one in turns
    ]


@dataclass(slots=True)
class _Stored:
    """What of a batch is stored, and what is still to be: conversations, references and index rows follow at the end."""

    ids: dict[bytes, int] = field(default_factory=dict)
    previews: dict[int, str] = field(default_factory=dict)
    conversations: dict[int, dict[str, Any]] = field(default_factory=dict)
    refs: list[dict[str, Any]] = field(default_factory=list)
    index: list[tuple[int, tuple[str, str, str, str, str]]] = field(default_factory=list)
    parts: dict[int, list[Any]] = field(default_factory=dict)


def _distinct(items: Any) -> list[Incoming]:
    """One of each content: two sources in one batch may be the same mail."""
    found: dict[bytes, Incoming] = {}
    for item in items:
        found.setdefault(item.prepared.content_key, item)
    return list(found.values())


def _known(connection: Connection, items: Sequence[Incoming]) -> dict[bytes, int]:
    """Message ids by digest and by content key, for mails that are stored already."""
    found: dict[bytes, int] = {}
    for chunk in chunks(items):
        digests = [item.prepared.digest for item in chunk]
        keys = [item.prepared.content_key for item in chunk]
        found.update(
            (row.content_key, row.id)
            for row in connection.execute(select(_M.content_key, _M.id).where(_M.content_key.in_(keys)))
        )
        found.update(
            (row.digest, row.id) for row in connection.execute(select(_M.digest, _M.id).where(_M.digest.in_(digests)))
        )
    return found


def own_addresses(connection: Connection) -> frozenset[str]:
    """The addresses of the linked accounts and their aliases, in lower case."""
    accounts = columns(Account)
    own: set[str] = set()
    for row in connection.execute(select(accounts.address, accounts.aliases)):
        own.update(part.strip().lower() for part in (row.address, *row.aliases.split(",")) if part.strip())
    return frozenset(own)


def own_keys(connection: Connection) -> frozenset[str]:
    """The same, as addresses are compared (:func:`crm_tui.rules.mail_addresses.address_key`)."""
    return frozenset(address_key(one) for one in own_addresses(connection))


def effective_instant(date: datetime | None, received_at: datetime | None, now: datetime) -> datetime:
    """The instant a message is ordered by: its Date, or INTERNALDATE where Date is missing, long past or in the future (I13)."""
    latest = (received_at or now) + SANE_FUTURE
    if date is not None and EARLIEST <= date <= latest:
        return date
    return received_at or now


def _store(tx: Transaction, batch: Batch, items: list[Incoming], touched: set[int]) -> _Stored:
    connection = tx.connection
    items.sort(key=lambda item: (effective_instant(item.prepared.date, item.received_at, tx.now), item.uid))
    threads = Threads(connection, [item.prepared for item in items], own=own_addresses(connection), sent=batch.sent)
    rows, conversations = _message_rows(tx, batch, items, threads)
    rowids = free_rowids(connection, [(row["id"], row["at"]) for row in rows])
    for row in rows:
        row["conversation_id"] = threads.alive(row["conversation_id"])
        row["search_rowid"] = rowids[row["id"]]
        touched.add(row["conversation_id"])
    insert_rows(connection, Message, rows)
    store_parts(connection, items, rows)
    parts = merge_threads(tx, threads, conversations, touched)
    stored = _Stored(refs=threads.rows(), parts=parts)
    stored.conversations = {number: row for number, row in conversations.items() if threads.alive(number) == number}
    for row, item in zip(rows, items, strict=True):
        prepared = item.prepared
        stored.ids[prepared.digest] = stored.ids[prepared.content_key] = row["id"]
        stored.previews[row["id"]] = prepared.preview
        stored.index.append((row["search_rowid"], prepared.search))
    return stored


def _message_rows(
    tx: Transaction, batch: Batch, items: list[Incoming], threads: Threads
) -> tuple[list[dict[str, Any]], dict[int, dict[str, Any]]]:
    """The message rows of a batch, and the rows of conversations that begin with it."""
    connection = tx.connection
    origins = _Origins(connection, batch, items)
    message_ids = allocate(connection, "message", len(items))
    conversation_ids = iter(allocate(connection, "conversation", len(items)))
    rows: list[dict[str, Any]] = []
    conversations: dict[int, dict[str, Any]] = {}
    for message_id, item in zip(message_ids, items, strict=True):
        prepared = item.prepared
        out, automatic = origins.of(prepared)
        at = effective_instant(prepared.date, item.received_at, tx.now)
        candidates = threads.candidates(prepared)
        if candidates:
            conversation = min(candidates)
            for other in candidates:
                if other != conversation:
                    threads.merge(conversation, other)
        else:
            conversation = next(conversation_ids)
            conversations[conversation] = new_conversation(conversation, batch, item, at, out)
        threads.place(prepared, conversation)
        rows.append(message_row(message_id, conversation, batch, item, at, out) | {"automatic": automatic})
    return rows, conversations


class _Origins:
    """Which mails of a batch went out (SPEC §1).

    A mail went out if it lies in a Sent mailbox. An import knows no mailboxes: there the sender is believed, since whoever
    imports vouches for the files. Elsewhere a From with our address proves nothing: such a mail opens and closes no turn,
    and it counts as outgoing only if its Message-ID is that of an outbox item (a copy of what the desk sent).
    """

    def __init__(self, connection: Connection, batch: Batch, items: Sequence[Incoming]) -> None:
        self._own = own_addresses(connection)
        self._sent = batch.sent
        self._imported = batch.mailbox_id is None
        ids = [
            i.prepared.message_id
            for i in items
            if i.prepared.message_id and i.prepared.sender.address.lower() in self._own
        ]
        outbox = columns(OutboxItem).rfc_message_id
        self._ours: set[str] = set()
        if not (self._sent or self._imported):
            for chunk in chunks(ids):
                self._ours.update(connection.execute(select(outbox).where(outbox.in_(chunk))).scalars())

    def of(self, prepared: Prepared) -> tuple[bool, str]:
        """Whether the mail went out, and why it counts as automatic."""
        own = prepared.sender.address.lower() in self._own
        if self._sent or (self._imported and own):
            return True, prepared.automatic
        if not own:
            return False, prepared.automatic
        return prepared.message_id in self._ours, prepared.automatic or OWN_ADDRESS


def _locate(connection: Connection, batch: Batch, message_ids: Sequence[int]) -> None:
    rows = [
        {
            "message_id": message_id,
            "mailbox_id": batch.mailbox_id,
            "uidvalidity": batch.uidvalidity,
            "uid": item.uid,
            "flags": " ".join(sorted(item.flags)),
        }
        for item, message_id in zip(batch.items, message_ids, strict=True)
        if item.uid
    ]
    insert_rows(connection, Location, rows, ignore=True)


def _adopt_flags(
    connection: Connection, batch: Batch, message_ids: Sequence[int], new: frozenset[int], touched: set[int]
) -> None:
    """A known mail found in a further place: what was read or answered there counts as read and answered.

    Found in a Sent mailbox, it went out.
    """
    states = []
    stored = set(new)  # the first copy within the batch brought its flags with it
    for item, message_id in zip(batch.items, message_ids, strict=True):
        if message_id in stored:
            stored.discard(message_id)
        elif item.flags or batch.sent:
            state = {
                "row_id": message_id,
                "s": batch.sent or "\\Seen" in item.flags,
                "a": "\\Answered" in item.flags,
                "f": "\\Flagged" in item.flags,
            }
            states.append(state)
    if not states:
        return
    changes = {
        "seen": _M.seen | bindparam("s"),
        "answered": _M.answered | bindparam("a"),
        "flagged": _M.flagged | bindparam("f"),
    }
    if batch.sent:
        changes["direction"] = Direction.OUT.value
        changes["automatic"] = case((_M.automatic == OWN_ADDRESS, ""), else_=_M.automatic)
    connection.execute(update(table_of(Message)).where(_M.id == bindparam("row_id")).values(**changes), states)
    touched.update(conversations_of(connection, [state["row_id"] for state in states]))


def conversations_of(connection: Connection, message_ids: Sequence[int]) -> set[int]:
    """The conversations that messages stand in."""
    found: set[int] = set()
    for chunk in chunks(message_ids):
        found.update(connection.execute(select(_M.conversation_id).where(_M.id.in_(chunk))).scalars())
    return found
