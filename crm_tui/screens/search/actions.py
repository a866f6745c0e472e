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
    Action(
        "search.keep",
        "ctrl+s",
        N_("Keep"),
        N_("Keep this search as a view"),
        scope="search",
        show=True,
        palette=False,
        priority=True,
    ),
    Action("search.down", "down", N_("Next"), N_("Next result"), scope="search", palette=False),
    Action("search.up", "up", N_("Before"), N_("Result before"), scope="search", palette=False),
    Action("search.page-down", "pagedown", N_("Page down"), N_("One page down"), scope="search", palette=False),
    Action("search.page-up", "pageup", N_("Page up"), N_("One page up"), scope="search", palette=False),
)

VIEWS = declare(
    Action("views.open", "enter", N_("Open"), N_("Show what the view finds"), scope="views", show=True, palette=False),
    Action("views.change", "E", N_("Change"), N_("Another name, key or search"), scope="views", show=True),
    Action("views.earlier", "K", N_("Up"), N_("Up in the list of views"), scope="views", show=True),
    Action("views.later", "J", N_("Down"), N_("Down in the list of views"), scope="views", show=True),
    Action("views.remove", "delete", N_("Put away"), N_("Put the view away"), scope="views", show=True),
)
