"""The part of a record list that reads: rows come by key from a source, in threads, and go as they are taken out."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from textual.geometry import Size
from textual.message import Message

from crm_tui.widgets.background import Background
from crm_tui.widgets.list_looks import RowView
from crm_tui.widgets.record_lines import RecordLines
from crm_tui.widgets.record_pages import Fetch, R, Reload, Source, reload, run


class RecordReader(RecordLines[R]):
    """Keeps the rows around the window in memory; cursor and marks hold on to ids when the list is read again.

    Args:
        view: draws the rows.
        background: runs the fetches.
    """

    @dataclass
    class Told(Message):
        """Base of what a list tells."""

        list: RecordReader[Any]

        @property
        def control(self) -> RecordReader[Any]:
            """The list, for ``@on`` selectors."""
            return self.list

    class Highlighted(Told):
        """The cursor stands on another row (or the list is empty)."""

        def can_replace(self, message: Message) -> bool:
            """A held key makes many of these; the newest is enough."""
            return isinstance(message, RecordReader.Highlighted) and message.list is self.list

    class Loaded(Told):
        """The list was read from its source (again): its length or its rows may be new."""

    class Failed(Message):
        """The source raised; the rows shown stay."""

        def __init__(self, error: Exception) -> None:
            super().__init__()
            self.error = error

    def __init__(
        self, view: RowView[R], background: Background, *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(view, id=id, classes=classes)
        self._background = background
        self._source: Source[R] | None = None
        self._leaving: Counter[int | str] = Counter()
        self._fetching: Fetch[R] | None = None
        self._loading = False
        self._ahead = False
        self._wanted: int | str | None = None

    # How far it is read

    @property
    def settled(self) -> bool:
        """Nothing is being fetched."""
        return not self._loading and self._fetching is None and not self._ahead

    @property
    def reading(self) -> bool:
        """The list that was asked for last is not shown yet."""
        return self._loading

    @property
    def known(self) -> bool:
        return self._source is not None and not self._loading

    # Where it comes from

    def set_source(self, source: Source[R], *, keep: R | None = None) -> None:
        """Read another list. ``keep`` is the row to put the cursor on; else the first."""
        self._source = source
        self._marks.clear()
        self._leaving.clear()
        self._fetching = None
        self._background.forget(self, "page")
        if keep is None:
            self.pages.clear(self.pages.total)
            self._index = 0
            self.scroll_to(y=0, animate=False, force=True)
        self._reload(keep)

    def _forget_source(self) -> None:
        for topic in ("reload", "page"):
            self._background.forget(self, topic)
        self._source, self._fetching, self._loading = None, None, False
        self._leaving.clear()

    def reload(self) -> None:
        """Read the list again; the same row stays under the cursor, on the same line if it can."""
        if self._source is not None:
            self._reload(self.current)

    def lengthen(self, total: int) -> None:
        """The list goes on below the rows that were read: it has so many."""
        if total > self.pages.total:
            self.pages.total = total
            self._resized()
            self._request()

    def go_to(self, row_id: int | str) -> None:
        """Put the cursor on a row with the next answer of the source, wherever it stands; nothing if it is not there."""
        self._wanted = row_id
        self.reload()

    # What leaves

    def take_out(self, row_ids: Iterable[int | str]) -> None:
        """Show no such rows from now on, before the store confirms that they left; the next row gets the cursor."""
        gone = list(row_ids)
        if not gone:
            return
        self._leaving.update(gone)
        for one in gone:
            self._marks.pop(one, None)
        self._drop_leaving()
        self._resized()
        self._show_cursor()
        self._request()
        self.post_message(self.Highlighted(self))

    def let_in(self, row_ids: Iterable[int | str]) -> None:
        """The store has answered: what it lists is shown again, with the next :meth:`reload`."""
        self._leaving -= Counter(row_ids)  # two commands may be under way for one row

    def _drop_leaving(self) -> None:
        """Take the rows out of memory; the cursor stays on its row, or goes to the one that follows."""
        places = self.pages.remove(self._leaving) if self._leaving else []
        above = bisect_left(places, self._index)
        self._index = max(0, min(self._index - above, self.total - 1))

    # Reading

    def _reload(self, anchor: R | None) -> None:
        source, asked_at = self._source, self._index
        if source is None:
            return
        self._loading = True
        wanted = self._wanted
        around, page = self._height + 50, self.pages.page
        self._background.submit(
            self,
            lambda: reload(source, _found(source, wanted) or anchor, around, page),
            lambda answer: self._take_over(answer, asked_at, anchor, wanted),
            self._fetch_failed,
            "reload",
        )

    def _take_over(self, answer: Reload[R], asked_at: int, anchor: R | None, wanted: int | str | None = None) -> None:
        self._loading = False
        if wanted is not None and self._wanted == wanted:
            self._wanted = None
        current = self.current
        old_index, old_top = self._index, self.scroll_offset.y
        moved_on = current is not None and anchor is not None and current.id != anchor.id
        self.pages.load(answer)
        place = self.pages.place(current.id) if moved_on and current is not None else None
        if place is None:
            place = answer.cursor + (old_index - asked_at)
        called = self.pages.place(wanted) if wanted is not None and old_index == asked_at else None
        place = place if called is None else called
        self._index = max(0, min(place, self.total - 1))
        self._drop_leaving()
        self._marks = {key: self._fresh(key, row) for key, row in self._marks.items()}
        self._resized()
        if old_top and anchor is not None and called is None:
            self.scroll_to(y=max(0, old_top + self._index - old_index), animate=False, force=True)
        self._show_cursor()
        self._request()
        self.post_message(self.Loaded(self))
        self.post_message(self.Highlighted(self))

    def _fresh(self, key: int | str, row: R) -> R:
        place = self.pages.place(key)
        return (self.pages.get(place) if place is not None else None) or row

    def _request(self) -> None:
        """Fetch what is missing around the window, one page at a time."""
        if self._source is None or self._fetching is not None or self._loading:
            return
        top, height = self.scroll_offset.y, self._height
        fetch = self.pages.plan(top, top + height)
        if fetch is not None:
            self._fetch(fetch)
        elif not self._ahead:
            self._ahead = True
            self.call_after_refresh(self._fetch_ahead)  # first the paint: a fetch would take the processor from it

    def _fetch_ahead(self) -> None:
        """Have the neighbouring screens at hand before they are asked for."""
        self._ahead = False
        if self._source is None or self._fetching is not None or self._loading:
            return
        top, height = self.scroll_offset.y, self._height
        fetch = self.pages.plan(top, top + height) or self.pages.plan(top - 2 * height, top + 3 * height)
        if fetch is not None:
            self._fetch(fetch)

    def _fetch(self, fetch: Fetch[R]) -> None:
        source, self._fetching = self._source, fetch
        if source is None:
            return
        self._background.submit(
            self, lambda: run(source, fetch), lambda rows: self._fetched(fetch, rows), self._fetch_failed, "page"
        )

    def _fetched(self, fetch: Fetch[R], rows: Sequence[R]) -> None:
        self._fetching = None
        had_current = self.current is not None
        if self.pages.fill(fetch, rows):
            self._index = max(0, min(self._index, self.total - 1))
            self._resized()
        if self._leaving:
            self._drop_leaving()
            self._resized()
        top = self.scroll_offset.y
        self.pages.trim(top, top + self._height)
        if fetch.index < top + self._height and fetch.index + max(len(rows), fetch.limit) > top:
            self.refresh()
        if not had_current and self.current is not None:
            self.post_message(self.Highlighted(self))
        if rows:
            self._request()

    def _fetch_failed(self, error: Exception) -> None:
        self._loading, self._fetching = False, None
        self.post_message(self.Failed(error))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._request()

    def on_resize(self) -> None:
        """Keep the cursor in sight and ask for what is seen now."""
        self._strips.clear()
        self.virtual_size = Size(0, self.total)
        self._show_cursor()
        self._request()


def _found(source: Source[R], row_id: int | str | None) -> R | None:
    return source.find(row_id) if row_id is not None else None
