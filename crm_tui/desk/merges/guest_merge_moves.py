"""What belongs to a guest and goes over to the main profile when guests are merged, and back again (SPEC §6).

Every column of the store that names a guest stands in one of the lists here; a test fails when a new one does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Date, delete, insert, select, update
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    CompanyContact,
    Consent,
    ConversationGuest,
    Event,
    Feedback,
    Folio,
    GuestApart,
    GuestAttribute,
    GuestEmail,
    GuestPhone,
    InquiryGuest,
    InternalMessage,
    MailingItem,
    Memo,
    NoticeStop,
    PackageGuest,
    PaymentNotice,
    QualityCost,
    Reminder,
    Reservation,
    ReservationGuest,
    RetentionKeep,
)

OWNED: Mapping[str, tuple[type[SQLModel], str]] = {
    "events": (Event, "guest_id"),
    "memos": (Memo, "guest_id"),
    "internal": (InternalMessage, "guest_id"),
    "reminders": (Reminder, "guest_id"),
    "mailings": (MailingItem, "guest_id"),
    "payers": (Reservation, "company_id"),
    "consents": (Consent, "guest_id"),
    "folios": (Folio, "payer_id"),
    "feedback": (Feedback, "guest_id"),
    "given": (QualityCost, "guest_id"),
    "notices": (PaymentNotice, "guest_id"),
    "stops": (NoticeStop, "guest_id"),
}
"""Things with a number of their own that name one guest."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A table whose rows say that a guest belongs to something; nobody is in it twice.

    Attributes:
        guest, other: the columns of the guest and of what it belongs to: together the key.
        holder: whether the guest may be the holder there.
    """

    model: type[SQLModel]
    guest: str
    other: str
    holder: bool = False


SHARED: Mapping[str, Shared] = {
    "attributes": Shared(GuestAttribute, "guest_id", "attribute_id"),
    "contacts": Shared(CompanyContact, "company_id", "person_id"),
    "companies": Shared(CompanyContact, "person_id", "company_id"),
    "conversations": Shared(ConversationGuest, "guest_id", "conversation_id"),
    "packages": Shared(PackageGuest, "guest_id", "package_id"),
    "inquiries": Shared(InquiryGuest, "guest_id", "inquiry_id", holder=True),
    "reservations": Shared(ReservationGuest, "guest_id", "reservation_id", holder=True),
}

CONTACTS: Mapping[str, tuple[type[SQLModel], str]] = {
    "emails": (GuestEmail, "folded"),
    "phones": (GuestPhone, "number"),
}
"""Addresses and numbers, and the column that tells whether two are the same."""

KEPT = frozenset(
    {
        ("guest_merge", "survivor_id"),
        ("guest_merge", "absorbed_id"),
        ("guest_apart", "guest_id"),
        ("guest_apart", "other_id"),
        ("erasure", "guest_id"),
        ("retention_keep", "guest_id"),
        ("inquiry_holder", "guest_id"),
        ("reservation_holder", "guest_id"),
    }
)
"""What is not moved: the merges themselves, what was erased, whom no rule proposes for a while, the pairs told apart (the survivor gets its own), and the
holders, which triggers keep."""


@dataclass(slots=True)
class Moved:
    """What went over when one guest was merged into another; all of it plain JSON.

    Attributes:
        owned: word of :data:`OWNED` to numbers.
        joined: word of :data:`SHARED` to (number of the other, 1 for the holder) that went over.
        doubled: word of :data:`SHARED` to the rows that were taken away, as the survivor is there already.
        raised: word of :data:`SHARED` to where the survivor became the holder instead.
        order: word of :data:`CONTACTS` to all rows of the survivor afterwards, in order: key, label, 1 for one that came from
            the absorbed guest, place before. By place and not by number: an edit that was undone writes them anew.
        kept: until when both are not to be proposed for erasure: the survivor's row, the other's, and what is left.
        apart: pairs told apart that the survivor inherited.
    """

    owned: dict[str, list[int]] = field(default_factory=dict)
    joined: dict[str, list[list[int]]] = field(default_factory=dict)
    doubled: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    raised: dict[str, list[int]] = field(default_factory=dict)
    order: dict[str, list[list[Any]]] = field(default_factory=dict)
    kept: list[dict[str, Any] | None] = field(default_factory=list)
    apart: list[list[int]] = field(default_factory=list)


def handled() -> set[tuple[str, str]]:
    """Table and column of everything here that names a guest."""
    found = {(str(model.__tablename__), column) for model, column in OWNED.values()}
    found |= {(str(one.model.__tablename__), one.guest) for one in SHARED.values()}
    found |= {(str(model.__tablename__), "guest_id") for model, _key in CONTACTS.values()}
    return found | KEPT | {("retention_keep", "guest_id")}


def move(connection: Connection, survivor: int, other: int, first: Mapping[str, int], now: datetime) -> Moved:
    """Give everything of a guest to another one.

    Args:
        first: ``emails`` and ``phones`` to the guest whose ones are to stand first.
    """
    moved = Moved()
    for word, (model, column) in OWNED.items():
        moved.owned[word] = _hand_over(connection, model, column, survivor, other)
    for word, shared in SHARED.items():
        _join(connection, word, shared, survivor, other, moved)
    for word in CONTACTS:
        _unite(connection, word, survivor, other, first.get(word) == other, moved)
    moved.kept = _keep(connection, survivor, other)
    moved.apart = _inherit_apart(connection, survivor, other, now)
    return moved


def _hand_over(connection: Connection, model: type[SQLModel], column: str, to: int, of: int) -> list[int]:
    table = table_of(model)
    ids = list(connection.execute(select(table.c.id).where(table.c[column] == of).order_by(table.c.id)).scalars())
    for chunk in chunks(ids):
        connection.execute(update(table).where(table.c.id.in_(chunk)).values({column: to}))
    return ids


def _join(connection: Connection, word: str, shared: Shared, survivor: int, other: int, moved: Moved) -> None:
    table = table_of(shared.model)
    guest, key = table.c[shared.guest], table.c[shared.other]
    mine = {row[shared.other]: row for row in connection.execute(select(table).where(guest == survivor)).mappings()}
    theirs = connection.execute(select(table).where(guest == other).order_by(key)).mappings().all()
    joined = [row for row in theirs if row[shared.other] not in mine]
    doubled = [row for row in theirs if row[shared.other] in mine]
    moved.joined[word] = [[row[shared.other], int(shared.holder and bool(row["holder"]))] for row in joined]
    moved.doubled[word] = [_written(table, row) for row in doubled]
    for chunk in chunks(row[shared.other] for row in joined):
        connection.execute(update(table).where(guest == other, key.in_(chunk)).values({shared.guest: survivor}))
    for chunk in chunks(row[shared.other] for row in doubled):
        connection.execute(delete(table).where(guest == other, key.in_(chunk)))
    raised = [row[shared.other] for row in doubled if shared.holder and row["holder"]]
    moved.raised[word] = raised
    for chunk in chunks(raised):
        connection.execute(update(table).where(guest == survivor, key.in_(chunk)).values(holder=True))


def _unite(connection: Connection, word: str, survivor: int, other: int, other_first: bool, moved: Moved) -> None:
    """The survivor's, then the other's that it does not have; the other's first if so wished. None is doubled: what the
    survivor has already stays with the signpost, which nobody writes to."""
    model, key = CONTACTS[word]
    table = table_of(model)
    mine, theirs = contacts_of(connection, word, survivor), contacts_of(connection, word, other)
    known = {row[key] for row in mine}
    coming = {row[key]: row for row in reversed(theirs) if row[key] not in known}
    wanted = [*((row, 0) for row in mine), *((row, 1) for row in theirs if coming.get(row[key]) is row)]
    if other_first:
        places = {row[key]: place for place, row in enumerate(theirs)}
        wanted.sort(key=lambda one: places.get(one[0][key], len(places)))
    for place, (row, came) in enumerate(wanted):
        if came or row["position"] != place:
            values = {"guest_id": survivor, "position": place}
            connection.execute(update(table).where(table.c.id == row["id"]).values(**values))
    moved.order[word] = [[row[key], row["label"], came, row["position"]] for row, came in wanted]


def contacts_of(connection: Connection, word: str, guest_id: int) -> list[Any]:
    """A guest's addresses or numbers in their order: id, key, shown, label, position."""
    table = table_of(CONTACTS[word][0])
    query = select(table).where(table.c.guest_id == guest_id).order_by(table.c.position, table.c.id)
    return list(connection.execute(query).mappings())


