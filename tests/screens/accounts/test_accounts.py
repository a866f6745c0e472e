"""Linking, testing, changing and removing accounts under a person's keys, against real servers on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from crm_tui import desk
from crm_tui.mail.credentials import Credentials
from crm_tui.screens.accounts.form import AccountScreen
from crm_tui.screens.accounts.mailboxes import MailboxPicker
from crm_tui.screens.accounts.screen import AccountsScreen
from crm_tui.widgets.forms import ChoiceField
from tests.screens.harness import Desk, Hotel, settled
from tests.servers.fixtures import pymap
from tests.servers.pymap_server import PASSWORD, USER, Pymap
from tests.servers.smtp import Box, smtp_server

__all__ = ["pymap"]


class Ring:
    """A keyring in memory, under a name that is trusted."""

    __module__ = "keyring.backends.SecretService"

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.kept.pop(username, None)


@pytest.fixture
def hotel(tmp_path: Path) -> Iterator[Hotel]:
    hotel = Hotel(tmp_path).open()
    yield hotel
    hotel.ctx.store.close()


@pytest.fixture
def smtp() -> Iterator[Box]:
    with smtp_server(Box(users={USER: PASSWORD})) as box:
        yield box


def at(hotel: Hotel, first: Any, ring: Ring | None) -> Desk:
    """The desk with this keyring, or with none."""

    def no_keyring() -> Any:
        raise RuntimeError("there is none")

    app = hotel.at(first)
    found = Credentials((lambda: ring) if ring is not None else no_keyring, memory={})
    app.credentials = found  # type: ignore[attr-defined]
    return app


def form(app: Desk) -> AccountScreen:
    assert isinstance(app.screen, AccountScreen)
    return app.screen


def result(app: Desk) -> str:
    return str(app.screen.query_one("#result").render())


async def press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


def servers(pymap: Pymap, smtp: Box) -> dict[str, Any]:
    """What the person types for the two servers."""
    plain = {"imap_security": "none", "smtp_security": "none", "user": USER}
    return {"imap_host": "127.0.0.1", "imap_port": pymap.port, "smtp_host": "127.0.0.1", "smtp_port": smtp.port} | plain


async def test_a_known_provider_needs_address_and_password_only(hotel: Hotel) -> None:
    app = at(hotel, AccountScreen(), Ring())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"ana@wp.pl")
        values = form(app).form.values()
        assert (values["imap_host"], values["smtp_host"], values["user"]) == ("imap.wp.pl", "smtp.wp.pl", "ana@wp.pl")
        assert not form(app).form.fields["imap_host"].display
        assert "WP Poczta" in str(app.screen.query_one("#hint").render())


async def test_an_unknown_provider_is_guessed_shown_and_never_overwrites_what_was_typed(hotel: Hotel) -> None:
    app = at(hotel, AccountScreen(), Ring())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"ana@hotel.example")
        fields = form(app).form.fields
        assert fields["imap_host"].display
        assert fields["imap_host"].value == "imap.hotel.example"
        assert "a guess" in str(app.screen.query_one("#hint").render())
        fields["imap_host"].value = "mail.mine.example"
        fields["address"].value = "ana@other.example"
        await settled(pilot)
        assert fields["imap_host"].value == "mail.mine.example"
        assert fields["smtp_host"].value == "smtp.other.example"


async def test_both_ends_are_tested_then_it_is_saved_with_the_password_in_the_keyring(
    hotel: Hotel, pymap: Pymap, smtp: Box
) -> None:
    ring = Ring()
    app = at(hotel, AccountScreen(), ring)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"ana@hotel.example")
        form(app).form.fill(servers(pymap, smtp) | {"secret": PASSWORD})
        await press(pilot, "ctrl+s")
    (account,) = desk.accounts.all(hotel.ctx)
    assert app.results == [account.id]
    assert (account.address, account.imap_port) == ("ana@hotel.example", pymap.port)
    assert ring.kept == {"ana@hotel.example": PASSWORD}
    assert app.synced == 1


async def test_the_mailboxes_are_chosen_while_linking(hotel: Hotel, pymap: Pymap, smtp: Box) -> None:
    from imapclient import IMAPClient

    with IMAPClient("127.0.0.1", pymap.port, ssl=False) as client:
        client.login(USER, PASSWORD)
        client.create_folder("Facturas")
    app = at(hotel, AccountScreen(), Ring())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"ana@hotel.example")
        form(app).form.fill(servers(pymap, smtp) | {"secret": PASSWORD})
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, MailboxPicker)
        names = app.screen.query_one(OptionList)
        rows = [str(names.get_option_at_index(index).prompt) for index in range(names.option_count)]
        names.highlighted = rows.index("[ ] Facturas")
        await press(pilot, "space", "ctrl+s")
    (account,) = desk.accounts.all(hotel.ctx)
    assert app.results == [account.id]
    chosen = {box.name for box in desk.accounts.mailboxes(hotel.ctx, account.id) if box.chosen}
    assert {"INBOX", "Facturas"} <= chosen


async def test_a_wrong_password_is_said_per_end_and_nothing_is_saved(hotel: Hotel, pymap: Pymap, smtp: Box) -> None:
    ring = Ring()
    app = at(hotel, AccountScreen(), ring)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"ana@hotel.example")
        form(app).form.fill(servers(pymap, smtp) | {"secret": "wrong-one"})
        await press(pilot, "ctrl+s")
        assert "✕ Reading" in result(app)
        assert "✕ Sending" in result(app)
        assert "Nothing was saved" in result(app)
        assert "wrong-one" not in result(app)
        assert app.focused is form(app).form.fields["secret"].control()
    assert desk.accounts.all(hotel.ctx) == []
    assert ring.kept == {}


async def test_one_end_may_work_while_the_other_does_not(hotel: Hotel, pymap: Pymap, smtp: Box) -> None:
    app = at(hotel, AccountScreen(), Ring())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"ana@hotel.example")
        form(app).form.fill(servers(pymap, smtp) | {"secret": PASSWORD, "smtp_port": 1})
        await press(pilot, "f6")
        assert "✔ Reading" in result(app)
        assert "✕ Sending" in result(app)
        assert app.focused is form(app).form.fields["smtp_host"].control()


async def test_it_is_saved_without_a_test_only_if_the_person_says_so(hotel: Hotel) -> None:
    app = at(hotel, AccountScreen(), Ring())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"ana@hotel.example")
        form(app).form.fill({"secret": "x"})
        await press(pilot, "f7")
    assert [account.address for account in desk.accounts.all(hotel.ctx)] == ["ana@hotel.example"]


async def test_without_a_keyring_it_says_so_and_offers_the_other_ways(hotel: Hotel, pymap: Pymap, smtp: Box) -> None:
    app = at(hotel, AccountScreen(), None)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "No keyring is used on this machine" in result(app)
        ways = form(app).form.fields["secret_kind"]
        assert isinstance(ways, ChoiceField)
        assert [way.value for way in ways.segments.choices] == ["password_command", "token_command", "session"]
        await press(pilot, *"ana@hotel.example")
        form(app).form.fill(servers(pymap, smtp) | {"secret_kind": "password_command"})
        await settled(pilot)
        assert form(app).form.fields["secret_command"].display
        assert not form(app).form.fields["secret"].display
        form(app).form.fill({"secret_command": f"echo {PASSWORD}"})
        await press(pilot, "ctrl+s")
    (account,) = desk.accounts.all(hotel.ctx)
    assert (account.secret_kind, account.secret_command) == ("password_command", f"echo {PASSWORD}")


async def test_plain_text_to_another_machine_is_refused_at_its_field(hotel: Hotel) -> None:
    app = at(hotel, AccountScreen(), Ring())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"ana@hotel.example")
        form(app).form.fill({"secret": "x", "imap_host": "192.0.2.7", "imap_security": "none"})
        await press(pilot, "ctrl+s")
        shown = " ".join(field.error for field in form(app).form.fields.values()) + result(app)
        assert "192.0.2.7" in shown or "TLS" in shown
    assert desk.accounts.all(hotel.ctx) == []


async def test_leaving_keeps_what_was_typed_but_not_the_password(hotel: Hotel) -> None:
    app = at(hotel, AccountScreen(), Ring())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"ana@hotel.example")
        form(app).form.fill({"secret": "hush", "name": "Miramar"})
        await press(pilot, "escape")
        await app.push_screen(AccountScreen())
        await settled(pilot)
        values = form(app).form.values()
        assert (values["address"], values["name"], values["secret"]) == ("ana@hotel.example", "Miramar", "")


async def test_the_list_tells_how_each_stands_and_what_to_do(hotel: Hotel) -> None:
    hotel.account()
    hotel.account("old@x.example", state="auth failed", state_text="LOGIN said [/no]")
    app = at(hotel, AccountsScreen(), Ring())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "down")
        detail = str(app.screen.query_one("#detail").render())
        assert "✕ login refused" in detail
        assert "LOGIN said [/no]" in detail
        assert "enter the password again" in detail


async def test_removing_asks_once_names_the_address_and_says_what_stays(hotel: Hotel) -> None:
    ring = Ring()
    ring.kept["reception@miramar.example"] = "x"
    account = hotel.account()
    hotel.mail("Hello", account=account)
    app = at(hotel, AccountsScreen(), ring)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "delete")
        assert "reception@miramar.example" in str(app.screen.query_one("DialogTitle").render())
        assert "history stay here" in str(app.screen.query_one(".dialog--text").render())
        await press(pilot, "y")
        assert "No mail account is linked yet" in str(app.screen.query_one("#detail").render())
    assert desk.accounts.all(hotel.ctx) == []
    assert ring.kept == {}
    assert desk.reading.conversation(hotel.ctx, 1).messages


async def test_an_account_is_changed_with_a_new_password(hotel: Hotel, pymap: Pymap, smtp: Box) -> None:
    ring = Ring()
    number = hotel.account(
        user=USER, imap_port=pymap.port, smtp_port=smtp.port, state="auth failed", imap_host="127.0.0.1"
    )
    app = at(hotel, AccountsScreen(), ring)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        form(app).form.fill({"name": "New name", "secret": PASSWORD})
        await press(pilot, "ctrl+s")
    account = desk.accounts.get(hotel.ctx, number)
    assert (account.name, account.state) == ("New name", "new")
    assert ring.kept == {"reception@miramar.example": PASSWORD}


async def test_mailboxes_are_chosen(hotel: Hotel) -> None:
    from sqlalchemy import insert

    from crm_tui.data.tables import Mailbox

    number = hotel.account()
    with hotel.ctx.write() as tx:
        for name, role in (("INBOX", "inbox"), ("Sent", "sent"), ("Facturas [/x]", "")):
            tx.connection.execute(
                insert(Mailbox).values(account_id=number, name=name, role=role, chosen=role == "inbox")
            )
    app = at(hotel, AccountsScreen(), Ring())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f")
        assert isinstance(app.screen, MailboxPicker)
        assert app.screen.query_one(OptionList).option_count == 3
        await press(pilot, "space")
        shown = [str(app.screen.query_one(OptionList).get_option_at_index(index).prompt) for index in range(3)]
        assert shown[0] == "[x] Facturas [/x]"
        await press(pilot, "down", "space", "ctrl+s")
    chosen = {box.name for box in desk.accounts.mailboxes(hotel.ctx, number) if box.chosen}
    assert chosen == {"INBOX", "Facturas [/x]"}
    assert app.synced == 1


async def test_a_test_that_runs_is_stopped_by_esc(hotel: Hotel) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        app = at(hotel, AccountScreen(), Ring())
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await press(pilot, *"ana@hotel.example")
            plain = {"imap_security": "none", "smtp_security": "none"}
            form(app).form.fill(
                {
                    "imap_host": "127.0.0.1",
                    "imap_port": port,
                    "smtp_host": "127.0.0.1",
                    "smtp_port": port,
                    "secret": "x",
                }
                | plain
            )
            await pilot.press("f6")
            await pilot.pause()
            assert "… Reading" in result(app)
            await pilot.press("escape")
            await pilot.pause()
            assert "The test was stopped; nothing was saved." in result(app)
    assert desk.accounts.all(hotel.ctx) == []
