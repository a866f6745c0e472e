"""Pictures of the screens of the inquiries. Renew them with ``--snapshot-update`` and look at the difference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from crm_tui.app import DeskApp
from tests.screens.inquiries.conftest import Desk
from tests.screens.opened import desk_of, press, settle, until

SMALL, LARGE, WIDE = (80, 24), (120, 40), (160, 45)
SCREENS: dict[str, list[str]] = {
    "list": ["3", "down"],
    "detail": ["3", "down", "enter"],
    "offer": ["3", "down", "enter", "O"],
    "guests": ["3", "enter", "G"],
    "history": ["3", "enter", "H"],
    "form": ["3", "down", "enter", "E"],
    "new": ["N", *"petit"],
    "memo": ["3", "enter", "c", *"Wants a cot."],
    "reading": ["g", "q", "enter"],
}


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _self: None)  # no blinking
    monkeypatch.setattr(TextArea, "_toggle_cursor_blink_visible", lambda _self: None)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, size: tuple[int, int], busy: Desk, snap_compare: Callable[..., bool]) -> None:
    app = desk_of(busy.hotel, agent="Ana")
    assert snap_compare(app, terminal_size=size, run_before=running(SCREENS[name]))


def test_three_columns(busy: Desk, snap_compare: Callable[..., bool]) -> None:
    app = desk_of(busy.hotel, agent="Ana")
    assert snap_compare(app, terminal_size=WIDE, run_before=running(SCREENS["detail"]))


@pytest.mark.parametrize("theme", ["desk-light", "desk-16"])
def test_theme(theme: str, busy: Desk, snap_compare: Callable[..., bool]) -> None:
    object.__setattr__(busy.hotel.settings, "theme", theme)
    app = desk_of(busy.hotel, agent="Ana")
    assert snap_compare(app, terminal_size=LARGE, run_before=running(["3", "enter"]))


def running(keys: list[str]) -> Callable[[Pilot[Any]], Any]:
    """Open the desk, type, and wait until all is at rest."""

    async def before(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, DeskApp)
        await until(pilot, lambda: app.ctx is not None)
        await settle(pilot)
        await press(pilot, *keys)
        preview = getattr(app.screen, "right", None)
        if preview is not None and preview.display and hasattr(app.screen, "previewed"):
            await until(pilot, lambda: app.screen.previewed is not None)  # type: ignore[attr-defined]
        reading = getattr(app.screen, "reading", None)
        if reading is not None and reading.conversation is not None:
            await until(pilot, lambda: all(one.seen for one in reading.conversation.messages))
        await settle(pilot)

    return before