def _keep(connection: Connection, survivor: int, other: int) -> list[dict[str, Any] | None]:
    """The later day holds."""
    mine, theirs = _kept(connection, survivor), _kept(connection, other)
    later = max((row for row in (mine, theirs) if row), key=lambda row: str(row["until"]), default=None)
    left = {**later, "guest_id": survivor} if later else None
    if theirs is not None:
        _put_kept(connection, survivor, left)
        _put_kept(connection, other, None)
    return [mine, theirs, left]


def _kept(connection: Connection, guest_id: int) -> dict[str, Any] | None:
    table = table_of(RetentionKeep)
    row = connection.execute(select(table).where(table.c.guest_id == guest_id)).mappings().first()
    return None if row is None else _written(table, row)


def _put_kept(connection: Connection, guest_id: int, row: Mapping[str, Any] | None) -> None:
    table = table_of(RetentionKeep)
    connection.execute(delete(table).where(table.c.guest_id == guest_id))
    if row is not None:
        connection.execute(insert(table).values(**_read(table, row)))


def _inherit_apart(connection: Connection, survivor: int, other: int, now: datetime) -> list[list[int]]:
    """Who was told apart from a guest is told apart from the one that took it over."""
    names = columns(GuestApart)
    query = select(names.guest_id, names.other_id, names.agent_id)
    mine = connection.execute(query.where((names.guest_id == survivor) | (names.other_id == survivor))).all()
    theirs = connection.execute(query.where((names.guest_id == other) | (names.other_id == other))).all()
    known = {(row.guest_id, row.other_id) for row in mine}
    made: list[list[int]] = []
    for row in theirs:
        third = row.other_id if row.guest_id == other else row.guest_id
        pair = (min(survivor, third), max(survivor, third))
        if third != survivor and pair not in known:
            known.add(pair)
            values = {"guest_id": pair[0], "other_id": pair[1], "agent_id": row.agent_id, "at": now}
            connection.execute(insert(GuestApart).values(**values))
            made.append([*pair])
    return made


