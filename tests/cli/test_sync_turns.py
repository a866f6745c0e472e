"""``sync`` beside another engine, and passwords that nothing keeps."""

from __future__ import annotations

import getpass
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crm_tui.base.clock import FixedClock, SystemClock
from crm_tui.base.paths import home_at
from crm_tui.base.progress import CancelEvent
from crm_tui.base.settings import Settings
from crm_tui.demo.servers import DemoServers
from crm_tui.desk.common.context import Context, open_context
from crm_tui.engine.lease import Lease
from crm_tui.engine.once import engine_turn
from crm_tui.mail import credentials
from tests.cli.conftest import Crm
from tests.cli.test_accounts import ADDRESS, CANARY, options
from tests.cli.test_accounts import secret as secret
from tests.cli.test_engine import engine, letter, stored, subjects
from tests.demo.conftest import NOW
from tests.demo.test_servers import wait_for


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[DemoServers]:
    place = tmp_path / "server"
    place.mkdir()
    with DemoServers(place, CANARY, clock=FixedClock(NOW), conversations=20) as running:
        yield running


@pytest.fixture(autouse=True)
def _nothing_in_memory() -> Iterator[None]:
    credentials._SESSION.clear()
    yield
    credentials._SESSION.clear()


@contextmanager
def opened(home: Path) -> Iterator[Context]:
    context = open_context(home_at(home), Settings(), clock=SystemClock())
    try:
        yield context
    finally:
        context.store.close()


class Typist:
    """Somebody at a terminal who types a password when asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
        self.asked: list[str] = []
        self.text = text
        monkeypatch.setattr(sys, "stdin", self)
        monkeypatch.setattr(getpass, "getpass", self.answer)

    def isatty(self) -> bool:
        return True

    def answer(self, prompt: str) -> str:
        self.asked.append(prompt)
        return self.text


def test_while_another_engine_works_sync_lets_that_one_do_it(
    desk: Crm, servers: DemoServers, secret: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert desk("account", "add", *options(servers, password_command=f"cat {secret}")).code == 0
    with engine(home):
        assert wait_for(lambda: desk("list", "accounts", "--json").lines[0]["state"] == "ok", 60)
        servers.deliver(letter(5))
        monkeypatch.setattr("crm_tui.engine.sync.sync_account", lambda *_: pytest.fail("a second sync"))
        done = desk("sync", "--json")
        assert done.code == 0, done.err
        assert {line["folder"] for line in done.lines} >= {"INBOX", "Sent"}
        assert all(line["error"] is None and line["account"] == ADDRESS for line in done.lines)
        assert wait_for(lambda: "live 5" in subjects(desk), 30)
    assert desk("check").code == 0


def test_the_lease_is_held_for_a_sync_and_given_up(desk: Crm, home: Path) -> None:
    with opened(home) as one, opened(home) as other:
        with engine_turn(one, CancelEvent()) as mine:
            assert mine
            assert not Lease(other).tick()
        with engine_turn(other, CancelEvent()) as mine:
            assert mine


def test_a_sign_of_life_of_another_engine_ends_the_waiting(desk: Crm, home: Path) -> None:
    stop = threading.Event()
    with opened(home) as one, opened(home) as other:
        working = Lease(one)
        assert working.tick()

        def renew() -> None:
            while not stop.wait(0.05):
                working.tick()

        thread = threading.Thread(target=renew)
        thread.start()
        try:
            with engine_turn(other, CancelEvent()) as mine:
                assert not mine
        finally:
            stop.set()
            thread.join()


def test_a_lost_lease_cancels_the_sync(desk: Crm, home: Path) -> None:
    cancel = CancelEvent()
    with opened(home) as one, opened(home) as other:
        seconds = iter(range(0, 10_000, 5))
        with engine_turn(one, cancel, renewal=0.05) as mine:
            assert mine
            rival = Lease(other, ttl=0, monotonic=lambda: float(next(seconds)))
            assert wait_for(rival.tick, 20)
            assert cancel.wait(20)


def test_a_password_that_nothing_keeps_is_asked_for_by_sync(
    desk: Crm, servers: DemoServers, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        typist = Typist(patch, CANARY)
        added = desk("account", "add", *options(servers))
        assert added.code == 0, added.err
        assert "no keyring" in added.out
        assert len(typist.asked) == 1
        credentials._SESSION.clear()  # another process
        done = desk("sync", "--json")
        assert done.code == 0, done.out
        assert len(typist.asked) == 2
        assert ADDRESS in typist.asked[1]
    credentials._SESSION.clear()
    assert stored(desk) > 20
    done = desk("sync")
    assert done.code == 1
    assert "nobody is here to type it" in done.err
    assert "--password-command" in done.err
    written = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert CANARY.encode() not in written


def test_an_engine_without_any_password_says_so_and_ends(
    desk: Crm, servers: DemoServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        Typist(patch, CANARY)
        assert desk("account", "add", *options(servers)).code == 0
    credentials._SESSION.clear()
    done = desk("engine")
    assert done.code == 1
    assert "nobody is here to type it" in done.err
    assert "is running" not in done.out


def test_an_engine_asks_before_it_runs(desk: Crm, servers: DemoServers, monkeypatch: pytest.MonkeyPatch) -> None:
    from crm_tui.engine.runner import Engine

    given: list[str] = []

    def run(self: Engine, ctx: Context, _stop: object, _told: object) -> None:
        from crm_tui.mail.credentials import SecretKind, SecretSource

        given.append(self._credentials.login(ADDRESS, ADDRESS, SecretSource(SecretKind.SESSION)).secret.reveal())

    monkeypatch.setattr(Engine, "run", run)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    typist = Typist(monkeypatch, CANARY)
    assert desk("account", "add", *options(servers)).code == 0
    credentials._SESSION.clear()
    assert desk("engine").code == 0
    assert given == [CANARY]
    assert len(typist.asked) == 2
