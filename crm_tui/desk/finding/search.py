"""One box for everything (SPEC §14): mail, inquiries, guests and reservations, newest first, matches marked."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Agent, Attribute, Property
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.views import Person, SearchHit
from crm_tui.desk.conversations.folders import FOLDERS, instant
from crm_tui.desk.correspondence.excerpts import Excerpt, finder, matches
from crm_tui.desk.finding import search_records
from crm_tui.desk.finding.search_about import Named, is_code
from crm_tui.desk.finding.search_sql import asks_for_nothing, statement
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.query import Problem, Query, parse_query

__all__ = ["LIMIT", "PLACES", "QueryError", "check", "matches", "parse", "search"]

LIMIT = 50
PLACES = (*FOLDERS, "Sent", "Snoozed", "Starred")
MOST_TERMS = 64


class QueryError(InvalidInput):
    """A search that cannot be understood; ``span`` is the half-open range of the query that is wrong."""

    def __init__(self, message: str, hint: str, span: tuple[int, int]) -> None:
        super().__init__(message, hint, "query")
        self.span = span


def search(ctx: Context, text: str, *, limit: int = LIMIT, live: bool = False) -> list[SearchHit]:
    """Find messages, inquiries, guests and reservations, newest first.

    Args:
        text: the query as typed.
        limit: how many at most.
        live: it is still being typed: the last word is a beginning, from three letters on.

    Raises:
        QueryError: something is wrong with the query; says what and where.
    """
    query = parse(text, live=live)
    hits: list[SearchHit] = []
    with ctx.store.connect() as connection:
        query, named = _resolved(connection, query)
        zone = cache(lambda: _zone(connection))
        pattern = finder((*query.terms, *query.guests))
        if not asks_for_nothing(query):
            sql, values = statement(connection, query, named, zone, limit, ctx.actor.scopes)
            hits += [_hit(row, pattern) for row in connection.exec_driver_sql(sql, values)]
        hits += search_records.found(connection, query, named, ctx.actor.scopes, zone, limit, pattern)
    return sorted(hits, key=lambda hit: hit.date, reverse=True)[:limit]


def check(ctx: Context, text: str) -> Query:
    """Read a query as a whole, with the names in it.

    Raises:
        QueryError: something is wrong with it; says what and where.
    """
    query = parse(text)
    with ctx.store.connect() as connection:
        return _resolved(connection, query)[0]


def parse(text: str, *, live: bool = False) -> Query:
    """Parse a query, wording what is wrong with it.

    Raises:
        QueryError: with the place.
    """
    try:
        query = parse_query(text, PLACES, live=live)
    except Problem as problem:
        raise _worded(problem) from None
    if len(query.terms) + len(query.guests) > MOST_TERMS:
        raise QueryError(_("This search has too many words."), _("Leave some out."), (0, len(text)))
    return query


def _worded(problem: Problem) -> QueryError:
    word = display_text(problem.word)
    message = {
        "field": _("There is no field {word}:").format(word=word),
        "value": _("{word} is not known here.").format(word=word),
        "date": _("{word} is not a day.").format(word=word),
        "quote": _("This quotation mark is never closed."),
        "empty": _("Nothing stands after {word}:").format(word=word),
    }[problem.kind]
    hint = _("Use one of: {names}.").format(names=", ".join(problem.known)) if problem.known else ""
    if problem.kind == "date":
        hint = _("Write it like 2026-07-31.")
    return QueryError(message, hint, (problem.start, problem.end))


def _resolved(connection: Connection, query: Query) -> tuple[Query, Named]:
    """The query without what is only half typed, and the ids of the agents and attributes it names."""
    agents = _ids(connection, query, "agent", _("There is no agent called {name}."))
    attributes = _ids(connection, query, "attr", _("There is no attribute called {name}."))
    query = _with_codes(query)
    known = {("agent", name) for name in agents} | {("attr", name) for name in attributes}
    return replace(
        query,
        agents=tuple(name for name in query.agents if name in agents),
        attributes=tuple(name for name in query.attributes if name in attributes),
        excluded=tuple(pair for pair in query.excluded if pair[0] not in {"agent", "attr"} or pair in known),
    ), Named(agents, attributes)


def _with_codes(query: Query) -> Query:
    """The query without a code of which there is only the sign yet."""
    for code in (*query.codes, *(value for field, value in query.excluded if field == "code")):
        if is_code(code):
            continue
        if query.unfinished != ("code", code) or code != "#":
            message = _("{word} is not a code.").format(word=display_text(code))
            hint = _("Write the number of an inquiry, like 1042, or the code of a reservation, like M-26118.")
            raise QueryError(message, hint, query.span("code", code))
    return replace(
        query,
        codes=tuple(code for code in query.codes if is_code(code)),
        excluded=tuple(pair for pair in query.excluded if pair[0] != "code" or is_code(pair[1])),
    )


def _ids(connection: Connection, query: Query, field: str, unknown: str) -> dict[str, int]:
    """The ids behind the names that a query gives in a field, whatever the case and accents; a name half typed has none."""
    named = query.named(field)
    if not named:
        return {}
    names = columns(Agent) if field == "agent" else columns(Attribute)
    rows = select(names.id, names.name).order_by(names.id)
    if field == "attr":
        rows = rows.where(names.removed_at.is_(None))
    known = {fold_text(row.name): row for row in connection.execute(rows)}
    for name in named:
        if fold_text(name) in known:
            continue
        if (field, name) != query.unfinished or not any(one.startswith(fold_text(name)) for one in known):
            words = _("Known are: {names}.").format(names=", ".join(display_text(row.name) for row in known.values()))
            raise QueryError(unknown.format(name=display_text(name)), words if known else "", query.span(field, name))
    return {name: known[fold_text(name)].id for name in named if fold_text(name) in known}


def _zone(connection: Connection) -> ZoneInfo:
    name = connection.execute(select(columns(Property).timezone).order_by(columns(Property).id).limit(1)).scalar()
    return ZoneInfo(name or "UTC")


def _hit(row: Any, pattern: Any) -> SearchHit:
    number, conversation, subject, name, address, at, text = row
    title = display_text(subject)
    return SearchHit(
        "message",
        number,
        conversation,
        title,
        Person(display_text(name), display_text(address)),
        instant(at),
        Excerpt(title, text or "", pattern),
    )
