"""What a search result shows of a message: the place that matched, and the ranges to highlight.

Made when it is first looked at: of fifty results a screen shows some twenty, and finding them must not wait for this.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.query import Term

_QUOTES = re.compile(r"^[ \t]*(?:> ?)+", re.MULTILINE)
"""Signs of a quote, which mean nothing in the middle of a line."""

Ranges = tuple[tuple[int, int], ...]

LENGTH = 140
_BEFORE = 30


def finder(terms: Sequence[Term]) -> re.Pattern[str] | None:
    """A pattern that finds in folded text what the terms match; None if they match nothing that could be shown."""
    patterns = []
    for term in terms:
        words = re.findall(r"[^\W_]+", fold_text(term.text))
        if words and not term.exclude:
            end = "" if term.prefix else r"(?![^\W_])"
            patterns.append(r"(?<![^\W_])" + r"(?:\W|_)+".join(map(re.escape, words)) + end)
    return re.compile("|".join(patterns)) if patterns else None


class Excerpt:
    """The title and the text of one result, with the pattern that finds the matches."""

    __slots__ = ("_finder", "_snippet", "_text", "_title")

    def __init__(self, title: str, text: str, pattern: re.Pattern[str] | None) -> None:
        self._title = title
        self._text = text
        self._finder = pattern
        self._snippet: tuple[str, Ranges] | None = None

    def title_matches(self) -> Ranges:
        """The ranges of the title that match."""
        return matches(self._title, self._finder)

    def snippet(self) -> tuple[str, Ranges]:
        """One line around the first match, or the beginning of the text, and the ranges of it that match."""
        if self._snippet is None:
            line = _around_match(self._text, self._finder)
            self._snippet = line, matches(line, self._finder)
            self._text = ""
        return self._snippet


def matches(text: str, pattern: re.Pattern[str] | None) -> Ranges:
    """Where a text matches, as ranges of the text itself; folding may change lengths, so positions are mapped back."""
    if pattern is None:
        return ()
    folded = fold_text(text)
    if pattern.search(folded) is None:
        return ()
    places = _places(text)
    if len(places) != len(folded):
        return ()
    return tuple(
        (places[found.start()], places[found.end() - 1] + 1)
        for found in pattern.finditer(folded)
        if found.end() > found.start()
    )


def _places(text: str) -> Sequence[int]:
    """For each character of the folded text, the index of the character it came from."""
    if text.isascii():
        return range(len(text))
    lengths = [len(fold_text(character)) for character in text]
    return [index for index, length in enumerate(lengths) for _repeat in range(length)]


def _around_match(text: str, pattern: re.Pattern[str] | None) -> str:
    found = pattern.search(fold_text(text)) if pattern else None
    # Folding rarely changes lengths, and then only by a few: close enough to choose what to show.
    start = found.start() if found else 0
    begin = max(0, text.rfind(" ", 0, start - _BEFORE) + 1) if start > LENGTH // 2 else 0
    words = _QUOTES.sub("", text[begin : begin + 3 * LENGTH]).split()
    return display_text(" ".join(words))[:LENGTH]
