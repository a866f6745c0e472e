"""Gaps: where a template's variable has no value, the text shows ``⟦guest.surname⟧`` and cannot be sent (SPEC §5)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

OPEN, CLOSE = "⟦", "⟧"
_GAP = re.compile(rf"{OPEN}([A-Za-z][\w.]*){CLOSE}")
_QUOTED = re.compile(r"^[ \t]{0,3}>")


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap in a text: the variable it stands for, and where it is (a half-open range of characters)."""

    name: str
    start: int
    end: int


def marked(name: str) -> str:
    """How the gap of a variable looks."""
    return f"{OPEN}{name}{CLOSE}"


def unmarked(text: str) -> str:
    """A foreign text that cannot pretend to be a gap."""
    return text.replace(OPEN, "[").replace(CLOSE, "]")


def gaps_in(text: str) -> list[Gap]:
    """The gaps of a text, in order; what is quoted from others does not count."""
    found: list[Gap] = []
    start = 0
    for line in text.split("\n"):
        if OPEN in line and not _QUOTED.match(line):
            found += [Gap(match[1], start + match.start(), start + match.end()) for match in _GAP.finditer(line)]
        start += len(line) + 1
    return found


def gap_names(*texts: str) -> Sequence[str]:
    """The variables that are missing in texts, each once, in order."""
    return tuple(dict.fromkeys(gap.name for text in texts for gap in gaps_in(text)))
