"""A guest of whom the store holds something of every kind, beside another guest of whom nothing may be lost."""

from __future__ import annotations

import re
import sqlite3
import zlib
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from crm_tui import desk
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.forgetting import INDEXES
from crm_tui.data.tables import (
    Attribute,
    Event,
    Flight,
    Folio,
    GuestAttribute,
    Mailing,
    MailingItem,
    Package,
    PackageGuest,
    Payment,
    Posting,
    Reservation,
    ReservationGuest,
)
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import outbox, replies
from crm_tui.desk.shifts import memos, reminders
from crm_tui.mail.smtp import Sent
from tests.desk.colleagues import colleague
from tests.desk.house import ADDRESS, NOW, come_in, mail
from tests.desk.sending import pass_undo, transmit

SECRETS = ("Brzęczykowska", "brzeczykowska", "zaneta.brz", "601222333", "601 222 333", "AB7654321", "Krokusowa")
"""Words that only this guest's data holds, in one of the ways they are written."""


@dataclass(frozen=True)
class Known:
    """Numbers of what there is."""

    guest: int
    other: int
    conversation: int
    message: int
    reply: int
    others_conversation: int
    inquiry: int
    reservation: int
    draft: int


def person_mail(number: int, text: str, **headers: str) -> bytes:
    return mail(
        sender="Żaneta Brzęczykowska <Zaneta.Brz@poczta.example>",
        subject=f"Pokój dla Brzęczykowska {number}",
        text=text,
        message_id=f"zb{number}.zaneta.brz@poczta.example",
        date=NOW - timedelta(hours=5 - number),
        **headers,
    )


def furnish(ctx: Context, account: int) -> Known:
    """Everything that a desk may know of a guest, through the desk's own commands where there are any."""
    colleague(ctx, "Eva")
    guest = desk.guests.create(
        ctx,
        {
            "surname": "Brzęczykowska",
            "given": "Żaneta",
            "email": "zaneta.brz@poczta.example",
            "phone": "+48 601 222 333",
            "street": "Krokusowa 7",
            "passport": "AB7654321",
            "birth_date": "1.2.1980",
            "remarks": "Brzęczykowska likes quiet",
        },
    )
    other = desk.guests.create(
        ctx, {"surname": "Guest", "given": "Marta", "email": "marta@example.org", "remarks": "Marta's own remarks"}
    )
    first = come_in(ctx, person_mail(1, "Call me: 601 222 333. Brzęczykowska"), account=account).message_ids[0]
    reply = answer(ctx, first)
    come_in(ctx, person_mail(2, "Thanks! Żaneta B.", In_Reply_To="<zb1.zaneta.brz@poczta.example>"), account=account)
    others = come_in(ctx, mail(text="A room for me. Marta"), account=account).message_ids[0]
    mention = come_in(
        ctx,
        mail(
            sender="Marta Guest <marta@example.org>",
            message_id="m2@example.org",
            In_Reply_To="<m1@example.org>",
            text="My friend zaneta.brz@poczta.example (+48 601-222-333, Zaneta Brzeczykowska) told me of you.",
        ),
        account=account,
    ).message_ids[0]
    assert desk.reading.message(ctx, mention).conversation == desk.reading.message(ctx, others).conversation
    conversation = desk.reading.message(ctx, first).conversation
    inquiry = desk.inquiries.from_conversation(ctx, conversation)
    view = desk.inquiries.get(ctx, inquiry)
    desk.inquiries.set(ctx, inquiry, view.version, {"preferences": "Brzęczykowska wants a cot", "adults": "2"})
    memos.add(ctx, "Brzęczykowska called", inquiry=inquiry)
    memos.add(ctx, "Knows Żaneta Brzęczykowska well", guest=other)
    reminders.add(ctx, "Call Brzęczykowska 601222333", date(2026, 7, 3), inquiry=inquiry)
    desk.internal.send(ctx, "Eva", "Brzęczykowska is angry", conversation=conversation)
    desk.guests.set_consent(ctx, guest, "mail", given=True, source="mail of Brzęczykowska")
    desk.guests.set(
        ctx, guest, desk.guests.get(ctx, guest).version, {"city": "Łódź", "email": "zaneta.brz@poczta.example"}
    )
    draft = replies.start(ctx, "reply", first)
    desk.drafts.save(ctx, draft.id, draft.version, text="Dear Brzęczykowska")
    desk.drafts.attach(ctx, draft.id, "Brzęczykowska.txt", b"Brz\xc4\x99czykowska")
    desk.saved_views.create(ctx, "Żaneta Brzęczykowska", "from:zaneta.brz@poczta.example")
    reservation = _records(ctx, guest, inquiry)
    said = desk.feedback.add(ctx, "negative", reservation=reservation, comment="Brzęczykowska heard the lift")
    desk.feedback.resolve(ctx, said, resolution="Called 601 222 333")
    desk.feedback.add(ctx, "negative", guest=guest, comment="Brzęczykowska found no towels")
    desk.feedback.add(ctx, "negative", guest=other, comment="Żaneta Brzęczykowska sings next door")
    wine = desk.quality_items.add(ctx, "Wine", "18.50")
    desk.quality_costs.add(
        ctx, [(wine, 2)], reservation=reservation, occasion="Brzęczykowska's birthday", comment="Żaneta liked it"
    )
    desk.quality_costs.add(ctx, [(wine,)], guest=other, comment="Sang with Żaneta Brzęczykowska")
    page = desk.handover.make(ctx, "Call Żaneta Brzęczykowska")
    line = desk.handover.get(ctx, page).lines[-1]
    desk.handover.acknowledge(ctx, [line.id], "told zaneta.brz@poczta.example")
    return Known(
        guest,
        other,
        conversation,
        first,
        reply,
        desk.reading.message(ctx, others).conversation,
        inquiry,
        reservation,
        draft.id,
    )


