"""Putting columns back: the generic way, for any table, in few statements whatever the number of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Date, bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel.sql.sqltypes import UTCDateTime

from crm_tui.base.errors import Conflict
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import table_of
from crm_tui.data.record_search import facts_paused
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.undoing.undo_refusal import last_by_others, refuse
from crm_tui.desk.undoing.undo_registry import Entity, Row
from crm_tui.desk.undoing.undo_uses import check_unused

_AWAY = ("removed_at", "archived_at", "archived")
"""The columns that put a thing away, in the order in which one is looked for."""


_GONE = ("merged_into", "removed_at")
"""The columns that tell that a thing is not there any more: what is gone is not changed."""


def put_back(tx: Transaction, kind: Entity, rows: Sequence[Row]) -> None:
    """Give the things of these rows the values they had before.

    Args:
        rows: of one command, newest first.

    Raises:
        Conflict: one is not as the command left it.
    """
    _check_names(kind, rows)
    folded = _fold(rows)
    made = {row.entity_id for row in rows if row.before is None}
    _check(tx, kind, folded, made, rows)
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for number, (before, _after) in folded.items():
        if number not in made:
            groups.setdefault(tuple(sorted(before)), []).append({"row_id": number, **_values(kind, before)})
    try:
        for names, values in groups.items():
            _update(tx, kind, names, values)
        _put_away(tx, kind, sorted(made))
    except IntegrityError:
        name = kind.named(tx.connection, rows[0].entity_id)
        raise Conflict(_("Something else has taken the place of “{name}” since.").format(name=name)) from None
    if kind.settle is not None:
        kind.settle(tx, sorted(folded))


def _check_names(kind: Entity, rows: Sequence[Row]) -> None:
    """What is no column cannot be put back by columns: a newer program did it, or one that forgot to say how."""
    table = table_of(kind.model)
    if any(name not in table.c for row in rows for name in row.before or ()):
        raise Conflict(_("This program cannot take that back."))


_Change = tuple[dict[str, Any], dict[str, Any]]


def _fold(rows: Sequence[Row]) -> dict[int, _Change]:
    """What a command did to each thing: the oldest ``before`` and the newest ``after`` of each column."""
    folded: dict[int, _Change] = {}
    for row in rows:
        before, after = folded.setdefault(row.entity_id, ({}, {}))
        before |= row.before or {}
        for name, value in (row.after or {}).items():
            after.setdefault(name, value)
    return folded


def _check(tx: Transaction, kind: Entity, folded: Mapping[int, _Change], made: set[int], rows: Sequence[Row]) -> None:
    table = table_of(kind.model)
    names = sorted({name for _before, after in folded.values() for name in after if name in table.c})
    names += [name for name in _GONE if name in table.c and name not in names]
    found: set[int] = set()
    for chunk in chunks(sorted(folded)):
        query = select(table.c.id, *(table.c[name] for name in names if name != "id")).where(table.c.id.in_(chunk))
        for current in tx.connection.execute(query).mappings():
            number = current["id"]
            found.add(number)
            after = folded[number][1]
            changed = [
                name for name in after if name in table.c and not _same(table.c[name], current[name], after[name])
            ]
            changed += [name for name in _GONE if name not in after and current.get(name) is not None]
            if changed:
                refuse(tx, kind, number, changed, rows)
    gone = folded.keys() - found
    if gone:
        refuse(tx, kind, min(gone), (), rows)
    _check_made(tx, kind, made, rows)


def _check_made(tx: Transaction, kind: Entity, made: set[int], rows: Sequence[Row]) -> None:
    """What somebody else worked on since it was made is theirs as well: it is not put away."""
    for chunk in chunks(sorted(made)):
        other = last_by_others(tx, kind.name, chunk, rows)
        if other is not None:
            refuse(tx, kind, other.entity_id, (), rows)
        check_unused(tx, kind, chunk, rows)


def _same(column: Any, current: Any, recorded: Any) -> bool:
    return bool(_comparable(column, current) == _comparable(column, recorded))


def _comparable(column: Any, value: Any) -> Any:
    """A column's value and its record in JSON as the same thing."""
    value = _python(column, value)
    return int(value) if isinstance(value, bool) else value


def _python(column: Any, value: Any) -> Any:
    """A JSON value as the column takes it."""
    if not isinstance(value, str):
        return value
    if isinstance(column.type, UTCDateTime):
        instant = datetime.fromisoformat(value)
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value


def _values(kind: Entity, before: Mapping[str, Any]) -> dict[str, Any]:
    table = table_of(kind.model)
    return {f"to_{name}": _python(table.c[name], value) for name, value in before.items() if name in table.c}


def _update(tx: Transaction, kind: Entity, names: Iterable[str], values: list[dict[str, Any]]) -> None:
    table = table_of(kind.model)
    change: dict[str, Any] = {
        name: bindparam(f"to_{name}", type_=table.c[name].type) for name in names if name in table.c
    }
    if change:
        statement = update(table).where(table.c.id == bindparam("row_id")).values(**_marks(tx, kind, change))
        # Guests who were archived by the thousand come back in one go.
        only_facts = kind.name == "guest" and change.keys() == {"archived_at"}
        several: AbstractContextManager[None] = nullcontext()
        if only_facts:
            several = facts_paused(tx.connection, [one["row_id"] for one in values])
        with several:
            tx.connection.execute(statement, values)


def _marks(tx: Transaction, kind: Entity, change: dict[str, Any]) -> dict[str, Any]:
    """The change, and what every change of a thing writes beside it."""
    table = table_of(kind.model)
    marks: dict[str, Any] = dict(kind.touched(tx)) if kind.touched else {}
    if "version" in table.c:
        marks["version"] = table.c.version + 1
    if "updated_at" in table.c:
        marks["updated_at"] = tx.now
    return marks | {name: value for name, value in change.items() if name != "version"}


def _put_away(tx: Transaction, kind: Entity, made: Sequence[int]) -> None:
    table = table_of(kind.model)
    column = next((name for name in _AWAY if name in table.c), "")
    for chunk in chunks(made):
        where = table.c.id.in_(chunk)
        if not column and not kind.deleted:
            raise Conflict(_("This program cannot take that back."))
        if column:
            away: Any = True if column == "archived" else tx.now
            tx.connection.execute(update(table).where(where).values(**_marks(tx, kind, {column: away})))
        else:
            tx.connection.execute(delete(table).where(where))
