"""What is read: a mail's own words, folded letter by letter so that every place in them is a place in the mail."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Generic, TypeVar

T = TypeVar("T")

TEXT, SUBJECT, SENDER, MAIL = "text", "subject", "sender", "mail"
LIMIT = 60_000
_LETTERS = str.maketrans("łŁøØđĐßæÆœŒ’ʼ\xa0\u2009\u202f", "llooddsaaoo''   ")
_ANSWER = re.compile(r"\s{0,4}(?:\[[^\]]{0,40}\]\s{0,2})?(?:re|rv|odp|pd|fwd?|tr|aw|wg)\s?:", re.IGNORECASE)
_END = re.compile(r"[!?;\n]+|\.(?=\s+[A-ZÀ-ŽŚŻŹŁ¿¡\"(])|\.(?=\s*\n)")
GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A proposed value and the words it was read from.

    Attributes:
        words: the source words as written.
        start, end: where they stand in the place named by ``source``; the end is exclusive.
        source: ``text``, ``subject`` or ``sender`` (the sender's name); ``mail`` for what the mail as a whole shows.
    """

    value: T
    words: str
    start: int
    end: int
    source: str = TEXT


class _Folding(dict[int, int]):
    """One letter for one letter: lower case, without accents."""

    def __missing__(self, code: int) -> int:
        base = unicodedata.normalize("NFD", chr(code))[0].lower()
        self[code] = found = ord(base) if len(base) == 1 else code
        return found


_FOLDING = _Folding()


def fold(text: str) -> str:
    """``text`` in lower case without accents, of the same length."""
    return text.translate(_LETTERS).translate(_FOLDING)


def blank(text: str, ranges: Iterable[tuple[int, int]]) -> str:
    """``text`` with what lies in ``ranges`` replaced by spaces; lines and length stay."""
    parts, at = [], 0
    for start, end in sorted(ranges):
        start, end = max(start, at), min(end, len(text))
        if start >= end:
            continue
        parts += [text[at:start], "".join("\n" if letter == "\n" else " " for letter in text[start:end])]
        at = end
    return "".join((*parts, text[at:]))


class Source:
    """A mail as it is read: the subject (unless it only answers), then the own text, as written and folded."""

    def __init__(
        self,
        text: str,
        subject: str,
        written: date,
        *,
        quoted: Iterable[tuple[int, int]] = (),
        signature: tuple[int, int] | None = None,
    ) -> None:
        own = blank(text[:LIMIT], quoted)
        self.answers = bool(_ANSWER.match(subject))
        said = "" if self.answers else subject[:1000]
        self.written = written
        self.offset = len(said) + len(GAP)
        self.signed = said + GAP + own
        self.whole = said + GAP + blank(own, [signature] if signature else [])
        self.folded = fold(self.whole)
        self.signature = (signature[0] + self.offset, signature[1] + self.offset) if signature else None

    @cached_property
    def ends(self) -> list[int]:
        """Where sentences end."""
        return [found.end() for found in _END.finditer(self.whole)]

    def sentence(self, at: int) -> tuple[int, int]:
        """The bounds of the sentence around a place."""
        index = bisect_right(self.ends, at)
        start = self.ends[index - 1] if index else 0
        end = self.ends[index] if index < len(self.ends) else len(self.whole)
        return start, end

    def sentence_text(self, at: int) -> str:
        """The folded sentence around a place, at most 600 characters of it on each side."""
        start, end = self.sentence(at)
        return self.folded[max(start, at - 600) : min(end, at + 600)]

    def before(self, at: int, length: int) -> str:
        """The folded words before a place, within its sentence."""
        return self.folded[max(self.sentence(at)[0], at - length) : at]

    def after(self, at: int, length: int) -> str:
        """The folded words after a place."""
        return self.folded[at : at + length]

    def found(self, value: T, start: int, end: int) -> Found[T]:
        """A proposal read from here."""
        end = min(end, self.offset - len(GAP)) if start < self.offset - len(GAP) else end
        start += len(self.signed[start:end]) - len(self.signed[start:end].lstrip())
        words = self.signed[start:end].rstrip(" .,;:\n")
        end = start + len(words)
        if end <= self.offset - len(GAP):
            return Found(value, words, start, end, SUBJECT)
        start = max(start, self.offset)
        return Found(value, self.signed[start:end], start - self.offset, end - self.offset)
