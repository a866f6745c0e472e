"""A PIN: one's own with the old one, or a new one for another (SPEC §13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from crm_tui import desk
from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.base.redact import Secret
from crm_tui.desk.common.views import AgentView
from crm_tui.screens.form_screen import FormScreen
from crm_tui.widgets.forms import PasswordField

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


class PinScreen(FormScreen):
    """The form; an empty new PIN takes it away."""

    def __init__(self, agent: AgentView, *, own: bool) -> None:
        super().__init__()
        self._agent, self._own = agent, own
        self.title_words = _("Your PIN") if own else _("Reset the PIN of {name}").format(name=agent.name)

    def rows(self) -> list[Widget]:
        """The old one where it is needed, the new one twice."""
        fields: list[Widget] = []
        if self._own and self._agent.has_pin:
            fields.append(PasswordField("old", _("Present PIN"), required=True))
        help_text = _("At least 4 characters; letters count too. Empty takes the PIN away.")
        fields.append(PasswordField("new", _("New PIN"), help=help_text))
        fields.append(PasswordField("again", _("The same again")))
        return fields

    def save(self, ctx: Context, values: dict[str, Any]) -> str:
        """Set, change, remove or reset it."""
        new = Secret(values["new"]) if values["new"] else None
        if values["new"] != values["again"]:
            raise InvalidInput(_("The two are not the same."), field="again")
        name = self._agent.name
        if not self._own:
            desk.sign_in.reset_pin(ctx, self._agent.id, new)
        elif new is not None:
            desk.sign_in.set_pin(ctx, new, Secret(values["old"]) if values.get("old") else None)
        elif self._agent.has_pin:
            desk.sign_in.remove_pin(ctx, Secret(values["old"]))
        else:
            raise InvalidInput(_("Type the new PIN."), field="new")
        return _("{name} has a new PIN.").format(name=name) if new else _("{name} has no PIN now.").format(name=name)
