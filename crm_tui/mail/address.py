"""Addresses as mail really writes them, and what makes a sender suspicious (RFC 5322 §3.4, QUALITY S3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from crm_tui.mail.headers import decode_words, text_of
from crm_tui.mail.text import display_text

MAX_NAME = 500
MAX_ADDRESS = 320
MAX_ADDRESSES = 20_000
MAX_PIECE = 4000

Word = tuple[str, str]
"""(quoted, comment or plain; text)"""

_SIMPLE = re.compile(r'\s*(?:"([^"\\<>@]*)"|([^"<>@,;:()\\=]*?))\s*<([^\s<>@",;:()\\]+@[^\s<>@",;:()\\=?]+)>\s*')
_TOKEN = re.compile(
    r'"((?:[^"\\]|\\.)*)"|(\()|(<[<\s]*[^<>]*[>\s]*)|([,;:])|(=\?[^?\s]+\?[bBqQ]\?[^?]*\?=|\\.|[^"(<,;:\\=]+|[="\\])',
    re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"\\.|[()]", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SPACE = re.compile(r"\s+")
_QUOTED_LOCAL = re.compile(r'"[^"@]{1,64}"@[^\s<>()",;:@]+')
_ADDRESS = re.compile(r"[^\s<>()\[\]\",;:'@]+@[^\s<>()\",;:'@]+")


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox as it is shown: both parts are safe to display, the domain is lower-cased; either may be empty."""

    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name and self.address else self.name or self.address


NOBODY = Address("", "")


def read_addresses(values: Iterable[bytes]) -> tuple[Address, ...]:
    """All mailboxes of the header fields ``values`` (raw bytes); groups are opened, broken pieces kept as names."""
    found: list[Address] = []
    for value in values:
        found += _cached(value) if len(value) < 256 else _read(value)
        if len(found) >= MAX_ADDRESSES:
            break
    return tuple(found[:MAX_ADDRESSES])


@lru_cache(maxsize=2048)
def _cached(value: bytes) -> tuple[Address, ...]:
    return _read(value)


def _read(value: bytes) -> tuple[Address, ...]:
    text = text_of(value)
    simple = _SIMPLE.fullmatch(text)
    if simple:
        return (make_address(simple[1] if simple[1] is not None else simple[2], simple[3]),)
    addresses = parse_addresses(text)
    if "=?" in text and not any("@" in one.address for one in addresses):
        decoded = decode_words(text)
        if "@" in decoded:
            return parse_addresses(decoded)
    return addresses


def parse_addresses(text: str) -> tuple[Address, ...]:
    """The mailboxes of an unfolded address list, in linear time and without recursion."""
    found: list[Address] = []
    for words, angle in _mailboxes(text):
        one = _mailbox(words, angle)
        if one != NOBODY:
            found.append(one)
        if len(found) >= MAX_ADDRESSES:
            break
    return tuple(found)


def _mailboxes(text: str) -> Iterator[tuple[list[Word], str | None]]:
    """Split a list into (words of the name, content of the angle brackets).

    A comma after a piece without any address belongs to an unquoted name (``Hotel, Reception <a@b>``).
    """
    words: list[Word] = []
    angle: str | None = None
    named = 0  # how many of the words stood before the brackets
    addressed = False  # whether a bare word holds an @
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None
        at = match.end()
        quoted, comment, bracket, separator, plain = match.groups()
        if quoted is not None:
            words.append(("quoted", _ESCAPED.sub(r"\1", quoted)))
        elif comment:
            end = _comment_end(text, at)
            words.append(("comment", text[at : end - 1].strip()))
            at = end
        elif bracket is not None:
            if angle is not None:
                yield words[:named], angle
                words = words[named:]
            angle = bracket.strip("<> \t")
            named = len(words)
        elif separator == ":" and angle is None and not addressed:
            words = []  # the name of a group
        elif separator and (angle is not None or addressed or separator == ";"):
            yield words, angle
            words, angle, addressed = [], None, False
        elif separator:
            words += [("plain", separator)] if words else []
        else:
            words.append(("plain", plain if plain != '"' else ""))
            addressed = addressed or ("@" in plain and not plain.startswith("=?"))
    yield words, angle


