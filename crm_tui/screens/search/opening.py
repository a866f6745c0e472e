"""Where a result leads."""

from __future__ import annotations

from crm_tui.desk.common.views import SearchHit
from crm_tui.screens.base import Shell


def open_hit(shell: Shell, hit: SearchHit) -> None:
    """Open a mail at its message, an inquiry or a reservation at its screen, a guest at the profile."""
    if hit.kind == "message":
        shell.open_conversation(hit.conversation, hit.id)
    elif hit.kind == "guest":
        shell.open_guest(hit.id)
    elif hit.kind == "reservation":
        shell.open_reservation(hit.id)
    else:
        shell.open_inquiry(hit.id)
