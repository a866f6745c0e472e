"""Where a result leads."""

from __future__ import annotations

from collections.abc import Callable

from crm_tui.desk.views import SearchHit
from crm_tui.screens.base import Shell


def open_hit(shell: Shell, hit: SearchHit, narrow: Callable[[str], None]) -> None:
    """Open a mail at its message, an inquiry at its screen; of a guest, find all that is there (``narrow`` asks a query)."""
    if hit.kind == "message":
        shell.open_conversation(hit.conversation, hit.id)
    elif hit.kind == "guest":
        narrow('guest:"{name}"'.format(name=hit.title.replace('"', " ")))
    else:
        shell.open_inquiry(hit.id)
