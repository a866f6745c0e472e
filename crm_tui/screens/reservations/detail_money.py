"""Money of a reservation: payments recorded and taken back, schedule and folios opened, guests reminded."""

from __future__ import annotations

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.money.money_views import method_words
from crm_tui.desk.stays.reservation_views import PaymentView
from crm_tui.screens import catalog
from crm_tui.screens.dialogs.line import ask_reason
from crm_tui.screens.dialogs.text import TextDialog
from crm_tui.screens.inquiries.words import amount
from crm_tui.screens.reservations.detail_running import Running
from crm_tui.widgets.days import written
from crm_tui.widgets.times import exact


class WithMoney(Running):
    """Mixin of the screen that shows one reservation."""

    def action_payment(self) -> None:
        """Record a payment; the dialog fills in what is missing."""
        if self.view is not None:
            self.show_over(catalog.PAYMENT, self.view.id)

    def action_schedule(self) -> None:
        """Change what is due and when."""
        if self.view is not None:
            self.show_over(catalog.SCHEDULE, self.view.id)

    def action_folios(self) -> None:
        """The bills."""
        if self.view is not None:
            self.show_over(catalog.FOLIOS, self.view.id)

    def action_notice(self, channel: str) -> None:
        """Remind the guest of the payment."""
        if self.view is not None:
            self.show_over(catalog.NOTICE, self.view.id, channel)

    def money_opened(self, key: str) -> None:
        """Go where an entry leads: schedule, folio, the whole of a payment or a payment reminder."""
        kind, _blank, number = key.partition(" ")
        if kind == "line" and catalog.exists(catalog.SCHEDULE):
            self.action_schedule()
        elif kind == "folio" and catalog.exists(catalog.FOLIOS):
            self.action_folios()
        elif kind == "payment":
            self._read_payment(int(number))
        elif kind == "notice":
            self._read_notice(int(number))

    def _payment(self, number: int | None) -> PaymentView | None:
        payments = self.view.payments if self.view is not None else ()
        return next((one for one in payments if one.id == number), None)

    def _read_payment(self, number: int) -> None:
        one = self._payment(number)
        if one is None:
            return
        word = _("Given back") if one.kind == "refund" else _("Payment")
        rows = [
            (_("Day"), written(one.day)),
            (_("Method"), method_words(one.method)),
            (_("Reference"), one.reference),
            (_("Note"), one.note),
            (_("Recorded by"), one.by),
            (_("Taken back"), exact(one.reversed_at, self.shell.zone) if one.reversed_at else ""),
            (_("Because"), one.reversal),
        ]
        text = "\n".join(f"{label}: {value}" for label, value in rows if value)
        self.app.push_screen(TextDialog(f"{word} · {amount(one.amount)}", text))

    def _read_notice(self, number: int) -> None:
        listed = self.found.notices if self.found is not None else ()
        one = next((notice for notice in listed if notice.id == number), None)
        if one is not None:
            self.app.push_screen(
                TextDialog(
                    f"{one.address} · {exact(one.sent_at or one.created_at, self.shell.zone)}", one.text or one.error
                )
            )

    def reverse_payment(self) -> None:
        """Take the payment under the cursor back, with a reason."""
        one = self._payment(self.number_of("money", "payment"))
        if one is None:
            self.shell.tell(_("Only a payment is taken back here; d changes the schedule, v the folios."))
            return
        if one.reversed_at is not None:
            self.shell.tell(_("This payment is taken back already."))
            return
        number, version = one.id, one.version
        title = _("Why is the payment of {amount} taken back?").format(amount=amount(one.amount))
        said = _("The payment of {amount} is taken back.").format(amount=amount(one.amount))

        def given(reason: str | None) -> None:
            if reason:
                self.run(lambda ctx: desk.payments.reverse(ctx, number, reason, version), said)

        self.app.push_screen(ask_reason(title), given)
