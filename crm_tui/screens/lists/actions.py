"""The actions of the lists that an administrator keeps."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

LISTS = declare(
    Action("lists.add", "plus", N_("Add"), N_("Put one on the list"), scope="lists", show=True),
    Action("lists.rename", "E", N_("Rename"), N_("Call it otherwise, or give an item another value"), scope="lists", show=True),
    Action("lists.merge", "M", N_("Merge"), N_("Make one attribute of two"), scope="lists", show=True),
    Action("lists.remove", "delete", N_("Remove"), N_("Take it off the list"), scope="lists", show=True),
    Action("lists.other", "tab,shift+tab", N_("Other list"), N_("Attributes, event types, codes, items"), scope="lists", show=True),
)  # fmt: skip
