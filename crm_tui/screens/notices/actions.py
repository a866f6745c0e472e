"""The actions of payment reminders."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

NOTICES = declare(
    Action("notices.view", "tab", N_("Next list"), N_("What the next run sends, what was sent, who wants none"), scope="notices", show=True),
    Action("notices.mail", "r", N_("Remind"), N_("Remind of this reservation by mail now"), scope="notices", show=True),
    Action("notices.sms", "S", N_("SMS"), N_("Remind of this reservation by SMS now"), scope="notices", show=True),
    Action("notices.look", "o", N_("Text"), N_("Look at the text"), scope="notices", show=True),
    Action("notices.stop", "x", N_("Wants none"), N_("This guest gets no reminders any more, or gets them again"), scope="notices", show=True),
    Action("notices.again", "y", N_("Send again"), N_("Send a short message that failed once more"), scope="notices"),
    Action("notices.arrived", "u", N_("It arrived"), N_("You found out that it did arrive"), scope="notices"),
    Action("notices.drop", "delete", N_("Drop"), N_("Give it up: it is not sent"), scope="notices", destructive=True),
    Action("notices.mode", "m", N_("By itself"), N_("Remind by mail, by SMS, or not at all by itself"), scope="notices"),
    Action("notices.gateway", "G", N_("Gateway"), N_("Set up the SMS gateway, or test it"), scope="notices", show=True),
    Action("notices.guest", "B", N_("Guest"), N_("Open the guest"), scope="notices"),
)  # fmt: skip
