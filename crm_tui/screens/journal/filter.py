"""What of the journal is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from crm_tui import desk
from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.histories.journal_view import JournalQuery
from crm_tui.screens.form_screen import FormScreen
from crm_tui.widgets.forms import Choice, PickField, TextField
from crm_tui.widgets.forms.day import DayField

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

ENGINE = "engine"


class JournalFilter(FormScreen):
    """The result is a sentence; the query is in :attr:`query`."""

    def __init__(self, query: JournalQuery, agents: Sequence[str], entities: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.query_now = query
        self._agents, self._entities = agents, dict(entities)
        self.title_words = _("What of the journal is shown")

    def rows(self) -> list[Widget]:
        """Agent, thing, action, days, words."""
        now = self.query_now
        return [
            PickField("agent", _("Agent"), self._people, labels=lambda one: self._person(one)),
            PickField("entity", _("Kind of thing"), self._kinds, labels=lambda one: self._entities.get(one, _("all"))),
            TextField("number", _("Number"), str(now.number or ""), help=_("Of one thing of that kind.")),
            TextField("action", _("Action"), now.action, help=_("As the journal calls it: create, change, assign…")),
            DayField("first", _("From"), now.first, today=self._today),
            DayField("last", _("To"), now.last, today=self._today),
            TextField("words", _("Words"), now.words, help=_("In what it was before or after.")),
        ]

    def on_mount(self) -> None:
        """Show what holds now."""
        self.form.fill({"agent": self.query_now.agent, "entity": self.query_now.entity}, settle=True)

    def _today(self) -> Any:
        return self.shell.clock.now().astimezone(self.shell.zone).date()

    def _people(self) -> list[Choice]:
        names = [Choice(name, name) for name in self._agents]
        return [Choice("", _("everybody")), *names, Choice(ENGINE, self._person(ENGINE))]

    @staticmethod
    def _person(name: Any) -> str:
        return _("everybody") if not name else _("the desk by itself") if name == ENGINE else str(name)

    def _kinds(self) -> list[Choice]:
        return [Choice("", _("all")), *(Choice(name, word) for name, word in self._entities.items())]

    @property
    def unsaved(self) -> str:
        """A filter is no work."""
        return ""

    def save(self, ctx: Context, values: dict[str, Any]) -> str:
        """Take it over; it is tried, so that a wrong one is told here."""
        number = str(values["number"] or "").strip()
        if number and not (number.isascii() and number.isdecimal() and len(number) < 16):
            raise InvalidInput(_("That is not a number."), field="number")
        first, last = values["first"], values["last"]
        if first and last and last < first:
            raise InvalidInput(_("The period ends before it starts."), field="last")
        self.query_now = JournalQuery(
            values["agent"] or "",
            values["entity"] or "",
            int(number or 0),
            values["action"],
            first,
            last,
            values["words"],
        )
        desk.journal_view.page(ctx, self.query_now, limit=1)
        return _("Filtered")
