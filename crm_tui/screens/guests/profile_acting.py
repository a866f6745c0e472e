"""What can be done with a guest: written down, written to, asked for; what others' screens do is offered where they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.client_base.guest_history_views import EntryKind, GuestEntry
from crm_tui.desk.client_base.guest_views import GuestRow
from crm_tui.screens import catalog
from crm_tui.screens.dialogs.event import LogsEvents
from crm_tui.screens.dialogs.memo import MemoBox, stored
from crm_tui.screens.guests import list_calls
from crm_tui.screens.inquiries.days import Today
from crm_tui.screens.internal.writing import About, WritesInternal
from crm_tui.screens.roles import may_erase, may_merge
from crm_tui.widgets.cells import cut

if TYPE_CHECKING:
    from crm_tui.desk.client_base.guest_profile_views import ProfileView
    from crm_tui.desk.common.context import Context
    from crm_tui.screens.guests.tags import TagAnswer

_SCREENS: Mapping[str, str] = {
    "edit": catalog.GUEST_FORM,
    "merge": catalog.GUEST_MERGE,
    "package": catalog.PACKAGE_FROM,
    "export": catalog.GUEST_EXPORT,
    "erase": catalog.GUEST_ERASE,
}
"""Actions that open another screen."""

_SETTLED = frozenset({EntryKind.REMINDER, EntryKind.FEEDBACK})
_ON_ENTRIES = {
    "remove": frozenset({EntryKind.EVENT, EntryKind.MEMO, EntryKind.REMINDER, EntryKind.FEEDBACK, EntryKind.GIVEN})
}


class Acting(LogsEvents, WritesInternal, Today):
    """Mixin of the profile."""

    if TYPE_CHECKING:
        app: Any
        found: ProfileView | None

        @property
        def entry(self) -> GuestEntry | None: ...

        def reload(self) -> None: ...

        def run_on_guest(self, work: Callable[[Context], Any], said: str) -> None: ...

    def able(self, action: str) -> bool | None:
        """Whether an action of the profile is offered: False hides it, None dims it."""
        view, entry = self.found, self.entry
        if action in _SCREENS and not catalog.exists(_SCREENS[action]):
            return False
        if action == "archive":
            return hasattr(desk.guests, "archive") if view is not None else None
        if action == "write_mail":
            return bool(view is not None and view.guest.emails) or None
        if action == "remove":
            return bool(entry is not None and entry.mine and entry.kind in _ON_ENTRIES["remove"]) or None
        if action == "done_reminder":
            return bool(entry is not None and entry.kind in _SETTLED) or None
        return True

    @property
    def _guest(self) -> tuple[int, str] | None:
        """Number and name of the guest."""
        return (self.found.guest.id, self.found.guest.name) if self.found is not None else None

    # Writing down

    def action_log(self) -> None:
        """Log a call, a visit, a complaint."""
        if self._guest is not None:
            self.log_event(*self._guest, done=self.reload)

    def action_feedback(self) -> None:
        """Write a complaint or a compliment down."""
        if self._guest is not None:
            form = catalog.load(catalog.FEEDBACK)(guest=self._guest[0])
            self.app.push_screen(form, lambda _number: self.reload())

    def action_quality_cost(self) -> None:
        """Write down what the guest is given for an occasion."""
        if self._guest is not None:
            form = catalog.load(catalog.QUALITY_COST)(guest=self._guest[0])
            self.app.push_screen(form, lambda _number: self.reload())

    def action_memo(self) -> None:
        """Write a memo."""
        if self._guest is None:
            return
        (number, name), keep = self._guest, f"guest {self._guest[0]}"

        def written(text: str | None) -> None:
            if text is not None:
                self._keep(keep, lambda ctx: desk.memos.add(ctx, text, guest=number), _("Memo saved · z takes it back"))

        self.app.push_screen(MemoBox(_("Memo on {name}").format(name=name), keep), written)

    def change_memo(self, entry: GuestEntry) -> None:
        """Change a memo that the agent may change."""
        keep = f"{entry.number} changed"

        def written(text: str | None) -> None:
            if text is not None:
                work = lambda ctx: desk.memos.edit(ctx, entry.number, entry.version, text)  # noqa: E731
                self._keep(keep, work, _("Memo changed · z takes it back"))

        self.app.push_screen(MemoBox(_("Change the memo"), keep, entry.whole, entry.version), written)

    def _keep(self, keep: str, work: Callable[[Context], Any], said: str) -> None:
        def done(_result: Any) -> None:
            stored(self.app, keep)
            self.shell.tell(said)
            self.reload()

        self.ask(work, done)

    def action_remind(self) -> None:
        """A reminder for the guest."""
        if self._guest is not None:
            form = catalog.load(catalog.REMINDER_FORM)
            self.app.push_screen(form(guest=self._guest[0]), lambda _number: self.reload())

    def action_done_reminder(self) -> None:
        """The reminder under the cursor is done, the complaint resolved; or it is open again."""
        entry = self.entry
        if entry is not None and entry.kind == EntryKind.FEEDBACK:
            self._settle_feedback(entry)
            return
        if entry is None or entry.kind != EntryKind.REMINDER:
            return
        number, title = entry.number, cut(entry.text, 40)
        if entry.done:
            said = _("“{title}” is open again · z takes it back").format(title=title)
            self.run_on_guest(lambda ctx: desk.reminders.reopen(ctx, number), said)
        else:
            said = _("“{title}” is done · z takes it back").format(title=title)
            self.run_on_guest(lambda ctx: desk.reminders.done(ctx, number), said)

    def _settle_feedback(self, entry: GuestEntry) -> None:
        from crm_tui.screens.feedback.form import ResolveBox

        number = entry.number
        if entry.done:
            said = _("It is open again · z takes it back")
            self.run_on_guest(lambda ctx: desk.feedback.reopen(ctx, number), said)
        else:
            show = lambda view: self.app.push_screen(ResolveBox(view), lambda _number: self.reload())  # noqa: E731
            self.ask(lambda ctx: desk.feedback.get(ctx, number), show)

    def action_remove(self) -> None:
        """Take the event, the memo, the reminder or what the guest said under the cursor away."""
        entry = self.entry
        if entry is None or not entry.mine:
            return
        number = entry.number
        if entry.kind == EntryKind.EVENT:
            self.run_on_guest(lambda ctx: desk.events.remove(ctx, number), _("The event is gone · z brings it back"))
        elif entry.kind == EntryKind.MEMO:
            self.run_on_guest(lambda ctx: desk.memos.remove(ctx, number), _("The memo is gone · z brings it back"))
        elif entry.kind == EntryKind.FEEDBACK:
            said = _("What the guest said is gone · z brings it back")
            self.run_on_guest(lambda ctx: desk.feedback.remove(ctx, number), said)
        elif entry.kind == EntryKind.GIVEN:
            said = _("What the guest was given is gone · z brings it back")
            self.run_on_guest(lambda ctx: desk.quality_costs.remove(ctx, number), said)
        elif entry.kind == EntryKind.REMINDER:
            said = _("The reminder is gone · z brings it back")
            self.run_on_guest(lambda ctx: desk.reminders.remove(ctx, number), said)

    @property
    def about(self) -> About | None:
        """What is written to a colleague is about this guest."""
        return About(guest=self._guest[0], name=self._guest[1]) if self._guest is not None else None

    # Writing to the guest, and asking for the guest

    def action_write_mail(self) -> None:
        """Write a mail to the guest's first address."""
        if self.found is not None and self.found.guest.emails:
            self.write_to(self.found.guest.emails[0])

    def write_to(self, address: str) -> None:
        """Write a mail to one of the guest's addresses."""
        self.shell.write("new", to=address)

    def action_new_inquiry_of_guest(self) -> None:
        """Take down an inquiry of this guest."""
        if self.found is None:
            return
        guest = self.found.guest
        phone = guest.phones[0].shown if guest.phones else ""
        row = GuestRow(guest.id, guest.name, guest.kind, (*guest.emails, "")[0], phone, guest.language)
        form = catalog.load(catalog.NEW_INQUIRY)(guest=row)

        def taken_down(number: int | None) -> None:
            if number is not None:
                self.reload()
                self.shell.open_inquiry(number)

        self.app.push_screen(form, taken_down)

    # What other screens do

    def action_edit(self) -> None:
        """Change what is known of the guest."""
        self.edit_at("")

    def edit_at(self, field: str) -> None:  # noqa: ARG002
        """Open the guest's form."""
        if self._guest is not None and catalog.exists(catalog.GUEST_FORM):
            self._open(catalog.GUEST_FORM, self._guest[0])

    def action_merge(self) -> None:
        """Merge the guest with another profile."""
        if self._guest is not None and may_merge(self.shell):
            self._open(catalog.GUEST_MERGE, [self._guest[0]])

    def action_package(self) -> None:
        """Put the guest into a package."""
        if self._guest is not None:
            self._open(catalog.PACKAGE_FROM, None, [self._guest[0]])

    def action_export(self) -> None:
        """Write the guest to a file."""
        if self._guest is not None:
            self._open(catalog.GUEST_EXPORT, [self._guest[0]])

    def action_erase(self) -> None:
        """See what erasing the person would remove."""
        if self._guest is not None and may_erase(self.shell):
            self._open(catalog.GUEST_ERASE, self._guest[0])

    def action_tag(self) -> None:
        """Put attributes on the guest, or take them away."""
        if self._guest is None:
            return
        number, name = self._guest

        def answered(answer: TagAnswer | None) -> None:
            if answer is not None and (answer.add or answer.remove):
                said = _("{name} is tagged · z takes it back").format(name=name)
                self.run_on_guest(lambda ctx: list_calls.tag(ctx, [number], answer.add, answer.remove), said)

        def ask(found: list_calls.Tags) -> None:
            from crm_tui.screens.guests.tags import TagPick

            self.app.push_screen(TagPick(1, found), answered)

        self.ask(lambda ctx: list_calls.attributes(ctx, [number]), ask, topic="tags")

    def _open(self, path: str, *args: Any) -> None:
        self.app.push_screen(catalog.load(path)(*args), lambda _result: self.reload())

    def action_archive(self) -> None:
        """Put the profile away, or take it back into use."""
        view = self.found
        if view is None:
            return
        number, name = view.guest.id, view.guest.name
        act = getattr(desk.guests, "unarchive" if view.archived else "archive")
        said = (
            _("{name} is in use again · z takes it back")
            if view.archived
            else _("{name} is put away · z takes it back")
        )
        self.run_on_guest(lambda ctx: act(ctx, [number]), said.format(name=name))
