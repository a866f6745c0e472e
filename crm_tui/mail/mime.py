"""The tree of a message's parts, found by offsets in its source (RFC 2045, 2046), without recursion.

No body is decoded or copied here, so that a large attachment costs one scan for boundaries.
"""

from __future__ import annotations

import binascii
import re
import time
from dataclasses import dataclass, field

from crm_tui.mail.headers import HeaderBlock, parameters, read_headers
from crm_tui.mail.model import Limits

_BOUNDARY_LINE = re.compile(rb"^--([!-~][ -~]{0,200}?)[ \t]*\r?\nContent-", re.MULTILINE | re.IGNORECASE)
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
_QP_LIMIT = 256 * 1024


@dataclass(slots=True)
class Part:
    """One part: its headers, and where its body stands in the source."""

    headers: HeaderBlock
    type: str
    params: dict[str, str]
    disposition: str
    disposition_params: dict[str, str]
    start: int
    end: int
    depth: int
    parts: list[Part] = field(default_factory=list)

    @property
    def encoding(self) -> str:
        raw = self.headers.first("content-transfer-encoding")
        return raw.decode("ascii", "ignore").strip().strip("\"';").lower() if raw else ""

    @property
    def filename(self) -> str:
        """The name the sender gave, unsafe; empty if there is none."""
        return self.disposition_params.get("filename") or self.params.get("name") or ""

    @property
    def content_id(self) -> str:
        return self.headers.first("content-id").decode("ascii", "ignore").strip().strip("<>")


@dataclass(slots=True)
class Tree:
    """All of a message's parts; ``problem`` names the limit that was met, or is empty."""

    raw: bytes
    root: Part
    problem: str


def read_tree(raw: bytes, limits: Limits, deadline: float = float("inf")) -> Tree:
    """Find the parts of ``raw``. ``deadline`` is on ``time.monotonic``; when it passes, the rest stays unsplit."""
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    problem = ""
    root = _part(raw, 0, len(raw), 0, limits, "text/plain")
    count = 1
    queue = [root]
    while queue:
        part = queue.pop()
        if not part.headers.whole:
            problem = problem or "headers"
        if not part.type.startswith("multipart/"):
            continue
        if part.depth >= limits.depth:
            problem = problem or "depth"
            continue
        if time.monotonic() > deadline:
            return Tree(raw, root, "time")
        kind = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
        for start, end in _split(raw, part, limits.parts - count + 1):
            if count >= limits.parts:
                problem = problem or "parts"
                break
            part.parts.append(_part(raw, start, end, part.depth + 1, limits, kind))
            count += 1
        queue += part.parts
        if not part.parts:
            part.type = "text/plain"  # no boundary anywhere: what is there can be read
    return Tree(raw, root, problem)


def _part(raw: bytes, start: int, end: int, depth: int, limits: Limits, default: str) -> Part:
    if depth and raw.startswith((b"\n", b"\r\n"), start, end):
        body = start + (1 if raw[start] == 10 else 2)
        headers = HeaderBlock([], body, True)
    else:
        headers = read_headers(raw, start, end, limits.header_bytes)
    kind, params = parameters(headers.first("content-type")) if headers.fields else ("", {})
    disposition = ""
    disposition_params: dict[str, str] = {}
    value = headers.first("content-disposition")
    if value:
        disposition, disposition_params = parameters(value)
    if not _TYPE.fullmatch(kind):
        kind = {"text": "text/plain", "html": "text/html", "multipart": "multipart/mixed"}.get(kind.strip("/"), default)
    return Part(headers, kind, params, disposition, disposition_params, min(headers.end, end), end, depth)


def _split(raw: bytes, part: Part, most: int) -> list[tuple[int, int]]:
    """At most ``most`` ranges between boundary lines; a missing or wrong boundary is looked for in the body."""
    boundary = part.params.get("boundary", "").rstrip().encode("utf-8", "surrogateescape")
    found = _ranges(raw, part.start, part.end, boundary, most) if boundary else []
    if found:
        return found
    guess = _BOUNDARY_LINE.search(raw, part.start, part.end)
    return _ranges(raw, part.start, part.end, guess[1], most) if guess else []


