"""A saved view as a list of conversations: what its search finds, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crm_tui.base.errors import NotFound
from crm_tui.desk.common.views import ConversationRow, ListQuery
from crm_tui.widgets.record_pages import ListSource

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

VIEW = "view:"
"""What ``ListQuery.place`` begins with where it names a saved view; its number follows."""


def view_number(place: str) -> int | None:
    """The saved view that a place names; None for a folder."""
    number = place.removeprefix(VIEW)
    return int(number) if place.startswith(VIEW) and number.isdecimal() else None


class ViewSource:
    """The conversations that a view finds; searched anew whenever the list is read. Every method blocks: for threads.

    Args:
        ctx: the open store.
        query: its place names the view; filter and order hold for what was found.
    """

    def __init__(self, ctx: Context, query: ListQuery) -> None:
        self._ctx, self.query = ctx, query
        self._rows: ListSource[ConversationRow] | None = None

    def count(self) -> int:
        """How many conversations fit now."""
        self._rows = ListSource(self._found())
        return self._rows.count()

    def _found(self) -> list[ConversationRow]:
        from crm_tui import desk

        number = view_number(self.query.place)
        try:
            view = desk.saved_views.get(self._ctx, number or 0)
        except NotFound:  # put away meanwhile
            return []
        found: dict[int, ConversationRow] = {}
        for one in desk.saved_views.rows(self._ctx, view):
            if one.conversation is not None:
                found.setdefault(one.conversation.id, one.conversation)
        return _arranged(list(found.values()), self.query)

    def _list(self) -> ListSource[ConversationRow]:
        if self._rows is None:
            self.count()
        assert self._rows is not None
        return self._rows

    def after(self, row: ConversationRow | None, limit: int) -> Sequence[ConversationRow]:
        """The rows that follow."""
        return self._list().after(row, limit)

    def before(self, row: ConversationRow | None, limit: int) -> Sequence[ConversationRow]:
        """The rows before."""
        return self._list().before(row, limit)

    def at(self, index: int, limit: int) -> Sequence[ConversationRow]:
        """The rows from a position on."""
        return self._list().at(index, limit)

    def index_of(self, row: ConversationRow) -> int:
        """How many rows stand before it."""
        return self._list().index_of(row)

    def find(self, row_id: int | str) -> ConversationRow | None:
        """The row as it is now, if it is still in this list."""
        return self._list().find(row_id)


def _arranged(rows: list[ConversationRow], query: ListQuery) -> list[ConversationRow]:
    if query.only == "unanswered" or query.order == "waiting":
        rows = [row for row in rows if row.waiting_since is not None]
    if query.only == "unread":
        rows = [row for row in rows if row.unread]
    if query.order == "waiting":
        rows = sorted(rows, key=lambda row: (row.waiting_since or row.last_at, row.id))
    return rows[::-1] if query.order == "oldest" else rows
