"""The guests of a reservation: added, taken off, the holder chosen."""

from __future__ import annotations

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.requests.inquiry_views import InquiryGuestView
from crm_tui.desk.stays.reservation_views import ReservationView
from crm_tui.screens.dialogs.event import Linked, LogsEvents
from crm_tui.screens.inquiries.guest_pick import GuestPick, Picked, split_name
from crm_tui.screens.reservations.detail_running import Running
from crm_tui.widgets.dialogs import PickList, ask_once
from crm_tui.widgets.forms import Choice


class People(LogsEvents, Running):
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

    def add_guest(self) -> None:
        """Find a guest or make a new one."""
        view = self.view
        if view is not None:
            self.app.push_screen(GuestPick(_("Add a guest to reservation {code}").format(code=view.code)), self._add)

    def _add(self, picked: Picked | None) -> None:
        view = self.view
        if view is None or picked is None:
            return
        number = view.id
        if picked.guest is not None:
            guest = picked.guest
            said = _("{name} is added · z takes it back").format(name=guest.name)
            self.run(lambda ctx: desk.reservation_guests.add(ctx, number, guest.id), said)
            return
        given, surname = split_name(picked.name)
        said = _("{name} is added as a new guest · z takes it back").format(name=picked.name)
        values = {"surname": surname, "given": given}
        self.run(lambda ctx: desk.reservation_guests.add_new(ctx, number, values), said)

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

    def action_holder(self) -> None:
        """Make the guest under the cursor the holder; a company is refused with the reason."""
        view, guest = self.view, self.guest
        if view is None or guest is None:
            return
        if guest.holder:
            self.shell.tell(_("{name} is the holder already.").format(name=guest.name))
            return
        said = _("{name} is the holder now · z takes it back").format(name=guest.name)
        number, chosen = view.id, guest.id
        self.run(lambda ctx: desk.reservation_guests.set_holder(ctx, number, chosen), said)

    def remove_guest(self) -> None:
        """Take the guest under the cursor off; of a holder, ask who follows, or say that nobody can."""
        view, guest = self.view, self.guest
        if view is None or guest is None:
            return
        heirs = [one for one in view.guests if one.id != guest.id and one.kind != "company" and not one.away]
        if guest.holder and heirs:
            title = _("{name} is the holder. Who follows?").format(name=guest.name)
            choices = [Choice(one.id, one.name, one.phone or one.email) for one in heirs]
            self.app.push_screen(
                PickList(title, choices), lambda heir: self._remove(view, guest, heir.value) if heir else None
            )
        elif guest.holder:
            self._ask_without_heir(view, guest)
        else:
            self._remove(view, guest, None)

    def _ask_without_heir(self, view: ReservationView, guest: InquiryGuestView) -> None:
        stay = len(view.guests) > 1
        text = (
            _("Nobody who could be the holder is left. The next person added will be.")
            if stay
            else _("Nobody is left. The next person added will be the holder.")
        )
        asked = ask_once(
            _("{name} is the holder.").format(name=guest.name), text, _("Take {name} off").format(name=guest.name)
        )
        self.app.push_screen(asked, lambda answer: self._remove(view, guest, None) if answer == "yes" else None)

    def _remove(self, view: ReservationView, guest: InquiryGuestView, heir: int | None) -> None:
        said = _("{name} is off the reservation · z takes it back").format(name=guest.name)
        follows = next((one.name for one in view.guests if one.id == heir), "")
        if follows:
            said = _("{name} is off the reservation, {other} is the holder · z takes it back")
            said = said.format(name=guest.name, other=follows)
        number, gone = view.id, guest.id
        self.run(lambda ctx: desk.reservation_guests.remove(ctx, number, gone, heir), said)
