"""The actions of the inquiries: of the list, of one inquiry, of its parts, of the form."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

LIST = declare(
    Action("inquiries.filter", "f", N_("Filter"), N_("Only a status, or only somebody's"), scope="inquiries", show=True),
    Action("inquiries.sort", "o", N_("Sort"), N_("By planned end, newest, or arrival"), scope="inquiries", show=True),
    Action("inquiries.book", "b", N_("Book"), N_("Make the reservation, with what is known of it"), scope="inquiries", show=True),
)  # fmt: skip

_SCOPE = "inquiry"
DETAIL = declare(
    Action("inquiry.take-over", "y", N_("Take over"), N_("Take over what was read in the mail"), scope=_SCOPE, show=True),
    Action("inquiry.reply", "r", N_("Reply"), N_("Answer the newest message"), scope=_SCOPE, show=True),
    Action("inquiry.memo", "c", N_("Memo"), N_("Write a memo; it is never sent"), scope=_SCOPE, show=True),
    Action("inquiry.status", "S", N_("Status"), N_("Change the status by its letter"), scope=_SCOPE, show=True),
    Action("inquiry.edit", "E", N_("Edit offer"), N_("Change dates, party, price and the rest"), scope=_SCOPE, show=True),
    Action("inquiry.assign", "a", N_("Assign"), N_("Give it to an agent, or to nobody"), scope=_SCOPE, show=True),
    Action("inquiry.remind", "plus,u", N_("Remind"), N_("A reminder for this inquiry"), scope=_SCOPE, show=True),
    Action("inquiry.internal", "W", N_("Colleague"), N_("Write to a colleague about it"), scope=_SCOPE, call="write_internal"),
    Action("inquiry.planned-end", "D", N_("Planned end"), N_("The day by which it should be closed"), scope=_SCOPE),
    Action("inquiry.scope", "V", N_("Seen by"), N_("Choose who may see it"), scope=_SCOPE),
    Action("inquiry.log", "L", N_("Log"), N_("Log a phone call or another event with the holder"), scope=_SCOPE),
    Action("inquiry.feedback", "U", N_("Feedback"), N_("Write a complaint or a compliment of the holder down"), scope=_SCOPE),
    Action("inquiry.quality-cost", "Q", N_("Cost of quality"), N_("Write down what the guest is given for an occasion"), scope=_SCOPE),
    Action("inquiry.guest", "B", N_("Add guest"), N_("Add a guest to the inquiry"), scope=_SCOPE, call="add_guest"),
    Action("inquiry.reply-all", "R", N_("Reply all"), N_("Answer all who got the message"), scope=_SCOPE),
    Action("inquiry.forward", "F", N_("Forward"), N_("Forward the message"), scope=_SCOPE),
    Action("inquiry.waitlist", "w", N_("Waitlist"), N_("Move its conversations to the Waitlist"), scope=_SCOPE, call="move('Waitlist')"),
    Action("inquiry.book", "b", N_("Book"), N_("Make the reservation, with what is known of it"), scope=_SCOPE),
    Action("inquiry.done", "e", N_("Done"), N_("Move its conversations to Done"), scope=_SCOPE, call="move('Done')"),
    Action("inquiry.inquiries", "i", N_("Inquiries"), N_("Move its conversations to Inquiries"), scope=_SCOPE, call="move('Inquiries')"),
    Action("inquiry.move", "m", N_("Move"), N_("Move its conversations by a letter"), scope=_SCOPE, call="move_menu"),
    Action("inquiry.next-section", "tab,right_square_bracket", N_("Next part"), N_("To the next part"), scope=_SCOPE, palette=False),
    Action("inquiry.previous-section", "shift+tab,left_square_bracket", N_("Part before"), N_("To the part before"), scope=_SCOPE, palette=False),
    Action("inquiry.messages", "M", N_("Messages"), N_("To the messages"), scope=_SCOPE, call="section('messages')"),
    Action("inquiry.memos", "C", N_("Memos"), N_("To memos and internal messages"), scope=_SCOPE, call="section('memos')"),
    Action("inquiry.guests", "G", N_("Guests"), N_("To the guests"), scope=_SCOPE, call="section('guests')"),
    Action("inquiry.offer", "O", N_("Offer"), N_("To what is asked for and offered"), scope=_SCOPE, call="section('offer')"),
    Action("inquiry.reminders", "T", N_("Reminders"), N_("To the reminders"), scope=_SCOPE, call="section('reminders')"),
    Action("inquiry.history", "H", N_("History"), N_("To the history"), scope=_SCOPE, call="section('history')"),
    Action("inquiry.next", "J", N_("Next"), N_("The next inquiry of the list"), scope=_SCOPE, call="step(1)"),
    Action("inquiry.previous", "K", N_("Previous"), N_("The inquiry before"), scope=_SCOPE, call="step(-1)"),
)  # fmt: skip

GUESTS = declare(
    Action(
        "guests.profile", "p", N_("Profile"), N_("Open the profile of this guest"),
        scope="inquiry-guests", show=True, call="screen.guest_profile",
    ),
    Action(
        "guests.holder", "h", N_("Holder"), N_("Make this guest the holder"),
        scope="inquiry-guests", show=True, call="screen.holder",
    ),
    Action(
        "guests.remove", "delete", N_("Remove"), N_("Take the guest off the inquiry"),
        scope="inquiry-guests", show=True, call="screen.remove",
    ),
)  # fmt: skip
MEMOS = declare(
    Action(
        "memos.remove", "delete", N_("Remove"), N_("Take the memo away; z brings it back"),
        scope="inquiry-memos", show=True, call="screen.remove",
    ),
)  # fmt: skip
REMINDERS = declare(
    Action(
        "reminders.done", "space", N_("Done"), N_("The reminder is done, or open again"),
        scope="inquiry-reminders", show=True, call="screen.done_reminder",
    ),
    Action(
        "reminders.remove", "delete", N_("Remove"), N_("Take the reminder away; z brings it back"),
        scope="inquiry-reminders", call="screen.remove",
    ),
)  # fmt: skip
FORM = declare(
    Action(
        "inquiry.take-over-all", "ctrl+y", N_("Take over"), N_("What was read in the mail is right"),
        scope="form", show=True, priority=True,
    ),
)  # fmt: skip
