"""The forms of the team: a member, and a department."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.errors import CrmError, InvalidInput
from crm_tui.base.i18n import LANGUAGES, _
from crm_tui.desk.views import AgentView, DepartmentView
from crm_tui.desk.words import ROLES, said
from crm_tui.screens.base import DeskScreen
from crm_tui.widgets.forms import Choice, ChoiceField, Form, PickField, TextField

if TYPE_CHECKING:
    from crm_tui.desk.context import Context


def role_name(role: str) -> str:
    """A role in the agent's language."""
    return said(ROLES, role)


class _FormScreen(DeskScreen[str | None]):
    """A form that is saved with ctrl+s; the result is the sentence that says what was done, or None."""

    CSS_PATH = "screen.tcss"
    letters_are_text = True
    AUTO_FOCUS: ClassVar[str | None] = "Form InputLine"
    BINDINGS = [Binding("escape", "back", show=False)]
    title_words = ""
    keep = ""

    def body(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(Content.styled(self.title_words, "bold"), id="title")
            yield Form(*self.rows(), keep=self.keep)
            yield Static("", id="result")

    def rows(self) -> list[Widget]:
        """The fields."""
        raise NotImplementedError

    def save(self, ctx: Context, values: dict[str, Any]) -> str:
        """Save them; returns what is told. Blocks."""
        raise NotImplementedError

    @property
    def form(self) -> Form:
        """The form."""
        return self.query_one(Form)

    @property
    def unsaved(self) -> str:
        """What would be lost by quitting now."""
        return _("What stands in the form is not saved.") if self.is_mounted and self.form.dirty else ""

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        values = event.values
        self.ask(lambda ctx: self.save(ctx, values), self._saved, failed=self._failed, topic="save")

    def _saved(self, sentence: str) -> None:
        self.form.forget()
        self.dismiss(sentence)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, InvalidInput) and self.form.show_error(error):
            return
        if isinstance(error, CrmError):
            self.query_one("#result", Static).update(Content.assemble(("✕ ", "bold $text-error"), str(error)))
        else:
            self.shell.report(error)

    @on(Form.Left)
    def _left(self) -> None:
        self.action_back()

    def action_back(self) -> None:
        """Leave; what was typed is kept while the desk runs."""
        self.form.remember()
        self.dismiss(None)


class AgentScreen(_FormScreen):
    """A member of the team; ``agent`` None adds one."""

    def __init__(self, agent: AgentView | None, departments: Sequence[DepartmentView]) -> None:
        super().__init__()
        self._agent = agent
        self._departments = [one.name for one in departments]
        self.title_words = _("Change {name}").format(name=agent.name) if agent else _("Add a member of the team")
        self.keep = "" if agent else "agent"

    def rows(self) -> list[Widget]:
        """Name, role, department, language, system user."""
        roles = [Choice(str(role), role_name(role)) for role in ROLES]
        languages = [Choice(code, code) for code in LANGUAGES]
        fields: list[Any] = [
            TextField("name", _("Name"), required=True, help=_("What everybody at the desk calls them.")),
            ChoiceField(
                "role", _("Role"), roles, help=_("Managers see others' work; admins change accounts and team.")
            ),
            PickField(
                "department",
                _("Department"),
                self._choices,
                labels=lambda value: str(value) if value else _("none"),
                help=_("What is only for a department is seen by its members. D in the list adds one."),
            ),
            ChoiceField("language", _("Language"), languages, help=_("Of the desk, and of templates that fit.")),
            TextField("login", _("System user"), help=_("Who logs in under this name is this agent. May be empty.")),
        ]
        return fields

    def _choices(self) -> list[Choice]:
        return [Choice("", _("none")), *(Choice(name, name) for name in self._departments)]

    def on_mount(self) -> None:
        """Fill in what is known."""
        if self._agent is not None:
            self.form.fill({name: getattr(self._agent, name) for name in self.form.fields}, settle=True)

    def save(self, ctx: Context, values: dict[str, Any]) -> str:
        """Add or change; only what was changed is written."""
        if self._agent is None:
            made: AgentView = desk.team.add(ctx, **values)
            return _("{name} is in the team · z takes it back").format(name=made.name)
        one = self._agent
        changed = {name: value for name, value in values.items() if value != getattr(one, name)}
        saved: AgentView = desk.team.change(ctx, one.id, one.version, **changed)
        if not changed:
            return ""
        said = _("{name} is saved · z takes it back").format(name=saved.name)
        return " ".join(part for part in (said, desk.team.fallen_words(saved.fallen)) if part)


class DepartmentScreen(_FormScreen):
    """A new department."""

    keep = "department"

    def __init__(self) -> None:
        super().__init__()
        self.title_words = _("Add a department")

    def rows(self) -> list[Widget]:
        """Its name."""
        return [TextField("name", _("Name"), required=True, help=_("Like Reception, Reservations, Groups."))]

    def save(self, ctx: Context, values: dict[str, Any]) -> str:
        """Add it."""
        desk.departments.add(ctx, values["name"])
        return _("The department {name} is there · z takes it back").format(name=" ".join(values["name"].split()))
