"""Long lists of feedback and of costs of quality, read in pages: along an index by key, or from keys that were read once.

A list in order of time is walked along the index of ``at``: nothing is counted off that nobody looks at. What no index answers
(words, an order by code or room, what the page of a day holds) is found once for each reading of the list, as numbers without
their texts.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, func, literal, or_, select, tuple_

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Guest, Reservation
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context
from crm_tui.mail.text import fold_text

PAGE = 100
_G = columns(Guest)
_R = columns(Reservation)

Key = tuple[Any, ...]


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
        """The same for a statement."""
        keys = [key.desc() if self.down != backwards else key for key in (names.at, names.id)]
        return [names[self.field] == "", names[self.field], *keys] if self.field else keys


ORDERS = {"newest": Order(), "oldest": Order(down=False), "code": Order("code"), "room": Order("room")}


V = TypeVar("V", bound=Placed)


class QualityList(ABC, Generic[V]):
    """A list as a screen reads it, in pages.

    Args:
        names: the columns of the table.
        order: one of :data:`ORDERS`.
        text: words that stand in it; accents and case never matter.
    """

    def __init__(self, names: Any, order: str, text: str = "") -> None:
        self._n, self._order = names, ORDERS[order]
        self._words = fold_text(text).split()
        self._spine: list[int] | None = None

    # What the lists differ in

    @abstractmethod
    def _where(self, connection: Connection, ctx: Context) -> list[ColumnElement[bool]]:
        """What holds for its rows, but for the words."""

    @abstractmethod
    def _texts(self) -> Sequence[Any]:
        """The columns in which words are looked for."""

    @abstractmethod
    def _views(self, connection: Connection, ctx: Context, ids: Sequence[int]) -> list[V]:
        """Those rows, in any order; those that are gone are left out."""

    def _short(self, connection: Connection, ctx: Context) -> bool:  # noqa: ARG002
        """Whether its keys are read at once although they are sorted by time."""
        return False

    # Reading

    def total(self, ctx: Context) -> int:
        """How many there are; what is asked of the list then is answered from the same reading."""
        self._spine = None
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
            return self._count(connection, ctx, self._beyond(row, backwards=True))

    def find(self, ctx: Context, number: int) -> V | None:
        """The row as it is now, if it is in the list."""
        with ctx.store.connect() as connection:
            spine = self._read_once(connection, ctx)
            if spine is None:
                query = select(self._n.id).where(*self._where(connection, ctx), self._n.id == number)
                spine = list(connection.execute(query, _scopes(ctx)).scalars())
            return next(iter(self._views(connection, ctx, [number])), None) if number in spine else None

    # Along the index

    def _walked(
        self, connection: Connection, ctx: Context, edge: V | None, backwards: bool, at: int, limit: int | None
    ) -> list[int]:
        query = select(self._n.id).where(*self._where(connection, ctx))
        if edge is not None:
            query = query.where(self._beyond(edge, backwards=backwards))
        query = query.order_by(*self._order.by(self._n, backwards=backwards)).limit(limit).offset(at)
        ids = list(connection.execute(query, _scopes(ctx)).scalars())
        return ids[::-1] if backwards else ids

    def _beyond(self, row: V, *, backwards: bool) -> ColumnElement[bool]:
        here = tuple_(self._n.at, self._n.id)
        edge = tuple_(literal(row.at, self._n.at.type), literal(row.id))
        found: ColumnElement[bool] = here < edge if self._order.down != backwards else here > edge
        return found

    def _count(self, connection: Connection, ctx: Context, *more: ColumnElement[bool]) -> int:
        query = select(func.count(self._n.id)).where(*self._where(connection, ctx), *more)
        return int(connection.execute(query, _scopes(ctx)).scalar_one())

    # Numbers that were read once

    def _read_once(self, connection: Connection, ctx: Context) -> list[int] | None:
        """The numbers of the whole list in its order; None where an index answers."""
        if self._spine is None:
            if not self._order.field and not self._words and not self._short(connection, ctx):
                return None
            query = select(self._n.id).where(*self._where(connection, ctx)).order_by(*self._order.by(self._n))
            self._spine = list(connection.execute(self._with_words(query), _scopes(ctx)).scalars())
        return self._spine

    def _with_words(self, query: Select[Any]) -> Select[Any]:
        if not self._words:
            return query
        names = self._n
        query = query.outerjoin(Guest, _G.id == names.guest_id)
        query = query.outerjoin(Reservation, (_R.id == names.reservation_id) & _R.removed_at.is_(None))
        whole: Any = func.coalesce(_R.code, "")
        for text in self._texts():
            whole = whole + literal("\n") + text
        for word in self._words:  # the name is folded already: most rows are answered without folding all their texts
            query = query.where(or_(func.instr(_G.folded, word) > 0, func.instr(func.crm_fold(whole), word) > 0))
        return query

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
