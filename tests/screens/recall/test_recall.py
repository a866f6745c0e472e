"""Free nights are chosen in the calendar; who wants them is listed; one key drafts the mails (SPEC §4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crm_tui import desk
from crm_tui.screens.recall.screen import RecallScreen
from tests.screens.harness import Hotel
from tests.screens.opened import opened, press, screen_text, settle, until

TODAY = date(2026, 11, 21)  # a Saturday, as the harness' clock says


def recall_screen(app: object) -> RecallScreen:
    screen = app.screen  # type: ignore[attr-defined]
    assert isinstance(screen, RecallScreen)
    return screen


@pytest.mark.parametrize("size", [(80, 24), (150, 45)])
async def test_the_month_shows_demand_and_the_cursor_who_wants_the_night(waiting: Hotel, size: tuple[int, int]) -> None:
    async with opened(waiting, size=size) as (app, pilot):
        await press(pilot, "g", "r")
        screen = recall_screen(app)
        await until(pilot, lambda: screen.list.total == 1)  # today: the flexible one
        text = screen_text(app)
        assert "Nov 2026" in text
        assert "2+1" in text  # the 24th: two with fixed dates, one flexible
        assert "Mon" in text.split("Tue")[0]
        assert "≈20 Nov – 10 Dec" in text
        await press(pilot, "right", "right", "right")
        await until(pilot, lambda: screen.list.total == 3)
        text = screen_text(app)
        assert "2 of 3 may be written to" in text
        assert "no consent" in text
        assert text.count("Nowak") == 1


async def test_a_range_is_chosen_and_all_of_it_drafted_and_taken_back(waiting: Hotel) -> None:
    async with opened(waiting, size=(80, 24)) as (app, pilot):
        await press(pilot, "g", "r", "right", "right", "space", "right", "right", "space")
        screen = recall_screen(app)
        assert screen.grid.span == (TODAY + timedelta(days=2), TODAY + timedelta(days=4))
        await until(pilot, lambda: screen.list.total == 3)
        assert "3 nights free" in screen_text(app)
        await press(pilot, "pagedown")  # looking around keeps the choice
        assert screen.grid.span == (TODAY + timedelta(days=2), TODAY + timedelta(days=4))
        await press(pilot, "D")
        await until(pilot, lambda: "Draft 2 recall mails for 23–25 Nov?" in screen_text(app))
        assert "1 is left out." in screen_text(app)
        await press(pilot, "d")
        await until(pilot, lambda: len(desk.drafts.mine(waiting.ctx)) == 2)
        await until(pilot, lambda: "0 of 3 may be written to" in screen_text(app))
        assert desk.outbox.items(waiting.ctx) == []
        await press(pilot, "z")
        await until(pilot, lambda: desk.drafts.mine(waiting.ctx) == [])
        await until(pilot, lambda: "2 of 3 may be written to" in screen_text(app))


async def test_only_the_marked_ones_are_drafted(waiting: Hotel) -> None:
    async with opened(waiting) as (app, pilot):
        await press(pilot, "g", "r", "right", "right", "right", "enter")
        screen = recall_screen(app)
        await until(pilot, lambda: screen.list.total == 3 and screen.list.has_focus)
        await press(pilot, "home", "space", "D")
        await until(pilot, lambda: "Draft 1 recall mail for" in screen_text(app))
        await press(pilot, "d")
        await until(pilot, lambda: len(desk.drafts.mine(waiting.ctx)) == 1)


async def test_lost_ones_come_on_request(waiting: Hotel) -> None:
    async with opened(waiting) as (app, pilot):
        await press(pilot, "g", "r", "right", "right", "right", "L")
        screen = recall_screen(app)
        await until(pilot, lambda: screen.list.total == 4)
        assert "full" in screen_text(app)
        await press(pilot, "L")
        await until(pilot, lambda: screen.list.total == 3)


async def test_moving_by_months_keeps_the_day_or_takes_the_last(waiting: Hotel) -> None:
    async with opened(waiting) as (app, pilot):
        await press(pilot, "g", "r")
        screen = recall_screen(app)
        await press(pilot, *(["right"] * 10))
        assert screen.grid.day == date(2026, 12, 1)
        await press(pilot, "left", "left", "pageup", "pageup", "pageup")
        assert screen.grid.day == date(2026, 8, 29)
        await press(pilot, *(["pagedown"] * 6))
        assert screen.grid.day == date(2027, 2, 28)
        await press(pilot, "home")
        assert screen.grid.day == TODAY
        await until(pilot, lambda: "Nov 2026" in screen_text(app))


async def test_escape_goes_back_step_by_step(waiting: Hotel) -> None:
    async with opened(waiting) as (app, pilot):
        await press(pilot, "g", "r", "space", "enter")
        screen = recall_screen(app)
        await until(pilot, lambda: screen.list.has_focus)
        await press(pilot, "escape")
        assert screen.grid.has_focus
        assert [screen.grid.choosing] == [True]
        await press(pilot, "escape")
        assert [screen.grid.choosing] == [False]
        await press(pilot, "escape")
        assert not isinstance(app.screen, RecallScreen)


async def test_nobody_to_write_to(morning: Hotel) -> None:
    async with opened(morning, size=(80, 24)) as (app, pilot):
        await press(pilot, "g", "r")
        await until(pilot, lambda: "Nobody on the waitlist asked for 21 Nov." in screen_text(app))
        await press(pilot, "D")
        await settle(pilot)
        recall_screen(app)
