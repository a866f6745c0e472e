"""Where a text names a person: by full name, mail address or telephone number; and the text without it (SPEC §6, erasure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any
from unicodedata import normalize

from crm_tui.rules.folding import fold_text
from crm_tui.rules.running_scripts import FEWEST_LETTERS, edges, long_enough, signs, together

BLACK = "▒"
"""Stands for what was erased."""

TELLING_LETTERS, TELLING_SIGNS = 4, 3
"""A full name of which no word is so long, and which has not so many characters of Chinese, Japanese or Korean, is made of
ordinary short words: it is not looked for elsewhere."""
UNMISTAKABLE_LETTERS = 12
"""A name of so many letters is found however it is written; a shorter one only where its words begin with capitals."""
FEWEST_DIGITS = 7
"""A number with fewer digits may be anything: a price, a room, a year."""
_BETWEEN_DIGITS = r"[\s\u00a0()./-]*"
_BETWEEN_WORDS = r"[\s,/_.\u00a0\u00b7\u30fb\u200b-\u200d\u2060-]+(?:\w\.[\s\u00a0]+)?"
"""Between the names of a person: blanks, a comma, a hyphen, a middle dot, an initial."""
_WORD = re.compile(r"[^\W_]+")
_NATIONAL = 9
"""So many digits from its end on say whose number it is, whatever stands before them."""


@dataclass(frozen=True)
class Mentions:
    """What names a person.

    Attributes:
        names: given name and surname each; empty if they are not to be looked for.
        addresses: mail addresses.
        numbers: telephone numbers, E.164.
        alone: either name alone is looked for too: only within what is known to be about the person.
        words: folded words or phrases that are looked for as they are, whole, however short.
    """

    names: tuple[tuple[str, str], ...] = ()
    addresses: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    alone: bool = False
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.names or self.addresses or self.numbers or self.words)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = [rf"(?<![\w.+-]){re.escape(fold_text(one))}(?![.-]?\w)" for one in _longest(self.addresses)]
        for digits in self.digits:
            parts.append(r"(?<!\d)\+?\d{0,4}" + _BETWEEN_DIGITS + _BETWEEN_DIGITS.join(digits) + r"(?!\d)")
        named: dict[tuple[str, str], list[str]] = {}
        for one in self.phrases:
            named.setdefault(edges(one), []).append(_written(one.split()))
        if named:
            ways = (f"{before}(?:{'|'.join(names)}){after}" for (before, after), names in named.items())
            parts.append(f"(?P<name>{'|'.join(ways)})")
        return re.compile("|".join(parts) or r"(?!)")

    @cached_property
    def phrases(self) -> tuple[str, ...]:
        """The names as folded text holds them, either name first."""
        found: dict[str, None] = dict.fromkeys(self.words)
        for given, surname in self.names:
            one, other = " ".join(fold_text(given).split()), " ".join(fold_text(surname).split())
            if one and other:
                found |= {f"{one} {other}": None, f"{other} {one}": None}
            if self.alone:
                found |= dict.fromkeys(word for word in (one, other) if long_enough(word))
        return _longest(found)

    @cached_property
    def digits(self) -> tuple[str, ...]:
        """The last digits of each number, as they are looked for."""
        plain = (re.sub(r"\D", "", one)[-_NATIONAL:] for one in self.numbers)
        return tuple(dict.fromkeys(one for one in plain if len(one) >= FEWEST_DIGITS))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """The places in a text, from and to; accents, case and the spaces of a number do not matter.

        A short name in small letters is taken for ordinary words: Rose and Mark are names, rose and mark are not.
        """
        if not self or not text:
            return []
        if text.isascii():
            found = self._pattern.finditer(text.lower())
            return [one.span() for one in found if one.lastgroup != "name" or _as_name(text[slice(*one.span())])]
        folded: list[str] = []
        places: list[int] = []
        for place, letter in enumerate(text):
            plain = fold_text(letter)
            folded.append(plain)
            places += [place] * len(plain)
        whole = (
            (one.lastgroup, places[one.start()], _end(text, places[one.end() - 1] + 1))
            for one in self._pattern.finditer("".join(folded))
            if one.end() > one.start()
        )
        return [
            (start, end)
            for kind, start, end in whole
            if kind != "name" or (_as_name(text[start:end]) and not _goes_on(text, end))
        ]

    def without(self, text: str) -> str:
        """The text with each of them blacked out, letter for letter, so that other places in it stay where they are."""
        found = self.spans(text)
        if not found:
            return text
        parts, done = [], 0
        for start, end in found:
            parts += [text[done:start], BLACK * (end - start)]
            done = end
        return "".join((*parts, text[done:]))

    def without_any(self, value: Any) -> Any:
        """The same for every text in a JSON value, names of fields left as they are."""
        if isinstance(value, str):
            return self.without(value)
        if isinstance(value, dict):
            return {name: self.without_any(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.without_any(one) for one in value]
        return value


def blackened(value: Any) -> Any:
    """A JSON value of the same shape that says nothing: every text is black, everything else is gone."""
    if isinstance(value, str):
        return BLACK if value else ""
    if isinstance(value, dict):
        return {name: blackened(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [blackened(one) for one in value]
    return None


def _written(words: Sequence[str]) -> str:
    """The words of a name as they may stand in a folded text."""
    parts = [re.escape(words[0])] if words else []
    for one, other in pairwise(words):
        parts += [f"(?:{_BETWEEN_WORDS})?" if together(one, other) else _BETWEEN_WORDS, re.escape(other)]
    return "".join(parts)


def _longest(words: Iterable[str]) -> tuple[str, ...]:
    """The longer first, so that a pattern takes the whole of what begins alike."""
    return tuple(sorted(words, key=len, reverse=True))


def _end(text: str, end: int) -> int:
    """Combining marks belong to the letter before them."""
    while end < len(text) and not fold_text(text[end]):
        end += 1
    return end


def _goes_on(text: str, end: int) -> bool:
    """Whether a mark follows that is a letter of its own, such as a vowel of Devanagari: the word is a longer one."""
    return unicodedata.category(text[end : end + 1] or " ").startswith("M")


def telling(given: str, surname: str) -> bool:
    """Whether a full name tells a person among others: both names are there, and they are not ordinary short words."""
    whole = normalize("NFC", fold_text(f"{given} {surname}"))
    if not (given.strip() and surname.strip()):
        return False
    return signs(whole) >= TELLING_SIGNS or any(len(word) >= TELLING_LETTERS for word in _WORD.findall(whole))


def spoken(given: str, surname: str) -> tuple[tuple[str, str], ...]:
    """The ways a full name is used: in full, and with the first of several given names."""
    first = given.split()[:1]
    return tuple(dict.fromkeys(((given, surname), *((one, surname) for one in first))))


def _as_name(written: str) -> bool:
    words = _WORD.findall("".join(one for one in written if not unicodedata.category(one).startswith("M")))
    if sum(len(word) for word in words) >= UNMISTAKABLE_LETTERS:
        return True
    return all(not word[0].islower() for word in words if len(word) > FEWEST_LETTERS or len(words) < FEWEST_LETTERS)
