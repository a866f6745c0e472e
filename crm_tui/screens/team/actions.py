"""The actions of the team."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

LIST = declare(
    Action("team.add", "plus", N_("Add"), N_("Add a member of the team"), scope="team", show=True),
    Action("team.edit", "enter", N_("Edit"), N_("Change the highlighted member"), scope="team", show=True),
    Action("team.department", "D", N_("Department"), N_("Add a department"), scope="team", show=True),
    Action("team.tickets", "T", N_("Tickets"), N_("Which tickets the highlighted member takes"), scope="team", show=True),
    Action("team.left", "f3", N_("Who left"), N_("Show those who left, or hide them"), scope="team", show=True),
    Action("team.pin", "P", N_("PIN"), N_("Set or change your PIN, or reset that of the highlighted member"), scope="team",
           show=True),
    Action(
        "team.remove", "delete", N_("Take off"), N_("Take the highlighted member off the team; what they did stays"),
        scope="team", show=True, destructive=True,
    ),
    Action("team.restore", "u", N_("Take back"), N_("Take one who left back into the team"), scope="team", show=True),
)  # fmt: skip
