"""Engines killed with SIGKILL while they send and file: nothing lost, nothing twice (QUALITY R1, SPEC §16)."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from crm_tui.base.settings import Settings
from crm_tui.data.columns import columns
from crm_tui.data.tables import OutboxItem
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import drafts, outbox, replies
from crm_tui.mail.imap import ImapSession
from crm_tui.mail.parse import parse
from tests.desk.house import add_account, make_house
from tests.servers.pymap_server import PASSWORD, USER, Pymap
from tests.servers.smtp import Box, Taken, smtp_server

ROUNDS = 8
EACH = 4


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    from crm_tui.base.clock import SystemClock

    context = make_house(tmp_path, clock=SystemClock(), settings=Settings(undo_seconds=0))
    yield context
    context.store.close()


@contextmanager
def engine(ctx: Context) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.engine_process", str(ctx.home.data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()


def queue(ctx: Context, count: int) -> None:
    for number in range(count):
        draft = replies.new(ctx, to=f"guest{number}@example.org", subject="Your stay")
        version = drafts.save(ctx, draft.id, draft.version, text="Welcome")
        outbox.queue(ctx, draft.id, version)


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        pause.wait(0.02)


def states(ctx: Context) -> dict[str, tuple[str, str]]:
    """Message-ID to the states of the message and its copy."""
    item = columns(OutboxItem)
    with ctx.store.connect() as connection:
        rows = connection.execute(select(item.rfc_message_id, item.state, item.copy_state)).all()
    return {row.rfc_message_id: (row.state, row.copy_state) for row in rows}


def in_sent(imap: Pymap) -> Counter[str]:
    with ImapSession("127.0.0.1", imap.port, "none", timeout=5) as session:
        session.login(USER, PASSWORD)
        box = next((one for one in session.list_mailboxes() if one.special == "sent"), None)
        if box is None:
            return Counter()
        session.select(box.wire, readonly=True)
        return Counter(parse(got.raw).message_id for got in session.fetch(session.search("ALL")))


def settled(ctx: Context) -> bool:
    return all(state == "uncertain" or (state, copy) == ("sent", "stored") for state, copy in states(ctx).values())


def check(ctx: Context, box: Box, imap: Pymap, count: int) -> None:
    """Nothing lost, nothing twice, and what is told agrees with what the servers have."""
    until(lambda: settled(ctx))
    taken = Counter(parse(one.content).message_id for one in box.taken)
    filed, told = in_sent(imap), states(ctx)
    assert len(told) == count
    assert max(taken.values()) == 1
    for message_id, (state, _copy) in told.items():
        if state == "sent":
            assert (taken[message_id], filed[message_id]) == (1, 1)
        else:
            assert state == "uncertain"
            assert (taken[message_id], filed[message_id]) in {(0, 0), (1, 0)}


@pytest.mark.timeout(240)
def test_killed_at_random_points(ctx: Context) -> None:
    chance = random.Random(4711)
    with smtp_server(Box(users={USER: PASSWORD})) as box, Pymap() as imap:
        add_account(
            ctx,
            smtp_port=box.port,
            imap_port=imap.port,
            secret_kind="password_command",
            secret_command=f"echo {PASSWORD}",
        )
        for _round in range(ROUNDS):
            queue(ctx, EACH)
            with engine(ctx) as process:
                threading.Event().wait(chance.uniform(0, 0.5))
                process.send_signal(signal.SIGKILL)
                process.wait(10)
        with engine(ctx):
            check(ctx, box, imap, ROUNDS * EACH)
    # a kill leaves at most the one message uncertain that was under way
    assert sum(state == "uncertain" for state, _copy in states(ctx).values()) <= ROUNDS


@pytest.mark.timeout(120)
def test_killed_between_the_message_and_the_answer(ctx: Context) -> None:
    """The server has the message, the engine dies before it hears so: uncertain, and never sent again by itself."""
    killed: list[subprocess.Popen[str]] = []

    def kill(_taken: Taken) -> None:
        if killed:
            process = killed.pop()
            process.send_signal(signal.SIGKILL)
            process.wait(10)

    with smtp_server(Box(users={USER: PASSWORD})) as box, Pymap() as imap:
        add_account(
            ctx,
            smtp_port=box.port,
            imap_port=imap.port,
            secret_kind="password_command",
            secret_command=f"echo {PASSWORD}",
        )
        box.on_message = kill
        with engine(ctx) as process:
            killed.append(process)
            queue(ctx, 2)
            until(lambda: process.poll() is not None)
        assert [state for state, _copy in states(ctx).values()] == ["sending", "queued"]
        with engine(ctx):
            check(ctx, box, imap, 2)
        assert sorted(state for state, _copy in states(ctx).values()) == ["sent", "uncertain"]
        assert len(box.taken) == 2
