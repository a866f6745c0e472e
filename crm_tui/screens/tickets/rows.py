"""How tickets look in a list, and where the lists come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _
from crm_tui.rules.vocabulary import TicketState
from crm_tui.screens.base import Shell
from crm_tui.screens.inquiries.words import channel_word
from crm_tui.screens.tickets.words import FLAGGED, LOOKS, PINNED, stage_word, state_word
from crm_tui.widgets.cells import fit
from crm_tui.widgets.record_pages import ListSource
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import age

if TYPE_CHECKING:
    from crm_tui.desk.context import Context
    from crm_tui.desk.ticket_views import TicketRow

DESK, MINE, QUEUE, PENDING, TEAM, DONE = "desk", "mine", "queue", "pending", "team", "done"
"""What a list of tickets can show; ``agent:7`` is what agent 7 has."""

ORDERS = ("pending", "waiting", "newest")
STAGE_FROM, CHANNEL_FROM = 84, 104
"""Columns from which a row says its stage; and its channel."""
LATE = timedelta(hours=24)
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Shown:
    """Which tickets a list shows.

    Attributes:
        place: one of the places, or ``agent:ID``.
        state, stage, channel: only these; empty: all.
        order: one of :data:`ORDERS`.
    """

    place: str = DESK
    state: str = ""
    stage: str = ""
    channel: str = ""
    order: str = "pending"

    @property
    def filtered(self) -> bool:
        """Whether less is shown than the place holds."""
        return bool(self.state or self.stage or self.channel)


class TicketRowView:
    """Draws tickets; adapts to the width.

    Args:
        shell: tells time and zone.
    """

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self.empty_text: Sequence[Part] = ()
        self.owners = True
        """Whether the rows say whose they are."""

    def empty(self) -> Sequence[Part]:
        """What an empty list says."""
        return self.empty_text

    def parts(self, row: TicketRow, width: int) -> list[Part]:
        """State, how long the guest waits, who, what about, stage, channel, whose."""
        now = self._shell.clock.now()
        sign, style = LOOKS[row.state]
        done = row.state == TicketState.DONE
        late = not done and now - row.created_at > LATE
        weight = "muted" if done else "strong" if row.state in (TicketState.ASSIGNED, TicketState.QUEUED) else ""
        word = 9 if width >= 56 else 0
        stage = 16 if width >= STAGE_FROM else 0
        channel = 12 if width >= CHANNEL_FROM else 0
        owner = (12 if width >= STAGE_FROM else 9) if self.owners else 0
        room = max(10, width - 3 - word - 8 - stage - channel - owner)
        who = min(24, max(8, room * 38 // 100))
        waited = age(row.done_at or row.created_at, now, self._shell.zone)
        mark = FLAGGED if row.flagged else PINNED if row.pinned and not done else " "
        return [
            (sign, style),
            (mark + " ", "warn" if row.flagged else "muted"),
            (fit(state_word(row.state), word - 1) + " " if word else "", style),
            (fit(waited, 7, right=True) + " ", "warn" if late else "muted" if done else "accent"),
            (fit(row.counterpart or _("(no sender)"), who - 1) + " ", weight),
            (fit(row.subject or _("(no subject)"), room - who - 1) + " ", weight),
            (fit(stage_word(row.stage), stage - 1) + " " if stage else "", "muted"),
            (fit(channel_word(row.channel) if row.channel else "", channel - 1) + " " if channel else "", "muted"),
            (fit(row.agent or "–", owner - 1, right=True) + " " if owner else "", "" if row.agent else "muted"),
        ]


class TicketSource(ListSource["TicketRow"]):
    """A list of tickets, read whole: the open ones of a team fit on a few screens. Every method blocks: for threads."""

    def __init__(self, ctx: Context, shown: Shown) -> None:
        super().__init__(())
        self._ctx, self.shown = ctx, shown

    def count(self) -> int:
        """How many there are; the list is read anew."""
        super().__init__(list(_rows(self._ctx, self.shown)))
        return super().count()


def _rows(ctx: Context, shown: Shown) -> Iterator[TicketRow]:
    """The tickets of a place. An agent's desk is what is theirs, then the queue, in the order it is dealt from."""
    from crm_tui import desk

    if shown.place == DESK:
        found = [*desk.tickets.mine(ctx), *desk.tickets.queue(ctx)]
        yield from (row for row in found if _fits(row, shown))
        return
    yield from _paged(ctx, shown)


def _fits(row: TicketRow, shown: Shown) -> bool:
    return (
        shown.state in ("", row.state) and shown.stage in ("", row.stage) and shown.channel in ("", row.channel)
    )
