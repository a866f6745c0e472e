"""Going through a list of reservations in its order: how many there are, a page beyond an edge, the place of a row.

What is asked of texts is found in the full-text index. A short list is sorted anew for each page; a long one is walked along the
index of its order, so that nothing is sorted that nobody reads. Those without a day stand at the end of an order by days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from crm_tui.desk.common.views import Cursor

FEW = 3000
"""Up to how many reservations a list is sorted anew for every page."""

UNDATED = "~"
"""What a reservation without a day is sorted by: behind every day."""

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reservation ``r`` must fit.

    Attributes:
        match: what is asked of the full-text index; empty if nothing is.
        where: conditions on the columns of ``r``, with their values.
        floors: the day from which on a column must be, where ``where`` says so already but lets those without a day in: along
            its index the walk begins there.
        impossible: none fits: the text has nothing to find.
    """

    match: str = ""
    where: tuple[str, ...] = ()
    values: Values = ()
    floors: Mapping[str, str] = field(default_factory=dict)
    impossible: bool = False


@dataclass(frozen=True, slots=True)
class _Order:
    """How a list is sorted: the column, and which way; the id goes the same way."""

    column: str
    index: str
    up: bool = True
    dated: bool = True

    def key(self) -> str:
        """What a row's cursor holds."""
        return f"coalesce(r.{self.column}, '{UNDATED}')" if self.dated else f"r.{self.column}"


ORDERS = {
    "arrival": _Order("arrival", "ix_reservation_by_arrival"),
    "latest": _Order("arrival", "ix_reservation_by_arrival", up=False),
    "departure": _Order("departure", "ix_reservation_by_departure"),
    "newest": _Order("id", "", up=False, dated=False),
    "code": _Order("code", "ix_reservation_code", dated=False),
}


@dataclass(frozen=True, slots=True)
class _Part:
    """Reservations that stand together: with a day, or without."""

    where: str
    undated: bool = False
    values: Values = ()


