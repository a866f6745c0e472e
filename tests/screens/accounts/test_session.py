"""An account whose password is kept in memory only: the desk asks for it once at the start."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from crm_tui.app import DeskApp
from crm_tui.desk.common.context import Context, open_context
from crm_tui.mail.credentials import Credentials, SecretKind, SecretSource
from crm_tui.screens.accounts.session import AskPassword
from tests.screens.harness import Hotel
from tests.screens.opened import screen_text, until

ADDRESS = "reception@miramar.example"


class Engine:
    """Works on nothing; remembers what it was woken for."""

    def __init__(self, credentials: Credentials) -> None:
        self.credentials = credentials
        self.woken: list[int | None] = []

    def run(self, _ctx: Context, stop: threading.Event, _told: Callable[[str], None]) -> None:
        stop.wait()

    def wake(self, account_id: int | None = None) -> None:
        self.woken.append(account_id)


@pytest.mark.parametrize("skipped", [True, False])
async def test_the_password_is_asked_for_once_and_can_be_left_for_later(tmp_path: Path, skipped: bool) -> None:
    hotel = Hotel(tmp_path / "home").open()
    number = hotel.account(ADDRESS, secret_kind="session")
    hotel.account("groups@miramar.example", secret_kind="password_command", secret_command="true")
    hotel.ctx.store.close()
    credentials = Credentials(memory={})
    engine = Engine(credentials)

    def opener() -> Context:
        return open_context(hotel.home, hotel.settings, clock=hotel.clock, env={})

    app = DeskApp(hotel.home, hotel.settings, opener, clock=hotel.clock, engine=engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, AskPassword))
        await pilot.press(*"s3cret ü")
        assert ADDRESS in screen_text(app)
        assert "s3cret" not in screen_text(app)
        await pilot.press("escape" if skipped else "enter")
        await pilot.pause()
        assert not isinstance(app.screen, AskPassword), "the other account has its own way"
    assert credentials.holds(ADDRESS) is not skipped
    assert engine.woken == ([] if skipped else [number])
    if not skipped:
        login = credentials.login(ADDRESS, ADDRESS, SecretSource(SecretKind.SESSION))
        assert login.secret.reveal() == "s3cret ü"
