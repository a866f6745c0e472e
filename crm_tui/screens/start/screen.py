"""The start screen: the day in six panels. What waits, since when, what next; every row acts in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.views import Changes, ConversationRow, ListQuery
from crm_tui.screens import side
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.internal.writing import About, WritesInternal, about_row
from crm_tui.screens.mail.actions import ACTIONS as MAIL_ACTIONS
from crm_tui.screens.mail.commands import MailCommands
from crm_tui.screens.mail.counterpart import Counterpart
from crm_tui.screens.mail.rows import ConversationRowView, ConversationSource
from crm_tui.screens.mail.rows import signs as mail_signs
from crm_tui.screens.mail.unseen import InSight
from crm_tui.screens.run.starting import StartsRun
from crm_tui.screens.start.acting import ActsOnRows
from crm_tui.screens.start.actions import ACTIONS
from crm_tui.screens.start.panel import ComplaintList, DepartureList, MailList, Panel, PaymentList, ReminderList
from crm_tui.screens.start.places import Need, Panels
from crm_tui.screens.start.problems import Problem, ProblemView, problems
from crm_tui.screens.start.rows import ComplaintView, DepartureView, PaymentView, ReminderView, signs
from crm_tui.screens.start.sources import ComplaintSource, DeskSource
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.folder_tree import FolderTree
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource, Source

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.shifts.morning import Morning
    from crm_tui.desk.undoing.undo_views import UndoView

_NOT_HERE = {"mail.filter", "mail.sort", "mail.panes", "mail.panes-back", "mail.next", "mail.previous"}
_ON_ROWS = tuple(action for action in MAIL_ACTIONS if action.id not in _NOT_HERE)
_OF_MAIL = frozenset(action.textual_action.partition("(")[0] for action in _ON_ROWS if action.id != "mail.run")

ORDER = ("unanswered", "waitlist", "departures", "payments", "reminders", "complaints", "arrivals")
"""The panels in the order of Tab."""
MAIL = ("unanswered", "waitlist", "arrivals")
PROBLEM_LINES = 3
"""So many lines of problems are seen at once."""


class StartScreen(ActsOnRows, InSight, WritesInternal, StartsRun, Counterpart, MailCommands, DeskScreen[None]):
    """Panels: unanswered, waitlist answers, departures, payments, reminders, complaints; on wide screens new mail too."""

    BINDINGS = bindings(_ON_ROWS, ACTIONS)

    def __init__(self) -> None:
        super().__init__()
        self._lines, self._pending = 0, 0
        self._settled = False
        self._needs: dict[str, int] = {}

    def body(self) -> ComposeResult:
        """The left pane, the panels, and what needs a look below them."""
        background = self.shell.background
        self.folders = FolderTree(id="side")
        self.by_name: dict[str, Panel[Any]] = {
            "unanswered": self._mail(_("Unanswered"), _("nobody waits for an answer"), "unanswered", True),
            "waitlist": self._mail(_("Answers on the waitlist"), _("no guest has answered yet"), "waitlist", True),
            "departures": Panel(
                _("Departures"), _("nobody flies in the next days"), DepartureView(self.shell), background, DepartureList,
                id="departures",
            ),
            "payments": Panel(
                _("Payments"), _("nothing is due"), PaymentView(self.shell), background, PaymentList, id="payments"
            ),
            "reminders": Panel(
                _("Reminders"), _("nothing to remember until the day after tomorrow"), ReminderView(self.shell), background,
                ReminderList, id="reminders",
            ),
            "complaints": Panel(
                _("Complaints"), _("none is open"), ComplaintView(self.shell), background, ComplaintList, id="complaints"
            ),
            "arrivals": self._mail(_("New mail"), _("none yet, F5 fetches it now"), "arrivals", False),
        }  # fmt: skip
        self.problems: RecordList[Problem] = RecordList(ProblemView(), background, markable=False, id="problems")
        with Horizontal():
            yield self.folders
            with Vertical(id="day"):
                self.board = Panels(*self.by_name.values(), id="panels")
                yield self.board
                yield self.problems

    def _mail(self, title: str, nothing: str, id: str, waiting: bool) -> Panel[ConversationRow]:
        view = ConversationRowView(self.shell, waiting=waiting)
        return Panel(title, nothing, view, self.shell.background, MailList, id=id)

    @property
    def unanswered(self) -> Panel[ConversationRow]:
        """Who waits for an answer, the longest first."""
        return self.by_name["unanswered"]

    @property
    def waitlist(self) -> Panel[ConversationRow]:
        """Guests who answered an offer."""
        return self.by_name["waitlist"]

    @property
    def panels(self) -> list[Panel[Any]]:
        """The panels that have a place, in the order of Tab."""
        return [self.by_name[name] for name in ORDER if self.board.shown(name)]

    @property
    def panel(self) -> Panel[Any]:
        """The panel with the focus."""
        return next((panel for panel in self.panels if panel.list.has_focus), self.unanswered)

    @property
    def focused_list(self) -> RecordList[Any]:
        """The list with the focus."""
        return self.panel.list

    # Reading

    def on_mount(self) -> None:
        """The oldest unanswered conversation has the cursor."""
        self.problems.display = False
        self.unanswered.list.focus(scroll_visible=False)
        self._show_side()
        super().on_mount()

    def desk_ready(self) -> None:
        """Read the panels."""
        ctx = self.shell.ctx
        if ctx is None:
            return
        for name, source in _sources(ctx).items():
            self.by_name[name].begin(source)
        self.read_team()
        self.rows_changed()
        self._show_side()
        self._show_problems()

    def desk_changed(self, changes: Changes) -> None:
        """Read the panels again."""
        if not changes:
            return
        self.read_team(changes)
        self.rows_changed()
        self._show_side()
        self._show_problems()

    def rows_changed(self) -> None:
        """Read all panels at once; not while the desk is being closed."""
        if not self.board.is_attached:
            return
        arrivals = self.board.shown("arrivals")
        self.ask(lambda ctx: _read(ctx, arrivals), self._show, topic="morning")

    def _show(self, found: Morning) -> None:
        for panel in self.panels:
            name = str(panel.id)
            stretch = found.of(name)
            panel.take(stretch.rows, stretch.total, _urgent(name, stretch.urgent))
        self._needs = {name: found.of(name).total for name in ORDER}
        if not self._settled:
            self._settled = True
            self.settle()
            self._focus_first()
        elif any(self._needs[str(one.id)] and self.board.rows_of(str(one.id)) < 1 for one in self.panels):
            self.settle()
        if (found.lines, found.pending) != (self._lines, self._pending):
            self._lines, self._pending = found.lines, found.pending
            self._show_problems()

    def settle(self) -> None:
        """Share the height by what the panels hold; later changes only scroll, until the panel or the size changes."""
        focused = self.panel
        self.board.settle({name: Need(self._needs.get(name, 0), self.by_name[name] is focused) for name in ORDER})

    def _focus_first(self) -> None:
        """The first panel that holds anything has the keys, unless somebody has chosen one."""
        if self.unanswered.list.has_focus and not self._needs["unanswered"]:
            first = next((panel for panel in self.panels if self._needs[str(panel.id)]), None)
            if first is not None:
                first.list.focus(scroll_visible=False)

    def on_resize(self) -> None:
        """Another width may have other columns."""
        if self._settled:
            self.call_after_refresh(self._resized)

    def _resized(self) -> None:
        self.settle()
        self.rows_changed()

    def on_descendant_focus(self) -> None:
        """In one column the panel with the keys gets more room; what can be done is another thing in each."""
        if self._settled and self.has_class("-one-pane"):
            self.settle()
        self.refresh_bindings()

    def on_screen_resume(self) -> None:
        """What was done elsewhere may have left a panel empty."""
        super().on_screen_resume()
        if self._settled:
            self.settle()

    def minute_passed(self) -> None:
        """Relative times move on, and so may the day."""
        for panel in self.panels:
            panel.list.repaint()
        self.rows_changed()

    def others_changed(self) -> None:
        """Another desk opened or left a conversation."""
        for panel in self.panels:
            panel.list.repaint()

    def signs(self) -> list[tuple[str, str]]:
        """What the signs of the rows mean."""
        return [*signs(), *mail_signs()]

    def _show_side(self) -> None:
        side.fill(self.folders, self.shell, "go:start")

    def _show_problems(self) -> None:
        found = problems(self.shell.counts, self.shell.accounts, self._lines, self._pending)
        self.problems.display = bool(found)
        self.problems.styles.height = min(len(found), PROBLEM_LINES)
        self.problems.set_source(ListSource(found), keep=self.problems.current)

    def undone(self, view: UndoView) -> None:
        """The cursor of each panel that lists it stands on what came back."""
        if view.conversations:
            for listed, _query in self.lists:
                listed.go_to(view.conversations[0])

    # Commands on mail

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is done to mail is neither offered nor done in the other panels."""
        if action in _OF_MAIL and self.is_mounted and not self._on_mail:
            return False
        return super().check_action(action, parameters)

    @property
    def _on_mail(self) -> bool:
        return self.panel.id in MAIL and not self.problems.has_focus

    @property
    def targets(self) -> Sequence[ConversationRow]:
        """The marked rows of the panel with the focus, else its cursor's."""
        return [row for row in self.panel.list.chosen if isinstance(row, ConversationRow)]

    @property
    def about(self) -> About | None:
        """A message to a colleague is about the conversation under the cursor."""
        return about_row(self.targets[0]) if self.targets else None

    @property
    def lists(self) -> Sequence[tuple[RecordList[ConversationRow], ListQuery]]:
        """The panels of conversations, and what each of them shows."""
        return [(self.by_name[name].list, query) for name, query in _QUERIES.items() if self.board.shown(name)]

    def foreseen(self, rows: Sequence[ConversationRow | None]) -> None:  # noqa: ARG002 -- the panels count themselves
        """The titles count what is left."""
        for panel in self.panels:
            panel.show_title()

    # Going

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        event.stop()
        row = event.list.current
        if isinstance(row, Problem):
            self.shell.go(row.place)
        elif isinstance(row, ConversationRow):
            self.shell.open_conversation(row.id)
        elif row is not None:
            self.open_row(row)

    @on(FolderTree.Chosen)
    def _tree_chosen(self, event: FolderTree.Chosen) -> None:
        event.stop()
        if event.value.startswith("go:"):
            self.shell.go(event.value.removeprefix("go:"))
        else:
            self.shell.show_folder(event.value)

    def action_next_panel(self) -> None:
        """To the next panel that holds anything, then what needs a look, then the left pane where it is shown."""
        self._step(1)

    def action_previous_panel(self) -> None:
        """To the panel before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        stops: list[FolderTree | RecordList[Any]] = [
            panel.list for panel in self.panels if panel.list.total or panel.list.has_focus
        ]
        if self.problems.display:
            stops.append(self.problems)
        if not self.has_class("-one-pane"):
            stops.append(self.folders)
        places = [index for index, stop in enumerate(stops) if stop.has_focus]
        if stops:
            stops[((places[0] if places else -1) + by) % len(stops)].focus(scroll_visible=False)


_QUERIES = {
    "unanswered": ListQuery("All", "unanswered", "waiting"),
    "waitlist": ListQuery("Waitlist", "unanswered", "waiting"),
    "arrivals": ListQuery("Inbox"),
}


def _sources(ctx: Context) -> dict[str, Source[Any]]:
    """Where the rows behind the first ones come from."""
    from crm_tui.desk.shifts.reminder_views import BoardQuery
    from crm_tui.screens.departures.rows import DepartureSource
    from crm_tui.screens.payments.rows import PaymentSource

    found: dict[str, Source[Any]] = {name: ConversationSource(ctx, query) for name, query in _QUERIES.items()}
    found["departures"] = DepartureSource(ctx)
    found["payments"] = PaymentSource(ctx)
    found["reminders"] = DeskSource(ctx, "reminder_board", BoardQuery())
    found["complaints"] = ComplaintSource(ctx)
    return found


def _read(ctx: Context, arrivals: bool) -> Morning:
    from crm_tui import desk

    return desk.morning.read(ctx, arrivals=arrivals)


def _urgent(name: str, count: int) -> str:
    """What of a panel cannot wait, in words."""
    if not count:
        return ""
    if name == "departures":
        return ngettext("{n} to inform", "{n} to inform", count).format(n=count)
    return ngettext("{n} overdue", "{n} overdue", count).format(n=count)
