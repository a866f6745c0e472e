"""Productivity of the team (SPEC §10): one query for every figure, whoever shows it.

Managers see everybody's figures, agents their own. What a figure means is told by :class:`crm_tui.rules.metrics.Figures`.
Figures count everything, hidden conversations too, and name none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from crm_tui.base.errors import Forbidden
from crm_tui.data.columns import columns
from crm_tui.data.tables import Agent, Property
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.permissions import Permission, require_in
from crm_tui.desk.correspondence.writing import zone as zone_in
from crm_tui.desk.working import metrics_queries, timer_rows
from crm_tui.desk.working.metrics_queries import Enquired, Part, Sheet
from crm_tui.desk.working.metrics_standing import standing
from crm_tui.desk.working.metrics_views import AgentFigures, Point, TeamFigures
from crm_tui.mail.text import display_text
from crm_tui.rules import metrics as rules
from crm_tui.rules.metrics import Key, Tally
from crm_tui.rules.periods import Period
from crm_tui.rules.working_clock import WorkingClock, clock_of
from crm_tui.rules.working_time import Span, Worked

_AHEAD = timedelta(days=2)
"""Turns that are closed while figures follow what happens are measured quickly for so long."""

_A = columns(Agent)
_P = columns(Property)


@dataclass(frozen=True, slots=True)
class House:
    """What figures need to know of the property.

    Attributes:
        hours: its working hours, as they are kept.
        closed: between which instants turns were closed; None: never.
    """

    zone: ZoneInfo
    hours: str
    closed: tuple[datetime, datetime] | None

    def clock(self, parts: Sequence[Part]) -> WorkingClock:
        """Measures the working hours of the very many turns that parts of time close; a thousand years cost nothing more."""
        start, end = parts[0].start, parts[-1].end
        if self.closed is None:
            return clock_of(self.hours, self.zone, start, start)
        first, last = self.closed
        return clock_of(self.hours, self.zone, max(start, first), max(start, min(end, last + _AHEAD)))


def house(connection: Connection) -> House:
    """The property's zone and hours."""
    hours = connection.execute(select(_P.hours).order_by(_P.id).limit(1)).scalar()
    return House(zone_in(connection), hours or "", metrics_queries.closed_between(connection))


def team(ctx: Context, period: Period) -> TeamFigures:
    """The figures of a period: everybody's for managers, one's own for others."""
    with ctx.store.connect() as connection:
        place = house(connection)
        span = Span(*period.instants(place.zone))
        parts = [Part(0, *span)]
        sheet = metrics_queries.read(connection, parts, place.clock(parts))
        worked = timer_rows.worked_in(connection, span, ctx.clock.now())
        return figures(connection, ctx, period, span, sheet[0], worked)


def own(ctx: Context, period: Period) -> AgentFigures:
    """One's own figures of a period."""
    found = team(ctx, period)
    return next((one for one in found.agents if one.agent_id == ctx.actor.id), AgentFigures())


def series(
    ctx: Context,
    period: Period,
    unit: str = "day",
    *,
    agent: int | None = None,
    agents: Collection[Key] | None = None,
) -> tuple[Point, ...]:
    """The figures of a period's days, weeks or months, for charts; pending and queue stay 0.

    Args:
        unit: ``day``, ``week`` or ``month``.
        agent: of this one; None: of the team, or one's own for those who may not see the figures of others.
        agents: of these together, None among them for nobody: a ticket that several of them had counts for each.

    Raises:
        Forbidden: it is another's, and only managers may see them.
    """
    with ctx.store.connect() as connection:
        chosen = whose(connection, ctx, agent)
        if agents is not None and set(agents) - {ctx.actor.id}:
            require_in(connection, ctx.actor, Permission.FIGURES)
        place = house(connection)
        parts = parts_of(period.parts(unit), place.zone)
        sheet = metrics_queries.read(connection, parts, place.clock(parts))
        worked = timer_rows.worked_in(connection, Span(parts[0].start, parts[-1].end), ctx.clock.now())
        keys = agents if agents is not None else None if chosen is None else (chosen,)
        return points(period.parts(unit), parts, sheet, worked, keys)


def enquired(ctx: Context, periods: Sequence[Period], *, own: bool = False) -> list[Enquired]:
    """The inquiries that count for conversion and were created in some periods, each with the number of its own.

    Like all figures they are everything for those who see everybody's; for others only what they may see (SPEC §4), or what
    they are credited with.

    Args:
        periods: in order; they do not overlap.
        own: only those that the actor is credited with.
    """
    with ctx.store.connect() as connection:
        parts = parts_of(periods, zone_in(connection))
        scopes = None if own or sees_others(connection, ctx) else ctx.actor.scopes
        found = metrics_queries.cohort(connection, parts, scopes=scopes)
        return [one for one in found if not own or one.agent == ctx.actor.id]


