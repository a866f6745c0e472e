"""Presence between two running desks on one store: shown live, painted without reading lists anew (SPEC §3)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Static

from crm_tui import desk
from crm_tui.app import DeskApp
from crm_tui.screens.compose.held import Held
from crm_tui.screens.compose.screen import ComposeScreen
from tests.desk.colleagues import colleague
from tests.screens.harness import Hotel
from tests.screens.opened import mail_screen, opened, press, screen_text

Both = tuple[DeskApp, Pilot[int], DeskApp, Pilot[int]]


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    hotel = Hotel(tmp_path).open()
    account = hotel.account()
    hotel.mail("Do you have a room?", account=account)
    colleague(hotel.ctx, "Leo")
    return hotel


@asynccontextmanager
async def two_desks(hotel: Hotel, **leo: Any) -> AsyncIterator[Both]:
    """Ana's desk and Leo's, both on the Inbox."""
    async with opened(hotel, agent="Ana") as (ana, anas), opened(hotel, agent="Leo", **leo) as (leos_app, leos):
        for pilot in (anas, leos):
            await press(pilot, "g", "i")
        yield ana, anas, leos_app, leos


async def seen(condition: Callable[[], bool]) -> None:
    """Wait until a desk shows it; fails after a deadline."""
    async with asyncio.timeout(15):
        while not condition():
            await asyncio.sleep(0.01)


def reading_title(app: DeskApp) -> str:
    return next(line for line in screen_text(app).splitlines() if "Pokój" in line)


async def test_viewing_and_replying_show_on_the_other_desk(hotel: Hotel) -> None:
    async with two_desks(hotel) as (ana, anas, leo, leos):
        await press(leos, "enter")
        await seen(lambda: "⊙" in screen_text(ana) and "Leo is looking at it" in screen_text(ana))
        assert "Ana" not in screen_text(leo).split("\n", 1)[1], "Ana has nothing open"
        await press(anas, "enter")
        await seen(lambda: "Ana is looking at it" in screen_text(leo))
        await press(leos, "r")
        await seen(lambda: "✎ Leo is replying" in screen_text(ana))
        assert isinstance(leo.screen, ComposeScreen)
        await seen(lambda: "⊙ Ana is looking at it" in screen_text(leo))
        assert leo.ctx is not None
        for _beat in range(6):
            hotel.clock.instant += timedelta(seconds=20)
            desk.presence.enter(leo.ctx, leo._life.beacon.session, conversation=1, doing="replying")
        await press(anas, "escape")
        await seen(lambda: "Leo is replying · 2 min" in screen_text(ana))
        await press(leos, "escape")
        await seen(lambda: "Leo is looking at it" in screen_text(ana))
        await press(leos, "escape")
        await seen(lambda: "Leo" not in screen_text(ana))


async def test_both_replying_are_told_on_the_compose_screen(hotel: Hotel) -> None:
    async with two_desks(hotel) as (ana, anas, leo, leos):
        await press(leos, "r")
        await seen(lambda: isinstance(leo.screen, ComposeScreen))
        await press(anas, "r")
        for app, other in ((ana, "Leo"), (leo, "Ana")):
            await seen(lambda app=app, other=other: f"✎ {other} is replying" in screen_text(app))  # type: ignore[misc]
        content = leo.screen.query_one("#others", Static).content
        assert isinstance(content, Content)
        assert "warning" in str(content.spans[0].style)


async def test_lists_are_painted_and_not_read_anew(hotel: Hotel, monkeypatch: pytest.MonkeyPatch) -> None:
    async with two_desks(hotel) as (ana, _anas, _leo, leos):
        screen = mail_screen(ana)
        told: list[str] = []
        monkeypatch.setattr(screen, "desk_changed", lambda _changes: told.append("changed"))
        monkeypatch.setattr(screen.list, "reload", lambda: told.append("reload"))
        before = hotel.ctx.store.data_version()
        await press(leos, "enter", "escape")
        await press(leos, "enter")
        await seen(lambda: "Leo is looking at it" in screen_text(ana))
        assert hotel.ctx.store.data_version() != before
        assert "reload" not in told


async def test_a_desk_that_only_reads_is_not_shown_and_sees(hotel: Hotel) -> None:
    async with two_desks(hotel, readonly=True) as (ana, anas, leo, leos):
        await press(leos, "enter")
        await press(anas, "enter")
        await seen(lambda: "Ana is looking at it" in screen_text(leo))
        assert "Leo" not in screen_text(ana)


async def test_a_killed_desk_is_forgotten_without_another_change(hotel: Hotel) -> None:
    async with opened(hotel, agent="Ana") as (ana, anas):
        await press(anas, "g", "i")
        leo = desk.context.open_context(hotel.home, hotel.settings, clock=hotel.clock, agent="Leo", env={})
        desk.presence.enter(leo, "killed", conversation=1)
        await seen(lambda: "Leo is looking at it" in screen_text(ana))
        hotel.clock.instant += desk.presence.EXPIRY
        await seen(lambda: "Leo" not in screen_text(ana))
        leo.store.close()


async def test_leaving_the_desk_leaves_the_conversation(hotel: Hotel) -> None:
    async with opened(hotel, agent="Leo") as (_leo, leos):
        await press(leos, "g", "i", "enter")
        await seen(lambda: bool(desk.presence.everyone(hotel.ctx, "").conversations))
    assert desk.presence.everyone(hotel.ctx, "").conversations == {}


async def test_the_second_of_two_replies_is_held_and_shows_the_first(hotel: Hotel) -> None:
    async with two_desks(hotel) as (ana, anas, leo, leos):
        await press(leos, "r")
        await press(anas, "r")
        await press(leos, *"We have one.", "ctrl+s")
        await seen(lambda: not isinstance(leo.screen, ComposeScreen))
        await press(anas, *"No room", "ctrl+s")
        await seen(lambda: isinstance(ana.screen, Held))
        shown = screen_text(ana)
        assert "Held: Leo answered just now, and it is about to go out" in shown
        assert "We have one." in shown
        assert "> Do you have a room?" in shown, "the whole text"
        await press(anas, "e")
        await seen(lambda: isinstance(ana.screen, ComposeScreen))
        assert "No room" in screen_text(ana)
        await press(anas, "ctrl+s")
        await seen(lambda: not isinstance(ana.screen, ComposeScreen))
    assert [item.state for item in desk.outbox.items(hotel.ctx)] == ["queued", "queued"]


async def test_a_reply_that_the_engine_holds_is_told_and_shown_in_the_outbox(hotel: Hotel) -> None:
    async with opened(hotel, agent="Ana") as (ana, anas):
        await press(anas, "g", "i")
        await press(anas, "r")
        await press(anas, *"Yes", "ctrl+s")
        await seen(lambda: not isinstance(ana.screen, ComposeScreen))
        hotel.mail(
            "Forget it\n\n> old",
            number=2, reply_to=1, ago=timedelta(0), subject="Re: Pokój 2+1 w lipcu", account=1,
        )  # fmt: skip
        hotel.clock.instant += timedelta(seconds=11)
        [item] = desk.outbox.items(hotel.ctx)
        assert desk.delivery.job(hotel.ctx, item.id) is None
        await seen(lambda: "‖ 1 held" in screen_text(ana))
        assert any("held" in note.message for note in ana._notifications)
        await press(anas, "g", "o", "enter")
        await seen(lambda: isinstance(ana.screen, Held))
        assert "Łucja Nowak wrote just now" in screen_text(ana)
        assert "Forget it" in screen_text(ana)
        await press(anas, "s")
        await seen(lambda: "‖ 1 held" not in screen_text(ana))
    assert desk.delivery.job(hotel.ctx, item.id) is not None
