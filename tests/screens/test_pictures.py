"""Pictures of each screen, small and large. Renew them with ``--snapshot-update`` and look at the difference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from crm_tui.app import DeskApp
from crm_tui.screens.search.screen import SearchScreen
from tests.screens.harness import Hotel
from tests.screens.opened import desk_of, press, settle, until

SMALL, LARGE = (80, 24), (120, 40)
SCREENS = {
    "start": [],
    "mail": ["2", "down"],
    "folders": ["2", "escape", "down"],
    "reading": ["2", "down", "down", "enter"],
    "thread": ["2", "down", "enter"],
    "search": ["slash", *"disponibilidad"],
    "search-wrong": ["slash", *"foo:x"],
    "goto": ["g"],
    "help": ["2", "question_mark"],
    "empty": ["g", "b"],
}


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SearchScreen, "last_query", "")
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _self: None)  # no blinking


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, size: tuple[int, int], morning: Hotel, snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(desk_of(morning), terminal_size=size, run_before=running(SCREENS[name]))


@pytest.mark.parametrize("theme", ["desk-light", "desk-contrast", "desk-16"])
def test_theme(theme: str, morning: Hotel, snap_compare: Callable[..., bool]) -> None:
    object.__setattr__(morning.settings, "theme", theme)
    assert snap_compare(desk_of(morning), terminal_size=LARGE, run_before=running(["2", "down", "space"]))


def test_three_panes(morning: Hotel, snap_compare: Callable[..., bool]) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await running(["2", "down"])(pilot)
        await until(pilot, lambda: pilot.app.screen.reading.conversation is not None)  # type: ignore[attr-defined]
        await settle(pilot)

    assert snap_compare(desk_of(morning), terminal_size=(160, 45), run_before=before)


def running(keys: list[str]) -> Callable[[Pilot[Any]], Any]:
    """Open the desk, type, and wait until all is at rest."""

    async def before(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, DeskApp)
        await until(pilot, lambda: app.ctx is not None)
        await settle(pilot)
        await press(pilot, *keys)
        reading = getattr(app.screen, "reading", None)
        if reading is not None and reading.has_focus:
            await until(pilot, lambda: reading.conversation and all(one.seen for one in reading.conversation.messages))
        await settle(pilot)

    return before
