"""The way to the outbox: checks, warnings, and what happens when something is new in the conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_tui.base.i18n import _
from crm_tui.screens.compose import calls
from crm_tui.screens.compose.dialogs import warning_question
from crm_tui.screens.compose.drafting import DraftScreen
from crm_tui.screens.compose.held import Held
from crm_tui.screens.compose.letter import Letter, Sent
from crm_tui.screens.outbox.notice import announce

if TYPE_CHECKING:
    from crm_tui.desk.correspondence.sending_views import OutboxView


class SendingScreen(DraftScreen):
    """A draft that can be sent."""

    def action_attach(self) -> None:
        """Choose a file."""
        raise NotImplementedError

    def fetch_conversation(self) -> None:
        """Show the conversation as it is now."""
        raise NotImplementedError

    def action_send(self, after: str = "") -> None:
        """Check, warn, and put it into the outbox; ``after`` overrides where the conversation goes."""
        if self._stored is None or not self._fields_right():
            return
        after = after or self.shell.settings.after_send
        what, word = calls.warning(self.letter)
        if what:
            self.app.push_screen(warning_question(what, word), lambda answer: self._warned(answer, after))
        else:
            self._send(after)

    def _fields_right(self) -> bool:
        for field in (self.cc, self.bcc):
            field.display = field.display or bool(field.line.value.strip())
        wrong = [field for field in self.fields if not field.check()]
        if not wrong and not any(field.value for field in (self.to, self.cc, self.bcc)):
            self.to.show_error(_("Say who it is for."))
            wrong = [self.to]
        if wrong:
            wrong[0].focus_control()
            self._say(_("Not sent: {why}").format(why=wrong[0].error), wrong=True)
        return not wrong

    def _warned(self, answer: str | None, after: str) -> None:
        if answer == "send":
            self._send(after)
        elif answer == "attach":
            self.action_attach()
        elif answer == "subject":
            self.subject.focus_control()

    def _send(self, after: str) -> None:
        self._say(_("Handing it to the outbox…"))
        self._change(
            lambda ctx, stored, letter: calls.send(ctx, stored, letter, after),
            lambda result: self._queued(result[1], after),
        )

    def _queued(self, item: OutboxView, after: str) -> None:
        if item.state != "held":
            self._over = True
            self._offer_undo(item)
            self.dismiss(Sent(item, after))
            return
        self._say(_("Held: something new is in this conversation."), wrong=True)
        self.fetch_conversation()
        shell = self.shell
        question = Held(item.news, shell.clock.now(), shell.zone)
        self.app.push_screen(question, lambda answer: self._held_answered(answer, item, after))

    def _offer_undo(self, item: OutboxView) -> None:
        """``z`` takes the message back and opens it again: a line above the footer says for how long."""
        self.app.call_later(announce, self.app, item, self.shell.clock)

    def _held_answered(self, answer: str | None, item: OutboxView, after: str) -> None:
        if answer == "send":
            self._change(
                lambda ctx, stored, _letter: (stored, calls.send_anyway(ctx, item)),
                lambda result: self._queued(result[1], after),
            )
        elif answer == "drop":
            self._change(lambda ctx, _stored, _letter: calls.drop_held(ctx, item), lambda _none: self._leave())
        else:
            self._change(lambda ctx, _stored, _letter: calls.take_back(ctx, item), self._edited_again)

    def _edited_again(self, _letter: Letter) -> None:
        self._say(_("Not sent; your draft is kept."))
        self.editor.focus()
