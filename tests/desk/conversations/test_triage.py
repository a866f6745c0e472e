"""Folders, stars, assignment and *no answer needed*: on marked sets, within one's scope, and back again (SPEC §3, §13)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crm_tui.base.clock import FixedClock
from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.common.views import ConversationRow, ListQuery
from crm_tui.desk.conversations import folders, snoozing, triage
from crm_tui.desk.correspondence import reading
from crm_tui.desk.staff import setup
from crm_tui.desk.undoing import undo
from tests.desk.house import NOW, add_account, come_in, mail, make_house


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def ana(tmp_path: Path, clock: FixedClock) -> Iterator[Context]:
    """Ana's desk with two conversations: 1 and 2."""
    ctx = make_house(tmp_path, clock=clock)
    account = add_account(ctx)
    for number in (1, 2):
        come_in(ctx, mail(message_id=f"{number}@x", subject=f"Mail {number}"), account=account)
    yield ctx
    ctx.store.close()


@pytest.fixture
def bob(ana: Context) -> Context:
    """The same desk in Bob's hands."""
    made = setup.add_agent(ana, "Bob")
    return ana.acting_as(Actor(made.id, made.name, made.role))


def row(ctx: Context, number: int) -> ConversationRow:
    return reading.conversation(ctx, number).row


def badge(ctx: Context, place: str) -> tuple[int, int]:
    count = folders.counts(ctx)[place]
    return count.total, count.unanswered


def listed(ctx: Context, place: str) -> list[int]:
    return [one.id for one in folders.page(ctx, ListQuery(place)).rows]


def test_a_marked_set_is_moved_and_taken_back_as_one(ana: Context) -> None:
    assert triage.move(ana, [1, 2, 1], "Waitlist") == 2
    assert listed(ana, "Waitlist") == [2, 1]
    undo.undo(ana)
    assert (listed(ana, "Inbox"), listed(ana, "Waitlist")) == ([2, 1], [])


def test_what_another_changed_since_is_not_taken_back(ana: Context, bob: Context) -> None:
    triage.move(ana, [1, 2], "Done")
    triage.move(bob, [2], "Booked")
    with pytest.raises(Conflict, match="Bob changed “Mail 2” since"):
        undo.undo(ana)
    assert (row(ana, 1).folder, row(ana, 2).folder) == ("Done", "Booked")


def test_a_move_that_expects_another_place_moves_nothing(ana: Context, bob: Context) -> None:
    triage.move(bob, [1], "Spam")
    with pytest.raises(Conflict, match="Bob changed “Mail 1” since"):
        triage.move(ana, [1, 2], "Done", only_if="Inbox")
    assert (row(ana, 1).folder, row(ana, 2).folder) == ("Spam", "Inbox")
    assert triage.move(ana, [1, 2], "Done", only_if={1: "Spam", 2: "Inbox"}) == 2


def test_a_star_is_given_and_taken(ana: Context, bob: Context) -> None:
    assert triage.star(ana, [1, 2], starred=True) == 2
    assert triage.star(ana, [1], starred=True) == 0
    triage.star(bob, [1], starred=False)
    with pytest.raises(Conflict, match="Bob changed “Mail 1”"):
        triage.star(ana, [1], starred=True, only_if=True)
    assert listed(ana, "Starred") == [2]


def test_assigned_to_a_colleague_by_name_in_whatever_case_and_to_nobody(ana: Context, bob: Context) -> None:
    assert triage.assign(ana, [1, 2], "bob") == 2
    assert row(ana, 1).assignee == "Bob"
    assert triage.assign(bob, [1], triage.NOBODY, only_if="Bob") == 1
    assert row(ana, 1).assignee == ""
    undo.undo(bob)
    assert row(ana, 1).assignee == "Bob"
    with pytest.raises(InvalidInput, match="no agent called Eve"):
        triage.assign(ana, [1], "Eve")


