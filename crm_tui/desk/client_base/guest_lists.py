"""The lists of guests (SPEC §6): whom the criteria ask for, in keyset pages over an index."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks, placeholders
from crm_tui.desk.client_base.guest_conditions import Members, asked_for
from crm_tui.desk.client_base.guest_criteria_words import in_words
from crm_tui.desk.client_base.guest_typed import phone_digits
from crm_tui.desk.client_base.guest_views import GuestListRow, GuestPage, MarksLeft
from crm_tui.desk.client_base.guest_walks import FEW, Walk
from crm_tui.desk.client_base.phones import international
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.views import Cursor
from crm_tui.mail.text import display_text
from crm_tui.rules.guest_criteria import CriteriaFault, GuestCriteria, checked
from crm_tui.rules.guest_searches import ORDERS
from crm_tui.rules.guest_searches import GuestQuery as GuestQuery

PAGE = 100
FEW_MARKS = 100
"""So many guests are looked up one by one."""
FEWEST_DIGITS, MOST_DIGITS = 4, 7
"""With so many digits the middle or end of a telephone number is looked for, where no number begins so."""


def page(
    ctx: Context,
    query: GuestQuery,
    *,
    after: Cursor | None = None,
    before: Cursor | None = None,
    last: bool = False,
    at: int | None = None,
    limit: int = PAGE,
    known: int | None = None,
) -> GuestPage:
    """A stretch of a list, in its order.

    Args:
        known: how long the list is, where that was asked before; it is counted otherwise.
        after, before: the rows following or preceding this one; neither: the first rows.
        last: the last rows of the list.
        at: the rows from this position on, for a dragged scrollbar.
        limit: how many rows at most.

    Raises:
        InvalidInput: a value of the criteria cannot be asked for, or there is no such order.
    """
    kind = "at" if at is not None else "after" if after else "before" if before else "last" if last else "first"
    with ctx.store.connect() as connection:
        walk = walk_of(connection, query, known)
        found = walk.ids(kind, after or before, limit, at or 0)
        return GuestPage(rows_in(connection, found, walk), walk.total)


def first(ctx: Context, query: GuestQuery, limit: int = PAGE) -> tuple[list[GuestListRow], int | None]:
    """The first rows of a list, and how long it is; None where counting takes longer than finding them: :func:`total` tells.

    Raises:
        InvalidInput: a value of the criteria cannot be asked for, or there is no such order.
    """
    with ctx.store.connect() as connection:
        walk = walk_of(connection, query)
        found = walk.ids("first", None, limit, 0)
        return rows_in(connection, found, walk), walk.total if walk.short else None


def total(ctx: Context, query: GuestQuery, *, many: bool = False) -> int:
    """How long a list is; ``many``: :func:`first` did not know."""
    with ctx.store.connect() as connection:
        walk = walk_of(connection, query)
        walk.many = many
        return walk.total


def position(ctx: Context, query: GuestQuery, cursor: Cursor) -> int:
    """How many rows stand before this one in the list."""
    with ctx.store.connect() as connection:
        return walk_of(connection, query).position(cursor)


def row_in_list(ctx: Context, query: GuestQuery, guest_id: int) -> GuestListRow | None:
    """One guest as this list shows it; None if it is not in the list (any more)."""
    with ctx.store.connect() as connection:
        walk = walk_of(connection, query)
        found = rows_in(connection, [guest_id], walk) if walk.has(guest_id) else []
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
    return walk_of(connection, GuestQuery(criteria)).ids("first", None, -1 if limit is None else limit, 0)


def marks(ctx: Context, criteria: GuestCriteria, numbers: Sequence[int]) -> MarksLeft:
    """Which of the guests are gone, and how many of the rest the criteria do not find.

    Raises:
        InvalidInput: a value of the criteria cannot be asked for.
    """
    base = GuestCriteria(archived=criteria.archived)
    with ctx.store.connect() as connection:
        there = _found(connection, base, numbers)
        shown = there if criteria == base else _found(connection, criteria, [one for one in numbers if one in there])
    return MarksLeft([one for one in numbers if one not in there], len(there) - len(shown))


def _found(connection: Connection, criteria: GuestCriteria, numbers: Sequence[int]) -> Set[int]:
    """Those of the guests whom the criteria find: a few looked up by themselves, many among all."""
    if len(numbers) <= FEW_MARKS:
        walk = walk_of(connection, GuestQuery(criteria))
        return {one for one in numbers if walk.has(one)}
    return set(ids_in(connection, criteria)).intersection(numbers)


def words(ctx: Context, criteria: GuestCriteria) -> str:
    """What is asked, in words, with the names of its attributes and its package; empty where nothing is."""
    with ctx.store.connect() as connection:
        return words_in(connection, criteria)


def words_in(connection: Connection, criteria: GuestCriteria) -> str:
    """:func:`words` on a connection that does more."""
    return in_words(criteria, *names_in(connection, criteria))


def names(ctx: Context, criteria: GuestCriteria) -> tuple[dict[int, str], dict[int, str]]:
    """What the attributes and the package that are asked for are called, by number, also where they were put away."""
    with ctx.store.connect() as connection:
        return names_in(connection, criteria)


def names_in(connection: Connection, criteria: GuestCriteria) -> tuple[dict[int, str], dict[int, str]]:
    """:func:`names` on a connection that does more."""
    packages = () if criteria.package is None else (criteria.package,)
    return (
        _named(connection, "attribute", criteria.attributes, _("{name} (not on the list any more)")),
        _named(connection, "package", packages, _("{name} (put away)")),
    )


def _named(connection: Connection, table: str, numbers: Sequence[int], gone: str) -> dict[int, str]:
    wanted = tuple(dict.fromkeys(numbers))
    if not wanted:
        return {}
    statement = f"SELECT id, name, removed_at IS NULL FROM {table} WHERE id IN ({placeholders(wanted)})"
    rows = [(row[0], display_text(row[1]), row[2]) for row in connection.exec_driver_sql(statement, wanted)]
    return {number: name if there else gone.format(name=name) for number, name, there in rows}


def query_words_in(connection: Connection, query: GuestQuery) -> str:
    """What a list shows, in words, with its order where that is not by name."""
    said = words_in(connection, query.criteria) or _("all guests")
    return said if query.order == ORDERS[0] else _("{what} · newest first").format(what=said)


def walk_of(connection: Connection, query: GuestQuery, known: int | None = None) -> Walk:
    """The list that a query asks for.

    Raises:
        InvalidInput: a value of the criteria cannot be asked for, or there is no such order.
    """
    if query.order not in ORDERS:
        raise InvalidInput(_("There is no such order: {order}.").format(order=display_text(query.order)), field="order")
    try:
        criteria = checked(query.criteria)
    except CriteriaFault as fault:
        raise InvalidInput(
            _("{value} cannot be asked for.").format(value=display_text(fault.given)), field=fault.field
        ) from None
    walk = Walk(connection, asked_for(criteria), query.order == "name", known)
    digits = phone_digits(criteria.text)
    if (
        FEWEST_DIGITS <= len(digits) <= MOST_DIGITS
        and "+" not in criteria.text
        and (walk if known is None else replace(walk, known=None)).nobody
    ):
        rest = asked_for(replace(criteria, text=""))
        anywhere = Members("SELECT value AS guest_id FROM json_each(?)", (str(_with_digits(connection, digits)),))
        return Walk(connection, replace(rest, members=(*rest.members, anywhere)), walk.by_name, known)
    return walk


def _with_digits(connection: Connection, digits: str) -> list[int]:
    """The guests who have a telephone number with these digits in it; looked for once, all numbers are gone through."""
    statement = "SELECT p.guest_id FROM guest_phone p WHERE instr(p.number, ?) LIMIT ?"
    return list(connection.exec_driver_sql(statement, (digits, FEW)).scalars())


def rows_in(connection: Connection, guest_ids: Sequence[int], walk: Walk) -> list[GuestListRow]:
    """The lines of a list, in the order of the numbers."""
    found: dict[int, GuestListRow] = {}
    for chunk in chunks(guest_ids):
        statement = _ROWS.format(numbers=placeholders(chunk))
        for row in connection.exec_driver_sql(statement, tuple(chunk)):
            found[row[0]] = _row(row, walk)
    return [found[one] for one in guest_ids if one in found]


_ROWS = (
    "SELECT g.id, g.kind, g.surname, g.given, g.city, g.country, g.language, g.archived_at IS NOT NULL, g.folded, "
    "(SELECT e.address FROM guest_email e WHERE e.guest_id = g.id ORDER BY e.position, e.id LIMIT 1), "
    "(SELECT p.number FROM guest_phone p WHERE p.guest_id = g.id ORDER BY p.position, p.id LIMIT 1), "
    "(SELECT group_concat(n, char(10)) FROM (SELECT a.name AS n FROM guest_attribute t JOIN attribute a "
    "ON a.id = t.attribute_id WHERE t.guest_id = g.id AND a.removed_at IS NULL ORDER BY a.folded)) "
    "FROM guest g WHERE g.id IN ({numbers})"
)


def _row(row: Any, walk: Walk) -> GuestListRow:
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
        cursor=(walk.key(folded), number),
    )
