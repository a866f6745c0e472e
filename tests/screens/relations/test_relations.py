"""Mode 0 under the fingers: written down, settled with items, opened again, filtered, exported; lists of codes and items."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from crm_tui import desk
from crm_tui.app import DeskApp
from crm_tui.desk.quality.quality_views import Given
from crm_tui.rules.money import Money
from crm_tui.screens.dialogs.versions import VersionsDialog
from crm_tui.screens.feedback.cost import CostForm
from crm_tui.screens.feedback.form import FeedbackForm
from crm_tui.screens.feedback.resolve import ResolveBox
from crm_tui.screens.relations.screen import RelationsScreen
from crm_tui.screens.watchlists.export import FileExport
from crm_tui.widgets.forms import TextField
from tests.desk.asked import add_guest
from tests.desk.bookings import add_reservation
from tests.screens.harness import Hotel
from tests.screens.opened import opened, screen_text, settle


@pytest.fixture
def house(tmp_path: Path) -> Hotel:
    """Łucja Nowak stays in 204; wine is 18.50; complaints are filed under Noise."""
    hotel = Hotel(tmp_path / "home").open()
    ctx = hotel.ctx
    today = ctx.clock.now().date()
    guest = add_guest(ctx, "Nowak", "Łucja")
    add_reservation(ctx, "M-1", guest, room="204", arrival=today, departure=today)
    desk.quality_codes.add(ctx, "Noise")
    desk.quality_items.add(ctx, "Wine", "18.50")
    desk.quality_items.add(ctx, "Dinner", "40")
    return hotel


async def press(pilot: Pilot[int], *keys: str) -> None:
    """Each key as a person presses it: after the desk answered the last one."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


def at(app: DeskApp, kind: type[Screen[Any]]) -> bool:
    """Whether that screen is shown."""
    return isinstance(app.screen, kind)


async def test_a_room_brings_its_guest_and_a_complaint_is_settled_with_what_was_given(house: Hotel) -> None:
    ctx = house.ctx
    async with opened(house, (80, 24)) as (app, pilot):
        await press(pilot, "0", "U")
        assert at(app, FeedbackForm)
        await press(pilot, *"Loud", "tab", "n", "enter", "tab", *"204", "ctrl+s")
        assert at(app, RelationsScreen)
        (found,) = desk.feedback.open_page(ctx)
        assert (found.comment, found.code, found.room, found.guest_name, found.code_of) == (
            "Loud", "Noise", "204", "Łucja Nowak", "M-1")  # fmt: skip
        assert "✕" in screen_text(app)
        await press(pilot, "e")
        assert at(app, ResolveBox)
        await press(pilot, "S", "tab", "w", "enter", "0", "ctrl+s")
        assert "None of “Wine” was given" in screen_text(app)
        await press(
            pilot, "backspace", "2", "tab", "tab", "d", "enter", "enter", *["backspace"] * 6, *"35,00", "ctrl+s"
        )
        found = desk.feedback.get(ctx, found.id)
        assert [(one.quantity, one.name, one.value) for one in found.given] == [
            (2, "Wine", Money(1850, "EUR")), (1, "Dinner", Money(3500, "EUR"))]  # fmt: skip
        assert "✔" in screen_text(app)
        assert "€72.00" in screen_text(app)
        await press(pilot, "e", "tab", "f9", "ctrl+s")
        assert [one.name for one in desk.feedback.get(ctx, found.id).given] == ["Dinner"]
        await press(pilot, "z", "O")
        found = desk.feedback.get(ctx, found.id)
        assert (found.open, len(found.given)) == (True, 2)


