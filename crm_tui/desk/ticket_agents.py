"""The team as routing sees it: who works, who takes what, who has how many tickets (SPEC §10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Agent, IntakePause, RoutingProfile, Ticket, TicketHand, TimerSession
from crm_tui.desk.team import actor_of
from crm_tui.rules.routing import AgentState

_A = columns(Agent)
_P = columns(RoutingProfile)
_T = columns(Ticket)
_H = columns(TicketHand)
_S = columns(TimerSession)
_I = columns(IntakePause)

FRESH_DESK = timedelta(minutes=5)
"""So old the last sign of life of a desk may be until its session counts as over."""
FRESH_COMMAND = timedelta(hours=12)
"""The same for one that was started on the command line, which gives none."""
REMEMBERED = timedelta(days=31)
"""So far back it is looked who got a ticket last, and who worked when."""


@dataclass(frozen=True, slots=True)
class Timer:
    """How an agent's timer stands.

    Attributes:
        since: when it was started, the earliest of several sessions; None: it does not run.
        spells: from when to when it ran of late, with the time that a lost desk is waited for.
    """

    running: bool
    intake: bool
    since: datetime | None
    spells: tuple[tuple[datetime, datetime], ...] = ()

    def ran_at(self, instant: datetime | None) -> bool:
        """Whether it ran at an instant."""
        return instant is not None and any(start <= instant <= end for start, end in self.spells)


IDLE = Timer(running=False, intake=True, since=None)


def timers(connection: Connection, now: datetime) -> dict[int, Timer]:
    """The timers of all who used one of late, by agent.

    A session is running while it was not stopped and its last sign of life is fresh; intake is on without an open pause.
    """
    query = select(_S.agent_id, _S.desk, _S.started_at, _S.stopped_at, _S.heartbeat_at)
    recent = query.where(_S.removed_at.is_(None), _S.started_at >= now - REMEMBERED).order_by(_S.started_at)
    going: dict[int, list[datetime]] = defaultdict(list)
    spells: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for row in connection.execute(recent):
        fresh = FRESH_DESK if row.desk else FRESH_COMMAND
        spells[row.agent_id].append((row.started_at, row.stopped_at or row.heartbeat_at + fresh))
        if row.stopped_at is None and now - row.heartbeat_at <= fresh:
            going[row.agent_id].append(row.started_at)
    open_pause = select(_I.agent_id).where(_I.resumed_at.is_(None), _I.removed_at.is_(None))
    paused = set(connection.execute(open_pause).scalars())
    return {
        number: Timer(number in going, number not in paused, min(going.get(number, ()), default=None), tuple(times))
        for number, times in spells.items()
    }


def words_in(text: str) -> frozenset[str]:
    """The stages or channels of a profile; empty: all."""
    return frozenset(filter(None, (word.strip() for word in text.split(","))))


def states(connection: Connection, now: datetime, running: Mapping[int, Timer] | None = None) -> list[AgentState]:
    """Everyone in the team, by number.

    Args:
        running: from :func:`timers`, if it was asked already.
    """
    known = timers(connection, now) if running is None else running
    profile = (_P.takes, _P.stages, _P.channels)
    team = select(table_of(Agent), *profile).outerjoin(RoutingProfile, _P.agent_id == _A.id).where(_A.active)
    rows = connection.execute(team.order_by(_A.id)).all()
    loads, last = _loads(connection), _last(connection, now)
    return [_state(connection, row, known.get(row.id, IDLE), loads, last) for row in rows]


def _state(
    connection: Connection, row: Any, timer: Timer, loads: Mapping[int, int], last: Mapping[int, datetime]
) -> AgentState:
    return AgentState(
        row.id,
        timer.running,
        timer.intake,
        row.takes is not False,
        words_in(row.stages or ""),
        words_in(row.channels or ""),
        loads.get(row.id, 0),
        last.get(row.id),
        actor_of(connection, row).scopes,
    )


def in_hand() -> Sequence[Any]:
    """The conditions of a ticket that counts in its agent's load: neither done nor pending, and no spam."""
    return (_T.agent_id.is_not(None), _T.done_at.is_(None), ~_T.gone, ~_T.aside, _T.pending_at.is_(None))


def _loads(connection: Connection) -> dict[int, int]:
    query = select(_T.agent_id, func.count()).where(*in_hand()).group_by(_T.agent_id)
    return {row[0]: int(row[1]) for row in connection.execute(query)}


def _last(connection: Connection, now: datetime) -> dict[int, datetime]:
    """When each got the last one: the first time that it was in their hands, or the time since when they have it."""
    hands = select(_H.agent_id, func.max(_H.at)).where(_H.at >= now - REMEMBERED).group_by(_H.agent_id)
    found: dict[int, datetime] = dict(connection.execute(hands).all())
    holding = select(_T.agent_id, func.max(_T.assigned_at)).where(*in_hand()).group_by(_T.agent_id)
    for agent, at in connection.execute(holding):
        if at is not None:
            found[agent] = max(at, found.get(agent, at))
    return found
