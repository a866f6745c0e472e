"""Feedback in lists: the overview, the open complaints, those of a guest or of a reservation (SPEC §11)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, or_, select

from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Feedback, Property
from crm_tui.desk import reservation_rows, scope
from crm_tui.desk.context import Actor, Context
from crm_tui.desk.feedback_rows import OPEN, SELECT, views
from crm_tui.desk.feedback_views import FeedbackPage, FeedbackQuery, FeedbackView, Show
from crm_tui.desk.writing import zone
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.quality import shown_since
from crm_tui.rules.vocabulary import FeedbackKind

_F = columns(Feedback)
_P = columns(Property)

LIMIT = 200
MOST = 2000
"""Rows of a list on a screen."""
_STEP = 500


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
    return list(overview(ctx, FeedbackQuery(show=show, kind=kind), limit=limit).rows)


def overview(ctx: Context, query: FeedbackQuery, *, limit: int | None = MOST) -> FeedbackPage:
    """Feedback as the overview shows it: what is open, and what was resolved since the property's midnight.

    Resolved feedback leaves the page at the first midnight of the property after it was resolved, or as many midnights later
    as the property wishes; compliments need nothing, and leave as if they were resolved when they were said.

    Args:
        limit: how many rows at most; None: all.
    """
    with ctx.store.connect() as connection:
        statement = _ordered(_shown(connection, ctx, query), query)
        rows = connection.execute(statement, {scope.BIND: ctx.actor.scopes})
        found: list[Row[Any]] = []
        more = False
        for row in _matching(rows.yield_per(_STEP), query):
            more = limit is not None and len(found) >= limit
            if more:
                break
            found.append(row)
        rows.close()
        return FeedbackPage(tuple(views(connection, found, ctx.actor)), more)


def _shown(connection: Connection, ctx: Context, query: FeedbackQuery) -> Select[Any]:
    statement = SELECT
    for name in ("kind", "code", "employee"):
        if wanted := getattr(query, name):
            statement = statement.where(_F[name] == wanted)
    if query.show == Show.OPEN:
        return statement.where(OPEN)
    if query.show == Show.RESOLVED:
        return statement.where(_F.resolved_at.is_not(None))
    if query.show == Show.PAGE:
        days = connection.execute(select(_P.resolved_days).order_by(_P.id).limit(1)).scalar() or 0
        since = shown_since(ctx.clock.now(), zone(connection), days)
        if since is not None:
            praised = and_(_F.kind == FeedbackKind.POSITIVE, _F.at >= since)
            return statement.where(or_(OPEN, _F.resolved_at >= since, praised))
    return statement


def _ordered(statement: Select[Any], query: FeedbackQuery) -> Select[Any]:
    order = query.order or ("oldest" if query.show == Show.OPEN else "newest")
    if order == "oldest":
        return statement.order_by(_F.at, _F.id)
    if order == "code":
        return statement.order_by(_F.code == "", _F.code, _F.at.desc(), _F.id.desc())
    if order == "room":
        return statement.order_by(_F.room == "", _F.room, _F.at.desc(), _F.id.desc())
    return statement.order_by(_F.at.desc(), _F.id.desc())


def _matching(rows: Iterator[Row[Any]] | Any, query: FeedbackQuery) -> Iterator[Row[Any]]:
    """Rows in which every word of the text stands, whatever case and accents."""
    words = fold_text(query.text).split()
    for row in rows:
        if words:
            texts = (row.given, row.surname, row.room, row.code, row.employee, row.comment, row.resolution, row.code_of)
            whole = fold_text(" ".join(text for text in texts if text))
            if not all(word in whole for word in words):
                continue
        yield row


def of_guest(ctx: Context, guest_id: int) -> list[FeedbackView]:
    """The feedback of a guest and of those who were merged into the profile, the newest first.

    Raises:
        NotFound: there is no such guest.
    """
    from crm_tui.desk.guest_whole import whole

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
