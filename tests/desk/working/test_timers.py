from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Agent, Conversation, IntakePause, Journal, Property, Ticket, TimerSession
from crm_tui.desk.common.context import ENGINE, Actor, Context
from crm_tui.desk.working.timer_views import SessionView
from crm_tui.rules.periods import Period
from tests.desk.house import NOW, make_house
from tests.desk.worked import asks, conversation_of, out_of_step, with_whom

TODAY = Period(date(2026, 7, 1), date(2026, 7, 1))
WEEK = Period(date(2026, 6, 29), date(2026, 7, 5))
_S = columns(TimerSession)
_J = columns(Journal)


@pytest.fixture
def ana(tmp_path: Path) -> Iterator[Context]:
    """An administrator; the clock stands at 11:00 in Madrid, 1 July."""
    ctx = make_house(tmp_path)
    yield ctx
    ctx.store.close()


@pytest.fixture
def leo(ana: Context) -> Context:
    return joined(ana, "Leo")


def joined(ctx: Context, name: str, role: str = "agent") -> Context:
    with ctx.write() as tx:
        number = new_id(tx.connection.execute(insert(Agent).values(name=name, role=role, created_at=tx.now)))
    return ctx.acting_as(Actor(number, name, role))


def wait(ctx: Context, **by: float) -> None:
    clock = ctx.clock
    assert isinstance(clock, FixedClock)
    clock.advance(timedelta(**by))


def beat_on(ctx: Context, session: str, minutes: int) -> None:
    for _minute in range(minutes):
        wait(ctx, minutes=1)
        assert desk.timers.beat(ctx, session)


def journaled(ctx: Context, entity: str = "timer_session") -> list[Any]:
    query = select(_J.agent_id, _J.action, _J.before, _J.after, _J.undoable).where(_J.entity == entity)
    with ctx.store.connect() as connection:
        return list(connection.execute(query.order_by(_J.id)))


def seconds(ctx: Context, period: Period = TODAY) -> tuple[int, int]:
    found = desk.timer_corrections.working(ctx, period).get(ctx.actor.id or 0)
    return (found.working_seconds, found.invisible_seconds) if found else (0, 0)


def only(ctx: Context, period: Period = TODAY) -> SessionView:
    [found] = desk.timer_corrections.sessions(ctx, period, "me")
    return found


# -- signs of life ------------------------------------------------------------------------------------------------------


def test_whatever_an_agent_does_keeps_a_timer_of_the_command_line_alive(ana: Context, leo: Context) -> None:
    number = asks(ana, 1)
    desk.timers.start(leo)
    wait(ana, hours=11)
    desk.triage.star(leo, [conversation_of(ana, number)], starred=True)
    wait(ana, hours=11)
    desk.memos.add(leo, "Late", conversation=conversation_of(ana, number))
    wait(ana, hours=5)
    assert desk.timers.state(leo).running
    wait(ana, hours=8)
    assert not desk.timers.state(leo).running
    both = Period(date(2026, 7, 1), date(2026, 7, 3))
    assert seconds(leo, both) == (22 * 3600, 0)
    assert desk.timers.cap(ana.acting_as(ENGINE)) == 1
    assert seconds(leo, both) == (22 * 3600, 0)


def test_a_timer_that_was_silent_too_long_is_not_brought_back(ana: Context, leo: Context) -> None:
    number = asks(ana, 1)
    desk.timers.start(leo)
    wait(ana, hours=1)
    desk.triage.star(leo, [conversation_of(ana, number)], starred=True)
    wait(ana, hours=13)
    desk.triage.star(leo, [conversation_of(ana, number)], starred=False)
    assert not desk.timers.state(leo).running
    assert seconds(leo, Period(date(2026, 7, 1), date(2026, 7, 2))) == (3600, 0)


def test_what_one_does_is_no_sign_of_life_of_a_desk_or_of_another(ana: Context, leo: Context) -> None:
    number = asks(ana, 1)
    desk.timers.start(leo, "left")
    desk.timers.start(ana)
    wait(ana, minutes=10)
    desk.triage.star(leo, [conversation_of(ana, number)], starred=True)
    assert not desk.timers.state(leo, "left").running
    with ana.store.connect() as connection:
        signs = connection.execute(select(_S.heartbeat_at, _S.started_at)).all()
    assert all(row.heartbeat_at == row.started_at for row in signs)


