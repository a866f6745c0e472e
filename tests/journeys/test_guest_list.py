"""Finding guests, choosing them by criteria, marking and tagging them, in keystrokes (UX.md) and before two desks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crm_tui import desk
from crm_tui.desk.client_base import guest_lists
from crm_tui.desk.common.context import Actor, open_context
from crm_tui.rules.guest_criteria import GuestCriteria
from crm_tui.screens import catalog
from crm_tui.screens.guests.filter import FilterForm
from crm_tui.screens.guests.profile import GuestScreen
from crm_tui.screens.guests.screen import GuestsScreen
from tests.desk.asked import add_guest, consent
from tests.journeys.person import Person, at_the_desk
from tests.screens.harness import Hotel


@pytest.fixture
def hotel(tmp_path: Path) -> Iterator[Hotel]:
    """A client base of ten; two share an address, one has a name of 500 letters."""
    made = Hotel(tmp_path / "home").open()
    made.ctx = ctx = open_context(made.home, made.settings, clock=made.clock, agent="Ana", env={})
    for name in ("Golf", "VIP", "Vegan"):
        desk.attributes.add(ctx, name)
    both = "family@poczta.example"
    add_guest(ctx, "Wiśniewska", "Łucja", mails=[both], phones=["+48601234567"], city="Łódź", country="PL")
    add_guest(ctx, "Wiśniewski", "Jan", mails=[both], birth_date=date(1985, 5, 12))
    add_guest(ctx, "Pérez", "José", nationality="ES", phones=["+34600111222"])
    add_guest(ctx, "Żółkiewski", "Świętosława", reference="R-77")
    add_guest(ctx, "X")
    add_guest(ctx, "A" * 500, "Long")
    add_guest(ctx, "محمد", "علي")
    add_guest(ctx, "Nguyễn", "Thị")
    add_guest(ctx, "Wisła Travel", kind="company")
    add_guest(ctx, "Gone", "Long", archived_at=made.clock.now())
    yield made
    made.ctx.store.close()


@asynccontextmanager
async def among_guests(hotel: Hotel, size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[Person, GuestsScreen]]:
    """Mode 4, no key pressed yet."""
    async with at_the_desk(hotel, size) as person:
        await person.press("4")
        screen = person.at(GuestsScreen)
        assert screen is not None
        await person.until(lambda: screen.list.total == 9)
        person.keys = 0
        yield person, screen


def names(screen: GuestsScreen) -> list[str]:
    return [row.surname for row in screen.list.visible_rows()]


def tagged(hotel: Hotel) -> dict[int, tuple[str, ...]]:
    return desk.attributes.of_guests(hotel.ctx, range(1, 20))


async def test_the_first_of_very_many_are_shown_before_they_are_counted(
    hotel: Hotel, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, count = threading.Event(), guest_lists.total

    def slow(*args: Any, **named: Any) -> int:
        assert go_on.wait(20)
        return count(*args, **named)

    monkeypatch.setattr(guest_lists, "total", slow)
    monkeypatch.setattr("crm_tui.desk.client_base.guest_walks.FEW", 0)
    monkeypatch.setattr("crm_tui.screens.guests.rows.FIRST", 2)
    async with among_guests(hotel) as (person, screen):
        await person.press("slash")
        screen.list.pages.page = 2
        try:
            screen.box.value = "w"
            async with asyncio.timeout(20):
                while "more than 1 guest" not in person.seen():
                    await asyncio.sleep(0.01)
            assert len(names(screen)) == 2
        finally:
            go_on.set()
        await person.until(lambda: "3 guests" in person.seen())
        assert sorted(names(screen)) == ["Wisła Travel", "Wiśniewska", "Wiśniewski"]
        await person.press("tab", "end")
        assert screen.list.index == 2


async def test_half_a_name_without_accents_opens_the_profile_in_two_keys(hotel: Hotel) -> None:
    async with among_guests(hotel) as (person, screen):
        await person.press("slash")
        await person.write("zolk")
        assert names(screen) == ["Żółkiewski"]
        await person.press("enter")
        assert person.keys == 2
        profile = person.at(GuestScreen)
        assert profile is not None
        await person.until(lambda: "Świętosława" in person.seen())
        await person.press("escape")
        assert person.at(GuestsScreen) is screen
        assert screen.box.value == "zolk"


async def test_a_fast_hand_opens_what_was_typed_not_what_stood_there(hotel: Hotel) -> None:
    async with among_guests(hotel) as (person, _screen):
        await person.press("slash")
        await person.burst(*"perez", "enter")
        await person.until(lambda: person.at(GuestScreen) is not None)
        await person.until(lambda: "José" in person.seen())


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("wis", ["Wisła Travel", "Wiśniewska", "Wiśniewski"]),
        ("jan wis", ["Wiśniewski"]),
        ("lodz", ["Wiśniewska"]),
        ("601 234", ["Wiśniewska"]),
        ("+48 601", ["Wiśniewska"]),
        ("0034600", ["Pérez"]),
        ("1112", ["Pérez"]),
        ("family@", ["Wiśniewska", "Wiśniewski"]),
        ("12.05.1985", ["Wiśniewski"]),
        ("12.5.", ["Wiśniewski"]),
        ("1985-05-12", ["Wiśniewski"]),
        ("12.05.86", []),
        ("r-77", ["Żółkiewski"]),
        ("x", ["X"]),
        ("nguyen", ["Nguyễn"]),
        ("محم", ["محمد"]),
        ("aaaa", ["A" * 500]),
        ("gone", []),
        ('"', []),
        ("* OR NEAR(", []),
    ],
)
async def test_what_is_typed_finds(hotel: Hotel, typed: str, found: list[str]) -> None:
    async with among_guests(hotel) as (person, screen):
        await person.press("slash")
        screen.box.value = typed
        await person.settle()
        assert names(screen) == found
        await person.press("escape")
        assert screen.list.total == 9
        assert not screen.box.display


async def test_kinds_turn_and_escape_shows_everybody(hotel: Hotel) -> None:
    async with among_guests(hotel) as (person, screen):
        await person.press("U", "U")
        assert names(screen) == ["Wisła Travel"]
        assert "1 guest · companies" in person.seen()
        await person.press("escape")
        assert screen.criteria.empty
        assert screen.list.total == 9


async def test_marked_guests_are_tagged_together_and_one_key_takes_it_back(hotel: Hotel) -> None:
    async with among_guests(hotel) as (person, screen):
        await person.press("slash")
        await person.write("wisn")
        await person.press("tab", "space", "space", "T")
        await person.write("gol")
        await person.press("enter")
        await person.write("vi")
        await person.press("enter", "ctrl+s")
        await person.until(lambda: not screen.list.numbers and person.at(GuestsScreen) is screen)
        assert tagged(hotel) == {1: ("Golf", "VIP"), 2: ("Golf", "VIP")}
        assert "Golf, VIP" in person.seen()
        await person.press("z")
        assert tagged(hotel) == {}


async def test_all_found_are_marked_by_one_key(hotel: Hotel) -> None:
    async with among_guests(hotel) as (person, screen):
        await person.press("U", "ctrl+a")
        assert "8 marked" in person.seen()
        assert person.seen().count("✓") >= 9  # eight rows and the title
        await person.press("T")
        await person.write("vegan")
        await person.press("enter", "ctrl+s")
        await person.until(lambda: len(tagged(hotel)) == 8)
        assert not screen.list.numbers
        await person.press("z")
        assert tagged(hotel) == {}
        await person.press("ctrl+a")
        await person.until(lambda: len(screen.list.numbers) == 8)
        await person.press("space")
        assert screen.list.found_by is None
        assert len(screen.list.numbers) == 7
        await person.press("ctrl+a", "ctrl+a")
        assert not screen.list.numbers


async def test_a_range_is_marked_and_archived(hotel: Hotel) -> None:
    async with among_guests(hotel) as (person, screen):
        await person.press("shift+down", "shift+down")
        assert len(screen.list.marked) == 3
        await person.press("A")
        await person.until(lambda: screen.list.total == 6)
        await person.press("z")
        await person.until(lambda: screen.list.total == 9)


async def test_the_filter_form_asks_and_is_said_in_words(hotel: Hotel) -> None:
    consent(hotel.ctx, 1)
    async with among_guests(hotel) as (person, screen):
        await person.press("f")
        form = person.at(FilterForm)
        assert form is not None
        await person.until(lambda: form.is_mounted and "nationality" in form.form.fields)
        form.form.fields["consent"].value = "mail"
        form.form.fields["never_booked"].value = True
        form.form.fields["city"].value = "lodz"
        await person.press("ctrl+s")
        await person.until(lambda: person.at(GuestsScreen) is screen and screen.list.total == 1)
        assert names(screen) == ["Wiśniewska"]
        assert screen.criteria == GuestCriteria(consent="mail", never_booked=True, city="lodz", currency="")
        assert screen.words == "consent to mail · lives in lodz · never booked"
        assert "consent to mail" in person.seen()
        await person.press("escape")
        assert screen.list.total == 9


async def test_a_wrong_value_is_told_at_its_field(hotel: Hotel) -> None:
    async with among_guests(hotel) as (person, _screen):
        await person.press("f")
        form = person.at(FilterForm)
        assert form is not None
        fields = form.form.fields
        for name, value in (("born_from", "31.2."), ("value_from", "much"), ("value_to", "7")):
            fields[name].value = value
        await person.press("ctrl+s")
        assert person.at(FilterForm) is form
        assert fields["born_from"].error
        assert fields["value_from"].error
        assert not fields["value_to"].error


async def test_the_cursor_stays_while_another_desk_works(hotel: Hotel) -> None:
    async with among_guests(hotel) as (person, screen):
        await person.press("slash")
        await person.write("wis")
        await person.press("tab", "down")
        assert screen.list.current is not None
        before = screen.list.current.id
        leo = hotel.ctx.acting_as(Actor(1, "Leo", "admin"))
        new = desk.guests.create(leo, {"surname": "Wisan", "given": "Eva"})
        await person.until(lambda: screen.list.total == 4)
        assert screen.list.current.id == before
        assert "Wisan" in names(screen)
        desk.guests.archive(leo, [new])
        await person.until(lambda: screen.list.total == 3)
        assert screen.list.current is not None
        assert screen.list.current.id == before


async def test_an_empty_client_base_says_what_fills_it(tmp_path: Path) -> None:
    made = Hotel(tmp_path / "home").open()
    async with at_the_desk(made) as person:
        await person.press("4")
        await person.until(lambda: "No guests yet" in person.seen())
    made.ctx.store.close()


def test_what_leads_elsewhere_is_part_of_the_desk() -> None:
    assert catalog.exists(catalog.GUEST)
    assert catalog.exists(catalog.GUEST_FORM)
