"""Where the rows of the journal are that a reader asks for: along one index, a bounded stretch at a time.

One filter leads, along whose index the rows stand in order; what no index answers beside it is looked for in stretches of
:data:`STRETCH` rows, in the database itself. A journal of a million rows is looked through so for a rare word in short steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, NamedTuple

from sqlalchemy import Connection

from crm_tui.data.bulk import stamp
from crm_tui.desk.working.metrics_queries import instant
from crm_tui.rules import days
from crm_tui.rules.departures import start_of_day
from crm_tui.rules.folding import fold_json, fold_text

STRETCH = 1_000
"""Rows that one statement looks at."""
FEW = 2_000
"""A kind of thing with so many rows leads, rather than whoever did it."""

EARLIEST, LATEST = date(days.FIRST, 1, 1), date(days.LAST, 12, 31)
"""Nothing was ever done before or after; the ends of time have no day beside them."""

Cursor = tuple[str, int]
"""A row's instant, ISO, and its number."""
_SAID = "actor || ' ' || action || ' ' || coalesce(nullif(before, 'null'), '') || ' ' || coalesce(nullif(after, 'null'), '')"
_SIMPLE = "length(said) = length(CAST(said AS BLOB)) AND instr(said, '\\') = 0"
"""Nothing but ASCII, and nothing that JSON writes in another way: such text is folded by making it small."""


@dataclass(frozen=True, slots=True)
class JournalQuery:
    """What is shown of the journal.

    Attributes:
        agent: who did it, by name; ``engine`` for what nobody in particular did; empty: whoever.
        entity, number: the kind of thing as the journal calls it, and which one; empty and 0: all.
        action: part of the action's word.
        first, last: days of the property, both inclusive.
        words: that stand in what it was before or after, or in the name of who did it.
    """

    agent: str = ""
    entity: str = ""
    number: int = 0
    action: str = ""
    first: date | None = None
    last: date | None = None
    words: str = ""


class Condition(NamedTuple):
    """A condition of a statement, and its values."""

    sql: str
    values: tuple[Any, ...] = ()


class Looked(NamedTuple):
    """What a stretch holds.

    Attributes:
        ids: of the rows that fit, newest first.
        further: where it goes on; None: nowhere.
        rows: how many were looked at.
    """

    ids: list[int]
    further: Cursor | None
    rows: int


class Seeking:
    """Looks for the rows of a query.

    Args:
        agent: the number of the agent that the query names; None: nobody in particular.
        zone: the property's, in which its days are.
    """

    def __init__(self, connection: Connection, query: JournalQuery, agent: int | None, zone: tzinfo) -> None:
        self._connection = connection
        whose = [_whose(agent)] if query.agent else []
        kind = [Condition("entity = ?", (query.entity,))] if query.entity else []
        which = [Condition("entity_id = ?", (query.number,))] if query.number else []
        within = [*_days(query, zone)]
        self._words = fold_text(query.words).split()
        named = fold_text(query.action)
        what = [Condition("instr(lower(action), ?) > 0", (named,))] if named else []
        self._one = bool(kind and which)
        if self._one:
            self.index, self._lead, rest = "ix_journal_entity", [*kind, *which], [*whose, *within]
        elif kind and (not whose or self._few(kind[0])):
            self.index, self._lead, rest = "ix_journal_kind", [*kind, *within], [*whose, *which]
        elif whose:
            self.index, self._lead, rest = "ix_journal_agent", [*whose, *within], [*kind, *which]
        else:
            self.index, self._lead, rest = "ix_journal_at", within, which
        self._rest = [*rest, *what]

    def look(self, after: Cursor | None, room: int) -> Looked:
        """Look at the rows that follow.

        Args:
            room: so many that fit are enough.
        """
        looking = bool(self._rest or self._words)
        most = STRETCH if looking else room
        statement, values = self.statement(after, most)
        rows = self._connection.exec_driver_sql(statement, values).all()
        ids: list[int] = []
        for place, (number, at, fits, said) in enumerate(rows):
            if fits == 1 or (fits == 2 and self._says(said)):
                ids.append(number)
                if len(ids) == room:
                    return Looked(ids, cursor(at, number), place + 1)
        return Looked(ids, cursor(rows[-1].at, rows[-1].id) if len(rows) == most else None, len(rows))

    def statement(self, after: Cursor | None, most: int) -> tuple[str, tuple[Any, ...]]:
        """Number, instant, whether it fits (2: its text tells) and that text, of at most so many rows."""
        lead = [*self._lead, *([self._past(after)] if after is not None else [])]
        order = "id DESC" if self._one else "at DESC, id DESC"
        where = " AND ".join(one.sql for one in lead) or "1"
        stretch = (
            f"SELECT id, at, agent_id, entity, entity_id, action, {_SAID if self._words else 'NULL'} AS said "
            f"FROM journal INDEXED BY {self.index} WHERE {where} ORDER BY {order} LIMIT ?"
        )
        fits = self._fits()
        told = f"CASE WHEN {fits.sql} = 2 THEN said END" if self._words else "NULL"
        values = (*fits.values, *(fits.values if self._words else ()), *_values(lead), most)
        return f"SELECT id, at, {fits.sql} AS fits, {told} AS said FROM ({stretch})", values

    def _fits(self) -> Condition:
        rest = " AND ".join(one.sql for one in self._rest) or "1"
        values = _values(self._rest)
        if not self._words:
            return Condition(f"CASE WHEN {rest} THEN 1 ELSE 0 END", values)
        has = " AND ".join(["instr(lower(said), ?) > 0"] * len(self._words))
        sql = f"CASE WHEN NOT ({rest}) THEN 0 WHEN {_SIMPLE} THEN ({has}) ELSE 2 END"
        return Condition(sql, (*values, *self._words))

    def _says(self, said: str) -> bool:
        text = fold_json(said)
        return all(word in text for word in self._words)

    def _past(self, edge: Cursor) -> Condition:
        at, number = stamp(datetime.fromisoformat(edge[0])), edge[1]
        if self._one:
            return Condition("id < ?", (number,))
        return Condition("at <= ? AND (at, id) < (?, ?)", (at, at, number))

    def _few(self, kind: Condition) -> bool:
        counted = f"SELECT count(*) FROM (SELECT 1 FROM journal WHERE {kind.sql} LIMIT {FEW + 1})"
        return int(self._connection.exec_driver_sql(counted, kind.values).scalar_one()) <= FEW


def _whose(agent: int | None) -> Condition:
    return Condition("agent_id IS NULL") if agent is None else Condition("agent_id = ?", (agent,))


def _days(query: JournalQuery, zone: tzinfo) -> Sequence[Condition]:
    found = []
    if query.first:
        found.append(Condition("at >= ?", (stamp(start_of_day(_known(query.first), zone)),)))
    if query.last:
        found.append(Condition("at < ?", (stamp(start_of_day(_known(query.last) + timedelta(days=1), zone)),)))
    return found


def _known(day: date) -> date:
    return min(max(day, EARLIEST), LATEST)


def cursor(at: Any, number: int) -> Cursor:
    """The place of a row."""
    return instant(at).isoformat(), number


def _values(conditions: Sequence[Condition]) -> tuple[Any, ...]:
    return tuple(value for one in conditions for value in one.values)
