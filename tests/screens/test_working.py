"""The screen of working time: a week, one's own or everybody's, and what managers correct in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm_tui import desk
from crm_tui.desk.common.context import Context
from crm_tui.rules.periods import Period
from crm_tui.screens.working.form import SessionForm
from crm_tui.screens.working.screen import WorkingScreen
from tests.screens.harness import NOW, Hotel
from tests.screens.opened import opened, press, screen_text, settle, until

ZONE = ZoneInfo("Europe/Madrid")
WEEK = Period(NOW.date() - timedelta(days=5), NOW.date() + timedelta(days=1))  # 21 November 2026 is a Saturday


def there(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture
def staffed(morning: Hotel) -> Hotel:
    """Ana, an administrator, and Leo; both have worked."""
    desk.team.add(morning.ctx, "Leo", login="leo")
    add = desk.timer_corrections.add
    add(morning.ctx, "Leo", there("2026-11-16 08:00"), there("2026-11-16 14:30"), "Counter")
    add(morning.ctx, "Leo", there("2026-11-17 22:00"), there("2026-11-18 06:00"), "Night")
    add(morning.ctx, "Ana", there("2026-11-19 09:00"), there("2026-11-19 17:15"), "Counter")
    add(morning.ctx, "Leo", there("2026-11-11 09:00"), there("2026-11-11 10:00"), "Last week")
    return morning


def leo(hotel: Hotel) -> Context:
    return hotel.ctx.acting_as(desk.context.Actor(desk.team.find(hotel.ctx, "Leo").id, "Leo", "agent"))


async def test_a_manager_sees_everybody_and_goes_from_week_to_week(staffed: Hotel) -> None:
    desk.timers.start(leo(staffed), "elsewhere")
    async with opened(staffed, size=(80, 24), agent="Ana") as (app, pilot):
        await press(pilot, "g", "W")
        await until(pilot, lambda: "Leo" in screen_text(app))
        text = screen_text(app)
        assert "WORKING TIME · 16–22 Nov" in text
        assert all(words in text for words in ("Mon 16", "Sun 22", "8:15✎", "22:45 together"))
        line = next(line for line in text.splitlines() if "Leo" in line)
        assert "▶ Leo" in line
        for time in ("6:30✎", "2:00✎", "6:00✎", "14:30"):
            assert time in line
        await press(pilot, "down")
        await until(pilot, lambda: "22:00 – 06:00 Wed" in screen_text(app))
        assert "by Ana" in screen_text(app)
        await press(pilot, "left")
        await until(pilot, lambda: "9–15 Nov" in screen_text(app) and "Last week" in screen_text(app))
        await press(pilot, "right", "right", "right")
        await until(pilot, lambda: "16–22 Nov" in screen_text(app))
        await press(pilot, "D")
        await pilot.press(*"last week", "enter")
        await until(pilot, lambda: "9–15 Nov" in screen_text(app))


async def test_a_session_is_added_corrected_and_taken_out(staffed: Hotel) -> None:
    async with opened(staffed, size=(120, 40), agent="Ana") as (app, pilot):
        await press(pilot, "g", "W", "down")
        await until(pilot, lambda: "2 sessions" in screen_text(app))
        await press(pilot, "plus")
        assert isinstance(app.screen, SessionForm)
        app.screen.form.fill({"agent": "Leo", "started": "fri 9:00", "stopped": "8:00", "reason": "Night shift"})
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, WorkingScreen))
        await until(pilot, lambda: "3 sessions" in screen_text(app))
        assert any("23:00 added to the working time of Leo" in note.message for note in app._notifications)
        await press(pilot, "tab", "home", "E")
        assert isinstance(app.screen, SessionForm)
        app.screen.form.fill({"stopped": "2026-11-20 08:00", "reason": "It was shorter"})
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, SessionForm)
        await until(pilot, lambda: "end before it starts" in screen_text(app))
        app.screen.form.fill({"stopped": "17:00"})
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, WorkingScreen) and "It was shorter" in screen_text(app))
        assert "09:00 – 17:00" in screen_text(app)
        await press(pilot, "delete")
        await pilot.press(*"twice", "enter")
        await until(pilot, lambda: "2 sessions" in screen_text(app))
        await press(pilot, "z")
        await until(pilot, lambda: "3 sessions" in screen_text(app))


async def test_a_pause_is_written_down_corrected_and_taken_out(staffed: Hotel) -> None:
    async with opened(staffed, size=(120, 40), agent="Ana") as (app, pilot):
        await press(pilot, "g", "W", "down")
        await until(pilot, lambda: "2 sessions" in screen_text(app))
        await press(pilot, "plus")
        assert isinstance(app.screen, SessionForm)
        values = {"agent": "Leo", "what": "pause", "started": "fri 3:00", "stopped": "3:20", "reason": "Fire drill"}
        app.screen.form.fill(values)
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, WorkingScreen) and "Fire drill" in screen_text(app))
        assert "03:00 – 03:20" in screen_text(app)
        await press(pilot, "tab", "home", "E")
        assert isinstance(app.screen, SessionForm)
        app.screen.form.fill({"stopped": "2026-11-20 03:10", "reason": "Shorter"})
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, WorkingScreen) and "Shorter" in screen_text(app))
        assert "03:00 – 03:10" in screen_text(app)
        await press(pilot, "delete")
        await pilot.press(*"mistake", "enter")
        await until(pilot, lambda: "03:00" not in screen_text(app))
        await press(pilot, "z")
        await until(pilot, lambda: "03:00 – 03:10" in screen_text(app))


async def test_an_agent_sees_their_own_time_and_changes_nothing(staffed: Hotel) -> None:
    async with opened(staffed, size=(80, 24), user="leo") as (app, pilot):
        await press(pilot, "g", "W")
        await until(pilot, lambda: "2 sessions" in screen_text(app))
        assert isinstance(app.screen, WorkingScreen)
        assert app.screen._found is not None
        assert [one.agent for one in app.screen._found.sheets] == ["Leo"]
        assert "8:15" not in screen_text(app)
        for action in ("add", "edit", "remove"):
            assert app.screen.check_action(action, ()) is False
        await press(pilot, "tab", "plus", "E", "delete")
        assert isinstance(app.screen, WorkingScreen)
        await press(pilot, "ctrl+o")
        await until(pilot, lambda: "▶ Leo" in screen_text(app))
        await press(pilot, "ctrl+n")
        await until(pilot, lambda: "new tickets paused" in screen_text(app))
        await settle(pilot)


async def test_an_empty_week_says_how_to_begin(morning: Hotel) -> None:
    async with opened(morning, size=(80, 24)) as (app, pilot):
        await press(pilot, "g", "W")
        await until(pilot, lambda: "No timer ran in this week." in screen_text(app))
        assert "Your timer does not run: ^o starts it." in screen_text(app)