def test_a_clock_set_back_takes_no_sign_of_life_back(ana: Context, leo: Context) -> None:
    number = asks(ana, 1)
    desk.timers.start(leo)
    wait(ana, hours=2)
    desk.triage.star(leo, [conversation_of(ana, number)], starred=True)
    wait(ana, hours=-1)
    desk.triage.star(leo, [conversation_of(ana, number)], starred=False)
    desk.timers.stop(leo)
    assert seconds(leo) == (7200, 0)


# -- corrections and tickets --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["correct", "remove"])
def test_a_correction_that_ends_a_session_lets_go_of_tickets_as_stopping_does(
    ana: Context, leo: Context, how: str
) -> None:
    """Also of those that came after the instant at which the manager says that it ended."""
    opened, unopened, own = asks(ana, 1), asks(ana, 2), asks(ana, 3)
    desk.timers.start(leo, "d1")
    beat_on(leo, "d1", 60)
    with ana.write() as tx:
        for number in (opened, unopened):
            give = update(table_of(Ticket)).where(columns(Ticket).id == number)
            tx.connection.execute(give.values(agent_id=leo.actor.id, how="automatic", assigned_at=tx.now))
            talk = update(table_of(Conversation)).where(columns(Conversation).id == conversation_of(ana, number))
            tx.connection.execute(talk.values(assignee_id=leo.actor.id))
    desk.tickets.opened(leo, conversation_of(ana, opened))
    desk.tickets.take(leo, [own])
    session = only(leo)
    if how == "correct":
        desk.timer_corrections.correct(
            ana, session.id, session.version, session.started, session.started + timedelta(minutes=20), "Went home"
        )
    else:
        desk.timer_corrections.remove(ana, session.id, session.version, "Not here")
    assert with_whom(ana) == {opened: leo.actor.id, unopened: None, own: leo.actor.id}
    assert desk.tickets.get(ana, opened).flagged
    assert desk.tickets.get(ana, own).flagged
    assert out_of_step(ana) == []


# -- start, stop, pause, resume -----------------------------------------------------------------------------------------


def test_a_timer_counts_from_start_to_stop(leo: Context) -> None:
    assert not desk.timers.state(leo, "d1").running
    number = desk.timers.start(leo, "d1")
    assert desk.timers.start(leo, "d1") == number
    beat_on(leo, "d1", 72)
    state = desk.timers.state(leo, "d1")
    assert (state.running, state.here, state.intake, state.others) == (True, True, True, 0)
    assert (state.working_seconds, state.since) == (72 * 60, NOW)
    assert desk.timers.stop(leo, "d1") == 1
    assert desk.timers.stop(leo, "d1") == 0
    wait(leo, hours=1)
    assert seconds(leo) == (72 * 60, 0)
    assert [(row.action, row.agent_id) for row in journaled(leo)] == [("start", leo.actor.id), ("stop", leo.actor.id)]
    assert not desk.timers.state(leo, "d1").running


def test_two_desks_of_one_agent_count_as_their_union(leo: Context) -> None:
    desk.timers.start(leo, "d1")
    beat_on(leo, "d1", 10)
    desk.timers.start(leo, "d2")
    for _minute in range(10):
        wait(leo, minutes=1)
        desk.timers.beat(leo, "d1")
        desk.timers.beat(leo, "d2")
    assert desk.timers.state(leo, "d1").others == 1
    assert desk.timers.stop(leo, "d1") == 1
    assert desk.timers.state(leo, "d1").running
    assert not desk.timers.state(leo, "d1").here
    beat_on(leo, "d2", 10)
    assert desk.timers.stop(leo) == 1
    assert seconds(leo) == (30 * 60, 0)


def test_the_command_line_stops_all_of_them(leo: Context) -> None:
    for name in ("d1", "d2", ""):
        desk.timers.start(leo, name)
    assert desk.timers.state(leo).others == 2
    assert desk.timers.stop(leo) == 3


