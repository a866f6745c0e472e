"""Tickets: the work of answering one turn of a conversation, and whose it is (SPEC §10).

A ticket and its conversation are always in the same hands: to give one is to give the other. Whoever takes work out of
another's hands is a manager; one's own can be handed on, and what is queued can be taken by anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Agent, Conversation, Ticket
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.permissions import Permission, may, require
from crm_tui.desk.common.views import Cursor
from crm_tui.desk.conversations import changing
from crm_tui.desk.requests.inquiry_lists import agent_named
from crm_tui.desk.staff import team
from crm_tui.desk.ticketing import ticket_hands
from crm_tui.desk.ticketing.ticket_loads import loads
from crm_tui.desk.ticketing.ticket_rows import TicketList, by_numbers
from crm_tui.desk.ticketing.ticket_views import (
    AgentLoad,
    TicketCounts,
    TicketPage,
    TicketQuery,
    TicketRow,
)
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import TicketHow, TicketState

__all__ = ["AgentLoad", "TicketCounts", "TicketPage", "TicketQuery", "TicketRow", "loads"]

_T = columns(Ticket)
_C = columns(Conversation)
_A = columns(Agent)

PAGE = 100
LONGEST_NOTE = 1000
"""Characters of what a manager is asked."""


# -- lists --------------------------------------------------------------------------------------------------------------


def page(
    ctx: Context,
    query: TicketQuery,
    *,
    after: Cursor | None = None,
    before: Cursor | None = None,
    last: bool = False,
    at: int | None = None,
    limit: int = PAGE,
) -> TicketPage:
    """A stretch of a list, in its order.

    Args:
        after, before: the rows following or preceding this one; neither: the first rows.
        last: the last rows of the list.
        at: the rows from this position on.

    Raises:
        InvalidInput: there is no such state, stage, channel, order or agent.
    """
    backwards = before is not None or last
    with ctx.store.connect() as connection:
        listed = TicketList(ctx, connection, query)
        rows = listed.rows(before or after, backwards=backwards, limit=limit, offset=at or 0)
        return TicketPage(rows, listed.total())


def total(ctx: Context, query: TicketQuery) -> int:
    """How long a list is."""
    with ctx.store.connect() as connection:
        return TicketList(ctx, connection, query).total()


def position(ctx: Context, query: TicketQuery, cursor: Cursor) -> int:
    """How many rows stand before this one in the list."""
    with ctx.store.connect() as connection:
        return TicketList(ctx, connection, query).position(cursor)


def row_in_list(ctx: Context, query: TicketQuery, ticket_id: int) -> TicketRow | None:
    """One ticket as this list shows it; None if it is not in the list (any more)."""
    with ctx.store.connect() as connection:
        return TicketList(ctx, connection, query).one(ticket_id)


def mine(ctx: Context, *, after: Cursor | None = None, limit: int | None = None) -> list[TicketRow]:
    """What the actor has to answer, the oldest first.

    Args:
        after: the rows following this one; None: from the first.
        limit: so many at most; None: all.
    """
    with ctx.store.connect() as connection:
        return TicketList(ctx, connection, TicketQuery(agent="me")).rows(after, limit=limit)


def queue(ctx: Context, *, after: Cursor | None = None, limit: int | None = None) -> list[TicketRow]:
    """What waits for anybody, first in first out; ``after`` and ``limit`` as :func:`mine` has them."""
    with ctx.store.connect() as connection:
        return TicketList(ctx, connection, TicketQuery(TicketState.QUEUED.value)).rows(after, limit=limit)


def counts(ctx: Context) -> TicketCounts:
    """What is in the actor's hands, and how long the queue is."""

    def of(state: str, agent: str = "me") -> int:
        return TicketList(ctx, connection, TicketQuery(state, agent)).total()

    with ctx.store.connect() as connection:
        queued = of(TicketState.QUEUED, "")
        if ctx.actor.id is None:
            return TicketCounts(0, 0, 0, queued)
        return TicketCounts(of("open"), of(TicketState.ASSIGNED), of(TicketState.PENDING), queued)


def get(ctx: Context, ticket_id: int) -> TicketRow:
    """One ticket, done or not.

    Raises:
        NotFound: there is none that the actor may see.
    """
    with ctx.store.connect() as connection:
        found = by_numbers(ctx, connection, _T.id == ticket_id)
    if not found:
        raise _missing(ticket_id)
    return found[0]


def of_conversation(ctx: Context, conversation_id: int) -> TicketRow | None:
    """The open ticket of a conversation; None if nobody waits for an answer.

    Raises:
        NotFound: there is no such conversation that the actor may see.
    """
    from crm_tui.desk.correspondence.reading import survivor

    with ctx.store.connect() as connection:
        scope.require_conversations(connection, ctx.actor.scopes, [conversation_id])
        alive = survivor(connection, conversation_id)
        found = by_numbers(ctx, connection, (_T.conversation_id == alive) & _T.done_at.is_(None))
    return found[0] if found else None


