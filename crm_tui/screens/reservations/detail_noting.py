"""Memos, internal messages and reminders of a reservation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.inquiry_views import MemoView, ReminderView
from crm_tui.screens import catalog
from crm_tui.screens.dialogs.memo import MemoBox, stored
from crm_tui.screens.dialogs.text import TextDialog
from crm_tui.screens.inquiries import calls
from crm_tui.screens.internal.writing import About, WritesInternal
from crm_tui.screens.reservations.detail_running import Running
from crm_tui.widgets.cells import cut

if TYPE_CHECKING:
    from crm_tui.desk.context import Context


class Noting(WritesInternal, Running):
    """Mixin of the screen that shows one reservation."""

    @property
    def about(self) -> About | None:
        """What is written to a colleague is about this reservation."""
        view = self.view
        if view is None:
            return None
        name = " · ".join(part for part in (view.code, view.holder.name if view.holder else "", view.title) if part)
        return About(name=_("Reservation {code}").format(code=name), reservation=view.id)

    # Memos

    def action_memo(self) -> None:
        """Write a memo."""
        view = self.view
        if view is None:
            return
        number, keep = view.id, f"reservation {view.id}"

        def written(text: str | None) -> None:
            if text is not None:
                said = _("Memo saved · z takes it back")
                self._store(keep, lambda ctx: desk.memos.add(ctx, text, reservation=number), said)

        title = _("Memo on reservation {code}").format(code=view.code)
        holder = view.holder.name if view.holder else ""
        self.app.push_screen(MemoBox(f"{title} · {holder}" if holder else title, keep), written)

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
        listed = self.found.internal if self.found is not None else ()
        message = next((one for one in listed if f"internal {one.id}" == key), None)
        if message is None:
            return
        title = _("{sender} to {to}").format(sender=message.sender, to=message.to)
        self.app.push_screen(TextDialog(title, message.text, wide=True))
        ctx = self.shell.ctx
        if message.read_at is None and ctx is not None and message.to_id == ctx.actor.id:
            self.ask(lambda ctx: desk.internal.mark_read(ctx, [message.id]), lambda _count: self.reload())

    def remove_memo(self) -> None:
        """Take the memo under the cursor away."""
        memo = self._memo(self.entries["memos"].key)
        if memo is not None:
            number = memo.id
            self.run(lambda ctx: desk.memos.remove(ctx, number), _("The memo is gone · z brings it back"))
        elif self.entries["memos"].key:
            self.shell.tell(_("What was written to a colleague stays."))

    # Reminders

    def action_remind_me(self) -> None:
        """A reminder for the reservation."""
        view = self.view
        if view is None:
            return
        self.show_over(catalog.REMINDER_FORM, reservation=view.id)

    @property
    def reminder(self) -> ReminderView | None:
        """The reminder under the cursor."""
        listed: Sequence[ReminderView] = self.found.reminders if self.found is not None else ()
        return next((one for one in listed if str(one.id) == self.entries["reminders"].key), None)

    def reminder_opened(self) -> None:
        """Change it."""
        one = self.reminder
        if one is not None:
            self.show_over(catalog.REMINDER_FORM, one.id)

    def action_done_reminder(self) -> None:
        """The reminder is done, or open again."""
        one = self.reminder
        if one is None:
            return
        number, title = one.id, cut(one.title, 40)
        if one.done_at is None:
            said = _("“{title}” is done · z takes it back").format(title=title)
            self.run(lambda ctx: desk.reminders.done(ctx, number), said)
        else:
            said = _("“{title}” is open again · z takes it back").format(title=title)
            self.run(lambda ctx: desk.reminders.reopen(ctx, number), said)

    def remove_reminder(self) -> None:
        """Take the reminder under the cursor away."""
        if self.reminder is not None:
            number = self.reminder.id
            self.run(lambda ctx: desk.reminders.remove(ctx, number), _("The reminder is gone · z brings it back"))
