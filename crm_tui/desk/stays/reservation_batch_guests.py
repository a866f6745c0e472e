"""The guests whom the rows of a batch of reservations mean: found among those that are known, or new and right.

They are found as :mod:`crm_tui.desk.stays.reservation_matching` finds them one by one, but in memory. Who is not beyond doubt is
:class:`Unclear`: the row goes the way that says what is wrong in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, select, true

from crm_tui.base.errors import InvalidInput
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Guest, GuestEmail, GuestPhone
from crm_tui.desk.client_base.guest_fields import address, home_region, plain_value
from crm_tui.desk.client_base.guest_words import folded_name
from crm_tui.desk.client_base.phones import e164
from crm_tui.desk.correspondence.mailbox import own_keys
from crm_tui.desk.stays.reservation_matching import named_alone
from crm_tui.mail.text import fold_text
from crm_tui.rules.days import DayFault
from crm_tui.rules.mail_addresses import address_key, spellings
from crm_tui.rules.reservation_records import GuestRecord, ReservationRecord
from crm_tui.rules.vocabulary import GuestKind

_G = columns(Guest)
_E = columns(GuestEmail)
_P = columns(GuestPhone)


class Unclear(Exception):
    """This row is not for a batch."""


@dataclass(slots=True)
class Person:
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

    by_reference: dict[str, Person] = field(default_factory=dict)
    by_email: dict[str, list[Person]] = field(default_factory=dict)
    by_phone: dict[str, list[Person]] = field(default_factory=dict)
    by_birth: dict[date, list[Person]] = field(default_factory=dict)

    def add(self, one: Person, emails: Iterable[str], phones: Iterable[str]) -> None:
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


class BatchGuests:
    """The guests who may be meant.

    Args:
        today: by the property's clock.
        records: those that may come, with the telephone numbers as they stand in the file.
    """

    def __init__(self, connection: Connection, today: date, records: Sequence[ReservationRecord]) -> None:
        self._today = today
        self._region = home_region(connection)
        self._own = own_keys(connection)
        self._phones: dict[str, str] = {}
        self._people = _People()
        self._load(connection, records)

    def let_in(self, person: Person) -> None:
        """A new guest will be written: rows that follow may mean them too."""
        self._people.add(
            person, [address_key(person.email)] if person.email else (), [person.phone] if person.phone else ()
        )

    def of(self, record: ReservationRecord) -> tuple[list[tuple[Person, bool]], list[Person]]:
        """The guests of a row, each with whether they are the holder; and those of them who are new.

        Raises:
            Unclear: who is meant, or what is new of them, is beyond this way.
        """
        named = record.guests or []
        new: list[Person] = []
        of: dict[int, Person] = {}
        for place, one in sorted(enumerate(named), key=lambda item: named_alone(item[1])):
            phone = self._phone(one.phone)
            person = self._match(one, phone, new)
            if person is None:
                person = self._newcomer(one, phone)
                new.append(person)
            elif _lacks(person, one, phone):
                raise Unclear
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

    def _match(self, one: GuestRecord, phone: str, beside: Sequence[Person]) -> Person | None:
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

    def _newcomer(self, one: GuestRecord, phone: str) -> Person:
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
        person = Person(0, GuestKind.PERSON.value, folded, fold_text(texts["surname"]), **texts, **days)
        person.email, person.phone = mail, phone
        return person

    def _load(self, connection: Connection, records: Sequence[ReservationRecord]) -> None:
        """The guests who may be meant, with what is known of them."""
        named = [one for record in records for one in record.guests or ()]
        for one in named:
            if one.phone:
                try:
                    self._phone(one.phone)
                except Unclear:
                    continue
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


def _persons(connection: Connection, numbers: Sequence[int]) -> Iterator[tuple[Person, list[str], list[str]]]:
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
            person = Person(
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


def _lacks(person: Person, one: GuestRecord, phone: str) -> bool:
    """Whether the file knows something of a guest that the client base does not."""
    if person.erased:
        return False
    unknown = any(getattr(one, name) and not getattr(person, name) for name in ("reference", "given", "birth_date"))
    later = one.passport_expiry and (person.passport_expiry is None or person.passport_expiry < one.passport_expiry)
    return bool(unknown or later or (one.email and not person.email) or (phone and not person.phone))


def _same(person: Person, one: GuestRecord, name: str, surname: str, *, loose: bool) -> bool:
    differ = person.birth_date and one.birth_date and person.birth_date != one.birth_date
    apart = person.reference and one.reference and person.reference != one.reference
    unknown = loose and (not one.given or not person.given) and person.folded_surname == surname
    return not differ and not apart and (person.folded == name or unknown)


def _several(text: str) -> bool:
    """Whether more than one address could be meant."""
    return "," in text or ";" in text or "<" in text
