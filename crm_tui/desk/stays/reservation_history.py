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
    Message,
    OutboxItem,
    Payment,
    Posting,
    QualityCost,
    ReservationGuest,
)
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Actor
from crm_tui.desk.histories.history_things import NOTES, Things, seen_in
from crm_tui.desk.stays import reservation_talks

_H = columns(ReservationGuest)
_M = columns(Message)
_O = columns(OutboxItem)

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
    for name, model in NOTES.items():
        entities[name] = seen_in(connection, actor, model, or_(*reservation_talks.notes_on(columns(model), number)))
    for name, model in PARTS.items():
        names = columns(model)
        entities[name] = select(names.id).where(names.reservation_id == number)
    entities["event"] = _events(connection, seen, number)
    entities["feedback"] = seen_in(connection, actor, Feedback, columns(Feedback).reservation_id == number)
    costs = columns(QualityCost)
    entities["quality cost"] = select(costs.id).where(costs.reservation_id == number)
    return Things(entities, _M.conversation_id.in_(whole))


def _events(connection: Connection, seen: dict[str, str], number: int) -> list[int]:
    """Those of the guests that are linked with it, unless what else they are on is hidden."""
    from crm_tui.desk.client_base import events

    query = events.SELECT.with_only_columns(columns(Event).id).where(columns(Event).reservation_id == number)
    return list(connection.execute(query, seen).scalars())
