"""The words inside files that mails carry, and the file with other words (SPEC §6, erasure).

Plain text, HTML, calendars (RFC 5545), contact cards (RFC 6350, vCard 2.1 with quoted-printable too) and whole mails
(``message/rfc822``) can be read. PDFs and office files cannot, and are said to be unread.
"""

from __future__ import annotations

import base64
import binascii
import html
import quopri
import re
from collections.abc import Callable
from email.header import Header

from crm_tui.mail.body import attached, leaves
from crm_tui.mail.charset import codec_of, decode
from crm_tui.mail.headers import header_text
from crm_tui.mail.mime import Part, body_bytes, read_tree
from crm_tui.mail.model import Limits

Visit = Callable[[str], str]
"""Takes a text and gives what stands in its place; asked for the same texts in the same order each time."""

DEPTH = 5
"""Mails in mails in mails: deeper ones are left."""

_MAIL, _HTML, _FOLDED, _PLAIN = "mail", "html", "folded", "plain"
_ENDINGS = {
    **dict.fromkeys(("txt", "csv", "md", "log", "json", "xml"), _PLAIN),
    **dict.fromkeys(("htm", "html"), _HTML),
    **dict.fromkeys(("ics", "vcs", "vcf", "vcard"), _FOLDED),
    "eml": _MAIL,
}
_FOLDED_TYPES = frozenset({"text/calendar", "text/vcard", "text/x-vcard", "text/directory", "text/x-vcalendar"})
_TAG = re.compile(r"(<[^>]*>)")
_FOLD = re.compile(r"\r?\n[ \t]")
_QUOTED = re.compile(r"(?im)^([^:\r\n]*ENCODING=QUOTED-PRINTABLE[^:\r\n]*):((?:[^\r\n]*=\r?\n)*[^\r\n]*)")
_FIELD = re.compile(rb"^([!-9;-~]+)[ \t]*:[^\n]*\n?(?:[ \t][^\n]*\n?)*", re.MULTILINE)
_STRUCTURE = (b"content-", b"mime-version")


def readable(type: str, name: str) -> str:
    """How the words of a file are read; empty if they cannot be."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if type in ("message/rfc822", "message/global"):
        return _MAIL
    if type == "text/html":
        return _HTML
    if type in _FOLDED_TYPES:
        return _FOLDED
    if type in ("text/plain", "application/octet-stream") and ending in _ENDINGS:
        return _ENDINGS[ending]
    return _PLAIN if type.startswith("text/") or type in ("application/json", "application/xml") else ""


def with_files(raw: bytes, visit: Visit, depth: int = 0) -> bytes:
    """A mail whose files hold what ``visit`` says; the very same bytes where nothing changes."""
    tree = read_tree(raw, Limits())
    if tree.raw is not raw:
        return raw
    return _spliced(raw, [(part, _rewritten(raw, part, visit, depth)) for part, _parent in attached(tree)])


def file_with(content: bytes, type: str, name: str, visit: Visit, charset: str = "", depth: int = 0) -> bytes:
    """One file, given whole, with other words; the very same bytes where nothing changes."""
    kind = readable(type, name)
    if not kind:
        return content
    if kind == _MAIL:
        return _mail(content, visit, depth) if depth < DEPTH else content
    text = decode(content, charset)
    changed = visit(text) if kind == _PLAIN else _html(text, visit) if kind == _HTML else _folded(text, visit)
    if changed == text:
        return content
    try:
        return changed.encode(codec_of(charset) or "utf-8", "replace")
    except LookupError:
        return changed.encode("utf-8", "replace")


def _rewritten(raw: bytes, part: Part, visit: Visit, depth: int) -> bytes | None:
    """The part's encoded body with other words; None if nothing changes."""
    content = body_bytes(raw, part)
    made = file_with(content, part.type, part.filename, visit, part.params.get("charset", ""), depth + 1)
    if made == content:
        return None
    if part.encoding == "base64":
        return base64.encodebytes(made).replace(b"\n", b"\r\n").rstrip()
    if part.encoding == "quoted-printable":
        return binascii.b2a_qp(made)
    return made


def _spliced(raw: bytes, changes: list[tuple[Part, bytes | None]]) -> bytes:
    out, done = [], 0
    for part, content in sorted(changes, key=lambda one: one[0].start):
        if content is not None:
            out += [raw[done : part.start], content]
            done = part.end
    return b"".join((*out, raw[done:])) if out else raw


def _mail(raw: bytes, visit: Visit, depth: int) -> bytes:
    """A mail as a file: its headers, its texts, its files."""
    tree = read_tree(raw, Limits())
    if tree.raw is not raw:
        return raw
    found = [(part, _rewritten(raw, part, visit, depth)) for part, _parent in leaves(tree.root)]
    head = _FIELD.sub(lambda one: _field(one, visit), raw[: tree.root.start])
    made = _spliced(raw, found)
    return head + made[tree.root.start :]


def _field(found: re.Match[bytes], visit: Visit) -> bytes:
    name, _colon, value = found[0].partition(b":")
    if name.strip().lower().startswith(_STRUCTURE):
        return found[0]
    text = header_text(value)
    changed = visit(text)
    if changed == text:
        return found[0]
    return name + b": " + Header(changed, "utf-8").encode(linesep="\r\n").encode("ascii", "replace") + b"\r\n"


def _html(text: str, visit: Visit) -> str:
    """What is read, its entities resolved, and what stands in the tags, such as the address of a link."""
    parts = []
    for piece in _TAG.split(text):
        plain = html.unescape(piece)
        changed = visit(plain)
        escaped = changed if piece.startswith("<") else html.escape(changed, quote=False)
        parts.append(piece if changed == plain else escaped)
    return "".join(parts)


def _folded(text: str, visit: Visit) -> str:
    """Lines that are folded (RFC 5545 3.1) are one; they stay one where something changes."""

    def quoted(found: re.Match[str]) -> str:
        charset = re.search(r"CHARSET=([\w-]+)", found[1], re.IGNORECASE)
        plain = decode(quopri.decodestring(found[2].encode("utf-8", "replace")), charset[1] if charset else "utf-8")
        changed = visit(plain)
        if changed == plain:
            return found[0]
        kept = quopri.encodestring(changed.encode("utf-8")).decode("ascii").replace("=\n", "").strip()
        head = re.sub(r"(?i)CHARSET=[\w-]+", "CHARSET=UTF-8", found[1])
        return f"{head}:{kept}"

    made = _QUOTED.sub(quoted, text)
    whole = _FOLD.sub("", made)
    changed = visit(whole)
    return made if changed == whole else changed
