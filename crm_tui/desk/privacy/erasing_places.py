"""Where a surname stands alone in what is about others, and blacking it out where an agent says so (SPEC §6).

*The Nowaks arrive on Friday* may mean the person, another family, or a street: a program cannot know. So each place is shown
with its sentence; those in what is linked to the guest are proposed, and an agent decides. They are looked for after
everything else was erased, so that what is listed is what is left.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from crm_tui.base.errors import Conflict
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    CompanyContact,
    Conversation,
    ConversationGuest,
    Guest,
    GuestMerge,
    Inquiry,
    InquiryGuest,
    Journal,
    Message,
    MessageText,
    OutboxItem,
    Reservation,
    ReservationGuest,
)
from crm_tui.desk.correspondence.prepare import SEARCH_BODY_LENGTH
from crm_tui.desk.privacy.erasing_files import source_of
from crm_tui.desk.privacy.erasing_journal import ENTITIES
from crm_tui.desk.privacy.erasing_person import Person
from crm_tui.desk.privacy.erasing_reach import Reach
from crm_tui.desk.privacy.erasing_reach_mail import ids_of, naming
from crm_tui.desk.privacy.erasing_strays import PLACES, counted, folded, prefilter
from crm_tui.desk.privacy.erasing_views import Place
from crm_tui.mail.file_words import with_files
from crm_tui.mail.text import display_text
from crm_tui.rules.folding import fold_text
from crm_tui.rules.mentions import BLACK, Mentions
from crm_tui.rules.running_scripts import long_enough
from crm_tui.rules.surname_forms import surname_forms

_C = columns(Conversation)
_G = columns(Guest)
_J = columns(Journal)
_L = columns(ConversationGuest)
_M = columns(Message)
_X = columns(MessageText)
_T = columns(CompanyContact)

_HEADERS: Mapping[Any, tuple[str, ...]] = {
    Guest: ("surname", "given"),
    GuestMerge: ("before", "after"),
    CompanyContact: ("role",),
    OutboxItem: ("recipients", "subject", "error", "copy_error", "refused"),
}
"""Fields that are not read here: other guests' own names, and what goes the way of its message."""
_NOT_WORDS = frozenset({"to", "cc", "bcc", "reference"})
"""Addresses, and keys in other systems."""
_ADDRESS = re.compile(r"[^\s<>()\"]+@[^\s<>()\"]+")
_ENDS = re.compile(r"[.!?…؟۔]+[\s\u00a0]+|[。！？]+|\n")
_BEFORE, _AFTER = 70, 90
"""Letters of a sentence that are shown on either side."""
MOST_NAMESAKES = 2000

MESSAGE, JOURNAL = "message", "journal"
_NOT_OF_JOURNAL = ("guest", "guest_merge", "agent", "account", "template", "erasure", "message", "mailbox", "import")
"""Entities whose rows hold other people's names, or what is not to be changed."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is looked for: everywhere, only in what is linked, and what is another guest's name."""

    everywhere: Mentions
    linked: Mentions
    others: Mentions

    def __bool__(self) -> bool:
        return bool(self.everywhere or self.linked)


@dataclass(slots=True)
class Linked:
    """Numbers of what is linked to the guest: the same conversation, inquiry, reservation or company."""

    conversations: set[int] = field(default_factory=set)
    inquiries: set[int] = field(default_factory=set)
    reservations: set[int] = field(default_factory=set)
    guests: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Thing:
    """Something that holds places: a row of a table, or a mail with its files.

    Attributes:
        values: its texts by field; of a mail subject and text.
        raw: of a mail, its source if a word stands in one of its files.
    """

    kind: str
    id: int
    model: Any
    linked: bool
    values: dict[str, Any]
    places: list[Place] = field(default_factory=list)
    raw: bytes = b""

    @property
    def name(self) -> str:
        """How a choice names it: ``memo:12``."""
        return f"{self.kind}:{self.id}"


