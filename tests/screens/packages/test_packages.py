"""Packages are opened, filled, refreshed and written to with a few keys (SPEC §6)."""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import App

from crm_tui import desk
from crm_tui.desk.groups.mailing_views import Reason
from crm_tui.screens.packages.mailing import MailingScreen
from crm_tui.screens.packages.make import MakePackage
from crm_tui.screens.packages.package import PackageScreen
from crm_tui.screens.packages.prepare import PrepareScreen
from crm_tui.screens.packages.screen import PackagesScreen
from tests.desk.mailings import items, template
from tests.screens.harness import Hotel
from tests.screens.opened import opened, press, screen_text, settle, until

SIZES = pytest.mark.parametrize("size", [(80, 24), (150, 45)])


def on(app: App[Any], kind: type[Any]) -> Any:
    assert isinstance(app.screen, kind)
    return app.screen


def inside(hotel: Hotel, name: str = "Golf friends") -> list[int]:
    found = desk.packages.named(hotel.ctx, name)
    return sorted(desk.package_search.Members(found.id).ids(hotel.ctx))


@SIZES
async def test_the_list_says_size_and_search(packed: Hotel, size: tuple[int, int]) -> None:
    async with opened(packed, size=size) as (app, pilot):
        await press(pilot, "g", "p")
        await until(pilot, lambda: "2 packages" in screen_text(app))
        text = screen_text(app)
        assert "By [b]hand[/b]" in text
        assert "by hand" in text
        assert "Golf friends" in text
        await press(pilot, "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, PackageScreen) and on(app, PackageScreen).list.total == 4)
        text = screen_text(app)
        assert "4 guests" in text
        assert "search: Golf" in text
        assert "Ana Alba" in text


async def test_an_empty_desk_says_how_a_package_comes_to_be(morning: Hotel) -> None:
    async with opened(morning, size=(80, 24)) as (app, pilot):
        await press(pilot, "g", "p")
        await until(pilot, lambda: "No package yet" in screen_text(app))
        await press(pilot, "+")
        await press(pilot, "V", "I", "P", "enter")
        await until(pilot, lambda: isinstance(app.screen, PackageScreen))
        await until(pilot, lambda: "Nobody is in this package." in screen_text(app))
        assert [one.name for one in desk.packages.listed(morning.ctx)] == ["VIP"]


async def test_guests_are_taken_out_marked_and_put_in_again_by_undo(packed: Hotel) -> None:
    before = inside(packed)
    async with opened(packed) as (app, pilot):
        await press(pilot, "g", "p", "down", "enter")
        await until(pilot, lambda: on(app, PackageScreen).list.total == 4)
        await press(pilot, "space", "space")
        assert "2 marked" in screen_text(app)
        await press(pilot, "delete")
        await until(pilot, lambda: on(app, PackageScreen).list.total == 2)
        assert len(inside(packed)) == 2
        await press(pilot, "z")
        await until(pilot, lambda: on(app, PackageScreen).list.total == 4)
        assert inside(packed) == before
        await press(pilot, "+")
        await press(pilot, "e", "s", "t", "e", "enter")
        await until(pilot, lambda: on(app, PackageScreen).list.total == 5)


async def test_letters_narrow_the_list_and_esc_shows_all(packed: Hotel) -> None:
    async with opened(packed) as (app, pilot):
        await press(pilot, "g", "p", "down", "enter")
        await press(pilot, "f", "d", "u", "r", "enter")
        await until(pilot, lambda: on(app, PackageScreen).list.total == 1)
        assert "1 with “dur”" in screen_text(app)
        await press(pilot, "escape")
        await until(pilot, lambda: on(app, PackageScreen).list.total == 4)


async def test_a_refresh_names_who_comes_and_who_goes_before_anything_changes(packed: Hotel) -> None:
    ctx = packed.ctx
    golf = desk.attributes.named(ctx, "Golf").id
    desk.attributes.untag(ctx, 1, golf)
    desk.attributes.tag(ctx, 5, golf)
    async with opened(packed, size=(80, 24)) as (app, pilot):
        await press(pilot, "g", "p", "down", "enter", "R")
        await until(pilot, lambda: "Refresh “Golf friends”?" in screen_text(app))
        text = screen_text(app)
        assert "+ Ana Esteve" in text
        assert "− Ana Alba" in text
        await press(pilot, "n")
        assert inside(packed) == [1, 2, 3, 4]
        await press(pilot, "R", "c")
        await until(pilot, lambda: inside(packed) == [1, 2, 3, 4, 5])
        await press(pilot, "R", "a")
        await until(pilot, lambda: inside(packed) == [2, 3, 4, 5])
        await press(pilot, "R")
        await until(pilot, lambda: any("Nobody comes" in one.message for one in app._notifications))
        await press(pilot, "z")
        await until(pilot, lambda: inside(packed) == [1, 2, 3, 4, 5])


async def test_renamed_and_put_away(packed: Hotel) -> None:
    async with opened(packed) as (app, pilot):
        await press(pilot, "g", "p", "down", "E", "end", "s", "enter")
        await until(pilot, lambda: "Golf friendss" in screen_text(app))
        await press(pilot, "delete")
        await until(pilot, lambda: "1 package" in screen_text(app))
        await press(pilot, "z")
        await until(pilot, lambda: "2 packages" in screen_text(app))


@SIZES
async def test_a_mailing_from_the_package_to_its_progress(packed: Hotel, size: tuple[int, int]) -> None:
    async with opened(packed, size=size) as (app, pilot):
        await press(pilot, "g", "p", "down", "w")
        await press(pilot, "s", "e", "a", "enter")
        await until(pilot, lambda: isinstance(app.screen, PrepareScreen) and "may be written to" in screen_text(app))
        text = screen_text(app)
        assert "2 of 4 may be written to" in text
        assert "no consent" in text
        assert "lacks guest.given" in text
        await until(pilot, lambda: "News for Alba" in screen_text(app))  # the mail of the cursor's guest
        await press(pilot, "down", "down", "down")
        await until(pilot, lambda: "⟦guest.given⟧" in screen_text(app))
        await press(pilot, "home", "delete")
        await until(pilot, lambda: "1 of 4 may be written to" in screen_text(app))
        assert "left out by hand" in screen_text(app)
        await press(pilot, "f", "f")
        await until(pilot, lambda: on(app, PrepareScreen).list.total == 3)
        await press(pilot, "end", "delete")
        await until(pilot, lambda: "2 of 4 may be written to" in screen_text(app))
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: "Write “Season” to 2 guests?" in screen_text(app))
        await press(pilot, "y")
        await until(
            pilot, lambda: isinstance(app.screen, MailingScreen) and "0 of 2 sent · 2 to go" in screen_text(app)
        )
        assert "next: Ana Alba" in screen_text(app)
        await press(pilot, "p")
        await until(pilot, lambda: "paused" in screen_text(app))
        await press(pilot, "p")
        await until(pilot, lambda: "running" in screen_text(app))
        await press(pilot, "o")
        await until(pilot, lambda: "The mail as it goes out" in screen_text(app))
        await press(pilot, "escape", "f", "l")
        await until(pilot, lambda: on(app, MailingScreen).list.total == 2)
        await press(pilot, "escape", "delete")
        await until(pilot, lambda: "Stop “Season” for good?" in screen_text(app))
        await press(pilot, "y")
        await until(pilot, lambda: "■ stopped" in screen_text(app))
        assert {reason for _state, reason in items(packed.ctx, 1).values()} >= {Reason.STOPPED, Reason.NO_CONSENT}
        await press(pilot, "escape", "m")
        await until(pilot, lambda: "1 mailing" in screen_text(app))


