"""Statements over many rows, as plain driver rows.

SQLAlchemy's typed parameters cost more than SQLite's own work when a first sync stores thousands of rows a second, so the
few hot tables are written here: instants as the store writes them, JSON as text that was made before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

from crm_tui.data.columns import table_of

T = TypeVar("T")

CHUNK = 500
"""How many values one IN list holds: well under SQLite's limit of bound parameters."""


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The values in lists of at most ``size``."""
    chunk: list[T] = []
    for value in values:
        chunk.append(value)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def allocate(connection: Connection, table: str, count: int) -> range:
    """``count`` fresh identifiers of a table, for rows that refer to each other before they are inserted.

    Holds only inside the write transaction that inserts them. ``table`` is a name from this program, never foreign.
    """
    if connection.dialect.name == "sqlite":
        start = int(connection.exec_driver_sql(f"SELECT coalesce(max(id), 0) FROM {table}").scalar_one()) + 1  # noqa: S608
        return range(start, start + count)
    rows = connection.exec_driver_sql(
        f"SELECT nextval(pg_get_serial_sequence('{table}', 'id')) FROM generate_series(1, {count})"  # noqa: S608
    ).scalars()
    numbers = sorted(int(row) for row in rows)
    return range(numbers[0], numbers[0] + count) if numbers else range(0)


def stamp(instant: datetime | None) -> str | None:
    """An aware UTC instant as the store writes it: sorts as text in order of time."""
    return None if instant is None else instant.isoformat(" ", "microseconds")[:26]


def placeholders(values: Sequence[object]) -> str:
    """``?, ?, ?`` for an IN list of a driver statement."""
    return ", ".join("?" * len(values))


def insert_rows(
    connection: Connection, model: type[SQLModel], rows: Sequence[dict[str, Any]], *, ignore: bool = False
) -> None:
    """Insert rows that all name the same columns; columns they leave out get the model's plain defaults.

    Args:
        rows: plain values; instants may be aware datetimes; JSON columns hold text.
        ignore: leave out rows that a unique constraint refuses.
    """
    if not rows:
        return
    names = tuple(rows[0])
    order, instants = _order(model, names)
    defaults = _defaults(model, names)
    statement = _insert_statement(
        model, (*order, *(name for name, _value in defaults)), ignore, connection.dialect.name
    )
    rest = tuple(value for _name, value in defaults)
    connection.exec_driver_sql(statement, [values + rest for values in _plain(rows, order, instants)])


def update_rows(connection: Connection, model: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    """Update rows by their ``id``; all of them name the same columns."""
    if not rows:
        return
    order, instants = _order(model, tuple(name for name in rows[0] if name != "id"))
    mark = _mark(connection.dialect.name)
    assignments = ", ".join(f'"{name}" = {mark}' for name in order)
    statement = f'UPDATE "{model.__tablename__}" SET {assignments} WHERE id = {mark}'  # noqa: S608
    values = _plain(rows, order, instants)
    connection.exec_driver_sql(statement, [(*found, row["id"]) for found, row in zip(values, rows, strict=True)])


def _plain(rows: Sequence[dict[str, Any]], order: tuple[str, ...], instants: int) -> Iterator[tuple[Any, ...]]:
    """The values of each row in ``order``, whose last ``instants`` columns are instants."""
    plain, timed = order[: len(order) - instants], order[len(order) - instants :]
    for row in rows:
        yield (*[row[name] for name in plain], *[stamp(row[name]) for name in timed])


@cache
def _order(model: type[SQLModel], names: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """The columns with the instants last, and how many those are."""
    columns = table_of(model).columns
    timed = tuple(name for name in names if isinstance(columns[name].type, UTCDateTime))
    return (*(name for name in names if name not in timed), *timed), len(timed)


def _mark(dialect: str) -> str:
    return "?" if dialect == "sqlite" else "%s"


@cache
def _defaults(model: type[SQLModel], names: tuple[str, ...]) -> tuple[tuple[str, Any], ...]:
    given = {*names, "id"}
    return tuple(
        (column.name, column.default.arg)
        for column in table_of(model).columns
        if column.name not in given and column.default is not None and column.default.is_scalar
    )


@cache
def _insert_statement(model: type[SQLModel], names: tuple[str, ...], ignore: bool, dialect: str) -> str:
    columns = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join([_mark(dialect)] * len(names))
    tail = " ON CONFLICT DO NOTHING" if ignore else ""
    return f'INSERT INTO "{model.__tablename__}" ({columns}) VALUES ({marks}){tail}'  # noqa: S608