def _ranges(raw: bytes, start: int, end: int, boundary: bytes, most: int) -> list[tuple[int, int]]:
    mark = b"--" + boundary
    ranges: list[tuple[int, int]] = []
    opened = -1
    at = raw.find(mark, start, end)
    while at >= 0 and len(ranges) < most:
        after = at + len(mark)
        if at == start or raw[at - 1] in b"\n\r":
            closing = raw.startswith(b"--", after, end)
            line_end = raw.find(b"\n", after, end)
            line_end = end if line_end < 0 else line_end
            rest = raw[after + 2 * closing : line_end]
            if not rest.strip() or (closing and rest[:1].isspace()):
                if opened >= 0:
                    ranges.append((opened, _before_break(raw, opened, at)))
                opened = min(line_end + 1, end)
                if closing and raw.find(mark, opened, end) < 0:
                    return ranges
                if closing:
                    opened = -1
        at = raw.find(mark, after, end)
    if opened >= 0 and raw[opened:end].strip():
        ranges.append((opened, end))
    return ranges


def _before_break(raw: bytes, start: int, at: int) -> int:
    """The line break in front of a boundary belongs to the boundary."""
    if at > start and raw[at - 1] == 10:
        at -= 1
    if at > start and raw[at - 1] == 13:
        at -= 1
    return at


def body_bytes(raw: bytes, part: Part) -> bytes:
    """The decoded body of ``part``; broken encodings give what can be read."""
    body = raw[part.start : part.end]
    encoding = part.encoding
    if encoding == "base64":
        return _base64(body)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return uu_bytes(body)
    return body


def body_size(raw: bytes, part: Part) -> int:
    """The decoded size of ``part`` without decoding it."""
    length = part.end - part.start
    encoding = part.encoding
    if encoding == "base64":
        breaks = raw.count(b"\n", part.start, part.end) + raw.count(b"\r", part.start, part.end)
        tail = raw[max(part.start, part.end - 8) : part.end].rstrip()
        return max(0, (length - breaks - tail.count(b"=")) * 3 // 4)
    if encoding == "quoted-printable" and length <= _QP_LIMIT:
        return len(body_bytes(raw, part))
    if encoding == "quoted-printable":
        soft = raw.count(b"=\n", part.start, part.end) + raw.count(b"=\r", part.start, part.end)
        return length - 2 * raw.count(b"=", part.start, part.end) - soft
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return len(uu_bytes(raw[part.start : part.end]))
    return length


_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_MORE = re.compile(rb"[ \t]*(?:[\r\n]+[ \t]*)+[A-Za-z0-9+/]{2,}[ \t]*(?:[\r\n]|\Z)")


def _base64(body: bytes) -> bytes:
    padding = body.find(b"=")
    if padding < 0 or not _NOT_BASE64.sub(b"", body[padding:]):
        try:
            return binascii.a2b_base64(body)
        except binascii.Error:
            pass
    out: list[bytes] = []
    for piece in body.split(b"="):
        if out and piece.strip() and not _MORE.match(piece):
            break  # a mailing list's footer behind the padding
        clean = _NOT_BASE64.sub(b"", piece)
        clean = clean[:-1] if len(clean) % 4 == 1 else clean
        out.append(binascii.a2b_base64(clean + b"=" * (-len(clean) % 4)))
    return b"".join(out)


def uu_bytes(body: bytes) -> bytes:
    """Decode uuencoded lines, with or without their ``begin`` and ``end``."""
    out: list[bytes] = []
    for line in body.splitlines():
        if line.startswith(b"begin ") or not line.strip():
            continue
        if line.strip() in (b"end", b"`"):
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            wanted = (((line[0] - 32) & 63) * 4 + 5) // 3  # trailing junk: some encoders wrote too many characters
            try:
                out.append(binascii.a2b_uu(line[:wanted]))
            except binascii.Error:
                continue
    return b"".join(out)