def _comment_end(text: str, at: int) -> int:
    """The offset behind the comment opened before ``at``; nesting is counted, not followed."""
    depth = 1
    for edge in _COMMENT_EDGE.finditer(text, at):
        depth += {"(": 1, ")": -1}.get(edge[0], 0)
        if not depth:
            return edge.end()
    return len(text) + 1


def _mailbox(words: list[Word], angle: str | None) -> Address:
    """One mailbox from its pieces; without angle brackets the word with an @ is the address."""
    comments = " ".join(word for kind, word in words if kind == "comment")[:MAX_PIECE]
    if angle is not None:
        name = "".join(word for kind, word in words if kind != "comment")[:MAX_PIECE]
        return make_address(name or comments, angle[:MAX_PIECE])
    text = "".join(f'"{word}"' if kind == "quoted" else word for kind, word in words if kind != "comment")
    text = text[:MAX_PIECE].strip(" ,")
    found = _QUOTED_LOCAL.search(text) or _ADDRESS.search(text)
    if found:
        rest = (text[: found.start()] + " " + text[found.end() :]).strip()
        return make_address(rest or comments, found[0])
    inside = _ADDRESS.search(comments)
    return make_address(text, inside[0] if inside else "")


def make_address(name: str, address: str) -> Address:
    """An :class:`Address` from undecoded pieces: words decoded, quotes and brackets dropped, made safe to show."""
    if "=?" in name:
        name = decode_words(name)
    if "=?" in address:
        address = decode_words(address)
    name = _unquoted(display_text(name).strip())
    if "  " in name:
        name = _SPACE.sub(" ", name)
    address = clean_address(address)
    if name.casefold() == address.casefold():
        name = ""
    return Address(name[:MAX_NAME], address)


def _unquoted(name: str) -> str:
    """The name without the quotes around the whole of it."""
    while len(name) > 1 and name[0] == name[-1] and name[0] in "\"'":
        name = name[1:-1].strip()
    return "" if name in ('"', "'") else name


def clean_address(address: str) -> str:
    """The address alone, safe to show, without white space, brackets, ``mailto:`` or a source route."""
    address = display_text(address).strip()
    if not _QUOTED_LOCAL.fullmatch(address):
        address = _SPACE.sub("", address).strip("<>'\"")
    if address[:7].lower() == "mailto:":
        address = address[7:]
    if address.startswith("@") and ":" in address:
        address = address.partition(":")[2]
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{domain.rstrip('.').lower()}"[:MAX_ADDRESS] if at else address[:MAX_ADDRESS]


def sender_flags(sender: Address, reply_to: tuple[Address, ...], senders: int = 1) -> tuple[str, ...]:
    """Why a sender may not be who they seem (QUALITY S3).

    ``name-has-address`` (the name shows another address), ``mixed-script`` (letters of several alphabets in one word),
    ``punycode`` (an international domain), ``reply-to-differs``, ``several-from`` (more than one author).
    """
    flags: list[str] = []
    shown = {found[0].casefold() for found in _ADDRESS.finditer(sender.name)} if "@" in sender.name else set()
    if ("@" in sender.name or "＠" in sender.name) and shown != {sender.address.casefold()}:
        flags.append("name-has-address")
    if mixed_script(sender.name) or mixed_script(sender.address):
        flags.append("mixed-script")
    domain = sender.address.rpartition("@")[2]
    if not domain.isascii() or domain.startswith("xn--") or ".xn--" in domain:
        flags.append("punycode")
    if any(one.address for one in reply_to) and sender.address.casefold() not in {
        one.address.casefold() for one in reply_to
    }:
        flags.append("reply-to-differs")
    if senders > 1:
        flags.append("several-from")
    return tuple(flags)


_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_LOOKALIKE = re.compile(
    "[\u0370-\u03ff\u0400-\u052f\u0530-\u058f\u13a0-\u13ff\u1f00-\u1fff\uff21-\uff5a\U0001d400-\U0001d7ff]"
)
_WORDS = re.compile(r"[^\W_]+")


def mixed_script(text: str) -> bool:
    """Whether a word mixes Latin letters with those of an alphabet that looks like it."""
    if text.isascii():
        return False
    return any(_LATIN.search(word[0]) and _LOOKALIKE.search(word[0]) for word in _WORDS.finditer(text))
