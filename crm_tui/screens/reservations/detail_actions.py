"""The actions of one reservation and of the parts of its screen. What it shares with rows of watchlists has the same keys."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

_SCOPE = "reservation"
DETAIL = declare(
    Action("reservation.payment", "p", N_("Payment"), N_("Record a payment; what is missing is filled in"), scope=_SCOPE, show=True),
    Action("reservation.memo", "c", N_("Memo"), N_("Write a memo; it is never sent"), scope=_SCOPE, show=True),
    Action("reservation.remind", "u", N_("Reminder"), N_("A reminder for this reservation"), scope=_SCOPE, show=True, call="remind_me"),
    Action("reservation.notice-mail", "r", N_("Remind"), N_("Remind the guest of the payment by mail"), scope=_SCOPE, show=True, call="notice('mail')"),
    Action("reservation.notice-sms", "S", N_("SMS"), N_("Remind the guest of the payment by SMS"), scope=_SCOPE, call="notice('sms')"),
    Action("reservation.edit", "E", N_("Edit"), N_("Change dates, party, value and the rest"), scope=_SCOPE, show=True),
    Action("reservation.status", "s", N_("Status"), N_("Option, confirmed, cancelled, completed, no-show"), scope=_SCOPE, show=True),
    Action("reservation.log", "L,l", N_("Log"), N_("Log a phone call or another event with the holder"), scope=_SCOPE),
    Action("reservation.informed", "I", N_("Informed"), N_("The guests were told the times of the flight"), scope=_SCOPE),
    Action("reservation.write", "w", N_("Write"), N_("Write a mail to the holder"), scope=_SCOPE, call="write_mail"),
    Action("reservation.colleague", "W", N_("Colleague"), N_("Write to a colleague about it"), scope=_SCOPE, call="write_internal"),
    Action("reservation.schedule", "d", N_("Schedule"), N_("Change what is due and when"), scope=_SCOPE),
    Action("reservation.folios", "v", N_("Folios"), N_("The bills and what stands on them"), scope=_SCOPE),
    Action("reservation.feedback", "U", N_("Feedback"), N_("Write a complaint or a compliment of the guest down"), scope=_SCOPE),
    Action("reservation.quality-cost", "Q", N_("Cost of quality"), N_("Write down what the guest is given for an occasion"), scope=_SCOPE),
    Action("reservation.inquiry", "i", N_("Inquiry"), N_("Open the inquiry that it came from"), scope=_SCOPE),
    Action("reservation.guest", "B", N_("Guest"), N_("Open the holder's profile, or that of the guest under the cursor"), scope=_SCOPE),
    Action("reservation.add", "plus", N_("Add"), N_("Add to this part: a guest, a flight, a payment, a conversation"), scope=_SCOPE),
    Action("reservation.next-section", "tab,right_square_bracket", N_("Next part"), N_("To the next part"), scope=_SCOPE, palette=False),
    Action("reservation.previous-section", "shift+tab,left_square_bracket", N_("Part before"), N_("To the part before"), scope=_SCOPE, palette=False),
    Action("reservation.overview", "O", N_("Overview"), N_("To what is booked"), scope=_SCOPE, call="section('facts')"),
    Action("reservation.guests", "G", N_("Guests"), N_("To the guests"), scope=_SCOPE, call="section('guests')"),
    Action("reservation.money", "D", N_("Money"), N_("To schedule, payments and folios"), scope=_SCOPE, call="section('money')"),
    Action("reservation.flights", "F", N_("Flights"), N_("To the flights"), scope=_SCOPE, call="section('flights')"),
    Action("reservation.mail", "M", N_("Mail"), N_("To the conversations"), scope=_SCOPE, call="section('mail')"),
    Action("reservation.memos", "C", N_("Memos"), N_("To memos and internal messages"), scope=_SCOPE, call="section('memos')"),
    Action("reservation.reminders", "T", N_("Reminders"), N_("To the reminders"), scope=_SCOPE, call="section('reminders')"),
    Action("reservation.history", "H", N_("History"), N_("To the history"), scope=_SCOPE, call="section('history')"),
    Action("reservation.next", "J", N_("Next"), N_("The next reservation of the list"), scope=_SCOPE, call="step(1)"),
    Action("reservation.previous", "K", N_("Previous"), N_("The reservation before"), scope=_SCOPE, call="step(-1)"),
)  # fmt: skip

GUESTS = declare(
    Action(
        "reservation-guests.holder", "h", N_("Holder"), N_("Make this guest the holder"),
        scope="reservation-guests", show=True, call="screen.holder",
    ),
    Action(
        "reservation-guests.remove", "delete", N_("Remove"), N_("Take the guest off the reservation"),
        scope="reservation-guests", show=True, call="screen.remove",
    ),
)  # fmt: skip
MONEY = declare(
    Action(
        "reservation-money.reverse", "delete", N_("Reverse"), N_("Take a payment back, with a reason"),
        scope="reservation-money", show=True, call="screen.remove",
    ),
)  # fmt: skip
FLIGHTS = declare(
    Action(
        "reservation-flights.remove", "delete", N_("Remove"), N_("Take the flight away; z brings it back"),
        scope="reservation-flights", show=True, call="screen.remove",
    ),
)  # fmt: skip
MAIL = declare(
    Action(
        "reservation-mail.unlink", "delete", N_("Unlink"), N_("The conversation is not about this reservation"),
        scope="reservation-mail", show=True, call="screen.remove",
    ),
)  # fmt: skip
MEMOS = declare(
    Action(
        "reservation-memos.remove", "delete", N_("Remove"), N_("Take the memo away; z brings it back"),
        scope="reservation-memos", show=True, call="screen.remove",
    ),
)  # fmt: skip
REMINDERS = declare(
    Action(
        "reservation-reminders.done", "space", N_("Done"), N_("The reminder is done, or open again"),
        scope="reservation-reminders", show=True, call="screen.done_reminder",
    ),
    Action(
        "reservation-reminders.remove", "delete", N_("Remove"), N_("Take the reminder away; z brings it back"),
        scope="reservation-reminders", call="screen.remove",
    ),
)  # fmt: skip
