"""What a watchlist shows: state, operator, destination, text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.i18n import _
from crm_tui.screens.base import Dialog
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms import Choice, ChoiceField, Form, TextField

FIELDS = ("state", "operator", "destination", "text")


class WatchFilter(Dialog[dict[str, str] | None]):
    """Asks what to show; dismissed with the fields of the query, or None.

    Args:
        title: of the list.
        states: what can be chosen; the first is all.
        given: what is shown now.
        about_text: what the text is looked for in.
    """

    DEFAULT_CSS = """
    WatchFilter {
        align: center middle;
        DialogBox { width: 80; }
        Form { height: auto; }
        Field .field--label { width: 16; }
        Field .field--error { padding: 0 0 0 16; }
        Form > .form--help { padding: 0 0 0 16; }
    }
    """

    def __init__(self, title: str, states: Sequence[Choice], given: Mapping[str, str], about_text: str) -> None:
        super().__init__()
        self._title, self._states, self._given, self._about = title, list(states), dict(given), about_text

    def compose(self) -> ComposeResult:
        """Title and form."""
        given = self._given
        with DialogBox():
            yield DialogTitle(_("What {list} shows").format(list=self._title))
            yield Form(
                ChoiceField("state", _("State"), self._states, given["state"]),
                TextField("operator", _("Operator"), given["operator"], help=_("the name of a tour operator")),
                TextField("destination", _("Destination"), given["destination"], help=_("a part of it will do")),
                TextField("text", _("Text"), given["text"], help=self._about),
            )
            yield Static(Content(_("ctrl+s shows that · Esc back")), classes="dialog--keys")

    def on_mount(self) -> None:
        """The state is chosen most often."""
        self.query_one(Form).fields["state"].focus_control()

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        self.dismiss({name: str(event.values[name] or "").strip() for name in FIELDS})

    @on(Form.Left)
    def action_close(self) -> None:
        """Leave it as it was."""
        self.dismiss(None)
