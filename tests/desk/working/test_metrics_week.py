"""A week of three desks, and its figures worked out again by hand, from the journal alone (SPEC §10)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from crm_tui import desk
from crm_tui.data.columns import table_of
from crm_tui.data.tables import Journal, Property
from crm_tui.desk.common.context import Context
from crm_tui.rules.periods import Period
from tests.desk.working_desk import WorkingDesk

MADRID = ZoneInfo("Europe/Madrid")
WEEK = Period(date(2026, 11, 16), date(2026, 11, 22))
HOURS = ";".join(["09:00-18:00"] * 5 + ["", ""])
COUNTED = (
    *("received", "opened", "pending", "done", "queue", "responses", "marked", "response_seconds"),
    *("response_seconds_working", "first_responses", "first_response_seconds", "working_seconds", "invisible_seconds"),
    *("eligible_inquiries", "converted"),
)


class Week:
    """Eleven days of work around that week: everything is done by the desk's own commands."""

    def __init__(self, path: Path) -> None:
        self.random = Random(5)
        self.desk = WorkingDesk(path, datetime(2026, 11, 13, 7, tzinfo=UTC))
        with self.desk.eva.write() as tx:
            tx.connection.execute(update(Property).values(hours=HOURS))
        self.waiting: list[int] = []
        self.answered: list[int] = []

    def run(self) -> None:
        """From Friday to the Tuesday after the week."""
        for day in range(13, 25):
            self.desk.at(datetime(2026, 11, day, 7, 30, tzinfo=UTC))
            self._day(weekend=date(2026, 11, day).weekday() > 4)

    def _day(self, *, weekend: bool) -> None:
        agents = [] if weekend else [self.desk.ana, self.desk.leo]
        for who in agents:
            desk.timers.start(who)
        for _step in range(14):
            self.desk.wait(seconds=self.random.randrange(300, 3000))
            self._step(agents)
        for who in agents:
            desk.timers.stop(who)

    def _step(self, agents: list[Context]) -> None:
        choice = self.random.random()
        if choice < 0.35 or not agents or not self.waiting:
            again = self.random.choice(self.answered) if self.answered and choice < 0.1 else 0
            found = self.desk.arrives(after=again)
            if found not in self.waiting:
                self.waiting.append(found)
            return
        who, one = self.random.choice(agents), self.random.choice(self.waiting)
        ticket = self.desk.ticket(one)
        if choice < 0.55:
            desk.tickets.give(self.desk.eva, [ticket], who.actor.name)
            desk.tickets.opened(who, one)
        elif choice < 0.62:
            desk.tickets.give(self.desk.eva, [ticket], who.actor.name)
            desk.tickets.set_pending(who, [ticket], "The manager should look")
        elif choice < 0.66:
            desk.tickets.release(self.desk.eva, [ticket])
        elif choice < 0.72:
            desk.timers.pause(who)
        elif choice < 0.78:
            desk.timers.resume(who)
        else:
            self._close(who, one, choice)

    def _close(self, who: Context, one: int, choice: float) -> None:
        if choice < 0.93:
            self.desk.replies(who, one)
            if self.random.random() < 0.5 and desk.inquiries.of_conversation(who, one) is None:
                self._inquiry(who, one)
        elif choice < 0.97:
            desk.triage.no_answer_needed(who, [one])
        else:
            self.desk.found_in_sent(one)
        self.waiting.remove(one)
        self.answered.append(one)

    def _inquiry(self, who: Context, one: int) -> None:
        number = desk.inquiries.from_conversation(who, one)
        if self.random.random() < 0.5:
            status = self.random.choice(("option", "confirmed"))
            made = desk.reservations.create(who, {"status": status, "inquiry": number})
            if self.random.random() < 0.5:
                desk.reservation_status.set_status(who, [made], self.random.choice(("confirmed", "cancelled")))


