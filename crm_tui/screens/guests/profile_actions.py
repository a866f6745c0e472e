"""The actions of a guest's profile."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

_SCOPE = "guest"
PROFILE = declare(
    Action("guest.event", "L,l", N_("Log"), N_("Log a call, a visit, a complaint…"), scope=_SCOPE, show=True, call="log"),
    Action("guest.memo", "c", N_("Memo"), N_("Write a memo; it is never sent"), scope=_SCOPE, show=True),
    Action("guest.write", "w", N_("Write"), N_("Write a mail to the guest"), scope=_SCOPE, show=True, call="write_mail"),
    Action("guest.inquiry", "i", N_("Inquiry"), N_("A new inquiry of the guest"), scope=_SCOPE, show=True, call="new_inquiry_of_guest"),
    Action("guest.edit", "E", N_("Edit"), N_("Change what is known of the guest"), scope=_SCOPE, show=True),
    Action("guest.filter", "f,h", N_("Filter"), N_("Only one kind of entry: mail, events, reservations…"), scope=_SCOPE, show=True),
    Action("guest.sort", "o", N_("Order"), N_("Newest or oldest first"), scope=_SCOPE),
    Action("guest.remind", "plus,u", N_("Remind"), N_("A reminder for this guest"), scope=_SCOPE),
    Action("guest.feedback", "U", N_("Feedback"), N_("Write a complaint or a compliment of the guest down"), scope=_SCOPE),
    Action("guest.quality-cost", "Q", N_("Cost of quality"), N_("Write down what the guest is given for an occasion"), scope=_SCOPE),
    Action("guest.internal", "W", N_("Colleague"), N_("Write to a colleague about the guest"), scope=_SCOPE, call="write_internal"),
    Action("guest.tag", "T", N_("Tag"), N_("Put attributes on the guest, or take them away"), scope=_SCOPE),
    Action("guest.package", "P", N_("Package"), N_("Put the guest into a package"), scope=_SCOPE),
    Action("guest.merge", "M", N_("Merge"), N_("Merge the guest with another profile"), scope=_SCOPE),
    Action("guest.export", "X", N_("Export"), N_("Write the guest to a file"), scope=_SCOPE),
    Action("guest.archive", "A", N_("Archive"), N_("Put the profile away, or take it back into use"), scope=_SCOPE),
    Action("guest.erase", "D", N_("Erase"), N_("See what erasing the person would remove"), scope=_SCOPE),
    Action("guest.next-part", "tab,right_square_bracket", N_("Next part"), N_("From the history to the facts and back"), scope=_SCOPE, call="turn", palette=False),
    Action("guest.previous-part", "shift+tab,left_square_bracket", N_("Part before"), N_("From the facts to the history and back"), scope=_SCOPE, call="turn", palette=False),
    Action("guest.next", "J", N_("Next"), N_("The next guest of the list"), scope=_SCOPE, call="step(1)"),
    Action("guest.previous", "K", N_("Previous"), N_("The guest before"), scope=_SCOPE, call="step(-1)"),
)  # fmt: skip

ENTRIES = declare(
    Action(
        "entry.done", "space", N_("Done"), N_("The reminder is done, the complaint resolved; or open again"),
        scope="guest-history", call="screen.done_reminder",
    ),
    Action(
        "entry.remove", "delete", N_("Remove"), N_("Take the event, memo, reminder or complaint away; z brings it back"),
        scope="guest-history", call="screen.remove",
    ),
)  # fmt: skip
