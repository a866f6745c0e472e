"""The actions of the start screen; on the rows of mail those of the mail screen work too."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

ACTIONS = declare(
    Action("start.next-panel", "tab", N_("Next panel"), N_("To the next panel"), scope="start", show=True, palette=False),
    Action("start.previous-panel", "shift+tab", N_("Panel before"), N_("To the panel before"), scope="start", palette=False),
)  # fmt: skip


MAIL = declare(
    Action(
        "start.log", "l", N_("Log"), N_("Log a call or another event with the guest of the row"), scope="start-mail",
        call="screen.log",
    ),
)  # fmt: skip


def _shared(panel: str, *, mail: bool = True, memo: bool = True) -> tuple[Action, ...]:
    """What can be done with every row that is about a guest or a reservation."""
    scope = f"start-{panel}"
    found = [
        Action(f"{panel}.row-log", "l,L", N_("Log"), N_("Log a call or another event with the guest"), scope=scope, show=True, call="screen.row_log"),
        Action(f"{panel}.row-remind", "u", N_("Reminder"), N_("A reminder about it"), scope=scope, call="screen.row_reminder"),
        Action(f"{panel}.row-guest", "B", N_("Guest"), N_("The profile of the guest"), scope=scope, call="screen.row_guest"),
        Action(f"{panel}.row-feedback", "U", N_("Feedback"), N_("Write a complaint or a compliment down"), scope=scope, call="screen.row_feedback"),
        Action(f"{panel}.row-cost", "Q", N_("Cost of quality"), N_("Write down what the guest is given for an occasion"), scope=scope, call="screen.row_cost"),
    ]  # fmt: skip
    if memo:
        found.append(Action(f"{panel}.row-memo", "c", N_("Memo"), N_("Write a memo on it; it is never sent"), scope=scope, call="screen.row_memo"))  # fmt: skip
    if mail:
        found.append(Action(f"{panel}.row-write", "w", N_("Write"), N_("Write a mail to the guest"), scope=scope, call="screen.row_write"))  # fmt: skip
    return tuple(found)


DEPARTURES = declare(
    Action("start.informed", "I", N_("Informed"), N_("The guests were told the times of the flight"), scope="start-departures", show=True, call="screen.informed"),
    Action("start.times", "E", N_("Times"), N_("Change when the flight leaves and lands"), scope="start-departures", show=True, call="screen.times"),
    Action("start.uninform", "delete", N_("Not informed"), N_("They were not told after all"), scope="start-departures", call="screen.uninform"),
    Action("start.flight-mail", "r", N_("Mail"), N_("Write a mail to the holder"), scope="start-departures", call="screen.row_write"),
    *_shared("departures"),
)  # fmt: skip

PAYMENTS = declare(
    Action("start.payment", "p", N_("Payment"), N_("Record a payment; what is missing stands there"), scope="start-payments", show=True, call="screen.pay"),
    Action("start.notice-mail", "r", N_("Remind"), N_("Remind of the payment by mail"), scope="start-payments", show=True, call="screen.notice('mail')"),
    Action("start.notice-sms", "S", N_("SMS"), N_("Remind of the payment by SMS"), scope="start-payments", show=True, call="screen.notice('sms')"),
    Action("start.schedule", "d", N_("Schedule"), N_("Change what is due when"), scope="start-payments", call="screen.schedule"),
    *_shared("payments"),
)  # fmt: skip

REMINDERS = declare(
    Action("start.done", "e", N_("Done"), N_("It is done"), scope="start-reminders", show=True, call="screen.row_done"),
    Action("start.edit-reminder", "E", N_("Edit"), N_("Change the reminder"), scope="start-reminders", show=True, call="screen.row_edit"),
    Action("start.new-reminder", "plus", N_("New"), N_("A new reminder"), scope="start-reminders", call="screen.new_reminder"),
    *_shared("reminders", memo=False),
)  # fmt: skip

COMPLAINTS = declare(
    Action("start.resolve", "e", N_("Resolve"), N_("Say that it is settled, and what was done"), scope="start-complaints", show=True, call="screen.row_resolve"),
    Action("start.edit-complaint", "E", N_("Edit"), N_("Change what was written down"), scope="start-complaints", show=True, call="screen.row_edit"),
    *_shared("complaints"),
)  # fmt: skip
