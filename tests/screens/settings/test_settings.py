"""Settings and keys under a person's keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from crm_tui.base.settings import load_settings
from crm_tui.screens.settings.keys import KeysView, key_rows
from crm_tui.screens.settings.screen import SettingsScreen
from crm_tui.widgets.actions import Action
from crm_tui.widgets.forms import Form
from tests.screens.harness import Desk, Hotel, settled


@pytest.fixture
def hotel(tmp_path: Path) -> Iterator[Hotel]:
    hotel = Hotel(tmp_path)
    yield hotel
    hotel.ctx.store.close()


async def press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


def form(app: Desk) -> Form:
    return app.screen.query_one(Form)


async def test_a_setting_is_saved_beside_the_comments_and_takes_effect(hotel: Hotel) -> None:
    hotel.home.settings.write_text("# ours\nundo_seconds = 20 # long\n")
    hotel.settings = load_settings(hotel.home.settings)
    app = hotel.at(SettingsScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert form(app).values()["undo_seconds"] == 20
        form(app).fill({"theme": "desk-light", "after_send": "Waitlist"})
        await press(pilot, "ctrl+s")
        assert "2 settings saved." in str(app.screen.query_one("#note").render())
        assert app.settings.after_send == "Waitlist"
        assert app.theme == "desk-light"
        assert app.ctx is not None
        assert app.ctx.settings.after_send == "Waitlist", "the next send goes by it"
    text = hotel.home.settings.read_text()
    assert text.startswith("# ours\nundo_seconds = 20 # long\n")
    assert load_settings(hotel.home.settings).theme == "desk-light"


async def test_a_value_out_of_range_is_said_at_its_field_and_nothing_is_written(hotel: Hotel) -> None:
    app = hotel.at(SettingsScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        form(app).fill({"undo_seconds": 999})
        await press(pilot, "ctrl+s")
        assert form(app).fields["undo_seconds"].error == "Use 0 to 120."
    assert not hotel.home.settings.exists()


async def test_a_broken_file_is_left_alone_and_said(hotel: Hotel) -> None:
    app = hotel.at(SettingsScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        hotel.home.settings.write_text("theme = [")
        form(app).fill({"theme": "desk-16"})
        await press(pilot, "ctrl+s")
        assert "is broken" in str(app.screen.query_one("#note").render())
    assert hotel.home.settings.read_text() == "theme = ["


async def test_every_setting_has_a_field_with_help(hotel: Hotel) -> None:
    app = hotel.at(SettingsScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        fields = form(app).fields
        assert set(fields) == set(type(hotel.settings).__dataclass_fields__)
        assert all(field.help_text and field.caption != name for name, field in fields.items())


async def test_the_keys_are_listed_found_and_clashes_said(hotel: Hotel) -> None:
    hotel.home.keymap.write_text('"desk.sync-now" = "f5"\n')
    app = hotel.at(SettingsScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f4")
        assert isinstance(app.screen, KeysView)
        await press(pilot, *"fetch")
        shown = str(app.screen.query_one("#keys").render())
        assert "desk.sync-now" in shown
        assert "yours" in shown
        assert "desk.quit" not in shown


async def test_a_wrong_keymap_is_said_with_its_line(hotel: Hotel) -> None:
    hotel.home.keymap.write_text('\n"desk.nonsense" = "f5"\n')
    app = hotel.at(SettingsScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f4")
        assert "line 2" in str(app.screen.query_one("#wrong").render())


def test_two_actions_on_one_key_are_marked_on_both_sides() -> None:
    one = Action("a.one", "x", "One", scope="mail")
    two = Action("a.two", "x", "Two", scope="mail")
    free = Action("a.free", "y", "Free", scope="mail")
    assert [row.rival for row in key_rows([one, two, free], {})] == ["Two", "One", ""]
