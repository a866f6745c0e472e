"""Making the entries of a guest's history: one statement a kind for those that are shown, whatever the history's length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, or_, select

from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    Agent,
    Conversation,
    Event,
    Inquiry,
    InquiryGuest,
    InternalMessage,
    Journal,
    Memo,
    Message,
    OutboxItem,
    Payment,
    Reminder,
    Reservation,
    ReservationGuest,
)
from crm_tui.desk.client_base import events
from crm_tui.desk.client_base.guest_entry_rows import IDS, LONGEST, Page, Places, rows_of
from crm_tui.desk.client_base.guest_history_views import EntryKind, GuestEntry, Place
from crm_tui.desk.client_base.guest_mail import GUESTS
from crm_tui.desk.client_base.guest_places import EDITED_IDS
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Actor
from crm_tui.desk.common.permissions import Permission, may
from crm_tui.desk.histories import history_entries, history_words
from crm_tui.desk.histories.history_things import Things
from crm_tui.desk.histories.history_views import HistoryKey
from crm_tui.desk.histories.history_words import short
from crm_tui.desk.money.money_views import method_words
from crm_tui.desk.quality import guest_relations_entries
from crm_tui.mail.text import display_text
from crm_tui.rules.money import Money

_A = columns(Agent)
_C = columns(Conversation)
_E = columns(Memo)
_H = columns(InquiryGuest)
_I = columns(Inquiry)
_J = columns(Journal)
_M = columns(Message)
_N = columns(InternalMessage)
_O = columns(OutboxItem)
_P = columns(Payment)
_Q = columns(ReservationGuest)
_R = columns(Reservation)
_U = columns(Reminder)
_V = columns(Event)
_FROM, _TO, _DONE = (table_of(Agent).alias(name) for name in ("sender", "recipient", "done"))


def make(connection: Connection, actor: Actor, guests: Sequence[int], places: Sequence[Place]) -> list[GuestEntry]:
    """The entries at these places, in their order; one that is not there for the actor any more is left out."""
    page = Page(connection, actor, guests)
    wanted: dict[EntryKind, list[Place]] = {}
    for place in places:
        wanted.setdefault(place.kind, []).append(place)
    found: dict[Place, GuestEntry] = {}
    for kind, mine in wanted.items():
        for chunk in chunks(mine):
            for entry in _MAKE[kind](page, {place.number: place for place in chunk}):
                found[entry.place] = entry
    return [found[place] for place in places if place in found]


_MAIL = (
    select(
        *(_M.id, _M.conversation_id, _M.direction, _M.automatic, _M.sender_name, _M.sender_address, _M.subject),
        _A.name.label("agent"),
    )
    .join(Conversation, _C.id == _M.conversation_id)
    .outerjoin(OutboxItem, _O.id == _M.outbox_id)
    .outerjoin(Agent, _A.id == _O.agent_id)
    .where(_M.id.in_(IDS), scope.visible(_C.scope))
)


def _mail(page: Page, places: Places) -> list[GuestEntry]:
    return [
        GuestEntry(
            places[row.id],
            short(row.subject or "", LONGEST) or _("(no subject)"),
            who=short(row.agent or row.sender_name or row.sender_address or "", 60),
            status="out" if row.direction == "out" else "automatic" if row.automatic else "in",
            conversation=row.conversation_id,
        )
        for row in rows_of(page, _MAIL, places)
    ]


_HOLDS = select(_H.holder).where(_H.inquiry_id == _I.id, _H.guest_id.in_(GUESTS)).order_by(_H.holder.desc()).limit(1)
_INQUIRIES = (
    select(
        *(_I.id, _I.status, _I.arrival, _I.departure, _I.period_from, _I.period_to, _I.adults, _I.children),
        *(_I.room, _I.destination, _I.budget, _I.budget_currency, _I.price, _I.price_currency),
        _A.name.label("agent"),
        _HOLDS.correlate(table_of(Inquiry)).scalar_subquery().label("holder"),
    )
    .outerjoin(Agent, _A.id == _I.handler_id)
    .where(_I.id.in_(IDS), _I.removed_at.is_(None), scope.visible(_I.scope))
)


def _inquiries(page: Page, places: Places) -> list[GuestEntry]:
    found = []
    for row in rows_of(page, _INQUIRIES, places):
        priced = row.price is not None
        amount, currency = (row.price, row.price_currency) if priced else (row.budget, row.budget_currency)
        found.append(
            GuestEntry(
                places[row.id],
                short(", ".join(part for part in (row.room, row.destination) if part), LONGEST),
                who=display_text(row.agent or ""),
                status=row.status,
                first=row.arrival or row.period_from,
                last=row.departure or row.period_to,
                adults=row.adults,
                children=len(row.children or ()),
                amount=_money(amount, currency),
                inquiry=row.id,
                holder=bool(row.holder),
            )
        )
    return found


def _money(amount: int | None, currency: str) -> Money | None:
    return Money(amount, currency) if amount is not None and currency else None


_LEADS = (
    select(_Q.holder).where(_Q.reservation_id == _R.id, _Q.guest_id.in_(GUESTS)).order_by(_Q.holder.desc()).limit(1)
)
_RESERVATIONS = (
    select(
        *(_R.id, _R.code, _R.status, _R.arrival, _R.departure, _R.adults, _R.children, _R.room, _R.product),
        *(_R.destination, _R.value, _R.currency, _R.booked, _R.created_at, _R.channel),
        _A.name.label("agent"),
        _LEADS.correlate(table_of(Reservation)).scalar_subquery().label("holder"),
    )
    .outerjoin(Agent, _A.id == _R.created_by)
    .where(_R.id.in_(IDS), _R.removed_at.is_(None))
)


def _reservations(page: Page, places: Places) -> list[GuestEntry]:
    return [
        GuestEntry(
            places[row.id],
            short(", ".join(part for part in (row.destination, row.product, row.room) if part), LONGEST),
            who=display_text(row.agent or ""),
            dated=_dated(row.booked, row.created_at),
            status=row.status,
            first=row.arrival,
            last=row.departure,
            adults=row.adults,
            children=row.children or 0,
            amount=_money(row.value, row.currency),
            code=display_text(row.code),
            reservation=row.id,
            holder=bool(row.holder),
        )
        for row in rows_of(page, _RESERVATIONS, places)
    ]


def _dated(day: Any, made: Any) -> bool:
    return day is not None and day != made.date()


_PAYMENTS = (
    select(
        *(_P.id, _P.kind, _P.day, _P.amount, _P.method, _P.note, _P.created_at, _P.reversed_at, _P.reservation_id),
        *(_R.code, _R.currency),
        _A.name.label("agent"),
    )
    .join(Reservation, _R.id == _P.reservation_id)
    .outerjoin(Agent, _A.id == _P.created_by)
    .where(_P.id.in_(IDS))
)


def _payments(page: Page, places: Places) -> list[GuestEntry]:
    return [
        GuestEntry(
            places[row.id],
            short(", ".join(part for part in (method_words(row.method), row.note) if part), LONGEST),
            who=display_text(row.agent or ""),
            dated=_dated(row.day, row.created_at),
            status=row.kind,
            first=row.day,
            amount=_money(row.amount, row.currency),
            code=display_text(row.code),
            reservation=row.reservation_id,
            undone=row.reversed_at is not None,
        )
        for row in rows_of(page, _PAYMENTS, places)
    ]


_EVENTS = events.SELECT.where(_V.id.in_(IDS))


def _events(page: Page, places: Places) -> list[GuestEntry]:
    found = []
    for row in rows_of(page, _EVENTS, places):
        view = events.view(row, page.actor)
        found.append(
            GuestEntry(
                places[view.id],
                short(view.text, LONGEST),
                who=view.author,
                whole=view.text,
                type=view.type,
                conversation=view.conversation,
                inquiry=view.inquiry,
                reservation=view.reservation,
                mine=view.mine,
                version=view.version,
            )
        )
    return found


def _may_change(page: Page, author: int | None) -> bool:
    actor = page.actor
    return may(actor, Permission.OTHERS_WORDS) or (author == actor.id and author is not None)


def _seen(names: Any) -> tuple[Any, ...]:
    """Hidden by neither what it is on nor what it is about."""
    return (
        or_(names.conversation_id.is_(None), scope.visible(_C.scope)),
        or_(names.inquiry_id.is_(None), scope.visible(_I.scope)),
    )


_MEMOS = (
    select(
        *(_E.id, _E.text, _E.author_id, _E.conversation_id, _E.inquiry_id, _E.version),
        _A.name.label("agent"),
    )
    .outerjoin(Agent, _A.id == _E.author_id)
    .outerjoin(Conversation, _C.id == _E.conversation_id)
    .outerjoin(Inquiry, _I.id == _E.inquiry_id)
    .where(_E.id.in_(IDS), _E.removed_at.is_(None), *_seen(_E))
)


def _memos(page: Page, places: Places) -> list[GuestEntry]:
    return [
        GuestEntry(
            places[row.id],
            short(row.text, LONGEST),
            who=display_text(row.agent or ""),
            whole=display_text(row.text, multiline=True),
            conversation=row.conversation_id,
            inquiry=row.inquiry_id,
            mine=_may_change(page, row.author_id),
            version=row.version,
        )
        for row in rows_of(page, _MEMOS, places)
    ]


_INTERNAL = (
    select(
        *(_N.id, _N.text, _N.conversation_id, _N.inquiry_id, _N.read_at, _N.version),
        *(_FROM.c.name.label("sender"), _TO.c.name.label("recipient")),
    )
    .outerjoin(_FROM, _FROM.c.id == _N.from_id)
    .join(_TO, _TO.c.id == _N.to_id)
    .outerjoin(Conversation, _C.id == _N.conversation_id)
    .outerjoin(Inquiry, _I.id == _N.inquiry_id)
    .where(_N.id.in_(IDS), _N.removed_at.is_(None), *_seen(_N))
)


def _internal(page: Page, places: Places) -> list[GuestEntry]:
    return [
        GuestEntry(
            places[row.id],
            _("→ {name}: {text}").format(name=display_text(row.recipient), text=short(row.text, LONGEST)),
            who=display_text(row.sender or ""),
            whole=f"→ {display_text(row.recipient)}\n" + display_text(row.text, multiline=True),
            conversation=row.conversation_id,
            inquiry=row.inquiry_id,
            done=row.read_at is not None,
            version=row.version,
        )
        for row in rows_of(page, _INTERNAL, places)
    ]


_REMINDERS = (
    select(
        *(_U.id, _U.title, _U.due, _U.done_at, _U.author_id, _U.conversation_id, _U.inquiry_id, _U.version),
        *(_A.name.label("agent"), _TO.c.name.label("assignee")),
    )
    .outerjoin(Agent, _A.id == _U.author_id)
    .outerjoin(_TO, _TO.c.id == _U.assignee_id)
    .outerjoin(Conversation, _C.id == _U.conversation_id)
    .outerjoin(Inquiry, _I.id == _U.inquiry_id)
    .where(_U.id.in_(IDS), _U.removed_at.is_(None), *_seen(_U))
)


def _reminders(page: Page, places: Places) -> list[GuestEntry]:
    return [
        GuestEntry(
            places[row.id],
            short(row.title, LONGEST),
            who=display_text(row.assignee or row.agent or ""),
            first=row.due,
            conversation=row.conversation_id,
            inquiry=row.inquiry_id,
            done=row.done_at is not None,
            mine=True,
            version=row.version,
        )
        for row in rows_of(page, _REMINDERS, places)
    ]


_COMMANDS = select(_J.id, _J.command).where(_J.id.in_(IDS))


def _changes(page: Page, places: Places) -> list[GuestEntry]:
    """Told by the sentences of all histories (:mod:`crm_tui.desk.histories.history_words`)."""
    history_words.load()
    things = Things({"guest": list(page.guests), **_edited(page)})
    keys: dict[HistoryKey, Place] = {}
    for row in rows_of(page, _COMMANDS, places):
        place = places[row.id]
        keys[HistoryKey(place.instant, 0, row.id, row.command)] = place
    return [
        GuestEntry(keys[entry.key], entry.text, who=entry.who, whole=entry.whole, undone=entry.undone)
        for entry in history_entries.make(page.connection, "guest", things, list(keys))
    ]


def _edited(page: Page) -> dict[str, list[int]]:
    """What was changed or taken away of what agents wrote on the guest; kinds without any are left out."""
    values = {"guests": list(page.guests), scope.BIND: page.actor.scopes}
    found = {name: list(page.connection.execute(ids, values).scalars()) for name, ids in EDITED_IDS.items()}
    return {name: ids for name, ids in found.items() if ids}


_MAKE: dict[EntryKind, Callable[[Page, Places], list[GuestEntry]]] = {
    EntryKind.MAIL: _mail,
    EntryKind.INQUIRY: _inquiries,
    EntryKind.RESERVATION: _reservations,
    EntryKind.PAYMENT: _payments,
    EntryKind.EVENT: _events,
    EntryKind.MEMO: _memos,
    EntryKind.INTERNAL: _internal,
    EntryKind.REMINDER: _reminders,
    EntryKind.FEEDBACK: guest_relations_entries.feedback,
    EntryKind.GIVEN: guest_relations_entries.given,
    EntryKind.CHANGE: _changes,
}
