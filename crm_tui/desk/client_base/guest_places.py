"""Where the entries of a guest's history stand: one statement a kind, prepared once, along indexes only.

Each takes the guests (a profile and those merged into it), the scopes of the actor and how many rows are wanted, newest first.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Select, String, and_, bindparam, case, cast, func, or_, select, type_coerce, union
from sqlalchemy import exists as there_is

from crm_tui.data.columns import columns
from crm_tui.data.tables import (
    Conversation,
    Event,
    Feedback,
    Inquiry,
    InquiryGuest,
    InternalMessage,
    Journal,
    Memo,
    Message,
    Payment,
    QualityCost,
    Reminder,
    Reservation,
    ReservationGuest,
)
from crm_tui.desk.client_base.guest_history_views import KINDS, EntryKind, Place
from crm_tui.desk.client_base.guest_mail import GUESTS, TALKS
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Actor

_C = columns(Conversation)
_I = columns(Inquiry)
_H = columns(InquiryGuest)
_J = columns(Journal)
_M = columns(Message)
_P = columns(Payment)
_R = columns(Reservation)
_Q = columns(ReservationGuest)

EVERY = 2**31 - 1
"""So many rows are all."""

_MOST: Any = bindparam("most")

INQUIRIES = (
    select(_I.id)
    .join(InquiryGuest, _H.inquiry_id == _I.id)
    .where(_H.guest_id.in_(GUESTS), _I.removed_at.is_(None), scope.visible(_I.scope))
)
"""The inquiries of the guests that the actor may see."""

RESERVATIONS = union(
    select(_R.id)
    .join(ReservationGuest, _Q.reservation_id == _R.id)
    .where(_Q.guest_id.in_(GUESTS), _R.removed_at.is_(None)),
    select(_R.id).where(_R.company_id.in_(GUESTS), _R.removed_at.is_(None)),
)
"""The reservations that they are guests of, or pay for; cancelled ones too."""

EDITED = ("change", "edit", "remove")
"""What is told of events, memos and reminders as a change: the rest they tell themselves."""


def _text(column: Any) -> Any:
    """An instant as the store writes it."""
    return type_coerce(column, String)


def when(day: Any, made: Any) -> Any:
    """When something was that has a day and no hour: as it was written down if that was on the same day, else at noon UTC."""
    on = cast(day, String)
    known = and_(day.is_not(None), on != func.substr(_text(made), 1, 10))
    return case((known, on.concat(" 12:00:00.000000")), else_=_text(made))


def _mail() -> Select[Any]:
    return select(_text(_M.at).label("at"), _M.id).where(_M.conversation_id.in_(TALKS), _M.delivered)


def _inquiries() -> Select[Any]:
    return select(_text(_I.created_at).label("at"), _I.id).where(_I.id.in_(INQUIRIES))


def _reservations() -> Select[Any]:
    return select(when(_R.booked, _R.created_at).label("at"), _R.id).where(_R.id.in_(RESERVATIONS))


def _payments() -> Select[Any]:
    return select(when(_P.day, _P.created_at).label("at"), _P.id).where(_P.reservation_id.in_(RESERVATIONS))


def _linked(model: Any, at: str) -> Select[Any]:
    """What is on the guest itself, on one of its conversations or one of its inquiries, and hidden by none of them."""
    names = columns(model)
    seen = (
        names.removed_at.is_(None),
        or_(
            names.conversation_id.is_(None),
            there_is().where(_C.id == names.conversation_id, scope.visible(_C.scope)),
        ),
        or_(names.inquiry_id.is_(None), there_is().where(_I.id == names.inquiry_id, scope.visible(_I.scope))),
    )
    on = (names.guest_id.in_(GUESTS), names.conversation_id.in_(TALKS), names.inquiry_id.in_(INQUIRIES))
    found = union(*(select(_text(names[at]).label("at"), names.id).where(one, *seen) for one in on)).subquery()
    return select(found.c.at, found.c.id)


def _events() -> Select[Any]:
    names = columns(Event)
    return select(_text(names.at).label("at"), names.id).where(
        names.guest_id.in_(GUESTS),
        names.removed_at.is_(None),
        or_(
            names.conversation_id.is_(None),
            there_is().where(_C.id == names.conversation_id, scope.visible(_C.scope)),
        ),
        or_(names.inquiry_id.is_(None), there_is().where(_I.id == names.inquiry_id, scope.visible(_I.scope))),
    )


def _feedback() -> Select[Any]:
    names = columns(Feedback)
    return select(_text(names.at).label("at"), names.id).where(
        names.guest_id.in_(GUESTS),
        names.removed_at.is_(None),
        or_(
            names.conversation_id.is_(None),
            there_is().where(_C.id == names.conversation_id, scope.visible(_C.scope)),
        ),
    )


def _given() -> Select[Any]:
    names = columns(QualityCost)
    return select(_text(names.at).label("at"), names.id).where(names.guest_id.in_(GUESTS), names.removed_at.is_(None))


def edited(model: Any) -> Select[Any]:
    """What agents wrote on the guests and what was changed or taken away of it, as far as it is not hidden."""
    names = columns(model)
    ends = [names[one].is_not(None) for one in ("removed_at", "edited_at") if one in names]
    if "edited_at" not in names:
        ends.append(names.version > 1)
    found = select(names.id).where(names.guest_id.in_(GUESTS), or_(*ends))
    if "conversation_id" in names:
        talk = there_is().where(_C.id == names.conversation_id, scope.visible(_C.scope))
        found = found.where(or_(names.conversation_id.is_(None), talk))
    if "inquiry_id" in names:
        inquiry = there_is().where(_I.id == names.inquiry_id, scope.visible(_I.scope))
        found = found.where(or_(names.inquiry_id.is_(None), inquiry))
    return found


WRITTEN: dict[str, Any] = {
    "event": Event,
    "memo": Memo,
    "reminder": Reminder,
    "feedback": Feedback,
    "quality cost": QualityCost,
}
"""What agents write on a guest, by the journal's word."""
EDITED_IDS: dict[str, Any] = {entity: edited(model) for entity, model in WRITTEN.items()}
"""Those of them that a change is told of."""


