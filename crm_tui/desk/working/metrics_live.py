"""Figures that follow what happens, without reading the period again (SPEC §10).

The figures of a period are the sums of its days. What changes is named by the journal: the conversations, tickets, inquiries and
reservations of new rows tell which days are touched, and only those are read again. Where a conversation's turns were closed
before is remembered, so that a turn that was taken back leaves the day that it counted for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, or_, select

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, Inquiry, Journal, Message, Reservation, Ticket, TicketHand, Turn
from crm_tui.desk.common.context import Context
from crm_tui.desk.working import metrics, metrics_queries, timer_rows
from crm_tui.desk.working.metrics_queries import Sheet
from crm_tui.desk.working.metrics_views import Point, TeamFigures
from crm_tui.rules.metrics import Key, Tally
from crm_tui.rules.periods import Period
from crm_tui.rules.working_time import Span, Worked

_J = columns(Journal)
_C = columns(Conversation)
_T = columns(Turn)
_K = columns(Ticket)
_H = columns(TicketHand)
_I = columns(Inquiry)
_R = columns(Reservation)
_M = columns(Message)

_SETTLES = timedelta(days=1)
"""Working time that is older is settled: a session that falls silent ends twelve hours ago at the most."""
MANY = 2000
"""More journal rows than this, as an import leaves, and the period is read again."""


class Live:
    """The figures of a period, kept up to date by :meth:`step`. Made and used in one thread at a time.

    Args:
        ctx: whose figures: a manager's are everybody's.
        period: which days.
    """

    def __init__(self, ctx: Context, period: Period) -> None:
        self.period = period
        self._ctx = ctx
        self._days = list(period.parts("day"))
        self._read()

    def _read(self) -> None:
        with self._ctx.store.connect() as connection:
            self._newest = _newest(connection)
            house = metrics.house(connection)
            self._zone = house.zone
            self._parts = metrics.parts_of(self._days, house.zone)
            self._clock = house.clock(self._parts)
            self._closed: defaultdict[int, tuple[int, ...]] = defaultdict(tuple)
            self._alone = [(part.number,) for part in self._parts]
            self._sheet: Sheet = metrics_queries.read(connection, self._parts, self._clock, self._remember)
            self._sums: defaultdict[Key, Tally] = defaultdict(Counter)
            for tallies in self._sheet.values():
                self._add(tallies)
            self._settled: tuple[Span, dict[int, Worked]] | None = None

    def _remember(self, conversation: int, day: int) -> None:
        """Nearly every conversation has one day, and shares its tuple with the others of that day."""
        known = self._closed.get(conversation)
        if known is None:
            self._closed[conversation] = self._alone[day]
        elif day not in known:
            self._closed[conversation] = (*known, day)

    def step(self) -> bool:
        """Take in what was written since the last time; returns whether a figure may have changed.

        Running timers count on without anything being written: :meth:`figures` reads them each time.
        """
        with self._ctx.store.connect() as connection:
            query = select(_J.id, _J.entity, _J.entity_id, _J.before, _J.after).where(_J.id > self._newest)
            rows = connection.execute(query.order_by(_J.id).limit(MANY + 1)).all()
            if not rows:
                return False
            if len(rows) <= MANY and not any(row.entity == "property" for row in rows):
                self._newest = rows[-1].id
                if timers := any(row.entity in ("timer_session", "intake_pause") for row in rows):
                    self._settled = None
                agents = any(row.entity == "agent" for row in rows)
                return self._follow(connection, _Named.of(connection, rows)) or timers or agents
        self._read()
        return True

    def _follow(self, connection: Connection, named: _Named) -> bool:
        touched = {day for one in named.conversations for day in self._closed.pop(one, ())}
        for at in named.instants(connection):
            day = self._day_of(at)
            if day is not None:
                touched.add(day)
        again = [part for part in self._parts if part.number in touched]
        fresh = metrics_queries.read(connection, again, self._clock, self._remember)
        for part in again:
            for key, tally in self._sheet[part.number].items():
                self._sums[key].subtract(tally)
            self._sheet[part.number] = fresh[part.number]
            self._add(fresh[part.number])
        return bool(again) or bool(named.tickets)

    def _add(self, tallies: Mapping[Key, Tally]) -> None:
        for key, tally in tallies.items():
            self._sums[key].update(tally)

    def _day_of(self, at: datetime) -> int | None:
        place = bisect_right(self._parts, at, key=lambda part: part.start) - 1
        return place if place >= 0 and at < self._parts[place].end else None

    def figures(self) -> TeamFigures:
        """As :func:`crm_tui.desk.working.metrics.team` would count them now."""
        with self._ctx.store.connect() as connection:
            worked = self._worked(connection)
            return metrics.figures(connection, self._ctx, self.period, self._span, self._sums, worked)

    def points(self, unit: str = "day", *, agent: int | None = None) -> tuple[Point, ...]:
        """Day by day, week by week or month by month, as :func:`crm_tui.desk.working.metrics.series` would count them now."""
        with self._ctx.store.connect() as connection:
            chosen = metrics.whose(connection, self._ctx, agent)
            agents = None if chosen is None else (chosen,)
            worked = self._worked(connection)
        if unit == "day":
            return metrics.points(self._days, self._parts, self._sheet, worked, agents)
        periods = self.period.parts(unit)
        parts = metrics.parts_of(periods, self._zone)
        return metrics.points(periods, parts, self._summed(periods), worked, agents)

    def _summed(self, periods: Sequence[Period]) -> Sheet:
        """The tallies of the days of longer parts, added up."""
        found = metrics_queries.new_sheet()
        starts = [one.start for one in periods]
        for day, part in zip(self._days, self._parts, strict=True):
            sums = found[bisect_right(starts, day.start) - 1]
            for key, tally in self._sheet.get(part.number, {}).items():
                sums[key].update(tally)
        return found

    @property
    def _span(self) -> Span:
        return Span(self._parts[0].start, self._parts[-1].end)

    def _worked(self, connection: Connection) -> dict[int, Worked]:
        """Working time: what is a day old changes only with a correction, which is journaled; the rest is read."""
        now = self._ctx.clock.now()
        until = min(max(now - _SETTLES, self._span.start), self._span.end)
        if self._settled is None or not timedelta() <= until - self._settled[0].end < _SETTLES:
            old = Span(self._span.start, until)
            self._settled = old, timer_rows.worked_in(connection, old, now)
        old, settled = self._settled
        rest = timer_rows.worked_in(connection, Span(old.end, self._span.end), now)
        nothing = Worked((), ())
        found = {}
        for agent in settled.keys() | rest.keys():
            first, last = settled.get(agent, nothing), rest.get(agent, nothing)
            found[agent] = Worked(first.working + last.working, first.invisible + last.invisible)
        return found


def _newest(connection: Connection) -> int:
    return int(connection.execute(select(func.max(_J.id))).scalar() or 0)


class _Named:
    """The things that journal rows name, as far as figures hang on them."""

    def __init__(self) -> None:
        self.conversations: set[int] = set()
        self.tickets: set[int] = set()
        self.inquiries: set[int] = set()

    @classmethod
    def of(cls, connection: Connection, rows: Iterable[Any]) -> _Named:
        """What the rows name, and what belongs to it."""
        found = cls()
        messages: set[int] = set()
        reservations: set[int] = set()
        own = {
            "conversation": found.conversations,
            "ticket": found.tickets,
            "inquiry": found.inquiries,
            "message": messages,
            "reservation": reservations,
        }
        for row in rows:
            own.get(row.entity, set()).add(row.entity_id)
            for told in (row.before or {}, row.after or {}):
                found._tells(told)
        found.conversations |= _values(connection, _M.conversation_id, _M.id, messages)
        found.conversations |= _values(connection, _K.conversation_id, _K.id, found.tickets)
        found.tickets |= _values(connection, _K.id, _K.conversation_id, found.conversations)
        found.inquiries |= _values(connection, _C.inquiry_id, _C.id, found.conversations)
        found.inquiries |= _values(connection, _R.inquiry_id, _R.id, reservations)
        found.inquiries |= _values(connection, _C.inquiry_id, _C.reservation_id, reservations)
        return found

    def _tells(self, told: Mapping[str, Any]) -> None:
        for name in ("conversation_id", "into", "survivor"):
            if isinstance(told.get(name), int):
                self.conversations.add(told[name])
        listed = told.get("conversations")
        if isinstance(listed, list):
            self.conversations.update(one for one in listed if isinstance(one, int))
        if isinstance(told.get("inquiry_id"), int):
            self.inquiries.add(told["inquiry_id"])

    def instants(self, connection: Connection) -> set[datetime]:
        """When anything happened to them that counts."""
        found: set[datetime] = set()
        for names, key, ids in (
            ((_T.closed_at,), _T.conversation_id, self.conversations),
            ((_K.created_at, _K.done_at), _K.id, self.tickets),
            ((_H.at, _H.seen_at), _H.ticket_id, self.tickets),
            ((_I.created_at,), _I.id, self.inquiries),
        ):
            for chunk in chunks(ids):
                for row in connection.execute(
                    select(*names).where(key.in_(chunk), or_(*[n.is_not(None) for n in names]))
                ):
                    found.update(at for at in row if at is not None)
        return found


def _values(connection: Connection, wanted: Any, key: Any, ids: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for chunk in chunks(ids):
        query = select(wanted).where(key.in_(chunk), wanted.is_not(None))
        found.update(connection.execute(query).scalars())
    return found