def test_pausing_does_not_stop_work(leo: Context) -> None:
    desk.timers.start(leo, "d1")
    beat_on(leo, "d1", 10)
    assert desk.timers.pause(leo)
    assert not desk.timers.pause(leo)
    state = desk.timers.state(leo, "d1")
    assert (state.running, state.intake, state.paused_since) == (True, False, leo.clock.now())
    beat_on(leo, "d1", 5)
    assert desk.timers.resume(leo)
    assert not desk.timers.resume(leo)
    beat_on(leo, "d1", 5)
    assert seconds(leo) == (20 * 60, 5 * 60)
    assert [row.action for row in journaled(leo, "intake_pause")] == ["pause", "resume"]


def test_there_is_nothing_to_pause_without_a_running_timer(leo: Context) -> None:
    for act in (desk.timers.pause, desk.timers.resume):
        with pytest.raises(Conflict, match="does not run"):
            act(leo)
    assert journaled(leo, "intake_pause") == []


def test_stopping_ends_a_pause_but_only_with_the_last_session(leo: Context) -> None:
    desk.timers.start(leo, "d1")
    desk.timers.start(leo, "d2")
    beat_on(leo, "d1", 1)
    desk.timers.pause(leo)
    desk.timers.stop(leo, "d1")
    assert desk.timers.state(leo, "d2").paused_since is not None
    wait(leo, minutes=3)
    desk.timers.stop(leo, "d2")
    [pause] = desk.timer_corrections.pauses(leo, TODAY, "me")
    assert pause.resumed == leo.clock.now()
    wait(leo, minutes=30)
    desk.timers.start(leo, "d1")
    assert desk.timers.state(leo, "d1").intake
    assert seconds(leo) == (4 * 60, 3 * 60)


def test_nobody_starts_the_timer_of_another(ana: Context, leo: Context) -> None:
    desk.timers.start(ana, "d1")
    assert not desk.timers.state(leo, "d1").running
    assert desk.timers.stop(leo, "d1") == 0
    assert not desk.timers.beat(leo, "d1")
    assert desk.timers.duties(ana).keys() == {ana.actor.id}
    with pytest.raises(Forbidden, match="Nobody in particular"):
        desk.timers.start(ana.acting_as(ENGINE), "d1")


def test_a_desk_that_only_reads_has_no_timer(leo: Context) -> None:
    shut = replace(leo, readonly=True)
    with pytest.raises(Forbidden):
        desk.timers.start(shut, "d1")
    assert not desk.timers.beat(shut, "d1")


def test_whoever_leaves_the_team_works_no_more(ana: Context, leo: Context) -> None:
    assert leo.actor.id is not None
    desk.timers.start(leo, "d1")
    desk.timers.pause(leo)
    wait(leo, minutes=4)
    desk.team.remove(ana, leo.actor.id)
    assert desk.timers.duties(ana) == {}
    [sheet] = desk.timer_corrections.timesheets(ana, TODAY, "Leo")
    assert (sheet.working_seconds, sheet.invisible_seconds) == (240, 240)


# -- tickets ------------------------------------------------------------------------------------------------------------


def route(ctx: Context) -> None:
    """As the engine does."""
    desk.stages.heed(ctx.acting_as(ENGINE), None)
    while desk.ticket_routing.step(ctx.acting_as(ENGINE)):
        pass


def two_tickets(leo: Context) -> tuple[int, int]:
    """Two tickets that came to Leo by themselves; the first one was opened."""
    seen, unseen = asks(leo, 1), asks(leo, 2)
    desk.timers.start(leo, "d1")
    route(leo)
    assert desk.tickets.opened(leo, conversation_of(leo, seen))
    assert with_whom(leo) == {seen: leo.actor.id, unseen: leo.actor.id}
    return seen, unseen


def test_stopping_gives_back_what_was_not_opened_in_the_same_command(leo: Context) -> None:
    seen, unseen = two_tickets(leo)
    desk.timers.start(leo, "d2")
    desk.timers.stop(leo, "d1")
    assert with_whom(leo)[unseen] == leo.actor.id  # another timer of hers still runs
    desk.timers.stop(leo, "d2")
    assert with_whom(leo) == {seen: leo.actor.id, unseen: None}
    assert out_of_step(leo) == []
    with leo.store.connect() as connection:
        rows = connection.execute(select(_J.command, _J.entity).order_by(_J.id.desc())).all()
    assert {row.entity for row in rows if row.command == rows[0].command} >= {"timer_session", "ticket"}


