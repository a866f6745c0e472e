"""Who gets which ticket (SPEC §10). Plain values in, decisions out; whoever applies them makes sure that nothing changed.

The load of an agent is the number of tickets in their hands that are neither done nor pending. A new ticket goes to the
eligible agent with the least load; a tie goes to whoever got none for the longest time, then to the lowest number.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from crm_tui.rules.vocabulary import TicketState

_NEVER = datetime.min.replace(tzinfo=UTC)

GAP = 2
"""Tickets move while the largest and the least load differ by so many; a difference of one never moves anything."""


class By(StrEnum):
    """What decided that a ticket went to its agent."""

    ONLY = "only"
    """Nobody else could take it."""
    LEAST = "least"
    """The least load."""
    LONGEST = "longest"
    """Equal loads: the longest time without a new one."""
    FIRST = "first"
    """Equal in that too: the lowest number."""
    LAST = "last"
    """The guest wrote again: whose conversation it was."""
    MOVED = "moved"
    """It was evened out from somebody who had more."""
    MANUAL = "manual"
    """Somebody gave it by hand."""
    CLAIMED = "claimed"
    """The agent took it."""


class Waits(StrEnum):
    """Why a ticket is in the queue."""

    NOBODY_WORKS = "nobody works"
    ALL_PAUSED = "all paused"
    NOT_TAKEN = "not taken"
    """Those who work do not take its stage or channel, or may not see it."""
    NEXT = "next"
    """Somebody can take it: it is about to go."""


class Fate(StrEnum):
    """What becomes of a ticket in an agent's hands."""

    STAY = "stay"
    RETURN = "return"
    """It goes back to the queue."""
    KEEP = "keep"
    """The guest wrote again: it goes to the agent who had the conversation last."""
    FLAG = "flag"
    """It stays, marked: its agent stopped working."""
    UNFLAG = "unflag"
    """Its agent works again."""


@dataclass(frozen=True, slots=True)
class AgentState:
    """An agent of the team as routing sees them.

    Attributes:
        running: their timer runs.
        intake: they take new tickets.
        takes: their profile takes any at all.
        stages, channels: what their profile takes; empty: all.
        load: tickets in their hands, neither done nor pending.
        last_assigned_at: when they got the last one; None: never.
        scopes: what they may see besides what everyone may, as ``,a3,d1,``.
    """

    id: int
    running: bool = False
    intake: bool = True
    takes: bool = True
    stages: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    load: int = 0
    last_assigned_at: datetime | None = None
    scopes: str = ","


@dataclass(frozen=True, slots=True)
class Work:
    """A ticket as routing sees it.

    Attributes:
        scope: of its conversation; empty: everyone sees it.
        last: who had the conversation before, where the guest wrote again; None for a new one.
        agent: in whose hands it is.
    """

    id: int
    stage: str
    channel: str
    scope: str = ""
    last: int | None = None
    agent: int | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """What decided, as values; stored with the ticket and told in the reader's language.

    Attributes:
        load: of the agent before this ticket.
        among: how many could take it.
        next: the least load of the others who could.
        giver: whose it was, of one that was evened out.
        had: the giver's load before.
        who: who gave it by hand.
    """

    by: By
    load: int | None = None
    among: int | None = None
    next: int | None = None
    giver: int | None = None
    had: int | None = None
    who: int | None = None

    def plain(self) -> dict[str, int | str]:
        """As JSON; what is None is left out."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name)) is not None}


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets a ticket and why; without an agent it stays in the queue, and ``waits`` says why."""

    agent: int | None
    why: Why | None = None
    waits: Waits | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A ticket that is evened out from one agent to another."""

    ticket: int
    giver: int
    receiver: int
    why: Why


def state_of(*, done: bool, pending: bool, agent: int | None, seen: bool) -> TicketState:
    """A ticket's state (SPEC §10)."""
    if done:
        return TicketState.DONE
    if pending:
        return TicketState.PENDING
    if agent is None:
        return TicketState.QUEUED
    return TicketState.OPENED if seen else TicketState.ASSIGNED


