"""Where the entries and facts of a profile lead."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.client_base.guest_history_views import KIND_NAMES, KINDS, EntryKind, GuestEntry
from crm_tui.screens import catalog
from crm_tui.screens.base import Asking
from crm_tui.screens.dialogs.leader import Choice, LeaderMenu
from crm_tui.screens.guests.entry_words import plain
from crm_tui.widgets.times import exact

if TYPE_CHECKING:
    from crm_tui.desk.client_base.guest_profile_views import ProfileView
    from crm_tui.screens.guests.profile_history import GuestHistorySource

_LETTERS = {
    EntryKind.MAIL: "m",
    EntryKind.INQUIRY: "i",
    EntryKind.RESERVATION: "r",
    EntryKind.PAYMENT: "p",
    EntryKind.EVENT: "l",
    EntryKind.MEMO: "c",
    EntryKind.INTERNAL: "w",
    EntryKind.REMINDER: "u",
    EntryKind.FEEDBACK: "f",
    EntryKind.GIVEN: "q",
    EntryKind.CHANGE: "h",
}
_ALL = "a"


class Opening(Asking):
    """Mixin of the profile: Enter on an entry or a fact, and the filter."""

    if TYPE_CHECKING:
        app: Any
        found: ProfileView | None
        source: GuestHistorySource | None
        only: EntryKind | None

        @property
        def entry(self) -> GuestEntry | None: ...

        def filter(self, only: EntryKind | None) -> None: ...

        def change_memo(self, entry: GuestEntry) -> None: ...

        def action_done_reminder(self) -> None: ...

        def edit_at(self, field: str) -> None: ...

        def write_to(self, address: str) -> None: ...

        def change_event(self, number: int, name: str, done: Callable[[], None] | None = None) -> None: ...

        def reload(self) -> None: ...

    def open_entry(self) -> None:
        """Go where the entry under the cursor leads."""
        entry = self.entry
        if entry is None:
            return
        if entry.kind == EntryKind.MAIL and entry.conversation is not None:
            self.shell.open_conversation(entry.conversation, entry.number)
        elif entry.kind == EntryKind.INQUIRY:
            self.shell.open_inquiry(entry.number)
        elif entry.kind in (EntryKind.RESERVATION, EntryKind.PAYMENT) and entry.reservation is not None:
            self.shell.open_reservation(entry.reservation)
        elif entry.kind == EntryKind.EVENT and entry.mine:
            self.change_event(entry.number, self._called, self.reload)
        elif entry.kind == EntryKind.MEMO and entry.mine:
            self.change_memo(entry)
        elif entry.kind == EntryKind.REMINDER:
            self.action_done_reminder()
        elif entry.kind == EntryKind.FEEDBACK and entry.mine:
            form = catalog.load(catalog.FEEDBACK)(feedback=entry.number)
            self.app.push_screen(form, lambda _number: self.reload())
        elif entry.kind == EntryKind.GIVEN and entry.mine:
            form = catalog.load(catalog.QUALITY_COST)(cost=entry.number)
            self.app.push_screen(form, lambda _number: self.reload())
        else:
            self._read(entry)

    @property
    def _called(self) -> str:
        return self.found.guest.name if self.found is not None else ""

    def _read(self, entry: GuestEntry) -> None:
        """The whole of what has no screen of its own."""
        from crm_tui.screens.dialogs.text import TextDialog

        when = exact(entry.at, self.shell.zone)
        title = f"{entry.who} · {when}" if entry.who else when
        today = self.shell.clock.now().astimezone(self.shell.zone).date()
        self.app.push_screen(TextDialog(title, entry.whole or plain(entry, today)))
        ctx = self.shell.ctx
        if entry.kind == EntryKind.INTERNAL and not entry.done and ctx is not None and not ctx.readonly:
            number = entry.number
            self.ask(lambda ctx: desk.internal.mark_read(ctx, [number]), lambda _count: self.reload())

    def open_fact(self, key: str) -> None:
        """Go where a fact leads: to a contact, to a mail, to where it is changed."""
        kind, _blank, value = key.partition(" ")
        view = self.found
        if view is None:
            return
        if kind == "guest":
            self.app.push_screen(catalog.load(catalog.GUEST)(int(value)))
        elif kind == "mail":
            self.write_to(value)
        elif kind in ("numbers", "values"):
            self.filter(EntryKind.RESERVATION)
        elif kind == "remarks" and len(view.guest.remarks) > 200:
            from crm_tui.screens.dialogs.text import TextDialog

            self.app.push_screen(TextDialog(_("Remarks on {name}").format(name=view.guest.name), view.guest.remarks))
        else:
            self.edit_at(kind)

    def action_filter(self) -> None:
        """Choose one kind of entry by its letter."""
        tally = self.source.tally if self.source is not None else {}
        choices = [Choice(_ALL, _("all"), "all", str(sum(tally.values()) or ""))]
        choices += [
            Choice(_LETTERS[kind], _(KIND_NAMES[kind]), kind.value, str(tally.get(kind, 0) or "–")) for kind in KINDS
        ]

        def picked(value: str | None) -> None:
            if value is not None:
                self.filter(None if value == "all" else EntryKind(value))

        self.app.push_screen(LeaderMenu(_("Show of the history"), choices), picked)
