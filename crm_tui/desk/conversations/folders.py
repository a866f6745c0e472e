"""The mail lists and their badges (SPEC §3): keyset pages over an index, counts from kept counters.

A list is the same at a hundred and at a million conversations: no page costs more than its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.types import UserDefinedType

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Agent, Conversation, FolderCount
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.views import ConversationRow, Count, Cursor, ListQuery, Page, Person
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import Folder, View

_C = columns(Conversation)
_N = columns(FolderCount)
_A = columns(Agent)

PAGE = 100
_SUMS = (func.sum(_N.total), func.sum(_N.unanswered), func.sum(_N.unread))
FOLDERS = tuple(folder.value for folder in Folder)


@dataclass(frozen=True, slots=True)
class _List:
    """A list in SQL: which rows, by which column they are sorted, and which way."""

    where: tuple[ColumnElement[bool], ...]
    sort: Any
    ascending: bool


def _as_stored(column: Any) -> Any:
    """An instant without SQLAlchemy's conversion of every row: :func:`instant` is four times as fast."""
    return type_coerce(column, _Raw()).label(column.name)


class _Raw(UserDefinedType[Any]):
    """A value as the driver gives it."""

    cache_ok = True


_COLUMNS = (
    _C.id,
    _C.folder,
    _C.subject,
    _C.counterpart_name,
    _C.counterpart_address,
    _C.preview,
    _C.message_count,
    _C.unread_count,
    _C.attachment_count,
    _as_stored(_C.last_at),
    _as_stored(_C.waiting_since),
    _C.starred,
    _as_stored(_C.snoozed_until),
    _C.snooze_for,
    _C.wake_reason,
    _C.inquiry_id,
    func.coalesce(_A.name, literal_column("''")).label("assignee"),
)


def counts(ctx: Context) -> dict[str, Count]:
    """Every badge at once: by folder, view and ``account:ID`` (SPEC §3: a badge equals the length of its list)."""
    with ctx.store.connect() as connection:
        return counts_in(connection, ctx.actor.scopes)


def counts_in(connection: Connection, scopes: str) -> dict[str, Count]:
    """:func:`counts` on a connection that reads more in the same instant, for these scopes."""
    found = {folder: Count() for folder in FOLDERS}
    for key, total, unanswered, unread in run(connection, _counts(), {scope.BIND: scopes}):
        found[key] = Count(total, unanswered, unread)
    return found


@cache
def _counts() -> Select[Any]:
    return select(_N.key, *_SUMS).where(scope.visible(_N.scope)).group_by(_N.key)


def page(
    ctx: Context,
    query: ListQuery,
    *,
    after: Cursor | None = None,
    before: Cursor | None = None,
    last: bool = False,
    at: int | None = None,
    limit: int = PAGE,
) -> Page:
    """A stretch of a list, in its order.

    Args:
        after, before: the rows following or preceding this one; neither: the first rows.
        last: the last rows of the list.
        at: the rows from this position on, for a dragged scrollbar: walks the index, so a few ms deep in a million rows.
        limit: how many rows at most.

    Raises:
        InvalidInput: there is no such place, filter or order.
    """
    backwards = before is not None or last
    kind = "at" if at is not None else "after" if after else "before" if before else "last" if last else "first"
    values: dict[str, Any] = {"limit": limit, scope.BIND: ctx.actor.scopes}
    if query.place.startswith("account:"):
        values["account"] = _account_of(query.place)
    if (edge := after or before) is not None:
        values |= {"edge_sort": edge[0], "edge_id": edge[1]}
    if at is not None:
        values["offset"] = at
    with ctx.store.connect() as connection:
        rows = run(connection, _statement(_shape(query), query.only, query.order, kind), values)
        total = _total(connection, query, ctx.actor.scopes)
    return Page([row_view(row) for row in (reversed(rows) if backwards else rows)], total)


def position(ctx: Context, query: ListQuery, cursor: Cursor) -> int:
    """How many rows stand before this one in the list; counts along the index."""
    values: dict[str, Any] = {"edge_sort": cursor[0], "edge_id": cursor[1], scope.BIND: ctx.actor.scopes}
    if query.place.startswith("account:"):
        values["account"] = _account_of(query.place)
    shape = _list(_shape(query), query.only, query.order)
    statement = select(func.count()).select_from(Conversation).where(*shape.where, _beyond(shape, backwards=True))
    with ctx.store.connect() as connection:
        return int(connection.execute(statement, values).scalar_one())