async def test_a_cost_of_quality_is_written_down_changed_and_exported(house: Hotel, tmp_path: Path) -> None:
    ctx = house.ctx
    async with opened(house, (120, 30)) as (app, pilot):
        await press(pilot, "0", "Q")
        assert isinstance(app.screen, CostForm)
        await press(pilot, "=", *"VIP", "tab", "tab", *"now", "enter")
        assert app.screen.form.fields["room"].value == "204"
        await press(pilot, "tab", "w", "enter", "ctrl+s")
        (cost,) = desk.quality_costs.listed(ctx)
        assert (cost.occasion, cost.title, cost.cost) == ("=VIP", "Łucja Nowak · 204", (Money(1850, "EUR"),))
        await press(pilot, "tab")
        assert "COSTS OF QUALITY" in screen_text(app)
        await press(pilot, "X")
        assert isinstance(app.screen, FileExport)
        field = app.screen.query_one("#path", TextField)
        field.value = str(tmp_path / "costs.csv")
        await press(pilot, "ctrl+s")
        (row,) = csv.DictReader((tmp_path / "costs.csv").open(encoding="utf-8-sig"))
        assert row["occasion"].lstrip("'\t ") == "=VIP"
        assert not row["occasion"].startswith("=")
        assert row["cost"] == "18.50 EUR"
        await press(pilot, "delete")
        assert desk.quality_costs.listed(ctx) == []
        await press(pilot, "z")
        assert len(desk.quality_costs.listed(ctx)) == 1


async def test_two_desks_change_the_same_cost_and_are_both_heard(house: Hotel) -> None:
    ctx = house.ctx
    guest = desk.feedback.staying(ctx, "204").guest
    number = desk.quality_costs.add(ctx, [("Wine", 1)], guest=guest, occasion="Birthday")
    async with opened(house, (120, 30)) as (app, pilot):
        await press(pilot, "0", "tab", "E")
        theirs = desk.quality_costs.get(ctx, number)
        line = Given("Wine", 2, None, theirs.given[0].id)
        desk.quality_costs.edit(ctx, number, theirs.version, {"comment": "At the pool", "items": [line]})
        await press(pilot, "end", *" Eve", "ctrl+s")  # what they changed is elsewhere: both stay
        cost = desk.quality_costs.get(ctx, number)
        assert at(app, RelationsScreen)
        assert (cost.occasion, cost.comment, cost.given[0].quantity) == ("Birthday Eve", "At the pool", 2)
        await press(pilot, "E")
        desk.quality_costs.edit(ctx, number, cost.version, {"occasion": "Honeymoon"})
        desk.quality_items.change(ctx, cost.given[0].item or 0, 1, name="Cava", value="30")
        await press(pilot, *"!", "ctrl+s")
        assert at(app, VersionsDialog)
        assert "Honeymoon" in screen_text(app)
        assert "Birthday Eve!" in screen_text(app)
        await press(pilot, "m", "ctrl+s")
        cost = desk.quality_costs.get(ctx, number)
        assert (cost.occasion, [(one.name, one.amount) for one in cost.given]) == (
            "Birthday Eve!", [("Wine", Money(3700, "EUR"))])  # fmt: skip


async def test_two_desks_resolve_the_same_complaint_and_nothing_is_lost(house: Hotel) -> None:
    ctx = house.ctx
    number = desk.feedback.add(ctx, "negative", room="204", comment="Loud")
    async with opened(house, (80, 24)) as (app, pilot):
        await press(pilot, "0", "e")
        desk.feedback.resolve(ctx, number, resolution="Sorry", items=[("Wine", 1)])
        await press(pilot, *"New room", "ctrl+s")
        assert at(app, VersionsDialog)
        assert "Sorry" in screen_text(app)
        await press(pilot, "m", "ctrl+s")
        found = desk.feedback.get(ctx, number)
        assert (found.resolution, [one.name for one in found.given]) == ("New room", ["Wine"])
        await press(pilot, "e")
        desk.feedback.reopen(ctx, number)
        await press(pilot, "end", *" with a view", "ctrl+s")
        assert at(app, ResolveBox)
        assert "opened again meanwhile" in screen_text(app)
        assert desk.feedback.get(ctx, number).open
        await press(pilot, "ctrl+s")
        found = desk.feedback.get(ctx, number)
        assert (found.open, found.resolution) == (False, "New room with a view")


