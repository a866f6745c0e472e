"""Sharing tickets out (SPEC §10): the rules of :mod:`crm_tui.rules.routing` applied to the store.

What is to be done is planned and written in one short transaction, so that nothing is in between: who opens, takes or
answers a ticket at the same time is before or after, never during. A pass that finds nothing to do only reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, literal_column, select

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, Ticket
from crm_tui.desk import ticket_hands
from crm_tui.desk.context import Context, Transaction
from crm_tui.desk.folders import instant
from crm_tui.desk.ticket_agents import IDLE, Timer, states, timers
from crm_tui.desk.ticket_hands import Put, open_ones
from crm_tui.rules import routing
from crm_tui.rules.routing import AgentState, By, Choice, Fate, Held, Move, Why, Work
from crm_tui.rules.vocabulary import TicketHow

_T = columns(Ticket)
_C = columns(Conversation)

BATCH = 200
"""So many tickets change hands in one transaction."""

_RAW = ("id", "conversation_id", "agent_id", "stage", "channel", "how", "pinned", "assigned_at", "seen_at")
_LIST: Any = (
    select(
        *(literal_column(f"ticket.{name}").label(name) for name in (*_RAW, "pending_at", "flagged_at")),
        literal_column("conversation.scope").label("scope"),
    )
    .select_from(Ticket)
    .join(Conversation, _C.id == _T.conversation_id)
    .where(*open_ones(), ~_T.aside)
    .order_by(_T.created_at, _T.id)
)
"""Instants are left as the store has them: only few of so many rows need theirs."""


def step(ctx: Context, holds: Callable[[Connection], bool] = lambda _connection: True) -> int:
    """Do what is to be done first: what stopped agents leave behind, then the queue, then evening out.

    Args:
        holds: whether this engine may still work, asked within the transaction that writes.

    Returns:
        How many tickets were changed; at most :data:`BATCH`, so that nobody waits long to write. 0: all is in order.
    """
    with ctx.store.connect() as connection:
        if not _plan(connection, ctx.clock.now()):
            return 0
    with ctx.write() as tx:
        if not holds(tx.connection):
            return 0
        return _plan(tx.connection, tx.now).carry_out(tx)


def heed_in(tx: Transaction, agent_id: int) -> int:
    """Within a transaction in which an agent stopped working: what becomes of the tickets that they have.

    Returns how many it changed. The engine would do the same a moment later.
    """
    known = timers(tx.connection, tx.now)
    team = {one.id: one for one in states(tx.connection, tx.now, known)}
    held = tx.connection.execute(_LIST.where(_T.agent_id == agent_id)).all()
    return _Plan(fates=list(_fates(held, team, known))).carry_out(tx)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be done; of the three, the first that is not empty."""

    fates: Sequence[tuple[Any, Fate]] = ()
    choices: Sequence[tuple[Any, Choice]] = ()
    moves: Sequence[tuple[Any, Move]] = ()

    def __bool__(self) -> bool:
        return bool(self.fates or self.choices or self.moves)

    def carry_out(self, tx: Transaction) -> int:
        """Write it down; returns how many tickets changed."""
        back = [Put(row.id, row.conversation_id, row.agent_id) for row, fate in self.fates if fate is Fate.RETURN]
        ticket_hands.put(tx, "queue", back)
        for row, fate in self.fates:
            if fate is not Fate.RETURN:
                _meet(tx, row, fate)
        given = [_put(tx, place, row, choice.agent, choice.why) for place, (row, choice) in enumerate(self.choices)]
        ticket_hands.put(tx, "assign", given)
        moved = [_put(tx, place, row, move.receiver, move.why) for place, (row, move) in enumerate(self.moves)]
        ticket_hands.put(tx, "move", moved)
        return len(self.fates) + len(self.choices) + len(self.moves)


def _plan(connection: Connection, now: datetime) -> _Plan:
    known = timers(connection, now)
    team = states(connection, now, known)
    held = connection.execute(_LIST.where(_T.agent_id.is_not(None))).all()
    fates = list(_fates(held, {one.id: one for one in team}, known))
    if fates:
        return _Plan(fates=fates[:BATCH])
    if not any(one.running for one in team):
        return _Plan()
    choices = _choices(connection, team)
    if choices:
        return _Plan(choices=choices)
    movable = {row.id: row for row in held if _movable(row)}
    moves = routing.rebalance(map(_work, movable.values()), team)
    return _Plan(moves=[(movable[move.ticket], move) for move in moves[:BATCH]])


