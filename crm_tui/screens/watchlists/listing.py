"""A watchlist as a screen: title, list, and what there is to say of the row under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from crm_tui.base.i18n import _
from crm_tui.desk.watchlists.departure_views import DepartureQuery
from crm_tui.desk.watchlists.payment_watch_views import PaymentQuery
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.watchlists.acting import ActsOnReservation
from crm_tui.screens.watchlists.export import WatchExport
from crm_tui.screens.watchlists.filter import FIELDS, WatchFilter
from crm_tui.widgets.forms import Choice
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import RowView, list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import Source
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes

Q = TypeVar("Q", DepartureQuery, PaymentQuery)
DETAILS = 5
"""Lines below the list."""


class WatchScreen(ActsOnReservation, DeskScreen[None], Generic[Q]):
    """Base of the two watchlists."""

    DEFAULT_CSS = """
    WatchScreen {
        #list-title { background: $surface; }
        #details { height: 6; border-top: solid $desk-line; }
    }
    """
    asks_for: ClassVar[tuple[str, ...]] = ()
    orders: ClassVar[tuple[str, ...]] = ()
    every: ClassVar[Any]

    def __init__(self) -> None:
        super().__init__()
        self.query_shown: Q = self.every
        self.source: Any = None

    # What the two lists differ in

    @property
    def name_of_list(self) -> str:
        """What the list is called."""
        raise NotImplementedError

    def make_view(self) -> RowView[Any]:
        """Draws the rows."""
        raise NotImplementedError

    def make_source(self, ctx: Context, query: Q) -> Source[Any]:
        """Where the list comes from."""
        raise NotImplementedError

    def counted(self, total: int) -> str:
        """How many it holds, in words."""
        raise NotImplementedError

    def remark(self) -> Part:
        """What waits, at the right end of the title."""
        raise NotImplementedError

    def states(self) -> Sequence[Choice]:
        """The states that one can choose; the first is all."""
        raise NotImplementedError

    def order_word(self) -> str:
        """How the list is sorted, in words; empty: as usual."""
        raise NotImplementedError

    def about_text(self) -> str:
        """What a text is looked for in."""
        raise NotImplementedError

    def details(self, row: Any) -> Sequence[Sequence[Part]]:
        """What there is to say of a row, line by line."""
        raise NotImplementedError

    def empty_text(self) -> list[Part]:
        """What the list says while it is empty."""
        raise NotImplementedError

    # The screen

    def body(self) -> ComposeResult:
        """Title, list, details."""
        self.view = self.make_view()
        self.title_line = Line(id="list-title")
        self.list: RecordList[Any] = RecordList(self.view, self.shell.background, id="list")
        self.lines = [Line() for _number in range(DETAILS)]
        yield self.title_line
        yield self.list
        with Vertical(id="details"):
            yield from self.lines

    def on_mount(self) -> None:
        """The list has the focus."""
        self.list.focus(scroll_visible=False)
        self._show_title()
        super().on_mount()

    def desk_ready(self) -> None:
        """Read the list."""
        self._read(keep=self.list.current)

    def desk_changed(self, changes: Changes) -> None:
        """Refresh what is shown; the cursor stays on its row."""
        if changes.everything or changes.ids.keys() & set(self.asks_for):
            self.list.reload()

    def on_screen_resume(self) -> None:
        """Time passed while another screen was shown."""
        super().on_screen_resume()
        if self.source is not None:
            self.list.reload()

    def minute_passed(self) -> None:
        """Rows come and go with the time, and relative times move on."""
        self.list.repaint()
        self.list.reload()

    def watch_changed(self) -> None:
        """Read the list again."""
        self.list.reload()

    def _show(self, query: Q) -> None:
        self.query_shown = query
        self._read()
        self._show_title()

    def _read(self, keep: Any = None) -> None:
        ctx = self.shell.ctx
        if ctx is not None:
            self.view.empty_text = self.empty_text()  # type: ignore[attr-defined]
            self.source = self.make_source(ctx, self.query_shown)
            self.list.set_source(self.source, keep=keep)

    def _show_title(self) -> None:
        count = self.counted(self.list.total)
        parts = [word for word in (*self._filter_words(), self.order_word()) if word]
        marked = len(self.list.marked)
        title = list_title(self.name_of_list.upper(), count, filtered=" · ".join(parts), marked=marked)
        text, style = self.remark()
        self.title_line.show(title, [(text + " ", style)] if text else [])

    def _filter_words(self) -> list[str]:
        query = self.query_shown
        state = next((one.label for one in self.states() if one.value == query.state), "") if query.state else ""
        text = f"“{query.text}”" if query.text else ""
        return [state, query.operator, query.destination, text]

    @on(RecordList.Loaded)
    def _loaded(self) -> None:
        self._show_title()
        self._show_details()

    @on(RecordList.MarksChanged)
    def _marked(self) -> None:
        self._show_title()

    @on(RecordList.Highlighted)
    def _highlighted(self) -> None:
        self._show_details()

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        event.stop()
        one = self.subject
        if one is not None:
            self.shell.open_reservation(one.reservation, self._beside)

    def _beside(self, by: int) -> int | None:
        """Move the cursor; the number of the reservation that it then stands on."""
        self.list.move_to(self.list.index + by)
        one = self.subject
        return one.reservation if one is not None else None

    def _show_details(self) -> None:
        row = self.list.current
        said = [parts for parts in self.details(row) if parts] if row is not None else []
        for number, line in enumerate(self.lines):
            line.show(said[number] if number < len(said) else [])

    def action_filter(self) -> None:
        """Choose what is shown."""
        query = self.query_shown

        def chosen(values: dict[str, str] | None) -> None:
            if values is not None:
                self._show(replace(query, **values))

        given = {name: getattr(query, name) for name in FIELDS}
        self.app.push_screen(WatchFilter(self.name_of_list, self.states(), given, self.about_text()), chosen)

    def action_sort(self) -> None:
        """The next order."""
        order = self.orders[(self.orders.index(self.query_shown.order) + 1) % len(self.orders)]
        self._show(replace(self.query_shown, order=order))

    def action_export(self) -> None:
        """Write the list to a file."""
        self.app.push_screen(WatchExport(self.name_of_list, self.query_shown))

    def action_back(self) -> None:
        """Marks go first, then the filter."""
        if self.list.marked:
            self.list.action_unmark_all()
        elif self.query_shown != self.every:
            self._show(self.every)
        else:
            super().action_back()


def filtered_empty() -> list[Part]:
    """What an empty list says when a filter is on."""
    return [(_("Nothing fits this filter."), "muted"), (_("f changes it, Esc shows all."), "key")]
