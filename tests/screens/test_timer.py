"""The timer of a desk: its keys, its words in the header, its signs of life."""

from __future__ import annotations

from datetime import timedelta

from crm_tui import desk
from crm_tui.app import DeskApp
from crm_tui.rules.periods import Period
from crm_tui.rules.working_time import BEAT
from crm_tui.widgets.dialogs import Ask
from crm_tui.widgets.header import HeaderLine
from tests.screens.harness import NOW, Hotel
from tests.screens.opened import opened, press, screen_text, settle, until

TODAY = Period(NOW.date(), NOW.date())


def header(app: DeskApp) -> str:
    return app.screen.query_one(HeaderLine).text


def toasts(app: DeskApp) -> list[str]:
    return [note.message for note in app._notifications]


async def test_two_keys_start_pause_resume_and_stop(morning: Hotel) -> None:
    async with opened(morning, size=(150, 45)) as (app, pilot):
        assert "working" not in header(app)
        await press(pilot, "ctrl+n")
        assert toasts(app) == ["Your timer does not run: ^o starts it."]
        await press(pilot, "ctrl+o")
        await until(pilot, lambda: "▶ working 0:00 · intake on" in header(app))
        morning.clock.advance(timedelta(minutes=3))
        app._life.tick()
        assert "▶ working 0:03 · intake on" in header(app)
        await press(pilot, "ctrl+n")
        await until(pilot, lambda: "‖ intake paused" in header(app))
        assert desk.timers.state(morning.ctx).paused_since == morning.clock.now()
        await press(pilot, "ctrl+n")
        await until(pilot, lambda: "intake on" in header(app))
        await press(pilot, "ctrl+o")
        await until(pilot, lambda: "■ worked 0:03" in header(app))
        assert "3 min today" in toasts(app)[-1]
        assert not desk.timers.state(morning.ctx).running


async def test_the_keys_work_while_one_types_and_in_a_dialog(morning: Hotel) -> None:
    async with opened(morning, size=(80, 24)) as (app, pilot):
        await press(pilot, "slash", "a", "ctrl+o")
        await until(pilot, lambda: desk.timers.state(morning.ctx).running)
        await until(pilot, lambda: "▶ 0:00 · intake on" in header(app))
        await press(pilot, "escape", "g", "ctrl+n")
        await until(pilot, lambda: not desk.timers.state(morning.ctx).intake)
        await until(pilot, lambda: app.status.timer is not None and not app.status.timer.intake)


async def test_another_desk_of_the_agent_is_told_and_leaving_stops_only_this_one(morning: Hotel) -> None:
    async with opened(morning, size=(150, 45)) as (app, pilot):
        desk.timers.start(morning.ctx, "another")
        await until(pilot, lambda: "working" in header(app))
        await press(pilot, "ctrl+o")
        await until(pilot, lambda: len(desk.timer_corrections.sessions(morning.ctx, TODAY)) == 2)
        await press(pilot, "ctrl+o")
        await until(pilot, lambda: "another of yours still runs" in toasts(app)[-1])
        await press(pilot, "ctrl+o")
        await until(pilot, lambda: app.status.timer is not None and app.status.timer.here)
    states = {row.ended for row in desk.timer_corrections.sessions(morning.ctx, TODAY)}
    assert states == {"", "stopped"}
    assert desk.timers.state(morning.ctx).others == 1


async def test_a_desk_that_is_left_alone_gives_no_sign_of_life(morning: Hotel) -> None:
    async with opened(morning, size=(150, 45)) as (app, pilot):
        keeper = app._life.timekeeper
        passed = 0.0
        start = keeper._monotonic()
        keeper._monotonic = lambda: start + passed
        await press(pilot, "ctrl+o")
        await until(pilot, lambda: app.status.timer is not None and app.status.timer.here)
        for minute in range(1, 36):
            morning.clock.advance(BEAT)
            passed += BEAT.total_seconds()
            keeper._live(morning.ctx)
            assert desk.timers.state(morning.ctx).running == (minute <= 29 + 5)
        keeper.show(keeper._live(morning.ctx), morning.ctx)
        app._life.tick()
        assert "■ timer stopped" in header(app)
        assert toasts(app) == [] or "nobody was at this desk" not in toasts(app)[-1]
        await press(pilot, "down")
        assert "Your timer stopped at 14:34: nobody was at this desk. ^o starts it again." in toasts(app)
        [session] = desk.timer_corrections.sessions(morning.ctx, TODAY)
        assert (session.ended, session.seconds) == ("capped", 29 * 60)
        await press(pilot, "ctrl+o")
        await until(pilot, lambda: "▶ working 0:29" in header(app))


async def test_at_midnight_another_day_is_counted(morning: Hotel) -> None:
    async with opened(morning, size=(150, 45)) as (app, pilot):
        await press(pilot, "ctrl+o")
        await until(pilot, lambda: app.status.timer is not None and app.status.timer.here)
        app._life.tick()
        for _minute in range(60 * 11):
            morning.clock.advance(BEAT)
            desk.timers.beat(morning.ctx, app._life.beacon.session)
        app._life.tick()
        await settle(pilot)
        await until(pilot, lambda: "▶ working 1:05" in header(app))


async def test_quitting_asks_nothing_for_the_timer_and_stops_it(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "ctrl+o")
        await until(pilot, lambda: app.status.timer is not None and app.status.timer.here)
        await pilot.press("q")
        assert not isinstance(app.screen, Ask)
    [session] = desk.timer_corrections.sessions(morning.ctx, TODAY)
    assert session.ended == "stopped"


async def test_the_palette_knows_both(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "ctrl+p")
        await pilot.press(*"start your timer")
        await until(pilot, lambda: "Start your timer on this desk, or stop it" in screen_text(app))
