"""Acting on the marked reservations of their list, or on the one under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crm_tui import desk
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.requests.inquiry_views import InquiryGuestView
from crm_tui.desk.stays.reservation_views import ReservationListRow, ReservationQuery
from crm_tui.screens import catalog
from crm_tui.screens.dialogs.event import Linked, LogsEvents
from crm_tui.screens.reservations.statuses import ChangesStatus
from crm_tui.widgets.record_list import RecordList

NEEDS = {
    "pay": catalog.PAYMENT,
    "remind": catalog.REMINDER_FORM,
    "export": catalog.RESERVATION_EXPORT,
    "edit": catalog.RESERVATION_FORM,
    "new": catalog.RESERVATION_FORM,
}
"""The screens that actions lead to."""

MANY = 1000
"""Reservations that are marked at once at most: what is done to more is done with a file."""


class ActsOnReservations(ChangesStatus, LogsEvents):
    """Mixin of the list."""

    list: RecordList[ReservationListRow]
    busy = ""
    """What is being done, once it takes a moment."""

    if TYPE_CHECKING:
        app: Any

        @property
        def asked(self) -> ReservationQuery: ...

    def status_changed(self) -> None:
        """The marks have done their work."""
        self.list.action_unmark_all()
        self.list.reload()

    def action_status(self) -> None:
        """Choose a status for the marked ones, or for the one under the cursor."""
        rows = self.list.chosen
        if not rows:
            return
        title = ngettext("How does {code} stand?", "How do {n} reservations stand?", len(rows))
        same = {row.status for row in rows}
        self.ask_status(
            title.format(code=rows[0].code, n=len(rows)), [row.id for row in rows], same.pop() if len(same) == 1 else ""
        )

    def action_mark_all(self) -> None:
        """Mark all that are found, or nobody where all are marked."""
        if self.list.marked and len(self.list.marked) >= min(self.list.total, MANY):
            self.list.action_unmark_all()
            return
        asked = self.asked

        def found(rows: Sequence[ReservationListRow]) -> None:
            self.list.mark_rows(rows)
            if self.list.total > len(rows):
                self.shell.tell(_("The first {n} are marked.").format(n=len(rows)), warning=True)

        self.ask(lambda ctx: desk.reservation_lists.page(ctx, asked, limit=MANY).rows, found, topic="mark all")

    def action_pay(self) -> None:
        """Record a payment on the reservation under the cursor."""
        row = self.list.current
        if row is not None:
            self.app.push_screen(catalog.load(catalog.PAYMENT)(row.id), lambda _made: self.list.reload())

    def action_remind(self) -> None:
        """A reminder that is linked with the reservation."""
        row = self.list.current
        if row is not None:
            self.app.push_screen(catalog.load(catalog.REMINDER_FORM)(reservation=row.id))

    def action_log(self) -> None:
        """Write down what happened with the holder, linked with the reservation."""
        row = self.list.current
        if row is None:
            return
        number = row.id

        def read(holder: InquiryGuestView | None) -> None:
            if holder is None:
                self.shell.tell(_("The reservation has no guest yet; E adds one."), warning=True)
            else:
                self.log_event(holder.id, holder.name, Linked(reservation=number), self.list.reload)

        self.ask(lambda ctx: _holder(desk.reservations.get(ctx, number).guests), read)

    def action_export(self) -> None:
        """Write the marked ones, or all of the list, to a file."""
        marked = [row.id for row in self.list.marked]
        self.app.push_screen(catalog.load(catalog.RESERVATION_EXPORT)(marked or None, self.asked))


def _holder(guests: Sequence[InquiryGuestView]) -> InquiryGuestView | None:
    return next((one for one in guests if one.holder), guests[0] if guests else None)
