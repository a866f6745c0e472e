"""Searching mail, inquiries and guests together: thousands of inquiries beside the corpus (SPEC §14, QUALITY §1)."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from sqlalchemy import insert, update

from bench.words import NAMES, SENTENCES
from crm_tui.data.bulk import allocate, insert_rows
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, Guest, GuestEmail, GuestPhone, Inquiry, InquiryGuest, Memo
from crm_tui.desk.common.context import Context
from crm_tui.desk.finding import search
from crm_tui.desk.requests import recall
from crm_tui.mail.text import fold_text
from crm_tui.rules.vocabulary import Channel, InquiryStatus

MIXED = (
    "reserva",
    "lefevre",
    "guest:lefevre",
    "channel:phone",
    "status:open nowak",
    "code:1042",
    "jan -in:Spam",
    "guest:begona is:unanswered",
)
WIDE = (
    "guest:bench",
    "guest:bench.example",
    "guest:jan",
    "-guest:bench reserva",
    "-guest:jan reserva",
    "guest:lucia status:open",
    "guest:bench from:zoe",
    "channel:direct",
    "channel:direct is:unanswered",
    "status:new",
    "status:open reserva",
)
"""What very many have: the first is in the address of every guest."""

TYPED = ("lef", "guest:beg", "channel:ph", "wis", "jan szcz")


def add(ctx: Context, count: int) -> None:
    """Put ``count`` inquiries into the store, each with a guest of its own; most have a memo, every other one a mail."""
    source = random.Random(7)
    people = [(name.rsplit(" ", 1), code) for code, names in NAMES.items() for name in names]
    with ctx.write() as tx:
        guests, inquiries = allocate(tx.connection, "guest", count), allocate(tx.connection, "inquiry", count)
        today = tx.now.date()
        for guest, inquiry in zip(guests, inquiries, strict=True):
            (given, surname), language = source.choice(people)
            surname = f"{surname} {guest}"
            times = {"created_at": tx.now - timedelta(hours=count - (guest - guests.start)), "updated_at": tx.now}
            folded = fold_text(f"{surname} {given}")
            row = {"id": guest, "surname": surname, "given": given, "folded": folded, "language": language, **times}
            insert_rows(tx.connection, Guest, [row])
            mail = f"guest{guest}@bench.example"
            insert_rows(tx.connection, GuestEmail, [{"guest_id": guest, "address": mail, "folded": mail}])
            insert_rows(tx.connection, GuestPhone, [{"guest_id": guest, "number": f"+346{guest:08}"}])
            arrival = today + timedelta(days=source.randrange(-200, 200))
            tx.connection.execute(
                insert(Inquiry).values(
                    id=inquiry,
                    status=source.choice(list(InquiryStatus)),
                    channel=source.choice(list(Channel)),
                    arrival=arrival,
                    departure=arrival + timedelta(days=source.randrange(1, 15)),
                    children=[],
                    proposed={},
                    preferences=source.choice(SENTENCES[language]),
                    **times,
                )
            )
            tx.connection.execute(insert(InquiryGuest).values(inquiry_id=inquiry, guest_id=guest, holder=True))
            if source.random() < 0.7:
                text = source.choice(SENTENCES[language])
                tx.connection.execute(insert(Memo).values(inquiry_id=inquiry, text=text, created_at=tx.now))
        names = columns(Conversation)
        theirs = (names.id % 2 == 0, names.id.between(inquiries.start, inquiries.stop - 1))
        tx.connection.execute(update(Conversation).where(*theirs).values(inquiry_id=names.id))


def measure(ctx: Context, milliseconds: Callable[[Callable[[], object], int], tuple[float, float]]) -> None:
    """Print what mixed searches and the recall take."""
    worst = 0.0
    for query in WIDE:
        median, p95 = milliseconds(partial(search.search, ctx, query), 20)
        worst = max(worst, p95)
        print(f"wide   {query:28} {median:7.3f} ms  p95 {p95:.3f}")
    print(f"what very many have, worst p95 {worst:.3f} ms   goal ≤ 30 ms")
    worst = 0.0
    for query in MIXED:
        median, p95 = milliseconds(partial(search.search, ctx, query), 20)
        kinds = sorted({hit.kind for hit in search.search(ctx, query)})
        print(f"mixed  {query:28} {median:7.3f} ms  p95 {p95:.3f}   {', '.join(kinds)}")
    for query in TYPED:
        median, p95 = milliseconds(partial(search.search, ctx, query, limit=200, live=True), 20)
        worst = max(worst, p95)
        print(f"typed  {query:28} {median:7.3f} ms  p95 {p95:.3f}")
    print(f"mixed, as typed, worst p95 {worst:.3f} ms   goal ≤ 30 ms")
    today = ctx.clock.now().date()
    median, p95 = milliseconds(partial(recall.demand, ctx, today, today + timedelta(days=30)), 10)
    print(f"demand of a month             {median:7.3f} ms  p95 {p95:.3f}")
    median, p95 = milliseconds(partial(recall.waitlisted, ctx, today, today + timedelta(days=2)), 10)
    print(f"recall of three nights        {median:7.3f} ms  p95 {p95:.3f}")
