"""Reading what the figures of productivity count: tickets, closed turns and inquiries of stretches of time (SPEC §10).

The definitions are :mod:`crm_tui.rules.metrics`'; here only rows are chosen and, where they are many, counted. Everything counts,
whoever may see it: figures name no conversation.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, String, and_, case, cast, exists, func, select, type_coerce

from crm_tui.data.bulk import stamp
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Conversation, Inquiry, Reservation, Ticket, TicketHand, Turn
from crm_tui.desk.common import scope
from crm_tui.desk.ticketing import stages
from crm_tui.rules import metrics as rules
from crm_tui.rules.metrics import TEAM, Key, Tally
from crm_tui.rules.vocabulary import Folder
from crm_tui.rules.working_clock import WorkingClock, micros

_T = columns(Turn)
_K = columns(Ticket)
_H = columns(TicketHand)
_I = columns(Inquiry)
_C = columns(Conversation)
_R = columns(Reservation)
_ABOUT = table_of(Reservation).alias("about")
"""The reservation that a conversation is about, as somebody said."""
_COUNTS = and_(~_K.gone, ~_K.aside)
_HAND = table_of(TicketHand).alias("earlier")
_SECOND = 1_000_000
_MARK = "|"
"""Stands between a reply's instant and its agent, so that the earliest has its agent with it."""
BATCH = 5000


class Part(NamedTuple):
    """A stretch of time, ``start <= instant < end``, by a number of its own."""

    number: int
    start: datetime
    end: datetime


Sheet = defaultdict[int, defaultdict[Key, Tally]]
"""Tallies by part and by whom they count for."""
Seen = Callable[[int, int], None]
"""Told of each closed turn: its conversation and its part."""


def new_sheet() -> Sheet:
    """Nothing counted yet."""
    return defaultdict(lambda: defaultdict(Counter))


def read(connection: Connection, parts: Sequence[Part], clock: WorkingClock, seen: Seen | None = None) -> Sheet:
    """Everything that counts by when it happened, of parts of time.

    Args:
        parts: in order; they do not overlap.
        clock: measures working hours.
        seen: told of each closed turn.
    """
    sheet = new_sheet()
    if parts:
        _count_tickets(connection, parts, sheet)
        _count_turns(connection, parts, clock, sheet, seen)
        for one in cohort(connection, parts):
            rules.count_inquiry(sheet[one.part][one.agent], one.confirmed)
    return sheet


# -- tickets ------------------------------------------------------------------------------------------------------------


def _count_tickets(connection: Connection, parts: Sequence[Part], sheet: Sheet) -> None:
    ticket = table_of(Ticket)
    hand = table_of(TicketHand).join(ticket, _K.id == _H.ticket_id)
    first = ~exists().where(
        _HAND.c.ticket_id == _H.ticket_id,
        (_HAND.c.seen_at < _H.seen_at) | ((_HAND.c.seen_at == _H.seen_at) & (_HAND.c.agent_id < _H.agent_id)),
    )
    asked: tuple[tuple[str, Any, Any, tuple[Any, ...]], ...] = (
        ("received", ticket, _K.created_at, ()),
        ("received", hand, _H.at, (_H.agent_id,)),
        ("opened", hand, _H.seen_at, (_H.agent_id, first.label("once"))),
        ("done", ticket, _K.done_at, (_K.done_by,)),
    )
    for name, source, at, by in asked:
        query = select(*by).select_from(source).where(_COUNTS)
        for number, of, many in _counted(connection, parts, query, at, by):
            sheet[number][of[0] if of else TEAM][name] += many
            if len(of) > 1 and of[1]:
                sheet[number][TEAM][name] += many


def _counted(
    connection: Connection, parts: Sequence[Part], query: Any, at: Any, by: Sequence[Any]
) -> Iterator[tuple[int, tuple[Any, ...], int]]:
    """How many of the query's rows lie in each part, for each of what it selects.

    One part is counted by the database; of several the instants are looked up here: a join with a list of parts reads all
    rows for each of them.
    """
    for run in _runs(parts):
        rows = query.where(at.is_not(None), at >= run[0].start, at < run[-1].end)
        if len(run) == 1:
            for *of, many in connection.execute(rows.add_columns(func.count()).group_by(*by)):
                yield run[0].number, tuple(of), many
            continue
        starts = [_bound(connection, part.start) for part in run]
        places = Counter(
            (bisect_right(starts, instant) - 1, *of)
            for *of, instant in _rows(connection, rows.add_columns(_stored(at)))
        )
        for (place, *of), many in places.items():
            yield run[place].number, tuple(of), many


