"""Mail of an erased person that still lies on the server does not come back with any later sync (SPEC §6)."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text

from crm_tui import desk as rooms
from tests.engine.sync.helpers import Desk
from tests.mail.imap.helpers import connect
from tests.servers.pymap_server import Pymap

_PERSON = "Żaneta Brzęczykowska"


def letter(number: int) -> bytes:
    return (
        f"From: =?utf-8?q?=C5=BBaneta_Brz=C4=99czykowska?= <zaneta@poczta.example>\r\nTo: desk@hotel.example\r\n"
        f"Subject: Room {number}\r\nMessage-ID: <z{number}@poczta.example>\r\nDate: Mon, 06 Jul 2026 10:0{number}:00 +0000\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\nLetter {number} of {_PERSON}\r\n"
    ).encode()


def holding(desk: Desk) -> list[str]:
    return [
        file.name
        for file in sorted(desk.home.rglob("*"))
        if file.is_file() and any(word in file.read_bytes() for word in (_PERSON.encode(), b"zaneta@poczta.example"))
    ]


def test_later_syncs_do_not_bring_erased_mail_back(desk: Desk, pymap: Pymap) -> None:
    account = desk.link(pymap.port, "desk")
    other = connect(pymap.port, "desk")
    for number in (1, 2):
        other.append(b"INBOX", letter(number), flags=())
    desk.sync(account)
    stored = desk.one("SELECT count(*) FROM message")
    guest = rooms.guests.create(desk.ctx, {"surname": "Brzęczykowska", "email": "zaneta@poczta.example"})
    report = rooms.erasing.erase(desk.ctx, guest)
    assert report.counts["messages"] == 2
    assert holding(desk) == []

    desk.sync(account)
    assert desk.one("SELECT count(*) FROM message") == stored
    with desk.ctx.store.write() as session:  # the server gave the mailbox a new validity: everything is matched anew
        session.connection().execute(text("UPDATE mailbox SET uidvalidity = uidvalidity + 1"))
    desk.sync(account)
    assert desk.one("SELECT count(*) FROM message") == stored
    assert holding(desk) == []

    other.append(b"INBOX", letter(3), flags=())
    desk.sync(account)
    assert desk.one("SELECT count(*) FROM message") == stored + 1
    (row,) = desk.rows("SELECT m.sender_address, c.message_count FROM message m JOIN conversation c ON c.id = m.conversation_id "
                       "ORDER BY m.id DESC LIMIT 1")  # fmt: skip
    assert row == ("zaneta@poczta.example", 1)
    assert datetime.now(UTC) > report.at  # type: ignore[operator]
    other.logout()
