"""The actions of the journal. Its filter is left with Esc, as everywhere; the history of a thing has the key that it has elsewhere."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

ACTIONS = declare(
    Action("journal.open", "enter", N_("Open"), N_("Go to the thing of this line, if it has a screen"), scope="journal",
           show=True),
    Action("journal.filter", "f", N_("Filter"), N_("By agent, thing, action, day and words"), scope="journal", show=True),
    Action("journal.history", "H", N_("This thing"), N_("Only what was done to the thing of this line, or all again"),
           scope="journal", show=True),
    Action("journal.agent", "A", N_("This agent"), N_("Only what the agent of this line did, or all again"), scope="journal",
           show=True),
)  # fmt: skip
