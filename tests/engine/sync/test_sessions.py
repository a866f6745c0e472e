"""Connections of linked accounts (QUALITY I9)."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from crm_tui.base.errors import AuthFailed, Cancelled, Unreachable
from crm_tui.base.redact import Secret
from crm_tui.engine.sessions import session_factory
from crm_tui.engine.sync_model import SessionFactory
from crm_tui.mail.credentials import Credentials
from tests.servers.scripted import Rule, Scripted


@dataclass
class Account:
    """As the desk's ``AccountDetails``."""

    imap_port: int
    id: int = 1
    address: str = "desk@hotel.example"
    user: str = "desk"
    imap_host: str = "127.0.0.1"
    imap_security: str = "none"
    secret_kind: str = "session"
    secret_command: str = ""


@pytest.fixture
def server() -> Iterator[Scripted]:
    with Scripted() as running:
        yield running


def factory(timeout: float = 5.0) -> SessionFactory:
    credentials = Credentials()
    for address in ("desk@hotel.example", "other@hotel.example"):
        credentials.hold(address, Secret("secret"))
    return session_factory(credentials, timeout=timeout)


def test_i9_a_third_connection_waits_for_one_to_end(server: Scripted) -> None:
    connect, account = factory(), Account(server.port)
    first, second = (connect(account, lambda: False) for _ in range(2))
    other = connect(Account(server.port, id=2, address="other@hotel.example"), lambda: False)
    threading.Timer(0.3, first.logout).start()
    started = time.monotonic()
    third = connect(account, lambda: False)
    assert 0.2 < time.monotonic() - started < 4
    for session in (second, third, other):
        session.abort()
        session.abort()  # gives its slot back once
    connect(account, lambda: False).logout()
    assert server.connections == 5


def test_i9_a_busy_account_is_told_as_such(server: Scripted) -> None:
    connect, account = factory(timeout=0.4), Account(server.port)
    sessions = [connect(account, lambda: False) for _ in range(2)]
    with pytest.raises(Unreachable):
        connect(account, lambda: False)
    with pytest.raises(Cancelled):
        connect(account, lambda: True)
    for session in sessions:
        session.abort()


def test_i9_a_failed_login_gives_its_slot_back() -> None:
    with Scripted([Rule(rb"^LOGIN", b"{tag} NO [AUTHENTICATIONFAILED] no\r\n", times=5)]) as server:
        connect, account = factory(), Account(server.port)
        for _ in range(5):
            with pytest.raises(AuthFailed):
                connect(account, lambda: False)
        connect(account, lambda: False).logout()
    unreachable = Account(server.port)
    for _ in range(3):
        with pytest.raises(Unreachable):
            connect(unreachable, lambda: False)
