"""A desk that was opened to read only writes nothing, by no key, no palette and no way in (SPEC §13, QUALITY S18)."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from textual.command import CommandPalette
from textual.widgets import OptionList

from crm_tui import desk
from crm_tui.desk.common.context import Actor
from tests.desk.bookings import add_reservation
from tests.screens.harness import Hotel
from tests.screens.opened import opened, press, screen_text, settle, until

KEYS = {
    "2": ("e", "!", "m", "a", "s", "x", "asterisk", "t", "c", "z", "n", "i", "f", "r", "space", "delete"),
    "3": ("a", "n", "e", "x", "c", "u", "s", "z", "space", "delete"),
    "6": ("n", "d", "space", "x", "z", "delete"),
}
"""What changes something on the lists of mail, inquiries and reminders; a dialog that opens is answered with Enter."""


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    hotel = Hotel(tmp_path / "home").open()
    hotel.mail("Dzień dobry")
    desk.inquiries.from_conversation(hotel.ctx, 1)
    hotel.mail("Nowa", subject="Pytanie", sender="Ewa Lis <ewa@poczta.example>", number=2)
    desk.reminders.add(hotel.ctx, "Call", hotel.clock.now().date())
    add_reservation(hotel.ctx, "R1", 1)
    return hotel


def kept(hotel: Hotel) -> list[str]:
    """Every row of the store, but for what is only an index."""
    path = hotel.ctx.store.path
    assert path is not None
    with sqlite3.connect(path) as raw:
        names = raw.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%search%' AND sql NOT LIKE '%VIRTUAL%'"
        )
        return [f"{name} {raw.execute(f'SELECT * FROM {name!r}').fetchall()}" for (name,) in names.fetchall()]


@pytest.mark.parametrize("mode", KEYS)
async def test_no_key_writes_and_the_header_says_so(hotel: Hotel, mode: str) -> None:
    before = kept(hotel)
    async with opened(hotel, readonly=True) as (app, pilot):
        await press(pilot, mode)
        assert "read only" in screen_text(app)
        assert any(word in screen_text(app) for word in ("Ewa Lis", "Nowak", "Call"))
        assert app.ctx is not None
        assert app.ctx.store.readonly
        for key in KEYS[mode]:
            await press(pilot, key)
            if len(app.screen_stack) > 1:
                await press(pilot, "enter", "ctrl+s")
            for _left in range(6):
                if len(app.screen_stack) == 1:
                    break
                await press(pilot, "escape")
            assert app.return_code is None, key
    assert kept(hotel) == before


async def test_the_palette_writes_nothing_either(hotel: Hotel) -> None:
    before = kept(hotel)
    async with opened(hotel, readonly=True) as (app, pilot):
        await press(pilot, "2")
        app.clear_notifications()
        await press(pilot, "ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        await pilot.press(*"star")
        found = app.screen.query_one(OptionList)
        await until(pilot, lambda: found.highlighted is not None and found.option_count > 0)
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await until(pilot, lambda: any("read only" in said.message for said in app._notifications))
        await settle(pilot)
    assert kept(hotel) == before


async def test_one_who_takes_over_reads_only_too(hotel: Hotel) -> None:
    """The desk stays what it was opened as, in whosever hands."""
    desk.setup.add_agent(hotel.ctx, "Leo")
    async with opened(hotel, readonly=True, agent="Ana") as (app, pilot):
        await press(pilot, "ctrl+g")
        await until(pilot, lambda: len(app.screen_stack) > 1)
        await press(pilot, "L", "e", "o", "enter")
        await until(pilot, lambda: not app.locked)
        await settle(pilot)
        assert app.ctx is not None
        assert (app.ctx.actor.name, app.ctx.readonly) == ("Leo", True)
        assert "read only" in screen_text(app)


def test_undo_and_engine_write_nothing(hotel: Hotel) -> None:
    from dataclasses import replace

    from crm_tui.base.errors import Forbidden

    before = kept(hotel)
    only = replace(hotel.ctx, readonly=True)
    for who in (only, only.acting_as(Actor(None, "engine", "admin"))):
        with pytest.raises(Forbidden, match="read only"):
            desk.undo.undo(who)
        with pytest.raises(Forbidden, match="read only"):
            desk.snoozing.snooze(who, [1], until=None)
    assert kept(hotel) == before
