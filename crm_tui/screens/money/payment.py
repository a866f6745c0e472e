"""Recording a payment or a refund: what is missing stands in the amount, so that Enter records it (UX: two keys)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.errors import CrmError, InvalidInput
from crm_tui.base.i18n import _, language
from crm_tui.desk.money.money_views import method_words
from crm_tui.desk.stays.reservation_views import PaymentView
from crm_tui.rules.money import Money, decimal_sign, plainly
from crm_tui.screens.base import Dialog
from crm_tui.screens.money.words import amount, day_words, line_kind, payment_kind, state_words
from crm_tui.widgets.dialogs import Answer, Ask, DialogBox, DialogTitle
from crm_tui.widgets.forms import Choice, ChoiceField, DayField, Field, Form, PickField, TextField

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.money.money_views import ScheduleView

LINES_SHOWN = 4


class Known(NamedTuple):
    """What the dialog is about."""

    view: ScheduleView
    methods: list[tuple[str, str]]
    folios: list[tuple[int, str]]
    filled: str


class PaymentDialog(Dialog[int | None]):
    """Asks for a payment; dismissed with its number once it is recorded, None if it was left.

    Args:
        reservation_id: whose.
        amount: minor units that stand there at first; None: what is missing now.
        kind: payment or refund.
        folio: the number of the row of the bill that is chosen at first; None: the first.
    """

    writes = True

    DEFAULT_CSS = """
    PaymentDialog {
        align: center middle;
        DialogBox { width: 78; }
        Form { height: auto; }
        Field .field--label { width: 10; }
        DayField InputLine { width: 16; max-width: 16; }
        Field .field--error { padding: 0 0 0 10; }
        Form > .form--help { padding: 0 0 0 10; height: 1; margin: 0; }
        .payment--facts { height: auto; margin: 0 0 1 0; color: $text-muted; }
    }
    """
    BINDINGS = [Binding("enter", "record", show=False, priority=True)]

    def __init__(
        self, reservation_id: int, *, amount: int | None = None, kind: str = "payment", folio: int | None = None
    ) -> None:
        super().__init__()
        self._reservation, self._given, self._kind, self._folio = reservation_id, amount, kind, folio
        self._known: Known | None = None
        self._busy = False
        self._filled = ""

    def compose(self) -> ComposeResult:
        """Title, what is due, the form."""
        kinds = [Choice("payment", payment_kind("payment")), Choice("refund", payment_kind("refund"))]
        methods = lambda: [Choice(*one) for one in self._known.methods] if self._known else []  # noqa: E731
        self._title = DialogTitle(_("Record a payment"))
        self._facts = Static("", classes="payment--facts")
        self.form = Form(
            TextField("amount", _("Amount"), help=_("Enter records it. Empty: what is missing now.")),
            ChoiceField("kind", _("What"), kinds, self._kind),
            PickField("method", _("How"), methods, "", labels=lambda code: method_words(str(code or ""))),
            DayField("day", _("Day"), self._today(), today=self._today),
            PickField("folio", _("Folio"), self._folios, self._folio, labels=self._folio_words),
            TextField("note", _("Note"), max_length=2000),
        )
        with DialogBox():
            yield self._title
            yield self._facts
            yield self.form
            yield Static(Content(_("Enter or ctrl+s records · Tab moves · Esc back")), classes="dialog--keys")

    def on_mount(self) -> None:
        """The amount has the cursor; what is missing comes as soon as it is known."""
        self.form.fields["folio"].display = False
        self.form.fields["amount"].focus_control()
        self.ask(self._read, self._show, failed=self._no)

    def _read(self, ctx: Context) -> Known:
        view = desk.schedules.shown(ctx, self._reservation)
        folios = [(one.id, one.title) for one in desk.folios.listed(ctx, self._reservation) if one.closed_at is None]
        given = self._given
        if given is None:
            given = view.now.amount if self._kind == "payment" else view.overpaid.amount
        filled = desk.money_typed.as_typed(Money(given, view.currency)) if given and view.currency else ""
        return Known(view, desk.payments.methods(ctx), folios, filled)

    def _no(self, error: Exception) -> None:
        self.shell.report(error)
        self.dismiss(None)

    def _show(self, known: Known) -> None:
        self._known = known
        view = known.view
        self._title.update(Content(" · ".join(one for one in (_("Payment"), view.code, view.holder) if one)))
        self._facts.update(self._facts_of(view))
        field = self.form.fields["amount"]
        if not field.value:
            field.value = known.filled
            field.settle()
            self._filled = known.filled
            self._select()
        if len(known.folios) > 1:
            self.form.fields["folio"].display = True
            self.form.fields["folio"].value = self._folio or known.folios[0][0]

    def _select(self) -> None:
        """What was filled in is replaced by the first digit that is typed."""
        field = self.form.fields["amount"]
        if isinstance(field, TextField) and field.line.has_focus:
            field.line.action_select_all()

    @staticmethod
    def _facts_of(view: ScheduleView) -> Content:
        missing = [one for one in view.lines if one.missing.amount]
        rows: list[Any] = []
        for one in missing[:LINES_SHOWN]:
            look = "$text-error" if one.state == "overdue" else ""
            rows += [
                (f"{line_kind(one.kind)} {amount(one.missing)}", "bold"),
                (f" · {day_words(one.due)} · {state_words(one.state)}\n", look),
            ]
        if len(missing) > LINES_SHOWN:
            rows.append(_("and {n} more").format(n=len(missing) - LINES_SHOWN) + "\n")
        if view.overpaid.amount:
            rows.append(_("Overpaid: {amount}").format(amount=amount(view.overpaid)) + "\n")
        if view.lines and not missing and not view.overpaid.amount:
            rows.append(_("Nothing is missing.") + "\n")
        rows.append(_("Paid so far: {amount}").format(amount=amount(view.paid)) if view.currency else "")
        return Content.assemble(*rows)

    def _today(self) -> Any:
        return self.shell.clock.now().astimezone(self.shell.zone).date()

    def _folios(self) -> list[Choice]:
        return [Choice(number, title) for number, title in self._known.folios] if self._known else []

    def _folio_words(self, number: Any) -> str:
        return next((title for one, title in (self._known.folios if self._known else ()) if one == number), "")

    @on(Field.Changed)
    def _other_kind(self, event: Field.Changed) -> None:
        """Of a refund something else is missing; what was typed stays."""
        known, field = self._known, self.form.fields["amount"]
        if event.field.key != "kind" or event.value == self._kind or known is None:
            return
        self._kind = event.value
        if field.value in ("", self._filled):
            wanted = known.view.now if self._kind == "payment" else known.view.overpaid
            self._filled = plainly(wanted, decimal_sign(language())) if wanted.amount else ""
            field.value = self._filled

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Enter records from the amount alone; elsewhere it goes on."""
        if action == "record":
            field = self.form.fields.get("amount")
            return isinstance(field, TextField) and field.line.has_focus
        return True

    def action_record(self) -> None:
        """Record it as it stands."""
        self.form.action_commit()

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        self._record(event.values, sure=False)

    def _record(self, values: dict[str, Any], *, sure: bool) -> None:
        if self._busy:
            return
        self._busy = True
        given = {name: values[name] for name in ("kind", "method", "day", "note")}
        folio = values["folio"] or self._folio
        typed = values["amount"] or (None if self._known is not None else self._given)
        self.ask(
            lambda ctx: desk.payments.add(ctx, self._reservation, typed, folio=folio, sure=sure, **given),
            self._recorded,
            failed=lambda error: self._failed(error, values),
            in_order=True,
        )

    def _recorded(self, made: PaymentView) -> None:
        words = _("Refund of {amount} recorded") if made.kind == "refund" else _("Payment of {amount} recorded")
        self.shell.tell(_("{done} · z takes it back").format(done=words.format(amount=amount(made.amount))))
        self.dismiss(made.id)

    def _failed(self, error: Exception, values: dict[str, Any]) -> None:
        self._busy = False
        if isinstance(error, InvalidInput) and self.form.show_error(error):
            return
        if isinstance(error, CrmError) and getattr(error, "doubtful", False):
            answers = (Answer("no", "n", _("Do not record it")), Answer("yes", "y", _("Record it all the same")))
            self.app.push_screen(
                Ask(error.message, error.hint, answers),
                lambda answer: self._record(values, sure=True) if answer == "yes" else None,
            )
            return
        self.shell.report(error)

    @on(Form.Left)
    def action_close(self) -> None:
        """Leave; nothing is recorded."""
        self.dismiss(None)
