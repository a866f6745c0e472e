"""Schedule, payments and flights of a reservation as a file names them: what differs is written and journaled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import insert, select, update

from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Flight, Payment, Reservation, ScheduleLine
from crm_tui.desk.common.context import Transaction
from crm_tui.rules.reservation_records import FlightRecord, LineRecord, PaymentRecord

_R = columns(Reservation)
_L = columns(ScheduleLine)
_P = columns(Payment)
_F = columns(Flight)


def has_payments(tx: Transaction, number: int) -> bool:
    """Whether money was ever booked on a reservation."""
    return tx.connection.execute(select(_P.id).where(_P.reservation_id == number).limit(1)).first() is not None


def set_schedule(tx: Transaction, number: int, wanted: Sequence[LineRecord]) -> bool:
    """Make the lines due exactly these, in that order; whether that changed anything.

    A line that was moved or changed stays the same line, so that what was reminded of it stays known.
    """
    query = select(_L).where(_L.reservation_id == number, _L.removed_at.is_(None)).order_by(_L.position, _L.id)
    rows = tx.connection.execute(query).all()
    before = [LineRecord(row.kind, row.due, row.amount) for row in rows]
    if before == list(wanted):
        return False
    known, gone = _kept(rows, wanted, (_line, lambda one: (one.kind, one.due), lambda one: one.kind))
    if gone:
        tx.connection.execute(update(ScheduleLine).where(_L.id.in_([row.id for row in gone])).values(removed_at=tx.now))
    for position, (one, same) in enumerate(zip(wanted, known, strict=True)):
        values = {"position": position, "kind": one.kind, "due": one.due, "amount": one.amount}
        if same is None:
            tx.connection.execute(insert(ScheduleLine).values(reservation_id=number, **values))
        else:
            values["reason"] = same.reason if _line(same) == _line(one) else ""
            tx.connection.execute(update(ScheduleLine).where(_L.id == same.id).values(**values))
    _told(tx, number, "schedule", _lines(before), _lines(wanted))
    return True


def _kept(
    rows: Sequence[Any], wanted: Sequence[Any], alike: Iterable[Callable[[Any], Any]]
) -> tuple[list[Any], list[Any]]:
    """The row that each of the wanted is already, or None, by the first of the likenesses that fits; and the rows left."""
    left, found = list(rows), [None] * len(wanted)
    for key in alike:
        for at, one in enumerate(wanted):
            if found[at] is None:
                found[at] = next((row for row in left if key(row) == key(one)), None)
                if found[at] is not None:
                    left.remove(found[at])
    return found, left


def set_payments(tx: Transaction, number: int, wanted: Sequence[PaymentRecord]) -> bool:
    """Make the payments that files told of exactly these; the desk's own stay. Whether that changed anything.

    One with a reference is known by it, else an equal one is the same; of those without, one of the same amount is that one
    corrected, then one of the same day and method. What a file does not name any more is taken back, not deleted, and
    counts again when a file names it again; what an agent took back does not.
    """
    rows = tx.connection.execute(select(_P).where(_P.reservation_id == number).order_by(_P.id)).all()
    by_reference = {row.reference: row for row in rows if row.reference}
    unnamed = [row for row in rows if not row.reference and row.reversed_at is None]
    before: list[Any] = []
    after: list[Any] = []
    named = {one.reference: values_of(one) for one in wanted if one.reference}
    for reference, values in named.items():
        known = by_reference.get(reference) or next((row for row in unnamed if _same_payment(row, values)), None)
        if known in unnamed:
            unnamed.remove(known)
        _booked(tx, number, known, values, before, after)
    for reference, row in by_reference.items():
        if reference not in named and row.imported and row.reversed_at is None:
            _booked(tx, number, row, None, before, after)
    for known, said in _paired(unnamed, [values_of(one) for one in wanted if not one.reference]):
        _booked(tx, number, known, said, before, after)
    if before or after:
        _told(tx, number, "payments", before, after)
    return bool(before or after)


def _paired(rows: list[Any], wanted: list[dict[str, Any]]) -> Iterator[tuple[Any, dict[str, Any] | None]]:
    """Payments without reference that are there, each with what the file says of it; None: it is not in the file."""
    for alike, own in ((_plain, True), (_amount, False), (_day, False)):
        left: list[dict[str, Any]] = []
        for values in wanted:
            known = next((row for row in rows if alike(row._mapping) == alike(values) and (own or row.imported)), None)
            if known is None:
                left.append(values)
            else:
                rows.remove(known)
                yield known, values
        wanted = left
    yield from ((None, values) for values in wanted)
    yield from ((row, None) for row in rows if row.imported)


def _booked(
    tx: Transaction, number: int, known: Any, values: dict[str, Any] | None, before: list[Any], after: list[Any]
) -> None:
    """Store what a file says of one payment, if that is not so already."""
    if known is not None and values is not None:
        values = values | _again(known)
    if known is None and values is not None:
        more = {"reservation_id": number, "imported": True, "created_by": tx.actor.id, "created_at": tx.now}
        tx.connection.execute(insert(Payment).values(**values, **more))
    elif values is None:
        change = update(Payment).where(_P.id == known.id)
        tx.connection.execute(change.values(reversed_at=tx.now, version=_P.version + 1))
    elif any(getattr(known, name) != value for name, value in values.items()):
        tx.connection.execute(update(Payment).where(_P.id == known.id).values(**values, version=_P.version + 1))
    else:
        return
    before += [_written(known._mapping)] if known is not None else []
    after += [_written(values)] if values is not None else []


def _again(known: Any) -> dict[str, Any]:
    """A payment that an import took back, so without a reason, counts again."""
    back = known.imported and known.reversed_at is not None and not known.reversal
    return {"reversed_at": None} if back else {}


def set_flights(tx: Transaction, number: int, wanted: Sequence[FlightRecord]) -> bool:
    """Make the legs exactly these.

    A leg of the same number and airports stays the same leg, whatever its times; else one of the same airports is it under
    another number. So whoever was told of it is to be told again.
    """
    query = select(_F).where(_F.reservation_id == number, _F.removed_at.is_(None)).order_by(_F.position, _F.id)
    rows = tx.connection.execute(query).all()
    before = [FlightRecord(r.number, r.from_airport, r.to_airport, r.departs, r.arrives) for r in rows]
    if before == list(wanted):
        return False
    known, gone = _kept(rows, wanted, (_leg, _way_and_day, _way))
    for position, (one, same) in enumerate(zip(wanted, known, strict=True)):
        values = {name: getattr(one, name) for name in FlightRecord.__slots__} | {"position": position}
        if same is None:
            tx.connection.execute(insert(Flight).values(reservation_id=number, **values))
        else:
            tx.connection.execute(update(Flight).where(_F.id == same.id).values(**values, version=_F.version + 1))
    if gone:
        tx.connection.execute(update(Flight).where(_F.id.in_([r.id for r in gone])).values(removed_at=tx.now))
    _told(tx, number, "flights", _legs(before), _legs(wanted))
    return True


def _leg(one: Any) -> tuple[str, str, str]:
    return one.number, one.from_airport, one.to_airport


def _way(one: Any) -> tuple[str, str]:
    return one.from_airport, one.to_airport


def _way_and_day(one: Any) -> tuple[str, str, str]:
    return one.from_airport, one.to_airport, one.departs[:10]


def _line(one: Any) -> tuple[str, Any, int]:
    return one.kind, one.due, one.amount


def values_of(one: PaymentRecord) -> dict[str, Any]:
    """A payment of a file as it is stored."""
    kind = "refund" if one.amount < 0 else "payment"
    return {
        "kind": kind,
        "reference": one.reference,
        "day": one.day,
        "amount": abs(one.amount),
        "method": one.method,
    }


def _same_payment(row: Any, values: Any) -> bool:
    return _plain(row._mapping) == _plain(values)


def _plain(values: Any) -> tuple[Any, ...]:
    return values["kind"], values["day"], values["amount"], values["method"]


def _amount(values: Any) -> tuple[Any, ...]:
    return values["kind"], values["amount"]


def _day(values: Any) -> tuple[Any, ...]:
    return values["kind"], values["day"], values["method"]


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
