"""Splitting a conversation in two, and making several one (SPEC §2): one key each, and undoable.

What an agent decides here outlives every later mail: two halves are remembered as apart (``thread_apart``), and a mail that
names messages of both goes to the one that it answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.bulk import allocate, chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, Draft, Message, OutboxItem, TurnMark
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.views import ConversationRow
from crm_tui.desk.conversations import folders, summary
from crm_tui.desk.conversations.changing import chosen, in_sight, plain, revived, rows_of
from crm_tui.desk.conversations.merging import KEPT, absorb, forget_apart, hand_over, merge_in, tell_apart
from crm_tui.desk.conversations.threads import rebuild
from crm_tui.desk.correspondence.mailbox import own_addresses
from crm_tui.desk.ticketing import ticket_hands, ticket_unions
from crm_tui.desk.undoing.undo_registry import special
from crm_tui.desk.undoing.undo_words import says
from crm_tui.mail.text import display_text
from crm_tui.rules.mail_addresses import spellings

_C = columns(Conversation)
_M = columns(Message)
_K = columns(TurnMark)
_D = columns(Draft)
_O = columns(OutboxItem)

_COPIED = ("folder", "previous_folder", "assignee_id", "inquiry_id", "scope")
"""What both halves of a split share: it stays in its folder, its hands, its inquiry, and as hidden as it was."""


def split(ctx: Context, conversation_id: int, message_ids: Iterable[int]) -> int:
    """Make messages of a conversation a conversation of their own; returns its id.

    It stands where the old one stands, with the same agent, inquiry and scope. Turns are those of the messages in each
    half. Drafts and queued messages that answer what is split off go with it; memos, reminders and internal messages stay.

    Raises:
        NotFound: there is no such conversation, or the actor may not see it.
        InvalidInput: none of its messages is named, or all of them, so that nothing would be left.
    """
    with ctx.write() as tx:
        (row,) = chosen(tx, [conversation_id])
        there = list(tx.connection.execute(select(_M.id).where(_M.conversation_id == row.id)).scalars())
        wanted = set(message_ids)
        going = [number for number in there if number in wanted]
        if not going or len(going) == len(there) or wanted - set(there):
            raise InvalidInput(
                _("Nothing was split: some messages must go and some must stay."),
                _("Open the conversation and stand on the first message that belongs elsewhere."),
                "messages",
            )
        return _split(tx, row, going)


def _split(tx: Transaction, row: Any, going: Sequence[int]) -> int:
    connection = tx.connection
    number = allocate(connection, "conversation", 1)[0]
    values = {name: getattr(row, name) for name in _COPIED}
    first = {"subject": row.subject, "first_at": row.last_at, "last_at": row.last_at, "listed_at": row.last_at}
    connection.execute(insert(Conversation).values(id=number, **first, **values))
    hand_over(connection, {"messages": going, **_going_along(tx, row.id, going)}, number)
    marks = _copy_marks(tx, row.id, number, going)
    tell_apart(connection, [(row.id, number)])
    _refresh(tx, [row.id, number])
    ticket_hands.alike(tx, row.id, number)
    made = rows_of(connection, [number])[number]
    after = {"into": number, "messages": list(going), "marks": marks, "conversations": [row.id, number]}
    after["other"] = plain({name: getattr(made, name) for name in KEPT})
    tx.journal("conversation", row.id, "split", {"messages": []}, after, undoable=True)
    return number


def _going_along(tx: Transaction, conversation_id: int, going: Sequence[int]) -> dict[str, list[int]]:
    """Drafts that answer a message that goes, and queued messages that are one."""
    drafts: list[int] = []
    queued: list[int] = []
    for chunk in chunks(going):
        here = _D.conversation_id == conversation_id
        drafts += tx.connection.execute(select(_D.id).where(here, _D.source_message_id.in_(chunk))).scalars().all()
        queued += tx.connection.execute(select(_O.id).where(_O.message_row_id.in_(chunk))).scalars().all()
    return {"drafts": drafts, "outbox": queued}


def _copy_marks(tx: Transaction, conversation_id: int, number: int, going: Sequence[int]) -> list[int]:
    """*No answer needed* was said of what had come by then: it holds in both halves."""
    connection = tx.connection
    since = min(
        instant
        for chunk in chunks(going)
        for instant in connection.execute(select(_M.at).where(_M.id.in_(chunk))).scalars()
    )
    query = select(_K.agent_id, _K.at).where(_K.conversation_id == conversation_id, _K.at >= since).order_by(_K.id)
    found = connection.execute(query).all()
    ids = list(allocate(connection, "turn_mark", len(found))) if found else []
    for mark, row in zip(ids, found, strict=True):
        connection.execute(insert(TurnMark).values(id=mark, conversation_id=number, agent_id=row.agent_id, at=row.at))
    return ids


def merge(ctx: Context, conversation_ids: Iterable[int]) -> int:
    """Make conversations one; returns its id, which is that of the oldest. Everything that belongs to them goes along.

    Raises:
        NotFound: there is no such conversation, or the actor may not see it.
        InvalidInput: fewer than two are named.
        Conflict: they belong to different inquiries.
    """
    with ctx.write() as tx:
        rows = sorted(chosen(tx, conversation_ids), key=lambda row: row.id)
        if len(rows) < 2:
            raise InvalidInput(
                _("It takes two conversations to make one."), _("Mark them with Space first."), "conversation"
            )
        if len({row.inquiry_id for row in rows if row.inquiry_id is not None}) > 1:
            raise Conflict(
                _("These conversations belong to different inquiries; nothing was merged."),
                _("Take one of them out of its inquiry first."),
            )
        survivor, *others = (row.id for row in rows)
        parts = ticket_unions.parts_of(tx.connection, [row.id for row in rows])
        for other in others:
            merge_in(tx, survivor, other, by_agent=True, last=other == others[-1])
        _refresh(tx, [survivor])
        ticket_unions.unite(tx, survivor, parts)
        return int(survivor)


def candidates(ctx: Context, conversation_id: int, limit: int = 50) -> list[ConversationRow]:
    """The other conversations with the same counterpart, newest first: what one is most likely merged with.

    Raises:
        NotFound: there is no such conversation, or the actor may not see it.
    """
    with ctx.store.connect() as connection:
        scope.require_conversations(connection, ctx.actor.scopes, [conversation_id])
        address = connection.execute(select(_C.counterpart_address).where(_C.id == conversation_id)).scalar()
        if not address:
            return []
        query = (
            select(_C.id)
            .where(func.lower(_C.counterpart_address).in_(sorted(spellings(address))))
            .where(_C.merged_into.is_(None), _C.id != conversation_id)
            .order_by(_C.last_at.desc(), _C.id.desc())
            .limit(limit)
        )
        ids = connection.execute(query).scalars().all()
        found = (folders.row_in(connection, number, ctx.actor.scopes) for number in ids)
        return [one for one in found if one is not None]


def _refresh(tx: Transaction, conversations: Sequence[int]) -> None:
    rebuild(tx.connection, conversations, own=own_addresses(tx.connection))
    summary.refresh(tx.connection, conversations, tx.now)
    ticket_hands.settle(tx, conversations)


def unsplit(tx: Transaction, row: Any) -> None:
    """Undo of :func:`split`: the second half goes back, with what came into it since.

    Raises:
        Conflict: somebody has worked on the second half since.
    """
    other = row.after["into"]
    in_sight(tx, [row.entity_id, other])
    _expect(tx, other, row.after["other"])
    tx.connection.execute(delete(TurnMark).where(_K.id.in_(row.after["marks"]), _K.conversation_id == other))
    absorb(tx.connection, row.entity_id, other)
    forget_apart(tx.connection, [(row.entity_id, other)])
    _refresh(tx, [row.entity_id])


def unmerge(tx: Transaction, row: Any) -> None:
    """Undo of :func:`merge`: what belonged to the other one is its own again, and both are as they were decided.

    Raises:
        Conflict: somebody has worked on the merged one since.
    """
    survivor, was = row.after["into"], row.before
    in_sight(tx, [survivor])
    _expect(tx, survivor, row.after["survivor"])
    there = set(tx.connection.execute(select(_M.id).where(_M.conversation_id == survivor)).scalars())
    if not there.issuperset(was["messages"]):
        raise _changed(tx, survivor)
    hand_over(tx.connection, was, row.entity_id)
    _restore(tx, row.entity_id, was, merged_into=None)
    _restore(tx, survivor, was["survivor"])
    tell_apart(tx.connection, [(one, other) for one, other in was["apart"]])
    _refresh(tx, [survivor, row.entity_id])
    ticket_unions.divide(tx, was.get("tickets", ()), row.at)


def _restore(tx: Transaction, number: int, was: Any, **more: Any) -> None:
    values = revived({name: was[name] for name in KEPT}) | more
    tx.connection.execute(update(Conversation).where(_C.id == number).values(**values, version=_C.version + 1))


def _expect(tx: Transaction, number: int, as_left: Any) -> None:
    """Refuse where somebody decided something for a conversation since."""
    found = rows_of(tx.connection, [number]).get(number)
    if found is None or found.merged_into is not None:
        raise _changed(tx, number)
    now = plain({name: getattr(found, name) for name in KEPT})
    if any(now[name] != value for name, value in as_left.items()):
        raise _changed(tx, number)


def _changed(tx: Transaction, number: int) -> Conflict:
    subject = tx.connection.execute(select(_C.subject).where(_C.id == number)).scalar() or ""
    return Conflict(
        _("“{subject}” has changed since; nothing was taken back.").format(subject=display_text(subject)),
        _("Look at it again."),
    )


special("conversation", "split", unsplit)
special("conversation", "merge", unmerge)
says("conversation", "split", did=lambda facts: _("{what} is one conversation again.").format(what=facts.what))
says("conversation", "merge", did=lambda facts: _("{what}: conversations of their own again.").format(what=facts.what))
