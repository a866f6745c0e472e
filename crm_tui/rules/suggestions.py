"""What is suggested of guests who may be one, and how pairs become lines of a list (SPEC §6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

LISTED = 50
"""A pair with this score or more is suggested as a pair; below it, those who share an address are one line together."""


class Reason(StrEnum):
    """Why two guests may be one, or may not."""

    MAIL = "mail"
    PHONE = "phone"
    BIRTH = "birth"
    BIRTH_NEAR = "birth near"
    NAME = "name"
    SWAPPED = "swapped"
    TYPO = "typo"
    PART = "part"
    INITIAL = "initial"
    OTHER_NAME = "other name"
    OTHER_BIRTH = "other birth"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two guests who may be one: the lower number first, 0 to 100, and what it rests on."""

    one: int
    other: int
    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Guests who may be one.

    Attributes:
        guests: their numbers, two or more.
        score: 0 to 100.
        reasons: what it rests on.
        shared: they have little in common but an address or a number: a family, a firm.
    """

    guests: tuple[int, ...]
    score: int
    reasons: tuple[Reason, ...]
    shared: bool = False


MOST_TOGETHER = 6
"""More guests than this are not one line: their pairs are."""


def suggestions(pairs: Iterable[Pair], families: Iterable[Sequence[int]] = ()) -> list[Suggestion]:
    """Pairs that hang together as one line each, the surest first; those who merely share an address after them.

    Args:
        pairs: with :data:`LISTED` or more.
        families: guests who share an address or a number.
    """
    found: list[Suggestion] = []
    known: dict[int, int] = {}
    for place, group in enumerate(_connected(pairs)):
        guests = sorted({number for pair in group for number in (pair.one, pair.other)})
        known |= dict.fromkeys(guests, place)
        if len(guests) > MOST_TOGETHER:
            found += [Suggestion((pair.one, pair.other), pair.score, pair.reasons) for pair in group]
            continue
        reasons = tuple(dict.fromkeys(reason for pair in group for reason in pair.reasons))
        found.append(Suggestion(tuple(guests), max(pair.score for pair in group), reasons))
    for family in dict.fromkeys(tuple(sorted({*one})) for one in families):
        if len(family) > 1 and len({known.get(number, -number) for number in family}) > 1:
            found.append(Suggestion(family, _OF_FAMILY, (), shared=True))
    return sorted(found, key=lambda one: (one.shared, -one.score, one.guests))


_OF_FAMILY = 15


def _connected(pairs: Iterable[Pair]) -> list[list[Pair]]:
    parents: dict[int, int] = {}

    def root(number: int) -> int:
        while parents.setdefault(number, number) != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    every = list(pairs)
    for pair in every:
        parents[root(pair.one)] = root(pair.other)
    groups: dict[int, list[Pair]] = {}
    for pair in every:
        groups.setdefault(root(pair.one), []).append(pair)
    return list(groups.values())
