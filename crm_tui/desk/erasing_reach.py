"""What in the store is about a person: the mail, the inquiries and all that hangs on them (SPEC §6, erasure and export)."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
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
    Reminder,
    Reservation,
    ReservationGuest,
    ScheduleLine,
    ThreadRef,
)
from crm_tui.desk import scope
from crm_tui.desk.erasing_person import Person
from crm_tui.desk.erasing_strays import prefilter
from crm_tui.desk.mailbox import own_addresses
from crm_tui.desk.prepare import SEARCH_BODY_LENGTH
from crm_tui.mail.automatic import unattended
from crm_tui.mail.text import fold_text
from crm_tui.rules.mentions import Mentions
from crm_tui.rules.quotes import Quotes
from crm_tui.rules.vocabulary import HandoverKind, OutboxState

_C = columns(Conversation)
_L = columns(ConversationGuest)
_M = columns(Message)
_X = columns(MessageText)
_R = columns(ThreadRef)
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
    handovers: set[int] = field(default_factory=set)
    reminders: set[int] = field(default_factory=set)
    internal: set[int] = field(default_factory=set)
    payments: set[int] = field(default_factory=set)
    folios: set[int] = field(default_factory=set)
    postings: set[int] = field(default_factory=set)
    drafts: set[int] = field(default_factory=set)
    outbox: set[int] = field(default_factory=set)
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
    _conversations(connection, found)
    _messages(connection, found)
    _notes(connection, found, joined, booked)
    _outgoing(connection, found)
    found.payments = _ids(connection, Payment, reservation_id=found.reservations)
    found.near_by(Payment, _ids(connection, Payment, reservation_id=booked))
    _bills(connection, found, booked)
    found.near_by(ScheduleLine, _ids(connection, ScheduleLine, reservation_id=booked))
    found.mailings = _ids(connection, MailingItem, guest_id=guests)
    _reminded(connection, found)
    merges = columns(GuestMerge)
    query = select(merges.id).where(or_(merges.survivor_id.in_(guests), merges.absorbed_id.in_(guests)))
    found.merges = set(connection.execute(query).scalars())
    _handovers(connection, found)
    return found


def _handovers(connection: Connection, found: Reach) -> None:
    """Lines of shift handovers by what they are about; what is about others too is only searched."""
    flights = _ids(connection, Flight, reservation_id=found.reservations)
    flights_near = _ids(connection, Flight, reservation_id=found.near.get(Reservation, set()))
    own = {
        HandoverKind.WAITLIST: (found.conversations, found.shared),
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
    found.notices = _ids(connection, PaymentNotice, guest_id=person.guests, address=own)
    found.stops = _ids(connection, NoticeStop, guest_id=person.guests, address=own)


def _taken_part(connection: Connection, model: Any, owner: str, guests: Collection[int]) -> tuple[set[int], set[int]]:
    """Inquiries or reservations of which one of the guests is the only one, and those with others."""
    names = columns(model)
    key = names[owner]
    part = set(connection.execute(select(key).where(names.guest_id.in_(guests))).scalars())
    joined: set[int] = set()
    for chunk in chunks(sorted(part)):
        joined.update(connection.execute(select(key).where(key.in_(chunk), names.guest_id.not_in(guests))).scalars())
    return part - joined, joined


def _ids(connection: Connection, model: Any, **wanted: Collection[int]) -> set[int]:
    """Rows of which one of the columns named holds one of the numbers."""
    names = columns(model)
    found: set[int] = set()
    for column, numbers in wanted.items():
        for chunk in chunks(sorted(numbers)):
            found.update(connection.execute(select(names.id).where(names[column].in_(chunk))).scalars())
    return found


def _conversations(connection: Connection, found: Reach) -> None:
    """The person's own are those in which nobody else wrote and to nobody else was written; only words of the person's go."""
    person = found.person
    linked = set(connection.execute(select(_L.conversation_id).where(_L.guest_id.in_(person.guests))).scalars())
    asked = _ids(connection, Conversation, inquiry_id=found.inquiries | found.near.get(Inquiry, set()))
    by_address = _with_counterpart(connection, person.addresses)
    told = set(scope.with_merged(connection, linked))
    told -= _linked_to_others(connection, told, person.guests)
    candidates = set(scope.with_merged(connection, linked | asked | by_address))
    own = own_addresses(connection)
    theirs, of_others = _whose(connection, candidates, told, person, own)
    empty = candidates - set(theirs) - of_others
    found.conversations = (set(theirs) - of_others) | (empty & by_address)
    found.shared = of_others
    found.messages = set().union(*theirs.values())
    ambiguous = _with_counterpart(connection, {one for one in person.shared if not unattended(one)})
    found.left = len(ambiguous - found.conversations - found.shared)


def _whose(
    connection: Connection, talks: Collection[int], told: Collection[int], person: Person, own: Collection[str]
) -> tuple[dict[int, set[int]], set[int]]:
    """The person's messages by conversation, and the conversations with a message that is not the person's.

    Notes to ourselves are the person's where everything else is.
    """
    theirs: dict[int, set[int]] = {}
    others: set[int] = set()
    loose: dict[int, set[int]] = {}
    for row in _letters(connection, _ids(connection, Message, conversation_id=talks)):
        if _is_persons(row, person, own, told=row.conversation_id in told):
            theirs.setdefault(row.conversation_id, set()).add(row.id)
        elif row.direction == "out" and not _written_to(row, own):
            loose.setdefault(row.conversation_id, set()).add(row.id)
        else:
            others.add(row.conversation_id)
    for talk, ids in loose.items():
        if talk in theirs and talk not in others:
            theirs[talk] |= ids
        else:
            others.add(talk)
    return theirs, others


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


def _messages(connection: Connection, found: Reach) -> None:
    person = found.person
    shared = _ids(connection, Message, conversation_id=found.shared)
    candidates = shared | naming(connection, person.elsewhere) | _naming_here(connection, found)
    candidates |= _beside_index(connection, person)
    own = own_addresses(connection)
    rest = []
    among: set[int] = set()
    for row in _letters(connection, candidates - found.messages):
        if _is_persons(row, person, own):
            found.messages.add(row.id)
        else:
            rest.append(row)
        if row.id in found.messages or _written_to(row, own) & person.addresses:
            among.add(row.conversation_id)
    among -= found.conversations | found.shared
    found.shared |= among
    beside = _ids(connection, Message, conversation_id=among) - found.messages - {row.id for row in rest}
    rest += _letters(connection, beside)
    found.quotes = _written_by(connection, found)
    known = {row.id for row in rest}
    rest += _letters(connection, _quoting(connection, found.quotes) - found.messages - known)
    wrote = _talks_of(connection, found.messages)
    for row in rest:
        found.mentions.add(row.id)
        if row.conversation_id in found.shared & wrote and (row.details or {}).get("quoted"):
            found.quoting.add(row.id)


def _written_by(connection: Connection, found: Reach) -> Quotes:
    """What the person wrote, without what the person quotes and signs with."""
    texts: list[str] = []
    for chunk in chunks(sorted(found.messages)):
        query = select(_X.text, _X.details).join(Message, _M.id == _X.message_id)
        for row in connection.execute(query.where(_M.id.in_(chunk), _M.direction == "in", _M.automatic == "")):
            texts.append(_own_words(row.text or "", row.details or {}))
    return Quotes.of(texts)


def _own_words(text: str, details: Mapping[str, Any]) -> str:
    ranges = [*details.get("quoted", ()), *([details["signature"]] if details.get("signature") else [])]
    parts, done = [], 0
    for start, end in sorted((one[0], one[1]) for one in ranges):
        parts.append(text[done:start])
        done = max(done, end)
    return "\n".join((*parts, text[done:]))


def _quoting(connection: Connection, quotes: Quotes) -> set[int]:
    """Mails that hold a sentence or a line of somebody's mail, if no more do than may quote it."""
    if connection.dialect.name != "sqlite":
        return set()
    found: set[int] = set()
    query = "SELECT m.id FROM message_search s JOIN message m ON m.search_rowid = s.rowid WHERE message_search MATCH ? LIMIT ?"
    for words in sorted(quotes.sentences | quotes.lines):
        phrase = _phrase(words)
        if phrase.count(" ") >= FEWEST_WORDS - 1:
            asked = (f'"{" ".join(phrase.split()[:MOST_WORDS])}"', MOST_QUOTES + 1)
            held = set(connection.exec_driver_sql(query, asked).scalars())
            found |= held if len(held) <= MOST_QUOTES else set()
    return found


