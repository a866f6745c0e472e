"""Memos, internal messages and reminders of a reservation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.requests.inquiry_views import ReminderView
from crm_tui.screens import catalog
from crm_tui.screens.dialogs.memo import MemoBox
from crm_tui.screens.internal.writing import About, WritesInternal
from crm_tui.screens.memo_keeping import KeepsMemos, Noted
from crm_tui.screens.reservations.detail_running import Running
from crm_tui.widgets.cells import cut

if TYPE_CHECKING:
    pass


class Noting(KeepsMemos, WritesInternal, Running):
    """Mixin of the screen that shows one reservation."""

    @property
    def noted(self) -> Noted | None:
        """The reservation with its notes."""
        return self.found

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
                self.store_memo(keep, lambda ctx: desk.memos.add(ctx, text, reservation=number), said)

        title = _("Memo on reservation {code}").format(code=view.code)
        holder = view.holder.name if view.holder else ""
        self.app.push_screen(MemoBox(f"{title} · {holder}" if holder else title, keep), written)

    def remove_memo(self) -> None:
        """Take the memo under the cursor away."""
        memo = self.memo_of(self.entries["memos"].key)
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
