"""The guests of a reservation: added, taken off, the holder chosen."""

from __future__ import annotations

from typing import Any

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.requests.inquiry_views import InquiryGuestView
from crm_tui.desk.stays.reservation_views import ReservationView
from crm_tui.screens.dialogs.event import Linked
from crm_tui.screens.people import HasGuests
from crm_tui.screens.reservations.detail_running import Running


class People(HasGuests, Running):
    """Mixin of the screen that shows one reservation."""

    @property
    def guest(self) -> InquiryGuestView | None:
        """The guest under the cursor of the guests."""
        view, number = self.view, self.number_of("guests", "guest")
        return next((one for one in view.guests if one.id == number), None) if view is not None else None

    @property
    def main(self) -> InquiryGuestView | None:
        """The holder; without one the first guest."""
        view = self.view
        return (view.holder or next(iter(view.guests), None)) if view is not None else None

    def action_guest(self) -> None:
        """Open the profile of the guest under the cursor, else the holder's."""
        one = (self.guest if self.part == "guests" else None) or self.main
        if one is not None:
            self.shell.open_guest(one.id)
        else:
            self.shell.tell(_("The reservation has no guest yet; + in Guests adds one."), warning=True)

    def action_log(self) -> None:
        """Write down what happened with the holder, linked with the reservation."""
        view, who = self.view, self.main
        if view is None or who is None:
            self.shell.tell(_("The reservation has no guest yet; + in Guests adds one."), warning=True)
            return
        self.log_event(who.id, who.name, Linked(reservation=view.id), self.reload)

    def action_write_mail(self) -> None:
        """Write a mail to the holder, or to whom one can write; templates are filled in from this reservation."""
        view = self.view
        if view is None:
            return
        here = self.guest if self.part == "guests" else None
        who = next((one for one in (here, self.main, *view.guests) if one is not None and one.email), None)
        if who is None:
            self.shell.tell(_("Nobody's mail address is known."), warning=True)
            return
        self.shell.write("new", to=who.email, reservation_id=view.id)

    def guests_desk(self) -> Any:
        return desk.reservation_guests

    def adding_title(self, view: ReservationView) -> str:
        return _("Add a guest to reservation {code}").format(code=view.code)

    def gone_words(self, name: str, heir: str) -> str:
        if heir:
            said = _("{name} is off the reservation, {other} is the holder · z takes it back")
            return said.format(name=name, other=heir)
        return _("{name} is off the reservation · z takes it back").format(name=name)

    def without_heir(self, others: list[InquiryGuestView]) -> str:
        if others:
            return _("Nobody who could be the holder is left. The next person added will be.")
        return _("Nobody is left. The next person added will be the holder.")
