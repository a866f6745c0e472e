"""The actions of the shift handover."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

_SCOPE = "handover"
HANDOVER = declare(
    Action("handover.take", "y", N_("Take over"), N_("Take the line over, or the marked ones; with the last one the page is closed"), scope=_SCOPE, show=True),
    Action("handover.take-noted", "Y", N_("With a note"), N_("Take the line over and write a note to it"), scope=_SCOPE, show=True),
    Action("handover.make", "plus", N_("Hand over"), N_("Hand over what is open now to the next shift, with a note of your own"), scope=_SCOPE, show=True),
    Action("handover.text", "v", N_("As text"), N_("The page as plain text, as it is printed"), scope=_SCOPE, show=True),
    Action("handover.export", "X", N_("To a file"), N_("Write the page to a file as plain text, for a printer"), scope=_SCOPE, show=True),
    Action("handover.older", "h,f", N_("Older"), N_("Show an older page"), scope=_SCOPE, show=True),
)  # fmt: skip
