"""Reading what the figures of productivity count: tickets, closed turns and inquiries of stretches of time (SPEC §10).

The definitions are :mod:`crm_tui.rules.metrics`'; here only rows are chosen and, where they are many, counted. Everything counts,
whoever may see it: figures name no conversation.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, String, and_, exists, false, func, literal, select, type_coerce

from crm_tui.data.bulk import stamp
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Conversation, Inquiry, Reservation, Ticket, TicketHand, Turn
from crm_tui.desk import stages
from crm_tui.rules import metrics as rules
from crm_tui.rules.metrics import TEAM, Asked, Key, Talk, Tally, Working

_T = columns(Turn)
_K = columns(Ticket)
_H = columns(TicketHand)
_I = columns(Inquiry)
_C = columns(Conversation)
_R = columns(Reservation)
_COUNTS = and_(~_K.gone, ~_K.aside)
_HAND = table_of(TicketHand).alias("earlier")
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


def read(connection: Connection, parts: Sequence[Part], working: Working, seen: Seen | None = None) -> Sheet:
    """Everything that counts by when it happened, of parts of time.

    Args:
        parts: in order; they do not overlap.
        working: see :data:`crm_tui.rules.metrics.Working`.
        seen: told of each closed turn.
    """
    sheet = new_sheet()
    if parts:
        _count_tickets(connection, parts, sheet)
        _count_turns(connection, parts, working, sheet, seen)
        for part, inquiry, _channel in cohort(connection, parts):
            rules.count_inquiry(sheet[part][rules.credited(inquiry)], inquiry)
    return sheet


# -- tickets ------------------------------------------------------------------------------------------------------------


def _count_tickets(connection: Connection, parts: Sequence[Part], sheet: Sheet) -> None:
    ticket = table_of(Ticket)
    hand = table_of(TicketHand).join(ticket, _K.id == _H.ticket_id)
    first = ~exists().where(
        _HAND.c.ticket_id == _H.ticket_id,
        (_HAND.c.seen_at < _H.seen_at) | ((_HAND.c.seen_at == _H.seen_at) & (_HAND.c.agent_id < _H.agent_id)),
    )
    no = false()
    asked: tuple[tuple[str, Any, Any, Any, Any], ...] = (
        ("received", literal(TEAM), ticket, _K.created_at, no),
        ("received", _H.agent_id, hand, _H.at, no),
        ("opened", _H.agent_id, hand, _H.seen_at, first),
        ("done", _K.done_by, ticket, _K.done_at, no),
    )
    for name, who, source, at, once in asked:
        query = select(who.label("who"), once.label("once")).select_from(source).where(_COUNTS)
        for number, key, for_team, many in _counted(connection, parts, query, at):
            sheet[number][key][name] += many
            if for_team:
                sheet[number][TEAM][name] += many


def _counted(
    connection: Connection, parts: Sequence[Part], query: Any, at: Any
) -> Iterator[tuple[int, Key, bool, int]]:
    """How many of the query's rows lie in each part, by whom they count for and whether for the team as well.

    One part is counted by the database; of several the instants are looked up here: a join with a list of parts reads all
    rows for each of them.
    """
    for run in _runs(parts):
        rows = query.where(at.is_not(None), at >= run[0].start, at < run[-1].end)
        if len(run) == 1:
            for key, once, many in connection.execute(rows.add_columns(func.count()).group_by("who", "once")):
                yield run[0].number, key, once, many
            continue
        starts: list[Any] = [stamp(part.start) if connection.dialect.name == "sqlite" else part.start for part in run]
        places = Counter(
            (bisect_right(starts, instant) - 1, key, once)
            for key, once, instant in _rows(connection, rows.add_columns(_stored(at)))
        )
        for (place, key, once), many in places.items():
            yield run[place].number, key, once, many


# -- turns --------------------------------------------------------------------------------------------------------------


def _count_turns(
    connection: Connection, parts: Sequence[Part], working: Working, sheet: Sheet, seen: Seen | None
) -> None:
    """Turns of one kind are summed first: a year has a hundred thousand."""
    kinds: dict[tuple[int, Key, str, str, bool], list[int]] = {}
    for run in _runs(parts):
        starts = [part.start for part in run]
        for conversation, opened, closed, reason, agent, stage, first in _closed_turns(
            connection, run[0].start, run[-1].end
        ):
            number = run[bisect_right(starts, closed) - 1].number
            sums = kinds.setdefault((number, agent, reason, stage, first), [0, 0, 0])
            sums[0] += 1
            sums[1] += rules.seconds(opened, closed)
            sums[2] += working(opened, closed)
            if seen is not None:
                seen(conversation, number)
    for (number, agent, reason, stage, first), sums in kinds.items():
        rules.count_turns(sheet[number][agent], reason, stage, bool(first), *sums)


def turns_by_channel(connection: Connection, part: Part, working: Working) -> dict[str, Tally]:
    """The closed turns of a part of time by the channel of their tickets; where none was noted, by that of the conversation."""
    asked = select(_K.conversation_id, _K.channel).where(_K.done_at >= part.start, _K.done_at < part.end)
    channels = {row[0]: row[1] for row in connection.execute(asked)}
    turns = list(_closed_turns(connection, part.start, part.end))
    unknown = {row[0] for row in turns if not channels.get(row[0])}
    standing = stages.of(connection, sorted(unknown), part.end.date())
    channels |= {conversation: one.channel for conversation, one in standing.items()}
    found: defaultdict[str, Tally] = defaultdict(Counter)
    for conversation, opened, closed, reason, _agent, stage, first in turns:
        sums = (1, rules.seconds(opened, closed), working(opened, closed))
        rules.count_turns(found[channels.get(conversation, "")], reason, stage, bool(first), *sums)
    return found


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


def _closed_turns(connection: Connection, start: datetime, end: datetime) -> Iterator[Any]:
    query = select(_T.conversation_id, _stored(_T.opened_at), _stored(_T.closed_at))
    query = query.add_columns(_T.reason, _T.agent_id, _T.stage, _T.first)
    query = query.where(_T.closed_at.is_not(None), _T.closed_at >= start, _T.closed_at < end)
    for row in _rows(connection, query):
        yield row[0], instant(row[1]), instant(row[2]), *row[3:]


def _stored(at: Any) -> Any:
    """An instant as the store keeps it: typed columns cost more than all the rest of a year's figures."""
    return type_coerce(at, String)


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


