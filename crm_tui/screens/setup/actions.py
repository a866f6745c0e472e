"""The actions of the set-up screen."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

ACTIONS = declare(
    Action(
        "setup.sample", "f9", N_("Sample hotel"), N_("Look round in a sample hotel with its own mail server"),
        scope="form", show=True, priority=True,
    ),
)  # fmt: skip
