"""The triage run (SPEC §3): the next oldest unanswered conversation, full width, one key a decision.

What decides is the same code as on the mail screen; here a decision brings the next conversation, which was read beforehand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from crm_tui.base.i18n import _
from crm_tui.desk.common.views import Changes, ConversationRow, ConversationView, ListQuery, MessageView
from crm_tui.screens import catalog, side
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.displaying import Displays
from crm_tui.screens.internal.writing import About, WritesInternal, about_row
from crm_tui.screens.mail.actions import ACTIONS as MAIL_ACTIONS
from crm_tui.screens.mail.commands import MailCommands
from crm_tui.screens.mail.effects import Effect
from crm_tui.screens.mail.files import MessageFiles
from crm_tui.screens.presence import NOTHING, Attends, words
from crm_tui.screens.run import calls
from crm_tui.screens.run.actions import RUN
from crm_tui.screens.run.tally import ANSWERED, INQUIRY, SKIPPED, Tally, decision
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.message_parts import Setting
from crm_tui.widgets.message_view import ReadingPane
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import duration

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.widgets.record_list import RecordList

_NOT_HERE = {
    *("mail.filter", "mail.sort", "mail.panes", "mail.panes-back", "mail.next", "mail.previous", "mail.run"),
    *("mail.merge", "mail.unread"),
}
_DECISIONS = tuple(action for action in MAIL_ACTIONS if action.id not in _NOT_HERE)


class RunScreen(Displays, WritesInternal, MailCommands, MessageFiles, DeskScreen[None]):
    """One conversation at a time.

    Args:
        query: the list that is gone through; its order is *longest waiting first*.
        total: how many wait in it at the beginning.
    """

    BINDINGS = [
        *bindings(_DECISIONS, RUN),
        Binding("n", "later", show=False, priority=True),
        Binding("z", "undo_here", show=False),
        Binding("q", "end", show=False),
    ]

    def __init__(self, query: ListQuery, total: int) -> None:
        super().__init__()
        self.query_run = query
        self.tally = Tally(total)
        self._next: ConversationView | None = None
        self._undoing = False
        self._over = False
        self._making = False

    def body(self) -> ComposeResult:
        """Progress, the conversation's title, the conversation."""
        self.progress = Line(id="progress")
        self.title_line = Line(id="reading-title")
        self.reading = ReadingPane(self, id="reading")
        yield self.progress
        yield self.title_line
        yield self.reading

    def on_mount(self) -> None:
        """The conversation has the keys that scroll."""
        self.reading.focus(scroll_visible=False)
        self._show_title()
        super().on_mount()

    def desk_ready(self) -> None:
        """Show the first."""
        self.read_team()
        if self.tally.row is None:
            self._go_on()

    # What is shown

    def setting(self, subject: str, width: int) -> Setting:
        """What the reading pane depends on."""
        return Setting(self.shell.clock.now(), self.shell.zone, subject, width)

    def _go_on(self) -> None:
        """The next conversation: one that was gone back from, else the one that was read beforehand, else the list's."""
        tally = self.tally
        if tally.at + 1 < len(tally.shown):
            tally.at += 1
            self._reopen()
        elif self._next is not None:
            found, self._next = self._next, None
            self._show_new(found)
        else:
            self._ask_next(self._show_new)

    def _ask_next(self, done: Callable[[ConversationView | None], None]) -> None:
        query, last = self.query_run, self.tally.last
        gone = frozenset(row.id for row in self.tally.shown)
        self.ask(lambda ctx: calls.following(ctx, query, last, gone), done, topic="next")

    def _show_new(self, found: ConversationView | None) -> None:
        if found is None:
            self._finish()
            return
        self.tally.show(found.row)
        self._show(found)
        self._ask_next(self._keep_next)

    def _keep_next(self, found: ConversationView | None) -> None:
        self._next = found

    def _reopen(self) -> None:
        """Show one that was shown before, as it is now."""
        row = self.tally.row
        if row is not None:
            self.ask(lambda ctx: calls.conversation(ctx, row.id), self._show, topic="reading")

    def _show(self, found: ConversationView) -> None:
        self._over = False
        self.reading.expected_width = self.app.size.width - 1
        self.reading.show(found)
        self._show_title()
        self.refresh_bindings()
        self.shell.attend()
        ctx = self.shell.ctx
        if ctx is not None and not ctx.readonly:
            self.ask(lambda ctx: calls.read(ctx, found))

    def _finish(self) -> None:
        """Nothing is left: say what was done."""
        self._over = True
        self.tally.at = len(self.tally.shown)
        lines: list[Part] = [(_("The run is through."), "title"), ("", "")]
        lines += [("  " + text, "") for text in self.tally.summary()]
        lines += [("", ""), (_("k goes back to the last one, z takes the last decision back, Esc ends."), "muted")]
        self.reading.show_note(*lines)
        self._show_title()
        self.refresh_bindings()
        self.shell.attend()

    def _show_title(self) -> None:
        number, of = self.tally.place
        row, now = self.tally.row, self.shell.clock.now()
        said = [_("{n} of {of}").format(n=min(number, of), of=of)]
        if row is not None and row.waiting_since is not None:
            said.append(_("oldest {time}").format(time=duration(now - row.waiting_since)))
        place = (
            _("Unanswered")
            if self.query_run.place == "All"
            else side.place_title(self.query_run.place, self.shell.accounts)
        )
        decided = self.tally.decided.get(row.id, "") if row is not None else ""
        state: list[Part] = [(f" {_DECIDED[decided]()} ", "accent")] if decided else []
        self.progress.show(list_title(_("Triage run · {place}").format(place=place).upper(), " · ".join(said)), state)
        if row is None:
            self.title_line.show([])
            return
        others = words(self.shell.others.conversations.get(row.id, ()), now)
        facts = [side.place_title(row.folder)] + ([row.assignee] if row.assignee else [])
        self.title_line.show(
            [(" ", ""), ("★ " if row.starred else "", "mark"), (row.subject or _("(no subject)"), "title")],
            [(f"  {others} ", "warn"), ("  " + " · ".join(facts) + " ", "muted")],
        )

    @on(ReadingPane.CurrentChanged)
    def _message_changed(self) -> None:
        self.refresh_bindings()

    @property
    def displayed(self) -> int | None:
        """The conversation of which it is being decided."""
        return self.tally.row.id if self.tally.row is not None and not self._over else None

    # What others do

    @property
    def attends(self) -> Attends:
        """The conversation on the screen."""
        row = self.tally.row
        return Attends(row.id) if row is not None else NOTHING

    def others_changed(self) -> None:
        """Another desk opened or left it."""
        self._show_title()

    def minute_passed(self) -> None:
        """Relative times move on."""
        self.reading.refresh_times()
        self._show_title()

    def desk_changed(self, changes: Changes) -> None:
        """What is on the screen changed; or a decision of this run was taken back."""
        self.read_team(changes)
        changed = changes.ids.get("conversation", frozenset())
        if self._undoing:
            back = [row.id for row in reversed(self.tally.shown) if row.id in changed and row.id in self.tally.decided]
            if back:
                self._undoing = False
                self.tally.forget(back[0])
                self._reopen()
                return
        row = self.tally.row
        if row is not None and (changes.everything or row.id in changed):
            self.ask(lambda ctx: calls.conversation(ctx, row.id), self._refresh, topic="reading")
        if self._next is not None and (changes.everything or self._next.row.id in changed):
            self._next = None  # it may be answered by now
            self._ask_next(self._keep_next)

    def _refresh(self, found: ConversationView) -> None:
        tally = self.tally
        if tally.row is not None and tally.row.id == found.row.id:
            tally.shown[tally.at] = found.row._replace(cursor=tally.row.cursor)  # its place in the list of the run
            self.reading.show(found)
            self._show_title()
            self.ticket_displayed()

    # Deciding

    @property
    def targets(self) -> Sequence[ConversationRow]:
        """The conversation on the screen."""
        return [self.tally.row] if self.tally.row is not None else []

    @property
    def lists(self) -> Sequence[tuple[RecordList[ConversationRow], ListQuery]]:
        """There is no list here."""
        return ()

    @property
    def answered(self) -> MessageView | None:
        """The message with the focus."""
        return self.reading.current if self.tally.row is not None else None

    @property
    def about(self) -> About | None:
        """A message to a colleague is about the conversation on the screen."""
        return about_row(self.targets[0]) if self.targets else None

    def parting(self) -> tuple[ConversationView, MessageView] | None:
        """The conversation on the screen and the message with the focus."""
        shown, message = self.reading.conversation, self.answered
        return (shown, message) if shown is not None and message is not None else None

    def act(
        self,
        work: Callable[[Context], Any],
        effect: Effect,
        said: str = "",
        *,
        rows: Sequence[ConversationRow] | None = None,
        done: Callable[[Any], None] | None = None,
    ) -> None:
        """Run a command; one that decides brings the next conversation at once, one that is refused brings it back."""
        self._undoing = False
        row = self.tally.row
        after = effect(row) if row is not None else None
        what = INQUIRY if self._making else decision(row, after) if row is not None else ""

        def tracked(ctx: Context) -> Any:
            try:
                return work(ctx)
            except Exception:
                if row is not None and what:
                    self.app.call_later(self._refused, row.id)
                raise

        super().act(tracked, effect, said, rows=rows, done=done)
        if row is not None and what:
            self._decided(row.id, what)
        elif row is not None and after is not None and self.tally.row is row:
            self.tally.shown[self.tally.at] = after
            shown = self.reading.conversation
            if shown is not None:
                self.reading.conversation = replace(shown, row=after)
            self._show_title()

    def _make(self, row: ConversationRow) -> None:
        """An inquiry is a decision wherever the conversation stands: the next one waits under the inquiry."""
        self._making = True
        try:
            super()._make(row)
        finally:
            self._making = False

    def _decided(self, conversation: int, what: str) -> None:
        self.tally.decide(conversation, what)
        self._go_on()

    def _refused(self, conversation: int) -> None:
        if self.tally.forget(conversation):
            self._reopen()

    def _write(self, kind: str) -> None:
        """Answer, and go on with the run when that is sent."""
        message, row = self.answered, self.tally.row
        if message is None or row is None:
            return

        def written(sent: Any) -> None:
            if sent is not None and kind != "forward":
                self._decided(row.id, ANSWERED)

        self._undoing = False
        make = catalog.load(catalog.COMPOSE)
        self.app.push_screen(make(kind, message_id=message.id, conversation_id=message.conversation), written)

    def action_later(self) -> None:
        """Leave it as it is, and go on."""
        row = self.tally.row
        self._undoing = False
        if row is not None:
            if row.id not in self.tally.decided:
                self.tally.decide(row.id, SKIPPED)
            self._go_on()

    def leave_reading(self) -> None:
        """It was put aside."""
        self.action_later()

    def action_step_back(self) -> None:
        """Back to the one before, whatever was decided for it."""
        self._undoing = False
        if self.tally.at > 0:
            self.tally.at -= 1
            self._reopen()
        else:
            self.shell.tell(_("This is the first one."))

    def action_undo_here(self) -> None:
        """Take the last decision back; its conversation is on the screen again."""
        self._undoing = True
        self.app.action_undo()

    def action_end(self) -> None:
        """End the run and say what was done."""
        tally = self.tally
        text = _("Triage run ended: {what}.").format(what=", ".join(tally.summary()))
        self.dismiss(None)
        if tally.shown and not self._over:
            self.app.call_later(self.shell.tell, text)

    def action_back(self) -> None:
        """Esc ends the run."""
        self.action_end()


_DECIDED: dict[str, Callable[[], str]] = {
    "answered": lambda: "✓ " + _("answered"),
    "inquiry": lambda: "✓ " + _("inquiry made"),
    "moved": lambda: "✓ " + _("moved"),
    "snoozed": lambda: "☾ " + _("snoozed"),
    "assigned": lambda: "✓ " + _("assigned"),
    "no answer": lambda: "✓ " + _("no answer needed"),
    "skipped": lambda: "· " + _("left for later"),
}
