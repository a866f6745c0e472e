"""Suggestions are gone through and guests merged side by side, with keys alone (SPEC §6)."""

from __future__ import annotations

from typing import Any

import pytest

from crm_tui import desk
from crm_tui.app import DeskApp
from crm_tui.desk.merges.guest_merging import merge, merges_of
from crm_tui.screens.duplicates.merge import MergeScreen
from crm_tui.screens.duplicates.screen import DuplicatesScreen
from crm_tui.screens.inquiries.guest_pick import GuestPick
from crm_tui.widgets.dialogs import Ask
from tests.desk.colleagues import colleague
from tests.screens.harness import Hotel
from tests.screens.opened import opened, press, screen_text, settle, until

SIZES = [(80, 24), (150, 45)]


@pytest.fixture
def doubled(morning: Hotel) -> Hotel:
    """Łucja Nowak is in the client base three times, once with another birth date; the Garcías share an address."""
    for values in (
        {"surname": "Nowak", "given": "Łucja", "email": "lucja@poczta.example", "city": "Łódź", "birth_date": "3.4.1980"},
        {"surname": "Novak", "given": "Lucja", "email": "lucja@poczta.example", "phone": "+48 601 234 567",
         "birth_date": "4.3.1980", "remarks": "quiet room"},
        {"surname": "García", "given": "Ana", "email": "casa@buzon.example"},
        {"surname": "García", "given": "Luis", "email": "casa@buzon.example"},
    ):  # fmt: skip
        desk.guests.create(morning.ctx, values)
    return morning


def told(app: DeskApp, words: str) -> bool:
    """Whether a toast says so."""
    return any(words in one.message for one in app._notifications)


async def suggestions(app: DeskApp, pilot: Any) -> DuplicatesScreen:
    await press(pilot, "g", "y")
    screen = app.screen
    assert isinstance(screen, DuplicatesScreen)
    await until(pilot, lambda: not screen.searching)
    await settle(pilot)
    return screen


async def side_by_side(app: DeskApp, pilot: Any) -> MergeScreen:
    screen = app.screen
    assert isinstance(screen, MergeScreen)
    await until(pilot, lambda: screen.row is not None)
    return screen


@pytest.mark.parametrize("size", SIZES)
async def test_suggestions_are_listed_with_their_reasons(doubled: Hotel, size: tuple[int, int]) -> None:
    async with opened(doubled, size=size) as (app, pilot):
        screen = await suggestions(app, pilot)
        assert [row.view.guests for row in screen.list.visible_rows()] == [(1, 2), (3, 4)]
        text = screen_text(app)
        assert "Łucja Nowak = Lucja Novak" in text
        assert "same e-mail lucja@poczta" in text
        assert "1 suggestion · 1 shared address" in text
        if size[0] == 150:
            assert "+48 601 234 567" in text  # what is known of them stands beside


@pytest.mark.parametrize("size", SIZES)
async def test_guests_are_merged_field_by_field_and_taken_back_with_one_key(
    doubled: Hotel, size: tuple[int, int]
) -> None:
    async with opened(doubled, size=size) as (app, pilot):
        screen = await suggestions(app, pilot)
        await press(pilot, "enter")
        merging = await side_by_side(app, pilot)
        text = screen_text(app)
        assert "★ Łucja Nowak #1" in text
        assert "● 3 Apr 1980" in text
        assert "○ 4 Mar 1980" in text
        await press(pilot, "right")  # the surname of the other one
        await until(pilot, lambda: "○ Nowak" in screen_text(app))
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, Ask))
        assert "birth date: 3 Apr 1980 and 4 Mar 1980" in screen_text(app)
        await press(pilot, "n")
        assert app.screen is merging
        assert desk.guests.get(doubled.ctx, 2).id == 2
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, Ask))
        await press(pilot, "y")
        await until(pilot, lambda: app.screen is screen)
        found = desk.guests.get(doubled.ctx, 2)
        assert (found.id, found.name, found.city, found.remarks) == (1, "Łucja Novak", "Łódź", "quiet room")
        await until(pilot, lambda: [row.view.guests for row in screen.list.visible_rows()] == [(3, 4)])
        await press(pilot, "z")
        await until(pilot, lambda: desk.guests.get(doubled.ctx, 2).id == 2)
        await until(pilot, lambda: [row.view.guests for row in screen.list.visible_rows()] == [(1, 2), (3, 4)])


