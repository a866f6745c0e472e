"""What of the journal is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.histories.journal_view import JournalQuery
from crm_tui.screens.base import Dialog
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms import Choice, Form, PickField, TextField
from crm_tui.widgets.forms.day import DayField

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

ENGINE = "engine"


class JournalFilter(Dialog[JournalQuery | None]):
    """Asks what to show; dismissed with the query, or None.

    Args:
        query: what is shown now.
        agents: those there are and those who left.
        entities: kinds of things that the journal tells of, with their words.
    """

    DEFAULT_CSS = """
    JournalFilter {
        align: center middle;
        DialogBox { width: 76; max-height: 100%; }
        Form { height: auto; }
        Field .field--label { width: 15; }
        Field .field--error { padding: 0 0 0 15; }
        Form > .form--help { padding: 0 0 0 15; height: 1; margin: 0; }
    }
    """

    def __init__(self, query: JournalQuery, agents: Sequence[str], entities: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._query = query
        self._agents, self._entities = agents, dict(entities)

    def compose(self) -> ComposeResult:
        """Agent, thing, action, days, words."""
        now = self._query
        with DialogBox():
            yield DialogTitle(_("What of the journal is shown"))
            yield Form(
                PickField("agent", _("Agent"), self._people, now.agent, labels=self._person),
                PickField("entity", _("Kind of thing"), self._kinds, now.entity, labels=self._kind),
                TextField("number", _("Number"), str(now.number or ""), help=_("Of one thing of that kind.")),
                TextField(
                    "action", _("Action"), now.action, help=_("As the journal calls it: create, change, assign…")
                ),
                DayField("first", _("From"), now.first, today=self._today),
                DayField("last", _("To"), now.last, today=self._today),
                TextField("words", _("Words"), now.words, help=_("In what it was before or after.")),
            )
            yield Static(Content(_("ctrl+s shows that · Esc back")), classes="dialog--keys")

    def on_mount(self) -> None:
        """The agent is chosen most often."""
        self.query_one(Form).fields["agent"].focus_control()

    def _today(self) -> Any:
        return self.shell.clock.now().astimezone(self.shell.zone).date()

    def _people(self) -> list[Choice]:
        names = [Choice(name, name) for name in self._agents]
        return [Choice("", _("everybody")), *names, Choice(ENGINE, self._person(ENGINE))]

    @staticmethod
    def _person(name: Any) -> str:
        return _("everybody") if not name else _("the desk by itself") if name == ENGINE else str(name)

    def _kind(self, name: Any) -> str:
        return self._entities.get(str(name), _("all"))

    def _kinds(self) -> list[Choice]:
        return [Choice("", _("all")), *(Choice(name, word) for name, word in self._entities.items())]

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        """Take it over; it is tried, so that a wrong one is told here."""
        event.stop()
        values = event.values

        def tried(ctx: Context) -> JournalQuery:
            query = query_of(values)
            desk.journal_view.page(ctx, query, limit=1)
            return query

        self.ask(tried, self._tried, failed=self._failed)

    def _tried(self, query: JournalQuery) -> None:
        self.dismiss(query)

    def _failed(self, error: Exception) -> None:
        if not (isinstance(error, InvalidInput) and self.query_one(Form).show_error(error)):
            self.shell.report(error)

    @on(Form.Left)
    def action_close(self) -> None:
        """Leave it as it was."""
        self.dismiss(None)


def query_of(values: dict[str, Any]) -> JournalQuery:
    """What was asked for.

    Raises:
        InvalidInput: the number is none, or the period ends before it starts.
    """
    number = str(values["number"] or "").strip()
    if number and not (number.isascii() and number.isdecimal() and len(number) < 16):
        raise InvalidInput(_("That is not a number."), field="number")
    first, last = values["first"], values["last"]
    if first and last and last < first:
        raise InvalidInput(_("The period ends before it starts."), field="last")
    return JournalQuery(
        values["agent"] or "",
        values["entity"] or "",
        int(number or 0),
        values["action"],
        first,
        last,
        values["words"],
    )
