"""A command without its writes: everything is read and checked as it would be, and nothing is locked or stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from typing import Any, cast

from sqlalchemy import Connection
from sqlmodel import Session

from crm_tui.desk.common.context import Actor, Transaction


class _Unwritten:
    """What a statement that writes gives: a number that no row has."""

    def __init__(self, number: int) -> None:
        self.inserted_primary_key = (number,)
        self.rowcount = 0


class _Reading:
    """A connection on which nothing is written."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._numbers = count(-1, -1)

    def execute(self, statement: Any, parameters: Any = None) -> Any:
        if getattr(statement, "is_dml", False):
            return _Unwritten(next(self._numbers))
        return self._connection.execute(statement, parameters)


class Rehearsal(Transaction):
    """A transaction of which nothing stays, on a connection that only reads.

    What one part of it writes, a later one does not see: whoever rehearses several things remembers that themselves. The
    numbers of rows that would be made are below zero.
    """

    def __init__(self, connection: Connection, actor: Actor, now: datetime) -> None:
        super().__init__(cast(Session, None), actor, now, "")
        self._reading = _Reading(connection)

    @property
    def connection(self) -> Connection:
        """The connection, whose writing statements do nothing."""
        return cast(Connection, self._reading)

    def journal(self, *_row: Any, **_more: Any) -> None:
        """Nothing is noted."""

    @contextmanager
    def part(self) -> Iterator[None]:
        """There is nothing to take back."""
        yield

    def flush_journal(self) -> None:
        """Nothing was noted."""
