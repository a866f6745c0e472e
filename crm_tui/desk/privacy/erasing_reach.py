"""What in the store is about a person: the mail, the inquiries and all that hangs on them (SPEC §6, erasure and export)."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, or_, select

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import (
    Draft,
    Event,
    Feedback,
    Flight,
    Folio,
    GuestMerge,
    GuestPhone,
    HandoverLine,
    Inquiry,
    InquiryGuest,
    InternalMessage,
    MailingItem,
    Memo,
    Message,
    MessageText,
    NoticeStop,
    OutboxItem,
    Payment,
    PaymentNotice,
    Posting,
    QualityCost,
    Reminder,
    Reservation,
    ReservationGuest,
    ScheduleLine,
    Ticket,
)
from crm_tui.desk.correspondence.mailbox import own_addresses
from crm_tui.desk.privacy.erasing_person import Person
from crm_tui.desk.privacy.erasing_reach_mail import find_conversations, find_messages, ids_of
from crm_tui.rules.mentions import Mentions
from crm_tui.rules.quotes import Quotes
from crm_tui.rules.vocabulary import HandoverKind, OutboxState

_M = columns(Message)
_X = columns(MessageText)
_O = columns(OutboxItem)
_D = columns(Draft)


@dataclass(slots=True)
class Reach:
    """Numbers of what is about a person, by kind.

    Attributes:
        conversations: the person's own, those merged away included: nothing of their mail stays.
        shared: with other guests: there only the person's own mail goes, and what names the person.
        messages: mails of which nothing stays.
        mentions: mails of others that name the person: that alone is blacked out.
        quoting: mails of others in shared conversations: what they quote goes.
        inquiries, reservations: those of which the person is the only guest.
        near: rows by table that are about others too: there the person's names, either alone too, are blacked out.
        quotes: what the person wrote, to be found where others quote it.
        called_back: messages that have not gone out and name the person, but are for others too.
        left: conversations with an address that another guest has too, and that nobody said are the person's.
    """

    person: Person
    conversations: set[int] = field(default_factory=set)
    shared: set[int] = field(default_factory=set)
    messages: set[int] = field(default_factory=set)
    mentions: set[int] = field(default_factory=set)
    quoting: set[int] = field(default_factory=set)
    inquiries: set[int] = field(default_factory=set)
    reservations: set[int] = field(default_factory=set)
    memos: set[int] = field(default_factory=set)
    events: set[int] = field(default_factory=set)
    feedback: set[int] = field(default_factory=set)
    given: set[int] = field(default_factory=set)
    handovers: set[int] = field(default_factory=set)
    reminders: set[int] = field(default_factory=set)
    internal: set[int] = field(default_factory=set)
    payments: set[int] = field(default_factory=set)
    folios: set[int] = field(default_factory=set)
    postings: set[int] = field(default_factory=set)
    drafts: set[int] = field(default_factory=set)
    outbox: set[int] = field(default_factory=set)
    tickets: set[int] = field(default_factory=set)
    mailings: set[int] = field(default_factory=set)
    notices: set[int] = field(default_factory=set)
    stops: set[int] = field(default_factory=set)
    merges: set[int] = field(default_factory=set)
    called_back: set[int] = field(default_factory=set)
    near: dict[Any, set[int]] = field(default_factory=dict)
    quotes: Quotes = field(default_factory=Quotes)
    left: int = 0

    def mentions_in(self, conversation: int) -> Mentions:
        """What is looked for in the mail of a conversation."""
        return self.person.here if conversation in self.shared else self.person.elsewhere

    def near_by(self, model: Any, ids: Iterable[int]) -> None:
        """These rows are about others too."""
        self.near.setdefault(model, set()).update(ids)


def reach_of(connection: Connection, person: Person) -> Reach:
    """Everything that is about a person, whatever scope it has."""
    found = Reach(person)
    guests = person.guests
    found.inquiries, joined = _taken_part(connection, InquiryGuest, "inquiry_id", guests)
    found.reservations, booked = _taken_part(connection, ReservationGuest, "reservation_id", guests)
    found.near_by(Inquiry, joined)
    found.near_by(Reservation, booked)
    find_conversations(connection, found)
    find_messages(connection, found)
    _notes(connection, found, joined, booked)
    _outgoing(connection, found)
    found.payments = ids_of(connection, Payment, reservation_id=found.reservations)
    found.near_by(Payment, ids_of(connection, Payment, reservation_id=booked))
    _bills(connection, found, booked)
    found.near_by(ScheduleLine, ids_of(connection, ScheduleLine, reservation_id=booked))
    found.mailings = ids_of(connection, MailingItem, guest_id=guests)
    _reminded(connection, found)
    merges = columns(GuestMerge)
    query = select(merges.id).where(or_(merges.survivor_id.in_(guests), merges.absorbed_id.in_(guests)))
    found.merges = set(connection.execute(query).scalars())
    _handovers(connection, found)
    return found


def _handovers(connection: Connection, found: Reach) -> None:
    """Lines of shift handovers by what they are about; what is about others too is only searched."""
    flights = ids_of(connection, Flight, reservation_id=found.reservations)
    flights_near = ids_of(connection, Flight, reservation_id=found.near.get(Reservation, set()))
    tickets_near = ids_of(connection, Ticket, conversation_id=found.shared)
    own = {
        HandoverKind.WAITLIST: (found.conversations, found.shared),
        HandoverKind.PENDING: (found.tickets, tickets_near),
        HandoverKind.DEPARTURE: (flights, flights_near),
        HandoverKind.PAYMENT: (found.reservations, found.near.get(Reservation, set())),
        HandoverKind.COMPLAINT: (found.feedback, found.near.get(Feedback, set())),
        HandoverKind.HELD: (found.outbox, found.near.get(OutboxItem, set())),
        HandoverKind.REMINDER: (found.reminders, found.near.get(Reminder, set())),
    }
    names = columns(HandoverLine)
    near: set[int] = set()
    for kind, sides in own.items():
        for ids, into in zip(sides, (found.handovers, near), strict=True):
            for chunk in chunks(sorted(ids)):
                query = select(names.id).where(names.kind == kind, names.thing.in_(chunk))
                into.update(connection.execute(query).scalars())
    found.near_by(HandoverLine, near - found.handovers)


def _reminded(connection: Connection, found: Reach) -> None:
    """Reminders of payments that went to the person, and the addresses of theirs that want none."""
    person = found.person
    numbers = columns(GuestPhone)
    query = select(numbers.number).where(numbers.guest_id.in_(person.guests))
    own = {*person.addresses, *connection.execute(query).scalars()}
    found.notices = ids_of(connection, PaymentNotice, guest_id=person.guests, address=own)
    found.stops = ids_of(connection, NoticeStop, guest_id=person.guests, address=own)


def _taken_part(connection: Connection, model: Any, owner: str, guests: Collection[int]) -> tuple[set[int], set[int]]:
    """Inquiries or reservations of which one of the guests is the only one, and those with others."""
    names = columns(model)
    key = names[owner]
    part = set(connection.execute(select(key).where(names.guest_id.in_(guests))).scalars())
    joined: set[int] = set()
    for chunk in chunks(sorted(part)):
        joined.update(connection.execute(select(key).where(key.in_(chunk), names.guest_id.not_in(guests))).scalars())
    return part - joined, joined


def _notes(connection: Connection, found: Reach, joined: Collection[int], booked: Collection[int]) -> None:
    """What agents wrote: the person's own goes, unless it is beside another guest; what is about several is only searched."""
    guests = found.person.guests
    around = {
        "inquiry_id": found.inquiries,
        "conversation_id": found.conversations,
        "reservation_id": found.reservations,
    }
    several = {"inquiry_id": joined, "conversation_id": found.shared, "reservation_id": booked}
    for model, ids in ((Memo, found.memos), (Reminder, found.reminders), (InternalMessage, found.internal)):
        ids |= ids_of(connection, model, guest_id=guests)
        beside = ids_of(connection, model, **around)
        others = {row for row, guest in _guests_of(connection, model, beside) if guest not in (None, *guests)}
        ids |= beside - others
        found.near_by(model, (others | ids_of(connection, model, **several)) - ids)
    found.events = ids_of(connection, Event, guest_id=guests)
    near = ids_of(connection, Event, **several) | ids_of(connection, Event, **around)
    found.near_by(Event, near - found.events)
    found.feedback = ids_of(connection, Feedback, guest_id=guests)
    beside = ids_of(connection, Feedback, conversation_id=found.conversations, reservation_id=found.reservations)
    others = {row for row, guest in _guests_of(connection, Feedback, beside) if guest not in (None, *guests)}
    found.feedback |= beside - others
    near = ids_of(connection, Feedback, conversation_id=found.shared, reservation_id=set(booked)) | others
    found.near_by(Feedback, near - found.feedback)
    found.given = ids_of(connection, QualityCost, guest_id=guests)
    beside = ids_of(connection, QualityCost, reservation_id=found.reservations)
    others = {row for row, guest in _guests_of(connection, QualityCost, beside) if guest not in (None, *guests)}
    found.given |= beside - others
    near = ids_of(connection, QualityCost, reservation_id=set(booked)) | others
    found.near_by(QualityCost, near - found.given)


