"""The continuous work: news, patience, stopping (SPEC §16, QUALITY I5, I6, I9, I15)."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from crm_tui.base.errors import SecretUnavailable
from crm_tui.base.progress import CancelEvent
from crm_tui.desk.correspondence import flags
from crm_tui.engine.account_worker import AccountWorker, Pace
from crm_tui.engine.parsers import InThread
from crm_tui.mail.imap import ImapSession
from tests.engine.sync.helpers import Desk, Linked
from tests.mail.imap.helpers import connect, mail
from tests.servers.proxy import FaultProxy
from tests.servers.pymap_server import Pymap
from tests.servers.scripted import Rule, Scripted, Talk

FAST = Pace(poll=20, first=0.02, longest=0.05)


@dataclass
class Running:
    """A worker in a thread, and what it told."""

    desk: Desk
    account: Linked
    pace: Pace = FAST
    connect: Callable[..., ImapSession] | None = None
    stop: CancelEvent = field(default_factory=CancelEvent)
    wake: threading.Event = field(default_factory=threading.Event)
    marks: list[tuple[str, str, bool]] = field(default_factory=list)
    told: threading.Condition = field(default_factory=threading.Condition)
    sessions: int = 0

    def __enter__(self) -> Running:
        worker = AccountWorker(
            self.desk.ctx,
            self.account,
            self.connect or self._connect,
            self.stop,
            self.wake,
            self._mark,
            pace=self.pace,
            parsers=InThread(),
            chance=lambda: 0.0,
        )
        self.thread = threading.Thread(target=worker.run, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(5)
        assert not self.thread.is_alive()

    def _connect(self, _account: Any, stopped: Any) -> ImapSession:
        self.sessions += 1
        session = ImapSession("127.0.0.1", self.account.port, "none", timeout=10, stopped=stopped)
        session.login(self.account.user, "secret")
        return session

    def _mark(self, state: str, text: str = "", *, synced: bool = False) -> None:
        with self.told:
            self.marks.append((state, text, synced))
            self.told.notify_all()

    def wait_for(self, condition: Callable[[], bool], seconds: float = 15) -> None:
        with self.told:
            assert self.told.wait_for(condition, seconds), self.marks

    def told_more_within(self, seconds: float) -> bool:
        with self.told:
            before = len(self.marks)
            return self.told.wait_for(lambda: len(self.marks) > before, seconds)

    def synced(self, times: int = 1) -> None:
        self.wait_for(lambda: sum(1 for mark in self.marks if mark[2]) >= times)


def test_news_arrive_by_idle(desk: Desk, pymap: Pymap) -> None:
    other = connect(pymap.port)
    with Running(desk, desk.link(pymap.port, "desk")) as running:
        running.synced(1)
        other.append(b"INBOX", mail(1))
        running.synced(2)
        assert desk.one("SELECT count(*) FROM message") == 1
        assert running.sessions == 1
    other.logout()


def test_a_wake_syncs_now_and_pushes_flags(desk: Desk, pymap: Pymap) -> None:
    other = connect(pymap.port)
    other.append(b"INBOX", mail(1), flags=())
    with Running(desk, desk.link(pymap.port, "desk")) as running:
        running.synced(1)
        flags.set_locally(desk.ctx, [desk.one("SELECT id FROM message")], seen=True)
        running.wake.set()
        running.synced(2)
        other.select(b"INBOX")
        assert "\\Seen" in other.flags_of([1, 101]).popitem()[1]
    other.logout()


def test_i15_polling_goes_on_beside_a_silent_idle(desk: Desk) -> None:
    with (
        Scripted([Rule(rb"^UID SEARCH", b"* SEARCH\r\n{tag} OK\r\n")]) as server,
        Running(desk, desk.link(server.port, "desk"), Pace(poll=0.2)) as running,
    ):
        running.synced(3)
        assert running.sessions == 1


def test_i14_without_idle_it_polls(desk: Desk) -> None:
    rules = [Rule(rb"^UID SEARCH", b"* SEARCH\r\n{tag} OK\r\n")]
    with (
        Scripted(rules, capability=b"IMAP4rev1") as server,
        Running(desk, desk.link(server.port, "desk"), Pace(poll=0.1)) as running,
    ):
        running.synced(3)
        assert not any(b"IDLE" in line for line in server.heard)


def test_an_auth_failure_stops_the_account_and_marks_it(desk: Desk) -> None:
    with (
        Scripted([Rule(rb"^LOGIN", b"{tag} NO [AUTHENTICATIONFAILED] no\r\n")]) as server,
        Running(desk, desk.link(server.port, "desk")) as running,
    ):
        running.thread.join(10)
        assert not running.thread.is_alive()
        assert [mark[0] for mark in running.marks] == ["auth failed"]
        assert server.connections == 1


@pytest.mark.parametrize(
    ("rules", "state"),
    [
        ([Rule(rb"^LOGIN", b"{tag} NO [UNAVAILABLE] later\r\n", times=3)], "failed"),
        ([Rule(rb"^LOGIN", lambda talk, _: talk.close(), times=3)], "offline"),
        ([Rule(rb"^LIST", lambda talk, _: talk.close(), times=3)], "offline"),
        ([Rule(rb"^(SELECT|EXAMINE)", b"* BYE too many connections\r\n", times=3)], "offline"),
    ],
)
def test_i9_everything_else_is_tried_again(desk: Desk, rules: list[Rule], state: str) -> None:
    search = Rule(rb"^UID SEARCH", b"* SEARCH\r\n{tag} OK\r\n")
    with Scripted([*rules, search]) as server, Running(desk, desk.link(server.port, "desk")) as running:
        running.synced()
        states = [mark[0] for mark in running.marks]
        assert states == [state] * 3 + ["ok"]
        assert all(text for mark, text, _ in running.marks if mark != "ok")


def test_a_locked_keyring_is_tried_again(desk: Desk, pymap: Pymap) -> None:
    running = Running(desk, desk.link(pymap.port, "desk"))
    failures = [SecretUnavailable("The keyring is locked."), ValueError("a bug")]

    def connect_later(account: Any, stopped: Any) -> ImapSession:
        if failures:
            raise failures.pop(0)
        return running._connect(account, stopped)

    running.connect = connect_later
    with running:
        running.synced()
        assert [mark[0] for mark in running.marks] == ["failed", "failed", "ok"]


def test_i9_the_waits_double_with_jitter_up_to_a_bound() -> None:
    pace = Pace(first=4, longest=900)
    assert [pace.delay(n, 1.0) for n in (1, 2, 3, 20, 5000)] == [4, 8, 16, 900, 900]
    assert pace.delay(3, 0.0) == 8


def test_i9_a_wake_is_one_try(desk: Desk) -> None:
    rules = [Rule(rb"^LOGIN", b"{tag} NO [UNAVAILABLE] later\r\n")]
    pace = Pace(first=600)
    with Scripted(rules) as server, Running(desk, desk.link(server.port, "desk"), pace) as running:
        running.wait_for(lambda: len(running.marks) == 1)
        running.wake.set()
        running.wait_for(lambda: len(running.marks) == 2)
        assert not running.told_more_within(0.6)
        assert server.connections == 2


def test_i9_a_chattering_server_is_no_tight_loop(desk: Desk) -> None:
    def chatter(talk: Talk, _match: re.Match[bytes]) -> None:
        talk.send(b"+ idling\r\n* 3 EXISTS\r\n")

    rules = [Rule(rb"^IDLE", chatter), Rule(rb"^UID SEARCH", b"* SEARCH\r\n{tag} OK\r\n")]
    with Scripted(rules) as server, Running(desk, desk.link(server.port, "desk")) as running:
        started = time.monotonic()
        running.synced(3)
        assert time.monotonic() - started > 1.5


@pytest.mark.parametrize("where", [rb"^LOGIN", rb"^LIST", rb"^(SELECT|EXAMINE)", rb"^UID SEARCH", rb"^IDLE"])
def test_it_stops_within_a_second_wherever_it_waits(desk: Desk, where: bytes) -> None:
    reached = threading.Event()

    def hang(talk: Talk, _match: re.Match[bytes]) -> None:
        if where == rb"^IDLE":
            talk.send(b"+ idling\r\n")
        reached.set()
        talk.wait()

    rules = [Rule(where, hang), Rule(rb"^UID SEARCH", b"* SEARCH\r\n{tag} OK\r\n")]
    with Scripted(rules) as server, Running(desk, desk.link(server.port, "desk")) as running:
        assert reached.wait(10)
        started = time.monotonic()
        running.stop.set()
        running.thread.join(5)
        assert time.monotonic() - started < 1.5


def test_it_stops_within_a_second_while_it_is_patient(desk: Desk) -> None:
    pace = Pace(first=600)
    rules = [Rule(rb"^LOGIN", b"{tag} NO [UNAVAILABLE] later\r\n")]
    with Scripted(rules) as server, Running(desk, desk.link(server.port, "desk"), pace) as running:
        running.wait_for(lambda: bool(running.marks))
        started = time.monotonic()
        running.stop.set()
        running.thread.join(5)
        assert time.monotonic() - started < 1.5


def test_i5_a_cut_while_waiting_is_followed_by_a_new_connection(desk: Desk, pymap: Pymap) -> None:
    other = connect(pymap.port)
    with FaultProxy(pymap.port) as proxy, Running(desk, desk.link(proxy.port, "desk")) as running:
        running.synced(1)
        other.append(b"INBOX", mail(1))
        proxy.cut_all()
        running.wait_for(lambda: desk.one("SELECT count(*) FROM message") == 1 and running.marks[-1][2])
        assert running.sessions == 2
    other.logout()