FEWEST_WORDS, MOST_WORDS = 3, 12
MOST_QUOTES = 20
"""What more mails say is a phrase of everybody's, or of a signature."""


def _talks_of(connection: Connection, messages: Collection[int]) -> set[int]:
    found: set[int] = set()
    for chunk in chunks(sorted(messages)):
        found.update(connection.execute(select(_M.conversation_id).where(_M.id.in_(chunk))).scalars())
    return found


def _beside_index(connection: Connection, person: Person) -> set[int]:
    """Mails that the full-text index does not tell of: not gone out yet, longer than it reads, or answering the person.

    Headers that it does not hold are looked for in all mails: this reads the whole table.
    """
    found = set(connection.execute(select(_M.id).where(_M.search_rowid.is_(None))).scalars())
    length = func.length(_X.text)
    long = select(_M.id).join(MessageText, _X.message_id == _M.id)
    long = long.where(_M.size > SEARCH_BODY_LENGTH, length > SEARCH_BODY_LENGTH)
    named = prefilter(person.elsewhere, _X.text)
    if named is not None:
        found.update(connection.execute(long.where(named)).scalars())
    talks: set[int] = set()
    for address in sorted(person.addresses):
        told = or_(*(func.lower(one).contains(address, autoescape=True) for one in (_R.ref, _R.counterparts)))
        talks.update(connection.execute(select(_R.conversation_id).where(told)).scalars())
    headers = prefilter(Mentions(addresses=tuple(person.addresses)), _X.details)
    if headers is not None:
        found.update(connection.execute(select(_X.message_id).where(headers)).scalars())
    return found | _ids(connection, Message, conversation_id=talks)


