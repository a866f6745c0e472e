"""The actions of a history."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

ACTIONS = declare(
    Action("history.filter", "f", N_("Filter"), N_("All, only comments, only changes"), scope="history", show=True),
    Action("history.sort", "o", N_("Order"), N_("Newest or oldest first"), scope="history", show=True),
)
