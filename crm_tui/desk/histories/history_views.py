"""What the history shows: one entry a command, comment or mail; frozen, display-safe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Show(StrEnum):
    """Which entries of a history are wanted."""

    ALL = "all"
    COMMENTS = "comments"
    """What people wrote for each other: memos and internal messages."""
    CHANGES = "changes"
    """Everything else: changes, mail, sending."""


class HistoryKey(NamedTuple):
    """Where an entry stands: entries are ordered by it.

    Attributes:
        at: aware UTC.
        source: 0 the journal, 1 a message.
        id: the newest journal row of the command, or the message.
        command: of the journal; empty for a message.
    """

    at: datetime
    source: int
    id: int
    command: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that was done or said.

    Attributes:
        key: its place, also the cursor of the page that follows.
        at: aware UTC.
        who: the agent, or the guest who wrote; empty: the program by itself.
        text: a sentence without its subject, in the agent's language, one line.
        kind: change, mail, memo, internal or reminder.
        whole: the text at full length, with its lines; the same as ``text`` if that is all there is.
        undone: it was taken back.
        undone_by, undone_at: by whom and when; None: not known.
        message: the message it tells of; None: none.
        conversation: where that is read.
    """

    key: HistoryKey
    at: datetime
    who: str
    text: str
    kind: str
    whole: str = ""
    undone: bool = False
    undone_by: str = ""
    undone_at: datetime | None = None
    message: int | None = None
    conversation: int | None = None

    @property
    def id(self) -> str:
        """Unique in its history, and the same when it is read again."""
        return self.key.command or f"m{self.key.id}"
