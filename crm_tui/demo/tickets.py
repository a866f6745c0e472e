"""Who answered what in the sample hotel: the work of four weeks, two timers that run, and a question for the manager (SPEC §10).

The mail server knows replies, not who wrote them; the sample hotel does. So the past is written down as it would have been, in
the journal too, so that its figures can be worked out from there like those of a desk that lived it; and what is open is left to
the routing of the desk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, update
from sqlmodel import SQLModel

from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Agent, Conversation, IntakePause, Journal, Ticket, TimerSession, Turn
from crm_tui.demo.people import AGENTS, HOTEL_ZONE
from crm_tui.desk.common.context import Actor, Context, Transaction
from crm_tui.desk.conversations import triage
from crm_tui.desk.ticketing import tickets
from crm_tui.desk.working import timer_corrections
from crm_tui.rules.periods import Period
from crm_tui.rules.vocabulary import Folder, SessionEnd, Stage, TicketHow

WEEKS = 4
_ADMIN, _EARLY, _LATE = AGENTS
_SHIFTS = {_ADMIN: (time(9), 7.5, 0.5), _EARLY: (time(6, 50), 8.25, 0.75), _LATE: (time(13, 30), 8.0, 1.25)}
"""When each begins, how many hours they work, and for how many of them they took no new tickets."""
_TODAY = {_EARLY: timedelta(hours=3, minutes=12), _LATE: timedelta(hours=1, minutes=40)}
"""Since when timers run."""
_UNTIL_THE_CUT = timedelta(hours=6, minutes=35)
"""After so long the desk of the early shift lost its power, the last time."""
_STAYED, _WHY = timedelta(minutes=45), "Stayed for the late arrivals; the timer was stopped before"
"""What was added to the last day of the late shift, and why."""
_QUESTION = "They ask for 10 % off for the noise last year. May I?"


def mark_answered(ctx: Context, conversations: Sequence[int]) -> None:
    """Mark conversations as needing no answer, when and by whom that was done: an hour or three after their last mail."""
    agents, talk = _agents(ctx), columns(Conversation)
    now = ctx.clock.now()
    if not agents.keys() >= set(AGENTS):
        triage.no_answer_needed(ctx, list(conversations))
        return
    with ctx.store.connect() as connection:
        query = select(talk.id, talk.last_at).where(talk.id.in_(conversations)).order_by(talk.last_at)
        found = [(row.last_at + timedelta(minutes=40 + row.id * 37 % 160), row.id) for row in connection.execute(query)]
    with ctx.store.write() as session:
        for at, number in sorted((min(at, now), number) for at, number in found):
            tx = Transaction(session, agents[_who(at, number)], at, uuid4().hex)
            triage.no_answer_needed_in(tx, [number])
            tx.flush_journal()


def _who(at: datetime, number: int) -> str:
    """Who worked then."""
    hour = at.astimezone(ZoneInfo(HOTEL_ZONE)).hour
    return _LATE if hour >= 16 else _EARLY if number % 5 < 3 else _ADMIN


def add(ctx: Context) -> None:
    """Write the past weeks down and let two of the team work; in the administrator's hands."""
    agents = _agents(ctx)
    if not agents.keys() >= set(AGENTS):
        return  # another team has the sample hotel
    people = {one.id or 0: one for one in agents.values()}
    with ctx.write() as tx:
        for values in _answered(tx.connection, agents, tx.now):
            _tell_ticket(tx, people, _write_ticket(tx.connection, values), values)
        sessions, pauses = _worked({name: one.id or 0 for name, one in agents.items()}, tx.now)
        for model, spans in ((TimerSession, sessions), (IntakePause, pauses)):
            for values in spans:
                number = new_id(tx.connection.execute(insert(model).values(**values)))
                _tell_span(tx, people[values["agent_id"]], model, number, values)
    _correct(ctx, tx.now)
    _at_work(ctx.acting_as(agents[_EARLY]))


def _write_ticket(connection: Connection, values: Mapping[str, Any]) -> int:
    """The ticket of a turn that was answered, and who answered it; returns its number."""
    known = columns(Ticket).message_id == values["message_id"]
    number = connection.execute(select(columns(Ticket).id).where(known)).scalar()
    if number is None:
        number = new_id(connection.execute(insert(Ticket).values(**values)))
    else:
        connection.execute(update(table_of(Ticket)).where(known).values(**values))
    change = update(table_of(Turn)).where(columns(Turn).id == values["turn_id"])
    connection.execute(change.values(agent_id=values["done_by"], stage=values["stage"]))
    return int(number)


def _tell_ticket(tx: Transaction, people: Mapping[int, Actor], number: int, values: Mapping[str, Any]) -> None:
    """In the journal: to whom it went, when they opened it, and that the answer was theirs."""
    agent = people[values["agent_id"]]
    talk = {"conversation_id": values["conversation_id"]}
    _tell(tx, None, "ticket", number, "assign", values["assigned_at"], {"agent_id": agent.id, **talk})
    _tell(tx, agent, "ticket", number, "open", values["seen_at"], {"seen_at": values["seen_at"].isoformat()})
    done = {"done_by": agent.id, "done_at": values["done_at"].isoformat(), **talk}
    _tell(tx, agent, "ticket", number, "done", values["done_at"], done)


