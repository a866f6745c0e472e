"""Short ways to connect and to write scripted answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crm_tui.mail.imap import ImapSession
from tests.servers.scripted import Answer, Rule, Scripted


def mail(number: int = 1, body: str = "Hello") -> bytes:
    """A small message, CRLF."""
    return (
        f"From: guest{number}@example.org\r\nTo: desk@hotel.example\r\nSubject: Stay {number}\r\n"
        f"Message-ID: <m{number}@example.org>\r\nDate: Mon, 2 Mar 2026 10:{number % 60:02d}:00 +0100\r\n\r\n{body}\r\n"
    ).encode()


def connect(port: int, user: str = "desk", *, timeout: float = 5.0, **options: Any) -> ImapSession:
    """A logged-in session in plain text on loopback."""
    session = ImapSession("127.0.0.1", port, "none", timeout=timeout, **options)
    session.login(user, "secret")
    return session


def fetch_answer(
    uid: int, raw: bytes, *, seq: int = 1, flags: bytes = rb"\Seen", date: bytes = b'"02-Mar-2026 10:00:00 +0100"'
) -> bytes:
    """One item exactly as asked for."""
    head = b"* %d FETCH (UID %d FLAGS (%s) INTERNALDATE %s RFC822.SIZE %d BODY[]<0> {%d}\r\n"
    return head % (seq, uid, flags, date, len(raw), len(raw)) + raw + b")\r\n"


def fetching(answer: Answer, *more: Rule) -> Scripted:
    """A scripted server whose UID FETCH is answered thus; bytes get their tagged OK."""
    if isinstance(answer, bytes):
        answer = answer + b"{tag} OK done\r\n"
    return Scripted([*more, Rule(rb"^UID FETCH", answer)])


def selected(server: Scripted, **options: Any) -> ImapSession:
    """A session on the scripted server with the Inbox open."""
    session = connect(server.port, **options)
    session.select(b"INBOX")
    return session


Say = Callable[..., None]
