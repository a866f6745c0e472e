"""Stage and channel of conversations (SPEC §10): what their tickets carry, kept as bookings and days change them.

A conversation's reservations are the one that it is about, else those of its inquiry. Its channel is its inquiry's, else
what the counterpart's address tells.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, or_, select, update

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Conversation, Inquiry, Journal, Property, Reservation, Ticket
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.ticketing import ticket_hands
from crm_tui.rules.stages import Booking, channel_of, stage_of
from crm_tui.rules.vocabulary import Channel, Stage

_T = columns(Ticket)
_C = columns(Conversation)
_I = columns(Inquiry)
_R = columns(Reservation)
_J = columns(Journal)
_P = columns(Property)

DEFAULT = (Stage.BEFORE_BOOKING.value, Channel.DIRECT.value)
"""What a ticket is taken for that was not looked at yet."""


class Standing(NamedTuple):
    """Where a conversation's guest stands, and how they came."""

    stage: str
    channel: str


BATCH = 200
"""So many tickets are written in one transaction: nobody who wants to write waits long."""


@lru_cache(maxsize=4096)
def of_address(address: str) -> Standing:
    """Stage and channel of a conversation that has neither inquiry nor reservation."""
    return Standing(str(stage_of((), date.min, 0)), str(channel_of(address)))


OF_NO_CONCERN = ("assign", "move", "star", "flags", "scope", "guest", "snooze", "unsnooze", "wake", "dealt with")
"""What is done to conversations by the hundred and changes neither inquiry nor reservation."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to where changes were heeded: the journal's last row, and the property's day."""

    journal: int
    day: date


def of(connection: Connection, conversation_ids: Iterable[int], today: date) -> dict[int, Standing]:
    """Stage and channel of conversations, by number; ``today`` is the property's day."""
    days = connection.execute(select(_P.checkin_days).order_by(_P.id).limit(1)).scalar()
    found: dict[int, Standing] = {}
    for chunk in chunks(conversation_ids):
        names = (_C.id, _C.counterpart_address, _C.inquiry_id, _C.reservation_id, _I.channel)
        query = select(*names).outerjoin(Inquiry, _I.id == _C.inquiry_id).where(_C.id.in_(chunk))
        rows = connection.execute(query).all()
        known = bookings(connection, rows)
        for row in rows:
            stage = stage_of(known[row.id], today, 3 if days is None else days)
            channel = row.channel or channel_of(row.counterpart_address or "")
            found[row.id] = Standing(str(stage), str(channel))
    return found


def bookings(
    connection: Connection,
    rows: Iterable[Any],
    booked: Callable[[Any], Booking] = lambda row: Booking(row.status, row.arrival),
) -> dict[int, list[Booking]]:
    """The reservations of conversations."""
    own = {row.id: row.reservation_id for row in rows if row.reservation_id is not None}
    through = {row.id: row.inquiry_id for row in rows if row.id not in own and row.inquiry_id is not None}
    wanted = or_(_R.id.in_(set(own.values())), _R.inquiry_id.in_(set(through.values())))
    names = (_R.id, _R.inquiry_id, _R.status, _R.arrival, _R.booked, _R.created_at, _R.confirmed_at)
    query = select(*names).where(wanted, _R.removed_at.is_(None))
    single: dict[int, Booking] = {}
    of_inquiry: dict[int, list[Booking]] = defaultdict(list)
    for row in connection.execute(query) if own or through else ():
        single[row.id] = booked(row)
        if row.inquiry_id is not None:
            of_inquiry[row.inquiry_id].append(single[row.id])
    found: dict[int, list[Booking]] = defaultdict(list)
    found.update({talk: [single[number]] for talk, number in own.items() if number in single})
    found.update({talk: of_inquiry[inquiry] for talk, inquiry in through.items() if inquiry in of_inquiry})
    return found


def heed(
    ctx: Context, known: Mark | None, holds: Callable[[Connection], bool] = lambda _connection: True
) -> tuple[Mark, int]:
    """Give the open tickets the stage and channel that their conversations have now.

    Tickets that have none yet are always looked at; all of them when the day, a reservation or an inquiry changed since ``known``.

    Args:
        holds: whether this engine may still work, asked within the transaction that writes.

    Returns:
        Up to where changes are heeded now, and how many tickets were changed.
    """
    with ctx.store.connect() as connection:
        mark = Mark(newest_in(connection), ctx.clock.now().astimezone(zone(connection)).date())
        every = known is None or known.day != mark.day or _concerned(connection, known.journal)
        wrong = _differing(connection, mark.day, only_new=not every)
    changed = 0
    for chunk in chunks(wrong, BATCH):
        with ctx.write() as tx:
            if not holds(tx.connection):
                break
            changed += _set(tx, chunk, mark.day)
    return mark, changed


def newest(ctx: Context) -> int:
    """The journal's last row: as long as it is the same, nobody did anything that tickets follow from."""
    with ctx.store.connect() as connection:
        return newest_in(connection)


def newest_in(connection: Connection) -> int:
    """:func:`newest` on a connection that does more."""
    return int(connection.execute(select(func.max(_J.id))).scalar() or 0)


def _concerned(connection: Connection, since: int) -> bool:
    """Whether something changed that a stage or a channel follows from."""
    things = _J.entity.in_(("reservation", "inquiry", "property"))
    talks = (_J.entity == "conversation") & _J.action.not_in(OF_NO_CONCERN)
    return connection.execute(select(_J.id).where(_J.id > since, things | talks).limit(1)).first() is not None


def _differing(connection: Connection, today: date, *, only_new: bool) -> list[int]:
    query = select(_T.id, _T.conversation_id, _T.stage, _T.channel).where(*ticket_hands.open_ones())
    rows = connection.execute(query.where(_T.stage == "") if only_new else query).all()
    standing = of(connection, {row.conversation_id for row in rows}, today)
    return [
        row.id
        for row in rows
        if row.conversation_id in standing and (row.stage, row.channel) != tuple(standing[row.conversation_id])
    ]


def _set(tx: Transaction, ids: list[int], today: date) -> int:
    query = select(_T.id, _T.conversation_id, _T.stage, _T.channel).where(_T.id.in_(ids), *ticket_hands.open_ones())
    rows = tx.connection.execute(query).all()
    standing = of(tx.connection, {row.conversation_id for row in rows}, today)
    for row in set_in(tx.connection, rows, standing, version=_T.version + 1):
        now = standing[row.conversation_id]
        if row.stage or tuple(now) != DEFAULT:
            before = {"stage": row.stage, "channel": row.channel}
            tx.journal("ticket", row.id, "stage", before, now._asdict())
    return len(rows)


def set_in(connection: Connection, tickets: Iterable[Any], standing: Mapping[int, Standing], **more: Any) -> list[Any]:
    """Give tickets the stage and channel of their conversations, those alike by one statement.

    Args:
        tickets: rows with ``id``, ``conversation_id``, ``stage`` and ``channel``.
        more: other columns that change with them.

    Returns:
        Those that changed.
    """
    alike: dict[Standing, list[Any]] = defaultdict(list)
    for row in tickets:
        now = standing.get(row.conversation_id)
        if now is not None and (row.stage, row.channel) != tuple(now):
            alike[now].append(row)
    for now, rows in alike.items():
        for chunk in chunks(row.id for row in rows):
            change = update(table_of(Ticket)).where(_T.id.in_(chunk))
            connection.execute(change.values(stage=now.stage, channel=now.channel, **more))
    return [row for rows in alike.values() for row in rows]
