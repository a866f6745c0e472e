"""What the desk counts with queries is what the rules count of all that ever happened (SPEC §10)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import insert

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.data.columns import new_id
from crm_tui.data.tables import Agent
from crm_tui.desk.common.context import Context
from crm_tui.desk.working.metrics_views import AgentFigures
from crm_tui.rules import metrics as rules
from crm_tui.rules.periods import Period
from crm_tui.rules.working_hours import working_seconds
from tests.desk.busy_year import DAYS, HOURS, START, History, Team
from tests.desk.house import make_house

NAMES = tuple(rules.Figures.__dataclass_fields__)


def lived(path: Path, seed: int) -> tuple[Context, History, list[int]]:
    """A desk with a history of some weeks."""
    ctx = make_house(path, clock=FixedClock(START - timedelta(days=1)))
    agents = [ctx.actor.id or 0]
    with ctx.write() as tx:
        for name in ("Leo", "Zoe"):
            row = {"name": name, "role": "agent", "created_at": tx.now}
            agents.append(new_id(tx.connection.execute(insert(Agent).values(**row))))
    history = Team(ctx, agents, seed).live(40)
    assert isinstance(ctx.clock, FixedClock)
    ctx.clock.instant = START + timedelta(days=3 * DAYS)
    return ctx, history, agents


def numbers(figures: AgentFigures) -> dict[str, int]:
    return {name: getattr(figures, name) for name in NAMES if getattr(figures, name)}


def said(tally: Counter[str]) -> dict[str, int]:
    return {name: count for name, count in tally.items() if count}


@pytest.mark.parametrize("seed", range(3))
def test_queries_count_what_the_rules_count(tmp_path: Path, seed: int) -> None:
    ctx, history, agents = lived(tmp_path, seed)
    zone, random = desk.periods.zone(ctx), Random(seed)
    days = [START.date() + timedelta(days=n) for n in range(-2, 2 * DAYS)]
    for _again in range(10):
        first, last = sorted(random.sample(days, 2))
        start, end = Period(first, last).instants(zone)
        expected = rules.tallied(
            start,
            end,
            turns=history.turns,
            tickets=[ticket.at(end) for ticket in history.tickets if ticket.counts],
            inquiries=history.inquiries,
            working=partial(working_seconds, HOURS, zone),
        )
        found = desk.metrics.team(ctx, Period(first, last))
        for one in found.agents:
            assert numbers(one) == said(expected.get(one.agent_id, Counter())), (first, last, one.name)
        assert numbers(found.nobody) == said(expected.get(None, Counter()))
        assert numbers(found.total) == said(rules.together(expected))
        assert {one.agent_id for one in found.agents} == set(agents)
    ctx.store.close()


def test_parts_add_up_to_the_whole(tmp_path: Path) -> None:
    ctx, _history, agents = lived(tmp_path, 11)
    period = Period(START.date(), START.date() + timedelta(days=DAYS))
    whole = desk.metrics.team(ctx, period)
    for unit in ("day", "week", "month"):
        for agent, figures in ((None, whole.total), *((one.agent_id, one) for one in whole.agents)):
            parts = desk.metrics.series(ctx, period, unit, agent=agent)
            together: Counter[str] = Counter()
            for point in parts:
                together.update(numbers(point.figures))
            expected = {k: v for k, v in numbers(figures).items() if k not in ("pending", "queue")}
            assert dict(together) == expected, (unit, agent)
    assert whole.total.responses > 20
    assert date(2026, 10, 25) in period
    assert len(agents) == 3
    ctx.store.close()