def _naming_here(connection: Connection, found: Reach) -> set[int]:
    """Mail from an address that others share, under the person's name."""
    person = found.person
    if not person.shared:
        return set()
    rows = _letters(connection, naming(connection, Mentions(addresses=tuple(person.shared))))
    return {row.id for row in rows if _sender_is(row, person)}


def _letters(connection: Connection, ids: Collection[int]) -> Iterable[Any]:
    names = (_M.id, _M.conversation_id, _M.direction, _M.subject, _M.sender_name, _M.sender_address, _X.details)
    for chunk in chunks(sorted(ids)):
        query = select(*names).outerjoin(MessageText, _X.message_id == _M.id).where(_M.id.in_(chunk))
        yield from connection.execute(query)


def _sender_is(row: Any, person: Person, *, told: bool = False) -> bool:
    if row.direction != "in":
        return False
    address = row.sender_address.lower()
    named = " ".join(fold_text(row.sender_name).split()) in person.names
    if address in person.addresses:
        return True
    return (named and (told or address in person.shared)) or (told and address in person.shared)


def _written_to(row: Any, own: Collection[str]) -> set[str]:
    details = row.details or {}
    return {pair[1].lower() for key in ("to", "cc", "bcc") for pair in details.get(key, ())} - set(own)


def _is_persons(row: Any, person: Person, own: Collection[str], *, told: bool = False) -> bool:
    """Whether a mail is from the person, or from us to the person alone.

    Args:
        told: somebody linked the conversation to this guest and to nobody else: an address that others share, and the
            name at any address, are the guest's there.
    """
    if row.direction == "in":
        return _sender_is(row, person, told=told)
    to = _written_to(row, own)
    return bool(to) and to <= (person.addresses | person.shared if told else person.addresses)


