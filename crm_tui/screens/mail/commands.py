"""What can be done with conversations: move, star, read and unread, answer. Each runs in a thread and can be taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.views import ConversationRow, ConversationView
from crm_tui.screens import side
from crm_tui.screens.base import Asking
from crm_tui.screens.dialogs.leader import Choice, LeaderMenu
from crm_tui.widgets.cells import cut

if TYPE_CHECKING:
    from crm_tui.desk.context import Context
    from crm_tui.widgets.message_view import ReadingPane
    from crm_tui.widgets.record_list import RecordList

_LETTERS = {"Inbox": "I", "Inquiries": "i", "Waitlist": "w", "Booked": "b", "Done": "e", "Spam": "!"}


class MailCommands(Asking):
    """Mixin of the mail screen."""

    if TYPE_CHECKING:
        list: RecordList[ConversationRow]
        reading: ReadingPane
        pane: str
        app: Any

        def _go_to_pane(self, pane: str) -> None: ...
        def action_next_conversation(self) -> None: ...

    @property
    def targets(self) -> Sequence[ConversationRow]:
        """What a command acts on: the conversation being read, else the marked rows, else the cursor's."""
        conversation = self.reading.conversation
        if self.pane == "reading" and conversation is not None:
            return [conversation.row]
        return self.list.chosen

    # Folders

    def action_move(self, folder: str) -> None:
        """Move the targets to a folder."""
        rows = [row for row in self.targets if row.folder != folder]
        if not rows:
            if self.targets:
                self.shell.tell(_("That is in {folder} already.").format(folder=side.place_title(folder)))
            return
        ids = [row.id for row in rows]
        came_from: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            came_from[row.folder].append(row.id)

        def move(ctx: Context) -> int:
            from crm_tui import desk

            return desk.triage.move(ctx, ids, folder)

        def move_back(ctx: Context) -> None:
            from crm_tui import desk

            for origin, some in came_from.items():
                desk.triage.move(ctx, some, origin)

        what = _named(rows)
        self._command(
            move,
            _("{what} → {folder} · z takes it back").format(what=what, folder=side.place_title(folder)),
            move_back,
            _("{what} is back in its folder.").format(what=what),
        )
        if self.pane == "reading":
            self._go_to_pane("list")

    def action_move_menu(self) -> None:
        """Choose the folder by its letter."""
        if not self.targets:
            return
        choices = [Choice(letter, side.place_title(folder), folder) for folder, letter in _LETTERS.items()]
        title = _("Move {what} to").format(what=_named(self.targets))

        def go(folder: str | None) -> None:
            if folder:
                self.action_move(folder)

        self.app.push_screen(LeaderMenu(title, choices), go)

    # Signs

    def action_star(self) -> None:
        """Star the targets; if all have one, take it away."""
        rows = self.targets
        starred = not all(row.starred for row in rows)
        ids = [row.id for row in rows if row.starred != starred]
        if ids:
            self._command(
                _starring(ids, starred),
                "",
                _starring(ids, not starred),
                _("The star is as it was."),
            )

    def action_unread(self) -> None:
        """Mark the targets unread; if all are, mark them read."""
        rows = self.targets
        if not rows:
            return
        seen = all(row.unread for row in rows)
        ids = [row.id for row in rows]
        self._command(_seeing(ids, seen), "", _seeing(ids, not seen), _("The read mark is as it was."))
        if self.pane == "reading" and not seen:
            self._go_to_pane("list")

    def _mark_read(self, conversation: ConversationView) -> None:
        """What is on the screen counts as read."""
        ids = [message.id for message in conversation.messages if not message.seen]
        if not ids or (self.shell.ctx is not None and self.shell.ctx.readonly):
            return

        def mark(ctx: Context) -> int:
            from crm_tui import desk

            return desk.reading.mark_seen(ctx, ids)

        self.ask(mark, lambda _count: self.list.reload())

    def _command(self, work: Callable[[Context], Any], said: str, undo: Callable[[Context], Any], undone: str) -> None:
        """Run a command; when it is done, say so, remember how it is taken back, and refresh."""

        def done(_result: Any) -> None:
            self.app.undoable(undone, undo)
            if said:
                self.shell.tell(said)
            self.list.action_unmark_all()
            self.list.reload()

        if not self.ask(work, done):
            self.shell.tell(_("The desk is still opening."), warning=True)

    # Answering

    def action_reply(self) -> None:
        """Answer the sender of the message with the focus, or of the newest one."""
        self._write("reply")

    def action_reply_all(self) -> None:
        """Answer all."""
        self._write("reply_all")

    def action_forward(self) -> None:
        """Forward."""
        self._write("forward")

    def _write(self, kind: str) -> None:
        if self.pane == "reading" and self.reading.current is not None:
            self.shell.write(
                kind, message_id=self.reading.current.id, conversation_id=self.reading.current.conversation
            )
            return
        row = self.list.current
        if row is None:
            return
        self.ask(
            lambda ctx: answered_message(ctx, row.id),
            lambda found: self.shell.write(kind, message_id=found, conversation_id=row.id),
            topic="write",
        )


def answered_message(ctx: Context, conversation_id: int) -> int:
    """The message that a reply to a conversation answers: its newest one that came in, else its newest."""
    from crm_tui import desk

    messages = desk.reading.conversation(ctx, conversation_id).messages
    incoming = [message.id for message in messages if message.direction == "in"]
    return incoming[-1] if incoming else messages[-1].id


def _named(rows: Sequence[ConversationRow]) -> str:
    if len(rows) == 1:
        return "„" + cut(rows[0].subject or rows[0].counterpart.label or _("(no subject)"), 40) + "“"
    return ngettext("{n} conversation", "{n} conversations", len(rows)).format(n=len(rows))


def _starring(ids: Sequence[int], starred: bool) -> Callable[[Context], int]:
    def star(ctx: Context) -> int:
        from crm_tui import desk

        return desk.triage.star(ctx, ids, starred=starred)

    return star


def _seeing(ids: Sequence[int], seen: bool) -> Callable[[Context], int]:
    def see(ctx: Context) -> int:
        from crm_tui import desk

        messages: list[int] = []
        for conversation_id in ids:
            incoming = [m.id for m in desk.reading.conversation(ctx, conversation_id).messages if m.direction == "in"]
            messages += incoming if seen else incoming[-1:]
        return desk.reading.mark_seen(ctx, messages, seen=seen)

    return see
