"""At which stage guests stood when turns closed that nobody was watching (SPEC §10): mail of years, read by a first sync.

What is known of then are the reservations: since when each was confirmed, and until when it stood. A turn of a conversation
without one has no stage and counts as before booking; when a reservation comes to it later, by hand or by an import, it is
looked at again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import Connection, select, update

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Conversation, Journal, Property, Reservation, Turn
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.ticketing import stages
from crm_tui.rules.departures import start_of_day
from crm_tui.rules.stages import BOOKED, Booking, confirmed_since, stage_then
from crm_tui.rules.vocabulary import Stage

_C = columns(Conversation)
_J = columns(Journal)
_P = columns(Property)
_R = columns(Reservation)
_T = columns(Turn)

BATCH = 200
"""So many turns are written in one transaction."""


def told(connection: Connection, turns: Sequence[tuple[int, datetime]]) -> list[str]:
    """The stage of each turn, by its conversation and the instant at which it closed; empty: no booking is known of then."""
    days = connection.execute(select(_P.checkin_days).order_by(_P.id).limit(1)).scalar()
    house = zone(connection)
    bookings: dict[int, list[Booking]] = {}
    for chunk in chunks(sorted({conversation for conversation, _at in turns})):
        names = (_C.id, _C.inquiry_id, _C.reservation_id)
        rows = connection.execute(select(*names).where(_C.id.in_(chunk))).all()
        bookings |= stages.bookings(connection, rows, lambda row: _known(connection, row, house))
    found = []
    for conversation, at in turns:
        day = at.astimezone(house).date()
        stage = stage_then(bookings.get(conversation, ()), at, day, 3 if days is None else days)
        found.append("" if stage is Stage.BEFORE_BOOKING else stage.value)
    return found


def _known(connection: Connection, row: Any, house: tzinfo) -> Booking:
    over = start_of_day(row.booked + timedelta(days=1), house) if row.booked is not None else None
    until = None if row.status in BOOKED or row.confirmed_at is None else _ended(connection, row.id)
    return Booking(row.status, row.arrival, confirmed_since(row.confirmed_at, row.created_at, over), until)


def _ended(connection: Connection, reservation: int) -> datetime | None:
    """When a reservation that does not stand any more was told so; None: the journal does not know."""
    about = (_J.entity == "reservation", _J.entity_id == reservation)
    query = select(_J.at, _J.after).where(*about).order_by(_J.id.desc())
    for at, after in connection.execute(query):
        if (after or {}).get("status"):
            return None if after["status"] in BOOKED else at
    return None


def heed(ctx: Context, since: int | None, holds: Callable[[Connection], bool] = lambda _connection: True) -> int:
    """Look again at closed turns without a stage, of conversations with a reservation; returns how many were given one.

    Args:
        since: only of those that rows of the journal after this one concern; None: of all.
        holds: whether this engine may still work, asked within each transaction that writes.
    """
    with ctx.store.connect() as connection:
        talks = _linked(connection) if since is None else _concerned(connection, since)
        turns = _without(connection, talks)
        known = told(connection, [(row.conversation_id, row.closed_at) for row in turns])
    found = [(row, stage) for row, stage in zip(turns, known, strict=True) if stage]
    done = 0
    for chunk in chunks(found, BATCH):
        with ctx.write() as tx:
            if not holds(tx.connection):
                break
            for stage in {stage for _row, stage in chunk}:
                ids = [row.id for row, one in chunk if one == stage]
                change = update(table_of(Turn)).where(_T.id.in_(ids), _T.stage == "", _T.closed_at.is_not(None))
                tx.connection.execute(change.values(stage=stage))
            conversations = sorted({row.conversation_id for row, _stage in chunk})
            tx.journal("ticket", 0, "stage", None, {"conversations": conversations})
            done += len(chunk)
    return done


def _linked(connection: Connection) -> set[int]:
    """The conversations that have a reservation, or whose inquiry has one."""
    through = select(_C.id).join(Reservation, _R.inquiry_id == _C.inquiry_id)
    own = select(_C.id).where(_C.reservation_id.is_not(None))
    return {
        *connection.execute(own).scalars(),
        *connection.execute(through.where(_R.inquiry_id.is_not(None), _R.confirmed_at.is_not(None))).scalars(),
    }


def _concerned(connection: Connection, since: int) -> set[int]:
    """Those of them that something happened to."""
    named: dict[str, set[int]] = defaultdict(set)
    things = _J.entity.in_(("reservation", "inquiry"))
    talks = (_J.entity == "conversation") & _J.action.not_in(stages.OF_NO_CONCERN)
    for entity, number in connection.execute(select(_J.entity, _J.entity_id).where(_J.id > since, things | talks)):
        named[entity].add(number)
    found = set(named["conversation"])
    for numbers, condition in (
        (named["inquiry"], _C.inquiry_id.in_),
        (named["reservation"], _C.reservation_id.in_),
    ):
        for chunk in chunks(sorted(numbers)):
            found |= set(connection.execute(select(_C.id).where(condition(chunk))).scalars())
    for chunk in chunks(sorted(named["reservation"])):
        through = select(_C.id).join(Reservation, _R.inquiry_id == _C.inquiry_id).where(_R.id.in_(chunk))
        found |= set(connection.execute(through).scalars())
    return found


def _without(connection: Connection, conversations: Iterable[int]) -> list[Any]:
    """Closed turns that have no stage."""
    found: list[Any] = []
    names = (_T.id, _T.conversation_id, _T.closed_at)
    for chunk in chunks(sorted(conversations)):
        query = select(*names).where(_T.conversation_id.in_(chunk), _T.closed_at.is_not(None), _T.stage == "")
        found += connection.execute(query)
    return found
