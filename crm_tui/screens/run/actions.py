"""The actions of the triage run; what is done with a conversation has the keys of the mail screen."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

# Before the reading pane, where j and k move by a line: the arrows do that here.
RUN = declare(
    Action("run.later", "j", N_("Later"), N_("Leave it for later and go on; n does too"), scope="run", show=True, priority=True),
    Action("run.back", "k", N_("Back"), N_("Back to the one before"), scope="run", show=True, priority=True, call="step_back"),
    Action("run.end", "Q", N_("End"), N_("End the run and say what was done; q and Esc do too"), scope="run", show=True, palette=False),
)  # fmt: skip
