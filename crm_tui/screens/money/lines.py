"""Boxes that ask for a line: of a schedule, of terms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _, language
from crm_tui.desk.money_views import ANCHORS, ScheduleLineView
from crm_tui.desk.reservation_views import LINES
from crm_tui.rules.money import decimal_sign, plainly
from crm_tui.screens.base import Dialog
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms import Choice, ChoiceField, DayField, Form, TextField

if TYPE_CHECKING:
    from crm_tui.desk.context import Context
    from crm_tui.rules.schedule import TermLine

_CSS = """
    align: center middle;
    DialogBox { width: 78; }
    Form { height: auto; }
    Field .field--label { width: 10; }
    Field .field--error { padding: 0 0 0 10; }
    Form > .form--help { padding: 0 0 0 10; height: 1; margin: 0; }
"""


class LineForm(Dialog[Any]):
    """A form that stays open until what it says was done."""

    form: Form

    def _made(self, title: str, form: Form) -> ComposeResult:
        self.form = form
        with DialogBox():
            yield DialogTitle(title)
            yield form
            yield Static(Content(_("ctrl+s saves · Tab moves · Esc back")), classes="dialog--keys")

    def failed(self, error: Exception) -> None:
        """At its field, else as a toast; the box stays."""
        if not (isinstance(error, InvalidInput) and self.form.show_error(error)):
            self.shell.report(error)

    def finish(self, value: Any) -> None:
        """It was done."""
        self.dismiss(value)

    @on(Form.Left)
    def action_close(self) -> None:
        """Leave; nothing is changed."""
        self.dismiss(None)


class LineBox(LineForm):
    """Asks for a line of a schedule and its reason; dismissed with what ``work`` gives.

    Args:
        title: which line.
        row: the line as it is; None: a new one.
        work: makes it so, with kind, due, amount, reason.
    """

    DEFAULT_CSS = f"LineBox {{ {_CSS} }}"

    def __init__(
        self,
        title: str,
        row: ScheduleLineView | None,
        today: Callable[[], date],
        work: Callable[[Context, dict[str, Any]], Any],
    ) -> None:
        super().__init__()
        self._title, self._row, self._today, self._work = title, row, today, work

    def compose(self) -> ComposeResult:
        """Title and form."""
        row = self._row
        kinds = [Choice(code, _(word)) for code, word in LINES.items()]
        typed = plainly(row.amount, decimal_sign(language())) if row is not None else ""
        yield from self._made(
            self._title,
            Form(
                ChoiceField("kind", _("What"), kinds, row.kind if row is not None else "balance"),
                DayField("due", _("Due"), row.due if row is not None else None, today=self._today, required=True),
                TextField("amount", _("Amount"), typed, required=True),
                TextField("reason", _("Reason"), row.reason if row is not None else "", required=True, max_length=400),
            ),
        )

    def on_mount(self) -> None:
        """Most often the day is put off."""
        self.form.fields["due" if self._row is not None else "kind"].focus_control()

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        values = event.values
        self.ask(lambda ctx: self._work(ctx, values), self.finish, failed=self.failed, in_order=True)


class TermBox(LineForm):
    """Asks for a line of terms; dismissed with it."""

    DEFAULT_CSS = f"TermBox {{ {_CSS} }}"

    def __init__(self, title: str, line: dict[str, str] | None, currency: str) -> None:
        super().__init__()
        self._title, self._line, self._currency = title, line or {}, currency

    def compose(self) -> ComposeResult:
        """Title and form."""
        line = self._line
        kinds = [Choice(code, _(word)) for code, word in LINES.items()]
        anchors = [Choice(code, _(word)) for code, word in ANCHORS.items()]
        yield from self._made(
            self._title,
            Form(
                ChoiceField("kind", _("What"), kinds, line.get("kind", "deposit")),
                TextField(
                    "share",
                    _("How much"),
                    line.get("share", ""),
                    required=True,
                    help=_("30 %, or an amount like 200 EUR"),
                ),
                ChoiceField("anchor", _("From"), anchors, line.get("anchor", "booking")),
                TextField(
                    "days", _("Days"), line.get("days", "0"), help=_("After that day; -30: thirty days before it")
                ),
            ),
        )

    def on_mount(self) -> None:
        """How much comes first."""
        self.form.fields["share"].focus_control()

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        values, currency = event.values, self._currency

        def read(_ctx: Context) -> TermLine:
            return desk.term_words.read_line(**values, currency=currency)

        self.ask(read, self.finish, failed=self.failed)
