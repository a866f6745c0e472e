"""What others changed since a version, so that an edit is refused only where both touched the same (SPEC §13).

Every row of the journal that tells of an inquiry or a guest bears the version at which its command left the thing. What was
changed since a version are the rows that bear a higher one; commands that made no version of it, such as a tag, a consent or
a recall, changed none of its fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Guest, Inquiry, Journal, Reminder, Reservation
from crm_tui.mail.text import display_text

_J = columns(Journal)
_TABLES = {
    "inquiry": table_of(Inquiry),
    "guest": table_of(Guest),
    "reservation": table_of(Reservation),
    "reminder": table_of(Reminder),
}
_BESIDE: dict[str, set[str]] = {
    "inquiry": {"guests"},
    "guest": {"emails", "phones", "contacts"},
    "reservation": {"guests", "schedule", "payments", "flights"},
    "reminder": set(),
}
"""What the journal tells of a thing as if it were a column: it stands in tables of its own."""


class Since(NamedTuple):
    """What was changed since a version.

    Attributes:
        fields: who changed each of them last; None: nobody can tell, so any of them may have been.
    """

    fields: dict[str, str] | None

    def touches(self, name: str) -> bool:
        """Whether a field may have been changed."""
        return self.fields is None or name in self.fields

    def who(self, names: Sequence[str]) -> str:
        """Who changed the first of these fields that was; empty if nobody can tell."""
        return next((self.fields[name] for name in names if name in self.fields), "") if self.fields else ""


def stamp(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Write into journal rows at which version their command leaves the inquiries and guests they tell of."""
    for entity, table in _TABLES.items():
        told = [row for row in rows if row["entity"] == entity]
        versions: dict[int, int] = {}
        for chunk in chunks(sorted({row["entity_id"] for row in told})):
            query = select(table.c.id, table.c.version).where(table.c.id.in_(chunk))
            versions |= {row.id: row.version for row in connection.execute(query)}
        for row in told:
            row["version"] = versions.get(row["entity_id"])


def changed_since(connection: Connection, entity: str, entity_id: int, version: int, now: int) -> Since:
    """Which fields of an inquiry or a guest were changed since a version, and by whom.

    Args:
        version: the one that the edit began from.
        now: the one that it stands at. If the journal does not lead from one to the other, any field may have been changed.
    """
    query = select(_J.actor, _J.command, _J.before, _J.after, _J.version)
    query = query.where(_J.entity == entity, _J.entity_id == entity_id, _J.version > version).order_by(_J.id)
    known = set(_TABLES[entity].c.keys()) | _BESIDE[entity]
    fields: dict[str, str] = {}
    reached = version
    for _command, rows in groupby(connection.execute(query), key=lambda row: row.command):
        told = list(rows)
        if told[0].version - reached > len(told):  # each change leaves a row: some are missing
            return Since(None)
        if told[0].version > reached:
            reached = told[0].version
            fields |= dict.fromkeys(_names(told) & known, display_text(told[0].actor))
    return Since(fields if version <= now == reached else None)


def _names(rows: Sequence[Any]) -> set[str]:
    return {name for row in rows for name in (*(row.before or {}), *(row.after or {}))}
