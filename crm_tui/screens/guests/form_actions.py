"""The actions of the guest's form."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

FORM = declare(
    Action(
        "guest-form.archive", "f8", N_("Archive"), N_("A guest's form: put the guest away, or take them back"),
        scope="form", show=True,
    ),
)  # fmt: skip
