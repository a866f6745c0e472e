"""Sharing tickets out (SPEC §10): the rules of :mod:`crm_tui.rules.routing` applied to the store.

What is to be done is planned while others go on working, and written in short transactions, each of which first sees that
nobody did anything since: who opens, takes or answers a ticket at the same time is before or after, never during. A pass that
finds nothing to do only reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, literal_column, or_, select

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, Ticket
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.ticketing import ticket_hands
from crm_tui.desk.ticketing.stages import newest_in
from crm_tui.desk.ticketing.ticket_agents import IDLE, REMEMBERED, Timer, states, timers, without_loads
from crm_tui.desk.ticketing.ticket_hands import Put, open_ones
from crm_tui.rules import routing
from crm_tui.rules.routing import AgentState, By, Choice, Fate, Held, Move, Why, Work
from crm_tui.rules.vocabulary import TicketHow

_T = columns(Ticket)
_C = columns(Conversation)

_EVER = datetime.min.replace(tzinfo=UTC)

BATCH = 100
"""So many tickets change hands in one transaction: others who want to write wait for a hundredth of a second or two."""
PLANNED = 500
"""So many are planned at once: to plan for one takes as long."""
TRIES = 5
"""So often it is planned anew because somebody did something meanwhile."""
FEWEST = 10
"""So many change hands where others never rest: then it is planned while they wait."""

_RAW = ("id", "conversation_id", "agent_id", "stage", "channel", "created_at")
_LIST: Any = (
    select(
        *(literal_column(f"ticket.{name}").label(name) for name in _RAW),
        literal_column("conversation.scope").label("scope"),
    )
    .select_from(Ticket)
    .join(Conversation, _C.id == _T.conversation_id)
    .where(*open_ones(), ~_T.aside)
    .order_by(_T.created_at, _T.id)
)
_OPENED = _T.seen_at.is_not(None)
_PENDING = _T.pending_at.is_not(None)
_FLAGGED = _T.flagged_at.is_not(None)
_KIND = (_T.stage, _T.channel, _C.scope)
_ALIKE = (_T.agent_id, *_KIND, _T.how, _T.pinned, _OPENED, _PENDING, _FLAGGED)
_HEAPS: Any = (
    select(
        _T.agent_id,
        _T.stage,
        _T.channel,
        _C.scope,
        _T.how,
        _T.pinned,
        _OPENED.label("opened"),
        _PENDING.label("pending"),
        _FLAGGED.label("flagged"),
        func.count().label("many"),
        func.max(_T.assigned_at).label("newest"),
    )
    .select_from(Ticket)
    .join(Conversation, _C.id == _T.conversation_id)
    .where(_T.agent_id.is_not(None), *open_ones(), ~_T.aside)
    .group_by(*_ALIKE)
    .order_by(*_ALIKE)
)
"""What agents hold, in heaps of tickets that are alike to the rules: a few, however many tickets there are. Only of heaps
that have to change are the tickets read."""
_SAME = ("agent_id", "stage", "channel", "scope", "how", "pinned", "opened", "pending", "flagged")
_OF_HEAP: Any = _LIST.where(*(column == bindparam(name) for name, column in zip(_SAME, _ALIKE, strict=True))).limit(
    bindparam("most")
)
_GOT = func.coalesce(_T.seen_at, _T.assigned_at)
_SINCE: Any = _OF_HEAP.add_columns(_GOT.label("since")).where(bindparam("start") <= _GOT, bindparam("end") >= _GOT)
_WAITING: Any = _LIST.where(_T.agent_id.is_(None), _T.pending_at.is_(None), _T.stage != "")
_KINDS: Any = _WAITING.with_only_columns(*_KIND).order_by(None).distinct()


def step(ctx: Context, holds: Callable[[Connection], bool] = lambda _connection: True) -> int:
    """Do what is to be done first: what stopped agents leave behind, then the queue, then evening out.

    Args:
        holds: whether this engine may still work, asked within each transaction that writes.

    Returns:
        How many tickets were changed; at most :data:`PLANNED`. 0: all is in order.
    """
    for _try in range(TRIES):
        with ctx.store.connect() as connection:
            seen = newest_in(connection)
            plan = _plan(connection, ctx.clock.now(), PLANNED)
        if not plan:
            return 0
        done = _carry_out(ctx, plan, seen, holds)
        if done is not None:
            return done
    with ctx.write() as tx:
        return _plan(tx.connection, tx.now, FEWEST).carry_out(tx) if holds(tx.connection) else 0


def _carry_out(ctx: Context, plan: _Plan, seen: int, holds: Callable[[Connection], bool]) -> int | None:
    """Write a plan down, part by part, as long as nobody else does anything; returns how many tickets changed.

    Args:
        seen: the newest row of the journal as the plan was made.

    Returns:
        None: somebody did something before the first part.
    """
    done = 0
    for part in plan.parts(BATCH):
        with ctx.write() as tx:
            if not holds(tx.connection):
                return done
            if newest_in(tx.connection) != seen:
                return done or None
            done += part.carry_out(tx)
            tx.flush_journal()
            seen = newest_in(tx.connection)
    return done


def heed_in(tx: Transaction, agent_id: int) -> int:
    """Within a transaction in which an agent stopped working: what becomes of the tickets that they have.

    Whatever is in their hands, they stop working on, also if a manager says now that they had stopped before they got it.

    Returns how many it changed, at most :data:`BATCH`: the rest is for :func:`heed_rest`, or for whoever shares out.
    """
    known = timers(tx.connection, tx.now)
    known[agent_id] = replace(known.get(agent_id, IDLE), spells=((_EVER, tx.now + REMEMBERED),))
    team = {one.id: one for one in without_loads(tx.connection, known)}
    heaps = tx.connection.execute(_HEAPS.where(_T.agent_id == agent_id)).all()
    return _Plan(fates=_fates(tx.connection, heaps, team, known, BATCH)).carry_out(tx)


def heed_rest(ctx: Context, agent_id: int) -> int:
    """After that transaction: what becomes of the rest of very many tickets. Returns how many it changed."""
    changed = 0
    while True:
        with ctx.store.connect() as connection:
            mine = select(func.count()).select_from(Ticket).where(_T.agent_id == agent_id, *open_ones())
            many = connection.execute(mine).scalar_one()
        if not many:
            return changed
        with ctx.write() as tx:
            if timers(tx.connection, tx.now).get(agent_id, IDLE).running:
                return changed
            done = heed_in(tx, agent_id)
        changed += done
        if done < BATCH:
            return changed


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be done; of the three, the first that is not empty."""

    fates: Sequence[tuple[Any, Fate]] = ()
    choices: Sequence[tuple[Any, Choice]] = ()
    moves: Sequence[tuple[Any, Move]] = ()

    def __bool__(self) -> bool:
        return bool(self.fates or self.choices or self.moves)

    def parts(self, size: int) -> Iterator[_Plan]:
        """The same in parts of so many tickets, in its order."""
        for name in ("fates", "choices", "moves"):
            for chunk in chunks(getattr(self, name), size):
                yield _Plan(**{name: chunk})

    def carry_out(self, tx: Transaction) -> int:
        """Write it down; returns how many tickets changed."""
        back = [Put(row.id, row.conversation_id, row.agent_id) for row, fate in self.fates if fate is Fate.RETURN]
        ticket_hands.put(tx, "queue", back)
        for fate in (Fate.KEEP, Fate.FLAG, Fate.UNFLAG):
            _meet(tx, [row for row, one in self.fates if one is fate], fate)
        given = [_put(tx, place, row, choice.agent, choice.why) for place, (row, choice) in enumerate(self.choices)]
        ticket_hands.put(tx, "assign", given)
        moved = [_put(tx, place, row, move.receiver, move.why) for place, (row, move) in enumerate(self.moves)]
        ticket_hands.put(tx, "move", moved)
        return len(self.fates) + len(self.choices) + len(self.moves)


