"""How reservations are read from the store, within a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    Agent,
    Flight,
    Guest,
    Inquiry,
    Operator,
    Payment,
    Reservation,
    ReservationGuest,
    ScheduleLine,
)
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Actor
from crm_tui.desk.requests.inquiry_rows import guest_views
from crm_tui.desk.requests.inquiry_views import InquiryGuestView
from crm_tui.desk.stays.reservation_views import FlightView, LineView, PaymentView, ReservationRow, ReservationView
from crm_tui.mail.text import display_text
from crm_tui.rules.money import Money

_R = columns(Reservation)
_H = columns(ReservationGuest)
_G = columns(Guest)
_O = columns(Operator)
_L = columns(ScheduleLine)
_P = columns(Payment)
_F = columns(Flight)
_A = columns(Agent)
_I = columns(Inquiry)


def row_in(connection: Connection, reservation_id: int) -> Row[Any]:
    """A reservation's columns.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(
        select(table_of(Reservation)).where(_R.id == reservation_id, _R.removed_at.is_(None))
    ).first()
    if row is None:
        raise NotFound(_("There is no reservation {number}.").format(number=reservation_id))
    return row


def by_code(connection: Connection, code: str) -> int | None:
    """The reservation of that code or, failing that, of that reference."""
    clean = display_text(code).strip()
    for column in (_R.code, _R.reference):
        found = connection.execute(select(_R.id).where(column == clean, _R.removed_at.is_(None))).scalar()
        if found is not None and clean:
            return int(found)
    return None


def view_in(connection: Connection, reservation_id: int, actor: Actor) -> ReservationView:
    """A reservation with all that its card shows.

    Raises:
        NotFound: there is none.
    """
    row = row_in(connection, reservation_id)
    texts: dict[str, Any] = {name: display_text(getattr(row, name)) for name in _TEXTS}
    author = connection.execute(select(_A.name).where(_A.id == row.created_by)).scalar() or ""
    return ReservationView(
        **texts,
        **{name: getattr(row, name) for name in _AS_STORED},
        operator=_named(connection, _O, row.operator_id),
        value=Money(row.value, row.currency) if row.value is not None else None,
        company=_company(connection, row.company_id),
        inquiry=_inquiry(connection, row.inquiry_id, actor),
        remarks=display_text(row.remarks, multiline=True),
        guests=guests_in(connection, reservation_id),
        schedule=schedule_in(connection, row),
        payments=payments_in(connection, row),
        flights=flights_in(connection, reservation_id),
        created_by=display_text(author),
    )


_TEXTS = ("code", "reference", "channel", "product", "destination", "room")
_AS_STORED = (
    *("id", "status", "booked", "arrival", "departure", "adults", "children", "currency"),
    *("created_at", "updated_at", "version"),
)


def guests_in(connection: Connection, reservation_id: int) -> tuple[InquiryGuestView, ...]:
    """The guests of a reservation, the holder first."""
    query = (
        select(_G.id, _G.surname, _G.given, _G.kind, _G.version, _G.language, _G.archived_at, _H.holder)
        .join(ReservationGuest, _H.guest_id == _G.id)
        .where(_H.reservation_id == reservation_id)
        .order_by(_H.holder.desc(), _G.folded, _G.id)
    )
    return guest_views(connection, connection.execute(query).all())


def schedule_in(connection: Connection, row: Row[Any]) -> tuple[LineView, ...]:
    """What is due, in order."""
    query = select(_L).where(_L.reservation_id == row.id, _L.removed_at.is_(None)).order_by(_L.position, _L.id)
    return tuple(
        LineView(one.id, one.kind, one.due, Money(one.amount, row.currency), display_text(one.reason))
        for one in connection.execute(query)
    )