def _tell_span(tx: Transaction, agent: Actor, model: type[SQLModel], number: int, values: Mapping[str, Any]) -> None:
    """In the journal: when a timer, or a pause, began and ended."""
    timer = model is TimerSession
    entity, words = ("timer_session", ("start", "stop")) if timer else ("intake_pause", ("pause", "resume"))
    for word, name in zip(words, ("started_at", "stopped_at") if timer else ("paused_at", "resumed_at"), strict=True):
        if at := values[name]:
            word = "cap" if name == "stopped_at" and values["ended"] == SessionEnd.CAPPED else word
            _tell(
                tx,
                None if word == "cap" else agent,
                entity,
                number,
                word,
                at,
                {"agent_id": agent.id, name: at.isoformat()},
            )


def _tell(
    tx: Transaction, who: Actor | None, entity: str, number: int, action: str, at: datetime, after: dict[str, Any]
) -> None:
    by = {"agent_id": who.id if who else None, "actor": who.name if who else "engine", "command": tx.command}
    row = {"at": at, **by, "entity": entity, "entity_id": number, "action": action, "after": after}
    tx.connection.execute(insert(Journal).values(**row))


def _agents(ctx: Context) -> Mapping[str, Actor]:
    names = columns(Agent)
    with ctx.store.connect() as connection:
        rows = connection.execute(select(names.id, names.name, names.role)).all()
    return {row.name: Actor(row.id, row.name, row.role) for row in rows}


def _answered(connection: Any, agents: Mapping[str, Actor], now: datetime) -> Iterator[dict[str, Any]]:
    """The tickets of the turns that were answered lately; each in the hands of one who worked then."""
    turn, talk = columns(Turn), columns(Conversation)
    query = select(
        turn.id,
        turn.conversation_id,
        turn.opened_at,
        turn.opened_by,
        turn.closed_at,
        turn.reason,
        turn.first,
        talk.folder,
    ).join(Conversation, talk.id == turn.conversation_id)
    recent = (turn.closed_at > now - timedelta(weeks=WEEKS), turn.agent_id.is_(None))
    for row in connection.execute(query.where(*recent).order_by(turn.id)).all():
        span = row.closed_at - row.opened_at
        agent = agents[_who(row.closed_at, row.id)].id
        yield {
            "message_id": row.opened_by,
            "turn_id": row.id,
            "conversation_id": row.conversation_id,
            "created_at": row.opened_at,
            "stage": Stage.AFTER_BOOKING if row.folder == Folder.BOOKED and not row.first else Stage.BEFORE_BOOKING,
            "channel": "direct",
            "agent_id": agent,
            "how": TicketHow.AUTOMATIC.value,
            "assigned_at": row.opened_at + span / 4,
            "seen_at": row.opened_at + span / 2,
            "done_at": row.closed_at,
            "done_by": agent,
            "reason": row.reason,
        }


def _worked(numbers: Mapping[str, int], now: datetime) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The shifts of the weeks before today, one of them cut short, and who works now."""
    zone = ZoneInfo(HOTEL_ZONE)
    today = now.astimezone(zone).date()
    sessions: list[dict[str, Any]] = []
    pauses: list[dict[str, Any]] = []
    for ago in range(1, WEEKS * 7):
        day = today - timedelta(days=ago)
        for place, (name, (begins, hours, paused)) in enumerate(_SHIFTS.items()):
            if (ago + place * 2) % 7 in (5, 6):
                continue  # their days off
            start = datetime.combine(day, begins, zone).astimezone(now.tzinfo) + timedelta(minutes=(ago * 7) % 11)
            stop = start + timedelta(hours=hours)
            cut = name == _EARLY and not any(one["agent_id"] == numbers[name] for one in sessions)
            sessions.append(_session(numbers[name], start, start + _UNTIL_THE_CUT if cut else stop))
            if cut:
                sessions[-1]["ended"] = SessionEnd.CAPPED.value
            pause = start + timedelta(hours=3, minutes=ago % 4 * 20)
            pauses.append(
                {"agent_id": numbers[name], "paused_at": pause, "resumed_at": pause + timedelta(hours=paused)}
            )
    sessions += [_session(numbers[name], now - since, None, now) for name, since in _TODAY.items()]
    return sessions, pauses


def _session(agent: int, start: datetime, stop: datetime | None, heard: datetime | None = None) -> dict[str, Any]:
    ended = SessionEnd.STOPPED.value if stop is not None else ""
    return {
        "agent_id": agent,
        "started_at": start,
        "stopped_at": stop,
        "heartbeat_at": heard or stop or start,
        "ended": ended,
    }


def _correct(ctx: Context, now: datetime) -> None:
    """The administrator corrected the last day of the late shift."""
    today = now.astimezone(ZoneInfo(HOTEL_ZONE)).date()
    past = timer_corrections.sessions(ctx, Period(today - timedelta(days=7), today - timedelta(days=1)), _LATE)
    if past and past[-1].stopped is not None:
        one = past[-1]
        timer_corrections.correct(ctx, one.id, one.version, one.started, past[-1].stopped + _STAYED, _WHY)


def _at_work(ctx: Context) -> None:
    """Two of an agent's tickets are opened, and one of them needs a manager."""
    mine = tickets.mine(ctx)
    for one in mine[:2]:
        tickets.opened(ctx, one.conversation)
    if mine:
        tickets.set_pending(ctx, [mine[0].id], _QUESTION)