def fits(work: Work, agent: AgentState) -> bool:
    """Whether an agent's profile takes a ticket's stage and channel, and they may see its conversation."""
    return (
        agent.takes
        and (not agent.stages or work.stage in agent.stages)
        and (not agent.channels or work.channel in agent.channels)
        and sees(work, agent)
    )


def sees(work: Work, agent: AgentState) -> bool:
    """Whether an agent may see a ticket's conversation."""
    return not work.scope or f",{work.scope}," in agent.scopes


def eligible(work: Work, agent: AgentState) -> bool:
    """Whether an agent can get a ticket: timer running, intake on, stage and channel match, and they may see it."""
    return agent.running and agent.intake and fits(work, agent)


def choose(work: Work, agents: Sequence[AgentState]) -> Choice:
    """Who gets a ticket.

    A reopened conversation's goes to the agent who had it last, if eligible; else the least load decides.
    """
    return share([work], agents)[0]


def share(queue: Iterable[Work], agents: Sequence[AgentState]) -> list[Choice]:
    """Who gets each ticket of the queue, in its order; every one that is given counts for those after it."""
    standing = _Standing(agents)
    return [_next(work, standing) for work in queue]


class _Standing:
    """Loads and last assignments while a queue is shared out."""

    def __init__(self, agents: Sequence[AgentState]) -> None:
        self.agents = agents
        self.loads = {one.id: one.load for one in agents}
        self._turns: dict[int, tuple[datetime, int]] = {one.id: (one.last_assigned_at or _NEVER, 0) for one in agents}
        self._given = 0
        self._able: dict[tuple[str, str, str], list[AgentState]] = {}

    def able(self, work: Work) -> list[AgentState]:
        """Who can take a ticket like this one."""
        kind = (work.stage, work.channel, work.scope)
        if kind not in self._able:
            self._able[kind] = [one for one in self.agents if eligible(work, one)]
        return self._able[kind]

    def order(self, agent: AgentState) -> tuple[int, tuple[datetime, int], int]:
        """Who comes first has the least."""
        return (self.loads[agent.id], self._turns[agent.id], agent.id)

    def give(self, agent: AgentState) -> None:
        self._given += 1
        self.loads[agent.id] += 1
        self._turns[agent.id] = (datetime.max.replace(tzinfo=UTC), self._given)

    def why(self, able: Sequence[AgentState], best: AgentState) -> Why:
        load = self.loads[best.id]
        others = [one for one in able if one is not best]
        if not others:
            return Why(By.ONLY, load, 1)
        least = min(self.loads[one.id] for one in others)
        alike = [one for one in others if self.loads[one.id] == load]
        if not alike:
            return Why(By.LEAST, load, len(able), least)
        longer = all(self._turns[one.id] > self._turns[best.id] for one in alike)
        return Why(By.LONGEST if longer else By.FIRST, load, len(able), least)


def _next(work: Work, standing: _Standing) -> Choice:
    able = standing.able(work)
    if not able:
        return Choice(None, waits=waits(work, standing.agents))
    for one in able:
        if one.id == work.last:
            why = Why(By.LAST, standing.loads[one.id], len(able))
            standing.give(one)
            return Choice(one.id, why)
    best = min(able, key=standing.order)
    why = standing.why(able, best)
    standing.give(best)
    return Choice(best.id, why)


def waits(work: Work, agents: Iterable[AgentState]) -> Waits:
    """Why a ticket is in the queue."""
    working = [one for one in agents if one.running]
    if not working:
        return Waits.NOBODY_WORKS
    fitting = [one for one in working if fits(work, one)]
    if not fitting:
        return Waits.NOT_TAKEN
    return Waits.NEXT if any(one.intake for one in fitting) else Waits.ALL_PAUSED


