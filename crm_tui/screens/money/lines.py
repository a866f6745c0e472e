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
from crm_tui.desk.money.money_views import ANCHORS, ScheduleLineView
from crm_tui.desk.stays.reservation_views import LINES
from crm_tui.rules.money import decimal_sign, plainly
from crm_tui.screens.base import Dialog
from crm_tui.screens.dialogs.versions import both_versions
from crm_tui.widgets.days import written
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms import Choice, ChoiceField, DayField, Form, TextField

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.money.money_views import ScheduleView
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

    writes = True

    form: Form

    def _made(self, title: str, form: Form) -> ComposeResult:
        self.form = form
        with DialogBox():
            yield DialogTitle(title)
            yield form
            keys = _("ctrl+s saves · Esc back, what you typed is kept") if form.keep else ""
            yield Static(Content(keys or _("ctrl+s saves · Tab moves · Esc back")), classes="dialog--keys")

    def failed(self, error: Exception) -> None:
        """At its field, else as a toast; the box stays."""
        if not (isinstance(error, InvalidInput) and self.form.show_error(error)):
            self.shell.report(error)

    def finish(self, value: Any) -> None:
        """It was done."""
        self.form.forget()
        self.dismiss(value)

    @on(Form.Left)
    def action_close(self) -> None:
        """Leave; nothing is changed, and what was typed is kept while the desk runs."""
        self.form.remember()
        self.dismiss(None)


class LineBox(LineForm):
    """Asks for a line of a schedule and its reason; dismissed with what ``work`` gives.

    Where another desk changed the schedule meanwhile, both changes are kept, or it is asked whose count.

    Args:
        title: which line.
        row: the line as it is; None: a new one.
        view: the schedule that it is of.
        today: the property's day.
        work: makes it so, with the version that it began from and with kind, due, amount, reason.
    """

    DEFAULT_CSS = f"LineBox {{ {_CSS} }}"

    def __init__(
        self,
        title: str,
        row: ScheduleLineView | None,
        view: ScheduleView,
        today: Callable[[], date],
        work: Callable[[Context, int, dict[str, Any]], Any],
    ) -> None:
        super().__init__()
        self._title, self._row, self._view, self._today, self._work = title, row, view, today, work
        self._busy = False

    def compose(self) -> ComposeResult:
        """Title and form."""
        row = self._row
        kinds = [Choice(code, _(word)) for code, word in LINES.items()]
        values = _values(row)
        form = Form(
            ChoiceField("kind", _("What"), kinds, values["kind"]),
            DayField("due", _("Due"), values["due"], today=self._today, required=True),
            TextField("amount", _("Amount"), values["amount"], required=True),
            TextField("reason", _("Reason"), values["reason"], required=True, max_length=400),
            keep=f"schedule {self._view.reservation} {row.id if row is not None else 0}",
            thing=(row, self._view.version),
        )
        yield from self._made(self._title, form)

    def on_mount(self) -> None:
        """Most often the day is put off."""
        self.form.fields["due" if self._row is not None else "kind"].focus_control()

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        if not self._busy:
            self._save(self.form.began[1], event.values)

    def _save(self, version: int, values: dict[str, Any]) -> None:
        self._busy = self.ask(
            lambda ctx: self._work(ctx, version, values),
            self.finish,
            failed=lambda error: self._not_saved(error, values),
            in_order=True,
        )

    def _not_saved(self, error: Exception, values: dict[str, Any]) -> None:
        self._busy = False
        theirs, row = getattr(error, "theirs", None), self.form.began[0]
        if theirs is None:
            self.failed(error)
            return
        if row is None:
            self._save(theirs.version, values)
            return
        now = next((one for one in theirs.lines if one.id == row.id), None)
        if now is None:
            self.shell.tell(_("Another desk took this line out; Esc leaves it so."), warning=True)
            return
        labels = {"kind": _("What"), "due": _("Due"), "amount": _("Amount"), "reason": _("Reason")}
        both_versions(
            self.app,
            str(error),
            labels,
            (_values(row), _values(now), values),
            lambda chosen: self._save(theirs.version, chosen),
            _said,
        )


def _values(row: ScheduleLineView | None) -> dict[str, Any]:
    """A line as the form has it; None: a new one."""
    if row is None:
        return {"kind": "balance", "due": None, "amount": "", "reason": ""}
    amount = plainly(row.amount, decimal_sign(language()))
    return {"kind": row.kind, "due": row.due, "amount": amount, "reason": row.reason}


def _said(name: str, value: Any) -> str:
    """A value of the form in words."""
    if name == "kind":
        return _(LINES.get(value, value))
    return written(value) if isinstance(value, date) else str(value)


class TermBox(LineForm):
    """Asks for a line of terms; dismissed with it."""

    needs = "terms"

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
                keep="" if line else "terms line",
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
