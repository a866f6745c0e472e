"""Schedule, payments and flights of a reservation as a file names them: what differs is written and journaled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import insert, select, update

from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Flight, Payment, Reservation, ScheduleLine
from crm_tui.desk.context import Transaction
from crm_tui.rules.reservation_records import FlightRecord, LineRecord, PaymentRecord

_R = columns(Reservation)
_L = columns(ScheduleLine)
_P = columns(Payment)
_F = columns(Flight)


def has_payments(tx: Transaction, number: int) -> bool:
    """Whether money was ever booked on a reservation."""
    return tx.connection.execute(select(_P.id).where(_P.reservation_id == number).limit(1)).first() is not None


def set_schedule(tx: Transaction, number: int, wanted: Sequence[LineRecord]) -> bool:
    """Make the lines due exactly these, in that order; whether that changed anything."""
    query = select(_L).where(_L.reservation_id == number, _L.removed_at.is_(None)).order_by(_L.position, _L.id)
    rows = tx.connection.execute(query).all()
    before = [LineRecord(row.kind, row.due, row.amount) for row in rows]
    if before == list(wanted):
        return False
    if rows:
        gone = update(ScheduleLine).where(_L.id.in_([row.id for row in rows]))
        tx.connection.execute(gone.values(removed_at=tx.now))
    for position, one in enumerate(wanted):
        values = {"position": position, "kind": one.kind, "due": one.due, "amount": one.amount}
        tx.connection.execute(insert(ScheduleLine).values(reservation_id=number, **values))
    _told(tx, number, "schedule", _lines(before), _lines(wanted))
    return True


def add_payments(tx: Transaction, number: int, wanted: Sequence[PaymentRecord]) -> bool:
    """Book the payments that are not there yet, correct those whose reference is; whether that changed anything."""
    rows = tx.connection.execute(select(_P).where(_P.reservation_id == number).order_by(_P.id)).all()
    by_reference = {row.reference: row for row in rows if row.reference}
    unnamed = Counter(_plain(row) for row in rows if not row.reference and row.reversed_at is None)
    before: list[Any] = []
    after: list[Any] = []
    for one in wanted:
        values = _values(one)
        known = by_reference.get(one.reference) if one.reference else None
        if known is not None:
            if any(getattr(known, name) != value for name, value in values.items()):
                tx.connection.execute(update(Payment).where(_P.id == known.id).values(**values, version=_P.version + 1))
                before.append(_written(known._mapping))
                after.append(_written(values))
        elif not one.reference and unnamed[_plain_of(values)] > 0:
            unnamed[_plain_of(values)] -= 1
        else:
            more = {"reservation_id": number, "created_by": tx.actor.id, "created_at": tx.now}
            tx.connection.execute(insert(Payment).values(**values, **more))
            after.append(_written(values))
            if one.reference:
                query = select(_P).where(_P.reservation_id == number, _P.reference == one.reference)
                by_reference[one.reference] = tx.connection.execute(query).one()
    if after:
        _told(tx, number, "payments", before, after)
    return bool(after)


def set_flights(tx: Transaction, number: int, wanted: Sequence[FlightRecord]) -> bool:
    """Make the legs exactly these. A leg of the same number and airports stays the same leg, whatever its times."""
    query = select(_F).where(_F.reservation_id == number, _F.removed_at.is_(None)).order_by(_F.position, _F.id)
    rows = list(tx.connection.execute(query).all())
    before = [FlightRecord(r.number, r.from_airport, r.to_airport, r.departs, r.arrives) for r in rows]
    if before == list(wanted):
        return False
    for position, one in enumerate(wanted):
        values = {name: getattr(one, name) for name in FlightRecord.__slots__} | {"position": position}
        same = next((r for r in rows if _leg(r) == _leg(one)), None)
        if same is None:
            tx.connection.execute(insert(Flight).values(reservation_id=number, **values))
        else:
            rows.remove(same)
            tx.connection.execute(update(Flight).where(_F.id == same.id).values(**values, version=_F.version + 1))
    if rows:
        tx.connection.execute(update(Flight).where(_F.id.in_([r.id for r in rows])).values(removed_at=tx.now))
    _told(tx, number, "flights", _legs(before), _legs(wanted))
    return True


def _leg(one: Any) -> tuple[str, str, str]:
    return one.number, one.from_airport, one.to_airport


def _values(one: PaymentRecord) -> dict[str, Any]:
    kind = "refund" if one.amount < 0 else "payment"
    return {
        "kind": kind,
        "reference": one.reference,
        "day": one.day,
        "amount": abs(one.amount),
        "method": one.method,
    }


def _plain(row: Any) -> tuple[Any, ...]:
    return row.kind, row.day, row.amount, row.method


def _plain_of(values: dict[str, Any]) -> tuple[Any, ...]:
    return values["kind"], values["day"], values["amount"], values["method"]


def _written(values: Any) -> list[Any]:
    return [values["kind"], values["reference"], values["day"].isoformat(), values["amount"], values["method"]]


def _lines(lines: Iterable[LineRecord]) -> list[list[Any]]:
    return [[one.kind, one.due.isoformat(), one.amount] for one in lines]


def _legs(legs: Iterable[FlightRecord]) -> list[list[str]]:
    return [[getattr(one, name) for name in FlightRecord.__slots__] for one in legs]


def _told(tx: Transaction, number: int, what: str, before: list[Any], after: list[Any]) -> None:
    tx.connection.execute(
        update(table_of(Reservation)).where(_R.id == number).values(version=_R.version + 1, updated_at=tx.now)
    )
    tx.journal("reservation", number, what, {what: before}, {what: after})
