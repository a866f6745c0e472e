"""Small helpers for statements over many rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

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


def stamp(instant: datetime) -> str:
    """An aware UTC instant as the store writes it: sorts as text in order of time."""
    return instant.strftime("%Y-%m-%d %H:%M:%S.%f")


def placeholders(values: Sequence[object]) -> str:
    """``?, ?, ?`` for an IN list of a driver statement."""
    return ", ".join("?" * len(values))
