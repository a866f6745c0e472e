"""A profile that was mounted before it was asked for shows at once what the list knows."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from crm_tui.desk import guest_profile
from crm_tui.screens.guests.profile import GuestScreen
from crm_tui.screens.guests.screen import GuestsScreen
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
