"""A search is kept with one key, opened with three, and its conversations are dealt with where they stand."""

from __future__ import annotations

from crm_tui import desk
from crm_tui.desk.common.views import SavedViewView
from crm_tui.screens.going import view_choices
from crm_tui.screens.search.keeping import KeepView
from crm_tui.screens.search.screen import SearchScreen
from crm_tui.screens.search.views import ViewsScreen
from tests.desk.asked import add_guest, add_inquiry
from tests.screens.harness import Hotel
from tests.screens.opened import mail_screen, opened, press, screen_text, settle, until


async def test_kept_from_the_search_and_opened_with_its_key(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        SearchScreen.last_query = ""
        await press(pilot, "slash", *"from:martin", "ctrl+s")
        assert isinstance(app.screen, KeepView)
        await press(pilot, *"Martins", "tab", "M", "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, SearchScreen))
        await until(pilot, lambda: [view.name for view in app.views] == ["Martins"])
        await press(pilot, "escape", "g", "v", "M")
        screen = mail_screen(app)
        await until(pilot, lambda: screen.list.total == 1)
        text = screen_text(app)
        assert "MARTINS" in text
        assert "Saved views" in text
        await press(pilot, "w")
        await until(pilot, lambda: "Waitlist" in screen_text(app))
        assert desk.folders.row(morning.ctx, screen.list.current.id).folder == "Waitlist"  # type: ignore[union-attr]
        await until(pilot, lambda: screen.list.total == 1)  # it still fits


async def test_what_no_longer_fits_leaves_the_view(morning: Hotel) -> None:
    desk.saved_views.create(morning.ctx, "Inbox of Martín", "from:martin in:Inbox", key="m")
    async with opened(morning) as (app, pilot):
        await press(pilot, "g", "v", "m")
        screen = mail_screen(app)
        await until(pilot, lambda: screen.list.total == 1)
        await press(pilot, "e")
        await until(pilot, lambda: screen.list.total == 0)
        assert "No conversation fits this view now." in screen_text(app)
        await press(pilot, "z")
        await until(pilot, lambda: screen.list.total == 1)


async def test_filter_and_order_hold_in_a_view(morning: Hotel) -> None:
    desk.saved_views.create(morning.ctx, "All", "after:2026-01-01", key="a")
    async with opened(morning) as (app, pilot):
        await press(pilot, "g", "v", "a")
        screen = mail_screen(app)
        await until(pilot, lambda: screen.list.total == 4)
        newest = [row.id for row in screen.list.visible_rows()]
        await press(pilot, "o")
        await until(pilot, lambda: [row.id for row in screen.list.visible_rows()] == newest[::-1])
        desk.triage.no_answer_needed(morning.ctx, newest[:1])
        await press(pilot, "o")
        await until(pilot, lambda: screen.list.total == 3)


async def test_a_wrong_name_or_query_is_said_at_its_field(morning: Hotel) -> None:
    desk.saved_views.create(morning.ctx, "Prices", "prix", key="p")
    async with opened(morning, size=(80, 24)) as (app, pilot):
        SearchScreen.last_query = ""
        await press(pilot, "slash", "ctrl+s")
        assert isinstance(app.screen, SearchScreen)  # nothing typed: nothing to keep
        await press(pilot, *"lucja", "ctrl+s", *"PRICES", "tab", "p", "ctrl+s")
        await until(pilot, lambda: "You have a view called Prices already" in screen_text(app))
        assert isinstance(app.screen, KeepView)
        await press(pilot, "escape")
        app.screen.box.value = "foo:x"
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, SearchScreen)
        await until(pilot, lambda: "There is no field foo" in screen_text(app))


async def test_changed_ordered_and_put_away(morning: Hotel) -> None:
    desk.saved_views.create(morning.ctx, "One", "prix", key="1")
    desk.saved_views.create(morning.ctx, "Two", "lucja")
    async with opened(morning, size=(80, 24)) as (app, pilot):
        await press(pilot, "g", "v", "enter")
        assert isinstance(app.screen, ViewsScreen)
        await until(pilot, lambda: "2 views" in screen_text(app))
        await press(pilot, "J")
        await until(pilot, lambda: [view.name for view in desk.saved_views.listed(morning.ctx)] == ["Two", "One"])
        await settle(pilot)
        await press(pilot, "home", "E", "end", *"!", "ctrl+s")
        await until(pilot, lambda: "Two!" in screen_text(app))
        await press(pilot, "delete")
        await until(pilot, lambda: "1 view" in screen_text(app))
        await press(pilot, "enter")
        assert mail_screen(app).query_shown.place == "view:1"


async def test_what_has_no_mail_is_not_in_the_list_and_does_no_harm(morning: Hotel) -> None:
    add_inquiry(morning.ctx, add_guest(morning.ctx, "Nowak"), channel="phone")
    desk.saved_views.create(morning.ctx, "Phone", "channel:phone", key="p")
    async with opened(morning) as (app, pilot):
        await press(pilot, "g", "v", "p")
        await until(pilot, lambda: "No conversation fits this view now." in screen_text(app))


def test_views_without_a_key_get_free_digits() -> None:
    views = [SavedViewView(1, "A", "a"), SavedViewView(2, "B", "b", "1"), SavedViewView(3, "C", "c")]
    assert [(choice.key, choice.value) for choice in view_choices(views)] == [
        ("2", "view:1"),
        ("1", "view:2"),
        ("3", "view:3"),
        ("enter", "views:arrange"),
    ]
