"""New reservations of a file, many at once: read, matched and checked in memory, written in few statements.

Only what is beyond doubt goes this way: a new reservation whose guests are known or new and right, whose operator and payer are
known. Whatever else a row says (a change, something that is wrong, something to fill in) is left to the way that takes one row
after the other (:mod:`crm_tui.desk.stays.reservation_import`), which says what is wrong in words; the store holds the same afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, select, true

from crm_tui.base.errors import InvalidInput
from crm_tui.data.bulk import allocate, chunks, insert_rows
from crm_tui.data.columns import columns
from crm_tui.data.record_search import paused, reservations_paused
from crm_tui.data.tables import (
    Flight,
    Guest,
    GuestEmail,
    GuestPhone,
    Operator,
    Payment,
    Reservation,
    ReservationGuest,
    ScheduleLine,
)
from crm_tui.desk.client_base.guest_fields import address, home_region, plain_value
from crm_tui.desk.client_base.guest_words import folded_name
from crm_tui.desk.client_base.phones import e164
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.correspondence.mailbox import own_keys
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.desk.stays import reservations
from crm_tui.desk.stays.reservation_matching import named_alone
from crm_tui.mail.text import fold_text
from crm_tui.rules.days import DayFault
from crm_tui.rules.mail_addresses import address_key, spellings
from crm_tui.rules.money import Money
from crm_tui.rules.reservation_records import FlightRecord, GuestRecord, ReservationRecord
from crm_tui.rules.vocabulary import Channel, GuestKind, ReservationStatus

_G = columns(Guest)
_E = columns(GuestEmail)
_P = columns(GuestPhone)
_O = columns(Operator)
_R = columns(Reservation)

_NEW_GUEST: dict[str, Any] = {
    **dict.fromkeys(("given", "reference"), ""),
    **dict.fromkeys(("birth_date", "passport_expiry"), None),
}
_NEW_RESERVATION: dict[str, Any] = {
    **dict.fromkeys(("reference", "product", "destination", "room", "currency"), ""),
    **dict.fromkeys(("booked", "arrival", "departure", "adults", "children", "value"), None),
    "status": ReservationStatus.CONFIRMED.value,
    "channel": Channel.DIRECT.value,
}


@dataclass(slots=True)
class _Person:
    """A guest as matching looks at one; ``number`` 0: new, not numbered yet."""

    number: int
    kind: str
    folded: str
    folded_surname: str
    surname: str
    given: str
    reference: str
    birth_date: date | None
    passport_expiry: date | None
    alive: bool = True
    erased: bool = False
    email: str = ""
    phone: str = ""


@dataclass(slots=True)
class _People:
    """The guests whom the rows of a batch may mean."""

    by_reference: dict[str, _Person] = field(default_factory=dict)
    by_email: dict[str, list[_Person]] = field(default_factory=dict)
    by_phone: dict[str, list[_Person]] = field(default_factory=dict)
    by_birth: dict[date, list[_Person]] = field(default_factory=dict)

    def add(self, one: _Person, emails: Iterable[str], phones: Iterable[str]) -> None:
        """Let a guest be found from now on."""
        if one.reference:
            self.by_reference[one.reference] = one
        if one.kind != GuestKind.PERSON or not one.alive:
            return
        for mail in emails:
            self.by_email.setdefault(mail, []).append(one)
        for phone in phones:
            self.by_phone.setdefault(phone, []).append(one)
        if one.birth_date is not None:
            self.by_birth.setdefault(one.birth_date, []).append(one)


@dataclass(slots=True)
class _Made:
    """A reservation that will be written."""

    row: dict[str, Any]
    people: list[tuple[_Person, bool]]
    record: ReservationRecord
    line: int
    number: int = 0


class Unclear(Exception):
    """This row is not for a batch."""


class Batch:
    """New reservations that wait to be written together.

    Args:
        records: those that may come, with the telephone numbers as they stand in the file.
    """

    def __init__(self, tx: Transaction, records: Sequence[ReservationRecord]) -> None:
        self._tx = tx
        self._today = tx.now.astimezone(zone(tx.connection)).date()
        self._region = home_region(tx.connection)
        self._own = own_keys(tx.connection)
        self._operators = dict[str, int]()
        self.companies: dict[tuple[str, ...], int] = {}
        self.made: dict[int, int] = {}
        """The numbers of the reservations that were written, by the rows they came from."""
        self._waiting: list[_Made] = []
        self._newcomers: list[tuple[_Person, GuestRecord]] = []
        self._codes = _codes(tx.connection, records)
        self._phones: dict[str, str] = {}
        self._people = _People()
        self._load(records)

    def learn(self, record: ReservationRecord, reservation: int) -> None:
        """A row went the other way: its operator and its payer are known from now on."""
        if record.company is not None and any(record.company.values()):
            query = select(_R.company_id).where(_R.id == reservation)
            if number := self._tx.connection.execute(query).scalar():
                self.companies[tuple(record.company.values())] = int(number)
        self._load_operators()

    def take(self, record: ReservationRecord, digest: str, line: int) -> None:
        """Let a new reservation wait; ``line`` is its row.

        Raises:
            Unclear: it is to go the other way; nothing of it waits.
        """
        values = dict(record.values)
        operator = values.pop("operator", "")
        row = {**_NEW_RESERVATION, **values, "imported": digest}
        if isinstance(row["value"], Money):
            row["value"] = row["value"].amount
        row["operator_id"] = self._operator(operator)
        row["company_id"] = self._company(record)
        code = row.get("code") or row["reference"]
        if not code or code in self._codes:
            raise Unclear
        row["code"] = code
        people, new = self._guests(record)
        for person, one in new:
            self._people.add(
                person, [address_key(person.email)] if person.email else (), [person.phone] if person.phone else ()
            )
            self._newcomers.append((person, one))
        self._codes.add(code)
        self._waiting.append(_Made(row, people, record, line))

    def _operator(self, name: str) -> int | None:
        folded = " ".join(fold_text(name).split())
        if not folded:
            return None
        if folded not in self._operators:
            raise Unclear
        return self._operators[folded]

    def _company(self, record: ReservationRecord) -> int | None:
        if record.company is None or not any(record.company.values()):
            return None
        number = self.companies.get(tuple(record.company.values()))
        if number is None:
            raise Unclear
        return number

    # Guests

    def _guests(
        self, record: ReservationRecord
    ) -> tuple[list[tuple[_Person, bool]], list[tuple[_Person, GuestRecord]]]:
        named = record.guests or []
        new: list[tuple[_Person, GuestRecord]] = []
        of: dict[int, _Person] = {}
        for place, one in sorted(enumerate(named), key=lambda item: named_alone(item[1])):
            phone = self._phone(one.phone)
            person = self._match(one, phone, [known for known, _one in new])
            if person is None:
                person = self._newcomer(one, phone)
                new.append((person, one))
            elif person.number and self._lacks(person, one, phone):
                raise Unclear
            elif not person.number:
                self._same_or_unclear(person, one, phone)
            of[place] = person
        found = [of[place] for place in range(len(named))]
        leads = next(
            (person for person, one in zip(found, named, strict=True) if one.holder), found[0] if found else None
        )
        distinct = {id(person): person for person in found}
        return [(person, person is leads) for person in distinct.values()], new

    def _phone(self, text: str) -> str:
        if not text:
            return ""
        if text not in self._phones:
            try:
                self._phones[text] = e164(text, self._region)
            except InvalidInput:
                raise Unclear from None
        return self._phones[text]

    def _match(self, one: GuestRecord, phone: str, beside: Sequence[_Person]) -> _Person | None:
        """Whom a record means, as :mod:`crm_tui.desk.stays.reservation_matching` finds it; None: nobody yet."""
        if one.reference and (person := self._people.by_reference.get(one.reference)) is not None:
            if person.kind != GuestKind.PERSON or not person.alive:
                raise Unclear  # a company, merged away, or put away
            return person
        if not one.surname:
            raise Unclear
        name, surname = folded_name(one.surname, one.given), folded_name(one.surname, "")
        people = self._people
        for persons, loose in (
            (people.by_email.get(address_key(one.email), ()) if one.email else (), True),
            (people.by_phone.get(phone, ()) if phone else (), True),
            (people.by_birth.get(one.birth_date, ()) if one.birth_date and one.given else (), False),
        ):
            for person in persons:
                if _same(person, one, name, surname, loose=loose):
                    return person
        if any(_same(person, one, name, surname, loose=True) for person in beside):
            raise Unclear
        return None

    @staticmethod
    def _lacks(person: _Person, one: GuestRecord, phone: str) -> bool:
        """Whether the file knows something of a guest that the client base does not."""
        if person.erased:
            return False
        unknown = any(getattr(one, name) and not getattr(person, name) for name in ("reference", "given", "birth_date"))
        later = one.passport_expiry and (person.passport_expiry is None or person.passport_expiry < one.passport_expiry)
        return bool(unknown or later or (one.email and not person.email) or (phone and not person.phone))

    def _same_or_unclear(self, person: _Person, one: GuestRecord, phone: str) -> None:
        if self._lacks(person, one, phone):
            raise Unclear

    def _newcomer(self, one: GuestRecord, phone: str) -> _Person:
        try:
            texts = {
                name: plain_value(name, getattr(one, name), self._today) for name in ("surname", "given", "reference")
            }
            days: dict[str, Any] = {
                name: plain_value(name, value, self._today) if (value := getattr(one, name)) else None
                for name in ("birth_date", "passport_expiry")
            }
            mail = address(one.email) if one.email else ""
        except (DayFault, InvalidInput):
            raise Unclear from None
        if not texts["surname"] or (mail and address_key(mail) in self._own) or _several(one.email):
            raise Unclear
        folded = folded_name(texts["surname"], texts["given"])
        person = _Person(0, GuestKind.PERSON.value, folded, fold_text(texts["surname"]), **texts, **days)
        person.email, person.phone = mail, phone
        return person

    def _load_operators(self) -> None:
        query = select(_O.folded, _O.id).where(_O.removed_at.is_(None))
        self._operators = {row.folded: int(row.id) for row in self._tx.connection.execute(query)}

    def _load(self, records: Sequence[ReservationRecord]) -> None:
        """The guests who may be meant, with what is known of them."""
        self._load_operators()
        named = [one for record in records for one in record.guests or ()]
        for one in named:
            if one.phone:
                try:
                    self._phone(one.phone)
                except Unclear:
                    continue
        connection = self._tx.connection
        found: set[int] = set()
        # What an index leaves out is said here too, or it is not used.
        wanted: tuple[tuple[Any, Any, Any, set[Any]], ...] = (
            (_G.id, _G.reference, _G.reference != "", {one.reference for one in named if one.reference}),
            (_E.guest_id, _E.folded, true(), {key for one in named if one.email for key in spellings(one.email)}),
            (_P.guest_id, _P.number, true(), set(self._phones.values())),
            (
                _G.id,
                _G.birth_date,
                _G.birth_date.is_not(None),
                {one.birth_date for one in named if one.birth_date and one.given},
            ),
        )
        for number, column, indexed, values in wanted:
            for chunk in chunks(sorted(values)):
                found |= set(connection.execute(select(number).where(column.in_(chunk), indexed)).scalars())
        for person, emails, phones in _persons(connection, sorted(found)):
            self._people.add(person, emails, phones)

    # Writing

    def flush(self) -> None:
        """Write what waits."""
        waiting, newcomers = self._waiting, self._newcomers
        if not waiting:
            return
        self._waiting, self._newcomers = [], []
        connection = self._tx.connection
        for number, (person, _one) in zip(allocate(connection, "guest", len(newcomers)), newcomers, strict=True):
            person.number = number
        numbers = list(allocate(connection, "reservation", len(waiting)))
        for number, made in zip(numbers, waiting, strict=True):
            made.number = self.made[made.line] = number
        with (
            paused(connection, [person.number for person, _one in newcomers]),
            reservations_paused(connection, numbers),
        ):
            self._write_guests([person for person, _one in newcomers])
            self._write(waiting)
        for made in waiting:
            if made.record.schedule is None:
                reservations.schedule_in(self._tx, made.number)

    def _write_guests(self, people: Sequence[_Person]) -> None:
        tx = self._tx
        marks = {"created_at": tx.now, "updated_at": tx.now, "kind": GuestKind.PERSON.value}
        rows = [
            {
                "id": one.number,
                "surname": one.surname,
                "given": one.given,
                "folded": one.folded,
                "reference": one.reference,
                "birth_date": _iso(one.birth_date),
                "passport_expiry": _iso(one.passport_expiry),
                **marks,
            }
            for one in people
        ]
        insert_rows(tx.connection, Guest, rows)
        mails = [
            {"guest_id": one.number, "position": 0, "address": one.email, "folded": address_key(one.email), "label": ""}
            for one in people
            if one.email
        ]
        insert_rows(tx.connection, GuestEmail, mails)
        phones = [
            {"guest_id": one.number, "position": 0, "number": one.phone, "label": ""} for one in people if one.phone
        ]
        insert_rows(tx.connection, GuestPhone, phones)
        for one in people:
            told = {name: plain(value) for name in ("surname", *_NEW_GUEST) if (value := getattr(one, name))}
            lists = {"emails": [one.email] if one.email else [], "phones": [one.phone] if one.phone else []}
            tx.journal("guest", one.number, "create", None, told | lists)

    def _write(self, waiting: Sequence[_Made]) -> None:
        tx = self._tx
        marks = {"created_by": tx.actor.id, "created_at": tx.now, "updated_at": tx.now}
        rows = [{"id": made.number, **_driver(made.row), **marks} for made in waiting]
        insert_rows(tx.connection, Reservation, rows)
        people = [
            {"reservation_id": made.number, "guest_id": person.number, "holder": int(leads)}
            for made in waiting
            for person, leads in sorted(made.people, key=lambda item: item[0].number)
        ]
        insert_rows(tx.connection, ReservationGuest, people)
        insert_rows(tx.connection, ScheduleLine, [row for made in waiting for row in _lines(made)])
        insert_rows(tx.connection, Payment, [row for made in waiting for row in _payments(made, tx)])
        insert_rows(tx.connection, Flight, [row for made in waiting for row in _flights(made)])
        for made in waiting:
            tx.journal("reservation", made.number, "create", None, _told(made))


def _codes(connection: Connection, records: Sequence[ReservationRecord]) -> set[str]:
    """Those of the codes that the rows could get which are taken."""
    wanted = {str(one.values.get("code") or one.values.get("reference") or "") for one in records} - {""}
    found: set[str] = set()
    for chunk in chunks(sorted(wanted)):
        query = select(_R.code).where(_R.code.in_(chunk), _R.removed_at.is_(None))
        found |= set(connection.execute(query).scalars())
    return found


def _persons(connection: Connection, numbers: Sequence[int]) -> Iterator[tuple[_Person, list[str], list[str]]]:
    """Guests by number, in order, with their addresses and numbers."""
    for chunk in chunks(numbers):
        mails: dict[int, list[str]] = {}
        phones: dict[int, list[str]] = {}
        query = select(_E.guest_id, _E.folded).where(_E.guest_id.in_(chunk)).order_by(_E.guest_id, _E.position, _E.id)
        for number, text in connection.execute(query):
            mails.setdefault(number, []).append(text)
        query = select(_P.guest_id, _P.number).where(_P.guest_id.in_(chunk)).order_by(_P.guest_id, _P.position, _P.id)
        for number, text in connection.execute(query):
            phones.setdefault(number, []).append(text)
        names = (_G.id, _G.kind, _G.folded, _G.surname, _G.given, _G.reference, _G.birth_date, _G.passport_expiry)
        rows = select(*names, _G.merged_into, _G.archived_at, _G.erased_at).where(_G.id.in_(chunk)).order_by(_G.id)
        for row in connection.execute(rows):
            person = _Person(
                row.id,
                row.kind,
                row.folded,
                fold_text(row.surname),
                row.surname,
                row.given,
                row.reference,
                row.birth_date,
                row.passport_expiry,
                alive=row.merged_into is None and row.archived_at is None,
                erased=row.erased_at is not None,
                email=next(iter(mails.get(row.id, ())), ""),
                phone=next(iter(phones.get(row.id, ())), ""),
            )
            yield person, mails.get(row.id, []), phones.get(row.id, [])


def _same(person: _Person, one: GuestRecord, name: str, surname: str, *, loose: bool) -> bool:
    differ = person.birth_date and one.birth_date and person.birth_date != one.birth_date
    apart = person.reference and one.reference and person.reference != one.reference
    unknown = loose and (not one.given or not person.given) and person.folded_surname == surname
    return not differ and not apart and (person.folded == name or unknown)


def _several(text: str) -> bool:
    """Whether more than one address could be meant."""
    return "," in text or ";" in text or "<" in text


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _driver(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the store's driver takes it."""
    found = {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
    return found | {"folded_destination": fold_text(row["destination"])}


def _lines(made: _Made) -> Iterator[dict[str, Any]]:
    for position, one in enumerate(made.record.schedule or ()):
        yield {
            "reservation_id": made.number,
            "position": position,
            "kind": one.kind,
            "due": one.due.isoformat(),
            "amount": one.amount,
        }


def _payments(made: _Made, tx: Transaction) -> Iterator[dict[str, Any]]:
    for values in _paid(made.record):
        row = {**values, "day": values["day"].isoformat(), "reservation_id": made.number, "imported": 1}
        yield row | {"created_by": tx.actor.id, "created_at": tx.now}


def _paid(record: ReservationRecord) -> list[dict[str, Any]]:
    """The payments of a record; of two with one reference the last counts."""
    from crm_tui.desk.stays.reservation_parts import values_of

    found = [values_of(one) for one in record.payments or ()]
    named = {one["reference"]: one for one in found if one["reference"]}
    return [*named.values(), *(one for one in found if not one["reference"])]


def _flights(made: _Made) -> Iterator[dict[str, Any]]:
    for position, one in enumerate(made.record.flights or ()):
        values = {name: getattr(one, name) for name in FlightRecord.__slots__}
        yield {"reservation_id": made.number, "position": position, **values}


def _told(made: _Made) -> dict[str, Any]:
    """What the journal keeps of a new one: its fields, and all that came with it."""
    names = ("code", "imported", *made.record.values)
    told = {name: plain(made.row[name]) for name in names if name in made.row and made.row[name] not in (None, "")}
    told |= {"operator_id": made.row["operator_id"]} if made.row["operator_id"] else {}
    told |= {"company_id": made.row["company_id"]} if made.row["company_id"] else {}
    if made.people:
        told["guests"] = [[person.number, int(leads)] for person, leads in made.people]
    record = made.record
    if record.schedule:
        told["schedule"] = [[one.kind, one.due.isoformat(), one.amount] for one in record.schedule]
    if record.payments:
        told["payments"] = [[one.day.isoformat(), one.amount] for one in record.payments]
    if record.flights:
        told["flights"] = [[getattr(one, name) for name in FlightRecord.__slots__] for one in record.flights]
    return told
