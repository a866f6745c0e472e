"""Pictures of a reservation's screen. Renew them with ``--snapshot-update`` and look at the difference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from crm_tui.app import DeskApp
from tests.screens.harness import Hotel
from tests.screens.opened import desk_of, press, settle, until
from tests.screens.reservations.test_detail import SMALL, WIDE, booked

SCREENS: dict[str, list[str]] = {"overview": [], "money": ["D"], "flight": ["F", "enter"]}
AHEAD = {
    "arrival": "2027-01-10",
    "departure": "2027-01-17",
    "schedule": [
        {"kind": "deposit", "due": "2026-11-09", "amount": "300"},
        {"kind": "balance", "due": "2026-12-20", "amount": "900.50"},
    ],
    "payments": [{"reference": "P1", "date": "2026-11-08", "amount": "100.00", "method": "transfer"}],
    "flights": [
        {"number": "LO123", "from": "WAW", "to": "PMI", "departs": "2027-01-10T06:35", "arrives": "2027-01-10T09:40"}
    ],
}


@pytest.mark.parametrize(
    ("name", "size"), [*((name, SMALL) for name in SCREENS), ("overview", (120, 40)), ("overview", WIDE)]
)
def test_screen(
    name: str, size: tuple[int, int], morning: Hotel, snap_compare: Callable[..., bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _self: None)  # no blinking
    number = booked(morning, **AHEAD)
    assert snap_compare(desk_of(morning), terminal_size=size, run_before=running(number, SCREENS[name]))


def running(number: int, keys: list[str]) -> Callable[[Pilot[Any]], Any]:
    """Open the reservation, type, and wait until all is at rest."""

    async def before(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, DeskApp)
        await until(pilot, lambda: app.ctx is not None)
        app.open_reservation(number)
        await settle(pilot)
        await press(pilot, *keys)
        await settle(pilot)

    return before