def test_pausing_keeps_what_one_has(leo: Context) -> None:
    seen, unseen = two_tickets(leo)
    desk.timers.pause(leo)
    route(leo)
    assert with_whom(leo) == {seen: leo.actor.id, unseen: leo.actor.id}


def test_a_desk_that_died_and_one_that_a_manager_ended_give_back_too(ana: Context, leo: Context) -> None:
    seen, unseen = two_tickets(leo)
    wait(leo, minutes=6)
    desk.timers.cap(leo)
    assert with_whom(leo) == {seen: leo.actor.id, unseen: None}
    desk.timers.start(leo, "d1")
    route(leo)
    assert with_whom(leo)[unseen] == leo.actor.id
    session = desk.timer_corrections.sessions(leo, TODAY, "me")[-1]
    wait(leo, minutes=2)
    desk.timer_corrections.correct(ana, session.id, session.version, session.started, leo.clock.now(), "She left")
    assert with_whom(leo) == {seen: leo.actor.id, unseen: None}


# -- silence ------------------------------------------------------------------------------------------------------------


def test_a_desk_that_was_killed_is_capped_at_its_last_heartbeat_whoever_looks(leo: Context) -> None:
    desk.timers.start(leo, "d1")
    beat_on(leo, "d1", 10)
    desk.timers.pause(leo)
    died = leo.clock.now()
    wait(leo, hours=2)
    assert seconds(leo) == (600, 0)  # before anybody wrote it down
    assert (only(leo).ended, only(leo).stopped) == ("capped", died)
    assert desk.timers.duties(leo) == {}
    assert desk.timers.state(leo, "d1").capped_at == died
    assert desk.timers.cap(leo) == 1
    assert desk.timers.cap(leo) == 0
    assert seconds(leo) == (600, 0)
    assert (only(leo).ended, only(leo).stopped) == ("capped", died)
    [pause] = desk.timer_corrections.pauses(leo, TODAY)
    assert pause.resumed == died
    capped = journaled(leo)[-1]
    assert (capped.action, capped.agent_id, capped.after["stopped_at"]) == ("cap", None, died.isoformat())


def test_the_next_start_caps_what_fell_silent(leo: Context) -> None:
    first = desk.timers.start(leo, "d1")
    desk.timers.pause(leo)
    wait(leo, hours=3)
    second = desk.timers.start(leo, "d1")
    assert second != first
    assert desk.timers.state(leo, "d1").intake
    beat_on(leo, "d1", 2)
    assert seconds(leo) == (120, 0)


def test_a_desk_that_wakes_up_late_finds_its_session_ended(leo: Context) -> None:
    desk.timers.start(leo, "d1")
    beat_on(leo, "d1", 3)
    wait(leo, minutes=6)
    assert not desk.timers.beat(leo, "d1")
    assert only(leo).ended == "capped"
    assert seconds(leo) == (180, 0)


def test_a_session_of_the_command_line_lives_for_half_a_day(leo: Context) -> None:
    desk.timers.start(leo)
    wait(leo, hours=12)
    assert seconds(leo) == (12 * 3600, 0)
    desk.timers.pause(leo)  # a sign of life
    wait(leo, hours=11)
    assert desk.timers.cap(leo) == 0
    wait(leo, hours=2)
    assert desk.timers.cap(leo) == 1
    assert seconds(leo, WEEK) == (12 * 3600, 0)


def test_heartbeats_are_not_journaled(leo: Context) -> None:
    desk.timers.start(leo, "d1")
    beat_on(leo, "d1", 3)
    assert len(journaled(leo)) == 1


# -- clocks and days ----------------------------------------------------------------------------------------------------


def test_a_clock_set_back_takes_nothing_away(leo: Context) -> None:
    desk.timers.start(leo, "d1")
    beat_on(leo, "d1", 30)
    wait(leo, minutes=-20)
    assert desk.timers.beat(leo, "d1")
    wait(leo, minutes=5)
    desk.timers.stop(leo, "d1")
    assert seconds(leo) == (30 * 60, 0)


