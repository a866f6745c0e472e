"""Making a reminder: what, until when, who."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.i18n import _
from crm_tui.desk.views import AgentView
from crm_tui.screens.base import Dialog
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms import Choice, DayField, Form, PickField, TextField


class ReminderBox(Dialog[dict[str, Any] | None]):
    """Asks for a reminder; dismissed with title, due day and assignee.

    Args:
        title: what it is for; display-safe.
        agents: who can be reminded.
        today: the property's day.
    """

    DEFAULT_CSS = """
    ReminderBox {
        align: center middle;
        DialogBox { width: 84; }
        Form { height: auto; }
        Field .field--label { width: 10; }
        DayField InputLine { width: 28; max-width: 28; }
        Field .field--error { padding: 0 0 0 10; }
        Form > .form--help { padding: 0 0 0 10; }
    }
    """

    def __init__(self, title: str, agents: Sequence[AgentView], today: Callable[[], date]) -> None:
        super().__init__()
        self._title, self._agents, self._today = title, agents, today

    def compose(self) -> ComposeResult:
        """Title and form."""
        choices = [Choice("", _("me")), *(Choice(agent.name, agent.name) for agent in self._agents)]
        with DialogBox():
            yield DialogTitle(self._title)
            yield Form(
                TextField("title", _("What"), required=True, max_length=500),
                DayField(
                    "due", _("Until"), today=self._today, required=True,
                    help=_("Write 12.7., 12 jul, fri, tomorrow or +3."),
                ),
                PickField("assignee", _("Who"), lambda: choices, "", labels=lambda name: str(name) or _("me")),
                keep="reminder",
            )  # fmt: skip
            yield Static(Content(_("ctrl+s saves · Esc back, what you typed is kept")), classes="dialog--keys")

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(Form).fields["title"].focus_control()

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        event.form.forget()
        self.dismiss(event.values)

    @on(Form.Left)
    def action_close(self) -> None:
        """Leave; what was typed is kept while the desk runs."""
        self.query_one(Form).remember()
        self.dismiss(None)
