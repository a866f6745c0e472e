"""Finding a text again where others quote it: by its own sentences, and line by line behind the marks of a quote."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from crm_tui.rules.mentions import BLACK

SENTENCE = 40
"""A sentence of so many letters is somebody's own; a shorter one may be anybody's."""
LINE = 24
"""Behind the mark of a quote a line of so many letters is taken for the same, if it is the whole line."""
_END = re.compile(r"(?<=[.!?…])\s+|\n")
_GAP = r"[\s>]+"


@dataclass(frozen=True)
class Quotes:
    """What somebody wrote, to be taken out of what others quote of it."""

    sentences: frozenset[str] = frozenset()
    lines: frozenset[str] = field(default=frozenset())

    @classmethod
    def of(cls, texts: Iterable[str]) -> Quotes:
        """The sentences and lines of some texts that are long enough to be told again."""
        sentences: set[str] = set()
        lines: set[str] = set()
        for text in texts:
            paragraphs = re.split(r"\n\s*\n", text)
            joined = (" ".join(paragraph.split()) for paragraph in paragraphs)
            pieces = [*(one for whole in joined for one in _END.split(whole)), *text.splitlines()]
            sentences |= {plain for plain in (" ".join(one.split()) for one in pieces) if len(plain) >= SENTENCE}
            lines |= {plain for plain in (" ".join(one.split()) for one in text.splitlines()) if len(plain) >= LINE}
        return cls(frozenset(sentences), frozenset(lines))

    def __bool__(self) -> bool:
        return bool(self.sentences or self.lines)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest = sorted(self.sentences, key=len, reverse=True)
        return re.compile("|".join(_GAP.join(map(re.escape, one.split())) for one in longest) or r"(?!)")

    def without(self, text: str) -> str:
        """The text with what it quotes blacked out, letter for letter, line breaks and marks left."""
        done = self._pattern.sub(lambda found: re.sub(r"[^\s>]", BLACK, found[0]), text) if self.sentences else text
        return "".join(self._line(one) for one in done.splitlines(keepends=True))

    def without_within(self, text: str, ranges: Iterable[Iterable[int]]) -> str:
        """The same, only in these stretches of the text: what others say in their own words is theirs."""
        for start, end in ranges:
            text = text[:start] + self.without(text[start:end]) + text[end:]
        return text

    def _line(self, line: str) -> str:
        words = line.lstrip("> \t")
        if ">" in line[: len(line) - len(words)] and " ".join(words.split()) in self.lines:
            return line[: len(line) - len(words)] + re.sub(r"\S", BLACK, words)
        return line
