"""Whom a reminder of a payment goes to and by which address, or why nobody can be reminded (SPEC §8).

A reminder is no advertising: a consent that was never given does not stop it, one that was withdrawn does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Consent, Guest, GuestEmail, GuestPhone, NoticeStop, Reservation, ReservationGuest
from crm_tui.desk.correspondence.mailbox import own_addresses
from crm_tui.desk.groups.mailing_choice import bounced_in, deliverable
from crm_tui.desk.groups.mailing_texts import Person, person_of
from crm_tui.desk.groups.package_search import survivors
from crm_tui.desk.watchlists.notice_views import MAIL, SMS, NoticeReason
from crm_tui.mail.automatic import unattended
from crm_tui.mail.text import display_text
from crm_tui.rules.mail_addresses import address_key

_G = columns(Guest)
_E = columns(GuestEmail)
_T = columns(GuestPhone)
_K = columns(Consent)
_S = columns(NoticeStop)
_R = columns(Reservation)
_X = columns(ReservationGuest)

_CHANNELS = {"mail": (MAIL,), "sms": (SMS,), "sms or mail": (SMS, MAIL)}
_ENOUGH = (NoticeReason.OPTED_OUT, NoticeReason.WITHDRAWN, NoticeReason.BOUNCED)
_NOTHING = (NoticeReason.NO_PHONE, NoticeReason.NO_MAIL)


class Reached(NamedTuple):
    """Where a reminder goes; with a ``reason`` it does not.

    Attributes:
        guest: None: the reservation has nobody to write to.
        address: also of one that is not written to, so that it can be shown; empty if there is none.
    """

    guest: int | None
    person: Person | None
    channel: str
    address: str
    reason: str = ""

    @property
    def name(self) -> str:
        """Whose it is, display-safe."""
        return self.person.name if self.person is not None else ""


def channels_of(mode: str) -> tuple[str, ...]:
    """The channels of the setting *notices* in the order in which they are tried; none while they are off."""
    return _CHANNELS.get(mode, ())


@dataclass(slots=True)
class _Known:
    """What is known of the guests that could be written to."""

    rows: dict[int, Row[Any]] = field(default_factory=dict)
    mails: dict[int, list[str]] = field(default_factory=dict)
    phones: dict[int, list[str]] = field(default_factory=dict)
    withdrawn: set[tuple[int, str]] = field(default_factory=set)
    stopped: set[str] = field(default_factory=set)
    stopped_guests: set[int] = field(default_factory=set)
    bounced: set[str] = field(default_factory=set)
    own: frozenset[str] = frozenset()


def reach(
    connection: Connection, bookings: Mapping[int, int | None], channels: Sequence[str], *, bounces: bool = True
) -> dict[int, Reached]:
    """Whom the reminders of reservations go to.

    Args:
        bookings: reservation to the company that pays, or None.
        channels: tried in this order.
        bounces: look for delivery reports, too.
    """
    whom = _whom(connection, bookings)
    known = _known(connection, sorted({one for some in whom.values() for one in some}), channels, bounces)
    return {booking: _best(known, whom[booking], channels) for booking in bookings}


def wanted(connection: Connection, guest: int | None, channel: str, address: str, *, bounces: bool = True) -> str:
    """Why an address that a reminder was meant for gets none as things stand now, as a stored reason; empty if it does."""
    if guest is None or not survivors(connection, [guest]):
        return NoticeReason.ERASED
    alive = survivors(connection, [guest])[0]
    known = _known(connection, [alive], (channel,), bounces)
    row = known.rows.get(alive)
    if row is None or row.erased_at is not None:
        return NoticeReason.ERASED
    mine = known.mails if channel == MAIL else known.phones
    if _key(channel, address) not in {_key(channel, one) for one in mine.get(alive, ())}:
        return NoticeReason.NO_MAIL if channel == MAIL else NoticeReason.NO_PHONE
    return _unwanted(known, alive, channel, address)


def pays(connection: Connection, reservation: int, guest: int | None) -> bool:
    """Whether a reservation's reminders may still go to this guest: its company that pays, or its holder. Erased ones are
    told by :func:`wanted`."""
    company = connection.execute(select(_R.company_id).where(_R.id == reservation)).scalar()
    alive = survivors(connection, [guest]) if guest is not None else []
    return not alive or alive[0] in _whom(connection, {reservation: company})[reservation]


def _whom(connection: Connection, bookings: Mapping[int, int | None]) -> dict[int, list[int]]:
    """Reservation to those who may be written to, in order: the company that pays, then the holder."""
    holders: dict[int, int] = {}
    for chunk in chunks(bookings):
        query = select(_X.reservation_id, _X.guest_id).where(_X.reservation_id.in_(chunk), _X.holder)
        holders |= {row.reservation_id: row.guest_id for row in connection.execute(query)}
    return {
        booking: survivors(connection, [one for one in (company, holders.get(booking)) if one is not None])
        for booking, company in bookings.items()
    }


def _known(connection: Connection, guests: Sequence[int], channels: Sequence[str], bounces: bool) -> _Known:
    known = _Known(own=own_addresses(connection))
    names = ("id", "given", "surname", "language", "erased_at")
    for chunk in chunks(guests):
        found = connection.execute(select(*(_G[name] for name in names)).where(_G.id.in_(chunk)))
        known.rows |= {row.id: row for row in found}
        mails = select(_E.guest_id, _E.address).where(_E.guest_id.in_(chunk)).order_by(_E.position, _E.id)
        for row in connection.execute(mails):
            known.mails.setdefault(row.guest_id, []).append(row.address)
        phones = select(_T.guest_id, _T.number).where(_T.guest_id.in_(chunk)).order_by(_T.position, _T.id)
        for row in connection.execute(phones):
            known.phones.setdefault(row.guest_id, []).append(row.number)
        said = select(_K.guest_id, _K.channel, _K.given).where(_K.guest_id.in_(chunk)).order_by(_K.id)
        newest = {(row.guest_id, row.channel): bool(row.given) for row in connection.execute(said)}
        known.withdrawn |= {one for one, given in newest.items() if not given}
        stops = select(_S.guest_id).where(_S.guest_id.in_(chunk), _S.address == "", _S.removed_at.is_(None))
        known.stopped_guests |= set(connection.execute(stops).scalars())
    keys = sorted(
        {_key(MAIL, one) for some in known.mails.values() for one in some}
        | {one for some in known.phones.values() for one in some}
    )
    for some in chunks(keys):
        stopped = select(_S.address).where(_S.address.in_(some), _S.removed_at.is_(None))
        known.stopped |= set(connection.execute(stopped).scalars())
    if bounces and MAIL in channels:
        known.bounced = bounced_in(connection, sorted({one for one in keys if "@" in one}))
    return known


def _best(known: _Known, guests: Iterable[int], channels: Sequence[str]) -> Reached:
    """The first that can be written to; else the first that tells more than that there is no address.

    Who wants no reminders, or whose mail came back, does not leave them to whoever comes next.
    """
    tried: list[Reached] = []
    for guest in guests:
        own = [_try(known, guest, channel) for channel in channels]
        tried += own
        for one in own:
            if not one.reason:
                return one
        if any(one.reason in _ENOUGH for one in own):
            break
    telling = [one for one in tried if one.reason not in _NOTHING]
    first = channels[0] if channels else MAIL
    return next(iter((*telling, *tried)), Reached(None, None, first, "", NoticeReason.NO_GUEST))


def _try(known: _Known, guest: int, channel: str) -> Reached:
    row = known.rows.get(guest)
    if row is None or row.erased_at is not None:
        return Reached(None, None, channel, "", NoticeReason.ERASED)
    addresses = known.mails.get(guest, []) if channel == MAIL else known.phones.get(guest, [])
    usable, fault = _usable(known, channel, addresses)
    address = next(iter((*usable, *addresses)), "")
    reason = fault if not usable else ""
    stopped = [one for one in addresses if _key(channel, one) in known.stopped]
    if guest in known.stopped_guests or stopped:
        reason = NoticeReason.OPTED_OUT  # no other address of theirs is tried instead
        address = next(iter(stopped), address)
    elif (guest, channel) in known.withdrawn:
        reason = NoticeReason.WITHDRAWN
    return Reached(guest, person_of(row, address), channel, display_text(address), reason)


def _usable(known: _Known, channel: str, addresses: Sequence[str]) -> tuple[list[str], str]:
    """The addresses that can be written to, and why there is none."""
    if not addresses:
        return [], NoticeReason.NO_MAIL if channel == MAIL else NoticeReason.NO_PHONE
    if channel == SMS:
        return [one for one in addresses if takes_sms(one)], NoticeReason.NO_MOBILE
    reason: str = NoticeReason.WRONG
    usable = []
    for one in addresses:
        if not deliverable(one):
            continue
        if address_key(one) in known.own or unattended(one):
            reason = NoticeReason.AUTOMATIC
        elif address_key(one) in known.bounced:
            reason = NoticeReason.BOUNCED
        else:
            usable.append(one)
    return usable, reason


def _unwanted(known: _Known, guest: int, channel: str, address: str) -> str:
    key = _key(channel, address)
    if guest in known.stopped_guests or key in known.stopped:
        return NoticeReason.OPTED_OUT
    if (guest, channel) in known.withdrawn:
        return NoticeReason.WITHDRAWN
    if channel == MAIL and (key in known.own or unattended(address)):
        return NoticeReason.AUTOMATIC
    return NoticeReason.BOUNCED if key in known.bounced else ""


def _key(channel: str, address: str) -> str:
    return address_key(address) if channel == MAIL else address


def takes_sms(number: str) -> bool:
    """Whether a kept number may be that of a mobile; those of a country that does not tell them apart may."""
    from phonenumbers import NumberParseException, PhoneNumberType, number_type, parse

    try:
        kind = number_type(parse(number, None))
    except NumberParseException:
        return False
    return kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.UNKNOWN)
