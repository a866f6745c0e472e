"""What can be done with conversations: move, star, assign, snooze, answer. Each works on a marked set and can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _
from crm_tui.desk.common.views import ConversationRow, MessageView
from crm_tui.screens import catalog, side
from crm_tui.screens.dialogs.leader import Choice, LeaderMenu
from crm_tui.screens.mail import effects
from crm_tui.screens.mail.acting import named
from crm_tui.screens.mail.assigning import Assigning
from crm_tui.screens.mail.guests import WithGuests
from crm_tui.screens.mail.inquiring import Inquiring
from crm_tui.screens.mail.sleeping import Sleeping
from crm_tui.screens.mail.threading import Threading
from crm_tui.screens.mail.ticketing import WithTickets

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

_LETTERS = {"Inbox": "I", "Inquiries": "i", "Waitlist": "w", "Booked": "b", "Done": "e", "Spam": "!"}


class MailCommands(Inquiring, WithGuests, WithTickets, Assigning, Sleeping, Threading):
    """Mixin of screens that show conversations."""

    @property
    def answered(self) -> MessageView | None:
        """The message being read, which a reply answers; ``None`` to answer the newest one of the target."""
        return None

    # Folders

    def action_move(self, folder: str) -> None:
        """Move the targets to a folder; one that stands there and came back from a snooze is dealt with."""
        self._move(list(self.targets), folder)

    def _move(self, targets: Sequence[ConversationRow], folder: str) -> None:
        rows = [row for row in targets if row.folder != folder or row.snoozed or row.wake_reason]
        if not rows:
            if targets:
                self.shell.tell(_("That is in {folder} already.").format(folder=side.place_title(folder)))
            return
        ids = [row.id for row in rows]

        def move(ctx: Context) -> int:
            from crm_tui import desk

            return desk.triage.move(ctx, ids, folder)

        said = _("{what} → {folder} · z takes it back").format(what=named(rows), folder=side.place_title(folder))
        self.act(move, effects.moved(folder), said, rows=rows)

    def action_move_menu(self) -> None:
        """Choose the folder by its letter."""
        rows = list(self.targets)
        if not rows:
            return
        choices = [Choice(letter, side.place_title(folder), folder) for folder, letter in _LETTERS.items()]

        def go(folder: str | None) -> None:
            if folder:
                self._move(rows, folder)

        self.app.push_screen(LeaderMenu(_("Move {what} to").format(what=named(rows)), choices), go)

    def action_history(self) -> None:
        """Show the history of the first target."""
        from crm_tui.screens.history.screen import HistoryScreen

        if self.targets:
            row = self.targets[0]
            self.app.push_screen(HistoryScreen("conversation", row.id, named([row])))

    # Signs

    def action_star(self) -> None:
        """Star the targets; if all have one, take it away."""
        rows = self.targets
        yes = not all(row.starred for row in rows)
        ids = [row.id for row in rows if row.starred != yes]

        def star(ctx: Context) -> int:
            from crm_tui import desk

            return desk.triage.star(ctx, ids, starred=yes)

        if ids:
            self.act(star, effects.starred(yes))

    def action_unread(self) -> None:
        """Mark the targets unread; if all are, mark them read."""
        rows = self.targets
        if rows:
            seen = self.answered is None and all(row.unread for row in rows)  # what is being read just now is read
            self.act(_seeing([row.id for row in rows], seen), effects.seen(seen))
            if not seen:
                self.leave_reading()

    def action_no_answer(self) -> None:
        """The targets need no answer."""
        rows = [row for row in self.targets if row.unanswered]
        if not rows:
            if self.targets:
                self.shell.tell(_("Nobody waits for an answer there."))
            return
        ids = [row.id for row in rows]

        def mark(ctx: Context) -> int:
            from crm_tui import desk

            return desk.triage.no_answer_needed(ctx, ids)

        said = _("{what}: no answer needed · z takes it back").format(what=named(rows))
        self.act(mark, effects.answered, said, rows=rows)

    def action_feedback(self) -> None:
        """Write a complaint or a compliment down that came by the conversation; without a guest it needs a room."""
        if self.targets:
            form = catalog.load(catalog.FEEDBACK)(conversation=self.targets[0].id)
            self.app.push_screen(form, lambda _number: self.confirmed())

    def action_quality_cost(self) -> None:
        """Write down what whoever wrote is given for an occasion; without a guest it needs a room."""
        if self.targets:
            form = catalog.load(catalog.QUALITY_COST)(conversation=self.targets[0].id)
            self.app.push_screen(form, lambda _number: self.confirmed())

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
        """At once: what is typed while the letter is being fetched waits on the compose screen."""
        message = self.answered
        if message is not None:
            self.shell.write(kind, message_id=message.id, conversation_id=message.conversation)
        elif self.targets:
            self.shell.write(kind, conversation_id=self.targets[0].id)


def _seeing(ids: Sequence[int], seen: bool) -> Callable[[Context], int]:
    def see(ctx: Context) -> int:
        from crm_tui import desk

        messages: list[int] = []
        for conversation_id in ids:
            incoming = [m.id for m in desk.reading.conversation(ctx, conversation_id).messages if m.direction == "in"]
            messages += incoming if seen else incoming[-1:]
        return desk.reading.mark_seen(ctx, messages, seen=seen, undoable=True)

    return see
