"""Which tickets of a place are shown: state, stage, channel."""

from __future__ import annotations

from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.i18n import _
from crm_tui.desk.ticketing.ticket_views import OPEN, STATES
from crm_tui.rules.vocabulary import Channel, TicketState
from crm_tui.screens.base import Dialog
from crm_tui.screens.inquiries.words import channel_word
from crm_tui.screens.tickets.rows import Shown
from crm_tui.screens.tickets.words import stage_word, stages, state_word
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms import Choice, ChoiceField, Form


class TicketFilter(Dialog[Shown | None]):
    """Asks what to show; dismissed with it, or None.

    Args:
        shown: what is shown now.
    """

    DEFAULT_CSS = """
    TicketFilter {
        align: center middle;
        DialogBox { width: 76; }
        Form { height: auto; }
        Field .field--label { width: 10; }
        Field .field--error { padding: 0 0 0 10; }
        Form > .form--help { display: none; }
    }
    """

    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self._shown = shown

    def compose(self) -> ComposeResult:
        """Title and form."""
        shown, every = self._shown, Choice("", _("all"))
        states = [Choice(one, state_word(one)) for one in STATES if one not in (OPEN, TicketState.DONE)]
        with DialogBox():
            yield DialogTitle(_("Which tickets are shown"))
            yield Form(
                ChoiceField("state", _("State"), [every, *states], shown.state),
                ChoiceField(
                    "stage", _("Stage"), [every, *(Choice(one, stage_word(one)) for one in stages())], shown.stage
                ),
                ChoiceField(
                    "channel",
                    _("Channel"),
                    [every, *(Choice(str(one), channel_word(one)) for one in Channel)],
                    shown.channel,
                ),
            )
            yield Static(Content(_("← → choose · ctrl+s shows that · Esc back")), classes="dialog--keys")

    def on_mount(self) -> None:
        """The state is chosen most often."""
        self.query_one(Form).fields["state"].focus_control()

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        state, stage, channel = (str(event.values[name] or "") for name in ("state", "stage", "channel"))
        self.dismiss(replace(self._shown, state=state, stage=stage, channel=channel))

    @on(Form.Left)
    def action_close(self) -> None:
        """Leave it as it was."""
        self.dismiss(None)
