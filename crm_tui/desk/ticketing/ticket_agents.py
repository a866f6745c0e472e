"""The team as routing sees it: who works, who takes what, who has how many tickets (SPEC §10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, false, func, select

from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Agent, RoutingProfile, Ticket, TicketHand
from crm_tui.desk.common.context import Actor
from crm_tui.desk.staff.team import inherited_scopes
from crm_tui.desk.working import timer_rows
from crm_tui.rules.routing import AgentState
from crm_tui.rules.vocabulary import SessionEnd
from crm_tui.rules.working_time import BEAT, Span, last_sign, silence

_A = columns(Agent)
_P = columns(RoutingProfile)
_T = columns(Ticket)
_H = columns(TicketHand)

REMEMBERED = timedelta(days=31)
"""So far back it is looked who got a ticket last, and who worked when."""


@dataclass(frozen=True, slots=True)
class Timer:
    """How an agent's timer stands.

    Attributes:
        spells: from when to when it ran of late, with the time that a lost desk is waited for.
    """

    running: bool
    intake: bool
    spells: tuple[tuple[datetime, datetime], ...] = ()

    def ran_at(self, instant: datetime | None) -> bool:
        """Whether it ran at an instant."""
        return instant is not None and any(start <= instant <= end for start, end in self.spells)


IDLE = Timer(running=False, intake=True)


def timers(connection: Connection, now: datetime) -> dict[int, Timer]:
    """The timers of all who used one of late, by agent."""
    recent = timer_rows.sessions_in(connection, Span(now - REMEMBERED, now + BEAT))
    spells: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for row in recent:
        session = timer_rows.session(row)
        lost = silence(session.desk) if session.stopped is None or row.ended == SessionEnd.CAPPED else BEAT
        spells[row.agent_id].append((session.started, (session.stopped or last_sign(session)) + lost))
    duties = timer_rows.duties(connection, now)
    return {
        number: Timer(number in duties, number in duties and duties[number].intake, tuple(times))
        for number, times in spells.items()
    }


def words_in(text: str) -> frozenset[str]:
    """The stages or channels of a profile; empty: all."""
    return frozenset(filter(None, (word.strip() for word in text.split(","))))


def states(
    connection: Connection, now: datetime, running: Mapping[int, Timer] | None = None, held: Iterable[Any] | None = None
) -> list[AgentState]:
    """Everyone in the team, by number.

    Args:
        running: from :func:`timers`, if it was asked already.
        held: what agents have in hand, if it was asked already: rows with ``agent_id``, ``pending``, how ``many`` and
            since when the ``newest``.
    """
    known = timers(connection, now) if running is None else running
    hands = [row for row in (_hands(connection) if held is None else held) if not row.pending]
    loads: dict[int, int] = defaultdict(int)
    for row in hands:
        loads[row.agent_id] += row.many
    last = _last(connection, now, hands)
    return _team(connection, known, loads, last)


def takers(connection: Connection, now: datetime) -> list[AgentState]:
    """Everyone in the team as far as it is asked who could take what: without loads and what was of late."""
    works = timer_rows.duties(connection, now).items()
    return without_loads(connection, {number: Timer(running=True, intake=duty.intake) for number, duty in works})


def without_loads(connection: Connection, running: Mapping[int, Timer]) -> list[AgentState]:
    """Everyone in the team, nobody having anything in hand: for what hangs on timers and profiles alone."""
    return _team(connection, running, {}, {})


def _team(
    connection: Connection, timers: Mapping[int, Timer], loads: Mapping[int, int], last: Mapping[int, datetime]
) -> list[AgentState]:
    profile = (_P.takes, _P.stages, _P.channels)
    team = select(table_of(Agent), *profile).outerjoin(RoutingProfile, _P.agent_id == _A.id).where(_A.active)
    rows = connection.execute(team.order_by(_A.id)).all()
    inherited = {role: inherited_scopes(connection, role) for role in {row.role for row in rows}}
    return [_state(row, timers.get(row.id, IDLE), loads, last, inherited[row.role]) for row in rows]


def _state(
    row: Any, timer: Timer, loads: Mapping[int, int], last: Mapping[int, datetime], inherited: tuple[str, ...]
) -> AgentState:
    actor = Actor(row.id, "", row.role, department=row.department_id, inherited=inherited)
    return AgentState(
        row.id,
        timer.running,
        timer.intake,
        row.takes is not False,
        words_in(row.stages or ""),
        words_in(row.channels or ""),
        loads.get(row.id, 0),
        last.get(row.id),
        actor.scopes,
    )


def in_hand() -> Sequence[Any]:
    """The conditions of a ticket that counts in its agent's load: neither done nor pending, and no spam."""
    return (_T.agent_id.is_not(None), _T.done_at.is_(None), ~_T.gone, ~_T.aside, _T.pending_at.is_(None))


def _hands(connection: Connection) -> Iterable[Any]:
    counted = (func.count().label("many"), func.max(_T.assigned_at).label("newest"), false().label("pending"))
    return connection.execute(select(_T.agent_id, *counted).where(*in_hand()).group_by(_T.agent_id))


def _last(connection: Connection, now: datetime, held: Iterable[Any]) -> dict[int, datetime]:
    """When each got the last one: the first time that it was in their hands, or the time since when they have it."""
    hands = select(_H.agent_id, func.max(_H.at)).where(_H.at >= now - REMEMBERED).group_by(_H.agent_id)
    found: dict[int, datetime] = dict(connection.execute(hands).all())
    for row in held:
        if row.newest is not None:
            found[row.agent_id] = max(row.newest, found.get(row.agent_id, row.newest))
    return found
