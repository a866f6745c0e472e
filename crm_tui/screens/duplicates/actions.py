"""The actions of the suggestions and of merging."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

SUGGESTIONS = declare(
    Action(
        "duplicates.apart", "x", N_("Not the same"), N_("They are not the same: do not suggest them again"),
        scope="duplicates", show=True,
    ),
    Action("duplicates.merge", "M", N_("Merge"), N_("Side by side, to be merged"), scope="duplicates", call="open_pair"),
    Action("duplicates.first", "G", N_("Profile"), N_("Open the first of them"), scope="duplicates", call="profile"),
    Action("duplicates.search", "s", N_("Look again"), N_("Look for duplicates again, or stop looking"), scope="duplicates", show=True),
)  # fmt: skip

MERGE = declare(
    Action("merge.save", "ctrl+s", N_("Merge"), N_("Merge them as it is shown"), scope="merge", show=True),
    Action("merge.right", "right,space", N_("Take the next"), N_("Take the field from the next guest"), scope="merge", show=True, call="choose(1)", palette=False),
    Action("merge.left", "left", N_("Take the former"), N_("Take the field from the guest before"), scope="merge", call="choose(-1)", palette=False),
    Action("merge.main", "m", N_("Main"), N_("Another one is the main profile, whose number stays"), scope="merge", show=True),
    Action("merge.apart", "x", N_("Not the same"), N_("They are not the same: do not suggest them again"), scope="merge", show=True),
    Action("merge.differing", "f", N_("Differing"), N_("Only what differs, or all"), scope="merge", show=True),
    Action("merge.add", "plus", N_("Add"), N_("One more guest beside these"), scope="merge"),
    Action("merge.part", "B", N_("Take apart"), N_("What was merged into the main profile, to be taken apart"), scope="merge"),
)  # fmt: skip
