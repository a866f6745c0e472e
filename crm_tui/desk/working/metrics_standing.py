"""Which tickets waited, and with whom, at an instant: now from the tickets as they stand, then from what the journal says
has changed since (SPEC §10)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Journal, Ticket
from crm_tui.rules import metrics as rules
from crm_tui.rules.metrics import Key, Tally

_K = columns(Ticket)
_J = columns(Journal)
_COUNTS = and_(~_K.gone, ~_K.aside)
_OPEN = and_(~_K.aside, _K.done_at.is_(None), ~_K.gone)


def standing(connection: Connection, end: datetime, now: datetime) -> dict[Key, Tally]:
    """Pending and queue by agent, None for nobody: just before ``end``, or now if that is still to come."""
    return _now(connection) if end > now else _then(connection, end)


def _now(connection: Connection) -> dict[Key, Tally]:
    """In two queries, each along the index of open tickets that holds its rows."""
    found: defaultdict[Key, Tally] = defaultdict(Counter)
    for held in (_K.agent_id.is_(None), _K.agent_id.is_not(None)):
        pending = _K.pending_at.is_not(None)
        query = select(_K.agent_id, pending, func.count()).where(held, _OPEN).group_by(_K.agent_id, pending)
        for agent, waits, many in connection.execute(query):
            found[agent]["pending" if waits else "queue"] += many
    return found


def _then(connection: Connection, end: datetime) -> dict[Key, Tally]:
    still = or_(_K.done_at.is_(None), _K.done_at >= end)
    query = select(_K.id, _K.conversation_id, _K.created_at, _K.done_at, _K.done_by, _K.agent_id, _K.pending_at)
    rows = connection.execute(query.where(_COUNTS, _K.created_at < end, still)).all()
    back = _changed_since(connection, rows, end)
    found: defaultdict[Key, Tally] = defaultdict(Counter)
    for row in rows:
        was = {"agent_id": row.agent_id, "pending_at": row.pending_at} | back.get(row.id, {})
        ticket = rules.Ticket(row.created_at, row.done_at, row.done_by, was["agent_id"], was["pending_at"] is not None)
        rules.count_standing(found[ticket.agent], ticket)
    return found


def _changed_since(connection: Connection, rows: Iterable[Any], end: datetime) -> dict[int, dict[str, Any]]:
    """What tickets were before the first change from ``end`` on, where there was one: agent and since when it was pending.

    A conversation and its open ticket are always with the same agent, so that what was journaled of either tells of both.
    """
    tickets = {row.id: row for row in rows}
    of = {row.conversation_id: row for row in rows}
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for entity, names, things in (
        ("ticket", {"agent_id": "agent_id", "pending_at": "pending_at"}, tickets),
        ("conversation", {"assignee_id": "agent_id"}, of),
    ):
        for row in _journal(connection, entity, things, end):
            ticket = things[row.entity_id]
            if ticket.done_at is not None and row.at > ticket.done_at:
                continue
            for name, meant in names.items():
                if name in (row.before or {}):
                    found[ticket.id].setdefault(meant, row.before[name])
    return found


def _journal(connection: Connection, entity: str, things: Iterable[int], end: datetime) -> Iterable[Any]:
    """Oldest first."""
    for chunk in chunks(things):
        query = select(_J.entity_id, _J.at, _J.before).where(_J.entity == entity, _J.entity_id.in_(chunk), _J.at >= end)
        yield from connection.execute(query.order_by(_J.id))
