"""Feedback as it is read: rows of the store, and what the desk says of them (SPEC §11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, or_, select

from crm_tui.base.errors import Forbidden, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Agent, Conversation, Feedback, Guest, Reservation
from crm_tui.desk.client_base.guest_gone import refuse_erased
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Actor
from crm_tui.desk.common.permissions import Permission, may
from crm_tui.desk.quality import quality_given
from crm_tui.desk.quality.feedback_views import FeedbackView
from crm_tui.desk.quality.quality_views import GivenView
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import FeedbackKind

_F = columns(Feedback)
_A = columns(Agent)
_C = columns(Conversation)
_G = columns(Guest)
_R = columns(Reservation)
_RESOLVER = table_of(Agent).alias("resolver")

OPEN = and_(_F.kind == FeedbackKind.NEGATIVE, _F.resolved_at.is_(None), _F.removed_at.is_(None))
"""The condition that a row is a complaint that nobody resolved."""

SELECT: Select[Any] = (
    select(
        table_of(Feedback),
        _A.name.label("author"),
        _RESOLVER.c.name.label("resolver"),
        _G.surname,
        _G.given,
        _R.code.label("code_of"),
    )
    .outerjoin(Agent, _A.id == _F.author_id)
    .outerjoin(_RESOLVER, _RESOLVER.c.id == _F.resolved_by)
    .outerjoin(Guest, _G.id == _F.guest_id)
    .outerjoin(Reservation, and_(_R.id == _F.reservation_id, _R.removed_at.is_(None)))
    .outerjoin(Conversation, _C.id == _F.conversation_id)
    .where(_F.removed_at.is_(None), or_(_F.conversation_id.is_(None), scope.visible(_C.scope)))
)
"""Feedback that the actor may see: what came by a conversation is as hidden as that."""


def view(row: Row[Any], actor: Actor, given: Sequence[GivenView] = ()) -> FeedbackView:
    """A row of :data:`SELECT`, display-safe."""
    texts: dict[str, Any] = {name: display_text(getattr(row, name)) for name in ("code", "room", "employee", "emoji")}
    return FeedbackView(
        **texts,
        **{name: getattr(row, name) for name in ("id", "kind", "at", "resolved_at", "satisfaction", "created_at")},
        guest=row.guest_id,
        guest_name=display_text(f"{row.given or ''} {row.surname or ''}".strip()),
        reservation=row.reservation_id,
        code_of=display_text(row.code_of or ""),
        conversation=row.conversation_id,
        comment=display_text(row.comment, multiline=True),
        resolved_by=display_text(row.resolver or ""),
        resolution=display_text(row.resolution, multiline=True),
        author=display_text(row.author or ""),
        mine=may_change(row, actor),
        version=row.version,
        given=tuple(given),
    )


def views(connection: Connection, rows: Iterable[Row[Any]], actor: Actor) -> list[FeedbackView]:
    """Rows of :data:`SELECT` with what was given."""
    found = list(rows)
    given = quality_given.of(connection, quality_given.FEEDBACK, [row.id for row in found])
    return [view(row, actor, given.get(row.id, ())) for row in found]


def one(connection: Connection, actor: Actor, feedback_id: int) -> FeedbackView:
    """One compliment or complaint.

    Raises:
        NotFound: there is none that the agent may see.
    """
    return views(connection, [require(connection, actor, feedback_id)], actor)[0]


def require(connection: Connection, actor: Actor, feedback_id: int) -> Row[Any]:
    """A row that the agent may see.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute(SELECT.where(_F.id == feedback_id), {scope.BIND: actor.scopes}).first()
    if row is None:
        raise NotFound(_("There is no feedback {number}.").format(number=feedback_id))
    return row


def require_own(connection: Connection, actor: Actor, feedback_id: int) -> Row[Any]:
    """A row that the agent may change.

    Raises:
        Forbidden: somebody else wrote it, and the agent is no manager.
        NotFound: there is none that the agent may see.
    """
    row = require(connection, actor, feedback_id)
    if not may_change(row, actor):
        raise Forbidden(
            _("{author} wrote this down; only they or a manager can change it.").format(
                author=display_text(row.author or "") or _("Somebody else")
            ),
            _("Write what you know beside it."),
        )
    refuse_erased(connection, [row.guest_id])
    return row


def may_change(row: Row[Any], actor: Actor) -> bool:
    """Whether the agent wrote it, or is a manager."""
    return may(actor, Permission.OTHERS_WORDS) or (row.author_id == actor.id and actor.id is not None)