def test_a_clock_set_back_before_the_start_begins_another_session(leo: Context) -> None:
    desk.timers.start(leo, "d1")
    beat_on(leo, "d1", 30)
    desk.timers.pause(leo)
    wait(leo, hours=-2)
    assert desk.timers.beat(leo, "d1")
    assert desk.timers.state(leo, "d1").here
    assert not desk.timers.state(leo, "d1").intake
    beat_on(leo, "d1", 10)
    desk.timers.stop(leo)
    wait(leo, hours=5)
    assert seconds(leo)[0] == 40 * 60


def test_a_night_counts_on_both_days(leo: Context) -> None:
    wait(leo, hours=12, minutes=30)  # 23:30 in Madrid
    desk.timers.start(leo, "d1")
    beat_on(leo, "d1", 90)
    desk.timers.stop(leo)
    [sheet] = desk.timer_corrections.timesheets(leo, WEEK, "me")
    assert {day.day.day: day.working_seconds for day in sheet.days if day.working_seconds} == {1: 1800, 2: 3600}
    assert sheet.working_seconds == 5400
    assert seconds(leo, Period(date(2026, 7, 2), date(2026, 7, 2))) == (3600, 0)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 7), (date(2026, 10, 25), 9)])
def test_a_night_when_the_clocks_change(ana: Context, day: date, hours: int) -> None:
    wait(ana, days=365)
    zone = desk.snoozing.zone(ana)
    start = datetime(day.year, day.month, day.day, 22, tzinfo=zone) - timedelta(days=1)
    end = datetime(day.year, day.month, day.day, 6, tzinfo=zone)
    desk.timer_corrections.add(ana, "Ana", start, end, "Night shift")
    assert seconds(ana, Period(day, day)) == ((hours - 2) * 3600, 0)
    assert seconds(ana, Period(day - timedelta(days=1), day)) == (hours * 3600, 0)


def test_the_day_is_the_property_s(leo: Context) -> None:
    with leo.write() as tx:
        tx.connection.execute(update(table_of(Property)).values(timezone="Pacific/Auckland"))
    wait(leo, hours=2, minutes=30)  # 23:30 there
    desk.timers.start(leo, "d1")
    beat_on(leo, "d1", 60)
    assert desk.timers.state(leo, "d1").working_seconds == 1800
    assert seconds(leo) == (1800, 0)


# -- what managers may --------------------------------------------------------------------------------------------------


def test_a_manager_corrects_with_a_reason_and_takes_it_back(ana: Context, leo: Context) -> None:
    desk.timers.start(leo, "d1")
    wait(leo, hours=3)
    desk.timers.cap(leo)
    session = only(leo)
    assert session.seconds == 0
    fixed = desk.timer_corrections.correct(
        ana, session.id, session.version, NOW - timedelta(hours=1), NOW + timedelta(hours=2), "The desk\ncrashed"
    )
    assert (fixed.ended, fixed.note, fixed.made_by, fixed.seconds) == ("corrected", "The desk crashed", "Ana", 10800)
    [sheet] = desk.timer_corrections.timesheets(ana, TODAY, "Leo")
    assert (sheet.working_seconds, sheet.days[0].corrected) == (10800, True)
    row = journaled(leo)[-1]
    assert (row.action, row.agent_id, row.undoable) == ("correct", ana.actor.id, True)
    assert row.after["note"] == "The desk crashed"
    seen = desk.undo.last(ana)
    assert seen is not None
    assert "corrected" in seen.text
    assert "The desk crashed" in seen.text
    desk.undo.undo(ana)
    again = only(leo)
    assert (again.ended, again.seconds, again.note) == ("capped", 0, "")


