"""The lists of reservations (SPEC §7): found as one types, filtered, in keyset pages over an index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks, placeholders
from crm_tui.data.columns import columns
from crm_tui.data.tables import Operator
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.views import Cursor
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.stays.reservation_views import (
    CURRENT,
    EVERY,
    OPEN,
    ReservationListRow,
    ReservationPage,
    ReservationQuery,
)
from crm_tui.desk.stays.reservation_walks import ORDERS, UNDATED, Asked, Walk
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.inquiry_checks import MOST_NIGHTS
from crm_tui.rules.money import Money
from crm_tui.rules.vocabulary import Channel, ReservationStatus

PAGE = 100
LONGEST = 200
"""Characters of what is typed that are looked at."""
LOOKED_UP = "{codes names destination stay} : "
"""The columns that reservations are looked up by; remarks and memos are for the search of everything."""
GOING_ON = (ReservationStatus.OPTION.value, ReservationStatus.CONFIRMED.value)
"""The statuses of what is still to come about."""

_O = columns(Operator)


def page(
    ctx: Context,
    query: ReservationQuery,
    *,
    after: Cursor | None = None,
    before: Cursor | None = None,
    last: bool = False,
    at: int | None = None,
    limit: int = PAGE,
    known: int | None = None,
) -> ReservationPage:
    """A stretch of a list, in its order.

    Args:
        after, before: the rows following or preceding this one; neither: the first rows.
        last: the last rows of the list.
        at: the rows from this position on, for a dragged scrollbar.
        limit: how many rows at most.
        known: how long the list is, where that was asked before; it is counted otherwise.

    Raises:
        InvalidInput: there is no such status, channel, operator or order.
    """
    kind = "at" if at is not None else "after" if after else "before" if before else "last" if last else "first"
    with ctx.store.connect() as connection:
        walk = walk_of(ctx, connection, query, known)
        found = walk.ids(kind, after or before, limit, at or 0)
        return ReservationPage(rows_in(connection, found, walk), walk.total)


def total(ctx: Context, query: ReservationQuery) -> int:
    """How long a list is."""
    with ctx.store.connect() as connection:
        return walk_of(ctx, connection, query).total


def position(ctx: Context, query: ReservationQuery, cursor: Cursor) -> int:
    """How many rows stand before this one in the list."""
    with ctx.store.connect() as connection:
        return walk_of(ctx, connection, query).position(cursor)


def row_in_list(ctx: Context, query: ReservationQuery, reservation_id: int) -> ReservationListRow | None:
    """One reservation as this list shows it; None if it is not in the list (any more)."""
    with ctx.store.connect() as connection:
        walk = walk_of(ctx, connection, query)
        found = rows_in(connection, [reservation_id], walk) if walk.has(reservation_id) else []
    return found[0] if found else None


def ids(ctx: Context, query: ReservationQuery, limit: int | None = None) -> list[int]:
    """The numbers of all reservations of a list, in its order; ``limit``: so many at most."""
    with ctx.store.connect() as connection:
        return walk_of(ctx, connection, query).ids("first", None, -1 if limit is None else limit, 0)


def rows(ctx: Context, reservation_ids: Sequence[int]) -> list[ReservationListRow]:
    """The lines of some reservations, in the order of the numbers; those that are gone are left out."""
    with ctx.store.connect() as connection:
        return rows_in(connection, reservation_ids, Walk(connection, Asked()))


def operators(ctx: Context) -> list[str]:
    """The names of the tour operators, sorted."""
    query = select(_O.name).where(_O.removed_at.is_(None)).order_by(_O.folded, _O.id)
    with ctx.store.connect() as connection:
        return [display_text(name) for name in connection.execute(query).scalars()]


def walk_of(ctx: Context, connection: Connection, query: ReservationQuery, known: int | None = None) -> Walk:
    """The list that a query asks for.

    Raises:
        InvalidInput: there is no such status, channel, operator or order.
    """
    if query.order not in ORDERS:
        raise InvalidInput(
            _("There is no such order: {order}.").format(order=display_text(query.order)),
            _("Use one of: {names}.").format(names=", ".join(ORDERS)),
            "order",
        )
    return Walk(connection, _asked(ctx, connection, query), query.order, known)


def expression(text: str) -> str:
    """What a text means to the full-text index: every word begins a word of a reservation; empty where nothing is to be found."""
    words = fold_text(display_text(text)[:LONGEST]).replace('"', " ").split()
    found = [f'{LOOKED_UP}"{word}"*' for word in words if any(letter.isalnum() for letter in word)]
    return " AND ".join(f"({one})" for one in found)


def _asked(ctx: Context, connection: Connection, query: ReservationQuery) -> Asked:
    matches: list[str] = []
    for text, column in ((query.text, ""), (query.destination, "destination : ")):
        if text.strip():
            found = expression(text).replace(LOOKED_UP, column) if column else expression(text)
            if not found:
                return Asked(impossible=True)
            matches.append(found)
    conditions = [*_of_status(query.asked_status), *_of_source(connection, query), *_of_days(query)]
    floors: dict[str, str] = {}
    if query.asked_status == CURRENT:
        today = ctx.clock.now().astimezone(zone(connection)).date()
        # What ends today or later cannot have begun longer ago than a stay lasts.
        floors = {"arrival": (today - timedelta(days=MOST_NIGHTS)).isoformat(), "departure": today.isoformat()}
        conditions += [(f"(r.{name} IS NULL OR r.{name} >= ?)", (day,)) for name, day in floors.items()]
    if query.unpaid:
        owing = "SELECT 1 FROM reservation_due d WHERE d.reservation_id = r.id AND d.due IS NOT NULL"
        conditions.append((f"EXISTS ({owing})", ()))
    return Asked(
        " AND ".join(f"({one})" for one in matches),
        tuple(condition for condition, _values in conditions),
        tuple(value for _condition, values in conditions for value in values),
        floors,
    )


Condition = tuple[str, tuple[Any, ...]]


def _of_status(status: str) -> Iterator[Condition]:
    if status == EVERY:
        return
    if status in (OPEN, CURRENT):
        yield "r.status IN (?, ?)", GOING_ON
        return
    word = status.strip().casefold()
    if word not in {str(one) for one in ReservationStatus}:
        raise InvalidInput(
            _("There is no status called “{given}”; there are: {names}.").format(
                given=display_text(status), names=", ".join((CURRENT, OPEN, EVERY, *ReservationStatus))
            ),
            field="status",
        )
    yield "r.status = ?", (word,)


def _of_source(connection: Connection, query: ReservationQuery) -> Iterator[Condition]:
    if query.channel:
        chosen = next((str(one) for one in Channel if str(one).casefold() == query.channel.strip().casefold()), "")
        if not chosen:
            raise InvalidInput(
                _("There is no channel called “{given}”; there are: {names}.").format(
                    given=display_text(query.channel), names=", ".join(Channel)
                ),
                field="channel",
            )
        yield "r.channel = ?", (chosen,)
    if query.operator:
        folded = " ".join(fold_text(query.operator).split())
        number = connection.execute(select(_O.id).where(_O.folded == folded, _O.removed_at.is_(None))).scalar()
        if number is None:
            raise InvalidInput(
                _("There is no operator called {name}.").format(name=display_text(query.operator)), field="operator"
            )
        yield "r.operator_id = ?", (number,)


def _of_days(query: ReservationQuery) -> Iterator[Condition]:
    for name in ("arrival", "departure"):
        for end, sign in (("from", ">="), ("to", "<=")):
            day = getattr(query, f"{name}_{end}")
            if day is not None:
                yield f"r.{name} {sign} ?", (day.isoformat(),)


_HOLDER = (
    "(SELECT g.given || ' ' || g.surname FROM reservation_guest h JOIN guest g ON g.id = h.guest_id "
    "WHERE h.reservation_id = r.id AND h.holder)"
)
_ROWS = (
    "SELECT r.id, r.code, r.status, r.arrival, r.departure, "
    f"coalesce({_HOLDER}, (SELECT c.surname FROM guest c WHERE c.id = r.company_id), ''), "
    "(SELECT count(*) FROM reservation_guest x WHERE x.reservation_id = r.id), r.adults, r.children, r.product, "
    "r.destination, r.room, r.value, r.currency, d.price, d.paid, d.due, r.channel, o.name, r.reference, {key} "
    "FROM reservation r LEFT JOIN operator o ON o.id = r.operator_id LEFT JOIN reservation_due d ON d.reservation_id = r.id "
    "WHERE r.removed_at IS NULL AND r.id IN ({numbers})"
)


def rows_in(connection: Connection, reservation_ids: Sequence[int], walk: Walk) -> list[ReservationListRow]:
    """The lines of a list, in the order of the numbers."""
    found: dict[int, ReservationListRow] = {}
    for chunk in chunks(reservation_ids):
        statement = _ROWS.format(key=walk.order.key(), numbers=placeholders(chunk))
        for row in connection.exec_driver_sql(statement, tuple(chunk)):
            found[row[0]] = _row(row)
    return [found[one] for one in reservation_ids if one in found]


def _row(row: Any) -> ReservationListRow:
    number, code, status, arrival, departure, guest, guests, adults, children, *rest = row
    product, destination, room, value, currency, price, paid, due, channel, operator, reference, key = rest
    left = (price or 0) - (paid or 0)
    return ReservationListRow(
        id=number,
        code=display_text(code),
        status=status,
        arrival=_day(arrival),
        departure=_day(departure),
        guest=display_text(guest.strip()),
        guests=guests,
        adults=adults,
        children=children,
        title=" · ".join(display_text(part) for part in (product, destination, room) if part),
        value=Money(value, currency) if value is not None else None,
        missing=Money(left, currency) if due is not None and left > 0 and currency else None,
        due=_day(due),
        channel=display_text(channel),
        operator=display_text(operator or ""),
        cursor=(str(key), number),
        reference=display_text(reference),
    )


def _day(stored: Any) -> date | None:
    return date.fromisoformat(stored) if isinstance(stored, str) and stored != UNDATED else stored
