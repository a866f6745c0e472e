"""The guests of an inquiry and its holder: exactly one, a person (SPEC §1, §4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Inquiry, InquiryGuest
from crm_tui.desk import guests
from crm_tui.desk.context import Context, Transaction
from crm_tui.desk.inquiry_rows import row_in, view_in
from crm_tui.desk.inquiry_views import InquiryView
from crm_tui.desk.undo_registry import Row as Step
from crm_tui.desk.undo_registry import special
from crm_tui.rules.vocabulary import GuestKind

_H = columns(InquiryGuest)
_I = columns(Inquiry)


def add(ctx: Context, inquiry_id: int, guest_id: int) -> InquiryView:
    """Add a guest; the first person becomes the holder. One who is there already stays as they are.

    Raises:
        NotFound: there is no such inquiry or guest.
    """
    with ctx.write() as tx:
        row_in(tx.connection, inquiry_id, ctx.actor.scopes)
        _add(tx, inquiry_id, guest_id)
        return view_in(tx.connection, inquiry_id, ctx.actor)


def add_new(ctx: Context, inquiry_id: int, values: Mapping[str, Any]) -> InquiryView:
    """Make a guest and add it, as one command.

    Raises:
        InvalidFields: a field of the guest is not usable.
        NotFound: there is no such inquiry.
    """
    with ctx.write() as tx:
        row_in(tx.connection, inquiry_id, ctx.actor.scopes)
        _add(tx, inquiry_id, guests.create_in(tx, values))
        return view_in(tx.connection, inquiry_id, ctx.actor)


def remove(ctx: Context, inquiry_id: int, guest_id: int, new_holder: int | None = None) -> InquiryView:
    """Take a guest out; the client base keeps them.

    Args:
        new_holder: who is the holder instead, if it was the holder who goes.

    Raises:
        InvalidInput: the holder goes and others stay, so say who follows; ``field`` is ``holder``.
        NotFound: the guest is not in the inquiry.
    """
    with ctx.write() as tx:
        row_in(tx.connection, inquiry_id, ctx.actor.scopes)
        before = state(tx.connection, inquiry_id)
        _require(before, guest_id)
        after = {number: holder for number, holder in before.items() if number != guest_id}
        if before[guest_id] and _persons(tx.connection, after):
            if new_holder is None:
                raise InvalidInput(
                    _("The holder goes: say who is the holder now."), _("Choose one of the other guests."), "holder"
                )
            _require(after, new_holder)
            guests.require_person(tx.connection, new_holder)
            after = {number: number == new_holder for number in after}
        _store(tx, inquiry_id, "remove guest", before, after)
        return view_in(tx.connection, inquiry_id, ctx.actor)


def set_holder(ctx: Context, inquiry_id: int, guest_id: int) -> InquiryView:
    """Make a guest of the inquiry its holder.

    Raises:
        InvalidInput: it is a company.
        NotFound: the guest is not in the inquiry.
    """
    with ctx.write() as tx:
        row_in(tx.connection, inquiry_id, ctx.actor.scopes)
        before = state(tx.connection, inquiry_id)
        _require(before, guest_id)
        guests.require_person(tx.connection, guest_id)
        _store(tx, inquiry_id, "holder", before, {number: number == guest_id for number in before})
        return view_in(tx.connection, inquiry_id, ctx.actor)


def state(connection: Connection, inquiry_id: int) -> dict[int, bool]:
    """The guests of an inquiry, and whether each is the holder."""
    query = select(_H.guest_id, _H.holder).where(_H.inquiry_id == inquiry_id).order_by(_H.guest_id)
    return {guest: bool(holder) for guest, holder in connection.execute(query)}


def put_in(tx: Transaction, inquiry_id: int, wanted: Mapping[int, bool]) -> None:
    """Make the guests of an inquiry exactly these."""
    tx.connection.execute(delete(InquiryGuest).where(_H.inquiry_id == inquiry_id))
    rows = [{"inquiry_id": inquiry_id, "guest_id": guest, "holder": holder} for guest, holder in wanted.items()]
    if rows:
        tx.connection.execute(insert(InquiryGuest), rows)


def _add(tx: Transaction, inquiry_id: int, guest_id: int) -> None:
    guest = guests.require(tx.connection, guest_id)
    guest_id = guest.id
    before = state(tx.connection, inquiry_id)
    if guest_id in before:
        return
    first = not any(before.values()) and guest.kind == GuestKind.PERSON
    _store(tx, inquiry_id, "add guest", before, {**before, guest_id: first})


def _store(
    tx: Transaction, inquiry_id: int, action: str, before: Mapping[int, bool], after: Mapping[int, bool]
) -> None:
    if before == after:
        return
    put_in(tx, inquiry_id, after)
    tx.connection.execute(update(Inquiry).where(_I.id == inquiry_id).values(updated_at=tx.now, version=_I.version + 1))
    tx.journal("inquiry", inquiry_id, action, {"guests": _written(before)}, {"guests": _written(after)}, undoable=True)


def _written(guests_of: Mapping[int, bool]) -> list[list[int]]:
    """As the journal keeps it: the number of each guest, and 1 for the holder."""
    return [[number, int(holder)] for number, holder in sorted(guests_of.items())]


def _require(present: Mapping[int, bool], guest_id: int) -> None:
    if guest_id not in present:
        raise NotFound(_("Guest {number} is not in this inquiry.").format(number=guest_id))


def _persons(connection: Connection, present: Mapping[int, bool]) -> bool:
    """Whether one of them could be the holder."""
    return any(guests.require(connection, one).kind == GuestKind.PERSON for one in present)


def _undo(tx: Transaction, step: Step) -> None:
    """The guests as they were.

    Raises:
        Conflict: they are not as the command left them.
    """
    now = _written(state(tx.connection, step.entity_id))
    if now != (step.after or {}).get("guests"):
        raise Conflict(_("The guests of inquiry {number} were changed since.").format(number=step.entity_id))
    put_in(tx, step.entity_id, {number: bool(holder) for number, holder in (step.before or {})["guests"]})
    tx.connection.execute(update(Inquiry).where(_I.id == step.entity_id).values(version=_I.version + 1))


for _action in ("add guest", "remove guest", "holder"):
    special("inquiry", _action, _undo)
