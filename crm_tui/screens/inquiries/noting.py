"""Memos and reminders of an inquiry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.requests.inquiry_views import InquiryView, ReminderView
from crm_tui.screens import catalog
from crm_tui.screens.dialogs.memo import MemoBox
from crm_tui.screens.inquiries import calls
from crm_tui.screens.memo_keeping import KeepsMemos, Noted
from crm_tui.widgets.cells import cut
from crm_tui.widgets.entries import EntryList

if TYPE_CHECKING:
    from datetime import date

    from crm_tui.desk.common.context import Context


class Noting(KeepsMemos):
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

    @property
    def noted(self) -> Noted | None:
        """The inquiry with its notes."""
        return self.found

    # Memos

    def action_memo(self) -> None:
        """Write a memo."""
        view = self.view
        if view is None:
            return
        number, keep = view.id, f"inquiry {view.id}"

        def written(text: str | None) -> None:
            if text is not None:
                self.store_memo(
                    keep, lambda ctx: desk.memos.add(ctx, text, inquiry=number), _("Memo saved · z takes it back")
                )

        title = _("Memo on inquiry {number}").format(number=number)
        self.app.push_screen(MemoBox(f"{title} · {view.title}" if view.title else title, keep), written)

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
        memo = self.memo_of(self.entries["memos"].key)
        if memo is not None:
            number = memo.id
            self.run(lambda ctx: desk.memos.remove(ctx, number), _("The memo is gone · z brings it back"))
