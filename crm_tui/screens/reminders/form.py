"""The form of a reminder: what, until when, who, how it comes back. Made from anywhere, linked by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.requests.inquiry_views import ReminderView
from crm_tui.screens.base import Dialog
from crm_tui.screens.inquiries.days import Today
from crm_tui.screens.reminders import calls
from crm_tui.widgets.cells import cut
from crm_tui.widgets.days import day, weekday
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms import Choice, DayField, Field, Form, PickField, TextField

ME = ""
_AGENT, _DEPARTMENT = "a:", "d:"
_FIELDS = ("title", "due", "who", "repeats")


class ReminderForm(Today, Dialog[int | None]):
    """Makes or changes a reminder; dismissed with its number, or None.

    Args:
        reminder_id: the one to change; None makes one.
        inquiry, conversation, guest, reservation: what a new one is about.
        values: what is proposed of a new one: ``title``, ``due`` (a date), ``repeats``, ``assignee``, ``promised``.
    """

    writes = True

    DEFAULT_CSS = """
    ReminderForm {
        align: center middle;
        DialogBox { width: 84; }
        Form { height: auto; }
        Field .field--label { width: 10; }
        DayField InputLine { width: 28; max-width: 28; }
        Field .field--error { padding: 0 0 0 10; }
        Form > .form--help { padding: 0 0 0 10; }
        #meant { height: 1; color: $text-muted; padding: 0 0 0 11; }
        #result { height: auto; color: $text-warning; }
    }
    """

    def __init__(
        self,
        reminder_id: int | None = None,
        *,
        inquiry: int | None = None,
        conversation: int | None = None,
        guest: int | None = None,
        reservation: int | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self._number = reminder_id
        self._links = {"inquiry": inquiry, "conversation": conversation, "guest": guest, "reservation": reservation}
        self._values = dict(values or {})
        self._people = calls.People("", (), ())
        self._reminder: ReminderView | None = None
        self._version = 0
        self._saving = False

    def compose(self) -> ComposeResult:
        """Title and form; that of a known reminder comes once it is read."""
        with DialogBox() as box:
            self._box = box
            yield DialogTitle(self._title(""))
            if self._number is None:
                yield self._form()
            yield Static("", id="meant")
            yield Static("", id="result")
            yield Static(Content(_("ctrl+s saves · Esc back, what you typed is kept")), classes="dialog--keys")

    def _title(self, about: str) -> str:
        if self._number is not None:
            title = _("Reminder {number}").format(number=self._number)
        elif self._values.get("promised"):
            title = _("Promised to the guest")
        else:
            title = _("New reminder")
        return f"{title} · {cut(about, 50)}" if about else title

    def _form(self) -> Form:
        one, given = self._reminder, self._values
        start: dict[str, Any] = {"title": "", "due": None, "who": ME, "repeats": ""} | (
            {"title": one.title, "due": one.due, "who": self._who(one), "repeats": one.repeats} if one else {}
        )
        kept = f"reminder {self._number}" if one else "" if given else f"reminder {sorted(self._about().items())}"
        return Form(
            TextField("title", _("What"), start["title"], required=True, max_length=500),
            DayField(
                "due", _("Until"), start["due"], today=self.today,
                help=_("Write 12.7., 12 jul, fri, tomorrow, in 3 days or +3. May be empty if it comes back."),
            ),
            PickField(
                "who", _("Who"), self._choices, start["who"], labels=self._called,
                help=_("Enter, then a few letters: a colleague or a department."),
            ),
            TextField(
                "repeats", _("Repeats"), start["repeats"],
                help=_("every monday · every 2 weeks · monthly on the 15th · daily until 31.12. · empty: once"),
            ),
            keep=kept,
            thing=one,
        )  # fmt: skip

    def _about(self) -> dict[str, int]:
        return {kind: number for kind, number in self._links.items() if number is not None}

    def on_mount(self) -> None:
        """Type at once; the people and what it is about are read meanwhile."""
        if self._number is None:
            self._begin()
        number, links = self._number, self._links
        self.ask(lambda ctx: calls.load(ctx, number, links), self._read, failed=self._not_there)

    def _not_there(self, error: Exception) -> None:
        self.shell.report(error)
        self.dismiss(None)

    def _read(self, loaded: tuple[calls.People, ReminderView | None, str]) -> None:
        self.call_next(self._show, *loaded)

    async def _show(self, people: calls.People, one: ReminderView | None, about: str) -> None:
        self._people = people
        self.query_one(DialogTitle).update(Content(self._title(about)))
        if one is not None:
            self._reminder, self._version = one, one.version
            await self._box.mount(self._form(), before="#meant")
            self._begin()
        for field in self.query(PickField):
            field.value = field.value  # its words name people that were not known yet

    def _begin(self) -> None:
        form = self.query_one(Form)
        proposed = {name: self._values[name] for name in ("title", "due", "repeats") if self._values.get(name)}
        if self._values.get("assignee"):
            proposed["who"] = _AGENT + str(self._values["assignee"])
        form.offer(proposed)
        form.fields["title"].focus_control()
        self._tell_meaning()

    # Who

    def _who(self, one: ReminderView) -> str:
        if one.department:
            return _DEPARTMENT + one.department
        return ME if one.assignee in ("", self._people.me) else _AGENT + one.assignee

    def _choices(self) -> Sequence[Choice]:
        people = self._people
        return [
            Choice(ME, people.me or _("me"), _("you")),
            *(Choice(_AGENT + name, name) for name in people.agents),
            *(Choice(_DEPARTMENT + name, name, _("department")) for name in people.departments),
        ]

    def _called(self, value: Any) -> str:
        text = str(value)
        if text.startswith(_DEPARTMENT):
            return _("department {name}").format(name=text.removeprefix(_DEPARTMENT))
        return text.removeprefix(_AGENT) or (
            _("{name} (you)").format(name=self._people.me) if self._people.me else _("me")
        )

    # How it comes back

    @on(Field.Changed)
    def _changed(self, event: Field.Changed) -> None:
        if event.field.key in ("repeats", "due"):
            self._tell_meaning()

    def _tell_meaning(self) -> None:
        """What was typed for a recurrence, as it is understood, with its next days."""
        fields = self.query_one(Form).fields
        text, line = str(fields["repeats"].value), self.query_one("#meant", Static)
        if not text:
            line.update(Content(""))
            return
        start = fields["due"].value or self.today()
        try:
            words, days = calls.reading(text, start)
        except InvalidInput as error:
            line.update(Content.styled(f"… {error.message}", "$text-muted"))
            return
        shown = ", ".join(f"{weekday(one)} {day(one, self.today())}" for one in days)
        line.update(Content.styled(f"↻ {words}: {shown} …" if shown else words, "$text-success"))

    # Saving

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        if self._saving:
            return
        values, number, version = self._for_desk(), self._number, self._version
        links = self._links
        self._saving = self.ask(
            lambda ctx: calls.save(ctx, number, version, values, links),
            self._saved,
            failed=self._refused,
            in_order=True,
        )

    def _for_desk(self) -> dict[str, Any]:
        """The values as the desk takes them; of a known reminder those that were changed."""
        fields = self.query_one(Form).fields
        wanted = [name for name in _FIELDS if self._number is None or fields[name].dirty]
        found: dict[str, Any] = {name: fields[name].value for name in wanted}
        if "who" in found:
            who = str(found.pop("who"))
            found["assignee"] = "me" if who == ME else who.removeprefix(_AGENT) if who.startswith(_AGENT) else ""
            found["department"] = who.removeprefix(_DEPARTMENT) if who.startswith(_DEPARTMENT) else ""
        if "due" in found and found["due"] is None and self._number is not None:
            found["due"] = ""
        return found | ({"promised": True} if self._values.get("promised") else {})

    def _saved(self, number: int) -> None:
        form = self.query_one(Form)
        title = cut(str(form.fields["title"].value), 40)
        form.forget()
        self.shell.tell(_("Reminder “{title}” · z takes it back").format(title=title))
        self.dismiss(number)

    def _refused(self, error: Exception) -> None:
        self._saving = False
        theirs = getattr(error, "theirs", None)
        if isinstance(theirs, ReminderView):
            self._version = theirs.version
            words = _("{error} It says now: {title}, {day}, {who}. ctrl+s again saves yours over it.").format(
                error=str(error).rstrip("."),
                title=theirs.title,
                day=theirs.due,
                who=theirs.assignee or theirs.department,
            )
            self.query_one("#result", Static).update(Content(words))
            return
        if isinstance(error, InvalidInput):
            field = {"assignee": "who", "department": "who"}.get(error.field, error.field)
            shown = self.query_one(Form).fields.get(field)
            if shown is not None:
                shown.show_error(str(error))
                shown.focus_control()
                return
        self.shell.report(error)

    @on(Form.Left)
    def action_close(self) -> None:
        """Leave; what was typed is kept while the desk runs."""
        for form in self.query(Form):
            form.remember()
        self.dismiss(None)
