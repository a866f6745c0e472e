"""From mail to guest: who wrote it is opened with one key, an unknown sender becomes a guest, and an agent can say whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_tui.base.i18n import _
from crm_tui.screens import catalog
from crm_tui.screens.mail.acting import Acting
from crm_tui.widgets.dialogs import Answer, Ask, PickList
from crm_tui.widgets.forms import Choice

if TYPE_CHECKING:
    from crm_tui.desk.client_base.linking import NewGuestView, WhoView
    from crm_tui.desk.common.context import Context
    from crm_tui.screens.inquiries.guest_pick import Picked

_NEW = 0


class WithGuests(Acting):
    """Mixin: ``G`` and ``B``."""

    def action_guest(self) -> None:
        """Open the guest who wrote it; an unknown sender becomes one; of several who share the address ask which."""
        rows = self.targets
        if rows:
            number = rows[0].id
            self.ask(lambda ctx: _who(ctx, number), self._guest, topic="guest")

    def _guest(self, who: WhoView) -> None:
        if not who.guests and who.perhaps:
            self._which(who)
        elif not who.guests:
            self._new(who.conversation)
        elif len(who.guests) == 1:
            self.open_guest(who.guests[0].id)
            if who.archived:
                words = _("{name} is archived: A takes the profile back into use.")
                self.shell.tell(words.format(name=who.guests[0].name), warning=True)
        else:
            self._which(who)

    def open_guest(self, number: int) -> None:
        """Show a guest over the mail."""
        screen = catalog.GUEST if catalog.exists(catalog.GUEST) else catalog.GUEST_FORM
        self.app.push_screen(catalog.load(screen)(number), lambda _result: self.confirmed())

    def _which(self, who: WhoView) -> None:
        """Which of those who share the address, or are named by Reply-To, it is; it is noted, and asked no more."""
        choices = [Choice(one.id, one.name, one.phone or one.email) for one in who.guests or who.perhaps]
        choices.append(Choice(_NEW, _("somebody else, who is new")))

        def picked(choice: Choice | None) -> None:
            if choice is None:
                return
            if choice.value == _NEW:
                self._new(who.conversation)
            else:
                self._link(who.conversation, choice.value, choice.label)

        self.app.push_screen(PickList(_("Who wrote it?"), choices), picked)

    def _new(self, conversation: int) -> None:
        self.ask(lambda ctx: _propose(ctx, conversation), self._offer_new, topic="guest")

    def _offer_new(self, new: NewGuestView) -> None:
        form = catalog.load(catalog.GUEST_FORM)
        words = _("A program sent it; it asks to answer {address}, which nobody checked.").format(
            address=new.answers_to
        )
        self.app.push_screen(
            form(
                kind=new.kind,
                values=new.values,
                proposed=new.proposed,
                conversation=new.conversation,
                warning=words if new.answers_to else "",
                known=new.known,
            ),
            lambda _number: self.confirmed(),
        )

    # Saying whose it is

    def action_link_guest(self) -> None:
        """Find the guest whose conversation it is, by name."""
        rows = self.targets
        if rows:
            number = rows[0].id
            self.ask(lambda ctx: _who(ctx, number), self._pick, topic="guest")

    def _pick(self, who: WhoView) -> None:
        from crm_tui.screens.inquiries.guest_pick import GuestPick

        def picked(found: Picked | None) -> None:
            if found is None:
                return
            if found.guest is None:
                self._new(who.conversation)
                return
            guest = found.guest
            if (
                who.known
                and guest.email.lower() != who.address.lower()
                and all(one.id != guest.id for one in who.guests)
            ):
                self._offer_address(who, guest.id, guest.name)
            else:
                self._link(who.conversation, guest.id, guest.name)

        self.app.push_screen(GuestPick(_("Whose conversation is it?")), picked)

    def _offer_address(self, who: WhoView, number: int, name: str) -> None:
        title = _("Is {address} an address of {name}?").format(address=who.address, name=name)
        answers = (
            Answer("add", "y", _("Yes, all mail from it is theirs")),
            Answer("this", "n", _("No, only this conversation is theirs")),
        )

        def answered(answer: str | None) -> None:
            if answer is not None:
                self._link(who.conversation, number, name, add_address=answer == "add")

        self.app.push_screen(Ask(title, "", answers), answered)

    def _link(self, conversation: int, number: int, name: str, *, add_address: bool = False) -> None:
        def work(ctx: Context) -> None:
            from crm_tui import desk

            desk.linking.link(ctx, conversation, number, add_address=add_address)

        def done(_nothing: None) -> None:
            self.shell.tell(_("It is {name}'s · z takes it back").format(name=name))
            self.confirmed()

        self.ask(work, done, in_order=True)


def _who(ctx: Context, conversation: int) -> WhoView:
    from crm_tui import desk

    return desk.linking.who(ctx, conversation)


def _propose(ctx: Context, conversation: int) -> NewGuestView:
    from crm_tui import desk

    return desk.linking.propose(ctx, conversation)