def test_a_session_is_added_and_removed_and_both_come_back(ana: Context, leo: Context) -> None:
    start, end = NOW - timedelta(hours=5), NOW - timedelta(hours=2)
    added = desk.timer_corrections.add(ana, "leo", start, end, "At the counter without a desk")
    assert (added.agent, added.seconds, added.ended) == ("Leo", 10800, "corrected")
    assert seconds(leo) == (10800, 0)
    desk.undo.undo(ana)
    assert seconds(leo) == (0, 0)
    added = desk.timer_corrections.add(ana, "Leo", start, end, "At the counter")
    desk.timer_corrections.remove(ana, added.id, added.version, "It was Mia")
    assert seconds(leo) == (0, 0)
    with pytest.raises(NotFound):
        desk.timer_corrections.remove(ana, added.id, added.version, "Again")
    desk.undo.undo(ana)
    assert seconds(leo) == (10800, 0)


def test_corrections_that_overlap_count_once(ana: Context, leo: Context) -> None:
    for begins, ends in ((5, 2), (4, 1), (3, 2)):
        start, end = NOW - timedelta(hours=begins), NOW - timedelta(hours=ends)
        desk.timer_corrections.add(ana, "Leo", start, end, "Counted by hand")
    assert seconds(leo) == (4 * 3600, 0)


def test_only_a_manager_corrects(ana: Context, leo: Context) -> None:
    session = desk.timer_corrections.add(ana, "Leo", NOW - timedelta(hours=3), NOW, "By hand")
    before = journaled(ana)
    cheat = leo.acting_as(replace(leo.actor, role="manager"))  # what the store says counts
    for ctx in (leo, cheat):
        with pytest.raises(Forbidden, match="Only a manager"):
            desk.timer_corrections.correct(ctx, session.id, session.version, NOW - timedelta(hours=9), NOW, "More")
        with pytest.raises(Forbidden, match="Only a manager"):
            desk.timer_corrections.add(ctx, "Leo", NOW - timedelta(hours=9), NOW, "More")
        with pytest.raises(Forbidden, match="Only a manager"):
            desk.timer_corrections.remove(ctx, session.id, session.version, "Less")
    assert journaled(ana) == before
    boss = joined(ana, "Mia", "manager")
    desk.timer_corrections.correct(boss, session.id, session.version, NOW - timedelta(hours=2), NOW, "She left early")
    assert seconds(leo) == (2 * 3600, 0)


def test_one_who_is_no_manager_any_more_takes_no_correction_back(ana: Context, leo: Context) -> None:
    boss = joined(ana, "Mia", "manager")
    assert boss.actor.id is not None
    desk.timer_corrections.add(boss, "Leo", NOW - timedelta(hours=3), NOW, "By hand")
    desk.team.change(ana, boss.actor.id, role="agent")
    with pytest.raises(Conflict, match="Only a manager"):
        desk.undo.undo(boss)
    assert seconds(leo) == (3 * 3600, 0)


@pytest.mark.parametrize(
    ("start", "end", "reason", "field", "words"),
    [
        (-2, -3, "x", "stopped", "end before it starts"),
        (-2, -2, "x", "stopped", "end before it starts"),
        (-2, 1, "x", "stopped", "still to come"),
        (1, 2, "x", "started", "still to come"),
        (-30, -2, "x", "stopped", "longer than a day"),
        (-2, -1, " \t", "reason", "needs a reason"),
        (-2, -1, "x" * 201, "reason", "at most 200"),
    ],
)
def test_what_cannot_be_is_refused(ana: Context, start: float, end: float, reason: str, field: str, words: str) -> None:
    session = desk.timer_corrections.add(ana, "Ana", NOW - timedelta(hours=4), NOW, "By hand")
    begins, ends = NOW + timedelta(hours=start), NOW + timedelta(hours=end)
    acts: list[Callable[[], object]] = [
        lambda: desk.timer_corrections.add(ana, "Ana", begins, ends, reason),
        lambda: desk.timer_corrections.correct(ana, session.id, session.version, begins, ends, reason),
    ]
    for act in acts:
        with pytest.raises(InvalidInput, match=words) as refused:
            act()
        assert refused.value.field == field
    assert seconds(ana) == (4 * 3600, 0)


