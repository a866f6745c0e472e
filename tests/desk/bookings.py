"""Reservations, payments, and what links guests with mail and each other, straight into the store."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, update

from crm_tui.data.columns import columns, new_id
from crm_tui.data.tables import (
    Attribute,
    CompanyContact,
    ConversationGuest,
    Guest,
    GuestAttribute,
    Payment,
    Reservation,
    ReservationGuest,
)
from crm_tui.desk.common.context import Context


def add_reservation(
    ctx: Context, code: str, *guests: int, company: int | None = None, made: datetime | None = None, **values: Any
) -> int:
    """A reservation, its first guest the holder; returns the id."""
    with ctx.write() as tx:
        row = {"code": code, "created_at": made or tx.now, "updated_at": tx.now, "company_id": company}
        number = new_id(tx.connection.execute(insert(Reservation).values(**(row | values))))
        for place, guest in enumerate(guests):
            tx.connection.execute(
                insert(ReservationGuest).values(reservation_id=number, guest_id=guest, holder=place == 0)
            )
    return number


def pay(ctx: Context, reservation: int, day: date, amount: int, **values: Any) -> int:
    """A payment for a reservation."""
    with ctx.write() as tx:
        row = {"reservation_id": reservation, "day": day, "amount": amount, "created_at": tx.now}
        return new_id(tx.connection.execute(insert(Payment).values(**(row | values))))


def tag(ctx: Context, guest: int, *names: str) -> None:
    """Attributes of a guest."""
    with ctx.write() as tx:
        for name in names:
            row = {"name": name, "folded": name.lower(), "created_at": tx.now}
            number = new_id(tx.connection.execute(insert(Attribute).values(**row)))
            tx.connection.execute(insert(GuestAttribute).values(guest_id=guest, attribute_id=number, at=tx.now))


def contact(ctx: Context, company: int, person: int, role: str = "") -> None:
    """A person to talk to at a company."""
    with ctx.write() as tx:
        tx.connection.execute(insert(CompanyContact).values(company_id=company, person_id=person, role=role))


def belongs(ctx: Context, conversation: int, guest: int) -> None:
    """An agent said whose conversation it is."""
    with ctx.write() as tx:
        tx.connection.execute(insert(ConversationGuest).values(conversation_id=conversation, guest_id=guest, at=tx.now))


def signpost(ctx: Context, guest: int, survivor: int) -> None:
    """A guest was merged into another; nothing of its own is moved."""
    with ctx.write() as tx:
        tx.connection.execute(update(Guest).where(columns(Guest).id == guest).values(merged_into=survivor))


def set_columns(ctx: Context, guest: int, **values: Any) -> None:
    """Columns of a guest."""
    with ctx.write() as tx:
        tx.connection.execute(update(Guest).where(columns(Guest).id == guest).values(**values))
