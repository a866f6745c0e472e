"""Which of a message's parts are its text, which are attachments, and the text itself (RFC 2046, 2387, 3676)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from crm_tui.mail.charset import decode
from crm_tui.mail.html import html_to_text
from crm_tui.mail.links import find_links
from crm_tui.mail.mime import Part, Tree, body_bytes
from crm_tui.mail.model import Limits
from crm_tui.mail.text import display_text

STUB = 40
"""A plain text shorter than this is distrusted if there is an HTML one."""

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_LOOKS_LIKE_HTML = re.compile(
    r"\s*(?:<!doctype html|<html\b|<head\b|<body\b|<(?:div|table|p|font|meta)\b[^>]*>)", re.IGNORECASE
)
_DATA_URI = re.compile(r"data:[\w/+.;=-]{0,200}base64,[A-Za-z0-9+/=%\s]+")
_UU = re.compile(r"^begin [0-7]{3,4} (\S[^\n]{0,255})\n((?:[ -`][^\n]{0,80}\n)*?)(?:`?[ ]?\n)?end[ \t]*$", re.MULTILINE)


class Body(NamedTuple):
    """The text of a message. ``whole`` is False if a part was longer than the limit."""

    text: str
    from_html: bool
    links: tuple[tuple[str, str], ...]
    language: str
    whole: bool


EMPTY = Body("", False, (), "", True)


def is_attachment(part: Part, first_text: Part | None) -> bool:
    """Whether a leaf is listed as a file rather than read as text."""
    if part.type.startswith("multipart/"):
        return False
    if part.type not in ("text/plain", "text/html", "text/enriched"):
        return not (part.type == "text/calendar" and not part.filename and part.disposition != "attachment")
    if part.disposition == "attachment":
        return True
    return bool(part.filename) and part is not first_text


def _is_another_form(part: Part, parent: Part | None) -> bool:
    """Whether this is the message once more for other programs (``text/x-amp-html``, ``text/watch-html``)."""
    offered = parent is not None and parent.type == "multipart/alternative"
    return offered and part.type.startswith("text/") and not part.filename and part.disposition != "attachment"


def leaves(root: Part) -> Iterator[tuple[Part, Part | None]]:
    """The leaves in the order of the source, each with its multipart."""
    stack: list[tuple[Part, Part | None]] = [(root, None)]
    while stack:
        part, parent = stack.pop()
        if part.parts:
            stack += [(child, part) for child in reversed(part.parts)]
        elif not part.type.startswith("multipart/"):
            yield part, parent


def first_text(root: Part) -> Part | None:
    """The leaf that a message begins with, if it is text."""
    for part, _ in leaves(root):
        if part.type in ("text/plain", "text/html") and part.disposition != "attachment":
            return part
    return None


def attached(tree: Tree) -> list[tuple[Part, Part | None]]:
    """The leaves that are listed as attachments, in order; their index is an attachment's position."""
    first = first_text(tree.root)
    return [
        (part, parent)
        for part, parent in leaves(tree.root)
        if (is_attachment(part, first) and not _is_another_form(part, parent))
        or (part is first and part.filename)  # a named text is read and listed
    ]


def read_body(tree: Tree, limits: Limits) -> Body:
    """The best text of the message: plain if it says something, else the HTML rendered."""
    body = _Reader(tree.raw, limits, first_text(tree.root)).read(tree.root)
    if body.text.strip() or tree.root.type != "multipart/report":
        return body
    told = [
        decode(body_bytes(tree.raw, part)) for part, _ in leaves(tree.root) if part.type == "message/delivery-status"
    ]
    return body._replace(text=display_text("\n\n".join(told), multiline=True).strip("\n"))


