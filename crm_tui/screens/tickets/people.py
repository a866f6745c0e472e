"""The pane at the left of the tickets: the lists there are, and for a manager who works, who takes tickets, and their loads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm_tui.base.i18n import _, ngettext
from crm_tui.rules.vocabulary import TicketState
from crm_tui.screens.base import Shell
from crm_tui.screens.tickets import rows
from crm_tui.screens.tickets.words import LOOKS
from crm_tui.widgets.cells import fit
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import duration

if TYPE_CHECKING:
    from crm_tui.desk.ticketing.ticket_views import AgentLoad

WHOLE_FROM = 64
"""Columns from which an agent's row says everything in words."""
_SIGNS = {
    rows.DESK: ("▸", "key"),
    rows.MINE: LOOKS[TicketState.ASSIGNED],
    rows.QUEUE: LOOKS[TicketState.QUEUED],
    rows.PENDING: LOOKS[TicketState.PENDING],
    rows.TEAM: ("▸", "key"),
    rows.DONE: LOOKS[TicketState.DONE],
}


class Place(NamedTuple):
    """A line of the pane.

    Attributes:
        id: what the list then shows (:class:`crm_tui.screens.tickets.rows.Shown`); starts with a blank for a heading.
        label: display-safe.
        many: how many tickets are there; None: not said.
        load: of an agent.
    """

    id: str
    label: str
    many: int | None = None
    load: AgentLoad | None = None

    @property
    def heading(self) -> bool:
        """Whether it only titles those below it."""
        return self.id.startswith(" ")


def label_of(place: str) -> str:
    """What a list is called."""
    return {
        rows.DESK: _("Mine and the queue"),
        rows.MINE: _("Mine"),
        rows.QUEUE: _("Queue"),
        rows.PENDING: _("Pending"),
        rows.TEAM: _("All open"),
        rows.DONE: _("Done"),
    }.get(place, place)


def agents_heading() -> Place:
    """Over the agents."""
    return Place(" agents", _("Agents"))


def agent_place(load: AgentLoad) -> Place:
    """One agent with what they have."""
    return Place(f"agent:{load.agent}", load.agent, load.load, load)


class PlaceRowView:
    """Draws the pane.

    Args:
        shell: tells the time.
    """

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def empty(self) -> Sequence[Part]:
        """Never seen: there are always lists."""
        return ()

    def parts(self, row: Place, width: int) -> list[Part]:
        """A heading, a list with its count, or an agent."""
        if row.heading:
            return [(fit(f" {row.label.upper()}", width), "title")]
        if row.load is not None:
            return self._agent(row.load, width)
        sign, style = _SIGNS[row.id]
        count = "" if row.many is None else str(row.many)
        urgent = row.many and row.id in (rows.QUEUE, rows.PENDING)
        return [
            (f" {sign} ", style),
            (fit(row.label, width - 10), "strong" if urgent else ""),
            (fit(count, 6, right=True) + " ", "accent strong" if urgent else "muted"),
        ]

    def _agent(self, load: AgentLoad, width: int) -> list[Part]:
        sign, style, words = duty(load)
        worked = self._worked(load)
        many = load.load
        asks = LOOKS[TicketState.PENDING][0]
        if width < WHOLE_FROM:
            pending = f"{asks}{load.pending}" if load.pending else ""
            return [
                (f" {sign} ", style),
                (fit(load.agent, width - 19), "strong" if load.running else "muted"),
                (fit(worked, 7, right=True), "muted"),
                (fit(pending, 4, right=True), "bad"),
                (fit(str(many), 4, right=True) + " ", "accent strong" if many else "muted"),
            ]
        name = min(22, width - WHOLE_FROM + 14)
        return [
            (f" {sign} ", style),
            (fit(load.agent, name), "strong" if load.running else "muted"),
            (fit(words, 14), style),
            (fit(worked, 8, right=True) + "  ", "muted"),
            (fit(ngettext("{n} open", "{n} open", many).format(n=many), 8), "accent strong" if many else "muted"),
            (fit(_("{n} opened").format(n=load.opened) if load.opened else "", 10), "badge"),
            (fit(_("{n} pending").format(n=load.pending) if load.pending else "", 12), "bad"),
            (_("{n} done").format(n=load.done_today) + " ", "good" if load.done_today else "muted"),
        ]

    def _worked(self, load: AgentLoad) -> str:
        if load.working_since is None:
            return ""
        return short(self._shell.clock.now() - load.working_since)


def duty(load: AgentLoad) -> tuple[str, str, str]:
    """Whether an agent works and takes tickets: sign, style, words."""
    if not load.running:
        return "·", "muted", _("not working")
    if not load.takes:
        return "▷", "muted", _("only by hand")
    if not load.intake:
        return "‖", "warn", _("intake paused")
    return "▶", "good", _("takes tickets")


def short(span: timedelta) -> str:
    """``3:12``, as the header counts working time."""
    minutes = max(0, int(span.total_seconds())) // 60
    return f"{minutes // 60}:{minutes % 60:02}" if minutes < 6000 else duration(span)


class PlaceList(RecordList[Place]):
    """The cursor passes over headings."""

    def move_to(self, index: int) -> None:
        """The next line that is a list, in the direction of the move."""
        step = 1 if index >= self.index else -1
        target = max(0, min(index, self.total - 1))
        while 0 <= target < self.total and (found := self.pages.get(target)) is not None and found.heading:
            target += step
        if 0 <= target < self.total:
            super().move_to(target)
