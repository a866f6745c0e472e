"""The start screen: what waits, and acting on it in place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_tui import desk
from crm_tui.desk.views import AccountView, Count, ListQuery
from crm_tui.screens.start.problems import problems
from crm_tui.screens.start.screen import StartScreen
from tests.screens.harness import Hotel
from tests.screens.opened import mail_screen, opened, press, screen_text, until


async def test_the_oldest_unanswered_comes_first_and_has_the_cursor(morning: Hotel) -> None:
    async with opened(morning) as (app, _pilot):
        assert isinstance(app.screen, StartScreen)
        rows = app.screen.unanswered.list.visible_rows()
        assert [row.counterpart.label for row in rows][:2] == ["Eve [red]", "Łucja Nowak"]
        assert app.screen.unanswered.list.has_focus
        assert "UNANSWERED · 4" in screen_text(app)
        assert "NEW MAIL" not in screen_text(app)  # it has a place on wide screens only
        assert "DEPARTURES · nobody flies in the next days" in screen_text(app)


async def test_enter_opens_it_and_escape_leads_to_its_list(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "down", "enter")
        screen = mail_screen(app)
        await until(pilot, lambda: screen.reading.conversation is not None)
        assert screen.pane == "reading"
        assert "szukamy pokoju" in screen_text(app)


async def test_rows_act_in_place(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, StartScreen)
        await press(pilot, "e")
        await until(pilot, lambda: desk.folders.total(morning.ctx, ListQuery("Done")) == 1)
        await press(pilot, "down", "w")
        await until(pilot, lambda: screen.waitlist.list.total == 1)
        await press(pilot, "z", "z")
        await until(pilot, lambda: desk.folders.total(morning.ctx, ListQuery("Inbox")) == 4)


async def test_new_mail_appears_by_itself(morning: Hotel) -> None:
    async with opened(morning, size=(160, 45)) as (app, pilot):
        assert "NEW MAIL · 4" in screen_text(app)
        morning.mail("Now?", sender="Late <late@guest.example>", subject="Tonight", number=8, ago=timedelta(0))
        await until(
            pilot, lambda: isinstance(app.screen, StartScreen) and app.screen.by_name["arrivals"].list.total == 5
        )
        assert "Late" in screen_text(app)


async def test_tab_goes_round_the_panels(morning: Hotel) -> None:
    async with opened(morning, size=(80, 24)) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, StartScreen)
        seen = []
        for _panel in range(4):
            seen.append(screen.panel.id)
            await press(pilot, "tab")
        assert seen == ["unanswered", "waitlist", "arrivals", "unanswered"]


def test_what_needs_a_look() -> None:
    broken = AccountView(1, "a@b.example", "", "auth failed", "The server refused the password.", None)
    found = problems({"Outbox": Count(2), "Drafts": Count(1)}, [broken])
    assert [problem.text for problem in found] == [
        "✕ a@b.example: The server refused the password.",
        "↗ 2 messages in the outbox",
        "✎ 1 draft is waiting",
    ]
    assert [problem.place for problem in problems({}, [])] == ["accounts"]


@pytest.mark.parametrize("key", ["l", "L"])
async def test_an_event_is_logged_for_the_guest_of_the_row(morning: Hotel, key: str) -> None:
    guest = desk.guests.create(morning.ctx, {"surname": "Nowak", "emails": ["lucja@poczta.example"]})
    async with opened(morning) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, StartScreen)
        await press(pilot, "down")
        row = screen.unanswered.list.current
        assert row is not None
        assert row.counterpart.label == "Łucja Nowak"
        await press(pilot, key, "c", *"Called back", "ctrl+s")
        await until(pilot, lambda: bool(desk.events.listed(morning.ctx, guest)))
        (event,) = desk.events.listed(morning.ctx, guest)
        assert (event.text, event.conversation) == ("Called back", row.id)
        assert app.screen is screen
