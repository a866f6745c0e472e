"""The guests of an inquiry: added, edited in place, the holder chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.requests.inquiry_views import InquiryGuestView, InquiryView
from crm_tui.screens import catalog
from crm_tui.screens.dialogs.event import Linked
from crm_tui.screens.people import HasGuests
from crm_tui.widgets.entries import EntryList

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


class People(HasGuests):
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

    def action_add_guest(self) -> None:
        """Find a guest or make a new one."""
        self.add_guest()

    def guests_desk(self) -> Any:
        return desk.inquiry_guests

    def adding_title(self, view: InquiryView) -> str:
        return _("Add a guest to inquiry {number}").format(number=view.id)

    def gone_words(self, name: str, heir: str) -> str:
        if heir:
            said = _("{name} is off the inquiry, {other} is the holder · z takes it back")
            return said.format(name=name, other=heir)
        return _("{name} is off the inquiry · z takes it back").format(name=name)

    def without_heir(self, others: list[InquiryGuestView]) -> str:
        """Only companies stay, or nobody: then there is no holder until a person is added. Or only who is put away."""
        if any(one.away and one.kind != "company" for one in others):
            return _(
                "Nobody stays but guests who are archived or erased. Make the next person who is added the holder."
            )
        if others:
            return _("Only companies are left, and a company cannot be the holder. The next person added will be.")
        return _("Nobody is left. The next person added will be the holder.")
