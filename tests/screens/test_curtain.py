"""Locking and hiding, signing in, and changing hands: nothing of what was there before is seen or reached (SPEC §13)."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from textual.screen import ModalScreen
from textual.widgets import Static

from crm_tui import desk
from crm_tui.app import DeskApp
from crm_tui.base import locked
from crm_tui.base.redact import Secret
from crm_tui.desk.common.context import Actor, Context
from crm_tui.screens.curtain.screen import Curtain, PinLine
from crm_tui.widgets.dialogs import PickList
from tests.screens.harness import Hotel
from tests.screens.opened import desk_of, opened, press, screen_text, settle, until

PIN = "8371"


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    hotel = Hotel(tmp_path / "home").open()
    hotel.mail("Dzień dobry")
    return hotel


def with_pin(hotel: Hotel, name: str) -> None:
    found = desk.team.find(hotel.ctx, name)
    desk.sign_in.set_pin(hotel.ctx.acting_as(Actor(found.id, found.name, found.role)), Secret(PIN))


async def fallen(app: DeskApp, pilot: Any) -> None:
    await until(pilot, lambda: isinstance(app.screen, Curtain) and bool(app.screen.query(PinLine)))
    await settle(pilot)


async def typed(app: DeskApp, pilot: Any, pin: str) -> None:
    await pilot.press(*pin, "enter")
    await settle(pilot)


async def test_the_curtain_hides_everything_and_lets_nothing_through(hotel: Hotel) -> None:
    async with opened(hotel) as (app, pilot):
        await press(pilot, "2", "enter")
        assert "Łucja" in screen_text(app)
        app.tell("Łucja Nowak wrote")
        await press(pilot, "ctrl+l")
        await fallen(app, pilot)
        seen = screen_text(app)
        assert "Łucja" not in seen
        assert "Inbox" not in seen
        assert "Hotel Miramar" in seen
        assert "The desk of Ana is locked" in seen
        stacks = {mode: list(stack) for mode, stack in app._screen_stacks.items()}
        for key in (
            "1",
            "3",
            "g",
            "u",
            "slash",
            "z",
            "q",
            "ctrl+q",
            "ctrl+p",
            "f1",
            "f2",
            "f5",
            "escape",
            "n",
            "ctrl+r",
        ):
            await pilot.press(key)
        app.tell("Łucja Nowak wrote again")
        app.push_screen(Overhead())
        await pilot.click(offset=(3, 4))
        await settle(pilot)
        app.screen.query_one(PinLine).value = ""
        assert isinstance(app.screen, Curtain)
        assert "Łucja" not in screen_text(app)
        assert app.return_code is None
        assert [stack for mode, stack in app._screen_stacks.items() if mode != "mail"] == [
            stack for mode, stack in stacks.items() if mode != "mail"
        ]
        await typed(app, pilot, "")
        assert isinstance(app.screen, Overhead)
        assert "Łucja Nowak wrote again" in [said.message for said in app._notifications]
        await press(pilot, "escape")
        assert "Łucja" in screen_text(app)


class Overhead(ModalScreen[None]):
    """Something that opens by itself."""

    BINDINGS = [("escape", "dismiss(None)", "")]

    def compose(self) -> Any:
        yield Static("Łucja's password?")


async def test_it_falls_over_a_dialog_and_a_field_too(hotel: Hotel) -> None:
    async with opened(hotel) as (app, pilot):
        await press(pilot, "2", "c")
        assert isinstance(app.screen, ModalScreen)
        await press(pilot, "s", "e", "c", "r", "e", "t", "ctrl+l")
        await fallen(app, pilot)
        assert "secret" not in screen_text(app)
        await typed(app, pilot, "")
        assert "secret" in screen_text(app)


async def test_only_the_pin_raises_it(hotel: Hotel) -> None:
    with_pin(hotel, "Ana")
    async with opened(hotel, pin=Secret(PIN)) as (app, pilot):
        assert not hotel.home.snapshot.exists()
        await press(pilot, "2", "ctrl+l")
        await fallen(app, pilot)
        await typed(app, pilot, "")
        assert "Ana signs in with a PIN" in screen_text(app)
        await typed(app, pilot, "9999")
        assert "That is not the PIN. Try again in 1 second." in screen_text(app)
        with hotel.ctx.write() as tx:  # so often that the machine's time plays no part here
            tx.connection.exec_driver_sql("UPDATE agent SET pin_failures = 9")
        await typed(app, pilot, PIN)
        assert "Too soon" in screen_text(app)
        assert PIN not in screen_text(app)
        with hotel.ctx.write() as tx:
            tx.connection.exec_driver_sql("UPDATE agent SET pin_failed_at = '2026-01-01 00:00:00.000000'")
        await typed(app, pilot, PIN)
        assert not app.locked
        assert "Łucja" in screen_text(app)


async def test_whoever_sets_a_pin_leaves_nothing_to_be_painted_before_it_is_asked_for(hotel: Hotel) -> None:
    async with opened(hotel, agent="Ana") as (app, pilot):
        await press(pilot, "2")
        assert app.who
        with_pin(hotel, "Ana")
        await until(pilot, lambda: not app.who)
        app.exit(0)
    assert desk_of(hotel).snapshot is None
    assert not hotel.home.frame.exists()


async def test_it_falls_by_itself_when_nobody_is_there(hotel: Hotel) -> None:
    async with opened(hotel) as (app, pilot):
        app._touched -= 60 * app.settings.lock_minutes - 5
        app.lock_if_idle()
        assert not app.locked
        app._touched -= 6
        app.lock_if_idle()
        await fallen(app, pilot)
        await typed(app, pilot, "")
        assert not app.locked


async def test_it_never_falls_by_itself_where_the_setting_says_so(tmp_path: Path) -> None:
    hotel = Hotel(tmp_path / "home", lock_minutes=0).open()
    async with opened(hotel) as (app, _pilot):
        app._touched -= 1_000_000
        app.lock_if_idle()
        assert not app.locked


async def test_a_pin_is_asked_for_before_anything_is_shown(hotel: Hotel) -> None:
    with_pin(hotel, "Ana")
    app = desk_of(hotel)
    async with app.run_test(size=(80, 24)) as pilot:
        await fallen(app, pilot)
        assert "PIN of Ana" in screen_text(app)
        assert app.ctx is None
        await typed(app, pilot, PIN)
        await until(pilot, lambda: app.ctx is not None and not app.locked)
        await press(pilot, "2")
        assert "Łucja" in screen_text(app)
        app.exit(0)
    assert desk_of(hotel).snapshot is None


async def test_the_desk_changes_hands(hotel: Hotel) -> None:
    """Leo takes over: he sees none of what is for Ana alone, nothing she had open, and cannot raise the curtain as her."""
    desk.setup.add_agent(hotel.ctx, "Leo")
    with_pin(hotel, "Ana")
    made = desk.inquiries.from_conversation(hotel.ctx, 1)
    view = desk.inquiries.get(hotel.ctx, made)
    desk.inquiries.set(hotel.ctx, made, view.version, {"scope": "me"})
    async with opened(hotel, pin=Secret(PIN), agent="Ana") as (app, pilot):
        await press(pilot, "3")
        assert "Nowak" in screen_text(app)
        await press(pilot, "enter")
        await press(pilot, "ctrl+g")
        await until(pilot, lambda: isinstance(app.screen, PickList))
        assert "Nowak" not in screen_text(app)
        await press(pilot, "A", "n", "a", "enter")
        assert "PIN of Ana" in screen_text(app), "her own name alone does not raise it"
        await press(pilot, "ctrl+g")
        await until(pilot, lambda: isinstance(app.screen, PickList))
        await press(pilot, "L", "e", "o", "enter")
        await until(pilot, lambda: not app.locked)
        await settle(pilot)
        assert app.ctx is not None
        assert (app.ctx.actor.name, app.status.agent) == ("Leo", "Leo")
        assert not hotel.home.snapshot.exists()
        for mode in ("1", "2", "3"):
            await press(pilot, mode)
            assert "Nowak" not in screen_text(app)
        hotel.mail("Nowa", subject="Pytanie", sender="Ewa Lis <ewa@poczta.example>", number=2)
        await press(pilot, "2")
        await until(pilot, lambda: "Ewa Lis" in screen_text(app))


async def test_what_came_for_one_is_not_told_to_the_next(hotel: Hotel) -> None:
    """Remarks that waited behind the curtain go with the one they were for."""
    desk.setup.add_agent(hotel.ctx, "Leo")
    async with opened(hotel, agent="Ana") as (app, pilot):
        await press(pilot, "2", "ctrl+l")
        await fallen(app, pilot)
        app.tell("Łucja Nowak wrote to Ana")
        await press(pilot, "ctrl+g")
        await until(pilot, lambda: isinstance(app.screen, PickList))
        await press(pilot, "L", "e", "o", "enter")
        await until(pilot, lambda: not app.locked)
        await settle(pilot)
        assert app.status.agent == "Leo"
        assert not [said for said in app._notifications if "Łucja" in said.message]


async def test_it_falls_while_the_store_is_still_opening_and_stays(hotel: Hotel) -> None:
    """What the last desk showed is painted at once, so it is hidden at once."""
    async with opened(hotel) as (app, pilot):
        await press(pilot, "2")
        app.exit(0)
    go_on = threading.Event()
    app = desk_of(hotel)
    opener = app._life._opener

    def slow() -> Context:
        assert go_on.wait(20)
        return opener()

    app._life._opener = slow
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Łucja" in screen_text(app))
        await pilot.press("ctrl+l")
        await until(pilot, lambda: isinstance(app.screen, Curtain) and bool(app.screen.query(PinLine)))
        assert app.ctx is None
        assert "Łucja" not in screen_text(app)
        await pilot.press("enter")
        await pilot.pause()
        assert app.locked
        go_on.set()
        await until(pilot, lambda: app.ctx is not None)
        await settle(pilot)
        assert "Łucja" not in screen_text(app)
        assert "The desk of Ana is locked" in screen_text(app)
        await typed(app, pilot, "")
        assert "Łucja" in screen_text(app)


async def test_the_first_key_after_a_long_sleep_finds_it_locked(hotel: Hotel) -> None:
    """The lid was shut, or the desk was stopped: nobody's key may come before the clock is looked at."""
    async with opened(hotel) as (app, pilot):
        await press(pilot, "2")
        app._touched -= 60 * app.settings.lock_minutes + 1
        await pilot.press("down")
        await fallen(app, pilot)
        assert "Łucja" not in screen_text(app)