def naming(connection: Connection, mentions: Mentions) -> set[int]:
    """Mails that may name a person, by the full-text index; the texts themselves say whether they do."""
    phrases = [f'"{_phrase(one)}"' for one in mentions.addresses if _phrase(one)]
    phrases += [f'NEAR("{one}" "{other}", 2)' for one, other in _pairs(mentions)]
    for number in mentions.numbers:
        phrases += [f'"{one}"' for one in _written(number) if one]
    if not phrases or connection.dialect.name != "sqlite":
        return set()
    query = "SELECT m.id FROM message_search s JOIN message m ON m.search_rowid = s.rowid WHERE message_search MATCH ?"
    asked = " OR ".join(dict.fromkeys(phrases))
    return set(connection.exec_driver_sql(query, (asked,)).scalars())


def _pairs(mentions: Mentions) -> list[tuple[str, str]]:
    """Given names and surname, as the index holds them: in either order, with an initial between."""
    found = ((_phrase(given), _phrase(surname)) for given, surname in mentions.names)
    return [(one, other) for one, other in found if one and other]


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
        ids |= _ids(connection, model, guest_id=guests)
        beside = _ids(connection, model, **around)
        others = {row for row, guest in _guests_of(connection, model, beside) if guest not in (None, *guests)}
        ids |= beside - others
        found.near_by(model, (others | _ids(connection, model, **several)) - ids)
    found.events = _ids(connection, Event, guest_id=guests)
    near = _ids(connection, Event, **several) | _ids(connection, Event, **around)
    found.near_by(Event, near - found.events)
    found.feedback = _ids(connection, Feedback, guest_id=guests)
    beside = _ids(connection, Feedback, conversation_id=found.conversations, reservation_id=found.reservations)
    others = {row for row, guest in _guests_of(connection, Feedback, beside) if guest not in (None, *guests)}
    found.feedback |= beside - others
    near = _ids(connection, Feedback, conversation_id=found.shared, reservation_id=set(booked)) | others
    found.near_by(Feedback, near - found.feedback)


def _guests_of(connection: Connection, model: Any, ids: Collection[int]) -> Iterable[tuple[int, int | None]]:
    names = columns(model)
    for chunk in chunks(sorted(ids)):
        for row in connection.execute(select(names.id, names.guest_id).where(names.id.in_(chunk))):
            yield row.id, row.guest_id


def _outgoing(connection: Connection, found: Reach) -> None:
    person, own = found.person, own_addresses(connection)
    found.outbox = _ids(connection, OutboxItem, conversation_id=found.conversations, message_row_id=found.messages)
    found.drafts = _ids(connection, Draft, conversation_id=found.conversations, recall_of=found.inquiries)
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
    found.folios = _ids(connection, Folio, reservation_id=found.reservations)
    found.postings = _ids(connection, Posting, reservation_id=found.reservations)
    paid = connection.execute(select(names.reservation_id).where(names.payer_id.in_(found.person.guests))).scalars()
    near = (set(paid) | set(booked)) - found.reservations
    found.near_by(Folio, _ids(connection, Folio, reservation_id=near))
    found.near_by(Posting, _ids(connection, Posting, reservation_id=near))


def reservations_with(connection: Connection, guests: Collection[int]) -> set[int]:
    """All reservations in which one of the guests takes part, or that one pays, or a folio of."""
    names, own = columns(ReservationGuest), columns(Reservation)
    found = set(connection.execute(select(names.reservation_id).where(names.guest_id.in_(guests))).scalars())
    found |= set(connection.execute(select(own.id).where(own.company_id.in_(guests))).scalars())
    bills = columns(Folio)
    return found | set(connection.execute(select(bills.reservation_id).where(bills.payer_id.in_(guests))).scalars())
