"""The triage run under a person's keys: oldest first, one key a decision, back, undo, the summary at the end."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from crm_tui import desk
from crm_tui.app import DeskApp
from crm_tui.screens.compose.screen import ComposeScreen
from crm_tui.screens.inquiries.detail import InquiryScreen
from crm_tui.screens.run.screen import RunScreen
from crm_tui.screens.run.tally import Tally
from tests.desk.colleagues import colleague
from tests.screens.harness import Hotel
from tests.screens.opened import mail_screen, opened, press, screen_text, settle, until

NAMES = ["Adam", "Bea", "Cyd", "Dora", "Ewa"]
NARROW = (80, 24)


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    """Five conversations wait; Adam's the longest, Ewa's the shortest."""
    hotel = Hotel(tmp_path).open()
    account = hotel.account()
    for number, name in enumerate(NAMES, 1):
        hotel.mail(
            f"Text of {name}",
            sender=f"{name} <{name.lower()}@guests.example>",
            subject=f"Room for {name}",
            ago=timedelta(hours=10 - number),
            number=number,
            account=account,
        )
    colleague(hotel.ctx, "Leo")
    return hotel


async def start(pilot: Pilot[int], *keys: str) -> RunScreen:
    await press(pilot, *keys, "t")
    await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen))
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, RunScreen)
    return screen


async def shown(pilot: Pilot[int], name: str) -> None:
    """Wait until the conversation of a guest is the one on the screen."""
    app = pilot.app
    assert isinstance(app, DeskApp)
    await until(pilot, lambda: f"Text of {name}" in screen_text(app) and f"Room for {name}" in screen_text(app))
    await settle(pilot)


def row(hotel: Hotel, number: int) -> Any:
    return desk.reading.conversation(hotel.ctx, number).row


async def test_the_oldest_first_and_the_next_at_once(hotel: Hotel) -> None:
    async with opened(hotel, NARROW, agent="Ana") as (app, pilot):
        await start(pilot, "g", "i")
        await shown(pilot, "Adam")
        text = screen_text(app)
        assert "TRIAGE RUN · INBOX" in text
        assert "1 of 5 · oldest 9 h" in text
        assert "Bea" not in text, "full width: one conversation and nothing else"
        await press(pilot, "w")
        await shown(pilot, "Bea")
        assert "2 of 5 · oldest 8 h" in screen_text(app)
        await press(pilot, "e")
        await shown(pilot, "Cyd")
        await press(pilot, "x")
        await shown(pilot, "Dora")
        await press(pilot, "exclamation_mark")
        await shown(pilot, "Ewa")
        assert [row(hotel, n).folder for n in (1, 2, 3, 4)] == ["Waitlist", "Done", "Inbox", "Spam"]
        assert not row(hotel, 3).unanswered
        await press(pilot, "j")
        text = screen_text(app)
        assert "The run is through." in text
        assert "3 moved" in text
        assert "1 needed no answer" in text
        assert "1 left for later" in text
        await press(pilot, "escape")
        assert not isinstance(app.screen, RunScreen)


async def test_the_next_is_read_before_it_is_asked_for(hotel: Hotel, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(hotel, NARROW, agent="Ana") as (_app, pilot):
        screen = await start(pilot)
        monkeypatch.setattr(screen, "_ask_next", lambda _done: None)
        screen.action_later()
        assert screen.tally.row is not None
        assert screen.tally.row.subject == "Room for Bea", "at once, within the key"


async def test_skipping_and_going_back(hotel: Hotel) -> None:
    async with opened(hotel, NARROW, agent="Ana") as (app, pilot):
        await start(pilot)
        assert "TRIAGE RUN · UNANSWERED" in screen_text(app)
        await press(pilot, "n", "j")
        await shown(pilot, "Cyd")
        await press(pilot, "k")
        await shown(pilot, "Bea")
        assert "left for later" in screen_text(app)
        await press(pilot, "e")
        await shown(pilot, "Cyd")
        await press(pilot, "k", "k", "k")
        await shown(pilot, "Adam")
        assert "first one" in " ".join(note.message for note in app._notifications)
        await press(pilot, "j")
        await shown(pilot, "Bea")
        assert "✓ moved" in screen_text(app)
        await press(pilot, "j", "j")
        await shown(pilot, "Dora")
        await press(pilot, "q")
        assert not isinstance(app.screen, RunScreen)
        told = " ".join(note.message for note in app._notifications)
        assert "1 moved, 2 left for later" in told


async def test_undo_steps_back_to_what_it_undid(hotel: Hotel) -> None:
    async with opened(hotel, NARROW, agent="Ana") as (app, pilot):
        screen = await start(pilot)
        await press(pilot, "w")
        await shown(pilot, "Bea")
        await press(pilot, "j")
        await shown(pilot, "Cyd")
        await press(pilot, "z")
        await shown(pilot, "Adam")
        assert row(hotel, 1).folder == "Inbox"
        assert screen.tally.decided == {2: "skipped"}
        await press(pilot, "e")
        await shown(pilot, "Bea")
        await press(pilot, "z")
        await shown(pilot, "Adam")
        assert "1 of 5" in screen_text(app)


async def test_a_reply_comes_back_to_the_run_and_goes_on(hotel: Hotel) -> None:
    async with opened(hotel, NARROW, agent="Ana") as (app, pilot):
        screen = await start(pilot)
        await press(pilot, "r")
        assert isinstance(app.screen, ComposeScreen)
        await press(pilot, "escape")
        await shown(pilot, "Adam")
        await press(pilot, "r", *"Yes", "ctrl+s")
        await until(pilot, lambda: app.screen is screen)
        await shown(pilot, "Bea")
        assert screen.tally.decided == {1: "answered"}
        await press(pilot, "q")
        assert "1 answered" in " ".join(note.message for note in app._notifications)


async def test_assigning_snoozing_and_starring(hotel: Hotel) -> None:
    async with opened(hotel, NARROW, agent="Ana") as (app, pilot):
        screen = await start(pilot)
        await press(pilot, "asterisk")
        await until(pilot, lambda: "★" in screen_text(app))
        assert screen.tally.row is not None
        assert screen.tally.row.id == 1, "a star decides nothing"
        await press(pilot, "a", "l")
        await shown(pilot, "Bea")
        await press(pilot, "s", "r")
        await shown(pilot, "Cyd")
        assert row(hotel, 1).assignee == "Leo"
        assert row(hotel, 1).starred
        assert screen.tally.decided == {1: "assigned", 2: "snoozed"}


@pytest.mark.parametrize("place", ["i", "q"])
async def test_an_inquiry_is_a_decision_wherever_the_mail_stands(hotel: Hotel, place: str) -> None:
    if place == "q":
        desk.triage.move(hotel.ctx, [1, 2, 3, 4, 5], "Inquiries")
    async with opened(hotel, NARROW, agent="Ana") as (app, pilot):
        await press(pilot, "2")
        mail_screen(app).show_place("Inbox" if place == "i" else "Inquiries")
        await settle(pilot)
        screen = await start(pilot)
        await shown(pilot, "Adam")
        await press(pilot, "i")
        await until(pilot, lambda: isinstance(app.screen, InquiryScreen))
        await settle(pilot)
        await press(pilot, "escape")
        assert app.screen is screen
        await shown(pilot, "Bea")
        assert screen.tally.summary() == ["1 inquiry made"]
        await press(pilot, "z")
        await shown(pilot, "Adam")
        assert screen.tally.summary() == ["nothing decided"]


async def test_what_is_refused_comes_back(hotel: Hotel) -> None:
    async with opened(hotel, NARROW, agent="Ana", readonly=True) as (app, pilot):
        screen = await start(pilot)
        await press(pilot, "e")
        await shown(pilot, "Adam")
        assert screen.tally.decided == {}
        assert "read only" in " ".join(note.message for note in app._notifications)


async def test_a_conversation_that_a_colleague_answers_meanwhile_is_not_shown(hotel: Hotel) -> None:
    async with opened(hotel, NARROW, agent="Ana") as (_app, pilot):
        screen = await start(pilot)
        desk.triage.no_answer_needed(hotel.ctx, [2])
        await until(pilot, lambda: screen._next is not None and screen._next.row.id == 3)
        await press(pilot, "j")
        await shown(pilot, "Cyd")


async def test_mail_that_comes_during_the_run_is_shown_at_its_end(hotel: Hotel) -> None:
    async with opened(hotel, NARROW, agent="Ana") as (app, pilot):
        await start(pilot)
        await press(pilot, "j", "j", "j", "j")
        await shown(pilot, "Ewa")
        hotel.mail("Text of Fay", sender="Fay <fay@guests.example>", subject="Room for Fay", ago=timedelta(0), number=6)
        screen = app.screen
        assert isinstance(screen, RunScreen)
        await press(pilot, "j")
        await shown(pilot, "Fay")
        assert "6 of 6" in screen_text(app)


async def test_nothing_waits(tmp_path: Path) -> None:
    hotel = Hotel(tmp_path).open()
    hotel.account()
    async with opened(hotel, NARROW, agent="Ana") as (app, pilot):
        await press(pilot, "g", "i", "t")
        assert not isinstance(app.screen, RunScreen)
        assert "Nobody waits" in " ".join(note.message for note in app._notifications)


def test_an_empty_tally_says_so() -> None:
    assert Tally(0).summary() == ["nothing decided"]
