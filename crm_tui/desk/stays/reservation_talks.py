"""What belongs to a reservation without being part of it: its conversations, and what agents wrote on those and its inquiry."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, Inquiry, Reservation
from crm_tui.desk.common import scope
from crm_tui.rules.vocabulary import ReservationStatus

_C = columns(Conversation)
_I = columns(Inquiry)
_R = columns(Reservation)


def require(connection: Connection, reservation: int | None) -> None:
    """Refuse the number of a reservation that is not there; None is no reservation, and fine.

    Raises:
        NotFound: so it is.
    """
    if reservation is None:
        return
    query = select(_R.id).where(_R.id == reservation, _R.removed_at.is_(None))
    if connection.execute(query).first() is None:
        raise NotFound(_("There is no reservation {number}.").format(number=reservation))


def inquiry_of(reservation: int) -> Select[Any]:
    """The number of its inquiry, if the actor may see it; bind :data:`scope.BIND`."""
    query = select(_I.id).join(Reservation, _R.inquiry_id == _I.id)
    return query.where(_R.id == reservation, _I.removed_at.is_(None), scope.visible(_I.scope))


def talks_of(reservation: int) -> Select[Any]:
    """The numbers of the conversations about it, linked by hand or through its inquiry, that the actor may see."""
    booked = select(_R.inquiry_id).where(_R.id == reservation, _R.inquiry_id.is_not(None))
    about = or_(_C.reservation_id == reservation, _C.inquiry_id.in_(booked))
    return select(_C.id).where(and_(about, _C.merged_into.is_(None), scope.visible(_C.scope)))


def notes_on(names: Any, reservation: int) -> list[ColumnElement[bool]]:
    """For memos, internal messages and reminders: on the reservation, on a conversation about it, or on its inquiry.

    Args:
        names: the columns of the table.
    """
    return [
        names.reservation_id == reservation,
        names.conversation_id.in_(talks_of(reservation)),
        names.inquiry_id.in_(inquiry_of(reservation)),
    ]


def reservation_of(connection: Connection, scopes: str, conversation: int) -> int | None:
    """The reservation that a conversation is about: as somebody said, else the newest of its inquiry that was not cancelled.

    None: it is about none, or the actor may not see the conversation.
    """
    seen = {scope.BIND: scopes}
    said = (
        select(_R.id)
        .join(Conversation, _C.reservation_id == _R.id)
        .where(_C.id == conversation, _R.removed_at.is_(None), scope.visible(_C.scope))
    )
    found = connection.execute(said, seen).scalar()
    if found is not None:
        return int(found)
    booked = (
        select(_R.id)
        .join(Inquiry, _I.id == _R.inquiry_id)
        .join(Conversation, _C.inquiry_id == _I.id)
        .where(_C.id == conversation, _R.removed_at.is_(None), scope.visible(_C.scope))
        .order_by(_R.status == ReservationStatus.CANCELLED.value, _R.id.desc())
    )
    found = connection.execute(booked.limit(1), seen).scalar()
    return int(found) if found is not None else None
