"""Where the panels' rows come from: their first rows are read together, the rest page by page as one scrolls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic

from crm_tui.widgets.record_pages import ListSource, R, Source

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


class HeadSource(Generic[R]):
    """A list whose first rows are at hand for one reading; after that it is read from the store again.

    The reading of all panels hands its rows to :meth:`take` and has the list reload; once it is shown, :meth:`let_go` leaves
    the list to its own source, so that what a command changed is seen at once.

    Args:
        beyond: reads the whole list. Every method of it blocks.
    """

    def __init__(self, beyond: Source[R]) -> None:
        self._beyond = beyond
        self._head: ListSource[R] | None = None
        self._total = 0
        self._known = 0

    def take(self, rows: Sequence[R], total: int) -> None:
        """The first rows as they are now, and how many there are."""
        self._head, self._known, self._total = ListSource(rows), len(rows), total

    def let_go(self) -> None:
        """What is at hand may be old."""
        self._head = None

    @property
    def _whole(self) -> Source[R] | None:
        """The rows at hand if they are all there are."""
        return self._head if self._head is not None and self._known >= self._total else None

    def count(self) -> int:
        """How many rows there are."""
        return self._total if self._head is not None else self._beyond.count()

    def after(self, row: R | None, limit: int) -> Sequence[R]:
        """The rows that follow."""
        whole = self._whole
        if whole is not None:
            return whole.after(row, limit)
        head = self._head
        if head is not None and row is None:
            found = head.after(None, limit)
            rest = limit - len(found)
            return [*found, *self._beyond.after(found[-1], rest)] if rest > 0 and found else found
        return self._beyond.after(row, limit)

    def before(self, row: R | None, limit: int) -> Sequence[R]:
        """The rows before."""
        return (self._whole or self._beyond).before(row, limit)

    def at(self, index: int, limit: int) -> Sequence[R]:
        """The rows from a position on."""
        return (self._whole or self._beyond).at(index, limit)

    def index_of(self, row: R) -> int:
        """How many rows stand before it."""
        return (self._whole or self._beyond).index_of(row)

    def find(self, row_id: int | str) -> R | None:
        """The row as it is now."""
        return (self._whole or self._beyond).find(row_id)


class DeskSource(Generic[R]):
    """A list of a desk module that has ``page``, ``total``, ``position`` and ``row_in_list``. Every method blocks: for threads.

    Args:
        room: the module's name.
        query: which list.
    """

    def __init__(self, ctx: Context, room: str, query: Any) -> None:
        self._ctx, self._room, self._query = ctx, room, query

    def _call(self, name: str, *args: Any, **more: Any) -> Any:
        from crm_tui import desk

        function: Callable[..., Any] = getattr(getattr(desk, self._room), name)
        return function(self._ctx, self._query, *args, **more)

    def count(self) -> int:
        """How many rows there are."""
        return int(self._call("total"))

    def after(self, row: Any, limit: int) -> Sequence[R]:
        """The rows that follow."""
        found: Sequence[R] = self._call("page", after=row.cursor if row is not None else None, limit=limit).rows
        return found

    def before(self, row: Any, limit: int) -> Sequence[R]:
        """The rows before."""
        where = {"last": True} if row is None else {"before": row.cursor}
        found: Sequence[R] = self._call("page", limit=limit, **where).rows
        return found

    def at(self, index: int, limit: int) -> Sequence[R]:
        """The rows from a position on."""
        found: Sequence[R] = self._call("page", at=index, limit=limit).rows
        return found

    def index_of(self, row: Any) -> int:
        """How many rows stand before it."""
        return int(self._call("position", row.cursor))

    def find(self, row_id: int | str) -> R | None:
        """The row as it is now, if it is still in the list."""
        found: R | None = self._call("row_in_list", row_id)
        return found


class ComplaintSource:
    """The open complaints, read anew with every count. Every method blocks: for threads."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._rows: ListSource[Any] = ListSource(())

    def count(self) -> int:
        """How many there are: read anew."""
        from crm_tui import desk

        self._rows = ListSource(desk.feedback.open_page(self._ctx, limit=None))
        return self._rows.count()

    def after(self, row: Any, limit: int) -> Sequence[Any]:
        """The rows that follow."""
        return self._rows.after(row, limit)

    def before(self, row: Any, limit: int) -> Sequence[Any]:
        """The rows before."""
        return self._rows.before(row, limit)

    def at(self, index: int, limit: int) -> Sequence[Any]:
        """The rows from a position on."""
        return self._rows.at(index, limit)

    def index_of(self, row: Any) -> int:
        """How many rows stand before it."""
        return self._rows.index_of(row)

    def find(self, row_id: int | str) -> Any:
        """The row as it is now."""
        return self._rows.find(row_id)