def _plan(connection: Connection, now: datetime, most: int) -> _Plan:
    """What is to be done, of at most so many tickets."""
    known = timers(connection, now)
    heaps = connection.execute(_HEAPS).all()
    team = states(connection, now, known, heaps)
    fates = _fates(connection, heaps, {one.id: one for one in team}, known, most)
    if fates:
        return _Plan(fates=fates)
    if not any(one.running for one in team):
        return _Plan()
    choices = _choices(connection, team, most)
    if choices:
        return _Plan(choices=choices)
    movable = {row.id: row for row in _movable(connection, heaps, team, most)}
    moves = routing.rebalance(map(_work, movable.values()), team, most=most)
    return _Plan(moves=[(movable[move.ticket], move) for move in moves])


def _fates(
    connection: Connection,
    heaps: Iterable[Any],
    team: Mapping[int, AgentState],
    known: Mapping[int, Timer],
    most: int,
) -> list[tuple[Any, Fate]]:
    """The tickets that do not stay as they are; at most so many."""
    anyone = any(one.running for one in team.values())
    found: list[tuple[Any, Fate]] = []
    for heap in heaps:
        agent = team.get(heap.agent_id)
        fate = routing.fate(_held(heap, worked=True), agent, anyone_works=anyone)
        if fate is Fate.STAY:
            continue
        if routing.fate(_held(heap, worked=False), agent, anyone_works=anyone) is fate:
            rows = _of_heap(connection, heap, most)
        else:
            rows = _got_while_working(connection, heap, known.get(heap.agent_id, IDLE))
        found += [(row, fate) for row in rows]
        if len(found) >= most:
            return found[:most]
    return found


