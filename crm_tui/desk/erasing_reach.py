"""What in the store is about a person: the mail, the inquiries and all that hangs on them (SPEC §6, erasure and export)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, or_, select

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import (
    Conversation,
    ConversationGuest,
    Draft,
    Event,
    Guest,
    GuestEmail,
    GuestMerge,
    Inquiry,
    InquiryGuest,
    InternalMessage,
    MailingItem,
    Memo,
    Message,
    MessageText,
    OutboxItem,
    Payment,
    Reminder,
    Reservation,
    ReservationGuest,
)
from crm_tui.desk import scope
from crm_tui.desk.erasing_person import Person
from crm_tui.desk.mailbox import own_addresses
from crm_tui.mail.text import fold_text
from crm_tui.rules.mentions import Mentions

_C = columns(Conversation)
_L = columns(ConversationGuest)
_M = columns(Message)
_X = columns(MessageText)
_G = columns(Guest)
_E = columns(GuestEmail)
_O = columns(OutboxItem)
_D = columns(Draft)

_WORD = re.compile(r"[^\W_]+")


@dataclass(slots=True)
class Reach:
    """Numbers of what is about a person, by kind.

    Attributes:
        conversations: the person's own, those merged away included: nothing of their mail stays.
        shared: with other guests: there only the person's own mail goes, and what names the person.
        messages: mails of which nothing stays.
        mentions: mails of others that name the person: that alone is blacked out.
        quoting: mails of others in shared conversations: what they quote goes.
        inquiries, reservations: those whose holder or only guest the person is.
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
    reminders: set[int] = field(default_factory=set)
    internal: set[int] = field(default_factory=set)
    payments: set[int] = field(default_factory=set)
    drafts: set[int] = field(default_factory=set)
    outbox: set[int] = field(default_factory=set)
    mailings: set[int] = field(default_factory=set)
    merges: set[int] = field(default_factory=set)
    left: int = 0


def reach_of(connection: Connection, person: Person) -> Reach:
    """Everything that is about a person, whatever scope it has."""
    found = Reach(person)
    guests = person.guests
    found.inquiries = _led_by(connection, InquiryGuest, "inquiry_id", guests)
    found.reservations = _led_by(connection, ReservationGuest, "reservation_id", guests)
    _conversations(connection, found)
    _messages(connection, found)
    _notes(connection, found)
    _outgoing(connection, found)
    found.payments = _ids(connection, Payment, reservation_id=found.reservations)
    found.mailings = _ids(connection, MailingItem, guest_id=guests)
    merges = columns(GuestMerge)
    query = select(merges.id).where(or_(merges.survivor_id.in_(guests), merges.absorbed_id.in_(guests)))
    found.merges = set(connection.execute(query).scalars())
    return found


def _led_by(connection: Connection, model: Any, owner: str, guests: Collection[int]) -> set[int]:
    """Inquiries or reservations whose holder one of the guests is, or that have no other guest."""
    names = columns(model)
    key = names[owner]
    held = set(connection.execute(select(key).where(names.guest_id.in_(guests), names.holder)).scalars())
    part = set(connection.execute(select(key).where(names.guest_id.in_(guests))).scalars())
    for chunk in chunks(sorted(part - held)):
        query = select(key).where(key.in_(chunk), names.guest_id.not_in(guests))
        held |= set(chunk) - set(connection.execute(query).scalars())
    return held


def _ids(connection: Connection, model: Any, **wanted: Collection[int]) -> set[int]:
    """Rows of which one of the columns named holds one of the numbers."""
    names = columns(model)
    found: set[int] = set()
    for column, numbers in wanted.items():
        for chunk in chunks(sorted(numbers)):
            found.update(connection.execute(select(names.id).where(names[column].in_(chunk))).scalars())
    return found


def _conversations(connection: Connection, found: Reach) -> None:
    person = found.person
    linked = set(connection.execute(select(_L.conversation_id).where(_L.guest_id.in_(person.guests))).scalars())
    of_inquiries = _ids(connection, Conversation, inquiry_id=found.inquiries)
    by_address = _with_counterpart(connection, person.addresses)
    others = _linked_to_others(connection, by_address | of_inquiries, person.guests)
    mine = scope.with_merged(connection, linked | of_inquiries | (by_address - others))
    shared = _linked_to_others(connection, mine, person.guests) | _with_others_mail(connection, mine, person)
    found.conversations = set(mine) - shared
    found.shared = shared
    ambiguous = _with_counterpart(connection, person.shared) - found.conversations - shared
    found.left = len(ambiguous)


def _with_counterpart(connection: Connection, addresses: Iterable[str]) -> set[int]:
    found: set[int] = set()
    for chunk in chunks(sorted(addresses)):
        query = select(_C.id).where(func.lower(_C.counterpart_address).in_(chunk))
        found.update(connection.execute(query).scalars())
    return found


def _linked_to_others(connection: Connection, conversations: Iterable[int], guests: Collection[int]) -> set[int]:
    found: set[int] = set()
    for chunk in chunks(sorted(conversations)):
        query = select(_L.conversation_id).where(_L.conversation_id.in_(chunk), _L.guest_id.not_in(guests))
        found.update(connection.execute(query).scalars())
    return found


def _with_others_mail(connection: Connection, conversations: Iterable[int], person: Person) -> set[int]:
    """Conversations in which another guest of the client base wrote."""
    found: set[int] = set()
    for chunk in chunks(sorted(conversations)):
        query = (
            select(_M.conversation_id)
            .join(GuestEmail, _E.folded == func.lower(_M.sender_address))
            .join(Guest, _G.id == _E.guest_id)
            .where(_M.conversation_id.in_(chunk), _M.direction == "in")
            .where(_G.id.not_in(person.guests), _G.erased_at.is_(None), _E.folded.not_in(person.shared))
        )
        found.update(connection.execute(query).scalars())
    return found