def _guests_of(connection: Connection, model: Any, ids: Collection[int]) -> Iterable[tuple[int, int | None]]:
    names = columns(model)
    for chunk in chunks(sorted(ids)):
        for row in connection.execute(select(names.id, names.guest_id).where(names.id.in_(chunk))):
            yield row.id, row.guest_id


def _outgoing(connection: Connection, found: Reach) -> None:
    person, own = found.person, own_addresses(connection)
    found.tickets = ids_of(connection, Ticket, conversation_id=found.conversations)
    found.outbox = ids_of(connection, OutboxItem, conversation_id=found.conversations, message_row_id=found.messages)
    found.drafts = ids_of(connection, Draft, conversation_id=found.conversations, recall_of=found.inquiries)
    named = _named_items(connection, found)
    query = select(_O.id, _O.recipients, _O.draft_id, _O.state, _O.message_row_id, _O.subject)
    for row in connection.execute(query):
        to = {str(one).lower() for one in row.recipients or ()} - own
        if row.id in found.outbox or (to and to <= person.addresses):
            found.outbox.add(row.id)
            if row.draft_id is not None:
                found.drafts.add(row.draft_id)
        elif to & person.addresses or row.message_row_id in named or person.elsewhere.spans(row.subject):
            found.near_by(OutboxItem, {row.id})
            found.near_by(Draft, {row.draft_id} - {None})
            if row.state in UNSENT:
                found.called_back.add(row.id)
    _drafts(connection, found, own)


