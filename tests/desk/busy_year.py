"""A made-up history of a team: conversations, turns, tickets in many hands, inquiries and bookings, straight into the store.

Kept beside it, as the rules see them: every turn, every ticket with what was true of it when, every inquiry.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import delete, insert, select, update

from crm_tui.base.clock import FixedClock
from crm_tui.data.columns import columns, new_id
from crm_tui.data.tables import Conversation, Inquiry, Property, Reservation, Ticket, Turn
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.rules import metrics as rules
from crm_tui.rules.vocabulary import Stage

_T = columns(Turn)
_K = columns(Ticket)
START = datetime(2026, 10, 19, 6, 0, tzinfo=UTC)  # the clocks go back on the 25th
DAYS = 14
HOURS = ";".join(["09:00-18:00"] * 5 + ["10:00-14:00", ""])
FOLDERS = ("Inbox", "Inbox", "Inquiries", "Waitlist", "Booked", "Done", "Spam")
REASONS = ("price", "Spam", "Duplicate of 12", "duplicado", "double room was taken", "zdublowane")


@dataclass(slots=True)
class Known:
    """What is known of a ticket: the truth, moment by moment."""

    conversation: int
    turn: int
    message: int
    created: datetime
    done: datetime | None = None
    done_by: int | None = None
    states: list[tuple[datetime, int | None, bool]] = field(default_factory=list)
    hands: dict[int, rules.Hand] = field(default_factory=dict)
    counts: bool = True

    def at(self, end: datetime) -> rules.Ticket:
        """As it stood just before an instant."""
        agent, pending = next(((a, p) for when, a, p in reversed(self.states) if when < end), (None, False))
        return rules.Ticket(self.created, self.done, self.done_by, agent, pending, tuple(self.hands.values()))


@dataclass(slots=True)
class History:
    """Everything that was written, as the rules see it."""

    turns: list[rules.ClosedTurn] = field(default_factory=list)
    tickets: list[Known] = field(default_factory=list)
    inquiries: list[rules.Asked] = field(default_factory=list)


class Team:
    """Writes a history, step by step, with the clock where the step happens."""

    def __init__(self, ctx: Context, agents: list[int], seed: int) -> None:
        assert isinstance(ctx.clock, FixedClock)
        self.ctx, self.clock, self.agents = ctx, ctx.clock, agents
        self.random = Random(seed)
        self.known = History()
        self._folders: dict[int, str] = {}
        self._of: dict[int, list[int]] = defaultdict(list)
        self._replies: dict[int, list[tuple[datetime, int | None]]] = defaultdict(list)
        self._open: dict[int, Known] = {}
        self._messages = 0
        with ctx.write() as tx:
            tx.connection.execute(update(Property).values(hours=HOURS))

    def live(self, conversations: int) -> History:
        """So many conversations, their steps in order of time."""
        steps: list[tuple[datetime, int, Any]] = []
        for number in range(conversations):
            at = self._moment()
            steps.append((at, number, self._begin))
        bodies: dict[int, int] = {}
        while steps:
            steps.sort(key=lambda step: (step[0], step[1]))
            at, number, do = steps.pop(0)
            self.clock.instant = at
            follow = do(bodies, number)
            if follow is not None:
                steps.append((at + self._while(), number, follow))
        self._inquire()
        return self.known

    def _moment(self) -> datetime:
        return START + timedelta(
            seconds=self.random.randrange(DAYS * 24 * 3600), microseconds=self.random.randrange(10**6)
        )

    def _while(self) -> timedelta:
        return timedelta(seconds=self.random.choice((1, 60, 3600, 20_000, 90_000)) * (1 + self.random.random()))

    def _begin(self, bodies: dict[int, int], number: int) -> Any:
        now = self.clock.now()
        folder = self.random.choice(FOLDERS)
        with self.ctx.write() as tx:
            row = {"folder": folder, "first_at": now, "last_at": now}
            bodies[number] = new_id(tx.connection.execute(insert(Conversation).values(**row)))
        self._folders[bodies[number]] = folder
        return self._ask

    def _ask(self, bodies: dict[int, int], number: int) -> Any:
        """A turn opens; or it comes from an archive, closed already."""
        now, conversation = self.clock.now(), bodies[number]
        self._messages += 1
        first = not self._of[conversation]
        row: dict[str, Any] = {
            "conversation_id": conversation,
            "opened_at": now,
            "opened_by": self._messages,
            "first": first,
        }
        archived = self.random.random() < 0.1
        closed = now + self._while()
        if archived:
            row |= {"closed_at": closed, "reason": "reply", "closed_by": 1}
        with self.ctx.write() as tx:
            turn = new_id(tx.connection.execute(insert(Turn).values(**row)))
            ticket = tx.connection.execute(select(_K.id).where(_K.message_id == self._messages)).scalar()
        self._of[conversation].append(turn)
        if archived:
            assert ticket is None
            self.known.turns.append(rules.ClosedTurn(now, closed, "reply", None, "", first))
            self._replies[conversation].append((closed, None))
            return None
        assert ticket is not None
        counts = self._folders[conversation] != "Spam"
        known = Known(conversation, turn, self._messages, now, states=[(now, None, False)], counts=counts)
        self._open[number] = known
        self.known.tickets.append(known)
        return self._handle

    def _handle(self, _bodies: dict[int, int], number: int) -> Any:
        """Something happens to the open ticket."""
        ticket = self._open[number]
        _at, agent, pending = ticket.states[-1]
        choice = self.random.random()
        if agent is None or choice < 0.25:
            self._give(ticket, self.random.choice((*self.agents, None)))
        elif choice < 0.45:
            self._see(ticket, agent)
        elif choice < 0.65:
            self._pend(ticket, agent, not pending)
        elif choice < 0.7:
            with self.ctx.write() as tx:
                tx.connection.execute(delete(Turn).where(_T.id == ticket.turn))
            ticket.counts = False
            return None
        elif choice < 0.95:
            self._close(ticket)
            return self._ask if self.random.random() < 0.4 else None
        else:
            return None  # it stays open for ever
        return self._handle

    def _change(
        self, tx: Transaction, ticket: Known, action: str, before: dict[str, Any], after: dict[str, Any]
    ) -> None:
        which = _K.message_id == ticket.message
        number = tx.connection.execute(select(_K.id).where(which)).scalar_one()
        tx.connection.execute(update(Ticket).where(which).values(**after))
        said = [{k: v.isoformat() if isinstance(v, datetime) else v for k, v in one.items()} for one in (before, after)]
        tx.journal("ticket", number, action, said[0], said[1])

    def _give(self, ticket: Known, agent: int | None) -> None:
        now = self.clock.now()
        _at, had, pending = ticket.states[-1]
        if agent == had:
            return
        pended = {"pending_at": now if pending else None}
        before = {"agent_id": had, **pended}
        after = {
            "agent_id": agent,
            "how": "manual" if agent else "",
            "assigned_at": now,
            "seen_at": None,
            "pending_at": None,
        }
        with self.ctx.write() as tx:
            self._change(tx, ticket, "assign", before, after)
        ticket.states.append((now, agent, False))
        if agent is not None:
            ticket.hands.setdefault(agent, rules.Hand(agent, now, None))

    def _see(self, ticket: Known, agent: int) -> None:
        now = self.clock.now()
        with self.ctx.write() as tx:
            self._change(tx, ticket, "open", {"seen_at": None}, {"seen_at": now})
        hand = ticket.hands[agent]
        ticket.hands[agent] = rules.Hand(agent, hand.at, hand.seen or now)

    def _pend(self, ticket: Known, agent: int, pending: bool) -> None:
        now = self.clock.now()
        before, after = {"pending_at": None if pending else now}, {"pending_at": now if pending else None}
        with self.ctx.write() as tx:
            self._change(tx, ticket, "pending" if pending else "resume", before, after)
        ticket.states.append((now, agent, pending))

    def _close(self, ticket: Known) -> None:
        now = self.clock.now()
        who = self.random.choice((*self.agents, None))
        reason = self.random.choice(("reply", "reply", "mark"))
        stage = self.random.choice(("", *Stage))
        first = self._of[ticket.conversation][0] == ticket.turn
        with self.ctx.write() as tx:
            tx.connection.execute(update(Ticket).where(_K.message_id == ticket.message).values(stage=stage))
            closed = {"closed_at": now, "reason": reason, "agent_id": who}
            tx.connection.execute(update(Turn).where(_T.id == ticket.turn).values(**closed))
        ticket.done, ticket.done_by = now, who
        self.known.turns.append(rules.ClosedTurn(ticket.created, now, reason, who, stage, first))
        if reason == "reply":
            self._replies[ticket.conversation].append((now, who))

    def _inquire(self) -> None:
        """Inquiries of some conversations, of several at once, and of none."""
        waiting = list(self._folders)
        self.random.shuffle(waiting)
        while waiting:
            count = min(len(waiting), self.random.choice((0, 1, 1, 2)))
            mine, waiting = waiting[:count], waiting[max(count, 1) :]
            self._one_inquiry(mine)

    def _one_inquiry(self, conversations: list[int]) -> None:
        created = self._moment()
        status = self.random.choice(("new", "booked", "lost", "lost", "cancelled"))
        reason = self.random.choice(REASONS) if status == "lost" else ""
        removed = self.random.random() < 0.1
        merged = {one: self.random.random() < 0.2 for one in conversations}
        booking = self.random.choice(("", "", "option", "confirmed", "cancelled", "completed", "once"))
        undone = self.random.random() < 0.2
        with self.ctx.write() as tx:
            row: dict[str, Any] = {
                "status": status,
                "lost_reason": reason,
                "created_at": created,
                "updated_at": created,
                "channel": "phone",
            }
            row |= {"removed_at": created if removed else None, "children": [], "proposed": {}}
            number = new_id(tx.connection.execute(insert(Inquiry).values(**row)))
            for one in conversations:
                values = {"inquiry_id": number, "merged_into": 1 if merged[one] else None}
                tx.connection.execute(update(Conversation).where(columns(Conversation).id == one).values(**values))
            if booking:
                self._book(tx, number, booking, undone)
            linked = bool(conversations) and self._link(tx, conversations[-1], created)
        confirmed = linked or (booking in ("confirmed", "completed", "once") and not undone)
        talks = tuple(rules.Talk(self._folders[one], merged[one], tuple(self._replies[one])) for one in conversations)
        self.known.inquiries.append(rules.Asked(created, removed, status, reason, confirmed, talks))

    def _link(self, tx: Transaction, conversation: int, asked: datetime) -> bool:
        """Somebody says that a conversation is about a reservation of elsewhere; returns whether that converted its inquiry."""
        if self.random.random() < 0.6:
            return False
        made = asked + timedelta(days=self.random.choice((-3, 0, 3)))
        status, undone = self.random.choice(("option", "confirmed", "confirmed")), self.random.random() < 0.2
        row = {"code": f"L{conversation}", "status": status, "created_at": made, "updated_at": made}
        row["removed_at"] = tx.now if undone else None
        stay = new_id(tx.connection.execute(insert(Reservation).values(**row)))
        about = update(Conversation).where(columns(Conversation).id == conversation)
        tx.connection.execute(about.values(reservation_id=stay))
        return made >= asked and status == "confirmed" and not undone

    def _book(self, tx: Transaction, inquiry: int, status: str, undone: bool) -> None:
        row = {"code": f"R{inquiry}", "inquiry_id": inquiry, "created_at": tx.now, "updated_at": tx.now}
        row["status"] = "confirmed" if status == "once" else status
        row["removed_at"] = tx.now if undone else None
        made = new_id(tx.connection.execute(insert(Reservation).values(**row)))
        if status == "once":
            again = update(Reservation).where(columns(Reservation).id == made)
            tx.connection.execute(again.values(status="cancelled"))
