"""Booking: a reservation from an inquiry, from a mail or by hand, in one command that one key takes back (SPEC §7)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from crm_tui import desk
from crm_tui.base.errors import NotFound
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, Guest, Reservation
from crm_tui.desk.common.context import Context
from crm_tui.desk.requests.inquiry_faults import InvalidFields
from crm_tui.desk.stays.booking import BookedGuest
from crm_tui.desk.stays.reservation_views import ReservationQuery
from crm_tui.desk.stays.reservations import StaleReservation
from crm_tui.rules.money import Money
from tests.desk.asked import add_guest
from tests.desk.colleagues import colleague
from tests.desk.requests.test_inquiries import folder, one_mail


def people(ctx: Context) -> list[str]:
    with ctx.store.connect() as connection:
        return list(connection.execute(select(columns(Guest).surname).order_by(columns(Guest).id)).scalars())


def test_an_inquiry_gives_all_it_knows_and_is_closed_by_saving(ctx: Context) -> None:
    talk = one_mail(ctx)
    number = desk.inquiries.from_conversation(ctx, talk)
    said = {"arrival": "2026-08-01", "departure": "2026-08-08", "adults": "2", "children": "4, 7", "room": "Suite",
            "price": "900 EUR", "channel": "phone", "board": "breakfast", "preferences": "high floor"}  # fmt: skip
    desk.inquiries.set(ctx, number, desk.inquiries.get(ctx, number).version, said)
    offered = desk.booking.from_conversation(ctx, talk)
    assert offered == desk.booking.from_inquiry(ctx, number)
    made = desk.booking.book(ctx, offered.values, offered.guests, inquiry=offered.inquiry)
    found = desk.reservations.get(ctx, made)
    assert (found.arrival, found.departure) == (date(2026, 8, 1), date(2026, 8, 8))
    assert (found.adults, found.children, found.room, found.channel) == (2, 2, "Suite", "phone")
    assert (found.value, found.inquiry, found.remarks) == (Money(90_000, "EUR"), number, "breakfast\nhigh floor")
    assert found.holder is not None
    assert found.holder.name == "Marta Guest"
    assert desk.inquiries.get(ctx, number).status == "booked"
    assert folder(ctx, talk) == "Booked"
    assert desk.booking.from_inquiry(ctx, number).already == (found.code,)

    desk.undo.undo(ctx)
    assert desk.inquiries.get(ctx, number).status != "booked"
    assert folder(ctx, talk) == "Inquiries"
    with pytest.raises(NotFound):
        desk.reservations.get(ctx, made)
    assert desk.reservation_lists.ids(ctx, ReservationQuery(status="all")) == []


def test_a_mail_is_booked_without_an_inquiry_before(ctx: Context) -> None:
    talk = one_mail(ctx)
    offered = desk.booking.from_conversation(ctx, talk)
    assert offered.inquiry is None
    assert [(one.id, one.name, one.holder) for one in offered.guests] == [(None, "Marta Guest", True)]
    assert people(ctx) == []  # nothing is made by looking
    made = desk.booking.book(
        ctx, {**offered.values, "arrival": "2026-08-01"}, offered.guests, conversation=offered.conversation
    )
    found = desk.reservations.get(ctx, made)
    assert people(ctx) == ["Guest"]
    assert found.holder is not None
    assert found.holder.email == "marta@example.org"
    assert found.inquiry is not None
    inquiry = desk.inquiries.get(ctx, found.inquiry)
    assert (inquiry.status, inquiry.arrival, [one.id for one in inquiry.conversations]) == (
        "booked",
        date(2026, 8, 1),
        [talk],
    )
    assert inquiry.holder is not None
    assert inquiry.holder.id == found.holder.id
    assert folder(ctx, talk) == "Booked"
    desk.undo.undo(ctx)
    assert folder(ctx, talk) == "Inbox"
    assert desk.inquiries.of_conversation(ctx, talk) is None


def test_a_known_sender_is_offered_as_the_guest(ctx: Context) -> None:
    known = add_guest(ctx, "Guest", "Marta", mails=["marta@example.org"])
    offered = desk.booking.from_conversation(ctx, one_mail(ctx))
    assert [(one.id, one.holder) for one in offered.guests] == [(known, True)]


def test_an_inquiry_that_was_booked_before_still_moves_its_mail(ctx: Context) -> None:
    talk = one_mail(ctx)
    number = desk.inquiries.from_conversation(ctx, talk, {"status": "booked"})
    desk.triage.move(ctx, [talk], "Inbox")
    desk.booking.book(ctx, {}, inquiry=number)
    assert folder(ctx, talk) == "Booked"


def test_by_hand_the_first_person_is_the_holder_and_a_company_never(ctx: Context) -> None:
    company = desk.guests.create(ctx, {"kind": "company", "surname": "Firma"})
    first, second = add_guest(ctx, "Nowak"), add_guest(ctx, "Petit")
    made = desk.booking.book(
        ctx, {"company": company}, [BookedGuest(company, "Firma"), BookedGuest(first, "N"), BookedGuest(second, "P")]
    )
    found = desk.reservations.get(ctx, made)
    assert found.holder is not None
    assert found.holder.id == first
    assert found.company == (company, "Firma")
    with pytest.raises(InvalidFields) as refused:
        desk.booking.book(ctx, {}, [BookedGuest(company, "Firma", holder=True)])
    assert set(refused.value.errors) == {"guests"}


def test_nothing_is_left_of_what_is_not_usable(ctx: Context) -> None:
    talk = one_mail(ctx)
    offered = desk.booking.from_conversation(ctx, talk)
    with pytest.raises(InvalidFields) as refused:
        desk.booking.book(ctx, {"arrival": "2026-08-09", "departure": "2026-08-01"}, offered.guests, conversation=talk)
    assert set(refused.value.errors) == {"departure"}
    assert people(ctx) == []
    with ctx.store.connect() as connection:
        assert connection.execute(select(columns(Reservation).id)).first() is None
        assert connection.execute(select(columns(Conversation).inquiry_id)).scalars().all() == [None]


def test_fields_and_guests_change_as_one_command(ctx: Context) -> None:
    first, second = add_guest(ctx, "Nowak"), add_guest(ctx, "Petit")
    made = desk.booking.book(ctx, {"code": "M-1"}, [BookedGuest(first, "N")])
    view = desk.reservations.get(ctx, made)
    wanted = [BookedGuest(first, "N"), BookedGuest(second, "P", holder=True)]
    changed = desk.booking.change(ctx, made, view.version, {"room": "7"}, wanted, before=[first])
    assert (changed.room, [(one.id, one.holder) for one in changed.guests]) == ("7", [(second, True), (first, False)])
    desk.undo.undo(ctx)
    back = desk.reservations.get(ctx, made)
    assert (back.room, [(one.id, one.holder) for one in back.guests]) == ("", [(first, True)])


def test_guests_that_a_colleague_changed_are_not_overwritten(ctx: Context) -> None:
    first, second, third = add_guest(ctx, "Nowak"), add_guest(ctx, "Petit"), add_guest(ctx, "Roy")
    made = desk.booking.book(ctx, {}, [BookedGuest(first, "N")])
    view = desk.reservations.get(ctx, made)
    desk.reservation_guests.add(colleague(ctx, "Leo"), made, second)
    wanted = [BookedGuest(first, "N"), BookedGuest(third, "R")]
    with pytest.raises(StaleReservation) as refused:
        desk.booking.change(ctx, made, view.version, {}, wanted, before=[first])
    assert refused.value.fields == ("guests",)


def test_the_currency_of_what_was_paid_stays(ctx: Context) -> None:
    from tests.desk.bookings import pay

    made = desk.booking.book(ctx, {"value": "900 EUR"})
    pay(ctx, made, date(2026, 7, 1), 100)
    with pytest.raises(InvalidFields) as refused:
        desk.reservations.set(ctx, made, 1, {"value": "900 PLN"})
    assert set(refused.value.errors) == {"value"}
