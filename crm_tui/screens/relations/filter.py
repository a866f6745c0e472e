"""What guest relations shows: open, resolved, of one kind, code, employee, text."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.i18n import _
from crm_tui.desk.quality.feedback_views import FeedbackQuery, Show
from crm_tui.rules.vocabulary import FeedbackKind
from crm_tui.screens.base import Dialog
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms import Choice, ChoiceField, Form, PickField, TextField


def shows() -> list[Choice]:
    """What can be shown; the first is the page as it is."""
    return [
        Choice(Show.PAGE.value, _("the page of today")),
        Choice(Show.OPEN.value, _("open")),
        Choice(Show.RESOLVED.value, _("resolved")),
        Choice(Show.ALL.value, _("all")),
    ]


def kinds() -> list[Choice]:
    """Which feedback."""
    return [
        Choice("", _("both")),
        Choice(FeedbackKind.NEGATIVE.value, _("complaints")),
        Choice(FeedbackKind.POSITIVE.value, _("compliments")),
    ]


class RelationsFilter(Dialog[FeedbackQuery | None]):
    """Asks what to show; dismissed with the query, or None.

    Args:
        query: what is shown now.
        codes, employees: what occurs.
    """

    DEFAULT_CSS = """
    RelationsFilter {
        align: center middle;
        DialogBox { width: 80; }
        Form { height: auto; }
        Field .field--label { width: 12; }
        Field .field--error { padding: 0 0 0 12; }
        Form > .form--help { padding: 0 0 0 12; height: 1; margin: 0; }
    }
    """

    def __init__(self, query: FeedbackQuery, codes: Sequence[str], employees: Sequence[str]) -> None:
        super().__init__()
        self._query = query
        self._codes, self._employees = list(codes), list(employees)

    def compose(self) -> ComposeResult:
        """Title and form."""
        query = self._query
        with DialogBox():
            yield DialogTitle(_("What guest relations shows"))
            yield Form(
                ChoiceField("show", _("Which"), shows(), query.show),
                ChoiceField("kind", _("Kind"), kinds(), query.kind),
                PickField("code", _("About"), lambda: _some(self._codes), query.code, labels=_word),
                PickField("employee", _("Employee"), lambda: _some(self._employees), query.employee, labels=_word),
                TextField("text", _("Text"), query.text, help=_("a name, a room, words of what was said or done")),
            )
            yield Static(Content(_("ctrl+s shows that · Esc back")), classes="dialog--keys")

    def on_mount(self) -> None:
        """Which is chosen most often."""
        self.query_one(Form).fields["show"].focus_control()

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        values = {name: str(value or "").strip() for name, value in event.values.items()}
        self.dismiss(FeedbackQuery(**values, order=self._query.order))

    @on(Form.Left)
    def action_close(self) -> None:
        """Leave it as it was."""
        self.dismiss(None)


def _word(value: object) -> str:
    return str(value) if value else _("any")


def _some(names: Sequence[str]) -> list[Choice]:
    return [Choice("", _("any")), *(Choice(name, name) for name in names)]
