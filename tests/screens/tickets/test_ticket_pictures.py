"""How tickets and their figures look. Renew with ``--snapshot-update`` and look at the difference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from crm_tui import desk
from crm_tui.screens.tickets.figures_screen import FiguresScreen
from crm_tui.screens.tickets.screen import TicketsScreen
from tests.screens.harness import Hotel
from tests.screens.opened import desk_of, press, settle, until
from tests.screens.tickets.test_tickets import house, of

__all__ = ["house"]

SIZES = pytest.mark.parametrize("size", [(80, 24), (150, 45)], ids=["80x24", "150x45"])


@pytest.fixture
def busy(house: Hotel, monkeypatch: pytest.MonkeyPatch) -> Hotel:
    """Leo asks a manager, Marta has one that she did not open."""
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    desk.tickets.give(house.ctx, [of(house, "Demande").id], "Leo")
    desk.tickets.give(house.ctx, [of(house, "Pokój").id], "Marta")
    desk.tickets.set_pending(house.ctx, [of(house, "Demande").id], "May I give 10 %?")
    return house


@SIZES
def test_tickets(size: tuple[int, int], busy: Hotel, snap_compare: Callable[..., bool]) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await until(pilot, lambda: pilot.app.ctx is not None)  # type: ignore[attr-defined]
        await settle(pilot)
        await press(pilot, "9", "end", "home")
        screen = pilot.app.screen
        assert isinstance(screen, TicketsScreen)
        await until(pilot, lambda: not screen.right.display or screen.preview.conversation is not None)
        await settle(pilot)

    assert snap_compare(desk_of(busy, agent="Ana"), terminal_size=size, run_before=before)


@SIZES
def test_figures(size: tuple[int, int], busy: Hotel, snap_compare: Callable[..., bool]) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        await until(pilot, lambda: pilot.app.ctx is not None)  # type: ignore[attr-defined]
        await settle(pilot)
        await press(pilot, "9", "V")
        screen = pilot.app.screen
        assert isinstance(screen, FiguresScreen)
        await until(pilot, lambda: screen.found is not None and bool(screen.panel.detail.text) and screen.chart.settled)
        await settle(pilot)

    assert snap_compare(desk_of(busy, agent="Ana"), terminal_size=size, run_before=before)
