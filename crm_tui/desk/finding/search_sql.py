"""A query of the search language as one statement whose cost does not grow with the store (SPEC §14, QUALITY §1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from crm_tui.data.bulk import placeholders
from crm_tui.data.search import first_rowid
from crm_tui.desk.common import scope
from crm_tui.desk.common.views import Count
from crm_tui.desk.conversations.folders import FOLDERS, counts_in
from crm_tui.desk.finding import search_about
from crm_tui.desk.finding.search_about import Named
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.query import Query, Term

FEW = search_about.FEW
"""Up to how many conversations are listed first and looked up among the matches; more are met often enough on the way."""

_FTS_COLUMN = {"from": "sender", "to": "recipients", "subject": "subject", "body": "body", "file": "files"}
# Written as the conditions of the partial indexes are.
_STATE = {
    "unanswered": "c.waiting_since IS NOT NULL",
    "answered": "c.waiting_since IS NULL",
    "unread": "c.unread_count > 0",
    "read": "c.unread_count = 0",
    "starred": "c.starred",
    "snoozed": "c.snoozed",
}
_OPPOSITE = {
    "unanswered": "answered",
    "answered": "unanswered",
    "unread": "read",
    "read": "unread",
}
_COLUMNS = "m.id, m.conversation_id, m.subject, m.sender_name, m.sender_address, m.at, substr(t.text, 1, 20000)"
_FOLDERS = ", ".join(f"'{name}'" for name in FOLDERS)


@dataclass(slots=True)
class _Conditions:
    """What a query asks of messages and of their conversations; ``few`` bounds how many conversations can fit."""

    message: list[str] = field(default_factory=list)
    message_values: list[Any] = field(default_factory=list)
    conversation: list[str] = field(default_factory=list)
    conversation_values: list[Any] = field(default_factory=list)
    few: int | None = None

    def ask(self, condition: str, *values: Any, few: int | None = None) -> None:
        """Add a condition on the conversation, which ``few`` conversations meet if that is known."""
        self.conversation.append(condition)
        self.conversation_values.extend(values)
        if few is not None:
            self.few = few if self.few is None else min(few, self.few)


def match_expression(terms: Sequence[Term]) -> str:
    """The terms in FTS5's language; empty where there is nothing to find."""
    wanted = [found for term in terms if not term.exclude and (found := _fts(term))]
    unwanted = [found for term in terms if term.exclude and (found := _fts(term))]
    expression = " AND ".join(wanted)
    return f"({expression}) NOT ({' OR '.join(unwanted)})" if wanted and unwanted else expression


def _fts(term: Term) -> str:
    text = fold_text(display_text(term.text)).replace('"', " ")
    if not any(character.isalnum() for character in text):
        return ""
    column = f"{_FTS_COLUMN[term.field]} : " if term.field in _FTS_COLUMN else ""
    return f'{column}"{text}"{"*" if term.prefix else ""}'


def asks_for_nothing(query: Query) -> bool:
    """Whether the query has neither a word that can be found nor a condition: punctuation alone, for example."""
    return not (
        any(_fts(term) for term in query.terms)
        or query.places
        or query.states
        or query.agents
        or query.attributes
        or query.channels
        or query.statuses
        or query.codes
        or any(_fts(term) for term in query.guests)
        or query.attachment
        or query.before
        or query.after
        or query.excluded
    )


def statement(
    connection: Connection,
    query: Query,
    named: Named,
    zone: Callable[[], ZoneInfo],
    limit: int,
    scopes: str = scope.EVERYTHING,
) -> tuple[str, tuple[Any, ...]]:
    """The statement and its values: id, conversation, subject, sender's name and address, instant, beginning of the text.

    The rows are the newest, in whatever order.

    Args:
        named: ids of the agents and attributes whom the query names.
        zone: gives the property's zone, in which days begin; asked only if the query names a day.
        scopes: of whoever asks; messages of other conversations are not found.
    """
    found = _conditions(connection, query, named)
    expression = match_expression(query.terms)
    rowid = "s.rowid" if expression else "m.search_rowid"
    where = ["message_search MATCH ?"] if expression else ["m.search_rowid IS NOT NULL"]
    values: list[Any] = [expression] if expression else []
    for sign, day in (("<", query.before), (">=", query.after)):
        if day is not None:
            where.append(f"{rowid} {sign} ?")
            values.append(first_rowid(_midnight(day, zone())))
    _exclude_alone(query, expression, where, values)
    where += found.message
    values += found.message_values
    join = _join_conversations(found, expression, where, values)
    seen, those = scope.in_sql(scopes, "m.conversation_id")
    where.append(seen)
    values += those
    # The full-text index is walked from its newest row down; the join must not turn that round.
    source = "message_search s CROSS JOIN message m ON m.search_rowid = s.rowid" if expression else "message m"
    newest = f"SELECT m.id FROM {source} {join} WHERE {' AND '.join(where)} ORDER BY {rowid} DESC LIMIT {int(limit)}"
    # Texts are read of what is shown only, not of all that had to be sorted.
    text = (
        f"SELECT {_COLUMNS} FROM ({newest}) found CROSS JOIN message m ON m.id = found.id "
        "LEFT JOIN message_text t ON t.message_id = m.id"
    )
    return text, tuple(values)


