"""What an import changed of a reservation, field by field, as people read it: what it said and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from crm_tui.base.i18n import N_
from crm_tui.data.columns import columns
from crm_tui.data.tables import Flight, Guest, Operator, Payment, Reservation, ReservationGuest, ScheduleLine
from crm_tui.desk.stays.reservation_words import FIELDS
from crm_tui.mail.text import display_text
from crm_tui.rules.money import Money

_R = columns(Reservation)
_G = columns(Guest)
_H = columns(ReservationGuest)
_O = columns(Operator)
_L = columns(ScheduleLine)
_P = columns(Payment)
_F = columns(Flight)


FIELD_WORDS = {
    **{name.removesuffix("_id"): word for name, word in FIELDS.items()},
    "currency": N_("currency"),
    "guests": N_("guests"),
    "schedule": N_("schedule"),
    "payments": N_("payments"),
    "flights": N_("flights"),
}
"""What the fields are called, to be translated."""


class FieldChange(NamedTuple):
    """A field with what it said before and what it says now; display-safe, empty where it said nothing."""

    field: str
    before: str
    after: str


def columns_changed(connection: Connection, row: Any, changed: Mapping[str, Any]) -> list[FieldChange]:
    """The columns of a reservation that change.

    Args:
        row: as it stands before.
    """
    found: list[FieldChange] = []
    for name, value in changed.items():
        if name in ("currency", "removed_at", "imported", "inquiry_id"):
            continue
        field = {"operator_id": "operator", "company_id": "company"}.get(name, name)
        now = {"currency": changed.get("currency", row.currency)}
        words = _said(connection, name, getattr(row, name), row.currency), _said(connection, name, value, **now)
        found.append(FieldChange(field, *words))
    if "currency" in changed and "value" not in changed:
        found.append(FieldChange("currency", display_text(row.currency), display_text(changed["currency"])))
    return found


def _said(connection: Connection, name: str, value: Any, currency: str) -> str:
    if value is None or value == "":
        return ""
    if name == "value":
        return str(Money(value, currency)) if currency else str(value)
    if name in ("operator_id", "company_id"):
        query = (
            select(_O.name).where(_O.id == value) if name == "operator_id" else select(_G.surname).where(_G.id == value)
        )
        return display_text(connection.execute(query).scalar() or "")
    return value.isoformat() if isinstance(value, date) else display_text(str(value))


def part_words(connection: Connection, part: str, number: int) -> str:
    """Guests, schedule, payments or flights of a reservation in a line."""
    currency = connection.execute(select(_R.currency).where(_R.id == number)).scalar() or ""
    return ", ".join(_PARTS[part](connection, number, currency))


def _guests(connection: Connection, number: int, _currency: str) -> list[str]:
    query = select(_G.given, _G.surname, _H.holder).join(ReservationGuest, _H.guest_id == _G.id)
    rows = connection.execute(query.where(_H.reservation_id == number).order_by(_H.holder.desc(), _G.folded, _G.id))
    return [("★ " if row.holder else "") + display_text(f"{row.given} {row.surname}".strip()) for row in rows]


def _lines(connection: Connection, number: int, currency: str) -> list[str]:
    query = select(_L.kind, _L.due, _L.amount).where(_L.reservation_id == number, _L.removed_at.is_(None))
    rows = connection.execute(query.order_by(_L.position, _L.id))
    return [f"{row.kind} {row.due.isoformat()} {_amount(row.amount, currency)}" for row in rows]


def _payments(connection: Connection, number: int, currency: str) -> list[str]:
    query = select(_P.kind, _P.day, _P.amount).where(_P.reservation_id == number, _P.reversed_at.is_(None))
    rows = connection.execute(query.order_by(_P.day, _P.id))
    signs = {"payment": 1, "refund": -1}
    return [f"{row.day.isoformat()} {_amount(signs[row.kind] * row.amount, currency)}" for row in rows]


def _flights(connection: Connection, number: int, _currency: str) -> list[str]:
    query = select(_F).where(_F.reservation_id == number, _F.removed_at.is_(None)).order_by(_F.position, _F.id)
    return [
        display_text(
            " ".join(part for part in (row.number, f"{row.from_airport}–{row.to_airport}", row.departs) if part)
        )
        for row in connection.execute(query)
    ]


def _amount(amount: int, currency: str) -> str:
    return str(Money(amount, currency)) if currency else str(amount)


_PARTS = {"guests": _guests, "schedule": _lines, "payments": _payments, "flights": _flights}
