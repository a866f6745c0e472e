"""A random history of some weeks of timers, in which everything happens that can happen to them; and its count, second by second."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.base.errors import CrmError
from crm_tui.data.columns import table_of
from crm_tui.data.tables import Agent, IntakePause, TimerSession
from crm_tui.desk.common.context import Context
from crm_tui.rules.periods import Period
from tests.desk.colleagues import colleague

STEPS = 110
SILENCE = {True: timedelta(minutes=5), False: timedelta(hours=12)}
"""How long a session of a desk, and one of a command, may be silent (SPEC §10)."""
Times = dict[tuple[str, date], tuple[int, int]]
"""Working and invisible seconds by agent and day."""


class Shifts:
    """Two agents and a manager who come and go, forget, are cut off, pause, and are corrected."""

    def __init__(self, ctx: Context, clock: FixedClock, seed: int) -> None:
        self.clock, self.random = clock, Random(seed)
        self.boss = ctx
        self.people = [ctx, colleague(ctx, "Leo"), colleague(ctx, "Mia")]
        self.done: set[str] = set()

    def night(self, eve: datetime) -> None:
        """Leo has the night in which clocks change, from half past eleven to six; for half an hour he takes no tickets."""
        leo = self.people[1]
        for hours, do in (
            (0, desk.timers.start),
            (1.2, desk.timers.pause),
            (3.6, desk.timers.resume),
            (6.5, desk.timers.stop),
        ):
            self.clock.instant = eve + timedelta(hours=hours, milliseconds=700)
            do(leo)

    def live(self, steps: int = STEPS) -> None:
        """Step by step; what is refused changes nothing."""
        names = [one for one in dir(self) if one.startswith("do_")]
        often = [self.do_start, self.do_start, self.do_pause, self.do_pause, self.do_pause]
        for _step in range(steps):
            self.clock.advance(timedelta(seconds=self.random.choice((20, 61.25, 240.5, 290, 3_600, 9_000))))
            name = self.random.choice([*names, *(one.__name__ for one in often)])
            with suppress(CrmError):
                getattr(self, name)(self.random.choice(self.people))
                self.done.add(name)

    def desk_of(self, who: Context) -> str:
        return self.random.choice(("", f"{who.actor.name}-1", f"{who.actor.name}-2"))

    def do_start(self, who: Context) -> None:
        """They sit down and work for a while."""
        desk.timers.start(who, self.desk_of(who))
        self.do_beat(who)

    def do_beat(self, who: Context) -> None:
        """The desks are at work for a while."""
        for _minute in range(self.random.randrange(1, 12)):
            self.clock.advance(timedelta(seconds=self.random.choice((59.5, 60, 61))))
            for number in (1, 2):
                desk.timers.beat(who, f"{who.actor.name}-{number}")

    def do_stop(self, who: Context) -> None:
        desk.timers.stop(who, self.random.choice((None, self.desk_of(who))))

    def do_pause(self, who: Context) -> None:
        desk.timers.pause(who)

    def do_resume(self, who: Context) -> None:
        desk.timers.resume(who)

    def do_cap(self, _who: Context) -> None:
        """The engine looks."""
        desk.timers.cap(self.boss)

    def do_set_the_clock_back(self, who: Context) -> None:
        self.clock.advance(-timedelta(seconds=self.random.choice((30, 700.75, 4_000))))
        self.do_beat(who)

    def _span(self) -> tuple[datetime, datetime]:
        start = self.clock.now() - timedelta(seconds=self.random.randrange(60, 90_000))
        return start, start + timedelta(seconds=self.random.randrange(60, 40_000))

    def do_add(self, who: Context) -> None:
        desk.timer_corrections.add(self.boss, who.actor.name, *self._span(), "Forgot it")

    def do_add_a_pause(self, who: Context) -> None:
        desk.pause_corrections.add(self.boss, who.actor.name, *self._span(), "Meeting")

    def _one(self, found: Sequence[Any]) -> Any:
        """One of them; the night stays."""
        some = [one for one in found if one.seconds < 20_000]
        if not some:
            raise CrmError("There is none.")
        return self.random.choice(some)

    def do_correct(self, who: Context) -> None:
        one = self._one(desk.timer_corrections.sessions(self.boss, self.period(), who.actor.name))
        desk.timer_corrections.correct(self.boss, one.id, one.version, *self._span(), "As the porter says")

    def do_correct_a_pause(self, who: Context) -> None:
        one = self._one(desk.timer_corrections.pauses(self.boss, self.period(), who.actor.name))
        desk.pause_corrections.correct(self.boss, one.id, one.version, *self._span(), "Shorter")

    def do_remove(self, who: Context) -> None:
        if self.random.random() < 0.6:
            raise CrmError("Rather not.")
        one = self._one(desk.timer_corrections.sessions(self.boss, self.period(), who.actor.name))
        desk.timer_corrections.remove(self.boss, one.id, one.version, "It was Ana")

    def do_undo(self, _who: Context) -> None:
        desk.undo.undo(self.boss)

    def period(self) -> Period:
        today = desk.periods.today(self.boss)
        return Period(today - timedelta(days=3), today)


def counted(ctx: Context, period: Period, zone: ZoneInfo) -> Times:
    """Every second of every day looked at: whether a session ran, and whether intake was paused. From the rows alone."""
    now = ctx.clock.now()
    starts = [
        datetime.combine(day, datetime.min.time(), zone) for day in (*period.days(), period.end + timedelta(days=1))
    ]
    edges = [int(one.timestamp()) for one in starts]
    found: Times = {}
    with ctx.store.connect() as connection:
        sessions = connection.execute(
            select(table_of(TimerSession)).where(table_of(TimerSession).c.removed_at.is_(None))
        ).all()
        pauses = connection.execute(
            select(table_of(IntakePause)).where(table_of(IntakePause).c.removed_at.is_(None))
        ).all()
        people = connection.execute(select(table_of(Agent))).all()
    for agent in people:
        worked, paused = (bytearray(edges[-1] - edges[0]) for _each in range(2))
        for one in sessions:
            if one.agent_id == agent.id:
                _mark(worked, edges[0], one.started_at, _end_of(one, now))
        for one in pauses:
            if one.agent_id == agent.id:
                _mark(paused, edges[0], one.paused_at, one.resumed_at or now)
        both = bytearray(one & other for one, other in zip(worked, paused, strict=True))
        for day, start, end in zip(period.days(), edges, edges[1:], strict=False):
            part = slice(start - edges[0], end - edges[0])
            found[agent.name, day] = sum(worked[part]), sum(both[part])
    return found


def _end_of(session: Any, now: datetime) -> datetime:
    """Where a session ends, whether or not anybody has written that down."""
    stopped: datetime | None = session.stopped_at
    if stopped is not None:
        return stopped
    sign: datetime = max(session.started_at, session.heartbeat_at)
    return sign if now - session.heartbeat_at > SILENCE[bool(session.desk)] else max(now, sign)


def _mark(line: bytearray, zero: int, start: datetime, end: datetime) -> None:
    """Seconds are those of the clock: a span has each that begins in it, as instants are told without their fractions."""
    first, last = (min(max(int(one.timestamp()) - zero, 0), len(line)) for one in (start, end))
    if first < last:
        line[first:last] = b"\x01" * (last - first)