async def test_another_one_can_be_the_main_profile(doubled: Hotel) -> None:
    async with opened(doubled) as (app, pilot):
        await suggestions(app, pilot)
        await press(pilot, "enter")
        await side_by_side(app, pilot)
        await press(pilot, "m")
        await until(pilot, lambda: "★ Lucja Novak #2" in screen_text(app))
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, Ask))
        await press(pilot, "y")
        await until(pilot, lambda: desk.guests.get(doubled.ctx, 1).id == 2)
        assert desk.guests.get(doubled.ctx, 1).city == "Łódź"


async def test_not_the_same_is_one_key_and_so_is_taking_it_back(doubled: Hotel) -> None:
    async with opened(doubled) as (app, pilot):
        screen = await suggestions(app, pilot)
        await press(pilot, "x")
        await until(pilot, lambda: [row.view.guests for row in screen.list.visible_rows()] == [(3, 4)])
        await press(pilot, "x")
        await until(pilot, lambda: screen.list.total == 0)
        assert "Nobody seems to be in the client base twice" in screen_text(app)
        assert desk.duplicates.find(doubled.ctx) == []
        await press(pilot, "z", "z")
        await until(pilot, lambda: screen.list.total == 2)


async def test_what_another_desk_merged_goes_from_the_list(doubled: Hotel) -> None:
    async with opened(doubled) as (app, pilot):
        screen = await suggestions(app, pilot)
        merge(colleague(doubled.ctx, "Mia", "manager"), 1, [2], sure=True)
        await until(pilot, lambda: [row.view.guests for row in screen.list.visible_rows()] == [(3, 4)])


async def test_the_search_is_stopped_and_begun_again(doubled: Hotel, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from crm_tui.desk.merges import duplicates_search

    real = duplicates_search.COMMAND
    monkeypatch.setattr(duplicates_search, "COMMAND", (sys.executable, "-c", "input(); input()"))
    async with opened(doubled) as (app, pilot):
        await pilot.press("g", "y")
        await until(pilot, lambda: isinstance(app.screen, DuplicatesScreen) and app.screen.searching)
        screen = app.screen
        assert isinstance(screen, DuplicatesScreen)
        await until(pilot, lambda: "Looking for guests" in screen_text(app))
        await pilot.press("s")
        await until(pilot, lambda: not screen.searching)
        await until(pilot, lambda: "s looks again" in screen_text(app))
        monkeypatch.setattr(duplicates_search, "COMMAND", real)
        await pilot.press("s")
        await until(pilot, lambda: screen.list.total == 2)


async def test_leaving_ends_the_search(doubled: Hotel, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from crm_tui.desk.merges import duplicates_search

    monkeypatch.setattr(duplicates_search, "COMMAND", (sys.executable, "-c", "input(); input()"))
    async with opened(doubled) as (app, pilot):
        await pilot.press("g", "y")
        await until(pilot, lambda: isinstance(app.screen, DuplicatesScreen) and app.screen.searching)
        await pilot.press("escape")
        await until(pilot, lambda: app.background.idle)
        assert not isinstance(app.screen, DuplicatesScreen)


async def test_an_agent_sees_both_and_is_told_who_may_merge(doubled: Hotel) -> None:
    colleague(doubled.ctx, "Leo")
    async with opened(doubled, agent="Leo") as (app, pilot):
        await suggestions(app, pilot)
        await press(pilot, "enter")
        await side_by_side(app, pilot)
        assert "only a manager may merge" in screen_text(app)
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: told(app, "Only a manager may merge"))
        assert desk.guests.get(doubled.ctx, 2).id == 2


async def test_from_one_guest_the_other_is_asked_for_and_later_taken_apart(doubled: Hotel) -> None:
    async with opened(doubled) as (app, pilot):
        app.push_screen(MergeScreen([3]))
        await until(pilot, lambda: isinstance(app.screen, GuestPick))
        await press(pilot, *"luis")
        await until(pilot, lambda: "Luis García" in screen_text(app))
        assert "new guest" not in screen_text(app)
        await press(pilot, "enter")
        await side_by_side(app, pilot)
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: desk.guests.get(doubled.ctx, 4).id == 3)
        app.push_screen(MergeScreen([3]))
        await until(pilot, lambda: isinstance(app.screen, Ask))
        assert "Take apart Luis García (#4), merged 21 Nov" in screen_text(app)
        await press(pilot, "1")
        await until(pilot, lambda: desk.guests.get(doubled.ctx, 4).id == 4)
        assert merges_of(doubled.ctx, 3)[0].undone_at is not None