async def test_consent_to_the_newsletter_is_another_one(packed: Hotel) -> None:
    desk.guests.set_consent(packed.ctx, 2, "newsletter", given=True, source="web")
    async with opened(packed) as (app, pilot):
        await press(pilot, "g", "p", "down", "w", "s", "e", "a", "enter")
        await until(pilot, lambda: "2 of 4 may be written to" in screen_text(app))
        await press(pilot, "C")
        await until(pilot, lambda: "1 of 4 may be written to" in screen_text(app))
        assert "consent to: newsletter" in screen_text(app)


class _Host:
    """Collects what a dialog gives."""

    def __init__(self) -> None:
        self.result: list[Any] = []


async def test_marked_guests_go_into_a_new_package_or_one_that_is_there(packed: Hotel) -> None:
    made = _Host()
    async with opened(packed) as (app, pilot):
        app.push_screen(MakePackage(None, [4, 5]), made.result.append)
        await settle(pilot)
        await until(pilot, lambda: "Put 2 guests into a package" in screen_text(app))
        await press(pilot, *"Wine", "enter")
        await until(pilot, lambda: len(made.result) == 1)
        assert inside(packed, "Wine") == [4, 5]
        assert desk.packages.named(packed.ctx, "Wine").by_hand
        app.push_screen(MakePackage(None, [5]), made.result.append)
        await settle(pilot)
        await press(pilot, *"golf", "down", "enter")  # the first line would make a new one
        await until(pilot, lambda: len(made.result) == 2)
        assert inside(packed) == [1, 2, 3, 4, 5]
        await press(pilot, "z")
        await until(pilot, lambda: inside(packed) == [1, 2, 3, 4])


