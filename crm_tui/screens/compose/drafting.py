"""The draft under the screen: the widgets that hold it, and saving it one change after the other."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual.content import Content
from textual.widgets import Static

from crm_tui.base.errors import CrmError, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.compose import calls
from crm_tui.screens.compose.attachments import AttachmentsRow
from crm_tui.screens.compose.editor import BodyEditor, joined
from crm_tui.screens.compose.letter import Letter, Sent
from crm_tui.widgets.dialogs import ask_once
from crm_tui.widgets.forms import AddressField, Choice, PickField, TextField
from crm_tui.widgets.forms.field import Field

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.correspondence.sending_views import DraftFile


Work = Callable[["Context", Letter, Letter], Any]
"""A command on the draft: gets the draft as stored and as it stands on the screen; gives what is stored then."""


class DraftScreen(DeskScreen[Sent | None]):
    """Holds the widgets of a mail, and keeps its draft in the store."""

    def __init__(self, request: calls.Request, env: Mapping[str, str]) -> None:
        super().__init__()
        self._request = request
        self._env = env
        self._stored: Letter | None = None
        self._quote = ""
        self._senders: tuple[Choice, ...] = ()
        self._changing = False
        self._waiting: list[tuple[Work, Callable[[Any], None]]] = []
        self._begun = False
        self._files_seen: tuple[DraftFile, ...] = ()
        self._seen: tuple[object, ...] = ()
        self._over = False
        self.to = AddressField("to", _("To"), completions=self._complete)
        self.cc = AddressField("cc", _("Cc"), completions=self._complete)
        self.bcc = AddressField("bcc", _("Bcc"), completions=self._complete)
        self.account = PickField("account", _("From"), lambda: self._senders, None, labels=self._sender_label)
        self.subject = TextField("subject", _("Subject"), max_length=900)
        self.files = AttachmentsRow(id="files")
        self.editor = BodyEditor(id="editor")
        self.fold = Static("", id="fold")
        self.note = Static("", id="note")

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields above the text, in order."""
        return (self.to, self.cc, self.bcc, self.account, self.subject)

    def _complete(self, query: str) -> Sequence[tuple[str, str]]:
        ctx = self.shell.ctx
        return calls.complete(ctx, query) if ctx is not None else ()

    def _sender_label(self, account_id: Any) -> str:
        return next((choice.label for choice in self._senders if choice.value == account_id), "")

    @property
    def letter(self) -> Letter:
        """What stands on the screen now."""
        return replace(
            self._stored or Letter(),
            to=self.to.line.value.strip(" ,;"),
            cc=self.cc.line.value.strip(" ,;"),
            bcc=self.bcc.line.value.strip(" ,;"),
            account=self.account.value,
            subject=self.subject.value,
            text=joined(self.editor.text, self._quote),
        )

    @property
    def changed(self) -> bool:
        """Whether the draft in the store is older than what stands here."""
        return self._stored is not None and not self._over and self._stored.words() != self.letter.words()

    @property
    def wordless(self) -> bool:
        """Begun here and left as it was: there is nothing to keep."""
        stored = self._stored
        if stored is None or not self._begun:
            return False
        return self.letter.words() == self._seen and stored.files == self._files_seen

    @property
    def unsaved(self) -> str:
        """Nothing is lost by quitting: :meth:`on_unmount` saves."""
        return ""

    def autosave(self) -> None:
        """Save the draft if something was written since."""
        if self.changed and not self._changing:
            self._change(calls.save_letter, self._saved)

    def _saved(self, _letter: Letter) -> None:
        shell = self.shell
        self._say(_("Draft saved {time}").format(time=f"{shell.clock.now().astimezone(shell.zone):%H:%M}"))

    def _change(self, work: Work, done: Callable[[Any], None]) -> None:
        """Run a command on the draft, one after the other: each needs the version that the one before it left."""
        stored, letter = self._stored, self.letter
        if stored is None:
            return
        if self._changing:
            self._waiting.append((work, done))
            return
        self._changing = True

        def finished(result: Any) -> None:
            self._changing = False
            newer = result[0] if isinstance(result, tuple) else result
            if isinstance(newer, Letter):
                self._stored = newer
                self.files.show(newer.files)
            done(result)
            if self._waiting and not self._over:
                self._change(*self._waiting.pop(0))

        def failed(error: Exception) -> None:
            self._changing = False
            self._waiting.clear()
            self._failed(error)

        if not self.ask(lambda ctx: work(ctx, stored, letter), finished, failed=failed):
            self._changing = False

    def _failed(self, error: Exception) -> None:
        if isinstance(error, InvalidInput):
            field = next((field for field in self.fields if field.key == error.field), None)
            if field is not None:
                field.display = True
                field.show_error(str(error))
                field.focus_control()
                return
        if isinstance(error, CrmError):
            self._say(str(error), wrong=True)
        else:
            self.shell.report(error)

    def _say(self, text: str, *, wrong: bool = False) -> None:
        self.note.update(
            Content.assemble(("✕ ", "bold $text-error") if wrong else "", (text, "$text-error" if wrong else "dim"))
        )

    def action_back(self) -> None:
        """Leave; the draft is kept."""
        if self.wordless:
            self._change(calls.leave_untouched, lambda _none: self._leave())
        elif self.changed:
            self._change(calls.save_letter, lambda _letter: self._leave())
        else:
            self._leave()

    def _leave(self) -> None:
        self._over = True
        self.dismiss(None)

    def on_unmount(self) -> None:
        """The desk is being closed: what was typed in the last seconds is saved before it goes."""
        ctx = self.shell.ctx
        if ctx is None or self._stored is None or self._over:
            return
        with contextlib.suppress(CrmError):
            if self.wordless:
                calls.leave_untouched(ctx, self._stored, self.letter)
            elif self.changed:
                calls.save_letter(ctx, self._stored, self.letter)

    def action_drop(self) -> None:
        """Throw the draft away, after asking."""
        letter = self._stored
        if letter is None:
            return
        title = _("Drop the draft “{subject}”?").format(subject=self.subject.value or _("no subject"))
        text = _("The conversation stays as it is. z brings the draft back, with its attachments.")
        self.app.push_screen(ask_once(title, text, _("Drop it")), self._drop_answered)

    def _drop_answered(self, answer: str | None) -> None:
        if answer == "yes":
            self._change(calls.drop, lambda _none: self._leave())
