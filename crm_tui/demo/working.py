"""When the team of the sample hotel was at work in the last two weeks (SPEC §10): early, late and night shifts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crm_tui.base.clock import FixedClock
from crm_tui.data.columns import columns
from crm_tui.data.tables import Agent
from crm_tui.demo.people import AGENTS, HOTEL_ZONE
from crm_tui.desk import timer_corrections, timers
from crm_tui.desk.context import Actor, Context

DAYS = 13
_ZONE = ZoneInfo(HOTEL_ZONE)


class _Shift(NamedTuple):
    """Begin, length and pause of a shift, in minutes of the day; how many days of the week are worked."""

    begins: int
    minutes: int
    paused_after: int
    paused: int
    days_off: tuple[int, ...]


_SHIFTS = (
    _Shift(8 * 60, 490, 200, 35, (5, 6)),
    _Shift(22 * 60, 475, 0, 0, (1, 2)),
    _Shift(14 * 60, 460, 150, 25, (0, 6)),
)


def add(ctx: Context) -> int:
    """Let the timers of the team have run; returns how many sessions there are now.

    One desk was left without a word, so its session is capped; one shift was worked without a desk, so it was added.
    """
    made = 0
    today = ctx.clock.now().astimezone(_ZONE).date()
    for number, (name, shift) in enumerate(zip(AGENTS, _SHIFTS, strict=True)):
        agent = _at_desk(ctx, name)
        if agent is None:
            continue
        for back in range(DAYS, 0, -1):
            day = today - timedelta(days=back)
            if day.weekday() not in shift.days_off:
                _work(agent, day, shift, (7 * back + 5 * number) % 23, left=number == 2 and back == 4)
                made += 1
    timers.cap(ctx)
    return made + _forgotten(ctx, today)


def _work(agent: Context, day: date, shift: _Shift, drift: int, *, left: bool) -> None:
    begin = datetime.combine(day, time(), _ZONE).astimezone(UTC) + timedelta(minutes=shift.begins + drift - 11)
    timers.start(_then(agent, begin))
    if shift.paused:
        pause = begin + timedelta(minutes=shift.paused_after + drift)
        timers.pause(_then(agent, pause))
        timers.resume(_then(agent, pause + timedelta(minutes=shift.paused)))
    if left:
        return
    end = begin + timedelta(minutes=shift.minutes + drift)
    if end < agent.clock.now():
        timers.stop(_then(agent, end))


def _forgotten(ctx: Context, today: date) -> int:
    """A shift that no timer counted, written down by the manager."""
    ana = _at_desk(ctx, AGENTS[0])
    if ana is None or _at_desk(ctx, AGENTS[2]) is None:
        return 0
    day = next(day for back in range(2, 9) if (day := today - timedelta(days=back)).weekday() == 0)
    start = datetime.combine(day, time(9, 30), _ZONE).astimezone(UTC)
    timer_corrections.add(ana, AGENTS[2], start, start + timedelta(hours=4), "Trade fair in Palma, no desk there")
    return 1


def _then(agent: Context, at: datetime) -> Context:
    return replace(agent, clock=FixedClock(at))


def _at_desk(ctx: Context, name: str) -> Context | None:
    """The desk in an agent's hands; None if the team is another."""
    names = columns(Agent)
    with ctx.store.connect() as connection:
        row = connection.execute(select(names.id, names.name, names.role).where(names.name == name)).first()
    return ctx.acting_as(Actor(row.id, row.name, row.role)) if row is not None else None
