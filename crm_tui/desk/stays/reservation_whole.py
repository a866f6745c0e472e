"""All of one reservation for one screen: its money line by line, folios, passports, flights, conversations, notes (SPEC §7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, tzinfo
from typing import Any

from sqlalchemy import Connection, func, select

from crm_tui.data.columns import columns
from crm_tui.data.tables import (
    Conversation,
    Folio,
    Guest,
    Operator,
    Posting,
    Reservation,
    ReservationGuest,
)
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context
from crm_tui.desk.conversations import folders
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.quality import feedback, quality_costs
from crm_tui.desk.shifts import internal, memos, reminders
from crm_tui.desk.stays import reservation_talks
from crm_tui.desk.stays.reservation_rows import view_in
from crm_tui.desk.stays.reservation_views import LineView, ReservationView
from crm_tui.desk.stays.reservation_whole_views import (
    DueView,
    FolioSummary,
    MoneyView,
    PassportNote,
    TalkView,
    WholeReservation,
)
from crm_tui.desk.watchlists import notice_lists
from crm_tui.desk.watchlists.departure_rows import Watch
from crm_tui.mail.text import display_text
from crm_tui.rules import departures, passport, schedule
from crm_tui.rules.money import Money
from crm_tui.rules.vocabulary import FlightState, ReservationStatus

_C = columns(Conversation)
_G = columns(Guest)
_H = columns(ReservationGuest)
_B = columns(Folio)
_P = columns(Posting)
_O = columns(Operator)
_R = columns(Reservation)

_AHEAD = frozenset({ReservationStatus.OPTION.value, ReservationStatus.CONFIRMED.value})


def get(ctx: Context, reservation_id: int) -> WholeReservation:
    """Read all of it but its history.

    Raises:
        NotFound: there is none of that number.
    """
    with ctx.store.connect() as connection:
        view = view_in(connection, reservation_id, ctx.actor)
        own = zone(connection)
        today = ctx.clock.now().astimezone(own).date()
        months = ctx.settings.passport_months
        lines = due_lines(view, today)
        found: dict[str, Any] = {
            "money": money_of(view, lines, today),
            "schedule": lines,
            "folios": _folios(connection, reservation_id),
            "passports": _passports(connection, view, today, months),
            "window": _window(ctx, connection, reservation_id),
            "watched": _watched(ctx, connection, reservation_id, own),
        }
        seen = {scope.BIND: ctx.actor.scopes}
        talks = list(connection.execute(reservation_talks.talks_of(reservation_id), seen).scalars())
        hand = select(_C.id).where(_C.id.in_(talks), _C.reservation_id == reservation_id)
        by_hand = set(connection.execute(hand).scalars())
    rows = sorted(folders.rows_of(ctx, talks).values(), key=lambda one: (one.last_at, one.id), reverse=True)
    return WholeReservation(
        view=view,
        today=today,
        months=months,
        conversations=tuple(TalkView(row, row.id in by_hand) for row in rows),
        feedback=feedback.of_reservation(ctx, reservation_id),
        costs=quality_costs.of_reservation(ctx, reservation_id),
        notices=notice_lists.of_reservation(ctx, reservation_id),
        memos=memos.listed(ctx, reservation=reservation_id),
        internal=internal.listed(ctx, reservation=reservation_id),
        reminders=reminders.listed(ctx, reservation=reservation_id, include_done=True),
        **found,
    )


def due_lines(view: ReservationView, today: date) -> tuple[DueView, ...]:
    """The schedule with the money on each line, in line order."""
    paid = view.paid.amount if view.paid is not None else 0
    on = schedule.allocate(plain_lines(view.schedule), paid)
    return tuple(
        DueView(
            one,
            Money(there, one.amount.currency),
            Money(one.amount.amount - there, one.amount.currency),
            there < one.amount.amount and one.due < today,
        )
        for one, there in zip(view.schedule, on, strict=True)
    )


def plain_lines(lines: Sequence[LineView]) -> list[schedule.Line]:
    """Lines as the rules of SPEC §7 take them."""
    return [schedule.Line(one.kind, one.due, one.amount.amount, place, one.id) for place, one in enumerate(lines)]


def money_of(view: ReservationView, lines: Sequence[DueView], today: date) -> MoneyView | None:
    """What is paid and missing; None without a currency. Nothing is due of a cancelled one."""
    if not view.currency or view.paid is None:
        return None
    sums = schedule.sums(plain_lines(view.schedule), view.paid.amount)
    open_days = [one.line.due for one in lines if not one.covered]
    due = min(open_days, default=None) if view.status != ReservationStatus.CANCELLED else None

    def money(amount: int) -> Money:
        return Money(amount, view.currency)

    return MoneyView(
        view.paid,
        money(sums.price),
        money(sums.missing_deposit),
        money(sums.missing_balance),
        money(sums.overpaid if lines else 0),
        due,
        due is not None and due < today,
    )


def _folios(connection: Connection, reservation_id: int) -> tuple[FolioSummary, ...]:
    query = (
        select(_B.id, _B.number, _B.name, _B.payer_id, _B.closed_at, _G.given, _G.surname)
        .outerjoin(Guest, _G.id == _B.payer_id)
        .where(_B.reservation_id == reservation_id, _B.removed_at.is_(None))
        .order_by(_B.number)
    )
    sums: dict[int, list[tuple[Money, int]]] = {}
    totals = (
        select(_P.folio_id, _P.currency, func.sum(_P.amount), func.count())
        .where(_P.reservation_id == reservation_id, _P.removed_at.is_(None))
        .group_by(_P.folio_id, _P.currency)
        .order_by(_P.currency)
    )
    for folio, currency, amount, count in connection.execute(totals):
        sums.setdefault(folio, []).append((Money(int(amount), currency), count))
    return tuple(
        FolioSummary(
            row.id,
            row.number,
            display_text(row.name),
            display_text(f"{row.given or ''} {row.surname or ''}".strip()),
            row.payer_id,
            tuple(total for total, _count in sums.get(row.id, ())),
            sum(count for _total, count in sums.get(row.id, ())),
            row.closed_at,
        )
        for row in connection.execute(query)
    )


def _passports(connection: Connection, view: ReservationView, today: date, months: int) -> tuple[PassportNote, ...]:
    """Those whose passport ends too early for this trip; nobody's once it is over or cancelled."""
    back = view.departure or view.arrival
    if view.status not in _AHEAD or back is None or back < today:
        return ()
    query = select(_G.id, _G.passport_expiry).join(ReservationGuest, _H.guest_id == _G.id)
    days = {row.id: row.passport_expiry for row in connection.execute(query.where(_H.reservation_id == view.id))}
    judged = [(one, passport.judge(days.get(one.id), back, today, months)) for one in view.guests]
    return tuple(PassportNote(one.id, one.name, found) for one, found in judged if found.warns)


def _window(ctx: Context, connection: Connection, reservation_id: int) -> int:
    query = select(_O.watch_days).join(Reservation, _R.operator_id == _O.id).where(_R.id == reservation_id)
    days = connection.execute(query).scalar()
    return int(days) if days is not None else ctx.settings.flight_days


def _watched(ctx: Context, connection: Connection, reservation_id: int, own: tzinfo) -> dict[int, FlightState]:
    """The first leg of each journey, and whether the guests know the times of all of it."""
    watch = Watch(connection, ctx.clock.now(), own, ctx.settings.flight_days)
    legs = watch.legs_of([reservation_id]).get(reservation_id, [])
    return {journey[0].id: departures.state([leg.stamp for leg in journey]) for journey in watch.journeys(legs)}
