"""How schedules are read from the store, within a transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, case, func, select

from crm_tui.data.columns import columns
from crm_tui.data.tables import Payment, ScheduleLine
from crm_tui.rules.schedule import Line

_L = columns(ScheduleLine)
_P = columns(Payment)


def rows_in(connection: Connection, reservation_id: int) -> list[Any]:
    """The kept lines of a reservation, in their order."""
    query = select(_L).where(_L.reservation_id == reservation_id, _L.removed_at.is_(None))
    return list(connection.execute(query.order_by(_L.position, _L.id)).all())


def lines_in(connection: Connection, reservation_id: int) -> list[Line]:
    """The same for the rules."""
    return [Line(row.kind, row.due, row.amount, row.position, row.id) for row in rows_in(connection, reservation_id)]


def paid_in(connection: Connection, reservation_id: int) -> int:
    """Payments less refunds, those taken back left out; minor units."""
    signed = case((_P.kind == "refund", -_P.amount), else_=_P.amount)
    query = select(func.coalesce(func.sum(signed), 0))
    return int(
        connection.execute(query.where(_P.reservation_id == reservation_id, _P.reversed_at.is_(None))).scalar_one()
    )
