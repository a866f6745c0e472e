"""A client base for tests of merging: guests with everything that can hang on a guest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import SQLModel

from crm_tui import desk
from crm_tui.data import tables
from crm_tui.data.columns import new_id, table_of
from crm_tui.data.tables import (
    Attribute,
    CompanyContact,
    Consent,
    Conversation,
    ConversationGuest,
    Event,
    EventType,
    GuestApart,
    GuestAttribute,
    Inquiry,
    InquiryGuest,
    InternalMessage,
    Mailing,
    MailingItem,
    Memo,
    Package,
    PackageGuest,
    Reminder,
    Reservation,
    ReservationGuest,
    RetentionKeep,
)
from crm_tui.desk.common.context import Context, Transaction

SHARED = ("attributes", "packages", "conversations", "inquiries", "reservations", "companies")
OWNED = ("events", "memos", "internal", "reminders", "mailings", "payers", "keeps")
PLACES = 2
"""How many things of each shared kind there are."""


@dataclass
class World:
    """Numbers of what guests belong to, by kind, and of the guests."""

    things: dict[str, list[int]] = field(default_factory=dict)
    guests: list[int] = field(default_factory=list)


def world(ctx: Context) -> World:
    """Two things of each kind that guests share, without guests."""
    made = World()
    with ctx.write() as tx:
        at = {"created_at": tx.now}
        for number in range(PLACES):
            rows: dict[str, tuple[type[SQLModel], dict[str, Any]]] = {
                "attributes": (Attribute, {"name": f"A{number}", "folded": f"a{number}", **at}),
                "packages": (
                    Package,
                    {"name": f"P{number}", "folded": f"p{number}", "criteria": {}, "refreshed_at": tx.now, **at},
                ),
                "conversations": (Conversation, _conversation(tx)),
                "reservations": (Reservation, {"code": f"R{number}", "updated_at": tx.now, **at}),
                "inquiries": (Inquiry, {"children": [], "proposed": {}, "updated_at": tx.now, **at}),
                "types": (EventType, {"name": f"T{number}", **at}),
            }
            for word, (model, values) in rows.items():
                made.things.setdefault(word, []).append(new_id(tx.connection.execute(insert(model).values(**values))))
            mailing = {"package_id": made.things["packages"][number], "texts": {}, **at}
            made.things.setdefault("mailings", []).append(
                new_id(tx.connection.execute(insert(Mailing).values(**mailing)))
            )
    for number in range(PLACES):
        company = desk.guests.create(ctx, {"surname": f"Firma {number}", "kind": "company"})
        made.things.setdefault("companies", []).append(company)
    return made


def _conversation(tx: Transaction) -> dict[str, Any]:
    return {"subject": "Room", "first_at": tx.now, "last_at": tx.now, "listed_at": tx.now}


def add_guest(
    ctx: Context,
    made: World,
    values: Mapping[str, Any],
    *,
    within: Sequence[tuple[str, int]] = (),
    own: Sequence[str] = (),
    consents: Sequence[tuple[str, bool]] = (),
) -> int:
    """A guest who belongs to some things (kind and place) and has others.

    Somebody who is the first in an inquiry or a reservation becomes its holder.
    """
    number = desk.guests.create(ctx, {"surname": "Nowak", **values})
    with ctx.write() as tx:
        for word, place in within:
            _join(tx, word, made.things[word][place], number)
        for word in own:
            _give(tx, made, word, number)
        for channel, given in consents:
            row = {"guest_id": number, "channel": channel, "given": given, "day": date(2026, 1, 2), "source": "form"}
            tx.connection.execute(insert(Consent).values(**row, at=tx.now))
    made.guests.append(number)
    return number


def tell_apart(ctx: Context, one: int, other: int) -> None:
    with ctx.write() as tx:
        tx.connection.execute(insert(GuestApart).values(guest_id=min(one, other), other_id=max(one, other), at=tx.now))


def _join(tx: Transaction, word: str, thing: int, guest: int) -> None:
    if word in ("inquiries", "reservations"):
        name = "inquiry_id" if word == "inquiries" else "reservation_id"
        table = table_of(InquiryGuest if word == "inquiries" else ReservationGuest)
        taken = tx.connection.execute(select(table.c.guest_id).where(table.c[name] == thing)).first()
        tx.connection.execute(insert(table).values({name: thing, "guest_id": guest, "holder": taken is None}))
    elif word == "companies":
        tx.connection.execute(insert(CompanyContact).values(company_id=thing, person_id=guest, role="sales"))
    else:
        joins: dict[str, tuple[type[SQLModel], str]] = {
            "attributes": (GuestAttribute, "attribute_id"),
            "packages": (PackageGuest, "package_id"),
            "conversations": (ConversationGuest, "conversation_id"),
        }
        model, name = joins[word]
        tx.connection.execute(insert(model).values(**{name: thing, "guest_id": guest, "at": tx.now}))


def _give(tx: Transaction, made: World, word: str, guest: int) -> None:
    at = {"created_at": tx.now}
    rows: dict[str, tuple[type[SQLModel], dict[str, Any]]] = {
        "events": (Event, {"type_id": made.things["types"][0], "guest_id": guest, "at": tx.now, "text": "rang", **at}),
        "memos": (Memo, {"guest_id": guest, "text": "quiet room", **at}),
        "internal": (InternalMessage, {"guest_id": guest, "to_id": tx.actor.id, "text": "look", "at": tx.now}),
        "reminders": (Reminder, {"guest_id": guest, "title": "call", "due": date(2026, 8, 1), **at}),
        "mailings": (
            MailingItem,
            {
                "mailing_id": made.things["mailings"][0],
                "guest_id": guest,
                "folded": f"{guest}@x.example",
                "changed_at": tx.now,
            },
        ),
        "keeps": (RetentionKeep, {"guest_id": guest, "until": date(2030, 1, guest), "at": tx.now}),
        "payers": (Reservation, {"code": f"paid by {guest}", "company_id": guest, "updated_at": tx.now, **at}),
    }
    model, values = rows[word]
    tx.connection.execute(insert(model).values(**values))


OUTSIDE = {"journal", "undone", "guest_merge", "folder_count", "inquiry_count"}
"""Tables that tell of what was done, and counters."""


def snapshot(ctx: Context) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, but for the marks that every change leaves on a guest: version and time."""
    found = {}
    with ctx.store.connect() as connection:
        for table in tables.metadata.sorted_tables:
            if table.name in OUTSIDE:
                continue
            names = [one for one in table.c if table.name != "guest" or one.name not in ("version", "updated_at")]
            rows = connection.execute(select(*names).order_by(*table.primary_key.columns))
            found[table.name] = [tuple(str(value) for value in row) for row in rows]
    return found
