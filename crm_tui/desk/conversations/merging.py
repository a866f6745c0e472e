"""Two conversations that prove to be one thread, and what an agent had decided for them.

Only mail with the same counterpart brings conversations together (:mod:`crm_tui.desk.conversations.counterparts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlmodel import SQLModel

from crm_tui.data.bulk import chunks, insert_rows
from crm_tui.data.columns import columns
from crm_tui.data.tables import (
    Conversation,
    Draft,
    InternalMessage,
    Journal,
    Memo,
    Message,
    OutboxItem,
    Reminder,
    ThreadApart,
    ThreadRef,
    Turn,
    TurnMark,
)
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.conversations import summary
from crm_tui.desk.conversations.changing import DECIDED, plain, rows_of
from crm_tui.desk.conversations.threads import Threads, pairs_apart
from crm_tui.desk.ticketing import ticket_unions
from crm_tui.rules.scopes import narrower
from crm_tui.rules.vocabulary import Folder

_C = columns(Conversation)
_J = columns(Journal)

KEPT = tuple(name for name in DECIDED if name != "listed_at")
"""What the journal keeps of both, so that they can be told apart again."""


def merge_threads(
    tx: Transaction, threads: Threads, fresh: Mapping[int, Any], touched: set[int]
) -> dict[int, list[Any]]:
    """Conversations that a late parent showed to be one thread become one; the oldest keeps its id.

    Returns the tickets of their parts as they were, by the one that is left, for :func:`ticket_unions.unite`.
    """
    parts: dict[int, list[Any]] = {}
    for other, survivor in threads.merged.items():
        touched.discard(other)
        touched.add(survivor)
        if other not in fresh:  # one that began within this batch was never seen by anyone
            alive = threads.alive(survivor)
            known = [other] if alive in parts else [alive, other]
            parts.setdefault(alive, []).extend(ticket_unions.parts_of(tx.connection, known))
            merge_in(tx, survivor, other)
    return parts


def merge_in(tx: Transaction, survivor: int, other: int, *, by_agent: bool = False, last: bool = True) -> None:
    """Move everything of a conversation to another one; the emptied one stays as a signpost (``merged_into``).

    Args:
        by_agent: an agent asked for it, and can take it back (:mod:`crm_tui.desk.conversations.splitting`).
        last: no further one follows in the same command.
    """
    connection = tx.connection
    things = held(connection, other)
    before = _before(connection, survivor, other, things)
    absorb(connection, survivor, other, things)
    _inherit(connection, survivor, other)
    if by_agent:
        if last:  # what is taken back first must find the survivor as the whole command left it
            summary.refresh(connection, [survivor], tx.now)
        after = {"into": survivor, "by": "agent", "conversations": [survivor, other]}
        left = rows_of(connection, [survivor])[survivor]
        after["survivor"] = plain({name: getattr(left, name) for name in KEPT})
        tx.journal("conversation", other, "merge", before, after, undoable=True)
    else:
        tx.journal("conversation", other, "merge", before, {"into": survivor, "by": "thread"})


HELD: Mapping[str, type[SQLModel]] = {
    "messages": Message,
    "marks": TurnMark,
    "drafts": Draft,
    "outbox": OutboxItem,
    "memos": Memo,
    "internal": InternalMessage,
    "reminders": Reminder,
}
"""What belongs to a conversation and goes with it, by the journal's word."""


def held(connection: Connection, conversation_id: int) -> dict[str, list[int]]:
    """The ids of all that belongs to a conversation."""
    found = {}
    for word, model in HELD.items():
        names = columns(model)
        query = select(names.id).where(names.conversation_id == conversation_id).order_by(names.id)
        found[word] = list(connection.execute(query).scalars())
    return found


def hand_over(connection: Connection, things: Mapping[str, Sequence[int]], conversation_id: int) -> None:
    """Give things to a conversation (:func:`held` names them)."""
    for word, model in HELD.items():
        for chunk in chunks(things.get(word, ())):
            names = columns(model)
            connection.execute(update(model).where(names.id.in_(chunk)).values(conversation_id=conversation_id))