# Back again


def move_back(connection: Connection, survivor: int, other: int, moved: Moved) -> None:
    """Give back what :func:`move` took; what is not as it was left is found by :func:`changed` beforehand."""
    for word, (model, column) in OWNED.items():
        table = table_of(model)
        for chunk in chunks(moved.owned.get(word, ())):
            connection.execute(update(table).where(table.c.id.in_(chunk)).values({column: other}))
    for word, shared in SHARED.items():
        _part(connection, word, shared, survivor, other, moved)
    for word, (model, _key) in CONTACTS.items():
        table = table_of(model)
        now = contacts_of(connection, word, survivor)
        for row, (_value, _label, came, place) in zip(now, moved.order.get(word, ()), strict=False):
            values = {"guest_id": other if came else survivor, "position": place}
            connection.execute(update(table).where(table.c.id == row["id"]).values(**values))
    if moved.kept and moved.kept[1] is not None:
        mine, theirs, left = moved.kept
        if _kept(connection, survivor) == left:
            _put_kept(connection, survivor, mine)
        _put_kept(connection, other, theirs)
    names = columns(GuestApart)
    for one, two in moved.apart:
        connection.execute(delete(GuestApart).where(names.guest_id == one, names.other_id == two))


def _part(connection: Connection, word: str, shared: Shared, survivor: int, other: int, moved: Moved) -> None:
    table = table_of(shared.model)
    guest, key = table.c[shared.guest], table.c[shared.other]
    for chunk in chunks(moved.raised.get(word, ())):
        connection.execute(update(table).where(guest == survivor, key.in_(chunk)).values(holder=False))
    for chunk in chunks(number for number, _holder in moved.joined.get(word, ())):
        connection.execute(update(table).where(guest == survivor, key.in_(chunk)).values({shared.guest: other}))
    for row in moved.doubled.get(word, ()):
        connection.execute(insert(table).values(**_read(table, row)))


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is not as the merge left it: a word of the lists above, and which one (0: several, or none)."""

    word: str
    number: int = 0


def changed(connection: Connection, survivor: int, moved: Moved) -> Change | None:
    """What was linked otherwise since; None if all that went over can go back."""
    for word, (model, column) in OWNED.items():
        table = table_of(model)
        for chunk in chunks(moved.owned.get(word, ())):
            query = select(table.c.id).where(table.c.id.in_(chunk), table.c[column] == survivor)
            gone = {*chunk} - {*connection.execute(query).scalars()}
            if gone:
                return Change(word, min(gone))
    for word in CONTACTS:
        if _reordered(connection, word, survivor, moved):
            return Change(word)
    return next(
        (found for word, shared in SHARED.items() if (found := _parted(connection, word, shared, survivor, moved))),
        None,
    )


def _reordered(connection: Connection, word: str, survivor: int, moved: Moved) -> bool:
    """Whether the addresses or numbers were edited. One that was added at the end since does not matter."""
    _model, key = CONTACTS[word]
    now = [[row[key], row["label"]] for row in contacts_of(connection, word, survivor)]
    left = [[value, label] for value, label, _came, _place in moved.order.get(word, ())]
    return now[: len(left)] != left


def _parted(connection: Connection, word: str, shared: Shared, survivor: int, moved: Moved) -> Change | None:
    table = table_of(shared.model)
    now = {row[shared.other]: row for row in connection.execute(
        select(table).where(table.c[shared.guest] == survivor)).mappings()}  # fmt: skip
    raised = {*moved.raised.get(word, ())}
    expected = [(number, bool(holder)) for number, holder in moved.joined.get(word, ())]
    expected += [(number, True) for number in raised]
    for number, holder in expected:
        if number not in now or (shared.holder and bool(now[number]["holder"]) != holder):
            return Change(word, number)
    others = [row[shared.other] for row in moved.doubled.get(word, ())]
    if shared.holder and others:
        return next((Change(word, number) for number in others if number not in now), None)
    return None


def _written(table: Any, row: Any) -> dict[str, Any]:
    """A row as JSON, without what triggers keep."""
    return {name: plain(row[name]) for name in table.c.keys() if name != "led_by"}  # noqa: SIM118


def plain(value: Any) -> Any:
    """A column's value as JSON."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _read(table: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: revived(table.c[name], value) for name, value in row.items()}


def revived(column: Any, value: Any) -> Any:
    """A column's value from JSON."""
    if isinstance(value, str) and isinstance(column.type, UTCDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(value, str) and isinstance(column.type, Date) else value