class _Reader:
    def __init__(self, raw: bytes, limits: Limits, first: Part | None) -> None:
        self.raw = raw
        self.limits = limits
        self.first = first

    def read(self, part: Part) -> Body:
        if part.parts:
            if part.type == "multipart/alternative":
                return self.alternative(part)
            if part.type == "multipart/related":
                return self.read(_root_of(part))
            return _joined([self.read(child) for child in part.parts])
        if part.type.startswith("multipart/") or is_attachment(part, self.first):
            return EMPTY
        if part.type == "text/html":
            return self.html(self.text(part))
        if part.type in ("text/plain", "text/enriched"):
            return self.plain(part)
        return EMPTY

    def text(self, part: Part) -> tuple[str, bool]:
        """The decoded source of a text part, and whether that is all of it."""
        raw = body_bytes(self.raw, part)
        limit = self.limits.text_bytes * (8 if part.type == "text/html" else 1)
        whole = len(raw) <= limit
        raw = raw[:limit]
        label = part.params.get("charset", "")
        if not label and part.type == "text/html":
            meta = _META_CHARSET.search(raw, 0, 4096)
            label = meta[1].decode("ascii") if meta else ""
        text = decode(raw, label)
        return (text.replace("\r\n", "\n") if "\r" in text else text), whole

    def plain(self, part: Part) -> Body:
        text, whole = self.text(part)
        if "<" in text[:200] and _LOOKS_LIKE_HTML.match(text):
            return self.html((text, whole))
        if part.params.get("format", "").lower() == "flowed":
            text = unflow(text, delete_space=part.params.get("delsp", "").lower() == "yes")
        if "begin " in text and part.encoding != "base64":
            text = _UU.sub("", text)
        text = display_text(text, multiline=True).strip("\n")
        return Body(text, False, find_links(text), "", whole)

    def html(self, source: tuple[str, bool]) -> Body:
        text, whole = source
        if len(text) > self.limits.html_chars:
            text = _DATA_URI.sub("data:,", text)
        rendered = html_to_text(text[: self.limits.html_chars])
        whole = whole and len(text) <= self.limits.html_chars
        return Body(rendered.text, True, rendered.links, rendered.language, whole)

    def alternative(self, part: Part) -> Body:
        """Plain text unless it is missing, a stub, or only points to the HTML."""
        plain = [child for child in part.parts if child.type == "text/plain"]
        others = [child for child in part.parts if child.type not in ("text/plain", "text/calendar")]
        body = _joined([self.read(child) for child in plain])
        size = len(body.text.strip())
        if size >= STUB or not others:
            return body
        rich = max((self.read(child) for child in others), key=lambda one: len(one.text))
        return rich if len(rich.text.strip()) > max(2 * size, size + STUB) or not size else body


def _root_of(part: Part) -> Part:
    """The part that a multipart/related shows (RFC 2387)."""
    start = part.params.get("start", "").strip("<> ")
    if start:
        for child in part.parts:
            if child.content_id == start:
                return child
    for child in part.parts:
        if child.type.startswith(("text/", "multipart/")):
            return child
    return part.parts[0]


def _joined(bodies: list[Body]) -> Body:
    said = [body for body in bodies if body.text or not body.whole]
    if not said:
        return EMPTY
    if len(said) == 1:
        return said[0]
    return Body(
        "\n\n".join(body.text for body in said),
        any(body.from_html for body in said),
        tuple(link for body in said for link in body.links),
        next((body.language for body in said if body.language), ""),
        all(body.whole for body in said),
    )


def unflow(text: str, *, delete_space: bool = False) -> str:
    """Join the soft-broken lines of ``format=flowed`` (RFC 3676); quote marks are kept."""
    out: list[str] = []
    soft_depth = -1
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        soft = content.endswith(" ") and content != "-- "
        if soft_depth != depth or content == "-- ":
            out.append("\n" + (">" * depth + " " if depth else ""))
        out.append(content[:-1] if soft and delete_space else content)
        soft_depth = depth if soft else -1
    return "".join(out)[1:]


def uuencoded(text: str) -> list[tuple[str, str]]:
    """(name, encoded lines) of the files that stand uuencoded in a plain text."""
    return [(found[1].strip(), found[2]) for found in _UU.finditer(text)]


def text_parts(tree: Tree) -> list[str]:
    """The decoded plain texts that may hold uuencoded files."""
    reader = _Reader(tree.raw, Limits(), first_text(tree.root))
    return [
        reader.text(part)[0]
        for part, _ in leaves(tree.root)
        if part.type == "text/plain" and part.encoding != "base64" and not is_attachment(part, reader.first)
    ]