def _fates(
    held: Iterable[Any], team: Mapping[int, AgentState], known: Mapping[int, Timer]
) -> Iterable[tuple[Any, Fate]]:
    """Those that do not stay as they are."""
    anyone = any(one.running for one in team.values())
    for row in held:
        ran = known.get(row.agent_id, IDLE)
        since = row.seen_at or row.assigned_at
        ticket = Held(
            _work(row),
            reopened=row.how == "",
            automatic=row.how == TicketHow.AUTOMATIC,
            opened=row.seen_at is not None,
            pending=row.pending_at is not None,
            flagged=row.flagged_at is not None,
            worked=bool(ran.spells) and since is not None and ran.ran_at(instant(since)),
        )
        fate = routing.fate(ticket, team.get(row.agent_id), anyone_works=anyone)
        if fate is not Fate.STAY:
            yield row, fate


def _choices(connection: Connection, team: Sequence[AgentState]) -> list[tuple[Any, Choice]]:
    """Who gets what of the queue, first in first out; what nobody can take does not hold up the rest."""
    ready = [one for one in team if one.running and one.intake and one.takes]
    if not ready:
        return []
    able: dict[tuple[str, str, str], bool] = {}
    queue = []
    for row in connection.execute(_LIST.where(_T.agent_id.is_(None), _T.pending_at.is_(None), _T.stage != "")):
        kind = (row.stage, row.channel, row.scope)
        if kind not in able:
            able[kind] = any(routing.eligible(_work(row), one) for one in ready)
        if able[kind]:
            queue.append(row)
            if len(queue) == BATCH:
                break
    last = _last_agents(connection, [row.conversation_id for row in queue])
    works = [_work(row, last.get(row.conversation_id)) for row in queue]
    return [(row, choice) for row, choice in zip(queue, routing.share(works, team), strict=True) if choice.agent]


def _last_agents(connection: Connection, conversation_ids: Iterable[int]) -> dict[int, int]:
    """Who had the turn before in each of these conversations: whose it was, else who answered it."""
    found: dict[int, int] = {}
    for chunk in chunks(set(conversation_ids)):
        query = select(_T.conversation_id, _T.agent_id, _T.done_by).where(_T.conversation_id.in_(chunk))
        done = query.where(_T.done_at.is_not(None), ~_T.gone).order_by(_T.created_at, _T.id)
        for row in connection.execute(done):
            found[row.conversation_id] = row.agent_id or row.done_by or 0
    return found


def _work(row: Any, last: int | None = None) -> Work:
    return Work(row.id, row.stage, row.channel, row.scope, last or None, row.agent_id)


def _movable(row: Any) -> bool:
    return row.how == TicketHow.AUTOMATIC and row.seen_at is None and row.pending_at is None and not row.pinned


def _meet(tx: Transaction, row: Any, fate: Fate) -> None:
    """Let the fate of a ticket that stays where it is come about."""
    if fate is Fate.KEEP:
        by = {"how": TicketHow.AUTOMATIC.value, "assigned_at": tx.now, "why": Why(By.LAST).plain()}
        ticket_hands.write(tx, row.id, by)
        tx.journal("ticket", row.id, "assign", None, {"agent_id": row.agent_id})
    elif fate is Fate.FLAG:
        ticket_hands.write(tx, row.id, {"flagged_at": tx.now})
        tx.journal("ticket", row.id, "flag", {"flagged_at": None}, {"flagged_at": tx.now.isoformat()})
    else:
        ticket_hands.write(tx, row.id, {"flagged_at": None})
        tx.journal("ticket", row.id, "unflag", None, {"flagged_at": None})


def _put(tx: Transaction, place: int, row: Any, receiver: int | None, why: Why | None) -> Put:
    """What is to be written of a ticket that is given out.

    Args:
        place: in the batch: so many microseconds tell later who got one first.
    """
    at = tx.now + timedelta(microseconds=place)
    return Put(row.id, row.conversation_id, row.agent_id, receiver, at, why.plain() if why is not None else None)
