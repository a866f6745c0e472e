"""Tickets by hand: lists, taking, giving, pending, opening, and back (SPEC §10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from crm_tui.base.clock import FixedClock
from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from crm_tui.desk.client_base import guests
from crm_tui.desk.common.context import Context
from crm_tui.desk.conversations import splitting, triage
from crm_tui.desk.histories import history
from crm_tui.desk.privacy import erasing
from crm_tui.desk.ticketing import tickets
from crm_tui.desk.ticketing.ticket_hands import HANDS
from crm_tui.desk.ticketing.tickets import TicketQuery
from crm_tui.desk.undoing import undo
from crm_tui.desk.upkeep import checking
from crm_tui.desk.working import metrics
from crm_tui.rules.periods import Period
from crm_tui.rules.vocabulary import TicketState
from tests.desk.colleagues import colleague, keep_for
from tests.desk.house import make_house
from tests.desk.worked import asks, asks_again, columns_of, conversation_of, out_of_step, pauses, works


@pytest.fixture
def ana(tmp_path: Path) -> Context:
    return make_house(tmp_path)


def ids(rows: object) -> list[int]:
    return [row.id for row in rows]  # type: ignore[attr-defined]


def test_mail_makes_a_ticket_in_the_queue_and_says_why_it_waits(ana: Context) -> None:
    number = asks(ana, 1)
    (row,) = tickets.queue(ana)
    assert (row.id, row.state, row.agent, row.subject) == (number, "queued", "", "Question 1")
    assert "nobody's timer runs" in row.why
    works(ana)
    pauses(ana)
    assert "paused" in tickets.why(ana, number)


def test_the_queue_is_first_in_first_out(ana: Context) -> None:
    late, early = asks(ana, 1, minutes_ago=10), asks(ana, 2, minutes_ago=60)
    assert ids(tickets.queue(ana)) == [early, late]


def test_taking_one_makes_it_ones_own_with_its_conversation(ana: Context) -> None:
    number = asks(ana, 1)
    assert tickets.take(ana, [number]) == 1
    row = tickets.get(ana, number)
    assert (row.state, row.agent, row.how, row.pinned) == ("assigned", "Ana", "claimed", True)
    assert ids(tickets.mine(ana)) == [number]
    assert tickets.queue(ana) == []
    assert out_of_step(ana) == []
    assert tickets.take(ana, [number]) == 0  # mine already


def test_who_was_second_is_told_who_has_it(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    number = asks(ana, 1)
    tickets.take(ana, [number])
    with pytest.raises(Conflict, match="Ana has"):
        tickets.take(leo, [number])
    assert tickets.get(leo, number).agent == "Ana"


def test_two_managers_at_once_do_not_overwrite_each_other(ana: Context) -> None:
    """Who decided by what a desk showed is told that it is in other hands since; what is there already is no conflict."""
    mia, leo = colleague(ana, "Mia", "manager"), colleague(ana, "Leo")
    number = asks(ana, 1)
    shown = {number: tickets.get(mia, number).agent_id}
    tickets.give(ana, [number], "Leo")
    late: tuple[Callable[[], object], ...] = (
        lambda: tickets.take(mia, [number], seen=shown),
        lambda: tickets.give(mia, [number], "Mia", seen=shown),
    )
    for attempt in late:
        with pytest.raises(Conflict, match="Leo has “Question 1” now"):
            attempt()
    assert tickets.get(ana, number).agent == "Leo"
    assert tickets.give(mia, [number], "Leo", seen=shown) == 0
    tickets.release(leo, [number])
    with pytest.raises(Conflict, match="in the queue now"):
        tickets.give(mia, [number], "Mia", seen={number: leo.actor.id})
    assert tickets.release(mia, [number], seen={number: leo.actor.id}) == 0
    assert tickets.take(mia, [number], seen={number: None}) == 1


def test_an_agent_hands_on_their_own_but_does_not_take_anothers_away(ana: Context) -> None:
    leo, eva = colleague(ana, "Leo"), colleague(ana, "Eva")
    number = asks(ana, 1)
    tickets.take(leo, [number])
    attempts: tuple[Callable[[], object], ...] = (
        lambda: tickets.give(eva, [number], "Eva"),
        lambda: tickets.release(eva, [number]),
        lambda: tickets.set_pending(eva, [number]),
        lambda: triage.assign(eva, [conversation_of(eva, number)], "Eva"),
    )
    for attempt in attempts:
        with pytest.raises(Forbidden, match="manager"):
            attempt()
    tickets.give(leo, [number], "eva")
    assert tickets.get(ana, number).agent == "Eva"
    tickets.give(ana, [number], "Leo")  # Ana is an administrator
    assert tickets.get(ana, number).why == "Given by Ana."
    assert tickets.release(ana, [number]) == 1
    assert tickets.get(ana, number).state == "queued"


def test_to_give_what_somebody_has_by_itself_pins_it(ana: Context) -> None:
    number = asks(ana, 1)
    tickets.take(ana, [number])
    assert tickets.give(ana, [number], "Ana") == 0
    assert columns_of(ana, number).pinned


def test_nobody_is_given_what_they_may_not_see(ana: Context) -> None:
    colleague(ana, "Leo")
    number = asks(ana, 1)
    keep_for(ana, conversation_of(ana, number), f"a{ana.actor.id}")
    attempts: tuple[Callable[[], object], ...] = (
        lambda: tickets.give(ana, [number], "Leo"),
        lambda: triage.assign(ana, [conversation_of(ana, number)], "Leo"),
    )
    for attempt in attempts:
        with pytest.raises(InvalidInput, match="Leo may not see"):
            attempt()
    assert tickets.give(ana, [number], "Ana") == 1


def test_what_is_hidden_is_no_ticket(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    number = asks(ana, 1)
    keep_for(ana, conversation_of(ana, number), f"a{ana.actor.id}")
    assert tickets.queue(leo) == []
    assert tickets.counts(leo).queue == 0
    attempts: tuple[Callable[[], object], ...] = (
        lambda: tickets.get(leo, number),
        lambda: tickets.take(leo, [number]),
        lambda: tickets.opened(leo, conversation_of(ana, number)),
    )
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()


def test_a_is_the_same_as_giving_the_ticket(ana: Context) -> None:
    colleague(ana, "Leo")
    number = asks(ana, 1)
    triage.assign(ana, [conversation_of(ana, number)], "Leo")
    row = columns_of(ana, number)
    assert (row.how, row.pinned, row.assigned_at) == ("manual", True, ana.clock.now())
    triage.assign(ana, [conversation_of(ana, number)], triage.NOBODY)
    row = columns_of(ana, number)
    assert (row.agent_id, row.how, row.pinned, row.assigned_at) == (None, "", False, None)


def test_displaying_opens_only_ones_own_and_only_once(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    number = asks(ana, 1)
    talk = conversation_of(ana, number)
    tickets.give(ana, [number], "Leo")
    assert not tickets.opened(ana, talk)  # a preview
    assert columns_of(ana, number).seen_at is None
    assert tickets.opened(leo, talk)
    assert not tickets.opened(leo, talk)
    assert tickets.get(ana, number).state == TicketState.OPENED
    tickets.give(ana, [number], "Ana")
    assert tickets.get(ana, number).state == TicketState.ASSIGNED  # not seen by whom it is with now


def test_pending_waits_for_the_manager_and_is_nobodys_load(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    number = asks(ana, 1)
    tickets.take(leo, [number])
    assert tickets.set_pending(leo, [number], "May I give 20 %?\x1b[31m") == 1
    row = tickets.get(ana, number)
    assert (row.state, row.agent, row.pending_by) == ("pending", "Leo", "Leo")
    assert row.pending_note.startswith("May I give 20 %?")
    assert "\x1b" not in row.pending_note
    load = next(one for one in tickets.loads(ana) if one.agent == "Leo")
    assert (load.load, load.pending) == (0, 1)
    assert tickets.resume(ana, [number]) == 1
    assert tickets.get(ana, number).state == "assigned"
    assert tickets.resume(ana, [number]) == 0


def test_giving_a_pending_one_is_the_managers_answer(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    number = asks(ana, 1)
    tickets.take(leo, [number])
    tickets.set_pending(leo, [number], "Help")
    tickets.give(ana, [number], "Ana")
    row = tickets.get(ana, number)
    assert (row.state, row.agent, row.pending_note) == ("assigned", "Ana", "")


def test_a_note_without_end_is_refused(ana: Context) -> None:
    number = asks(ana, 1)
    with pytest.raises(InvalidInput):
        tickets.set_pending(ana, [number], "x" * 1001)


def test_what_is_answered_is_nobodys_to_take(ana: Context) -> None:
    number = asks(ana, 1)
    triage.no_answer_needed(ana, [conversation_of(ana, number)])
    assert tickets.get(ana, number).state == "done"
    with pytest.raises(Conflict, match="answered"):
        tickets.take(ana, [number])


def test_spam_is_no_work_until_it_is_none(ana: Context) -> None:
    number = asks(ana, 1)
    triage.move(ana, [conversation_of(ana, number)], "Spam")
    assert tickets.queue(ana) == []
    triage.move(ana, [conversation_of(ana, number)], "Inbox")
    assert ids(tickets.queue(ana)) == [number]


def test_loads_are_the_managers_to_see_and_ones_own(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    tickets.give(ana, [asks(ana, 1), asks(ana, 2)], "Leo")
    triage.no_answer_needed(leo, [conversation_of(ana, asks(ana, 3))])
    works(leo)
    assert [(one.agent, one.load, one.running) for one in tickets.loads(ana)] == [("Ana", 0, False), ("Leo", 2, True)]
    (own,) = tickets.loads(leo)
    assert (own.agent, own.assigned, own.done_today, own.working_since) == ("Leo", 2, 1, ana.clock.now())


@pytest.mark.parametrize("order", ["oldest", "newest", "pending"])
def test_pages_hang_together_in_every_order(ana: Context, order: str) -> None:
    made = [asks(ana, number, minutes_ago=number // 2) for number in range(1, 12)]
    tickets.set_pending(ana, made[3:5])
    query = TicketQuery(order=order)
    whole = ids(tickets.page(ana, query).rows)
    assert sorted(whole) == sorted(made)
    walked: list[int] = []
    cursor = None
    while rows := tickets.page(ana, query, after=cursor, limit=4).rows:
        walked += ids(rows)
        cursor = rows[-1].cursor
    assert walked == whole
    last = tickets.page(ana, query, last=True, limit=3).rows
    assert ids(last) == whole[-3:]
    assert ids(tickets.page(ana, query, before=last[0].cursor, limit=3).rows) == whole[-6:-3]
    assert tickets.position(ana, query, last[0].cursor) == len(whole) - 3
    if order == "pending":
        assert set(whole[:2]) == set(made[3:5])


def test_lists_filter_by_state_agent_stage_and_channel(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    one, two, three = asks(ana, 1), asks(ana, 2), asks(ana, 3)
    tickets.take(leo, [one])
    tickets.opened(leo, conversation_of(ana, one))
    tickets.take(leo, [two])

    def found(**filters: str) -> list[int]:
        return sorted(ids(tickets.page(ana, TicketQuery(**filters)).rows))

    assert found() == [one, two, three]
    assert found(state="opened") == [one]
    assert found(state="assigned", agent="leo") == [two]
    assert found(agent="nobody") == [three]
    assert found(agent="me") == []
    assert found(stage="after booking") == []
    triage.no_answer_needed(leo, [conversation_of(ana, one)])
    assert found(state="done") == [one]
    for wrong in ({"state": "lost"}, {"agent": "Zoe"}, {"stage": "x"}, {"channel": "x"}, {"order": "x"}):
        with pytest.raises(InvalidInput):
            found(**wrong)


# Undo, splits, merges: ticket and conversation stay in the same hands


def test_z_gives_it_back_as_it_was(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    number = asks(ana, 1)
    tickets.take(leo, [number])
    tickets.opened(leo, conversation_of(ana, number))
    before = columns_of(ana, number)
    tickets.give(ana, [number], "Ana")
    assert "Leo" in undo.undo(ana).text
    after = columns_of(ana, number)
    assert (after.agent_id, after.how, after.seen_at) == (before.agent_id, before.how, before.seen_at)
    assert out_of_step(ana) == []


def test_z_gives_it_back_though_the_other_looked_at_it(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    number = asks(ana, 1)
    tickets.give(ana, [number], "Leo")
    tickets.opened(leo, conversation_of(ana, number))
    undo.undo(ana)
    assert columns_of(ana, number).agent_id is None
    assert out_of_step(ana) == []


def test_z_is_refused_once_it_is_in_other_hands(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    number = asks(ana, 1)
    tickets.give(ana, [number], "Leo")
    tickets.release(leo, [number])
    with pytest.raises(Conflict, match="Leo"):
        undo.undo(ana)
    assert out_of_step(ana) == []


def test_z_takes_pending_back(ana: Context) -> None:
    number = asks(ana, 1)
    tickets.set_pending(ana, [number], "Help")
    assert "manager" in undo.undo(ana).text
    assert tickets.get(ana, number).state == "queued"


def test_an_answer_taken_back_is_in_the_same_hands_and_still_opened(ana: Context) -> None:
    number = asks(ana, 1)
    tickets.take(ana, [number])
    tickets.opened(ana, conversation_of(ana, number))
    triage.no_answer_needed(ana, [conversation_of(ana, number)])
    undo.undo(ana)
    row = columns_of(ana, number)
    assert (row.done_at, row.agent_id, row.how, row.seen_at is not None) == (None, ana.actor.id, "claimed", True)


def test_an_answer_taken_back_after_it_was_given_on_follows_its_conversation(ana: Context) -> None:
    leo = colleague(ana, "Leo")
    number = asks(ana, 1)
    talk = conversation_of(ana, number)
    tickets.take(leo, [number])
    triage.no_answer_needed(leo, [talk])
    triage.assign(ana, [talk], "Ana")
    undo.undo(leo)
    row = columns_of(ana, number)
    assert (row.agent_id, row.done_at, row.seen_at) == (ana.actor.id, None, None)
    assert out_of_step(ana) == []


def test_both_halves_of_a_split_are_in_the_same_hands_and_z_makes_them_one(ana: Context) -> None:
    number = asks(ana, 1)
    talk = conversation_of(ana, number)
    asks_again(ana, 1)
    tickets.take(ana, [number])
    tickets.opened(ana, talk)
    with ana.store.connect() as connection:
        messages = connection.exec_driver_sql("SELECT id FROM message ORDER BY id").scalars().all()
    other = splitting.split(ana, talk, messages[1:])
    half = tickets.of_conversation(ana, other)
    assert half is not None
    assert (half.agent, half.state, half.pinned) == ("Ana", "opened", True)
    assert out_of_step(ana) == []
    undo.undo(ana)
    assert [one.ok for one in checking.check(ana)] == [True] * len(list(checking.check(ana)))


def test_a_merge_leaves_one_ticket_with_whose_the_conversation_is(ana: Context) -> None:
    colleague(ana, "Leo")
    one, two = asks(ana, 1), asks(ana, 2)
    tickets.give(ana, [two], "Leo")
    splitting.merge(ana, [conversation_of(ana, one), conversation_of(ana, two)])
    assert out_of_step(ana) == []
    (row,) = tickets.page(ana, TicketQuery()).rows
    assert row.agent == "Leo"
    undo.undo(ana)
    assert {row.id: row.agent for row in tickets.page(ana, TicketQuery()).rows} == {one: "", two: "Leo"}
    assert out_of_step(ana) == []


def test_a_reopened_conversation_is_a_new_ticket_with_whose_it_was(ana: Context) -> None:
    number = asks(ana, 1)
    tickets.take(ana, [number])
    triage.no_answer_needed(ana, [conversation_of(ana, number)])
    assert isinstance(ana.clock, FixedClock)
    ana.clock.advance(timedelta(hours=1))
    again = asks_again(ana, 1)
    assert again != number
    row = tickets.get(ana, again)
    assert (row.agent, row.pinned, row.how) == ("Ana", False, "")
    assert "wrote again" in row.why
    assert out_of_step(ana) == []


def test_a_reopened_one_that_its_agent_takes_is_received_from_then_on(ana: Context) -> None:
    number = asks(ana, 1)
    tickets.take(ana, [number])
    triage.no_answer_needed(ana, [conversation_of(ana, number)])
    assert isinstance(ana.clock, FixedClock)
    ana.clock.advance(timedelta(hours=1))
    again = asks_again(ana, 1)
    before = columns_of(ana, again)._mapping
    assert tickets.take(ana, [again]) == 1
    row = tickets.get(ana, again)
    assert (row.how, row.pinned, row.assigned_at) == ("claimed", True, ana.clock.now())
    today = ana.clock.now().date()
    assert metrics.own(ana, Period(today, today)).received == 2
    undo.undo(ana)
    after = columns_of(ana, again)._mapping
    assert [after[name] for name in HANDS] == [before[name] for name in HANDS]


def test_the_history_of_the_conversation_tells_what_the_manager_was_asked(ana: Context) -> None:
    number = asks(ana, 1)
    tickets.set_pending(ana, [number], "20 % off?")
    tickets.resume(ana, [number])
    told = [entry.text for entry in history.of_conversation(ana, conversation_of(ana, number))]
    assert "waits for a manager: 20 % off?" in told
    assert "does not wait for a manager any more" in told


def test_who_is_erased_is_in_no_note_for_a_manager_either(ana: Context) -> None:
    number = asks(ana, 1)
    guest = guests.create(ana, {"surname": "Guest", "given": "Ramona", "emails": ["guest1@example.org"]})
    tickets.set_pending(ana, [number], "Ramona wants 20 % off")
    triage.no_answer_needed(ana, [conversation_of(ana, number)])
    erasing.erase(ana, guest, "asked")
    with ana.store.connect() as connection:
        assert "Ramona" not in connection.exec_driver_sql("SELECT pending_note FROM ticket").scalar_one()
        kept = connection.exec_driver_sql("SELECT before, after FROM journal WHERE entity = 'ticket'").all()
    assert kept
    assert "Ramona" not in str(kept)
