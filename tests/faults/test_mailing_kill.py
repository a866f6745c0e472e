"""Mailings whose engine dies anywhere: nobody is written to twice, nobody is forgotten (SPEC §6, QUALITY R1)."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

from crm_tui.base.clock import SystemClock
from crm_tui.base.settings import Settings
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, MailingItem, Message, OutboxItem
from crm_tui.desk.common.context import Context
from crm_tui.desk.groups import mailing_queue, mailings
from crm_tui.mail.parse import parse
from tests.desk.house import add_account, make_house
from tests.desk.mailings import guest, items, ready
from tests.faults.test_engine_kill import engine, until
from tests.servers.pymap_server import PASSWORD, USER, Pymap
from tests.servers.smtp import Box, smtp_server

GUESTS = 24
ROUNDS = 8


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    context = make_house(tmp_path, clock=SystemClock(), settings=Settings(undo_seconds=0, mailing_per_minute=600))
    yield context
    context.store.close()


@pytest.mark.timeout(240)
def test_killed_at_random_points_it_writes_to_everybody_once(ctx: Context) -> None:
    chance = random.Random(4712)
    slow = threading.Event()
    with smtp_server(Box(users={USER: PASSWORD})) as box, Pymap() as imap:
        box.on_message = lambda _taken: void(slow.wait(0.01))
        add_account(
            ctx,
            imap_port=imap.port,
            smtp_port=box.port,
            secret_kind="password_command",
            secret_command=f"echo {PASSWORD}",
        )
        number = mailings.start(ctx, ready(ctx, [guest(ctx, f"Guest{place}") for place in range(GUESTS)]))
        for _round in range(ROUNDS):
            goal = min(GUESTS, len(box.taken) + chance.randrange(3))
            with engine(ctx):
                until(partial(reached, ctx, number, box, goal))
                threading.Event().wait(chance.random() * 0.3)  # killed here, wherever it is just then
        with engine(ctx):
            until(lambda: over(ctx, number), 90)
        taken = Counter(to for one in box.taken for to in one.recipients)
        told = Counter(items(ctx, number).values())
        assert max(taken.values()) == 1
        assert told[("sent", "")] + told[("failed", "uncertain")] == GUESTS
        assert told[("sent", "")] <= sum(taken.values()) <= GUESTS
        uncertain = told[("failed", "uncertain")]
        assert sum(taken.values()) >= GUESTS - uncertain
        assert uncertain <= ROUNDS
        assert len({parse(one.content).message_id for one in box.taken}) == len(box.taken)


def void(_value: object) -> None:
    """For callbacks that give nothing."""


def reached(ctx: Context, number: int, box: Box, goal: int) -> bool:
    return len(box.taken) >= goal or over(ctx, number)


def over(ctx: Context, number: int) -> bool:
    return mailings.progress(ctx, number).state == "done"


class Killed(BaseException):
    """The process is gone."""


def test_killed_before_any_statement_of_queueing_nothing_is_half_done(ctx: Context) -> None:
    add_account(ctx)
    number = mailings.start(ctx, ready(ctx, [guest(ctx, "Alba"), guest(ctx, "Bosch")]))
    before = state(ctx, number)
    place = 0
    while True:
        place += 1
        try:
            with dying_at(ctx, place):
                assert mailing_queue.queue_next(ctx, number, lambda _connection: True)
            break
        except Killed:
            assert state(ctx, number) == before
    assert place > 10  # it did die at many places
    told, conversations, messages, outbox = state(ctx, number)
    assert sorted(told) == [("queued", ""), ("waiting", "")]
    assert (conversations, messages, outbox) == (1, 1, 1)
    assert not mailing_queue.queue_next(ctx, number, lambda _connection: True)


def state(ctx: Context, number: int) -> tuple[Any, ...]:
    """Items, conversations, messages, outbox rows."""
    counted = (Conversation, Message, OutboxItem)
    with ctx.store.connect() as connection:
        item = columns(MailingItem)
        told = connection.execute(select(item.state, item.reason).where(item.mailing_id == number)).all()
        numbers = [connection.execute(select(func.count()).select_from(model)).scalar() for model in counted]
    return ([tuple(row) for row in told], *numbers)


class dying_at:  # noqa: N801
    """Within it the process dies before the nth statement."""

    def __init__(self, ctx: Context, place: int) -> None:
        self._engine = ctx.store.engine
        self._left = place

    def _count(self, *_args: Any) -> None:
        self._left -= 1
        if self._left == 0:
            raise Killed

    def __enter__(self) -> None:
        event.listen(self._engine, "before_cursor_execute", self._count)

    def __exit__(self, *_exception: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._count)
