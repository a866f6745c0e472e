"""Feedback in lists: the overview, the open complaints, those of a guest or of a reservation (SPEC §11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, union_all

from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Feedback, Property
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.quality.feedback_rows import OPEN, SELECT, views
from crm_tui.desk.quality.feedback_views import FeedbackQuery, FeedbackView, Show
from crm_tui.desk.quality.quality_walks import QualityList
from crm_tui.desk.stays import reservation_rows
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.quality import shown_since
from crm_tui.rules.vocabulary import FeedbackKind

_F = columns(Feedback)
_P = columns(Property)

LIMIT = 200


def open_page(
    ctx: Context, *, after: tuple[datetime, int] | None = None, limit: int | None = LIMIT
) -> list[FeedbackView]:
    """The complaints that nobody resolved, the oldest first.

    Args:
        after: ``at`` and ``id`` of the last one that is known.
    """
    with ctx.store.connect() as connection:
        return open_in(connection, ctx.actor, after=after, limit=limit)


def open_in(
    connection: Connection, actor: Actor, *, after: tuple[datetime, int] | None = None, limit: int | None = LIMIT
) -> list[FeedbackView]:
    """:func:`open_page` on a connection that reads more."""
    query = SELECT.where(OPEN).order_by(_F.at, _F.id).limit(limit)
    if after is not None:
        query = query.where(or_(_F.at > after[0], and_(_F.at == after[0], _F.id > after[1])))
    return views(connection, connection.execute(query, {scope.BIND: actor.scopes}), actor)


def open_count(ctx: Context) -> int:
    """How many complaints nobody resolved."""
    with ctx.store.connect() as connection:
        return open_count_in(connection, ctx.actor)


def open_count_in(connection: Connection, actor: Actor) -> int:
    """:func:`open_count` on a connection that reads more."""
    query = select(func.count()).select_from(table_of(Feedback)).where(OPEN, scope.of_visible(_F.conversation_id))
    return int(connection.execute(query, {scope.BIND: actor.scopes}).scalar_one())


def listed(ctx: Context, show: str = Show.PAGE, *, kind: str = "", limit: int | None = LIMIT) -> list[FeedbackView]:
    """Feedback: the open complaints the oldest first, the page and everything the newest first.

    Args:
        show: see :class:`Show`.
        kind: only positive or only negative.
    """
    return FeedbackList(FeedbackQuery(show=show, kind=kind)).page(ctx, limit=limit)


class FeedbackList(QualityList[FeedbackView]):
    """Feedback as the overview shows it: what is open, and what was resolved since the property's midnight.

    Resolved feedback leaves the page at the first midnight of the property after it was resolved, or as many midnights later
    as the property wishes; compliments need nothing, and leave as if they were resolved when they were said.
    """

    def __init__(self, query: FeedbackQuery) -> None:
        super().__init__(_F, query.order or ("oldest" if query.show == Show.OPEN else "newest"), query.text)
        self.query = query

    def _where(self, connection: Connection, ctx: Context) -> list[ColumnElement[bool]]:
        query = self.query
        found: list[ColumnElement[bool]] = [_F.removed_at.is_(None), scope.of_visible(_F.conversation_id)]
        found += [_F[name] == wanted for name in ("kind", "code", "employee") if (wanted := getattr(query, name))]
        if query.show == Show.OPEN:
            found.append(OPEN)
        elif query.show == Show.RESOLVED:
            found.append(_F.resolved_at.is_not(None))
        elif (since := self._since(connection, ctx)) is not None:
            found.append(_F.id.in_(_on_page(since)))
        return found

    def _since(self, connection: Connection, ctx: Context) -> datetime | None:
        """The instant from which on what was resolved is on the page; None: all that was ever resolved is."""
        if self.query.show != Show.PAGE:
            return None
        days = connection.execute(select(_P.resolved_days).order_by(_P.id).limit(1)).scalar() or 0
        return shown_since(ctx.clock.now(), zone(connection), days)

    def _short(self, connection: Connection, ctx: Context) -> bool:
        return self._since(connection, ctx) is not None

    def _views(self, connection: Connection, ctx: Context, ids: Sequence[int]) -> list[FeedbackView]:
        return views(
            connection, connection.execute(SELECT.where(_F.id.in_(ids)), {scope.BIND: ctx.actor.scopes}), ctx.actor
        )


def _on_page(since: datetime) -> Any:
    """What is open, or was resolved or praised since: each answered by an index of its own."""
    parts = (OPEN, _F.resolved_at >= since, and_(_F.kind == FeedbackKind.POSITIVE, _F.at >= since))
    return union_all(*(select(_F.id).where(part, _F.removed_at.is_(None)) for part in parts))


def of_guest(ctx: Context, guest_id: int) -> list[FeedbackView]:
    """The feedback of a guest and of those who were merged into the profile, the newest first.

    Raises:
        NotFound: there is no such guest.
    """
    from crm_tui.desk.client_base.guest_whole import whole

    with ctx.store.connect() as connection:
        _alive, everyone = whole(connection, guest_id)
        query = SELECT.where(_F.guest_id.in_(everyone)).order_by(_F.at.desc(), _F.id.desc())
        return views(connection, connection.execute(query, {scope.BIND: ctx.actor.scopes}), ctx.actor)


def of_reservation(ctx: Context, reservation_id: int) -> list[FeedbackView]:
    """The feedback on a reservation, the newest first.

    Raises:
        NotFound: there is no such reservation.
    """
    with ctx.store.connect() as connection:
        reservation_rows.row_in(connection, reservation_id)
        query = SELECT.where(_F.reservation_id == reservation_id).order_by(_F.at.desc(), _F.id.desc())
        return views(connection, connection.execute(query, {scope.BIND: ctx.actor.scopes}), ctx.actor)


def codes(ctx: Context) -> list[str]:
    """What feedback was about so far, the most frequent first: offered when one is written."""
    seen = scope.of_visible(_F.conversation_id)
    query = select(_F.code, func.count()).where(_F.removed_at.is_(None), _F.code != "", seen).group_by(_F.code)
    with ctx.store.connect() as connection:
        rows = connection.execute(
            query.order_by(func.count().desc(), _F.code).limit(100), {scope.BIND: ctx.actor.scopes}
        )
        return [display_text(row[0]) for row in rows]


def employees(ctx: Context, team: Sequence[str] = ()) -> list[str]:
    """Whom feedback can be about: the team, then whom it was about so far and who is not of the team."""
    seen = scope.of_visible(_F.conversation_id)
    query = select(_F.employee, func.count()).where(_F.removed_at.is_(None), _F.employee != "", seen)
    with ctx.store.connect() as connection:
        rows = connection.execute(
            query.group_by(_F.employee).order_by(func.count().desc(), _F.employee).limit(100),
            {scope.BIND: ctx.actor.scopes},
        )
        known = [display_text(row[0]) for row in rows]
    folded = {fold_text(name) for name in team}
    return [*team, *(name for name in known if fold_text(name) not in folded)]
