"""The list of reservations: found as one types, filtered, marked and acted upon."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input

from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.base.sizes import grouped
from crm_tui.desk.stays.reservation_views import CURRENT, EVERY, OPEN, ORDERS, ReservationListRow, ReservationQuery
from crm_tui.screens import catalog
from crm_tui.screens.finding import FindingScreen, SearchBox
from crm_tui.screens.inquiries.days import Today
from crm_tui.screens.reservations.actions import LIST
from crm_tui.screens.reservations.list_acting import NEEDS, ActsOnReservations
from crm_tui.screens.reservations.rows import ReservationRowView, ReservationSource, signs
from crm_tui.screens.reservations.words import filter_words, order_word
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.common.views import Changes


class ReservationBox(SearchBox):
    """The line that reservations are searched in."""

    BINDINGS = [Binding("escape", "screen.back", N_("All reservations"))]


class ReservationsScreen(ActsOnReservations, Today, FindingScreen):
    """Mode 5: every booked stay and trip; at first those that have not ended, the next arrival first."""

    CSS = """
    ReservationsScreen #query { height: 3; border: round $desk-line; background: $surface; padding: 0 1; }
    ReservationsScreen #query:focus { border: round $primary; }
    ReservationsScreen #list-title { background: $surface; }
    """
    BINDINGS = bindings(LIST)
    asks_for: ClassVar[frozenset[str]] = frozenset(
        ("reservation", "guest", "operator", "payment", "schedule", "folio", "memo")
    )

    def __init__(self, query: ReservationQuery | None = None) -> None:
        super().__init__()
        self.filter = query or ReservationQuery()

    def body(self) -> ComposeResult:
        """Box, title, list."""
        self.view = ReservationRowView(self.today)
        self.box: SearchBox = ReservationBox(
            self.filter.text, placeholder=_("a code, half a name, a destination, a room, an operator"), id="query"
        )
        self.box.display = bool(self.filter.text)
        self.title_line = Line(id="list-title")
        self.list: RecordList[ReservationListRow] = RecordList(self.view, self.shell.background, id="list")
        yield self.box
        yield self.title_line
        yield self.list

    def on_mount(self) -> None:
        """The list has the focus."""
        self.box.border_title = Content(_("Find a reservation"))
        self.list.focus(scroll_visible=False)
        self.show_title()
        super().on_mount()

    def desk_ready(self) -> None:
        """Read the list."""
        self._read(keep=self.list.current)

    def desk_changed(self, changes: Changes) -> None:
        """Refresh what is shown; the cursor stays on its reservation."""
        if changes.everything or changes.ids.keys() & self.asks_for:
            self.list.reload()

    def signs(self) -> list[tuple[str, str]]:
        """What the signs of the list mean."""
        return signs()

    # What is shown

    @property
    def asked(self) -> ReservationQuery:
        """The filter with what is typed."""
        return replace(self.filter, text=self.box.value)

    def show(self, query: ReservationQuery) -> None:
        """Show another list."""
        self.filter = replace(query, text="")
        if query.text != self.box.value:
            with self.prevent(Input.Changed):
                self.box.value = query.text
        self.box.display = bool(query.text) or self.box.has_focus
        self._read()
        self.show_title()

    def _read(self, keep: ReservationListRow | None = None) -> None:
        ctx = self.shell.ctx
        if ctx is not None:
            self.view.empty_text = empty_text(self.asked)
            self._read_text = self.box.value
            self.list.set_source(ReservationSource(ctx, self.asked), keep=keep)

    def show_title(self) -> None:
        """Say what the list holds, how many, how it is filtered."""
        total = self.list.total
        count = ngettext("{n} reservation", "{n} reservations", total).format(n=grouped(total))
        order = order_word(self.filter.order) if self.filter.order != "arrival" else ""
        filtered = " · ".join(word for word in (filter_words(self.asked, self.today()), self.quoted, order) if word)
        title = list_title(_("Reservations").upper(), count, filtered=filtered)
        if self.busy:
            title = [(" " + self.busy, "accent")]
        marked = len(self.list.marked)  # at the end, where a long filter does not push them off a small desk
        right = (
            ("✓ " + _("{count} marked").format(count=marked) + " ", "mark") if marked else (_("n new") + " ", "muted")
        )
        self.title_line.show(title, [right])

    @on(RecordList.Loaded)
    def _list_changed(self) -> None:
        self.show_title()
        self.open_if_waited_for()

    @on(RecordList.MarksChanged)
    def _marks_changed(self) -> None:
        self.show_title()
        self.refresh_bindings()

    # The filter

    def action_back(self) -> None:
        """First the search goes, then the marks, then the filter."""
        if self.box.display and (self.box.value or self.box.has_focus):
            self.box.value = ""
            self._to_list()
        elif self.list.marked:
            self.list.action_unmark_all()
        elif not self.filter.plain:
            self.show(ReservationQuery(order=self.filter.order))
        elif len(self.app.screen_stack) > 1:
            super().action_back()

    def action_which(self) -> None:
        """What has not ended, all that is open, all, and round again."""
        lists = (CURRENT, OPEN, EVERY)
        now = self.filter.status
        after = lists[(lists.index(now) + 1) % len(lists)] if now in lists else CURRENT
        self.show(replace(self.asked, status=after))

    def action_sort(self) -> None:
        """The next order."""
        order = ORDERS[(ORDERS.index(self.filter.order) + 1) % len(ORDERS)]
        self.show(replace(self.asked, order=order))

    def action_filter(self) -> None:
        """The form of all that can be asked."""
        from crm_tui.screens.reservations.filter import ReservationFilter

        def chosen(query: ReservationQuery | None) -> None:
            if query is not None:
                self.show(query)

        self.app.push_screen(ReservationFilter(self.asked), chosen)

    # Opening and making

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        event.stop()
        self._open()

    def _open(self) -> None:
        row = self.list.current
        if row is not None:
            self.app.push_screen(catalog.load(catalog.RESERVATION)(row.id, self._beside))

    def action_edit(self) -> None:
        """The form of the reservation under the cursor."""
        if self.list.current is not None:
            self.app.push_screen(catalog.load(catalog.RESERVATION_FORM)(self.list.current.id))

    def action_new(self) -> None:
        """A new reservation; the cursor goes to it if the list shows it."""

        def made(number: int | None) -> None:
            if number is not None:
                self.list.go_to(number)

        self.app.push_screen(catalog.load(catalog.RESERVATION_FORM)(), made)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What another part of the desk does is offered where it is there."""
        if action in NEEDS and not catalog.exists(NEEDS[action]):
            return False
        return super().check_action(action, parameters)


def empty_text(query: ReservationQuery) -> list[Part]:
    """What an empty list says."""
    if query.text.strip():
        words = _("No reservation is found by “{text}”.").format(text=" ".join(query.text.split()))
        more = _("Fewer letters find more; accents and capitals do not matter. Esc shows the others.")
    elif not query.plain:
        words, more = _("No reservation fits this filter."), _("f changes it, U shows more, Esc takes it away.")
    else:
        words = _("No reservation is coming. Every booked stay and trip stands here until it has ended.")
        more = _("n makes one, b on a mail or an inquiry books it, g f reads a file of them; U shows past ones.")
    return [(words, "muted"), (more, "key")]