def payments_in(connection: Connection, row: Row[Any]) -> tuple[PaymentView, ...]:
    """What was paid and given back, by day."""
    query = select(_P, _A.name.label("agent")).outerjoin(Agent, _A.id == _P.created_by)
    found = connection.execute(query.where(_P.reservation_id == row.id).order_by(_P.day, _P.id))
    return tuple(payment_view(one, row.currency) for one in found)


def payment_view(one: Row[Any], currency: str) -> PaymentView:
    """A payment's columns, with ``agent`` for who recorded it, as they are shown."""
    return PaymentView(
        one.id,
        one.kind,
        one.day,
        Money(one.amount, currency),
        display_text(one.method),
        display_text(one.reference),
        display_text(one.note),
        one.reversed_at,
        display_text(one.reversal),
        one.folio_id,
        display_text(one.agent or ""),
        one.version,
    )


def flights_in(connection: Connection, reservation_id: int) -> tuple[FlightView, ...]:
    """The legs, in order."""
    query = select(table_of(Flight), _A.name.label("told_by")).outerjoin(Agent, _A.id == _F.informed_by)
    query = query.where(_F.reservation_id == reservation_id, _F.removed_at.is_(None))
    return tuple(
        FlightView(
            one.id,
            display_text(one.number),
            display_text(one.from_airport),
            display_text(one.to_airport),
            one.departs,
            one.arrives,
            informed_at=one.informed_at,
            informed_by=display_text(one.told_by or ""),
            told_departs=one.informed_departs,
            told_arrives=one.informed_arrives,
            version=one.version,
        )
        for one in connection.execute(query.order_by(_F.position, _F.id))
    )


def rows_of(connection: Connection, ids: Sequence[int]) -> list[ReservationRow]:
    """The rows of a list, in the order of the numbers."""
    found: dict[int, Any] = {}
    holders: dict[int, str] = {}
    counts: dict[int, int] = {}
    for chunk in chunks(ids):
        query = select(table_of(Reservation), _O.name.label("operator")).outerjoin(Operator, _O.id == _R.operator_id)
        found |= {row.id: row for row in connection.execute(query.where(_R.id.in_(chunk)))}
        payer = select(_R.id, _G.surname, _G.given).join(Guest, _G.id == _R.company_id).where(_R.id.in_(chunk))
        named = select(_H.reservation_id, _G.surname, _G.given).join(Guest, _G.id == _H.guest_id)
        for query_of in (payer, named.where(_H.reservation_id.in_(chunk), _H.holder)):
            holders |= {
                row[0]: display_text(f"{row.given} {row.surname}".strip()) for row in connection.execute(query_of)
            }
        many = select(_H.reservation_id, func.count()).where(_H.reservation_id.in_(chunk)).group_by(_H.reservation_id)
        counts |= {row[0]: row[1] for row in connection.execute(many)}
    return [_row(found[one], holders.get(one, ""), counts.get(one, 0)) for one in ids if one in found]


def _row(row: Any, holder: str, guests: int) -> ReservationRow:
    title = " · ".join(display_text(part) for part in (row.product, row.destination, row.room) if part)
    value = Money(row.value, row.currency) if row.value is not None else None
    return ReservationRow(
        row.id,
        display_text(row.code),
        row.status,
        title,
        row.arrival,
        row.departure,
        holder,
        guests,
        value,
        display_text(row.channel),
        display_text(row.operator or ""),
        display_text(row.reference),
    )


def _named(connection: Connection, names: Any, number: int | None) -> str:
    return display_text(connection.execute(select(names.name).where(names.id == number)).scalar() or "")


def _company(connection: Connection, number: int | None) -> tuple[int, str] | None:
    if number is None:
        return None
    row = connection.execute(select(_G.id, _G.surname).where(_G.id == number)).one()
    return row.id, display_text(row.surname)


def _inquiry(connection: Connection, number: int | None, actor: Actor) -> int | None:
    query = select(_I.id).where(_I.id == number, _I.removed_at.is_(None), scope.visible(_I.scope))
    return connection.execute(query, {scope.BIND: actor.scopes}).scalar()
