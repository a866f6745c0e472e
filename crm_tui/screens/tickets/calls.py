"""What the tickets' screen asks of the desk. Everything here blocks: it is called in threads, with the context."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from crm_tui import desk
from crm_tui.base.i18n import _, ngettext
from crm_tui.rules.periods import Period
from crm_tui.screens.tickets import rows
from crm_tui.screens.tickets.figures import NOBODY, TEAM, FiguresRow, briefly, clocked
from crm_tui.screens.tickets.people import Place, agent_place, agents_heading, duty, label_of
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import ConversationView
    from crm_tui.desk.ticketing.ticket_views import AgentLoad
    from crm_tui.desk.working.metrics_live import Live
    from crm_tui.desk.working.metrics_views import Point, TeamFigures

MOST_DAYS, MOST_WEEKS = 62, 200
"""A period of so many days at the most is drawn day by day; week by week; a longer one month by month."""
MOST_FOLLOWED = 800
"""Figures of more days than these are read anew when something happens: each day's are kept."""


@dataclass(frozen=True)
class Board:
    """What stands beside the tickets.

    Attributes:
        places: the lines of the left pane.
        loads: of the agents that are shown.
        day: the first line of the screen: how today goes, what matters most first.
    """

    places: Sequence[Place]
    loads: Sequence[AgentLoad]
    day: Sequence[Part]


def board(ctx: Context, *, manages: bool) -> Board:
    """The lists with their counts, and for a manager the team; an agent sees only what is theirs."""
    counts, loads = desk.tickets.counts(ctx), desk.tickets.loads(ctx)
    query = desk.tickets.TicketQuery
    if not manages:
        found = [
            Place(rows.DESK, label_of(rows.DESK), counts.mine + counts.queue),
            Place(rows.MINE, label_of(rows.MINE), counts.mine),
            Place(rows.QUEUE, label_of(rows.QUEUE), counts.queue),
            Place(rows.PENDING, label_of(rows.PENDING), counts.pending),
            Place(rows.DONE, label_of(rows.DONE)),
        ]
        return Board(found, loads, _own_day(ctx, loads))
    team = [
        Place(rows.TEAM, label_of(rows.TEAM), desk.tickets.total(ctx, query())),
        Place(rows.PENDING, label_of(rows.PENDING), sum(one.pending for one in loads)),
        Place(rows.QUEUE, label_of(rows.QUEUE), counts.queue),
        Place(rows.DONE, label_of(rows.DONE)),
        agents_heading(),
    ]
    done = desk.metrics.team(ctx, _today(ctx)).total.done  # whoever is unknown, and who left since, too
    return Board([*team, *(agent_place(one) for one in loads)], loads, _team_day(loads, counts.queue, done))


def conversation(ctx: Context, number: int) -> ConversationView:
    """A conversation to look at. Nothing is written: it is as unread and unopened as before."""
    return desk.noted.conversation(ctx, number)


def _own_day(ctx: Context, loads: Sequence[AgentLoad]) -> list[Part]:
    """An agent's own figures of today in one line."""
    me = next((one for one in loads if one.id == ctx.actor.id), None)
    if me is None:
        return []
    sign, style, words = duty(me)
    parts: list[Part] = [(f"{sign} ", style), (words, style), (" · ", "muted")]
    today = desk.metrics.own(ctx, _today(ctx))
    said = [_("today {n} received").format(n=today.received), _("{n} done").format(n=today.done)]
    if today.working_seconds:
        said.append(_("worked {time}").format(time=clocked(today.working_seconds)))
    if today.average_response is not None:
        said.append(_("answered in {time} on average").format(time=briefly(today.average_response)))
    return [*parts, (_("{n} open").format(n=me.load), "strong"), *((f" · {one}", "muted") for one in said)]


def _team_day(loads: Sequence[AgentLoad], queue: int, done: int) -> list[Part]:
    """How the team stands in one line."""
    taking = sum(one.running and one.intake and one.takes for one in loads)
    paused = sum(one.running and not one.intake for one in loads)
    pending = sum(one.pending for one in loads)
    many = [one.load for one in loads if one.running and one.intake and one.takes]
    words = ngettext("{n} takes tickets", "{n} take tickets", taking).format(n=taking) if taking else ""
    parts: list[Part] = [(words or _("nobody takes tickets"), "good" if taking else "warn")]
    if paused:
        parts.append((" · " + ngettext("{n} paused", "{n} paused", paused).format(n=paused), "warn"))
    parts.append((" · " + _("{n} queued").format(n=queue), "accent" if queue else "muted"))
    parts.append((" · " + _("{n} pending").format(n=pending), "bad" if pending else "muted"))
    parts.append((" · " + _("{n} done").format(n=done), "good"))
    if many:
        low, high = min(many), max(many)
        each = _("{low} to {high} open each") if low < high else _("{low} open each")
        parts.append((" · " + each.format(low=low, high=high), "muted"))
    return parts


def _today(ctx: Context) -> Period:
    today = desk.periods.today(ctx)
    return Period(today, today)


@dataclass(frozen=True)
class Read:
    """What was read for a period: the table, and its days, weeks or months."""

    rows: Sequence[FiguresRow]
    points: Sequence[Point]


class Followed:
    """The figures of a period: read once, then kept up with what happens. Asked in threads, one after the other."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._live: Live | None = None
        self._of: tuple[Context, Period] | None = None

    def read(self, ctx: Context, period: Period, agent: int | None) -> Read:
        """For a manager the team, everybody in it and what is nobody's, else one's own.

        Args:
            agent: whose days are drawn; None: the team's.
        """
        unit = "day" if len(period) <= MOST_DAYS else "week" if len(period) <= MOST_WEEKS else "month"
        with self._lock:
            if len(period) > MOST_FOLLOWED:
                self._live = None
                found = desk.metrics.team(ctx, period)
                points = desk.metrics.series(ctx, period, unit, agent=agent)
            else:
                live = self._at(ctx, period)
                found, points = live.figures(), live.points(unit, agent=agent)
        today = desk.periods.today(ctx)
        begun = [one for one in points if one.period.start <= today]
        return Read(_listed(found), begun or points)

    def _at(self, ctx: Context, period: Period) -> Live:
        """As things stand now."""
        if self._live is None or self._of != (ctx, period):
            self._live, self._of = desk.metrics_live.Live(ctx, period), (ctx, period)
        else:
            self._live.step()
        return self._live


def _listed(found: TeamFigures) -> list[FiguresRow]:
    listed = [FiguresRow(one.agent_id or 0, one) for one in found.agents]
    if found.whole:
        listed.insert(0, FiguresRow(TEAM, found.total))
        nobody = found.nobody
        if any((nobody.queue, nobody.pending, nobody.done, nobody.responses, nobody.eligible_inquiries)):
            listed.append(FiguresRow(NOBODY, nobody))
    return listed
