"""What the desk says about compliments and complaints (SPEC §11): frozen, display-safe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crm_tui.base.i18n import N_
from crm_tui.rules.vocabulary import FeedbackKind

KINDS: Mapping[str, str] = {
    FeedbackKind.POSITIVE: N_("compliment"),
    FeedbackKind.NEGATIVE: N_("complaint"),
}
"""What feedback is called, by kind."""

EMOJIS = ("😀", "🙂", "😐", "🙁", "😠")
"""Which faces can be chosen."""

SATISFACTION: Mapping[int, str] = {
    1: N_("angry"),
    2: N_("not content"),
    3: N_("so so"),
    4: N_("content"),
    5: N_("delighted"),
}
"""How a guest took what was done."""

RESOLVED_SIGN, OPEN_SIGN = "✔", "✕"
"""Before feedback that is resolved, and before a complaint that is not (SPEC §11)."""


class Show(StrEnum):
    """Which feedback a list holds."""

    OPEN = "open"
    """Complaints that nobody resolved."""
    PAGE = "page"
    """Those, and what was resolved or praised since the last midnight of the property."""
    ALL = "all"


@dataclass(frozen=True, slots=True)
class FeedbackView:
    """A guest's compliment or complaint.

    Attributes:
        kind: see :class:`crm_tui.rules.vocabulary.FeedbackKind`.
        at: when it was said, aware UTC.
        code: what it is about: breakfast, room, service…
        guest, guest_name: whose it is; None and empty if only the room is known.
        reservation, code_of: number and code of the reservation.
        employee: whom it is about.
        resolution: what was done.
        satisfaction: 1 to 5, see :data:`SATISFACTION`.
        mine: the agent may change it.
    """

    id: int
    kind: str
    at: datetime
    code: str
    room: str
    guest: int | None
    guest_name: str
    reservation: int | None
    code_of: str
    conversation: int | None
    employee: str
    comment: str
    emoji: str
    resolved_at: datetime | None
    resolved_by: str
    resolution: str
    satisfaction: int | None
    author: str
    created_at: datetime
    mine: bool
    version: int

    @property
    def open(self) -> bool:
        """A complaint that nobody resolved."""
        return self.kind == FeedbackKind.NEGATIVE and self.resolved_at is None

    @property
    def title(self) -> str:
        """Guest and room, as far as they are known."""
        return " · ".join(part for part in (self.guest_name, self.room) if part)
