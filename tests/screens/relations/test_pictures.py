"""Pictures of guest relations, at the smallest size and at a common one; and how many keys a complaint costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from tests.desk.asked import add_guest
from tests.desk.bookings import add_reservation
from tests.screens.harness import Hotel
from tests.screens.opened import desk_of, opened, press, settle, until

SIZES = [(80, 24), (120, 40)]
SCREENS = {
    "overview": ["0"],
    "costs": ["0", "tab"],
    "complaint-settled-at-once": [
        *("0", "U", *"TV", "tab", "tab", "tab", *"204", "tab", "tab", "tab", "space", "tab", "tab"),
        *("w", "enter", "2", "tab", "tab", "d", "enter"),
    ],
    "resolve": ["0", "down", "down", "e", *"New room", "tab", "w", "enter"],
}


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hotel:
    """Łucja Nowak stays in 204; two complaints are open, one is settled, one guest is on honeymoon."""
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _self: None)
    hotel = Hotel(tmp_path / "home").open()
    ctx = hotel.ctx
    today = ctx.clock.now().date()
    guest, other = add_guest(ctx, "Nowak", "Łucja"), add_guest(ctx, "Peña Núñez-Villarreal", "Íñigo")
    stay = add_reservation(ctx, "M-1", guest, room="204", arrival=today, departure=today)
    for name in ("Noise", "Breakfast"):
        desk.quality_codes.add(ctx, name)
    desk.quality_items.add(ctx, "Wine", "18.50")
    desk.quality_items.add(ctx, "Dinner for two", "64")

    def ago(hours: int) -> Any:
        return replace(ctx, clock=FixedClock(ctx.clock.now() - timedelta(hours=hours)))

    desk.feedback.add(ago(9), "negative", reservation=stay, code="Noise", emoji="🙁", comment="The lift [/x] until two")
    desk.feedback.add(ago(5), "negative", guest=other, room="Suite 12", comment="No hot water; the plumber is called")
    desk.feedback.add(
        ago(1), "negative", guest=other, room="Suite 12", code="Breakfast", comment="Cold coffee", satisfaction=4,
        resolution="Dinner on the house", items=[("Dinner for two", 1), ("Wine", 2)],
    )  # fmt: skip
    desk.feedback.add(ago(2), "positive", room="7", comment="日本語 — the best ensaïmadas")
    desk.quality_costs.add(ago(3), [("Wine", 1), ("Dinner for two", 1)], reservation=stay, occasion="Honeymoon")
    return hotel


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
@pytest.mark.parametrize("name", SCREENS)
def test_guest_relations(name: str, size: tuple[int, int], house: Hotel, snap_compare: Callable[..., bool]) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        app: Any = pilot.app
        await until(pilot, lambda: app.ctx is not None)
        await settle(pilot)
        for key in SCREENS[name]:
            await press(pilot, key)
            await settle(pilot)

    assert snap_compare(desk_of(house), terminal_size=size, run_before=before)


@pytest.mark.parametrize("came_from", ["start", "guest", "reservation", "mail", "relations"])
async def test_a_complaint_costs_two_keys_and_its_words_from_wherever_one_is(house: Hotel, came_from: str) -> None:
    ctx = house.ctx
    if came_from == "mail":
        house.account()
        house.mail("The shower is cold", sender="Łucja Nowak <lucja@example.org>")
    async with opened(house, (80, 24)) as (app, pilot):
        if came_from in ("guest", "reservation"):
            (app.open_guest if came_from == "guest" else app.open_reservation)(1)
            await settle(pilot)
        elif came_from != "start":
            await press(pilot, {"mail": "2", "relations": "0"}[came_from])
            await settle(pilot)
        for key in ("U", *"Cold"):
            await pilot.press(key)
            await settle(pilot)
        form: Any = app.screen
        known = came_from in ("guest", "reservation", "start")  # the row at the start is a complaint of the same stay
        if not known:
            form.form.fields["room"].value = "7"
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert app.screen is not form
        found = max(desk.feedback.open_page(ctx), key=lambda one: one.id)
        whose = ("Łucja Nowak", "204", "M-1") if known else ("", "7", "")
        assert (found.comment, found.guest_name, found.room, found.code_of) == ("Cold", *whose)
