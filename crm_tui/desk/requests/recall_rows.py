"""The inquiries around some days, and whether each of them may be written to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    Consent,
    Conversation,
    Draft,
    Guest,
    GuestEmail,
    Inquiry,
    InquiryGuest,
    Journal,
    Reservation,
)
from crm_tui.desk.common import scope
from crm_tui.desk.requests.recall_views import Mark, Waitlisted
from crm_tui.mail.text import display_text
from crm_tui.rules.demand import OPEN_END, Nights, free
from crm_tui.rules.mail_addresses import spellings
from crm_tui.rules.vocabulary import CLOSED, ConsentChannel, Folder, InquiryStatus, ReservationStatus

_I = columns(Inquiry)
_C = columns(Conversation)
_G = columns(Guest)
_X = columns(InquiryGuest)
_E = columns(GuestEmail)
_K = columns(Consent)
_J = columns(Journal)
_D = columns(Draft)
_R = columns(Reservation)

WAITLISTED = tuple(status for status in InquiryStatus if status not in CLOSED)
LOST = (InquiryStatus.LOST,)
AWAITED = (InquiryStatus.OFFER_SENT, InquiryStatus.WAITING)
"""Statuses in which the guest's answer is awaited."""
HOLDING = (ReservationStatus.OPTION, ReservationStatus.CONFIRMED, ReservationStatus.COMPLETED)
"""Statuses of reservations that have their nights."""
LONGEST_STAY = timedelta(days=730)


def rows(
    connection: Connection, scopes: str, first: date, last: date, statuses: Sequence[InquiryStatus]
) -> Sequence[Any]:
    """The inquiries of these statuses that could want a night from ``first`` to ``last``, by age: a few too many.

    Listed are those on the waitlist, and lost ones. Beside the inquiry's columns: its holder.
    """
    on_waitlist = exists().where(_C.inquiry_id == _I.id, _C.folder == Folder.WAITLIST, _C.merged_into.is_(None))
    newest = select(func.max(_C.id)).where(_C.inquiry_id == _I.id, _C.merged_into.is_(None)).scalar_subquery()
    query = (
        select(
            *(_I[name] for name in _SHOWN),
            newest.label("conversation"),
            _G.id.label("guest_id"),
            _G.given,
            _G.surname,
            _G.language,
        )
        .outerjoin(InquiryGuest, and_(_X.inquiry_id == _I.id, _X.holder))
        .outerjoin(Guest, _G.id == _X.guest_id)
        .where(*_around(first, last, statuses), or_(_I.status.in_((*AWAITED, *LOST)), on_waitlist))
        .order_by(_I.created_at, _I.id)
    )
    return list(connection.execute(query, {scope.BIND: scopes}).all())


def counted(
    connection: Connection,
    scopes: str,
    first: date,
    last: date,
    statuses: Sequence[InquiryStatus],
    *,
    by_channel: bool = False,
) -> Sequence[Any]:
    """How many inquiries (``number``) of these statuses ask for the same days: all that could want one of these nights.

    Args:
        by_channel: those of each ``channel`` apart.
    """
    names = ("arrival", "departure", "period_from", "period_to", "nights", *(("channel",) if by_channel else ()))
    days = tuple(_I[name] for name in names)
    booked = (_I.status == InquiryStatus.BOOKED).label("booked")
    query = select(*days, booked, func.count().label("number")).where(*_around(first, last, statuses))
    return list(connection.execute(query.group_by(*days, booked), {scope.BIND: scopes}).all())


def stays(connection: Connection, first: date, last: date, *, by_channel: bool = False) -> Sequence[Any]:
    """How many reservations (``number``) that hold have the same days: all that could have one of these nights.

    Args:
        by_channel: those of each ``channel`` apart.
    """
    days = (_R.arrival, _R.departure, *((_R.channel,) if by_channel else ()))
    arriving = and_(_R.arrival >= _near(first, -LONGEST_STAY), _R.arrival <= last)
    staying = and_(arriving, or_(_R.departure.is_(None), _R.departure > first))
    leaving = and_(_R.arrival.is_(None), _R.departure > first, _R.departure <= _near(last, LONGEST_STAY))
    query = (
        select(*days, func.count().label("number"))
        .where(_R.removed_at.is_(None), _R.status.in_(HOLDING), or_(staying, leaving))
        .group_by(*days)
    )
    return list(connection.execute(query).all())