def why(ctx: Context, ticket_id: int) -> str:
    """*Why me?*: why a ticket went where it is, in one line.

    Raises:
        NotFound: there is none that the actor may see.
    """
    return get(ctx, ticket_id).why


# -- hands --------------------------------------------------------------------------------------------------------------


def take(ctx: Context, ids: Iterable[int], *, seen: Mapping[int, int | None] | None = None) -> int:
    """Take tickets: they are the actor's own, pinned. Returns how many were not before.

    Args:
        seen: who had each of them when the actor decided (None: nobody); without it, whoever has them.

    Raises:
        NotFound: there is no such ticket, or the actor may not see it.
        Conflict: another has one of them, and the actor is no manager; or it is in other hands than ``seen`` says, or done.
            Nothing was changed.
        Forbidden: the engine, or a desk that only reads.
    """
    with ctx.write() as tx:
        if tx.actor.id is None:
            raise InvalidInput(_("Say who takes it with --agent."), field="agent")
        rows = _open(tx, ids)
        ticket_hands.refuse_moved(tx, rows, seen, tx.actor.id)
        for row in rows:
            if row.agent_id not in (None, tx.actor.id) and not may(tx.actor, Permission.REASSIGN):
                raise ticket_hands.has_it(tx, row)
        may_reassign(tx, [row.agent_id for row in rows])
        return _hand_over(tx, rows, tx.actor.id)


def give(ctx: Context, ids: Iterable[int], agent: str, *, seen: Mapping[int, int | None] | None = None) -> int:
    """Give tickets to an agent, pinned; returns how many went into other hands or were pinned.

    Args:
        seen: as :func:`take` has it.

    Raises:
        NotFound: there is no such ticket, or the actor may not see it.
        InvalidInput: there is no such agent, or they may not see its conversation.
        Conflict: one of them is in other hands than ``seen`` says, or done. Nothing was changed.
        Forbidden: it is another's, and the actor is no manager.
    """
    with ctx.write() as tx:
        rows = _open(tx, ids)
        receiver = agent_named(tx.connection, agent, active=True, field="agent")
        ticket_hands.refuse_moved(tx, rows, seen, receiver)
        may_reassign(tx, [row.agent_id for row in rows])
        return _hand_over(tx, rows, receiver)


def release(ctx: Context, ids: Iterable[int], *, seen: Mapping[int, int | None] | None = None) -> int:
    """Put tickets back into the queue, from where they are given out anew; returns how many were in somebody's hands.

    Args:
        seen: as :func:`take` has it.

    Raises:
        NotFound: there is no such ticket, or the actor may not see it.
        Conflict: one of them is in other hands than ``seen`` says, or done. Nothing was changed.
        Forbidden: it is another's, and the actor is no manager.
    """
    with ctx.write() as tx:
        rows = _open(tx, ids)
        ticket_hands.refuse_moved(tx, rows, seen, None)
        may_reassign(tx, [row.agent_id for row in rows])
        return _hand_over(tx, rows, None)


def may_reassign(tx: Transaction, holders: Iterable[int | None]) -> None:
    """Refuse to take work out of another's hands (SPEC §13).

    Raises:
        Forbidden: somebody else has one of them, and the actor is no manager.
    """
    if any(holder not in (None, tx.actor.id) for holder in holders):
        require(tx, Permission.REASSIGN)


def _hand_over(tx: Transaction, rows: Sequence[Any], receiver: int | None) -> int:
    talks = changing.rows_of(tx.connection, [row.conversation_id for row in rows])
    if receiver is not None:
        may_see(tx, receiver, talks.values())
    moved = changing.change(tx, list(talks.values()), "assign", lambda _row: {"assignee_id": receiver})
    pinned = 0
    for row in rows:
        if receiver is not None and row.agent_id == receiver and not row.pinned:
            values = ticket_hands.by_hand(tx, receiver)
            kept = {name: values[name] for name in ("how", "pinned", "why")}
            kept["assigned_at"] = row.assigned_at or tx.now  # of a reopened one nobody has decided that they have it
            ticket_hands.write(tx, row.id, kept)
            before = {name: getattr(row, name) for name in kept}
            left, after = ticket_hands.changed(before, kept), ticket_hands.changed(kept, before)
            both = {"agent_id": receiver}
            tx.journal("ticket", row.id, "assign", left | both, after | both, undoable=True)
            pinned += 1
    return moved + pinned


def may_see(tx: Transaction, agent_id: int, conversations: Iterable[Any]) -> None:
    """Refuse to give what the receiver may not see.

    Raises:
        InvalidInput: so.
    """
    row = tx.connection.execute(select(table_of(Agent)).where(_A.id == agent_id)).one()
    actor = team.actor_of(tx.connection, row)
    for one in conversations:
        if not scope.sees(actor.scopes, one.scope):
            raise InvalidInput(
                _("{name} may not see “{subject}”; nothing was changed.").format(
                    name=actor.name, subject=display_text(one.subject)
                ),
                _("Change who sees its inquiry first."),
                "agent",
            )