def _held(heap: Any, *, worked: bool) -> Held:
    """Any ticket of a heap, as the rules see it."""
    return Held(
        Work(0, heap.stage, heap.channel, heap.scope, None, heap.agent_id),
        reopened=heap.how == "",
        automatic=heap.how == TicketHow.AUTOMATIC,
        opened=bool(heap.opened),
        pending=bool(heap.pending),
        flagged=bool(heap.flagged),
        worked=worked,
    )


def _of_heap(connection: Connection, heap: Any, most: int, query: Any = None, **more: Any) -> list[Any]:
    """The oldest tickets of a heap."""
    alike = {name: getattr(heap, name) for name in _SAME}
    return list(connection.execute(_OF_HEAP if query is None else query, {**alike, **more, "most": most}).all())


def _got_while_working(connection: Connection, heap: Any, ran: Timer) -> list[Any]:
    """The tickets of a heap that their agent got or opened while their timer ran."""
    if not ran.spells:
        return []
    between = {"start": min(start for start, _end in ran.spells), "end": max(end for _start, end in ran.spells)}
    return [row for row in _of_heap(connection, heap, heap.many, _SINCE, **between) if ran.ran_at(row.since)]


def _of_kind(row: Any) -> Any:
    return and_(_T.stage == row.stage, _T.channel == row.channel, _C.scope == row.scope)


def _choices(connection: Connection, team: Sequence[AgentState], most: int) -> list[tuple[Any, Choice]]:
    """Who gets what of the queue, first in first out; what nobody can take does not hold up the rest."""
    ready = [one for one in team if one.running and one.intake and one.takes]
    if not ready:
        return []
    able = [
        row
        for row in connection.execute(_KINDS)
        if any(routing.eligible(Work(0, row.stage, row.channel, row.scope), one) for one in ready)
    ]
    if not able:
        return []
    queue = connection.execute(_WAITING.where(or_(*map(_of_kind, able))).limit(most)).all()
    last = _last_agents(connection, [row.conversation_id for row in queue])
    works = [_work(row, last.get(row.conversation_id)) for row in queue]
    return [(row, choice) for row, choice in zip(queue, routing.share(works, team), strict=True) if choice.agent]


def _movable(connection: Connection, heaps: Iterable[Any], team: Sequence[AgentState], most: int) -> list[Any]:
    """The unopened tickets that came by themselves and that somebody with less could take, the oldest first.

    Of each kind no more than can go before the loads are even, and no more than ``most``.
    """
    agents = {one.id: one for one in team}
    found: list[Any] = []
    for heap in heaps:
        giver = agents.get(heap.agent_id)
        if heap.how != TicketHow.AUTOMATIC or heap.opened or heap.pending or heap.pinned or giver is None:
            continue
        work = Work(0, heap.stage, heap.channel, heap.scope)
        gaps = [giver.load - one.load for one in team if routing.eligible(work, one)]
        if giver.running and (gap := max(gaps, default=0)) >= routing.GAP:
            found += _of_heap(connection, heap, min(gap, most))
    return sorted(found, key=lambda row: (row.created_at, row.id))


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


def _meet(tx: Transaction, rows: Sequence[Any], fate: Fate) -> None:
    """Let the fate of tickets that stay where they are come about."""
    if fate is Fate.KEEP:
        by = {"how": TicketHow.AUTOMATIC.value, "assigned_at": tx.now, "why": Why(By.LAST).plain()}
        ticket_hands.write_all(tx, [row.id for row in rows], by)
        for row in rows:
            tx.journal("ticket", row.id, "assign", None, {"agent_id": row.agent_id})
        return
    flagged = tx.now if fate is Fate.FLAG else None
    ticket_hands.write_all(tx, [row.id for row in rows], {"flagged_at": flagged})
    for row in rows:
        if flagged is not None:
            tx.journal("ticket", row.id, "flag", {"flagged_at": None}, {"flagged_at": flagged.isoformat()})
        else:
            tx.journal("ticket", row.id, "unflag", None, {"flagged_at": None})


def _put(tx: Transaction, place: int, row: Any, receiver: int | None, why: Why | None) -> Put:
    """What is to be written of a ticket that is given out.

    Args:
        place: in the batch: so many microseconds tell later who got one first.
    """
    at = tx.now + timedelta(microseconds=place)
    return Put(row.id, row.conversation_id, row.agent_id, receiver, at, why.plain() if why is not None else None)