def _around(first: date, last: date, statuses: Sequence[InquiryStatus]) -> tuple[ColumnElement[bool], ...]:
    """The conditions on inquiries that could want a night from ``first`` to ``last``."""
    far = _near(first, -LONGEST_STAY)
    stay = and_(_I.arrival >= far, _I.arrival <= last, or_(_I.departure.is_(None), _I.departure > first))
    leaving = and_(_I.arrival.is_(None), _I.departure > first, _I.departure <= _near(last, LONGEST_STAY))
    month = timedelta(days=OPEN_END)
    period = and_(
        _I.arrival.is_(None),
        or_(
            and_(_I.period_from <= last, or_(_I.period_to >= first, _I.period_to.is_(None))),
            and_(_I.period_from.is_(None), _I.period_to >= first, _I.period_to <= _near(last, month + timedelta(1))),
        ),
    )
    return _I.removed_at.is_(None), _I.status.in_(statuses), scope.visible(_I.scope), or_(stay, leaving, period)


_SHOWN = (
    *("id", "status", "lost_reason", "arrival", "departure", "period_from", "period_to"),
    *("nights", "adults", "children", "room", "created_at"),
)


def _near(day: date, span: timedelta) -> date:
    if span < timedelta(0):
        return day + span if day - date.min > -span else date.min
    return day + span if date.max - day > span else date.max


@dataclass(slots=True)
class _Known:
    """What decides whether inquiries may be written to."""

    addresses: dict[int, list[str]]
    counterparts: dict[int, str]
    consents: dict[int, date]
    writing: set[int]
    recalled: dict[int, Mark]
    written_to: set[str]


def marked(connection: Connection, wanted: Sequence[tuple[Any, Nights]], days: Nights) -> list[Waitlisted]:
    """Each inquiry with its mark; of several with one address the one that waits longest may be written to."""
    known = _known(connection, [row for row, _nights in wanted], days)
    taken = set(known.written_to)
    found = []
    for row, nights in wanted:
        address = _address(row, known)
        mark = _mark(row, address, known, taken)
        if mark is Mark.READY:
            taken.add(address.casefold())
        found.append(_view(row, nights, address, known, mark))
    return found


def _mark(row: Any, address: str, known: _Known, taken: set[str]) -> Mark:
    if row.id in known.recalled:
        return known.recalled[row.id]
    if not address:
        return Mark.NO_ADDRESS
    if row.guest_id not in known.consents:
        return Mark.NO_CONSENT
    if address.casefold() in taken:
        return Mark.SAME_ADDRESS
    return Mark.WRITING if row.conversation in known.writing else Mark.READY


def _address(row: Any, known: _Known) -> str:
    """Where the guest writes from, if that is one of the guest's addresses or the guest has none; else the guest's first."""
    own = known.addresses.get(row.guest_id, [])
    counterpart = known.counterparts.get(row.conversation, "")
    if counterpart and (not own or counterpart.casefold() in {one.casefold() for one in own}):
        return counterpart
    return own[0] if own else ""


def _view(row: Any, nights: Nights, address: str, known: _Known, mark: Mark) -> Waitlisted:
    return Waitlisted(
        row.id,
        display_text(f"{row.given or ''} {row.surname or ''}".strip()),
        display_text(address),
        row.language or "",
        row.status,
        display_text(row.lost_reason),
        nights.first,
        nights.end,
        nights.flexible,
        row.nights,
        (row.adults or 0) + len(row.children or ()),
        display_text(row.room),
        row.conversation,
        known.consents.get(row.guest_id),
        mark,
    )


