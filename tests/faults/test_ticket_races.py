"""Processes that open, give away and even out the same tickets at once: whoever is first, everything is whole (SPEC §10)."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from crm_tui.base.clock import SystemClock
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Journal, TicketHand
from crm_tui.desk.common.context import Context
from crm_tui.desk.upkeep import checking
from crm_tui.desk.working import timers
from tests.desk.colleagues import colleague
from tests.desk.house import make_house
from tests.desk.worked import asks, columns_of, out_of_step, share_out, with_whom

TICKETS = 60
_J = columns(Journal)


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    """Ana, who administers, and Leo, to whom routing gave everything there is."""
    context = make_house(tmp_path, clock=SystemClock())
    leo = colleague(context, "Leo")
    timers.start(leo)
    for number in range(TICKETS):
        asks(context, number)
    share_out(context)
    assert set(with_whom(context).values()) == {leo.actor.id}
    yield context
    assert out_of_step(context) == []
    assert all(one.ok for one in checking.check(context))
    context.store.close()


def race(ctx: Context, *runners: tuple[str, str]) -> list[set[int]]:
    """Start a process for each agent and deed at once; the tickets with which each had its way."""
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.faults.racing", str(ctx.home.data), agent, deed],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).resolve().parents[2],
        )
        for agent, deed in runners
    ]
    for run in runs:
        assert run.stdout is not None
        assert run.stdout.readline() == "ready\n"
    for run in runs:
        assert run.stdin is not None
        run.stdin.close()
    found = [set(map(int, run.stdout.read().split())) for run in runs if run.stdout is not None]
    for run in runs:
        assert run.wait(60) == 0
        assert run.stdout is not None
        run.stdout.close()
    return found


def told(ctx: Context) -> dict[int, list[str]]:
    """What the journal says of each ticket after routing gave it to Leo, in order."""
    query = select(_J.entity_id, _J.action).where(_J.entity == "ticket", _J.action.in_(("open", "assign", "move")))
    found: dict[int, list[str]] = defaultdict(list)
    with ctx.store.connect() as connection:
        for row in connection.execute(query.order_by(_J.id)):
            found[row.entity_id].append(row.action)
    return {number: actions[1:] for number, actions in found.items()}


def seen(ctx: Context) -> set[tuple[int, int]]:
    """Who opened which ticket while they had it."""
    hand = table_of(TicketHand)
    with ctx.store.connect() as connection:
        rows = connection.execute(select(hand.c.ticket_id, hand.c.agent_id).where(hand.c.seen_at.is_not(None)))
        return {(row.ticket_id, row.agent_id) for row in rows}


@pytest.mark.timeout(120)
def test_the_manager_gives_away_what_its_agent_is_opening(ctx: Context) -> None:
    mia = colleague(ctx, "Mia")
    with ctx.write() as tx:
        tx.connection.exec_driver_sql("DELETE FROM timer_session")
    opened, given = race(ctx, ("Leo", "open"), ("Ana", "give to Mia"))
    leo = next(number for number, name in ((1, "Ana"), (2, "Leo")) if name == "Leo")
    assert given == set(with_whom(ctx))
    assert seen(ctx) == {(number, leo) for number in opened}
    for number, actions in told(ctx).items():
        assert actions == (["open", "assign"] if number in opened else ["assign"])
        row = columns_of(ctx, number)
        assert (row.agent_id, row.how, row.pinned, row.seen_at) == (mia.actor.id, "manual", True, None)


@pytest.mark.timeout(120)
def test_what_is_opened_while_it_is_evened_out_stays_and_what_moved_is_not_opened(ctx: Context) -> None:
    mia = colleague(ctx, "Mia")
    timers.start(mia)
    opened, _none, _none = race(ctx, ("Leo", "open"), ("", "even out"), ("", "even out"))
    whose, actions = with_whom(ctx), told(ctx)
    for number, agent in whose.items():
        row = columns_of(ctx, number)
        if number in opened:
            assert agent != mia.actor.id
            assert actions[number] == ["open"]
            assert row.seen_at is not None
        else:
            assert agent == mia.actor.id
            assert actions[number] == ["move"]
            assert row.seen_at is None
    assert opened
