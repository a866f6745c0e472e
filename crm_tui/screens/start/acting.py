"""What can be done in place with the rows of departures, payments, reminders and complaints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.quality.feedback_views import FeedbackView
from crm_tui.desk.shifts.reminder_views import BoardRow
from crm_tui.desk.watchlists.departure_views import DepartureRow
from crm_tui.desk.watchlists.payment_watch_views import PaymentRow
from crm_tui.screens import catalog
from crm_tui.screens.departures.commands import DepartureCommands
from crm_tui.screens.dialogs.event import Linked, LogsEvents
from crm_tui.screens.dialogs.memo import MemoBox, stored
from crm_tui.screens.payments.commands import PaymentCommands
from crm_tui.widgets.cells import cut

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.widgets.record_list import RecordList


@dataclass(frozen=True, slots=True)
class Subject:
    """What a row is about: numbers, and what people call it.

    Attributes:
        email: the guest's first address, if the row knows it.
    """

    name: str
    guest: int | None = None
    reservation: int | None = None
    conversation: int | None = None
    inquiry: int | None = None
    email: str = ""

    @property
    def links(self) -> dict[str, int]:
        """The numbers that are known, by what they are of."""
        named = {one: getattr(self, one) for one in ("guest", "reservation", "conversation", "inquiry")}
        return {name: number for name, number in named.items() if number is not None}


def subject_of(row: Any) -> Subject | None:
    """What a row of those panels is about."""
    if isinstance(row, DepartureRow | PaymentRow):
        return Subject(row.holder or row.code, row.guest_id, row.reservation, email=row.email)
    if isinstance(row, FeedbackView):
        return Subject(row.title, row.guest, row.reservation, row.conversation)
    if isinstance(row, BoardRow):
        links = {link.kind: link.id for link in row.links}
        if row.kind == "inquiry":
            links["inquiry"] = row.number
        return Subject(
            row.title, links.get("guest"), links.get("reservation"), links.get("conversation"), links.get("inquiry")
        )
    return None


class ActsOnRows(DepartureCommands, PaymentCommands, LogsEvents):
    """Mixin of the start screen. Each command acts on the row under the cursor; some on the marked ones."""

    if TYPE_CHECKING:
        app: Any

    @property
    def focused_list(self) -> RecordList[Any]:
        """The list with the focus."""
        raise NotImplementedError

    def rows_changed(self) -> None:
        """A command was carried out: read the panels anew."""
        raise NotImplementedError

    @property
    def _subject(self) -> Subject | None:
        return subject_of(self.focused_list.current)

    def open_row(self, row: Any) -> bool:
        """Go to what a row is about; False: nothing of it can be opened."""
        about = subject_of(row)
        if about is None:
            return False
        if isinstance(row, BoardRow) and not about.links:
            self._edit(row)
        elif about.reservation is not None:
            self._over(catalog.RESERVATION, about.reservation)
        elif about.inquiry is not None:
            self.shell.open_inquiry(about.inquiry)
        elif isinstance(row, FeedbackView):
            self._edit(row)
        elif about.conversation is not None:
            self.shell.open_conversation(about.conversation)
        elif about.guest is not None:
            self.shell.open_guest(about.guest)
        return True

    def _over(self, path: str, *args: Any, **more: Any) -> None:
        """Open a screen over this one; what it changed is read when it closes."""
        if not catalog.exists(path):
            self.shell.tell(_("That is not part of this desk yet."), warning=True)
            return
        self.app.push_screen(catalog.load(path)(*args, **more), lambda _result: self.rows_changed())

    # What the watchlists' own screens do, done here

    @property
    def departure_rows(self) -> Sequence[DepartureRow]:
        """The marked flights, else that under the cursor."""
        return [row for row in self.focused_list.chosen if isinstance(row, DepartureRow)]

    @property
    def payment_row(self) -> PaymentRow | None:
        """The row under the cursor, if it is of a payment."""
        row = self.focused_list.current
        return row if isinstance(row, PaymentRow) else None

    def watch_changed(self) -> None:
        """Something was done with a row."""
        self.focused_list.action_unmark_all()
        self.rows_changed()

    # Reminders

    def action_row_done(self) -> None:
        """The reminders are done; an inquiry is opened, where its status says so."""
        rows = [row for row in self.focused_list.chosen if isinstance(row, BoardRow)]
        ids = [row.number for row in rows if row.kind == "reminder"]
        if not ids and rows:
            self.open_row(rows[0])
            return
        if ids:
            self.focused_list.take_out([row.id for row in rows if row.kind == "reminder"])
            title = next(row.title for row in rows if row.kind == "reminder")
            words = _("“{title}” is done · z takes it back").format(title=cut(title, 40))
            if len(ids) > 1:
                words = ngettext(
                    "{n} reminder is done · z takes it back", "{n} reminders are done · z takes it back", len(ids)
                ).format(n=len(ids))
            taken = [row.id for row in rows if row.kind == "reminder"]
            listed = self.focused_list

            def finish(ctx: Context) -> Any:
                from crm_tui import desk

                return desk.reminders.done(ctx, ids)

            def done(_result: Any) -> None:
                listed.let_in(taken)
                self.shell.tell(words)
                self.rows_changed()

            def failed(error: Exception) -> None:
                listed.let_in(taken)
                self.shell.report(error)
                self.rows_changed()

            self.ask(finish, done, failed=failed, in_order=True)

    def action_new_reminder(self) -> None:
        """A new reminder about nothing in particular."""
        self._over(catalog.REMINDER_FORM)

    # Complaints

    def action_row_resolve(self) -> None:
        """What was done about the complaint."""
        from crm_tui.screens.feedback.form import ResolveBox

        row = self.focused_list.current
        if isinstance(row, FeedbackView):
            self.app.push_screen(ResolveBox(row), lambda _number: self.rows_changed())

    # Everything

    def action_row_edit(self) -> None:
        """Change the reminder or the complaint."""
        row = self.focused_list.current
        if row is not None:
            self._edit(row)

    def _edit(self, row: Any) -> None:
        if isinstance(row, FeedbackView):
            self._over(catalog.FEEDBACK, feedback=row.id)
        elif isinstance(row, BoardRow) and row.kind == "inquiry":
            self.shell.open_inquiry(row.number)
        elif isinstance(row, BoardRow):
            self._over(catalog.REMINDER_FORM, row.number)

    def action_row_log(self) -> None:
        """Log a call with the guest of the row."""
        about = self._subject
        if about is None:
            return
        linked = Linked(about.conversation, about.inquiry, about.reservation)

        def log(guest: tuple[int, str] | None) -> None:
            if guest is None:
                self.shell.tell(_("The row names no guest: Enter opens it."), warning=True)
            else:
                self.log_event(*guest, linked, self.rows_changed)

        if about.guest is not None:
            log((about.guest, about.name))
        else:
            self.ask(lambda ctx: _guest(ctx, about), log)

    def action_row_memo(self) -> None:
        """A memo on the reservation of the row, else on the guest."""
        about = self._subject
        links = about.links if about is not None else {}
        on = next((name for name in ("reservation", "inquiry", "conversation", "guest") if name in links), "")
        if about is None or not on:
            return
        keep, number = f"{on} {links[on]}", links[on]

        def written(text: str | None) -> None:
            if text is None:
                return

            def add(ctx: Context) -> Any:
                from crm_tui import desk

                return desk.memos.add(ctx, text, **{on: number})

            def done(_number: Any) -> None:
                stored(self.app, keep)
                self.shell.tell(_("Memo saved · z takes it back"))
                self.rows_changed()

            self.ask(add, done, in_order=True)

        self.app.push_screen(MemoBox(_("Memo on {name}").format(name=cut(about.name, 50)), keep), written)

    def action_row_reminder(self) -> None:
        """A reminder about what the row is about."""
        about = self._subject
        if about is not None:
            self._over(catalog.REMINDER_FORM, **about.links)

    def action_row_feedback(self) -> None:
        """A complaint or a compliment of the guest of the row."""
        about = self._subject
        if about is not None:
            links = {name: number for name, number in about.links.items() if name != "inquiry"}
            self._over(catalog.FEEDBACK, **links)

    def action_row_cost(self) -> None:
        """What the guest of the row is given for an occasion."""
        about = self._subject
        if about is not None:
            links = {name: number for name, number in about.links.items() if name != "inquiry"}
            self._over(catalog.QUALITY_COST, **links)

    def action_row_guest(self) -> None:
        """The profile of the guest."""
        about = self._subject
        if about is not None and about.guest is not None:
            self.shell.open_guest(about.guest)

    def action_row_write(self) -> None:
        """Write a mail to the guest."""
        about = self._subject
        if about is None:
            return
        if about.email:
            self.shell.write("new", to=about.email)
        elif about.guest is not None:
            number = about.guest
            self.ask(lambda ctx: _address(ctx, number), self._write_to)

    def _write_to(self, address: str) -> None:
        if address:
            self.shell.write("new", to=address)
        else:
            self.shell.tell(_("The guest has no mail address."), warning=True)


def _guest(ctx: Context, about: Subject) -> tuple[int, str] | None:
    """Whose a row is that names no guest: the holder of its inquiry, or the only guest of its conversation."""
    from crm_tui import desk

    if about.inquiry is not None:
        found = [(one.id, one.name) for one in desk.inquiries.get(ctx, about.inquiry).guests if one.holder]
    elif about.conversation is not None:
        found = [(one.id, one.name) for one in desk.guest_mail.guests_of(ctx, about.conversation)]
    else:
        found = []
    return found[0] if len(found) == 1 else None


def _address(ctx: Context, guest: int) -> str:
    from crm_tui import desk

    return next(iter(desk.guests.get(ctx, guest).emails), "")
