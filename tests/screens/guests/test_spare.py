"""A profile that was mounted before it was asked for shows at once what the list knows."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from crm_tui.desk.client_base import guest_profile
from crm_tui.screens.guests.profile import GuestScreen
from crm_tui.screens.guests.screen import GuestsScreen
from crm_tui.screens.guests.spare import SpareProfile
from tests.screens.guests.regular import Regular
from tests.screens.opened import opened, press, screen_text, until


async def test_the_list_s_facts_are_painted_before_the_store_answers(
    regular: Regular, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, read = threading.Event(), guest_profile.opened

    def slow(*args: Any) -> Any:
        assert answer.wait(20)
        return read(*args)

    monkeypatch.setattr(guest_profile, "opened", slow)
    async with opened(regular.hotel, (120, 40), agent="Ana") as (app, pilot):
        await press(pilot, "4")
        await until(pilot, lambda: isinstance(app.screen, GuestsScreen) and app.screen.list.total > 0)
        screen = app.screen
        assert isinstance(screen, GuestsScreen)
        await until(pilot, lambda: screen.spare.ready)
        screen.list.go_to(regular.guest)
        await until(pilot, lambda: screen.list.current is not None and screen.list.current.id == regular.guest)
        try:
            await pilot.press("enter")
            await until(pilot, lambda: "lucja@poczta.example" in screen_text(app) and "guest" in screen_text(app))
            profile: Any = app.screen
            assert isinstance(profile, GuestScreen)
            assert profile.found is None
            assert "Łucja Nowak" in screen_text(app)
        finally:
            answer.set()
        await until(pilot, lambda: "History · 12 entries" in screen_text(app))
        assert profile.list.has_focus
        await press(pilot, "escape")
        assert isinstance(app.screen, GuestsScreen)
        await until(pilot, lambda: screen.spare.ready)


async def test_the_next_profile_is_mounted_while_the_first_is_read(regular: Regular) -> None:
    async with opened(regular.hotel, (120, 40), agent="Ana") as (app, pilot):
        await press(pilot, "4")
        screen: Any = app.screen
        await until(pilot, lambda: screen.list.total > 1 and screen.spare.drawn)
        await press(pilot, "enter")
        first = app.screen
        assert isinstance(first, GuestScreen)
        await until(pilot, lambda: app.screen is first and screen.spare.ready)
        await pilot.press("escape", "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, GuestScreen) and app.screen.found is not None)
        second: Any = app.screen
        assert second is not first
        row = screen.list.current
        assert (second.number, row.surname in screen_text(app)) == (row.id, True)


@pytest.mark.parametrize("width", [80, 120])
async def test_the_guest_under_the_cursor_is_drawn_before_enter_as_on_the_first_frame(
    regular: Regular, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    painted: list[str] = []

    def paint(spare: SpareProfile, screen: GuestScreen, drawn: bool) -> None:
        show(spare, screen, drawn)
        painted.append(f"{drawn}\n{screen_text(spare._app)}")

    show = SpareProfile._paint
    monkeypatch.setattr(SpareProfile, "_paint", paint)
    async with opened(regular.hotel, (width, 40), agent="Ana") as (app, pilot):
        await press(pilot, "4")
        screen: Any = app.screen
        await until(pilot, lambda: screen.list.total > 1)
        screen.list.go_to(regular.guest)
        await until(pilot, lambda: screen.list.current.id == regular.guest and screen.spare.drawn)
        await press(pilot, "enter")
        first, profile = painted[-1], app.screen
        assert isinstance(profile, GuestScreen)
        await until(pilot, lambda: "History · 12 entries" in screen_text(app))
        lines, later = first.splitlines()[1:], screen_text(app).splitlines()
        assert first.startswith("True")
        assert [line.find("History") for line in lines if "History" in line] == [
            line.find("History") for line in later if "History" in line
        ]
        assert lines[1].split()[:2] == later[1].split()[:2]
        assert any("lucja@poczta.example" in line for line in lines)


async def test_another_guest_another_size_another_theme_than_it_was_made_ready_for(regular: Regular) -> None:
    async with opened(regular.hotel, (120, 40), agent="Ana") as (app, pilot):
        await press(pilot, "4")
        screen: Any = app.screen
        await until(pilot, lambda: screen.list.total > 1 and screen.spare.drawn)
        for change in (
            lambda: screen.list.move_to(1 - screen.list.index),
            lambda: pilot.resize_terminal(80, 24),
            lambda: setattr(app, "theme", "desk-light"),
        ):
            await until(pilot, lambda: screen.spare.drawn)
            waiting = change()
            if waiting is not None:
                await waiting
            row = screen.list.current
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, GuestScreen) and app.screen.found is not None)
            profile: Any = app.screen
            assert profile.number == row.id
            assert row.surname in screen_text(app)
            assert profile.has_class("-two-panes") == (app.size.width == 120)
            assert profile.headline.rich_style.bgcolor == screen.title_line.rich_style.bgcolor
            await press(pilot, "escape")
            assert app.screen is screen
