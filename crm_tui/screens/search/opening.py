"""Where a result leads."""

from __future__ import annotations

from collections.abc import Callable

from crm_tui.base.i18n import _
from crm_tui.desk.views import SearchHit
from crm_tui.screens.base import Shell


def open_hit(shell: Shell, hit: SearchHit, narrow: Callable[[str], None]) -> None:
    """Open a mail at its message, an inquiry at its screen; of a guest, find all that is there (``narrow`` asks a query)."""
    if hit.kind == "message":
        shell.open_conversation(hit.conversation, hit.id)
    elif hit.kind == "guest":
        narrow('guest:"{name}"'.format(name=hit.title.replace('"', " ")))
    elif not _open_inquiry(shell, hit.id):
        if hit.conversation:
            shell.open_conversation(hit.conversation)
        else:
            shell.tell(_("No mail belongs to this inquiry."))


def _open_inquiry(shell: Shell, inquiry_id: int) -> bool:
    open_inquiry = getattr(shell, "open_inquiry", None)
    if open_inquiry is None:
        return False
    open_inquiry(inquiry_id)
    return True
