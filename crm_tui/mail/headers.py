"""Header blocks, header text and parameters, read leniently from bytes (RFC 5322, 2047, 2231)."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from crm_tui.mail.charset import decode

_FIELD = re.compile(rb"^([!-9;-~]+)[ \t]*:[ \t]*(.*(?:\n[ \t]+.*)*)\n?", re.MULTILINE)
_USUAL = 16 * 1024
_KNOWN = re.compile(
    rb"^(?:from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+|received|return-path|reply-to"
    rb"|x-[\w-]+)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_WORD = re.compile(r"=\?([^?\s=]+)\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]*)*)(?:\?=|\Z)")
_BETWEEN = re.compile(r"(\?=)\s+(?==\?[^?\s]+\?[bBqQ]\?)")
_FOLD = re.compile(r"[ \t]*\r?\n[ \t\r\n]*|\r[ \t]*")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")
_PARAM = re.compile(r';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*(?:"|\Z)|[^;]*)', re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\])')
_SECTION = re.compile(r"^(.+?)\*(?:(\d{1,4})(\*)?)?$")
MAX_ROUNDS = 3


class HeaderBlock(NamedTuple):
    """The fields of one header block in order, names lower-cased, values as raw bytes with their folds."""

    fields: list[tuple[str, bytes]]
    end: int
    """Offset of the body."""
    whole: bool
    """False if the block was longer than the limit and only its beginning was read."""

    def all(self, name: str) -> list[bytes]:
        return [value for key, value in self.fields if key == name]

    def first(self, name: str) -> bytes:
        for key, value in self.fields:
            if key == name:
                return value
        return b""


def read_headers(raw: bytes, start: int, end: int, limit: int) -> HeaderBlock:
    """Read the header block at ``raw[start:end]``.

    An mbox ``From `` line and blank lines in front are passed over. A line that is no field is passed over if fields
    follow; otherwise the body starts there, blank line or not. At most ``limit`` bytes are read as headers.
    """
    if not start and raw.startswith(b"\xef\xbb\xbf"):
        start = 3
    first = start
    while raw.startswith((b"\n", b"\r\n"), start, end):
        start = raw.index(b"\n", start) + 1
    if start > first and not raw.startswith(b"From ", start, end) and not _FIELD.match(raw, start, end):
        return HeaderBlock([], start, True)
    if raw.startswith((b"From ", b">From "), start, end) and not _FIELD.match(raw, start, end):
        start = (raw.find(b"\n", start, end) + 1) or end
    stop, body = _blank_line(raw, start, end)
    block = raw[start:stop]
    whole = len(block) <= limit
    if not whole:
        block = block[:limit]
    fields: list[tuple[str, bytes]] = []
    at = 0
    last = -1
    for match in _FIELD.finditer(block):
        if match.start() > at and block[at : match.start()].strip():
            last = _last_known(block) if last < 0 else last
            if at > last:
                return HeaderBlock(fields, start + at, True)
        fields.append((match[1].decode("ascii").lower(), match[2].rstrip(b"\r\n \t")))
        at = match.end()
    if at < len(block) and (whole or not fields) and block[at:].strip():
        return HeaderBlock(fields, start + at, True)
    return HeaderBlock(fields, body, whole)


def _blank_line(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header block stops and where the body begins; both are ``end`` without a blank line."""
    for reach in (min(start + _USUAL, end), end):
        bare = raw.find(b"\n\n", start, reach)
        crlf = raw.find(b"\n\r\n", start, reach if bare < 0 else bare)
        if crlf >= 0:
            return crlf, crlf + 3
        if bare >= 0:
            return bare, bare + 2
    return end, end


def _last_known(block: bytes) -> int:
    """Where the last well-known field begins: an odd line before it is junk, one behind it is the body's first."""
    return max((found.start() for found in _KNOWN.finditer(block)), default=0)


def text_of(raw: bytes) -> str:
    """A header's raw bytes as text: undeclared 8-bit decoded, folds undone, encoded words left as they are."""
    text = raw.decode("ascii") if raw.isascii() and b"\x1b" not in raw else decode(raw)
    return _FOLD.sub(" ", text) if "\n" in text or "\r" in text else text


