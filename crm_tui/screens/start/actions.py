"""The actions of the start screen; on its rows those of the mail screen work too."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

ACTIONS = declare(
    Action(
        "start.log",
        "l",
        N_("Log"),
        N_("Log a call or another event with the guest of the row"),
        scope="start",
        call="log",
    ),
    Action(
        "start.next-panel", "tab", N_("Next panel"), N_("To the next panel"), scope="start", show=True, palette=False
    ),
    Action(
        "start.previous-panel", "shift+tab", N_("Panel before"), N_("To the panel before"), scope="start", palette=False
    ),
)
