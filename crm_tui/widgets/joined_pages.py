"""Several long lists, one below the other, as one list of records: each is read by its own keys, to its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic

from crm_tui.widgets.record_pages import R, Source


class JoinedSource(Generic[R]):
    """A list that is made of others. Every method blocks: for threads.

    Args:
        parts: the lists, from the top.
        home: in which of them a row stood when it was read, by its place among the parts.
    """

    def __init__(self, parts: Sequence[Source[R]], home: Callable[[R], int]) -> None:
        self._parts, self._home = parts, home
        self._counts: list[int] = []

    def count(self) -> int:
        """How many rows there are."""
        self._counts = [part.count() for part in self._parts]
        return sum(self._counts)

    def after(self, row: R | None, limit: int) -> Sequence[R]:
        """The rows that follow."""
        found: list[R] = []
        start = 0 if row is None else self._home(row)
        for place, part in enumerate(self._parts[start:], start):
            if len(found) < limit:
                found += part.after(row if place == start else None, limit - len(found))
        return found

    def before(self, row: R | None, limit: int) -> Sequence[R]:
        """The rows before."""
        found: list[R] = []
        end = len(self._parts) - 1 if row is None else self._home(row)
        for place in range(end, -1, -1):
            if len(found) < limit:
                found = [*self._parts[place].before(row if place == end else None, limit - len(found)), *found]
        return found

    def at(self, index: int, limit: int) -> Sequence[R]:
        """The rows from a position on."""
        found: list[R] = []
        for part, many in zip(self._parts, self._known(), strict=True):
            if index < many and len(found) < limit:
                found += part.at(index, limit - len(found))
            index = max(0, index - many)
        return found

    def index_of(self, row: R) -> int:
        """How many rows stand before it."""
        place = self._home(row)
        return sum(self._known()[:place]) + self._parts[place].index_of(row)

    def find(self, row_id: int | str) -> R | None:
        """The row as it is now, in whichever list it is."""
        return next((row for part in self._parts if (row := part.find(row_id)) is not None), None)

    def _known(self) -> list[int]:
        """How long the parts are."""
        if not self._counts:
            self.count()
        return self._counts
