"""The lists of inquiries (SPEC §4): keyset pages over an index, for whoever may see what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, literal_column, or_, select

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, table_of
from crm_tui.data.inquiries import COMING, DUE
from crm_tui.data.tables import Agent, Conversation, Guest, Inquiry, InquiryCount, InquiryGuest
from crm_tui.desk.client_base.guest_words import matching
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.views import Cursor
from crm_tui.desk.conversations.folders import instant, run
from crm_tui.desk.requests.inquiry_views import InquiryPage, InquiryQuery, InquiryRow
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import CLOSED, InquiryStatus

_I = columns(Inquiry)
_A = columns(Agent)
_G = columns(Guest)
_H = columns(InquiryGuest)
_C = columns(Conversation)
_K = columns(InquiryCount)

PAGE = 100
_STATUSES = tuple(status.value for status in InquiryStatus)
_KEYS = {"planned": DUE, "arrival": COMING, "newest": "''"}


def _raw(name: str) -> Any:
    """A column as the driver gives it; days and instants are made from it where a row is shown."""
    return literal_column(f"inquiry.{name}").label(name)


_NEWEST = (
    select(func.max(_C.id)).where(_C.inquiry_id == _I.id, _C.merged_into.is_(None)).correlate(Inquiry).scalar_subquery()
)
_WAITING = (
    select(func.min(literal_column("conversation.waiting_since")))
    .select_from(table_of(Conversation))
    .where(_C.inquiry_id == _I.id, _C.merged_into.is_(None))
    .correlate(Inquiry)
    .scalar_subquery()
)
_FIELDS = (
    *(_raw(name) for name in ("id", "status", "planned_end", "arrival", "departure", "period_from", "period_to")),
    *(_raw(name) for name in ("nights", "adults", "children", "room", "destination", "scope", "created_at")),
    _raw("closed_at"),
    _A.name.label("handler"),
    _G.surname,
    _G.given,
    _NEWEST.label("conversation"),
    _WAITING.label("waiting_since"),
)


@dataclass(frozen=True, slots=True)
class _Shape:
    """A query without its values: what its statement is made from."""

    status: str
    handler: str  # "", "one" or "nobody"
    order: str
    filtered: bool


def page(
    ctx: Context,
    query: InquiryQuery,
    *,
    after: Cursor | None = None,
    before: Cursor | None = None,
    last: bool = False,
    at: int | None = None,
    limit: int = PAGE,
) -> InquiryPage:
    """A stretch of a list, in its order.

    Args:
        after, before: the rows following or preceding this one; neither: the first rows.
        last: the last rows of the list.
        at: the rows from this position on, for a dragged scrollbar.
        limit: how many rows at most.

    Raises:
        InvalidInput: there is no such status, order or handler.
    """
    kind = "at" if at is not None else "after" if after else "before" if before else "last" if last else "first"
    with ctx.store.connect() as connection:
        shape, values = _asked(ctx, connection, query)
        found = _total(connection, shape, values)
        values |= {"limit": limit, "offset": at or 0}
        if (edge := after or before) is not None:
            values |= {"edge_key": edge[0], "edge_id": edge[1]}
        rows = _rows(connection, shape, kind, values)
    if kind in {"before", "last"}:
        rows = rows[::-1]
    return InquiryPage([_row(row) for row in rows], found)


def position(ctx: Context, query: InquiryQuery, cursor: Cursor) -> int:
    """How many rows stand before this one in the list."""
    with ctx.store.connect() as connection:
        shape, values = _asked(ctx, connection, query)
        values |= {"edge_key": cursor[0], "edge_id": cursor[1]}
        statement = select(func.count()).select_from(Inquiry).where(*_where(shape), _beyond(shape, backwards=True))
        return int(connection.execute(statement, values).scalar_one())


def row_in_list(ctx: Context, query: InquiryQuery, inquiry_id: int) -> InquiryRow | None:
    """One inquiry as this list shows it, with its place in it; None if it is not in the list (any more)."""
    with ctx.store.connect() as connection:
        shape, values = _asked(ctx, connection, query)
        values |= {"limit": 1, "only_id": inquiry_id}
        found = _rows(connection, shape, "one", values)
    return _row(found[0]) if found else None


def total(ctx: Context, query: InquiryQuery) -> int:
    """How long a list is."""
    with ctx.store.connect() as connection:
        return _total(connection, *_asked(ctx, connection, query))


def counts(ctx: Context, handler: str = "") -> dict[str, int]:
    """How many there are by status, and ``open`` and ``all`` of them; of one handler as in :class:`InquiryQuery`."""
    with ctx.store.connect() as connection:
        shape, values = _asked(ctx, connection, InquiryQuery("all", handler))
        found = {row[0]: int(row[1] or 0) for row in run(connection, _kept_counts(shape.handler), values)}
    by_status = {status: found.get(status, 0) for status in _STATUSES}
    still_open = sum(count for status, count in by_status.items() if status not in CLOSED)
    return {"open": still_open, "all": sum(by_status.values()), **by_status}


@cache
def _kept_counts(handler: str) -> Select[Any]:
    statement = select(_K.status, func.sum(_K.total)).where(scope.visible(_K.scope)).group_by(_K.status)
    if not handler:
        return statement
    nobody: Any = literal_column("0")
    return statement.where(_K.handler_id == (nobody if handler == "nobody" else bindparam("handler")))


def _asked(ctx: Context, connection: Connection, query: InquiryQuery) -> tuple[_Shape, dict[str, Any]]:
    if query.status not in {"open", "all", *_STATUSES}:
        raise InvalidInput(
            _("There is no status called “{given}”; there are: {names}.").format(
                given=display_text(query.status), names=", ".join(("open", "all", *_STATUSES))
            ),
            field="status",
        )
    if query.order not in _KEYS:
        raise InvalidInput(_("There is no such order: {order}.").format(order=display_text(query.order)), field="order")
    values: dict[str, Any] = {scope.BIND: ctx.actor.scopes}
    handler = ""
    if query.handler == "nobody":
        handler = "nobody"
    elif query.handler:
        handler = "one"
        values["handler"] = ctx.actor.id if query.handler == "me" else agent_named(connection, query.handler)
    shape = _Shape(query.status, handler, query.order, bool(query.text.strip()))
    if shape.filtered:
        values["found"] = matching(connection, query.text)
    return shape, values


def agent_named(connection: Connection, name: str, *, active: bool = False, field: str = "handler") -> int:
    """The agent of that name; ``active``: not one who left. ``field`` is where the name stands.

    Raises:
        InvalidInput: there is none.
    """
    query = select(_A.id, _A.name).order_by(_A.id)
    rows = connection.execute(query.where(_A.active) if active else query).all()
    wanted = display_text(name).strip().casefold()
    for row in rows:
        if display_text(row.name).casefold() == wanted:
            return int(row.id)
    raise InvalidInput(
        _("There is no agent called {name}.").format(name=display_text(name)),
        _("Known are: {names}.").format(names=", ".join(display_text(row.name) for row in rows)),
        field,
    )


def _total(connection: Connection, shape: _Shape, values: dict[str, Any]) -> int:
    if shape.filtered:
        return int(connection.execute(_count(shape), values).scalar_one())
    rows = run(connection, _kept_counts(shape.handler), values)
    return sum(int(total or 0) for status, total in rows if _listed(shape.status, status))


def _listed(asked: str, status: str) -> bool:
    return asked in ("all", status) or (asked == "open" and status not in CLOSED)


def _rows(connection: Connection, shape: _Shape, kind: str, values: dict[str, Any]) -> Sequence[Any]:
    statement = _statement(shape, kind)
    if shape.filtered:  # the list of numbers is as long as what was found
        return connection.execute(statement, values).all()
    return run(connection, statement, values)


@cache
def _count(shape: _Shape) -> Select[Any]:
    return select(func.count()).select_from(Inquiry).where(*_where(shape))


@cache
def _where(shape: _Shape) -> tuple[ColumnElement[bool], ...]:
    found: list[ColumnElement[bool]] = [_I.removed_at.is_(None), scope.visible(_I.scope)]
    if shape.status == "open":
        found.append(_I.closed_at.is_(None))
    elif shape.status != "all":
        found.append(literal_column("inquiry.status") == literal_column(f"'{shape.status}'"))
    if shape.handler:
        # only the open ones have an index by handler; a plus keeps SQLite from sorting the rows of another one
        indexed = shape.status == "open" or (shape.status == "all" and shape.order == "newest")
        handler: Any = _I.handler_id if indexed else literal_column("+inquiry.handler_id")
        found.append(handler.is_(None) if shape.handler == "nobody" else handler == bindparam("handler"))
    if shape.filtered:
        of_guests = select(_H.inquiry_id).where(_H.guest_id.in_(bindparam("found", expanding=True)))
        found.append(_I.id.in_(of_guests))
    return tuple(found)


@cache
def _statement(shape: _Shape, kind: str) -> Select[Any]:
    backwards = kind in {"before", "last"}
    up = (shape.order != "newest") != backwards
    direction: Callable[[Any], Any] = (lambda c: c.asc()) if up else (lambda c: c.desc())
    key: Any = literal_column(_KEYS[shape.order])
    order = (direction(_I.id),) if shape.order == "newest" else (direction(key), direction(_I.id))
    statement = (
        select(*_FIELDS, key.label("sort_key"))
        .select_from(Inquiry)
        .outerjoin(Agent, _A.id == _I.handler_id)
        .outerjoin(InquiryGuest, and_(_H.inquiry_id == _I.id, literal_column("inquiry_guest.holder")))
        .outerjoin(Guest, _G.id == _H.guest_id)
        .where(*_where(shape))
        .order_by(*order)
        .limit(bindparam("limit"))
    )
    if kind in {"after", "before"}:
        statement = statement.where(_beyond(shape, backwards=backwards))
    if kind == "one":
        statement = statement.where(_I.id == bindparam("only_id"))
    return statement.offset(bindparam("offset")) if kind == "at" else statement


def _beyond(shape: _Shape, *, backwards: bool) -> ColumnElement[bool]:
    """Past the edge in the list's direction."""
    edge_id: Any = bindparam("edge_id")
    up = (shape.order != "newest") != backwards
    if shape.order == "newest":
        newer: ColumnElement[bool] = _I.id > edge_id if up else _I.id < edge_id
        return newer
    key: Any = literal_column(_KEYS[shape.order])
    edge: Any = bindparam("edge_key")
    if up:
        return and_(key >= edge, or_(key > edge, _I.id > edge_id))
    return and_(key <= edge, or_(key < edge, _I.id < edge_id))


def _row(row: Any) -> InquiryRow:
    name = display_text(f"{row.given or ''} {row.surname or ''}".strip())
    return InquiryRow(
        id=row.id,
        status=row.status,
        title=name or _("Inquiry {number}").format(number=row.id),
        planned_end=_day(row.planned_end),
        arrival=_day(row.arrival),
        departure=_day(row.departure),
        period_from=_day(row.period_from),
        period_to=_day(row.period_to),
        nights=row.nights,
        adults=row.adults,
        children=_many(row.children),
        room=display_text(row.room),
        destination=display_text(row.destination),
        handler=display_text(row.handler or ""),
        scope=row.scope,
        conversation=row.conversation,
        unanswered=row.waiting_since is not None,
        created_at=instant(row.created_at),
        closed=row.closed_at is not None,
        cursor=(str(row.sort_key), row.id),
        waiting_since=instant(row.waiting_since) if row.waiting_since is not None else None,
    )


def _day(stored: Any) -> date | None:
    return date.fromisoformat(stored) if isinstance(stored, str) else stored


def _many(stored: Any) -> int:
    if isinstance(stored, Sequence) and not isinstance(stored, str):
        return len(stored)
    return 0 if not stored or stored == "[]" else str(stored).count(",") + 1
