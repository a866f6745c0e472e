"""What is told before an erasure: counts, merged profiles, what is still open (SPEC §6)."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from crm_tui.base.i18n import ngettext
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    Attachment,
    Consent,
    Guest,
    GuestAttribute,
    GuestPhone,
    Inquiry,
    OutboxItem,
    PackageGuest,
    Reservation,
)
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.privacy.erasing_person import Person
from crm_tui.desk.privacy.erasing_reach import UNSENT, Reach
from crm_tui.mail.text import display_text
from crm_tui.rules.mail_addresses import address_key

_G = columns(Guest)


_REACHED = (
    *("conversations", "shared", "messages", "inquiries", "reservations", "payments", "folios", "postings", "events"),
    *("memos", "feedback", "given", "handovers", "reminders", "internal", "drafts", "mailings", "notices"),
)
"""What the reach of an erasure holds and people are told of."""


def expected(connection: Connection, found: Reach) -> dict[str, int]:
    """What would go, by kind, as far as it can be told without doing it."""
    counts = {kind: len(getattr(found, kind)) for kind in _REACHED}
    counts["guests"] = len(found.person.guests)
    counts["addresses"] = len({address_key(one) for one in found.person.addresses | found.person.shared})
    for kind, model in (
        ("phones", GuestPhone),
        ("attributes", GuestAttribute),
        ("packages", PackageGuest),
        ("consents", Consent),
    ):
        query = select(func.count()).select_from(table_of(model))
        query = query.where(columns(model).guest_id.in_(found.person.guests))
        counts[kind] = int(connection.execute(query).scalar_one())
    names = columns(Attachment)
    counts["attachments"] = sum(
        connection.execute(select(func.count()).where(names.message_id.in_(chunk))).scalar_one()
        for chunk in chunks(sorted(found.messages))
    )
    items = columns(OutboxItem)
    counts["unsent"] = sum(
        connection.execute(select(func.count()).where(items.id.in_(chunk), items.state.in_(UNSENT))).scalar_one()
        for chunk in chunks(sorted(found.outbox))
    )
    return {kind: number for kind, number in counts.items() if number}


def also_called(connection: Connection, person: Person) -> tuple[str, ...]:
    """Names of those merged into the guest, safe to show."""
    others = [number for number in person.guests if number != person.id]
    rows = connection.execute(select(_G.given, _G.surname).where(_G.id.in_(others)).order_by(_G.id))
    return tuple(display_text(f"{row.given} {row.surname}".strip()) for row in rows)


def warnings_of(connection: Connection, ctx: Context, found: Reach) -> tuple[str, ...]:
    """What a person should know before: something is still open."""
    today = ctx.clock.now().astimezone(zone(connection)).date()
    inquiries, bookings = columns(Inquiry), columns(Reservation)
    open_ = [
        number
        for chunk in chunks(sorted(found.inquiries))
        for number in connection.execute(
            select(inquiries.id).where(
                inquiries.id.in_(chunk), inquiries.closed_at.is_(None), inquiries.removed_at.is_(None)
            )
        ).scalars()
    ]
    ahead = [
        number
        for chunk in chunks(sorted(found.reservations))
        for number in connection.execute(
            select(bookings.id).where(
                bookings.id.in_(chunk),
                bookings.removed_at.is_(None),
                bookings.departure >= today,
                bookings.status.in_(("option", "confirmed")),
            )
        ).scalars()
    ]
    said = []
    if open_:
        said.append(
            ngettext("{n} inquiry is still open.", "{n} inquiries are still open.", len(open_)).format(n=len(open_))
        )
    if ahead:
        said.append(
            ngettext("{n} reservation is still to come.", "{n} reservations are still to come.", len(ahead)).format(
                n=len(ahead)
            )
        )
    return tuple(said)
