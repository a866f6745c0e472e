"""From mail to inquiry: made with one key, opened with another; memos on conversations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _
from crm_tui.desk.common.views import ConversationRow
from crm_tui.rules.vocabulary import Folder
from crm_tui.screens import catalog
from crm_tui.screens.mail import effects
from crm_tui.screens.mail.acting import Acting, named

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.requests.inquiry_views import MemoView

_STAYS = {Folder.INQUIRIES, Folder.WAITLIST, Folder.BOOKED}
"""Where a conversation stays when it becomes an inquiry."""


class Inquiring(Acting):
    """Mixin: ``i``, ``I``, ``c`` and ``C``."""

    if TYPE_CHECKING:

        def action_move(self, folder: str) -> None: ...

    def action_inquiry(self) -> None:
        """Make the inquiry of the conversation and open it; one that has an inquiry goes to Inquiries, or is opened there."""
        rows = self.targets
        if len(rows) > 1:
            self.action_move(Folder.INQUIRIES)
            return
        for row in rows:
            if row.inquiry is None:
                self._make(row)
            elif row.folder == Folder.INQUIRIES:
                self.shell.open_inquiry(row.inquiry)
            else:
                self.action_move(Folder.INQUIRIES)

    def _make(self, row: ConversationRow) -> None:
        conversation = row.id

        def make(ctx: Context) -> int:
            from crm_tui import desk

            return desk.inquiries.from_conversation(ctx, conversation)

        effect = (lambda one: one) if row.folder in _STAYS else effects.moved(Folder.INQUIRIES)
        said = _("{what} is an inquiry now · z takes it back").format(what=named([row]))
        self.act(make, effect, said, rows=[row], done=self.shell.open_inquiry)

    def action_book(self) -> None:
        """The form of a reservation, with what the inquiry or the mail says; several go to Booked."""
        rows = self.targets
        if len(rows) > 1 or not catalog.exists(catalog.RESERVATION_FORM):
            self.action_move(Folder.BOOKED)
        for row in rows if len(rows) == 1 else ():
            self.app.push_screen(catalog.load(catalog.RESERVATION_FORM)(conversation=row.id))

    def action_open_inquiry(self) -> None:
        """Open the inquiry of the conversation."""
        number = next((row.inquiry for row in self.targets if row.inquiry is not None), None)
        if number is not None:
            self.shell.open_inquiry(number)
        elif self.targets:
            self.shell.tell(_("That belongs to no inquiry; i makes one."))

    def action_memo(self) -> None:
        """Write a memo on the conversation."""
        from crm_tui.screens.dialogs.memo import MemoBox, stored

        rows = self.targets
        if not rows:
            return
        row = rows[0]
        keep = f"conversation {row.id}"

        def add(ctx: Context, text: str) -> int:
            from crm_tui import desk

            return desk.memos.add(ctx, text, conversation=row.id)

        def saved(_number: int) -> None:
            stored(self.app, keep)
            self.shell.tell(_("Memo saved · z takes it back"))
            self.confirmed()

        def written(text: str | None) -> None:
            if text is not None:
                self.ask(lambda ctx: add(ctx, text), saved, in_order=True)

        self.app.push_screen(MemoBox(_("Memo on {what}").format(what=named([row])), keep), written)

    def action_remind(self) -> None:
        """A reminder for the conversation, and for its inquiry."""
        rows = self.targets
        if rows:
            form = catalog.load(catalog.REMINDER_FORM)
            about = form(conversation=rows[0].id, inquiry=rows[0].inquiry)
            self.app.push_screen(about, lambda _number: self.confirmed())

    def action_memos(self) -> None:
        """Read the memos of the conversation."""
        rows = self.targets
        if not rows:
            return
        number, title = rows[0].id, named([rows[0]])

        def read(ctx: Context) -> Sequence[MemoView]:
            from crm_tui import desk

            return desk.memos.listed(ctx, conversation=number)

        def show(memos: Sequence[MemoView]) -> None:
            from crm_tui.screens.dialogs.memos import MemosDialog

            self.app.push_screen(MemosDialog(title, memos))

        self.ask(read, show, topic="memos")
