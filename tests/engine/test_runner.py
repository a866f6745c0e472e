"""The engine's threads: what is started, stopped, started anew (SPEC §16)."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from crm_tui.base.clock import FixedClock
from crm_tui.base.progress import CancelEvent, Progress
from crm_tui.base.redact import Secret
from crm_tui.data.columns import columns
from crm_tui.data.tables import Lease
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.views import ListQuery
from crm_tui.desk.conversations import folders, snoozing
from crm_tui.desk.correspondence import account_testing, accounts
from crm_tui.engine.runner import Engine
from crm_tui.engine.sync_model import SessionFactory
from crm_tui.mail.credentials import Credentials
from tests.desk.house import ADDRESS, add_account, come_in, mail, make_house


@dataclass
class Workers:
    """Stands for the sync of accounts: counts who works, and ends as it is told."""

    started: list[int] = field(default_factory=list)
    working: set[int] = field(default_factory=set)
    refuse: bool = False
    crash: bool = False
    woken: list[int] = field(default_factory=list)

    def __call__(
        self,
        ctx: Context,
        account_id: int,
        stop: CancelEvent,
        wake: threading.Event,
        session_factory: SessionFactory,
        *,
        progress: Progress | None = None,
    ) -> None:
        self.started.append(account_id)
        if self.crash:
            raise ZeroDivisionError
        if self.refuse:
            accounts.set_state(ctx, account_id, "auth failed", "no")
            return
        self.working.add(account_id)
        assert progress is not None
        progress.step("INBOX", 100)
        progress.count(40)
        while not stop.is_set():
            if wake.wait(0.05) and not stop.is_set():
                self.woken.append(account_id)
                wake.clear()
        self.working.discard(account_id)


def until(condition: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        pause.wait(0.02)


def pass_rounds(ctx: Context, count: int) -> None:
    """Wait until the engine has shown life so many times."""

    def renewed() -> int:
        with ctx.store.connect() as connection:
            return int(connection.execute(select(columns(Lease).renewed)).scalar_one())

    now = renewed()
    until(lambda: renewed() >= now + count)


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    context = make_house(tmp_path)
    yield context
    context.store.close()


@pytest.fixture
def workers() -> Workers:
    return Workers()


@pytest.fixture
def engine(ctx: Context, workers: Workers) -> Iterator[Engine]:
    made = Engine(Credentials(lambda: None, memory={}), account_worker=workers, renewal=0.05)
    yield made
    assert made.stop()


def test_one_thread_an_account_as_they_come_and_go(ctx: Context, engine: Engine, workers: Workers) -> None:
    first = add_account(ctx)
    engine.start(ctx)
    until(lambda: workers.working == {first})
    second = add_account(ctx, "two@hotel.example")
    until(lambda: workers.working == {first, second})
    row = accounts.get(ctx, first)
    accounts.change(ctx, first, row.version, active=False)
    until(lambda: workers.working == {second})
    accounts.remove(ctx, second)
    until(lambda: workers.working == set())
    accounts.change(ctx, first, row.version + 1, active=True)
    until(lambda: workers.working == {first})
    assert engine.stop()
    assert workers.working == set()


def test_a_changed_account_is_started_anew(ctx: Context, engine: Engine, workers: Workers) -> None:
    number = add_account(ctx)
    engine.start(ctx)
    until(lambda: workers.started == [number])
    accounts.change(ctx, number, accounts.get(ctx, number).version, imap_port=4711)
    until(lambda: workers.started == [number, number])


def test_a_refused_login_rests_until_mended_or_asked(ctx: Context, engine: Engine, workers: Workers) -> None:
    workers.refuse = True
    number = add_account(ctx)
    engine.start(ctx)
    until(lambda: workers.started == [number])
    pass_rounds(ctx, 6)  # in which a tight loop would show
    assert workers.started == [number]
    engine.wake(number)
    until(lambda: len(workers.started) == 2)
    workers.refuse = False
    credentials = Credentials(lambda: None, memory={})
    accounts.mend(ctx, number, credentials, Secret("the right one"))
    until(lambda: workers.working == {number})
    assert credentials.login(ADDRESS, "desk", account_testing.source_of(accounts.get(ctx, number))).secret


def test_a_bug_is_no_tight_loop_and_stops_nothing_else(ctx: Context, engine: Engine, workers: Workers) -> None:
    workers.crash = True
    number = add_account(ctx)
    engine.start(ctx)
    until(lambda: workers.started == [number])
    pass_rounds(ctx, 6)
    assert workers.started == [number]
    assert engine.status(ctx).active
    began = time.monotonic()
    assert engine.stop()
    assert time.monotonic() - began < 3


def test_status_and_what_is_told(ctx: Context, workers: Workers) -> None:
    number = add_account(ctx)
    engine = Engine(Credentials(lambda: None, memory={}), account_worker=workers, renewal=0.05)
    told: list[str] = []
    engine.start(ctx, told.append)
    until(lambda: "INBOX 40/100" in told)
    status = engine.status(ctx)
    assert status.active
    assert [(one.id, one.doing, one.done, one.total) for one in status.accounts] == [(number, "INBOX", 40, 100)]
    engine.wake()
    until(lambda: workers.woken == [number])
    assert engine.stop()
    assert told[-1] == ""


def test_the_desk_gets_it_without_the_database_library() -> None:
    script = (
        "import sys, crm_tui.engine.background as b\nb.BackgroundEngine().wake()\n"
        "print([name for name in ('sqlmodel', 'sqlalchemy', 'imapclient', 'textual', 'keyring') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_sync_now_reaches_the_engine_of_another_process(ctx: Context, engine: Engine, workers: Workers) -> None:
    number = add_account(ctx)
    engine.start(ctx)
    until(lambda: workers.working == {number})
    other = Engine(Credentials(lambda: None, memory={}), account_worker=Workers(), renewal=0.05)
    other.start(ctx)
    pass_rounds(ctx, 2)
    assert not other.status(ctx).active
    other.wake(number)
    until(lambda: workers.woken == [number])
    other.wake()
    until(lambda: workers.woken == [number, number])
    assert other.stop()


def test_it_wakes_what_was_snoozed_only_while_it_holds_the_lease(ctx: Context, engine: Engine) -> None:
    clock = ctx.clock
    assert isinstance(clock, FixedClock)
    come_in(ctx, mail(message_id="1@x"), mail(message_id="2@x"))
    snoozing.snooze(ctx, [1], until=clock.now() + timedelta(hours=1))
    snoozing.snooze(ctx, [2], until=clock.now() + timedelta(hours=9))
    engine.start(ctx)
    until(lambda: engine.status(ctx).active)
    pass_rounds(ctx, 2)
    assert [row.id for row in folders.page(ctx, ListQuery("Snoozed")).rows] == [2, 1]
    clock.advance(timedelta(hours=1))
    until(lambda: [row.id for row in folders.page(ctx, ListQuery("Snoozed")).rows] == [2])
    assert engine.stop()
    clock.advance(timedelta(hours=10))
    other = Engine(Credentials(lambda: None, memory={}), account_worker=Workers(), renewal=0.05)
    other.start(ctx)  # after a pause, whatever became due meanwhile
    until(lambda: folders.total(ctx, ListQuery("Snoozed")) == 0)
    assert other.stop()
    with ctx.store.connect() as connection:
        woken = connection.exec_driver_sql(
            "SELECT entity_id, actor FROM journal WHERE action = 'wake' ORDER BY id"
        ).all()
    assert [tuple(row) for row in woken] == [(1, "engine"), (2, "engine")]
