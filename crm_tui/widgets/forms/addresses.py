"""What a person types into To, Cc and Bcc, read as addresses. Pure; no widget."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from crm_tui.desk.correspondence.addresses import is_address

__all__ = ["Typed", "is_address", "piece_at", "read_addresses", "write_address"]

_NAMED = re.compile(r'^\s*(?P<name>"(?:[^"\\]|\\.)*"|[^<]*?)\s*<\s*(?P<address>[^<>]*?)\s*>\s*$')
_QUOTABLE = re.compile(r'[(),:;<>@\[\]\\"]')


@dataclass(frozen=True, slots=True)
class Typed:
    """One address as typed: its place in the text (``start`` inclusive, ``end`` exclusive) and what it says."""

    start: int
    end: int
    name: str
    address: str

    @property
    def valid(self) -> bool:
        """Whether mail can be addressed to it (form only; nobody asks the network)."""
        return is_address(self.address)


def _pieces(text: str) -> Iterable[tuple[int, int]]:
    start, quoted, angle, escaped = 0, False, False, False
    for index, character in enumerate(text):
        if escaped:
            escaped = False
        elif character == "\\" and quoted:
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif not quoted and character in "<>":
            angle = character == "<"
        elif not quoted and not angle and character in ",;\n":
            yield start, index
            start = index + 1
    yield start, len(text)


def read_addresses(text: str) -> tuple[Typed, ...]:
    """The addresses in ``text``, parted by commas or semicolons; names may be quoted. Empty pieces do not count."""
    found = []
    for start, end in _pieces(text):
        piece = text[start:end]
        stripped = piece.strip()
        if not stripped:
            continue
        begin = start + piece.index(stripped)
        match = _NAMED.match(stripped)
        name, address = (match["name"].strip(), match["address"]) if match else ("", stripped)
        if name.startswith('"') and name.endswith('"') and len(name) > 1:
            name = re.sub(r"\\(.)", r"\1", name[1:-1])
        found.append(Typed(begin, begin + len(stripped), name, address))
    return tuple(found)


def write_address(name: str, address: str) -> str:
    """``name`` and ``address`` as they are typed; the name is quoted where it must be."""
    clean = " ".join(name.split())
    if not clean:
        return address
    if _QUOTABLE.search(clean):
        escaped = clean.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{address}>'
    return f"{clean} <{address}>"


def piece_at(text: str, cursor: int) -> tuple[int, int]:
    """The piece that the cursor stands in: start and end in ``text``, spaces before it left out."""
    for start, end in _pieces(text):
        if start <= cursor <= end:
            while start < cursor and text[start] == " ":
                start += 1
            return start, end
    return len(text), len(text)
