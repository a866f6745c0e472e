"""What screens and the command line get of agents' doings among themselves: who looks at what, and what they write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PresenceView:
    """An agent at another desk who has something open (SPEC §3).

    Attributes:
        doing: ``viewing`` or ``replying``.
        since: when that began.
        mine: it is another desk of the agent who asks.
    """

    agent: str
    doing: str
    since: datetime
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Others:
    """Everyone else at a desk, by what they have open; those who reply come first.

    Attributes:
        until: when the first of these entries expires unless its desk beats again; None without any.
    """

    conversations: Mapping[int, Sequence[PresenceView]] = field(default_factory=dict)
    inquiries: Mapping[int, Sequence[PresenceView]] = field(default_factory=dict)
    until: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class InternalView:
    """An internal message (SPEC §1): never sent to a guest, never quoted, never a reply.

    Attributes:
        sender, to: agents' names; the sender is empty where that agent is gone.
        conversation, inquiry, guest, reservation: what it is about; all None where that is gone.
        about: the counterpart and subject of the conversation, the inquiry's number, or the reservation's code.
        read_at: when the recipient marked it read; None while unread.
        mine: the agent who asks is its recipient.
        hidden: the agent who asks may not see that thing any more, because its scope was changed since.
    """

    id: int
    sender: str
    sender_id: int | None
    to: str
    to_id: int
    text: str
    at: datetime
    read_at: datetime | None
    inquiry: int | None
    conversation: int | None
    guest: int | None
    about: str = ""
    version: int = 1
    mine: bool = False
    hidden: bool = False
    reservation: int | None = None

    @property
    def unread(self) -> bool:
        """Whether it still waits for its recipient."""
        return self.read_at is None
