"""What belongs to a reservation's history: its changes, money, flights, guests, notes, events and mail (SPEC §4, §7)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, or_, select
from sqlmodel import SQLModel

from crm_tui.data.columns import columns
from crm_tui.data.tables import (
    Event,
    Feedback,
    Flight,
    Folio,
    InternalMessage,
    Memo,
    Message,
    OutboxItem,
    Payment,
    Posting,
    Reminder,
    ReservationGuest,
)
from crm_tui.desk import reservation_talks, scope
from crm_tui.desk.context import Actor
from crm_tui.desk.history_things import Things

_F = columns(Feedback)
_H = columns(ReservationGuest)
_M = columns(Message)
_O = columns(OutboxItem)

_NOTES: dict[str, type[SQLModel]] = {"memo": Memo, "internal": InternalMessage, "reminder": Reminder}
PARTS: dict[str, type[SQLModel]] = {
    "flight": Flight,
    "payment": Payment,
    "folio": Folio,
    "posting": Posting,
    "event": Event,
}
"""What is part of a reservation, as the journal calls it, with the tables that name it in ``reservation_id``."""


def of_reservation(connection: Connection, actor: Actor, number: int) -> Things:
    """What belongs to a reservation, and to the conversations about it that the actor may see.

    Raises:
        NotFound: there is no such reservation.
    """
    reservation_talks.require(connection, number)
    seen = {scope.BIND: actor.scopes}
    talks = list(connection.execute(reservation_talks.talks_of(number), seen).scalars())
    whole = scope.with_merged(connection, talks) if talks else []
    entities: dict[str, Any] = {
        "reservation": [number],
        "guest": select(_H.guest_id).where(_H.reservation_id == number),
        "conversation": whole,
        "outbox": select(_O.id).where(_O.conversation_id.in_(whole)),
    }
    for name, model in _NOTES.items():
        names = columns(model)
        query = select(names.id).where(or_(*reservation_talks.notes_on(names, number)))
        entities[name] = list(connection.execute(query, seen).scalars())
    for name, model in PARTS.items():
        names = columns(model)
        entities[name] = select(names.id).where(names.reservation_id == number)
    entities["event"] = _events(connection, seen, number)
    entities["feedback"] = _feedback(connection, seen, number)
    return Things(entities, _M.conversation_id.in_(whole))


def _events(connection: Connection, seen: dict[str, str], number: int) -> list[int]:
    """Those of the guests that are linked with it, unless what else they are on is hidden."""
    from crm_tui.desk import events

    query = events.SELECT.with_only_columns(columns(Event).id).where(columns(Event).reservation_id == number)
    return list(connection.execute(query, seen).scalars())


def _feedback(connection: Connection, seen: dict[str, str], number: int) -> list[int]:
    """What was said of it, unless it came by a conversation that is hidden; what was taken away is told as well."""
    said = select(_F.id).where(_F.reservation_id == number, scope.of_visible(_F.conversation_id))
    return list(connection.execute(said, seen).scalars())