UNSENT = (OutboxState.QUEUED, OutboxState.HELD, OutboxState.FAILED, OutboxState.UNCERTAIN)


def _named_items(connection: Connection, found: Reach) -> set[int]:
    """Messages of the outbox, for others, that name the person."""
    named: set[int] = set()
    for chunk in chunks(sorted(found.mentions)):
        query = select(_M.id, _M.conversation_id, _M.subject, _X.text, _X.details)
        query = query.outerjoin(MessageText, _X.message_id == _M.id).where(_M.id.in_(chunk), _M.outbox_id.is_not(None))
        for row in connection.execute(query):
            mentions = found.mentions_in(row.conversation_id)
            texts = (row.subject, row.text or "", json.dumps(row.details or {}, ensure_ascii=False))
            quotes = found.quotes.without(row.text or "") != (row.text or "")
            if quotes or row.id in found.quoting or any(mentions.spans(one) for one in texts):
                named.add(row.id)
    return named


def _drafts(connection: Connection, found: Reach, own: Collection[str]) -> None:
    """Drafts to the person alone and forwards of the person's mail go; those to others too lose the person."""
    person = found.person
    names = (_D.id, _D.to, _D.cc, _D.bcc, _D.kind, _D.source_message_id, _D.conversation_id)
    for row in connection.execute(select(*names)):
        line = f"{row.to},{row.cc},{row.bcc}".lower()
        to = set(re.findall(r"[^\s<>,;\"]+@[^\s<>,;\"]+", line)) - set(own)
        answers = row.source_message_id in found.messages
        if (to and to <= person.addresses) or (answers and (row.kind == "forward" or not to)):
            found.drafts.add(row.id)
        elif answers or to & person.addresses or row.conversation_id in found.shared:
            found.near_by(Draft, {row.id})
    found.near_by(Draft, ())
    found.near[Draft] -= found.drafts


def inquiries_with(connection: Connection, guests: Collection[int]) -> set[int]:
    """All inquiries in which one of the guests takes part."""
    names = columns(InquiryGuest)
    query = select(names.inquiry_id).join(Inquiry, columns(Inquiry).id == names.inquiry_id)
    return set(connection.execute(query.where(names.guest_id.in_(guests))).scalars())


def _bills(connection: Connection, found: Reach, booked: Collection[int]) -> None:
    """Folios and postings of the person's own reservations; in those with others, or that the person only pays, the names."""
    names = columns(Folio)
    found.folios = ids_of(connection, Folio, reservation_id=found.reservations)
    found.postings = ids_of(connection, Posting, reservation_id=found.reservations)
    paid = connection.execute(select(names.reservation_id).where(names.payer_id.in_(found.person.guests))).scalars()
    near = (set(paid) | set(booked)) - found.reservations
    found.near_by(Folio, ids_of(connection, Folio, reservation_id=near))
    found.near_by(Posting, ids_of(connection, Posting, reservation_id=near))


def reservations_with(connection: Connection, guests: Collection[int]) -> set[int]:
    """All reservations in which one of the guests takes part, or that one pays, or a folio of."""
    names, own = columns(ReservationGuest), columns(Reservation)
    found = set(connection.execute(select(names.reservation_id).where(names.guest_id.in_(guests))).scalars())
    found |= set(connection.execute(select(own.id).where(own.company_id.in_(guests))).scalars())
    bills = columns(Folio)
    return found | set(connection.execute(select(bills.reservation_id).where(bills.payer_id.in_(guests))).scalars())