@dataclass
class Walk:
    """A list of reservations in the order of its keys.

    Attributes:
        known: how long the list is, where that was found out before.
    """

    connection: Connection
    asked: Asked
    order_name: str = "arrival"
    known: int | None = None

    @property
    def order(self) -> _Order:
        """How it is sorted."""
        return ORDERS[self.order_name]

    @cached_property
    def total(self) -> int:
        """How long the list is."""
        if self.asked.impossible:
            return 0
        if self.known is not None:
            return self.known
        if self.asked.match and not self.asked.where:
            statement = "SELECT count(*) FROM reservation_search WHERE reservation_search MATCH ?"
            return self._number(statement, (self.asked.match,))
        if self.order_name != "arrival":
            return replace(self, order_name="arrival").total
        return sum(self._count(part, counting=True) for part in self._parts())

    def has(self, reservation_id: int) -> bool:
        """Whether a reservation is in the list."""
        if self.asked.impossible:
            return False
        where, values = self._conditions()
        statement = f"SELECT count(*) FROM reservation r WHERE {where} AND r.id = ?"
        return bool(self._number(statement, (*values, reservation_id)))

    def ids(self, kind: str, edge: Cursor | None, limit: int, offset: int) -> list[int]:
        """The numbers of a page; ``kind`` is first, last, after, before or at. A limit below zero is none."""
        if self.asked.impossible:
            return []
        backwards = kind in {"before", "last"}
        found: list[int] = []
        parts = self._parts()
        for part in parts[::-1] if backwards else parts:
            if edge is not None and not self._reaches(part, edge, backwards=backwards):
                continue
            skipped = 0
            if offset and len(parts) > 1 and not found:
                here = self._count(part)
                skipped, offset = min(offset, here), max(0, offset - here)
            else:
                skipped, offset = offset, 0
            rest = limit - len(found) if limit >= 0 else -1
            found += self._stretch(part, edge, backwards=backwards, limit=rest, offset=skipped)
            if 0 <= limit <= len(found):
                break
        return found[::-1] if backwards else found

    def position(self, cursor: Cursor) -> int:
        """How many stand before the row of that key."""
        if self.asked.impossible:
            return 0
        before = 0
        for part in self._parts():
            if not self._reaches(part, cursor, backwards=True):
                continue
            beyond, values = self._beyond(part, cursor, backwards=True)
            before += self._count(part, beyond, values)
        return before

    # How the rows are found

    @property
    def _few(self) -> bool:
        return bool(self.asked.match) and self.total <= FEW

    def _table(self, index: str) -> str:
        return f"reservation r INDEXED BY {index}" if index else "reservation r NOT INDEXED"

    def _conditions(self) -> tuple[str, Values]:
        """All that is asked, of a row ``r``."""
        where, values = ["r.removed_at IS NULL", *self.asked.where], self.asked.values
        if self.asked.match:
            where.append("r.id IN (SELECT rowid FROM reservation_search WHERE reservation_search MATCH ?)")
            values = (*values, self.asked.match)
        return " AND ".join(where), values

    def _source(self, *, counting: bool = False) -> tuple[str, str, Values]:
        if not counting and self._few:
            found = "reservation_search s CROSS JOIN reservation r ON r.id = s.rowid"
            where = " AND ".join(("s.reservation_search MATCH ?", *self.asked.where))
            return found, where, (self.asked.match, *self.asked.values)
        where, values = self._conditions()
        return self._table(self.order.index), where, values

    def _parts(self) -> tuple[_Part, ...]:
        if not self.order.dated:
            return (_Part(""),)
        column = self.order.column
        floor = self.asked.floors.get(column)
        dated = _Part(f" AND r.{column} >= ?", values=(floor,)) if floor else _Part(f" AND r.{column} IS NOT NULL")
        return dated, _Part(f" AND r.{column} IS NULL", undated=True)

    def _reaches(self, part: _Part, edge: Cursor, *, backwards: bool) -> bool:
        """Whether anything beyond the edge can stand in the part."""
        if not self.order.dated:
            return True
        at_end = edge[0] == UNDATED
        return (not part.undated or at_end) if backwards else (part.undated or not at_end)

    def _beyond(self, part: _Part, edge: Cursor, *, backwards: bool) -> tuple[str, Values]:
        """Past the edge, within a part; nothing more is asked of a part that lies beyond it as a whole."""
        order = self.order
        sign = "<" if backwards == order.up else ">"
        if order.column == "id" or (part.undated and edge[0] == UNDATED):
            return f" AND r.id {sign} ?", (edge[1],)
        if order.dated and part.undated != (edge[0] == UNDATED):
            return "", ()
        return f" AND (r.{order.column}, r.id) {sign} (?, ?)", (edge[0], edge[1])

    def _stretch(self, part: _Part, edge: Cursor | None, *, backwards: bool, limit: int, offset: int) -> list[int]:
        source, where, values = self._source()
        beyond, more = self._beyond(part, edge, backwards=backwards) if edge is not None else ("", ())
        way = "DESC" if backwards == self.order.up else "ASC"
        keys = [f"r.{self.order.column}"] if self.order.column != "id" and not part.undated else []
        order = ", ".join(f"{key} {way}" for key in (*keys, "r.id"))
        statement = f"SELECT r.id FROM {source} WHERE {where}{part.where}{beyond} ORDER BY {order} LIMIT ? OFFSET ?"
        asked = (*values, *part.values, *more, limit, offset)
        return list(self.connection.exec_driver_sql(statement, asked).scalars())

    def _count(self, part: _Part, beyond: str = "", more: Values = (), *, counting: bool = False) -> int:
        source, where, values = self._source(counting=counting)
        statement = f"SELECT count(*) FROM {source} WHERE {where}{part.where}{beyond}"
        return self._number(statement, (*values, *part.values, *more))

    def _number(self, statement: str, values: Values) -> int:
        return int(self.connection.exec_driver_sql(statement, values).scalar_one())
