"""A ticket lives on whatever becomes of its conversation: answered by a colleague, put aside, asleep, split, merged, there twice
(SPEC §10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crm_tui import desk
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence.mailbox import Batch, Incoming, receive
from crm_tui.desk.correspondence.prepare import prepare
from crm_tui.desk.upkeep import checking
from crm_tui.desk.working.metrics_views import AgentFigures
from crm_tui.rules.periods import Period
from tests.desk.house import add_account, come_in, mail
from tests.desk.worked import columns_of, out_of_step, share_out, takes, with_whom
from tests.desk.working_desk import WorkingDesk

MONDAY = datetime(2026, 11, 16, 8, tzinfo=UTC)
DAY = Period(date(2026, 11, 16), date(2026, 11, 16))
_HANDS = (
    "agent_id",
    "how",
    "pinned",
    "assigned_at",
    "seen_at",
    "pending_at",
    "pending_note",
    "done_at",
    "aside",
    "gone",
)


@pytest.fixture
def work(tmp_path: Path) -> Iterator[WorkingDesk]:
    made = WorkingDesk(tmp_path, MONDAY)
    yield made
    assert out_of_step(made.eva) == []
    assert all(found.ok for found in checking.check(made.eva))
    made.close()


def number_of(ctx: Context) -> int:
    assert ctx.actor.id is not None
    return ctx.actor.id


def figures(work: WorkingDesk) -> dict[str, AgentFigures]:
    """Today's, by name; what is nobody's under an empty one."""
    found = desk.metrics.team(work.eva, DAY)
    return {one.name: one for one in (*found.agents, found.nobody)}


def loads(work: WorkingDesk) -> dict[str, int]:
    return {one.agent: one.load for one in desk.tickets.loads(work.eva) if one.load}


def hands(ctx: Context, ticket: int) -> dict[str, Any]:
    """Whose a ticket is, and how it stands there."""
    row = columns_of(ctx, ticket)
    return {name: getattr(row, name) for name in _HANDS}


def opened_by(work: WorkingDesk, who: Context, count: int = 1) -> list[tuple[int, int]]:
    """Conversations that an agent was given and opened, each with its ticket."""
    found = [(talk, work.ticket(talk)) for talk in (work.arrives() for _each in range(count))]
    desk.tickets.give(work.eva, [ticket for _talk, ticket in found], who.actor.name)
    for talk, _ticket in found:
        assert desk.tickets.opened(who, talk)
    return found


# -- who answers --------------------------------------------------------------------------------------------------------


def test_who_answers_for_a_colleague_has_the_credit_and_the_colleague_less_to_do(work: WorkingDesk) -> None:
    (talk, ticket), other = opened_by(work, work.leo, 2)
    assert loads(work) == {"Leo": 2}
    work.wait(minutes=30)
    work.replies(work.ana, talk)
    row = desk.tickets.get(work.eva, ticket)
    assert (row.state, row.agent, row.done_by) == ("done", "Leo", "Ana")
    assert loads(work) == {"Leo": 1}
    assert {one.agent: one.done_today for one in desk.tickets.loads(work.eva)} == {"Eva": 0, "Ana": 1, "Leo": 0}
    ana, leo = figures(work)["Ana"], figures(work)["Leo"]
    assert (ana.responses, ana.done, ana.received, ana.response_seconds) == (1, 1, 0, 30 * 60 + 11)
    assert (leo.responses, leo.done, leo.received, leo.opened, leo.queue) == (0, 0, 2, 2, 1)
    assert [one.id for one in desk.tickets.mine(work.leo)] == [other[1]]


def test_what_the_guest_writes_then_is_with_whose_the_conversation_is(work: WorkingDesk) -> None:
    desk.timers.start(work.ana)
    desk.timers.start(work.leo)
    [(talk, ticket)] = opened_by(work, work.leo)
    work.wait(minutes=30)
    work.replies(work.ana, talk)
    work.wait(minutes=30)
    work.arrives(after=talk)
    share_out(work.eva)
    again = work.ticket(talk)
    assert again != ticket
    assert with_whom(work.eva) == {again: number_of(work.leo)}
    assert not columns_of(work.eva, again).pinned


def test_a_reply_found_in_sent_closes_the_turn_for_nobody(work: WorkingDesk) -> None:
    (talk, ticket), _other = opened_by(work, work.leo, 2)
    work.wait(minutes=20)
    work.found_in_sent(talk)
    row = desk.tickets.get(work.eva, ticket)
    assert (row.state, row.agent, row.done_by) == ("done", "Leo", "")
    assert loads(work) == {"Leo": 1}
    found = figures(work)
    assert (found[""].responses, found[""].done, found[""].response_seconds) == (1, 1, 20 * 60)
    assert {name: one.responses for name, one in found.items()} == {"Eva": 0, "Ana": 0, "Leo": 0, "": 1}
    assert desk.metrics.team(work.eva, DAY).total.responses == 1


def test_the_copy_of_a_reply_in_sent_takes_no_credit_away(work: WorkingDesk) -> None:
    [(talk, ticket)] = opened_by(work, work.leo)
    work.wait(minutes=20)
    work.replies(work.ana, talk)
    (sent,) = (one for one in desk.reading.conversation(work.eva, talk).messages if one.direction == "out")
    raw = desk.reading.source(work.eva, sent.id)
    work.wait(minutes=1)
    receive(work.eva, Batch([Incoming(prepare(raw))], account_id=work.account, sent=True))
    assert desk.tickets.get(work.eva, ticket).done_by == "Ana"
    assert (figures(work)["Ana"].responses, figures(work)[""].responses) == (1, 0)


# -- spam, sleep, marks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seen", [True, False])
def test_spam_is_nobodys_work_and_comes_back_as_it_was(work: WorkingDesk, seen: bool) -> None:
    desk.timers.start(work.leo)
    talk = work.arrives()
    share_out(work.eva)
    ticket = work.ticket(talk)
    if seen:
        desk.tickets.opened(work.leo, talk)
    before = hands(work.eva, ticket)
    assert before["agent_id"] == number_of(work.leo)
    desk.triage.move(work.leo, [talk], "Spam")
    desk.timers.start(work.ana)  # with nothing to do: it would be hers if it were work
    for _each in range(3):
        work.arrives()
    share_out(work.eva)
    assert (loads(work), figures(work)["Leo"].received) == ({"Ana": 2, "Leo": 1}, 1)
    assert desk.tickets.page(work.eva, desk.tickets.TicketQuery(agent="Leo")).total == 1
    assert hands(work.eva, ticket) == before | {"aside": True}
    desk.triage.move(work.leo, [talk], "Inbox")
    share_out(work.eva)
    assert hands(work.eva, ticket) == before
    assert loads(work) == {"Ana": 2, "Leo": 2}
    assert figures(work)["Leo"].received == 2


def test_what_was_spam_while_its_agent_stopped_is_treated_as_theirs_when_it_comes_back(work: WorkingDesk) -> None:
    desk.timers.start(work.leo)
    talks = [work.arrives(), work.arrives()]
    share_out(work.eva)
    tickets = [work.ticket(talk) for talk in talks]
    desk.tickets.opened(work.leo, talks[0])
    desk.triage.move(work.leo, talks, "Spam")
    work.wait(minutes=5)
    desk.timers.stop(work.leo)
    desk.timers.start(work.ana)
    share_out(work.eva)
    assert with_whom(work.eva) == dict.fromkeys(tickets, number_of(work.leo)), "nobody works on spam"
    desk.triage.move(work.ana, talks, "Inbox")
    share_out(work.eva)
    assert with_whom(work.eva) == {tickets[0]: number_of(work.leo), tickets[1]: number_of(work.ana)}
    assert desk.tickets.get(work.eva, tickets[0]).flagged


def test_mail_in_a_conversation_that_is_spam_is_no_work(work: WorkingDesk) -> None:
    desk.timers.start(work.leo)
    talk = work.arrives()
    desk.triage.no_answer_needed(work.ana, [talk])
    desk.triage.move(work.ana, [talk], "Spam")
    work.wait(minutes=5)
    work.arrives(after=talk)
    share_out(work.eva)
    assert loads(work) == {}
    assert desk.tickets.queue(work.eva) == []
    desk.triage.move(work.ana, [talk], "Inbox")
    share_out(work.eva)
    assert loads(work) == {"Leo": 1}


@pytest.mark.parametrize("until", [timedelta(hours=3), None])
def test_what_sleeps_is_still_its_agents_and_the_same_ticket_when_it_wakes(
    work: WorkingDesk, until: timedelta | None
) -> None:
    [(talk, ticket)] = opened_by(work, work.leo)
    before = hands(work.eva, ticket)
    desk.snoozing.snooze(work.leo, [talk], until=work.clock.now() + until if until else None)
    assert loads(work) == {"Leo": 1}, "the guest waits on"
    work.wait(hours=4)
    if until:
        assert desk.snoozing.wake_due(work.eva) == 1
    else:
        work.arrives(after=talk)
    assert not desk.reading.conversation(work.eva, talk).row.snoozed_until
    assert hands(work.eva, ticket) == before
    assert work.ticket(talk) == ticket
    assert figures(work)["Leo"].received == 1
    assert desk.metrics.team(work.eva, DAY).total.received == 1


def test_what_was_answered_and_sleeps_until_a_reply_is_a_new_ticket_of_the_same_agent(work: WorkingDesk) -> None:
    desk.timers.start(work.leo)
    [(talk, ticket)] = opened_by(work, work.leo)
    work.wait(minutes=1)
    work.replies(work.leo, talk)
    desk.snoozing.snooze(work.leo, [talk], until=None)
    work.wait(minutes=30)
    work.arrives(after=talk)
    share_out(work.eva)
    again = work.ticket(talk)
    assert again != ticket
    assert with_whom(work.eva) == {again: number_of(work.leo)}
    assert desk.metrics.team(work.eva, DAY).total.received == 2


@pytest.mark.parametrize("seen", [True, False])
def test_no_answer_needed_is_done_and_z_brings_it_back_as_it_was(work: WorkingDesk, seen: bool) -> None:
    desk.timers.start(work.leo)
    talk = work.arrives()
    share_out(work.eva)
    ticket = work.ticket(talk)
    if seen:
        desk.tickets.opened(work.leo, talk)
    before = hands(work.eva, ticket)
    work.wait(minutes=10)
    desk.triage.no_answer_needed(work.ana, [talk])
    row = desk.tickets.get(work.eva, ticket)
    assert (row.state, row.agent, row.done_by, loads(work)) == ("done", "Leo", "Ana", {})
    assert (figures(work)["Ana"].responses, figures(work)["Ana"].marked, figures(work)["Ana"].done) == (1, 1, 1)
    desk.undo.undo(work.ana)
    share_out(work.eva)
    assert hands(work.eva, ticket) == before
    assert (loads(work), figures(work)["Ana"].responses, figures(work)["Ana"].done) == ({"Leo": 1}, 0, 0)


# -- split, merged, there twice -----------------------------------------------------------------------------------------


def test_a_split_makes_two_tickets_and_z_one(work: WorkingDesk) -> None:
    [(talk, ticket)] = opened_by(work, work.leo)
    before = hands(work.eva, ticket)
    work.wait(minutes=5)
    work.arrives(after=talk)
    messages = [one.id for one in desk.reading.conversation(work.eva, talk).messages]
    other = desk.splitting.split(work.ana, talk, messages[1:])
    half = work.ticket(other)
    assert half != ticket
    assert hands(work.eva, half) == before
    assert loads(work) == {"Leo": 2}
    assert desk.metrics.team(work.eva, DAY).total.received == 2
    work.wait(minutes=5)
    work.replies(work.ana, other)
    assert loads(work) == {"Leo": 1}
    assert hands(work.eva, ticket) == before


def test_a_split_taken_back_leaves_the_one_ticket(work: WorkingDesk) -> None:
    [(talk, ticket)] = opened_by(work, work.leo)
    before = hands(work.eva, ticket)
    work.wait(minutes=5)
    work.arrives(after=talk)
    messages = [one.id for one in desk.reading.conversation(work.eva, talk).messages]
    half = work.ticket(desk.splitting.split(work.ana, talk, messages[1:]))
    desk.undo.undo(work.ana)
    assert hands(work.eva, ticket) == before
    assert columns_of(work.eva, half).gone
    assert (loads(work), desk.metrics.team(work.eva, DAY).total.received) == ({"Leo": 1}, 1)


def two(work: WorkingDesk, first: Context | None, second: Context | None) -> tuple[list[int], list[int]]:
    """Two conversations, each opened by the agent to whom routing gave it, or in the queue; with their tickets."""
    talks, tickets = [], []
    for who in (first, second):
        work.wait(minutes=1)
        talks.append(work.arrives())
        tickets.append(work.ticket(talks[-1]))
        if who is not None:
            desk.tickets.give(work.eva, tickets[-1:], who.actor.name)
            assert desk.tickets.opened(who, talks[-1])
    with work.eva.write() as tx:
        tx.connection.exec_driver_sql("UPDATE ticket SET how = 'automatic', pinned = 0 WHERE agent_id IS NOT NULL")
    return talks, tickets


@pytest.mark.parametrize("whose", ["first", "second", "both", "nobody", "each"])
@pytest.mark.parametrize("late", [False, True])
def test_a_merge_keeps_it_with_who_opened_it_and_z_makes_two_as_they_were(
    work: WorkingDesk, whose: str, late: bool
) -> None:
    """``late``: the mail that came first is the newer one."""
    leo, ana = work.leo, work.ana
    first = leo if whose in ("first", "both", "each") else None
    second = leo if whose in ("second", "both") else ana if whose == "each" else None
    talks, tickets = two(work, first, second)
    if late:
        with work.eva.write() as tx:
            for table, name in (("message", "at"), ("turn", "opened_at"), ("ticket", "created_at")):
                where = {"message": "conversation_id", "turn": "conversation_id", "ticket": "conversation_id"}[table]
                sql = f"UPDATE {table} SET {name} = '2026-11-16 06:00:00.000000' WHERE {where} = {talks[1]}"
                tx.connection.exec_driver_sql(sql)
    before = [hands(work.eva, ticket) for ticket in tickets]
    merged = desk.splitting.merge(work.eva, talks)
    (row,) = desk.tickets.page(work.eva, desk.tickets.TicketQuery()).rows
    assert row.id == work.ticket(merged) == tickets[late]
    assert (row.agent, row.state) == (("", "queued") if whose == "nobody" else ("Leo", "opened"))
    assert not row.pinned
    assert loads(work) == ({} if whose == "nobody" else {"Leo": 1})
    assert desk.metrics.team(work.eva, DAY).total.received == 1
    desk.undo.undo(work.eva)
    assert [hands(work.eva, ticket) for ticket in tickets] == before
    assert desk.metrics.team(work.eva, DAY).total.received == 2


def test_what_is_merged_does_not_move_from_who_opened_a_part_of_it(work: WorkingDesk) -> None:
    desk.timers.start(work.leo)
    talks, tickets = two(work, None, work.leo)
    desk.splitting.merge(work.leo, talks)
    desk.tickets.give(work.eva, [work.ticket(work.arrives()) for _each in range(3)], "Leo")
    desk.timers.start(work.ana)
    share_out(work.eva)
    assert with_whom(work.eva)[tickets[0]] == number_of(work.leo)


def test_what_a_late_mail_shows_to_be_one_is_with_who_opened_a_part_of_it(work: WorkingDesk) -> None:
    def from_zoe(number: int, answers: int | None, minute: int) -> int:
        at = work.clock.now() + timedelta(minutes=minute)
        more = {"In_Reply_To": f"<zoe{answers}@example.org>"} if answers is not None else {}
        raw = mail(
            message_id=f"zoe{number}@example.org", sender="Zoe <zoe@example.org>", subject=f"{number}", date=at, **more
        )
        return come_in(work.eva, raw, account=work.account, received_at=at).message_ids[0]

    from_zoe(0, None, 0)
    from_zoe(2, 1, 2)
    older, newer = with_whom(work.eva)
    desk.tickets.give(work.eva, [newer], "Leo")
    assert desk.tickets.opened(work.leo, columns_of(work.eva, newer).conversation_id)
    from_zoe(1, 0, 1)
    (row,) = desk.tickets.page(work.eva, desk.tickets.TicketQuery()).rows
    assert (row.id, row.agent, row.state, row.how, row.pinned) == (older, "Leo", "opened", "manual", True)
    assert row.assigned_at is not None


def test_what_waits_for_a_manager_waits_on_as_part_of_a_whole(work: WorkingDesk) -> None:
    talks, tickets = two(work, work.leo, work.leo)
    desk.tickets.set_pending(work.leo, tickets[1:], "May I?")
    before = [hands(work.eva, ticket) for ticket in tickets]
    desk.splitting.merge(work.leo, talks)
    (row,) = desk.tickets.page(work.eva, desk.tickets.TicketQuery()).rows
    assert (row.state, row.pending_note) == ("pending", "May I?")
    desk.undo.undo(work.leo)
    assert [hands(work.eva, ticket) for ticket in tickets] == before


def test_what_was_opened_as_a_whole_is_opened_as_a_part(work: WorkingDesk) -> None:
    talks, tickets = two(work, work.leo, None)
    with work.eva.write() as tx:
        tx.connection.exec_driver_sql("UPDATE ticket SET seen_at = NULL")
    desk.splitting.merge(work.leo, talks)
    work.wait(minutes=1)
    desk.tickets.opened(work.leo, talks[0])
    desk.undo.undo(work.leo)
    assert desk.tickets.get(work.eva, tickets[0]).state == "opened"
    assert desk.tickets.get(work.eva, tickets[1]).state == "queued"


def copies(work: WorkingDesk, *, at_once: bool) -> list[int]:
    """The same mail on two accounts; the conversations that hold it."""
    other = add_account(work.eva, "groups@hotel.example")
    raw = mail(message_id="both@example.org", date=work.clock.now(), to="desk@hotel.example, groups@hotel.example")
    found: list[int] = []
    for account in (work.account, other):
        items = [Incoming(prepare(raw))] * (2 if at_once else 1)
        found += receive(work.eva, Batch(items, account_id=account)).message_ids
        work.wait(minutes=1)
    assert len(set(found)) == 1
    return found


@pytest.mark.parametrize("at_once", [True, False])
def test_a_mail_on_two_accounts_is_one_ticket(work: WorkingDesk, at_once: bool) -> None:
    desk.timers.start(work.leo)
    copies(work, at_once=at_once)
    share_out(work.eva)
    (row,) = desk.tickets.page(work.eva, desk.tickets.TicketQuery()).rows
    assert (row.agent, loads(work)) == ("Leo", {"Leo": 1})
    assert desk.metrics.team(work.eva, DAY).total.received == 1


def test_a_mail_found_on_a_second_account_leaves_its_ticket_as_it_is(work: WorkingDesk) -> None:
    other = add_account(work.eva, "groups@hotel.example")
    raw = mail(message_id="both@example.org", date=work.clock.now())
    receive(work.eva, Batch([Incoming(prepare(raw))], account_id=work.account))
    (ticket,) = with_whom(work.eva)
    talk = columns_of(work.eva, ticket).conversation_id
    desk.tickets.take(work.leo, [ticket])
    desk.tickets.opened(work.leo, talk)
    before = hands(work.eva, ticket)
    receive(work.eva, Batch([Incoming(prepare(raw))], account_id=other))
    assert hands(work.eva, ticket) == before
    desk.triage.no_answer_needed(work.leo, [talk])
    receive(work.eva, Batch([Incoming(prepare(raw))], account_id=other))
    assert with_whom(work.eva) == {}


# -- the guest writes again ---------------------------------------------------------------------------------------------


def test_a_guest_who_writes_again_before_anybody_answered_is_one_ticket(work: WorkingDesk) -> None:
    [(talk, ticket)] = opened_by(work, work.leo)
    before = hands(work.eva, ticket)
    since = columns_of(work.eva, ticket).created_at
    for _each in range(3):
        work.wait(minutes=10)
        work.arrives(after=talk)
    assert with_whom(work.eva) == {ticket: number_of(work.leo)}
    assert hands(work.eva, ticket) == before
    assert columns_of(work.eva, ticket).created_at == since
    work.replies(work.leo, talk)
    found = figures(work)["Leo"]
    assert (found.received, found.done, found.responses) == (1, 1, 1)
    assert found.response_seconds == 30 * 60 + 11


@pytest.mark.parametrize("why", ["paused", "removed", "stage", "channel", "takes none", "stopped"])
@pytest.mark.parametrize("colleague", [True, False])
def test_a_reopened_one_goes_elsewhere_where_its_last_agent_cannot_get_it(
    work: WorkingDesk, why: str, colleague: bool
) -> None:
    desk.timers.start(work.leo)
    [(talk, ticket)] = opened_by(work, work.leo)
    work.wait(minutes=1)
    work.replies(work.leo, talk)
    if colleague:
        desk.timers.start(work.ana)
    match why:
        case "paused":
            desk.timers.pause(work.leo)
        case "removed":
            desk.team.remove(work.eva, number_of(work.leo))
        case "stage":
            takes(work.leo, stages="after booking")
        case "channel":
            takes(work.leo, channels="Airbnb")
        case "takes none":
            takes(work.leo, any_at_all=False)
        case "stopped":
            desk.timers.stop(work.leo)
    work.wait(minutes=30)
    work.arrives(after=talk)
    share_out(work.eva)
    again = work.ticket(talk)
    assert again != ticket
    held = with_whom(work.eva)[again]
    if colleague:
        assert held == number_of(work.ana)
    elif why == "stopped":
        assert held == number_of(work.leo), "without any timer the desk works as before"
    else:
        assert held is None
        assert [row.id for row in desk.tickets.queue(work.eva)] == [again]