class Walk:
    """Reads or rewrites the texts of a thing, always in the same order, so that a place has a number."""

    def __init__(self, words: Words, *, linked: bool, chosen: Collection[int] | None = None) -> None:
        self._mentions = words.linked if linked else words.everywhere
        self._others = words.others
        self._chosen = chosen
        self.sentences: list[str] = []

    def value(self, value: Any) -> Any:
        """A text, or the texts of a JSON value, with the chosen places blacked out."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {name: self.value(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(one) for one in value]
        return value

    def text(self, text: str) -> str:
        """One text."""
        spans = self._mentions.spans(text) if self._mentions else []
        if not spans:
            return text
        taken = [*self._others.spans(text), *(one.span() for one in _ADDRESS.finditer(text))]
        parts, done = [], 0
        for start, end in spans:
            if any(one < end and start < other for one, other in taken):
                continue
            self.sentences.append(sentence_at(text, start, end))
            if self._chosen is not None and len(self.sentences) in self._chosen:
                parts += [text[done:start], BLACK * (end - start)]
                done = end
        return "".join((*parts, text[done:])) if parts else text


def sentence_at(text: str, start: int, end: int) -> str:
    """The sentence around a place, on one line, cut where it is long; safe to show."""
    first, last = 0, len(text)
    for one in _ENDS.finditer(text):
        if one.end() <= start:
            first = one.end()
        elif one.start() >= end:
            last = one.end()
            break
    left, right = max(first, start - _BEFORE), min(last, end + _AFTER)
    said = ("…" if left > first else "") + text[left:right].strip() + ("…" if right < last else "")
    return " ".join(display_text(said).split())


def words_of(connection: Connection, person: Person) -> Words:
    """The forms of the surnames that the person has and had; full names too that were not looked for elsewhere.

    A surname of one or two letters, or of one character of Chinese, Japanese or Korean, is looked for only in what is linked:
    elsewhere it is any word.
    """
    forms = [one for surname in person.surnames for one in surname_forms(surname)]
    known = set(person.elsewhere.names)
    whole = [f"{a} {b}" for way in person.here.names if way not in known for a, b in (way, way[::-1]) if a and b]
    full = [" ".join(fold_text(one).split()) for one in whole]
    long = tuple(dict.fromkeys((*full, *(one for one in forms if long_enough(one)))))
    every = tuple(dict.fromkeys((*long, *forms)))
    return Words(Mentions(words=long), Mentions(words=every), _namesakes(connection, person))


def _namesakes(connection: Connection, person: Person) -> Mentions:
    """Full names of others with the surname: where one stands, another is meant."""
    names: list[tuple[str, str]] = []
    for surname in person.surnames:
        folded = " ".join(fold_text(surname).split())
        if folded:
            query = select(_G.given, _G.surname).where(_G.folded >= folded, _G.folded < f"{folded}\U0010ffff")
            query = query.where(_G.id.not_in(person.guests), _G.given != "", _G.erased_at.is_(None))
            rows = connection.execute(query.limit(MOST_NAMESAKES))
            names += [(row.given, row.surname) for row in rows]
    return Mentions(tuple(one for one in dict.fromkeys(names) if _plain(one) not in person.names))


def _plain(name: tuple[str, str]) -> str:
    return " ".join(fold_text(" ".join(name)).split())


def linked_to(connection: Connection, found: Reach) -> Linked:
    """What is linked to the guest; to be asked before anything is erased. Whoever bears the same surname does not count."""
    person = found.person
    near = Linked(set(found.conversations | found.shared))
    near.inquiries = found.inquiries | found.near.get(Inquiry, set())
    near.reservations = found.reservations | found.near.get(Reservation, set())
    for one, other in ((_T.company_id, _T.person_id), (_T.person_id, _T.company_id)):
        near.guests |= set(connection.execute(select(other).where(one.in_(person.guests))).scalars())
    colleagues = select(_T.person_id).where(_T.company_id.in_(sorted(near.guests)))
    near.guests |= set(connection.execute(colleagues).scalars())
    for model, column, ids in (
        (InquiryGuest, "inquiry_id", near.inquiries),
        (ReservationGuest, "reservation_id", near.reservations),
    ):
        names = columns(model)
        for chunk in chunks(sorted(ids)):
            near.guests |= set(connection.execute(select(names.guest_id).where(names[column].in_(chunk))).scalars())
    near.guests -= set(person.guests)
    surnames = {" ".join(fold_text(one).split()) for one in person.surnames}
    for chunk in chunks(sorted(near.guests)):
        for row in connection.execute(select(_G.id, _G.surname).where(_G.id.in_(chunk))):
            if " ".join(fold_text(row.surname).split()) in surnames:
                near.guests.discard(row.id)
    near.conversations |= ids_of(connection, Conversation, inquiry_id=near.inquiries, reservation_id=near.reservations)
    for chunk in chunks(sorted(near.guests)):
        linked = select(_L.conversation_id).where(_L.guest_id.in_(chunk))
        near.conversations |= set(connection.execute(linked).scalars())
    return near


def find_places(
    connection: Connection, words: Words, near: Linked, found: Reach, files: Collection[int]
) -> list[Thing]:
    """All things with a place: linked ones first, then by kind, the newest first."""
    if not words:
        return []
    things = [*_rows(connection, words, near, found), *_letters(connection, words, near, files)]
    things += _said_before(connection, words, things)
    return sorted(things, key=lambda one: (not one.linked, one.kind, -one.id))


def _rows(connection: Connection, words: Words, near: Linked, found: Reach) -> Iterator[Thing]:
    for model, names in PLACES:
        read = tuple(name for name in names if name not in _HEADERS.get(model, ()) and name not in _NOT_WORDS)
        if not read or "id" not in table_of(model).c:
            continue
        own = columns(model)
        about = [one for one in ("conversation_id", "inquiry_id", "reservation_id", "guest_id") if one in own]
        asked = prefilter(words.linked, *(own[name] for name in read))
        query = select(own.id, *(own[name] for name in (*read, *about)))
        for row in connection.execute(query.where(asked)).all() if asked is not None else ():
            linked = _is_linked(model, row, near) or row.id in found.near.get(model, set())
            values = {name: getattr(row, name) for name in read}
            thing = Thing(model.__tablename__, row.id, model, linked, values)
            if _listed(thing, words):
                yield thing


def _is_linked(model: Any, row: Row[Any], near: Linked) -> bool:
    groups = {
        "conversation_id": near.conversations,
        "inquiry_id": near.inquiries,
        "reservation_id": near.reservations,
        "guest_id": near.guests,
    }
    own = {Inquiry: near.inquiries, Reservation: near.reservations, Guest: near.guests}.get(model, set())
    return row.id in own or any(getattr(row, name, None) in ids for name, ids in groups.items())


def _letters(connection: Connection, words: Words, near: Linked, files: Collection[int]) -> Iterator[Thing]:
    ids = naming(connection, words.everywhere) | set(files)
    ids |= set(connection.execute(select(_M.id).where(_M.search_rowid.is_(None))).scalars())
    long = prefilter(words.everywhere, _X.text)
    if long is not None:
        query = select(_M.id).join(MessageText, _X.message_id == _M.id).where(_M.size > SEARCH_BODY_LENGTH)
        query = query.where(func.length(_X.text) > SEARCH_BODY_LENGTH, long)
        ids |= set(connection.execute(query).scalars())
    if words.linked.words != words.everywhere.words:
        ids |= ids_of(connection, Message, conversation_id=near.conversations)
    held = set(files)
    for chunk in chunks(sorted(ids)):
        query = select(_M.id, _M.conversation_id, _M.subject, _X.text)
        query = query.outerjoin(MessageText, _X.message_id == _M.id).where(_M.id.in_(chunk))
        for row in connection.execute(query).all():
            raw = source_of(connection, row.id) if row.id in held else b""
            linked = row.conversation_id in near.conversations
            thing = Thing(MESSAGE, row.id, Message, linked, {"subject": row.subject, "text": row.text or ""}, raw=raw)
            if _listed(thing, words):
                yield thing


def _said_before(connection: Connection, words: Words, things: Iterable[Thing]) -> Iterator[Thing]:
    """Rows of the journal about what names the person no more; those of the things that still do go with them."""
    known = {(ENTITIES.get(one.kind, one.kind), one.id) for one in things}
    asked = prefilter(words.everywhere, _J.before, _J.after)
    if asked is None:
        return
    query = select(_J.id, _J.entity, _J.entity_id, _J.before, _J.after)
    for row in connection.execute(query.where(asked, _J.entity.not_in(_NOT_OF_JOURNAL))).all():
        if (row.entity, row.entity_id) not in known:
            thing = Thing(JOURNAL, row.id, Journal, False, {"before": row.before, "after": row.after})
            if _listed(thing, words):
                yield thing


def _listed(thing: Thing, words: Words) -> bool:
    """Put its places in; says whether there are any."""
    walk = Walk(words, linked=thing.linked)
    rewritten(thing, walk)
    seen = hashlib.sha256(json.dumps(thing.values, sort_keys=True, default=str).encode() + thing.raw).hexdigest()[:8]
    thing.places = [
        Place(thing.kind, thing.id, number, sentence, thing.linked, seen)
        for number, sentence in enumerate(walk.sentences, 1)
    ]
    return bool(thing.places)


def rewritten(thing: Thing, walk: Walk) -> tuple[dict[str, Any], bytes]:
    """The thing's texts and source as a walk leaves them."""
    values = {name: walk.value(value) for name, value in thing.values.items()}
    return values, with_files(thing.raw, walk.text) if thing.raw else b""


