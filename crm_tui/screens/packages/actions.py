"""The actions of packages and mailings."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

LIST = declare(
    Action("packages.add", "plus", N_("New"), N_("Make an empty package, to put guests in by hand"), scope="packages", show=True),
    Action("packages.write", "w", N_("Write"), N_("Write to the guests of the package"), scope="packages", show=True),
    Action("packages.mailings", "m", N_("Mailings"), N_("The mailings to all packages"), scope="packages", show=True),
    Action("packages.rename", "E", N_("Rename"), N_("Call the package otherwise"), scope="packages", show=True),
    Action("packages.remove", "delete", N_("Remove"), N_("Put the package away; its guests stay as they are"), scope="packages", show=True),
)  # fmt: skip

PACKAGE = declare(
    Action("package.refresh", "R", N_("Refresh"), N_("See who comes and who goes by the search, then take it over"), scope="package", show=True),
    Action("package.write", "w", N_("Write"), N_("Write to the guests of the package"), scope="package", show=True),
    Action("package.add", "plus", N_("Put in"), N_("Put a guest into the package"), scope="package", show=True),
    Action("package.take-out", "delete", N_("Take out"), N_("Take the marked guests out of the package, else this one"), scope="package", show=True),
    Action("package.filter", "f", N_("Find"), N_("Show only guests whose name has these letters"), scope="package", show=True),
    Action("package.export", "X", N_("Export"), N_("Export the marked guests, else all of them"), scope="package"),
    Action("package.rename", "E", N_("Rename"), N_("Call the package otherwise"), scope="package"),
    Action("package.mailings", "m", N_("Mailings"), N_("The mailings to this package"), scope="package"),
)  # fmt: skip

PREPARE = declare(
    Action("mailing-new.start", "ctrl+s", N_("Start"), N_("Start the mailing to those who may be written to"), scope="mailing-new", show=True, priority=True),
    Action("mailing-new.template", "t", N_("Template"), N_("Choose another template"), scope="mailing-new", show=True),
    Action("mailing-new.channel", "C", N_("Consent"), N_("Consent to mail, or to the newsletter"), scope="mailing-new", show=True),
    Action("mailing-new.account", "A", N_("Account"), N_("Choose the account it goes out from"), scope="mailing-new"),
    Action("mailing-new.again", "H", N_("Had it"), N_("Write also to those who had it, or leave them out"), scope="mailing-new"),
    Action("mailing-new.filter", "f", N_("Show"), N_("All, those who may be written to, or those left out"), scope="mailing-new", show=True),
    Action("mailing-new.leave-out", "delete", N_("Leave out"), N_("Leave this guest out, or take them in again"), scope="mailing-new", show=True),
)  # fmt: skip

MAILINGS = declare(
    Action("mailings.pause", "p", N_("Pause"), N_("Pause the mailing, or go on with it"), scope="mailings", show=True),
)

MAILING = declare(
    Action("mailing.pause", "p", N_("Pause"), N_("Pause the mailing, or go on with it"), scope="mailing", show=True),
    Action("mailing.retry", "y", N_("Send again"), N_("Send the mails that failed again"), scope="mailing", show=True),
    Action("mailing.filter", "f", N_("Show"), N_("All, or only those sent, failed, waiting or left out"), scope="mailing", show=True),
    Action("mailing.look", "o", N_("Letter"), N_("Look at the mail of this guest"), scope="mailing", show=True),
    Action("mailing.stop", "delete", N_("Stop"), N_("Stop the mailing for good; what was sent stays sent"), scope="mailing", show=True, destructive=True),
)  # fmt: skip
