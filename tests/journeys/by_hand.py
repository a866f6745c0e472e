"""Figures of productivity and of guest relations worked out by hand: from the lines of ``crm-tui journal --json`` and nothing else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Line = Mapping[str, Any]
Span = tuple[datetime, datetime]
NOBODY = "(nobody)"
MINUTE = timedelta(minutes=1)


@dataclass(eq=False)
class Wait:
    """A guest waited: since when, until when, in which conversation, and as which ticket, if it was one."""

    conversation: int
    opened: datetime
    closed: datetime | None = None
    ticket: int | None = None
    by: str = NOBODY
    reply: bool = True


@dataclass
class Hands:
    """Where a ticket was: the agents in turn, and when each had it first and opened it first."""

    now: str = NOBODY
    pending: bool = False
    had: dict[str, datetime] = field(default_factory=dict)
    seen: dict[str, datetime] = field(default_factory=dict)


class ByHand:
    """What a journal tells of a period.

    Args:
        lines: the whole journal, in any order.
        first, last: the days, both inclusive, in the property's zone.
    """

    def __init__(self, lines: Iterable[Line], first: date, last: date, zone: ZoneInfo) -> None:
        self.lines = sorted(lines, key=lambda line: (instant(line["at"]), line["id"]))
        self.start = datetime.combine(first, time(), zone).astimezone(UTC)
        self.end = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)
        self.names: dict[int | None, str] = {None: NOBODY}
        self.names |= {line["number"]: line["after"]["name"] for line in self.of("agent", "create")}
        self.spam = self._spam()
        self.zone = zone
        self.hours = self._hours()
        self.inquiries = {line["number"]: line["after"]["inquiry_id"] for line in self.of("conversation", "link")}
        self.bookings = self._bookings()
        self.waits = self._waits()
        self.tickets = self._tickets()

    def of(self, kind: str, *actions: str) -> list[Line]:
        """The lines of a kind of thing, the oldest first."""
        return [line for line in self.lines if line["kind"] == kind and (not actions or line["action"] in actions)]

    def within(self, at: datetime | None) -> bool:
        """Whether an instant lies in the period."""
        return at is not None and self.start <= at < self.end

    def productivity(self) -> dict[str, Counter[str]]:
        """The columns of the report by the agent's name; the team's as *total*."""
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for wait in self.waits:
            if wait.closed and self.within(wait.closed):
                self._response(found[wait.by], wait, wait.closed)
        for line in self.of("inquiry", "create"):
            if self.within(instant(line["at"])):
                self._conversion(line["number"], instant(line["at"]), found)
        counted = [one for one in self.waits if one.ticket is not None and one.conversation not in self.spam]
        for wait in counted:
            self._ticket(wait, self.tickets[wait.ticket or 0], found)
        worked, paused = (
            self.spans("timer_session", "started_at", "stopped_at"),
            self.spans("intake_pause", "paused_at", "resumed_at"),
        )
        for name, spans in worked.items():
            found[name]["working_seconds"] = length(spans)
            found[name]["invisible_seconds"] = length(common(spans, paused[name]))
        total: Counter[str] = sum(found.values(), Counter())
        total["received"] = sum(self.within(one.opened) for one in counted)
        opened = (min(self.tickets[one.ticket or 0].seen.values(), default=None) for one in counted)
        total["opened"] = sum(self.within(at) for at in opened)
        return {**found, "total": total}

    def _response(self, tally: Counter[str], wait: Wait, closed: datetime) -> None:
        seconds = int((closed - wait.opened).total_seconds())
        working = self.working(wait.opened, closed)
        inquiry = self.inquiries.get(wait.conversation)
        booked = any(at <= closed for at in self.bookings[inquiry]) if inquiry is not None else False
        part = "after" if booked else "before"
        tally.update({"responses": 1, "response_seconds": seconds, "response_seconds_working": working})
        tally.update({f"{part}_responses": 1, f"{part}_seconds": seconds, f"{part}_seconds_working": working})

    def _conversion(self, inquiry: int, at: datetime, found: defaultdict[str, Counter[str]]) -> None:
        """An inquiry counts for who sent the first reply since, else the last one before."""
        talks = {talk for talk, number in self.inquiries.items() if number == inquiry}
        replies = [(one.closed, one.by) for one in self.waits if one.closed and one.reply and one.conversation in talks]
        since = sorted(reply for reply in replies if reply[0] >= at)
        who = since[0][1] if since else max(replies)[1] if replies else NOBODY
        found[who].update(eligible_inquiries=1, converted=int(bool(self.bookings[inquiry])))

    def working(self, opened: datetime, closed: datetime) -> int:
        """Seconds within the house's hours, minute by minute of its clock."""
        seconds, minute = 0.0, opened.replace(second=0, microsecond=0)
        while minute < closed:
            local = minute.astimezone(self.zone)
            begins, ends = self.hours[local.weekday()]
            if begins <= f"{local:%H:%M}" < ends:
                seconds += (min(closed, minute + MINUTE) - max(opened, minute)).total_seconds()
            minute += MINUTE
        return int(seconds)

    def _hours(self) -> list[tuple[str, str]]:
        """From when to when each day of the week has guests answered; round the clock where nobody said."""
        said = [line["after"]["hours"] for line in self.of("property") if "hours" in (line["after"] or {})]
        days = said[-1].split(";") if said else ["00:00-24:00"] * 7
        return [(day.partition("-")[0], day.partition("-")[2]) for day in days]

    def _bookings(self) -> defaultdict[int, list[datetime]]:
        """When reservations of an inquiry were confirmed."""
        of: dict[int, int] = {}
        found: defaultdict[int, list[datetime]] = defaultdict(list)
        for line in self.of("reservation"):
            after = line["after"] or {}
            if after.get("inquiry_id"):
                of[line["number"]] = after["inquiry_id"]
            if after.get("status") == "confirmed" and line["number"] in of:
                found[of[line["number"]]].append(instant(line["at"]))
        return found

    def _ticket(self, wait: Wait, hands: Hands, found: defaultdict[str, Counter[str]]) -> None:
        for name, at in hands.had.items():
            found[name]["received"] += self.within(at)
        for name, at in hands.seen.items():
            found[name]["opened"] += self.within(at)
        found[wait.by]["done"] += self.within(wait.closed)
        if wait.opened < self.end and (wait.closed is None or wait.closed >= self.end):
            found[hands.now]["pending" if hands.pending else "queue"] += 1

    def spans(self, kind: str, begins: str, ends: str) -> defaultdict[str, list[Span]]:
        """When timers ran, or intake was paused, by agent, after all corrections; what runs still runs to the last line."""
        known: dict[int, dict[str, Any]] = {}
        for line in self.of(kind):
            known.setdefault(line["number"], {}).update(line["after"] or {})
        found: defaultdict[str, list[Span]] = defaultdict(list)
        for one in known.values():
            stop = instant(one[ends]) if one.get(ends) else instant(self.lines[-1]["at"])
            span = max(instant(one[begins]), self.start), min(stop, self.end)
            if span[0] < span[1] and not one.get("removed_at"):
                found[self.names[one["agent_id"]]].append(span)
        return found

    def given(self, kind: str, action: str) -> Counter[str]:
        """What was given in the period, in minor units, by code."""
        code = {line["number"]: line["after"]["code"] for line in self.of(kind, "create")}
        cost: Counter[str] = Counter()
        for line in self.of(kind, action):
            for item in line["after"].get("items", ()):
                if self.within(instant(item["at"])):
                    cost[code[line["number"]]] += item["quantity"] * item["value"]
        return cost

    def _spam(self) -> set[int]:
        last = {line["number"]: line["after"].get("folder") for line in self.of("conversation", "move")}
        return {number for number, folder in last.items() if folder == "Spam"}

    def _waits(self) -> list[Wait]:
        """Mail opens and closes turns as it came; the desk's own replies and marks close them when they were."""
        found: dict[tuple[int, datetime], Wait] = {}
        for line in sorted(self.of("mailbox", "receive"), key=lambda line: int(line["id"])):
            for told in line["after"].get("turns", ()):
                key = told["conversation"], instant(told["opened_at"])
                if told.get("gone"):
                    found.pop(key, None)
                    continue
                wait = found.setdefault(key, Wait(*key))
                wait.ticket = told["ticket"] or wait.ticket
                wait.closed = instant(told["closed_at"]) if told["closed_at"] else None
        waits = sorted(found.values(), key=lambda wait: wait.opened)
        writers = {line["number"]: line["agent"] for line in self.of("outbox", "queue")}
        for line in self.lines:
            what, at = (line["kind"], line["action"]), instant(line["at"])
            if what == ("outbox", "sent"):
                self._close(waits, line["after"]["conversation_id"], at, writers[line["number"]])
            elif what == ("conversation", "no answer needed"):
                self._close(waits, line["number"], at, line["agent"], reply=False)
            elif what == ("ticket", "done"):  # the sample hotel knows who wrote what lies in Sent
                told = line["after"]
                self._close(waits, told["conversation_id"], at, line["agent"], ticket=line["number"])
        return waits

    def _close(
        self,
        waits: list[Wait],
        conversation: int,
        at: datetime,
        by: str,
        *,
        reply: bool = True,
        ticket: int | None = None,
    ) -> None:
        """Somebody closed the turn that was open then; nothing, if nobody waited."""
        for wait in waits:
            if wait.conversation == conversation and wait.opened <= at and wait.closed in (None, at):
                wait.closed, wait.by, wait.ticket, wait.reply = at, by, ticket or wait.ticket, reply
                return

    def _tickets(self) -> dict[int, Hands]:
        found: defaultdict[int, Hands] = defaultdict(Hands)
        for line in self.of("ticket"):
            hands, after, at = found[line["number"]], line["after"] or {}, instant(line["at"])
            if at < self.end and "agent_id" in after:
                hands.now, hands.pending = self.names[after["agent_id"]], False
            if at < self.end and "pending_at" in after:
                hands.pending = after["pending_at"] is not None
            if after.get("agent_id"):
                hands.had.setdefault(self.names[after["agent_id"]], at)
            if line["action"] == "open":
                hands.seen.setdefault(line["agent"], at)
        return found


def instant(text: str) -> datetime:
    """An instant of the journal."""
    return datetime.fromisoformat(text)


def length(spans: Iterable[Span]) -> int:
    """Seconds in which at least one of them ran."""
    seconds, until = 0.0, datetime.min.replace(tzinfo=UTC)
    for start, stop in sorted(spans):
        seconds += max(0.0, (stop - max(start, until)).total_seconds())
        until = max(until, stop)
    return int(seconds)


def common(some: Iterable[Span], others: Sequence[Span]) -> list[Span]:
    """Where a span of the one and one of the other run together."""
    pairs = [(max(one[0], two[0]), min(one[1], two[1])) for one in some for two in others]
    return [span for span in pairs if span[0] < span[1]]
