"""Payment reminders whose engine dies anywhere, and two engines at once: nobody is reminded twice (SPEC §8, §16; QUALITY R1)."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crm_tui.base.clock import SystemClock
from crm_tui.base.settings import Settings, save_setting
from crm_tui.data.columns import columns
from crm_tui.data.tables import Event, OutboxItem, PaymentNotice
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.watchlists import notice_queue
from crm_tui.desk.watchlists.gateway import Sent
from tests.desk.house import add_account, make_house
from tests.desk.owing import TODAY, events, guest, held, owing, rows
from tests.faults.test_engine_kill import engine, until
from tests.faults.test_mailing_kill import Killed, dying_at
from tests.servers.sms import Gateway, sms_gateway

GUESTS = 20
ROUNDS = 5


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    context = make_house(tmp_path, clock=SystemClock(), settings=Settings(undo_seconds=0))
    yield context
    context.store.close()


def set_up(ctx: Context, server: Gateway, guests: int) -> None:
    """Guests who owe something since yesterday, a gateway whose address a command prints, no quiet hours."""
    with ctx.store.connect() as connection:
        today = ctx.clock.now().astimezone(zone(connection)).date()
    for number in range(guests):
        who = guest(ctx, f"Guest{number}", phone=f"+346001112{number:02d}")
        owing(ctx, f"MIR-{number}", due=(today - TODAY).days - 1, who=who)
    for name, value in {
        "notices": "sms",
        "notice_quiet_from": "04:00",
        "notice_quiet_until": "04:00",
        "notice_gateway": "command",
        "notice_gateway_command": f"echo '{server.url('desk', 'secret-77')}'",
    }.items():
        save_setting(ctx.home.settings, name, value)


def over(ctx: Context) -> bool:
    states = Counter(row.state for row in rows(ctx))
    return sum(states.values()) == GUESTS and not states["queued"] and not states["sending"]


@pytest.mark.timeout(240)
def test_killed_at_random_points_nobody_is_reminded_twice_and_nobody_forgotten(ctx: Context) -> None:
    chance = random.Random(815)
    slow = threading.Event()
    with sms_gateway() as server:
        server.on_message = lambda _asked: void(slow.wait(0.01))
        set_up(ctx, server, GUESTS)
        for _round in range(ROUNDS):
            goal = min(GUESTS, len(server.asked) + chance.randrange(3))
            with engine(ctx):
                until(lambda goal=goal: len(server.asked) >= goal or over(ctx))  # type: ignore[misc]
                slow.wait(chance.random() * 0.05)  # killed here, wherever it is just then
        with engine(ctx):
            until(lambda: over(ctx), 60)
        heard = Counter(one.number for one in server.asked)
    states = Counter(row.state for row in rows(ctx))
    assert max(heard.values()) == 1
    assert states["sent"] + states["uncertain"] == GUESTS
    assert states["sent"] <= len(heard) <= GUESTS
    assert len(heard) >= GUESTS - states["uncertain"]
    assert states["uncertain"] <= ROUNDS
    assert len(events(ctx)) == states["sent"]


def void(_value: object) -> None:
    """For callbacks that give nothing."""


@pytest.mark.timeout(120)
def test_three_engines_at_once_remind_everybody_once(ctx: Context) -> None:
    with sms_gateway() as server, ExitStack() as stack:
        set_up(ctx, server, GUESTS)
        for _one in range(3):
            stack.enter_context(engine(ctx))
        until(lambda: over(ctx), 60)
        heard = Counter(one.number for one in server.asked)
    assert len(heard) == GUESTS
    assert set(heard.values()) == {1}
    assert {row.state for row in rows(ctx)} == {"sent"}


def test_killed_while_the_gateway_has_it_the_reminder_is_uncertain_and_not_sent_again(ctx: Context) -> None:
    arrived, answer = threading.Event(), threading.Event()

    def hold(_asked: object) -> None:
        arrived.set()
        answer.wait(20)

    with sms_gateway() as server:
        server.on_message = hold
        set_up(ctx, server, 1)
        with engine(ctx):
            assert arrived.wait(20)
        answer.set()
        with engine(ctx):
            until(lambda: rows(ctx)[0].state == "uncertain")
        assert len(server.asked) == 1
    assert events(ctx) == []


@pytest.mark.parametrize("channel", ["sms", "mail"])
def test_killed_before_any_statement_nothing_is_half_done(ctx: Context, channel: str) -> None:
    add_account(ctx)
    with sms_gateway() as server:
        set_up(ctx, server, 1)
    settings = replace(
        Settings(), notices=channel, notice_gateway="session", notice_quiet_from="04:00", notice_quiet_until="04:00"
    )
    ctx.home.settings.unlink()
    desk = replace(ctx, settings=settings)
    place = 0
    while True:
        place += 1
        try:
            with dying_at(desk, place):
                assert notice_queue.queue_due(desk, settings, held) == 1
            break
        except Killed:
            assert counts(desk) == (0, 0, 0)
    assert place > 10
    assert counts(desk) == (1, 1 if channel == "mail" else 0, 0)
    assert notice_queue.queue_due(desk, settings, held) == 0


def test_killed_before_any_statement_of_settling_the_event_comes_with_the_state(ctx: Context) -> None:
    with sms_gateway() as server:
        set_up(ctx, server, 1)
    settings = replace(
        Settings(), notices="sms", notice_gateway="session", notice_quiet_from="04:00", notice_quiet_until="04:00"
    )
    ctx.home.settings.unlink()
    desk = replace(ctx, settings=settings)
    notice_queue.queue_due(desk, settings, held)
    assert notice_queue.begin(desk, settings, 1, 5, held)
    place = 0
    while True:
        place += 1
        try:
            with dying_at(desk, place):
                assert notice_queue.settle(desk, 1, 5, Sent()) == "sent"
            break
        except Killed:
            assert rows(desk)[0].state == "sending"
            assert events(desk) == []
    assert place > 5
    assert rows(desk)[0].state == "sent"
    assert len(events(desk)) == 1


def counts(ctx: Context) -> tuple[int, ...]:
    """Reminders, outbox items, events."""
    with ctx.store.connect() as connection:
        tables = (PaymentNotice, OutboxItem, Event)
        return tuple(connection.execute(select(func.count(columns(one).id))).scalar_one() for one in tables)
