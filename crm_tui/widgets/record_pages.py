"""What a record list holds in memory: a window of rows of a long list, fetched by key in pages, never the whole.

Pure bookkeeping: no widget, no thread, no store. The list asks :meth:`Pages.plan` what to fetch, a thread runs
:func:`run` on the source, and the answer is put in with :meth:`Pages.fill`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Row(Protocol):
    """What every row of a record list has."""

    @property
    def id(self) -> int | str:
        """Unique in its list; cursor and marks hold on to it."""
        ...


R = TypeVar("R", bound=Row)


class Source(Protocol[R]):
    """A long list, read by key. All methods run in threads and may block; rows are immutable and display-safe."""

    def count(self) -> int:
        """How many rows there are."""
        ...

    def after(self, row: R | None, limit: int) -> Sequence[R]:
        """The rows that follow ``row`` (which need not be in the list any more); from the first if ``None``."""
        ...

    def before(self, row: R | None, limit: int) -> Sequence[R]:
        """The rows that come before ``row``, in list order; the last ones of the list if ``None``."""
        ...

    def at(self, index: int, limit: int) -> Sequence[R]:
        """The rows from a position, for a jump into the middle (scrollbar)."""
        ...

    def index_of(self, row: R) -> int:
        """How many rows come before ``row``."""
        ...

    def find(self, row_id: int | str) -> R | None:
        """The row with that id as it is now, or ``None`` if it is not in the list."""
        ...


class ListSource(Generic[R]):
    """A short list that is at hand as a whole: search results, problems."""

    def __init__(self, rows: Sequence[R]) -> None:
        self._rows = rows
        self._places = {row.id: index for index, row in enumerate(rows)}

    def count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def after(self, row: R | None, limit: int) -> Sequence[R]:
        """The rows that follow."""
        start = self._places.get(row.id, -1) + 1 if row is not None else 0
        return self._rows[start : start + limit]

    def before(self, row: R | None, limit: int) -> Sequence[R]:
        """The rows before."""
        end = self._places.get(row.id, 0) if row is not None else len(self._rows)
        return self._rows[max(0, end - limit) : end]

    def at(self, index: int, limit: int) -> Sequence[R]:
        """The rows from a position on."""
        return self._rows[index : index + limit]

    def index_of(self, row: R) -> int:
        """How many rows come before ``row``."""
        return self._places.get(row.id, 0)

    def find(self, row_id: int | str) -> R | None:
        """The row with that id."""
        place = self._places.get(row_id)
        return self._rows[place] if place is not None else None


@dataclass(frozen=True, slots=True)
class Fetch(Generic[R]):
    """One page to be fetched: ``how`` is after, before or at; ``index`` is where its first row belongs."""

    how: str
    row: R | None
    index: int
    limit: int


def run(source: Source[R], fetch: Fetch[R]) -> Sequence[R]:
    """Fetch a page from its source. Blocks: for threads."""
    if fetch.how == "after":
        return source.after(fetch.row, fetch.limit)
    if fetch.how == "before":
        return source.before(fetch.row, fetch.limit)
    return source.at(fetch.index, fetch.limit)


@dataclass(frozen=True, slots=True)
class Reload(Generic[R]):
    """A list read anew around the row that holds the cursor."""

    total: int
    cursor: int
    start: int
    rows: Sequence[R]
    head: Sequence[R]
    tail: Sequence[R]


def reload(source: Source[R], anchor: R | None, around: int, page: int) -> Reload[R]:
    """Read the list's length, both its ends, and ``around`` rows on each side of the anchor. Blocks: for threads.

    The anchor is followed to where it stands now; if it left the list, its old place counts.
    """
    total = source.count()
    head = source.after(None, page)
    tail = source.before(None, page) if total > len(head) else ()
    if anchor is None:
        return Reload(total, 0, 0, head, head, tail)
    fresh = source.find(anchor.id)
    here = [fresh] if fresh is not None else []
    stand = fresh or anchor
    above = list(source.before(stand, around))
    below = list(source.after(stand, around))
    cursor = source.index_of(stand)
    return Reload(total, max(0, min(cursor, total - 1)), cursor - len(above), above + here + below, head, tail)


class Pages(Generic[R]):
    """The rows in memory, by position.

    Args:
        page: rows a fetch.
        keep: how many rows are kept; the farthest from the window go first, the first and last page stay.
    """

    def __init__(self, page: int = 100, keep: int = 2000) -> None:
        self.page, self.keep = page, keep
        self.total = 0
        self._rows: dict[int, R] = {}
        self._places: dict[int | str, int] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def clear(self, total: int = 0) -> None:
        """Forget all rows."""
        self.total = total
        self._rows.clear()
        self._places.clear()

    def get(self, index: int) -> R | None:
        """The row at a position, ``None`` while it is not loaded."""
        return self._rows.get(index)

    def place(self, row_id: int | str) -> int | None:
        """Where a row stands, if it is in memory."""
        return self._places.get(row_id)

    def put(self, start: int, rows: Sequence[R]) -> None:
        """Set rows at their positions."""
        for index, row in enumerate(rows, max(0, start)):
            old = self._rows.get(index)
            if old is not None and old.id != row.id and self._places.get(old.id) == index:
                del self._places[old.id]
            self._rows[index] = row
            self._places[row.id] = index

    def remove(self, row_ids: Collection[int | str]) -> list[int]:
        """Take rows out, those after them move up; returns where they stood, in ascending order."""
        places = sorted(place for one in row_ids if (place := self._places.get(one)) is not None)
        if not places:
            return []
        kept = [(index, row) for index, row in self._rows.items() if row.id not in row_ids]
        self._rows = {index - bisect_left(places, index): row for index, row in kept}
        self._places = {row.id: index for index, row in self._rows.items()}
        self.total -= len(places)
        return places

    def load(self, answer: Reload[R]) -> None:
        """Take over a list read anew."""
        self.clear(answer.total)
        self.put(0, answer.head)
        self.put(answer.total - len(answer.tail), answer.tail)
        self.put(answer.start, answer.rows)
        self.total = max(self.total, answer.start + len(answer.rows))

    def plan(self, first: int, last: int) -> Fetch[R] | None:
        """The page to fetch so that positions ``first`` to ``last`` (exclusive) are shown, or ``None`` if they are loaded."""
        first, last = max(0, first), min(last, self.total)
        missing = [index for index in range(first, last) if index not in self._rows]
        if not missing:
            return None
        low, high = missing[0], missing[-1] + 1
        if low == 0:
            return Fetch("after", None, 0, self.page)
        if (above := self._rows.get(low - 1)) is not None:
            return Fetch("after", above, low, max(self.page, high - low))
        if high < self.total and (below := self._rows.get(high)) is not None:
            size = max(self.page, high - low)
            return Fetch("before", below, high - size, size)
        if high >= self.total:
            size = max(self.page, high - low)
            return Fetch("before", None, self.total - size, size)
        return Fetch("at", None, max(0, low - self.page // 4), self.page)

    def fill(self, fetch: Fetch[R], rows: Sequence[R]) -> bool:
        """Put a fetched page in; True if the list turned out shorter than thought."""
        if fetch.how == "before":
            start = fetch.index + fetch.limit - len(rows)
            if start > 0 and len(rows) < fetch.limit:
                start = max(0, start)
            self.put(start, rows)
            return False
        self.put(fetch.index, rows)
        end = fetch.index + len(rows)
        if len(rows) < fetch.limit and end < self.total:
            self._shorten(end)
            return True
        return False

    def trim(self, first: int, last: int) -> None:
        """Forget the rows farthest from the window ``first`` to ``last`` when too many are kept."""
        if len(self._rows) <= self.keep:
            return
        middle = (first + last) // 2
        pinned = self.page
        loose = [index for index in self._rows if pinned <= index < self.total - pinned]
        loose.sort(key=lambda index: abs(index - middle), reverse=True)
        for index in loose[: len(self._rows) - self.keep * 3 // 4]:
            row = self._rows.pop(index)
            if self._places.get(row.id) == index:
                del self._places[row.id]

    def _shorten(self, total: int) -> None:
        for index in [index for index in self._rows if index >= total]:
            row = self._rows.pop(index)
            if self._places.get(row.id) == index:
                del self._places[row.id]
        self.total = total