async def test_nothing_is_reached_by_any_size_or_interrupt(hotel: Hotel) -> None:
    async with opened(hotel) as (app, pilot):
        await press(pilot, "2", "ctrl+l")
        await fallen(app, pilot)
        for size in ((200, 60), (20, 5), (80, 24), (30, 10), (120, 40)):
            await pilot.resize_terminal(*size)
            await pilot.press("ctrl+c", "ctrl+z", "tab", "shift+tab", "ctrl+q")
            await settle(pilot)
            assert "Łucja" not in screen_text(app), size
            assert app.locked
        assert app.return_code is None
        await until(pilot, lambda: isinstance(app.screen, Curtain))
        await typed(app, pilot, "")
        assert "Łucja" in screen_text(app)


async def test_a_locked_desk_leaves_a_note_until_it_is_raised(hotel: Hotel) -> None:
    """So that killing it opens no other one: tests/desk/staff/test_sign_in.py says what comes of it."""
    with_pin(hotel, "Ana")
    async with opened(hotel, pin=Secret(PIN)) as (app, pilot):
        assert not locked.is_locked(hotel.home, 1)
        await press(pilot, "ctrl+l")
        await fallen(app, pilot)
        assert locked.is_locked(hotel.home, 1)
        await typed(app, pilot, PIN)
        assert "locked" not in screen_text(app)
        assert not list(hotel.home.state.glob("locked-*"))


async def test_a_half_written_form_is_finished_first(hotel: Hotel) -> None:
    desk.setup.add_agent(hotel.ctx, "Leo")
    async with opened(hotel, agent="Ana") as (app, pilot):
        await press(pilot, "g", "u", "plus", "M", "i")
        app.action_switch_agent()
        await settle(pilot)
        assert not app.locked
        assert "Finish or leave what is open first" in next(said.message for said in app._notifications)
