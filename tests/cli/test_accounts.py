"""``account`` and ``sync`` against the sample servers, and what they say when an end does not let us in."""

from __future__ import annotations

import io
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui.base.clock import FixedClock
from crm_tui.demo.servers import DemoServers
from tests.cli.conftest import Crm
from tests.demo.conftest import NOW
from tests.servers.certificates import Authority
from tests.servers.fixtures import authority as authority
from tests.servers.scripted import Scripted

CANARY = "canary-Zz-7391"
ADDRESS = DemoServers.user


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServers]:
    place = tmp_path_factory.mktemp("servers")
    with DemoServers(place, CANARY, clock=FixedClock(NOW), conversations=30) as running:
        yield running


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text(CANARY + "\n", encoding="utf-8")
    return path


def options(servers: DemoServers, **changes: object) -> list[object]:
    given = {
        "--address": ADDRESS,
        "--imap-host": "127.0.0.1",
        "--imap-port": servers.imap_port,
        "--imap-security": "none",
        "--smtp-host": "127.0.0.1",
        "--smtp-port": servers.smtp_port,
        "--smtp-security": "none",
    } | {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
    return [part for pair in given.items() for part in pair]


@pytest.fixture
def linked(desk: Crm, servers: DemoServers, secret: Path) -> Crm:
    done = desk("account", "add", *options(servers, password_command=f"cat {secret}"))
    assert done.code == 0, done.err
    return desk


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_add_tests_both_ends_and_keeps_no_secret(
    desk: Crm, servers: DemoServers, secret: Path, home: Path, tmp_path: Path
) -> None:
    done = desk("account", "add", *options(servers, password_command=f"cat {secret}", name="Hotel Miramar"), "--json")
    assert done.code == 0, done.err
    *ends, made = done.lines
    assert [(end["end"], end["ok"]) for end in ends] == [("imap", True), ("smtp", True)]
    assert made == {"id": 1, "address": ADDRESS, "secret": "password_command", "status": "linked"}
    written = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert CANARY.encode() not in written
    assert CANARY not in done.out + done.err
    (row,) = desk("list", "accounts", "--json").lines
    assert (row["address"], row["name"], row["state"]) == (ADDRESS, "Hotel Miramar", "new")


def test_the_same_account_only_once(linked: Crm, servers: DemoServers, secret: Path) -> None:
    done = linked("account", "add", *options(servers, password_command=f"cat {secret}"))
    assert done.code == 2
    assert "linked already" in done.err


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"imap_host": "no-such-host.invalid", "imap_security": "tls"}, "IMAP: "),
        ({"imap_port": 0xFFFFFF}, "is no port"),
        ({"address": "not an address"}, "is no mail address"),
        ({"imap_host": "mail.example.org"}, "encrypt"),
        ({"smtp_host": "bad host"}, "is no host name"),
    ],
)
def test_add_says_which_end_is_wrong_and_saves_nothing(
    desk: Crm, servers: DemoServers, secret: Path, changes: dict[str, object], words: str
) -> None:
    done = desk("account", "add", *options(servers, password_command=f"cat {secret}", **changes))
    assert done.code == (1 if "no-such-host" in str(changes) else 2)
    assert words in done.err
    assert "Traceback" not in done.err
    assert desk("list", "accounts", "--json").lines == []


