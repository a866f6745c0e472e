"""Mail as it comes, with known answers: the shape of a case and how it is judged (QUALITY R9)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crm_tui.mail.parse import ParsedMessage


@dataclass(frozen=True)
class Wild:
    """One message and what a person reading its source would answer."""

    name: str
    raw: bytes
    sender: str = "ana@guest.example"
    subject: str = "Reserva"
    text: str = "Hola"
    attachments: tuple[str, ...] = ()
    sender_name: str | None = None
    more: dict[str, object] = field(default_factory=dict)


def words(text: str) -> str:
    """Text without regard to how its lines are broken."""
    return re.sub(r"\s+", " ", text).strip()


def judge(case: Wild, message: ParsedMessage) -> dict[str, bool]:
    """Which of the four answers of R9 are right."""
    return {
        "sender": message.sender.address == case.sender
        and (case.sender_name is None or message.sender.name == case.sender_name),
        "subject": message.subject == case.subject,
        "text": words(message.text) == words(case.text),
        "attachments": tuple(one.name for one in message.attachments) == case.attachments,
    }


def mail(
    head: bytes = b"",
    body: bytes = b"Hola\n",
    *,
    sender: bytes = b"From: Ana <ana@guest.example>\n",
    subject: bytes = b"Subject: Reserva\n",
) -> bytes:
    """A message with the usual sender and subject, and what the case adds."""
    return sender + b"To: desk@hotel.example\n" + subject + head + b"\n" + body


def multipart(*parts: bytes, kind: bytes = b"mixed", boundary: bytes = b"XX", more: bytes = b"") -> bytes:
    """A multipart message; each part is headers, a blank line and a body."""
    body = b"".join(b"--" + boundary + b"\n" + part + b"\n" for part in parts) + b"--" + boundary + b"--\n"
    return mail(
        b"MIME-Version: 1.0\nContent-Type: multipart/" + kind + b'; boundary="' + boundary + b'"' + more + b"\n", body
    )
