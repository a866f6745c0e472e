"""From the bytes of a mail to everything the store wants to know of it, without the store.

This runs in parsing processes, so it imports neither the database library nor any screen.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm_tui.mail.address import Address
from crm_tui.mail.parse import ParsedMessage, parse
from crm_tui.mail.text import display_text, fold_text
from crm_tui.mail.threading import MANY, counterpart_key, relay_key, written_to

PREVIEW_LENGTH = 160
SEARCH_BODY_LENGTH = 200_000
KEPT_REFERENCES = 4
REPLIES = 4
_PACK_LEVEL = 1  # level 1 halves a mail at four times the speed of the default level
_LARGE = 32 << 10
_SAMPLE = 4 << 10
_DENSE = 0.7  # base64 of something compressed already packs to 0.75


@dataclass(frozen=True, slots=True)
class Prepared:
    """A parsed mail, packed for the store.

    Attributes:
        digest: SHA-256 of the source.
        content_key: BLAKE2b-128 over Message-ID, sender, Date, subject, text and files: equal for the two copies of a
            mail that reached two accounts, whose trace headers differ.
        packed: the source, zlib-compressed.
        details: JSON of :class:`crm_tui.data.messages.MessageText` ``details``.
        search: folded subject, sender, recipients, body and file names, the columns of the full-text index.
        written_to: counterpart keys of To and Cc, and of a Bcc that is the only one; empty for a mailing to many.
        answers_to: counterpart keys of Reply-To.
        references: Message-IDs worth remembering besides ``replies_to``: the first and the last few.
    """

    digest: bytes
    content_key: bytes
    message_id: str
    subject: str
    canonical_subject: str
    sender: Address
    to: tuple[Address, ...]
    date: datetime | None
    automatic: str
    size: int
    text: str
    preview: str
    details: str
    attachments: tuple[tuple[int, str, str, int, str, bool], ...]
    replies_to: tuple[str, ...]
    references: tuple[str, ...]
    relay: str
    written_to: tuple[str, ...]
    answers_to: tuple[str, ...]
    search: tuple[str, str, str, str, str]
    packed: bytes


def prepare(raw: bytes) -> Prepared:
    """Parse and pack one mail; never raises for what is in it (QUALITY R8)."""
    return pack(raw, parse(raw))


def pack(raw: bytes, parsed: ParsedMessage) -> Prepared:
    """Pack a mail that is parsed already."""
    sender = parsed.sender
    others = (*parsed.to, *parsed.cc, *parsed.bcc)
    return Prepared(
        digest=bytes.fromhex(parsed.digest),
        content_key=_content_key(parsed),
        message_id=parsed.message_id,
        subject=parsed.subject,
        canonical_subject=parsed.canonical_subject,
        sender=sender,
        to=parsed.to[:20],
        date=parsed.date,
        automatic=parsed.automatic,
        size=parsed.size,
        text=parsed.text,
        preview=preview_of(parsed.text, parsed.quoted),
        details=json.dumps(_details(parsed), ensure_ascii=False, separators=(",", ":")),
        attachments=tuple((a.position, a.name, a.type, a.size, a.content_id, a.inline) for a in parsed.attachments),
        replies_to=parsed.in_reply_to[:REPLIES],
        references=kept_references(parsed.references),
        relay=relay_key(sender.address) or _first(relay_key(a.address) for a in parsed.to),
        written_to=written_to(
            [a.address for a in parsed.to], [a.address for a in parsed.cc], [a.address for a in parsed.bcc]
        ),
        answers_to=tuple(counterpart_key(a.address) for a in parsed.reply_to[:MANY]),
        search=(
            fold_text(parsed.subject),
            fold_text(f"{sender.name} {sender.address}"),
            fold_text(" ".join(f"{a.name} {a.address}" for a in others[:200])),
            fold_text(parsed.text[:SEARCH_BODY_LENGTH]),
            fold_text(" ".join(a.name for a in parsed.attachments)),
        ),
        packed=pack_source(raw),
    )


def kept_references(references: Sequence[str]) -> tuple[str, ...]:
    """The Message-IDs of References that are worth remembering: the first and the last few."""
    if len(references) <= KEPT_REFERENCES:
        return tuple(references)
    return (references[0], *references[1 - KEPT_REFERENCES :])


def pack_source(raw: bytes) -> bytes:
    """The source as zlib data.

    A large mail is mostly a file in base64, where looking for repetitions finds nothing and takes four times as long as
    Huffman coding alone: a piece of its middle tells.
    """
    if len(raw) >= _LARGE:
        middle = raw[len(raw) // 2 :][:_SAMPLE]
        if len(zlib.compress(middle, _PACK_LEVEL)) > _DENSE * len(middle):
            coder = zlib.compressobj(
                _PACK_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, zlib.Z_HUFFMAN_ONLY
            )
            return coder.compress(raw) + coder.flush()
    return zlib.compress(raw, _PACK_LEVEL)


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")


def _content_key(parsed: ParsedMessage) -> bytes:
    hashed = hashlib.blake2b(digest_size=16)
    if not parsed.message_id and parsed.date is None:  # nothing tells two alike mails from one: only the source does
        hashed.update(parsed.digest.encode())
        return hashed.digest()
    date = parsed.date.isoformat() if parsed.date else ""
    files = [f"{part.name}\0{part.size}" for part in parsed.attachments]
    for part in (parsed.message_id, parsed.sender.address, date, parsed.subject, parsed.text, *files):
        hashed.update(part.encode("utf-8", "replace"))
        hashed.update(b"\0")
    return hashed.digest()


def preview_of(text: str, quoted: tuple[tuple[int, int], ...] = ()) -> str:
    """The first words of a message in one line, without what it quotes first."""
    end = quoted[0][0] if quoted and quoted[0][0] > 0 else len(text)
    return display_text(" ".join(text[: min(end, 4 * PREVIEW_LENGTH)].split()))[:PREVIEW_LENGTH]


def _details(parsed: ParsedMessage) -> dict[str, Any]:
    """Only what is there: most messages have no cc, no invitation, no problem."""
    invitation = parsed.invitation
    whole: dict[str, Any] = {
        "to": _pairs(parsed.to),
        "cc": _pairs(parsed.cc),
        "bcc": _pairs(parsed.bcc),
        "reply_to": _pairs(parsed.reply_to),
        "quoted": parsed.quoted,
        "signature": parsed.signature,
        "from_html": parsed.from_html,
        "links": parsed.links,
        "flags": parsed.flags,
        "in_reply_to": parsed.in_reply_to,
        "references": parsed.references,
        "canonical_subject": parsed.canonical_subject,
        "problem": parsed.problem,
        "invitation": None
        if invitation is None
        else {
            "method": invitation.method,
            "summary": invitation.summary,
            "start": str(invitation.start or ""),
            "end": str(invitation.end or ""),
            "location": invitation.location,
            "organizer": invitation.organizer,
        },
    }
    return {key: value for key, value in whole.items() if value}


def _pairs(addresses: tuple[Address, ...]) -> list[tuple[str, str]]:
    return [(a.name, a.address) for a in addresses]