def absorb(
    connection: Connection, survivor: int, other: int, things: Mapping[str, Sequence[int]] | None = None
) -> None:
    """Empty a conversation into another one, whatever was decided for either; ``things``: what it holds, if known."""
    hand_over(connection, held(connection, other) if things is None else things, survivor)
    refs = columns(ThreadRef)
    kept = (refs.ref, refs.kind, refs.subject, refs.counterparts)
    rows = connection.execute(select(*kept).where(refs.conversation_id == other)).mappings().all()
    connection.execute(delete(ThreadRef).where(refs.conversation_id == other))
    insert_rows(connection, ThreadRef, [{**row, "conversation_id": survivor} for row in rows], ignore=True)
    connection.execute(delete(Turn).where(columns(Turn).conversation_id == other))
    apart = {one if two == other else two for one, two in pairs_apart(connection, [other])}
    forget_apart(connection, [(other, one) for one in apart])
    tell_apart(connection, [(survivor, one) for one in apart if one != survivor])
    values = {"merged_into": survivor, "message_count": 0, "unread_count": 0, "waiting_since": None}
    connection.execute(update(Conversation).where(_C.id == other).values(**values))


def tell_apart(connection: Connection, pairs: Iterable[tuple[int, int]]) -> None:
    """Let no mail bring these conversations together."""
    ordered = {(min(pair), max(pair)) for pair in pairs}
    rows = [{"conversation_id": one, "other_id": other} for one, other in sorted(ordered)]
    insert_rows(connection, ThreadApart, rows, ignore=True)


def forget_apart(connection: Connection, pairs: Iterable[tuple[int, int]]) -> None:
    """Let mail bring these conversations together again."""
    names = columns(ThreadApart)
    for pair in pairs:
        same = (names.conversation_id == min(pair)) & (names.other_id == max(pair))
        connection.execute(delete(ThreadApart).where(same))


def _before(connection: Connection, survivor: int, other: int, things: Mapping[str, list[int]]) -> dict[str, Any]:
    """What tells the two apart again: what belongs to the one that is emptied, and what was decided for both."""
    found = rows_of(connection, [survivor, other])
    decided = {number: plain({name: getattr(row, name) for name in KEPT}) for number, row in found.items()}
    apart = sorted(pairs_apart(connection, [survivor, other]))
    tickets = ticket_unions.told(ticket_unions.parts_of(connection, [survivor, other]))
    left = {"apart": apart, "survivor": decided.get(survivor), "tickets": tickets}
    return {**decided.get(other, {}), **things, **left}


def _inherit(connection: Connection, survivor: int, other: int) -> None:
    """What an agent decided for one of two conversations that prove to be one holds for both.

    The narrower scope holds, with the inquiry it comes from: nothing that was hidden comes to light by a thread. The
    emptied one takes it too, since its number still leads there.
    """
    found = rows_of(connection, [survivor, other])
    if survivor not in found or other not in found:
        return  # the survivor begins with this batch: nobody has decided anything for it
    ours, theirs = found[survivor], found[other]
    keeps = _weight(connection, ours) >= _weight(connection, theirs)
    chosen = ours if keeps else theirs
    if chosen.folder == Folder.DONE:  # what waits in the Inbox is not hidden by what was done before
        chosen = next((row for row in (ours, theirs) if row.folder == Folder.INBOX and row.waiting_since), chosen)
    values = {
        "folder": chosen.folder,
        "previous_folder": chosen.previous_folder,
        "starred": ours.starred or theirs.starred,
        "assignee_id": ours.assignee_id or theirs.assignee_id,
        "woken_at": max(filter(None, (ours.woken_at, theirs.woken_at)), default=None),
    }
    if ours.snoozed and not theirs.snoozed:  # what is awake is not hidden
        values |= {"snoozed": False, "snoozed_until": None, "snooze_for": "", "wake_reason": theirs.wake_reason}
        values["snooze_for"] = theirs.snooze_for if theirs.wake_reason else ""
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
