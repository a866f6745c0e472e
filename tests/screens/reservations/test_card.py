"""The card of a reservation: all that is known of it, at both sizes."""

from __future__ import annotations

import pytest

from crm_tui.desk.reservation_import import SourceRow, import_rows
from crm_tui.screens import catalog
from tests.desk.test_reservation_import import FULL
from tests.screens.harness import Hotel
from tests.screens.opened import opened, screen_text, settle, until

CARD = catalog.load(catalog.RESERVATION)


def booked(hotel: Hotel, **more: object) -> int:
    (result,) = import_rows(hotel.ctx, [SourceRow(1, FULL | more)])
    assert result.reservation is not None, result
    return result.reservation


@pytest.mark.parametrize("size", [(80, 24), (150, 45)], ids=["80x24", "150x45"])
async def test_the_card_shows_all_of_it(morning: Hotel, size: tuple[int, int]) -> None:
    number = booked(morning)
    async with opened(morning, size) as (app, pilot):
        app.push_screen(CARD(number))
        await until(pilot, lambda: isinstance(app.screen, CARD) and app.screen.view is not None)
        await settle(pilot)
        shown = screen_text(app)
        for words in ("B-1001", "confirmed", "Booking.com", "1–8 Aug", "7 nights", "€1,200.50", "★ Jan Nowak", "204"):
            assert words in shown, words
        await pilot.press("end", "pagedown")
        await settle(pilot)
        shown = screen_text(app)
        for words in ("deposit", "€300.00", "transfer", "LO123", "WAW → PMI", "06:35"):
            assert words in shown, words
        await pilot.press("escape")
        await settle(pilot)
        assert not isinstance(app.screen, CARD)


async def test_enter_on_a_guest_opens_the_profile(morning: Hotel) -> None:
    number = booked(morning)
    async with opened(morning) as (app, pilot):
        app.push_screen(CARD(number))
        await until(pilot, lambda: isinstance(app.screen, CARD) and app.screen.view is not None)
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, catalog.load(catalog.GUEST)))
        await settle(pilot)
        assert "Nowak" in screen_text(app)


async def test_foreign_text_stays_text(morning: Hotel) -> None:
    number = booked(morning, product="[red]x[/] \x1b]52;c;x\x07", room="[@click=app.quit]y")
    async with opened(morning) as (app, pilot):
        app.push_screen(CARD(number))
        await until(pilot, lambda: isinstance(app.screen, CARD) and app.screen.view is not None)
        await settle(pilot)
        shown = screen_text(app)
        assert "[red]x[/]" in shown
        assert "[@click=app.quit]y" in shown
        assert "\x1b" not in shown
