"""What is shown of tickets and of who has how many (SPEC §10). All text is safe to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crm_tui.base.i18n import N_
from crm_tui.desk.common.views import Cursor
from crm_tui.rules.vocabulary import Stage, TicketHow, TicketState

OPEN, FLAGGED = "open", "flagged"
"""What a list can be of besides the states: all that are not done, and those whose agent stopped working."""

STATES: Mapping[str, str] = {
    OPEN: N_("open"),
    TicketState.QUEUED: N_("queued"),
    TicketState.ASSIGNED: N_("assigned"),
    TicketState.OPENED: N_("opened"),
    TicketState.PENDING: N_("pending"),
    TicketState.DONE: N_("done"),
    FLAGGED: N_("flagged"),
}
STAGES: Mapping[str, str] = {
    Stage.BEFORE_BOOKING: N_("before booking"),
    Stage.AFTER_BOOKING: N_("after booking"),
    Stage.BEFORE_CHECKIN: N_("before check-in"),
}
HOW: Mapping[str, str] = {
    TicketHow.AUTOMATIC: N_("automatic"),
    TicketHow.MANUAL: N_("by hand"),
    TicketHow.CLAIMED: N_("taken"),
}
ORDERS = ("oldest", "newest", "pending")
"""``pending``: those that wait for a manager first, the rest by age."""


@dataclass(frozen=True, slots=True)
class TicketQuery:
    """Which tickets, in which order.

    Attributes:
        state: one of :data:`STATES`.
        agent: empty: anybody's; ``me``, ``nobody``, or a name.
        stage, channel: empty: all.
        order: one of :data:`ORDERS`.
    """

    state: str = OPEN
    agent: str = ""
    stage: str = ""
    channel: str = ""
    order: str = "oldest"


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One ticket.

    Attributes:
        counterpart: name, else address, of whom it is about.
        agent: who has it; empty: nobody.
        how: how they got it, one of :data:`HOW`; empty while queued or not decided yet.
        created_at: since when the guest waits.
        seen_at: when its agent displayed it first.
        pinned: it was given or taken by hand and does not move by itself.
        flagged: its agent stopped working and has it still.
        why: a sentence, why it is where it is.
        cursor: its place in the list that was asked for.
    """

    id: int
    conversation: int
    subject: str
    counterpart: str
    state: str
    agent: str
    agent_id: int | None
    stage: str
    channel: str
    created_at: datetime
    assigned_at: datetime | None
    seen_at: datetime | None
    pending_at: datetime | None
    pending_by: str
    pending_note: str
    done_at: datetime | None
    done_by: str
    how: str
    pinned: bool
    flagged: bool
    why: str
    version: int
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class TicketPage:
    """A stretch of a list, and how long the list is."""

    rows: Sequence[TicketRow]
    total: int


@dataclass(frozen=True, slots=True)
class AgentLoad:
    """What an agent has in hand.

    Attributes:
        working_since: when their timer was started, the earliest if it runs on several desks; None: it does not run.
        takes: their profile takes tickets at all.
        load: what counts when tickets are shared out: assigned and opened, without pending.
        assigned: in their hands and not displayed yet.
        flagged: left behind when they stopped working.
        done_today: turns that they closed since the property's midnight.
    """

    agent: str
    id: int
    running: bool
    intake: bool
    working_since: datetime | None
    takes: bool
    load: int
    assigned: int
    opened: int
    pending: int
    flagged: int
    done_today: int


@dataclass(frozen=True, slots=True)
class TicketCounts:
    """For a header: what is in the actor's hands, and what waits for anybody."""

    mine: int
    unopened: int
    pending: int
    queue: int
