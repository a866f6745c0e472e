"""Acting on rows of reminders in place: on the board, in the search, on the start screen's panel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crm_tui import desk
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.shifts.reminder_views import BoardRow
from crm_tui.screens.dialogs.line import ask_day
from crm_tui.screens.inquiries.days import Today
from crm_tui.screens.reminders import calls
from crm_tui.screens.reminders.form import ReminderForm
from crm_tui.widgets.cells import cut
from crm_tui.widgets.days import day
from crm_tui.widgets.dialogs import PickList
from crm_tui.widgets.forms import Choice
from crm_tui.widgets.forms.day import read

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

_NAME = 40
_AGENT, _DEPARTMENT = "a", "d"


class ReminderCommands(Today):
    """Mixin of a screen with rows of reminders. Its screen says which rows are chosen, and reads them anew after a command."""

    if TYPE_CHECKING:
        app: Any

    @property
    def reminder_rows(self) -> Sequence[BoardRow]:
        """What a command acts on: the marked rows, else that under the cursor."""
        raise NotImplementedError

    def reminders_changed(self) -> None:
        """A command was carried out: read the rows anew."""

    def open_reminder(self, row: BoardRow) -> None:
        """Enter: what it is about; a reminder about nothing opens its form."""
        links = {link.kind: link.id for link in row.links}
        if "reservation" in links:
            self._open_reservation(links["reservation"])
        elif "inquiry" in links:
            self.shell.open_inquiry(links["inquiry"])
        elif "conversation" in links:
            self.shell.open_conversation(links["conversation"])
        elif "guest" in links:
            self.shell.open_guest(links["guest"])
        else:
            self._edit(row)

    def _open_reservation(self, number: int) -> None:
        from crm_tui.screens import catalog

        self.app.push_screen(catalog.load(catalog.RESERVATION)(number), lambda _result: self.reminders_changed())

    # Commands

    def _only_reminders(self) -> list[BoardRow]:
        """The chosen reminders; of inquiries it is said where that is done."""
        rows = [row for row in self.reminder_rows if row.kind == "reminder"]
        if not rows and self.reminder_rows:
            self.shell.tell(_("That is an inquiry: Enter opens it, S there changes its status."), warning=True)
        return rows

    def action_reminder_done(self) -> None:
        """They are done; if all of them are, they are open again."""
        rows = self._only_reminders()
        if not rows:
            return
        again = all(row.done for row in rows)
        if len(rows) == 1:
            words = (
                _("“{title}” is open again · z takes it back") if again else _("“{title}” is done · z takes it back")
            )
            if rows[0].repeats and not again:
                words = _("“{title}” is done, the next is noted · z takes both back")
            text = words.format(title=cut(rows[0].title, _NAME))
        else:
            one = ngettext(
                "{n} reminder is done · z takes it back", "{n} reminders are done · z takes it back", len(rows)
            )
            text = (_("{n} reminders are open again · z takes it back") if again else one).format(n=len(rows))
        self._run(lambda ctx: calls.done(ctx, rows), text)

    def action_new_reminder(self) -> None:
        """A new reminder about nothing in particular."""
        self.app.push_screen(ReminderForm(), lambda _number: self.reminders_changed())

    def action_edit_reminder(self) -> None:
        """Change the reminder under the cursor."""
        rows = self._only_reminders()
        if rows:
            self._edit(rows[0])

    def _edit(self, row: BoardRow) -> None:
        self.app.push_screen(ReminderForm(row.number), lambda _number: self.reminders_changed())

    def action_reminder_day(self) -> None:
        """Type another day."""
        rows = list(self.reminder_rows)
        if not rows:
            return
        what = self._named(rows)

        def given(answer: str | None) -> None:
            found = read(answer, self.today()) if answer else None
            if isinstance(found, date):
                self._move(rows, found)

        title = _("{what}: until when?").format(what=what)
        self.app.push_screen(ask_day(title, None, self.today(), past=True), given)

    def action_shift_reminder(self, by: int) -> None:
        """So many days later or earlier."""
        rows = list(self.reminder_rows)
        if rows:
            self._move(rows, None, by)

    def _move(self, rows: Sequence[BoardRow], due: date | None, by: int = 0) -> None:
        if due is None and len(rows) == 1:
            start = max(rows[0].due, self.today()) if by > 0 else rows[0].due
            due_words = day(start + timedelta(days=by), self.today())
        elif due is not None:
            due_words = day(due, self.today())
        else:
            due_words = ngettext("{n} day", "{n} days", by).format(n=f"{by:+}")
        text = _("{what} → {day} · z takes it back").format(what=self._named(rows), day=due_words)
        self._run(lambda ctx: calls.move(ctx, rows, due, by), text)

    def action_assign_reminder(self) -> None:
        """Choose an agent or a department."""
        rows = list(self.reminder_rows)
        if rows:
            self.ask(calls.people, lambda people: self._pick(rows, people), topic="people")

    def _pick(self, rows: Sequence[BoardRow], people: calls.People) -> None:
        choices = [Choice((_AGENT, "me"), people.me, _("you"))] if people.me else []
        choices += [Choice((_AGENT, name), name) for name in people.agents]
        if all(row.kind == "reminder" for row in rows):
            choices += [Choice((_DEPARTMENT, name), name, _("department")) for name in people.departments]

        def picked(choice: Choice | None) -> None:
            if choice is None:
                return
            kind, name = choice.value
            agent, room = (name, "") if kind == _AGENT else ("", name)
            said = _("{what} → {name} · z takes it back").format(what=self._named(rows), name=choice.label)
            self._run(lambda ctx: calls.assign(ctx, rows, agent, room), said)

        self.app.push_screen(PickList(_("{what}: who?").format(what=self._named(rows)), choices), picked)

    def action_remove_reminder(self) -> None:
        """Take it away."""
        rows = self._only_reminders()
        if rows:
            numbers = [row.number for row in rows]
            text = _("{what} is gone · z brings it back").format(what=self._named(rows))
            self._run(lambda ctx: desk.reminders.remove(ctx, numbers), text)

    def action_reminder_guest(self) -> None:
        """The profile of the guest that it is about."""
        rows = list(self.reminder_rows)
        guest = next((link.id for link in rows[0].links if link.kind == "guest"), None) if rows else None
        if guest is not None:
            self.shell.open_guest(guest)
        elif rows:
            self.shell.tell(_("It is about no guest."), warning=True)

    def _named(self, rows: Sequence[BoardRow]) -> str:
        if len(rows) == 1:
            title = rows[0].title or _("inquiry {number}").format(number=rows[0].number)
            return f"“{cut(title, _NAME)}”"
        return ngettext("{n} reminder", "{n} reminders", len(rows)).format(n=len(rows))

    def _run(self, work: Callable[[Context], int], said: str) -> None:
        def done(count: int) -> None:
            self.shell.tell(said if count else _("Nothing was changed."))
            self.reminders_changed()

        def failed(error: Exception) -> None:
            self.shell.report(error)
            self.reminders_changed()

        self.ask(work, done, failed=failed, in_order=True)
