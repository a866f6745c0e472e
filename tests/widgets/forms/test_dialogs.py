"""Dialogs: ask once, tell, pick, choose a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.widgets import Input, OptionList

from crm_tui.base.errors import CrmError
from crm_tui.widgets.dialogs import PickList, Tell, ask_once, fuzzy, tell_error
from crm_tui.widgets.forms import Choice
from crm_tui.widgets.forms.files import FilePicker, list_folder, split_path

ZONES = [Choice(zone, zone) for zone in ("Africa/Abidjan", "America/Madison", "Europe/Madrid", "Europe/Łódź", "UTC")]


class Host(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.answers: list[Any] = []

    def show(self, screen: Any) -> None:
        self.push_screen(screen, self.answers.append)


async def test_asking_once_names_the_object_and_enter_alone_destroys_nothing() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        for keys in (("enter",), ("escape",), ("y",), ("down", "enter")):
            app.show(ask_once("Remove [/x]@hotel.es?", "Its mail stays.", "Remove it"))
            await pilot.pause()
            await pilot.press(*keys)
            await pilot.pause()
    assert app.answers == ["no", None, "yes", "yes"]


async def test_a_message_waits_until_it_is_read() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        app.show(tell_error("Sending", CrmError("The server said [no].", "Try later.")))
        await pilot.pause()
        assert isinstance(app.screen, Tell)
        assert "The server said [no]." in str(app.screen.query_one(".dialog--text").render())
        await pilot.press("enter")
        await pilot.pause()
        assert not isinstance(app.screen, Tell)


def test_fuzzy_finds_without_case_and_accents_best_first() -> None:
    assert fuzzy("madrid", ZONES)[0][0].value == "Europe/Madrid"
    assert fuzzy("ŁODZ", ZONES)[0][0].value == "Europe/Łódź"
    assert fuzzy("", ZONES)[0][0] is ZONES[0]
    assert fuzzy("qqq", ZONES) == []


async def test_a_few_letters_and_enter_pick_one() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        app.show(PickList("Time zone", ZONES))
        await pilot.pause()
        await pilot.press(*"euma", "enter")
        await pilot.pause()
        app.show(PickList("Time zone", ZONES))
        await pilot.pause()
        await pilot.press("down", "down", "enter")
        await pilot.pause()
        app.show(PickList("Time zone", ZONES))
        await pilot.pause()
        await pilot.press(*"zzz", "enter", "escape")
        await pilot.pause()
    assert [answer and answer.value for answer in app.answers] == ["Europe/Madrid", "Europe/Madrid", None]


async def test_a_file_is_chosen_by_completion_through_a_folder(tmp_path: Path) -> None:
    (tmp_path / "offers").mkdir()
    (tmp_path / "offers" / "price list.pdf").write_bytes(b"x" * 2300)
    (tmp_path / "offers" / "rooms.pdf").write_bytes(b"x")
    (tmp_path / "zz.txt").write_text("z")
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        app.show(FilePicker(tmp_path))
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("o", "f")
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("enter")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.screen.query_one(OptionList).option_count == 2
        await pilot.press("p", "tab")
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
    assert app.answers == [tmp_path / "offers" / "price list.pdf"]


@pytest.mark.parametrize("pasted", [True, False])
async def test_an_absolute_path_takes_the_place_of_the_proposed_folder(tmp_path: Path, pasted: bool) -> None:
    path = tmp_path / "offer.pdf"
    path.write_bytes(b"x")
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        app.show(FilePicker(Path.home()))
        await pilot.pause()
        if pasted:
            app.post_message(events.Paste(str(path)))
        else:
            await pilot.press(*str(path))
        await pilot.pause()
        assert app.screen.query_one(Input).value == str(path)
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
    assert app.answers == [path]


def test_folders_come_first_and_hidden_ones_only_when_asked_for(tmp_path: Path) -> None:
    (tmp_path / ".hidden").write_text("")
    (tmp_path / "b.txt").write_text("12")
    (tmp_path / "a\x1b[31m.txt").write_text("")
    (tmp_path / "c").mkdir()
    names = [entry.shown for entry in list_folder(tmp_path, "")]
    assert names == ["c", "a\N{REPLACEMENT CHARACTER}[31m.txt", "b.txt"]
    assert [entry.name for entry in list_folder(tmp_path, ".h")] == [".hidden"]


def test_typed_paths(tmp_path: Path) -> None:
    assert split_path("x/pri", tmp_path) == (tmp_path / "x", "pri")
    assert split_path("x/", tmp_path) == (tmp_path / "x", "")