# -- pending, opened ----------------------------------------------------------------------------------------------------


def set_pending(ctx: Context, ids: Iterable[int], note: str = "") -> int:
    """Let tickets wait for a manager; they do not count in their agent's load meanwhile. Returns how many it changed.

    Args:
        note: what the manager is asked.

    Raises:
        NotFound: there is no such ticket, or the actor may not see it.
        InvalidInput: the note is too long.
        Conflict: one of them is done. Nothing was changed.
        Forbidden: it is another's, and the actor is no manager.
    """
    text = note.strip()
    if len(text) > LONGEST_NOTE:
        raise InvalidInput(_("That is longer than {n} characters.").format(n=LONGEST_NOTE), field="note")
    with ctx.write() as tx:
        rows = [row for row in _open(tx, ids) if row.pending_at is None or row.pending_note != text]
        may_reassign(tx, [row.agent_id for row in rows])
        for row in rows:
            _change(tx, row, "pending", {"pending_at": tx.now, "pending_by": tx.actor.id, "pending_note": text})
        return len(rows)


def resume(ctx: Context, ids: Iterable[int]) -> int:
    """Tickets do not wait for a manager any more; they are their agent's again. Returns how many it changed.

    Raises:
        NotFound: there is no such ticket, or the actor may not see it.
        Conflict: one of them is done. Nothing was changed.
        Forbidden: it is another's, and the actor is no manager.
    """
    with ctx.write() as tx:
        rows = [row for row in _open(tx, ids) if row.pending_at is not None]
        may_reassign(tx, [row.agent_id for row in rows])
        for row in rows:
            _change(tx, row, "resume", {"pending_at": None, "pending_by": None, "pending_note": ""})
        return len(rows)


def opened(ctx: Context, conversation_id: int) -> bool:
    """The actor displays a conversation: if they have its ticket, it never moves by itself any more.

    Returns whether this was the first time. To look at another's is no opening; nor is it on a desk that only reads.
    """
    if ctx.readonly or ctx.actor.id is None or not ctx.actor.active:
        return False
    fresh = (
        _T.conversation_id == conversation_id,
        _T.agent_id == ctx.actor.id,
        _T.seen_at.is_(None),
        *ticket_hands.open_ones(),
    )
    with ctx.store.connect() as connection:
        scope.require_conversations(connection, ctx.actor.scopes, [conversation_id])
        if connection.execute(select(_T.id).where(*fresh)).first() is None:
            return False
    with ctx.write() as tx:
        row = tx.connection.execute(select(_T.id, _T.how, _T.assigned_at).where(*fresh)).first()
        if row is None:
            return False  # it moved meanwhile
        decided = {"how": row.how or TicketHow.AUTOMATIC.value, "assigned_at": row.assigned_at or tx.now}
        ticket_hands.write(tx, row.id, {"seen_at": tx.now, **decided})
        tx.journal("ticket", row.id, "open", {"seen_at": None}, {"seen_at": tx.now.isoformat()})
        return True


def agent_stopped(tx: Transaction, agent_id: int) -> int:
    """Within the transaction that ends an agent's last session: what they did not open goes back to the queue, what they
    opened stays and is flagged. Returns how many tickets were changed."""
    from crm_tui.desk.ticketing import ticket_routing

    return ticket_routing.heed_in(tx, agent_id)


def _change(tx: Transaction, row: Any, action: str, values: dict[str, Any]) -> None:
    before = {name: getattr(row, name) for name in values}
    ticket_hands.write(tx, row.id, values)
    left, after = ticket_hands.changed(before, values), ticket_hands.changed(values, before)
    tx.journal("ticket", row.id, action, left, after, undoable=True)


def _open(tx: Transaction, ids: Iterable[int]) -> list[Any]:
    """The tickets named, in that order and once each, none of them done.

    Raises:
        NotFound: there is no such ticket, or the actor may not see it.
        Conflict: one is done.
    """
    wanted = list(dict.fromkeys(ids))
    names = (_T.id, _T.conversation_id, _T.done_at, *(_T[name] for name in ticket_hands.HANDS), _C.subject)
    seen = select(*names).join(Conversation, _C.id == _T.conversation_id).where(~_T.gone, scope.visible(_C.scope))
    found: dict[int, Any] = {}
    for chunk in chunks(wanted):
        rows = tx.connection.execute(seen.where(_T.id.in_(chunk)), {scope.BIND: tx.actor.scopes})
        found.update((row.id, row) for row in rows)
    for number in wanted:
        if number not in found:
            raise _missing(number)
        if found[number].done_at is not None:
            raise Conflict(
                _("“{subject}” is answered already; nothing was changed.").format(
                    subject=display_text(found[number].subject)
                )
            )
    return [found[number] for number in wanted]


def _missing(number: int) -> NotFound:
    return NotFound(_("There is no ticket {number}.").format(number=number))
