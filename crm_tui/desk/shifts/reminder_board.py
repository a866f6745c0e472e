"""The board of reminders (SPEC §9): what is overdue, due today, tomorrow and the day after; reminders and inquiries together.

Each list is put together from a few that lie in an index in their order: those of an agent, of a department, the inquiries of
a handler. So a page costs what it shows, however many reminders there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, literal_column, or_, select

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.inquiries import DUE
from crm_tui.data.tables import Agent, Inquiry, Reminder
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.words import said
from crm_tui.desk.requests.inquiry_lists import agent_named
from crm_tui.desk.requests.inquiry_views import STATUSES, ReminderLink
from crm_tui.desk.shifts.reminder_rows import SELECT, linked, seen, titles, today_in, views
from crm_tui.desk.shifts.reminder_views import BUCKETS, BoardCursor, BoardPage, BoardQuery, BoardRow
from crm_tui.mail.text import display_text

_R = columns(Reminder)
_I = columns(Inquiry)
_A = columns(Agent)

PAGE = 100
_FIRST, _LAST = date.min, date.max
_DUE: Any = literal_column("reminder.due")
_END: Any = literal_column("inquiry.planned_end")
_END_OF_HANDLER: Any = literal_column(DUE.replace("planned_end", "inquiry.planned_end"))


class _Stream(NamedTuple):
    """Rows that lie in an index in the order of the board. ``of``: any, assignee, department, nobody; ``who``: its number."""

    inquiry: bool
    of: str
    who: int = 0


class _Asked(NamedTuple):
    """A query with its values."""

    streams: tuple[_Stream, ...]
    today: date
    low: date
    high: date
    scopes: str

    def values(self, stream: _Stream) -> dict[str, Any]:
        """What the statements of a stream are bound with."""
        days = {"low": self.low.isoformat(), "high": self.high.isoformat()}
        return {scope.BIND: self.scopes, **days} | ({"who": stream.who} if stream.of != "any" else {})


def page(
    ctx: Context,
    query: BoardQuery,
    *,
    after: BoardCursor | None = None,
    before: BoardCursor | None = None,
    last: bool = False,
    at: int | None = None,
    limit: int = PAGE,
) -> BoardPage:
    """A stretch of the board, and how many rows there are in all. The arguments are those of :func:`rows`.

    Raises:
        InvalidInput: there is no such agent, department or day.
    """
    found = rows(ctx, query, after=after, before=before, last=last, at=at, limit=limit)
    return BoardPage(found, total(ctx, query))


def rows(
    ctx: Context,
    query: BoardQuery,
    *,
    after: BoardCursor | None = None,
    before: BoardCursor | None = None,
    last: bool = False,
    at: int | None = None,
    limit: int = PAGE,
) -> list[BoardRow]:
    """A stretch of the board: by day, reminders before inquiries.

    Args:
        after, before: the rows following or preceding this one; neither: the first rows.
        last: the last rows.
        at: the rows from this position on.

    Raises:
        InvalidInput: there is no such agent, department or day.
    """
    with ctx.store.connect() as connection:
        asked = _asked(ctx, connection, query)
        back = last or before is not None
        if at is not None:
            found = list(islice(_keys(connection, asked, None, back=False, limit=at + limit), at, at + limit))
        else:
            found = list(islice(_keys(connection, asked, after or before, back=back, limit=limit), limit))
        return _rows(ctx, connection, asked, found[::-1] if back else found)


def total(ctx: Context, query: BoardQuery) -> int:
    """How many rows the board has."""
    with ctx.store.connect() as connection:
        return _total(connection, _asked(ctx, connection, query))


def counts(ctx: Context, query: BoardQuery) -> dict[str, int]:
    """How many rows each day of the board has, by bucket."""
    with ctx.store.connect() as connection:
        return {
            one: _total(connection, _asked(ctx, connection, BoardQuery(query.whose, query.kind, one)))
            for one in BUCKETS
        }


def position(ctx: Context, query: BoardQuery, cursor: BoardCursor) -> int:
    """How many rows stand before this one."""
    with ctx.store.connect() as connection:
        asked = _asked(ctx, connection, query)
        found = 0
        for stream in asked.streams:
            values = asked.values(stream) | {"edge": cursor[0], "edge_id": cursor[2]}
            statement = _count(stream.inquiry, stream.of, _side(stream, cursor, back=True))
            found += connection.execute(statement, values).scalar_one()
        return found


def row_in_list(ctx: Context, query: BoardQuery, row_id: str) -> BoardRow | None:
    """One row as this board shows it now; None if it is not on it (any more)."""
    inquiry, number = row_id[:1] == "i", int(row_id[1:])
    with ctx.store.connect() as connection:
        asked = _asked(ctx, connection, query)
        for stream in asked.streams:
            if stream.inquiry == inquiry:
                statement = _select(stream.inquiry, stream.of, "", back=False, one=True)
                row = connection.execute(statement, asked.values(stream) | {"limit": 1, "only_id": number}).first()
                if row is not None:
                    return _rows(ctx, connection, asked, [(str(row.due), int(inquiry), row.id)])[0]
    return None


# What is asked


def _asked(ctx: Context, connection: Connection, query: BoardQuery) -> _Asked:
    today = today_in(connection, ctx)
    days = {
        "": (_FIRST, today + timedelta(days=2)),
        "overdue": (_FIRST, today - timedelta(days=1)),
        **{name: (today + timedelta(days=n),) * 2 for n, name in enumerate(("today", "tomorrow", "overmorrow"))},
    }
    if query.bucket not in days:
        raise InvalidInput(_("There is no such day on the board: {given}.").format(given=display_text(query.bucket)))
    streams = tuple(_streams(ctx, connection, query.whose))
    wanted = tuple(one for one in streams if query.kind in ("", "inquiry" if one.inquiry else "reminder"))
    return _Asked(wanted, today, *days[query.bucket], ctx.actor.scopes)


def _streams(ctx: Context, connection: Connection, whose: str) -> Iterator[_Stream]:
    """The lists that a board is put together from."""
    actor = ctx.actor
    if whose == "all" or (actor.id is None and whose in ("", "me")):
        yield from (_Stream(False, "any"), _Stream(True, "any"))
        return
    if whose == "department" and actor.department is None:
        raise InvalidInput(_("You are in no department."), _("An administrator puts you in one: g, then u."), "whose")
    if whose in ("", "me", "department"):
        agents = [actor.id] if whose != "department" else _members(connection, actor.department)
        if actor.department is not None:
            yield _Stream(False, "department", actor.department)
    else:
        agents = [agent_named(connection, whose, field="whose")]
    for number in agents:
        yield _Stream(False, "assignee", number or 0)
        yield _Stream(True, "assignee", number or 0)


def _members(connection: Connection, department: int | None) -> Sequence[int]:
    return connection.execute(select(_A.id).where(_A.department_id == department).order_by(_A.id)).scalars().all()


# Statements


def _key(inquiry: bool, of: str) -> Any:
    """The day as the index has it that a stream lies in."""
    if not inquiry:
        return _DUE
    return _END if of == "any" else _END_OF_HANDLER


@cache
def _where(inquiry: bool, of: str) -> tuple[ColumnElement[bool], ...]:
    key = _key(inquiry, of)
    within = (key >= bindparam("low"), key <= bindparam("high"))
    who: Any = bindparam("who")
    if inquiry:
        mine = (_I.handler_id == who,) if of == "assignee" else ()
        return (_I.removed_at.is_(None), _I.closed_at.is_(None), *within, *mine)
    open_ = (_R.removed_at.is_(None), _R.done_at.is_(None))
    if of == "department":
        return (*open_, *within, _R.department_id == who, literal_column("+reminder.assignee_id").is_(None))
    return (*open_, *within, _R.assignee_id == who) if of == "assignee" else (*open_, *within)


def _seen(inquiry: bool) -> tuple[ColumnElement[bool], ...]:
    return (scope.visible(_I.scope),) if inquiry else seen()


def _side(stream: _Stream, cursor: BoardCursor | None, *, back: bool) -> str:
    """Where a stream goes on from a row of the board: of its own kind behind it, of the other behind its day or on it."""
    if cursor is None:
        return ""
    kind = int(stream.inquiry)
    if kind == cursor[1]:
        return "before" if back else "after"
    with_day = kind < cursor[1] if back else kind > cursor[1]
    return ("until" if back else "from") if with_day else ("earlier" if back else "later")


@cache
def _edge(inquiry: bool, of: str, side: str) -> tuple[ColumnElement[bool], ...]:
    key = _key(inquiry, of)
    number: Any = _I.id if inquiry else _R.id
    edge: Any = bindparam("edge")
    edge_id: Any = bindparam("edge_id")
    sides: dict[str, Callable[[], tuple[ColumnElement[bool], ...]]] = {
        "": lambda: (),
        "after": lambda: (key >= edge, or_(key > edge, number > edge_id)),
        "before": lambda: (key <= edge, or_(key < edge, number < edge_id)),
        "from": lambda: (key >= edge,),
        "later": lambda: (key > edge,),
        "until": lambda: (key <= edge,),
        "earlier": lambda: (key < edge,),
    }
    return sides[side]()


@cache
def _select(inquiry: bool, of: str, side: str, *, back: bool, one: bool = False) -> Select[Any]:
    key, number = _key(inquiry, of), _I.id if inquiry else _R.id
    query = (
        select(key.label("due"), number).select_from(Inquiry) if inquiry else linked(select(key.label("due"), number))
    )
    query = query.where(*_where(inquiry, of), *_seen(inquiry), *_edge(inquiry, of, side))
    if one:
        return query.where(number == bindparam("only_id")).limit(bindparam("limit"))
    order = (key.desc(), number.desc()) if back else (key.asc(), number.asc())
    return query.order_by(*order).limit(bindparam("limit"))


@cache
def _count(inquiry: bool, of: str, side: str = "") -> Select[Any]:
    query = select(func.count()).where(*_where(inquiry, of), *_seen(inquiry), *_edge(inquiry, of, side))
    return query.select_from(Inquiry) if inquiry else linked(query.select_from(Reminder))


def _total(connection: Connection, asked: _Asked) -> int:
    return sum(
        int(connection.execute(_count(one.inquiry, one.of), asked.values(one)).scalar_one()) for one in asked.streams
    )


def _keys(
    connection: Connection, asked: _Asked, edge: BoardCursor | None, *, back: bool, limit: int
) -> Iterator[BoardCursor]:
    """The places of rows, in order; from the end if ``back``."""
    lists = []
    for stream in asked.streams:
        side = _side(stream, edge, back=back)
        values = asked.values(stream) | {"limit": limit}
        values |= {"edge": edge[0], "edge_id": edge[2]} if edge is not None else {}
        rows = connection.execute(_select(stream.inquiry, stream.of, side, back=back), values)
        lists.append([(str(row.due), int(stream.inquiry), row.id) for row in rows])
    return merge(*lists, reverse=back)


# Rows


_INQUIRIES = select(
    _I.id, _I.status, _I.handler_id, _I.version, _I.id.label("inquiry_id"), _A.name.label("handler")
).outerjoin(Agent, _A.id == _I.handler_id)


def _rows(ctx: Context, connection: Connection, asked: _Asked, keys: Sequence[BoardCursor]) -> list[BoardRow]:
    found: dict[tuple[int, int], BoardRow] = {}
    ids = [number for _due, kind, number in keys if kind == 0]
    if ids:
        query = SELECT.where(_R.id.in_(ids))
        for one in views(
            connection, ctx.actor, connection.execute(query, {scope.BIND: asked.scopes}).all(), asked.today
        ):
            found[0, one.id] = BoardRow(
                id=f"r{one.id}", kind="reminder", number=one.id, title=one.title, due=one.due,
                bucket=bucket(one.due, asked.today), who=one.assignee or one.department, links=one.links,
                cursor=(one.due.isoformat(), 0, one.id), mine=one.assignee_id == ctx.actor.id, repeats=one.repeats,
                promised=one.promised, version=one.version,
            )  # fmt: skip
    due = {number: day for day, kind, number in keys if kind == 1}
    if due:
        rows = connection.execute(_INQUIRIES.where(_I.id.in_(due))).all()
        names = titles(connection, ctx.actor, [_Linked(row.id) for row in rows])
        for row in rows:
            found[1, row.id] = _inquiry(row, due[row.id], names.get(("inquiry", row.id), ""), ctx, asked.today)
    return [found[kind, number] for _due, kind, number in keys if (kind, number) in found]


class _Linked(NamedTuple):
    inquiry_id: int
    guest_id: None = None
    reservation_id: None = None
    conversation_id: None = None


def _inquiry(row: Any, due: str, name: str, ctx: Context, today: date) -> BoardRow:
    day = date.fromisoformat(due)
    return BoardRow(
        id=f"i{row.id}", kind="inquiry", number=row.id, title=name, due=day, bucket=bucket(day, today),
        who=display_text(row.handler or ""), links=(ReminderLink("inquiry", row.id, name),), cursor=(due, 1, row.id),
        mine=row.handler_id == ctx.actor.id, detail=said(STATUSES, row.status), version=row.version,
    )  # fmt: skip


def bucket(due: date, today: date) -> str:
    """The day of the board; ``later`` for what is not on it yet."""
    if due < today:
        return "overdue"
    return {0: "today", 1: "tomorrow", 2: "overmorrow"}.get((due - today).days, "later")
