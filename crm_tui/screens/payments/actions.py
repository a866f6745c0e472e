"""The actions of the payment watchlist. What it shares with a reservation's screen has the same keys."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

_SCOPE = "payments"
ON_ROWS = declare(
    Action("payments.pay", "p", N_("Payment"), N_("Record a payment; what is missing is filled in"), scope=_SCOPE, show=True),
    Action("payments.notice-mail", "r", N_("Remind"), N_("Remind the guest of the payment by mail"), scope=_SCOPE, show=True, call="notice('mail')"),
    Action("payments.notice-sms", "S", N_("SMS"), N_("Remind the guest of the payment by SMS"), scope=_SCOPE, show=True, call="notice('sms')"),
    Action("payments.log", "L,l", N_("Log"), N_("Log a phone call or another event with the holder"), scope=_SCOPE, show=True),
    Action("payments.schedule", "d", N_("Schedule"), N_("Change what is due and when"), scope=_SCOPE, show=True),
    Action("payments.remind", "u", N_("Reminder"), N_("A reminder for this reservation"), scope=_SCOPE, call="remind_me"),
    Action("payments.memo", "c", N_("Memo"), N_("Write a memo on the reservation; it is never sent"), scope=_SCOPE),
    Action("payments.write", "w", N_("Write"), N_("Write a mail to the holder"), scope=_SCOPE, call="write_mail"),
    Action("payments.guest", "B", N_("Guest"), N_("Open the holder's profile"), scope=_SCOPE),
)  # fmt: skip
LIST = declare(
    Action("payments.filter", "f", N_("Filter"), N_("Choose by state, operator, destination, name or code"), scope=_SCOPE, show=True),
    Action("payments.sort", "o", N_("Sort"), N_("By day due, name, amount, or arrival"), scope=_SCOPE),
    Action("payments.export", "X", N_("Export"), N_("Write the list to a CSV file"), scope=_SCOPE),
)  # fmt: skip
