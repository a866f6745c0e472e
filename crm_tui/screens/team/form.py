"""The forms of the team: a member, and a department."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from crm_tui import desk
from crm_tui.base.i18n import LANGUAGES, _
from crm_tui.desk.common.views import AgentView, DepartmentView
from crm_tui.desk.common.words import ROLES, said
from crm_tui.screens.form_screen import FormScreen
from crm_tui.widgets.forms import Choice, ChoiceField, PickField, TextField

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


def role_name(role: str) -> str:
    """A role in the agent's language."""
    return said(ROLES, role)


class AgentScreen(FormScreen):
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


class DepartmentScreen(FormScreen):
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
