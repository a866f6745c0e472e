"""Whom of a package a mailing may be sent to, and why not the others (SPEC §6). Never given is no consent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, func, or_, select

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
from crm_tui.desk.addresses import is_address
from crm_tui.desk.mailing_texts import Filling, Texts, person_of
from crm_tui.desk.mailing_views import Reason, Whom
from crm_tui.mail.outgoing_headers import ascii_address
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import Direction, MailingItemState, OutboxState

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


@dataclass(slots=True)
class _Known:
    """What decides, read at once for all guests."""

    rows: list[Row[Any]]
    addresses: dict[int, list[str]] = field(default_factory=dict)
    consenting: set[int] = field(default_factory=set)
    bounced: set[str] = field(default_factory=set)
    had_guests: set[int] = field(default_factory=set)
    had_addresses: set[str] = field(default_factory=set)


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
        if not reason and (row.id in known.had_guests or address.lower() in known.had_addresses):
            had += 1
            reason = "" if again else Reason.HAD_IT
        if not reason and address.lower() in taken:
            reason = f"{Reason.SAME_ADDRESS}: {taken[address.lower()]}"
        name = display_text(f"{row.given} {row.surname}".strip())
        if not reason:
            reason = filling.fault(person_of(row, address))
        if not reason:
            taken[address.lower()] = name
        found.append(Whom(row.id, name, display_text(address), texts.language_for(row.language), str(reason)))
    return found, had


def _address(row: Row[Any], known: _Known) -> tuple[str, str]:
    """Where a guest is written to, and why not if not."""
    own = known.addresses.get(row.id, [])
    usable = [one for one in own if deliverable(one)]
    fine = [one for one in usable if one.lower() not in known.bounced]
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
    every = sorted({one.lower() for some in known.addresses.values() for one in some})
    known.bounced = _bounced(connection, every)
    known.had_guests, known.had_addresses = had_already(connection, templates, guests, every)
    return known


def consenting(connection: Connection, guests: Sequence[int], channel: str) -> set[int]:
    """Those whose last word on a channel is yes."""
    query = select(_K.guest_id, _K.given).where(_K.guest_id.in_(list(guests)), _K.channel == channel).order_by(_K.id)
    newest = {row.guest_id: bool(row.given) for row in connection.execute(query)}
    return {guest for guest, given in newest.items() if given}


def had_already(
    connection: Connection, templates: Collection[int], guests: Iterable[int], addresses: Iterable[str]
) -> tuple[set[int], set[str]]:
    """The guests and addresses that got one of these templates by a mailing, may have got it, or are about to."""
    about_to = and_(
        _I.state.in_((MailingItemState.WAITING, MailingItemState.QUEUED)), _L.state.in_(("running", "paused"))
    )
    got = or_(
        _I.state == MailingItemState.SENT,
        and_(_I.state == MailingItemState.FAILED, _I.reason == Reason.UNCERTAIN),
        about_to,
    )
    query = select(_I.guest_id, _I.folded).join(Mailing, _L.id == _I.mailing_id)
    query = query.where(_L.template_id.in_(list(templates)), got)
    wanted, places = set(guests), set(addresses)
    found = connection.execute(query).all()
    return {row.guest_id for row in found} & wanted, {row.folded for row in found} & places


def _bounced(connection: Connection, addresses: Sequence[str]) -> set[str]:
    """The addresses that mail came back from, or that a server refused in a mailing, and that wrote nothing since."""
    found: set[str] = set()
    later = table_of(Message).alias("later")
    wrote = exists().where(
        later.c.conversation_id == _C.id, later.c.direction == Direction.IN, later.c.automatic == "", later.c.at > _M.at
    )
    for chunk in chunks(addresses):
        back = (
            select(_C.counterpart_address)
            .join(Message, _M.conversation_id == _C.id)
            .where(_C.counterpart_address.in_(chunk), _M.direction == Direction.IN, _M.automatic == "bounce", ~wrote)
        )
        found.update(one.lower() for one in connection.execute(back).scalars())
    found |= _returned(connection, set(addresses))
    refused = (
        select(_I.folded, _O.refused)
        .join(OutboxItem, _O.id == _I.outbox_id)
        .where(_I.state == MailingItemState.FAILED, _O.state == OutboxState.FAILED)
    )
    wanted = set(addresses)
    found.update(row.folded for row in connection.execute(refused) if row.refused and row.folded in wanted)
    return found


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
        if len(row.recipients) == 1 and row.recipients[0].lower() in wanted:  # of several nobody knows whose it was
            address = row.recipients[0].lower()
            back[address] = max(row.at, back.get(address, row.at))
    wrote: set[str] = set()
    for chunk in chunks(sorted(back)):
        since = select(_C.counterpart_address, _C.last_in_at).where(_C.counterpart_address.in_(chunk))
        for row in connection.execute(since.where(_C.last_in_at.is_not(None))):
            if row.last_in_at > back[row.counterpart_address]:
                wrote.add(row.counterpart_address)
    return back.keys() - wrote