class ByHand:
    """The figures of a week, from the rows of the journal in their order and from nothing else.

    Mails are read as they are written, so that a row that receives one tells when its turn began; tickets are numbered in the
    order in which turns begin. A conversation that is reopened is with whose it was.
    """

    def __init__(self, rows: Iterable[Any]) -> None:
        self.start = datetime.combine(WEEK.start, time(), MADRID)
        self.end = datetime.combine(WEEK.end + timedelta(days=1), time(), MADRID)
        self.figures: dict[int | None, Counter[str]] = defaultdict(Counter)
        self.team: Counter[str] = Counter()
        self.turns: dict[int, tuple[datetime, int, bool]] = {}
        self.known: set[int] = set()
        self.assignee: dict[int, int | None] = {}
        self.tickets: dict[int, dict[str, Any]] = {}
        self.left: dict[int, dict[str, Any]] | None = None
        self.writers: dict[int, int] = {}
        self.timers: dict[int, list[list[datetime]]] = defaultdict(list)
        self.pauses: dict[int, list[list[datetime]]] = defaultdict(list)
        self.inquiries: dict[int, tuple[datetime, int | None]] = {}
        self.repliers: dict[int, list[tuple[datetime, int | None]]] = defaultdict(list)
        self.of: dict[int, int] = {}
        self.booked: dict[int, int] = {}
        self.confirmed: set[int] = set()
        for row in rows:
            if row.at >= self.end and self.left is None:
                self.left = {number: dict(ticket) for number, ticket in self.tickets.items()}
            self._row(row)
        self._finish()

    def _within(self, at: datetime) -> bool:
        return self.start <= at < self.end

    def _row(self, row: Any) -> None:
        after, what = row.after or {}, (row.entity, row.action)
        if what == ("mailbox", "receive"):
            for one in after["conversations"]:
                self._close(one, row.at, None, "reply") if after.get("sent") else self._mail(one, row.at)
        elif row.entity == "ticket" and row.entity_id in self.tickets:
            self._ticket(row, after)
        elif what == ("outbox", "queue"):
            self.writers[row.entity_id] = row.agent_id
        elif what == ("outbox", "sent"):
            self._close(after["conversation_id"], row.at, self.writers[row.entity_id], "reply")
        elif what == ("conversation", "no answer needed"):
            self._close(row.entity_id, row.at, row.agent_id, "mark")
        elif row.entity in ("timer_session", "intake_pause"):
            self._time(row, after)
        else:
            self._asked(row, after, what)

    def _mail(self, one: int, at: datetime) -> None:
        if one in self.turns:
            return
        number = len(self.tickets) + 1
        self.turns[one] = at, number, one not in self.known
        self.known.add(one)
        self.tickets[number] = {"agent": self.assignee.get(one), "pending": False, "hands": set(), "seen": set()}
        self.team["received"] += self._within(at)

    def _ticket(self, row: Any, after: dict[str, Any]) -> None:
        ticket = self.tickets[row.entity_id]
        if "agent_id" in after:
            ticket["agent"], ticket["pending"] = after["agent_id"], False
            if after["agent_id"] not in (None, *ticket["hands"]):
                ticket["hands"].add(after["agent_id"])
                self.figures[after["agent_id"]]["received"] += self._within(row.at)
        if "pending_at" in after:
            ticket["pending"] = after["pending_at"] is not None
        if row.action == "open" and ticket["agent"] not in ticket["hands"]:
            ticket["hands"].add(ticket["agent"])
            self.figures[ticket["agent"]]["received"] += self._within(row.at)
        if row.action == "open" and ticket["agent"] not in ticket["seen"]:
            self.figures[ticket["agent"]]["opened"] += self._within(row.at)
            self.team["opened"] += self._within(row.at) and not ticket["seen"]
            ticket["seen"].add(ticket["agent"])

    def _close(self, one: int, at: datetime, agent: int | None, reason: str) -> None:
        opened, number, first = self.turns.pop(one)
        self.tickets[number] |= {"done": True}
        holder = self.tickets[number]["agent"]
        if holder is not None and holder not in self.tickets[number]["hands"]:
            self.figures[holder]["received"] += self._within(opened)
        if reason == "reply":
            self.repliers[one].append((at, agent))
        if not self._within(at):
            return
        seconds = int((at - opened).total_seconds())
        tally = self.figures[agent]
        tally.update(done=1, responses=1, response_seconds=seconds, response_seconds_working=working(opened, at))
        if reason == "mark":
            tally["marked"] += 1
        elif first:
            tally.update(first_responses=1, first_response_seconds=seconds)

    def _time(self, row: Any, after: dict[str, Any]) -> None:
        spans = self.timers if row.entity == "timer_session" else self.pauses
        if row.action in ("start", "pause"):
            spans[after["agent_id"]].append([row.at])
        else:
            spans[row.agent_id][-1].append(row.at)

    def _asked(self, row: Any, after: dict[str, Any], what: tuple[str, str]) -> None:
        if what == ("conversation", "assign"):
            self.assignee[row.entity_id] = after["assignee_id"]
        elif what == ("inquiry", "create"):
            self.inquiries[row.entity_id] = row.at, None
        elif what == ("conversation", "link"):
            self.of[after["inquiry_id"]] = row.entity_id
        elif row.entity == "reservation" and "inquiry_id" in after:
            self.booked[row.entity_id] = after["inquiry_id"]
        if row.entity == "reservation" and after.get("status") == "confirmed":
            self.confirmed.add(self.booked[row.entity_id])

    def _finish(self) -> None:
        assert self.left is not None
        for ticket in self.left.values():
            if not ticket.get("done"):
                self.figures[ticket["agent"]]["pending" if ticket["pending"] else "queue"] += 1
        for agent, spans in self.timers.items():
            for start, stop in spans:
                self.figures[agent]["working_seconds"] += self._overlap(start, stop)
        for agent, spans in self.pauses.items():
            for start, stop in spans:
                self.figures[agent]["invisible_seconds"] += self._overlap(start, stop)
        for number, (at, _who) in self.inquiries.items():
            if self._within(at):
                replies = self.repliers[self.of[number]]
                who = next((agent for when, agent in replies if when >= at), replies[-1][1] if replies else None)
                self.figures[who].update(eligible_inquiries=1, converted=int(number in self.confirmed))

    def _overlap(self, start: datetime, stop: datetime) -> int:
        return max(0, int((min(stop, self.end) - max(start, self.start)).total_seconds()))


