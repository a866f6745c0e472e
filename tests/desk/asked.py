"""Guests and inquiries straight into the store, for tests of what reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, update

from crm_tui.data.columns import columns, new_id
from crm_tui.data.tables import Consent, Conversation, Guest, GuestEmail, GuestPhone, Inquiry, InquiryGuest, Memo
from crm_tui.desk.common.context import Context
from crm_tui.mail.text import fold_text


def add_guest(
    ctx: Context, surname: str, given: str = "", *, mails: Sequence[str] = (), phones: Sequence[str] = (), **values: Any
) -> int:
    """A guest with addresses and numbers; returns the id."""
    with ctx.write() as tx:
        row = {"kind": "person", "surname": surname, "given": given, "folded": fold_text(f"{surname} {given}")}
        times = {"created_at": tx.now, "updated_at": tx.now}
        number = new_id(tx.connection.execute(insert(Guest).values(**(row | times | values))))
        for position, mail in enumerate(mails):
            tx.connection.execute(
                insert(GuestEmail).values(guest_id=number, position=position, address=mail, folded=mail.lower())
            )
        for position, phone in enumerate(phones):
            tx.connection.execute(insert(GuestPhone).values(guest_id=number, position=position, number=phone))
    return number


def add_inquiry(
    ctx: Context,
    *guests: int,
    conversations: Sequence[int] = (),
    created_at: datetime | None = None,
    **values: Any,
) -> int:
    """An inquiry, its first guest the holder; returns the id."""
    with ctx.write() as tx:
        times = {"created_at": created_at or tx.now, "updated_at": tx.now}
        number = new_id(
            tx.connection.execute(insert(Inquiry).values(**({"children": [], "proposed": {}} | times | values)))
        )
        for place, guest in enumerate(guests):
            tx.connection.execute(insert(InquiryGuest).values(inquiry_id=number, guest_id=guest, holder=place == 0))
        names = columns(Conversation)
        tx.connection.execute(
            update(Conversation)
            .where(names.id.in_(conversations))
            .values(inquiry_id=number, scope=values.get("scope", ""))
        )
    return number


def add_memo(ctx: Context, text: str, **on: int) -> None:
    """A memo on an inquiry, conversation or guest."""
    with ctx.write() as tx:
        tx.connection.execute(
            insert(Memo).values(text=text, created_at=tx.now, **{f"{kind}_id": number for kind, number in on.items()})
        )


def consent(
    ctx: Context, guest: int, *, given: bool = True, channel: str = "mail", day: date = date(2026, 1, 2)
) -> None:
    """A guest says whether to be written to."""
    with ctx.write() as tx:
        tx.connection.execute(
            insert(Consent).values(guest_id=guest, channel=channel, given=given, day=day, source="form", at=tx.now)
        )
