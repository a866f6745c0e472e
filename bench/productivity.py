"""Productivity of a year (SPEC §10): 500,000 messages, 100,000 tickets, 20 agents.

``python -m bench productivity [--tickets N] [--agents N] [--times N] [--steps N]``

The figures of the whole year for everybody (goal: 2 s), of a month, of a week, the year day by day for a chart, and a live step:
an agent closes a turn, the figures of the year follow (goal: 50 ms; it is read beside the event loop). Beside it the floor: the bare driver adds
up the durations of the year's closed turns.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bench import working_year
from bench.figures import median, milliseconds, verdict
from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import Context, open_context
from crm_tui.rules.periods import Period

GOAL = 2.0
STEP = 0.05
NOW = datetime(2026, 12, 31, 12, tzinfo=UTC)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def main() -> None:
    """Build the store and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--agents", type=int, default=20)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--steps", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        started = time.perf_counter()
        ctx = make(Path(directory), options.tickets, options.agents)
        size = ctx.store.path.stat().st_size / 1e6 if ctx.store.path else 0
        print(f"store of {size:.0f} MB ready after {time.perf_counter() - started:.0f} s")
        missed = measure(ctx, options.times) | live(ctx, options.steps)
        ctx.store.close()
    if missed:
        raise SystemExit(1)


def make(home: Path, tickets: int, agents: int) -> Context:
    """A desk with that year behind it."""
    clock = FixedClock(NOW)
    setup = open_context(home_at(home), Settings(), clock=clock, create=True, as_engine=True)
    desk.setup.init(setup, name="Bench", timezone="Europe/Madrid", currency="EUR", agent="Ana")
    setup.store.close()
    ctx = open_context(home_at(home), Settings(), clock=clock, agent="Ana")
    working_year.fill(ctx, tickets, agents)
    return ctx


def measure(ctx: Context, times: int) -> bool:
    """The year, parts of it, and the floor; True if the goal is missed."""
    total = desk.metrics.team(ctx, YEAR).total
    print(f"  {total.received:,} tickets, {total.responses:,} turns closed, {total.eligible_inquiries:,} inquiries")
    whole = _timed(lambda: desk.metrics.team(ctx, YEAR), times)
    print(f"year        {milliseconds(whole)}   goal {GOAL * 1e3:.0f} ms   {verdict(median(whole), GOAL)}")
    begun = time.process_time()
    desk.metrics.team(ctx, YEAR)
    print(f"            {(time.process_time() - begun) * 1e3:7.1f} ms of them on a processor")
    days = _timed(lambda: desk.metrics.series(ctx, YEAR), times)
    print(f"day by day  {milliseconds(days)}")
    for name, period in (("month", Period(date(2026, 6, 1), date(2026, 6, 30))), ("week", YEAR.parts("week")[20])):
        print(f"{name:12}{milliseconds(_timed(partial(desk.metrics.team, ctx, period), times))}")
    floor = _timed(_floor(ctx), times)
    print(f"floor       {milliseconds(floor)}   bare driver; ratio {median(whole) / median(floor):.1f}")
    return median(whole) > GOAL


def live(ctx: Context, steps: int) -> bool:
    """An agent closes a turn; the year's figures follow. True if a step takes longer than a frame."""
    begun = time.perf_counter()
    follower = desk.metrics_live.Live(ctx, YEAR)
    print(f"live: begins after {time.perf_counter() - begun:.2f} s")
    waiting = _waiting(ctx, steps)
    taken, read, busy = [], [], []
    for conversation in waiting:
        desk.triage.no_answer_needed(ctx, [conversation])
        begun, worked = time.perf_counter(), time.process_time()
        assert follower.step()
        taken.append(time.perf_counter() - begun)
        busy.append(time.process_time() - worked)
        begun = time.perf_counter()
        follower.figures()
        read.append(time.perf_counter() - begun)
    print(f"live step   {milliseconds(taken)}   goal {STEP * 1e3:.1f} ms   {verdict(median(taken), STEP)}")
    print(f"            {milliseconds(busy)} of them on a processor")
    print(f"its figures {milliseconds(read)}")
    begun = time.perf_counter()
    assert not follower.step()
    print(f"nothing new {(time.perf_counter() - begun) * 1e3:7.2f} ms")
    assert follower.figures() == desk.metrics.team(ctx, YEAR), "the live figures are not the figures"
    return median(taken) > STEP


def _waiting(ctx: Context, count: int) -> list[int]:
    query = "SELECT conversation_id FROM turn WHERE closed_at IS NULL ORDER BY id LIMIT ?"
    with ctx.store.connect() as connection:
        found = connection.exec_driver_sql(query, (count,)).scalars().all()
    with ctx.write() as tx:
        for number in found:
            tx.connection.exec_driver_sql("UPDATE conversation SET waiting_since = first_at WHERE id = ?", (number,))
    return [int(number) for number in found]


def _timed(work: Callable[[], Any], times: int) -> list[float]:
    work()
    found = []
    for _round in range(times):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return found


def _floor(ctx: Context) -> Callable[[], Any]:
    assert ctx.store.path is not None
    bare = sqlite3.connect(ctx.store.path)
    query = (
        "SELECT agent_id, count(*), sum(julianday(closed_at) - julianday(opened_at)) FROM turn "
        "WHERE closed_at >= '2026-01-01' AND closed_at < '2027-01-01' GROUP BY agent_id"
    )
    return lambda: bare.execute(query).fetchall()


if __name__ == "__main__":
    main()
