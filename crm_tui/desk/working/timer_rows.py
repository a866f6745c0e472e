"""Sessions and pauses as they are stored, and what they come to: the one query of working time (SPEC §10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, or_, select, update

from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Agent, IntakePause, TimerSession
from crm_tui.desk.working.timer_views import Duty, PauseView, SessionView
from crm_tui.mail.text import display_text
from crm_tui.rules import working_time as rules
from crm_tui.rules.vocabulary import SessionEnd
from crm_tui.rules.working_time import Session, Span, Worked

_S = columns(TimerSession)
_P = columns(IntakePause)
_A = columns(Agent)

RUNNING = (_S.stopped_at.is_(None), _S.removed_at.is_(None))
"""Sessions that nobody ended; some of them may be forgotten."""
OPEN = (_P.resumed_at.is_(None), _P.removed_at.is_(None))
"""Pauses that last."""


def session(row: Any) -> Session:
    """A row as the rules see it."""
    return Session(row.desk, row.started_at, row.stopped_at, row.heartbeat_at)


def pause(row: Any, now: datetime) -> Span:
    """A pause as the rules see it, to the second; one that lasts ends now."""
    return rules.to_seconds(Span(row.paused_at, row.resumed_at or max(now, row.paused_at)))


def running(connection: Connection, agent_id: int | None = None) -> list[Row[Any]]:
    """The sessions that nobody ended, oldest first; of one agent or all."""
    query = select(table_of(TimerSession)).where(*RUNNING)
    rows = connection.execute(query if agent_id is None else query.where(_S.agent_id == agent_id))
    return sorted(
        rows, key=lambda row: (row.started_at, row.id)
    )  # in SQL the order would lead through years of sessions


def sign_of_life(connection: Connection, agent_id: int, now: datetime) -> None:
    """Whatever an agent does, wherever, proves that a session which a command started for them still runs: no desk beats
    for it. One that was silent for too long is not brought back."""
    alive = (_S.agent_id == agent_id, _S.desk == "", *RUNNING)
    since = (_S.heartbeat_at < now, _S.heartbeat_at >= now - rules.COMMAND_SILENCE)
    connection.execute(update(table_of(TimerSession)).where(*alive, *since).values(heartbeat_at=now))


def open_pauses(connection: Connection, agent_id: int | None = None) -> dict[int, Row[Any]]:
    """The pause that lasts, by agent."""
    query = select(table_of(IntakePause)).where(*OPEN)
    rows = connection.execute(query if agent_id is None else query.where(_P.agent_id == agent_id))
    return {row.agent_id: row for row in rows}


def duties(connection: Connection, now: datetime, agent_id: int | None = None) -> dict[int, Duty]:
    """Whose timer runs, and whether they take new tickets: what routing and every screen ask."""
    alive: dict[int, datetime] = {}
    for row in running(connection, agent_id):
        if rules.running(session(row), now):
            alive.setdefault(row.agent_id, row.started_at)
    pauses = open_pauses(connection, agent_id)
    return {
        number: Duty(since, number not in pauses, pauses[number].paused_at if number in pauses else None)
        for number, since in alive.items()
    }


def sessions_in(connection: Connection, part: Span, agents: Collection[int] | None = None) -> list[Row[Any]]:
    """The sessions that may lie in a part of time, oldest first, with their agents' names."""
    maker = table_of(Agent).alias("maker")
    query = (
        select(table_of(TimerSession), _A.name.label("agent"), maker.c.name.label("maker"))
        .join(Agent, _A.id == _S.agent_id)
        .outerjoin(maker, maker.c.id == _S.made_by)
        .where(*_sessions_in(part))
        .order_by(_S.started_at, _S.id)
    )
    return list(connection.execute(query.where(*_of(_S.agent_id, agents))))


_MAKER = table_of(Agent).alias("maker")
PAUSES = (
    select(table_of(IntakePause), _A.name.label("agent"), _MAKER.c.name.label("maker"))
    .join(Agent, _A.id == _P.agent_id)
    .outerjoin(_MAKER, _MAKER.c.id == _P.made_by)
    .where(_P.removed_at.is_(None))
)
"""Pauses with the names of their agents, and of who corrected them."""


def pauses_in(connection: Connection, part: Span, agents: Collection[int] | None = None) -> list[Row[Any]]:
    """The pauses that may lie in a part of time, oldest first, with their agents' names."""
    query = PAUSES.where(*_pauses_in(part)).order_by(_P.paused_at, _P.id)
    return list(connection.execute(query.where(*_of(_P.agent_id, agents))))


def _sessions_in(part: Span) -> tuple[ColumnElement[bool], ...]:
    """Sessions that may lie in a part of time."""
    return _S.removed_at.is_(None), _S.started_at < part.end, or_(_S.stopped_at.is_(None), _S.stopped_at > part.start)


def _pauses_in(part: Span) -> tuple[ColumnElement[bool], ...]:
    """Pauses that may lie in a part of time."""
    return _P.removed_at.is_(None), _P.paused_at < part.end, or_(_P.resumed_at.is_(None), _P.resumed_at > part.start)


def _of(column: Any, agents: Collection[int] | None) -> list[ColumnElement[bool]]:
    return [] if agents is None else [column.in_(sorted(agents))]


def worked_in(
    connection: Connection, part: Span, now: datetime, agents: Collection[int] | None = None
) -> dict[int, Worked]:
    """Working and invisible time in a part of time by agent; whoever has none is not named.

    This is what every screen, report and command counts; it asks nobody's role.
    """
    ours: dict[int, list[Session]] = defaultdict(list)
    theirs: dict[int, list[Span]] = defaultdict(list)
    query = select(_S.agent_id, _S.desk, _S.started_at, _S.stopped_at, _S.heartbeat_at)
    for row in connection.execute(query.where(*_sessions_in(part), *_of(_S.agent_id, agents))).all():
        ours[row.agent_id].append(session(row))
    query = select(_P.agent_id, _P.paused_at, _P.resumed_at)
    for row in connection.execute(query.where(*_pauses_in(part), *_of(_P.agent_id, agents))).all():
        theirs[row.agent_id].append(pause(row, now))
    found = {number: rules.worked(rows, theirs.get(number, ()), now, part) for number, rows in ours.items()}
    return {number: worked for number, worked in found.items() if worked.working}


def session_view(row: Row[Any], now: datetime) -> SessionView:
    """A row of :func:`sessions_in`; one that fell silent is shown as it counts."""
    found = session(row)
    silent = rules.forgotten(found, now)
    return SessionView(
        row.id,
        row.agent_id,
        display_text(row.agent),
        row.desk,
        row.started_at,
        rules.last_sign(found) if silent else row.stopped_at,
        SessionEnd.CAPPED.value if silent else row.ended,
        int(rules.span_of(found, now).seconds),
        display_text(row.note),
        display_text(row.maker or ""),
        row.version,
    )


def pause_view(row: Row[Any], now: datetime) -> PauseView:
    """A row of :func:`pauses_in`."""
    seconds = int(pause(row, now).seconds)
    return PauseView(
        row.id,
        row.agent_id,
        display_text(row.agent),
        row.paused_at,
        row.resumed_at,
        seconds,
        display_text(row.note),
        display_text(row.maker or ""),
        row.version,
    )


def names(connection: Connection, agents: Collection[int]) -> Mapping[int, str]:
    """The names of agents, display-safe."""
    rows = connection.execute(select(_A.id, _A.name).where(_A.id.in_(sorted(agents))))
    return {row.id: display_text(row.name) for row in rows}
