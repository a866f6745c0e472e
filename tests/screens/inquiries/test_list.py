"""The list of inquiries (mode 3)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.screens.inquiries.detail import InquiryScreen
from crm_tui.screens.inquiries.form import InquiryForm
from crm_tui.screens.inquiries.screen import InquiriesScreen
from crm_tui.screens.mail.screen import MailScreen
from tests.screens.harness import Hotel
from tests.screens.inquiries.conftest import Desk
from tests.screens.opened import opened, press, screen_text, settle, until


async def test_the_open_inquiries_with_the_next_planned_end_first(busy: Desk) -> None:
    async with opened(busy.hotel, (80, 24), agent="Ana") as (app, pilot):
        await press(pilot, "3")
        assert isinstance(app.screen, InquiriesScreen)
        lines = screen_text(app).splitlines()
        assert "INQUIRIES · 2 inquiries · open" in lines[1]
        assert "Marie Petit" in lines[2]
        assert "28 Dec – 3 Jan, 6 n" in lines[2]
        assert "2+2" in lines[2]
        assert "Javier Martín" in lines[3]
        assert "3–7 Dec, 4 n" in lines[3]
        assert "2+1" in lines[3]


async def test_an_overdue_one_is_marked_by_sign(busy: Desk) -> None:
    busy.hotel.clock.advance(timedelta(days=1))
    async with opened(busy.hotel, (80, 24), agent="Ana") as (app, pilot):
        await press(pilot, "3")
        assert "! 21 Nov" in screen_text(app).splitlines()[2]
        assert "!" not in screen_text(app).splitlines()[3]


async def test_a_row_says_how_long_the_guest_has_been_waiting(busy: Desk) -> None:
    async with opened(busy.hotel, (120, 30), agent="Ana") as (app, pilot):
        await press(pilot, "3")
        assert "? 2 h" in screen_text(app).splitlines()[3]


@pytest.mark.parametrize(
    ("keys", "total", "words"),
    [
        (["f", "m"], 1, "mine"),
        (["f", "u"], 0, "nobody's"),
        (["f", "n"], 2, "only new"),
        (["f", "b"], 0, "only booked"),
        (["f", "a"], 2, "open and closed"),
        (["f", "h", "l", "e", "enter"], 1, "of Leo"),
        (["o"], 2, "newest first"),
        (["o", "o"], 2, "next arrival first"),
    ],
)
async def test_filters_and_orders_say_what_is_shown(busy: Desk, keys: list[str], total: int, words: str) -> None:
    async with opened(busy.hotel, agent="Ana") as (app, pilot):
        await press(pilot, "3", *keys)
        screen = app.screen
        assert isinstance(screen, InquiriesScreen)
        assert screen.list.total == total
        assert words in screen.title_line.text
        await press(pilot, "escape")
        assert screen.list.total == 2


async def test_the_newest_stands_first_in_that_order(busy: Desk) -> None:
    async with opened(busy.hotel, agent="Ana") as (app, pilot):
        await press(pilot, "3", "o")
        assert isinstance(app.screen, InquiriesScreen)
        assert [row.id for row in app.screen.list.visible_rows()] == [busy.phoned, busy.mailed]
        await press(pilot, "o")
        assert [row.id for row in app.screen.list.visible_rows()] == [busy.mailed, busy.phoned]


async def test_an_empty_list_says_what_fills_it(tmp_path: Path) -> None:
    hotel = Hotel(tmp_path / "home").open()
    async with opened(hotel, (80, 24)) as (app, pilot):
        await press(pilot, "3")
        text = screen_text(app)
        assert "No open inquiry." in text
        assert "i on a mail" in text
        assert "N takes one down" in text
    hotel.ctx.store.close()


async def test_a_wide_desk_shows_the_inquiry_beside_the_list(busy: Desk) -> None:
    async with opened(busy.hotel, (140, 40), agent="Ana") as (app, pilot):
        await press(pilot, "3")
        await until(pilot, lambda: "Sea view" in screen_text(app))
        text = screen_text(app)
        assert "★ Marie Petit" in text
        assert "Prefers the sea side." in text
        assert "Send the offer" in text
        await press(pilot, "down")
        await until(pilot, lambda: "quisiéramos" in screen_text(app))


async def test_a_narrow_desk_shows_the_list_alone(busy: Desk) -> None:
    async with opened(busy.hotel, (100, 30), agent="Ana") as (app, pilot):
        await press(pilot, "3")
        assert isinstance(app.screen, InquiriesScreen)
        assert not app.screen.right.display


async def test_enter_opens_and_escape_comes_back_to_the_same_row(busy: Desk) -> None:
    async with opened(busy.hotel, agent="Ana") as (app, pilot):
        await press(pilot, "3", "down", "enter")
        top = app.screen
        assert isinstance(top, InquiryScreen)
        assert top.number == busy.mailed
        await press(pilot, "escape")
        under = app.screen
        assert isinstance(under, InquiriesScreen)
        assert under.list.current is not None
        assert under.list.current.id == busy.mailed


async def test_what_another_desk_changes_is_shown(busy: Desk) -> None:
    async with opened(busy.hotel, agent="Ana") as (app, pilot):
        await press(pilot, "3")
        screen = app.screen
        assert isinstance(screen, InquiriesScreen)
        view = busy.view(busy.mailed)
        desk.inquiries.set(busy.leo, busy.mailed, view.version, {"status": "cancelled"})
        await until(pilot, lambda: screen.list.total == 1)
        await settle(pilot)
        assert screen.list.current is not None
        assert screen.list.current.id == busy.phoned


async def test_what_only_a_colleague_may_see_is_not_there(busy: Desk) -> None:
    view = busy.view(busy.phoned)
    desk.inquiries.set(busy.leo, busy.phoned, view.version, {"scope": "me"})
    async with opened(busy.hotel, (140, 40), agent="Ana") as (app, pilot):
        await press(pilot, "3")
        assert isinstance(app.screen, InquiriesScreen)
        assert app.screen.list.total == 1
        assert "Petit" not in screen_text(app)


async def test_a_new_one_is_one_key_away_everywhere(busy: Desk) -> None:
    async with opened(busy.hotel, agent="Ana") as (app, pilot):
        await press(pilot, "3", "N")
        assert [type(screen) for screen in app.screen_stack] == [InquiriesScreen, InquiryForm]
        await press(pilot, "escape", "2", "N")
        assert [type(screen) for screen in app.screen_stack] == [MailScreen, InquiryForm]


async def test_nothing_is_marked_where_nothing_is_done_with_marked_ones(busy: Desk) -> None:
    async with opened(busy.hotel, (80, 24), agent="Ana") as (app, pilot):
        await press(pilot, "3", "space")
        assert isinstance(app.screen, InquiriesScreen)
        assert app.screen.list.marked == []
        assert "✓" not in screen_text(app)
