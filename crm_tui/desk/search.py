"""One box for everything (SPEC §14): mail, newest first, matches marked."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.search import first_rowid
from crm_tui.data.tables import Property
from crm_tui.desk.context import Context
from crm_tui.desk.folders import FOLDERS
from crm_tui.desk.views import Person, SearchHit
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.query import Problem, Query, Term, parse_query

LIMIT = 50
PLACES = (*FOLDERS, "Sent", "Snoozed", "Starred")
_SNIPPET = 140
_FTS_COLUMN = {"from": "sender", "to": "recipients", "subject": "subject", "body": "body", "file": "files"}
_STATE = {
    "unanswered": "c.waiting_since IS NOT NULL",
    "answered": "c.waiting_since IS NULL",
    "unread": "c.unread_count > 0",
    "read": "c.unread_count = 0",
    "starred": "c.starred = 1",
    "snoozed": "c.snoozed = 1",
}
_PLACE = {"Sent": "m.direction = 'out'", "Snoozed": "c.snoozed = 1", "Starred": "c.starred = 1"}
_COLUMNS = "m.id, m.conversation_id, m.subject, m.sender_name, m.sender_address, m.at, substr(t.text, 1, 20000) AS text"


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
        live: it is still being typed: the last word is a beginning.

    Raises:
        QueryError: something is wrong with the query; says what and where.
    """
    query = parse(text, live=live)
    if query.empty or (live and not query.terms and not _conditions(query)[0]):
        return []
    with ctx.store.connect() as connection:
        statement, values = _sql(query, _zone(connection), limit)
        rows = connection.exec_driver_sql(statement, tuple(values)).all()
    finder = _finder(query.terms)
    return [_hit(row, finder) for row in rows]


def parse(text: str, *, live: bool = False) -> Query:
    """Parse a query, wording what is wrong with it.

    Raises:
        QueryError: with the place.
    """
    try:
        return parse_query(text, PLACES, live=live)
    except Problem as problem:
        raise _worded(problem) from None


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


def match_expression(terms: tuple[Term, ...]) -> str:
    """The terms in FTS5's language; empty where there is nothing to find. Excluding alone finds nothing."""
    wanted = [_fts(term) for term in terms if not term.exclude]
    unwanted = [_fts(term) for term in terms if term.exclude]
    wanted, unwanted = [t for t in wanted if t], [t for t in unwanted if t]
    if not wanted:
        return ""
    expression = " AND ".join(wanted)
    return f"({expression}) NOT ({' OR '.join(unwanted)})" if unwanted else expression


def _fts(term: Term) -> str:
    text = fold_text(term.text).replace('"', " ")
    if not any(character.isalnum() for character in text):
        return ""
    column = f"{_FTS_COLUMN[term.field]} : " if term.field else ""
    return f'{column}"{text}"{"*" if term.prefix else ""}'


def _sql(query: Query, zone: ZoneInfo, limit: int) -> tuple[str, list[Any]]:
    expression = match_expression(query.terms)
    conditions, values = _conditions(query)
    bounds = [("<", query.before), (">=", query.after)]
    # The full-text index is walked from its newest row down; the join must not turn that round.
    source = "message_search s CROSS JOIN message m ON m.search_rowid = s.rowid" if expression else "message m"
    rowid = "s.rowid" if expression else "m.search_rowid"
    where: list[str] = ["message_search MATCH ?"] if expression else []
    values = ([expression] if expression else []) + values
    where += conditions
    for sign, day in bounds:
        if day is not None:
            where.append(f"{rowid} {sign} ?")
            values.append(first_rowid(_midnight(day, zone)))
    needs = "JOIN conversation c ON c.id = m.conversation_id" if any("c." in c for c in conditions) else ""
    if not where:
        where = ["1"]
    statement = (
        f"SELECT {_COLUMNS} FROM {source} {needs} LEFT JOIN message_text t ON t.message_id = m.id "  # noqa: S608
        f"WHERE {' AND '.join(where)} ORDER BY {rowid} DESC LIMIT {int(limit)}"
    )
    return statement, values


def _conditions(query: Query) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    for place in query.places:
        if place in _PLACE:
            conditions.append(_PLACE[place])
        else:
            conditions.append("c.folder = ?")
            values.append(place)
    conditions += [_STATE[state] for state in query.states]
    if query.attachment:
        conditions.append("m.attachment_count > 0")
    for agent in query.agents:
        conditions.append("c.assignee_id IN (SELECT id FROM agent WHERE name = ? COLLATE NOCASE)")
        values.append(agent)
    return conditions, values


def _zone(connection: Connection) -> ZoneInfo:
    name = connection.execute(select(columns(Property).timezone).limit(1)).scalar()
    return ZoneInfo(name or "UTC")


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _finder(terms: tuple[Term, ...]) -> re.Pattern[str] | None:
    """Finds what the terms matched, in folded text."""
    patterns = []
    for term in terms:
        words = re.findall(r"\w+", fold_text(term.text))
        if words and not term.exclude:
            patterns.append(r"\b" + r"\W+".join(map(re.escape, words)) + ("" if term.prefix else r"\b"))
    return re.compile("|".join(patterns)) if patterns else None


def _hit(row: Any, finder: re.Pattern[str] | None) -> SearchHit:
    title = display_text(row.subject)
    text = display_text(row.text or "", multiline=True)
    start = _first_match(text, finder)
    begin = max(0, text.rfind(" ", 0, max(0, start - 30)) + 1) if start > 40 else 0
    snippet = display_text(" ".join(text[begin : begin + 2 * _SNIPPET].split()))[:_SNIPPET]
    return SearchHit(
        kind="message",
        id=row.id,
        conversation=row.conversation_id,
        title=title,
        snippet=snippet,
        counterpart=Person(display_text(row.sender_name), display_text(row.sender_address)),
        date=_instant(row.at),
        title_matches=matches(title, finder),
        snippet_matches=matches(snippet, finder),
    )


def _instant(value: str | datetime) -> datetime:
    from datetime import UTC

    return (datetime.fromisoformat(value) if isinstance(value, str) else value).replace(tzinfo=UTC)


def matches(text: str, finder: re.Pattern[str] | None) -> tuple[tuple[int, int], ...]:
    """Where a text matches, as ranges of the text itself; folding may change lengths, so positions are mapped back."""
    if finder is None:
        return ()
    folded = fold_text(text)
    if len(folded) == len(text):
        return tuple(found.span() for found in finder.finditer(folded))
    lengths = [len(fold_text(character)) for character in text]
    places = [index for index, length in enumerate(lengths) for _repeat in range(length)]
    if len(places) != len(folded):
        return ()
    return tuple(
        (places[found.start()], places[found.end() - 1] + 1)
        for found in finder.finditer(folded)
        if found.end() > found.start()
    )


def _first_match(text: str, finder: re.Pattern[str] | None) -> int:
    if finder is None:
        return 0
    found = finder.search(fold_text(text))
    # Folding rarely changes lengths, and then only by a few: close enough to choose what to show.
    return found.start() if found else 0