def chosen(things: Iterable[Thing], also: Collection[str] | str, *, strict: bool = True) -> dict[str, set[int]]:
    """Which places of which thing are to be blacked out, by ``kind:id``.

    Args:
        also: ``all``, ``linked`` or ``none``; or keys of places (:attr:`Place.key`) or things (``memo:12``).
        strict: a key that names no place, or one that changed since it was shown, is refused.

    Raises:
        Conflict: so it is.
    """
    if isinstance(also, str):
        wanted = {"all": (True, False), "linked": (True,), "none": ()}[also]
        return {one.name: {place.number for place in one.places} for one in things if one.linked in wanted}
    known = {place.key: place for one in things for place in one.places}
    picked: dict[str, set[int]] = {}
    for said in also:
        key, _sign, seen = said.partition("~")
        places = [known[key]] if key in known else [one for one in known.values() if one.key.startswith(f"{key}.")]
        if strict and (not places or any(seen and one.seen != seen for one in places)):
            raise Conflict(
                _("The place {key} is not as it was shown; nothing was erased.").format(key=display_text(key)),
                _("Look again at what erasing would remove."),
            )
        for one in places:
            picked.setdefault(f"{one.kind}:{one.id}", set()).add(one.number)
    return picked


def black_row(connection: Connection, thing: Thing, words: Words, numbers: Collection[int]) -> None:
    """Black the chosen places of a row out."""
    walk = Walk(words, linked=thing.linked, chosen=numbers)
    made, _raw = rewritten(thing, walk)
    values = {name: value for name, value in made.items() if value != thing.values[name]}
    if not values:
        return
    own = columns(thing.model)
    values |= folded(thing.model, {**thing.values, "id": thing.id} | values, values)
    connection.execute(update(table_of(thing.model)).where(own.id == thing.id).values(**counted(own, values)))
