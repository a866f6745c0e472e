"""How guests are read from the store, within a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Attribute, Guest, GuestAttribute, GuestEmail, GuestPhone, Inquiry, InquiryGuest
from crm_tui.desk.client_base import countries
from crm_tui.desk.client_base.guest_consents import consents_in
from crm_tui.desk.client_base.guest_contacts import companies_of, people_of
from crm_tui.desk.client_base.guest_views import AttributeName, GuestRow, GuestView, PhoneView
from crm_tui.desk.client_base.phones import international
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Actor
from crm_tui.desk.merges.guest_merging import survivor_in
from crm_tui.desk.requests.inquiry_rows import firsts
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import GuestKind

_G = columns(Guest)
_E = columns(GuestEmail)
_P = columns(GuestPhone)
_B = columns(Attribute)
_T = columns(GuestAttribute)
_H = columns(InquiryGuest)
_I = columns(Inquiry)

_LINES = (
    *("surname", "given", "document", "passport", "street", "postcode", "city", "region", "tax_number"),
    "reference",
)
_PLAIN = (
    *("id", "kind", "language", "nationality", "birth_date", "passport_expiry", "country", "created_at"),
    *("updated_at", "archived_at", "version"),
)


def view_in(connection: Connection, guest_id: int, actor: Actor) -> GuestView:
    """One guest, whole; an archived one too; for a merged one the guest who took it over.

    Raises:
        NotFound: there is none.
    """
    guest_id = survivor_in(connection, guest_id)
    row = connection.execute(select(table_of(Guest)).where(_G.id == guest_id)).first()
    if row is None:
        raise NotFound(_("There is no guest {number}.").format(number=guest_id))
    mails = select(_E.address, _E.label).where(_E.guest_id == guest_id).order_by(_E.position, _E.id)
    phones = select(_P.number, _P.label).where(_P.guest_id == guest_id).order_by(_P.position, _P.id)
    written = connection.execute(mails).all()
    place = (row.street, row.postcode, row.city, row.region, row.country)
    return GuestView(
        emails=tuple(display_text(one.address) for one in written),
        email_labels=tuple(display_text(one.label) for one in written),
        attributes=attributes_in(connection, guest_id),
        contacts=people_of(connection, guest_id) if row.kind == GuestKind.COMPANY else (),
        companies=companies_of(connection, guest_id) if row.kind == GuestKind.PERSON else (),
        address=countries.address_lines(*place) if any(place) else (),
        phones=tuple(
            PhoneView(one.number, international(one.number), display_text(one.label))
            for one in connection.execute(phones)
        ),
        remarks=display_text(row.remarks, multiline=True),
        consents=consents_in(connection, guest_id),
        inquiries=tuple(_inquiries(connection, guest_id, actor)),
        **_values(row),
    )


def _values(row: Row[Any]) -> dict[str, Any]:
    texts = {name: display_text(getattr(row, name)) for name in _LINES}
    return {name: getattr(row, name) for name in _PLAIN} | texts


def attributes_in(connection: Connection, guest_id: int) -> tuple[AttributeName, ...]:
    """What a guest is tagged with, by name."""
    query = (
        select(_B.id, _B.name)
        .join(GuestAttribute, _T.attribute_id == _B.id)
        .where(_T.guest_id == guest_id, _B.removed_at.is_(None))
        .order_by(_B.folded, _B.id)
    )
    return tuple(AttributeName(row.id, display_text(row.name)) for row in connection.execute(query))


def _inquiries(connection: Connection, guest_id: int, actor: Actor) -> list[int]:
    query = (
        select(_I.id)
        .join(InquiryGuest, _H.inquiry_id == _I.id)
        .where(_H.guest_id == guest_id, _I.removed_at.is_(None), scope.visible(_I.scope))
        .order_by(_I.id.desc())
    )
    return list(connection.execute(query, {scope.BIND: actor.scopes}).scalars())


def rows_of(connection: Connection, guest_ids: Sequence[int]) -> list[GuestRow]:
    """The rows of a list, in the order of the numbers."""
    found: dict[int, Any] = {}
    mails: dict[int, str] = {}
    phones: dict[int, str] = {}
    for chunk in chunks(guest_ids):
        query = select(_G.id, _G.surname, _G.given, _G.kind, _G.language).where(_G.id.in_(chunk))
        found |= {row.id: row for row in connection.execute(query)}
        mails |= firsts(connection, _E, _E.address, chunk)
        phones |= firsts(connection, _P, _P.number, chunk)
    return [
        GuestRow(
            row.id,
            display_text(f"{row.given} {row.surname}".strip()),
            row.kind,
            display_text(mails.get(row.id, "")),
            international(phones.get(row.id, "")),
            row.language,
        )
        for row in (found[one] for one in guest_ids if one in found)
    ]
