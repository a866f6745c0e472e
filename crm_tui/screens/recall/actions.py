"""The actions of the recall screen."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

CALENDAR = declare(
    Action("calendar.left", "left,h", N_("Day before"), N_("The day before"), scope="calendar", palette=False),
    Action("calendar.right", "right,l", N_("Next day"), N_("The next day"), scope="calendar", palette=False),
    Action("calendar.up", "up,k", N_("Week before"), N_("The week before"), scope="calendar", palette=False),
    Action("calendar.down", "down,j", N_("Next week"), N_("The next week"), scope="calendar", palette=False),
    Action("calendar.earlier", "pageup", N_("Month before"), N_("The month before"), scope="calendar", palette=False),
    Action("calendar.later", "pagedown", N_("Next month"), N_("The next month"), scope="calendar", palette=False),
    Action("calendar.today", "home", N_("Today"), N_("To today"), scope="calendar", palette=False),
    Action(
        "calendar.choose",
        "space",
        N_("Choose"),
        N_("Begin or end the free nights"),
        scope="calendar",
        show=True,
        palette=False,
    ),
    Action(
        "calendar.take", "enter", N_("List"), N_("Go to who wants them"), scope="calendar", show=True, palette=False
    ),
)
ACTIONS = declare(
    Action("recall.draft", "D", N_("Draft"), N_("Draft the recall mails"), scope="recall", show=True),
    Action("recall.lost", "L", N_("Lost too"), N_("List the lost inquiries too, or not"), scope="recall", show=True),
    Action("recall.pane", "tab,shift+tab", N_("Other half"), N_("Calendar or list"), scope="recall", palette=False),
)
