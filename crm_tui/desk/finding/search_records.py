"""Inquiries, guests and reservations that a query finds, as results beside the mail (SPEC §14)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from crm_tui.base.i18n import _
from crm_tui.data.bulk import stamp
from crm_tui.desk.common.views import Person, SearchHit
from crm_tui.desk.common.words import said
from crm_tui.desk.conversations.folders import instant
from crm_tui.desk.correspondence.excerpts import Excerpt
from crm_tui.desk.finding import search_about
from crm_tui.desk.finding.search_about import About, Named
from crm_tui.desk.requests.inquiry_views import STATUSES
from crm_tui.desk.stays.reservation_views import STATUSES as RESERVED
from crm_tui.mail.text import display_text
from crm_tui.rules.query import Query

_LONGEST = 20_000
"""Characters of memos in which the match is looked for."""

_MAIL = frozenset({"from", "to", "subject", "body", "file"})
_EMAIL = "(SELECT e.address FROM guest_email e WHERE e.guest_id = g.id ORDER BY e.position, e.id LIMIT 1)"
_MEMOS = "(SELECT group_concat(m.text, char(10)) FROM memo m WHERE m.removed_at IS NULL AND {whose})"
_REACHED = (
    "(SELECT group_concat(v, ' · ') FROM (SELECT e.address AS v FROM guest_email e WHERE e.guest_id {whose} "
    "UNION ALL SELECT p.number FROM guest_phone p WHERE p.guest_id {whose}))"
)
_OF_INQUIRY = "IN (SELECT x.guest_id FROM inquiry_guest x WHERE x.inquiry_id = i.id)"
_INQUIRY = (
    "SELECT i.id, i.created_at, i.status, i.arrival, i.departure, i.period_from, i.period_to, g.given, g.surname, "
    f"{_EMAIL}, (SELECT c.id FROM conversation c WHERE c.inquiry_id = i.id AND c.merged_into IS NULL "
    "ORDER BY c.id DESC LIMIT 1), i.room, i.destination, i.board, i.preferences, i.lost_reason, "
    f"(SELECT group_concat(o.given || ' ' || o.surname, ', ') FROM guest o WHERE o.id {_OF_INQUIRY}), "
    f"{_REACHED.format(whose=_OF_INQUIRY)}, substr("
    + _MEMOS.format(
        whose="(m.inquiry_id = i.id OR m.conversation_id IN (SELECT c.id FROM conversation c WHERE c.inquiry_id = i.id))"
    )
    + f", 1, {_LONGEST}) "
    "FROM inquiry i LEFT JOIN inquiry_guest h ON h.inquiry_id = i.id AND h.holder LEFT JOIN guest g ON g.id = h.guest_id "
)
_GUEST = (
    f"SELECT g.id, g.created_at, g.given, g.surname, {_EMAIL}, {_REACHED.format(whose='= g.id')}, g.street, g.postcode, "
    f"g.city, g.reference, g.remarks, substr({_MEMOS.format(whose='m.guest_id = g.id')}, 1, {_LONGEST}) FROM guest g "
)
_ON_IT = "IN (SELECT x.guest_id FROM reservation_guest x WHERE x.reservation_id = r.id UNION ALL SELECT r.company_id)"
_RESERVATION = (
    "SELECT r.id, r.created_at, r.status, r.code, r.arrival, r.departure, g.given, g.surname, "
    f"{_EMAIL}, r.reference, r.product, r.destination, r.room, (SELECT o.name FROM operator o WHERE o.id = r.operator_id), "
    f"(SELECT group_concat(o.given || ' ' || o.surname, ', ') FROM guest o WHERE o.id {_ON_IT}), r.remarks, substr("
    + _MEMOS.format(whose="m.reservation_id = r.id")
    + f", 1, {_LONGEST}) FROM reservation r LEFT JOIN reservation_guest h ON h.reservation_id = r.id AND h.holder "
    "LEFT JOIN guest g ON g.id = h.guest_id "
)
_VISIBLE = "(i.scope = '' OR ? = '*' OR instr(?, ',' || i.scope || ',') > 0)"

Pattern = re.Pattern[str] | None


def found(
    connection: Connection,
    query: Query,
    named: Named,
    scopes: str,
    zone: Callable[[], ZoneInfo],
    limit: int,
    pattern: Pattern,
) -> list[SearchHit]:
    """The newest inquiries that the actor may see, the newest guests and the newest reservations.

    What a kind does not have cannot be asked of it: ``is:unanswered`` finds no guest. To ask that something be *not* so
    leaves it in; a query of nothing but that is about mail.
    """
    hits: list[SearchHit] = []
    if _about_mail(query):
        return hits
    about_requests = query.agents or query.channels or query.statuses or query.codes
    about_guests = any(not term.exclude for term in (*query.terms, *query.guests)) or query.attributes
    dated = query.before is not None or query.after is not None
    if about_requests or about_guests or dated:
        hits += [_inquiry(row, pattern) for row in _inquiries(connection, query, named, scopes, zone, limit)]
    if about_guests and not about_requests and not dated:
        hits += [_guest(row, pattern) for row in _guests(connection, query, named, limit)]
    if not (query.agents or query.statuses) and (about_guests or query.codes or query.channels or dated):
        hits += [_reservation(row, pattern) for row in _reservations(connection, query, named, zone, limit)]
    return hits


def _about_mail(query: Query) -> bool:
    fields = any(term.field in _MAIL and not term.exclude for term in query.terms)
    return bool(query.places or query.states or query.attachment or fields)


def _inquiries(
    connection: Connection, query: Query, named: Named, scopes: str, zone: Callable[[], ZoneInfo], limit: int
) -> Iterable[Any]:
    where, values = ["i.removed_at IS NULL", _VISIBLE], [scopes, scopes]
    conditions: list[tuple[str, tuple[Any, ...]]] = []
    conditions += [("i.handler_id = ?", (named.agents[name],)) for name in query.agents]
    conditions += [("i.handler_id IS NOT ?", (named.agents[v],)) for kind, v in query.excluded if kind == "agent"]
    for sign, day in (("<", query.before), (">=", query.after)):
        if day is not None:
            conditions.append((f"i.created_at {sign} ?", (_midnight(day, zone()),)))
    return _run(
        connection, "inquiry", query, search_about.inquiries(connection, query, named), where, values, conditions, limit
    )


def _guests(connection: Connection, query: Query, named: Named, limit: int) -> Iterable[Any]:
    return _run(
        connection,
        "guest",
        query,
        search_about.guests(query, named),
        ["g.merged_into IS NULL"],
        [],
        [],
        limit,
    )


def _reservations(
    connection: Connection, query: Query, named: Named, zone: Callable[[], ZoneInfo], limit: int
) -> Iterable[Any]:
    conditions: list[tuple[str, tuple[Any, ...]]] = []
    for sign, day in (("<", query.before), (">=", query.after)):
        if day is not None:
            conditions.append((f"r.created_at {sign} ?", (_midnight(day, zone()),)))
    if query.codes and not search_about.codes_of(query)[0]:
        return ()
    abouts = search_about.reservations(query, named)
    return _run(connection, "reservation", query, abouts, ["r.removed_at IS NULL"], [], conditions, limit)


_KINDS: dict[str, tuple[str, str, Callable[[Query], tuple[list[str], list[str]]]]] = {
    "inquiry": ("i", _INQUIRY, search_about.of_inquiries),
    "guest": ("g", _GUEST, search_about.of_guests),
    "reservation": ("r", _RESERVATION, search_about.codes_of),
}
"""What each kind of record is called in a statement, what is shown of it, what is asked of columns of its index."""


def _run(
    connection: Connection,
    kind: str,
    query: Query,
    abouts: Iterable[About],
    where: list[str],
    values: list[Any],
    conditions: Iterable[tuple[str, tuple[Any, ...]]],
    limit: int,
) -> Iterable[Any]:
    """The newest records: numbers first, along the index, then what is shown of these few."""
    table = kind
    alias, shown, of_columns = _KINDS[kind]
    texts = [(term, search_about.term_expression(term)) for term in query.terms if not term.field]
    theirs, not_theirs = of_columns(query)
    unwanted = " OR ".join([*(text for term, text in texts if text and term.exclude), *not_theirs])
    wanted = " AND ".join([*(text for term, text in texts if text and not term.exclude), *theirs])
    source, order = f"{table} {alias}", f"{alias}.id"
    if wanted:
        source, order = f"{table}_search s CROSS JOIN {table} {alias} ON {alias}.id = s.rowid", "s.rowid"
        where, values = [f"s.{table}_search MATCH ?", *where], [wanted, *values]
    if any(not term.exclude and not term.field for term in query.terms) and not any(
        text for term, text in texts if not term.exclude
    ):
        return ()  # nothing but punctuation
    if wanted and unwanted:
        values = [f"({wanted}) NOT ({unwanted})", *values[1:]]
    elif unwanted:
        conditions = [
            *conditions,
            (f"{alias}.id NOT IN (SELECT rowid FROM {table}_search WHERE {table}_search MATCH ?)", (unwanted,)),
        ]
    conditions = [*conditions, *((about.condition, about.values) for about in abouts)]
    where += [condition for condition, _values in conditions]
    values += [value for _condition, some in conditions for value in some]
    inner = f"SELECT {alias}.id FROM {source} WHERE {' AND '.join(where)} ORDER BY {order} DESC LIMIT {int(limit)}"
    numbers = [*connection.exec_driver_sql(inner, tuple(values)).scalars()]
    these = f"{shown} WHERE {alias}.id IN (SELECT value FROM json_each(?))"
    return connection.exec_driver_sql(these, (str(numbers),)) if numbers else ()


def _inquiry(row: Any, pattern: Pattern) -> SearchHit:
    number, at, status, arrival, departure, begin, end, given, surname, email, conversation, *texts = row
    holder = display_text(f"{given or ''} {surname or ''}".strip())
    days = " – ".join(filter(None, (arrival, departure) if arrival else (begin, end)))
    words = (holder, _("Inquiry {number}").format(number=number), said(STATUSES, status), days)
    title = " · ".join(word for word in words if word)
    text = " · ".join(display_text(text, multiline=True) for text in texts if text)
    person = Person(holder, display_text(email or ""))
    return SearchHit("inquiry", number, conversation or 0, title, person, _at(at), Excerpt(title, text, pattern))


def _guest(row: Any, pattern: Pattern) -> SearchHit:
    number, at, given, surname, email, *texts = row
    title = display_text(f"{given} {surname}".strip())
    text = " · ".join(display_text(text, multiline=True) for text in texts if text)
    return SearchHit(
        "guest", number, 0, title, Person(title, display_text(email or "")), _at(at), Excerpt(title, text, pattern)
    )


def _reservation(row: Any, pattern: Pattern) -> SearchHit:
    number, at, status, code, arrival, departure, given, surname, email, *texts = row
    holder = display_text(f"{given or ''} {surname or ''}".strip())
    days = " – ".join(filter(None, (arrival, departure)))
    title = " · ".join(word for word in (display_text(code), holder, said(RESERVED, status), days) if word)
    text = " · ".join(display_text(text, multiline=True) for text in texts if text)
    person = Person(holder, display_text(email or ""))
    return SearchHit("reservation", number, 0, title, person, _at(at), Excerpt(title, text, pattern))


def _at(stored: Any) -> datetime:
    return instant(stored)


def _midnight(day: date, zone: ZoneInfo) -> Any:
    from datetime import UTC

    return stamp(datetime.combine(day, time(), zone).astimezone(UTC))
