"""The form of an inquiry: what helps to make an offer. New by phone or at the counter, or one that is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.client_base.guest_views import GuestRow
from crm_tui.desk.common.views import AgentView
from crm_tui.desk.requests.inquiry_views import FIELD_NAMES, InquiryView
from crm_tui.rules.inquiry_checks import FIELDS
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.dialogs.versions import Differing, VersionsDialog
from crm_tui.screens.inquiries import calls
from crm_tui.screens.inquiries.actions import FORM
from crm_tui.screens.inquiries.counting import Counting
from crm_tui.screens.inquiries.days import Today
from crm_tui.screens.inquiries.fields import PERSON, handlers, inquiry_fields, person_of, scopes
from crm_tui.screens.inquiries.guest_pick import Picked
from crm_tui.screens.inquiries.parts import THREE_PANES, TWO_PANES
from crm_tui.screens.inquiries.words import PROPOSED, said_value
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.forms import DayField, Field, Form, PickField

HALF_WRITTEN = frozenset({"date", "amount", "currency", "no currency", "number"})
"""What may still become right while it is typed: told when the field is left."""


class InquiryForm(Today, DeskScreen[int | None]):
    """All fields of an inquiry. ctrl+s saves, ctrl+y takes over what was proposed, Esc leaves and keeps what was typed.

    Args:
        view: the inquiry to change; None takes down a new one.
        at: the field that gets the cursor.
        channel: where a new one comes from, at first.
        guest: whose a new one is.

    The screen's result is the inquiry's number once it is saved, or None.
    """

    writes = True

    CSS_PATH = "screen.tcss"
    letters_are_text = True
    BINDINGS = [*bindings(FORM), Binding("escape", "back", show=False)]

    def __init__(
        self, view: InquiryView | None = None, *, at: str = "", channel: str = "phone", guest: GuestRow | None = None
    ) -> None:
        super().__init__()
        self._person = guest
        self._view = view
        self._at = at
        self._channel = channel
        self._faults: dict[str, tuple[str, str]] = {}
        self._proposed: dict[str, str] = dict(view.proposed) if view else {}
        self._taken: set[str] = set()
        self._saving = False
        self._helps: dict[str, str] = {}
        self._counting = Counting(lambda: self._fields)

    def body(self) -> ComposeResult:
        title = _("New inquiry") if self._view is None else self._title(self._view)
        with Vertical(id="inquiry"):
            yield Static(Content.styled(title, "bold $primary"), id="title")
            yield Form(
                inquiry_fields(self._view, self.today, self._judge, self._channel),
                keep=f"inquiry {self._view.id if self._view else self._person.id if self._person else 'new'}"
                + (" of guest" if self._person else ""),
                thing=self._view,
            )
            yield Static("", id="result")

    @staticmethod
    def _title(view: InquiryView) -> str:
        return _("Inquiry {number} · {name}").format(number=view.id, name=view.title or _("no guest yet"))

    @property
    def form(self) -> Form:
        """The form."""
        return self.query_one(Form)

    @property
    def _fields(self) -> Mapping[str, Field]:
        return self.form.fields

    def on_mount(self) -> None:
        """Show what is proposed; the cursor goes where it was asked for."""
        if self._person is not None:
            self.form.fill({"guest": Picked(self._person)})
        self._show_person()
        self._show_proposed()
        wanted = self._fields.get(self._at or ("guest" if self._view is None and self._person is None else "arrival"))
        if wanted is not None:
            wanted.focus_control()
        super().on_mount()

    def on_resize(self) -> None:
        """The fields take what they need; beyond the screen they scroll, so that the help stays right below them."""
        around = 4  # title, help, result
        self.form.query_one(VerticalScroll).styles.max_height = max(4, self.query_one("#inquiry").size.height - around)

    def desk_ready(self) -> None:
        """Who there is to choose from."""
        self.ask(calls.prepare, self._offer_agents)

    def _offer_agents(self, agents: Sequence[AgentView]) -> None:
        ctx = self.shell.ctx
        me = ctx.actor.name if ctx is not None else ""
        department = ctx is not None and ctx.actor.department is not None
        for name, offered in (("handler", handlers(agents)), ("scope", scopes(agents, me, department=department))):
            field = self._fields[name]
            if isinstance(field, PickField):
                field.offer(offered)

    # What is proposed

    def _show_proposed(self) -> None:
        narrow_columns = TWO_PANES <= self.app.size.width < THREE_PANES
        for name, words in self._proposed.items():
            if name not in self._fields:
                continue
            field = self._fields[name]
            source = _("from the mail: “{words}”").format(words=words) if words else _("from the mail")
            short = narrow_columns or (isinstance(field, DayField) and self.app.size.width < THREE_PANES)
            shown = _("“{words}”").format(words=words) if words and short else source
            field.remark(Content.assemble((f"{PROPOSED} ", "bold $accent"), shown))
            self._helps[name] = field.help_text
            field.explain(" · ".join(part for part in (source, field.help_text) if part))
        self._tell_rest()

    def _tell_rest(self) -> None:
        count = len(self._proposed)
        words = ngettext(
            "{n} field is read from the mail: ctrl+y takes it over",
            "{n} fields are read from the mail: ctrl+y takes them over",
            count,
        )
        self.say(words.format(n=count) if count else "")
        self.refresh_bindings()

    def action_take_over_all(self) -> None:
        """What was read in the mail is right; it is saved with the rest."""
        self._taken |= set(self._proposed)
        for name in list(self._proposed):
            self._no_proposal(name)
        self._tell_rest()
        if self._taken:
            self.say(_("Taken over; ctrl+s saves it."))

    def _no_proposal(self, name: str) -> None:
        """What stands in a field is the agent's own now."""
        self._proposed.pop(name)
        field = self._fields.get(name)
        if field is not None:
            field.remark(Content(""))
            field.explain(self._helps.get(name, ""))
            self.form.refresh_help()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Taking over needs something proposed."""
        return bool(self._proposed) if action == "take_over_all" else True

    # Checking

    def values(self) -> dict[str, Any]:
        """What stands in the form, as the desk takes it: text where it is no value yet."""
        found = {name: field.value for name, field in self._fields.items() if name in FIELDS}
        for name, field in self._fields.items():
            if isinstance(field, DayField) and field.value is None:
                found[name] = field.typed
        return found

    def _judge(self, name: str) -> Callable[[Any], str]:
        return lambda _value: self._faults.get(name, ("", ""))[1]

    @on(Field.Changed)
    def _changed(self, event: Field.Changed) -> None:
        event.stop()
        name = event.field.key
        if name in self._proposed and event.field.dirty:
            self._no_proposal(name)
            self._tell_rest()
        self._counting.changed(name)
        if name == "guest":
            self._show_person()
        elif name in FIELDS:
            self._check(name)

    def _check(self, typed: str) -> None:
        """Look at all of it: what clashes is told at once, what is half-written when the field is left."""
        self._faults = calls.faults(self.values(), self.today(), self._view)
        for name, field in self._fields.items():
            kind, sentence = self._faults.get(name, ("", ""))
            if not sentence:
                if field.error and name in FIELDS:
                    field.check()
            elif field.dirty and not (name == typed and kind in HALF_WRITTEN):
                field.show_error(sentence)

    # The guest of a new one

    def _show_person(self) -> None:
        """A new guest has fields of its own."""
        if self._view is not None:
            return
        picked = self._fields["guest"].value
        new = isinstance(picked, Picked) and picked.guest is None
        for name in PERSON:
            self._fields[name].display = new
        if new and isinstance(picked, Picked) and not self._fields["surname"].value:
            self.form.fill(person_of(picked))

    # Saving

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        if self._saving:
            return
        self._saving = True
        if self._view is None:
            values, guest = self.values(), self._guest()
            work = calls.noticing(lambda ctx: calls.create(ctx, values, guest))
            self.ask(work, self._saved, failed=self._refused)
        else:
            self._save(self._began, {name: value for name, value in self.values().items() if self._fields[name].dirty})

    @property
    def _began(self) -> InquiryView:
        """What the agent's changes began from: with a half-filled form, the inquiry as it stood then."""
        view: InquiryView = self.form.began
        return view

    def _save(self, view: InquiryView, values: dict[str, Any]) -> None:
        taken = frozenset(self._taken)
        work = calls.noticing(lambda ctx: calls.save(ctx, view, values, taken))
        self.ask(work, self._saved, failed=self._refused)

    def _guest(self) -> int | dict[str, str]:
        picked = self._fields["guest"].value
        if isinstance(picked, Picked) and picked.guest is not None:
            return picked.guest.id
        return {name: str(self._fields[name].value) for name in PERSON if self._fields[name].value}

    def _saved(self, done: calls.Done) -> None:
        number = int(done.result)
        self._saving = False
        self.form.forget()
        if self._view is None:
            self.shell.tell(_("Inquiry {number} is taken down · z takes it back").format(number=number))
        else:
            self.shell.tell(calls.said(done, _("Saved · z takes it back")))
        self.dismiss(number)

    def _refused(self, error: Exception) -> None:
        self._saving = False
        theirs = getattr(error, "theirs", None)
        if isinstance(theirs, InquiryView):
            self._choose(str(error), theirs, error.fields)  # type: ignore[attr-defined]
            return
        errors = getattr(error, "errors", {})
        shown = [name for name in errors if name in self._fields]
        for name in reversed(shown):
            self._fields[name].show_error(errors[name])
            self._fields[name].focus_control()
        if not shown and not (isinstance(error, InvalidInput) and self.form.show_error(error)):
            self.shell.report(error)

    def _choose(self, title: str, theirs: InquiryView, fields: Sequence[str]) -> None:
        """Both changed the same: the agent says whose counts, field by field."""
        mine = {name: value for name, value in self.values().items() if self._fields[name].dirty}
        both = [
            Differing(name, _(FIELD_NAMES.get(name, name)), said_value(theirs, name), self._shown(name))
            for name in fields
            if name in mine and not self._seen_so(name, theirs)
        ]

        def chosen(kept: frozenset[str] | None) -> None:
            if kept is None:
                return
            given_up = {one.field for one in both} - kept
            self._saving = True
            left = {name: value for name, value in mine.items() if name not in given_up}
            self._save(theirs, self._counting.settled(left, theirs))

        if both:
            self.app.push_screen(VersionsDialog(title, both), chosen)
        else:
            chosen(frozenset())

    def _seen_so(self, name: str, theirs: InquiryView) -> bool:
        """Whether the agent saw what the others wrote before changing it: in a half-filled form that was opened again."""
        seen = self._began if name in self.form.kept else self._view
        return seen is not None and said_value(seen, name) == said_value(theirs, name)

    def _shown(self, name: str) -> str:
        field = self._fields[name]
        if isinstance(field, PickField):
            return field.picker.text
        return field.typed if isinstance(field, DayField) else str(field.value)

    def say(self, text: str) -> None:
        """Below the form, until something else is said."""
        self.query_one("#result", Static).update(Content(text))

    @on(Form.Left)
    def action_back(self) -> None:
        """Leave; what was typed is kept while the desk runs."""
        self.form.remember()
        if self.form.typed:
            self.shell.tell(_("Not saved; it will be here when you come back."))
        self.dismiss(None)
