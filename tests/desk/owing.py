"""Reservations of which something is missing, for tests of payment reminders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, select

from crm_tui.data.columns import columns, new_id
from crm_tui.data.tables import Event, EventType, PaymentNotice, ScheduleLine
from crm_tui.desk.client_base import guests
from crm_tui.desk.common.context import Context
from tests.desk.bookings import add_reservation
from tests.desk.house import NOW

TODAY = date(2026, 7, 1)
"""The day of the property on which :data:`tests.desk.house.NOW` lies, eleven in the morning."""
assert NOW.date() == TODAY


def guest(ctx: Context, surname: str = "Nowak", **more: Any) -> int:
    """A person with a mail address and a mobile number."""
    plain = surname.lower()
    values = {"surname": surname, "given": "Ana", "language": "en", "email": f"{plain}@example.org"}
    return guests.create(ctx, values | {"phone": "+34600111222"} | more)


def owing(
    ctx: Context,
    code: str = "MIR-1",
    *,
    due: int = 3,
    amount: int = 12000,
    who: int | None = None,
    lines: Sequence[tuple[str, int, int]] = (),
    **values: Any,
) -> int:
    """A reservation with one line due so many days from today; ``lines``: kind, days from today, amount instead."""
    person = guest(ctx, f"Guest{code.replace('-', '')}") if who is None else who
    stay: dict[str, Any] = {"arrival": date(2026, 8, 1), "departure": date(2026, 8, 8), "currency": "EUR"}
    number = add_reservation(ctx, code, person, **(stay | values))
    for place, (kind, days, sum_) in enumerate(lines or (("balance", due, amount),)):
        add_line(ctx, number, kind, days, sum_, place)
    return number


def add_line(ctx: Context, reservation: int, kind: str, days: int, amount: int, place: int = 0) -> int:
    """One more schedule line."""
    row = {"reservation_id": reservation, "kind": kind, "due": TODAY + timedelta(days=days), "amount": amount}
    with ctx.write() as tx:
        return new_id(tx.connection.execute(insert(ScheduleLine).values(**row, position=place)))


def rows(ctx: Context) -> list[Any]:
    """Every reminder in the order it was made."""
    with ctx.store.connect() as connection:
        return list(connection.execute(select(*columns(PaymentNotice)).order_by(columns(PaymentNotice).id)).all())


def events(ctx: Context) -> list[Any]:
    """The events of type *payment reminder*."""
    event, kind = columns(Event), columns(EventType)
    query = select(event.guest_id, event.reservation_id, event.text, event.author_id).join(
        EventType, kind.id == event.type_id
    )
    with ctx.store.connect() as connection:
        return list(connection.execute(query.where(kind.code == "payment reminder").order_by(event.id)).all())


def held(_connection: object) -> bool:
    """The lease, for steps of the engine without an engine."""
    return True
