"""The lists that an administrator keeps: added to, renamed, merged, taken off, and taken back (SPEC §6)."""

from __future__ import annotations

import pytest

from crm_tui import desk
from tests.screens.harness import Hotel
from tests.screens.opened import opened, press, screen_text, until


def names(hotel: Hotel) -> dict[str, int]:
    return {one.name: one.guests for one in desk.attributes.listed(hotel.ctx)}


@pytest.mark.parametrize("size", [(80, 24), (150, 45)])
async def test_two_attributes_become_one_and_are_parted_again(packed: Hotel, size: tuple[int, int]) -> None:
    async with opened(packed, size=size) as (app, pilot):
        await press(pilot, "g", "l")
        await until(pilot, lambda: "4 guests" in screen_text(app))
        await press(pilot, "M", *"golfer", "enter")
        await until(pilot, lambda: "4 guests with “Golf” get “Golfer”" in " ".join(screen_text(app).split()))
        await press(pilot, "y")
        await until(pilot, lambda: names(packed) == {"Golfer": 5})
        await press(pilot, "z")
        await until(pilot, lambda: names(packed) == {"Golf": 4, "Golfer": 1})


async def test_added_renamed_and_taken_off(packed: Hotel) -> None:
    async with opened(packed, size=(80, 24)) as (app, pilot):
        await press(pilot, "g", "l", "+", *"Wine", "enter")
        await until(pilot, lambda: "Wine" in names(packed))
        await press(pilot, "+", *"GOLF", "enter")
        await until(pilot, lambda: any("called GOLF already" in one.message for one in app._notifications))
        await press(pilot, "home", "E", "end", "2", "enter")
        await until(pilot, lambda: names(packed).get("Golf2") == 4 and "Golf2" in screen_text(app))
        await press(pilot, "delete")
        await until(pilot, lambda: "4 guests lose it." in screen_text(app))
        await press(pilot, "y")
        await until(pilot, lambda: "Golf2" not in names(packed))
        await press(pilot, "z")
        await until(pilot, lambda: names(packed).get("Golf2") == 4)


async def test_event_types_stand_beside_them(packed: Hotel) -> None:
    async with opened(packed) as (app, pilot):
        await press(pilot, "g", "l", "tab")
        await until(pilot, lambda: "EVENT TYPES" in screen_text(app))
        await press(pilot, "+", *"Tasting", "enter")
        await until(pilot, lambda: "Tasting" in {one.name for one in desk.event_types.listed(packed.ctx)})


async def test_who_is_no_administrator_sees_why(packed: Hotel) -> None:
    desk.team.add(packed.ctx, "Leo")
    async with opened(packed, agent="Leo") as (app, pilot):
        await press(pilot, "g", "l")
        await until(pilot, lambda: "Only an administrator changes these lists: Ana." in screen_text(app))
        await press(pilot, "+")
        await press(pilot, "delete")
        assert names(packed) == {"Golf": 4, "Golfer": 1}
        assert "Only an administrator" in screen_text(app)
