"""Whatever people and the engine do, in whatever order: a ticket is with whose its conversation is (SPEC §10)."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from crm_tui.base.clock import FixedClock
from crm_tui.base.errors import CrmError
from crm_tui.data import turn_tickets
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, Message
from crm_tui.desk.common.context import ENGINE, Context
from crm_tui.desk.conversations import snoozing, splitting, triage
from crm_tui.desk.staff import team
from crm_tui.desk.ticketing import stages, ticket_routing, tickets
from crm_tui.desk.ticketing.tickets import TicketQuery
from crm_tui.desk.undoing import undo
from tests.desk.colleagues import colleague
from tests.desk.house import NOW, make_house
from tests.desk.worked import asks, asks_again, out_of_step, pauses, resumes, stops, works

_C = columns(Conversation)
_M = columns(Message)
STEPS = 120
UNCOUNTED = (
    "SELECT count(*) FROM ticket t WHERE agent_id IS NOT NULL AND how <> '' AND NOT EXISTS "
    "(SELECT 1 FROM ticket_hand h WHERE h.ticket_id = t.id AND h.agent_id = t.agent_id)"
)
"""Tickets that somebody has without having received them."""
LEFT_OVER = (
    "SELECT count(*) FROM ticket WHERE done_at IS NULL AND NOT gone AND agent_id IS NULL "
    "AND (pinned OR how <> '' OR seen_at IS NOT NULL OR assigned_at IS NOT NULL)"
)
"""Tickets of nobody that remember somebody."""


class Desk:
    """A desk at which everything is tried, wisely or not; what is refused changes nothing."""

    def __init__(self, path: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.clock = FixedClock(NOW)
        self.ana = make_house(path, clock=self.clock)
        self.people = [self.ana, colleague(self.ana, "Leo", "manager"), colleague(self.ana, "Eva")]
        self.asked = 0

    def someone(self) -> Context:
        return self.chance.choice(self.people)

    def ticket(self) -> list[int]:
        rows = tickets.page(self.ana, TicketQuery(self.chance.choice(["open", "open", "done"]))).rows
        return [row.id for row in self.chance.sample(rows, min(len(rows), self.chance.randint(1, 2)))]

    def talks(self, count: int = 1) -> list[int]:
        with self.ana.store.connect() as connection:
            found = connection.execute(select(_C.id).where(_C.merged_into.is_(None)).order_by(_C.id)).scalars().all()
        return self.chance.sample(found, min(len(found), count))

    def ask(self) -> None:
        self.asked += 1
        asks(self.ana, self.asked, minutes_ago=1)

    def ask_again(self) -> None:
        if self.asked:
            asks_again(self.ana, self.chance.randint(1, self.asked), self.clock.now().minute * 60 + self.asked)

    def split(self) -> None:
        for talk in self.talks():
            with self.ana.store.connect() as connection:
                query = select(_M.id).where(_M.conversation_id == talk).order_by(_M.at, _M.id)
                there = connection.execute(query).scalars().all()
            if len(there) > 1:
                splitting.split(self.someone(), talk, there[-1:])

    def share_out(self) -> None:
        stages.heed(self.ana.acting_as(ENGINE), None)
        while ticket_routing.step(self.ana.acting_as(ENGINE)):
            pass

    def leave_or_return(self) -> None:
        eva = self.people[2].actor.id
        assert eva is not None
        self.chance.choice([team.remove, team.restore])(self.ana, eva)

    def deeds(self) -> list[Callable[[], object]]:
        someone, name = self.someone(), self.chance.choice(["Ana", "Leo", "Eva"])
        return [
            self.ask,
            self.ask,
            self.ask_again,
            self.share_out,
            self.share_out,
            self.split,
            lambda: splitting.merge(someone, self.talks(2)),
            lambda: tickets.take(someone, self.ticket()),
            lambda: tickets.give(someone, self.ticket(), name),
            lambda: tickets.release(someone, self.ticket()),
            lambda: tickets.set_pending(someone, self.ticket(), "?"),
            lambda: tickets.resume(someone, self.ticket()),
            lambda: tickets.opened(someone, self.talks()[0]),
            lambda: triage.assign(someone, self.talks(2), self.chance.choice([name, triage.NOBODY])),
            lambda: triage.no_answer_needed(someone, self.talks()),
            lambda: triage.move(someone, self.talks(), self.chance.choice(["Spam", "Inbox", "Done"])),
            lambda: snoozing.snooze(someone, self.talks(), until=None),
            lambda: undo.undo(someone),
            lambda: undo.undo(someone),
            lambda: works(someone),
            lambda: stops(someone),
            lambda: pauses(someone),
            lambda: resumes(someone),
            self.leave_or_return,
        ]


@pytest.mark.parametrize("seed", range(4))
def test_ticket_and_conversation_are_never_in_different_hands(tmp_path: Path, seed: int) -> None:
    desk = Desk(tmp_path, seed)
    desk.ask()
    told: list[str] = []
    for _step in range(STEPS):
        deed = desk.chance.choice(desk.deeds())
        told.append(getattr(deed, "__name__", "?"))
        with suppress(CrmError):
            deed()
        desk.clock.advance(timedelta(minutes=1))
        assert out_of_step(desk.ana) == [], told[-5:]
        with desk.ana.store.connect() as connection:
            assert connection.exec_driver_sql(turn_tickets.WRONG).scalar_one() == 0, told[-5:]
            assert connection.exec_driver_sql(UNCOUNTED).scalar_one() == 0, told[-5:]
            assert connection.exec_driver_sql(LEFT_OVER).scalar_one() == 0, told[-5:]