def _exclude_alone(query: Query, expression: str, where: list[str], values: list[Any]) -> None:
    """FTS5 cannot say *not* without anything wanted: each row is then asked."""
    unwanted = [text for term in query.terms if term.exclude and (text := _fts(term))]
    if unwanted and not expression:
        where.append(
            "NOT EXISTS (SELECT 1 FROM message_search x WHERE x.message_search MATCH ? AND x.rowid = m.search_rowid)"
        )
        values.append(" OR ".join(unwanted))


def _join_conversations(found: _Conditions, expression: str, where: list[str], values: list[Any]) -> str:
    """Conditions on conversations: a list made first where few fit, a look at each match's conversation where many do."""
    if not found.conversation:
        return ""
    if found.few == 0:
        where.append("0")
        return ""
    if found.few is None or found.few > FEW:
        where += found.conversation
        values += found.conversation_values
        return "CROSS JOIN conversation c ON c.id = m.conversation_id"
    fitting = " AND ".join(found.conversation)
    values += found.conversation_values
    if expression:
        where.append(
            "+s.rowid IN (SELECT n.search_rowid FROM conversation c CROSS JOIN message n "
            f"ON n.conversation_id = c.id WHERE {fitting})"
        )
    else:
        where.append(f"m.conversation_id IN (SELECT c.id FROM conversation c WHERE {fitting})")
    return ""


def _conditions(connection: Connection, query: Query, named: Named) -> _Conditions:
    found, agents = _Conditions(), named.agents
    counted = counts_in(connection, "*") if query.places or query.states else {}
    folders = [place for place in query.places if place in FOLDERS]
    if folders:  # a conversation stands in one folder: several mean any of them
        few = sum(counted[place].total for place in folders) + counted.get("Snoozed", Count()).total
        found.ask(f"c.folder IN ({placeholders(folders)})", *folders, few=few)
    for place in query.places:
        if place == "Sent":
            found.message.append("m.direction = 'out'")
        elif place not in FOLDERS:
            _ask_state(found, place.lower(), counted)
    for state in query.states:
        _ask_state(found, state, counted)
    if query.attachment:
        found.message.append("m.attachment_count > 0")
    for name in query.agents:
        found.ask("c.assignee_id = ?", agents[name], few=_assigned(connection, agents[name]))
    for about in search_about.conversations(connection, query, named):
        found.ask(about.condition, *about.values, few=about.few)
    for kind, value in query.excluded:
        if kind not in search_about.FIELDS:
            _exclude(found, kind, value, agents)
    return found


def _ask_state(found: _Conditions, state: str, counted: dict[str, Count]) -> None:
    everywhere = [counted.get(key, Count()) for key in (*FOLDERS, "Snoozed")]
    few = {
        "unanswered": sum(count.unanswered for count in everywhere),
        "unread": sum(count.unread for count in everywhere),
        "starred": counted.get("Starred", Count()).total,
        "snoozed": counted.get("Snoozed", Count()).total,
    }.get(state)
    found.ask(_STATE[state], few=few)
    if state == "unread":
        found.ask(f"c.folder IN ({_FOLDERS})")  # always so; it opens the index of the unread


def _assigned(connection: Connection, agent: int) -> int:
    query = "SELECT count(*) FROM (SELECT 1 FROM conversation WHERE assignee_id = ? LIMIT ?)"
    return int(connection.exec_driver_sql(query, (agent, FEW + 1)).scalar_one())


def _exclude(found: _Conditions, kind: str, value: str, agents: dict[str, int]) -> None:
    if kind == "has":
        found.message.append("m.attachment_count = 0")
    elif kind == "agent":
        found.ask("c.assignee_id IS NOT ?", agents[value])
    elif value == "Sent":
        found.message.append("m.direction <> 'out'")
    elif value in FOLDERS:
        found.ask("c.folder <> ?", value)
    elif value in _OPPOSITE:
        found.ask(_STATE[_OPPOSITE[value]])
    else:
        found.ask(f"NOT {_STATE[value.lower()]}")


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
