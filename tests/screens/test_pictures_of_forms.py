"""Pictures of the screens that are made of forms, at the smallest size and at a common one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from crm_tui import desk
from crm_tui.mail.credentials import Credentials
from crm_tui.screens.accounts.form import AccountScreen
from crm_tui.screens.accounts.screen import AccountsScreen
from crm_tui.screens.compose.screen import ComposeScreen
from crm_tui.screens.outbox.screen import OutboxScreen
from crm_tui.screens.setup.screen import SetupScreen
from crm_tui.widgets.forms import Form
from tests.screens.harness import Hotel, settled
from tests.screens.outbox.test_outbox import queued

SIZES = [(80, 24), (120, 40)]
Compare = Callable[..., bool]
Step = Callable[[Pilot[None]], Any]


@pytest.fixture
def hotel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hotel]:
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    hotel = Hotel(tmp_path, draft_seconds=60)
    yield hotel
    hotel.ctx.store.close()


def no_keyring() -> None:
    raise RuntimeError("there is none")


def picture(
    hotel: Hotel, compare: Compare, first: Screen[Any], size: tuple[int, int], step: Step | None = None
) -> bool:
    app = hotel.at(first)
    app.credentials = Credentials(no_keyring, memory={})  # type: ignore[attr-defined]

    async def before(pilot: Pilot[None]) -> None:
        await settled(pilot)
        if step is not None:
            await step(pilot)
            await settled(pilot)

    return compare(app, terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", SIZES)
def test_a_reply_being_written(hotel: Hotel, snap_compare: Compare, size: tuple[int, int]) -> None:
    hotel.open().account()
    text = "Dzień dobry,\n\nszukamy pokoju 2+1 od 4 do 11 lipca.\nCzy śniadanie jest w cenie? [/x]\n\nŁucja Nowak"
    _conversation, message = hotel.mail(text)

    async def step(pilot: Pilot[None]) -> None:
        await pilot.press(*"Dzień dobry, tak, mamy pokój.")

    assert picture(hotel, snap_compare, ComposeScreen("reply", message_id=message), size, step)


@pytest.mark.parametrize("size", SIZES)
def test_an_outbox_in_trouble(hotel: Hotel, snap_compare: Compare, size: tuple[int, int]) -> None:
    hotel.open().account()
    queued(hotel)
    queued(hotel, state="failed", error="550 5.1.1 <marc@poste.example>: no such user here")
    queued(hotel, state="sent", copy_state="failed", copy_error="Mailbox is full")
    queued(hotel, state="uncertain")
    assert picture(hotel, snap_compare, OutboxScreen(), size)


@pytest.mark.parametrize("size", SIZES)
def test_an_account_being_linked(hotel: Hotel, snap_compare: Compare, size: tuple[int, int]) -> None:
    hotel.open()

    async def step(pilot: Pilot[None]) -> None:
        await pilot.press(*"reception@wp.pl", "tab")

    assert picture(hotel, snap_compare, AccountScreen(), size, step)


@pytest.mark.parametrize("size", SIZES)
def test_the_accounts(hotel: Hotel, snap_compare: Compare, size: tuple[int, int]) -> None:
    hotel.open().account()
    hotel.account("groups@miramar.example", state="auth failed", state_text="The server refused the password.")
    assert len(desk.accounts.all(hotel.ctx)) == 2

    async def step(pilot: Pilot[None]) -> None:
        await pilot.press("down")

    assert picture(hotel, snap_compare, AccountsScreen(), size, step)


@pytest.mark.parametrize("size", SIZES)
def test_the_first_screen_with_what_is_missing(hotel: Hotel, snap_compare: Compare, size: tuple[int, int]) -> None:
    async def step(pilot: Pilot[None]) -> None:
        pilot.app.screen.query_one(Form).fill({"agent": "", "property": "Hotel Miramar"})
        await pilot.press("ctrl+s")

    env = {"TZ": "Europe/Madrid", "USER": "ana"}
    assert picture(hotel, snap_compare, SetupScreen(env), size, step)
