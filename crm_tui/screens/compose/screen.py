"""Writing a mail: reply, reply all, forward, new."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult, SuspendNotSupported
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.errors import CrmError, InvalidInput
from crm_tui.base.i18n import _, ngettext
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.compose import calls
from crm_tui.screens.compose.actions import ACTIONS
from crm_tui.screens.compose.aside import ConversationAside
from crm_tui.screens.compose.attachments import AttachmentsRow
from crm_tui.screens.compose.dialogs import Preview, held_question, warning_question
from crm_tui.screens.compose.editor import BodyEditor, edit_outside, editor_command, joined, quoted_lines, split_quote
from crm_tui.screens.compose.letter import Letter, Opened, Sent, letter_of
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.dialogs import ask_once
from crm_tui.widgets.forms import AddressField, Choice, PickField, TextField
from crm_tui.widgets.forms.field import Field
from crm_tui.widgets.forms.files import FilePicker, last_folder, remember_folder

if TYPE_CHECKING:
    from crm_tui.desk.context import Context
    from crm_tui.desk.sending_views import DraftView, OutboxView
    from crm_tui.desk.views import Changes, ConversationView


Work = Callable[["Context", Letter, Letter], Any]
"""A command on the draft: gets the draft as stored and as it stands on the screen; gives what is stored then."""


class ComposeScreen(DeskScreen[Sent | None]):
    """Address fields, attachments, the text; the conversation beside it where there is room.

    Args:
        kind: reply, reply_all, forward or new.
        message_id: the message that is answered or forwarded.
        conversation_id: the conversation that is answered (its newest message from the guest).
        draft_id: a draft to go on with.

    The screen's result is what went into the outbox, or None.
    """

    CSS_PATH = "screen.tcss"
    BINDINGS = [*bindings(ACTIONS)]

    def __init__(
        self,
        kind: str = "new",
        *,
        message_id: int | None = None,
        conversation_id: int | None = None,
        draft_id: int | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self._request = calls.Request(kind, message_id, conversation_id, draft_id)
        self._env = os.environ if env is None else env
        self._stored: Letter | None = None
        self._quote = ""
        self._senders: tuple[Choice, ...] = ()
        self._changing = False
        self._waiting: list[tuple[Work, Callable[[Any], None]]] = []
        self._untouched = False
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

    def body(self) -> ComposeResult:
        with Horizontal(id="desk"):
            with Vertical(id="writing"):
                yield Static("", id="title")
                yield from (self.to, self.cc, self.bcc, self.account, self.subject)
                yield self.files
                yield self.editor
                yield self.fold
                yield self.note
            yield ConversationAside(id="aside")

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields above the text, in order."""
        return (self.to, self.cc, self.bcc, self.account, self.subject)

    # -- opening --------------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Nothing can be written before the letter is there."""
        self.cc.display = self.bcc.display = self.account.display = False
        self.editor.read_only = True
        self.set_interval(max(1, self.shell.settings.draft_seconds), self.autosave)

    def on_desk_ready(self) -> None:
        """Get the letter; a draft that was begun before comes back as it was."""
        if self._stored is None:
            request = self._request
            self.ask(lambda ctx: calls.open_letter(ctx, request), self._show, failed=self._not_opened)

    def _not_opened(self, error: Exception) -> None:
        self.shell.report(error)
        self.dismiss(None)

    def _show(self, opened: Opened) -> None:
        view = opened.view
        self._stored = letter_of(view)
        self._senders = tuple(Choice(number, address) for number, address in opened.senders)
        self.query_one("#title", Static).update(Content(_kind_words(view.kind) + view.subject))
        self.to.value, self.cc.value, self.bcc.value = view.to, view.cc, view.bcc
        self.account.value = view.account
        self.subject.value = view.subject
        self.cc.display, self.bcc.display = bool(view.cc), bool(view.bcc)
        self.account.display = len(self._senders) > 1
        self._load_text(view.text, fold=True)
        self.editor.read_only = False
        self.files.show(self._stored.files)
        self._seen = self.letter.words()
        self._stored = self._stored.saying(self.letter)
        self._untouched = not view.resumed and not view.files
        if view.resumed:
            self._say(_("Your draft is back as you left it."))
        self._focus_first(view)
        self._fetch_conversation()

    def _focus_first(self, letter: DraftView) -> None:
        if not letter.to and letter.kind in ("new", "forward"):
            self.to.focus_control()
        elif not letter.subject:
            self.subject.focus_control()
        else:
            self.editor.focus()

    def _load_text(self, text: str, *, fold: bool) -> None:
        own, self._quote = split_quote(text) if fold else (text, "")
        self.editor.load_text(own)
        self.editor.move_cursor((0, 0))
        self._show_fold()

    def _fetch_conversation(self) -> None:
        letter = self._stored
        number = letter.conversation if letter is not None else None
        self.set_class(number is None, "-alone")
        if number is not None:
            self.ask(lambda ctx: calls.conversation(ctx, number), self._show_conversation, topic="conversation")

    def _show_conversation(self, conversation: ConversationView) -> None:
        self.query_one(ConversationAside).show(conversation.messages)

    def on_desk_changed(self, changes: Changes) -> None:
        """Somebody wrote while this is being written: show it beside the editor."""
        letter = self._stored
        if letter is None or letter.conversation is None:
            return
        if changes.everything or letter.conversation in changes.ids.get("conversation", ()):
            self._fetch_conversation()

    def _complete(self, query: str) -> Sequence[tuple[str, str]]:
        ctx = self.shell.ctx
        return calls.complete(ctx, query) if ctx is not None else ()

    def _sender_label(self, account_id: Any) -> str:
        return next((choice.label for choice in self._senders if choice.value == account_id), "")

    # -- the letter and its drafts --------------------------------------------------------------------------------

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
        if (
            self._untouched
            and self._stored is not None
            and self.letter.words() == self._seen
            and not self._stored.files
        ):
            self._change(calls.drop, lambda _none: self._leave())  # begun and left without a word: nothing to keep
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
        if ctx is not None and self._stored is not None and self.changed:
            with contextlib.suppress(CrmError):
                calls.save_letter(ctx, self._stored, self.letter)

    def action_drop(self) -> None:
        """Throw the draft away, after asking."""
        letter = self._stored
        if letter is None:
            return
        title = _("Drop the draft “{subject}”?").format(subject=self.subject.value or _("no subject"))
        text = _("What you wrote and its attachments are gone. The conversation stays as it is.")
        self.app.push_screen(ask_once(title, text, _("Drop it")), self._drop_answered)

    def _drop_answered(self, answer: str | None) -> None:
        if answer == "yes":
            self._change(calls.drop, lambda _none: self._leave())

    # -- fields and text ------------------------------------------------------------------------------------------

    def action_copies(self) -> None:
        """Show the copy fields, or hide the empty ones."""
        show = not (self.cc.display and self.bcc.display)
        for field in (self.cc, self.bcc):
            field.display = show or bool(field.line.value.strip())
        (self.cc if show else self.to).focus_control()

    def action_quote(self) -> None:
        """Open the quote in the editor to answer between its lines, or fold it away."""
        if self._quote:
            place = self.editor.cursor_location
            self._load_text(joined(self.editor.text, self._quote), fold=False)
            self.editor.move_cursor(place)
        else:
            place = self.editor.cursor_location
            self._load_text(self.editor.text, fold=True)
            self.editor.move_cursor(place)

    def _show_fold(self) -> None:
        lines = quoted_lines(self._quote)
        words = ngettext("{n} quoted line goes along", "{n} quoted lines go along", lines).format(n=lines)
        self.fold.update(Content.assemble(("▸ ", "$primary"), (words, ""), (_(" · F4 opens them here"), "dim")))
        self.fold.display = bool(self._quote)

    def action_preview(self) -> None:
        """See it as it will look."""
        self.app.push_screen(Preview(self.subject.value, joined(self.editor.text, self._quote)))

    def action_editor(self) -> None:
        """Write in the external editor; the desk waits meanwhile."""
        if self.editor.read_only:
            return
        command = editor_command(self.shell.settings.editor, self._env)
        if not command:
            self._say(_("No editor is set: name one in the settings, or in $EDITOR."), wrong=True)
            return
        whole = joined(self.editor.text, self._quote)
        try:
            with self.app.suspend():
                written = edit_outside(whole, command)
        except SuspendNotSupported:
            self._say(_("This terminal cannot be handed to another program."), wrong=True)
        except CrmError as error:
            self._say(str(error), wrong=True)
        else:
            self._load_text(written, fold=bool(self._quote))
            self.editor.move_cursor(self.editor.document.end)
            self.autosave()
        self.refresh()

    # -- attachments ----------------------------------------------------------------------------------------------

    def action_attach(self) -> None:
        """Choose a file."""
        if self._stored is not None:
            self.app.push_screen(FilePicker(last_folder(self.app)), self._file_chosen)

    def _file_chosen(self, path: Path | None) -> None:
        if path is None:
            return
        remember_folder(self.app, path.parent)
        self._change(
            lambda ctx, stored, letter: calls.attach(ctx, stored, letter, path), lambda _l: self._say(_("Attached."))
        )

    @on(AttachmentsRow.Removed)
    def _remove_file(self, event: AttachmentsRow.Removed) -> None:
        file = event.file
        self._change(
            lambda ctx, stored, letter: calls.detach(ctx, stored, letter, file.id),
            lambda _l: self._say(_("{name} does not go along.").format(name=file.name)),
        )

    # -- sending --------------------------------------------------------------------------------------------------

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
            self.dismiss(Sent(item, after))
            return
        self._say(_("Held: something new is in this conversation."), wrong=True)
        self._fetch_conversation()
        shell = self.shell
        question = held_question(item.news, shell.clock.now(), shell.zone)
        self.app.push_screen(question, lambda answer: self._held_answered(answer, item, after))

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


def _kind_words(kind: str) -> str:
    words = {
        "reply": _("Reply · "),
        "reply_all": _("Reply to all · "),
        "forward": _("Forward · "),
        "new": _("New mail"),
    }
    return words.get(kind, "")