def _known(connection: Connection, asked: Sequence[Any], days: Nights) -> _Known:
    guests = sorted({row.guest_id for row in asked if row.guest_id is not None})
    conversations = sorted({row.conversation for row in asked if row.conversation is not None})
    addresses, counterparts = _addresses(connection, guests), _counterparts(connection, conversations)
    everywhere = [*counterparts.values(), *(one for some in addresses.values() for one in some)]
    recalled, written_to = _recalls(connection, [row.id for row in asked], everywhere, days)
    return _Known(
        addresses,
        counterparts,
        _consents(connection, guests),
        _writing(connection, conversations),
        recalled,
        written_to,
    )


def _addresses(connection: Connection, guests: Iterable[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for chunk in chunks(guests):
        query = select(_E.guest_id, _E.address).where(_E.guest_id.in_(chunk)).order_by(_E.position, _E.id)
        for row in connection.execute(query):
            found.setdefault(row.guest_id, []).append(row.address)
    return found


def _counterparts(connection: Connection, conversations: Iterable[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for chunk in chunks(conversations):
        for row in connection.execute(select(_C.id, _C.counterpart_address).where(_C.id.in_(chunk))):
            found[row.id] = row.counterpart_address
    return found


def _consents(connection: Connection, guests: Iterable[int]) -> dict[int, date]:
    """The days on which the guests consented to mail whose last word that is."""
    found: dict[int, date] = {}
    for chunk in chunks(guests):
        query = (
            select(_K.guest_id, _K.given, _K.day)
            .where(_K.guest_id.in_(chunk), _K.channel == ConsentChannel.MAIL)
            .order_by(_K.id)
        )
        newest = {row.guest_id: row for row in connection.execute(query)}
        found |= {guest: row.day for guest, row in newest.items() if row.given}
    return found


def _writing(connection: Connection, conversations: Iterable[int]) -> set[int]:
    """The conversations in which somebody's draft is open: a second one would cross it."""
    found: set[int] = set()
    for chunk in chunks(conversations):
        query = select(_D.conversation_id).where(_D.conversation_id.in_(chunk), _D.dropped_at.is_(None))
        found.update(connection.execute(query).scalars())
    return found


def _related(connection: Connection, inquiries: Iterable[int], addresses: Iterable[str]) -> list[int]:
    """The inquiries, and all others of guests with one of the addresses."""
    found = set(inquiries)
    for chunk in chunks(sorted({one for address in addresses if address for one in spellings(address)})):
        query = (
            select(_X.inquiry_id).join(GuestEmail, _E.guest_id == _X.guest_id).where(_E.folded.in_(chunk)).distinct()
        )
        found.update(connection.execute(query).scalars())
    return sorted(found)


def _recalls(
    connection: Connection, inquiries: Sequence[int], addresses: Iterable[str], days: Nights
) -> tuple[dict[int, Mark], set[str]]:
    """The recalls for days that overlap these, which were not dropped: their inquiries, and all their addresses."""
    gone = table_of(Journal).alias("gone")
    dropped = exists().where(
        gone.c.entity == "draft", gone.c.entity_id == _J.after["draft"].as_integer(), gone.c.action == "drop"
    )
    marks: dict[int, Mark] = {}
    taken: set[str] = set()
    asked = set(inquiries)
    for chunk in chunks(_related(connection, inquiries, addresses)):
        query = (
            select(
                *(_J.entity_id, _J.after, _D.id.label("draft"), _D.dropped_at, _D.outbox_id, dropped.label("dropped"))
            )
            .outerjoin(Draft, _D.id == _J.after["draft"].as_integer())
            .where(_J.entity == "inquiry", _J.entity_id.in_(chunk), _J.action == "recall")
            .order_by(_J.id)
        )
        for row in connection.execute(query):
            recalled = free(date.fromisoformat(row.after["from"]), date.fromisoformat(row.after["to"]))
            away = row.dropped_at is not None or (row.draft is None and row.dropped)
            if away or not recalled.overlaps(days):
                continue
            taken.add(row.after["address"])
            if row.entity_id in asked:
                waits = row.draft is not None and row.outbox_id is None
                marks[row.entity_id] = Mark.DRAFTED if waits else Mark.WRITTEN
    return marks, taken
