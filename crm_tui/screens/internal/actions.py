"""The actions of the internal messages."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

INTERNAL = declare(
    Action("internal.open", "enter", N_("Go there"), N_("Mark it read and go to what it is about"), scope="internal", show=True),
    Action("internal.answer", "r", N_("Answer"), N_("Write back about the same thing"), scope="internal", show=True),
    Action("internal.read", "e", N_("Read"), N_("Mark it read"), scope="internal", show=True),
)  # fmt: skip
