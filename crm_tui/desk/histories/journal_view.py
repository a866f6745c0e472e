"""The journal as managers read it (SPEC §13): every change with who, when, before and after, newest first.

What is hidden from the reader by scope is not there, as everywhere. A page looks at :data:`LOOK` rows at most, so that it never
takes longer however large the journal is and however rare what is looked for: its :attr:`JournalPage.further` says where to look
on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Journal
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.permissions import Permission, require_in
from crm_tui.desk.histories import history_entries, history_words, journal_scope
from crm_tui.desk.histories.history_words import short
from crm_tui.desk.histories.journal_seeking import Cursor, Seeking, cursor
from crm_tui.desk.histories.journal_seeking import JournalQuery as JournalQuery
from crm_tui.desk.histories.journal_words import Difference as Difference
from crm_tui.desk.histories.journal_words import bare, differences
from crm_tui.desk.histories.journal_words import entity_named as entity_named
from crm_tui.desk.histories.journal_words import entity_word as entity_word
from crm_tui.desk.undoing.undo_registry import find_entity
from crm_tui.mail.text import display_text

_J = columns(Journal)
LOOK = 5_000
"""Rows looked at for one page at most: so that looking for a rare word never holds anybody up; the reader looks further."""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One change.

    Attributes:
        cursor: its place in the journal.
        thing: what it happened to, with its name; ``entity`` and ``number`` as the journal calls it.
        said: what was done, in words.
    """

    id: int
    at: datetime
    who: str
    entity: str
    number: int
    action: str
    thing: str
    said: str
    differences: tuple[Difference, ...]
    command: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Entries, newest first.

    Attributes:
        further: where older ones are looked for; None if there are none.
    """

    entries: tuple[JournalEntry, ...]
    further: Cursor | None


def page(ctx: Context, query: JournalQuery, after: Cursor | None = None, limit: int = 50) -> JournalPage:
    """A page of the journal.

    Args:
        after: :attr:`JournalPage.further` of the page before, or the cursor of an entry.

    Raises:
        Forbidden: the actor is no manager.
        NotFound: there is no agent of that name.
    """
    history_words.load()
    with ctx.store.connect() as connection:
        require_in(connection, ctx.actor, Permission.JOURNAL)
        zone = history_entries.zone_of(connection)
        seeking = Seeking(connection, query, _agent(ctx, query.agent), zone)
        found: list[Any] = []
        looked, further = 0, after
        while looked < LOOK:
            part = seeking.look(further, limit - len(found))
            found += journal_scope.visible(connection, ctx.actor.scopes, _rows(connection, part.ids))
            looked, further = looked + part.rows, part.further
            if further is None or len(found) >= limit:
                break
        return JournalPage(_entries(connection, found, zone), further)


def _agent(ctx: Context, name: str) -> int | None:
    """The number of an agent; None for the engine, and where nobody is named."""
    if name.strip().casefold() in ("", "engine"):
        return None
    from crm_tui.desk.staff import team

    return team.find(ctx, name).id


def _rows(connection: Connection, ids: Sequence[int]) -> list[Any]:
    found: dict[int, Any] = {}
    for chunk in chunks(ids):
        found |= {row.id: row for row in connection.execute(select(table_of(Journal)).where(_J.id.in_(chunk)))}
    return [found[one] for one in ids]


def entities(ctx: Context) -> list[tuple[str, str]]:
    """The kinds of things that the journal tells of, as it calls them and as people do; by the latter."""
    found: list[str] = []
    with ctx.store.connect() as connection:
        require_in(connection, ctx.actor, Permission.JOURNAL)
        last = ""
        while True:  # each is one step in the index, however many rows it has
            query = select(_J.entity).where(_J.entity > last).order_by(_J.entity).limit(1)
            name = connection.execute(query).scalar()
            if name is None:
                break
            found.append(last := name)
    return sorted(((name, entity_word(name)) for name in found), key=lambda one: one[1].casefold())


# Telling


def _entries(connection: Connection, rows: Sequence[Any], zone: tzinfo) -> tuple[JournalEntry, ...]:
    lookups, said = history_entries.told_all(connection, rows)
    names: dict[tuple[str, int], str] = {}
    for row in rows:
        key = (row.entity, row.entity_id)
        if key not in names:
            names[key] = _thing(connection, *key)
    return tuple(
        JournalEntry(
            row.id,
            row.at,
            display_text(row.actor) or _("nobody"),
            row.entity,
            row.entity_id,
            row.action,
            names[row.entity, row.entity_id],
            bare(row, lookups) if text in ("", display_text(row.action)) else text,
            differences(row, lookups, zone),
            row.command,
            row.before,
            row.after,
            cursor(row.at, row.id),
        )
        for row, text in zip(rows, said, strict=True)
    )


def _thing(connection: Connection, entity: str, number: int) -> str:
    kind = find_entity(entity)
    name = short(kind.named(connection, number), 60) if kind is not None and number else ""
    word = entity_word(entity)
    label = f"{word} {number}" if number else word
    return label if not name or name.casefold() == label.casefold() else f"{label} · {name}"
