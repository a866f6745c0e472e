"""Reservations with the names of SPEC §15: decimal amounts, days as ``YYYY-MM-DD``, what was taken back left out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from crm_tui.data.columns import columns
from crm_tui.data.tables import Flight, Guest, GuestEmail, GuestPhone, Payment, ReservationGuest, ScheduleLine
from crm_tui.desk.common.context import Context
from crm_tui.desk.requests.inquiry_rows import firsts
from crm_tui.desk.stays.reservation_views import PaymentView, ReservationView
from crm_tui.mail.text import display_text
from crm_tui.rules.money import Money

_G = columns(Guest)
_H = columns(ReservationGuest)


def widths(ctx: Context) -> dict[str, int]:
    """How many guests, lines, payments and flights the reservation with the most of them has."""
    found = {}
    with ctx.store.connect() as connection:
        for name, model in (
            ("guests", ReservationGuest),
            ("schedule", ScheduleLine),
            ("payments", Payment),
            ("flights", Flight),
        ):
            names = columns(model)
            counted = select(func.count(names.reservation_id).label("many")).group_by(names.reservation_id).subquery()
            found[name] = int(connection.execute(select(func.max(counted.c.many))).scalar() or 0)
    return found


def record_of(connection: Connection, one: ReservationView) -> dict[str, Any]:
    """One reservation; empty is None."""
    texts = ("status", "code", "reference", "product", "destination", "room", "channel", "operator")
    return {
        **{name: getattr(one, name) or None for name in texts},
        **{name: _day(getattr(one, name)) for name in ("booked", "arrival", "departure")},
        "adults": one.adults,
        "children": one.children,
        "value": one.value.decimal if one.value else None,
        "currency": one.currency or None,
        "guests": _guests(connection, one),
        "company": _company(connection, one),
        "schedule": [{"kind": x.kind, "due": _day(x.due), "amount": x.amount.decimal} for x in one.schedule],
        "payments": [_payment(x) for x in one.payments if x.reversed_at is None],
        "flights": [
            {
                "number": leg.number or None,
                "from": leg.from_airport or None,
                "to": leg.to_airport or None,
                "departs": leg.departs or None,
                "arrives": leg.arrives or None,
            }
            for leg in one.flights
        ],
    }


def _guests(connection: Connection, one: ReservationView) -> list[dict[str, Any]]:
    numbers = [guest.id for guest in one.guests if guest.kind == "person"]
    query = select(_G.id, _G.reference, _G.surname, _G.given, _G.birth_date, _G.passport_expiry)
    rows = {row.id: row for row in connection.execute(query.where(_G.id.in_(numbers)))}
    mails = firsts(connection, columns(GuestEmail), columns(GuestEmail).address, numbers)
    phones = firsts(connection, columns(GuestPhone), columns(GuestPhone).number, numbers)
    holder = one.holder.id if one.holder else None
    return [
        {
            "reference": display_text(rows[number].reference) or None,
            "surname": display_text(rows[number].surname),
            "given": display_text(rows[number].given) or None,
            "email": display_text(mails.get(number, "")) or None,
            "phone": phones.get(number) or None,
            "birth_date": _day(rows[number].birth_date),
            "passport_expiry": _day(rows[number].passport_expiry),
            "holder": number == holder,
        }
        for number in numbers
    ]


def _company(connection: Connection, one: ReservationView) -> dict[str, Any] | None:
    if one.company is None:
        return None
    row = connection.execute(select(_G.reference, _G.tax_number).where(_G.id == one.company[0])).one()
    return {
        "reference": display_text(row.reference) or None,
        "name": one.company[1],
        "tax_number": display_text(row.tax_number) or None,
    }


def _payment(one: PaymentView) -> dict[str, Any]:
    amount = one.amount if one.kind == "payment" else Money(-one.amount.amount, one.amount.currency)
    return {
        "reference": one.reference or None,
        "date": _day(one.day),
        "amount": amount.decimal,
        "method": one.method or None,
    }


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None
