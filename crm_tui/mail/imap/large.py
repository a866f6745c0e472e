"""Messages over the size limit: their text only, the attachments as empty parts (SPEC §2, QUALITY I7, I19)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crm_tui.mail.imap.fetch import Fetching

MAX_PARTS = 100
MAX_TEXT = 1 << 20
_TEXTS = frozenset((b"text/plain", b"text/html", b"text/calendar"))
_CONTENT = b"content-"


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of a BODYSTRUCTURE: its section number, media type and size in bytes as encoded."""

    section: str
    type: bytes
    size: int


def text_only(session: Fetching, uid: int) -> bytes | None:
    """A message as its header, its text parts and stubs of its attachments; None if the server gives no structure.

    The stubs keep the attachments' own headers, so names and types are listed; the bytes come on demand with
    :meth:`Fetching.fetch_piecewise`.

    Raises:
        ServerError, Unreachable: see :meth:`Connection.command`.
    """
    values = session.fetch_values(uid, "(UID BODYSTRUCTURE)")
    parts = list(leaves(values.get(b"BODYSTRUCTURE")))[:MAX_PARTS]
    header = session.fetch_section(uid, "HEADER", 0, MAX_TEXT)
    if not parts or header is None:
        return None
    boundary = f"text-only-{secrets.token_hex(12)}".encode()
    lines = [_without_content_headers(header), b"MIME-Version: 1.0\r\n"]
    lines.append(b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\r\n\r\n')
    for part in parts:
        lines.append(b"--" + boundary + b"\r\n" + _part(session, uid, part, header, single=len(parts) == 1))
    lines.append(b"--" + boundary + b"--\r\n")
    return b"".join(lines)


def _part(session: Fetching, uid: int, part: Part, header: bytes, *, single: bool) -> bytes:
    own = _content_headers(header) if single else session.fetch_section(uid, f"{part.section}.MIME", 0, 1 << 16)
    own = (own or b"Content-Type: " + part.type + b"\r\n").rstrip(b"\r\n") + b"\r\n"
    body = b""
    if part.type in _TEXTS and b"attachment" not in own.lower():
        body = session.fetch_section(uid, part.section, 0, MAX_TEXT) or b""
    return own + b"\r\n" + body + b"\r\n"


def leaves(structure: Any, section: str = "", depth: int = 0) -> Iterator[Part]:
    """The leaf parts of a BODYSTRUCTURE as imapclient parses it, in order."""
    if not isinstance(structure, tuple) or not structure or depth > MAX_PARTS:
        return
    if isinstance(structure[0], list | tuple):
        children = structure[0] if isinstance(structure[0], list) else structure
        for number, child in enumerate((c for c in children if isinstance(c, tuple)), 1):
            yield from leaves(child, f"{section}.{number}" if section else str(number), depth + 1)
        return
    if len(structure) > 6 and isinstance(structure[0], bytes) and isinstance(structure[1], bytes):
        size = structure[6] if isinstance(structure[6], int) else 0
        yield Part(section or "1", structure[0].lower() + b"/" + structure[1].lower(), size)


def _header_lines(header: bytes) -> Iterator[bytes]:
    """The header fields, each with its folded lines."""
    field = b""
    for line in header.replace(b"\r\n", b"\n").split(b"\n"):
        if line[:1] in (b" ", b"\t"):
            field += b"\r\n" + line
        else:
            if field:
                yield field + b"\r\n"
            field = line
    if field:
        yield field + b"\r\n"


def _without_content_headers(header: bytes) -> bytes:
    fields = _header_lines(header)
    return b"".join(f for f in fields if not f.lower().startswith((_CONTENT, b"mime-version:")))


def _content_headers(header: bytes) -> bytes:
    return b"".join(f for f in _header_lines(header) if f.lower().startswith(_CONTENT))
