"""Figures of productivity as rows (SPEC §10): those of :mod:`crm_tui.desk.working.metrics`, whichever report shows them."""

from __future__ import annotations

from collections.abc import Sequence

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import N_, _
from crm_tui.desk.reports.asking import Asked
from crm_tui.desk.working import metrics
from crm_tui.desk.working.metrics_views import AgentFigures, Point
from crm_tui.rules.metrics import Key
from crm_tui.rules.reporting import Column, Kind, Record, Value

NAMES = (
    *("received", "opened", "pending", "done", "queue", "responses", "marked"),
    *("response_seconds", "response_seconds_working"),
    *("before_responses", "before_seconds", "before_seconds_working"),
    *("after_responses", "after_seconds", "after_seconds_working"),
    *("first_responses", "first_response_seconds", "first_response_seconds_working"),
    *("working_seconds", "invisible_seconds", "eligible_inquiries", "converted"),
)
"""The figures that a record has, as :class:`crm_tui.rules.metrics.Figures` calls them."""

MOST_DAYS = 3660
"""Ten years: more rows nobody reads."""
AGENT = Column("agent", N_("Agent"))
DAY = Column("day", N_("Day"), Kind.DAY)


def record(figures: AgentFigures, **named: Value) -> dict[str, Value]:
    """Figures by their names, beside what the row stands for."""
    return named | {name: getattr(figures, name) for name in NAMES}


def by_agent(asked: Asked, nobody: str, needed: Sequence[str]) -> tuple[list[Record], list[Record]]:
    """A row for each agent who is asked for, one for what is nobody's, and the totals.

    Args:
        nobody: what the row of what no agent has is called; it is left out where it has none of ``needed``.
        needed: the figures that the report shows.
    """
    found = metrics.team(asked.ctx, asked.period)
    asked.check()
    chosen = [one for one in found.agents if asked.members is None or one.agent_id in asked.members]
    rows: list[Record] = [record(one, agent=one.name) for one in chosen]
    whole = asked.members is None
    if (whole or 0 in (asked.members or ())) and any(getattr(found.nobody, name) for name in needed):
        rows.append(record(found.nobody, agent=nobody))
    if whole:
        return rows, [record(found.total)]
    return rows, [_added(chosen if 0 not in (asked.members or ()) else [found.nobody])]


def _added(figures: Sequence[AgentFigures]) -> Record:
    """The totals of some agents; a ticket that several of them had would count twice, so they have none."""
    total: dict[str, int | None] = {name: sum(getattr(one, name) for one in figures) for name in NAMES}
    if len(figures) > 1:
        total |= dict.fromkeys(("received", "opened"))
    return total


def by_day(asked: Asked) -> tuple[list[Record], list[Record]]:
    """A row for each day, of the team or of those who are asked for, and the totals.

    Raises:
        InvalidInput: there are too many days for a row each.
    """
    refuse_more_days(asked)
    asked.check()
    points = metrics.series(asked.ctx, asked.period, "day", agents=keys(asked))
    several = asked.members is not None and len(asked.members) > 1
    rows = [_day(one, several) for one in points]
    return rows, [_together(rows)]


def refuse_more_days(asked: Asked) -> None:
    """Refuse a row for each of more days than anybody reads.

    Raises:
        InvalidInput: so; ``field`` is ``by``.
    """
    if len(asked.period) > MOST_DAYS:
        raise InvalidInput(
            _("By day a report has {n} days at the most.").format(n=MOST_DAYS), _("Ask for a shorter period."), "by"
        )


def keys(asked: Asked) -> list[Key] | None:
    """Those who are asked for as figures know them: None for nobody; None altogether: the team."""
    if asked.members is None:
        return None
    return [number or None for number in sorted(asked.members)]


def _day(point: Point, several: bool) -> Record:
    """A ticket that several agents had would count twice, so that they have none together."""
    found = record(point.figures, day=point.period.start)
    return found | dict.fromkeys(("received", "opened")) if several else found


def _together(rows: Sequence[Record]) -> Record:
    found: dict[str, Value] = {}
    for name in NAMES:
        values = [one[name] for one in rows]
        found[name] = None if None in values else sum(value for value in values if isinstance(value, int))
    return found
