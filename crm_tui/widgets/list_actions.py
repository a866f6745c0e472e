"""What can be done in every list; bound by the record list."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

ACTIONS = declare(
    Action("list.down", "down,j", N_("Down"), N_("Next row"), scope="list", palette=False),
    Action("list.up", "up,k", N_("Up"), N_("Previous row"), scope="list", palette=False),
    Action("list.page-down", "pagedown", N_("Page down"), N_("One page down"), scope="list", palette=False),
    Action("list.page-up", "pageup", N_("Page up"), N_("One page up"), scope="list", palette=False),
    Action("list.first", "home", N_("First"), N_("To the first row"), scope="list", palette=False),
    Action("list.last", "end", N_("Last"), N_("To the last row"), scope="list", palette=False),
    Action("list.open", "enter", N_("Open"), N_("Open the row"), scope="list", show=True, palette=False),
    Action("list.mark", "space", N_("Mark"), N_("Mark or unmark the row and go on"), scope="list"),
    Action("list.unmark-all", "ctrl+u", N_("Unmark all"), N_("Take all marks away"), scope="list"),
)
