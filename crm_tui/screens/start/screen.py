"""The start screen: what waits, since when, what next. Every row acts in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.views import AccountView, Changes, ConversationRow, Count, ListQuery
from crm_tui.desk.words import ACCOUNT_STATES, said
from crm_tui.screens import side
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.internal.writing import About, WritesInternal, about_row
from crm_tui.screens.mail.actions import ACTIONS as MAIL_ACTIONS
from crm_tui.screens.mail.commands import MailCommands
from crm_tui.screens.mail.counterpart import Counterpart
from crm_tui.screens.mail.rows import ConversationRowView, ConversationSource, signs
from crm_tui.screens.mail.unseen import InSight
from crm_tui.screens.run.starting import StartsRun
from crm_tui.screens.start.actions import ACTIONS
from crm_tui.screens.start.panel import Panel
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.cells import fit
from crm_tui.widgets.folder_tree import FolderTree
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.undo_views import UndoView

_ON_ROWS = tuple(
    action
    for action in MAIL_ACTIONS
    if action.id not in {"mail.filter", "mail.sort", "mail.panes", "mail.panes-back", "mail.next", "mail.previous"}
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that needs a look, and where."""

    id: str
    text: str
    style: str
    place: str


class ProblemView:
    """Draws problems."""

    def parts(self, row: Problem, width: int) -> Sequence[Part]:
        """Sign and sentence."""
        return [(fit(row.text, width), row.style)]

    def empty(self) -> Sequence[Part]:
        """All is well."""
        return []


class StartScreen(InSight, WritesInternal, StartsRun, Counterpart, MailCommands, DeskScreen[None]):
    """Panels: unanswered, answers on the waitlist, new mail, and what needs a look."""

    BINDINGS = bindings(_ON_ROWS, ACTIONS)

    def body(self) -> ComposeResult:
        """The left pane and the panels."""
        background = self.shell.background
        self.folders = FolderTree(id="side")
        self.unanswered = self._panel(_("Unanswered"), "unanswered", _("Nobody waits for an answer."), waiting=True)
        self.waitlist = self._panel(
            _("Answers on the waitlist"), "waitlist", _("No guest has answered an offer yet."), True
        )
        self.arrivals = self._panel(_("New mail"), "arrivals", _("No mail yet. F5 fetches it now."))
        self.problems: Panel[Problem] = Panel(_("Needs a look"), ProblemView(), background, id="problems")
        with Horizontal():
            yield self.folders
            with Horizontal(id="panels"):
                with Vertical(id="first", classes="column"):
                    yield self.unanswered
                with Vertical(id="second", classes="column"):
                    yield self.waitlist
                    yield self.arrivals
                    yield self.problems

    def _panel(self, title: str, id: str, empty: str, waiting: bool = False) -> Panel[ConversationRow]:
        view = ConversationRowView(self.shell, waiting=waiting)
        view.empty_text = [(empty, "muted")]
        return Panel(title, view, self.shell.background, id=id)

    @property
    def panels(self) -> list[Panel[Any]]:
        """The panels in the order of Tab."""
        panels: list[Panel[Any]] = [self.unanswered, self.waitlist, self.arrivals]
        return panels + ([self.problems] if self.problems.display else [])

    @property
    def panel(self) -> Panel[Any]:
        """The panel with the focus."""
        return next((panel for panel in self.panels if panel.list.has_focus), self.unanswered)

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
        for listed, query in self.lists:
            listed.set_source(ConversationSource(ctx, query))
        self.read_team()
        self._show_side()
        self._show_problems()

    def desk_changed(self, changes: Changes) -> None:
        """Read the panels again."""
        if not changes:
            return
        self.read_team(changes)
        for panel in (self.unanswered, self.waitlist, self.arrivals):
            panel.list.reload()
        self._show_side()
        self._show_problems()

    def minute_passed(self) -> None:
        """Relative times move on."""
        for panel in self.panels:
            panel.list.repaint()

    def others_changed(self) -> None:
        """Another desk opened or left a conversation."""
        for panel in self.panels:
            panel.list.repaint()

    def signs(self) -> list[tuple[str, str]]:
        """What the signs of the rows mean."""
        return signs()

    def _show_side(self) -> None:
        side.fill(self.folders, self.shell, "go:start")

    def _show_problems(self) -> None:
        found = problems(self.shell.counts, self.shell.accounts)
        self.problems.display = bool(found)
        self.problems.list.set_source(ListSource(found))

    def undone(self, view: UndoView) -> None:
        """The cursor of each panel that lists it stands on what came back."""
        if view.conversations:
            for listed, _query in self.lists:
                listed.go_to(view.conversations[0])

    # Commands

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
        return [
            (self.unanswered.list, ListQuery("All", "unanswered", "waiting")),
            (self.waitlist.list, ListQuery("Waitlist", "unanswered", "waiting")),
            (self.arrivals.list, ListQuery("Inbox")),
        ]

    def foreseen(self, rows: Sequence[ConversationRow | None]) -> None:  # noqa: ARG002 -- the panels count themselves
        """The titles count what is left."""
        for panel in self.panels:
            panel.show_title()

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        event.stop()
        row = event.list.current
        if isinstance(row, Problem):
            self.shell.go(row.place)
        elif isinstance(row, ConversationRow):
            self.shell.open_conversation(row.id)

    @on(FolderTree.Chosen)
    def _tree_chosen(self, event: FolderTree.Chosen) -> None:
        event.stop()
        if event.value.startswith("go:"):
            self.shell.go(event.value.removeprefix("go:"))
        else:
            self.shell.show_folder(event.value)

    @on(RecordList.Failed)
    def _failed(self, event: RecordList.Failed) -> None:
        event.stop()
        self.shell.report(event.error)

    def action_next_panel(self) -> None:
        """To the next panel, then the left pane where it is shown."""
        self._step(1)

    def action_previous_panel(self) -> None:
        """To the panel before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        stops: list[FolderTree | RecordList[Any]] = [panel.list for panel in self.panels]
        if not self.has_class("-one-pane"):
            stops.append(self.folders)
        places = [index for index, stop in enumerate(stops) if stop.has_focus]
        stops[((places[0] if places else 0) + by) % len(stops)].focus()


def problems(counts: dict[str, Count], accounts: Sequence[AccountView]) -> list[Problem]:
    """What needs a look: accounts that stopped, messages that wait in the outbox, drafts, no account at all."""
    found = [
        Problem(
            f"account:{account.id}",
            f"✕ {account.address}: {account.state_text or said(ACCOUNT_STATES, account.state)}",
            "bad",
            "accounts",
        )
        for account in accounts
        if account.state in {"auth failed", "sending failed", "failed"}
    ]
    if not accounts:
        found.append(Problem("link", "+ " + _("No mail account is linked yet: Enter links one."), "accent", "accounts"))
    outbox = counts.get("Outbox", Count()).total
    if outbox:
        text = ngettext("{n} message in the outbox", "{n} messages in the outbox", outbox).format(n=outbox)
        found.append(Problem("outbox", "↗ " + text, "warn", "outbox"))
    drafts = counts.get("Drafts", Count()).total
    if drafts:
        text = ngettext("{n} draft is waiting", "{n} drafts are waiting", drafts).format(n=drafts)
        found.append(Problem("drafts", "✎ " + text, "", "drafts"))
    return found
