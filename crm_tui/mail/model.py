"""What a message is once it was read: plain, frozen, picklable values whose strings are all safe to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from crm_tui.mail.address import Address


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a message is read (QUALITY S10); beyond, it is marked as not read whole.

    Attributes:
        depth: nested parts.
        parts: parts in all.
        header_bytes: bytes of one header block.
        text_bytes: bytes of one plain text part.
        html_chars: characters of one HTML part, pictures written into it not counted.
        seconds: time for one message.
    """

    depth: int = 100
    parts: int = 1000
    header_bytes: int = 256 * 1024
    text_bytes: int = 4 * 1024 * 1024
    html_chars: int = 2 * 1024 * 1024
    seconds: float = 2.0


@dataclass(frozen=True, slots=True)
class ParsedAttachment:
    """A file that a message carries.

    Attributes:
        position: which one it is, from 0, for :func:`crm_tui.mail.attachments.attachment_bytes`.
        name: the name to show and to save under, already safe (QUALITY S11).
        type: the media type, lower-cased.
        size: bytes when decoded; computed, not decoded, so broken encodings may differ a little.
        content_id: without angle brackets, or empty.
        inline: the message shows it inside its text.
    """

    position: int
    name: str
    type: str
    size: int
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Invitation:
    """The calendar part of a message: an event asked for, changed or called off."""

    method: str
    summary: str
    start: datetime | date | None
    end: datetime | date | None
    location: str
    organizer: str


@dataclass(frozen=True, slots=True)
class ParsedMessage:
    """A message as the desk stores and shows it.

    Attributes:
        digest: SHA-256 of the source, hexadecimal.
        size: bytes of the source.
        message_id: without angle brackets, or empty.
        canonical_subject: what threads compare (see :func:`crm_tui.rules.subjects.canonical_subject`).
        date: the instant of the ``Date`` header in UTC, or None.
        automatic: why this is no person's mail, or empty (SPEC §1).
        flags: why the sender is suspicious (QUALITY S3).
        text: the readable text, quotes and signature included.
        from_html: the text was made from HTML.
        quoted: character ranges of ``text`` that quote earlier mail; they do not overlap.
        signature: character range of ``text``, or None.
        links: (text, target) of the links a reader could follow.
        language: ISO 639-1 code guessed from the text or told by the sender, or empty.
        problem: why the message could not be read whole, or empty.
    """

    digest: str
    size: int
    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    subject: str
    canonical_subject: str
    sender: Address
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]
    date: datetime | None
    automatic: str
    flags: tuple[str, ...]
    text: str
    from_html: bool
    quoted: tuple[tuple[int, int], ...]
    signature: tuple[int, int] | None
    attachments: tuple[ParsedAttachment, ...]
    invitation: Invitation | None
    links: tuple[tuple[str, str], ...]
    language: str
    problem: str