def test_a_correction_that_started_from_an_older_state_overwrites_nothing(ana: Context) -> None:
    session = desk.timer_corrections.add(ana, "Ana", NOW - timedelta(hours=4), NOW, "By hand")
    desk.timer_corrections.correct(ana, session.id, session.version, NOW - timedelta(hours=3), NOW, "Rather so")
    with pytest.raises(Conflict, match="nothing was overwritten"):
        desk.timer_corrections.correct(ana, session.id, session.version, NOW - timedelta(hours=2), NOW, "Or so")
    assert seconds(ana) == (3 * 3600, 0)


def test_the_begin_of_a_session_that_runs_can_be_corrected(ana: Context, leo: Context) -> None:
    desk.timers.start(leo, "d1")
    session = only(leo)
    fixed = desk.timer_corrections.correct(
        ana, session.id, session.version, NOW - timedelta(minutes=30), None, "She was here before"
    )
    assert fixed.stopped is None
    beat_on(leo, "d1", 10)
    assert seconds(leo) == (40 * 60, 0)
    desk.undo.undo(ana)
    assert seconds(leo) == (600, 0)


def test_ending_a_session_that_runs_ends_its_pause(ana: Context, leo: Context) -> None:
    desk.timers.start(leo, "d1")
    desk.timers.pause(leo)
    beat_on(leo, "d1", 10)
    session = only(leo)
    desk.timer_corrections.correct(ana, session.id, session.version, NOW, NOW + timedelta(minutes=5), "She left")
    assert not desk.timers.state(leo, "d1").running
    assert not desk.timers.beat(leo, "d1")
    assert seconds(leo) == (300, 300)
    with leo.store.connect() as connection:
        assert connection.execute(select(columns(IntakePause).resumed_at)).scalar() is not None


def test_agents_see_their_own_time_alone(ana: Context, leo: Context) -> None:
    desk.timer_corrections.add(ana, "Ana", NOW - timedelta(hours=4), NOW, "By hand")
    mine = desk.timer_corrections.add(ana, "Leo", NOW - timedelta(hours=2), NOW, "By hand")
    assert [row.id for row in desk.timer_corrections.sessions(leo, WEEK)] == [mine.id]
    assert desk.timer_corrections.working(leo, WEEK).keys() == {leo.actor.id}
    assert [sheet.agent for sheet in desk.timer_corrections.timesheets(leo, WEEK)] == ["Leo"]
    assert [sheet.agent for sheet in desk.timer_corrections.timesheets(ana, WEEK)] == ["Ana", "Leo"]
    looks: list[Callable[[Context, Period, str], object]] = [
        desk.timer_corrections.sessions,
        desk.timer_corrections.pauses,
        desk.timer_corrections.timesheets,
    ]
    for look in looks:
        with pytest.raises(Forbidden, match="manager"):
            look(leo, WEEK, "Ana")
    with pytest.raises(NotFound):
        desk.timer_corrections.get(leo, mine.id - 1)
    assert desk.timer_corrections.get(ana, mine.id).agent == "Leo"


def test_figures_can_be_found_again_in_the_journal_alone(ana: Context, leo: Context) -> None:
    desk.timers.start(leo, "d1")
    beat_on(leo, "d1", 20)
    desk.timers.pause(leo)
    beat_on(leo, "d1", 20)
    desk.timers.resume(leo)
    desk.timers.stop(leo)
    desk.timer_corrections.add(ana, "Leo", NOW - timedelta(hours=2), NOW + timedelta(minutes=5), "At the counter")
    open_at: dict[int, datetime] = {}
    spans: list[tuple[datetime, datetime]] = []
    with ana.store.connect() as connection:
        rows = list(connection.execute(select(_J.entity_id, _J.action, _J.after).where(_J.entity == "timer_session")))
    for row in rows:
        if row.action == "start":
            open_at[row.entity_id] = datetime.fromisoformat(row.after["started_at"])
        elif row.action == "add":
            spans.append(tuple(datetime.fromisoformat(row.after[name]) for name in ("started_at", "stopped_at")))  # type: ignore[arg-type]
        else:
            spans.append((open_at[row.entity_id], datetime.fromisoformat(row.after["stopped_at"])))
    assert sorted(spans) == [
        (NOW - timedelta(hours=2), NOW + timedelta(minutes=5)),
        (NOW, NOW + timedelta(minutes=40)),
    ]
    assert seconds(leo) == (160 * 60, 20 * 60)
