"""Where a result leads."""

from __future__ import annotations

from collections.abc import Callable

from crm_tui.desk.views import SearchHit
from crm_tui.screens import catalog
from crm_tui.screens.base import Shell


def open_hit(shell: Shell, hit: SearchHit, narrow: Callable[[str], None]) -> None:
    """Open a mail at its message, an inquiry or a guest at its screen.

    ``narrow`` asks another query: of a guest, where a desk has no profiles, for all that is there.
    """
    if hit.kind == "message":
        shell.open_conversation(hit.conversation, hit.id)
    elif hit.kind != "guest":
        shell.open_inquiry(hit.id)
    elif catalog.exists(catalog.GUEST):
        shell.open_guest(hit.id)
    else:
        narrow('guest:"{name}"'.format(name=hit.title.replace('"', " ")))
