"""The actions of the mail screen and of reading."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

ACTIONS = declare(
    Action("mail.reply", "r", N_("Reply"), N_("Answer the sender"), scope="mail", show=True),
    Action("mail.reply-all", "R", N_("Reply all"), N_("Answer all who got it"), scope="mail"),
    Action("mail.forward", "F", N_("Forward"), N_("Forward the message"), scope="mail"),
    Action(
        "mail.inquiries",
        "i",
        N_("Inquiry"),
        N_("Make an inquiry of it, or move it to Inquiries"),
        scope="mail",
        show=True,
        call="inquiry",
    ),
    Action("mail.open-inquiry", "I", N_("Open inquiry"), N_("Open the inquiry of the conversation"), scope="mail"),
    Action("mail.log", "L", N_("Log"), N_("Log a phone call or another event with the guest"), scope="mail"),
    Action(
        "mail.feedback", "U", N_("Feedback"), N_("Write a complaint or a compliment of the guest down"), scope="mail"
    ),
    Action(
        "mail.quality-cost",
        "Q",
        N_("Cost of quality"),
        N_("Write down what the guest is given for an occasion"),
        scope="mail",
    ),
    Action("mail.guest", "G", N_("Guest"), N_("The guest who wrote it; an unknown sender becomes one"), scope="mail"),
    Action("mail.link-guest", "B", N_("Belongs to"), N_("Say whose conversation it is"), scope="mail"),
    Action("mail.memo", "c", N_("Memo"), N_("Write a memo on it; it is never sent"), scope="mail"),
    Action("mail.remind", "plus", N_("Remind"), N_("A reminder for the conversation"), scope="mail"),
    Action("mail.memos", "C", N_("Memos"), N_("Read the memos of the conversation"), scope="mail"),
    Action(
        "mail.waitlist",
        "w",
        N_("Waitlist"),
        N_("Move to the Waitlist"),
        scope="mail",
        show=True,
        call="move('Waitlist')",
    ),
    Action("mail.done", "e", N_("Done"), N_("Move to Done"), scope="mail", show=True, call="move('Done')"),
    Action(
        "mail.book",
        "b",
        N_("Book"),
        N_("Make the reservation, with what is known of it; several marked ones: move to Booked"),
        scope="mail",
    ),
    Action("mail.spam", "!", N_("Spam"), N_("Move to Spam"), scope="mail", call="move('Spam')"),
    Action("mail.move", "m", N_("Move"), N_("Move to a folder by its letter"), scope="mail", call="move_menu"),
    Action("mail.assign", "a", N_("Assign"), N_("Give it to an agent, or to nobody"), scope="mail", show=True),
    Action(
        "mail.snooze",
        "s",
        N_("Snooze"),
        N_("Out of sight until a day, or until the guest answers"),
        scope="mail",
        show=True,
    ),
    Action("mail.snooze-again", "Z", N_("Snooze again"), N_("Snooze what woke once more, as before"), scope="mail"),
    Action(
        "mail.pending",
        "P",
        N_("Pending"),
        N_("It needs a manager, with a note why; or it does not any more"),
        scope="mail",
    ),
    Action("mail.no-answer", "x", N_("Answered"), N_("It needs no answer (any more)"), scope="mail"),
    Action(
        "mail.split", "y", N_("Split"), N_("This message and those after it: a conversation of their own"), scope="mail"
    ),
    Action("mail.split-one", "Y", N_("Split one"), N_("This message alone: a conversation of its own"), scope="mail"),
    Action("mail.merge", "M", N_("Merge"), N_("Make the marked conversations one"), scope="mail"),
    Action("mail.star", "*", N_("Star"), N_("Star, or take the star away"), scope="mail"),
    Action("mail.unread", "u", N_("Unread"), N_("Mark unread, or read"), scope="mail"),
    Action(
        "mail.internal", "W", N_("Colleague"), N_("Write to a colleague about it"), scope="mail", call="write_internal"
    ),
    Action(
        "mail.run",
        "t",
        N_("Triage run"),
        N_("Go through the unanswered ones, the oldest first"),
        scope="mail",
    ),
    Action("mail.filter", "f", N_("Filter"), N_("All, only unanswered, only unread"), scope="mail"),
    Action("mail.history", "H", N_("History"), N_("Who did what with it, and when"), scope="mail"),
    Action("mail.sort", "o", N_("Sort"), N_("Newest, oldest, or longest waiting first"), scope="mail"),
    Action(
        "mail.panes", "tab", N_("Next pane"), N_("Go to the next pane"), scope="mail", palette=False, call="next_pane"
    ),
    Action(
        "mail.panes-back",
        "shift+tab",
        N_("Pane before"),
        N_("Go to the pane before"),
        scope="mail",
        palette=False,
        call="previous_pane",
    ),
    Action(
        "mail.next", "J", N_("Next"), N_("The next conversation of the list"), scope="mail", call="next_conversation"
    ),
    Action(
        "mail.previous", "K", N_("Previous"), N_("The conversation before"), scope="mail", call="previous_conversation"
    ),
)
