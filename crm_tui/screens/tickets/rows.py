"""How tickets look in a list, and where the lists come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _
from crm_tui.rules.vocabulary import TicketState
from crm_tui.screens.base import Shell
from crm_tui.screens.inquiries.words import channel_word
from crm_tui.screens.tickets.words import FLAGGED, LOOKS, PINNED, stage_word, state_word
from crm_tui.widgets.cells import fit
from crm_tui.widgets.joined_pages import JoinedSource
from crm_tui.widgets.record_pages import Source
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import age

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.ticketing.ticket_views import TicketQuery, TicketRow

DESK, MINE, QUEUE, PENDING, TEAM, DONE = "desk", "mine", "queue", "pending", "team", "done"
"""What a list of tickets can show; ``agent:Ana`` is what Ana has."""

ORDERS = ("pending", "oldest", "newest")
STAGE_FROM, CHANNEL_FROM = 84, 104
"""Columns from which a row says its stage; and its channel."""
OWNER_FROM = 62
"""Columns from which a name of ten letters is whole."""
LATE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Shown:
    """Which tickets a list shows.

    Attributes:
        place: one of the places, or ``agent:NAME``.
        state, stage, channel: only these; empty: all.
        order: one of :data:`ORDERS`.
        manages: everybody's tickets are meant where a place does not say whose.
    """

    place: str = DESK
    state: str = ""
    stage: str = ""
    channel: str = ""
    order: str = "pending"
    manages: bool = False

    @property
    def own(self) -> bool:
        """Whether only one's own are meant; the queue is everybody's."""
        return self.place == MINE or (not self.manages and self.place in (PENDING, DONE))

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
        owner = (12 if width >= STAGE_FROM else 11 if width >= OWNER_FROM else 9) if self.owners else 0
        room = max(10, width - 3 - word - 8 - stage - channel - owner)
        who = min(24, max(8, room * (38 if room >= 44 else 46) // 100))
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


class TicketSource:
    """A list of tickets as a record list reads it. Every method blocks: for threads."""

    def __init__(self, ctx: Context, query: TicketQuery) -> None:
        self._ctx, self.query = ctx, query

    def count(self) -> int:
        """How many there are."""
        from crm_tui import desk

        return desk.tickets.total(self._ctx, self.query)

    def after(self, row: TicketRow | None, limit: int) -> Sequence[TicketRow]:
        """The rows that follow."""
        return self._page(after=row.cursor if row else None, limit=limit)

    def before(self, row: TicketRow | None, limit: int) -> Sequence[TicketRow]:
        """The rows before."""
        return self._page(before=row.cursor, limit=limit) if row is not None else self._page(last=True, limit=limit)

    def at(self, index: int, limit: int) -> Sequence[TicketRow]:
        """The rows from a position on."""
        return self._page(at=index, limit=limit)

    def index_of(self, row: TicketRow) -> int:
        """How many rows stand before it."""
        from crm_tui import desk

        return desk.tickets.position(self._ctx, self.query, row.cursor)

    def find(self, row_id: int | str) -> TicketRow | None:
        """The row as it is now, if it is still in this list."""
        from crm_tui import desk

        return desk.tickets.row_in_list(self._ctx, self.query, int(row_id))

    def _page(self, **where: object) -> Sequence[TicketRow]:
        from crm_tui import desk

        return desk.tickets.page(self._ctx, self.query, **where).rows  # type: ignore[arg-type]


def desk_source(ctx: Context, shown: Shown) -> Source[TicketRow]:
    """An agent's own tickets, then the queue in the order it is dealt from."""
    from crm_tui.desk.ticketing.ticket_views import OPEN, TicketQuery

    queued = TicketState.QUEUED.value
    own = TicketQuery(shown.state or OPEN, "me", shown.stage, shown.channel)
    queue = TicketQuery(queued, "", shown.stage, shown.channel)
    parts = [one for one, wanted in ((own, shown.state != queued), (queue, shown.state in ("", queued))) if wanted]
    return JoinedSource(
        [TicketSource(ctx, one) for one in parts],
        lambda row: len(parts) - 1 if row.agent_id is None else 0,
    )


def source(ctx: Context, shown: Shown) -> Source[TicketRow]:
    """Where the tickets of a place come from."""
    return desk_source(ctx, shown) if shown.place == DESK else TicketSource(ctx, query_of(shown))


def query_of(shown: Shown) -> TicketQuery:
    """A place as the desk asks for it. The queue and what is done have no other state."""
    from crm_tui.desk.ticketing.ticket_views import OPEN, TicketQuery

    kind, _colon, name = shown.place.partition(":")
    state = {QUEUE: TicketState.QUEUED.value, PENDING: TicketState.PENDING.value, DONE: TicketState.DONE.value}.get(
        kind
    )
    agent = name if kind == "agent" else "me" if shown.own else ""
    order = "newest" if kind == DONE and shown.order == "pending" else shown.order
    return TicketQuery(state or shown.state or OPEN, agent, shown.stage, shown.channel, order)


def empty_text(shown: Shown, *, manages: bool) -> list[Part]:
    """What an empty list says: what would fill it."""
    if shown.filtered:
        return [(_("Nothing fits this filter."), "muted"), (_("f changes it, Esc shows all."), "key")]
    said = {
        DESK: _("Nobody waits for you, and the queue is empty."),
        MINE: _("Nobody waits for you."),
        QUEUE: _("The queue is empty: every ticket is with somebody."),
        PENDING: _("Nothing waits for a manager."),
        TEAM: _("No guest waits for an answer."),
        DONE: _("Nothing was answered yet."),
    }.get(shown.place, _("Nothing is in these hands."))
    hint = _("t takes one from the queue; new ones come by themselves while your timer runs.")
    if manages:
        hint = _("Tickets come by themselves with the mail; a gives one to an agent.")
    return [(said, "muted"), (hint, "key")]
