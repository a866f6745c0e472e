"""The journal as managers read it (SPEC §13): every change with who, when, before and after, newest first.

What is hidden from the reader by scope is not there, as everywhere. The filters that an index answers are agent, kind of thing,
thing and period; an action and words are looked for in what those leave, at most :data:`LOOK` rows a page, so that a page
never takes longer however large the journal is: its :attr:`JournalPage.further` says where to look on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import Connection, Select, select, tuple_

from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Journal
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.permissions import Permission, require_in
from crm_tui.desk.histories import history_entries, history_words, journal_scope
from crm_tui.desk.histories.history_words import short
from crm_tui.desk.histories.journal_words import Difference as Difference
from crm_tui.desk.histories.journal_words import bare, differences
from crm_tui.desk.histories.journal_words import entity_named as entity_named
from crm_tui.desk.histories.journal_words import entity_word as entity_word
from crm_tui.desk.undoing.undo_registry import find_entity
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules import days
from crm_tui.rules.departures import start_of_day

_J = columns(Journal)
_NEWEST = (_J.at.desc(), _J.id.desc())
LOOK = 600
"""Rows looked at for one page at most: so that looking for a rare word never holds anybody up; the reader looks further."""

AT_ONCE = 200

EARLIEST, LATEST = date(days.FIRST, 1, 1), date(days.LAST, 12, 31)
"""Nothing was ever done before or after; the ends of time have no day beside them."""


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
    cursor: tuple[str, int]


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Entries, newest first.

    Attributes:
        further: where older ones are looked for; None if there are none.
    """

    entries: tuple[JournalEntry, ...]
    further: tuple[str, int] | None


def page(ctx: Context, query: JournalQuery, after: tuple[str, int] | None = None, limit: int = 50) -> JournalPage:
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
        wanted = _filtered(ctx, query, zone)
        found: list[Any] = []
        looked, further = 0, after
        while True:
            step = limit if not (query.words or query.action) else AT_ONCE
            rows = connection.execute(_from(wanted, further).limit(step)).all()
            looked += len(rows)
            visible = journal_scope.visible(connection, ctx.actor.scopes, [row for row in rows if _fits(row, query)])
            room = limit - len(found)
            found += visible[:room]
            if len(visible) > room:
                further = _cursor(visible[room - 1])
                break
            further = _cursor(rows[-1]) if len(rows) == step else None
            if further is None or len(found) == limit or looked >= LOOK:
                break
        return JournalPage(_entries(connection, found, zone), further)


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


# Finding


def _filtered(ctx: Context, query: JournalQuery, zone: tzinfo) -> Select[Any]:
    wanted = select(table_of(Journal)).order_by(*_NEWEST)
    if query.agent.strip().casefold() == "engine":
        wanted = wanted.where(_J.agent_id.is_(None))
    elif query.agent:
        from crm_tui.desk.staff import team

        wanted = wanted.where(_J.agent_id == team.find(ctx, query.agent).id)
    if query.entity:
        wanted = wanted.where(_J.entity == query.entity)
    if query.number:
        wanted = wanted.where(_J.entity_id == query.number)
    if query.first:
        wanted = wanted.where(_J.at >= start_of_day(min(max(query.first, EARLIEST), LATEST), zone))
    if query.last:
        last = min(max(query.last, EARLIEST), LATEST)
        wanted = wanted.where(_J.at < start_of_day(last + timedelta(days=1), zone))
    return wanted


def _from(wanted: Select[Any], cursor: tuple[str, int] | None) -> Select[Any]:
    if cursor is None:
        return wanted
    at = datetime.fromisoformat(cursor[0])
    return wanted.where(_J.at <= at, tuple_(_J.at, _J.id) < tuple_(at, cursor[1]))


def _cursor(row: Any) -> tuple[str, int]:
    return row.at.isoformat(), row.id


def _fits(row: Any, query: JournalQuery) -> bool:
    if query.action and fold_text(query.action) not in fold_text(row.action):
        return False
    if not query.words:
        return True
    sides = (json.dumps(side, ensure_ascii=False) for side in (row.before, row.after) if side)
    text = fold_text(" ".join((row.actor, row.action, *sides)))
    return all(word in text for word in fold_text(query.words).split())


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
            _cursor(row),
        )
        for row, text in zip(rows, said, strict=True)
    )


def _thing(connection: Connection, entity: str, number: int) -> str:
    kind = find_entity(entity)
    name = short(kind.named(connection, number), 60) if kind is not None and number else ""
    word = entity_word(entity)
    label = f"{word} {number}" if number else word
    return label if not name or name.casefold() == label.casefold() else f"{label} · {name}"
