"""What of the mail is about a person: conversations, messages, what others quote (SPEC §6, erasure and export)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, or_, select

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import (
    Conversation,
    ConversationGuest,
    Inquiry,
    Message,
    MessageText,
    ThreadRef,
)
from crm_tui.desk.common import scope
from crm_tui.desk.correspondence.mailbox import own_addresses
from crm_tui.desk.correspondence.prepare import SEARCH_BODY_LENGTH
from crm_tui.desk.privacy.erasing_person import Person
from crm_tui.desk.privacy.erasing_strays import prefilter
from crm_tui.mail.automatic import unattended
from crm_tui.mail.text import fold_text
from crm_tui.rules.mentions import Mentions
from crm_tui.rules.quotes import Quotes
from crm_tui.rules.running_scripts import runs_on

if TYPE_CHECKING:
    from crm_tui.desk.privacy.erasing_reach import Reach

_C = columns(Conversation)
_L = columns(ConversationGuest)
_M = columns(Message)
_X = columns(MessageText)
_R = columns(ThreadRef)

_WORD = re.compile(r"[^\W_]+")
FEWEST_WORDS, MOST_WORDS = 3, 12
MOST_QUOTES = 20
"""What more mails say is a phrase of everybody's, or of a signature."""


def ids_of(connection: Connection, model: Any, **wanted: Collection[int]) -> set[int]:
    """Rows of which one of the columns named holds one of the numbers."""
    names = columns(model)
    found: set[int] = set()
    for column, numbers in wanted.items():
        for chunk in chunks(sorted(numbers)):
            found.update(connection.execute(select(names.id).where(names[column].in_(chunk))).scalars())
    return found


def find_conversations(connection: Connection, found: Reach) -> None:
    """The person's own are those in which nobody else wrote and to nobody else was written; only words of the person's go."""
    person = found.person
    linked = set(connection.execute(select(_L.conversation_id).where(_L.guest_id.in_(person.guests))).scalars())
    asked = ids_of(connection, Conversation, inquiry_id=found.inquiries | found.near.get(Inquiry, set()))
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
    for row in _letters(connection, ids_of(connection, Message, conversation_id=talks)):
        if _is_persons(row, person, own, told=row.conversation_id in told):
            theirs.setdefault(row.conversation_id, set()).add(row.id)
        elif row.direction == "out" and not written_to(row, own):
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


def find_messages(connection: Connection, found: Reach) -> None:
    person = found.person
    shared = ids_of(connection, Message, conversation_id=found.shared)
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
        if row.id in found.messages or written_to(row, own) & person.addresses:
            among.add(row.conversation_id)
    among -= found.conversations | found.shared
    found.shared |= among
    beside = ids_of(connection, Message, conversation_id=among) - found.messages - {row.id for row in rest}
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
    return found | ids_of(connection, Message, conversation_id=talks)


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


def written_to(row: Any, own: Collection[str]) -> set[str]:
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
    to = written_to(row, own)
    return bool(to) and to <= (person.addresses | person.shared if told else person.addresses)


def naming(connection: Connection, mentions: Mentions) -> set[int]:
    """Mails that may name a person, by the full-text index; the texts themselves say whether they do.

    Names that stand in running text without blanks around them are no words of the index: for them all texts are read.
    """
    names = tuple(one for one in mentions.names if runs_on("".join(one)))
    words = tuple(one for one in mentions.words if runs_on(one))
    running = prefilter(Mentions(names, words=words), _M.subject, _X.text)
    if running is None:
        return _in_index(connection, mentions)
    query = select(_M.id).outerjoin(MessageText, _X.message_id == _M.id).where(running)
    return _in_index(connection, mentions) | set(connection.execute(query).scalars())


def _in_index(connection: Connection, mentions: Mentions) -> set[int]:
    phrases = [f'"{_phrase(one)}"' for one in mentions.addresses if _phrase(one)]
    phrases += [f'NEAR("{one}" "{other}", 2)' for one, other in _pairs(mentions)]
    phrases += [f'"{_phrase(one)}"' for one in mentions.words if _phrase(one)]
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