def cohort(connection: Connection, parts: Sequence[Part]) -> Iterator[tuple[int, Asked, str]]:
    """The eligible inquiries that were created in the parts, each with its part and its channel."""
    for run in _runs(parts):
        starts = [part.start for part in run]
        for asked, channel in _asked(connection, run[0].start, run[-1].end):
            if rules.eligible(asked):
                yield run[bisect_right(starts, asked.created) - 1].number, asked, channel


def _asked(connection: Connection, start: datetime, end: datetime) -> Iterator[tuple[Asked, str]]:
    within = (_I.removed_at.is_(None), _I.created_at >= start, _I.created_at < end)
    confirmed = exists().where(_R.inquiry_id == _I.id, _R.removed_at.is_(None), _R.confirmed_at.is_not(None))
    talks = _talks(connection, within)
    query = select(_I.id, _stored(_I.created_at), _I.status, _I.lost_reason, _I.channel, confirmed).where(*within)
    for number, created, status, lost_reason, channel, booked in _rows(connection, query):
        its = tuple(Talk(folder, merged, tuple(replies)) for folder, merged, replies in talks.get(number, {}).values())
        yield Asked(instant(created), False, status, lost_reason, bool(booked), its), channel


def _talks(connection: Connection, within: Iterable[Any]) -> dict[int, dict[int, tuple[str, bool, list[Any]]]]:
    """By inquiry and conversation: where it stands, and the human replies that closed its turns."""
    query = (
        select(_C.inquiry_id, _C.id, _C.folder, _C.merged_into.is_not(None), _stored(_T.closed_at), _T.agent_id)
        .select_from(Inquiry)
        .join(Conversation, _C.inquiry_id == _I.id)
        .outerjoin(Turn, and_(_T.conversation_id == _C.id, _T.reason == "reply"))
        .where(*within)
    )
    found: dict[int, dict[int, tuple[str, bool, list[Any]]]] = defaultdict(dict)
    for inquiry, number, folder, merged, at, agent in _rows(connection, query):
        talk = found[inquiry].setdefault(number, (folder, bool(merged), []))
        if at is not None:
            talk[2].append((instant(at), agent))
    return found
