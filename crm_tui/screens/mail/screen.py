"""The mail screen: folders at the left, the conversation list, the reading pane; one, two or three of them at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer

from crm_tui.desk.common.views import Changes, ConversationRow, ConversationView, ListQuery, MessageView
from crm_tui.screens import side
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.mail.actions import ACTIONS
from crm_tui.screens.mail.commands import MailCommands
from crm_tui.screens.mail.counterpart import Counterpart
from crm_tui.screens.mail.effects import belongs
from crm_tui.screens.mail.files import MessageFiles
from crm_tui.screens.mail.noted import NoteLines
from crm_tui.screens.mail.reading import Reads
from crm_tui.screens.mail.rows import ConversationRowView, ConversationSource, signs
from crm_tui.screens.mail.unseen import InSight
from crm_tui.screens.mail.words import FILTERS, ORDERS, empty_text
from crm_tui.screens.search.source import ViewSource, view_number
from crm_tui.screens.snapshot import ROWS, Snapshot
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.folder_tree import FolderTree
from crm_tui.widgets.line import Line
from crm_tui.widgets.message_parts import Setting
from crm_tui.widgets.message_view import ReadingPane
from crm_tui.widgets.record_list import RecordList

if TYPE_CHECKING:
    from crm_tui.desk.undoing.undo_views import UndoView

PREVIEW_DELAY = 0.15
"""Seconds the cursor rests on a row before a wide desk shows the conversation beside it."""

TITLE_DELAY = 0.03
"""Seconds after a move of the cursor until the title line tells of the row under it."""

TWO_PANES, THREE_PANES = 110, 150
"""Columns from which that many panes fit (the screen's breakpoints)."""


class MailScreen(InSight, Reads, Counterpart, MailCommands, MessageFiles, DeskScreen[None]):
    """Triage and reading. What it shows at first comes from the snapshot; the store takes over when it is open."""

    BINDINGS = bindings(ACTIONS)

    def __init__(self) -> None:
        super().__init__()
        self.query_shown = ListQuery()
        self._preview_timer: Timer | None = None

    def body(self) -> ComposeResult:
        """Tree, list, reading pane."""
        self.folders = FolderTree(id="side")
        self.view = ConversationRowView(self.shell)
        self.list: RecordList[ConversationRow] = RecordList(self.view, self.shell.background, id="list")
        self.reading = ReadingPane(self, id="reading")
        self.list_title = Line(id="list-title")
        self.reading_title = Line(id="reading-title")
        self.notes = NoteLines(id="notes")
        with Horizontal():
            yield self.folders
            with Vertical(id="middle") as self.middle:
                yield self.list_title
                yield self.list
            with Vertical(id="right") as self.right:
                yield self.reading_title
                yield self.notes
                yield self.reading

    def on_mount(self) -> None:
        """Show the snapshot; the list has the focus."""
        self._arrange("list")
        snapshot: Snapshot | None = getattr(self.app, "snapshot", None)
        if snapshot is not None and self.shell.ctx is None:
            self.query_shown = snapshot.query
            self.view.waiting = snapshot.query.order == "waiting"
            self.list.show_rows(snapshot.rows, snapshot.total, snapshot.index)
        self.list.focus(scroll_visible=False)
        self._show_side()
        self._show_title()
        super().on_mount()

    def desk_ready(self) -> None:
        """Read the list; the cursor stays on the row of the snapshot."""
        self._read_list(keep=self.list.current)
        self._show_side()
        self.read_team()

    def desk_changed(self, changes: Changes) -> None:
        """Refresh list, badges and the open conversation."""
        self._show_side()
        self.read_team(changes)
        if changes.everything or changes.ids.keys() & {"conversation", "message", "outbox", "agent"}:
            self.list.reload()
        shown = self.reading.conversation
        noted = changes.ids.keys() & {"guest", "inquiry", "memo", "reminder", "ticket"}
        if shown is not None and (noted or changes.everything or shown.row.id in changes.ids.get("conversation", ())):
            self._read_again(shown.row.id)

    def minute_passed(self) -> None:
        """Relative times move on."""
        self.list.repaint()
        self.reading.refresh_times()
        self._show_title()
        self._show_reading_title()

    def signs(self) -> list[tuple[str, str]]:
        """What the signs of the list mean."""
        return signs()

    def setting(self, subject: str, width: int) -> Setting:
        """What the reading pane depends on."""
        return Setting(self.shell.clock.now(), self.shell.zone, subject, width)

    def forget_snapshot(self) -> None:
        """The rows were another's, maybe."""
        self.list.show_rows((), 0, 0)

    def add_to_snapshot(self, snapshot: Snapshot) -> Snapshot:
        """The first rows of the list, for the next start."""
        if self.list.scroll_offset.y or self.list.pages.get(0) is None:
            rows = [row for row in map(self.list.pages.get, range(ROWS)) if row is not None]
        else:
            rows = [row for row in map(self.list.pages.get, range(max(ROWS, self.list.size.height))) if row is not None]
        index = self.list.index if self.list.index < len(rows) else 0
        return replace(snapshot, query=self.query_shown, total=self.list.total, index=index, rows=tuple(rows))

    # The list

    def show_place(self, place: str) -> None:
        """Show a folder, view or account."""
        self._show_list(ListQuery(place))

    def _show_list(self, query: ListQuery) -> None:
        self.query_shown = query
        self.view.waiting = query.order == "waiting"
        self._go_to_pane("list")
        self._read_list()
        self._show_side()
        self._show_title()

    def _read_list(self, keep: ConversationRow | None = None) -> None:
        ctx = self.shell.ctx
        if ctx is None:
            return
        self.view.empty_text = empty_text(self.query_shown, bool(self.shell.accounts))
        source = ViewSource if view_number(self.query_shown.place) is not None else ConversationSource
        self.list.set_source(source(ctx, self.query_shown), keep=keep)

    def _show_side(self) -> None:
        side.fill(self.folders, self.shell, self._place_marked())

    def _place_marked(self) -> str:
        """The list that is shown; while a conversation of another folder is read, found by the search, that folder."""
        place, conversation = self.query_shown.place, self.reading.conversation
        if self.pane == "reading" and conversation is not None and place in side.FOLDERS:
            return conversation.row.folder
        return place

    @on(FolderTree.Chosen)
    def _tree_chosen(self, event: FolderTree.Chosen) -> None:
        event.stop()
        if event.value.startswith("go:"):
            self.shell.go(event.value.removeprefix("go:"))
        else:
            self.show_place(event.value)

    @on(RecordList.Loaded)
    @on(RecordList.MarksChanged)
    def _list_changed(self) -> None:
        self._show_title()

    @on(RecordList.Highlighted)
    def _highlighted(self) -> None:
        if not self._title_due:
            self._title_due = True
            self.set_timer(TITLE_DELAY, self._show_title)  # after the cursor is painted
        if self.has_class("-three-panes"):
            if self._preview_timer is not None:
                self._preview_timer.stop()
            self._preview_timer = self.set_timer(PREVIEW_DELAY, self._preview)

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        event.stop()
        row = self.list.current
        if row is not None:
            self.open_conversation(row.id)

    def action_filter(self) -> None:
        """The next filter."""
        only = FILTERS[(FILTERS.index(self.query_shown.only) + 1) % len(FILTERS)]
        order = "newest" if self.query_shown.order == "waiting" else self.query_shown.order
        self._show_list(replace(self.query_shown, only=only, order=order))

    def action_sort(self) -> None:
        """The next order."""
        order = ORDERS[(ORDERS.index(self.query_shown.order) + 1) % len(ORDERS)]
        only = (
            "unanswered"
            if order == "waiting"
            else "all"
            if self.query_shown.order == "waiting"
            else self.query_shown.only
        )
        self._show_list(replace(self.query_shown, only=only, order=order))

    @on(ReadingPane.CurrentChanged)
    def _message_changed(self) -> None:
        self._show_reading_title()
        self.refresh_bindings()

    # Commands

    @property
    def targets(self) -> Sequence[ConversationRow]:
        """The conversation being read, else the marked rows, else the cursor's."""
        conversation = self.reading.conversation
        if self.pane == "reading" and conversation is not None:
            return [conversation.row]
        return self.list.chosen

    @property
    def answered(self) -> MessageView | None:
        """The message with the focus while reading."""
        return self.reading.current if self.pane == "reading" else None

    @property
    def lists(self) -> Sequence[tuple[RecordList[ConversationRow], ListQuery]]:
        """The one list, as it is filtered."""
        return [(self.list, self.query_shown)]

    def foreseen(self, rows: Sequence[ConversationRow | None]) -> None:
        """Back to the list where the conversation being read leaves it; the next row is under the cursor."""
        shown = self.reading.conversation
        if self.pane == "reading" and shown is not None:
            row = rows[0] if rows else None
            if row is None or not belongs(self.query_shown, row):
                self._go_to_pane("list")
            else:
                self.reading.conversation = replace(shown, row=row)
                self._show_reading_title()
        self._show_title()

    def undone(self, view: UndoView) -> None:
        """The cursor stands on what came back."""
        if view.conversations:
            self.list.go_to(view.conversations[0])

    def split_off(self, conversation_id: int) -> None:
        """What was split off takes the place of what it was split from."""
        self.open_conversation(conversation_id)

    def leave_reading(self) -> None:
        """Back to the list: what was marked unread would be read again here."""
        if self.pane == "reading":
            self._go_to_pane("list")

    def parting(self) -> tuple[ConversationView, MessageView] | None:
        """The conversation being read and the message with the focus."""
        shown, message = self.reading.conversation, self.answered
        return (shown, message) if shown is not None and message is not None else None

    # Panes

    def _go_to_pane(self, pane: str) -> None:
        self._arrange(pane)
        target = {"tree": self.folders, "list": self.list, "reading": self.reading}[pane]
        self.set_focus(target, scroll_visible=False)
        self._show_side()
        self.shell.attend()

    def _arrange(self, pane: str) -> None:
        """Show the panes that fit. Set one by one: a class on the screen would have all its styles computed again."""
        width = self.app.size.width
        self.folders.display = width >= TWO_PANES or pane == "tree"
        self.middle.display = width >= THREE_PANES or pane == "list" or (pane == "tree" and width >= TWO_PANES)
        self.right.display = width >= THREE_PANES or pane == "reading"

    def on_resize(self) -> None:
        """Another number of panes may fit; a reading pane that appears shows the row under the cursor."""
        self._arrange(self.pane)
        if self.app.size.width >= THREE_PANES and self.pane != "reading" and self.list.current is not None:
            self._preview()

    @property
    def pane(self) -> str:
        """Which pane has the focus: tree, list or reading."""
        return "tree" if self.focused is self.folders else "reading" if self.focused is self.reading else "list"

    def action_next_pane(self) -> None:
        """Tree, list, reading, and round again; reading only if something is open."""
        panes = self._panes()
        self._go_to_pane(panes[(panes.index(self.pane) + 1) % len(panes)])

    def action_previous_pane(self) -> None:
        """The other way round."""
        panes = self._panes()
        self._go_to_pane(panes[(panes.index(self.pane) - 1) % len(panes)])

    def _panes(self) -> list[str]:
        return ["tree", "list"] + (
            ["reading"] if self.reading.conversation is not None or self.pane == "reading" else []
        )

    def action_back(self) -> None:
        """Reading to list, list to folders where they are hidden; a filter goes first."""
        if self.pane == "reading" or self.pane == "tree":
            self._go_to_pane("list")
        elif self.list.marked:
            self.list.action_unmark_all()
        elif self.query_shown.only != "all" or self.query_shown.order != "newest":
            self._show_list(ListQuery(self.query_shown.place))
        else:
            self._go_to_pane("tree")
