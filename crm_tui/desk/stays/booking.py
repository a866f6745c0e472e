"""Booking: a reservation made in one step, from an inquiry, from a mail or by hand, and changed in one (SPEC §7).

From an inquiry or a mail all that is known of it is offered. Saving closes the inquiry as booked, which moves its conversations to
Booked, and makes the schedule from the terms: one command, taken back as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, Reservation
from crm_tui.desk.client_base import guests
from crm_tui.desk.client_base.guest_mail import linked_to
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.scope import require_conversations
from crm_tui.desk.conversations import triage
from crm_tui.desk.requests import holders, inquiries, inquiry_origin
from crm_tui.desk.requests.holders import RESERVATIONS
from crm_tui.desk.requests.inquiry_faults import InvalidFields
from crm_tui.desk.requests.inquiry_links import link_in
from crm_tui.desk.requests.inquiry_rows import conversations_of
from crm_tui.desk.requests.inquiry_views import InquiryView
from crm_tui.desk.stays import reservations
from crm_tui.desk.stays.reservation_rows import row_in as reservation_in
from crm_tui.desk.stays.reservation_rows import view_in
from crm_tui.desk.stays.reservation_views import ReservationView
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import Channel, Folder, InquiryStatus

_R = columns(Reservation)
_C = columns(Conversation)


@dataclass(frozen=True, slots=True)
class BookedGuest:
    """Somebody on a reservation that is being made: a guest of the client base, or the values of a new one (``id`` None)."""

    id: int | None
    name: str
    holder: bool = False
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Offered:
    """What is known of a booking before anybody typed a word.

    Attributes:
        values: fields of a reservation by name, as :func:`crm_tui.rules.reservation_checks.check` takes them.
        inquiry, conversation: where it comes from.
        title: that in words.
        already: codes of the reservations that were made from the inquiry before.
    """

    values: Mapping[str, Any]
    guests: tuple[BookedGuest, ...] = ()
    inquiry: int | None = None
    conversation: int | None = None
    title: str = ""
    already: tuple[str, ...] = ()


def from_inquiry(ctx: Context, inquiry_id: int) -> Offered:
    """What an inquiry gives to its reservation.

    Raises:
        NotFound: there is none that the agent may see.
    """
    view = inquiries.get(ctx, inquiry_id)
    query = select(_R.code).where(_R.inquiry_id == view.id, _R.removed_at.is_(None)).order_by(_R.id)
    with ctx.store.connect() as connection:
        already = tuple(display_text(code) for code in connection.execute(query).scalars())
    return Offered(
        _values_of(view),
        tuple(BookedGuest(one.id, one.name, one.holder) for one in view.guests),
        view.id,
        title=_("from inquiry {number}").format(number=view.id),
        already=already,
    )


def from_conversation(ctx: Context, conversation_id: int) -> Offered:
    """What a conversation gives: its inquiry if it has one, else what its mail says and whom it is from.

    Raises:
        NotFound: there is none that the agent may see.
    """
    origin = inquiry_origin.look(ctx, conversation_id)
    if origin.inquiry is not None:
        return from_inquiry(ctx, origin.inquiry)
    names = ("arrival", "departure", "adults")
    values = {name: origin.values[name] for name in names if name in origin.values}
    if "children" in origin.values:
        values["children"] = len(origin.values["children"])
    with ctx.store.connect() as connection:
        known = linked_to(connection, origin.conversation)
        if not known and origin.address:
            known = guests.by_address_in(connection, origin.address)
    person = BookedGuest(None, _full(origin.person), True, origin.person)
    if known:
        found = guests.get(ctx, known[0])
        person = BookedGuest(found.id, found.name, found.kind == "person")
    said = _("from the mail of {name}").format(name=person.name)
    return Offered(values | {"channel": origin.channel}, (person,), None, origin.conversation, said)


def _full(values: Mapping[str, Any]) -> str:
    return display_text(f"{values.get('given', '')} {values.get('surname', '')}".strip())


def _values_of(view: InquiryView) -> dict[str, Any]:
    values: dict[str, Any] = {
        "channel": view.channel,
        "arrival": view.arrival,
        "departure": view.departure,
        "adults": view.adults,
        "children": len(view.children) or None,
        "room": view.room,
        "destination": view.destination,
        "value": view.price,
        "remarks": "\n".join(part for part in (view.board, view.preferences) if part),
    }
    return {name: value for name, value in values.items() if value not in (None, "")}


def book(
    ctx: Context,
    values: Mapping[str, Any],
    people: Sequence[BookedGuest] = (),
    *,
    inquiry: int | None = None,
    conversation: int | None = None,
) -> int:
    """Make a reservation and do what follows from it; returns its number.

    Args:
        values: fields as :func:`crm_tui.rules.reservation_checks.check` takes them; ``company`` as a number.
        people: who is on it; the holder is whom it marks, else the first person.
        inquiry: the one that is booked by this: it is closed so, and its conversations move to Booked.
        conversation: a mail without an inquiry that is booked by this: it gets one, which is closed at once.

    Raises:
        InvalidFields: a field is not usable; nothing was stored.
        NotFound: a guest, the inquiry or the conversation is not there.
    """
    with ctx.write() as tx:
        if inquiry is None and conversation is not None:
            require_conversations(tx.connection, ctx.actor.scopes, [conversation])
            inquiry = tx.connection.execute(select(_C.inquiry_id).where(_C.id == conversation)).scalar()
        clean = reservations.checked_in(tx, {**values, "inquiry": inquiry} if inquiry else values, None)
        state = _people(tx, people)
        if inquiry is None and conversation is not None:
            inquiry = _inquiry_of(tx, conversation, clean, state)
            clean["inquiry_id"] = inquiry
        made = reservations.create_in(tx, clean)
        holders.store(tx, RESERVATIONS, made, "add guest", {}, state)
        if inquiry is not None:
            _close(tx, ctx, inquiry)
        reservations.schedule_in(tx, made)
        return made


def change(
    ctx: Context,
    reservation_id: int,
    version: int,
    values: Mapping[str, Any],
    people: Sequence[BookedGuest] | None = None,
    before: Sequence[int] = (),
) -> ReservationView:
    """Change fields and guests of a reservation as one command.

    Args:
        version: the one the agent started from.
        people: who is on it now; None: as it is.
        before: with ``people``, the numbers of those who were on it when the agent started.

    Raises:
        InvalidFields: a field is not usable; nothing was stored.
        StaleReservation: somebody changed one of these fields, or the guests, since; nothing was stored.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        reservations.set_in(tx, reservation_in(tx.connection, reservation_id), version, values)
        if people is not None:
            there = holders.state(tx.connection, RESERVATIONS, reservation_id)
            wanted = _people(tx, people)
            if sorted(there) != sorted(before) and there != wanted:
                raise reservations.StaleReservation(
                    _("Somebody changed the guests meanwhile; nothing was overwritten."),
                    view_in(tx.connection, reservation_id, tx.actor),
                    ("guests",),
                )
            holders.store(tx, RESERVATIONS, reservation_id, "holder", there, wanted)
        return view_in(tx.connection, reservation_id, tx.actor)


