"""IMAP over imapclient: one connection, one command at a time, nothing trusted (QUALITY §4).

``ImapSession`` is the connection; the verbs stand in one module each: folders, fetch, flags, idle, append.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crm_tui.mail.imap.append import ImapSession
    from crm_tui.mail.imap.errors import FolderGone
    from crm_tui.mail.imap.fetch import Fetched
    from crm_tui.mail.imap.folders import Selected
    from crm_tui.mail.imap.names import Mailbox

__all__ = ["Fetched", "FolderGone", "ImapSession", "Mailbox", "Selected"]
_HOMES = {
    "ImapSession": "append",
    "FolderGone": "errors",
    "Fetched": "fetch",
    "Selected": "folders",
    "Mailbox": "names",
}


def __getattr__(name: str) -> Any:
    """Import imapclient only when a connection is wanted: it stays out of the way of the first frame."""
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
