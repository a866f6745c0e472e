"""Who works with what a command made (SPEC §13): what is in use is not put away by taking its making back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    Conversation,
    Folio,
    HandoverLine,
    Inquiry,
    InquiryGuest,
    InternalMessage,
    Journal,
    Memo,
    Payment,
    Posting,
    Reminder,
    Reservation,
    ReservationGuest,
)
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.common.scope import sees
from crm_tui.desk.undoing.undo_registry import Entity, Row

_J = columns(Journal)
_C = columns(Conversation)
_I = columns(Inquiry)
_H = columns(InquiryGuest)
_P = columns(Payment)
_S = columns(Posting)
_F = columns(Folio)
_R = columns(Reservation)
_X = columns(ReservationGuest)
_L = columns(HandoverLine)

_WRITTEN: dict[str, Any] = {"memo": Memo, "internal": InternalMessage, "reminder": Reminder}


def check_unused(tx: Transaction, kind: Entity, made: Sequence[int], rows: Sequence[Row]) -> None:
    """Refuse where something that stays hangs on a thing that was made and would go.

    What the command itself put there is gone already, as a command is taken back newest row first.

    Raises:
        Refused: so; the sentence names who and what, as far as the actor may see it.
    """
    if not made:
        return
    if kind.name == "inquiry":
        _written(tx, kind, "inquiry_id", made, rows)
        query = select(_C.id, _C.inquiry_id).where(_C.inquiry_id.in_(made), _C.merged_into.is_(None))
        for row in tx.connection.execute(query.order_by(_C.id)):
            _refuse(tx, kind, row.inquiry_id, ("conversation", row.id, "link"), rows)
    elif kind.name == "guest":
        _written(tx, kind, "guest_id", made, rows)
        _inquiries(tx, kind, made, rows)
        _bookings(tx, kind, made, rows)
    elif kind.name == "reservation":
        refuse_paid(tx, kind, made, rows)
        _money(tx, kind, Posting, _S.removed_at.is_(None), ("posting", "post"), made, rows)
        _written(tx, kind, "reservation_id", made, rows)
    elif kind.name == "handover":
        taken = select(_L.id, _L.handover_id).where(_L.handover_id.in_(made), _L.acknowledged_at.is_not(None))
        for row in tx.connection.execute(taken.order_by(_L.id).limit(1)):
            _refuse(tx, kind, row.handover_id, ("handover line", row.id, "acknowledge"), rows)


def refuse_paid(tx: Transaction, kind: Entity, reservations: Sequence[int], rows: Sequence[Row]) -> None:
    """Refuse where money came on a reservation, or was given back, and that was not taken back.

    Raises:
        Refused: so; the sentence names who recorded it.
    """
    _money(tx, kind, Payment, _P.reversed_at.is_(None), ("payment", "create"), reservations, rows)


def _money(
    tx: Transaction,
    kind: Entity,
    model: Any,
    counts: Any,
    made_by: tuple[str, str],
    made: Sequence[int],
    rows: Sequence[Row],
) -> None:
    table = table_of(model)
    query = select(table.c.id, table.c.reservation_id).where(table.c.reservation_id.in_(made), counts)
    row = tx.connection.execute(query.order_by(table.c.id).limit(1)).first()
    if row is not None:
        _refuse(tx, kind, row.reservation_id, (made_by[0], row.id, made_by[1]), rows)


def _written(tx: Transaction, kind: Entity, column: str, made: Sequence[int], rows: Sequence[Row]) -> None:
    for word, model in _WRITTEN.items():
        table = table_of(model)
        if column in table.c:
            query = select(table.c.id, table.c[column].label("on")).where(table.c[column].in_(made))
            row = tx.connection.execute(query.where(table.c.removed_at.is_(None)).order_by(table.c.id)).first()
            if row is not None:
                _refuse(tx, kind, row.on, (word, row.id, ""), rows)


def _inquiries(tx: Transaction, kind: Entity, made: Sequence[int], rows: Sequence[Row]) -> None:
    """A guest of an inquiry that another command made stays; that of the same command goes with the guest."""
    same = select(_J.entity_id).where(_J.command == rows[0].command, _J.entity == "inquiry")
    own = set(tx.connection.execute(same.where(_J.action == "create")).scalars())
    query = select(_H.guest_id, _I.id, _I.scope).join(Inquiry, _I.id == _H.inquiry_id)
    query = query.where(_H.guest_id.in_(made), _I.removed_at.is_(None)).order_by(_I.id)
    for row in tx.connection.execute(query).all():
        if row.id not in own:
            known = sees(tx.actor.scopes, row.scope)
            _refuse(tx, kind, row.guest_id, ("inquiry", row.id, "") if known else None, rows)


def _bookings(tx: Transaction, kind: Entity, made: Sequence[int], rows: Sequence[Row]) -> None:
    """Who is on a reservation, or pays one, stays."""
    uses = (
        select(_X.guest_id.label("who")).join(Reservation, _R.id == _X.reservation_id).where(_X.guest_id.in_(made)),
        select(_F.payer_id.label("who"))
        .join(Reservation, _R.id == _F.reservation_id)
        .where(_F.payer_id.in_(made), _F.removed_at.is_(None)),
        select(_R.company_id.label("who")).where(_R.company_id.in_(made)),
    )
    for query in uses:
        who = tx.connection.execute(query.where(_R.removed_at.is_(None)).limit(1)).scalar()
        if who is not None:
            _refuse(tx, kind, int(who), None, rows)


def _refuse(tx: Transaction, kind: Entity, number: int, use: tuple[str, int, str] | None, rows: Sequence[Row]) -> None:
    from crm_tui.desk.undoing.undo_refusal import refuse_use

    culprit = None
    if use is not None:
        entity, one, action = use
        names = (_J.id, _J.at, _J.actor, _J.agent_id, _J.entity, _J.entity_id, _J.action, _J.before, _J.after)
        query = select(*names).where(_J.entity == entity, _J.entity_id == one, _J.action != "undo")
        query = query.where(_J.action == action) if action else query
        order = _J.id.desc() if action else _J.id.asc()
        culprit = tx.connection.execute(query.order_by(order).limit(1)).first()
    refuse_use(tx, kind, number, culprit, rows)
