"""Marks of guests hold on to guests: through searches, colleagues' work and large numbers (UX.md)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.app import DeskApp
from crm_tui.desk.common.context import Context, open_context
from crm_tui.rules.guest_criteria import GuestCriteria
from crm_tui.screens.guests import list_calls
from crm_tui.screens.guests.screen import GuestsScreen
from crm_tui.screens.guests.tags import TagPick
from crm_tui.screens.packages.make import MakePackage
from crm_tui.widgets.dialogs import Ask
from tests.desk.colleagues import colleague
from tests.journeys.person import Person, at_the_desk
from tests.screens.harness import Hotel


@pytest.fixture
def hotel(tmp_path: Path) -> Iterator[Hotel]:
    """Three guests: 1 Adam, 2 Bea, 3 Carl; an attribute."""
    made = Hotel(tmp_path / "home").open()
    made.ctx = open_context(made.home, made.settings, clock=made.clock, agent="Ana", env={})
    for name in ("Adam", "Bea", "Carl"):
        desk.guests.create(made.ctx, {"surname": name})
    desk.attributes.add(made.ctx, "Golf")
    yield made
    made.ctx.store.close()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that the desk says in passing."""
    said: list[str] = []
    monkeypatch.setattr(DeskApp, "tell", lambda _app, text, **_how: said.append(text))
    return said


@asynccontextmanager
async def among(hotel: Hotel, size: tuple[int, int] = (100, 30)) -> AsyncIterator[tuple[Person, GuestsScreen]]:
    async with at_the_desk(hotel, size) as person:
        await person.press("4")
        screen = person.at(GuestsScreen)
        assert screen is not None
        await person.until(lambda: screen.list.total > 0)
        yield person, screen


def tagged(hotel: Hotel) -> set[int]:
    return set(desk.attributes.of_guests(hotel.ctx, range(1, 200)))


def offered(hotel: Hotel) -> list[str]:
    return [row.name for row in desk.guests.listed(hotel.ctx)]


async def test_all_are_those_who_were_found_when_they_were_marked(hotel: Hotel) -> None:
    async with among(hotel) as (person, screen):
        await person.press("ctrl+a")
        await person.until(lambda: "3 marked" in person.seen())
        leo = colleague(hotel.ctx, "Leo")
        for name in ("Dora", "Emil"):
            desk.guests.create(leo, {"surname": name})
        await person.until(lambda: screen.list.total == 5)
        assert "3 marked" in person.seen()
        await person.press("T")
        await person.until(lambda: person.at(TagPick) is not None)
        assert "Attributes of 3 guests" in person.seen()
        await person.press("enter", "ctrl+s")
        await person.until(lambda: tagged(hotel) == {1, 2, 3})
        await person.press("ctrl+a")
        await person.until(lambda: len(screen.list.numbers) == 5)
        desk.guests.create(leo, {"surname": "Fred"})
        await person.press("P")
        await person.until(lambda: person.at(MakePackage) is not None and "Put 5 guests" in person.seen())


async def test_a_command_waits_until_all_are_marked(hotel: Hotel, monkeypatch: pytest.MonkeyPatch) -> None:
    free = threading.Event()
    found = list_calls.found

    def slow(ctx: Context, criteria: GuestCriteria) -> list[int]:
        assert free.wait(20)
        return found(ctx, criteria)

    monkeypatch.setattr(list_calls, "found", slow)
    async with among(hotel) as (person, screen):
        screen.action_mark_all()
        screen.action_archive()
        assert len(offered(hotel)) == 3
        free.set()
        await person.until(lambda: offered(hotel) == [])


async def test_marks_of_guests_who_are_gone_drop_and_that_is_said(hotel: Hotel, told: list[str]) -> None:
    async with among(hotel) as (person, screen):
        await person.press("space")
        assert screen.list.numbers == (1,)
        desk.guests.archive(colleague(hotel.ctx, "Leo"), [1])
        await person.until(lambda: screen.list.numbers == ())
        await person.until(lambda: told != [])
        assert told == ["1 marked guest is not here any more; the mark is gone."]
        assert " marked" not in person.seen()


async def test_what_changed_nothing_offers_no_undo(
    hotel: Hotel, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with among(hotel) as (person, screen):
        monkeypatch.setattr(screen, "desk_changed", lambda _changes: None)  # not heard of yet
        await person.press("space")
        desk.guests.archive(colleague(hotel.ctx, "Leo"), [1])
        await person.press("A")
        await person.until(lambda: told == ["Nothing to do: archived already."])
        assert offered(hotel) == ["Bea", "Carl"]


async def test_some_who_were_archived_already_are_told(
    hotel: Hotel, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with among(hotel) as (person, screen):
        monkeypatch.setattr(screen, "desk_changed", lambda _changes: None)
        await person.press("space", "space")
        desk.guests.archive(colleague(hotel.ctx, "Leo"), [1])
        await person.press("A")
        await person.until(lambda: told == ["1 guest archived · z takes it back · 1 was so already"])


async def test_marks_hold_through_searches_and_the_title_says_so(hotel: Hotel) -> None:
    async with among(hotel) as (person, screen):
        await person.press("space", "slash")
        await person.write("carl")
        await person.until(lambda: "1 marked (1 not shown)" in person.seen())
        await person.press("tab", "space")
        await person.until(lambda: "2 marked (1 not shown)" in person.seen())
        await person.press("escape")
        await person.until(lambda: "2 marked" in person.seen() and "not shown" not in person.seen())
        assert screen.list.numbers == (1, 3)
        await person.press("A")
        await person.until(lambda: offered(hotel) == ["Bea"])
        await person.press("z")
        await person.until(lambda: len(offered(hotel)) == 3)


async def test_many_are_archived_after_a_question_with_their_number(hotel: Hotel) -> None:
    for number in range(100):
        desk.guests.create(hotel.ctx, {"surname": f"Guest {number}"})
    async with among(hotel) as (person, _screen):
        await person.press("ctrl+a", "A")
        await person.until(lambda: person.at(Ask) is not None)
        assert "Archive 103 guests?" in person.seen()
        await person.press("escape")
        assert offered(hotel)
        await person.press("A", "y")
        await person.until(lambda: offered(hotel) == [])


async def test_a_long_command_says_that_it_is_under_way(hotel: Hotel, monkeypatch: pytest.MonkeyPatch) -> None:
    free = threading.Event()
    archive = list_calls.archive

    def slow(ctx: Context, numbers: tuple[int, ...], *, back: bool) -> int:
        assert free.wait(20)
        return archive(ctx, numbers, back=back)

    monkeypatch.setattr(list_calls, "archive", slow)
    async with among(hotel) as (person, screen):
        screen.action_archive()
        async with asyncio.timeout(20):
            while "Archiving 1 guest…" not in person.seen():
                await asyncio.sleep(0.01)
        free.set()
        await person.until(lambda: "GUESTS · 2 guests" in person.seen())


async def test_the_search_box_says_its_keys_in_a_small_window(hotel: Hotel) -> None:
    async with among(hotel, (80, 24)) as (person, _screen):
        await person.press("slash")
        await person.write("b")
        foot = person.seen().splitlines()[-1]
        assert "Open" in foot
        assert "All guests" in foot
        assert "To the list" in foot
