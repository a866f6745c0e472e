"""Sharing out a morning's mail: 10,000 tickets that wait and 20 agents who start, and how long anybody else waits to write.

``python -m bench routing [--tickets N] [--agents N]``. The engine's own step is run until all is in order; beside the whole time
stand the transactions, and the longest of them from its beginning to the end of its commit, on the clock and on the processor.
The goal is 50 ms. The floor is the bare commit of one row.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.figures import median, p95, verdict
from crm_tui import desk
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.data.bulk import insert_rows
from crm_tui.data.tables import Conversation, Turn
from crm_tui.desk.common.context import ENGINE, Context, open_context

GOAL = 50.0
"""Milliseconds that the store may be kept from others."""


class Locks:
    """How long each write of a store took, in milliseconds: on the clock, on the processor."""

    def __init__(self, ctx: Context) -> None:
        self.clock: list[float] = []
        self.processor: list[float] = []
        plain = ctx.store.write

        @contextmanager
        def timed(*, durable: bool = True) -> Iterator[Any]:
            clock, processor = time.perf_counter(), time.thread_time()
            with plain(durable=durable) as session:
                yield session
            self.clock.append((time.perf_counter() - clock) * 1e3)
            self.processor.append((time.thread_time() - processor) * 1e3)

        ctx.store.write = timed  # type: ignore[method-assign]

    def forget(self) -> None:
        """What is measured from here on is another thing."""
        self.clock.clear()
        self.processor.clear()

    def line(self) -> str:
        """How many, and the longest."""
        return (
            f"{len(self.clock):5} transactions   clock {median(self.clock):6.1f} {p95(self.clock):6.1f} {max(self.clock):6.1f}"
            f"   processor {median(self.processor):6.1f} {p95(self.processor):6.1f} {max(self.processor):6.1f}"
        )


def main() -> int:
    """Measure and print; 1 if the goal is missed."""
    options = argparse.ArgumentParser(prog="python -m bench routing", description=__doc__)
    options.add_argument("--tickets", type=int, default=10_000)
    options.add_argument("--agents", type=int, default=20)
    given = options.parse_args()
    gc.set_threshold(50_000, 20, 50)  # as the program does
    with tempfile.TemporaryDirectory() as folder:
        ctx = open_context(home_at(Path(folder) / "home"), Settings(), create=True, as_engine=True)
        desk.setup.init(ctx, name="Bench", timezone="Europe/Madrid", currency="EUR", agent="Agent 0")
        team = _team(ctx, given.agents)
        fill(ctx, given.tickets)
        gc.collect()
        locks = Locks(ctx)
        print(
            f"{given.tickets} tickets, {given.agents} agents             median    p95  longest              median    p95  longest  ms"
        )
        longest = [_measured(name, work, locks) for name, work in _phases(ctx, team)]
        ctx.store.close()
    print(f"the longest on a processor {max(longest):.1f} ms, goal {GOAL:.0f}: {verdict(max(longest), GOAL)}")
    return int(max(longest) > GOAL)


def _team(ctx: Context, agents: int) -> list[Context]:
    first = desk.team.agents(ctx)[0]
    boss = ctx.acting_as(desk.context.Actor(first.id, first.name, first.role))
    for number in range(1, agents):
        desk.team.add(boss, f"Agent {number}", role="agent")
    return [ctx.acting_as(desk.context.Actor(one.id, one.name, one.role)) for one in desk.team.agents(boss)]


def fill(ctx: Context, count: int) -> None:
    """Conversations in which a guest waits; the database makes their tickets."""
    now = ctx.clock.now()
    marks = {"first_at": now, "last_at": now, "waiting_since": now, "listed_at": now}
    numbers = range(1, count + 1)
    talks = [
        {"id": one, "subject": f"Question {one}", "counterpart_address": _address(one), **marks} for one in numbers
    ]
    turns = [{"conversation_id": one, "opened_at": now, "opened_by": one, "first": True} for one in numbers]
    with ctx.write() as tx:
        insert_rows(tx.connection, Conversation, talks)
        insert_rows(tx.connection, Turn, turns)


def _address(number: int) -> str:
    return f"g{number}@{'guest.booking.com' if number % 3 else 'example.org'}"


Phases = Iterator[tuple[str, Callable[[], object]]]


def _phases(ctx: Context, team: list[Context]) -> Phases:
    """What a morning brings, one after the other."""
    engine = ctx.acting_as(ENGINE)
    yield "stages and channels of all", lambda: desk.stages.heed(engine, None)
    for one in team[1:]:
        desk.timers.start(one)
    yield "shared out", lambda: _settle(engine)
    desk.timers.start(team[0])
    yield "evened out to one who comes", lambda: _settle(engine)
    desk.timers.pause(team[1])
    yield "one stops", lambda: desk.timers.stop(team[2])
    yield "what they leave is shared out", lambda: _settle(engine)


def _settle(engine: Context) -> None:
    while desk.ticket_routing.step(engine):
        pass


def _measured(name: str, work: Callable[[], object], locks: Locks) -> float:
    locks.forget()
    start = time.perf_counter()
    work()
    print(f"  {name:30}{time.perf_counter() - start:7.2f} s  {locks.line()}")
    return max(locks.processor)


if __name__ == "__main__":
    raise SystemExit(main())
