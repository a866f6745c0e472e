"""Sets of UIDs as IMAP writes them: ``1:3,7`` (RFC 3501 ``sequence-set``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MAX_SET = 7000
"""Characters of one set on a command line; servers are asked to take 8,000 (RFC 2683 §3.2.1.5)."""
_RANGE = re.compile(rb"(\d{1,10})(?::(\d{1,10}))?\Z")
_MOST = 10_000_000


def compact(uids: Iterable[int]) -> list[str]:
    """``uids`` as sequence-set pieces in ascending order, neighbours joined."""
    pieces: list[str] = []
    first = last = -1
    for uid in sorted(set(uids)):
        if uid == last + 1 and first >= 0:
            last = uid
            continue
        if first >= 0:
            pieces.append(_piece(first, last))
        first = last = uid
    if first >= 0:
        pieces.append(_piece(first, last))
    return pieces


def _piece(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}:{last}"


def command_sets(uids: Iterable[int]) -> Iterator[str]:
    """Sequence sets that together hold ``uids``, each short enough for one command line."""
    line = ""
    for piece in compact(uids):
        if line and len(line) + len(piece) >= MAX_SET:
            yield line
            line = ""
        line = f"{line},{piece}" if line else piece
    if line:
        yield line


def expand(text: bytes) -> list[int]:
    """The UIDs of a sequence set that a server sent, in its order.

    Raises:
        ValueError: it is no such set, or names more UIDs than any mailbox holds.
    """
    found: list[int] = []
    for part in text.split(b","):
        match = _RANGE.match(part.strip())
        if not match:
            raise ValueError("no sequence set")
        first = int(match[1])
        last = int(match[2] or first)
        first, last = min(first, last), max(first, last)
        if len(found) + last - first >= _MOST:
            raise ValueError("too many")
        found.extend(range(first, last + 1))
    return found
