"""Nobody who wants to write waits long for the engine, however much is shared out (SPEC §10, QUALITY §3 R4)."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crm_tui import desk
from crm_tui.data.bulk import insert_rows
from crm_tui.data.tables import Conversation, Turn
from crm_tui.desk.common.context import ENGINE, Context
from crm_tui.desk.ticketing import stages, ticket_routing
from tests.desk.colleagues import colleague
from tests.desk.house import NOW, make_house

TICKETS, AGENTS = 10_000, 20
LONGEST = 0.05
"""Seconds."""


class Writes:
    """How long the store was kept from others by each transaction, on the processor: others' load does not count."""

    def __init__(self, ctx: Context) -> None:
        self.seconds: list[float] = []
        plain = ctx.store.write

        @contextmanager
        def timed(*, durable: bool = True) -> Iterator[Any]:
            begun = time.thread_time()
            with plain(durable=durable) as session:
                yield session
            self.seconds.append(time.thread_time() - begun)

        ctx.store.write = timed  # type: ignore[method-assign]


@pytest.fixture
def swept() -> Iterator[None]:
    """What the tests before left behind is not swept up while it is measured."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def morning(tmp_path: Path) -> Context:
    """Very many guests wait, and nobody works yet."""
    ctx = make_house(tmp_path)
    for number in range(AGENTS - 1):
        colleague(ctx, f"Agent {number:02}")
    numbers = range(1, TICKETS + 1)
    at = NOW - timedelta(hours=1)
    marks = {"first_at": at, "last_at": at, "waiting_since": at, "listed_at": at}
    with ctx.write() as tx:
        insert_rows(tx.connection, Conversation, [{"id": one, "subject": "Q", **marks} for one in numbers])
        turns = [{"conversation_id": one, "opened_at": at, "opened_by": one} for one in numbers]
        insert_rows(tx.connection, Turn, turns)
    return ctx.acting_as(ENGINE)


def share_out(engine: Context) -> int:
    changed = 0
    while done := ticket_routing.step(engine):
        changed += done
    return changed


@pytest.mark.timeout(120)
@pytest.mark.usefixtures("swept")
def test_ten_thousand_tickets_never_keep_the_store_for_long(morning: Context) -> None:
    engine = morning
    people = [one for one in desk.team.agents(engine) if one.active]
    team = [engine.acting_as(desk.context.Actor(one.id, one.name, one.role)) for one in people]
    writes = Writes(engine)
    stages.heed(engine, None)
    for one in team[1:]:
        desk.timers.start(one)
    assert share_out(engine) == TICKETS
    desk.timers.start(team[0])
    assert share_out(engine) == TICKETS // AGENTS
    desk.timers.stop(team[1])
    assert desk.tickets.counts(team[1]).mine == 0
    assert share_out(engine) == TICKETS // AGENTS
    loads = [one.load for one in desk.tickets.loads(engine) if one.running]
    assert max(loads) - min(loads) <= 1
    assert len(writes.seconds) > TICKETS // ticket_routing.BATCH
    assert max(writes.seconds) < LONGEST


def test_a_plan_is_not_carried_out_where_somebody_was_quicker(
    morning: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An agent stops while the engine plans: nothing is given to them, and it is planned anew."""
    engine = morning
    ana, leo = (
        engine.acting_as(desk.context.Actor(one.id, one.name, one.role)) for one in desk.team.agents(engine)[:2]
    )
    for one in (ana, leo):
        desk.timers.start(one)
    stages.heed(engine, None)
    plain = ticket_routing._plan
    planned: list[Any] = []

    def plan(*given: Any) -> Any:
        made = plain(*given)
        if not planned:
            desk.timers.stop(leo)
        planned.append(made)
        return made

    monkeypatch.setattr(ticket_routing, "_plan", plan)
    assert ticket_routing.step(engine) == ticket_routing.PLANNED
    assert len(planned) == 2
    assert desk.tickets.counts(leo).mine == 0
    assert desk.tickets.counts(ana).mine == ticket_routing.PLANNED


def test_where_others_never_rest_some_are_given_all_the_same(morning: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody writes each time while it is planned: a few are planned while they wait."""
    engine = morning
    (ana, *_others) = (
        engine.acting_as(desk.context.Actor(one.id, one.name, one.role)) for one in desk.team.agents(engine)
    )
    desk.timers.start(ana)
    stages.heed(engine, None)
    plain = ticket_routing._plan

    def plan(connection: Any, *given: Any) -> Any:
        made = plain(connection, *given)
        if given[-1] == ticket_routing.PLANNED:
            desk.memos.add(ana, "Busy", conversation=1)
        return made

    monkeypatch.setattr(ticket_routing, "_plan", plan)
    assert ticket_routing.step(engine) == ticket_routing.FEWEST
