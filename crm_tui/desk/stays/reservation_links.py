"""Which conversations are about a reservation: those of its inquiry, and those that somebody linked by hand (SPEC §7)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update

from crm_tui.base.errors import Conflict, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, Reservation, ReservationGuest
from crm_tui.desk.client_base.guest_mail import conversations_of
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.views import ConversationRow
from crm_tui.desk.conversations import folders
from crm_tui.desk.correspondence.reading import survivor
from crm_tui.desk.histories.history_words import says
from crm_tui.desk.stays import reservation_talks
from crm_tui.desk.stays.reservation_rows import row_in, rows_of
from crm_tui.desk.stays.reservation_views import ReservationRow
from crm_tui.mail.text import display_text

_C = columns(Conversation)
_H = columns(ReservationGuest)
_R = columns(Reservation)

MOST = 500
"""Conversations that are offered to be linked."""


def link(ctx: Context, reservation_id: int, conversation_ids: Iterable[int]) -> int:
    """Say that conversations are about a reservation; returns how many are new to it.

    One that was merged away stands for the one it was merged into.

    Raises:
        Conflict: one is about another reservation.
        NotFound: there is no such reservation, or no such conversation for the agent.
    """
    asked = list(dict.fromkeys(conversation_ids))
    with ctx.write() as tx:
        scope.require_conversations(tx.connection, tx.actor.scopes, asked)
        row_in(tx.connection, reservation_id)
        wanted = list(dict.fromkeys(survivor(tx.connection, one) for one in asked))
        scope.require_conversations(tx.connection, tx.actor.scopes, wanted)
        return sum(_link_one(tx, reservation_id, one) for one in wanted)


def _link_one(tx: Transaction, reservation_id: int, conversation: int) -> bool:
    names = (_C.id, _C.subject, _C.reservation_id, _R.code)
    query = select(*names).outerjoin(Reservation, (_R.id == _C.reservation_id) & _R.removed_at.is_(None))
    row = tx.connection.execute(query.where(_C.id == conversation)).first()
    if row is None:
        raise NotFound(_("There is no conversation {number}.").format(number=conversation))
    if row.reservation_id == reservation_id:
        return False
    if row.code is not None:
        raise Conflict(
            _("“{subject}” is about reservation {code} already.").format(
                subject=display_text(row.subject), code=display_text(row.code)
            ),
            _("Take it out of that one first."),
        )
    _set(tx, conversation, "link reservation", row.reservation_id, reservation_id)
    return True


def unlink(ctx: Context, reservation_id: int, conversation_ids: Iterable[int]) -> int:
    """Take back that conversations are about a reservation; returns how many were linked by hand.

    Raises:
        Conflict: one belongs to it through its inquiry alone.
        NotFound: there is no such reservation, or no such conversation for the agent.
    """
    asked = list(dict.fromkeys(conversation_ids))
    with ctx.write() as tx:
        scope.require_conversations(tx.connection, tx.actor.scopes, asked)
        row = row_in(tx.connection, reservation_id)
        found = 0
        for one in dict.fromkeys(survivor(tx.connection, number) for number in asked):
            query = select(_C.reservation_id, _C.inquiry_id, _C.subject).where(_C.id == one)
            talk = tx.connection.execute(query).first()
            if talk is not None and talk.reservation_id == reservation_id:
                _set(tx, one, "unlink reservation", reservation_id, None)
                found += 1
            elif talk is not None and talk.inquiry_id is not None and talk.inquiry_id == row.inquiry_id:
                raise Conflict(
                    _("“{subject}” belongs to inquiry {number}, from which the reservation was made.").format(
                        subject=display_text(talk.subject), number=row.inquiry_id
                    ),
                    _("Take it out of the inquiry instead."),
                )
        return found


def _set(tx: Transaction, conversation: int, action: str, before: int | None, after: int | None) -> None:
    change = update(Conversation).where(_C.id == conversation)
    tx.connection.execute(change.values(reservation_id=after, version=_C.version + 1))
    told: Any = ({"reservation_id": before}, {"reservation_id": after})
    tx.journal("conversation", conversation, action, *told, undoable=True)


def of_conversation(ctx: Context, conversation_id: int) -> int | None:
    """The reservation that a conversation is about: as somebody said, else the newest of its inquiry; None: none is."""
    with ctx.store.connect() as connection:
        return reservation_talks.reservation_of(connection, ctx.actor.scopes, conversation_id)


def of_inquiry(ctx: Context, inquiry_id: int) -> list[ReservationRow]:
    """The reservations that were made from an inquiry, the newest first.

    Raises:
        NotFound: there is no such inquiry that the agent may see.
    """
    with ctx.store.connect() as connection:
        scope.require_inquiries(connection, ctx.actor.scopes, [inquiry_id])
        query = select(_R.id).where(_R.inquiry_id == inquiry_id, _R.removed_at.is_(None)).order_by(_R.id.desc())
        return rows_of(connection, list(connection.execute(query).scalars()))


def candidates(ctx: Context, reservation_id: int) -> list[ConversationRow]:
    """Conversations of the reservation's guests that are about no reservation yet, the newest first.

    Raises:
        NotFound: there is no such reservation.
    """
    with ctx.store.connect() as connection:
        row = row_in(connection, reservation_id)
        guests = list(connection.execute(select(_H.guest_id).where(_H.reservation_id == reservation_id)).scalars()) + (
            [row.company_id] if row.company_id is not None else []
        )
        there = set(connection.execute(reservation_talks.talks_of(reservation_id), _bind(ctx)).scalars())
        mine = [one for one in conversations_of(connection, ctx.actor, guests) if one not in there]
        free = select(_C.id).where(_C.id.in_(mine[-MOST:]), _C.reservation_id.is_(None))
        ids = list(connection.execute(free).scalars())
    rows = folders.rows_of(ctx, ids).values()
    return sorted(rows, key=lambda one: (one.last_at, one.id), reverse=True)


def _bind(ctx: Context) -> dict[str, str]:
    return {scope.BIND: ctx.actor.scopes}


says("conversation", "link reservation", lambda _b, _a: _("linked it with a reservation"))
says("conversation", "unlink reservation", lambda _b, _a: _("took it out of a reservation"))
