"""All of a reservation on one screen: money line by line, passports, folios, flights, conversations, notes, history."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from crm_tui import desk
from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.data.columns import columns
from crm_tui.data.tables import Agent, Conversation, Flight, Inquiry, Operator, Posting, ScheduleLine
from crm_tui.desk.common.context import Actor, Context
from tests.desk.bookings import add_reservation, pay, set_columns
from tests.desk.house import NOW, add_account, come_in, mail, make_house


@pytest.fixture
def house(tmp_path: Path) -> Context:
    ctx = make_house(tmp_path)
    add_account(ctx)
    return ctx


@pytest.fixture
def marta(house: Context) -> int:
    return desk.guests.create(house, {"surname": "Guest", "given": "Marta", "emails": ["marta@example.org"]})


@pytest.fixture
def stay(house: Context, marta: int) -> int:
    number = add_reservation(
        house, "B-1", marta, arrival=date(2026, 8, 14), departure=date(2026, 8, 21), value=100_00, currency="EUR"
    )
    with house.write() as tx:
        for place, (kind, due, amount) in enumerate(
            [("deposit", date(2026, 6, 20), 30_00), ("balance", date(2026, 7, 14), 70_00)]
        ):
            values = {"reservation_id": number, "position": place, "kind": kind, "due": due, "amount": amount}
            tx.connection.execute(insert(ScheduleLine).values(**values))
    return number


def conversation(house: Context) -> int:
    come_in(house, mail())
    with house.store.connect() as connection:
        return int(connection.execute(Conversation.__table__.select()).one().id)  # type: ignore[attr-defined]


def hide(house: Context, talk: int) -> Context:
    """Nobody but agent 1 sees the conversation; a colleague who does not."""
    with house.write() as tx:
        tx.connection.execute(update(Conversation).where(columns(Conversation).id == talk).values(scope="a1"))
        tx.connection.execute(insert(Agent).values(name="Leo", role="agent", created_at=tx.now))
    return house.acting_as(Actor(2, "Leo", "agent"))


def test_money_stands_line_by_line(house: Context, stay: int) -> None:
    pay(house, stay, NOW.date(), 40_00)
    found = desk.reservation_whole.get(house, stay)
    assert [(one.on.amount, one.missing.amount, one.late) for one in found.schedule] == [
        (30_00, 0, False),
        (10_00, 60_00, False),
    ]
    assert found.money is not None
    sums = found.money
    assert (sums.missing_deposit.amount, sums.missing_balance.amount, sums.due) == (0, 60_00, date(2026, 7, 14))


def test_an_uncovered_line_of_the_past_is_late(house: Context, stay: int) -> None:
    found = desk.reservation_whole.get(house, stay)
    assert [one.late for one in found.schedule] == [True, False]
    assert found.money is not None
    assert found.money.late


@pytest.mark.parametrize(("expiry", "warned"), [("2027-02-20", True), ("2027-02-21", False), ("2026-01-01", True)])
def test_a_passport_is_compared_with_the_return_of_this_trip(
    house: Context, stay: int, marta: int, expiry: str, warned: bool
) -> None:
    set_columns(house, marta, passport_expiry=date.fromisoformat(expiry))
    found = desk.reservation_whole.get(house, stay)
    assert found.months == 6
    assert [one.name for one in found.passports] == (["Marta Guest"] if warned else [])


def test_nobody_is_warned_of_a_trip_that_is_over(house: Context, stay: int, marta: int) -> None:
    set_columns(house, marta, passport_expiry=date(2026, 9, 1))
    desk.reservations.set(house, stay, 1, {"status": "cancelled"})
    assert not desk.reservation_whole.get(house, stay).passports


def test_the_first_folio_is_there_with_what_stands_on_it(house: Context, stay: int) -> None:
    (bill,) = desk.reservation_whole.get(house, stay).folios
    assert (bill.number, bill.totals, bill.postings) == (1, (), 0)
    with house.write() as tx:
        values = {"reservation_id": stay, "folio_id": bill.id, "day": NOW.date(), "category": "lodging"}
        for amount in (100_00, -20_00):
            tx.connection.execute(insert(Posting).values(**values, amount=amount, currency="EUR", created_at=tx.now))
    (bill,) = desk.reservation_whole.get(house, stay).folios
    assert [total.amount for total in bill.totals] == [80_00]
    assert bill.postings == 2


def test_a_flight_is_informed_until_its_times_change(house: Context, stay: int) -> None:
    leg = {"number": "LO1", "from": "WAW", "to": "PMI", "departs": "14 aug 6:35", "arrives": "9:50"}
    number = desk.flights.add(house, stay, leg)
    assert desk.reservation_whole.get(house, stay).watched == {number: "to inform"}
    told = {"informed_at": NOW, "informed_departs": "2026-08-14T06:35", "informed_arrives": "2026-08-14T09:50"}
    with house.write() as tx:
        tx.connection.execute(update(Flight).where(columns(Flight).id == number).values(**told))
    assert desk.reservation_whole.get(house, stay).watched == {number: "informed"}
    desk.flights.set(house, number, 1, {"departs": "14 aug 7:00"})
    assert desk.reservation_whole.get(house, stay).watched == {number: "inform again"}


def test_a_conversation_is_linked_and_taken_out(house: Context, stay: int) -> None:
    talk = conversation(house)
    assert [row.id for row in desk.reservation_links.candidates(house, stay)] == [talk]
    assert desk.reservation_links.link(house, stay, [talk]) == 1
    assert desk.reservation_links.link(house, stay, [talk]) == 0
    (found,) = desk.reservation_whole.get(house, stay).conversations
    assert (found.row.id, found.by_hand) == (talk, True)
    assert desk.reservation_links.of_conversation(house, talk) == stay
    assert not desk.reservation_links.candidates(house, stay)
    desk.undo.undo(house)
    assert not desk.reservation_whole.get(house, stay).conversations
    desk.reservation_links.link(house, stay, [talk])
    assert desk.reservation_links.unlink(house, stay, [talk]) == 1
    assert not desk.reservation_whole.get(house, stay).conversations


def test_a_conversation_is_about_one_reservation(house: Context, stay: int, marta: int) -> None:
    talk = conversation(house)
    other = add_reservation(house, "B-2", marta)
    desk.reservation_links.link(house, other, [talk])
    with pytest.raises(Conflict, match="B-2 already"):
        desk.reservation_links.link(house, stay, [talk])


def test_the_conversations_of_the_inquiry_belong_to_it(house: Context, stay: int) -> None:
    talk = conversation(house)
    inquiry = desk.inquiries.from_conversation(house, talk)
    desk.reservations.set(house, stay, 1, {"inquiry": inquiry})
    (found,) = desk.reservation_whole.get(house, stay).conversations
    assert (found.row.id, found.by_hand) == (talk, False)
    assert desk.reservation_links.of_conversation(house, talk) == stay
    with pytest.raises(Conflict, match="belongs to inquiry"):
        desk.reservation_links.unlink(house, stay, [talk])


def test_what_an_agent_may_not_see_is_not_there(house: Context, stay: int) -> None:
    talk = conversation(house)
    desk.reservation_links.link(house, stay, [talk])
    desk.memos.add(house, "On the hidden one", conversation=talk)
    desk.memos.add(house, "On the reservation", reservation=stay)
    leo = hide(house, talk)
    found = desk.reservation_whole.get(leo, stay)
    assert not found.conversations
    assert [one.text for one in found.memos] == ["On the reservation"]
    assert "On the hidden one" not in str(desk.history.of_reservation(leo, stay))
    with pytest.raises(NotFound):
        desk.reservation_links.link(leo, stay, [talk])
    with pytest.raises(NotFound):
        desk.reservation_links.unlink(leo, stay, [talk])
    assert desk.reservation_links.of_conversation(leo, talk) is None
    assert not desk.reservation_links.candidates(leo, stay)


def test_memos_and_internal_messages_on_a_reservation(house: Context, stay: int) -> None:
    with house.write() as tx:
        tx.connection.execute(insert(Agent).values(name="Leo", role="agent", created_at=tx.now))
    memo = desk.memos.add(house, "Late arrival", reservation=stay)
    desk.internal.send(house, "Leo", "Please call", reservation=stay)
    assert desk.memos.get(house, memo).reservation == stay
    (message,) = desk.internal.listed(house, reservation=stay)
    assert (message.about, message.reservation) == ("Reservation B-1", stay)
    with pytest.raises(NotFound):
        desk.memos.add(house, "x", reservation=99)
    with pytest.raises(NotFound):
        desk.internal.send(house, "Leo", "x", reservation=99)
    with pytest.raises(InvalidInput):
        desk.memos.add(house, "x", reservation=stay, guest=1)
    told = [one.text for one in desk.history.of_reservation(house, stay)]
    assert told[-2:] == ["Late arrival", "→ Leo: Please call"]


def test_the_memos_of_its_inquiry_show_too(house: Context, stay: int) -> None:
    talk = conversation(house)
    inquiry = desk.inquiries.from_conversation(house, talk)
    desk.reservations.set(house, stay, 1, {"inquiry": inquiry})
    desk.memos.add(house, "Wants sea view", inquiry=inquiry)
    assert [one.text for one in desk.memos.listed(house, reservation=stay)] == ["Wants sea view"]
    with house.write() as tx:
        tx.connection.execute(update(Inquiry).where(columns(Inquiry).id == inquiry).values(scope="a9"))
    assert not desk.memos.listed(house, reservation=stay)


def test_the_history_is_changes_comments_guests_and_mail(house: Context, stay: int, marta: int) -> None:
    talk = conversation(house)
    desk.reservation_links.link(house, stay, [talk])
    desk.reservations.set(house, stay, 1, {"room": "204"})
    desk.memos.add(house, "Cot needed", reservation=stay)
    desk.events.add(house, marta, "call", "Asked for the hour of arrival", reservation=stay)
    told = [one.text for one in desk.history.of_reservation(house, stay)]
    for words in ("linked it", "room: – → 204", "Cot needed", "Asked for", "wrote: “Room in August”"):
        assert any(words in one for one in told), (words, told)
    comments = desk.history.of_reservation(house, stay, show="comments", newest_first=True)
    assert [one.text for one in comments] == ["Cot needed"]


def test_a_reservation_that_is_not_there(house: Context) -> None:
    for work in (
        lambda: desk.reservation_whole.get(house, 9),
        lambda: desk.history.of_reservation(house, 9),
        lambda: desk.memos.listed(house, reservation=9),
        lambda: desk.internal.listed(house, reservation=9),
        lambda: desk.reservation_links.candidates(house, 9),
        lambda: desk.flights.add(house, 9, {}),
    ):
        with pytest.raises(NotFound):
            work()


def test_it_says_inform_again_where_the_watchlist_does(house: Context, stay: int) -> None:
    number = desk.flights.add(house, stay, {"number": "LO1", "from": "WAW", "to": "PMI", "departs": "2026-07-02 06:00"})
    desk.departures.inform(house, [number])
    with house.write() as tx:
        tx.connection.execute(update(Flight).where(columns(Flight).id == number).values(number="LO3"))
    listed = desk.departures.row_of(house, number)
    assert listed is not None
    assert listed.state == "inform again"
    assert desk.reservation_whole.get(house, stay).watched == {number: "inform again"}


def test_feedback_that_came_by_a_hidden_mail_is_not_in_its_history(house: Context, stay: int) -> None:
    talk = conversation(house)
    desk.feedback.add(house, "negative", reservation=stay, conversation=talk, code="Secret noise")
    leo = hide(house, talk)
    mine, his = (desk.history.of_reservation(one, stay) for one in (house, leo))
    assert any("Secret noise" in entry.text for entry in mine)
    assert not any("Secret noise" in entry.text for entry in his)
    assert desk.feedback.codes(leo) == []


def test_a_reminder_on_a_hidden_mail_is_in_no_history(house: Context, stay: int, marta: int) -> None:
    talk = conversation(house)
    desk.reminders.add(house, "Secret call", "fri", reservation=stay, conversation=talk)
    leo = hide(house, talk)
    for of, number in ((desk.history.of_reservation, stay), (desk.history.of_guest, marta)):
        mine, his = ([entry.text for entry in of(one, number)] for one in (house, leo))
        assert any("Secret call" in text for text in mine)
        assert not any("Secret call" in text for text in his)


def test_a_reminder_on_a_hidden_inquiry_is_not_in_the_history_of_its_guest(house: Context, marta: int) -> None:
    inquiry = desk.inquiries.create(house, {}, guest=marta)
    desk.reminders.add(house, "Secret call", "fri", inquiry=inquiry)
    with house.write() as tx:
        tx.connection.execute(update(Inquiry).where(columns(Inquiry).id == inquiry).values(scope="a1"))
        tx.connection.execute(insert(Agent).values(name="Leo", role="agent", created_at=tx.now))
    leo = house.acting_as(Actor(2, "Leo", "agent"))
    assert any("Secret call" in entry.text for entry in desk.history.of_guest(house, marta))
    assert not any("Secret call" in entry.text for entry in desk.history.of_guest(leo, marta))


def test_the_operator_says_how_long_before_a_flight_is_watched(house: Context, stay: int) -> None:
    assert desk.reservation_whole.get(house, stay).window == house.settings.flight_days
    desk.reservations.set(house, stay, 1, {"operator": "Coast"})
    with house.write() as tx:
        tx.connection.execute(update(Operator).values(watch_days=5))
    assert desk.reservation_whole.get(house, stay).window == 5
