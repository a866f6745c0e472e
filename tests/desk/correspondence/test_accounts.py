"""Linking accounts: both ends tested before anything is saved, secrets never in the store (SPEC §2)."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from crm_tui.base.errors import Conflict, CrmError, Forbidden, InvalidInput, NotFound, SecretUnavailable
from crm_tui.base.redact import Secret
from crm_tui.data.tables import Mailbox
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.correspondence import account_testing, accounts, outbox, replies
from crm_tui.desk.correspondence.account_form import NewAccount, completed
from crm_tui.mail.credentials import Credentials
from tests.desk.house import ADDRESS, add_account
from tests.servers.certificates import make_authority
from tests.servers.pymap_server import PASSWORD, USER, Pymap
from tests.servers.smtp import Box, smtp_server


class MemoryKeyring:
    """A trusted keyring whose entries the test sees."""

    __module__ = "keyring.backends.SecretService"

    def __init__(self) -> None:
        self.entries: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[username]


@pytest.fixture
def keyring() -> MemoryKeyring:
    return MemoryKeyring()


@pytest.fixture
def credentials(keyring: MemoryKeyring) -> Credentials:
    return Credentials(lambda: keyring, memory={})


@pytest.fixture
def ends() -> Iterator[NewAccount]:
    """An account whose two servers are there."""
    with smtp_server(Box(users={USER: PASSWORD})) as smtp, Pymap() as imap:
        yield NewAccount(
            ADDRESS,
            name="Hotel Sol",
            user=USER,
            imap_host="127.0.0.1",
            imap_port=imap.port,
            imap_security="none",
            smtp_host="127.0.0.1",
            smtp_port=smtp.port,
            smtp_security="none",
        )


def test_added_after_both_ends_let_us_in(
    ctx: Context, ends: NewAccount, credentials: Credentials, keyring: MemoryKeyring
) -> None:
    account = accounts.add(ctx, ends, credentials, Secret(PASSWORD), timeout=5)
    assert (account.address, account.state, account.secret_kind) == (ADDRESS, "new", "keyring")
    assert keyring.entries == {ADDRESS: PASSWORD}
    assert [one.address for one in accounts.list_accounts(ctx)] == [ADDRESS]
    assert accounts.find(ctx, ADDRESS.upper()).id == accounts.find(ctx, str(account.id)).id == account.id
    with pytest.raises(InvalidInput, match="linked already") as caught:
        accounts.add(ctx, ends, credentials, Secret(PASSWORD), timeout=5)
    assert caught.value.field == "address"
    accounts.remove(ctx, account.id, credentials)
    assert keyring.entries == {}
    assert accounts.list_accounts(ctx) == []
    with pytest.raises(NotFound, match=ADDRESS):
        accounts.find(ctx, ADDRESS)


@pytest.mark.parametrize("wrong", ["imap_port", "smtp_port", "password"])
def test_nothing_is_saved_if_an_end_fails(
    ctx: Context, ends: NewAccount, credentials: Credentials, keyring: MemoryKeyring, wrong: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    changes: dict[str, Any] = {wrong: port} if wrong != "password" else {}
    secret = Secret(PASSWORD if wrong != "password" else "not the password")
    new = replace(ends, **changes)
    results = {end.end: end for end in account_testing.test(new, credentials, secret, timeout=5)}
    failed = {"imap_port": {"imap"}, "smtp_port": {"smtp"}, "password": {"imap", "smtp"}}[wrong]
    assert {name for name, end in results.items() if not end.ok} == failed
    for name in failed:
        assert results[name].error
        assert results[name].kind == ("AuthFailed" if wrong == "password" else "Unreachable")
        assert "Traceback" not in results[name].error
    with pytest.raises(InvalidInput) as caught:
        accounts.add(ctx, new, credentials, secret, timeout=5)
    assert secret.reveal() not in str(caught.value)
    assert accounts.list_accounts(ctx) == []
    assert keyring.entries == {}


def test_both_ends_are_tried_at_the_same_time(credentials: Credentials) -> None:
    import time

    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = int(silent.getsockname()[1])
        new = NewAccount(
            ADDRESS,
            imap_host="127.0.0.1",
            imap_port=port,
            imap_security="none",
            smtp_host="127.0.0.1",
            smtp_port=port,
            smtp_security="none",
        )
        began = time.monotonic()
        results = account_testing.test(new, credentials, Secret("x-secret"), timeout=1.5)
        assert time.monotonic() - began < 2.9
    assert [end.ok for end in results] == [False, False]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_over_tls_with_a_verified_certificate(
    ctx: Context, credentials: Credentials, security: str, tmp_path: Path
) -> None:
    authority = make_authority(tmp_path)
    context = authority.server_context()
    at_once = security == "tls"
    box = Box(users={USER: PASSWORD})
    with (
        smtp_server(box, tls=context if at_once else None, starttls=None if at_once else context) as smtp,
        Pymap(server_context=context, starttls=not at_once) as imap,
    ):
        new = NewAccount(
            ADDRESS,
            user=USER,
            imap_host="localhost",
            imap_port=imap.port,
            imap_security=security,
            smtp_host="localhost",
            smtp_port=smtp.port,
            smtp_security=security,
        )
        strangers = account_testing.test(new, credentials, Secret(PASSWORD), timeout=5)
        assert [end.kind for end in strangers] == ["TlsFailed", "TlsFailed"]
        assert box.logins == []
        account = accounts.add(ctx, new, credentials, Secret(PASSWORD), context=authority.client_context, timeout=5)
    assert (account.imap_security, account.smtp_security) == (security, security)


def test_without_a_keyring_it_says_so_and_saves_nothing(ctx: Context, ends: NewAccount) -> None:
    def none() -> Any:
        raise RuntimeError

    with pytest.raises(SecretUnavailable) as caught:
        accounts.add(ctx, ends, Credentials(none, memory={}), Secret(PASSWORD), timeout=5)
    assert "password command" in caught.value.hint
    assert accounts.list_accounts(ctx) == []
    session = accounts.add(
        ctx, replace(ends, secret_kind="session"), Credentials(none, memory={}), Secret(PASSWORD), timeout=5
    )
    assert session.secret_kind == "session"


def test_with_a_password_command(ctx: Context, ends: NewAccount, credentials: Credentials) -> None:
    new = replace(ends, secret_kind="password_command", secret_command=f"echo {PASSWORD}")
    assert accounts.add(ctx, new, credentials, timeout=5).secret_command == f"echo {PASSWORD}"


def test_known_providers_fill_in_the_rest() -> None:
    whole = completed(NewAccount("hotel@gmail.com"))
    assert (whole.imap_host, whole.imap_port, whole.imap_security) == ("imap.gmail.com", 993, "tls")
    assert (whole.smtp_host, whole.smtp_port, whole.smtp_security) == ("smtp.gmail.com", 465, "tls")
    assert whole.user == "hotel@gmail.com"
    assert completed(NewAccount("a@web.de")).smtp_port == 587
    assert completed(NewAccount("a@b.example", smtp_host="mail.b.example", smtp_security="starttls")).smtp_port == 587
    assert completed(NewAccount("a@b.example", imap_security="starttls")).imap_port == 143


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", "no address"),
        ("imap_host", "a b"),
        ("smtp_host", "mail.example/x"),
        ("imap_port", 70000),
        ("smtp_port", -1),
        ("imap_security", "ssl"),
        ("secret_kind", "file"),
        ("aliases", "front@hotel.example, oops"),
    ],
)
def test_a_wrong_field_is_named(field: str, value: Any) -> None:
    values: dict[str, Any] = {"address": ADDRESS, field: value}
    with pytest.raises(InvalidInput) as caught:
        completed(NewAccount(**values))
    assert caught.value.field == field


def test_plain_text_is_for_this_machine_only() -> None:
    with pytest.raises(InvalidInput, match="without encryption"):
        completed(NewAccount(ADDRESS, imap_host="mail.hotel.example", imap_security="none"))
    with pytest.raises(InvalidInput):
        completed(NewAccount(ADDRESS, secret_kind="token_command", secret_command="pass 'x"))


def test_changed_with_care(ctx: Context) -> None:
    number = add_account(ctx)
    first = accounts.get(ctx, number)
    second = accounts.change(ctx, number, first.version, signature="Bye\nHotel", name="Hotel Luna")
    assert (second.signature, second.name, second.version) == ("Bye\nHotel", "Hotel Luna", first.version + 1)
    with pytest.raises(Conflict):
        accounts.change(ctx, number, first.version, name="Other")
    with pytest.raises(InvalidInput):
        accounts.change(ctx, number, second.version, password="x")
    with pytest.raises(Forbidden):
        accounts.change(ctx.acting_as(Actor(9, "Leo", "agent")), number, second.version, name="Other")
    assert accounts.get(ctx, number).name == "Hotel Luna"


def test_not_removed_while_something_is_on_its_way(ctx: Context) -> None:
    number = add_account(ctx)
    draft = replies.new(ctx, to="x@example.org")
    item = outbox.queue(ctx, draft.id, draft.version)
    with pytest.raises(Conflict, match="outbox"):
        accounts.remove(ctx, number)
    outbox.drop(ctx, item.id)
    accounts.remove(ctx, number)
    with pytest.raises(NotFound):
        accounts.get(ctx, number)


def test_states_are_told_once(ctx: Context) -> None:
    from crm_tui.desk.common import changes

    number = add_account(ctx)
    accounts.set_state(ctx, number, "offline", "no route")
    before = changes.last(ctx)
    accounts.set_state(ctx, number, "offline", "no route")
    assert changes.last(ctx) == before
    accounts.set_state(ctx, number, "ok", synced=True)
    view = accounts.list_accounts(ctx)[0]
    assert (view.state, view.state_text, view.synced_at) == ("ok", "", ctx.clock.now())


def test_mailboxes_are_chosen_and_the_inbox_always_is(ctx: Context) -> None:
    number = add_account(ctx)
    with ctx.write() as tx:
        for name, role in (("INBOX", "inbox"), ("Sent", "sent"), ("News", "")):
            tx.connection.execute(
                insert(Mailbox).values(account_id=number, name=name, role=role, raw_name=name.encode())
            )
    ids = {one.name: one.id for one in accounts.mailboxes(ctx, number)}
    accounts.choose_mailboxes(ctx, number, {ids["Sent"]})
    assert {one.name: one.chosen for one in accounts.mailboxes(ctx, number)} == {
        "INBOX": True,
        "News": False,
        "Sent": True,
    }


def test_errors_are_sentences(ctx: Context) -> None:
    with pytest.raises(CrmError) as caught:
        accounts.find(ctx, "\x1b[31mnobody")
    assert "\x1b" not in str(caught.value)
