"""Writing to a colleague, and reading what colleagues wrote, on two desks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.desk.common.context import Context
from crm_tui.screens.dialogs.leader import LeaderMenu
from crm_tui.screens.internal.screen import InternalScreen
from crm_tui.screens.internal.writing import InternalBox, lettered
from crm_tui.screens.mail.screen import MailScreen
from crm_tui.widgets.dialogs import Ask
from tests.desk.colleagues import colleague, keep_for
from tests.screens.harness import Hotel
from tests.screens.opened import opened, press, screen_text, settle


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    hotel = Hotel(tmp_path).open()
    account = hotel.account()
    hotel.mail("Do you have a room?", account=account)
    return hotel


@pytest.fixture
def leo(hotel: Hotel) -> Context:
    return colleague(hotel.ctx, "Leo")


async def seen(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(15):
        while not condition():
            await asyncio.sleep(0.01)


async def test_one_writes_the_other_is_told_and_goes_there(hotel: Hotel, leo: Context) -> None:
    async with opened(hotel, agent="Ana") as (ana, anas), opened(hotel, agent="Leo") as (leos, pilot):
        await press(anas, "g", "i", "W")
        assert isinstance(ana.screen, InternalBox), "one colleague: nothing to choose"
        await press(anas, *"Mind [/x] the dog", "ctrl+s")
        await seen(lambda: "✉ 1" in screen_text(leos))
        assert "✉" not in screen_text(ana).split("\n", 1)[0]
        assert any("colleague wrote" in note.message for note in leos._notifications)
        await press(pilot, "g")
        assert "Internal messages" in screen_text(leos)
        await press(pilot, "n")
        await seen(lambda: isinstance(leos.screen, InternalScreen))
        await settle(pilot)
        shown = screen_text(leos)
        assert "1 unread" in shown
        assert "Ana to Leo" in shown
        assert "Mind [/x] the dog" in shown
        await press(pilot, "enter")
        await seen(lambda: isinstance(leos.screen, MailScreen) and "Mind [/x] the dog" in screen_text(leos))
        assert "┃ ✉ Ana to Leo · internal" in screen_text(leos)
        await seen(lambda: "✉ 1" not in screen_text(leos))
    assert desk.internal.unread_count(leo) == 0


async def test_reading_the_conversation_reads_what_was_written_about_it(hotel: Hotel, leo: Context) -> None:
    desk.internal.send(hotel.ctx, "Leo", "Mind the dog", conversation=1)
    async with opened(hotel, agent="Leo") as (leos, pilot):
        assert "✉ 1" in screen_text(leos)
        await press(pilot, "g", "i", "enter")
        assert "Ana to Leo · internal" in screen_text(leos)
        await seen(lambda: desk.internal.unread_count(leo) == 0)
        await press(pilot, "r")
        assert "Mind the dog" not in screen_text(leos), "never quoted"


async def test_it_appears_live_in_the_open_conversation(hotel: Hotel, leo: Context) -> None:
    async with opened(hotel, agent="Leo") as (leos, pilot):
        await press(pilot, "g", "i", "enter")
        desk.internal.send(hotel.ctx, "Leo", "Mind the dog", conversation=1)
        await seen(lambda: "┃ Mind the dog" in screen_text(leos))


async def test_several_colleagues_have_a_letter_each_and_what_was_begun_is_kept(hotel: Hotel, leo: Context) -> None:
    colleague(hotel.ctx, "Lea")
    async with opened(hotel, agent="Ana") as (ana, anas):
        await press(anas, "g", "i", "W")
        assert isinstance(ana.screen, LeaderMenu)
        await press(anas, "e", *"half", "escape", "W", "e")
        assert isinstance(ana.screen, InternalBox)
        assert ana.screen.area.text == "half"
        await press(anas, *" done", "ctrl+s")
        await seen(lambda: desk.internal.unread_count(leo) == 1)
    assert desk.internal.unread(leo)[0].text == "half done"


def test_letters() -> None:
    assert lettered(["Lea", "Leo", "Łucja", "Éva"]) == [("l", "Lea"), ("e", "Leo"), ("u", "Łucja"), ("v", "Éva")]


async def test_a_colleague_who_may_not_see_it_is_shown_it_by_a_key(hotel: Hotel, leo: Context) -> None:
    keep_for(hotel.ctx, 1, f"a{hotel.ctx.actor.id}")
    async with opened(hotel, agent="Ana") as (ana, anas):
        await press(anas, "g", "i", "W", *"look", "ctrl+s")
        await seen(lambda: isinstance(ana.screen, Ask))
        assert "Leo may not see this" in screen_text(ana)
        await press(anas, "n")
        assert isinstance(ana.screen, InternalBox)
        assert desk.internal.unread_count(leo) == 0
        await press(anas, "ctrl+s")
        await seen(lambda: isinstance(ana.screen, Ask))
        await press(anas, "y")
        await seen(lambda: desk.internal.unread_count(leo) == 1)
        await settle(anas)
    assert desk.reading.conversation(leo, 1).row.id == 1


async def test_an_empty_text_is_not_sent_and_answering_goes_back(hotel: Hotel, leo: Context) -> None:
    desk.internal.send(leo, "Ana", "Who takes it?", conversation=1)
    async with opened(hotel, (80, 24), agent="Ana") as (ana, anas):
        await press(anas, "g", "n")
        await seen(lambda: "Who takes it?" in screen_text(ana))
        await press(anas, "r", "ctrl+s")
        assert "no text" in screen_text(ana)
        await press(anas, *"I do", "ctrl+s")
        await seen(lambda: desk.internal.unread_count(leo) == 1)
        await settle(anas)
        assert desk.internal.unread_count(hotel.ctx) == 0, "what is answered was read"
        await press(anas, "z")
        await seen(lambda: desk.internal.unread_count(leo) == 0)


async def test_about_an_inquiry(hotel: Hotel, leo: Context) -> None:
    inquiry = desk.inquiries.from_conversation(hotel.ctx, 1)
    async with opened(hotel, agent="Ana") as (ana, anas):
        ana.open_inquiry(inquiry)
        await settle(anas)
        await press(anas, "W")
        await seen(lambda: isinstance(ana.screen, InternalBox))
        assert f"Inquiry {inquiry}" in screen_text(ana)
        await press(anas, *"Is it free?", "ctrl+s")
        await seen(lambda: desk.internal.unread_count(leo) == 1)
        await settle(anas)
    async with opened(hotel, agent="Leo") as (leos, pilot):
        await press(pilot, "g", "n")
        await seen(lambda: "Is it free?" in screen_text(leos))
        await press(pilot, "enter")
        await seen(lambda: type(leos.screen).__name__ == "InquiryScreen")
        await settle(pilot)
    assert desk.internal.unread_count(leo) == 0
