"""The actions of the search screen; the letters belong to the box, so these are other keys."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

ACTIONS = declare(
    Action(
        "search.open",
        "enter",
        N_("Open"),
        N_("Open the result"),
        scope="search",
        show=True,
        palette=False,
        priority=True,  # the box has an Enter of its own
    ),
    Action("search.down", "down", N_("Next"), N_("Next result"), scope="search", palette=False),
    Action("search.up", "up", N_("Before"), N_("Result before"), scope="search", palette=False),
    Action("search.page-down", "pagedown", N_("Page down"), N_("One page down"), scope="search", palette=False),
    Action("search.page-up", "pageup", N_("Page up"), N_("One page up"), scope="search", palette=False),
)
