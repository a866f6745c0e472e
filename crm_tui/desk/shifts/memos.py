"""Memos: what agents write down for each other on a thing of the desk. Never sent, never quoted (SPEC §1)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Agent, Conversation, Inquiry, Memo
from crm_tui.desk.client_base import guests
from crm_tui.desk.client_base.guest_gone import refuse_erased
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.common.permissions import Permission, may
from crm_tui.desk.common.storable import storable
from crm_tui.desk.correspondence import reading
from crm_tui.desk.merges.guest_merging import survivor_in
from crm_tui.desk.requests.inquiry_rows import plain, row_in
from crm_tui.desk.requests.inquiry_views import MemoView
from crm_tui.desk.stays import reservation_talks
from crm_tui.mail.text import display_text

_M = columns(Memo)
_A = columns(Agent)
_C = columns(Conversation)
_I = columns(Inquiry)

LARGEST = 1_000_000
"""Letters of a memo."""


def add(
    ctx: Context,
    text: str,
    *,
    inquiry: int | None = None,
    conversation: int | None = None,
    guest: int | None = None,
    reservation: int | None = None,
) -> int:
    """Write a memo on one thing; returns its number. The text is kept whole, without what no store takes.

    Raises:
        InvalidInput: it is empty or too long, or it is on nothing or on several things.
        NotFound: what it is on is not there, or the agent may not see it.
    """
    text = _checked(text)
    if sum(one is not None for one in (inquiry, conversation, guest, reservation)) != 1:
        raise InvalidInput(_("A memo is on one inquiry, conversation, guest or reservation."))
    with ctx.write() as tx:
        conversation = require_subject(tx.connection, ctx.actor, inquiry, conversation, guest, reservation=reservation)
        guest = None if guest is None else survivor_in(tx.connection, guest)
        on = {"inquiry_id": inquiry, "conversation_id": conversation, "guest_id": guest, "reservation_id": reservation}
        values = {**on, "author_id": tx.actor.id, "text": text, "created_at": tx.now}
        made = new_id(tx.connection.execute(insert(Memo).values(**values)))
        tx.journal("memo", made, "create", None, on, undoable=True)
        return made


def edit(ctx: Context, memo_id: int, version: int, text: str) -> MemoView:
    """Change the text of a memo.

    Raises:
        Forbidden: somebody else wrote it, and the agent is no manager.
        Conflict: it was changed since; nothing was overwritten.
        InvalidInput: the text is empty or too long.
        NotFound: there is none that the agent may see.
    """
    text = _checked(text)
    with ctx.write() as tx:
        row = _own(tx.connection, tx.actor, memo_id)
        if row.version != version:
            raise Conflict(_("This memo was changed meanwhile; nothing was overwritten."), _("Look at it again."))
        if row.text != text:
            values = {"text": text, "edited_at": tx.now}
            tx.connection.execute(update(Memo).where(_M.id == memo_id).values(**values, version=_M.version + 1))
            before = {"text": row.text, "edited_at": plain(row.edited_at)}
            tx.journal("memo", memo_id, "change", before, {"text": text, "edited_at": plain(tx.now)}, undoable=True)
        return _view(_row(tx.connection, ctx.actor, memo_id), ctx.actor)


def remove(ctx: Context, memo_id: int) -> None:
    """Take a memo away; the journal keeps that it was there.

    Raises:
        Forbidden: somebody else wrote it, and the agent is no manager.
        NotFound: there is none that the agent may see.
    """
    with ctx.write() as tx:
        _own(tx.connection, tx.actor, memo_id)
        tx.connection.execute(update(Memo).where(_M.id == memo_id).values(removed_at=tx.now, version=_M.version + 1))
        tx.journal("memo", memo_id, "remove", {"removed_at": None}, {"removed_at": plain(tx.now)}, undoable=True)


def get(ctx: Context, memo_id: int) -> MemoView:
    """One memo.

    Raises:
        NotFound: there is none that the agent may see.
    """
    with ctx.store.connect() as connection:
        return _view(_row(connection, ctx.actor, memo_id), ctx.actor)


def listed(
    ctx: Context,
    *,
    inquiry: int | None = None,
    conversation: int | None = None,
    guest: int | None = None,
    reservation: int | None = None,
) -> list[MemoView]:
    """The memos on a thing, oldest first. An inquiry shows those on its conversations too, and they show its.

    A reservation shows those on its inquiry and its conversations too, as far as the agent may see them.

    Raises:
        NotFound: the thing is not there, or the agent may not see it.
    """
    with ctx.store.connect() as connection:
        conversation = require_subject(
            connection, ctx.actor, inquiry, conversation, guest, reservation=reservation, to_read=True
        )
        return listed_in(
            connection, ctx.actor, inquiry=inquiry, conversation=conversation, guest=guest, reservation=reservation
        )


def listed_in(
    connection: Connection,
    actor: Actor,
    *,
    inquiry: int | None = None,
    conversation: int | None = None,
    guest: int | None = None,
    reservation: int | None = None,
) -> list[MemoView]:
    """:func:`listed` on a connection that reads more, for a thing that the actor may see.

    What is on another thing that belongs to it is asked for its own scope.
    """
    conditions: list[Any] = []
    seen = {scope.BIND: actor.scopes}
    if conversation is not None:
        conditions.append(_M.conversation_id == conversation)
        query = select(_I.id).join(Conversation, _C.inquiry_id == _I.id).where(_C.id == conversation)
        if inquiry is None:
            inquiry = connection.execute(query.where(scope.visible(_I.scope)), seen).scalar()
    if inquiry is not None:
        conditions.append(_M.inquiry_id == inquiry)
    if inquiry is not None and conversation is None:
        talks = select(_C.id).where(_C.inquiry_id == inquiry, scope.visible(_C.scope))
        conditions.append(_M.conversation_id.in_(talks))
    if guest is not None:
        conditions.append(_M.guest_id == guest)
    if reservation is not None:
        conditions += reservation_talks.notes_on(_M, reservation)
    if not conditions:
        return []
    rows = connection.execute(_SELECT.where(or_(*conditions), _M.removed_at.is_(None)).order_by(_M.id), seen)
    return [_view(row, actor) for row in rows]


_SELECT = select(table_of(Memo), _A.name.label("author")).outerjoin(Agent, _A.id == _M.author_id)


def require_subject(
    connection: Connection,
    actor: Actor,
    inquiry: int | None,
    conversation: int | None,
    guest: int | None,
    *,
    reservation: int | None = None,
    to_read: bool = False,
    archived: bool = False,
) -> int | None:
    """Refuse what is not there or what the actor may not see.

    Args:
        to_read: guests who are archived or erased do too.
        archived: those who are archived do, as whoever is put away may stay again.

    Returns:
        The conversation, or the one that it was merged into.

    Raises:
        NotFound: so it is.
        Gone: the guest was erased.
    """
    if inquiry is not None:
        row_in(connection, inquiry, actor.scopes)
    if conversation is not None:
        scope.require_conversations(connection, actor.scopes, [conversation])
        alive = reading.survivor(connection, conversation)
        if not scope.sees_conversation(connection, actor.scopes, alive):
            raise NotFound(_("There is no conversation {number}.").format(number=conversation))
        conversation = alive
    if guest is not None:
        guests.require(connection, guest, archived=to_read or archived, erased=to_read)
    reservation_talks.require(connection, reservation)
    return conversation


def _checked(text: str) -> str:
    text = storable(text)
    if not text.strip():
        raise InvalidInput(_("The memo is empty."), field="text")
    if len(text) > LARGEST:
        raise InvalidInput(
            _("This memo has {n} letters; {most} fit.").format(n=len(text), most=LARGEST),
            _("Nothing was cut and nothing was saved; write it as two."),
            "text",
        )
    return text


def _row(connection: Connection, actor: Actor, memo_id: int) -> Row[Any]:
    row = connection.execute(_SELECT.where(_M.id == memo_id, _M.removed_at.is_(None))).first()
    missing = NotFound(_("There is no memo {number}.").format(number=memo_id))
    if row is None:
        raise missing
    try:
        require_subject(connection, actor, row.inquiry_id, row.conversation_id, row.guest_id, to_read=True)
    except NotFound:
        raise missing from None
    return row


def _own(connection: Connection, actor: Actor, memo_id: int) -> Row[Any]:
    row = _row(connection, actor, memo_id)
    if not _may_change(row, actor):
        raise Forbidden(
            _("{author} wrote this memo; only they or a manager can change it.").format(
                author=display_text(row.author or "") or _("Somebody else")
            ),
            _("Write one of your own."),
        )
    refuse_erased(connection, [row.guest_id])
    return row


def _may_change(row: Row[Any], actor: Actor) -> bool:
    return may(actor, Permission.OTHERS_WORDS) or (row.author_id == actor.id and actor.id is not None)


def _view(row: Row[Any], actor: Actor) -> MemoView:
    return MemoView(
        id=row.id,
        text=display_text(row.text, multiline=True),
        author=display_text(row.author or ""),
        author_id=row.author_id,
        created_at=row.created_at,
        edited_at=row.edited_at,
        inquiry=row.inquiry_id,
        conversation=row.conversation_id,
        guest=row.guest_id,
        reservation=row.reservation_id,
        mine=_may_change(row, actor),
        version=row.version,
    )