def _people(tx: Transaction, people: Iterable[BookedGuest]) -> dict[int, bool]:
    """Who is on it by number, and who is the holder; the new ones are made.

    Raises:
        InvalidFields: a company is marked as the holder, or what is said of a new guest is not usable.
    """
    found: dict[int, bool] = {}
    persons: list[int] = []
    for one in people:
        if one.id is None:
            try:
                number, kind = guests.create_in(tx, one.values), "person"
            except InvalidFields as error:
                words = " ".join(error.errors.values())
                raise InvalidFields({"guests": f"{one.name}: {words}"}) from None
        else:
            row = guests.require(tx.connection, one.id)
            number, kind = int(row.id), row.kind
        if one.holder and kind != "person":
            text = _("{name} is a company; the holder is a person.").format(name=one.name)
            raise InvalidFields({"guests": text})
        found[number] = one.holder and not any(found.values())
        persons += [number] if kind == "person" else []
    if persons and not any(found.values()):
        found[persons[0]] = True
    return dict(sorted(found.items()))


def _inquiry_of(tx: Transaction, conversation: int, clean: Mapping[str, Any], people: Mapping[int, bool]) -> int:
    """The inquiry of a mail that is booked at once, so that it counts as one."""
    names = ("arrival", "departure", "adults", "room", "destination")
    said = {name: clean[name] for name in names if clean.get(name) not in (None, "")}
    values = said | {"channel": clean.get("channel", Channel.DIRECT.value), "status": InquiryStatus.BOOKED.value}
    made = inquiries.create_in(tx, values)
    holder = next((number for number, holds in people.items() if holds), None)
    if holder is not None:
        inquiries.add_guest_in(tx, made, holder, holder=True)
    link_in(tx, made, [conversation])
    return made


def _close(tx: Transaction, ctx: Context, inquiry: int) -> None:
    """The inquiry is booked and its conversations are in Booked, those of an inquiry that was booked before as well."""
    inquiries.set_in(tx, ctx, inquiry, {"status": InquiryStatus.BOOKED.value})
    elsewhere = _C.folder.not_in((Folder.SPAM.value, Folder.BOOKED.value))
    query = select(_C.id).where(_C.id.in_(conversations_of(tx.connection, inquiry)), elsewhere)
    if moved := list(tx.connection.execute(query).scalars()):
        triage.move_in(tx, moved, Folder.BOOKED)
