"""The actions of working time."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

_SCOPE = "working"

WEEK = declare(
    Action("working.earlier", "left,h", N_("Earlier"), N_("The week before"), scope=_SCOPE, show=True, palette=False),
    Action("working.later", "right,l", N_("Later"), N_("The week after"), scope=_SCOPE, palette=False),
    Action("working.day", "D", N_("Week"), N_("Choose the week by one of its days"), scope=_SCOPE, show=True),
    Action("working.panes", "tab,shift+tab", N_("Next pane"), N_("From the team to the sessions and back"), scope=_SCOPE, palette=False, call="next_pane"),
)  # fmt: skip
CORRECT = declare(
    Action("working.edit", "E", N_("Correct"), N_("Say when the session or pause really began and ended"), scope=_SCOPE, show=True),
    Action("working.add", "plus", N_("Add"), N_("Write down a session that no timer counted, or a pause"), scope=_SCOPE, show=True),
    Action("working.remove", "delete", N_("Take out"), N_("Take the session or pause out of the count"), scope=_SCOPE, show=True),
)  # fmt: skip
