"""A season at a large desk: 20 agents, 10,000 tickets (SPEC §10). Loads stay within one of each other where profiles
allow, and nothing that was opened ever moves."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update

from crm_tui.base.clock import FixedClock
from crm_tui.data.bulk import chunks, insert_rows
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Conversation, RoutingProfile, Ticket, Turn
from crm_tui.desk.common.context import ENGINE
from crm_tui.desk.ticketing import ticket_routing
from crm_tui.desk.ticketing.ticket_agents import states
from crm_tui.desk.working import timers
from crm_tui.rules.routing import AgentState, Work, eligible
from crm_tui.rules.vocabulary import Channel, Stage
from tests.desk.colleagues import colleague
from tests.desk.house import make_house
from tests.desk.worked import out_of_step

AGENTS, TICKETS, ROUNDS = 20, 10_000, 20
STAGES = [stage.value for stage in Stage]
CHANNELS = [Channel.DIRECT.value, Channel.BOOKING.value]
_T = columns(Ticket)
_U = columns(Turn)


class Season:
    """A desk at which much happens.

    Attributes:
        opened: ticket to the agent who opened it, as long as it is open.
    """

    def __init__(self, path: Path, *, profiles: bool, seed: int) -> None:
        self.clock = FixedClock(datetime(2026, 7, 1, 6, 0, tzinfo=UTC))
        self.ctx = make_house(path, clock=self.clock)
        self.chance = random.Random(seed)
        self.team = [colleague(self.ctx, f"Agent {number:02}") for number in range(AGENTS)]
        self.opened: dict[int, int | None] = {}
        self._made = 0
        for place, one in enumerate(self.team):
            timers.start(one)
            if profiles and place % 2:
                stages, channels = STAGES[place % 3], CHANNELS[place % 4 // 2]
                with self.ctx.write() as tx:
                    values = {"agent_id": one.actor.id, "stages": stages, "channels": channels if place % 5 else ""}
                    tx.connection.execute(insert(RoutingProfile).values(**values))

    def guests_ask(self, count: int) -> None:
        """New conversations, each with an open turn, straight into the store; the database makes their tickets."""
        now = self.clock.now()
        numbers = range(self._made + 1, self._made + count + 1)
        self._made += count
        talks = [
            {"id": number, "subject": f"Question {number}", "first_at": now, "last_at": now, "waiting_since": now}
            for number in numbers
        ]
        turns = [
            {"conversation_id": number, "opened_at": now, "opened_by": number, "first": True} for number in numbers
        ]
        with self.ctx.write() as tx:
            insert_rows(tx.connection, Conversation, [{**one, "listed_at": now} for one in talks])
            insert_rows(tx.connection, Turn, turns)
            for stage in STAGES:
                for channel in CHANNELS:
                    some = [number for number in numbers if self._kind(number) == (stage, channel)]
                    for chunk in chunks(some):
                        kind = update(table_of(Ticket)).where(_T.conversation_id.in_(chunk))
                        tx.connection.execute(kind.values(stage=stage, channel=channel))

    @staticmethod
    def _kind(number: int) -> tuple[str, str]:
        return STAGES[number % 7 % 3], CHANNELS[number % 5 % 2]

    def people_work(self) -> None:
        """Some tickets are opened, some answered, some kept for a manager."""
        held = [row for row in self.rows() if row.agent_id is not None]
        self.chance.shuffle(held)
        looked, answered = held[: len(held) // 4], held[: len(held) // 5]
        kept = held[len(held) // 4 : len(held) // 4 + 3]
        now = self.clock.now()
        with self.ctx.write() as tx:
            self._update(tx.connection, [row.id for row in looked if row.seen_at is None], seen_at=now)
            self._update(tx.connection, [row.id for row in kept], pending_at=now)
            for chunk in chunks(row.turn_id for row in answered):
                done = update(table_of(Turn)).where(_U.id.in_(chunk))
                tx.connection.execute(done.values(closed_at=now, reason="mark"))
        self.opened |= {row.id: row.agent_id for row in looked}
        for row in answered:
            self.opened.pop(row.id, None)

    def _update(self, connection: Any, ids: Sequence[int], **values: Any) -> None:
        for chunk in chunks(ids):
            connection.execute(update(table_of(Ticket)).where(_T.id.in_(chunk)).values(**values))

    def people_come_and_go(self) -> None:
        one = self.chance.choice(self.team)
        state = timers.state(one)
        if not state.running:
            timers.start(one)
        elif not state.intake:
            timers.resume(one)
        elif self.chance.random() < 0.5:
            timers.pause(one)
        elif sum(who.running for who in self.agents()) > AGENTS // 2:
            timers.stop(one)

    def share_out(self) -> None:
        """What the engine does, until all is in order."""
        engine = self.ctx.acting_as(ENGINE)
        for _again in range(2_000):
            if not ticket_routing.step(engine):
                return
        pytest.fail("it never came to an end")

    def rows(self) -> list[Any]:
        names = (_T.id, _T.turn_id, _T.agent_id, _T.stage, _T.channel, _T.seen_at, _T.pending_at, _T.how)
        with self.ctx.store.connect() as connection:
            return list(connection.execute(select(*names).where(_T.done_at.is_(None), ~_T.gone).order_by(_T.id)))

    def agents(self) -> list[AgentState]:
        with self.ctx.store.connect() as connection:
            return states(connection, self.clock.now())

    def check(self) -> None:
        """What must be true after every round."""
        rows, agents = self.rows(), {one.id: one for one in self.agents()}
        whose = {row.id: row.agent_id for row in rows}
        assert {number: whose[number] for number in self.opened} == self.opened  # nothing opened ever moved
        for row in rows:
            work = Work(row.id, row.stage, row.channel)
            able = [one for one in agents.values() if eligible(work, one)]
            if row.pending_at is not None:
                continue
            if row.agent_id is None:
                assert not able  # what somebody could take is not left in the queue
            elif row.seen_at is None and agents[row.agent_id].running:
                assert all(agents[row.agent_id].load - one.load <= 1 for one in able), row
        assert out_of_step(self.ctx) == []


@pytest.mark.timeout(180)
@pytest.mark.parametrize("profiles", [False, True])
def test_twenty_agents_and_ten_thousand_tickets(tmp_path: Path, profiles: bool) -> None:
    season = Season(tmp_path, profiles=profiles, seed=20 + profiles)
    each = TICKETS // 2 // ROUNDS
    for round_ in range(ROUNDS):
        season.guests_ask(each)
        season.share_out()
        season.people_work()
        if round_ % 2:
            season.people_come_and_go()
        season.share_out()
        season.check()
        season.clock.advance(timedelta(minutes=5))
    with season.ctx.store.connect() as connection:
        assert connection.execute(select(_T.id).order_by(_T.id.desc()).limit(1)).scalar_one() == TICKETS // 2
        twice = "SELECT count(*) FROM (SELECT 1 FROM ticket WHERE NOT gone AND done_at IS NULL GROUP BY conversation_id HAVING count(*) > 1)"
        assert connection.execute(text(twice)).scalar_one() == 0
