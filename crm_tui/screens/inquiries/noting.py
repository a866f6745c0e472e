"""Memos and reminders of an inquiry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.inquiry_views import InquiryView, MemoView, ReminderView
from crm_tui.screens import catalog
from crm_tui.screens.base import Asking
from crm_tui.screens.dialogs.memo import MemoBox, stored
from crm_tui.screens.dialogs.text import TextDialog
from crm_tui.screens.inquiries import calls
from crm_tui.widgets.cells import cut
from crm_tui.widgets.entries import EntryList

if TYPE_CHECKING:
    from datetime import date

    from crm_tui.desk.context import Context


class Noting(Asking):
    """Mixin of the screen that shows one inquiry."""

    if TYPE_CHECKING:
        app: Any
        found: calls.Whole | None
        entries: dict[str, EntryList]

        @property
        def view(self) -> InquiryView | None: ...

        def run(self, work: Callable[[Context], Any], said: str) -> None: ...

        def reload(self) -> None: ...

        def today(self) -> date: ...

        def remove_guest(self) -> None: ...

    # Memos

    def action_memo(self) -> None:
        """Write a memo."""
        view = self.view
        if view is None:
            return
        number, keep = view.id, f"inquiry {view.id}"

        def written(text: str | None) -> None:
            if text is not None:
                self._store(
                    keep, lambda ctx: desk.memos.add(ctx, text, inquiry=number), _("Memo saved · z takes it back")
                )

        title = _("Memo on inquiry {number}").format(number=number)
        self.app.push_screen(MemoBox(f"{title} · {view.title}" if view.title else title, keep), written)

    def _store(self, keep: str, work: Callable[[Context], Any], said: str) -> None:
        def done(outcome: calls.Done) -> None:
            stored(self.app, keep)
            self.shell.tell(calls.said(outcome, said))
            self.reload()

        self.ask(calls.noticing(work), done)

    def memo_opened(self, key: str) -> None:
        """One's own is changed, another's is read."""
        memo = self._memo(key)
        if memo is not None and memo.mine:
            self._change(memo)
        elif memo is not None:
            self.app.push_screen(TextDialog(_("Memo of {name}").format(name=memo.author), memo.text, wide=True))
        else:
            self._read_internal(key)

    def _memo(self, key: str) -> MemoView | None:
        memos: Sequence[MemoView] = self.found.memos if self.found is not None else ()
        return next((one for one in memos if f"memo {one.id}" == key), None)

    def _change(self, memo: MemoView) -> None:
        keep = f"{memo.id} changed"

        def written(text: str | None) -> None:
            if text is not None:
                work = lambda ctx: desk.memos.edit(ctx, memo.id, memo.version, text)  # noqa: E731
                self._store(keep, work, _("Memo changed · z takes it back"))

        self.app.push_screen(MemoBox(_("Change the memo"), keep, memo.text, memo.version), written)

    def _read_internal(self, key: str) -> None:
        found = self.found.internal if self.found is not None else ()
        message = next((one for one in found if f"internal {one.id}" == key), None)
        if message is None:
            return
        title = _("{sender} to {to}").format(sender=message.sender, to=message.to)
        self.app.push_screen(TextDialog(title, message.text, wide=True))
        ctx = self.shell.ctx
        if message.read_at is None and ctx is not None and message.to_id == ctx.actor.id:
            self.ask(lambda ctx: desk.internal.mark_read(ctx, [message.id]), lambda _count: self.reload())

    # Reminders

    def action_remind(self) -> None:
        """A reminder for the inquiry."""
        view = self.view
        if view is not None:
            form = catalog.load(catalog.REMINDER_FORM)
            self.app.push_screen(form(inquiry=view.id), lambda _number: self.reload())

    @property
    def reminder(self) -> ReminderView | None:
        """The reminder under the cursor."""
        found: Sequence[ReminderView] = self.found.reminders if self.found is not None else ()
        return next((one for one in found if str(one.id) == self.entries["reminders"].key), None)

    def action_done_reminder(self) -> None:
        """The reminder is done, or open again."""
        one = self.reminder
        if one is None:
            return
        number = one.id
        if one.done_at is None:
            said = _("“{title}” is done · z takes it back").format(title=cut(one.title, 40))
            self.run(lambda ctx: desk.reminders.done(ctx, number), said)
        else:
            said = _("“{title}” is open again · z takes it back").format(title=cut(one.title, 40))
            self.run(lambda ctx: desk.reminders.reopen(ctx, number), said)

    # What the cursor stands on

    def action_remove(self) -> None:
        """Take away what the cursor stands on: a guest, a memo, a reminder."""
        focused = self.app.focused
        if focused is self.entries["guests"]:
            self.remove_guest()
        elif focused is self.entries["memos"]:
            self._remove_memo()
        elif focused is self.entries["reminders"] and self.reminder is not None:
            number = self.reminder.id
            self.run(lambda ctx: desk.reminders.remove(ctx, number), _("The reminder is gone · z brings it back"))

    def _remove_memo(self) -> None:
        memo = self._memo(self.entries["memos"].key)
        if memo is not None:
            number = memo.id
            self.run(lambda ctx: desk.memos.remove(ctx, number), _("The memo is gone · z brings it back"))
