"""One box for everything (SPEC §14): mail, newest first, matches marked."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Agent, Property
from crm_tui.desk.context import Context
from crm_tui.desk.excerpts import Excerpt, finder, matches
from crm_tui.desk.folders import FOLDERS, instant
from crm_tui.desk.search_sql import asks_for_nothing, statement
from crm_tui.desk.views import Person, SearchHit
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.query import Problem, Query, parse_query

__all__ = ["LIMIT", "PLACES", "QueryError", "matches", "parse", "search"]

LIMIT = 50
PLACES = (*FOLDERS, "Sent", "Snoozed", "Starred")
MOST_TERMS = 64


class QueryError(InvalidInput):
    """A search that cannot be understood; ``span`` is the half-open range of the query that is wrong."""

    def __init__(self, message: str, hint: str, span: tuple[int, int]) -> None:
        super().__init__(message, hint, "query")
        self.span = span


def search(ctx: Context, text: str, *, limit: int = LIMIT, live: bool = False) -> list[SearchHit]:
    """Find messages, newest first.

    Args:
        text: the query as typed.
        limit: how many at most.
        live: it is still being typed: the last word is a beginning, from three letters on.

    Raises:
        QueryError: something is wrong with the query; says what and where.
    """
    query = parse(text, live=live)
    if asks_for_nothing(query):
        return []
    with ctx.store.connect() as connection:
        agents = _agents(connection, query, text)
        sql, values = statement(connection, query, agents, lambda: _zone(connection), limit, ctx.actor.scopes)
        rows = connection.exec_driver_sql(sql, values).all()
    pattern = finder(query.terms)
    return [_hit(row, pattern) for row in rows]


def parse(text: str, *, live: bool = False) -> Query:
    """Parse a query, wording what is wrong with it.

    Raises:
        QueryError: with the place.
    """
    try:
        query = parse_query(text, PLACES, live=live)
    except Problem as problem:
        raise _worded(problem) from None
    if len(query.terms) > MOST_TERMS:
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


def _agents(connection: Connection, query: Query, text: str) -> dict[str, int]:
    """The ids of the agents a query names, whatever the case and accents."""
    named = [*query.agents, *(value for kind, value in query.excluded if kind == "agent")]
    if not named:
        return {}
    names = columns(Agent)
    known = {fold_text(row.name): row for row in connection.execute(select(names.id, names.name).order_by(names.id))}
    for name in named:
        if fold_text(name) not in known:
            start = max(0, text.find(name))
            raise QueryError(
                _("There is no agent called {name}.").format(name=display_text(name)),
                _("Known are: {names}.").format(names=", ".join(display_text(row.name) for row in known.values())),
                (start, start + len(name)),
            )
    return {name: known[fold_text(name)].id for name in named}


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
