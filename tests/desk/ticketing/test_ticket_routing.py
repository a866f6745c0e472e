"""Tickets that are shared out, evened out, left behind and picked up (SPEC §10)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from crm_tui.base.clock import FixedClock
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Conversation, Reservation
from crm_tui.desk.common.context import ENGINE, Context
from crm_tui.desk.conversations import triage
from crm_tui.desk.histories import history
from crm_tui.desk.staff import team
from crm_tui.desk.ticketing import stages, tickets
from crm_tui.desk.ticketing.tickets import TicketQuery
from crm_tui.desk.undoing import undo
from crm_tui.desk.upkeep import checking
from tests.desk.bookings import add_reservation
from tests.desk.colleagues import colleague, keep_for
from tests.desk.house import make_house
from tests.desk.worked import (
    asks,
    asks_again,
    columns_of,
    conversation_of,
    out_of_step,
    pauses,
    resumes,
    share_out,
    stops,
    takes,
    with_whom,
    works,
)


@pytest.fixture
def ana(tmp_path: Path) -> Context:
    return make_house(tmp_path)


def later(ctx: Context, **by: float) -> None:
    assert isinstance(ctx.clock, FixedClock)
    ctx.clock.advance(timedelta(**by))


def number_of(ctx: Context) -> int:
    assert ctx.actor.id is not None
    return ctx.actor.id


def loads(ctx: Context) -> list[int]:
    return [one.load for one in tickets.loads(ctx)]


def test_without_any_timer_the_desk_works_as_before(ana: Context) -> None:
    one, two = asks(ana, 1), asks(ana, 2)
    tickets.take(ana, [one])
    assert share_out(ana) == 0
    assert with_whom(ana) == {one: number_of(ana), two: None}


def test_mail_is_shared_out_among_who_works_and_each_ticket_says_why(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    works(ana)
    works(leo)
    made = [asks(ana, number) for number in range(1, 6)]
    share_out(ana)
    assert loads(ana) == [3, 2]
    rows = {row.id: row for row in tickets.page(ana, TicketQuery()).rows}
    assert {row.how for row in rows.values()} == {"automatic"}
    assert "first in the team" in rows[made[0]].why
    assert "The least to do of 2" in rows[made[1]].why
    assert not any(row.pinned for row in rows.values())


def test_the_next_goes_to_who_got_none_for_the_longest_time(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    works(ana)
    works(leo)
    first, second = asks(ana, 1), asks(ana, 2)
    share_out(ana)
    assert with_whom(ana) == {first: number_of(ana), second: number_of(leo)}
    for number in (first, second):
        triage.no_answer_needed(ana, [conversation_of(ana, number)])
    later(ana, minutes=1)
    third = asks(ana, 3)
    share_out(ana)
    assert with_whom(ana) == {third: number_of(ana)}  # Leo got his a moment later
    triage.no_answer_needed(ana, [conversation_of(ana, third)])
    later(ana, minutes=1)
    fourth = asks(ana, 4)
    share_out(ana)
    assert with_whom(ana) == {fourth: number_of(leo)}  # now Ana had one after him


def test_who_starts_later_gets_a_share_of_what_is_not_opened(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    works(ana)
    made = [asks(ana, number, minutes_ago=90 - number) for number in range(1, 8)]
    share_out(ana)
    for number in made[:2]:
        tickets.opened(ana, conversation_of(ana, number))
    works(leo)
    share_out(ana)
    assert sorted(loads(ana)) == [3, 4]
    moved = [number for number, who in with_whom(ana).items() if who == leo.actor.id]
    assert moved == made[2:5]  # the oldest that were not opened
    assert tickets.why(leo, made[2]) == "Evened out: Ana had 7, Leo had 0."


def test_twenty_twenty_five_becomes_fifteen_each(ana: Context) -> None:
    leo, mia = colleague(ana, "Leo"), colleague(ana, "Mia")
    works(mia)
    for number in range(5):
        asks(ana, number)
    share_out(ana)
    pauses(mia)
    works(ana)
    works(leo)
    for number in range(5, 45):
        asks(ana, number, minutes_ago=119 - number)
    share_out(ana)
    assert loads(ana) == [20, 20, 5]
    before = with_whom(ana)
    resumes(mia)
    assert share_out(ana) == 10
    assert loads(ana) == [15, 15, 15]
    moved = {number for number, who in with_whom(ana).items() if who != before[number]}
    assert {with_whom(ana)[number] for number in moved} == {number_of(mia)}
    for giver in (ana, leo):  # the five that had waited longest with each
        held = [number for number, who in before.items() if who == number_of(giver)]
        assert moved & set(held) == set(held[:5])
    assert share_out(ana) == 0


def test_a_difference_of_one_never_moves_anything(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    works(ana)
    works(leo)
    made = [asks(ana, number) for number in range(5)]
    share_out(ana)
    assert loads(ana) == [3, 2]
    before = with_whom(ana)
    for _each in range(3):
        later(ana, minutes=1)
        assert share_out(ana) == 0
    assert with_whom(ana) == before
    of_leo = next(number for number in made if before[number] == number_of(leo))
    triage.no_answer_needed(leo, [conversation_of(ana, of_leo)])
    assert loads(ana) == [3, 1]
    assert share_out(ana) == 1
    assert loads(ana) == [2, 2]


def test_given_by_hand_does_not_move_by_itself(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    made = [asks(ana, number) for number in range(1, 5)]
    tickets.give(ana, made, "Ana")
    works(ana)
    works(leo)
    assert share_out(ana) == 0
    assert loads(ana) == [4, 0]


def test_who_paused_keeps_what_they_have_gives_but_does_not_receive(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    works(ana)
    for number in range(1, 5):
        asks(ana, number)
    share_out(ana)
    pauses(ana)
    asks(ana, 5)
    share_out(ana)
    assert loads(ana) == [4, 0]
    assert len(tickets.queue(ana)) == 1
    works(leo)
    share_out(ana)
    assert loads(ana) == [3, 2]
    resumes(ana)
    assert share_out(ana) == 0


def test_everyone_paused_means_a_visible_queue(ana: Context) -> None:
    works(ana)
    pauses(ana)
    asks(ana, 1)
    assert share_out(ana) == 0
    assert [row.state for row in tickets.queue(ana)] == ["queued"]
    assert "paused intake" in tickets.queue(ana)[0].why


def test_what_nobody_takes_waits_and_does_not_hold_up_the_rest(ana: Context) -> None:
    works(ana)
    takes(ana, channels="direct")
    old = asks(ana, 1, sender="Zoe <zoe@guest.booking.com>", minutes_ago=300)
    new = asks(ana, 2)
    share_out(ana)
    assert with_whom(ana) == {old: None, new: number_of(ana)}
    assert "Booking.com" in tickets.why(ana, old)
    takes(ana, channels="direct,Booking.com")
    share_out(ana)
    assert with_whom(ana)[old] == number_of(ana)


def test_who_takes_none_gets_none(ana: Context) -> None:
    works(ana)
    takes(ana, any_at_all=False)
    asks(ana, 1)
    assert share_out(ana) == 0


def test_nobody_gets_what_they_may_not_see(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    works(leo)
    number = asks(ana, 1)
    keep_for(ana, conversation_of(ana, number), f"a{number_of(ana)}")
    share_out(ana)
    assert with_whom(ana) == {number: None}
    works(ana)
    share_out(ana)
    assert with_whom(ana) == {number: number_of(ana)}


def test_what_became_hidden_from_its_agent_goes_back(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    works(leo)
    number = asks(ana, 1)
    share_out(ana)
    tickets.opened(leo, conversation_of(ana, number))
    keep_for(ana, conversation_of(ana, number), f"a{number_of(ana)}")
    share_out(ana)
    assert with_whom(ana) == {number: None}


def test_stopping_returns_the_unopened_and_flags_the_opened(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    works(ana)
    works(leo)
    made = [asks(ana, number) for number in range(1, 5)]
    share_out(ana)
    mine = [number for number, who in with_whom(ana).items() if who == number_of(ana)]
    tickets.opened(ana, conversation_of(ana, mine[0]))
    later(ana, minutes=5)
    stops(ana)
    share_out(ana)
    assert with_whom(ana) == {number: number_of(ana if number == mine[0] else leo) for number in made}
    assert [row.id for row in tickets.page(ana, TicketQuery("flagged")).rows] == [mine[0]]
    assert next(one.flagged for one in tickets.loads(ana) if one.agent == "Ana") == 1
    works(ana)
    share_out(ana)
    assert not tickets.get(ana, mine[0]).flagged


def test_the_last_one_to_stop_leaves_a_queue(ana: Context) -> None:
    works(ana)
    number = asks(ana, 1)
    share_out(ana)
    later(ana, minutes=5)
    stops(ana)
    share_out(ana)
    assert with_whom(ana) == {number: None}


def test_a_desk_that_gives_no_sign_of_life_counts_as_stopped(ana: Context) -> None:
    works(ana, desk="here")
    number = asks(ana, 1)
    share_out(ana)
    later(ana, minutes=4)
    assert share_out(ana) == 0
    later(ana, minutes=2)
    share_out(ana)
    assert with_whom(ana) == {number: None}


def test_pending_stays_with_its_agent_and_counts_in_nobodys_load(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    works(leo)
    number = asks(ana, 1)
    share_out(ana)
    tickets.set_pending(leo, [number], "?")
    later(ana, minutes=5)
    stops(leo)
    assert share_out(ana) == 0
    assert (tickets.get(ana, number).agent, tickets.get(ana, number).flagged) == ("Leo", False)
    assert loads(ana) == [0, 0]


def test_who_leaves_the_team_leaves_everything_in_the_queue(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    one, two, three = asks(ana, 1), asks(ana, 2), asks(ana, 3)
    tickets.take(leo, [one, two, three])
    tickets.opened(leo, conversation_of(ana, one))
    tickets.set_pending(leo, [three], "?")
    team.remove(ana, number_of(leo))
    assert with_whom(ana) == {one: None, two: None, three: None}
    assert out_of_step(ana) == []
    assert tickets.get(ana, three).state == "pending"
    works(ana)
    share_out(ana)
    assert with_whom(ana) == {one: number_of(ana), two: number_of(ana), three: None}


def test_who_is_taken_back_by_undo_has_what_nobody_got_since(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    one, two, three, four = asks(ana, 1), asks(ana, 2), asks(ana, 3), asks(ana, 4)
    tickets.take(leo, [one, two, three, four])
    tickets.opened(leo, conversation_of(ana, one))
    tickets.set_pending(leo, [three], "?")
    before = {number: columns_of(ana, number) for number in (one, three)}
    team.remove(ana, number_of(leo))
    mia = colleague(ana, "Mia")
    tickets.take(mia, [two])
    triage.no_answer_needed(mia, [conversation_of(ana, four)])
    undo.undo(ana)
    assert with_whom(ana) == {one: number_of(leo), two: number_of(mia), three: number_of(leo)}
    assert out_of_step(ana) == []
    assert all(found.ok for found in checking.check(ana))
    for number, was in before.items():
        now = columns_of(ana, number)
        assert (now.seen_at, now.pinned, now.how, now.assigned_at) == (
            was.seen_at,
            was.pinned,
            was.how,
            was.assigned_at,
        )
        assert (now.pending_at, now.pending_note) == (was.pending_at, was.pending_note)
    told = undo.last(ana)
    assert told is None or "Leo" not in told.text


def test_what_waits_for_whom_one_cannot_see_hinders_no_undo_of_a_removal(ana: Context) -> None:
    leo = colleague(ana, "Leo", department="Night")
    number = asks(ana, 1)
    tickets.take(leo, [number])
    colleague(ana, "Mia", department="")
    keep_for(ana, conversation_of(ana, number), f"a{number_of(leo)}")
    team.remove(ana, number_of(leo))
    undo.undo(ana)
    assert with_whom(ana) == {number: number_of(leo)}


def test_a_guest_writes_again_after_their_agent_left(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    number = asks(ana, 1)
    tickets.take(leo, [number])
    triage.no_answer_needed(leo, [conversation_of(ana, number)])
    team.remove(ana, number_of(leo))
    later(ana, hours=1)
    again = asks_again(ana, 1)
    share_out(ana)
    assert with_whom(ana) == {again: None}


def test_answered_by_another_it_is_done_and_the_load_falls(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    works(leo)
    number = asks(ana, 1)
    share_out(ana)
    triage.no_answer_needed(ana, [conversation_of(ana, number)])
    row = tickets.get(ana, number)
    assert (row.state, row.agent, row.done_by) == ("done", "Leo", "Ana")
    assert loads(ana) == [0, 0]


def test_a_reopened_turn_is_evened_out_like_any_other_that_is_not_opened(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    number = asks(ana, 1)
    tickets.take(leo, [number])
    triage.no_answer_needed(leo, [conversation_of(ana, number)])
    works(ana)
    works(leo)
    tickets.take(leo, [asks(ana, 2), asks(ana, 3)])
    later(ana, hours=1)
    again = asks_again(ana, 1)
    share_out(ana)
    assert tickets.get(ana, again).agent == "Ana"
    assert "Leo had 3" in tickets.why(ana, again)


def test_a_reopened_turn_stays_with_who_had_it_where_loads_allow(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    number = asks(ana, 1)
    tickets.take(leo, [number])
    triage.no_answer_needed(leo, [conversation_of(ana, number)])
    works(ana)
    works(leo)
    later(ana, hours=1)
    again = asks_again(ana, 1)
    share_out(ana)
    row = tickets.get(ana, again)
    assert (row.agent, row.how, row.pinned) == ("Leo", "automatic", False)
    assert "wrote again" in row.why


def test_a_reopened_turn_goes_elsewhere_if_who_had_it_takes_none(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    number = asks(ana, 1)
    tickets.take(leo, [number])
    triage.no_answer_needed(leo, [conversation_of(ana, number)])
    works(ana)
    works(leo)
    pauses(leo)
    later(ana, hours=1)
    again = asks_again(ana, 1)
    share_out(ana)
    assert tickets.get(ana, again).agent == "Ana"


def test_a_reopened_turn_that_was_answered_from_the_queue_goes_to_who_answered(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    number = asks(ana, 1)
    triage.no_answer_needed(leo, [conversation_of(ana, number)])
    works(ana)
    works(leo)
    later(ana, hours=1)
    again = asks_again(ana, 1)
    share_out(ana)
    assert tickets.get(ana, again).agent == "Leo"


def book(ctx: Context, ticket: int, *, days: int, status: str = "confirmed") -> int:
    """The conversation is about a reservation that begins in so many days."""
    arrival = date(2026, 7, 1) + timedelta(days=days)
    number = add_reservation(ctx, f"R{ticket}", arrival=arrival, departure=arrival + timedelta(days=3), status=status)
    talk = conversation_of(ctx, ticket)
    with ctx.write() as tx:
        one = update(table_of(Conversation)).where(columns(Conversation).id == talk)
        tx.connection.execute(one.values(reservation_id=number))
        tx.journal("reservation", number, "create")
    return number


@pytest.mark.parametrize(
    ("days", "status", "stage"),
    [
        (30, "option", "before booking"),
        (30, "confirmed", "after booking"),
        (3, "confirmed", "before check-in"),
        (-5, "completed", "after booking"),
        (3, "cancelled", "before booking"),
    ],
)
def test_the_stage_follows_from_the_reservation(ana: Context, days: int, status: str, stage: str) -> None:
    number = asks(ana, 1)
    book(ana, number, days=days, status=status)
    share_out(ana)
    assert tickets.get(ana, number).stage == stage


def test_a_booking_changes_the_stage_and_who_takes_it(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    takes(ana, stages="before booking")
    takes(leo, stages="after booking,before check-in")
    works(ana)
    works(leo)
    one, two = asks(ana, 1), asks(ana, 2)
    share_out(ana)
    assert with_whom(ana) == {one: number_of(ana), two: number_of(ana)}
    tickets.opened(ana, conversation_of(ana, two))
    book(ana, one, days=30)
    book(ana, two, days=30)
    share_out(ana)
    assert with_whom(ana) == {one: number_of(leo), two: number_of(ana)}  # what is opened stays
    assert tickets.get(ana, two).stage == "after booking"


def test_what_its_agent_does_not_take_any_more_since_a_booking_goes_back(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    takes(ana, stages="before booking")
    works(ana)
    number = asks(ana, 1)
    share_out(ana)
    book(ana, number, days=30)
    share_out(ana)
    assert with_whom(ana) == {number: None}
    assert "takes “after booking”" in tickets.why(ana, number)
    tickets.take(leo, [asks(ana, 2), asks(ana, 3)])
    works(leo)  # with more to do, and alone in taking it
    share_out(ana)
    assert with_whom(ana)[number] == number_of(leo)


def test_days_go_by_and_the_stage_with_them(ana: Context) -> None:
    number = asks(ana, 1)
    book(ana, number, days=5)
    engine = ana.acting_as(ENGINE)
    mark, _changed = stages.heed(engine, None)
    assert tickets.get(ana, number).stage == "after booking"
    assert stages.heed(engine, mark)[1] == 0
    later(ana, days=2)
    stages.heed(engine, mark)
    assert tickets.get(ana, number).stage == "before check-in"


def test_a_cancelled_booking_is_heeded_when_the_journal_tells_of_it(ana: Context) -> None:
    number = asks(ana, 1)
    reservation = book(ana, number, days=30)
    engine = ana.acting_as(ENGINE)
    mark, _changed = stages.heed(engine, None)
    with ana.write() as tx:
        one = update(table_of(Reservation)).where(columns(Reservation).id == reservation)
        tx.connection.execute(one.values(status="cancelled"))
        tx.journal("reservation", reservation, "status")
    stages.heed(engine, mark)
    assert tickets.get(ana, number).stage == "before booking"


def test_what_was_closed_keeps_the_stage_it_was_closed_in(ana: Context) -> None:
    number = asks(ana, 1)
    book(ana, number, days=30)
    share_out(ana)
    triage.no_answer_needed(ana, [conversation_of(ana, number)])
    with ana.store.connect() as connection:
        assert connection.exec_driver_sql("SELECT stage FROM turn").scalars().all() == ["after booking"]


def test_the_channel_is_the_inquirys_else_the_addresss(ana: Context) -> None:
    number = asks(ana, 1, sender="Zoe <zoe@guest.booking.com>")
    share_out(ana)
    assert tickets.get(ana, number).channel == "Booking.com"
    keep_for(ana, conversation_of(ana, number), "")
    with ana.write() as tx:
        tx.connection.exec_driver_sql("UPDATE inquiry SET channel = 'phone'")
        tx.journal("inquiry", 1, "change")
    share_out(ana)
    assert tickets.get(ana, number).channel == "phone"


def test_opened_before_it_moved_it_stays_and_moved_before_it_was_opened_it_is_gone(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    works(ana)
    one, two = asks(ana, 1), asks(ana, 2)
    share_out(ana)
    works(leo)
    assert tickets.opened(ana, conversation_of(ana, one))
    share_out(ana)
    assert with_whom(ana) == {one: number_of(ana), two: number_of(leo)}
    assert not tickets.opened(ana, conversation_of(ana, two))
    assert columns_of(ana, two).seen_at is None


def test_what_was_given_out_by_itself_is_no_ones_to_take_back_but_tells_in_the_history(ana: Context) -> None:
    works(ana)
    number = asks(ana, 1)
    share_out(ana)
    assert undo.last(ana) is None
    told = [entry.text for entry in history.of_conversation(ana, conversation_of(ana, number))]
    assert any("assigned to Ana" in text for text in told)


def test_many_steps_leave_a_store_in_order(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    works(ana)
    works(leo)
    for number in range(1, 9):
        asks(ana, number)
    share_out(ana)
    stops(leo)
    share_out(ana)
    assert all(one.ok for one in checking.check(ana))