def row(ctx: Context, conversation_id: int) -> ConversationRow | None:
    """One conversation as a list shows it; None if it is gone or was merged into another."""
    with ctx.store.connect() as connection:
        return row_in(connection, conversation_id, ctx.actor.scopes)


def row_in(connection: Connection, conversation_id: int, scopes: str) -> ConversationRow | None:
    """:func:`row` on a connection that reads more, for these scopes."""
    statement = (
        select(*_COLUMNS, literal_column("conversation.listed_at || ''").label("sort_key"))
        .outerjoin(Agent, _A.id == _C.assignee_id)
        .where(_C.id == conversation_id, _C.merged_into.is_(None), scope.visible(_C.scope))
    )
    found = connection.execute(statement, {scope.BIND: scopes}).first()
    return row_view(found) if found else None


def rows_of(ctx: Context, ids: Iterable[int]) -> dict[int, ConversationRow]:
    """Some conversations as a list shows them, by id; those that are gone or out of sight are left out."""
    found: dict[int, ConversationRow] = {}
    with ctx.store.connect() as connection:
        for chunk in chunks(dict.fromkeys(ids)):
            statement = (
                select(*_COLUMNS, literal_column("conversation.listed_at || ''").label("sort_key"))
                .outerjoin(Agent, _A.id == _C.assignee_id)
                .where(_C.id.in_(chunk), _C.merged_into.is_(None), scope.visible(_C.scope))
            )
            rows = connection.execute(statement, {scope.BIND: ctx.actor.scopes})
            found |= {row[0]: row_view(row) for row in rows}
    return found


def row_in_list(ctx: Context, query: ListQuery, conversation_id: int) -> ConversationRow | None:
    """One conversation as this list shows it, with its place in it; None if it is not in the list (any more)."""
    values: dict[str, Any] = {"limit": 1, "only_id": conversation_id, scope.BIND: ctx.actor.scopes}
    if query.place.startswith("account:"):
        values["account"] = _account_of(query.place)
    statement = _statement(_shape(query), query.only, query.order, "one")
    with ctx.store.connect() as connection:
        found = connection.execute(statement, values).first()
    return row_view(found) if found else None


def total(ctx: Context, query: ListQuery) -> int:
    """How long a list is."""
    with ctx.store.connect() as connection:
        return _total(connection, query, ctx.actor.scopes)


def _total(connection: Connection, query: ListQuery, scopes: str) -> int:
    only = "unanswered" if query.order == "waiting" else query.only
    if query.place == "All":
        found = run(connection, _counts_of_folders(), {scope.BIND: scopes})
    else:
        found = run(connection, _count(), {"key": query.place, scope.BIND: scopes})
    return int(found[0][{"all": 0, "unanswered": 1, "unread": 2}[only]] or 0) if found else 0


@cache
def _count() -> Select[Any]:
    return select(*_SUMS).where(_N.key == bindparam("key"), scope.visible(_N.scope))


@cache
def _counts_of_folders() -> Select[Any]:
    names: list[ColumnElement[str]] = [literal_column(f"'{folder}'") for folder in FOLDERS]
    return select(*_SUMS).where(_N.key.in_(names), scope.visible(_N.scope))


def run(connection: Connection, statement: Select[Any], values: dict[str, Any]) -> Sequence[Any]:
    """The rows of a statement as the driver gives them, without SQLAlchemy's work on each execution.

    Half the time of a list query was that work. Only for statements whose columns need no conversion.
    """
    text, names, constants = _compiled(statement, connection.dialect)
    whole = constants | values
    return connection.exec_driver_sql(text, tuple(whole[name] for name in names) if names else whole).all()


@cache
def _compiled(statement: Select[Any], dialect: Dialect) -> tuple[str, tuple[str, ...], dict[str, Any]]:
    """The text of a statement, the order of its parameters (empty where the driver takes names), and the constants in it.

    The statements are made once and live as long as the program: their makers are cached.
    """
    compiled: Any = statement.compile(dialect=dialect)
    return str(compiled), tuple(compiled.positiontup or ()), dict(compiled.params)


def row_view(row: Any) -> ConversationRow:
    """A conversation's row from the columns of a list statement."""
    (
        number,
        folder,
        subject,
        name,
        address,
        preview,
        messages,
        unread,
        files,
        last,
        waiting,
        starred,
        snoozed,
        snooze_for,
        woken,
        inquiry,
        assignee,
        key,
    ) = row
    return ConversationRow(
        number,
        folder,
        display_text(subject),
        Person(display_text(name), display_text(address)),
        display_text(preview),
        messages,
        unread,
        files,
        instant(last),
        instant(waiting) if waiting else None,
        assignee,
        bool(starred),
        instant(snoozed) if snoozed else None,
        (key, number),
        snooze_for,
        woken,
        inquiry,
    )


