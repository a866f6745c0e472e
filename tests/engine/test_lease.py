"""Exactly one engine, another within seconds, whatever the clocks do (SPEC §16)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from crm_tui.base.clock import FixedClock
from crm_tui.data.columns import table_of
from crm_tui.data.tables import Lease as LeaseTable
from crm_tui.desk.common.context import Context
from crm_tui.engine.lease import Lease, identity, is_dead
from tests.desk.house import make_house


class Ticker:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    context = make_house(tmp_path)
    yield context
    context.store.close()


def candidate(ctx: Context, name: str, ticker: Ticker) -> Lease:
    return Lease(ctx, ttl=8, monotonic=ticker, holder=name)


def holds(ctx: Context, lease: Lease) -> bool:
    with ctx.write() as tx:
        return lease.holds(tx.connection)


def test_one_holds_it_and_the_other_waits(ctx: Context) -> None:
    ticker = Ticker()
    first, second = candidate(ctx, "a", ticker), candidate(ctx, "b", ticker)
    assert first.tick()
    for _second in range(60):
        ticker.seconds += 2
        assert first.tick()
        assert not second.tick()
    assert (holds(ctx, first), holds(ctx, second)) == (True, False)


def test_another_takes_over_from_the_dead_with_a_higher_token(ctx: Context) -> None:
    ticker = Ticker()
    first, second = candidate(ctx, "a", ticker), candidate(ctx, "b", ticker)
    assert first.tick()
    token = first.token
    assert not second.tick()
    ticker.seconds += 7.9
    assert not second.tick()
    ticker.seconds += 0.2
    assert second.tick()
    assert second.token > token
    assert not holds(ctx, first), "fenced off though it does not know yet"
    assert not first.held
    assert not first.tick()
    assert first.token == 0


def test_steps_of_the_clock_of_day_change_nothing(ctx: Context) -> None:
    assert isinstance(ctx.clock, FixedClock)
    ticker = Ticker()
    first, second = candidate(ctx, "a", ticker), candidate(ctx, "b", ticker)
    assert first.tick()
    for step in (timedelta(days=400), timedelta(days=-900), timedelta(hours=1)):
        ctx.clock.advance(step)
        ticker.seconds += 2
        assert not second.tick()
        assert first.tick()
    ctx.clock.advance(timedelta(days=-4000))
    for _second in range(10):
        ticker.seconds += 1
        second.tick()
    assert second.held, "a holder that died is found out though the clock went back"


def test_given_up_is_free_at_once(ctx: Context) -> None:
    ticker = Ticker()
    first, second = candidate(ctx, "a", ticker), candidate(ctx, "b", ticker)
    assert first.tick()
    assert not second.tick()
    first.release()
    assert not holds(ctx, first)
    assert second.tick()
    first.release()
    assert holds(ctx, second)


def test_many_candidates_at_once_give_one_holder(ctx: Context) -> None:
    start = threading.Barrier(8)
    results: list[bool] = []

    def run(number: int) -> None:
        lease = Lease(ctx, holder=f"holder {number}")
        start.wait()
        results.append(lease.tick())

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(results) == [False] * 7 + [True]


def test_a_killed_process_of_this_host_is_recognised_at_once(ctx: Context) -> None:
    script = "import sys\nfrom crm_tui.engine.lease import identity\nprint(identity(), flush=True)\nsys.stdin.read()"
    process = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    holder = process.stdout.readline().strip()
    with ctx.write() as tx:
        tx.connection.execute(
            insert(LeaseTable).values(name="engine", holder=holder, token=4, renewed=9, expires_at=tx.now)
        )
    lease = Lease(ctx)
    assert not is_dead(holder)
    assert not lease.tick()
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    assert is_dead(holder)
    assert lease.tick()
    assert lease.token == 5


def test_identities() -> None:
    me = identity()
    assert not is_dead(me)
    assert me != identity()
    host, boot, _pid, started, rest = me.split("|")
    assert is_dead("|".join((host, boot, str(os.getpid()), str(int(started) + 1), rest))), "another process's number"
    assert not is_dead("|".join(("elsewhere", boot, "1", "1", rest))), "of another host nothing is known"
    assert not is_dead("anything")


def test_a_row_is_left_for_others_to_see(ctx: Context) -> None:
    Lease(ctx, holder="a").tick()
    with ctx.store.connect() as connection:
        row = connection.execute(select(table_of(LeaseTable))).one()
    assert (row.name, row.holder, row.token) == ("engine", "a", 1)
