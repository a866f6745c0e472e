"""The actions of privacy."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

LIST = declare(
    Action("privacy.open", "enter", N_("Open"), N_("What erasing would remove; the rule; the report"),
           scope="privacy", show=True),
    Action("privacy.mark", "space", N_("Mark"), N_("Mark the highlighted guest, or take the mark off"),
           scope="privacy", show=True, priority=True),
    Action("privacy.mark-all", "asterisk", N_("Mark all"), N_("Mark all that are shown, or none"), scope="privacy"),
    Action("privacy.erase", "delete", N_("Erase"), N_("Erase the marked guests for good; asks once"),
           scope="privacy", show=True, destructive=True),
    Action("privacy.keep", "s", N_("Keep until"), N_("Propose the marked guests no more until a day"),
           scope="privacy", show=True),
    Action("privacy.profile", "p", N_("Profile"), N_("Open the guest's profile"), scope="privacy"),
    Action("privacy.consents", "c", N_("Consent"), N_("What the guest said about being written to, ever"),
           scope="privacy"),
    Action("privacy.add", "plus", N_("Add"), N_("Make a rule"), scope="privacy", show=True),
    Action("privacy.remove", "minus", N_("Take away"), N_("Take the highlighted rule away"), scope="privacy", show=True),
    Action("privacy.proposals", "f3", N_("Proposals"), N_("Whom the rules propose to erase"), scope="privacy"),
    Action("privacy.rules", "f4", N_("Rules"), N_("The rules that propose whom to erase"), scope="privacy"),
    Action("privacy.erasures", "f6", N_("Erased"), N_("Past erasures and their reports"), scope="privacy"),
)  # fmt: skip

ERASE = declare(
    Action("erase.erase", "delete", N_("Erase"), N_("Erase this guest for good; asks once"),
           scope="erase", show=True, destructive=True),
    Action("erase.hand-out", "X", N_("Hand out"), N_("Write everything that is held on the guest to a file"),
           scope="erase", show=True),
    Action("erase.places", "p", N_("Surname alone"), N_("Choose where the surname goes that stands alone elsewhere"),
           scope="erase", show=True),
    Action("erase.consents", "c", N_("Consent"), N_("What the guest said about being written to, ever"),
           scope="erase", show=True),
    Action("erase.report", "P", N_("Write report"), N_("Write the report to a file, to be printed"),
           scope="erase", show=True),
)  # fmt: skip
