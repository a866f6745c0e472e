"""Several processes that claim and share out tickets at once: nothing is assigned twice (SPEC §10, QUALITY R4)."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from crm_tui.base.clock import SystemClock
from crm_tui.data.columns import columns
from crm_tui.data.tables import Journal
from crm_tui.desk.common.context import ENGINE, Context
from crm_tui.desk.ticketing import stages, ticket_routing
from crm_tui.desk.upkeep import checking
from crm_tui.desk.working import timers
from tests.desk.colleagues import colleague
from tests.desk.house import make_house
from tests.desk.worked import asks, out_of_step, with_whom
from tests.faults.test_engine_kill import engine, until
from tests.faults.test_mailing_kill import Killed, dying_at

TICKETS = 40
_J = columns(Journal)


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    context = make_house(tmp_path, clock=SystemClock())
    yield context
    context.store.close()


def racing(ctx: Context, agent: str, seed: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.claiming", str(ctx.home.data), agent, str(seed)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def hands(ctx: Context) -> dict[int, list[tuple[int | None, int | None]]]:
    """From whom to whom each ticket went, in order, as the journal tells."""
    query = select(_J.entity_id, _J.before, _J.after).where(
        _J.entity == "ticket", _J.action.in_(("assign", "move", "queue"))
    )
    found = defaultdict(list)
    with ctx.store.connect() as connection:
        for row in connection.execute(query.order_by(_J.id)):
            found[row.entity_id].append(((row.before or {}).get("agent_id"), (row.after or {}).get("agent_id")))
    return found


@pytest.mark.timeout(120)
def test_claimed_by_three_and_shared_out_by_two_at_once_nothing_is_anybodys_twice(ctx: Context) -> None:
    team = [ctx, colleague(ctx, "Leo"), colleague(ctx, "Eva")]
    for number in range(TICKETS):
        asks(ctx, number)
    for one in team:
        timers.start(one)
    with ctx.write() as tx:  # looked at already, so that the engines can begin at once
        tx.connection.exec_driver_sql("UPDATE ticket SET stage = 'before booking', channel = 'direct'")
        tx.connection.exec_driver_sql("UPDATE agent SET role = 'agent' WHERE name <> 'Ana'")
    runs = [racing(ctx, name, seed) for seed, name in enumerate(("Leo", "Eva", "engine", "engine"))]
    for run in runs:
        assert run.stdin is not None
        run.stdin.close()
    took = [number for run in runs if run.stdout is not None for number in map(int, run.stdout.read().split())]
    for run in runs:
        assert run.wait(60) == 0
        assert run.stdout is not None
        run.stdout.close()
    assert max(Counter(took).values(), default=1) == 1
    whose = with_whom(ctx)
    assert len(whose) == TICKETS
    assert None not in whose.values()
    for number, steps in hands(ctx).items():
        for (_giver, receiver), (giver, _receiver) in itertools.pairwise(steps):
            assert giver == receiver, (number, steps)  # each went from whose it was: nobody was passed over
        assert steps[-1][1] == whose[number]
    assert out_of_step(ctx) == []


@pytest.mark.timeout(120)
def test_an_engine_killed_while_it_shares_out_leaves_everything_whole_and_the_next_goes_on(ctx: Context) -> None:
    leo = colleague(ctx, "Leo")
    timers.start(ctx)
    timers.start(leo)
    for round_ in range(2):
        with engine(ctx):
            for number in range(10):
                asks(ctx, round_ * 10 + number)
            until(lambda: any(with_whom(ctx).values()))
        assert out_of_step(ctx) == []
    with engine(ctx):
        until(lambda: None not in with_whom(ctx).values())
    counts = Counter(with_whom(ctx).values())
    assert sorted(counts.values()) == [10, 10]
    assert all(one.ok for one in checking.check(ctx))


@pytest.mark.timeout(60)
def test_new_mail_is_with_somebody_within_a_second_or_two(ctx: Context) -> None:
    timers.start(ctx)
    with engine(ctx):
        number = asks(ctx, 1)
        until(lambda: with_whom(ctx)[number] is not None, 5)


def test_killed_before_any_statement_a_ticket_and_its_conversation_are_in_the_same_hands(ctx: Context) -> None:
    timers.start(ctx)
    for number in range(3):
        asks(ctx, number)
    engine_ctx = ctx.acting_as(ENGINE)
    stages.heed(engine_ctx, None)
    place = 0
    while True:
        place += 1
        try:
            with dying_at(ctx, place):
                assert ticket_routing.step(engine_ctx) == 3
            break
        except Killed:
            assert set(with_whom(ctx).values()) == {None}
            assert hands(ctx) == {}
        assert out_of_step(ctx) == []
    assert place > 10
    assert set(with_whom(ctx).values()) == {ctx.actor.id}
    assert ticket_routing.step(engine_ctx) == 0