def header_text(raw: bytes) -> str:
    """An unstructured header (a subject) as readable text; not yet made safe to show."""
    return decode_words(text_of(raw)).strip()


def decode_words(text: str) -> str:
    """Decode RFC 2047 words wherever they stand, quoted, split inside a character or encoded twice."""
    for _ in range(MAX_ROUNDS):
        if "=?" not in text:
            return text
        decoded = _decode_once(text)
        if decoded == text:
            return text
        text = decoded
    return text


def _decode_once(text: str) -> str:
    out: list[str] = []
    at = 0
    pending = b""
    pending_charset = ""
    for match in _WORD.finditer(_BETWEEN.sub(r"\1", text)):
        between = match.string[at : match.start()]
        charset, encoding, payload = match[1], match[2], match[3]
        if pending and (between or charset.lower() != pending_charset.lower()):
            out.append(decode(pending, pending_charset))
            pending = b""
        out.append(between)
        pending += _word_bytes(encoding, payload)
        pending_charset = charset
        at = match.end()
    if not at:
        return text
    out.append(decode(pending, pending_charset))
    out.append(_BETWEEN.sub(r"\1", text)[at:])
    return "".join(out)


def _word_bytes(encoding: str, payload: str) -> bytes:
    if encoding in "bB":
        return base64_bytes(payload)
    raw = payload.replace("_", " ").encode("utf-8", "surrogatepass")
    return binascii.a2b_qp(raw)


def base64_bytes(text: str) -> bytes:
    """Decode base64 with junk, missing or doubled padding; what can be read is returned."""
    out = b""
    for piece in text.split("="):
        clean = _NOT_BASE64.sub("", piece)
        if len(clean) % 4 == 1:
            clean = clean[:-1]
        if clean:
            out += binascii.a2b_base64(clean + "=" * (-len(clean) % 4))
    return out


@lru_cache(maxsize=512)
def _cached_params(raw: bytes) -> tuple[str, dict[str, str]]:
    return _params(text_of(raw))


def parameters(raw: bytes) -> tuple[str, dict[str, str]]:
    """``Content-Type`` and ``Content-Disposition``: the value, lower-cased, and its decoded parameters.

    RFC 2231 sections and charsets, encoded words (not allowed there, and common) and undeclared 8-bit are decoded.
    """
    return _cached_params(raw) if len(raw) < 128 else _params(text_of(raw))


def _params(text: str) -> tuple[str, dict[str, str]]:
    value, semicolon, rest = text.partition(";")
    if " " in value.strip() and "=" in value:  # the first semicolon was forgotten
        value, _space, first = value.strip().partition(" ")
        semicolon, rest = ";", f"{first}{semicolon}{rest}"
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, content in _pairs(semicolon + rest):
        found = _SECTION.match(name)
        if found is None:
            plain.setdefault(name, decode_words(content) if "=?" in content else content)
        else:
            number = int(found[2] or 0)
            sections.setdefault(found[1], {}).setdefault(number, (content, found[2] is None or found[3] is not None))
    for name, parts in sections.items():
        plain[name] = _joined(parts)
    return value.strip().strip('"').lower(), plain


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for match in _PARAM.finditer(text):
        content = match[2].strip()
        if content.startswith('"'):
            content = _ESCAPED.sub(r"\1", content[1:].removesuffix('"'))
        yield match[1].lower(), content.strip()


def _joined(sections: dict[int, tuple[str, bool]]) -> str:
    """The sections of one RFC 2231 parameter in the order of their numbers."""
    raw = b""
    charset = ""
    for index, number in enumerate(sorted(sections)):
        content, extended = sections[number]
        if not extended:
            raw += content.encode(charset or "utf-8", "replace") if codec_ok(charset) else content.encode()
            continue
        if index == 0 and content.count("'") >= 2:
            charset, _, content = content.split("'", 2)
        raw += unquote_to_bytes(content)
    return decode_words(decode(raw, charset))


def codec_ok(label: str) -> bool:
    """Whether text can be encoded with what ``label`` names."""
    try:
        "".encode(label or "utf-8")
    except (LookupError, ValueError):
        return False
    return True
