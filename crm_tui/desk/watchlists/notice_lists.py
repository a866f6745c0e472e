"""Reminders of payments that were sent or are on their way, as lists and screens show them (SPEC §8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, select

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Agent, Guest, OutboxItem, PaymentNotice, Property, Reservation
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context
from crm_tui.desk.watchlists.notice_plan import COUNTED
from crm_tui.desk.watchlists.notice_views import MAIL, LastNotice, NoticeView, reason_words
from crm_tui.mail.text import display_text
from crm_tui.rules.money import Money
from crm_tui.rules.vocabulary import NoticeState

_N = columns(PaymentNotice)
_R = columns(Reservation)
_G = columns(Guest)
_A = columns(Agent)
_O = columns(OutboxItem)
_P = columns(Property)

_SELECT: Select[Any] = (
    select(
        table_of(PaymentNotice),
        *(_R.code, _R.currency, _G.given, _G.surname),
        _A.name.label("agent"),
        _O.conversation_id,
    )
    .join(Reservation, _R.id == _N.reservation_id)
    .outerjoin(Guest, _G.id == _N.guest_id)
    .outerjoin(Agent, _A.id == _N.created_by)
    .outerjoin(OutboxItem, _O.id == _N.outbox_id)
)


def of_reservation(ctx: Context, reservation_id: int) -> list[NoticeView]:
    """The reminders of a reservation, the newest first."""
    with ctx.store.connect() as connection:
        query = _SELECT.where(_N.reservation_id == reservation_id).order_by(_N.id.desc())
        return _views(connection, query, ctx.actor.scopes)


def listed(ctx: Context, *, states: Sequence[str] = (), before: int = 0, limit: int = 500) -> list[NoticeView]:
    """The reminders of all reservations, the newest first; ``before``: only those with a lower number."""
    query = _SELECT.order_by(_N.id.desc()).limit(limit)
    if states:
        query = query.where(_N.state.in_(list(states)))
    if before:
        query = query.where(_N.id < before)
    with ctx.store.connect() as connection:
        return _views(connection, query, ctx.actor.scopes)


def get(ctx: Context, notice_id: int) -> NoticeView:
    """One reminder.

    Raises:
        NotFound: there is none.
    """
    with ctx.store.connect() as connection:
        found = _views(connection, _SELECT.where(_N.id == notice_id), ctx.actor.scopes)
    if not found:
        raise NotFound(_("There is no payment reminder {number}.").format(number=notice_id))
    return found[0]


def last_of(connection: Connection, reservation_ids: Sequence[int]) -> dict[int, LastNotice]:
    """The newest reminder of each reservation that was sent or is on its way."""
    found: dict[int, LastNotice] = {}
    for chunk in chunks(reservation_ids):
        newest = (
            select(func.max(_N.id).label("id"))
            .where(_N.reservation_id.in_(chunk), _N.state.in_(COUNTED))
            .group_by(_N.reservation_id)
            .subquery()
        )
        query = select(
            *(_N.reservation_id, _N.day, _N.created_at, _N.sent_at, _N.channel, _N.state, _N.automatic)
        ).join(newest, newest.c.id == _N.id)
        for row in connection.execute(query):
            at = row.sent_at or row.created_at
            found[row.reservation_id] = LastNotice(row.day, at, row.channel, row.state, bool(row.automatic))
    return found


def mails_waiting(ctx: Context) -> bool:
    """Whether a reminder by mail is in the outbox and was not begun."""
    query = select(_N.id).where(_N.state == NoticeState.QUEUED, _N.channel == MAIL).limit(1)
    with ctx.store.connect() as connection:
        return connection.execute(query).first() is not None


def _views(connection: Connection, query: Select[Any], scopes: str) -> list[NoticeView]:
    rows = connection.execute(query).all()
    currency = property_currency(connection)
    hidden = _hidden(connection, {row.conversation_id for row in rows if row.conversation_id is not None}, scopes)
    return [
        NoticeView(
            id=row.id,
            reservation=row.reservation_id,
            code=display_text(row.code),
            guest=row.guest_id,
            name=display_text(f"{row.given or ''} {row.surname or ''}".strip()),
            line=row.line_id,
            day=row.day,
            automatic=bool(row.automatic),
            channel=row.channel,
            address=display_text(row.address),
            amount=Money(row.amount, row.currency or currency),
            text=display_text(row.text, multiline=True),
            state=row.state,
            error=display_text(reason_words(row.error)),
            agent=display_text(row.agent or ""),
            created_at=row.created_at,
            sent_at=row.sent_at,
            conversation=None if row.conversation_id in hidden else row.conversation_id,
            version=row.version,
        )
        for row in rows
    ]


def _hidden(connection: Connection, conversations: set[int], scopes: str) -> set[int]:
    return {one for one in conversations if not scope.sees_conversation(connection, scopes, one)}


def property_currency(connection: Connection) -> str:
    """The property's, for amounts of a reservation without one."""
    return str(connection.execute(select(_P.currency).order_by(_P.id).limit(1)).scalar() or "EUR")
