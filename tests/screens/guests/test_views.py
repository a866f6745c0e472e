"""What the list of guests shows is kept as a view, and opened from anywhere; changed, put away, taken back (SPEC §3, §6)."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from crm_tui import desk
from crm_tui.app import DeskApp
from crm_tui.data.columns import columns
from crm_tui.data.tables import SavedView
from crm_tui.desk.client_base.guest_lists import GuestQuery
from crm_tui.rules.guest_criteria import GuestCriteria
from crm_tui.screens.going import view_choices
from crm_tui.screens.guests.screen import GuestsScreen
from crm_tui.screens.search.keeping import KeepView
from crm_tui.screens.search.views import ViewsScreen
from crm_tui.screens.start.screen import StartScreen
from tests.desk.asked import add_guest
from tests.screens.harness import Hotel
from tests.screens.opened import mail_screen, opened, press, screen_text, until


@pytest.fixture
def base(morning: Hotel) -> Hotel:
    """Three guests, two of them golfers."""
    ctx = morning.ctx
    golf = desk.attributes.add(ctx, "Golf")
    for surname, given in (("Wiśniewska", "Łucja"), ("Wisła", "Jan"), ("Pérez", "José")):
        guest = add_guest(ctx, surname, given)
        if given != "Jan":
            desk.attributes.tag(ctx, guest, golf)
    return morning


def guests(app: DeskApp) -> GuestsScreen:
    assert isinstance(app.screen, GuestsScreen)
    return app.screen


def shown(app: DeskApp) -> list[str]:
    return [row.surname for row in guests(app).list.visible_rows()]


def told(app: DeskApp, words: str) -> bool:
    return any(words in one.message for one in app._notifications)


def golfers(hotel: Hotel, key: str = "k") -> int:
    return desk.saved_views.create(hotel.ctx, "Golfers", GuestQuery(GuestCriteria(attributes=(1,)), "newest"), key=key)


async def test_kept_with_a_key_and_opened_from_elsewhere(base: Hotel) -> None:
    async with opened(base, size=(80, 24)) as (app, pilot):
        await press(pilot, "4", "slash", *"wis", "tab", "U", "o", "ctrl+s")
        assert isinstance(app.screen, KeepView)
        assert "persons · “wis” · newest first" in screen_text(app)
        await press(pilot, *"Wis people", "tab", "W", "ctrl+s")
        await until(pilot, lambda: [view.name for view in app.views] == ["Wis people"])
        assert "WIS PEOPLE · 2 guests" in screen_text(app)
        await press(pilot, "escape")
        await until(pilot, lambda: guests(app).list.total > 2)
        assert "GUESTS ·" in screen_text(app)
        assert guests(app).order == "name"
        await press(pilot, "2", "g", "v", "W")
        await until(pilot, lambda: isinstance(app.screen, GuestsScreen) and app.screen.list.total == 2)
        assert shown(app) == ["Wisła", "Wiśniewska"]
        assert guests(app).box.value == "wis"
        assert "WIS PEOPLE · 2 guests · persons · “wis” · newest first" in screen_text(app)


async def test_opened_from_the_left_pane_of_the_mail_and_from_the_palette(base: Hotel) -> None:
    golfers(base)
    async with opened(base) as (app, pilot):
        await press(pilot, "2")
        tree = mail_screen(app).folders
        assert "◆" in screen_text(app)
        tree.post_message(tree.Chosen(tree, "go:view:1"))
        await until(pilot, lambda: isinstance(app.screen, GuestsScreen) and app.screen.list.total == 2)
        await press(pilot, "1")
        assert isinstance(app.screen, StartScreen)
        await press(pilot, "ctrl+p", *"golfers")
        await until(pilot, lambda: "Saved view: Golfers" in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, GuestsScreen) and app.screen.list.total == 2)
        assert "GOLFERS" in screen_text(app)


async def test_changed_by_the_list_and_taken_back(base: Hotel) -> None:
    number = golfers(base)
    async with opened(base, size=(80, 24)) as (app, pilot):
        await press(pilot, "g", "v", "k", "o")
        await until(pilot, lambda: "GOLFERS · 2 guests · changed: ^s keeps it" in screen_text(app))
        await press(pilot, "ctrl+s", "ctrl+s")
        await until(pilot, lambda: desk.saved_views.get(base.ctx, number).order == "name")
        await until(pilot, lambda: "changed" not in screen_text(app))
        await press(pilot, "z")
        await until(pilot, lambda: desk.saved_views.get(base.ctx, number).order == "newest")
        await until(pilot, lambda: guests(app).order == "newest")  # the list follows the view it shows


async def test_another_view_is_made_of_an_opened_one(base: Hotel) -> None:
    golfers(base)
    async with opened(base, size=(80, 24)) as (app, pilot):
        await press(pilot, "g", "v", "k", "U", "ctrl+s", "tab", "tab", "right", "ctrl+s")
        await until(pilot, lambda: "You have a view called Golfers already" in screen_text(app))
        await press(pilot, "end", *" two", "tab", "backspace", "ctrl+s")
        await until(pilot, lambda: [one.name for one in app.views] == ["Golfers", "Golfers two"])
        kinds = [view.criteria.kind for view in desk.saved_views.listed(base.ctx) if view.criteria is not None]
        assert kinds == ["", "person"]
        assert "GOLFERS TWO" in screen_text(app)


async def test_renamed_and_put_away_in_the_list_of_views(base: Hotel) -> None:
    golfers(base)
    async with opened(base, size=(80, 24)) as (app, pilot):
        await press(pilot, "g", "v", "enter")
        assert isinstance(app.screen, ViewsScreen)
        await until(pilot, lambda: "◆ Golf · newest first" in screen_text(app))
        await press(pilot, "E", "end", *" all", "ctrl+s")
        await until(pilot, lambda: "Golfers all" in screen_text(app))
        (view,) = desk.saved_views.listed(base.ctx)
        assert (view.name, view.key, view.order) == ("Golfers all", "k", "newest")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, GuestsScreen))
        await until(pilot, lambda: "GOLFERS ALL" in screen_text(app))
        await press(pilot, "g", "v", "enter", "delete")
        await until(pilot, lambda: desk.saved_views.listed(base.ctx) == [])
        await press(pilot, "escape")
        await until(pilot, lambda: "GUESTS · 2 guests · Golf · newest first" in screen_text(app))


async def test_the_list_follows_an_attribute_that_was_merged(base: Hotel) -> None:
    golfers(base)
    greens = desk.attributes.add(base.ctx, "Greens")
    async with opened(base, size=(80, 24)) as (app, pilot):
        await press(pilot, "g", "v", "k")
        await until(pilot, lambda: "GOLFERS · 2 guests · Golf" in screen_text(app))
        desk.attribute_merging.merge(base.ctx, 1, greens, (1, 1))
        await until(pilot, lambda: "GOLFERS · 2 guests · Greens · newest first" in screen_text(app))
        assert guests(app).as_kept


async def test_the_filter_says_what_is_asked_for_though_it_was_put_away(base: Hotel) -> None:
    package = desk.packages.create(base.ctx, "Summer", None, [1])
    asked = GuestQuery(GuestCriteria(attributes=(1,), package=package))
    desk.saved_views.create(base.ctx, "Summer golf", asked, key="s")
    desk.packages.remove(base.ctx, package, 1)
    desk.attribute_merging.remove(base.ctx, 1, 1)
    async with opened(base) as (app, pilot):
        await press(pilot, "g", "v", "s", "f")
        await until(pilot, lambda: "Golf (not on the list any" in screen_text(app))
        assert "Summer (put away)" in screen_text(app)


async def test_nothing_asked_is_not_kept_and_what_cannot_be_read_is_said(base: Hotel) -> None:
    golfers(base)
    with base.ctx.write() as tx:
        tx.connection.execute(update(SavedView).where(columns(SavedView).id == 1).values(query="guests:{"))
    async with opened(base) as (app, pilot):
        await press(pilot, "4")
        assert "^s Keep" not in screen_text(app)
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, GuestsScreen)
        await press(pilot, "o")
        assert "^s Keep" in screen_text(app)
        await press(pilot, "o")
        assert "^s Keep" not in screen_text(app)
        await press(pilot, "g", "v", "k")
        await until(pilot, lambda: told(app, "The search of “Golfers” cannot be read."))
        assert "GUESTS ·" in screen_text(app)


async def test_a_desk_that_only_reads_opens_views_and_keeps_none(base: Hotel) -> None:
    golfers(base)
    async with opened(base, size=(80, 24), readonly=True) as (app, pilot):
        await press(pilot, "g", "v", "k")
        await until(pilot, lambda: isinstance(app.screen, GuestsScreen) and app.screen.list.total == 2)
        await press(pilot, "U", "ctrl+s", "ctrl+s")
        await until(pilot, lambda: told(app, "This desk was opened to read only"))
        (view,) = desk.saved_views.listed(base.ctx)
        assert view.criteria == GuestCriteria(attributes=(1,))


def test_the_menu_marks_the_views_of_guests(base: Hotel) -> None:
    golfers(base)
    desk.saved_views.create(base.ctx, "Prices", "prix", key="p")
    choices = view_choices(desk.saved_views.listed(base.ctx))
    assert [(one.key, one.label, one.remark) for one in choices[:2]] == [("k", "Golfers", "◆"), ("p", "Prices", "")]
