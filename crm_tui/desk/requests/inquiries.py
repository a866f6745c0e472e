"""Inquiries: made from mail, phone or counter, changed, followed to their end (SPEC §4).

What a status does: a closing one (booked, lost, cancelled) stamps ``closed_at``. ``booked`` moves the inquiry's
conversations to Booked; ``lost`` and ``cancelled`` move those without an open turn to Done, so that nobody's question is put
away unanswered. Spam stays where it is. All of it is one command, taken back as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, insert, select

from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, new_id
from crm_tui.data.tables import Conversation, Guest, Inquiry, InquiryGuest
from crm_tui.desk.client_base import guests
from crm_tui.desk.client_base.guest_mail import linked_to
from crm_tui.desk.client_base.guest_words import alive
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Actor, Context, Transaction
from crm_tui.desk.conversations import triage
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.requests.inquiry_checking import checked, columns_of, refuse_clashes, today
from crm_tui.desk.requests.inquiry_faults import InvalidFields, words
from crm_tui.desk.requests.inquiry_links import link, link_in, of_conversation, refuse_to_publish, unlink, unlink_in
from crm_tui.desk.requests.inquiry_lists import counts, page, position, row_in_list, total
from crm_tui.desk.requests.inquiry_rows import conversations_of, plain, row_in, view_in, write
from crm_tui.desk.requests.inquiry_views import InquiryView
from crm_tui.rules.inquiry_checks import DAYS, FIELDS, check
from crm_tui.rules.vocabulary import CLOSED, Folder, GuestKind, InquiryStatus

if TYPE_CHECKING:
    from crm_tui.desk.requests.inquiry_origin import Origin

__all__ = ["counts", "link", "of_conversation", "page", "position", "row_in_list", "total", "unlink"]

_I = columns(Inquiry)
_C = columns(Conversation)
_G = columns(Guest)

PLANNED_DAYS = 3
"""A new inquiry should be dealt with within so many days, unless it is told otherwise."""


def get(ctx: Context, inquiry_id: int) -> InquiryView:
    """One inquiry, whole.

    Raises:
        NotFound: there is none that the agent may see.
    """
    with ctx.store.connect() as connection:
        return view_in(connection, inquiry_id, ctx.actor)


def validate(values: Mapping[str, Any], day: date, before: InquiryView | None = None) -> dict[str, str]:
    """What is wrong with values of a form, a sentence for each field; empty if nothing is.

    Args:
        day: today at the property.
        before: the inquiry that is being changed.
    """
    return words(check(values, day, columns_of(before) if before else None).faults.values())


def create(
    ctx: Context,
    values: Mapping[str, Any],
    *,
    guest: int | Mapping[str, Any] | None = None,
    conversations: Iterable[int] = (),
) -> int:
    """Take down a new inquiry; returns its number.

    Args:
        values: fields as :func:`crm_tui.rules.inquiry_checks.check` takes them; handler and scope in words.
        guest: the holder: the number of a guest, or the values of a new one (its surname is required).
        conversations: those that belong to it.

    Raises:
        InvalidFields: a field is not usable, or there is no guest; nothing was stored.
        NotFound: the guest or a conversation is not there.
    """
    if guest is None:
        raise InvalidFields({"surname": _("Say whose inquiry it is: a surname is enough.")})
    with ctx.write() as tx:
        clean = checked(tx, ctx, values, None)
        made = create_in(tx, clean)
        person = guest if isinstance(guest, int) else guests.create_in(tx, guest)
        add_guest_in(tx, made, person, holder=True)
        link_in(tx, made, conversations)
        return made


def create_in(tx: Transaction, clean: Mapping[str, Any], proposed: Mapping[str, str] | None = None) -> int:
    """Store checked columns as a new inquiry, within a transaction."""
    day = tx.now.astimezone(zone(tx.connection)).date()
    row = {
        "children": [],
        "planned_end": day + timedelta(days=PLANNED_DAYS),
        "handler_id": tx.actor.id,
        "scope": "",
    } | dict(clean)
    row |= {"created_by": tx.actor.id, "created_at": tx.now, "updated_at": tx.now, "proposed": dict(proposed or {})}
    if row.get("status") in CLOSED:
        row["closed_at"] = tx.now
    made = new_id(tx.connection.execute(insert(Inquiry).values(**row)))
    tx.journal("inquiry", made, "create", None, {name: plain(row[name]) for name in clean}, undoable=True)
    return made


def from_conversation(ctx: Context, conversation_id: int, values: Mapping[str, Any] | None = None) -> int:
    """Make the inquiry of a conversation, with what its mail says as proposals; returns its number.

    A conversation of Inbox, Done or Spam goes to Inquiries; one that waits for the guest or is booked stays there. The
    guest is found by the sender's address, else made. One that has an inquiry already keeps it. One that was merged away
    stands for the one it was merged into.

    Args:
        values: fields that are known, as for :func:`create`: no proposal overrules them. An inquiry that is there already
            is changed to them.

    Raises:
        InvalidFields: a field is not usable; nothing was stored.
        NotFound: there is no such conversation that the agent may see.
    """
    from crm_tui.desk.requests import inquiry_origin

    origin = inquiry_origin.look(ctx, conversation_id)
    if origin.inquiry is not None and not values:
        return origin.inquiry
    with ctx.write() as tx:
        return _take_up(tx, ctx, origin, values or {})


def _take_up(tx: Transaction, ctx: Context, origin: Origin, values: Mapping[str, Any]) -> int:
    query = select(_C.inquiry_id, _C.folder, _C.assignee_id).where(_C.id == origin.conversation)
    row = tx.connection.execute(query).one()
    if row.inquiry_id is not None:  # another desk may have been faster
        if values:
            there = row_in(tx.connection, row.inquiry_id, ctx.actor.scopes)
            _set_in(tx, ctx, there, there.version, values)
        return int(row.inquiry_id)
    given = checked(tx, ctx, values, None)
    clean, sources = _with_proposed(origin, given, today(tx.connection, ctx))
    usual = {"channel": origin.channel, "handler_id": row.assignee_id or tx.actor.id}
    made = create_in(tx, {**usual, **clean}, proposed=sources)
    known = _whose(tx, origin)
    add_guest_in(tx, made, known if known is not None else _newcomer(tx, origin.person), holder=True)
    link_in(tx, made, [origin.conversation])
    if clean.get("status") in CLOSED:
        _put_away(tx, [origin.conversation], clean["status"])
    elif row.folder in {Folder.INBOX, Folder.DONE, Folder.SPAM}:
        triage.move_in(tx, [origin.conversation], Folder.INQUIRIES)
    return made


def _with_proposed(origin: Origin, given: Mapping[str, Any], day: date) -> tuple[dict[str, Any], dict[str, str]]:
    """The columns of a new inquiry: what is given, and of what the mail states what agrees with it; and the words for that."""
    told = {name: value for name, value in given.items() if name in FIELDS}
    stated: Mapping[str, Any] = {name: value for name, value in origin.values.items() if name not in told}
    found = check({**stated, **told}, day)
    if found.faults.keys() & told.keys():
        stated = {name: value for name, value in stated.items() if name not in (*DAYS, "nights")}
        found = check({**stated, **told}, day)
    kept = {name: value for name, value in found.values.items() if name not in found.faults and name not in told}
    worked_out = origin.sources.get("nights") or origin.sources.get("arrival") or origin.sources.get("departure", "")
    return {**kept, **given}, {name: origin.sources.get(name, worked_out) for name in kept}


def _whose(tx: Transaction, origin: Origin) -> int | None:
    """The person whose conversation it is: whom an agent named, else who has the address; nobody who was put away."""
    found = linked_to(tx.connection, origin.conversation)
    if not found and origin.address:
        found = guests.by_address_in(tx.connection, origin.address)
    query = select(_G.id).where(_G.id.in_(found), _G.kind == GuestKind.PERSON.value, *alive())
    persons = frozenset(tx.connection.execute(query).scalars())
    return next((one for one in found if one in persons), None)


def _newcomer(tx: Transaction, person: Mapping[str, Any]) -> int:
    """The guest a mail is from; what of it cannot be stored, such as a broken address, is left out."""
    try:
        return guests.create_in(tx, person)
    except InvalidFields as error:
        return guests.create_in(tx, {name: value for name, value in person.items() if name not in error.errors})


def set(ctx: Context, inquiry_id: int, version: int, values: Mapping[str, Any]) -> InquiryView:  # noqa: A001
    """Change fields of an inquiry. What others changed since in other fields stays as they left it.

    Args:
        version: the one the agent started from.

    Raises:
        InvalidFields: a field is not usable; nothing was stored.
        Stale: somebody changed one of these fields to something else since; nothing was stored.
        NotFound: there is none that the agent may see.
    """
    with ctx.write() as tx:
        row = row_in(tx.connection, inquiry_id, ctx.actor.scopes)
        clean = _set_in(tx, ctx, row, version, values)
        return view_in(tx.connection, inquiry_id, _seeing(tx, clean))


def set_in(tx: Transaction, ctx: Context, inquiry_id: int, values: Mapping[str, Any]) -> None:
    """:func:`set` within a command that does more, from the inquiry as it stands.

    Raises:
        NotFound: there is none that the agent may see.
    """
    row = row_in(tx.connection, inquiry_id, ctx.actor.scopes)
    _set_in(tx, ctx, row, row.version, values)


def _set_in(tx: Transaction, ctx: Context, row: Row[Any], version: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """:func:`set` within a transaction that does more; returns the checked columns. A proposal that is said again is
    confirmed by that."""
    clean = checked(tx, ctx, values, row)
    changed = {name: value for name, value in clean.items() if value != getattr(row, name)}
    if changed:
        refuse_clashes(tx, row, version, changed)
    proposed = row.proposed or {}
    kept = {name: words for name, words in proposed.items() if name not in changed and name not in values}
    if changed:
        _change(tx, row, changed if kept == proposed else {**changed, "proposed": kept})
    elif kept != proposed:
        write(tx, row, "accept", {"proposed": kept})
    return clean


def _seeing(tx: Transaction, clean: Mapping[str, Any]) -> Actor:
    """Who looks at the result: the agent, also at what was just given to another alone."""
    from dataclasses import replace

    given = clean.get("scope", "")
    return replace(tx.actor, inherited=(*tx.actor.inherited, given)) if given else tx.actor


def accept(ctx: Context, inquiry_id: int, fields: Iterable[str] | None = None) -> InquiryView:
    """Take proposals over: they are no longer marked; None takes all of them."""
    return _settle(ctx, inquiry_id, fields, keep=True)


def reject(ctx: Context, inquiry_id: int, fields: Iterable[str] | None = None) -> InquiryView:
    """Drop proposals: the fields become empty again; None drops all of them."""
    return _settle(ctx, inquiry_id, fields, keep=False)


def _settle(ctx: Context, inquiry_id: int, fields: Iterable[str] | None, *, keep: bool) -> InquiryView:
    with ctx.write() as tx:
        row = row_in(tx.connection, inquiry_id, ctx.actor.scopes)
        proposed = dict(row.proposed or {})
        chosen = [name for name in (proposed if fields is None else fields) if name in proposed]
        if chosen:
            changed: dict[str, Any] = {"proposed": {k: v for k, v in proposed.items() if k not in chosen}}
            if not keep:
                changed |= {name: _EMPTY.get(name) for name in chosen}
            write(tx, row, "accept" if keep else "reject", changed)
        return view_in(tx.connection, inquiry_id, ctx.actor)


_EMPTY: dict[str, Any] = {
    "children": [],
    **dict.fromkeys(("room", "destination", "board", "airport", "preferences", "budget_currency"), ""),
}


def remove(ctx: Context, inquiry_id: int) -> None:
    """Take an inquiry out of every list, as one made by mistake; its conversations stay, without it.

    Raises:
        Conflict: it is not seen by everyone, and its conversations would be from then on.
        NotFound: there is none that the agent may see.
    """
    with ctx.write() as tx:
        row = row_in(tx.connection, inquiry_id, ctx.actor.scopes)
        refuse_to_publish(row)
        unlink_in(tx, inquiry_id, conversations_of(tx.connection, inquiry_id))
        write(tx, row, "remove", {"removed_at": tx.now})


def add_guest_in(tx: Transaction, inquiry_id: int, guest_id: int, *, holder: bool) -> None:
    """Put the first guest into a new inquiry; later ones: :mod:`crm_tui.desk.requests.inquiry_guests`."""
    guest = (guests.require_person if holder else guests.require)(tx.connection, guest_id)
    tx.connection.execute(insert(InquiryGuest).values(inquiry_id=inquiry_id, guest_id=guest.id, holder=holder))


def after_move_in(tx: Transaction, inquiry_ids: Iterable[int], folder: str) -> None:
    """What moving conversations means for their inquiries: on the Waitlist, one that was worked on waits for its guest."""
    if folder != Folder.WAITLIST:
        return
    working = (InquiryStatus.NEW.value, InquiryStatus.IN_PROGRESS.value, InquiryStatus.OFFER_SENT.value)
    for chunk in chunks(inquiry_ids):
        query = select(_I.id, _I.status).where(_I.id.in_(chunk), _I.status.in_(working), _I.removed_at.is_(None))
        for row in tx.connection.execute(query).all():
            write(tx, row, "change", {"status": InquiryStatus.WAITING.value})


def _change(tx: Transaction, row: Row[Any], changed: dict[str, Any]) -> None:
    """Store changed columns with what follows from them."""
    status = changed.get("status", row.status)
    if "status" in changed and (status in CLOSED) != (row.closed_at is not None):
        changed["closed_at"] = tx.now if status in CLOSED else None
    if status != InquiryStatus.LOST and row.lost_reason and "status" in changed:
        changed["lost_reason"] = ""
    write(tx, row, "change", changed)
    talks = conversations_of(tx.connection, row.id)
    if "scope" in changed:
        scope.apply_in(tx, row.id, changed["scope"])
    if "status" in changed and status in CLOSED:
        _put_away(tx, talks, status)


def _put_away(tx: Transaction, conversation_ids: list[int], status: str) -> None:
    query = select(_C.id, _C.waiting_since).where(_C.id.in_(conversation_ids), _C.folder != Folder.SPAM)
    rows = tx.connection.execute(query).all()
    if status == InquiryStatus.BOOKED:
        triage.move_in(tx, [row.id for row in rows], Folder.BOOKED)
    else:
        triage.move_in(tx, [row.id for row in rows if row.waiting_since is None], Folder.DONE)
