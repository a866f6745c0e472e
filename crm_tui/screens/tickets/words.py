"""What tickets are called on the screen: states, stages, and what there is to say of one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from crm_tui.base.i18n import _
from crm_tui.desk.common.words import said
from crm_tui.desk.ticketing.ticket_views import STAGES, STATES, TicketRow
from crm_tui.rules.vocabulary import TicketState
from crm_tui.screens.inquiries.words import channel_word
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import duration, moment

LOOKS: Mapping[str, Part] = {
    TicketState.QUEUED: ("○", "warn"),
    TicketState.ASSIGNED: ("●", "accent"),
    TicketState.OPENED: ("◐", "badge"),
    TicketState.PENDING: ("!", "bad"),
    TicketState.DONE: ("✔", "good"),
}
"""Sign and style of each state; the word stands beside them."""

FLAGGED, PINNED = "⚑", "▪"


def state_word(state: str) -> str:
    """A state in the agent's language."""
    return said(STATES, state)


def stage_word(stage: str) -> str:
    """A stage in the agent's language; empty while nobody looked."""
    return said(STAGES, stage) if stage else ""


def stages() -> list[str]:
    """The stages, in the order of a stay."""
    return list(STAGES)


def signs() -> list[tuple[str, str]]:
    """The signs of a row and what they mean, for the help."""
    return [
        (LOOKS[TicketState.QUEUED][0], _("in the queue: nobody has it yet")),
        (LOOKS[TicketState.ASSIGNED][0], _("given to somebody who has not opened it")),
        (LOOKS[TicketState.OPENED][0], _("opened: it stays with who has it")),
        (LOOKS[TicketState.PENDING][0], _("pending: it needs a manager")),
        (LOOKS[TicketState.DONE][0], _("done: answered, or marked as needing no answer")),
        (PINNED, _("given by hand: it never moves by itself")),
        (FLAGGED, _("who opened it does not work any more")),
        ("▶ ‖ ·", _("an agent who takes tickets, who paused intake, who does not work")),
    ]


def waits(row: TicketRow, now: datetime) -> str:
    """How long the guest has waited for the answer."""
    return duration(now - row.created_at)


def details(row: TicketRow, now: datetime, zone: tzinfo) -> list[list[Part]]:
    """Lines below the list: the mail, its state and whose it is, why, where it stands, what a manager is asked."""
    return [
        [
            (" " + (row.counterpart or _("(no sender)")), "strong"),
            (f"  {row.subject or _('(no subject)')}", ""),
        ],
        state_line(row, now, zone),
        [(" " + _("Why: {why}").format(why=row.why), "")] if row.why else [],
        _stands(row, now),
        _asked(row),
    ]


def state_line(row: TicketRow, now: datetime, zone: tzinfo, *, short: bool = False) -> list[Part]:
    """``◐ opened by Ana · since 12:05``; ``short``: not how it came to them."""
    sign, style = LOOKS[row.state]
    at = {
        TicketState.ASSIGNED: row.assigned_at,
        TicketState.OPENED: row.seen_at,
        TicketState.PENDING: row.pending_at,
        TicketState.DONE: row.done_at,
    }.get(TicketState(row.state), row.created_at)
    since = moment(at or row.created_at, now, zone)
    agent = row.agent or _("nobody")
    words = {
        TicketState.QUEUED: _("in the queue since {time}"),
        TicketState.ASSIGNED: _("{agent} has it since {time}, not opened yet"),
        TicketState.OPENED: _("{agent} opened it {time}"),
        TicketState.PENDING: _("{agent} needs a manager since {time}"),
        TicketState.DONE: _("done by {agent} {time}"),
    }[TicketState(row.state)].format(agent=agent, time=since)
    parts: list[Part] = [(f" {sign} ", style), (words, style)]
    if row.pinned and not short and row.state != TicketState.DONE:
        parts.append((f"  {PINNED} " + _("given by hand"), "muted"))
    if row.flagged:
        parts.append((f"  {FLAGGED} " + _("{agent} does not work now").format(agent=agent), "warn"))
    return parts


def _stands(row: TicketRow, now: datetime) -> list[Part]:
    where = [word for word in (stage_word(row.stage), channel_word(row.channel) if row.channel else "") if word]
    if row.state != TicketState.DONE:
        where.append(_("the guest waits {time}").format(time=waits(row, now)))
    return [(" " + " · ".join(where), "muted")] if where else []


def _asked(row: TicketRow) -> list[Part]:
    if row.pending_at is None or row.state != TicketState.PENDING:
        return []
    note = row.pending_note or _("(no note)")
    return [(f" “{note}”", "accent")]
