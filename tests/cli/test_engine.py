"""``sync`` over a line that breaks, and ``engine`` as a process that is stopped, killed and succeeded."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crm_tui.base.clock import FixedClock
from crm_tui.demo.servers import DemoServers
from tests.cli.conftest import Crm
from tests.cli.test_accounts import CANARY, options
from tests.cli.test_accounts import secret as secret
from tests.cli.test_installed import SCRIPT, environment
from tests.demo.conftest import NOW
from tests.demo.test_servers import wait_for
from tests.servers.proxy import Fault, FaultProxy


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[DemoServers]:
    place = tmp_path / "server"
    place.mkdir()
    with DemoServers(place, CANARY, clock=FixedClock(NOW), conversations=30) as running:
        yield running


def stored(crm: Crm) -> int:
    return sum(row["messages"] for row in crm("list", "All", "--json").lines)


def test_a_sync_cut_in_the_middle_keeps_what_came_and_the_next_one_carries_on(
    desk: Crm, servers: DemoServers, secret: Path
) -> None:
    with FaultProxy(servers.imap_port) as line:
        given = options(servers, imap_port=line.port, password_command=f"cat {secret}")
        assert desk("account", "add", *given).code == 0
        for after in (200, 2_000, 20_000, 60_000, 100_000):
            line.faults = [Fault(after)]
            done = desk("sync", "--json")
            assert done.code == 1, done.out
            assert [row["error"] for row in done.lines if row["error"]]
            assert "Traceback" not in done.err
            assert desk("check").code == 0
        line.faults = []
        assert desk("sync").code == 0
    whole = stored(desk)
    assert whole > 40
    assert desk("check").code == 0
    assert {row["new"] for row in desk("sync", "--json").lines} == {0}
    assert stored(desk) == whole


@contextmanager
def engine(home: Path) -> Iterator[subprocess.Popen[str]]:
    argv = [str(SCRIPT), "--home", str(home), "engine"]
    env = environment()
    del env["CRM_TUI_NOW"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env) as process:
        try:
            assert process.stdout is not None
            assert "is running" in process.stdout.readline()
            yield process
        finally:
            process.kill()


def letter(number: int) -> bytes:
    return (
        f"From: Zoe <zoe{number}@correo.example>\r\nTo: reception@hotel-miramar.example\r\nSubject: live {number}\r\n"
        f"Date: Wed, 01 Jul 2026 08:0{number}:00 +0000\r\nMessage-ID: <live-{number}@correo.example>\r\n\r\nx\r\n"
    ).encode()


def subjects(crm: Crm) -> set[str]:
    return {row["subject"] for row in crm("list", "Inbox", "--json").lines}


def test_the_engine_fetches_what_arrives_and_stops_when_asked(
    desk: Crm, servers: DemoServers, secret: Path, home: Path
) -> None:
    assert desk("account", "add", *options(servers, password_command=f"cat {secret}")).code == 0
    with engine(home) as process:
        assert wait_for(lambda: stored(desk) > 40, 60)
        servers.deliver(letter(1))
        assert wait_for(lambda: "live 1" in subjects(desk), 60)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert process.stdout is not None
        assert "The engine has stopped." in process.stdout.read()
    assert desk("check").code == 0


def test_another_engine_takes_over_after_a_kill(desk: Crm, servers: DemoServers, secret: Path, home: Path) -> None:
    assert desk("account", "add", *options(servers, password_command=f"cat {secret}")).code == 0
    with engine(home) as first:
        assert wait_for(lambda: stored(desk) > 40, 60)
        with engine(home):
            first.send_signal(signal.SIGKILL)
            first.wait(20)
            servers.deliver(letter(2))
            assert wait_for(lambda: "live 2" in subjects(desk), 60)
    assert desk("check").code == 0
