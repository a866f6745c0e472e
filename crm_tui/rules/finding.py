"""Finding one of a few hundred names by some letters of it, typing errors forgiven."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORD = re.compile(r"\w+")
_SURE = 80.0
"""The score of a word without an error in it is at least this."""
_LEAST = 78.0
"""Likeness (of 100) from which on a word with an error in it is still taken for the one meant."""


def ranked(query: str, texts: Sequence[str], groups: Sequence[int] = ()) -> list[int]:
    """The places of the texts that have every word of ``query``, best first; all of them for an empty query.

    Args:
        query, texts: folded (no case, no marks) by the caller.
        groups: of each text; among those that fit without an error, a lower group comes first.
    """
    wanted = _WORD.findall(query)
    if not wanted:
        return list(range(len(texts)))
    found = []
    for place, text in enumerate(texts):
        score = _score(wanted, text)
        if score:
            sure = score >= _SURE * len(wanted)
            found.append((not sure, groups[place] if groups else 0, -score, place))
    return [place for _unsure, _group, _score, place in sorted(found)]


def _score(wanted: Sequence[str], text: str) -> float:
    words = _WORD.findall(text)
    each = [max((_likeness(one, word, first) for first, word in enumerate(words)), default=0.0) for one in wanted]
    initials = "".join(word[0] for word in words)
    if len(wanted) == 1 and len(wanted[0]) > 1 and initials.startswith(wanted[0]):
        each = [max(each[0], 90.0)]
    return sum(each) if all(each) else 0.0


def _likeness(typed: str, word: str, place: int) -> float:
    """How well a typed word fits one of a text, of 100; the first words count a little more."""
    nearer = 1 / (2 + place)
    if word.startswith(typed):
        return 99 + nearer
    if len(typed) > 1 and typed in word:
        return 80 + nearer
    if len(typed) < 4:
        return 0.0
    from rapidfuzz.fuzz import ratio

    like = ratio(typed, word[: len(typed) + 1])
    return 60 * like / 100 + nearer if like >= _LEAST else 0.0
