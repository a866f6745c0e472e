"""What others changed since a version, so that an edit is refused only where both touched the same (SPEC §13)."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from crm_tui.data.columns import columns
from crm_tui.data.tables import Journal
from crm_tui.mail.text import display_text

_J = columns(Journal)


class Since(NamedTuple):
    """The fields that commands since touched, None for any; and who gave the newest."""

    fields: frozenset[str] | None
    who: str

    def touches(self, name: str) -> bool:
        """Whether a field may have been changed."""
        return self.fields is None or name in self.fields


def changed_since(connection: Connection, entity: str, entity_id: int, versions: int) -> Since:
    """What happened in the last versions of a thing. Each command makes at most one version of it, and journals it.

    Args:
        versions: how many; below 0: the version asked for is from the future, so anything may have been changed.
    """
    query = select(_J.actor, _J.command, _J.before, _J.after)
    query = query.where(_J.entity == entity, _J.entity_id == entity_id).order_by(_J.id.desc())
    commands: dict[str, list[Any]] = {}
    for row in connection.execute(query):
        if row.command not in commands and len(commands) == max(versions, 0):
            break
        commands.setdefault(row.command, []).append(row)
    rows = [row for found in commands.values() for row in found]
    who = display_text(rows[0].actor) if rows else ""
    if versions < 0 or len(commands) < versions:
        return Since(None, who)
    return Since(frozenset(name for row in rows for name in (*(row.before or {}), *(row.after or {}))), who)
