"""Which guests may be one: how alike two names are, and how much speaks for a pair (SPEC §6).

Pure, and quick enough for a million pairs: profiles hold folded text (no case, no accents), the costly comparison is made
only of names that are roughly alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio, token_set_ratio

from crm_tui.rules.suggestions import Pair, Reason

SMALL = 40
"""In groups up to this size (same birth date, address or number) everybody is compared with everybody."""

WINDOW = 12
"""In a larger one, with the next so many along the alphabet, by the words in order and by the longest first."""

_ROUGH = 62
"""Likeness (of 100) below which two names are not compared word by word."""
_WORD = re.compile(r"[^\W_]+")
_TYPO_FROM = 4
_TWO_TYPOS_FROM = 9
_JOINED = 90


class Alike(IntEnum):
    """How alike two names are."""

    DIFFERENT = 0
    PARTLY = 1
    NEARLY = 2
    SAME = 3


class Profile(NamedTuple):
    """What a guest is compared by.

    Attributes:
        name: surname and given names, folded.
        birth: YYYY-MM-DD; empty if unknown.
    """

    id: int
    kind: str
    name: str
    birth: str = ""


_OF_NAME = {Alike.SAME: 45, Alike.NEARLY: 36, Alike.PARTLY: 24, Alike.DIFFERENT: -40}
_WEIGHTS = {
    Reason.MAIL: 45,
    Reason.PHONE: 35,
    Reason.BIRTH: 30,
    Reason.BIRTH_NEAR: 8,
    Reason.OTHER_BIRTH: -45,
}
_CONTACTS = (Reason.MAIL, Reason.PHONE)
_BOTH_CONTACTS = 55
"""A family has both in common as often as not: together they say little more than one of them."""


def score(one: Profile, other: Profile, shared: Iterable[Reason] = ()) -> Pair:
    """How much speaks for two guests being one.

    Args:
        shared: :attr:`Reason.MAIL` and :attr:`Reason.PHONE`, if they have one in common.
    """
    alike, how = names_alike(one.name, other.name)
    reasons = [*dict.fromkeys(shared), how]
    if one.birth and other.birth:
        near = Reason.BIRTH_NEAR if days_alike(one.birth, other.birth) else Reason.OTHER_BIRTH
        reasons.append(Reason.BIRTH if one.birth == other.birth else near)
    contacts = sum(_WEIGHTS[reason] for reason in reasons if reason in _CONTACTS)
    points = _OF_NAME[alike] + min(contacts, _BOTH_CONTACTS)
    points += sum(_WEIGHTS.get(reason, 0) for reason in reasons if reason not in _CONTACTS)
    first, second = sorted((one.id, other.id))
    return Pair(first, second, max(0, min(100, points)), tuple(reasons))


def days_alike(one: str, other: str) -> bool:
    """Whether two days differ by one wrong digit, or by day and month turned around."""
    if len(one) != len(other):
        return False
    wrong = sum(a != b for a, b in zip(one, other, strict=True))
    turned = one[:5] + one[8:] + "-" + one[5:7]
    return wrong == 1 or turned == other


# Names


def words_of(name: str) -> tuple[str, ...]:
    """The words of a folded name."""
    return tuple(_WORD.findall(name))


_words = lru_cache(maxsize=65_536)(words_of)


def names_alike(one: str, other: str) -> tuple[Alike, Reason]:
    """How alike two folded names are, and in which way.

    Every word of the shorter name must be found in the longer one: whole, with a typing error, or as its first letter. So
    *García López, Ana* is *Garcia, Ana* in part, and never *García Pérez, Ana*. The order of the words does not matter.
    """
    if one == other and one:
        return Alike.SAME, Reason.NAME
    first, second = _words(one), _words(other)
    if not first or not second:
        return Alike.DIFFERENT, Reason.OTHER_NAME
    if first == second:
        return Alike.SAME, Reason.NAME
    if len(first) == len(second) and sorted(first) == sorted(second):
        return Alike.SAME, Reason.SWAPPED
    if len(first) > len(second):
        first, second = second, first
    found = _matched(first, second)
    if found is None:
        return _written_together(first, second)
    typos, initials, whole = found
    if not whole:  # initials alone are nobody's name
        return Alike.DIFFERENT, Reason.OTHER_NAME
    if len(first) == len(second) and typos <= 1 and not initials:
        return Alike.NEARLY, Reason.TYPO
    if initials:
        return Alike.PARTLY, Reason.INITIAL
    if typos > 1 or len(first) == 1:
        return Alike.PARTLY, Reason.TYPO if typos else Reason.PART
    return Alike.NEARLY, Reason.PART


def _matched(short: Sequence[str], long: Sequence[str]) -> tuple[int, int, int] | None:
    """How many words of the shorter name are there with a typing error, as a first letter, and at all; None: not all are."""
    left = list(long)
    rest = []
    for word in short:
        if word in left:
            left.remove(word)
        else:
            rest.append(word)
    typos = initials = 0
    for word in rest:
        meant = next((one for one in left if _mistyped(word, one)), "")
        if meant:
            typos += 1
        else:
            meant = next((one for one in left if 1 in (len(word), len(one)) and word[0] == one[0]), "")
            if not meant:
                return None
            initials += 1
        left.remove(meant)
    return typos, initials, len(short) - initials


def _mistyped(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    if shorter < _TYPO_FROM or abs(len(one) - len(other)) > 2 or not (one + other).isalpha():
        return False
    most = 2 if shorter >= _TWO_TYPOS_FROM else 1
    return OSA.distance(one, other, score_cutoff=most) <= most


def _written_together(first: Sequence[str], second: Sequence[str]) -> tuple[Alike, Reason]:
    """*Jean-Pierre* and *Jeanpierre*, and scripts that do without spaces."""
    if len(first) != len(second) and ratio("".join(first), "".join(second), score_cutoff=_JOINED):
        return Alike.NEARLY, Reason.TYPO
    return Alike.DIFFERENT, Reason.OTHER_NAME


# Groups


def alike_within(group: Sequence[Profile]) -> Iterator[tuple[Profile, Profile]]:
    """The pairs of a group whose names are roughly alike: those that are worth a closer look."""
    for one, other in candidates(group):
        if one.kind == other.kind and (
            one.name == other.name or token_set_ratio(one.name, other.name, score_cutoff=_ROUGH)
        ):
            yield one, other


def candidates(group: Sequence[Profile]) -> Iterator[tuple[Profile, Profile]]:
    """All pairs of a small group; of a large one those that stand near each other, however the words are turned."""
    if len(group) <= SMALL:
        yield from combinations(group, 2)
        return
    seen: set[tuple[int, int]] = set()
    for key in (_in_order, _longest_first):
        order = sorted(group, key=key)
        for place, one in enumerate(order):
            for other in order[place + 1 : place + 1 + WINDOW]:
                pair = (one.id, other.id) if one.id < other.id else (other.id, one.id)
                if pair not in seen:
                    seen.add(pair)
                    yield one, other


def _in_order(one: Profile) -> str:
    return " ".join(sorted(_words(one.name)))


def _longest_first(one: Profile) -> list[str]:
    return sorted(_words(one.name), key=lambda word: (-len(word), word))
