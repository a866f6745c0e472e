"""The guests of an inquiry: added, edited in place, the holder chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.requests.inquiry_views import InquiryGuestView, InquiryView
from crm_tui.screens import catalog
from crm_tui.screens.dialogs.event import Linked, LogsEvents
from crm_tui.screens.inquiries.guest_pick import GuestPick, Picked, split_name
from crm_tui.widgets.dialogs import PickList, ask_once
from crm_tui.widgets.entries import EntryList
from crm_tui.widgets.forms import Choice

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


class People(LogsEvents):
    """Mixin of the screen that shows one inquiry."""

    if TYPE_CHECKING:
        app: Any
        entries: dict[str, EntryList]

        @property
        def view(self) -> InquiryView | None: ...

        def run(self, work: Callable[[Context], Any], said: str) -> None: ...

        def reload(self) -> None: ...

    @property
    def guest(self) -> InquiryGuestView | None:
        """The guest under the cursor."""
        view, key = self.view, self.entries["guests"].key
        return next((one for one in view.guests if str(one.id) == key), None) if view is not None else None

    def action_add_guest(self) -> None:
        """Find a guest or make a new one."""
        view = self.view
        if view is not None:
            title = _("Add a guest to inquiry {number}").format(number=view.id)
            self.app.push_screen(GuestPick(title), self._add)

    def _add(self, picked: Picked | None) -> None:
        view = self.view
        if view is None or picked is None:
            return
        number = view.id
        if picked.guest is not None:
            guest = picked.guest
            said = _("{name} is added · z takes it back").format(name=guest.name)
            self.run(lambda ctx: desk.inquiry_guests.add(ctx, number, guest.id), said)
            return
        given, surname = split_name(picked.name)
        said = _("{name} is added as a new guest · z takes it back").format(name=picked.name)
        values = {"surname": surname, "given": given}
        self.run(lambda ctx: desk.inquiry_guests.add_new(ctx, number, values), said)

    def guest_opened(self, key: str) -> None:
        """Edit the guest in place."""

        def done(saved: int | None) -> None:
            if saved is not None:
                self.reload()

        self.app.push_screen(catalog.load(catalog.GUEST_FORM)(int(key)), done)

    def action_guest_profile(self) -> None:
        """Open the profile of the guest under the cursor."""
        if self.guest is not None:
            self.shell.open_guest(self.guest.id)

    def action_log(self) -> None:
        """Write down what happened with the holder, linked with the inquiry; without a holder with the first guest."""
        view = self.view
        if view is None or not view.guests:
            self.shell.tell(_("The inquiry has no guest yet; A adds one."), warning=True)
            return
        who = next((one for one in view.guests if one.holder), view.guests[0])
        self.log_event(who.id, who.name, Linked(inquiry=view.id), self.reload)

    def action_feedback(self) -> None:
        """Write a complaint or a compliment of the holder down; without one of the first guest."""
        self._of_holder(catalog.FEEDBACK)

    def action_quality_cost(self) -> None:
        """Write down what the holder is given for an occasion."""
        self._of_holder(catalog.QUALITY_COST)

    def _of_holder(self, path: str) -> None:
        view = self.view
        if view is None or not view.guests:
            self.shell.tell(_("The inquiry has no guest yet; A adds one."), warning=True)
            return
        who = next((one for one in view.guests if one.holder), view.guests[0])
        self.app.push_screen(catalog.load(path)(guest=who.id), lambda _number: self.reload())

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
        self.run(lambda ctx: desk.inquiry_guests.set_holder(ctx, number, chosen), said)

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

    def _ask_without_heir(self, view: InquiryView, guest: InquiryGuestView) -> None:
        """Only companies stay, or nobody: then there is no holder until a person is added. Or only who is put away."""
        stay = len(view.guests) > 1
        text = (
            _("Nobody stays but guests who are archived or erased. Make the next person who is added the holder.")
            if any(one.away and one.kind != "company" for one in view.guests if one.id != guest.id)
            else _("Only companies are left, and a company cannot be the holder. The next person added will be.")
            if stay
            else _("Nobody is left. The next person added will be the holder.")
        )
        title = _("{name} is the holder.").format(name=guest.name)
        asked = ask_once(title, text, _("Take {name} off").format(name=guest.name))
        self.app.push_screen(asked, lambda answer: self._remove(view, guest, None) if answer == "yes" else None)

    def _remove(self, view: InquiryView, guest: InquiryGuestView, heir: int | None) -> None:
        said = _("{name} is off the inquiry · z takes it back").format(name=guest.name)
        follows = next((one.name for one in view.guests if one.id == heir), "")
        if follows:
            said = _("{name} is off the inquiry, {other} is the holder · z takes it back")
            said = said.format(name=guest.name, other=follows)
        number, gone = view.id, guest.id
        self.run(lambda ctx: desk.inquiry_guests.remove(ctx, number, gone, heir), said)
