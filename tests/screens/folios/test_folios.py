"""The folios of a reservation by keyboard: posted, routed, marked and moved, split, taken back, closed (SPEC §7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from crm_tui import desk
from crm_tui.app import DeskApp
from crm_tui.screens.dialogs.versions import VersionsDialog
from crm_tui.screens.folios.screen import FoliosScreen
from tests.desk.bookings import add_reservation, pay
from tests.screens.harness import Hotel
from tests.screens.opened import opened, press, screen_text, until


@pytest.fixture
def hotel(tmp_path: Path) -> Iterator[Hotel]:
    hotel = Hotel(tmp_path / "home").open()
    hotel.account()
    yield hotel
    hotel.ctx.store.close()


@pytest.fixture
def stay(hotel: Hotel) -> int:
    """A reservation of Łucja that ACME pays the lodging of."""
    ctx = hotel.ctx
    guest = desk.guests.create(ctx, {"surname": "Nowak", "given": "Łucja", "language": "pl"})
    company = desk.guests.create(ctx, {"kind": "company", "surname": "ACME Travel"})
    number = add_reservation(
        ctx,
        "R-1042",
        guest,
        company=company,
        currency="EUR",
        arrival=date(2026, 7, 3),
        departure=date(2026, 7, 6),
        room="12",
    )
    second = desk.folios.create(ctx, number, payer=company)
    desk.folio_routes.set_route(ctx, number, "lodging", second.id)
    for night in (3, 4, 5):
        text = f"Night of {night} July"
        desk.postings.post(ctx, number, "80", category="lodging", text=text, day=date(2026, 7, night))
    desk.postings.post(ctx, number, "12,50", category="extras", text="Minibar")
    pay(ctx, number, date(2026, 7, 1), 10_000, folio_id=second.id, method="transfer")
    return number


async def show(app: DeskApp, pilot: Pilot[int], stay: int) -> FoliosScreen:
    screen = FoliosScreen(stay)
    app.push_screen(screen)
    await until(pilot, lambda: screen.focused is not None and screen.found is not None)
    return screen


def sums(hotel: Hotel, stay: int) -> list[list[str]]:
    return [[str(one.amount) for one in folio.postings] for folio in desk.folios.listed(hotel.ctx, stay)]


async def test_posted_marked_and_moved_and_taken_back(hotel: Hotel, stay: int) -> None:
    async with opened(hotel, size=(80, 24)) as (app, pilot):
        await show(app, pilot, stay)
        await until(pilot, lambda: "Minibar" in screen_text(app))
        await press(pilot, "n", *"1.204,00", "ctrl+s")
        await until(pilot, lambda: sums(hotel, stay)[0] == ["12.50 EUR", "1204.00 EUR"])
        await until(pilot, lambda: "1,204.00" in screen_text(app))
        await press(pilot, "space", "space")
        await until(pilot, lambda: "2 marked" in screen_text(app))
        await press(pilot, "m", "2")
        await until(pilot, lambda: sums(hotel, stay)[0] == [])
        await press(pilot, "z")
        await until(pilot, lambda: sums(hotel, stay)[0] == ["12.50 EUR", "1204.00 EUR"])


async def test_what_is_wrong_with_an_amount_stands_at_its_field(hotel: Hotel, stay: int) -> None:
    async with opened(hotel, size=(80, 24)) as (app, pilot):
        await show(app, pilot, stay)
        await press(pilot, "n", *"12.505", "ctrl+s")
        await until(pilot, lambda: "more digits than the currency" in screen_text(app))
        await press(pilot, "backspace", "ctrl+s")
        await until(pilot, lambda: sums(hotel, stay)[0] == ["12.50 EUR", "12.50 EUR"])


async def test_split_in_three_with_the_parts_shown_before(hotel: Hotel, stay: int) -> None:
    async with opened(hotel, size=(150, 45)) as (app, pilot):
        screen = await show(app, pilot, stay)
        await press(pilot, "tab", "y", "end", "backspace", "3")
        await until(pilot, lambda: "€26.66 · €26.66 · €26.68" in screen_text(app))
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: sums(hotel, stay)[1][:1] == ["26.66 EUR"])
        assert sum(one.amount.amount for one in desk.folios.listed(hotel.ctx, stay)[1].postings) == 24_000
        await until(pilot, lambda: len(screen.query("EntryList")) == 2)


async def test_percentages_that_are_not_a_hundred_stand_at_their_field(hotel: Hotel, stay: int) -> None:
    async with opened(hotel, size=(80, 24)) as (app, pilot):
        await show(app, pilot, stay)
        await press(pilot, "y", "shift+tab", "left", "tab", "end", "backspace", *"50 49", "ctrl+s")
        await until(pilot, lambda: "make up 99 %, not 100 %" in screen_text(app))
        assert sums(hotel, stay)[0] == ["12.50 EUR"]


async def test_taken_back_with_a_reason_and_closed_for_good(hotel: Hotel, stay: int) -> None:
    async with opened(hotel, size=(80, 24)) as (app, pilot):
        await show(app, pilot, stay)
        await press(pilot, "delete", *"never taken", "enter")
        await until(pilot, lambda: sums(hotel, stay)[0] == ["12.50 EUR", "-12.50 EUR"])
        await until(pilot, lambda: "never taken" in screen_text(app))
        await press(pilot, "tab", "e")
        await until(pilot, lambda: "It is not settled: €140.00." in " ".join(screen_text(app).split()))
        await press(pilot, "y")
        await until(pilot, lambda: desk.folios.listed(hotel.ctx, stay)[1].closed_at is not None)
        await until(pilot, lambda: "closed" in screen_text(app))


async def test_routing_takes_along_what_is_posted(hotel: Hotel, stay: int) -> None:
    async with opened(hotel, size=(80, 24)) as (app, pilot):
        await show(app, pilot, stay)
        await press(pilot, "R", "tab", "tab", "right", "right")
        await press(pilot, *["tab"] * 6, "space", "ctrl+s")
        await until(pilot, lambda: sums(hotel, stay)[0] == [])
        assert desk.folios.listed(hotel.ctx, stay)[1].routed == ("extras", "lodging")


async def test_a_statement_is_read_and_written(hotel: Hotel, stay: int, tmp_path: Path) -> None:
    async with opened(hotel, size=(80, 24)) as (app, pilot):
        await show(app, pilot, stay)
        await press(pilot, "v")
        await until(pilot, lambda: "Rachunek 1" in screen_text(app))
        await press(pilot, "escape", "X", "ctrl+u", *str(tmp_path / "bill.txt"), "enter")
        await until(pilot, lambda: (tmp_path / "bill.txt").exists())


async def test_a_new_folio_stands_beside_the_others(hotel: Hotel, stay: int) -> None:
    async with opened(hotel, size=(150, 45)) as (app, pilot):
        screen: Any = await show(app, pilot, stay)
        await press(pilot, "N", *"Bar", "ctrl+s")
        await until(pilot, lambda: "3 · BAR" in screen_text(app))
        await press(pilot, "]", "]")
        await until(pilot, lambda: screen.folio.number == 3)
        await press(pilot, "D")
        await until(pilot, lambda: len(desk.folios.listed(hotel.ctx, stay)) == 2)
        await until(pilot, lambda: "3 · BAR" not in screen_text(app))


async def test_two_desks_change_a_folio_and_nothing_is_lost(hotel: Hotel, stay: int) -> None:
    async with opened(hotel, size=(80, 24)) as (app, pilot):
        await show(app, pilot, stay)
        await press(pilot, "E")
        box: Any = app.screen
        box.form.fill({"name": "Extras"})
        first = desk.folios.listed(hotel.ctx, stay)[0]
        company = desk.folios.listed(hotel.ctx, stay)[1].payer
        assert company is not None
        desk.folios.set(hotel.ctx, first.id, first.version, {"name": "Bar", "payer": company[0]})
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, VersionsDialog)
        assert "Bar" in screen_text(app)
        await press(pilot, "escape", "ctrl+s")
        assert isinstance(app.screen, VersionsDialog)  # asked again, not overwritten
        await press(pilot, "m", "ctrl+s")
        await until(pilot, lambda: desk.folios.listed(hotel.ctx, stay)[0].name == "Extras")
        assert desk.folios.listed(hotel.ctx, stay)[0].payer == company
