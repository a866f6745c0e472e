"""How histories tell of erasure, of what was handed out, and of guests who are kept (SPEC §6)."""

from __future__ import annotations

from crm_tui.base.i18n import _
from crm_tui.desk.histories.history_words import says

for _entity in ("erasure", "guest", "conversation", "inquiry", "reservation", "draft", "reminder"):
    says(_entity, "erase", lambda _b, _a: _("erased the person"))
says("guest", "handed out", lambda _b, _a: _("handed out everything that is held on the guest"))
says(
    "guest",
    "keep",
    lambda _b, after: _("kept the guest from being proposed for erasure until {day}").format(day=after.day("until")),
)
says("outbox", "drop", lambda _b, _a: _("gave up the message"))
