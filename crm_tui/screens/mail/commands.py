"""What can be done with conversations: move, star, read and unread, answer. Each runs in a thread and can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.views import ConversationRow, MessageView
from crm_tui.screens import side
from crm_tui.screens.base import Asking
from crm_tui.screens.dialogs.leader import Choice, LeaderMenu
from crm_tui.widgets.cells import cut

if TYPE_CHECKING:
    from crm_tui.desk.context import Context

_LETTERS = {"Inbox": "I", "Inquiries": "i", "Waitlist": "w", "Booked": "b", "Done": "e", "Spam": "!"}


class MailCommands(Asking):
    """Mixin of screens that show conversations."""

    if TYPE_CHECKING:
        app: Any

    @property
    def targets(self) -> Sequence[ConversationRow]:
        """What a command acts on."""
        raise NotImplementedError

    @property
    def answered(self) -> MessageView | None:
        """The message being read, which a reply answers; ``None`` to answer the newest one of the target."""
        return None

    def command_done(self, *, leaves: bool) -> None:
        """A command on the targets is done: refresh. ``leaves``: they went to another folder."""

    # Folders

    def action_move(self, folder: str) -> None:
        """Move the targets to a folder."""
        rows = [row for row in self.targets if row.folder != folder]
        if not rows:
            if self.targets:
                self.shell.tell(_("That is in {folder} already.").format(folder=side.place_title(folder)))
            return
        ids = [row.id for row in rows]
        origins = {row.id: row.folder for row in rows}

        def move(ctx: Context) -> int:
            from crm_tui import desk

            return desk.triage.move(ctx, ids, folder)

        def move_back(ctx: Context) -> None:
            from crm_tui import desk

            desk.triage.put_back(ctx, origins, only_if=folder)

        what = _named(rows)
        said = _("{what} → {folder} · z takes it back").format(what=what, folder=side.place_title(folder))
        undone = ngettext("{what} is back in its folder.", "{what} are back in their folders.", len(rows))
        undone = undone.format(what=what)
        self._command(move, said, move_back, undone, leaves=True)

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
            undone = _("The star is as it was.")
            self._command(_starring(ids, starred), "", _starring(ids, not starred, only_if=starred), undone)

    def action_unread(self) -> None:
        """Mark the targets unread; if all are, mark them read."""
        rows = self.targets
        if not rows:
            return
        seen = self.answered is None and all(row.unread for row in rows)  # what is being read just now is read
        ids = [row.id for row in rows]
        self._command(_seeing(ids, seen), "", leaves=not seen)

    def _command(
        self,
        work: Callable[[Context], Any],
        said: str,
        undo: Callable[[Context], Any] | None = None,
        undone: str = "",
        *,
        leaves: bool = False,
    ) -> None:
        """Run a command; when it is done, say so, remember how it is taken back, and refresh."""

        def done(_result: Any) -> None:
            if undo is not None:
                self.app.undoable(undone, undo)
            if said:
                self.shell.tell(said)
            self.command_done(leaves=leaves)

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
        """At once: what is typed while the letter is being fetched waits on the compose screen."""
        message = self.answered
        if message is not None:
            self.shell.write(kind, message_id=message.id, conversation_id=message.conversation)
        elif self.targets:
            self.shell.write(kind, conversation_id=self.targets[0].id)


def _named(rows: Sequence[ConversationRow]) -> str:
    if len(rows) == 1:
        return "„" + cut(rows[0].subject or rows[0].counterpart.label or _("(no subject)"), 40) + "“"
    return ngettext("{n} conversation", "{n} conversations", len(rows)).format(n=len(rows))


def _starring(ids: Sequence[int], starred: bool, only_if: bool | None = None) -> Callable[[Context], int]:
    def star(ctx: Context) -> int:
        from crm_tui import desk

        return desk.triage.star(ctx, ids, starred=starred, only_if=only_if)

    return star


def _seeing(ids: Sequence[int], seen: bool) -> Callable[[Context], int]:
    def see(ctx: Context) -> int:
        from crm_tui import desk

        messages: list[int] = []
        for conversation_id in ids:
            incoming = [m.id for m in desk.reading.conversation(ctx, conversation_id).messages if m.direction == "in"]
            messages += incoming if seen else incoming[-1:]
        return desk.reading.mark_seen(ctx, messages, seen=seen, undoable=True)

    return see
