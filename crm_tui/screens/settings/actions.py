"""The actions of the settings screen; the form kit's own, and the view of the keys."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

ACTIONS = declare(
    Action(
        "settings.property",
        "f6",
        N_("Property"),
        N_("What holds for everybody: working hours, days before check-in"),
        scope="settings",
        show=True,
    ),
    Action("settings.keys", "f4", N_("Keys"), N_("Every key of the desk, and which clash"), scope="form", show=True),
)
