"""The addresses, numbers and contact persons of a guest: kept in tables of their own, told in the journal as lists (SPEC §6).

In the journal an address or a number without a label is the text itself, one with a label ``{"address": …, "label": …}`` or
``{"number": …, "label": …}``; a contact person is ``{"person": id, "role": …}``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from crm_tui.base.errors import Conflict
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import CompanyContact, Guest, GuestEmail, GuestPhone
from crm_tui.desk.client_base.guest_views import ContactView
from crm_tui.desk.client_base.phones import international
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.requests.inquiry_rows import firsts
from crm_tui.desk.undoing.undo_registry import Row, special
from crm_tui.mail.text import display_text
from crm_tui.rules.mail_addresses import address_key

_G = columns(Guest)
_E = columns(GuestEmail)
_P = columns(GuestPhone)
_C = columns(CompanyContact)

KINDS = ("emails", "phones", "contacts")
_NAMES = {"emails": "address", "phones": "number"}

Entry = str | dict[str, Any]
Typed = tuple[str, str | None]
"""An address or number as it was given; the label None: as it was, if it was there."""


def of(connection: Connection, guest_id: int) -> dict[str, list[Any]]:
    """All three lists of a guest, as the journal tells them."""
    mails = select(_E.address, _E.label).where(_E.guest_id == guest_id).order_by(_E.position, _E.id)
    phones = select(_P.number, _P.label).where(_P.guest_id == guest_id).order_by(_P.position, _P.id)
    people = select(_C.person_id, _C.role).where(_C.company_id == guest_id).order_by(_C.position, _C.person_id)
    return {
        "emails": [_entry("emails", *row) for row in connection.execute(mails)],
        "phones": [_entry("phones", *row) for row in connection.execute(phones)],
        "contacts": [{"person": row.person_id, "role": row.role} for row in connection.execute(people)],
    }


def entries(kind: str, given: Sequence[Typed], before: Sequence[Entry] = ()) -> list[Entry]:
    """What was given as the journal tells it; a label that was not said stays as it was."""
    labels = dict(_pair(kind, one) for one in before)
    return [_entry(kind, text, labels.get(text, "") if label is None else label) for text, label in given]


def _entry(kind: str, text: str, label: str) -> Entry:
    return {_NAMES[kind]: text, "label": label} if label else text


def _pair(kind: str, entry: Entry) -> tuple[str, str]:
    return (entry, "") if isinstance(entry, str) else (str(entry[_NAMES[kind]]), str(entry.get("label", "")))


def store(tx: Transaction, guest_id: int, lists: Mapping[str, Sequence[Any]]) -> None:
    """Let a guest have these and no others, of each list that is given."""
    if "emails" in lists:
        tx.connection.execute(delete(GuestEmail).where(_E.guest_id == guest_id))
        for position, entry in enumerate(lists["emails"]):
            address, label = _pair("emails", entry)
            row = {"guest_id": guest_id, "position": position, "address": address, "label": label}
            tx.connection.execute(insert(GuestEmail).values(**row, folded=address_key(address)))
    if "phones" in lists:
        tx.connection.execute(delete(GuestPhone).where(_P.guest_id == guest_id))
        for position, entry in enumerate(lists["phones"]):
            number, label = _pair("phones", entry)
            row = {"guest_id": guest_id, "position": position, "number": number, "label": label}
            tx.connection.execute(insert(GuestPhone).values(**row))
    if "contacts" in lists:
        tx.connection.execute(delete(CompanyContact).where(_C.company_id == guest_id))
        for position, entry in enumerate(lists["contacts"]):
            row = {"company_id": guest_id, "person_id": entry["person"], "position": position, "role": entry["role"]}
            tx.connection.execute(insert(CompanyContact).values(**row))


def people_of(connection: Connection, company_id: int) -> tuple[ContactView, ...]:
    """The persons at a company, in order."""
    query = (
        select(_C.person_id, _C.role, _G.given, _G.surname)
        .join(Guest, _G.id == _C.person_id)
        .where(_C.company_id == company_id, _G.merged_into.is_(None))
        .order_by(_C.position, _C.person_id)
    )
    return _views(connection, connection.execute(query).all())


def companies_of(connection: Connection, person_id: int) -> tuple[ContactView, ...]:
    """The companies that a person is a contact of, by name."""
    query = (
        select(_C.company_id, _C.role, _G.given, _G.surname)
        .join(Guest, _G.id == _C.company_id)
        .where(_C.person_id == person_id, _G.merged_into.is_(None))
        .order_by(_G.folded, _C.company_id)
    )
    return _views(connection, connection.execute(query).all())


def _views(connection: Connection, rows: Sequence[Any]) -> tuple[ContactView, ...]:
    if not rows:
        return ()
    ids = [row[0] for row in rows]
    mails, phones = firsts(connection, _E, _E.address, ids), firsts(connection, _P, _P.number, ids)
    return tuple(
        ContactView(
            row[0],
            display_text(f"{row.given} {row.surname}".strip()),
            display_text(row.role),
            display_text(mails.get(row[0], "")),
            international(phones.get(row[0], "")),
        )
        for row in rows
    )


def not_so_any_more(tx: Transaction, guest_id: int) -> Conflict:
    """Somebody changed the guest since the command that was to be taken back."""
    row = tx.connection.execute(select(_G.given, _G.surname).where(_G.id == guest_id)).one()
    name = display_text(f"{row.given} {row.surname}".strip())
    return Conflict(_("“{name}” was changed since.").format(name=name))


def _undo(tx: Transaction, step: Row) -> None:
    """The lists as they were.

    Raises:
        Conflict: they are not as the command left them.
    """
    now = of(tx.connection, step.entity_id)
    if any(now[name] != value for name, value in (step.after or {}).items()):
        raise not_so_any_more(tx, step.entity_id)
    store(tx, step.entity_id, step.before or {})
    tx.connection.execute(update(Guest).where(_G.id == step.entity_id).values(version=_G.version + 1))


special("guest", "contacts", _undo)