def answer(ctx: Context, message: int) -> int:
    """A reply that was sent; its message."""
    draft = replies.start(ctx, "reply", message)
    version = desk.drafts.save(ctx, draft.id, draft.version, text="Dear Żaneta Brzęczykowska, we have.")
    item = outbox.queue(ctx, draft.id, version)
    pass_undo(ctx)
    assert transmit(ctx, item.id, Sent("250")) == "sent"
    pass_undo(ctx)
    rows = desk.reading.conversation(ctx, desk.reading.message(ctx, message).conversation).messages
    return rows[-1].id


def _records(ctx: Context, guest: int, inquiry: int) -> int:
    with ctx.write() as tx:
        do = tx.connection.execute
        at = {"created_at": tx.now}
        booked = new_id(
            do(
                insert(Reservation).values(
                    code="R1", arrival=date(2026, 5, 1), departure=date(2026, 5, 4), value=30000, currency="EUR",
                    status="completed", remarks="Brzęczykowska brings a dog", inquiry_id=inquiry, updated_at=tx.now, **at,
                )
            )
        )  # fmt: skip
        do(insert(ReservationGuest).values(reservation_id=booked, guest_id=guest, holder=True))
        paid = {"day": date(2026, 4, 1), "amount": 30000, "method": "card", "note": "from Brzęczykowska"}
        do(insert(Payment).values(reservation_id=booked, **paid, **at))
        bill = do(select(columns(Folio).id).where(columns(Folio).reservation_id == booked)).scalar_one()
        charge = {"folio_id": bill, "day": date(2026, 5, 2), "category": "extras", "amount": 350, "currency": "EUR"}
        do(insert(Posting).values(reservation_id=booked, text="Water for Brzęczykowska", **charge, **at))
        do(
            update(Folio)
            .where(columns(Folio).id == bill)
            .values(name="Brzęczykowska", payer_id=guest, closed_at=tx.now)
        )
        do(insert(Flight).values(reservation_id=booked, number="LO 123"))
        event = {"type_id": 1, "guest_id": guest, "at": tx.now, "text": "Brzęczykowska rang from 601222333"}
        do(insert(Event).values(**event, **at))
        tag = new_id(do(insert(Attribute).values(name="Dogs", folded="dogs", **at)))
        do(insert(GuestAttribute).values(guest_id=guest, attribute_id=tag, at=tx.now))
        package = new_id(do(insert(Package).values(name="Dogs", folded="dogs", refreshed_at=tx.now, criteria={}, **at)))
        do(insert(PackageGuest).values(package_id=package, guest_id=guest, at=tx.now))
        mailing = new_id(do(insert(Mailing).values(package_id=package, texts={}, **at)))
        address = "zaneta.brz@poczta.example"
        item = {"guest_id": guest, "address": address, "folded": address, "changed_at": tx.now}
        do(insert(MailingItem).values(mailing_id=mailing, **item))
        return booked


def everything(ctx: Context, model: Any) -> list[dict[str, Any]]:
    """All rows of a table."""
    with ctx.store.connect() as connection:
        return [dict(row) for row in connection.execute(select(table_of(model))).mappings()]


def holding(folder: Path, words: tuple[str, ...] = SECRETS) -> dict[str, list[str]]:
    """The files below a folder that hold one of the words, in any case, plain or as JSON escapes them."""
    found = {}
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        content = (file.read_bytes() + _packed_in(file)).lower()
        there = [word for word in words if any(one in content for one in _written(word))]
        if there:
            found[file.name] = there
    return found


def _packed_in(file: Path) -> bytes:
    """What is packed in a store: sources of mail, and the words of every full-text index."""
    if not file.read_bytes().startswith(b"SQLite format 3"):
        return b""
    found = []
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        for (content,) in connection.execute("SELECT content FROM message_source WHERE packing = 'zlib'"):
            found.append(zlib.decompress(content) if content else b"")
        for name in INDEXES:
            connection.execute(f"CREATE VIRTUAL TABLE temp.v USING fts5vocab('main', '{name}', 'row')")
            found += [term.encode() for (term,) in connection.execute("SELECT term FROM temp.v")]
            connection.execute("DROP TABLE temp.v")
    return b"\n".join(found)


def _written(word: str) -> set[bytes]:
    escaped = word.encode("ascii", "backslashreplace").lower()
    return {word.lower().encode(), word.encode(), escaped, re.sub(rb"\\xe([0-9a-f])", rb"\\u00e\1", escaped)}


def own_rows(ctx: Context, known: Known) -> dict[str, Any]:
    """What there is of the other guest, byte for byte, but for the one mail that names the erased one."""
    from crm_tui.data.tables import Guest, GuestEmail, Message, MessageSource, MessageText

    with ctx.store.connect() as connection:
        names = columns(Message)
        query = select(names.id).where(names.conversation_id == known.others_conversation).order_by(names.id).limit(1)
        kept = connection.execute(query).scalar_one()
    return {
        "guest": [row for row in everything(ctx, Guest) if row["id"] == known.other],
        "emails": [row for row in everything(ctx, GuestEmail) if row["guest_id"] == known.other],
        "message": [row for row in everything(ctx, Message) if row["id"] == kept],
        "text": [row for row in everything(ctx, MessageText) if row["message_id"] == kept],
        "source": [row for row in everything(ctx, MessageSource) if row["message_id"] == kept],
    }


__all__ = [
    "ADDRESS",
    "SECRETS",
    "Known",
    "answer",
    "everything",
    "furnish",
    "holding",
    "own_rows",
    "person_mail",
    "update",
]
