"""Reservations as ``--json`` prints them; amounts are decimal strings in the reservation's currency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crm_tui.desk.requests.inquiry_views import InquiryGuestView
    from crm_tui.desk.stays.reservation_views import FlightView, PaymentView, ReservationListRow, ReservationView


def row_record(row: ReservationListRow) -> dict[str, Any]:
    """A row of a list."""
    return {
        "id": row.id,
        "code": row.code,
        "reference": row.reference or None,
        "status": row.status,
        "title": row.title,
        "arrival": row.arrival,
        "departure": row.departure,
        "holder": row.guest or None,
        "guests": row.guests,
        "adults": row.adults,
        "children": row.children,
        "value": row.value.decimal if row.value else None,
        "missing": row.missing.decimal if row.missing else None,
        "due": row.due,
        "currency": row.value.currency if row.value else row.missing.currency if row.missing else None,
        "channel": row.channel,
        "operator": row.operator or None,
    }


def record(found: ReservationView) -> dict[str, Any]:
    """A reservation with its guests, its money and its flights."""
    texts = ("code", "reference", "status", "channel", "operator", "product", "destination", "room", "remarks")
    plain = ("booked", "arrival", "departure", "nights", "adults", "children", "inquiry")
    return {
        "id": found.id,
        **{name: getattr(found, name) or None for name in texts},
        **{name: getattr(found, name) for name in plain},
        "value": found.value.decimal if found.value else None,
        "paid": found.paid.decimal if found.paid else None,
        "currency": found.currency or None,
        "company": {"id": found.company[0], "name": found.company[1]} if found.company else None,
        "holder": found.holder.id if found.holder else None,
        "guests": [_guest(one) for one in found.guests],
        "schedule": [{"kind": one.kind, "due": one.due, "amount": one.amount.decimal} for one in found.schedule],
        "payments": [_payment(one) for one in found.payments],
        "flights": [_flight(one) for one in found.flights],
        "created_at": found.created_at,
        "updated_at": found.updated_at,
        "version": found.version,
    }


def _guest(one: InquiryGuestView) -> dict[str, Any]:
    contact = {"email": one.email or None, "phone": one.phone or None}
    return {"id": one.id, "name": one.name, **contact, "holder": one.holder}


def _payment(one: PaymentView) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "reference": one.reference or None,
        "date": one.day,
        "amount": one.amount.decimal,
        "method": one.method or None,
        "reversed": one.reversed_at is not None,
    }


def _flight(leg: FlightView) -> dict[str, Any]:
    return {
        "number": leg.number or None,
        "from": leg.from_airport or None,
        "to": leg.to_airport or None,
        "departs": leg.departs or None,
        "arrives": leg.arrives or None,
    }
