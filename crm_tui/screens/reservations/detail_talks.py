"""Conversations about a reservation: opened, linked, taken out."""

from __future__ import annotations

from collections.abc import Sequence

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.common.views import ConversationRow
from crm_tui.screens.reservations.detail_running import Running
from crm_tui.widgets.dialogs import PickList
from crm_tui.widgets.forms import Choice
from crm_tui.widgets.times import moment


class WithTalks(Running):
    """Mixin of the screen that shows one reservation."""

    def action_inquiry(self) -> None:
        """Open the inquiry that it came from."""
        if self.view is not None and self.view.inquiry is not None:
            self.shell.open_inquiry(self.view.inquiry)
        elif self.view is not None:
            self.shell.tell(_("The reservation was not made from an inquiry."))

    def talk_opened(self) -> None:
        """Read it."""
        number = self.number_of("mail", "talk")
        if number is not None:
            self.shell.open_conversation(number)

    def link_talk(self) -> None:
        """Choose one of its guests' conversations."""
        view = self.view
        if view is not None:
            number = view.id
            self.ask(lambda ctx: desk.reservation_links.candidates(ctx, number), self._choose)

    def _choose(self, rows: Sequence[ConversationRow]) -> None:
        view = self.view
        if view is None:
            return
        if not rows:
            self.shell.tell(_("There is no other conversation with its guests."))
            return
        now, zone = self.shell.clock.now(), self.shell.zone
        choices = [
            Choice(
                row.id, row.subject or _("(no subject)"), f"{row.counterpart.label} · {moment(row.last_at, now, zone)}"
            )
            for row in rows
        ]
        number = view.id

        def chosen(choice: Choice | None) -> None:
            if choice is not None:
                talk = choice.value
                said = _("“{subject}” is linked · z takes it back").format(subject=choice.label)
                self.run(lambda ctx: desk.reservation_links.link(ctx, number, [talk]), said)

        self.app.push_screen(PickList(_("Which conversation is about {code}?").format(code=view.code), choices), chosen)

    def unlink_talk(self) -> None:
        """The conversation under the cursor is not about this reservation."""
        view, talk = self.view, self.number_of("mail", "talk")
        if view is not None and talk is not None:
            number = view.id
            said = _("The conversation is taken out · z takes it back")
            self.run(lambda ctx: desk.reservation_links.unlink(ctx, number, [talk]), said)
