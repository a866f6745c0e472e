"""Whom a file of reservations means: guests and companies that are known, else new ones (SPEC §7, §15).

A guest is known by reference; else by mail address and name, by telephone and name, or by name and birth date, all exact but
for case and accents. Two birth dates or references that differ are two persons. What the file knows and the client base does
not is filled in; nothing that is there is overwritten but an earlier expiry of the passport.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, insert, select, update

from crm_tui.base.errors import CrmError, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Guest, GuestEmail, GuestPhone, Property
from crm_tui.desk.client_base import guests
from crm_tui.desk.client_base.guest_words import alive, folded_name
from crm_tui.desk.client_base.phones import e164, region_of
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.merges.guest_merging import survivor_in
from crm_tui.desk.requests.inquiry_faults import InvalidFields
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.mail_addresses import address_key, spellings
from crm_tui.rules.reservation_records import GuestRecord
from crm_tui.rules.vocabulary import GuestKind

_G = columns(Guest)
_E = columns(GuestEmail)
_P = columns(GuestPhone)


def named_alone(one: GuestRecord) -> bool:
    """Whether a record tells no more than a name: whoever tells more goes first, and it means one of those who are left."""
    return not (one.reference or one.email or one.phone or (one.birth_date and one.given))


def claims(connection: Connection, one: GuestRecord, present: Collection[int]) -> bool:
    """Whether a record names one of these guests by more than the name."""
    if not present or named_alone(one):
        return False
    try:
        phone = _phone(connection, one.phone, "")
    except InvalidFields:
        return False
    return bool(one.reference) or any(row.id in present for row in _alike(connection, one, phone))


def guest_of(
    tx: Transaction, one: GuestRecord, where: str, present: Collection[int] = (), claimed: Collection[int] = ()
) -> int:
    """The number of the guest whom a record means; made if there is none.

    Args:
        where: names the record in errors, like ``guests[1]``.
        present: guests of the reservation already: of them the name alone tells who is meant.
        claimed: those of them whom another record of the row means; only more than a name tells that this one does, too.

    Raises:
        InvalidFields: a field is not usable, or the reference is a company's or nobody's.
    """
    phone = _phone(tx.connection, one.phone, where)
    row = _by_reference(tx.connection, one.reference, GuestKind.PERSON, f"{where}.reference")
    if row is not None:
        _fill_in(tx, row, one, phone, but="reference")
        return int(row.id)
    if not one.surname:
        raise InvalidFields(
            {f"{where}.reference": _("There is no guest with the reference {given}.").format(given=one.reference)}
        )
    row = next(_likeliest(tx.connection, one, phone, present, claimed), None)
    if row is None:
        return _newcomer(tx, one, phone, where)
    _fill_in(tx, row, one, phone)
    return int(row.id)


def company_of(tx: Transaction, one: dict[str, str]) -> int | None:
    """The number of the company that a record means, by reference, tax number or name; None if the record is empty.

    Raises:
        InvalidFields: the reference is a person's, or nobody's and there is no name.
    """
    if not any(one.values()):
        return None
    row = _by_reference(tx.connection, one["reference"], GuestKind.COMPANY, "company.reference")
    query = select(table_of(Guest)).where(_G.kind == GuestKind.COMPANY.value, *alive()).order_by(_G.id).limit(1)
    if one["reference"]:
        query = query.where(_G.reference.in_(("", one["reference"])))
    if row is None and one["tax_number"]:
        row = tx.connection.execute(query.where(_G.tax_number == one["tax_number"])).first()
    if row is None and one["name"]:
        named = query.where(_G.folded == folded_name(one["name"], ""))
        row = tx.connection.execute(named.where(_G.tax_number.in_(("", one["tax_number"])))).first()
    if row is None:
        if not one["name"]:
            raise InvalidFields(
                {
                    "company.reference": _("There is no company with the reference {given}.").format(
                        given=one["reference"]
                    )
                }
            )
        values = {"kind": GuestKind.COMPANY.value, "surname": one["name"]}
        return _create(tx, values | {k: one[k] for k in ("reference", "tax_number")}, "company", {"surname": "name"})
    missing = {name: one[name] for name in ("reference", "tax_number") if one[name] and not getattr(row, name)}
    _change(tx, row, missing)
    return int(row.id)


def _by_reference(connection: Connection, reference: str, kind: GuestKind, where: str) -> Any:
    if not reference:
        return None
    number = connection.execute(select(_G.id).where(_G.reference == reference, _G.reference != "")).scalar()
    if number is None:
        return None
    row = connection.execute(select(table_of(Guest)).where(_G.id == survivor_in(connection, number))).one()
    if row.kind != kind:
        text = _("{name} is a company; a guest is a person.") if kind == GuestKind.PERSON else _("{name} is a person.")
        raise InvalidFields({where: text.format(name=display_text(row.surname))})
    return row


def _alike(connection: Connection, one: GuestRecord, phone: str) -> Iterator[Any]:
    """Persons who may be meant, the likeliest first."""
    persons = select(table_of(Guest)).where(_G.kind == GuestKind.PERSON.value, *alive()).order_by(_G.id)
    if one.email:
        mails = select(_E.guest_id).where(_E.folded.in_(sorted(spellings(one.email))))
        yield from _same(connection.execute(persons.where(_G.id.in_(mails))), one, loose=True)
    if phone:
        phones = select(_P.guest_id).where(_P.number == phone)
        yield from _same(connection.execute(persons.where(_G.id.in_(phones))), one, loose=True)
    if one.birth_date and one.given:
        yield from _same(connection.execute(persons.where(_G.birth_date == one.birth_date)), one, loose=False)


def _likeliest(
    connection: Connection, one: GuestRecord, phone: str, present: Collection[int], claimed: Collection[int]
) -> Iterator[Any]:
    """Whoever may be meant, those of the same reservation first: so the same row finds the same guests again."""
    alike = list(_alike(connection, one, phone))
    there = connection.execute(select(table_of(Guest)).where(_G.id.in_(present)).order_by(_G.id)).all()
    yield from (row for row in alike if row.id in present or row.id in claimed)
    yield from _same(there, one, loose=False)
    yield from alike
    yield from _same(there, one, loose=True)


def _same(rows: Iterable[Any], one: GuestRecord, *, loose: bool) -> Iterator[Any]:
    """Those of the same name who do not differ in what makes two persons; ``loose``: given names may be unknown."""
    name, surname = folded_name(one.surname, one.given), folded_name(one.surname, "")
    for row in rows:
        differ = row.birth_date and one.birth_date and row.birth_date != one.birth_date
        apart = row.reference and one.reference and row.reference != one.reference
        unknown = loose and (not one.given or not row.given) and fold_text(row.surname) == surname
        if not differ and not apart and (row.folded == name or unknown):
            yield row


def _fill_in(tx: Transaction, row: Any, one: GuestRecord, phone: str, *, but: str = "") -> None:
    missing: dict[str, Any] = {
        name: getattr(one, name)
        for name in ("reference", "given", "birth_date")
        if name != but and getattr(one, name) and not getattr(row, name)
    }
    if one.passport_expiry and (row.passport_expiry is None or row.passport_expiry < one.passport_expiry):
        missing["passport_expiry"] = one.passport_expiry
    if row.erased_at is not None:
        return
    _change(tx, row, missing)
    mails = select(_E.id).where(_E.guest_id == row.id)
    if one.email and "@" in one.email and tx.connection.execute(mails).first() is None:
        values = {"guest_id": row.id, "address": one.email, "folded": address_key(one.email)}
        _contact(tx, row, GuestEmail, values, {"emails": [one.email]})
    if phone and tx.connection.execute(select(_P.id).where(_P.guest_id == row.id)).first() is None:
        _contact(tx, row, GuestPhone, {"guest_id": row.id, "number": phone}, {"phones": [phone]})


def _contact(tx: Transaction, row: Any, model: Any, values: dict[str, Any], told: dict[str, Any]) -> None:
    tx.connection.execute(insert(model).values(**values))
    tx.connection.execute(update(Guest).where(_G.id == row.id).values(version=_G.version + 1, updated_at=tx.now))
    tx.journal("guest", row.id, "contacts", {name: [] for name in told}, told)


def _change(tx: Transaction, row: Any, values: dict[str, Any]) -> None:
    if not values:
        return
    stored = dict(values)
    if "given" in values:
        stored["folded"] = folded_name(row.surname, values["given"])
    tx.connection.execute(
        update(Guest).where(_G.id == row.id).values(**stored, version=_G.version + 1, updated_at=tx.now)
    )
    was = {name: plain(getattr(row, name)) for name in values}
    tx.journal("guest", row.id, "change", was, {name: plain(value) for name, value in values.items()})


def _newcomer(tx: Transaction, one: GuestRecord, phone: str, where: str) -> int:
    values: dict[str, Any] = {"surname": one.surname, "given": one.given, "reference": one.reference}
    values |= {"birth_date": one.birth_date, "passport_expiry": one.passport_expiry}
    if one.email:
        values["emails"] = [one.email]
    if phone:
        values["phones"] = [phone]
    return _create(tx, values, where, {"emails": "email", "phones": "phone"})


def _create(tx: Transaction, values: dict[str, Any], where: str, names: dict[str, str]) -> int:
    try:
        return guests.create_in(tx, {name: value for name, value in values.items() if value})
    except InvalidFields as error:
        raise InvalidFields({f"{where}.{names.get(name, name)}": text for name, text in error.errors.items()}) from None


def _phone(connection: Connection, text: str, where: str) -> str:
    if not text:
        return ""
    zone = connection.execute(select(columns(Property).timezone).limit(1)).scalar() or ""
    try:
        return e164(text, region_of(zone))
    except InvalidInput as error:
        raise InvalidFields({f"{where}.phone": _sentence(error)}) from None


def _sentence(error: CrmError) -> str:
    return error.message