def test_a_closed_port_and_a_wrong_password_are_told_apart(desk: Crm, servers: DemoServers, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("canary-wrong-5520\n", encoding="utf-8")
    done = desk("account", "add", *options(servers, password_command=f"cat {wrong}", smtp_port=closed_port()), "--json")
    assert done.code == 1
    told = {line["end"]: line for line in done.lines}
    assert not told["imap"]["ok"]
    assert not told["smtp"]["ok"]
    assert told["imap"]["error"] != told["smtp"]["error"]
    assert "IMAP: " in done.complaint["error"]
    assert "SMTP: " in done.complaint["error"]
    assert "canary-wrong" not in done.out + done.err
    assert desk("list", "accounts", "--json").lines == []


def test_what_failed_is_told_once_in_plain_words(desk: Crm, servers: DemoServers, secret: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("canary-wrong-5520\n", encoding="utf-8")
    port = closed_port()
    done = desk("account", "add", *options(servers, password_command=f"cat {wrong}", smtp_port=port))
    assert done.code == 1
    both = done.out + done.err
    assert both.count("IMAP: ") == 1
    assert both.count("SMTP: ") == 1
    assert f"No mail server listens at 127.0.0.1:{port}." in both
    for noise in ("b'", "[AUTH", "ECONN", "..", "tried again", "Errno", "canary-wrong"):
        assert noise not in both, noise
    assert "nothing was saved" in done.err
    tls = desk("account", "add", *options(servers, password_command=f"cat {secret}", imap_security="tls"))
    assert "speaks no TLS on this port" in tls.err
    assert "choose starttls" in tls.err
    assert "WRONG_VERSION" not in tls.err
    start = desk("account", "add", *options(servers, password_command=f"cat {secret}", imap_security="starttls"))
    assert "offers no STARTTLS" in start.err
    assert ".." not in start.err


def test_a_certificate_that_nobody_vouches_for_is_refused(
    desk: Crm,
    servers: DemoServers,
    secret: Path,
    authority: Authority,
) -> None:
    with Scripted([], context=authority.server_context()) as server:
        given = options(
            servers, password_command=f"cat {secret}", imap_host="localhost", imap_port=server.port, imap_security="tls"
        )
        done = desk("account", "add", *given)
    assert done.code == 1
    assert "certificate" in done.err.lower()
    assert desk("list", "accounts", "--json").lines == []


def test_a_command_that_fails_is_told_without_its_words(desk: Crm, servers: DemoServers) -> None:
    done = desk("account", "add", *options(servers, password_command="sh -c 'echo canary-words; exit 3'"))
    assert done.code == 1
    assert "ended with code 3" in done.err
    assert "canary-words" not in done.err


def test_without_keyring_and_terminal_it_says_what_else_works(
    desk: Crm, servers: DemoServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(CANARY + "\n"))
    done = desk("account", "add", *options(servers), "--password-stdin")
    assert done.code == 1
    assert "no keyring" in done.err
    assert "--password-command" in done.err


def test_without_address_and_terminal_it_is_a_usage_error(desk: Crm) -> None:
    done = desk("account", "add")
    assert done.code in (1, 2)
    assert "--address" in done.err


def test_test_and_remove(linked: Crm) -> None:
    assert [end["ok"] for end in linked("account", "test", ADDRESS, "--json").lines] == [True, True]
    assert linked("account", "test", "nobody@nowhere.example").code == 1
    refused = linked("account", "remove", ADDRESS)
    assert refused.code == 1
    assert "--yes" in refused.err
    assert linked("account", "remove", "1", "--yes").code == 0
    assert linked("list", "accounts", "--json").lines == []


def test_sync_tells_of_every_folder_and_the_second_finds_nothing(linked: Crm) -> None:
    done = linked("sync", "--json")
    assert done.code == 0, done.err
    told = {line["folder"]: line for line in done.lines}
    assert told["INBOX"]["new"] > 20
    assert told["Sent"]["new"] > 5
    assert all(line["account"] == ADDRESS and line["error"] is None for line in done.lines)
    assert {"new", "changed", "gone", "seconds"} <= told["INBOX"].keys()
    again = linked("sync", "--account", ADDRESS, "--json")
    assert {line["new"] for line in again.lines} == {0}
    assert linked("list", "accounts", "--json").lines[0]["state"] == "ok"
    assert linked("check").code == 0
    assert "INBOX" in linked("sync").out


def test_sync_without_an_account_says_how_to_link_one(desk: Crm) -> None:
    done = desk("sync")
    assert done.code == 1
    assert "account add" in done.err


def test_sync_of_a_server_that_is_gone_marks_the_account(desk: Crm, tmp_path: Path, secret: Path) -> None:
    place = tmp_path / "server"
    place.mkdir()
    with DemoServers(place, CANARY, clock=FixedClock(NOW), conversations=20) as first:
        assert desk("account", "add", *options(first, password_command=f"cat {secret}")).code == 0
    done = desk("sync", "--json")
    assert done.code == 1
    (line,) = done.lines
    assert line["error"]
    assert line["folder"] is None
    assert desk("list", "accounts", "--json").lines[0]["state"] == "offline"


def test_sync_with_a_refused_login_marks_the_account(linked: Crm, secret: Path) -> None:
    secret.write_text("wrong\n", encoding="utf-8")
    done = linked("sync")
    assert done.code == 1
    assert linked("list", "accounts", "--json").lines[0]["state"] == "auth failed"
    secret.write_text(CANARY + "\n", encoding="utf-8")
    assert linked("sync").code == 0
    assert linked("list", "accounts", "--json").lines[0]["state"] == "ok"


def test_a_readonly_desk_links_and_fetches_nothing(linked: Crm, servers: DemoServers, secret: Path) -> None:
    for argv in (["sync"], ["account", "remove", ADDRESS, "--yes"], ["engine"]):
        done = linked("--readonly", *argv)
        assert done.code == 1
        assert "read only" in done.err
    assert len(linked("list", "accounts", "--json").lines) == 1
