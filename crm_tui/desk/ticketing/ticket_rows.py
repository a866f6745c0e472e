"""The lists of tickets: which belong to one, in which order, and what a row shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal_column, or_, select

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Agent, Conversation, Ticket
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.views import Cursor
from crm_tui.desk.common.words import said
from crm_tui.desk.requests.inquiry_lists import agent_named
from crm_tui.desk.ticketing.ticket_agents import takers
from crm_tui.desk.ticketing.ticket_hands import open_ones
from crm_tui.desk.ticketing.ticket_views import FLAGGED, OPEN, ORDERS, STAGES, STATES, TicketQuery, TicketRow
from crm_tui.desk.ticketing.ticket_words import why_waiting, why_with
from crm_tui.mail.text import display_text
from crm_tui.rules import routing
from crm_tui.rules.vocabulary import Channel, Stage, TicketState

_T = columns(Ticket)
_C = columns(Conversation)
_A = columns(Agent)
_PENDING_BY = table_of(Agent).alias("pending_by")
_DONE_BY = table_of(Agent).alias("done_by")

_CREATED: Any = literal_column("ticket.created_at")
_KEYS: Mapping[str, Any] = {
    "oldest": _CREATED,
    "newest": _CREATED,
    "pending": literal_column("(ticket.pending_at IS NULL) || ticket.created_at"),
}
_CLOSED: Any = literal_column("ticket.done_at")

_SELECT = (
    select(
        table_of(Ticket),
        _C.subject,
        _C.counterpart_name,
        _C.counterpart_address,
        _C.scope,
        _A.name.label("agent"),
        _PENDING_BY.c.name.label("asked_by"),
        _DONE_BY.c.name.label("closed_by"),
    )
    .join(Conversation, _C.id == _T.conversation_id)
    .outerjoin(Agent, _A.id == _T.agent_id)
    .outerjoin(_PENDING_BY, _PENDING_BY.c.id == _T.pending_by)
    .outerjoin(_DONE_BY, _DONE_BY.c.id == _T.done_by)
)
_IN_STATE: Mapping[str, Sequence[ColumnElement[bool]]] = {
    OPEN: (),
    TicketState.QUEUED: (_T.agent_id.is_(None), _T.pending_at.is_(None)),
    TicketState.ASSIGNED: (_T.agent_id.is_not(None), _T.seen_at.is_(None), _T.pending_at.is_(None)),
    TicketState.OPENED: (_T.agent_id.is_not(None), _T.seen_at.is_not(None), _T.pending_at.is_(None)),
    TicketState.PENDING: (_T.pending_at.is_not(None),),
    FLAGGED: (_T.flagged_at.is_not(None),),
}


class TicketList:
    """One list of tickets, for whoever may see what.

    Raises:
        InvalidInput: there is no such state, stage, channel, order or agent.
    """

    def __init__(self, ctx: Context, connection: Connection, query: TicketQuery) -> None:
        _check(query)
        self._ctx = ctx
        self._connection = connection
        self._where = [*_in_state(query.state), *_filters(ctx, connection, query), scope.visible(_C.scope)]
        self._key = _CLOSED if query.state == TicketState.DONE and query.order != "pending" else _KEYS[query.order]
        self._down = query.order == "newest"
        self._bind = {scope.BIND: ctx.actor.scopes}

    def total(self) -> int:
        """How long it is."""
        query = select(func.count()).select_from(Ticket).join(Conversation, _C.id == _T.conversation_id)
        return int(self._connection.execute(query.where(*self._where), self._bind).scalar_one())

    def rows(
        self, edge: Cursor | None, *, backwards: bool = False, limit: int | None = None, offset: int = 0
    ) -> list[TicketRow]:
        """A stretch of it, in its order: after the edge, or before it."""
        query = self._select()
        if edge is not None:
            query = query.where(self._beyond(edge, backwards=backwards))
        down = self._down != backwards
        order = (self._key.desc(), _T.id.desc()) if down else (self._key, _T.id)
        found = self._connection.execute(query.order_by(*order).limit(limit).offset(offset), self._bind).all()
        return views(self._ctx, self._connection, found[::-1] if backwards else found)

    def position(self, cursor: Cursor) -> int:
        """How many rows stand before this one."""
        query = select(func.count()).select_from(Ticket).join(Conversation, _C.id == _T.conversation_id)
        query = query.where(*self._where, self._beyond(cursor, backwards=True))
        return int(self._connection.execute(query, self._bind).scalar_one())

    def one(self, ticket_id: int) -> TicketRow | None:
        """A ticket as this list shows it; None if it is not in it."""
        found = self._connection.execute(self._select().where(_T.id == ticket_id), self._bind).all()
        return next(iter(views(self._ctx, self._connection, found)), None)

    def _select(self) -> Select[Any]:
        return _SELECT.add_columns(self._key.label("sort")).where(*self._where)

    def _beyond(self, edge: Cursor, *, backwards: bool) -> ColumnElement[bool]:
        key, number = edge
        if self._down != backwards:
            return or_(self._key < key, and_(self._key == key, _T.id < number))
        return or_(self._key > key, and_(self._key == key, _T.id > number))


def _check(query: TicketQuery) -> None:
    for field, given, known in (
        ("state", query.state, tuple(STATES)),
        ("stage", query.stage, ("", *Stage)),
        ("channel", query.channel, ("", *Channel)),
        ("order", query.order, ORDERS),
    ):
        if given not in known:
            raise InvalidInput(
                _("There is no {field} called “{given}”; there are: {names}.").format(
                    field=_(field), given=display_text(given), names=", ".join(filter(None, map(str, known)))
                ),
                field=field,
            )


def _in_state(state: str) -> Sequence[ColumnElement[bool]]:
    if state == TicketState.DONE:
        return (_T.done_at.is_not(None), ~_T.gone)
    return (*open_ones(), ~_T.aside, *_IN_STATE[state])


def _filters(ctx: Context, connection: Connection, query: TicketQuery) -> Iterable[ColumnElement[bool]]:
    if query.agent == "nobody":
        yield _T.agent_id.is_(None)
    elif query.agent:
        me = query.agent == "me"
        yield _T.agent_id == (ctx.actor.id if me else agent_named(connection, query.agent, field="agent"))
    if query.stage:
        yield _T.stage == query.stage
    if query.channel:
        yield _T.channel == query.channel


def by_numbers(ctx: Context, connection: Connection, condition: ColumnElement[bool]) -> list[TicketRow]:
    """The tickets that meet a condition and that the actor may see, done or not, by age."""
    query = _SELECT.add_columns(_CREATED.label("sort")).where(condition, ~_T.gone, scope.visible(_C.scope))
    found = connection.execute(query.order_by(_T.created_at, _T.id), {scope.BIND: ctx.actor.scopes}).all()
    return views(ctx, connection, found)


def views(ctx: Context, connection: Connection, rows: Sequence[Any]) -> list[TicketRow]:
    """Rows as they are shown."""
    names = {row.id: display_text(row.name) for row in connection.execute(select(_A.id, _A.name))}
    queued = any(row.agent_id is None and row.done_at is None for row in rows)
    team = takers(connection, ctx.clock.now()) if queued else []
    return [_view(row, names, team) for row in rows]


def _view(row: Any, names: Mapping[int, str], team: Sequence[routing.AgentState]) -> TicketRow:
    state = routing.state_of(
        done=row.done_at is not None,
        pending=row.pending_at is not None,
        agent=row.agent_id,
        seen=row.seen_at is not None,
    )
    return TicketRow(
        row.id,
        row.conversation_id,
        display_text(row.subject or ""),
        display_text(row.counterpart_name or row.counterpart_address or ""),
        state.value,
        display_text(row.agent or ""),
        row.agent_id,
        row.stage or Stage.BEFORE_BOOKING.value,
        row.channel or Channel.DIRECT.value,
        row.created_at,
        row.assigned_at,
        row.seen_at,
        row.pending_at,
        display_text(row.asked_by or ""),
        display_text(row.pending_note or ""),
        row.done_at,
        display_text(row.closed_by or ""),
        row.how,
        bool(row.pinned),
        row.flagged_at is not None,
        _why(row, names, team),
        row.version,
        (str(row.sort), row.id),
    )


def _why(row: Any, names: Mapping[int, str], team: Sequence[routing.AgentState]) -> str:
    if row.agent_id is not None:
        return why_with(row.why, row.how, names, row.agent_id)
    if row.done_at is not None:
        return ""
    work = routing.Work(row.id, row.stage, row.channel, row.scope)
    return why_waiting(routing.waits(work, team), said(STAGES, row.stage or Stage.BEFORE_BOOKING), row.channel)