def rebalance(movable: Iterable[Work], agents: Sequence[AgentState], most: int | None = None) -> list[Move]:
    """Which tickets go from one agent to another until loads are even (SPEC §10).

    While two loads differ by two or more, the giver's oldest ticket that the receiver can take moves. Whoever works may
    give, paused or not; only the eligible receive.

    Args:
        movable: unopened tickets that came by themselves and are neither pending nor done, the oldest first.
        most: so many moves are enough for now; None: all.
    """
    givers = {one.id for one in agents if one.running}
    loads = {one.id: one.load for one in agents}
    shelves = _Shelves(work for work in movable if work.agent in givers)
    moves: list[Move] = []
    while (most is None or len(moves) < most) and (move := _largest_gap(shelves, agents, loads)) is not None:
        moves.append(move)
        loads[move.giver] -= 1
        loads[move.receiver] += 1
    return moves


class _Shelves:
    """The movable tickets of each giver by kind, the oldest first in each: what one agent can take, all alike can."""

    def __init__(self, movable: Iterable[Work]) -> None:
        self._of: dict[int, dict[tuple[str, str, str], deque[tuple[int, Work]]]] = defaultdict(dict)
        for age, work in enumerate(movable):
            if work.agent is not None:
                kind = (work.stage, work.channel, work.scope)
                self._of[work.agent].setdefault(kind, deque()).append((age, work))

    def oldest_for(self, giver: int, receiver: AgentState) -> Work | None:
        """The giver's oldest that the receiver can take; it is taken off its shelf."""
        heads = [shelf for shelf in self._of[giver].values() if shelf and eligible(shelf[0][1], receiver)]
        return min(heads, key=lambda shelf: shelf[0][0]).popleft()[1] if heads else None


def _largest_gap(shelves: _Shelves, agents: Sequence[AgentState], loads: dict[int, int]) -> Move | None:
    """The next move: from the largest load to the least, between two agents of whom the one can take from the other."""
    full = sorted((one for one in agents if one.running), key=lambda one: (-loads[one.id], one.id))
    free = sorted((one for one in full if one.intake), key=lambda one: (loads[one.id], one.id))
    pairs = sorted(
        ((giver, receiver) for giver in full for receiver in free if loads[giver.id] - loads[receiver.id] >= GAP),
        key=lambda pair: loads[pair[1].id] - loads[pair[0].id],
    )
    for giver, receiver in pairs:
        work = shelves.oldest_for(giver.id, receiver)
        if work is not None:
            why = Why(By.MOVED, loads[receiver.id], giver=giver.id, had=loads[giver.id])
            return Move(work.id, giver.id, receiver.id, why)
    return None


@dataclass(frozen=True, slots=True)
class Held:
    """A ticket in an agent's hands.

    Attributes:
        reopened: the guest wrote again and it is with whose conversation it was, without anybody having decided that yet.
        automatic: it came by itself; else it was given or taken by hand and is pinned.
        opened: its agent displayed it.
        worked: their timer ran when they got or opened it.
    """

    work: Work
    reopened: bool = False
    automatic: bool = True
    opened: bool = False
    pending: bool = False
    flagged: bool = False
    worked: bool = False


def fate(held: Held, agent: AgentState | None, *, anyone_works: bool) -> Fate:
    """What becomes of a ticket as its agent starts, pauses, stops, leaves, or does not take its stage any more.

    Args:
        agent: None if they are not in the team any more.
        anyone_works: somebody's timer runs; without any, nothing is shared out and what is with somebody stays there.
    """
    if agent is None or not sees(held.work, agent):
        return Fate.RETURN
    if held.pending:
        return Fate.STAY
    if not agent.running:
        return _fate_stopped(held, anyone_works)
    if held.flagged:
        return Fate.UNFLAG
    if held.opened or not (held.automatic or held.reopened):
        return Fate.STAY
    if held.reopened:
        return Fate.KEEP if eligible(held.work, agent) else Fate.RETURN
    return Fate.STAY if fits(held.work, agent) else Fate.RETURN


def _fate_stopped(held: Held, anyone_works: bool) -> Fate:
    if held.opened or not (held.automatic or held.reopened):
        return Fate.FLAG if held.worked and not held.flagged else Fate.STAY
    return Fate.RETURN if anyone_works or held.worked else Fate.STAY
