"""What the desk says about compliments and complaints (SPEC §11): frozen, display-safe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crm_tui.base.i18n import N_
from crm_tui.desk.quality.quality_views import GivenView, totals
from crm_tui.rules.money import Money
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
    """Those, and what was resolved or praised since the last midnight of the property, or as far back as it wishes."""
    RESOLVED = "resolved"
    """What is resolved, since whenever."""
    ALL = "all"


ORDERS = ("", "oldest", "code", "room")
"""How lists of feedback can be sorted; empty: the newest first, open complaints the oldest first."""


@dataclass(frozen=True, slots=True)
class FeedbackQuery:
    """Which feedback a list holds, and how it is sorted.

    Attributes:
        show: see :class:`Show`.
        kind: only positive or only negative.
        code, employee: exactly so; empty: any.
        text: words that stand in the guest's name, the room, what was said or done; accents and case never matter.
        order: one of :data:`ORDERS` or ``newest``.
    """

    show: str = Show.PAGE
    kind: str = ""
    code: str = ""
    employee: str = ""
    text: str = ""
    order: str = ""


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
        given: what the guest was given to settle it.
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
    given: tuple[GivenView, ...] = ()

    @property
    def cost(self) -> tuple[Money, ...]:
        """What its resolution cost, an amount for each currency."""
        return totals(self.given)

    @property
    def open(self) -> bool:
        """A complaint that nobody resolved."""
        return self.kind == FeedbackKind.NEGATIVE and self.resolved_at is None

    @property
    def title(self) -> str:
        """Guest and room, as far as they are known."""
        return " · ".join(part for part in (self.guest_name, self.room) if part)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose feedback is, as far as it is known before it is written down.

    Attributes:
        guest, name: number and name of the guest; None and empty if nobody is known.
        reservation, code: number and code of the stay.
    """

    guest: int | None = None
    name: str = ""
    room: str = ""
    reservation: int | None = None
    code: str = ""