async def test_marks_stay_when_another_desk_changes_something(house: Hotel) -> None:
    ctx = house.ctx
    numbers = [desk.feedback.add(ctx, "negative", room=room) for room in ("1", "2", "3")]
    async with opened(house, (80, 24)) as (app, pilot):
        screen = app.screen
        await press(pilot, "0", "space", "space")
        screen = app.screen
        assert isinstance(screen, RelationsScreen)
        desk.feedback.resolve(ctx, numbers[0])
        screen.minute_passed()
        await settle(pilot)
        assert len(screen.list.marked) == 2


async def test_several_are_settled_at_once_and_the_filter_finds_what_left_the_page(house: Hotel) -> None:
    ctx = house.ctx
    numbers = [desk.feedback.add(ctx, "negative", room=room, comment=f"Noise [/x] {room}") for room in ("1", "2")]
    async with opened(house, (80, 24)) as (app, pilot):
        await press(pilot, "0", "space", "space", "e")
        assert [desk.feedback.get(ctx, number).open for number in numbers] == [False, False]
        await press(pilot, "z")
        assert [desk.feedback.get(ctx, number).open for number in numbers] == [True, True]
        screen = app.screen
        assert isinstance(screen, RelationsScreen)
        await press(pilot, "f", "right", "right", "ctrl+s")
        assert (screen.query_shown.show, screen.list.total) == ("resolved", 0)
        assert "Nothing fits this filter" in screen_text(app)
        await press(pilot, "escape")
        assert screen.list.total == 2


async def test_codes_and_items_are_kept_on_the_lists(house: Hotel) -> None:
    ctx = house.ctx
    number = desk.feedback.add(ctx, "negative", room="1", code="Noise")
    async with opened(house, (80, 24)) as (app, pilot):
        await press(pilot, "g", "l", "tab", "tab")
        assert "CODES 1" in screen_text(app)
        await press(pilot, "E", *["backspace"] * 5, *"Loud", "enter")
        assert desk.feedback.get(ctx, number).code == "Loud"
        await press(pilot, "tab", "plus", *"Cake", "tab", *"-3", "ctrl+s")
        assert "less than nothing" in screen_text(app)
        await press(pilot, "backspace", "backspace", "9", "ctrl+s")
        assert next((one.name, one.value) for one in desk.quality_items.listed(ctx)) == ("Cake", Money(900, "EUR"))
        await press(pilot, "z")
        assert [one.name for one in desk.quality_items.listed(ctx)] == ["Dinner", "Wine"]


async def test_rows_of_one_list_are_never_drawn_as_those_of_the_other(house: Hotel) -> None:
    desk.feedback.add(house.ctx, "negative", comment="Loud", room="204")
    desk.quality_costs.add(house.ctx, occasion="VIP", room="204", items=[("Wine", 1, None)])
    async with opened(house, (80, 24)) as (app, pilot):
        await press(pilot, "0")
        screen = app.screen
        assert isinstance(screen, RelationsScreen)
        for words in ("VIP", "Loud"):
            screen.list.reload()  # an answer that is under way belongs to the list before
            screen.action_other()
            assert "Loud" not in screen.list.render_line(0).text
            await settle(pilot)
            assert words in screen.list.render_line(0).text


async def test_the_cursor_goes_to_what_was_just_written_down(house: Hotel) -> None:
    """The next key is for it; the other list has no say in it."""
    ctx = house.ctx
    for number in range(3):
        desk.feedback.add(ctx, "negative", room="204", comment=f"Old {number}")
    async with opened(house, (80, 24)) as (app, pilot):
        await press(pilot, "0", "end")
        screen = app.screen
        assert isinstance(screen, RelationsScreen)
        before = screen.list.current
        await press(pilot, "Q", *"VIP", "tab", "tab", *"now", "enter", "tab", "w", "enter", "ctrl+s")
        assert at(app, RelationsScreen)
        assert screen.list.current is not None
        assert before is not None
        assert screen.list.current.id == before.id
        await press(pilot, "U", *"Loud", "tab", "n", "enter", "tab", *"204", "ctrl+s")
        assert at(app, RelationsScreen)
        assert screen.list.current.comment == "Loud"
