"""The search of reminders: what is done, later than the board, or for others (SPEC §9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.base.sizes import grouped
from crm_tui.desk.shifts.reminder_views import BoardRow, ReminderQuery
from crm_tui.screens.base import DeskScreen, Dialog
from crm_tui.screens.inquiries.days import Today
from crm_tui.screens.reminders import calls
from crm_tui.screens.reminders.acting import ReminderCommands
from crm_tui.screens.reminders.actions import FOUND, ROWS
from crm_tui.screens.reminders.rows import FoundSource, ReminderRowView, signs
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.days import span
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms import Choice, ChoiceField, DayField, Form, PickField
from crm_tui.widgets.forms.text import SearchLine
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList

if TYPE_CHECKING:
    from crm_tui.desk.common.views import Changes

KINDS = {
    "guest": N_("a guest"),
    "reservation": N_("a reservation"),
    "inquiry": N_("an inquiry"),
    "conversation": N_("a conversation"),
}


class SearchBox(SearchLine):
    """The line of the search; moving moves in the list."""

    def on_key(self, event: events.Key) -> None:
        """Down, Tab and Enter lead into the list."""
        screen = self.screen
        if isinstance(screen, ReminderSearch) and event.key in ("down", "enter", "tab"):
            event.stop()
            event.prevent_default()
            screen.list.focus(scroll_visible=False)


class ReminderSearch(ReminderCommands, DeskScreen[None]):
    """Every reminder, found as one types; its rows act in place."""

    CSS_PATH = "screen.tcss"
    BINDINGS = bindings(ROWS, FOUND)

    def __init__(self, query: ReminderQuery | None = None) -> None:
        super().__init__()
        self.query_shown = query or ReminderQuery(order="latest")

    def body(self) -> ComposeResult:
        """Line, title, list."""
        self.box = SearchBox("", placeholder=_("words of the title, or the name of the guest"), id="search")
        self.title_line = Line(id="list-title")
        self.view = ReminderRowView(self.today, dated=True)
        self.view.empty_text = [
            (_("No reminder is found."), "muted"),
            (_("Fewer letters find more; F changes the criteria."), "key"),
        ]
        self.list: RecordList[BoardRow] = RecordList(self.view, self.shell.background, id="list")
        yield self.box
        yield self.title_line
        yield self.list

    def on_mount(self) -> None:
        """Type at once."""
        self.box.focus()
        super().on_mount()

    def desk_ready(self) -> None:
        """Read what is found."""
        ctx = self.shell.ctx
        if ctx is not None:
            self.list.set_source(FoundSource(ctx, self.query_shown), keep=None)
        self._show_title()

    def desk_changed(self, changes: Changes) -> None:
        """Read it anew."""
        if changes.everything or changes.ids.keys() & {"reminder", "agent", "guest"}:
            self.list.reload()

    def reminders_changed(self) -> None:
        """A command was carried out."""
        self.list.action_unmark_all()
        self.list.reload()

    @property
    def reminder_rows(self) -> Sequence[BoardRow]:
        """The marked ones, else that under the cursor."""
        return self.list.chosen

    def signs(self) -> list[tuple[str, str]]:
        """What the signs of the rows mean."""
        return signs()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._show(replace(self.query_shown, text=event.value))

    def _show(self, query: ReminderQuery) -> None:
        self.query_shown = query
        self.desk_ready()

    @on(RecordList.Loaded)
    @on(RecordList.MarksChanged)
    def _show_title(self) -> None:
        total = self.list.total
        count = ngettext("{n} found", "{n} found", total).format(n=grouped(total))
        words = query_words(self.query_shown, self.today())
        self.title_line.show(
            list_title(_("Reminders").upper(), count, filtered=words, marked=len(self.list.marked)),
            [(_("F criteria") + " ", "muted")],
        )

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        event.stop()
        if self.list.current is not None:
            self.open_reminder(self.list.current)

    def action_search_reminders(self) -> None:
        """Back into the line."""
        self.box.focus()

    def action_sort(self) -> None:
        """The other order."""
        self._show(replace(self.query_shown, order="due" if self.query_shown.order == "latest" else "latest"))

    def action_criteria(self) -> None:
        """The form of all criteria."""

        def ask(people: calls.People) -> None:
            self.app.push_screen(CriteriaForm(self.query_shown, people), self._chosen)

        self.ask(calls.people, ask, topic="people")

    def _chosen(self, query: ReminderQuery | None) -> None:
        if query is not None:
            self._show(query)
            self.list.focus(scroll_visible=False)

    def action_back(self) -> None:
        """Marks go first, then what is typed, then the screen."""
        if self.list.marked:
            self.list.action_unmark_all()
        elif self.box.value:
            self.box.value = ""
            self.box.focus()
        else:
            super().action_back()


def query_words(query: ReminderQuery, today: Any) -> str:
    """What is asked, in words."""
    words = [
        {"open": _("open"), "done": _("done"), "all": _("open and done")}[query.state],
        _("for {name}").format(name=_me(query.assignee)) if query.assignee else "",
        _("department {name}").format(name=query.department) if query.department else "",
        _("by {name}").format(name=_me(query.author)) if query.author else "",
        _("about {what}").format(what=_(KINDS[query.kind])) if query.kind else "",
        span(query.due_from, query.due_to, today),
        _("that come back") if query.repeating else "",
        _("latest first") if query.order == "latest" else "",
    ]
    return " · ".join(word for word in words if word)


def _me(name: str) -> str:
    return _("me") if name == "me" else name


class CriteriaForm(Today, Dialog[ReminderQuery | None]):
    """Whose, by whom, about what, when, done or open."""

    DEFAULT_CSS = """
    CriteriaForm {
        align: center middle;
        DialogBox { width: 78; }
        Form { height: auto; }
        Field .field--label { width: 12; }
        Form > .form--help { display: none; }
    }
    """

    def __init__(self, query: ReminderQuery, people: calls.People) -> None:
        super().__init__()
        self._query, self._people = query, people

    def compose(self) -> ComposeResult:
        """The criteria."""
        query = self._query
        states = [Choice("all", _("all")), Choice("open", _("open")), Choice("done", _("done"))]
        anybody = [Choice("", _("anybody")), Choice("me", _("me")), *(Choice(one, one) for one in self._people.agents)]
        rooms = [Choice("", _("any")), *(Choice(one, one) for one in self._people.departments)]
        kinds = [Choice("", _("anything")), *(Choice(kind, _(word)) for kind, word in KINDS.items())]
        once = [Choice(False, _("any")), Choice(True, _("that come back"))]
        with DialogBox():
            yield DialogTitle(_("Find reminders"))
            yield Form(
                ChoiceField("state", _("State"), states, query.state),
                PickField("assignee", _("For"), lambda: anybody, query.assignee, labels=lambda v: _label(anybody, v)),
                PickField(
                    "department", _("Department"), lambda: rooms, query.department, labels=lambda v: _label(rooms, v)
                ),
                PickField("author", _("Made by"), lambda: anybody, query.author, labels=lambda v: _label(anybody, v)),
                PickField("kind", _("About"), lambda: kinds, query.kind, labels=lambda v: _label(kinds, v)),
                DayField("due_from", _("Due from"), query.due_from, today=self.today),
                DayField("due_to", _("Due until"), query.due_to, today=self.today),
                ChoiceField("repeating", _("Kind"), once, query.repeating),
            )
            yield Static(Content(_("ctrl+s finds them · Esc back")), classes="dialog--keys")

    def on_mount(self) -> None:
        """Begin at the first."""
        self.query_one(Form).fields["state"].focus_control()

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        self.dismiss(replace(self._query, **event.values))

    @on(Form.Left)
    def action_close(self) -> None:
        """Nothing changes."""
        self.dismiss(None)


def _label(choices: Sequence[Choice], value: Any) -> str:
    return next((one.label for one in choices if one.value == value), str(value))
