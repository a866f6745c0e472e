"""A year of a team at work, straight into the store: messages, turns, tickets, hands, timers, inquiries and bookings."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, update

from crm_tui.data.bulk import insert_rows
from crm_tui.data.tables import (
    Agent,
    Conversation,
    Inquiry,
    IntakePause,
    Journal,
    Message,
    Property,
    Reservation,
    Ticket,
    TicketHand,
    TimerSession,
    Turn,
)
from crm_tui.desk.common.context import Context
from crm_tui.rules.vocabulary import Channel, InquiryStatus, ReservationStatus, Stage

START = datetime(2026, 1, 1, 7, tzinfo=UTC)
DAYS = 365
MAILS = 5
"""Messages a turn: four of the guest and the reply."""
STANDING = 300
"""Turns that wait at the end of the year."""
HOURS = ";".join(["08:00-20:00"] * 5 + ["09:00-14:00", ""])
BATCH = 20_000


def fill(ctx: Context, tickets: int, agents: int) -> None:
    """So many tickets, spread over a year, in the hands of so many agents."""
    source = random.Random(10)
    with ctx.write() as tx, _without_triggers(tx.connection):
        people = _team(tx.connection, agents)
        tx.connection.execute(update(Property).values(hours=HOURS))
        _times(tx.connection, source, people)
        _inquiries(tx.connection, source, max(1, tickets // 3))
        for first in range(1, tickets + 1, BATCH):
            _turns(tx.connection, source, range(first, min(first + BATCH, tickets + 1)), tickets, people)


@contextmanager
def _without_triggers(connection: Connection) -> Iterator[None]:
    """What triggers keep is written here; counters of lists are not asked."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    kept = connection.exec_driver_sql(query).all()
    for name, _statement in kept:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _name, statement in kept:
        connection.exec_driver_sql(statement)


def _team(connection: Connection, agents: int) -> list[int]:
    found = []
    for number in range(agents):
        row = {"name": f"Agent {number:02}", "role": "agent", "created_at": START}
        key = connection.execute(insert(Agent).values(**row)).inserted_primary_key
        assert key is not None
        found.append(int(key[0]))
    return found


def _times(connection: Connection, source: random.Random, people: list[int]) -> None:
    """Two sessions a day, a pause in one of them."""
    sessions: list[dict[str, Any]] = []
    pauses: list[dict[str, Any]] = []
    for agent in people:
        for day in range(DAYS):
            if source.random() < 0.3:
                continue
            for hour in (0, 5):
                begun = START + timedelta(days=day, hours=hour, seconds=source.randrange(1800))
                ended = begun + timedelta(hours=4)
                row = {"agent_id": agent, "started_at": begun, "stopped_at": ended, "heartbeat_at": ended}
                sessions.append(row | {"ended": "stopped"})
            pauses.append({"agent_id": agent, "paused_at": begun, "resumed_at": begun + timedelta(minutes=30)})
    insert_rows(connection, TimerSession, sessions)
    insert_rows(connection, IntakePause, pauses)


def _inquiries(connection: Connection, source: random.Random, count: int) -> None:
    """One in three becomes a booking; some are lost, as duplicates too."""
    inquiries, bookings = [], []
    for number in range(1, count + 1):
        at = START + timedelta(seconds=number * DAYS * 86400 // (count + 1))
        status = source.choice(list(InquiryStatus))
        reason = source.choice(("price", "dates", "duplicate")) if status == InquiryStatus.LOST else ""
        row = {"id": number, "created_at": at, "updated_at": at, "status": status.value, "lost_reason": reason}
        inquiries.append(row | {"channel": source.choice(list(Channel)).value, "children": "[]", "proposed": "{}"})
        if status == InquiryStatus.BOOKED or source.random() < 0.2:
            stay = {"id": number, "code": f"R{number:06}", "status": ReservationStatus.CONFIRMED.value}
            bookings.append(stay | {"inquiry_id": number, "created_at": at, "updated_at": at, "confirmed_at": at})
    insert_rows(connection, Inquiry, inquiries)
    insert_rows(connection, Reservation, bookings)


def _turns(connection: Connection, source: random.Random, numbers: range, total: int, people: list[int]) -> None:
    """Turns with their messages: two of each conversation, half a year apart; every second conversation is an inquiry's."""
    rows: dict[Any, list[dict[str, Any]]] = {
        model: [] for model in (Conversation, Message, Turn, Ticket, TicketHand, Journal)
    }
    for number in numbers:
        opened = START + timedelta(seconds=(number - 1) * DAYS * 86400 // total, microseconds=number)
        closed = None if number > total - STANDING else opened + timedelta(seconds=source.randrange(60, 100_000))
        _one(rows, source, number, opened, closed, people, total)
    for model, listed in rows.items():
        insert_rows(connection, model, listed)


def _one(
    rows: dict[Any, list[dict[str, Any]]],
    source: random.Random,
    number: int,
    opened: datetime,
    closed: datetime | None,
    people: list[int],
    total: int,
) -> None:
    half = (total + 1) // 2
    conversation, first = (number - 1) % half + 1, number <= half
    message = (number - 1) * MAILS + 1
    agent = source.choice(people)
    reason = "" if closed is None else source.choice(("reply",) * 9 + ("mark",))
    stage = source.choice(list(Stage)).value
    if first:
        inquiry = conversation // 2 if conversation % 2 == 0 and conversation // 2 <= total // 3 else None
        row: dict[str, Any] = {"id": conversation, "first_at": opened, "last_at": opened, "listed_at": opened}
        rows[Conversation].append(row | {"inquiry_id": inquiry, "message_count": MAILS})
    for place in range(MAILS):
        out = place == MAILS - 1
        if out and (closed is None or reason == "mark"):
            continue
        at = closed if out and closed is not None else opened + timedelta(seconds=place)
        digest = hashlib.sha256(b"%d" % (message + place)).digest()
        mail = {"id": message + place, "conversation_id": conversation, "digest": digest, "content_key": digest[:16]}
        rows[Message].append(mail | {"direction": "out" if out else "in", "at": at, "subject": "A room"})
    turn = {"id": number, "conversation_id": conversation, "opened_at": opened, "opened_by": message, "first": first}
    reply = message + MAILS - 1 if reason == "reply" else None
    ends = {"closed_at": closed, "closed_by": reply, "reason": reason, "agent_id": agent if closed else None}
    rows[Turn].append(turn | ends | {"stage": stage if closed else ""})
    seen = opened + timedelta(seconds=40)
    ticket = {"id": number, "message_id": message, "turn_id": number, "conversation_id": conversation}
    times = {"created_at": opened, "assigned_at": opened, "seen_at": seen, "done_at": closed}
    given = {"agent_id": agent, "how": "automatic", "stage": stage, "done_by": ends["agent_id"], "reason": reason}
    rows[Ticket].append(ticket | times | given)
    rows[TicketHand].append({"ticket_id": number, "agent_id": agent, "at": opened, "seen_at": seen})
    for action, at, before, after in (
        ("assign", opened, '{"agent_id": null}', f'{{"agent_id": {agent}}}'),
        ("open", seen, '{"seen_at": null}', '{"seen_at": "2026"}'),
    ):
        said = {"at": at, "actor": "engine", "command": f"b{number}{action}", "entity": "ticket", "entity_id": number}
        rows[Journal].append(said | {"action": action, "before": before, "after": after})
