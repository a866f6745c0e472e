"""The lists of guests (SPEC §6): whom the criteria ask for, in keyset pages over an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks, placeholders
from crm_tui.desk.context import Context
from crm_tui.desk.guest_conditions import Condition, conditions
from crm_tui.desk.guest_criteria_words import in_words
from crm_tui.desk.guest_views import GuestListRow, GuestPage
from crm_tui.desk.guest_words import matching
from crm_tui.desk.phones import international
from crm_tui.desk.views import Cursor
from crm_tui.mail.text import display_text
from crm_tui.rules.guest_criteria import CriteriaFault, GuestCriteria, checked

PAGE = 100
ORDERS = ("name", "newest")


@dataclass(frozen=True, slots=True)
class GuestQuery:
    """Which guests a list shows. ``order``: ``name`` (surname, then given names) or ``newest``."""

    criteria: GuestCriteria = field(default_factory=GuestCriteria)
    order: str = "name"


def page(
    ctx: Context,
    query: GuestQuery,
    *,
    after: Cursor | None = None,
    before: Cursor | None = None,
    last: bool = False,
    at: int | None = None,
    limit: int = PAGE,
) -> GuestPage:
    """A stretch of a list, in its order.

    Args:
        after, before: the rows following or preceding this one; neither: the first rows.
        last: the last rows of the list.
        at: the rows from this position on, for a dragged scrollbar.
        limit: how many rows at most.

    Raises:
        InvalidInput: a value of the criteria cannot be asked for, or there is no such order.
    """
    kind = "at" if at is not None else "after" if after else "before" if before else "last" if last else "first"
    with ctx.store.connect() as connection:
        asked = _asked(connection, query)
        found = _ids(connection, query, asked, kind, after or before, limit, at or 0)
        return GuestPage(rows_in(connection, found), _total(connection, asked))


def total(ctx: Context, query: GuestQuery) -> int:
    """How long a list is."""
    with ctx.store.connect() as connection:
        return _total(connection, _asked(connection, query))


def position(ctx: Context, query: GuestQuery, cursor: Cursor) -> int:
    """How many rows stand before this one in the list."""
    with ctx.store.connect() as connection:
        asked = [*_asked(connection, query), _beyond(query, cursor, backwards=True)]
        return _total(connection, asked)


def row_in_list(ctx: Context, query: GuestQuery, guest_id: int) -> GuestListRow | None:
    """One guest as this list shows it; None if it is not in the list (any more)."""
    with ctx.store.connect() as connection:
        asked = [*_asked(connection, query), Condition("g.id = ?", (guest_id,))]
        found = rows_in(connection, _ids(connection, query, asked, "one", None, 1, 0))
    return found[0] if found else None


def ids(ctx: Context, criteria: GuestCriteria, limit: int | None = None) -> list[int]:
    """The numbers of all guests that fit, by name; ``limit``: so many at most.

    Raises:
        InvalidInput: a value of the criteria cannot be asked for.
    """
    with ctx.store.connect() as connection:
        return ids_in(connection, criteria, limit)


def ids_in(connection: Connection, criteria: GuestCriteria, limit: int | None = None) -> list[int]:
    """:func:`ids` on a connection that does more."""
    query = GuestQuery(criteria)
    return _ids(connection, query, _asked(connection, query), "first", None, -1 if limit is None else limit, 0)


def words(ctx: Context, criteria: GuestCriteria) -> str:
    """What is asked, in words, with the names of its attributes and its package; empty where nothing is."""
    with ctx.store.connect() as connection:
        return words_in(connection, criteria)


def words_in(connection: Connection, criteria: GuestCriteria) -> str:
    """:func:`words` on a connection that does more."""
    tags, packages = set(criteria.attributes), set() if criteria.package is None else {criteria.package}
    names = []
    for table, numbers in (("attribute", tags), ("package", packages)):
        statement = f"SELECT id, name FROM {table} WHERE id IN ({placeholders([*numbers])})"
        found = connection.exec_driver_sql(statement, tuple(numbers)) if numbers else ()
        names.append({row[0]: display_text(row[1]) for row in found})
    return in_words(criteria, *names)


def _asked(connection: Connection, query: GuestQuery) -> list[Condition]:
    if query.order not in ORDERS:
        raise InvalidInput(_("There is no such order: {order}.").format(order=display_text(query.order)), field="order")
    try:
        criteria = checked(query.criteria)
    except CriteriaFault as fault:
        raise InvalidInput(
            _("{value} cannot be asked for.").format(value=display_text(fault.given)), field=fault.field
        ) from None
    asked = conditions(criteria)
    if criteria.text.strip():
        found = matching(connection, criteria.text)
        asked.append(Condition("g.id IN (SELECT value FROM json_each(?))", (str(found),)))
    return asked


def _values(asked: Sequence[Condition]) -> tuple[Any, ...]:
    return tuple(value for one in asked for value in one.values)


def _total(connection: Connection, asked: Sequence[Condition]) -> int:
    statement = f"SELECT count(*) FROM guest g WHERE {' AND '.join(one.sql for one in asked)}"
    return int(connection.exec_driver_sql(statement, _values(asked)).scalar_one())


def _ids(
    connection: Connection,
    query: GuestQuery,
    asked: Sequence[Condition],
    kind: str,
    edge: Cursor | None,
    limit: int,
    offset: int,
) -> list[int]:
    backwards = kind in {"before", "last"}
    if edge is not None:
        asked = [*asked, _beyond(query, edge, backwards=backwards)]
    down = (query.order == "newest") != backwards
    way = "DESC" if down else "ASC"
    order = f"g.id {way}" if query.order == "newest" else f"g.folded {way}, g.id {way}"
    statement = (
        f"SELECT g.id FROM guest g WHERE {' AND '.join(one.sql for one in asked)} ORDER BY {order} LIMIT ? OFFSET ?"
    )
    found = list(connection.exec_driver_sql(statement, (*_values(asked), limit, offset)).scalars())
    return found[::-1] if backwards else found


def _beyond(query: GuestQuery, edge: Cursor, *, backwards: bool) -> Condition:
    """Past the edge in the list's direction."""
    if query.order == "newest":
        return Condition(f"g.id {'>' if backwards else '<'} ?", (edge[1],))
    return Condition(f"(g.folded, g.id) {'<' if backwards else '>'} (?, ?)", edge)


