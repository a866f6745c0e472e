"""From a conversation to the guest it is written with: events are written down from here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _
from crm_tui.desk.common.views import ConversationRow
from crm_tui.screens.dialogs.event import Linked, LogsEvents
from crm_tui.screens.mail.acting import Acting
from crm_tui.widgets.dialogs import PickList
from crm_tui.widgets.forms.choice import Choice

if TYPE_CHECKING:
    from crm_tui.desk.client_base.guest_views import GuestRow
    from crm_tui.desk.common.context import Context


class Counterpart(LogsEvents, Acting):
    """Mixin: ``L``."""

    def action_log(self) -> None:
        """Write an event of the guest down, linked with the conversation."""

        def log(row: ConversationRow, guest: GuestRow) -> None:
            self.log_event(guest.id, guest.name, Linked(conversation=row.id), self.confirmed)

        self._with_guest(log)

    def _with_guest(self, act: Callable[[ConversationRow, GuestRow], None]) -> None:
        """Find the guest of the conversation under the cursor; where it may be of several, ask."""
        rows = self.targets
        if not rows:
            return
        row = rows[0]

        def found(guests: Sequence[GuestRow]) -> None:
            if not guests:
                who = row.counterpart.label
                words = _("{who} is no guest yet: G makes one.").format(who=who)
                self.shell.tell(words, warning=True)
            elif len(guests) == 1:
                act(row, guests[0])
            else:
                choices = [Choice(guest, guest.name, guest.email or guest.phone) for guest in guests]
                title = _("Several guests have this address. Which?")
                self.app.push_screen(PickList(title, choices), lambda one: act(row, one.value) if one else None)

        self.ask(lambda ctx: _guests(ctx, row.id), found, topic="counterpart")


def _guests(ctx: Context, conversation: int) -> Sequence[GuestRow]:
    from crm_tui import desk

    return desk.guest_mail.guests_of(ctx, conversation)
