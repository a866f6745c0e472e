"""Which conversations belong to an inquiry: each to one at most, seen by whoever may see the inquiry (SPEC §4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row, select, update

from crm_tui.base.errors import Conflict, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, Inquiry
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.correspondence.reading import survivor
from crm_tui.desk.requests.inquiry_rows import row_in
from crm_tui.mail.text import display_text

_I = columns(Inquiry)
_C = columns(Conversation)


def of_conversation(ctx: Context, conversation_id: int) -> int | None:
    """The inquiry of a conversation that the agent may see."""
    with ctx.store.connect() as connection:
        talk = survivor(connection, conversation_id)
        query = select(_I.id).join(Conversation, _C.inquiry_id == _I.id).where(_C.id == talk)
        query = query.where(scope.visible(_C.scope), scope.visible(_I.scope))
        found = connection.execute(query, {scope.BIND: ctx.actor.scopes}).scalar()
    return int(found) if found is not None else None


def link(ctx: Context, inquiry_id: int, conversation_ids: Iterable[int]) -> int:
    """Let conversations belong to an inquiry; returns how many are new to it. They are seen by whoever may see it.

    One that was merged away stands for the one it was merged into.

    Raises:
        Conflict: one belongs to another inquiry.
        NotFound: one is not there, or the inquiry is not.
    """
    with ctx.write() as tx:
        row_in(tx.connection, inquiry_id, ctx.actor.scopes)
        return link_in(tx, inquiry_id, conversation_ids)


def link_in(tx: Transaction, inquiry_id: int, conversation_ids: Iterable[int]) -> int:
    """:func:`link` within a transaction that does more."""
    asked = list(dict.fromkeys(conversation_ids))
    if not asked:
        return 0
    scope.require_conversations(tx.connection, tx.actor.scopes, asked)
    wanted = _alive(tx, asked)
    scope.require_conversations(tx.connection, tx.actor.scopes, wanted)
    now_seen = tx.connection.execute(select(_I.scope).where(_I.id == inquiry_id)).scalar_one()
    query = select(_C.id, _C.subject, _C.inquiry_id, _C.scope).where(_C.id.in_(wanted), _C.merged_into.is_(None))
    rows = {row.id: row for row in tx.connection.execute(query)}
    for one in wanted:
        if one not in rows:
            raise NotFound(_("There is no conversation {number}.").format(number=one))
        if rows[one].inquiry_id not in (None, inquiry_id):
            raise Conflict(
                _("“{subject}” belongs to inquiry {number} already.").format(
                    subject=display_text(rows[one].subject), number=rows[one].inquiry_id
                ),
                _("Take it out of that one first."),
            )
    fresh = [row for row in rows.values() if row.inquiry_id is None]
    for row in fresh:
        _set_conversation(tx, row, "link", {"inquiry_id": inquiry_id})
    scope.apply_in(tx, inquiry_id, now_seen)
    return len(fresh)


def unlink(ctx: Context, inquiry_id: int, conversation_ids: Iterable[int]) -> int:
    """Take conversations out of an inquiry; returns how many were in it.

    Raises:
        Conflict: the inquiry is not seen by everyone, and they would be from then on.
        NotFound: there is none that the agent may see.
    """
    with ctx.write() as tx:
        refuse_to_publish(row_in(tx.connection, inquiry_id, ctx.actor.scopes))
        return unlink_in(tx, inquiry_id, conversation_ids)


def refuse_to_publish(row: Row[Any]) -> None:
    """Refuse to take an inquiry from its conversations while it is not seen by everyone."""
    if row.scope:
        raise Conflict(
            _("Inquiry {number} is not seen by everyone, and its conversations would be.").format(number=row.id),
            _("Show it to everyone first."),
        )


def unlink_in(tx: Transaction, inquiry_id: int, conversation_ids: Iterable[int]) -> int:
    """:func:`unlink` within a transaction that does more."""
    query = select(_C.id, _C.inquiry_id, _C.scope).where(
        _C.id.in_(_alive(tx, conversation_ids)), _C.inquiry_id == inquiry_id
    )
    rows = tx.connection.execute(query).all()
    for row in rows:
        _set_conversation(tx, row, "unlink", {"inquiry_id": None, "scope": ""})
    scope.follow_in(tx, [row.id for row in rows], "")
    return len(rows)


def _alive(tx: Transaction, conversation_ids: Iterable[int]) -> list[int]:
    """The conversations that stand for these today."""
    return list(dict.fromkeys(survivor(tx.connection, one) for one in conversation_ids))


def _set_conversation(tx: Transaction, row: Row[Any], action: str, values: Mapping[str, Any]) -> None:
    changed = {name: value for name, value in values.items() if value != getattr(row, name)}
    tx.connection.execute(update(Conversation).where(_C.id == row.id).values(**changed, version=_C.version + 1))
    tx.journal("conversation", row.id, action, {name: getattr(row, name) for name in changed}, changed, undoable=True)