def rows_in(connection: Connection, guest_ids: Sequence[int]) -> list[GuestListRow]:
    """The lines of a list, in the order of the numbers."""
    found: dict[int, GuestListRow] = {}
    for chunk in chunks(guest_ids):
        statement = _ROWS.format(numbers=placeholders(chunk))
        for row in connection.exec_driver_sql(statement, tuple(chunk)):
            found[row[0]] = _row(row)
    return [found[one] for one in guest_ids if one in found]


_ROWS = (
    "SELECT g.id, g.kind, g.surname, g.given, g.city, g.country, g.language, g.archived_at IS NOT NULL, g.folded, "
    "(SELECT e.address FROM guest_email e WHERE e.guest_id = g.id ORDER BY e.position, e.id LIMIT 1), "
    "(SELECT p.number FROM guest_phone p WHERE p.guest_id = g.id ORDER BY p.position, p.id LIMIT 1), "
    "(SELECT group_concat(n, char(10)) FROM (SELECT a.name AS n FROM guest_attribute t JOIN attribute a "
    "ON a.id = t.attribute_id WHERE t.guest_id = g.id AND a.removed_at IS NULL ORDER BY a.folded)) "
    "FROM guest g WHERE g.id IN ({numbers})"
)


def _row(row: Any) -> GuestListRow:
    number, kind, surname, given, city, country, language, archived, folded, email, phone, attributes = row
    return GuestListRow(
        id=number,
        kind=kind,
        surname=display_text(surname),
        given=display_text(given),
        email=display_text(email or ""),
        phone=international(phone or ""),
        city=display_text(city),
        country=display_text(country),
        language=language,
        attributes=tuple(display_text(one) for one in (attributes or "").split("\n") if one),
        archived=bool(archived),
        cursor=(folded, number),
    )