def _changes() -> Select[Any]:
    own = select(_J.at, _J.id, _J.command).where(
        _J.entity == "guest", _J.entity_id.in_(GUESTS), _J.action.not_in(("undo",))
    )
    parts = [own]
    for entity, ids in EDITED_IDS.items():
        parts.append(
            select(_J.at, _J.id, _J.command).where(_J.entity == entity, _J.entity_id.in_(ids), _J.action.in_(EDITED))
        )
    every = union(*parts).subquery()
    grouped = select(
        func.min(_text(every.c.at)).label("at"), func.max(every.c.id).label("id"), every.c.command
    ).group_by(every.c.command)
    found = grouped.subquery()
    return select(found.c.at, found.c.id)


def _newest_first(query: Select[Any]) -> Any:
    found = query.subquery()
    return select(found.c.at, found.c.id).order_by(found.c.at.desc(), found.c.id.desc()).limit(_MOST)


STATEMENTS: dict[EntryKind, Any] = {
    EntryKind.MAIL: _newest_first(_mail()),
    EntryKind.INQUIRY: _newest_first(_inquiries()),
    EntryKind.RESERVATION: _newest_first(_reservations()),
    EntryKind.PAYMENT: _newest_first(_payments()),
    EntryKind.EVENT: _newest_first(_events()),
    EntryKind.MEMO: _newest_first(_linked(Memo, "created_at")),
    EntryKind.INTERNAL: _newest_first(_linked(InternalMessage, "at")),
    EntryKind.REMINDER: _newest_first(_linked(Reminder, "created_at")),
    EntryKind.FEEDBACK: _newest_first(_feedback()),
    EntryKind.GIVEN: _newest_first(_given()),
    EntryKind.CHANGE: _newest_first(_changes()),
}


def places(
    connection: Connection,
    actor: Actor,
    guests: Sequence[int],
    kinds: Collection[EntryKind] = KINDS,
    limit: int | None = None,
) -> list[Place]:
    """The places of the entries, newest first; ``limit`` of them, of whatever kinds they are."""
    values = {"guests": list(guests), scope.BIND: actor.scopes, "most": EVERY if limit is None else limit}

    def of(rank: int, kind: EntryKind) -> Iterator[Place]:
        return (Place(row[0], rank, row[1]) for row in connection.execute(STATEMENTS[kind], values))

    parts = [of(rank, kind) for rank, kind in enumerate(KINDS) if kind in kinds]
    return list(islice(heapq.merge(*parts, reverse=True), limit))