# -- turns --------------------------------------------------------------------------------------------------------------


def _count_turns(
    connection: Connection, parts: Sequence[Part], clock: WorkingClock, sheet: Sheet, seen: Seen | None
) -> None:
    """Turns of one kind are summed first: a year has a hundred thousand."""
    kinds: defaultdict[tuple[int, Key, str, str, bool], list[int]] = defaultdict(_nothing)
    working = clock.between
    for run in _runs(parts):
        starts = [micros(part.start) for part in run]
        alone = run[0].number if len(run) == 1 else None
        for conversation, opened, closed, reason, agent, stage, first in _closed_turns(connection, run):
            number = alone if alone is not None else run[bisect_right(starts, closed) - 1].number
            sums = kinds[number, agent, reason, stage, first]
            sums[0] += 1
            sums[1] += rules.length(opened, closed)
            sums[2] += working(opened, closed)
            if seen is not None:
                seen(conversation, number)
    for (number, agent, reason, stage, first), sums in kinds.items():
        rules.count_turns(sheet[number][agent], reason, stage, bool(first), *sums)


def _nothing() -> list[int]:
    """How many turns, and the sums of their seconds by the clock and within working hours."""
    return [0, 0, 0]


def turns_by_channel(
    connection: Connection, part: Part, clock: WorkingClock, agents: Collection[Key] | None = None
) -> dict[str, Tally]:
    """The closed turns of a part of time by the channel of their tickets; where none was noted, by that of the conversation.

    Args:
        agents: only those that these closed, None among them for nobody; None: all.
    """
    channel = func.coalesce(_K.channel, "").label("channel")
    turns = [row for row in _closed_turns(connection, [part], channel) if agents is None or row[4] in agents]
    standing = stages.of(connection, sorted({row[0] for row in turns if not row[-1]}), part.end.date())
    kinds: defaultdict[tuple[str, str, str, bool], list[int]] = defaultdict(_nothing)
    for conversation, opened, closed, reason, _agent, stage, first, noted in turns:
        known = noted or (standing[conversation].channel if conversation in standing else "")
        sums = kinds[known, reason, stage, first]
        sums[0] += 1
        sums[1] += rules.length(opened, closed)
        sums[2] += clock.between(opened, closed)
    found: defaultdict[str, Tally] = defaultdict(Counter)
    for (known, reason, stage, first), sums in kinds.items():
        rules.count_turns(found[known], reason, stage, bool(first), *sums)
    return found


def closed_between(connection: Connection) -> tuple[datetime, datetime] | None:
    """When the first and the last turn was closed that the store knows; None: there is none."""
    query = select(_stored(_T.closed_at)).where(_T.closed_at.is_not(None)).limit(1)
    first, last = (connection.execute(query.order_by(by)).scalar() for by in (_T.closed_at, _T.closed_at.desc()))
    return None if first is None or last is None else (instant(first), instant(last))


