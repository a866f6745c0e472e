"""The actions of the journal."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

ACTIONS = declare(
    Action("journal.filter", "f", N_("Filter"), N_("By agent, thing, action, day and words"), scope="journal", show=True),
    Action("journal.mine", "m", N_("This agent"), N_("Only what the agent of this line did, or all again"), scope="journal"),
    Action("journal.thing", "t", N_("This thing"), N_("Only what was done to the thing of this line"), scope="journal",
           show=True),
    Action("journal.clear", "x", N_("All"), N_("Without any filter"), scope="journal", show=True),
    Action("journal.open", "enter", N_("Open"), N_("Go to the thing of this line, if it has a screen"), scope="journal",
           show=True),
)  # fmt: skip
