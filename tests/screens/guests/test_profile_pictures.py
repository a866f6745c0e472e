"""Pictures of a guest's profile. Renew them with ``--snapshot-update`` and look at the difference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from crm_tui.app import DeskApp
from crm_tui.screens.guests.profile import GuestScreen
from tests.screens.guests.regular import Regular
from tests.screens.opened import desk_of, press, settle, until

SMALL, LARGE = (80, 24), (120, 40)
SCREENS: dict[str, list[str]] = {"profile": [], "event": ["l", "c", *"Asked for a cot."]}


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _self: None)  # no blinking
    monkeypatch.setattr(TextArea, "_toggle_cursor_blink_visible", lambda _self: None)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, size: tuple[int, int], regular: Regular, snap_compare: Callable[..., bool]) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, DeskApp)
        await until(pilot, lambda: app.ctx is not None)
        await settle(pilot)
        app.open_guest(regular.guest)
        await pilot.pause()
        await until(pilot, lambda: isinstance(app.screen, GuestScreen) and app.screen.source is not None)
        await settle(pilot)
        await press(pilot, *SCREENS[name])
        await settle(pilot)

    assert snap_compare(desk_of(regular.hotel, agent="Ana"), terminal_size=size, run_before=before)
