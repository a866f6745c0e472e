"""Whom of a package a mailing may be sent to, and why not the others (SPEC §6). Never given is no consent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, or_, select

from crm_tui.base.errors import InvalidInput
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    Consent,
    Conversation,
    Guest,
    GuestEmail,
    Mailing,
    MailingItem,
    Message,
    OutboxItem,
    PackageGuest,
)
from crm_tui.desk.correspondence.addresses import is_address
from crm_tui.desk.groups.mailing_texts import Filling, Texts, person_of
from crm_tui.desk.groups.mailing_views import Reason, Whom
from crm_tui.mail.outgoing_headers import ascii_address
from crm_tui.mail.text import display_text
from crm_tui.rules.mail_addresses import address_key, spellings
from crm_tui.rules.vocabulary import Direction, MailingItemState, MailingState, OutboxState

_G = columns(Guest)
_E = columns(GuestEmail)
_K = columns(Consent)
_X = columns(PackageGuest)
_C = columns(Conversation)
_M = columns(Message)
_L = columns(Mailing)
_I = columns(MailingItem)
_O = columns(OutboxItem)

_SHOWN = ("id", "given", "surname", "language", "archived_at", "erased_at", "folded")


class Had(NamedTuple):
    """Who has something, by guest and by the key of the address."""

    guests: frozenset[int] = frozenset()
    addresses: frozenset[str] = frozenset()

    def has(self, guest: int, address: str) -> bool:
        """Whether the guest or whoever else reads the mailbox is among them."""
        return guest in self.guests or address_key(address) in self.addresses


@dataclass(slots=True)
class _Known:
    """What decides, read at once for all guests."""

    rows: list[Row[Any]]
    addresses: dict[int, list[str]] = field(default_factory=dict)
    consenting: set[int] = field(default_factory=set)
    bounced: set[str] = field(default_factory=set)
    had: Had = field(default_factory=lambda: Had())
    coming: Had = field(default_factory=lambda: Had())


def judge(
    connection: Connection,
    filling: Filling,
    texts: Texts,
    *,
    package_id: int,
    channel: str,
    again: bool = False,
) -> tuple[list[Whom], int]:
    """Every guest of a package by name, with the reason why not where there is one; and how many had the text already.

    Args:
        again: write also to those who had it.
    """
    known = _known(connection, package_id, channel, texts.templates)
    taken: dict[str, str] = {}
    found: list[Whom] = []
    had = 0
    for row in known.rows:
        address, reason = _address(row, known)
        key = address_key(address)
        if not reason and known.coming.has(row.id, address):
            reason = Reason.COMING
        if not reason and known.had.has(row.id, address):
            had += 1
            reason = "" if again else Reason.HAD_IT
        if not reason and key in taken:
            reason = f"{Reason.SAME_ADDRESS}: {taken[key]}"
        name = display_text(f"{row.given} {row.surname}".strip())
        if not reason:
            reason = filling.fault(person_of(row, address))
        if not reason:
            taken[key] = name
        found.append(Whom(row.id, name, display_text(address), texts.language_for(row.language), str(reason)))
    return found, had


def _address(row: Row[Any], known: _Known) -> tuple[str, str]:
    """Where a guest is written to, and why not if not."""
    own = known.addresses.get(row.id, [])
    usable = [one for one in own if deliverable(one)]
    fine = [one for one in usable if address_key(one) not in known.bounced]
    address = next(iter((*fine, *usable, *own)), "")
    if row.erased_at is not None:
        return "", Reason.ERASED
    if row.archived_at is not None:
        return address, Reason.ARCHIVED
    if row.id not in known.consenting:
        return address, Reason.NO_CONSENT
    if not own:
        return "", Reason.NO_ADDRESS
    if not usable:
        return address, Reason.WRONG_ADDRESS
    return address, "" if fine else Reason.BOUNCED


def deliverable(address: str) -> bool:
    """Whether a mail can be sent there as far as its form tells."""
    if not is_address(address):
        return False
    try:
        ascii_address(address)
    except InvalidInput:
        return False
    return True


def _known(connection: Connection, package_id: int, channel: str, templates: Collection[int]) -> _Known:
    query = select(*(_G[name] for name in _SHOWN)).join(PackageGuest, _X.guest_id == _G.id)
    query = query.where(_X.package_id == package_id, _G.merged_into.is_(None)).order_by(_G.folded, _G.id)
    known = _Known(list(connection.execute(query).all()))
    guests = [row.id for row in known.rows]
    for chunk in chunks(guests):
        mails = select(_E.guest_id, _E.address).where(_E.guest_id.in_(chunk)).order_by(_E.position, _E.id)
        for row in connection.execute(mails):
            known.addresses.setdefault(row.guest_id, []).append(row.address)
        known.consenting |= consenting(connection, chunk, channel)
    every = sorted({address_key(one) for some in known.addresses.values() for one in some})
    known.bounced = bounced_in(connection, every)
    known.had = had_already(connection, templates)
    known.coming = coming_in(connection, templates)
    return known


def consenting(connection: Connection, guests: Sequence[int], channel: str) -> set[int]:
    """Those whose last word on a channel is yes."""
    query = select(_K.guest_id, _K.given).where(_K.guest_id.in_(list(guests)), _K.channel == channel).order_by(_K.id)
    newest = {row.guest_id: bool(row.given) for row in connection.execute(query)}
    return {guest for guest, given in newest.items() if given}


def had_already(
    connection: Connection,
    templates: Collection[int],
    *,
    besides: int | None = None,
    since: datetime | None = None,
    who: tuple[int, str] | None = None,
) -> Had:
    """Who got one of these templates by a mailing, or may have got it.

    Args:
        besides: a mailing that is not looked at.
        since: only what became of their mails after this instant.
        who: only this guest and address.
    """
    got = or_(
        _I.state == MailingItemState.SENT, and_(_I.state == MailingItemState.FAILED, _I.reason == Reason.UNCERTAIN)
    )
    return _had(connection, templates, got if since is None else and_(got, _I.changed_at > since), besides, who)


def coming_in(
    connection: Connection,
    templates: Collection[int],
    *,
    besides: int | None = None,
    waiting: bool = True,
    who: tuple[int, str] | None = None,
) -> Had:
    """Who is about to get one of these templates by a mailing under way. They are never written to by another one.

    Args:
        besides: a mailing that is not looked at.
        waiting: also those whose turn has not come; else only those whose mail is queued.
        who: only this guest and address.
    """
    states = [MailingItemState.QUEUED, *((MailingItemState.WAITING,) if waiting else ())]
    live = _L.state.in_((MailingState.RUNNING, MailingState.PAUSED))
    on_its_way = _I.state == MailingItemState.QUEUED  # settled also where the mailing is over by then
    return _had(connection, templates, and_(_I.state.in_(states), or_(live, on_its_way)), besides, who)


def _had(
    connection: Connection,
    templates: Collection[int],
    how: ColumnElement[bool],
    besides: int | None,
    who: tuple[int, str] | None,
) -> Had:
    query = select(_I.guest_id, _I.folded).join(Mailing, _L.id == _I.mailing_id)
    query = query.where(_L.template_id.in_(list(templates)), how)
    if besides is not None:
        query = query.where(_L.id != besides)
    if who is not None:
        query = query.where(or_(_I.guest_id == who[0], _I.folded.in_(sorted(spellings(who[1])))))
    found = connection.execute(query).all()
    return Had(frozenset(row.guest_id for row in found), frozenset(address_key(row.folded) for row in found) - {""})


def bounced_in(connection: Connection, addresses: Sequence[str]) -> set[str]:
    """The addresses that mail came back from, or that a server refused in a mailing, and that wrote nothing since.

    Args:
        addresses: keys, as what is returned.
    """
    found: set[str] = set()
    later = table_of(Message).alias("later")
    wrote = exists().where(
        later.c.conversation_id == _C.id, later.c.direction == Direction.IN, later.c.automatic == "", later.c.at > _M.at
    )
    wanted = set(addresses)
    for chunk in chunks(sorted(set().union(*map(spellings, wanted)))):
        back = (
            select(_C.counterpart_address)
            .join(Message, _M.conversation_id == _C.id)
            .where(
                func.lower(_C.counterpart_address).in_(chunk),
                _M.direction == Direction.IN,
                _M.automatic == "bounce",
                ~wrote,
            )
        )
        found.update(address_key(one) for one in connection.execute(back).scalars())
    found |= _returned(connection, wanted)
    refused = (
        select(_I.folded, _O.refused)
        .join(OutboxItem, _O.id == _I.outbox_id)
        .where(_I.state == MailingItemState.FAILED, _O.state == OutboxState.FAILED)
    )
    keys = {address_key(row.folded) for row in connection.execute(refused) if row.refused}
    return found | (keys & wanted)


def _returned(connection: Connection, wanted: set[str]) -> set[str]:
    """The addresses whose mail from here came back: the notice stands in the conversation, which is then called after it."""
    query = (
        select(_O.recipients, func.max(_M.at).label("at"))
        .join(Message, _M.conversation_id == _O.conversation_id)
        .where(_O.state == OutboxState.SENT, _M.direction == Direction.IN, _M.automatic == "bounce")
        .group_by(_O.id)
    )
    back: dict[str, datetime] = {}
    for row in connection.execute(query):
        key = address_key(row.recipients[0]) if len(row.recipients) == 1 else ""  # of several nobody knows whose it was
        if key in wanted:
            back[key] = max(row.at, back.get(key, row.at))
    wrote: set[str] = set()
    for chunk in chunks(sorted(set().union(*map(spellings, back)))):
        since = select(_C.counterpart_address, _C.last_in_at).where(func.lower(_C.counterpart_address).in_(chunk))
        for row in connection.execute(since.where(_C.last_in_at.is_not(None))):
            key = address_key(row.counterpart_address)
            if row.last_in_at > back[key]:
                wrote.add(key)
    return back.keys() - wrote
