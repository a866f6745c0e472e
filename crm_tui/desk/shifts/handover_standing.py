"""How the things of a handover stand now: who may see them, whether they were settled meanwhile, where they lead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy import Connection, select

from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    Agent,
    Conversation,
    Feedback,
    Flight,
    Inquiry,
    OutboxItem,
    Reminder,
    Reservation,
    ReservationDue,
    Ticket,
)
from crm_tui.desk.common.context import Actor
from crm_tui.desk.common.scope import sees
from crm_tui.desk.watchlists import airports
from crm_tui.desk.watchlists.departure_rows import Watch
from crm_tui.mail.text import display_text
from crm_tui.rules.departures import read_local, start_of_day, state
from crm_tui.rules.vocabulary import FlightState, Folder, HandoverKind, OutboxState, ReservationStatus

_A = columns(Agent)
_C = columns(Conversation)
_D = columns(ReservationDue)
_F = columns(Feedback)
_I = columns(Inquiry)
_L = columns(Flight)
_O = columns(OutboxItem)
_R = columns(Reservation)
_T = columns(Ticket)
_U = columns(Reminder)

HIDEABLE = frozenset(
    {
        HandoverKind.WAITLIST,
        HandoverKind.PENDING,
        HandoverKind.COMPLAINT,
        HandoverKind.HELD,
        HandoverKind.REMINDER,
    }
)
"""The kinds of things that not everybody may see."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one thing stands.

    Attributes:
        scopes: every one of them must be seen by whoever is to see the thing.
        author: who may see it whatever its scopes are.
        settled: how it was settled; empty: it is still open.
        where, at: what Enter opens.
    """

    scopes: tuple[str, ...] = ()
    author: int | None = None
    settled: str = ""
    where: str = ""
    at: int | None = None

    def seen_by(self, actor: Actor) -> bool:
        """Whether the actor may see it."""
        if self.author is not None and self.author == actor.id:
            return True
        return all(sees(actor.scopes, one) for one in self.scopes)

    def private_to(self, actor: Actor) -> bool:
        """Whether nobody else may see it."""
        return f"a{actor.id}" in self.scopes


@dataclass(frozen=True, slots=True)
class Now:
    """What standing is told against.

    Attributes:
        today: of the property's zone.
        until: payments due after it are not due yet.
        at, zone: the instant, and the property's zone.
    """

    today: date
    until: date
    at: datetime
    zone: tzinfo


Things = Iterable[tuple[str, int | None]]


def standings(connection: Connection, things: Things, now: Now) -> dict[tuple[str, int], Standing]:
    """How these things stand, by kind and number; what is not there any more is settled."""
    wanted: dict[str, set[int]] = {}
    for kind, number in things:
        if number is not None:
            wanted.setdefault(kind, set()).add(number)
    found: dict[tuple[str, int], Standing] = {}
    for kind, ids in wanted.items():
        rows = {number: Standing(settled=_("gone")) for number in ids}
        for chunk in chunks(sorted(ids)):
            rows |= _READ[kind](connection, chunk, now)
        found |= {(kind, number): standing for number, standing in rows.items()}
    return found


def _scopes(*values: str | None) -> tuple[str, ...]:
    return tuple(value for value in values if value)


def _waitlist(connection: Connection, ids: Sequence[int], _now: Now) -> Mapping[int, Standing]:
    names = (_C.id, _C.scope, _C.folder, _C.waiting_since, _C.snoozed, _C.merged_into)
    found = {}
    for row in connection.execute(select(*names).where(_C.id.in_(ids))):
        settled = ""
        if row.merged_into is not None:
            settled = _("joined with another")
        elif row.waiting_since is None:
            settled = _("answered")
        elif row.folder != Folder.WAITLIST:
            settled = _("moved")
        elif row.snoozed:
            settled = _("snoozed")
        found[row.id] = Standing(_scopes(row.scope), None, settled, "conversation", row.merged_into or row.id)
    return found


def _pending(connection: Connection, ids: Sequence[int], _now: Now) -> Mapping[int, Standing]:
    names = (_T.id, _T.conversation_id, _T.done_at, _T.pending_at, _T.gone, _C.scope)
    query = select(*names).join(Conversation, _C.id == _T.conversation_id)
    found = {}
    for row in connection.execute(query.where(_T.id.in_(ids))):
        settled = ""
        if row.gone or row.done_at is not None:
            settled = _("answered")
        elif row.pending_at is None:
            settled = _("decided")
        found[row.id] = Standing(_scopes(row.scope), None, settled, "conversation", row.conversation_id)
    return found


def _departures(connection: Connection, ids: Sequence[int], now: Now) -> Mapping[int, Standing]:
    query = (
        select(_L.id, _L.reservation_id, _L.removed_at, _L.from_airport, _L.departs)
        .add_columns(_R.status, _R.removed_at.label("gone"), _A.name)
        .join(Reservation, _R.id == _L.reservation_id)
        .outerjoin(Agent, _A.id == _L.informed_by)
        .where(_L.id.in_(ids))
    )
    rows = connection.execute(query).all()
    known = _informed(connection, {row.reservation_id for row in rows}, now)
    found = {}
    for row in rows:
        settled = ""
        if row.removed_at is not None or row.gone is not None or row.status == ReservationStatus.CANCELLED:
            settled = _("cancelled")
        elif row.id in known:
            name = display_text(row.name or "")
            settled = _("informed by {name}").format(name=name) if name else _("informed")
        elif _left(row.departs, now, airports.zone_of(row.from_airport) or now.zone):
            settled = _("left")
        found[row.id] = Standing((), None, settled, "reservation", row.reservation_id)
    return found


def _left(departs: str, now: Now, zone: tzinfo) -> bool:
    """Whether the day of a departure is over at its airport, so that it is watched no more."""
    local = read_local(departs)
    try:
        return local is not None and now.at >= start_of_day(local.date() + timedelta(days=1), zone)
    except OverflowError:
        return False


def _informed(connection: Connection, reservations: Iterable[int], now: Now) -> set[int]:
    """The first flights of those journeys whose guests know the times as they are now."""
    watch = Watch(connection, now.at, now.zone, 0)
    return {
        journey[0].id
        for legs in watch.legs_of(reservations).values()
        for journey in watch.journeys(legs)
        if state([leg.stamp for leg in journey]) == FlightState.INFORMED
    }


def _payments(connection: Connection, ids: Sequence[int], now: Now) -> Mapping[int, Standing]:
    query = select(_R.id, _R.status, _R.removed_at, _D.due).outerjoin(ReservationDue, _D.reservation_id == _R.id)
    found = {}
    for row in connection.execute(query.where(_R.id.in_(ids))):
        settled = ""
        if row.removed_at is not None or row.status == ReservationStatus.CANCELLED:
            settled = _("cancelled")
        elif row.due is None:
            settled = _("paid")
        elif row.due > now.until:
            settled = _("not due yet")
        found[row.id] = Standing((), None, settled, "reservation", row.id)
    return found


def _complaints(connection: Connection, ids: Sequence[int], _now: Now) -> Mapping[int, Standing]:
    names = (_F.id, _F.resolved_at, _F.removed_at, _F.guest_id, _F.reservation_id, _F.conversation_id, _C.scope)
    query = select(*names).outerjoin(Conversation, _C.id == _F.conversation_id)
    found = {}
    for row in connection.execute(query.where(_F.id.in_(ids))):
        settled = _("taken away") if row.removed_at is not None else _("resolved") if row.resolved_at else ""
        leads = (("guest", row.guest_id), ("reservation", row.reservation_id), ("conversation", row.conversation_id))
        where, at = next(((word, number) for word, number in leads if number is not None), ("", None))
        found[row.id] = Standing(_scopes(row.scope), None, settled, where, at)
    return found


def _held(connection: Connection, ids: Sequence[int], _now: Now) -> Mapping[int, Standing]:
    names = (_O.id, _O.state, _O.agent_id, _C.scope)
    query = select(*names).outerjoin(Conversation, _C.id == _O.conversation_id)
    settled = {OutboxState.SENT: _("sent"), OutboxState.RECALLED: _("taken back"), OutboxState.QUEUED: _("queued")}
    settled[OutboxState.SENDING] = _("being sent")
    return {
        row.id: Standing(_scopes(row.scope), row.agent_id, settled.get(row.state, ""), "outbox", row.id)
        for row in connection.execute(query.where(_O.id.in_(ids)))
    }


def _reminders(connection: Connection, ids: Sequence[int], now: Now) -> Mapping[int, Standing]:
    query = (
        select(table_of(Reminder), _C.scope.label("talk"), _I.scope.label("asked"))
        .outerjoin(Conversation, _C.id == _U.conversation_id)
        .outerjoin(Inquiry, _I.id == _U.inquiry_id)
        .where(_U.id.in_(ids))
    )
    found = {}
    for row in connection.execute(query):
        settled = _("taken away") if row.removed_at is not None else _("done") if row.done_at is not None else ""
        settled = settled or (_("put off") if row.due > now.today else "")
        leads = {"reservation": row.reservation_id, "inquiry": row.inquiry_id, "guest": row.guest_id}
        leads["conversation"] = row.conversation_id
        where, at = next(((word, number) for word, number in leads.items() if number is not None), ("", None))
        found[row.id] = Standing(_scopes(row.talk, row.asked), None, settled, where, at)
    return found


_READ: Mapping[str, Callable[[Connection, Sequence[int], Now], Mapping[int, Standing]]] = {
    HandoverKind.WAITLIST: _waitlist,
    HandoverKind.PENDING: _pending,
    HandoverKind.DEPARTURE: _departures,
    HandoverKind.PAYMENT: _payments,
    HandoverKind.COMPLAINT: _complaints,
    HandoverKind.HELD: _held,
    HandoverKind.REMINDER: _reminders,
}