async def test_somebody_who_was_changed_meanwhile_is_looked_at_again(doubled: Hotel) -> None:
    async with opened(doubled) as (app, pilot):
        app.push_screen(MergeScreen([3, 4]))
        screen = await side_by_side(app, pilot)
        seen = screen._seen
        desk.guests.set(colleague(doubled.ctx, "Leo"), 4, 1, {"city": "Palma"})
        await until(pilot, lambda: screen._seen is not seen)
        assert "Palma" in screen_text(app)


async def test_what_cannot_be_merged_is_said_and_the_screen_left(doubled: Hotel) -> None:
    firm = desk.guests.create(doubled.ctx, {"surname": "Sol", "kind": "company"})
    async with opened(doubled) as (app, pilot):
        app.push_screen(MergeScreen([1, firm]))
        await until(pilot, lambda: told(app, "A person and a company cannot be one"))
        assert not isinstance(app.screen, MergeScreen)


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_names_and_many_guests_stay_in_their_columns(morning: Hotel, size: tuple[int, int]) -> None:
    names = ["\x1b]52;c;x\x07[b]", "\u202eabc", "[@click=app.quit]x[/]", "李" * 60, "e\u0301" * 100, "X" * 200]
    made = [
        desk.guests.create(
            morning.ctx, {"surname": name, "given": name, "city": name, "remarks": name, "email": "e@x.example"}
        )
        for name in names
    ]
    async with opened(morning, size=size) as (app, pilot):
        await suggestions(app, pilot)
        assert not {"\x1b", "\u202e", "\x07"} & {*screen_text(app)}
        app.push_screen(MergeScreen([*made, 999]))
        await side_by_side(app, pilot)
        text = screen_text(app)
        assert not {"\x1b", "\u202e", "\x07"} & {*text}
        assert "[@click" in text or size[0] == 80
        await press(pilot, "f", "right", "down", "left", "m", "f")
        assert isinstance(app.screen, MergeScreen)


async def test_a_consent_that_would_be_lost_is_asked_about_once_and_told(morning: Hotel) -> None:
    ids = [desk.guests.create(morning.ctx, {"surname": "Nowak", "given": name}) for name in ("Ewa", "Eva")]
    desk.guests.set_consent(morning.ctx, ids[0], "mail", given=True, source="form")
    async with opened(morning) as (app, pilot):
        app.push_screen(MergeScreen(ids))
        await pilot.pause()
        await side_by_side(app, pilot)
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: "A consent would be lost" in screen_text(app))
        await press(pilot, "y")
        await until(pilot, lambda: told(app, "Consent to mail does not hold any more"))
    assert len(merges_of(morning.ctx, ids[0])) == 1
