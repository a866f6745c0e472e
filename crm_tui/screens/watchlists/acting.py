"""What can be done with a reservation from a row of a watchlist: open it, log a call, note, remind, write. Panels use it too."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.screens import catalog
from crm_tui.screens.dialogs.event import Linked, LogsEvents
from crm_tui.screens.dialogs.memo import MemoBox, stored
from crm_tui.screens.inquiries.days import Today

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


class Subject(NamedTuple):
    """The reservation of a row, and its holder."""

    reservation: int
    code: str
    guest_id: int | None
    holder: str
    email: str


class ActsOnReservation(LogsEvents, Today):
    """Mixin of screens whose rows are about a reservation."""

    if TYPE_CHECKING:
        app: Any

    @property
    def subject(self) -> Subject | None:
        """The reservation of the row under the cursor."""
        raise NotImplementedError

    def watch_changed(self) -> None:
        """Something was done with a row: read the list again."""

    def action_log(self) -> None:
        """Write down a call or another event with the holder, linked with the reservation."""
        one = self.subject
        if one is not None and one.guest_id is not None:
            self.log_event(one.guest_id, one.holder, Linked(reservation=one.reservation), self.watch_changed)
        elif one is not None:
            self._nobody(one)

    def action_guest(self) -> None:
        """Open the holder's profile."""
        one = self.subject
        if one is not None and one.guest_id is not None:
            self.shell.open_guest(one.guest_id)
        elif one is not None:
            self._nobody(one)

    def _nobody(self, one: Subject) -> None:
        self.shell.tell(_("Reservation {code} has no guest yet; Enter opens it.").format(code=one.code), warning=True)

    def action_write_mail(self) -> None:
        """Write a mail to the holder; templates are filled in from the reservation."""
        one = self.subject
        if one is not None and one.email:
            self.shell.write("new", to=one.email, reservation_id=one.reservation)
        elif one is not None:
            who = one.holder or one.code
            self.shell.tell(_("No mail address is known of {who}.").format(who=who), warning=True)

    def action_memo(self) -> None:
        """Write a memo on the reservation."""
        one = self.subject
        if one is None:
            return
        keep = f"reservation {one.reservation}"

        def written(text: str | None) -> None:
            if text is not None:
                self._store(
                    lambda ctx: desk.memos.add(ctx, text, reservation=one.reservation),
                    _("Memo saved · z takes it back"),
                    lambda: stored(self.app, keep),
                )

        title = _("Memo on reservation {code}").format(code=one.code)
        self.app.push_screen(MemoBox(f"{title} · {one.holder}" if one.holder else title, keep), written)

    def action_remind_me(self) -> None:
        """A reminder about the reservation."""
        one = self.subject
        if one is None:
            return
        form = catalog.load(catalog.REMINDER_FORM)(reservation=one.reservation)
        self.app.push_screen(form, lambda _made: self.watch_changed())

    def _store(self, work: Callable[[Context], Any], said: str, after: Callable[[], None] | None = None) -> None:
        def done(_value: Any) -> None:
            if after is not None:
                after()
            self.shell.tell(said)
            self.watch_changed()

        self.ask(work, done, in_order=True)
