"""What undo shows: the command that was taken back, or that one key would take back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class UndoView:
    """A command of the agent.

    Attributes:
        command: its key in the journal.
        text: one sentence in the agent's language, display-safe: from ``last`` what would be taken back, from ``undo``
            how things stand now.
        at: when the command was done.
        rows: how many journal rows it left.
        conversations: the conversations it touched; at most the first 100.
        draft: the draft that it gave back; None: none.
        queued: that draft was on its way out, so that it is opened again.
    """

    command: str
    text: str
    at: datetime
    rows: int = 1
    conversations: tuple[int, ...] = ()
    draft: int | None = None
    queued: bool = False
