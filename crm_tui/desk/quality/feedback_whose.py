"""Whose feedback is, and whose cost of quality: what guest, stay and room are known before it is written down (SPEC §11)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select

from crm_tui.data.columns import columns
from crm_tui.data.tables import Guest, Reservation, ReservationGuest
from crm_tui.desk.client_base import guest_mail
from crm_tui.desk.client_base.guest_gone import refuse_erased
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.storable import storable
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.merges.guest_merging import survivor_in
from crm_tui.desk.quality.feedback_views import Whose
from crm_tui.desk.shifts.memos import require_subject
from crm_tui.desk.stays import reservation_rows
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import ReservationStatus

_G = columns(Guest)
_R = columns(Reservation)
_Q = columns(ReservationGuest)


def whose(
    ctx: Context, *, guest: int | None = None, reservation: int | None = None, conversation: int | None = None
) -> tuple[str, str]:
    """Name of the guest and room of what is written on this, as far as they are known: before :func:`add`.

    Raises:
        NotFound: what it is about is not there, or the agent may not see it.
    """
    found = about(ctx, guest=guest, reservation=reservation, conversation=conversation)
    return found.name, found.room


def about(
    ctx: Context, *, guest: int | None = None, reservation: int | None = None, conversation: int | None = None
) -> Whose:
    """The same with the numbers; a guest who stays today is in that room.

    Raises:
        NotFound: what it is about is not there, or the agent may not see it.
    """
    with ctx.store.connect() as connection:
        conversation = require_subject(connection, ctx.actor, None, conversation, guest, to_read=True)
        number, room = whose_in(connection, guest, reservation, conversation)
        if reservation is None and number is not None:
            stay = _staying(ctx, connection, _Q.guest_id == number)
            reservation, room = (stay.id, stay.room) if stay is not None else (None, room)
        return _told(connection, number, room, reservation)


def staying(ctx: Context, room: str) -> Whose:
    """Who has a room today: the holder of the stay, if exactly one is known."""
    wanted = " ".join(storable(room).split())
    if not wanted:
        return Whose()
    with ctx.store.connect() as connection:
        stay = _staying(ctx, connection, _R.room == wanted, _Q.holder)
        return _told(connection, stay.guest_id, room, stay.id) if stay is not None else Whose(room=display_text(room))


def _staying(ctx: Context, connection: Connection, *conditions: Any) -> Row[Any] | None:
    """The one stay of today for which that holds; None for none or several."""
    today = ctx.clock.now().astimezone(zone(connection)).date()
    gone = (ReservationStatus.CANCELLED, ReservationStatus.NO_SHOW)
    query = (
        select(_R.id, _R.room, _Q.guest_id)
        .join(ReservationGuest, _Q.reservation_id == _R.id)
        .where(_R.removed_at.is_(None), _R.status.not_in(gone), _R.arrival <= today, _R.departure >= today, *conditions)
    )
    found = connection.execute(query.limit(2)).all()
    return found[0] if len(found) == 1 else None


def _told(connection: Connection, guest: int | None, room: str, reservation: int | None) -> Whose:
    row = connection.execute(select(_G.given, _G.surname).where(_G.id == guest)).first()
    code = connection.execute(select(_R.code).where(_R.id == reservation)).scalar() or ""
    name = display_text(f"{row.given} {row.surname}".strip()) if row else ""
    return Whose(guest, name, display_text(room), reservation, display_text(code))


def whose_in(
    connection: Connection, guest: int | None, reservation: int | None, conversation: int | None
) -> tuple[int | None, str]:
    """Guest and room, as far as what it is about tells."""
    room = ""
    if reservation is not None:
        room = str(reservation_rows.row_in(connection, reservation).room)
        if guest is None:
            query = select(_Q.guest_id).where(_Q.reservation_id == reservation, _Q.holder)
            guest = connection.execute(query).scalar()
    if guest is None and conversation is not None:
        known = guest_mail.guest_of_conversation(connection, conversation)
        guest = known[0] if len(known) == 1 else None
    if guest is not None:
        guest = survivor_in(connection, guest)
        refuse_erased(connection, [guest])
    return guest, room