async def test_a_search_is_kept_with_the_package(packed: Hotel) -> None:
    made = _Host()
    golf = desk.attributes.named(packed.ctx, "Golf").id
    async with opened(packed, size=(80, 24)) as (app, pilot):
        app.push_screen(MakePackage({"attributes": [golf]}, None), made.result.append)
        await settle(pilot)
        await until(pilot, lambda: "search: Golf" in screen_text(app))
        await press(pilot, *"Golf friends", "enter")  # it is there: they are put in, nothing new is made
        await until(pilot, lambda: len(made.result) == 1)
        assert len(desk.packages.listed(packed.ctx)) == 2
        app.push_screen(MakePackage({"attributes": [golf]}, None), made.result.append)
        await settle(pilot)
        await press(pilot, *"Links", "enter")
        await until(pilot, lambda: len(made.result) == 2)
        assert desk.packages.named(packed.ctx, "Links").words == "Golf"


async def test_a_package_that_another_desk_put_away_closes(packed: Hotel) -> None:
    async with opened(packed) as (app, pilot):
        await press(pilot, "g", "p", "down", "enter")
        screen = on(app, PackageScreen)
        found = desk.packages.named(packed.ctx, "Golf friends")
        desk.packages.remove(packed.ctx, found.id, found.version)
        screen.desk_ready()
        await until(pilot, lambda: isinstance(app.screen, PackagesScreen))


async def test_from_the_list_of_guests_into_a_package_and_written_to(packed: Hotel) -> None:
    async with opened(packed, size=(80, 24)) as (app, pilot):
        await press(pilot, "4")
        await until(pilot, lambda: "Alba" in screen_text(app))
        await press(pilot, "space", "P")
        await until(pilot, lambda: isinstance(app.screen, MakePackage))
        await press(pilot, *"Trip", "enter")
        await until(pilot, lambda: "Trip" in {one.name for one in desk.packages.listed(packed.ctx)})
        assert len(inside(packed, "Trip")) == 1
        await press(pilot, "g", "p", "end", "w", "s", "e", "a", "enter")
        await until(pilot, lambda: "1 of 1 may be written to" in screen_text(app))
        await press(pilot, "ctrl+s", "y")
        await until(pilot, lambda: isinstance(app.screen, MailingScreen))
        assert [one.state for one in desk.mailings.listed(packed.ctx)] == ["running"]


async def test_a_stopped_mailing_does_not_look_complete(packed: Hotel) -> None:
    number = desk.mailings.start(packed.ctx, desk.mailings.prepare(packed.ctx, 1, template(packed.ctx, "Autumn")))
    desk.mailings.pause(packed.ctx, number)
    async with opened(packed) as (app, pilot):
        app.push_screen(MailingScreen(number))
        await until(pilot, lambda: "p Resume" in screen_text(app))
        desk.mailings.stop(packed.ctx, number)
        await until(pilot, lambda: "0 of 2 sent · 2 stopped · 1 without consent · 1 left out" in screen_text(app))
