"""The board of reminders as one works on it: days, rows that act in place, the form, the search, a promise in a reply."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from crm_tui import desk
from crm_tui.desk.requests.inquiry_views import ReminderView
from crm_tui.screens.compose.screen import ComposeScreen
from crm_tui.screens.reminders.form import ReminderForm
from crm_tui.screens.reminders.screen import RemindersScreen
from tests.screens.harness import Hotel
from tests.screens.opened import opened, press, screen_text, settle, until

TODAY = date(2026, 11, 21)  # a Saturday


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    """A task of each day, one for the department, and a guest to whom one belongs."""
    found = Hotel(tmp_path).open()
    ctx = found.ctx
    guest = desk.guests.create(ctx, {"surname": "Nowak", "given": "Łucja"})
    desk.setup.add_agent(ctx, "Leo")
    desk.reminders.add(ctx, "Late invoice", TODAY - timedelta(days=4))
    desk.reminders.add(ctx, "Order linen", TODAY, rule="every saturday")
    desk.reminders.add(ctx, "Call about the cot", TODAY + timedelta(days=1), guest=guest)
    desk.reminders.add(ctx, "Leo's own", TODAY, assignee="Leo")
    inquiry = desk.inquiries.create(ctx, {}, guest=guest)
    version = desk.inquiries.get(ctx, inquiry).version
    desk.inquiries.set(ctx, inquiry, version, {"handler": "Ana", "planned_end": TODAY + timedelta(days=2)})
    return found


def reminders(hotel: Hotel) -> list[ReminderView]:
    return desk.reminders.listed(hotel.ctx, include_done=True)


def one(hotel: Hotel, title: str) -> ReminderView:
    return next(found for found in reminders(hotel) if found.title == title)


async def typed(pilot: Pilot[int], text: str) -> None:
    await pilot.press(*("space" if letter == " " else letter for letter in text))


def test_one_list_with_headings_on_a_narrow_desk(hotel: Hotel) -> None:
    async def act() -> None:
        async with opened(hotel, (80, 24), agent="Ana") as (app, pilot):
            await press(pilot, "6")
            text = screen_text(app)
            places = [text.index(word) for word in ("! OVERDUE · 1", "TODAY · 1", "TOMORROW · 1", "THE DAY AFTER · 1")]
            assert places == sorted(places)
            assert "Leo's own" not in text
            assert "! 17 Nov Late invoice" in text
            board = app.screen
            assert isinstance(board, RemindersScreen)
            assert [row.title for row in board.reminder_rows] == ["Late invoice"]
            await press(pilot, "j")
            assert [row.title for row in board.reminder_rows] == ["Order linen"]
            await press(pilot, "tab", "k", "k", "k", "k")
            assert [row.title for row in board.reminder_rows] == ["Late invoice"]

    asyncio.run(act())


def test_rows_act_in_place_beside_each_other(hotel: Hotel) -> None:
    async def act() -> None:
        async with opened(hotel, (150, 45), agent="Ana") as (app, pilot):
            await press(pilot, "6", "tab", "e")
            assert one(hotel, "Order linen").done_at is not None
            assert [found.due for found in reminders(hotel) if found.done_at is None and found.rule] == [
                TODAY + timedelta(days=7)
            ]
            await press(pilot, "z")
            assert [found.done_at for found in reminders(hotel) if found.rule] == [None]
            await press(pilot, "greater_than_sign")
            assert one(hotel, "Order linen").due == TODAY + timedelta(days=1)
            await press(pilot, "z", "shift+tab", "a")
            await typed(pilot, "leo")
            await press(pilot, "enter")
            assert one(hotel, "Late invoice").assignee == "Leo"
            assert "Late invoice" not in screen_text(app)
            await press(pilot, "f", "a")
            assert "Leo's own" in screen_text(app)
            await press(pilot, "escape", "tab", "tab", "tab", "D")
            await typed(pilot, "in 3 days")
            await press(pilot, "enter")
            assert desk.inquiries.get(hotel.ctx, 1).planned_end == TODAY + timedelta(days=3)
            await press(pilot, "shift+tab", "enter")
            assert "Łucja Nowak" in screen_text(app)

    asyncio.run(act())


def test_marks_stay_while_a_colleague_works(hotel: Hotel) -> None:
    async def act() -> None:
        async with opened(hotel, (80, 24), agent="Ana") as (app, pilot):
            await press(pilot, "6", "space")
            board = app.screen
            assert isinstance(board, RemindersScreen)
            marked = [row.id for row in board.list.marked]
            assert len(marked) == 1
            desk.reminders.add(hotel.ctx, "Fresh", TODAY, assignee="Ana")
            await until(pilot, lambda: "Fresh" in screen_text(app))
            assert [row.id for row in board.list.marked] == marked

    asyncio.run(act())


def test_the_form_makes_and_changes_one(hotel: Hotel) -> None:
    async def act() -> None:
        async with opened(hotel, (80, 24), agent="Ana") as (app, pilot):
            await press(pilot, "6", "u")
            await typed(pilot, "Order flowers")
            await press(pilot, "tab", "tab", "tab")
            await typed(pilot, "sometimes")
            await press(pilot, "ctrl+s")
            assert isinstance(app.screen, ReminderForm)
            assert "does not say how it comes back" in screen_text(app)
            await press(pilot, *(["backspace"] * 9))
            await typed(pilot, "every monday")
            await press(pilot, "ctrl+s")
            made = one(hotel, "Order flowers")
            assert (made.due, made.repeats, made.assignee) == (TODAY + timedelta(days=2), "every Monday", "Ana")
            await press(pilot, "E")
            desk.reminders.set(hotel.ctx, 1, 1, {"title": "Very late invoice"})
            await typed(pilot, "Latest invoice")
            await press(pilot, "ctrl+s")
            assert "Very late invoice" in screen_text(app)
            await press(pilot, "ctrl+s")
            assert one(hotel, "Latest invoice").version == 3

    asyncio.run(act())


def test_the_search_finds_what_is_done_and_others(hotel: Hotel) -> None:
    desk.reminders.done(hotel.ctx, 1)

    async def act() -> None:
        async with opened(hotel, (80, 24), agent="Ana") as (app, pilot):
            await press(pilot, "6", "slash")
            assert "5 found" not in screen_text(app)
            assert "4 found" in screen_text(app)
            await typed(pilot, "nowak")
            await settle(pilot)
            assert "Call about the cot" in screen_text(app)
            assert "1 found" in screen_text(app)
            await press(pilot, "escape")
            await typed(pilot, "invoice")
            await press(pilot, "enter", "e")
            assert one(hotel, "Late invoice").done_at is None

    asyncio.run(act())


def test_a_promise_in_a_reply_is_noted_with_one_key(hotel: Hotel) -> None:
    hotel.account()
    conversation, _message = hotel.mail("Is there a cot?")

    async def act() -> None:
        async with opened(hotel, (120, 40), agent="Ana") as (app, pilot):
            await press(pilot, "2")
            await until(pilot, lambda: "Pokój" in screen_text(app))
            await press(pilot, "r")
            await until(pilot, lambda: isinstance(app.screen, ComposeScreen) and not app.screen.editor.read_only)
            await typed(pilot, "We will confirm by Friday.")
            await until(pilot, lambda: "ctrl+r makes a reminder" in screen_text(app))
            await press(pilot, "ctrl+r")
            assert "We will confirm by Friday." in screen_text(app)
            await press(pilot, "ctrl+s")
            made = one(hotel, "We will confirm by Friday.")
            assert (made.due, made.promised, made.conversation) == (date(2026, 11, 27), True, conversation)
            assert isinstance(app.screen, ComposeScreen)
            await typed(pilot, " I will call you tomorrow.")
            await press(pilot, "ctrl+s")
            await until(pilot, lambda: "ctrl+r notes for Sun 22 Nov 2026" in screen_text(app))
            await press(pilot, "ctrl+r", "ctrl+s")
            assert one(hotel, "I will call you tomorrow.").due == TODAY + timedelta(days=1)

    asyncio.run(act())