def _runs(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Parts that follow each other without a gap are read at once."""
    run: list[Part] = []
    for part in parts:
        if run and run[-1].end != part.start:
            yield run
            run = []
        run.append(part)
    if run:
        yield run


def _closed_turns(connection: Connection, run: Sequence[Part], *more: Any) -> Iterator[Any]:
    """Conversation, opening and closing in microseconds since 1970, reason, agent, stage and first of each, and what more.

    Args:
        run: parts that follow each other.
        more: columns of the turn's ticket.
    """
    sqlite = connection.dialect.name == "sqlite"
    query = select(_T.conversation_id, _micros(_T.opened_at, sqlite), _micros(_T.closed_at, sqlite), _T.reason)
    query = query.add_columns(_T.agent_id, _T.stage, _T.first, *more)
    if more:
        query = query.outerjoin(Ticket, and_(_K.turn_id == _T.id, ~_K.gone))
    within = (_T.closed_at.is_not(None), _T.closed_at >= run[0].start, _T.closed_at < run[-1].end)
    return _rows(connection, query.where(*within))


def _micros(at: Any, sqlite: bool) -> Any:
    """An instant as a whole number of microseconds since 1970: numbers are quicker to get than instants."""
    if not sqlite:
        return cast(func.extract("epoch", at) * _SECOND, BigInteger)
    stored = _stored(at)
    whole = func.strftime("%s", func.substr(stored, 1, 19), type_=BigInteger)
    return whole * _SECOND + func.substr(stored, 21, 6, type_=BigInteger)


def _stored(at: Any) -> Any:
    """An instant as the store keeps it: typed columns cost more than all the rest of a year's figures."""
    return type_coerce(at, String)


def _bound(connection: Connection, at: datetime) -> Any:
    """An instant as rows have it that were read as they are stored."""
    return stamp(at) if connection.dialect.name == "sqlite" else at


def _rows(connection: Connection, query: Any) -> Iterator[Any]:
    """Very many rows, some thousands at once, as the driver gives them."""
    result = connection.execute(query)
    while chunk := result.cursor.fetchmany(BATCH):
        yield from chunk
    result.close()


def instant(stored: Any) -> datetime:
    """An instant as a driver gives it."""
    return datetime.fromisoformat(stored + "+00:00") if isinstance(stored, str) else stored


# -- inquiries ----------------------------------------------------------------------------------------------------------


class Enquired(NamedTuple):
    """An inquiry that counts for conversion.

    Attributes:
        part: the number of the part in which it was created.
        agent: see :func:`crm_tui.rules.metrics.credited`.
        confirmed: it has a reservation that was ever confirmed.
    """

    part: int
    agent: Key
    channel: str
    confirmed: bool


def cohort(connection: Connection, parts: Sequence[Part], *, scopes: str | None = None) -> Iterator[Enquired]:
    """The eligible inquiries that were created in the parts.

    Args:
        scopes: only what these may see, as :func:`crm_tui.desk.common.scope.values` gives them; None: everything.
    """
    never = cache(rules.no_inquiry)
    for run in _runs(parts):
        starts = [_bound(connection, part.start) for part in run]
        for created, status, reason, channel, booked, talks, kept, after, before in _asked(connection, run, scopes):
            if never(status, reason) or (talks and not kept):
                continue
            number = run[bisect_right(starts, created) - 1].number
            yield Enquired(number, _agent_of(after or before), channel, bool(booked))


def _agent_of(reply: str | None) -> Key:
    """Whose a reply is, of its instant and agent as :func:`_asked` puts them together."""
    agent = (reply or "").rpartition(_MARK)[2]
    return int(agent) if agent else None


def _asked(connection: Connection, run: Sequence[Part], scopes: str | None) -> Iterator[Any]:
    """What :mod:`crm_tui.rules.metrics` asks of the inquiries of parts that follow each other.

    Booked is what has a reservation that was made from it, or one that somebody said one of its conversations is about: of
    another desk, and confirmed since. How many conversations each has, and how many of them are neither spam nor merged away; its first human reply after it was
    made, and the last one before.
    """
    confirmed = exists().where(_R.inquiry_id == _I.id, _R.removed_at.is_(None), _R.confirmed_at.is_not(None))
    since = _ABOUT.c.confirmed_at >= _I.created_at
    reply = _stored(_T.closed_at) + _MARK + func.coalesce(type_coerce(_T.agent_id, String), "")
    stays = and_(_C.id.is_not(None), _C.merged_into.is_(None), _C.folder != Folder.SPAM)
    query = (
        select(_stored(_I.created_at), _I.status, _I.lost_reason, _I.channel)
        .add_columns(confirmed | (func.count(_ABOUT.c.id) > 0))
        .add_columns(func.count(_C.id), func.count(case((stays, 1))))
        .add_columns(func.min(case((_T.closed_at >= _I.created_at, reply))))
        .add_columns(func.max(case((_T.closed_at < _I.created_at, reply))))
        .select_from(Inquiry)
        .outerjoin(Conversation, _C.inquiry_id == _I.id)
        .outerjoin(_ABOUT, and_(_ABOUT.c.id == _C.reservation_id, since, _ABOUT.c.removed_at.is_(None)))
        .outerjoin(Turn, and_(_T.conversation_id == _C.id, _T.reason == "reply"))
        .where(_I.removed_at.is_(None), _I.created_at >= run[0].start, _I.created_at < run[-1].end)
        .group_by(_I.created_at, _I.id)
    )
    if scopes is not None:
        query = query.where(scope.visible(_I.scope)).params({scope.BIND: scopes})
    return _rows(connection, query)
