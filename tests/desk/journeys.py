"""Flights and schedules of reservations, straight into the store."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import insert

from crm_tui.data.columns import new_id
from crm_tui.data.tables import Flight, Operator, ScheduleLine
from crm_tui.desk.common.context import Context


def add_flight(
    ctx: Context, reservation: int, number: str, ways: str, departs: str, arrives: str = "", **values: Any
) -> int:
    """A leg; ``ways`` is ``WAW-MUC``."""
    start, _sep, end = ways.partition("-")
    row = {"number": number, "from_airport": start, "to_airport": end, "departs": departs, "arrives": arrives}
    with ctx.write() as tx:
        return new_id(tx.connection.execute(insert(Flight).values(reservation_id=reservation, **row | values)))


def add_line(ctx: Context, reservation: int, kind: str, due: date, amount: int, **values: Any) -> int:
    """A due amount, in minor units."""
    row = {"kind": kind, "due": due, "amount": amount}
    with ctx.write() as tx:
        return new_id(tx.connection.execute(insert(ScheduleLine).values(reservation_id=reservation, **row | values)))


def add_operator(ctx: Context, name: str, watch_days: int | None = None) -> int:
    """A tour operator."""
    row = {"name": name, "folded": name.lower(), "watch_days": watch_days}
    with ctx.write() as tx:
        return new_id(tx.connection.execute(insert(Operator).values(**row, created_at=tx.now)))
