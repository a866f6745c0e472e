"""Working time (SPEC §10): what agents' timers count, whatever becomes of desks and clocks. Pure.

Everything is a half-open span of aware instants. Working time of an agent is the length of the *union* of their sessions;
invisible time is the length of the union of their pauses *within* it. Both are cut at the property's midnights.

A session that gives no sign of life ends at its last one, whether or not anybody has written that down yet: so figures do
not depend on who looked first. A clock that is set back never makes time negative: an hour that it shows twice counts once.

Instants count to the second, as a clock shows them: so the days of a week add up to the week, wherever either is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from crm_tui.rules.departures import start_of_day
from crm_tui.rules.working_hours import working_seconds as working_seconds

BEAT = timedelta(seconds=60)
"""How often a desk whose person is there says so."""

DESK_SILENCE = timedelta(minutes=5)
"""A session of a desk that was silent for longer ended with its last sign of life."""

COMMAND_SILENCE = timedelta(hours=12)
"""The same for a session that a command started: nothing beats for it."""


class Span(NamedTuple):
    """From an instant up to another, both aware."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        """Its length; 0 for one that ends before it starts."""
        return max((self.end - self.start).total_seconds(), 0.0)


class Session(NamedTuple):
    """A session of a timer as it was written down.

    Attributes:
        desk: which desk it belongs to; empty: a command.
        stopped: None while nothing ended it.
        heartbeat: the last sign of life.
    """

    desk: str
    started: datetime
    stopped: datetime | None
    heartbeat: datetime


def silence(desk: str) -> timedelta:
    """How long a session may be silent before it counts as over."""
    return DESK_SILENCE if desk else COMMAND_SILENCE


def forgotten(session: Session, now: datetime) -> bool:
    """Whether nothing ended the session, and it gave no sign of life for too long."""
    return session.stopped is None and now - session.heartbeat > silence(session.desk)


def running(session: Session, now: datetime) -> bool:
    """Whether the session runs."""
    return session.stopped is None and not forgotten(session, now)


def last_sign(session: Session) -> datetime:
    """When the session's desk was last heard of: where it is capped."""
    return max(session.started, session.heartbeat)


def stop_at(session: Session, now: datetime) -> datetime:
    """The instant that stopping the session now writes down: never before what it has proved already."""
    return last_sign(session) if forgotten(session, now) else max(now, last_sign(session))


def span_of(session: Session, now: datetime) -> Span:
    """The working time of one session up to now, to the second."""
    end = stop_at(session, now) if session.stopped is None else session.stopped
    return to_seconds(Span(session.started, max(end, session.started)))


def to_seconds(span: Span) -> Span:
    """The span from and up to what a clock shows that has no fractions."""
    return Span(span.start.replace(microsecond=0), span.end.replace(microsecond=0))


def union(spans: Iterable[Span]) -> list[Span]:
    """The same instants as spans that neither touch nor overlap, in order; empty ones vanish."""
    found: list[Span] = []
    for span in sorted(span for span in spans if span.start < span.end):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def within(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The instants that are in both: pauses while the timer ran, or what of a session lies in a day."""
    ours, theirs = union(spans), union(others)
    found: list[Span] = []
    i = j = 0
    while i < len(ours) and j < len(theirs):
        start, end = max(ours[i].start, theirs[j].start), min(ours[i].end, theirs[j].end)
        if start < end:
            found.append(Span(start, end))
        if ours[i].end < theirs[j].end:
            i += 1
        else:
            j += 1
    return found


def total_seconds(spans: Iterable[Span]) -> int:
    """How long the union of spans is, in whole seconds."""
    return int(sum((span.end - span.start for span in union(spans)), timedelta()).total_seconds())


class Worked(NamedTuple):
    """What an agent's timers count in some time.

    Attributes:
        working: spans in which at least one session ran.
        invisible: those of them in which new tickets were paused.
    """

    working: tuple[Span, ...]
    invisible: tuple[Span, ...]

    @property
    def working_seconds(self) -> int:
        """Working time in whole seconds."""
        return total_seconds(self.working)

    @property
    def invisible_seconds(self) -> int:
        """Invisible time in whole seconds; never more than working time."""
        return total_seconds(self.invisible)


def worked(sessions: Iterable[Session], pauses: Iterable[Span], now: datetime, part: Span | None = None) -> Worked:
    """Working and invisible time of one agent.

    Args:
        pauses: from pausing to resuming; one that is open ends now.
        part: only what lies in it.
    """
    spans = union(span_of(session, now) for session in sessions)
    if part is not None:
        spans = within(spans, [part])
    return Worked(tuple(spans), tuple(within(spans, map(to_seconds, pauses))))


def day_span(day: date, zone: tzinfo) -> Span:
    """A day of the property, midnight to midnight: 23 to 25 hours where clocks change."""
    return days_span(day, day, zone)


def days_span(first: date, last: date, zone: tzinfo) -> Span:
    """Days of the property, the last one included; in UTC."""
    return Span(start_of_day(first, zone), start_of_day(last + timedelta(days=1), zone))


def by_day(spans: Sequence[Span], zone: tzinfo) -> dict[date, list[Span]]:
    """Spans cut at the property's midnights; days without any are not named."""
    found: dict[date, list[Span]] = {}
    for span in union(spans):
        day = span.start.astimezone(zone).date()
        last = span.end.astimezone(zone).date()
        while day <= last:
            for piece in within([span], [day_span(day, zone)]):
                found.setdefault(day, []).append(piece)
            day += timedelta(days=1)
    return found
