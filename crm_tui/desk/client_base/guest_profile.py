"""All that is known of a guest at one glance: who it is, what must not be overlooked, and the guest in numbers (SPEC §6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from crm_tui.data.columns import columns
from crm_tui.data.tables import CompanyContact, Guest, Reservation, ReservationGuest
from crm_tui.desk.client_base import guest_entries, guest_places
from crm_tui.desk.client_base.guest_history_views import GuestEntry
from crm_tui.desk.client_base.guest_mail import GUESTS
from crm_tui.desk.client_base.guest_profile_views import ContactView, Numbers, ProfileView
from crm_tui.desk.client_base.guest_rows import view_in
from crm_tui.desk.client_base.guest_whole import whole
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence.writing import zone
from crm_tui.mail.text import display_text
from crm_tui.rules import passport
from crm_tui.rules.money import Money
from crm_tui.rules.vocabulary import ReservationStatus

_G = columns(Guest)
_K = columns(CompanyContact)
_Q = columns(ReservationGuest)
_R = columns(Reservation)

_STAYS = (ReservationStatus.CONFIRMED, ReservationStatus.COMPLETED)
_AHEAD = (ReservationStatus.OPTION, ReservationStatus.CONFIRMED)


def get(ctx: Context, guest_id: int) -> ProfileView:
    """The profile that is there under a number: the guest's own, or that of the one it was merged into.

    Raises:
        NotFound: there is none.
    """
    with ctx.store.connect() as connection:
        alive, everyone = whole(connection, guest_id)
        return _view(connection, ctx, guest_id, alive, everyone)


def opened(ctx: Context, guest_id: int, limit: int) -> tuple[ProfileView, list[GuestEntry]]:
    """What a screen shows first: the profile and the newest entries of its history, as they are at one instant.

    Raises:
        NotFound: there is none.
    """
    with ctx.store.connect() as connection:
        alive, everyone = whole(connection, guest_id)
        places = guest_places.places(connection, ctx.actor, everyone, limit=limit)
        made = guest_entries.make(connection, ctx.actor, everyone, places)
        return _view(connection, ctx, guest_id, alive, everyone), made


def _view(connection: Connection, ctx: Context, number: int, alive: int, everyone: list[int]) -> ProfileView:
    row = connection.execute(_BESIDE, {"guest": alive}).one()
    place = zone(connection)
    today = ctx.clock.now().astimezone(place).date()
    trips = connection.execute(_TRIPS, {"guests": everyone}).all()
    guest = view_in(connection, alive, ctx.actor)
    return ProfileView(
        guest=guest,
        number=number,
        document=display_text(row.document),
        region=display_text(row.region),
        passport_number=display_text(row.passport),
        passport=passport.judge(row.passport_expiry, _back(trips, today), today, ctx.settings.passport_months),
        attributes=tuple(one.name for one in guest.attributes),
        contacts=_contacts(connection, alive, row.kind),
        numbers=_numbers(trips, everyone, today),
        archived=row.archived_at,
        erased=row.erased_at,
        erased_on=row.erased_at.astimezone(place).date() if row.erased_at else None,
        merged=len(everyone) - 1,
        today=today,
    )


def _prepared() -> tuple[Any, Any, Any, Any]:
    guest: Any = bindparam("guest")
    names = (_G.kind, _G.document, _G.region, _G.passport, _G.passport_expiry, _G.archived_at, _G.erased_at)
    beside = select(*names).where(_G.id == guest)
    leads = select(_Q.reservation_id, _Q.holder).where(_Q.guest_id.in_(GUESTS)).subquery()
    trips = (
        select(_R.id, _R.status, _R.arrival, _R.departure, _R.value, _R.currency, _R.company_id, leads.c.holder)
        .outerjoin(leads, leads.c.reservation_id == _R.id)
        .where(_R.id.in_(guest_places.RESERVATIONS))
    )
    kept = (_G.merged_into.is_(None), _G.erased_at.is_(None))
    persons = select(_G.id, _G.given, _G.surname, _K.role).join(CompanyContact, _K.person_id == _G.id)
    companies = select(_G.id, _G.given, _G.surname, _K.role).join(CompanyContact, _K.company_id == _G.id)
    return (
        beside,
        trips,
        persons.where(_K.company_id == guest, *kept).order_by(_K.position, _G.folded),
        companies.where(_K.person_id == guest, *kept).order_by(_G.folded),
    )


_BESIDE, _TRIPS, _PERSONS, _COMPANIES = _prepared()


def _contacts(connection: Connection, guest_id: int, kind: str) -> tuple[ContactView, ...]:
    query = _PERSONS if kind == "company" else _COMPANIES
    return tuple(
        ContactView(row.id, display_text(f"{row.given} {row.surname}".strip()), display_text(row.role))
        for row in connection.execute(query, {"guest": guest_id})
    )


def _back(trips: Sequence[Row[Any]], today: date) -> date | None:
    """The latest day of return of the trips that are not over; of one without it the day it begins."""
    days = [day for row in trips if row.status in _AHEAD and (day := _last(row)) is not None and day >= today]
    return max(days, default=None)


def _numbers(trips: Sequence[Row[Any]], everyone: Sequence[int], today: date) -> Numbers:
    once: dict[int, Row[Any]] = {}
    for row in trips:  # the holder's row counts where two of the merged guests are on one reservation
        if row.id not in once or row.holder:
            once[row.id] = row
    kept = [row for row in once.values() if row.status in _STAYS]
    over = [row for row in kept if row.status == ReservationStatus.COMPLETED or (_last(row) or today) < today]
    ahead = [
        row.arrival for row in once.values() if row.status in _AHEAD and row.arrival and (_last(row) or today) >= today
    ]
    sums: dict[str, int] = {}
    for row in kept:
        if row.value is not None and row.currency and (row.holder or row.company_id in everyone):
            sums[row.currency] = sums.get(row.currency, 0) + row.value
    return Numbers(
        len(over),
        max((day for row in over if (day := _last(row)) is not None), default=None),
        min(ahead, default=None),
        tuple(Money(amount, currency) for currency, amount in sorted(sums.items(), key=lambda one: -one[1])),
        len(once) - len(kept) - sum(row.status == ReservationStatus.OPTION for row in once.values()),
    )


def _last(row: Row[Any]) -> date | None:
    day: date | None = row.departure or row.arrival
    return day