def working(opened: datetime, closed: datetime) -> int:
    """Minute by minute by the wall clock: the part of each that lies between, from nine to six on weekdays."""
    found = 0.0
    minute = opened.replace(second=0, microsecond=0)
    while minute < closed:
        local = minute.astimezone(MADRID)
        if local.weekday() < 5 and 9 <= local.hour < 18:
            found += (min(closed, minute + timedelta(minutes=1)) - max(opened, minute)).total_seconds()
        minute += timedelta(minutes=1)
    return int(found)


def test_a_week_is_the_same_by_hand_from_the_journal_alone(tmp_path: Path) -> None:
    week = Week(tmp_path)
    week.run()
    ctx = week.desk.eva
    with ctx.store.connect() as connection:
        rows = connection.execute(select(table_of(Journal)).order_by(table_of(Journal).c.id)).all()
    hand = ByHand(rows)
    found = desk.metrics.team(ctx, WEEK)
    for one in (*found.agents, found.nobody):
        told = {name: getattr(one, name) for name in COUNTED}
        assert told == {name: hand.figures[one.agent_id][name] for name in COUNTED}, one.name
    together = sum(hand.figures.values(), Counter())
    assert (found.total.received, found.total.opened) == (hand.team["received"], hand.team["opened"])
    assert all(getattr(found.total, name) == together[name] for name in COUNTED if name not in ("received", "opened"))
    # the week is worth looking at: everything happens in it
    assert all(getattr(found.total, name) > 0 for name in COUNTED)
    assert found.total.response_seconds > found.total.response_seconds_working
    assert found.total.average_response == found.total.response_seconds / found.total.responses
    assert 0 < found.total.converted < found.total.eligible_inquiries
    week.desk.close()
