"""Long lists of feedback and of costs of quality, read in pages along an index by key: nothing is counted off that nobody reads.

An order by time lies together in the index of ``at``; one by code or room in stretches of the index of that column, its empty ones
at the end. Words are asked of the full-text index: few entries are read once, sorted, and kept as numbers for the reading of the
list; of many the list is walked, each entry looked up in the set of those that are found.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from sqlalchemy import ColumnElement, Connection, func, literal, select, text, tuple_

from crm_tui.data.bulk import chunks
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context
from crm_tui.desk.quality.quality_found import Found, found_by

PAGE = 100

Key = tuple[Any, ...]
Conditions = Sequence[ColumnElement[bool]]


class Placed(Protocol):
    """What the place of a row in every order needs."""

    @property
    def id(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def code(self) -> str: ...
    @property
    def room(self) -> str: ...


class Order(NamedTuple):
    """How a list is sorted.

    Attributes:
        field: the column that comes first, its empty ones at the end; empty: time alone.
        down: the newest first.
    """

    field: str = ""
    down: bool = True

    def key(self, row: Any) -> Key:
        """The place of a row."""
        sign = -1 if self.down else 1
        word = getattr(row, self.field) if self.field else ""
        return (not word, word, sign * row.at.timestamp(), sign * row.id)

    def by(self, names: Any, *, backwards: bool = False) -> list[Any]:
        """The order within a stretch, for a statement."""
        keys = [key.desc() if self.down != backwards else key for key in (names.at, names.id)]
        if not self.field:
            return keys
        return [names[self.field].desc() if backwards else names[self.field], *keys]

    def stretches(self, names: Any, edge: Placed | None, *, backwards: bool) -> list[Conditions]:
        """What follows a row, or comes before it, in the order it is read; each lies together in an index.

        Args:
            edge: that row; None: the whole list.
        """
        past = [] if edge is None else [self._past(names, edge, backwards=backwards)]
        if not self.field:
            return [past]
        column = names[self.field]
        if edge is None:
            parts: list[Conditions] = [[column > ""], [column == ""]]
            return parts[::-1] if backwards else parts
        word = getattr(edge, self.field)
        here: Conditions = [column == word, *past]
        if not word:
            return [here, [column > ""]] if backwards else [here]
        return [here, [column > "", column < word]] if backwards else [here, [column > word], [column == ""]]

    def _past(self, names: Any, edge: Placed, *, backwards: bool) -> ColumnElement[bool]:
        here = tuple_(names.at, names.id)
        there = tuple_(literal(edge.at, names.at.type), literal(edge.id))
        found: ColumnElement[bool] = here < there if self.down != backwards else here > there
        return found


ORDERS = {"newest": Order(), "oldest": Order(down=False), "code": Order("code"), "room": Order("room")}


V = TypeVar("V", bound=Placed)


class QualityList(ABC, Generic[V]):
    """A list as a screen reads it, in pages.

    Args:
        names: the columns of the table.
        order: one of :data:`ORDERS`.
        words: that stand in it; accents and case never matter.
    """

    def __init__(self, names: Any, order: str, words: str = "") -> None:
        self._n, self._order, self._words = names, ORDERS[order], words
        self._found: Found | None = None
        self._spine: list[int] | None = None

    # What the lists differ in

    @abstractmethod
    def _where(self, connection: Connection, ctx: Context) -> list[ColumnElement[bool]]:
        """What holds for its rows, but for the words."""

    @abstractmethod
    def _views(self, connection: Connection, ctx: Context, ids: Sequence[int]) -> list[V]:
        """Those rows, in any order; those that are gone are left out."""

    def _short(self, connection: Connection, ctx: Context) -> bool:  # noqa: ARG002
        """Whether it is a short list: its numbers are read at once."""
        return False

    # Reading

    def total(self, ctx: Context) -> int:
        """How many there are; what is asked of the list then is answered from the same reading."""
        self._spine = self._found = None
        with ctx.store.connect() as connection:
            spine = self._read_once(connection, ctx)
            return len(spine) if spine is not None else self._count(connection, ctx)

    def page(
        self,
        ctx: Context,
        *,
        after: V | None = None,
        before: V | None = None,
        last: bool = False,
        at: int = 0,
        limit: int | None = PAGE,
    ) -> list[V]:
        """The rows that follow one, come before one, end the list, or begin at a position; ``limit`` None: all of them."""
        with ctx.store.connect() as connection:
            spine = self._read_once(connection, ctx)
            if spine is None:
                ids = self._walked(connection, ctx, before or after, last or before is not None, at, limit)
            elif last or before is not None:
                end = self._place(connection, spine, before) if before is not None else len(spine)
                ids = spine[max(0, end - limit) if limit is not None else 0 : end]
            else:
                start = at if after is None else self._place(connection, spine, after, behind=True)
                ids = spine[start:] if limit is None else spine[start : start + limit]
            found = {one.id: one for chunk in chunks(ids) for one in self._views(connection, ctx, chunk)}
            return [found[number] for number in ids if number in found]

    def position(self, ctx: Context, row: V) -> int:
        """How many stand before a row."""
        with ctx.store.connect() as connection:
            spine = self._read_once(connection, ctx)
            if spine is not None:
                return self._place(connection, spine, row)
            before = self._order.stretches(self._n, row, backwards=True)
            return sum(self._count(connection, ctx, *part) for part in before)

    def find(self, ctx: Context, number: int) -> V | None:
        """The row as it is now, if it is in the list."""
        with ctx.store.connect() as connection:
            spine = self._read_once(connection, ctx)
            if spine is None:
                query = select(self._n.id).where(*self._asked(connection, ctx), self._n.id == number)
                spine = list(connection.execute(query, _scopes(ctx)).scalars())
            return next(iter(self._views(connection, ctx, [number])), None) if number in spine else None

    # Along the index

    def _walked(
        self, connection: Connection, ctx: Context, edge: V | None, backwards: bool, at: int, limit: int | None
    ) -> list[int]:
        asked = select(self._n.id).where(*self._where(connection, ctx), *self._by_words(connection).along)
        order = self._order.by(self._n, backwards=backwards)
        ids: list[int] = []
        for part in self._order.stretches(self._n, edge, backwards=backwards):
            if at and self._order.field and at >= (many := self._count(connection, ctx, *part)):
                at -= many
                continue
            room = None if limit is None else limit - len(ids)
            query = asked.where(*part).order_by(*order).limit(room).offset(at)
            ids += connection.execute(query, _scopes(ctx)).scalars()
            at = 0
            if limit is not None and len(ids) >= limit:
                break
        return ids[::-1] if backwards else ids

    def _count(self, connection: Connection, ctx: Context, *more: ColumnElement[bool]) -> int:
        query = select(func.count(self._n.id)).where(*self._asked(connection, ctx), *more)
        return int(connection.execute(query, _scopes(ctx)).scalar_one())

    def _asked(self, connection: Connection, ctx: Context) -> list[ColumnElement[bool]]:
        """All that holds for its rows."""
        return [*self._where(connection, ctx), *self._by_words(connection).among]

    def _by_words(self, connection: Connection) -> Found:
        """Whom the words find, asked once for each reading of the list."""
        if self._found is None:
            self._found = found_by(connection, self._n.id.table.name, self._words)
        return self._found

    # Numbers that were read once

    def _read_once(self, connection: Connection, ctx: Context) -> list[int] | None:
        """The numbers of the whole list in its order; None where it is walked."""
        if self._spine is None:
            few = self._by_words(connection).few
            if few is None and not self._short(connection, ctx):
                return None
            query = select(self._n.id).where(*self._asked(connection, ctx))
            if few is not None:
                query = query.where(
                    text(f"{self._n.id} IN (SELECT value FROM json_each(:few))").bindparams(few=str(few))
                )
            first = [self._n[self._order.field] == ""] if self._order.field else []
            query = query.order_by(*first, *self._order.by(self._n))
            self._spine = list(connection.execute(query, _scopes(ctx)).scalars())
        return self._spine

    def _place(self, connection: Connection, spine: list[int], row: V, *, behind: bool = False) -> int:
        """How many stand before a row, or up to it; of one that is not in the list (any more): where it would stand."""
        if row.id in spine:
            return spine.index(row.id) + behind
        query = select(self._n.id, self._n.at, self._n.code, self._n.room)

        def key(number: int) -> Key:
            return self._order.key(connection.execute(query.where(self._n.id == number)).one())

        return bisect_left(spine, self._order.key(row), key=key)


def _scopes(ctx: Context) -> dict[str, str]:
    return {scope.BIND: ctx.actor.scopes}