def test_two_desks_that_assign_at_once_end_with_one_assignee(ana: Context, bob: Context) -> None:
    """Each takes the conversation for itself, having seen that nobody has it."""
    start = threading.Barrier(2)
    told: list[str] = []

    def take(ctx: Context) -> None:
        start.wait()
        try:
            triage.assign(ctx, [1], ctx.actor.name, only_if="")
        except Conflict as error:
            told.append(error.message)

    threads = [threading.Thread(target=take, args=(ctx,)) for ctx in (ana, bob)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    winner = row(ana, 1).assignee
    assert winner in {"Ana", "Bob"}
    assert told == [f"{winner} has “Mail 1” now, assigned by {winner}; nothing was changed."]


def test_who_wants_the_same_as_the_other_is_told_of_no_conflict(ana: Context, bob: Context) -> None:
    triage.assign(bob, [1], "Bob", only_if="")
    assert triage.assign(ana, [1], "Bob", only_if="") == 0
    triage.assign(bob, [1], "", only_if="Bob")
    with pytest.raises(Conflict, match="“Mail 1” was taken from its agent by Bob"):
        triage.assign(ana, [1, 2], "Ana", only_if={1: "Bob", 2: ""})
    assert row(ana, 2).assignee == ""


def test_no_answer_needed_closes_the_turn_until_it_is_taken_back(ana: Context, clock: FixedClock) -> None:
    clock.advance(timedelta(minutes=5))
    assert triage.no_answer_needed(ana, [1, 2]) == 2
    assert triage.no_answer_needed(ana, [1]) == 0
    assert badge(ana, "Inbox") == (2, 0)
    undo.undo(ana)
    assert badge(ana, "Inbox") == (2, 2)
    with ana.store.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM turn_mark").scalar() == 0


def test_mail_after_no_answer_needed_opens_a_turn_that_undo_makes_the_old_one(ana: Context, clock: FixedClock) -> None:
    opened = row(ana, 1).waiting_since
    clock.advance(timedelta(minutes=5))
    triage.no_answer_needed(ana, [1])
    later = clock.now() + timedelta(minutes=1)
    come_in(ana, mail(message_id="3@x", In_Reply_To="<1@x>", subject="Re: Mail 1", date=later))
    assert row(ana, 1).waiting_since == later
    undo.undo(ana)
    assert row(ana, 1).waiting_since == opened


def test_new_mail_brings_a_done_conversation_back_to_where_it_stood(ana: Context, clock: FixedClock) -> None:
    triage.move(ana, [1], "Waitlist")
    triage.no_answer_needed(ana, [1])
    triage.move(ana, [1], "Done")
    assert badge(ana, "Waitlist") == (0, 0)
    clock.advance(timedelta(hours=1))
    for number in (3, 4, 5):
        at = clock.now() + timedelta(minutes=number)
        come_in(ana, mail(message_id=f"{number}@x", In_Reply_To="<1@x>", subject="Re: Mail 1", date=at))
    assert badge(ana, "Waitlist") == (1, 1), "one more, however many mails"
    assert row(ana, 1).waiting_since == NOW + timedelta(hours=1, minutes=3)


def test_an_out_of_office_note_brings_nothing_back(ana: Context, clock: FixedClock) -> None:
    triage.no_answer_needed(ana, [1])
    triage.move(ana, [1], "Done")
    clock.advance(timedelta(hours=1))
    headers = {"In_Reply_To": "<1@x>", "Auto_Submitted": "auto-replied"}
    come_in(ana, mail(message_id="3@x", subject="Out of office", date=clock.now(), **headers))
    assert (row(ana, 1).folder, row(ana, 1).unanswered, row(ana, 1).messages) == ("Done", False, 2)


def test_moving_deals_with_a_snooze_and_with_what_woke_it(ana: Context, clock: FixedClock) -> None:
    snoozing.snooze(ana, [1, 2], until=NOW + timedelta(hours=1))
    triage.move(ana, [1], "Waitlist")
    assert (listed(ana, "Snoozed"), listed(ana, "Waitlist")) == ([2], [1])
    undo.undo(ana)
    assert sorted(listed(ana, "Snoozed")) == [1, 2]
    clock.advance(timedelta(hours=2))
    snoozing.wake_due(ana)
    assert row(ana, 2).wake_reason == "time"
    triage.no_answer_needed(ana, [2])
    assert (row(ana, 2).wake_reason, row(ana, 2).snooze_for) == ("", "")
    undo.undo(ana)
    assert (row(ana, 2).wake_reason, row(ana, 2).unanswered) == ("time", True)
    triage.move(ana, [2], "Inbox")  # it stands there, and now it is dealt with
    assert row(ana, 2).wake_reason == ""


def test_nobody_acts_on_what_is_hidden_or_not_there(ana: Context, bob: Context) -> None:
    with ana.write() as tx:
        tx.connection.exec_driver_sql("UPDATE conversation SET scope = ? WHERE id = 1", (f"a{ana.actor.id}",))
    commands: tuple[Callable[[list[int]], int], ...] = (
        lambda ids: triage.move(bob, ids, "Done"),
        lambda ids: triage.star(bob, ids, starred=True),
        lambda ids: triage.assign(bob, ids, "Bob"),
        lambda ids: triage.no_answer_needed(bob, ids),
        lambda ids: snoozing.snooze(bob, ids, until=None),
        lambda ids: snoozing.unsnooze(bob, ids),
        lambda ids: snoozing.snooze_again(bob, ids),
    )
    for command in commands:
        for number in (1, 99):
            with pytest.raises(NotFound, match=f"There is no conversation {number}"):
                command([2, number])
    assert (row(ana, 2).folder, row(ana, 2).starred, row(ana, 2).assignee) == ("Inbox", False, "")
    assert scope.sees(ana.actor.scopes, f"a{ana.actor.id}")
    assert triage.move(ana, [1], "Done") == 1


def test_a_desk_that_only_reads_changes_nothing(ana: Context) -> None:
    from dataclasses import replace

    with pytest.raises(Forbidden):
        triage.move(replace(ana, readonly=True), [1], "Done")


def test_there_is_no_other_folder(ana: Context) -> None:
    with pytest.raises(InvalidInput, match="no folder called Attic"):
        triage.move(ana, [1], "Attic")


def test_the_journal_says_what_changed_column_by_column(ana: Context) -> None:
    triage.move(ana, [1], "Done")
    triage.assign(ana, [1], "Ana")
    with ana.store.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT action, before, after, undoable, at FROM journal WHERE entity = 'conversation' ORDER BY id"
        ).all()
    assert [(one.action, one.undoable) for one in found] == [("move", 1), ("assign", 1)]
    assert found[0].before == '{"folder": "Inbox", "previous_folder": ""}'
    assert found[1].after == f'{{"assignee_id": {ana.actor.id}}}'
    assert datetime.fromisoformat(found[0].at).replace(tzinfo=UTC) == NOW
