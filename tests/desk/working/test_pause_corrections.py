"""Pauses of intake are corrected by managers alone, each time with a reason; invisible time follows (SPEC §10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from crm_tui.desk.common.context import Context
from crm_tui.desk.working.timer_views import PauseView
from crm_tui.rules.periods import Period
from tests.desk.colleagues import colleague
from tests.desk.house import NOW, make_house

TODAY = Period(date(2026, 7, 1), date(2026, 7, 1))
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ana(tmp_path: Path) -> Iterator[Context]:
    ctx = make_house(tmp_path)
    yield ctx
    ctx.store.close()


@pytest.fixture
def leo(ana: Context) -> Context:
    """He worked for three hours and was paused in the second one."""
    leo = colleague(ana, "Leo")
    assert isinstance(ana.clock, FixedClock)
    ana.clock.instant = NOW - timedelta(hours=3)
    desk.timers.start(leo)
    ana.clock.advance(timedelta(hours=1))
    desk.timers.pause(leo)
    ana.clock.advance(timedelta(hours=1))
    desk.timers.resume(leo)
    ana.clock.advance(timedelta(hours=1))
    return leo


def invisible(ctx: Context) -> int:
    return int(desk.timer_corrections.working(ctx, TODAY)[ctx.actor.id or 0].invisible_seconds)


def pause_of(ctx: Context) -> PauseView:
    [found] = desk.timer_corrections.pauses(ctx, TODAY, "me")
    assert isinstance(found, PauseView)
    return found


def test_a_manager_corrects_a_pause_and_invisible_time_follows(ana: Context, leo: Context) -> None:
    one = pause_of(leo)
    fixed = desk.pause_corrections.correct(ana, one.id, one.version, one.paused, one.paused + 20 * MINUTE, " Forgot ")
    assert (fixed.note, fixed.made_by, fixed.seconds) == ("Forgot", "Ana", 1200)
    assert invisible(leo) == 1200
    desk.undo.undo(ana)
    assert invisible(leo) == 3600
    assert (pause_of(leo).note, pause_of(leo).made_by) == ("", "")


def test_a_pause_nobody_pressed_a_key_for_counts_within_working_time_only(ana: Context, leo: Context) -> None:
    desk.pause_corrections.add(ana, "Leo", NOW - timedelta(hours=4), NOW - timedelta(hours=2, minutes=30), "Meeting")
    assert invisible(leo) == 3600 + 1800
    desk.undo.undo(ana)
    assert invisible(leo) == 3600


def test_a_pause_taken_out_counts_no_more_until_undone(ana: Context, leo: Context) -> None:
    one = pause_of(leo)
    desk.pause_corrections.remove(ana, one.id, one.version, "Was there")
    assert invisible(leo) == 0
    assert desk.timer_corrections.pauses(leo, TODAY, "me") == []
    desk.undo.undo(ana)
    assert invisible(leo) == 3600


@pytest.mark.parametrize("how", ["correct", "remove"])
def test_ending_a_pause_that_lasts_lets_tickets_come(ana: Context, leo: Context, how: str) -> None:
    desk.timers.pause(leo)
    assert isinstance(ana.clock, FixedClock)
    ana.clock.advance(timedelta(minutes=30))
    one = desk.timer_corrections.pauses(leo, TODAY, "me")[-1]
    if how == "correct":
        with pytest.raises(InvalidInput):
            desk.pause_corrections.correct(ana, one.id, one.version, one.paused, ana.clock.now() + MINUTE, "Ahead")
        desk.pause_corrections.correct(ana, one.id, one.version, one.paused, one.paused + 10 * MINUTE, "Back")
    else:
        desk.pause_corrections.remove(ana, one.id, one.version, "Back")
    assert desk.timers.state(leo).intake
    assert invisible(leo) == 3600 + (600 if how == "correct" else 0)


def test_agents_correct_nothing_not_even_their_own(ana: Context, leo: Context) -> None:
    one = pause_of(leo)
    with pytest.raises(Forbidden):
        desk.pause_corrections.correct(leo, one.id, one.version, one.paused, one.paused + MINUTE, "Mine")
    with pytest.raises(Forbidden):
        desk.pause_corrections.add(leo, "Leo", NOW - timedelta(hours=1), NOW, "Mine")
    with pytest.raises(Forbidden):
        desk.pause_corrections.remove(leo, one.id, one.version, "Mine")
    with pytest.raises(NotFound):
        desk.pause_corrections.get(colleague(ana, "Mia"), one.id)
    assert desk.pause_corrections.get(leo, one.id) == one


def test_what_no_pause_can_be_is_refused(ana: Context, leo: Context) -> None:
    one = pause_of(leo)
    for start, end, reason, field in (
        (one.paused, one.paused, "x", "stopped"),
        (one.paused, NOW + MINUTE, "x", "stopped"),
        (one.paused - timedelta(hours=30), one.paused, "x", "stopped"),
        (one.paused, one.resumed, "  ", "reason"),
        (one.paused, None, "x", "stopped"),
    ):
        with pytest.raises(InvalidInput) as error:
            desk.pause_corrections.correct(ana, one.id, one.version, start, end, reason)
        assert error.value.field == field
    desk.pause_corrections.correct(ana, one.id, one.version, one.paused, NOW, "First")
    with pytest.raises(Conflict):
        desk.pause_corrections.correct(ana, one.id, one.version, one.paused, NOW, "Second")
    assert pause_of(leo).note == "First"


def test_who_is_no_manager_any_more_takes_no_correction_back(ana: Context, leo: Context) -> None:
    max_ = colleague(ana, "Max", role="manager")
    one = pause_of(leo)
    desk.pause_corrections.remove(max_, one.id, one.version, "Was there")
    desk.team.change(ana, max_.actor.id or 0, role="agent")
    with pytest.raises(desk.undo.Refused):
        desk.undo.undo(desk.team.renewed(max_))
    assert invisible(leo) == 0