def _messages(connection: Connection, found: Reach) -> None:
    person = found.person
    found.messages = _ids(connection, Message, conversation_id=found.conversations)
    shared = _ids(connection, Message, conversation_id=found.shared)
    candidates = (shared | naming(connection, person.elsewhere) | _naming_here(connection, found)) - found.messages
    own = own_addresses(connection)
    for row in _letters(connection, candidates):
        if _is_persons(row, person, own):
            found.messages.add(row.id)
        elif row.id in shared and (row.details or {}).get("quoted"):
            found.quoting.add(row.id)
        if row.id not in found.messages:
            found.mentions.add(row.id)


def _naming_here(connection: Connection, found: Reach) -> set[int]:
    """Mail from an address that others share, under the person's name."""
    person = found.person
    if not person.shared:
        return set()
    rows = _letters(connection, naming(connection, Mentions(addresses=tuple(person.shared))))
    return {row.id for row in rows if _sender_is(row, person)}


def _letters(connection: Connection, ids: Collection[int]) -> Iterable[Any]:
    names = (_M.id, _M.conversation_id, _M.direction, _M.sender_name, _M.sender_address, _X.details)
    for chunk in chunks(sorted(ids)):
        query = select(*names).outerjoin(MessageText, _X.message_id == _M.id).where(_M.id.in_(chunk))
        yield from connection.execute(query)


def _sender_is(row: Any, person: Person) -> bool:
    if row.direction != "in":
        return False
    address = row.sender_address.lower()
    named = " ".join(fold_text(row.sender_name).split()) in person.names
    return address in person.addresses or (address in person.shared and named)


def _is_persons(row: Any, person: Person, own: Collection[str]) -> bool:
    """Whether a mail is from the person, or from us to the person alone."""
    if row.direction == "in":
        return _sender_is(row, person)
    details = row.details or {}
    to = {pair[1].lower() for key in ("to", "cc", "bcc") for pair in details.get(key, ())} - set(own)
    return bool(to) and to <= person.addresses


def naming(connection: Connection, mentions: Mentions) -> set[int]:
    """Mails that may name a person, by the full-text index; the texts themselves say whether they do."""
    phrases = [_phrase(one) for one in (*mentions.addresses, *mentions.phrases)]
    for number in mentions.numbers:
        phrases += _written(number)
    if not phrases or connection.dialect.name != "sqlite":
        return set()
    query = "SELECT m.id FROM message_search s JOIN message m ON m.search_rowid = s.rowid WHERE message_search MATCH ?"
    asked = " OR ".join(f'"{one}"' for one in dict.fromkeys(phrases) if one)
    return set(connection.exec_driver_sql(query, (asked,)).scalars()) if asked else set()


def _phrase(words: str) -> str:
    return " ".join(_WORD.findall(fold_text(words)))


def _written(number: str) -> list[str]:
    """A number in the ways people write it."""
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, parse

    try:
        found = parse(number, None)
    except NumberParseException:
        return [_phrase(number)]
    national = str(found.national_number)
    kinds = (PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL, PhoneNumberFormat.E164)
    threes = " ".join(national[place : place + 3] for place in range(0, len(national), 3))
    twos = " ".join(national[place : place + 2] for place in range(0, len(national), 2))
    abroad = f"00{found.country_code}{national}"
    return [*(_phrase(format_number(found, kind)) for kind in kinds), national, threes, twos, abroad]


def _notes(connection: Connection, found: Reach) -> None:
    guests = found.person.guests
    about = {"inquiry_id": found.inquiries, "conversation_id": found.conversations, "guest_id": guests}
    found.memos = _ids(connection, Memo, **about)
    found.reminders = _ids(connection, Reminder, **about)
    found.internal = _ids(connection, InternalMessage, **about)
    found.events = _ids(connection, Event, guest_id=guests)


def _outgoing(connection: Connection, found: Reach) -> None:
    person = found.person
    found.outbox = _ids(connection, OutboxItem, conversation_id=found.conversations, message_row_id=found.messages)
    found.drafts = _ids(connection, Draft, conversation_id=found.conversations, recall_of=found.inquiries)
    for row in connection.execute(select(_O.id, _O.recipients, _O.draft_id)):
        to = {str(one).lower() for one in row.recipients or ()}
        if row.id in found.outbox or (to and to <= person.addresses):
            found.outbox.add(row.id)
            if row.draft_id is not None:
                found.drafts.add(row.draft_id)
    for row in connection.execute(select(_D.id, _D.to, _D.cc, _D.bcc).where(_D.to != "")):
        to = {one.lower() for one in re.findall(r"[^\s<>,;\"]+@[^\s<>,;\"]+", f"{row.to},{row.cc},{row.bcc}")}
        if to and to <= person.addresses:
            found.drafts.add(row.id)


def inquiries_with(connection: Connection, guests: Collection[int]) -> set[int]:
    """All inquiries in which one of the guests takes part."""
    names = columns(InquiryGuest)
    query = select(names.inquiry_id).join(Inquiry, columns(Inquiry).id == names.inquiry_id)
    return set(connection.execute(query.where(names.guest_id.in_(guests))).scalars())


def reservations_with(connection: Connection, guests: Collection[int]) -> set[int]:
    """All reservations in which one of the guests takes part, or that one pays."""
    names, own = columns(ReservationGuest), columns(Reservation)
    found = set(connection.execute(select(names.reservation_id).where(names.guest_id.in_(guests))).scalars())
    return found | set(connection.execute(select(own.id).where(own.company_id.in_(guests))).scalars())
