"""A new desk is set up and its mailbox linked: nothing but the screen, the keys, and two servers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.mail.credentials import Credentials
from crm_tui.screens.accounts.form import AccountScreen
from crm_tui.screens.accounts.screen import AccountsScreen
from crm_tui.screens.setup.screen import SetupScreen
from crm_tui.widgets.dialogs import Ask
from crm_tui.widgets.forms import Form
from tests.journeys.person import Person, at_the_desk
from tests.screens.harness import Hotel
from tests.servers.fixtures import pymap
from tests.servers.pymap_server import PASSWORD, USER, Pymap
from tests.servers.smtp import Box, smtp_server

__all__ = ["pymap"]


def no_keyring() -> None:
    raise RuntimeError("there is none")


@pytest.fixture
def hotel(tmp_path: Path) -> Iterator[Hotel]:
    hotel = Hotel(tmp_path)
    yield hotel
    hotel.ctx.store.close()


@pytest.fixture
def smtp() -> Iterator[Box]:
    with smtp_server(Box(users={USER: PASSWORD})) as box:
        yield box


async def set_up(person: Person) -> None:
    await person.until(lambda: isinstance(person.app.screen, SetupScreen))
    person.app.screen.query_one(Form).fill({"timezone": "Europe/Madrid", "currency": "EUR", "agent": "Ana"})
    await person.write("Hotel Miramar")
    await person.press("ctrl+s")
    assert isinstance(person.app.screen, Ask)


async def test_from_nothing_to_a_linked_mailbox(hotel: Hotel, pymap: Pymap, smtp: Box) -> None:
    async with at_the_desk(hotel) as person:
        person.app.credentials = Credentials(no_keyring, memory={})  # type: ignore[attr-defined]
        await set_up(person)
        await person.press("l")
        assert person.at(AccountScreen)
        assert "No keyring is used on this machine" in person.seen()
        await person.write("ana@miramar.example")
        form = person.app.screen.query_one(Form)
        form.fill({"imap_host": "127.0.0.1", "imap_port": pymap.port, "imap_security": "none", "user": USER})
        form.fill({"smtp_host": "127.0.0.1", "smtp_port": smtp.port, "smtp_security": "none"})
        form.fields["secret"].focus_control()
        await person.write(PASSWORD)
        assert PASSWORD not in person.seen()
        await person.press("ctrl+s")
        await person.until(lambda: person.at(AccountScreen) is None)
        assert person.app.ctx is not None
        (account,) = desk.accounts.all(person.app.ctx)
        assert (account.address, account.secret_kind) == ("ana@miramar.example", "session")
        await person.press("g", "a")
        assert person.at(AccountsScreen)
        assert "ana@miramar.example" in person.seen()


async def test_the_desk_can_be_used_without_an_account(hotel: Hotel) -> None:
    async with at_the_desk(hotel) as person:
        await set_up(person)
        await person.press("n")
        assert "Hotel Miramar · Ana" in person.seen()
        await person.press("g", "comma")
        assert "SETTINGS" in person.seen()
