"""What a sync needs and what it tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from crm_tui.mail.imap import ImapSession


class SyncAccount(Protocol):
    """The fields of an account that a sync looks at."""

    @property
    def id(self) -> int: ...

    @property
    def address(self) -> str: ...


Stopped = Callable[[], bool]
"""Asked a few times a second while a connection waits; True ends the wait."""

SessionFactory = Callable[[SyncAccount, Stopped], "ImapSession"]
"""Connects and logs in; raises the errors of :mod:`crm_tui.mail.imap`."""


@dataclass(slots=True)
class FolderResult:
    """What one visit to one mailbox did.

    Attributes:
        account: the account's address.
        folder: the mailbox's canonical name; empty if the failure concerns the whole account.
        new: messages that were stored or found in this mailbox for the first time.
        changed: messages whose flags changed.
        gone: messages that the server has no more.
        seconds: how long the visit took.
        error: a sentence, safe to show; empty if all went well.
    """

    account: str
    folder: str
    new: int = 0
    changed: int = 0
    gone: int = 0
    seconds: float = 0.0
    error: str = ""
