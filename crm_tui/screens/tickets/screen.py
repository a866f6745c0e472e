"""Mode 9: who answers what. An agent sees their own tickets and the queue, a manager everybody's (SPEC §10).

Reading a conversation here is a look from outside: nothing counts as read or opened. Enter opens it on the mail screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widget import Widget

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _, ngettext
from crm_tui.base.sizes import grouped
from crm_tui.desk.common.views import Changes, ConversationView
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.mail.files import MessageFiles
from crm_tui.screens.roles import is_manager
from crm_tui.screens.tickets import calls, rows
from crm_tui.screens.tickets.actions import LIST, ON_ROWS
from crm_tui.screens.tickets.commands import TicketCommands
from crm_tui.screens.tickets.filter import TicketFilter
from crm_tui.screens.tickets.people import Place, PlaceList, PlaceRowView, duty, label_of
from crm_tui.screens.tickets.rows import ORDERS, Shown, TicketRowView
from crm_tui.screens.tickets.words import details, signs, stage_word, state_line, state_word
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title, whole_parts
from crm_tui.widgets.message_parts import Setting
from crm_tui.widgets.message_view import ReadingPane
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource

if TYPE_CHECKING:
    from crm_tui.desk.ticketing.ticket_views import TicketRow

DETAILS = 5
"""Lines below the list."""
PREVIEW_DELAY = 0.15
"""Seconds the cursor rests on a row before its conversation is shown beside it."""
TWO_PANES, THREE_PANES = 110, 150
TOUCHED = frozenset(
    (
        "ticket",
        "conversation",
        "message",
        "agent",
        "timer",
        "timer_session",
        "intake_pause",
        "routing_profile",
        "inquiry",
    )
)
_ON_ROWS = frozenset(one.textual_action for one in ON_ROWS)
_ORDER_WORDS = {"oldest": lambda: _("longest waiting first"), "newest": lambda: _("newest first")}


class TicketsScreen(TicketCommands, MessageFiles, DeskScreen[None]):
    """Who has what, the tickets, and the conversation of the one under the cursor."""

    CSS_PATH = "screen.tcss"
    BINDINGS = bindings(ON_ROWS, LIST)

    def __init__(self) -> None:
        super().__init__()
        self.shown = Shown()
        self.board: calls.Board | None = None
        self._preview_timer: Timer | None = None
        self._previewed: int | None = None

    def body(self) -> ComposeResult:
        """The day in a line, then the three panes."""
        background = self.shell.background
        self.view = TicketRowView(self.shell)
        self.list: RecordList[TicketRow] = RecordList(self.view, background, id="list")
        self.places = PlaceList(PlaceRowView(self.shell), background, markable=False, id="places")
        self.preview = ReadingPane(self, id="preview")
        self.day, self.people_title = Line(id="day"), Line(id="people-title")
        self.list_title, self.preview_title = Line(id="list-title"), Line(id="preview-title")
        self.lines = [Line() for _number in range(DETAILS)]
        yield self.day
        with Horizontal():
            with Vertical(id="people") as self.people:
                yield self.people_title
                yield self.places
            with Vertical(id="middle") as self.middle:
                yield self.list_title
                yield self.list
                with Vertical(id="details"):
                    yield from self.lines
            with Vertical(id="right") as self.right:
                yield self.preview_title
                yield self.preview

    def on_mount(self) -> None:
        """The tickets have the focus."""
        self._arrange("list")
        self.list.focus(scroll_visible=False)
        self._show_titles()
        super().on_mount()

    def desk_ready(self) -> None:
        """A manager begins with all that is open, an agent with what is theirs and the queue."""
        if self.board is None:
            self.shown = Shown(rows.TEAM if self.manages else rows.DESK, manages=self.manages)
        self._read(keep=self.list.current)
        self._read_board()
        self.read_team()

    def desk_changed(self, changes: Changes) -> None:
        """Refresh what is shown; the cursor stays on its ticket."""
        self.read_team(changes)
        if changes.everything or changes.ids.keys() & TOUCHED:
            self.list.reload()
            self._read_board()
            shown = self.preview.conversation
            if shown is not None and (changes.everything or shown.row.id in changes.ids.get("conversation", ())):
                self._previewed = None
                self._show_preview()

    def on_screen_resume(self) -> None:
        """Time passed while another screen was shown."""
        super().on_screen_resume()
        if self.board is not None:
            self.list.reload()
            self._read_board()

    def minute_passed(self) -> None:
        """Relative times move on."""
        self.list.repaint()
        self.places.repaint()
        self.preview.refresh_times()
        self._show_details()
        self._read_board()

    def signs(self) -> list[tuple[str, str]]:
        """What the signs mean."""
        return signs()

    def setting(self, subject: str, width: int) -> Setting:
        """What the reading pane depends on."""
        return Setting(self.shell.clock.now(), self.shell.zone, subject, width)

    @property
    def manages(self) -> bool:
        """Whether the agent at the desk sees everybody's tickets."""
        return is_manager(self.shell.ctx)

    # What is shown

    def show(self, shown: Shown) -> None:
        """Show other tickets."""
        self.shown = shown
        self._read()
        self._show_titles()

    def _read(self, keep: TicketRow | None = None) -> None:
        ctx = self.shell.ctx
        if ctx is not None:
            self.view.owners = self.shown.place not in (rows.MINE, rows.DONE) or self.manages
            self.view.empty_text = rows.empty_text(self.shown, manages=self.manages)
            self.list.set_source(rows.source(ctx, self.shown), keep=keep)

    def _read_board(self) -> None:
        manages = self.manages
        self.ask(lambda ctx: calls.board(ctx, manages=manages), self._show_board, topic="board")

    def _show_board(self, board: calls.Board) -> None:
        self.board = board
        if self.places.total:
            place = self.places.current
            self.places.set_source(ListSource(board.places), keep=place)
        else:
            index = next((n for n, one in enumerate(board.places) if one.id == self.shown.place), 0)
            self.places.set_source(ListSource(board.places), keep=board.places[index])
        self._show_titles()

    def _show_titles(self) -> None:
        shown, total = self.shown, self.list.total
        count = ngettext("{n} ticket", "{n} tickets", total).format(n=grouped(total))
        only = [
            state_word(shown.state) if shown.state else "",
            stage_word(shown.stage),
            shown.channel,
            _ORDER_WORDS[shown.order]() if shown.order in _ORDER_WORDS and shown.place != rows.DESK else "",
        ]
        title = list_title(
            self._place_label().upper(),
            count,
            filtered=" · ".join(word for word in only if word),
            marked=len(self.list.marked),
        )
        self.list_title.show(title)
        self.people_title.show([(" " + _("Who has what").upper(), "title")], [(_("open") + " ", "faint")])
        day = self.board.day if self.board is not None else []
        self.day.show([(" ", ""), *whole_parts(day, self.app.size.width - 2)])

    def _place_label(self) -> str:
        places: Sequence[Place] = self.board.places if self.board is not None else ()
        found = next((one for one in places if one.id == self.shown.place), None)
        return found.label if found is not None else label_of(self.shown.place)

    def _show_details(self) -> None:
        row = self.list.current
        said = [parts for parts in details(row, self.shell.clock.now(), self.shell.zone) if parts] if row else []
        for number, line in enumerate(self.lines):
            line.show(said[number] if number < len(said) else [])

    @on(RecordList.Loaded)
    @on(RecordList.MarksChanged)
    def _list_changed(self) -> None:
        self._show_titles()
        self._show_details()

    @on(RecordList.Highlighted, "#list")
    def _highlighted(self) -> None:
        self._show_details()
        if self.right.display:
            if self._preview_timer is not None:
                self._preview_timer.stop()
            self._preview_timer = self.set_timer(PREVIEW_DELAY, self._show_preview)

    @on(RecordList.Highlighted, "#places")
    def _place_highlighted(self) -> None:
        place = self.places.current
        if place is not None and not place.heading and place.id != self.shown.place and self.places.has_focus:
            self.show(replace(self.shown, place=place.id))

    @on(RecordList.Opened, "#places")
    def _place_opened(self, event: RecordList.Opened) -> None:
        event.stop()
        self._go_to_pane("list")

    @on(RecordList.Opened, "#list")
    def _opened(self, event: RecordList.Opened) -> None:
        event.stop()
        row = self.list.current
        if row is not None:
            self.shell.open_conversation(row.conversation)

    # A look at the conversation: nothing is marked

    def _show_preview(self) -> None:
        row = self.list.current
        if row is None:
            self._previewed = None
            self.preview.show_note((_("Nothing to read here."), "muted"))
            self.preview_title.show([])
            return
        if self._previewed != row.conversation:
            self._previewed = number = row.conversation
            self.ask(
                lambda ctx: calls.conversation(ctx, number),
                lambda found: self._preview_read(number, found),
                topic="preview",
                failed=self._preview_failed,
            )
        now, zone = self.shell.clock.now(), self.shell.zone
        self.preview_title.show(state_line(row, now, zone, short=True), [(" " + _("only a look") + " ", "faint")])

    def _preview_read(self, number: int, found: ConversationView) -> None:
        if number == self._previewed:
            self.preview.show(found)
            self.refresh_bindings()

    def _preview_failed(self, error: Exception) -> None:
        self._previewed = None
        if isinstance(error, NotFound):
            self.preview.show_note((str(error), "muted"))
        else:
            self.shell.report(error)

    # Commands

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is done with tickets is neither offered nor done from the left pane, where the list may be out of sight."""
        if action in _ON_ROWS and self.is_mounted and self.pane == "people":
            return False
        return super().check_action(action, parameters)

    @property
    def tickets(self) -> Sequence[TicketRow]:
        """The marked ones, else that under the cursor."""
        return self.list.chosen

    def tickets_changed(self) -> None:
        """Read all anew; marks are done with."""
        self.list.action_unmark_all()
        self.list.reload()
        self._read_board()

    def duty_of(self, agent_id: int) -> str:
        """Whether an agent works, and how much they have."""
        loads = self.board.loads if self.board is not None else ()
        load = next((one for one in loads if one.id == agent_id), None)
        if load is None:
            return ""
        return _("{duty}, {n} open").format(duty=duty(load)[2], n=load.load)

    def action_filter(self) -> None:
        """Choose state, stage and channel."""
        self.app.push_screen(TicketFilter(self.shown), lambda shown: self.show(shown) if shown else None)

    def action_sort(self) -> None:
        """The next order."""
        self.show(replace(self.shown, order=ORDERS[(ORDERS.index(self.shown.order) + 1) % len(ORDERS)]))

    def action_figures(self) -> None:
        """Figures and charts of a period: of the agent in the left pane, if one is chosen there."""
        from crm_tui.screens.tickets.figures_screen import FiguresScreen

        def closed(name: str | None) -> None:
            if name and self.manages:
                self.show(replace(self.shown, place=f"agent:{name}"))

        self.app.push_screen(FiguresScreen(self._agent_chosen()), closed)

    def _agent_chosen(self) -> int | None:
        place = self.places.current
        return place.load.id if place is not None and place.load is not None else None

    def action_profile(self) -> None:
        """Which tickets the agent takes who is chosen at the left, or who has the ticket under the cursor."""
        from crm_tui.screens.tickets.profile import open_profile

        chosen = self._agent_chosen() or (self.tickets[0].agent_id if self.tickets else None)
        open_profile(self.app, chosen)

    # Panes

    @property
    def pane(self) -> str:
        """Which pane has the focus: people, list or preview."""
        return "people" if self.focused is self.places else "preview" if self.focused is self.preview else "list"

    def _go_to_pane(self, pane: str) -> None:
        self._arrange(pane)
        targets: dict[str, Widget] = {"people": self.places, "list": self.list, "preview": self.preview}
        self.set_focus(targets[pane], scroll_visible=False)
        if pane == "preview":
            self.preview.expected_width = self.right.size.width - 1
            self._show_preview()

    def _arrange(self, pane: str) -> None:
        width = self.app.size.width
        self.people.display = width >= TWO_PANES or pane == "people"
        self.middle.display = width >= THREE_PANES or pane == "list" or (pane == "people" and width >= TWO_PANES)
        self.right.display = width >= THREE_PANES or pane == "preview"

    def on_resize(self) -> None:
        """Another number of panes may fit, and more or less of the day."""
        self._arrange(self.pane)
        self._show_titles()
        if self.right.display:
            self._show_preview()

    def action_next_pane(self) -> None:
        """Who has what, the tickets, the conversation, and round again."""
        panes = ["people", "list", "preview"]
        self._go_to_pane(panes[(panes.index(self.pane) + 1) % 3])

    def action_previous_pane(self) -> None:
        """The other way round."""
        panes = ["people", "list", "preview"]
        self._go_to_pane(panes[(panes.index(self.pane) - 1) % 3])

    def action_back(self) -> None:
        """To the list; marks go first, then the filter, then to the panes at the left."""
        if self.pane != "list":
            self._go_to_pane("list")
        elif self.list.marked:
            self.list.action_unmark_all()
        elif self.shown.filtered:
            self.show(replace(self.shown, state="", stage="", channel=""))
        else:
            self._go_to_pane("people")
