"""What can be done with a reservation that owes something. Mixin of the payments screen and of panels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_tui.desk.watchlists.payment_watch_views import PaymentRow
from crm_tui.screens import catalog
from crm_tui.screens.base import Asking
from crm_tui.screens.watchlists.acting import Subject

NEEDS = {"pay": catalog.PAYMENT, "notice": catalog.NOTICE, "schedule": catalog.SCHEDULE}
"""The screens that actions lead to."""


class PaymentCommands(Asking):
    """Mixin of screens that show reservations that owe something."""

    if TYPE_CHECKING:
        app: Any

        def watch_changed(self) -> None:
            """Something was done with a row: read the list again."""

    @property
    def payment_row(self) -> PaymentRow | None:
        """The row under the cursor."""
        raise NotImplementedError

    def action_pay(self) -> None:
        """Record a payment; what is missing is filled in."""
        self._lead_to(catalog.PAYMENT)

    def action_notice(self, channel: str) -> None:
        """Remind the guest by mail or SMS."""
        self._lead_to(catalog.NOTICE, channel)

    def action_schedule(self) -> None:
        """Change what is due and when."""
        self._lead_to(catalog.SCHEDULE)

    def _lead_to(self, path: str, *more: str) -> None:
        row = self.payment_row
        if row is not None and catalog.exists(path):
            self.app.push_screen(catalog.load(path)(row.id, *more), lambda _made: self.watch_changed())


def subject_of(row: PaymentRow) -> Subject:
    """The reservation of a row."""
    return Subject(row.id, row.code, row.guest_id, row.holder, row.email)
