"""The guests of an inquiry or a reservation: added, taken off, the holder chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _
from crm_tui.desk.requests.inquiry_views import InquiryGuestView, InquiryView
from crm_tui.desk.stays.reservation_views import ReservationView
from crm_tui.screens.dialogs.event import LogsEvents
from crm_tui.screens.inquiries.guest_pick import GuestPick, Picked, split_name
from crm_tui.widgets.dialogs import PickList, ask_once
from crm_tui.widgets.forms import Choice

if TYPE_CHECKING:
    pass

Thing = InquiryView | ReservationView


class HasGuests(LogsEvents):
    """Mixin of a screen that shows one inquiry or one reservation."""

    if TYPE_CHECKING:
        app: Any
        run: Any

        @property
        def view(self) -> Any: ...

    # What the screen says

    @property
    def guest(self) -> InquiryGuestView | None:
        """The guest under the cursor."""
        raise NotImplementedError

    def guests_desk(self) -> Any:
        """The module of the desk that has ``add``, ``add_new``, ``set_holder`` and ``remove``; asked for in threads."""
        raise NotImplementedError

    def adding_title(self, view: Any) -> str:
        """The heading of the pick of a guest."""
        raise NotImplementedError

    def gone_words(self, name: str, heir: str) -> str:
        """What is said when a guest was taken off; ``heir``: who is the holder now, empty if that did not change."""
        raise NotImplementedError

    def without_heir(self, others: list[InquiryGuestView]) -> str:
        """Why none of the others can be the holder; and who will be."""
        raise NotImplementedError

    # What it does

    def add_guest(self) -> None:
        """Find a guest or make a new one."""
        view = self.view
        if view is not None:
            self.app.push_screen(GuestPick(self.adding_title(view)), self._add)

    def _add(self, picked: Picked | None) -> None:
        view = self.view
        if view is None or picked is None:
            return
        number = view.id
        if picked.guest is not None:
            guest = picked.guest
            said = _("{name} is added · z takes it back").format(name=guest.name)
            self.run(lambda ctx: self.guests_desk().add(ctx, number, guest.id), said)
            return
        given, surname = split_name(picked.name)
        said = _("{name} is added as a new guest · z takes it back").format(name=picked.name)
        values = {"surname": surname, "given": given}
        self.run(lambda ctx: self.guests_desk().add_new(ctx, number, values), said)

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
        self.run(lambda ctx: self.guests_desk().set_holder(ctx, number, chosen), said)

    def remove_guest(self) -> None:
        """Take the guest under the cursor off; of a holder, ask who follows, or say that nobody can."""
        view, guest = self.view, self.guest
        if view is None or guest is None:
            return
        others = [one for one in view.guests if one.id != guest.id]
        heirs = [one for one in others if one.kind != "company" and not one.away]
        if not guest.holder:
            self._remove(view, guest, None)
            return
        if heirs:
            title = _("{name} is the holder. Who follows?").format(name=guest.name)
            choices = [Choice(one.id, one.name, one.phone or one.email) for one in heirs]
            self.app.push_screen(
                PickList(title, choices), lambda heir: self._remove(view, guest, heir.value) if heir else None
            )
            return
        title = _("{name} is the holder.").format(name=guest.name)
        asked = ask_once(title, self.without_heir(others), _("Take {name} off").format(name=guest.name))
        self.app.push_screen(asked, lambda answer: self._remove(view, guest, None) if answer == "yes" else None)

    def _remove(self, view: Thing, guest: InquiryGuestView, heir: int | None) -> None:
        follows = next((one.name for one in view.guests if one.id == heir), "")
        number, gone = view.id, guest.id
        said = self.gone_words(guest.name, follows)
        self.run(lambda ctx: self.guests_desk().remove(ctx, number, gone, heir), said)
