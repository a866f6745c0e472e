"""The template variables of a reservation and of its payment (SPEC §5), written in the template's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta, tzinfo
from typing import Any

from sqlalchemy import Connection, Row, select

from crm_tui.base.i18n import N_
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    Flight,
    Guest,
    GuestEmail,
    Operator,
    Reservation,
    ReservationDue,
    ReservationGuest,
    ScheduleLine,
)
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.requests.inquiry_variables import party
from crm_tui.desk.stays import reservation_talks
from crm_tui.desk.texts.template_variables import Group, Scene, Variable, clean, long_date, register
from crm_tui.desk.watchlists import airports
from crm_tui.rules import departures, schedule
from crm_tui.rules.mail_addresses import spellings
from crm_tui.rules.money import Money
from crm_tui.rules.vocabulary import ReservationStatus

_R = columns(Reservation)
_O = columns(Operator)
_F = columns(Flight)
_G = columns(Guest)
_H = columns(ReservationGuest)
_E = columns(GuestEmail)
_D = columns(ReservationDue)
_L = columns(ScheduleLine)


def reservation_of(scene: Scene) -> int | None:
    """What the letter is about: the reservation named, else that of the conversation."""
    if scene.reservation is not None:
        return scene.reservation
    if scene.conversation is None:
        return None
    return reservation_talks.reservation_of(scene.connection, scene.ctx.actor.scopes, scene.conversation)


def holder_of(connection: Connection, reservation: int, address: str = "") -> Row[Any] | None:
    """The holder: ``surname``, ``given``, ``language``; None without one, or where somebody else is written to."""
    query = select(_G.id, _G.surname, _G.given, _G.language).join(ReservationGuest, _H.guest_id == _G.id)
    row = connection.execute(query.where(_H.reservation_id == reservation, _H.holder)).first()
    if row is None or not address:
        return row
    mails = connection.execute(select(_E.folded).where(_E.guest_id == row.id)).scalars().all()
    return row if not mails or spellings(address) & set(mails) else None


def _provide_reservation(scene: Scene) -> Mapping[str, Any]:
    number = reservation_of(scene)
    row = _row(scene.connection, number) if number is not None else None
    return reservation_values(scene.connection, row, scene.language, _today(scene)) if row is not None else {}


def _provide_payment(scene: Scene) -> Mapping[str, Any]:
    number = reservation_of(scene)
    row = _row(scene.connection, number) if number is not None else None
    if row is None:
        return {}
    ahead = timedelta(days=scene.ctx.settings.payment_days)
    return payment_values(scene.connection, row, scene.language, _today(scene) + ahead)


def _today(scene: Scene) -> date:
    return scene.ctx.clock.now().astimezone(zone(scene.connection)).date()


def _row(connection: Connection, number: int) -> Row[Any] | None:
    query = select(table_of(Reservation), _O.name.label("operator")).outerjoin(Operator, _O.id == _R.operator_id)
    return connection.execute(query.where(_R.id == number, _R.removed_at.is_(None))).first()


def reservation_values(connection: Connection, row: Any, language: str, today: date) -> dict[str, str]:
    """The values of the group ``reservation``."""

    def day(value: date | None) -> str:
        return long_date(value, language) if value else ""

    nights = (row.departure - row.arrival).days if row.arrival and row.departure else None
    title = " · ".join(part for part in (row.product, row.destination, row.room) if part)
    return {
        "code": clean(row.code),
        "arrival": day(row.arrival),
        "departure": day(row.departure),
        "nights": str(nights) if nights else "",
        "party": party(row.adults, [None] * (row.children or 0), language),
        "adults": str(row.adults) if row.adults is not None else "",
        "children": str(row.children) if row.children else "",
        "title": clean(title),
        **{name: clean(getattr(row, name) or "") for name in ("product", "destination", "room", "operator")},
        "value": _money(row.value, row.currency, language) if row.value is not None else "",
        **_flights(connection, row.id, language, today),
    }


def _flights(connection: Connection, reservation: int, language: str, today: date) -> dict[str, str]:
    """The next flight that a journey begins with, else the last; and all of them in one line."""
    query = select(table_of(Flight)).where(_F.reservation_id == reservation, _F.removed_at.is_(None))
    legs = list(connection.execute(query.order_by(_F.position, _F.id)).all())
    if not legs:
        return {}
    own = zone(connection)
    firsts = [journey[0] for journey in departures.journeys(legs, lambda leg: _leaves(leg, own))]
    ahead = [leg for leg in firsts if leg.departs[:10] >= today.isoformat()]
    one = (ahead or firsts[-1:] or legs)[0]
    return {
        "flight": clean(one.number),
        "flight_from": airport(one.from_airport),
        "flight_to": airport(one.to_airport),
        "flight_departs": local_time(one.departs, language),
        "flight_arrives": local_time(one.arrives, language),
        "flights": "; ".join(_leg(leg, language) for leg in legs),
    }


def _leaves(leg: Any, own: tzinfo) -> Any:
    local = departures.read_local(leg.departs)
    assert local is not None, "journeys leaves those out"
    return departures.moment(local, airports.zone_of(leg.from_airport) or own).at


def _leg(leg: Any, language: str) -> str:
    ways = " – ".join(airport(code) for code in (leg.from_airport, leg.to_airport) if code)
    return ", ".join(part for part in (clean(leg.number), ways, local_time(leg.departs, language)) if part)


def airport(code: str) -> str:
    """``Warsaw (WAW)``; the code alone where nothing is known of it."""
    found = airports.find(code)
    return clean(f"{found.city or found.name} ({found.code})") if found is not None else clean(code)


def local_time(text: str, language: str) -> str:
    """``14 August 2026, 06:35``; empty without a time."""
    if len(text) < 16:
        return ""
    return f"{long_date(date.fromisoformat(text[:10]), language)}, {text[11:16]}"


def payment_values(connection: Connection, row: Any, language: str, until: date) -> dict[str, str]:
    """The values of the group ``payment``; what is not missing is empty, so that no reminder of nothing goes out.

    Args:
        until: lines due on or before this day are asked for; without one, what is due next.
    """
    if not row.currency:
        return {}
    due = connection.execute(select(table_of(ReservationDue)).where(_D.reservation_id == row.id)).first()
    sums = schedule.Sums(due.paid, due.deposit, due.price) if due is not None else schedule.Sums(0, 0, 0)
    found = {"paid": _money(sums.paid, row.currency, language), "currency": row.currency}
    if row.value is not None:
        found["value"] = _money(row.value, row.currency, language)
    if sums.price:
        found["price"] = _money(sums.price, row.currency, language)
    if row.status == ReservationStatus.CANCELLED:
        return found
    missing = {
        "missing": schedule.next_amount(_lines(connection, row.id), sums.paid, until),
        "missing_deposit": sums.missing_deposit,
        "missing_balance": sums.missing_balance,
        "missing_total": sums.missing_deposit + sums.missing_balance,
        "overpaid": sums.overpaid if sums.price else 0,
    }
    found |= {name: _money(amount, row.currency, language) for name, amount in missing.items() if amount}
    if due is not None and due.due is not None:
        found["due"] = long_date(due.due, language)
    return found


def _lines(connection: Connection, reservation: int) -> list[schedule.Line]:
    query = select(_L.kind, _L.due, _L.amount, _L.position, _L.id).where(
        _L.reservation_id == reservation, _L.removed_at.is_(None)
    )
    return [schedule.Line(*row) for row in connection.execute(query)]


def _money(amount: int, currency: str, language: str) -> str:
    return Money(amount, currency).written(language)


register(
    Group(
        "reservation",
        (
            Variable("code", N_("the booking code"), "MIR-2041"),
            Variable("arrival", N_("the day of arrival, in the template's language"), "12 July 2027"),
            Variable("departure", N_("the day of departure"), "19 July 2027"),
            Variable("nights", N_("how many nights"), "7"),
            Variable("party", N_("who comes: adults and children"), "2 + 1"),
            Variable("adults", N_("how many adults"), "2"),
            Variable("children", N_("how many children"), "1"),
            Variable("title", N_("what is booked: product, destination, room"), "Palma · 204"),
            Variable("product", N_("the operator's product"), "Week in the sun"),
            Variable("destination", N_("the destination"), "Palma"),
            Variable("room", N_("the room"), "204"),
            Variable("operator", N_("the tour operator"), "Rainbow Coast"),
            Variable("value", N_("the value of the reservation, with its currency"), "€1,120.00"),
            Variable("flight", N_("the number of the next flight"), "LO 655"),
            Variable("flight_from", N_("the airport it departs from"), "Warsaw (WAW)"),
            Variable("flight_to", N_("the airport it goes to"), "Palma De Mallorca (PMI)"),
            Variable("flight_departs", N_("when it departs, by that airport's clock"), "12 July 2027, 06:35"),
            Variable("flight_arrives", N_("when it arrives, by that airport's clock"), "12 July 2027, 09:50"),
            Variable(
                "flights",
                N_("all flights in one line"),
                "LO 655, Warsaw (WAW) – Palma De Mallorca (PMI), 12 July 2027, 06:35",
            ),
        ),
        _provide_reservation,
    )
)
register(
    Group(
        "payment",
        (
            Variable("missing", N_("what is to be paid now, with its currency"), "€336.00"),
            Variable("due", N_("the day by which it is due, or was"), "30 June 2027"),
            Variable("missing_deposit", N_("what is missing of the deposit"), "€336.00"),
            Variable("missing_balance", N_("what is missing of the rest"), "€784.00"),
            Variable("missing_total", N_("all that is missing"), "€1,120.00"),
            Variable("paid", N_("what was paid so far"), "€0.00"),
            Variable("value", N_("the value of the reservation"), "€1,120.00"),
            Variable("price", N_("the sum of all that is due, now and later"), "€1,120.00"),
            Variable("overpaid", N_("what was paid too much"), ""),
            Variable("currency", N_("the currency, three letters"), "EUR"),
        ),
        _provide_payment,
    )
)
