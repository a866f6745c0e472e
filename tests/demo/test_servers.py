"""The sample servers: IMAP over the kept spool, SMTP whose guests answer and whose unknown addresses bounce."""

from __future__ import annotations

import smtplib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from crm_tui.base.clock import FixedClock, SystemClock
from crm_tui.demo.clients import clients
from crm_tui.demo.people import HOTEL_ADDRESS
from crm_tui.demo.process import DemoProcess
from crm_tui.demo.servers import DemoServers
from crm_tui.demo.spool import Spool
from tests.demo.conftest import SECRET


@contextmanager
def mailbox(servers: Any, name: str = "INBOX") -> Iterator[IMAPClient]:
    client = IMAPClient("127.0.0.1", servers.imap_port, ssl=False, timeout=30)
    client.login(servers.user, SECRET)
    client.select_folder(name)
    yield client
    client.logout()


def wait_for(found: Callable[[], Any], seconds: float = 20) -> Any:
    """Poll until ``found`` gives something; it asks the server, which gives it time."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while time.monotonic() < deadline:
        if value := found():
            return value
        pause.wait(0.05)
    raise AssertionError("nothing came")


def message(client: IMAPClient, uid: int) -> EmailMessage:
    parsed: Any = message_from_bytes(client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"], policy=default)
    found: EmailMessage = parsed
    return found


def send(servers: DemoServers, to: str, *, message_id: str = "<ours-1@hotel-miramar.example>", **headers: str) -> None:
    mail = EmailMessage()
    mail["From"] = f"Hotel Miramar <{HOTEL_ADDRESS}>"
    mail["To"] = to
    mail["Subject"] = "Su consulta"
    mail["Message-ID"] = message_id
    mail["References"] = "<theirs-1@correo.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("Sí, tenemos sitio.\n\nUn saludo")
    with smtplib.SMTP("127.0.0.1", servers.smtp_port, timeout=30) as client:
        client.login(servers.user, SECRET)
        client.send_message(mail)


def a_guest(tmp_path: Path, language: str) -> str:
    spool = Spool(tmp_path / "mail-server.db")
    try:
        return next(address for address, spoken in spool.guests().items() if spoken == language)
    finally:
        spool.close()


def test_folders_have_their_special_uses(servers: DemoServers) -> None:
    with mailbox(servers) as client:
        uses = {
            name: {flag for flag in flags if flag != b"\\HasNoChildren"} for flags, _sep, name in client.list_folders()
        }
    assert uses == {
        "INBOX": set(),
        "Sent": {b"\\Sent"},
        "Drafts": {b"\\Drafts"},
        "Junk": {b"\\Junk"},
        "Trash": {b"\\Trash"},
    }


def test_a_wrong_password_is_refused_at_both_ends(servers: DemoServers) -> None:
    client = IMAPClient("127.0.0.1", servers.imap_port, ssl=False, timeout=30)
    with pytest.raises(LoginError):
        client.login(servers.user, "wrong")
    client.shutdown()
    with smtplib.SMTP("127.0.0.1", servers.smtp_port, timeout=30) as sender:
        with pytest.raises(smtplib.SMTPAuthenticationError):
            sender.login(servers.user, "wrong")
        with pytest.raises(smtplib.SMTPSenderRefused):
            sender.sendmail(HOTEL_ADDRESS, ["x@y.example"], b"Subject: x\r\n\r\nx")


@pytest.mark.parametrize("language", ["es", "pl", "fr", "en"])
def test_a_guest_answers_threaded_and_quoting(servers: DemoServers, tmp_path: Path, language: str) -> None:
    guest = a_guest(tmp_path, language)
    with mailbox(servers) as client:
        before = set(client.search())
        send(servers, guest)
        (uid,) = wait_for(lambda: set(client.search()) - before)
        answer = message(client, uid)
    assert answer["From"].addresses[0].addr_spec == guest
    assert answer["In-Reply-To"] == "<ours-1@hotel-miramar.example>"
    assert answer["References"] == "<theirs-1@correo.example> <ours-1@hotel-miramar.example>"
    assert answer["Subject"].endswith("Su consulta")
    assert answer["Subject"] != "Su consulta"
    body = answer.get_body(("plain",))
    assert body is not None
    assert "> Sí, tenemos sitio." in body.get_content()


def test_an_unknown_address_bounces(servers: DemoServers) -> None:
    with mailbox(servers) as client:
        before = set(client.search())
        send(servers, "nobody@nowhere.example")
        (uid,) = wait_for(lambda: set(client.search()) - before)
        report = message(client, uid)
    assert report.get_content_type() == "multipart/report"
    assert "nobody@nowhere.example" in report.as_string()
    assert report["In-Reply-To"] == "<ours-1@hotel-miramar.example>"


def test_mail_to_the_client_base_arrives_and_neither_bounces_nor_is_answered(servers: DemoServers) -> None:
    everyone = [address for one in clients(date(2026, 7, 1)) for address, _label in one.emails]
    silent = [one for one in everyone if one not in servers._spool.guests()]
    assert silent
    with mailbox(servers) as client:
        before = set(client.search())
        send(servers, silent[0].upper())
        send(servers, "nobody@nowhere.example")
        (uid,) = wait_for(lambda: set(client.search()) - before)
        assert "nobody@nowhere.example" in message(client, uid).as_string()
    assert [address.casefold() for address, _raw in servers.accepted] == [silent[0], "nobody@nowhere.example"]


def test_automatic_mail_gets_no_answer(servers: DemoServers, tmp_path: Path) -> None:
    guest = a_guest(tmp_path, "es")
    with mailbox(servers) as client:
        before = set(client.search())
        send(servers, guest, Auto_Submitted="auto-generated")
        send(servers, guest, message_id="<ours-2@hotel-miramar.example>")
        (uid,) = wait_for(lambda: set(client.search()) - before)
        assert message(client, uid)["In-Reply-To"] == "<ours-2@hotel-miramar.example>"
    assert len(servers.accepted) == 2


def test_answers_take_their_time_and_survive_a_stop(tmp_path: Path, clock: FixedClock) -> None:
    from datetime import timedelta

    with DemoServers(tmp_path, SECRET, clock=clock, conversations=40) as servers:
        send(servers, a_guest(tmp_path, "en"))
        with mailbox(servers) as client:
            before = set(client.search())
    spool = Spool(tmp_path / "mail-server.db")
    due = spool.next_due()
    spool.close()
    assert due is not None
    assert 10 <= due - clock.now().timestamp() <= 25
    clock.advance(timedelta(seconds=30))
    with DemoServers(tmp_path, SECRET, clock=clock) as servers, mailbox(servers) as client:
        assert wait_for(lambda: set(client.search()) - before)


def test_mail_flags_and_folders_survive_a_restart(tmp_path: Path, clock: FixedClock) -> None:
    with DemoServers(tmp_path, SECRET, clock=clock, conversations=40) as servers, mailbox(servers) as client:
        first, second, third = client.search()[:3]
        client.set_flags([first], [b"\\Flagged"])
        client.move([second], "Trash")
        client.delete_messages([third])
        client.expunge([third])
        client.append("Sent", b"Subject: kept\r\n\r\nx", [b"\\Seen"])
        validity = client.folder_status("INBOX", [b"UIDVALIDITY"])
        kept = client.search()
    with DemoServers(tmp_path, SECRET, clock=clock) as servers:
        with mailbox(servers) as client:
            assert client.folder_status("INBOX", [b"UIDVALIDITY"]) == validity
            assert client.search() == kept
            assert client.get_flags([first])[first] == (b"\\Flagged",)
            assert not {second, third} & set(kept)
        with mailbox(servers, "Sent") as client:
            assert b"Subject: kept" in client.fetch(client.search()[-1:], ["BODY.PEEK[]"]).popitem()[1][b"BODY[]"]
        with mailbox(servers, "Trash") as client:
            assert len(client.search()) == 1


def test_a_delivery_wakes_an_idle_client(servers: DemoServers) -> None:
    with mailbox(servers) as client:
        client.idle()
        servers.deliver(b"From: a@b.example\r\nSubject: new\r\n\r\nx\r\n")
        told = wait_for(lambda: client.idle_check(timeout=5))
        client.idle_done()
    assert any(item[1] == b"EXISTS" for item in told)


def test_a_large_mailbox_starts_fast_enough(tmp_path: Path, clock: FixedClock) -> None:
    with DemoServers(tmp_path, SECRET, clock=clock, conversations=20, messages=5000) as servers:
        counts = 0
        for name in ("INBOX", "Sent"):
            with mailbox(servers, name) as client:
                counts += len(client.search())
    assert counts >= 5000


def test_the_process_serves_and_ends_with_its_parent(tmp_path: Path) -> None:
    with DemoProcess(tmp_path, SECRET, SystemClock(), messages=0) as servers:
        with mailbox(servers) as client:
            assert client.search()
        process = servers._process
        assert process is not None
    assert process.poll() == 0


def test_a_process_that_cannot_start_says_why(tmp_path: Path) -> None:
    from crm_tui.base.errors import CrmError

    with pytest.raises(CrmError, match="did not start"), DemoProcess(tmp_path / "missing", SECRET, SystemClock()):
        pass
