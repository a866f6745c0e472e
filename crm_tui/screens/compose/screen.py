"""Writing a mail: reply, reply all, forward, new."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import _, ngettext
from crm_tui.rules.vocabulary import Doing
from crm_tui.screens.compose import calls
from crm_tui.screens.compose.actions import ACTIONS
from crm_tui.screens.compose.attachments import AttachmentsRow
from crm_tui.screens.compose.dialogs import Preview, left_over_question
from crm_tui.screens.compose.early import EarlyKeys
from crm_tui.screens.compose.editor import joined, quoted_lines, split_quote
from crm_tui.screens.compose.inserting import InsertingScreen
from crm_tui.screens.compose.letter import Opened, letter_of
from crm_tui.screens.compose.outside import edit_outside, editor_command, forget, left_over, outside_folder
from crm_tui.screens.compose.promises import Promises
from crm_tui.screens.displaying import Displays
from crm_tui.screens.presence import NOTHING, Attends, words
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.forms import Choice, PickField
from crm_tui.widgets.forms.files import FilePicker, last_folder, remember_folder
from crm_tui.widgets.message_parts import Setting
from crm_tui.widgets.message_view import ReadingPane

if TYPE_CHECKING:
    from crm_tui.desk.common.views import Changes, ConversationView
    from crm_tui.desk.correspondence.sending_views import DraftView, NewsItem


CALM = 1.0
"""Seconds for which a letter that undo brought back has no cursor: the undo key pressed once more is no part of it."""


class ComposeScreen(Displays, Promises, InsertingScreen):
    """Address fields, attachments, the text; the conversation beside it where there is room.

    Args:
        kind: reply, reply_all, forward or new.
        message_id: the message that is answered or forwarded.
        conversation_id: the conversation that is answered (its newest message from the guest).
        draft_id: a draft to go on with.
        to: whom a new mail is written to.
        reservation_id: what a new mail is about: it fills in templates.
        undone: the undo key brought it back; pressed once more at once, it is no letter of the mail.

    The screen's result is what went into the outbox, or None.
    """

    writes = True

    CSS_PATH = "screen.tcss"
    letters_are_text = True
    HORIZONTAL_BREAKPOINTS = [(0, "-one-pane"), (132, "-beside")]  # 50 columns at least for what is answered
    BINDINGS = [*bindings(ACTIONS), Binding("escape", "back", show=False)]

    def __init__(
        self,
        kind: str = "new",
        *,
        message_id: int | None = None,
        conversation_id: int | None = None,
        draft_id: int | None = None,
        undone: bool = False,
        to: str = "",
        reservation_id: int | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(
            calls.Request(kind, message_id, conversation_id, draft_id, to, reservation_id),
            os.environ if env is None else env,
        )
        self.aside = ReadingPane(self, id="aside")
        self.others = Static("", id="others")
        self._early = EarlyKeys(self)
        self._opening = False
        self._undone = undone
        self._unbegun: DraftView | None = None
        self._signatures: dict[int, str] = {}
        self._signed_by: int | None = None

    def body(self) -> ComposeResult:
        with Horizontal(id="desk"):
            with Vertical(id="writing"):
                yield Static("", id="title")
                yield self.others
                yield from (self.to, self.cc, self.bcc, self.account, self.subject)
                yield self.files
                yield self.editor
                yield self.fold
                yield self.note
            yield self.aside

    # -- opening --------------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Nothing can be written before the letter is there."""
        self.cc.display = self.bcc.display = self.account.display = self.others.display = False
        self.editor.read_only = True
        self.set_interval(max(1, self.shell.settings.draft_seconds), self.autosave)

    def desk_ready(self) -> None:
        """Get the letter; a draft that was begun before comes back as it was."""
        if self._stored is None and not self._opening:
            request = self._request
            self._opening = self.ask(lambda ctx: calls.open_letter(ctx, request), self._show, failed=self._not_opened)

    def on_key(self, event: events.Key) -> None:
        """What is typed before the letter is there waits for it."""
        if self._undone and event.key == "z":
            event.stop()
            return
        if self._early.passing(event):
            event.stop()
        self._begin()

    def take_early(self, event: events.Key) -> bool:
        """Take a key that was pressed after the one that opened this screen, but reached the App from elsewhere."""
        return (self._undone and event.key == "z") or self._early.stray(event)

    def _not_opened(self, error: Exception) -> None:
        self.shell.report(error)
        self.close_pick()
        self.call_after_refresh(self._leave)

    def _show(self, opened: Opened) -> None:
        view = opened.view
        self._stored = letter_of(view)
        self._senders = tuple(Choice(number, address) for number, address, _signature in opened.senders)
        self._signatures = {number: signature.strip() for number, _address, signature in opened.senders}
        self._signed_by = view.account
        self.query_one("#title", Static).update(Content((_kind_words(view.kind) + view.subject).removesuffix(" · ")))
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
        self._begun, self._files_seen = not view.resumed, self._stored.files
        if view.resumed:
            self._say(_("Your draft is back as you left it."))
        self._unbegun = view
        if self._undone:
            self.set_timer(CALM, self._begin)
        else:
            self._begin()
        self._offer_left_over(view)
        self.fetch_conversation()
        self.shell.attend()
        self.others_changed()
        self.letter_shown()

    def _begin(self) -> None:
        """The cursor comes; what was typed early goes there."""
        view, self._unbegun = self._unbegun, None
        if view is not None:
            self._undone = False
            self._focus_first(view)
            self._early.release()

    @property
    def attends(self) -> Attends:
        """The conversation that is being answered."""
        letter = self._stored
        return Attends(letter.conversation, doing=Doing.REPLYING) if letter and letter.conversation else NOTHING

    def others_changed(self) -> None:
        """Who else has the conversation open: there is no lock, so it is said while it can still be heeded."""
        letter = self._stored
        views = self.shell.others.conversations.get(letter.conversation or 0, ()) if letter else ()
        said = words(views, self.shell.clock.now())
        replying = any(view.doing == Doing.REPLYING for view in views)
        self.others.update(Content.styled(said, "bold $text-warning" if replying else "$text-muted"))
        self.others.display = bool(said)

    def minute_passed(self) -> None:
        """How long they have been at it."""
        self.others_changed()

    def _focus_first(self, letter: DraftView) -> None:
        if not letter.to and letter.kind in ("new", "forward"):
            first = self.to.control()
        elif not letter.subject:
            first = self.subject.control()
        else:
            first = self.editor
        self.set_focus(first)  # at once: what was typed early goes there

    def fetch_conversation(self) -> None:
        """Show the conversation as it is now, beside the editor."""
        letter = self._stored
        number = letter.conversation if letter is not None else None
        self.set_class(number is None, "-alone")
        if number is not None:
            self.ask(lambda ctx: calls.conversation(ctx, number), self._show_conversation, topic="conversation")

    def _show_conversation(self, conversation: ConversationView) -> None:
        self.aside.show(conversation, conversation.messages[-1].id if conversation.messages else None)
        self.ticket_displayed()

    @property
    def displayed(self) -> int | None:
        """The conversation that is being answered."""
        return self._stored.conversation if self._stored is not None else None

    def setting(self, subject: str, width: int) -> Setting:
        """What the conversation beside the editor is shown with: the hour and the property's zone."""
        return Setting(self.shell.clock.now(), self.shell.zone, subject, width)

    def desk_changed(self, changes: Changes) -> None:
        """Somebody wrote while this is being written: show it beside the editor."""
        letter = self._stored
        if letter is None or letter.conversation is None:
            return
        if changes.everything or letter.conversation in changes.ids.get("conversation", ()):
            self.fetch_conversation()
            draft = letter.draft
            self.ask(lambda ctx: calls.news(ctx, draft), self._tell_news, topic="news")

    def _tell_news(self, news: Sequence[NewsItem]) -> None:
        if news:
            who = ", ".join(dict.fromkeys(item.who for item in news))
            words = ngettext(
                "{n} new message in this conversation: {who}", "{n} new messages in this conversation: {who}", len(news)
            )
            self.note.update(Content.assemble(("! ", "bold $text-warning"), words.format(n=len(news), who=who)))

    @on(PickField.Changed, "#account")
    def _sender_changed(self) -> None:
        """Another sender signs: the old signature gives way, if it stands as it was."""
        before, after = (
            self._signatures.get(self._signed_by or 0, ""),
            self._signatures.get(self.account.value or 0, ""),
        )
        self._signed_by = self.account.value
        text = self.editor.text
        signed = f"\n-- \n{before}\n"
        if before != after and before and signed in text:
            place = self.editor.cursor_location
            self.editor.load_text(text.replace(signed, f"\n-- \n{after}\n" if after else "\n", 1))
            self.editor.move_cursor(place)

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

    def _load_text(self, text: str, *, fold: bool) -> None:
        own, self._quote = split_quote(text) if fold else (text, "")
        self.editor.load_text(own)
        self.editor.move_cursor((0, 0))
        self._show_fold()

    def action_preview(self) -> None:
        """See it as it will look."""
        self.app.push_screen(Preview(self.subject.value, joined(self.editor.text, self._quote)))

    def action_editor(self) -> None:
        """Write in the external editor; the desk waits meanwhile."""
        letter = self._stored
        if self.editor.read_only or letter is None:
            return
        command = editor_command(self.shell.settings.editor, self._env)
        if not command:
            self._say(_("No editor is set: name one in the settings, or in $EDITOR."), wrong=True)
            return
        whole = joined(self.editor.text, self._quote)
        try:
            with self.app.suspend():
                written, code = edit_outside(whole, command, outside_folder(self.shell.home, letter.draft))
        except SuspendNotSupported:
            self._say(_("This terminal cannot be handed to another program."), wrong=True)
        except CrmError as error:
            self._say(str(error), wrong=True)
        else:
            self._load_text(written, fold=bool(self._quote))
            self.editor.move_cursor(self.editor.document.end)
            if code:
                self._change(calls.save_letter, lambda _letter: self._editor_failed(code))
            else:
                self.autosave()
        self.refresh()

    def _editor_failed(self, code: int) -> None:
        self._say(_("The editor ended with code {code}. What it had saved is here.").format(code=code), wrong=True)

    def _offer_left_over(self, view: DraftView) -> None:
        """The desk was killed while an editor had the text: what was saved there can be taken over."""
        folder = outside_folder(self.shell.home, view.id)
        found = left_over(folder)
        if not view.resumed or not found or found == view.text.removesuffix("\n"):
            forget(folder)
            return

        def answered(answer: str | None) -> None:
            if answer == "take":
                self._load_text(found, fold=True)
                self.autosave()
            if answer is not None:
                forget(folder)

        self.app.push_screen(left_over_question(found), answered)

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


def _kind_words(kind: str) -> str:
    words = {
        "reply": _("Reply · "),
        "reply_all": _("Reply to all · "),
        "forward": _("Forward · "),
        "new": _("New mail · "),
    }
    return words.get(kind, "")