def instant(stored: Any) -> datetime:
    """An aware UTC instant from a column as the driver gives it: text in SQLite, a datetime elsewhere."""
    if isinstance(stored, str):
        return datetime.fromisoformat(stored + "+00:00")
    found: datetime = stored.astimezone(UTC)
    return found


def _account_of(place: str) -> int:
    number = place.removeprefix("account:")
    if not number.isdecimal():
        raise InvalidInput(_("There is no account {name}.").format(name=number), field="account")
    return int(number)


def _shape(query: ListQuery) -> str:
    return "account" if query.place.startswith("account:") else query.place


@cache
def _statement(shape: str, only: str, order: str, kind: str) -> Select[Any]:
    """The statement of a list, built once: SQLAlchemy caches its compiled form by it."""
    rows = _list(shape, only, order)
    backwards = kind in {"before", "last"}
    up = rows.ascending != backwards
    direction: Callable[[Any], Any] = (lambda c: c.asc()) if up else (lambda c: c.desc())
    statement = (
        select(*_COLUMNS, (literal_column(f"conversation.{rows.sort.name} || ''")).label("sort_key"))
        .outerjoin(Agent, _A.id == _C.assignee_id)
        .where(*rows.where)
        .order_by(direction(rows.sort), direction(_C.id))
        .limit(bindparam("limit"))
    )
    if kind in {"after", "before"}:
        statement = statement.where(_beyond(rows, backwards=backwards))
    if kind == "one":
        statement = statement.where(_C.id == bindparam("only_id"))
    if kind == "at":
        inner = (
            select(_C.id)
            .where(*rows.where)
            .order_by(direction(rows.sort), direction(_C.id))
            .limit(bindparam("limit"))
            .offset(bindparam("offset"))
        )
        statement = statement.where(_C.id.in_(inner))
    return statement


def _beyond(rows: _List, *, backwards: bool) -> ColumnElement[bool]:
    """Past the edge in the list's direction. The sort column is compared as the text that the cursor carries."""
    from sqlalchemy import String

    sort = type_coerce(rows.sort, String)
    edge: Any = bindparam("edge_sort", type_=String)
    edge_id: Any = bindparam("edge_id")
    if rows.ascending != backwards:
        return and_(sort >= edge, or_(sort > edge, _C.id > edge_id))
    return and_(sort <= edge, or_(sort < edge, _C.id < edge_id))


@cache
def _list(shape: str, only: str, order: str) -> _List:
    if only not in {"all", "unanswered", "unread"} or order not in {"newest", "oldest", "waiting"}:
        raise InvalidInput(_("There is no such filter or order: {only}, {order}.").format(only=only, order=order))
    where, sort = _place(shape)
    where = (*where, scope.visible(_C.scope))
    if order == "waiting" and shape in {"All", View.SENT}:
        # A plus keeps SQLite from the place's own index, whose rows it would have to sort.
        where = (*(literal_column(f"+{condition}") for condition in _UNINDEXED[shape]), scope.visible(_C.scope))
    if only == "unanswered" or order == "waiting":
        where = (*where, _C.waiting_since.is_not(None))
    if only == "unread":
        where = (*where, _C.unread_count > literal_column("0"))
    if order == "waiting":
        return _List(where, _C.waiting_since, ascending=True)
    return _List(where, sort, ascending=order == "oldest")


_UNINDEXED = {
    "All": ("conversation.snoozed = 0", "conversation.merged_into IS NULL"),
    View.SENT: ("conversation.last_out_at IS NOT NULL", "conversation.merged_into IS NULL"),
}


def _place(shape: str) -> tuple[tuple[ColumnElement[bool], ...], Any]:
    alive = _C.merged_into.is_(None)
    awake = _C.snoozed == literal_column("0")
    if shape in FOLDERS:
        return (_C.folder == literal_column(f"'{shape}'"), awake, alive), _C.listed_at
    if shape == "account":
        return (_C.account_id == bindparam("account"), awake, alive), _C.listed_at
    if shape == "All":
        return (awake, alive), _C.listed_at
    if shape == View.STARRED:
        return (literal_column("conversation.starred"), alive), _C.listed_at
    if shape == View.SNOOZED:
        return (literal_column("conversation.snoozed"), alive), _C.listed_at
    if shape == View.SENT:
        return (_C.last_out_at.is_not(None), alive), _C.last_out_at
    raise InvalidInput(_("There is no folder or view called {name}.").format(name=shape), field="folder")
