"""The rows of a batch of new reservations and of its new guests, as the store's driver takes them: written in few statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm_tui.data.bulk import insert_rows
from crm_tui.data.tables import (
    Flight,
    Guest,
    GuestEmail,
    GuestPhone,
    Payment,
    Reservation,
    ReservationGuest,
    ScheduleLine,
)
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.desk.stays.reservation_batch_guests import Person
from crm_tui.mail.text import fold_text
from crm_tui.rules.mail_addresses import address_key
from crm_tui.rules.reservation_records import FlightRecord, ReservationRecord
from crm_tui.rules.vocabulary import GuestKind

_TOLD = ("surname", "given", "reference", "birth_date", "passport_expiry")
"""The fields of a new guest that the journal keeps."""


@dataclass(slots=True)
class Made:
    """A reservation that will be written."""

    row: dict[str, Any]
    people: list[tuple[Person, bool]]
    record: ReservationRecord
    line: int
    number: int = 0


def write_guests(tx: Transaction, people: Sequence[Person]) -> None:
    """Write new guests, each with the number that it has."""
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
    phones = [{"guest_id": one.number, "position": 0, "number": one.phone, "label": ""} for one in people if one.phone]
    insert_rows(tx.connection, GuestPhone, phones)
    for one in people:
        told = {name: plain(value) for name in _TOLD if (value := getattr(one, name))}
        lists = {"emails": [one.email] if one.email else [], "phones": [one.phone] if one.phone else []}
        tx.journal("guest", one.number, "create", None, told | lists)


def write_reservations(tx: Transaction, waiting: Sequence[Made]) -> None:
    """Write new reservations with all that came with them."""
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


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _driver(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the store's driver takes it."""
    found = {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
    return found | {"folded_destination": fold_text(row["destination"])}


def _lines(made: Made) -> Iterator[dict[str, Any]]:
    for position, one in enumerate(made.record.schedule or ()):
        yield {
            "reservation_id": made.number,
            "position": position,
            "kind": one.kind,
            "due": one.due.isoformat(),
            "amount": one.amount,
        }


def _payments(made: Made, tx: Transaction) -> Iterator[dict[str, Any]]:
    for values in _paid(made.record):
        row = {**values, "day": values["day"].isoformat(), "reservation_id": made.number, "imported": 1}
        yield row | {"created_by": tx.actor.id, "created_at": tx.now}


def _paid(record: ReservationRecord) -> list[dict[str, Any]]:
    """The payments of a record; of two with one reference the last counts."""
    from crm_tui.desk.stays.reservation_parts import values_of

    found = [values_of(one) for one in record.payments or ()]
    named = {one["reference"]: one for one in found if one["reference"]}
    return [*named.values(), *(one for one in found if not one["reference"])]


def _flights(made: Made) -> Iterator[dict[str, Any]]:
    for position, one in enumerate(made.record.flights or ()):
        values = {name: getattr(one, name) for name in FlightRecord.__slots__}
        yield {"reservation_id": made.number, "position": position, **values}


def _told(made: Made) -> dict[str, Any]:
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
