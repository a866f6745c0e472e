"""What the desk says about shift handovers (SPEC §9): frozen, display-safe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crm_tui.base.i18n import N_
from crm_tui.rules.vocabulary import HandoverKind

KINDS: Mapping[str, str] = {
    HandoverKind.NOTE: N_("Notes"),
    HandoverKind.WAITLIST: N_("Answers on the waitlist"),
    HandoverKind.PENDING: N_("Waiting for a manager"),
    HandoverKind.DEPARTURE: N_("Departures to inform"),
    HandoverKind.PAYMENT: N_("Payments due"),
    HandoverKind.COMPLAINT: N_("Open complaints"),
    HandoverKind.HELD: N_("Mail that did not go out"),
    HandoverKind.REMINDER: N_("Reminders"),
}
"""The parts of a page, in their order."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something open that belongs on a page.

    Attributes:
        kind: see :class:`crm_tui.rules.vocabulary.HandoverKind`.
        thing: number of the conversation, ticket, flight, reservation, feedback, outbox item or reminder; None of a note.
        text: one line.
    """

    kind: str
    thing: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What would be in a handover made now.

    Attributes:
        left_out: how many things only the agent may see: they stay with the agent.
        more: by kind how many did not fit any more.
    """

    items: Sequence[Item]
    left_out: int = 0
    more: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of a handover.

    Attributes:
        text: as it stood when it was handed over.
        note: what who acknowledged it wrote to it.
        settled: how it was settled meanwhile, a word or two; empty: it is still open.
        where: what Enter opens, as in :data:`crm_tui.screens.catalog`: conversation, reservation, guest, outbox, inquiry; empty: nothing.
        at: the number of that.
    """

    id: int
    handover: int
    kind: str
    thing: int | None
    text: str
    note: str
    acknowledged_at: datetime | None
    acknowledged_by: str
    settled: str = ""
    where: str = ""
    at: int | None = None


@dataclass(frozen=True, slots=True)
class HandoverView:
    """A page that one shift left to the next.

    Attributes:
        lines: those that the agent may see.
        hidden: how many are for others only.
        closed_at: when its last line was acknowledged; None: it is open.
    """

    id: int
    at: datetime
    author: str
    closed_at: datetime | None
    lines: Sequence[LineView] = ()
    hidden: int = 0

    @property
    def waiting(self) -> int:
        """How many lines nobody acknowledged yet."""
        return sum(1 for line in self.lines if line.acknowledged_at is None)
