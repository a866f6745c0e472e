"""Presence: which agent has what open, told live to the other desks (SPEC §3). There is no lock.

A desk has one row at most, while it shows a conversation or an inquiry. It beats every :data:`BEAT`; a row that was not
beaten for :data:`EXPIRY` counts no more, so that a desk that was killed is forgotten. Nothing of it is journaled, and no
write waits for the disk: what a power cut takes is over anyway.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, insert, or_, select, update

from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Agent, Conversation, Inquiry, Presence
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.shifts.internal_views import Others, PresenceView
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import Doing

BEAT = timedelta(seconds=10)
"""How often a desk says that it is still there."""
EXPIRY = timedelta(seconds=30)
"""How long after its last beat a desk still counts."""

_P = columns(Presence)
_A = columns(Agent)
_C = columns(Conversation)
_I = columns(Inquiry)


def enter(
    ctx: Context,
    session: str,
    *,
    conversation: int | None = None,
    inquiry: int | None = None,
    doing: str = Doing.VIEWING,
) -> None:
    """A desk has something open from now on; what it had open before is left. With nothing named it only leaves.

    Saying the same again is a heartbeat: it keeps since when. A desk that reads only, and one without an agent, is not
    shown to others; nor is what is not there or out of the agent's scope.

    Args:
        session: names the running desk.
        doing: ``viewing`` or ``replying``.
    """
    if ctx.readonly or ctx.actor.id is None:
        return
    if conversation is None and inquiry is None:
        leave(ctx, session)
        return
    with ctx.write(durable=False) as tx:
        if _sees(tx, _C, conversation) and _sees(tx, _I, inquiry):
            _put(tx, session, {"conversation_id": conversation, "inquiry_id": inquiry, "doing": str(doing)})
        else:
            tx.connection.execute(delete(Presence).where(_P.session == session))
        tx.connection.execute(delete(Presence).where(_P.expires_at <= tx.now - EXPIRY))


def _put(tx: Transaction, session: str, what: dict[str, Any]) -> None:
    row = tx.connection.execute(select(table_of(Presence)).where(_P.session == session)).first()
    expires = tx.now + EXPIRY
    if row is None:
        values = {"session": session, "agent_id": tx.actor.id, "since": tx.now, "expires_at": expires, **what}
        tx.connection.execute(insert(Presence).values(**values))
        return
    alike = row.expires_at > tx.now and all(getattr(row, name) == value for name, value in what.items())
    values = {"agent_id": tx.actor.id, "since": row.since if alike else tx.now, "expires_at": expires, **what}
    tx.connection.execute(update(table_of(Presence)).where(_P.session == session).values(**values))


def _sees(tx: Transaction, names: Any, number: int | None) -> bool:
    if number is None:
        return True
    row = tx.connection.execute(select(names.scope).where(names.id == number)).first()
    return row is not None and scope.sees(tx.actor.scopes, row.scope)


def leave(ctx: Context, session: str) -> None:
    """A desk has nothing open any more; nothing is written if it had nothing open before."""
    if ctx.readonly:
        return
    with ctx.store.connect() as connection:
        if connection.execute(select(_P.session).where(_P.session == session)).first() is None:
            return
    with ctx.write(durable=False) as tx:
        tx.connection.execute(delete(Presence).where(_P.session == session))


def everyone(ctx: Context, session: str) -> Others:
    """Who else has what open that the agent may see. One look at a table of a handful of rows."""
    rows = _rows(ctx, session)
    return Others(
        _by([row for row in rows if row.conversation_id is not None], "conversation_id", ctx),
        _by([row for row in rows if row.inquiry_id is not None], "inquiry_id", ctx),
        min((row.expires_at for row in rows), default=None),
    )


def others(ctx: Context, session: str, conversations: Iterable[int] = ()) -> dict[int, list[PresenceView]]:
    """Who else has these conversations open, those who reply first; a conversation without anyone is not named."""
    wanted = list(conversations)
    return _by(_rows(ctx, session, _P.conversation_id.in_(wanted)), "conversation_id", ctx) if wanted else {}


def _rows(ctx: Context, session: str, within: ColumnElement[bool] | None = None) -> Sequence[Row[Any]]:
    query: Select[Any] = (
        select(_P.agent_id, _P.conversation_id, _P.inquiry_id, _P.doing, _P.since, _P.expires_at, _A.name)
        .join(Agent, _A.id == _P.agent_id)
        .outerjoin(Conversation, _C.id == _P.conversation_id)
        .outerjoin(Inquiry, _I.id == _P.inquiry_id)
        .where(
            _P.session != session,
            _P.expires_at > ctx.clock.now(),
            or_(_P.conversation_id.is_(None), scope.visible(_C.scope)),
            or_(_P.inquiry_id.is_(None), scope.visible(_I.scope)),
        )
        .order_by(_P.doing != Doing.REPLYING, _P.since, _P.session)
    )
    if within is not None:
        query = query.where(within)
    with ctx.store.connect() as connection:
        return connection.execute(query, {scope.BIND: ctx.actor.scopes}).all()


def _by(rows: Sequence[Row[Any]], name: str, ctx: Context) -> dict[int, list[PresenceView]]:
    found: dict[int, list[PresenceView]] = defaultdict(list)
    for row in rows:
        view = PresenceView(display_text(row.name), row.doing, row.since, row.agent_id == ctx.actor.id)
        found[getattr(row, name)].append(view)
    return dict(found)
