"""Timers of desks that are killed, and what the engine makes of them (SPEC §10)."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from crm_tui.base.clock import FixedClock
from crm_tui.desk.common.context import Context
from crm_tui.desk.working import timer_corrections, timers
from crm_tui.engine.runner import Engine
from crm_tui.mail.credentials import Credentials
from crm_tui.rules.periods import Period
from crm_tui.rules.working_time import DESK_SILENCE
from tests.desk.house import make_house

_DESK = """
import sys, time
from types import SimpleNamespace
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.desk import timers
from crm_tui.desk.common.context import open_context
from crm_tui.screens.timing import Timekeeper
from pathlib import Path

ctx = open_context(home_at(Path(sys.argv[1])), Settings(), env={})
timers.start(ctx, "killed")
keeper = Timekeeper(SimpleNamespace(ctx=ctx, call_later=lambda *_args: True), "killed", beat=0.05)
import threading
threading.Thread(target=keeper.run, args=(ctx,), daemon=True).start()
print("works", flush=True)
time.sleep(60)
"""


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    context = make_house(tmp_path)
    yield context
    context.store.close()


def until(condition: object, deadline: float = 15.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + deadline
    assert callable(condition)
    while not condition():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.01)


def test_the_engine_ends_what_fell_silent(ctx: Context) -> None:
    clock = ctx.clock
    assert isinstance(clock, FixedClock)
    timers.start(ctx, "d1")
    timers.pause(ctx)
    started = clock.now()
    clock.advance(DESK_SILENCE + timedelta(seconds=1))
    stop = threading.Event()
    engine = Engine(Credentials(), renewal=0.02)
    thread = threading.Thread(target=engine.run, args=(ctx, stop))
    thread.start()
    day = Period(started.date(), started.date())

    def written() -> bool:
        [session] = timer_corrections.sessions(ctx, day)
        return session.version == 2

    try:
        until(written)
    finally:
        stop.set()
        thread.join(10)
    [session] = timer_corrections.sessions(ctx, day)
    assert (session.ended, session.stopped) == ("capped", started)
    assert [pause.resumed for pause in timer_corrections.pauses(ctx, day)] == [started]


def test_a_desk_that_is_really_killed_counts_up_to_its_last_heartbeat(ctx: Context) -> None:
    from datetime import UTC, datetime

    process = subprocess.Popen(
        [sys.executable, "-c", _DESK, str(ctx.home.store.parent)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "works\n"
        present = datetime.now(UTC)
        day = Period(present.date() - timedelta(days=1), present.date() + timedelta(days=1))
        clock = ctx.clock
        assert isinstance(clock, FixedClock)

        def beaten() -> bool:
            clock.instant = datetime.now(UTC)
            return timers.state(ctx).working_seconds >= 1 and timer_corrections.working(ctx, day) != {}

        until(beaten)
    finally:
        process.kill()
        process.wait(10)
    died = datetime.now(UTC)
    clock.instant = died + timedelta(hours=3)
    [session] = timer_corrections.sessions(ctx, day)
    assert session.ended == "capped"
    assert session.stopped is not None
    assert died - timedelta(seconds=5) < session.stopped <= died
    assert timers.duties(ctx) == {}
    assert timers.cap(ctx) == 1
    [written] = timer_corrections.sessions(ctx, day)
    assert (written.ended, written.stopped) == ("capped", session.stopped)