# -- putting together ---------------------------------------------------------------------------------------------------


def parts_of(periods: Sequence[Period], zone: ZoneInfo) -> list[Part]:
    """The stretches of time of periods, numbered from 0."""
    return [Part(number, *one.instants(zone)) for number, one in enumerate(periods)]


def sees_others(connection: Connection, ctx: Context) -> bool:
    """Whether the actor may see the figures of others, as the team stands now."""
    try:
        require_in(connection, ctx.actor, Permission.FIGURES)
    except Forbidden:
        return False
    return True


def whose(connection: Connection, ctx: Context, agent: int | None) -> int | None:
    """Whose figures the actor sees: the agent's, else the team's (None) or the actor's own.

    Raises:
        Forbidden: they are another's, and only managers may see them.
    """
    if agent is None:
        return None if sees_others(connection, ctx) else ctx.actor.id
    if agent != ctx.actor.id:
        require_in(connection, ctx.actor, Permission.FIGURES)
    return agent


def figures(
    connection: Connection,
    ctx: Context,
    period: Period,
    span: Span,
    counted: Mapping[Key, Tally],
    worked: Mapping[int, Worked],
) -> TeamFigures:
    """The figures of a period that was counted: with what stood at its end, working time and names.

    Args:
        span: the period's instants.
    """
    tallies: defaultdict[Key, Tally] = defaultdict(Counter, {key: Counter(tally) for key, tally in counted.items()})
    now = ctx.clock.now()
    for key, tally in standing(connection, span.end, now).items() if span.start <= now else ():
        tallies[key].update(tally)
    for agent, times in worked.items():
        tallies[agent].update(working_seconds=_length(times.working), invisible_seconds=_length(times.invisible))
    return _team(connection, ctx, period, tallies)


def _length(spans: Iterable[Span]) -> int:
    """Seconds of spans that do not overlap."""
    return int(sum((span.end - span.start for span in spans), timedelta()).total_seconds())


def _team(connection: Connection, ctx: Context, period: Period, tallies: Mapping[Key, Tally]) -> TeamFigures:
    rows = connection.execute(select(_A.id, _A.name, _A.active)).all()
    whole = sees_others(connection, ctx)
    ours = [
        row
        for row in rows
        if row.id == ctx.actor.id or (whole and (row.active or any(tallies.get(row.id, {}).values())))
    ]
    agents = [_of(tallies.get(row.id, Counter()), row) for row in ours]
    agents.sort(key=lambda one: (one.name.casefold(), one.agent_id or 0))
    if not whole:
        mine = agents[0] if agents else AgentFigures()
        return TeamFigures(period, tuple(agents), AgentFigures(), mine, whole=False)
    nobody = _of(tallies.get(None, Counter()))
    return TeamFigures(period, tuple(agents), nobody, _of(rules.together(tallies)))


def _of(tally: Mapping[str, int], row: Any = None) -> AgentFigures:
    numbers: dict[str, Any] = dict(tally)
    if row is not None:
        numbers |= {"agent_id": row.id, "name": display_text(row.name), "active": bool(row.active)}
    return AgentFigures(**numbers)


def points(
    periods: Sequence[Period],
    parts: Sequence[Part],
    sheet: Sheet,
    worked: Mapping[int, Worked],
    agents: Collection[Key] | None,
) -> tuple[Point, ...]:
    """The figures of each part; ``agents``: of these together, None: of the team."""
    ours = [times for number, times in worked.items() if agents is None or number in agents]
    working, invisible = (_by_part((getattr(one, name) for one in ours), parts) for name in ("working", "invisible"))
    found = []
    for one, part in zip(periods, parts, strict=True):
        tallies: Mapping[Key, Tally] = sheet.get(part.number, {})
        tally: Tally = Counter()
        for each in [rules.together(tallies)] if agents is None else [tallies.get(key, Counter()) for key in agents]:
            tally.update(each)
        tally.update(working_seconds=working[part.number], invisible_seconds=invisible[part.number])
        found.append(Point(one, _of(tally)))
    return tuple(found)


def _by_part(spans: Iterable[Iterable[Span]], parts: Sequence[Part]) -> list[int]:
    """Seconds of several agents' spans in each part; parts follow each other without a gap."""
    sums = [timedelta()] * len(parts)
    starts = [part.start for part in parts]
    for span in (span for ours in spans for span in ours):
        place = bisect_right(starts, span.start) - 1
        while place < len(parts) and parts[place].start < span.end:
            sums[place] += min(span.end, parts[place].end) - max(span.start, parts[place].start)
            place += 1
    return [int(one.total_seconds()) for one in sums]
