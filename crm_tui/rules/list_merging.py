"""Two changes of one list brought together: addresses, numbers, contact persons (SPEC §6, §13). Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

Key = Callable[[Any], Hashable]
"""What makes two entries the same one, though they may say different things of it, such as an address with another label."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Two changes of one list brought together.

    Attributes:
        entries: the outcome; where ``clash``, with all that either wants, and mine where they differ.
        clash: they contradict each other, so that a person has to look.
    """

    entries: tuple[Any, ...]
    clash: bool


def _itself(entry: Any) -> Hashable:
    return entry  # type: ignore[no-any-return]


def merge_lists(base: Sequence[Any], theirs: Sequence[Any], mine: Sequence[Any], key: Key = _itself) -> Merged:
    """Bring together what two people did to the same list, so that nothing either added is lost.

    What one added, changed or took away and the other left alone needs no question. It needs one where both changed the
    same entry or one took away what the other changed, where both put something else in the first place or replaced
    something, and where both changed the order.
    """
    sides = [{key(one): one for one in side} for side in (base, theirs, mine)]
    was, there, here = sides
    if list(theirs) == list(base) or list(theirs) == list(mine):
        return Merged(tuple(here.values()), clash=False)
    if list(mine) == list(base):
        return Merged(tuple(there.values()), clash=False)
    kept: dict[Hashable, Any] = {}
    clash = False
    for name in dict.fromkeys((*here, *there)):
        ours, other, before = here.get(name), there.get(name), was.get(name)
        found = other if ours == before else ours
        if before not in (ours, other) and ours != other:
            clash, found = True, ours if ours is not None else other
        if found is not None:
            kept[name] = found
    order, torn = _order([*was], [*there], [*here])
    return Merged(tuple(kept[name] for name in order if name in kept), clash or torn or _both_replaced(*sides))


def _order(was: list[Hashable], there: list[Hashable], here: list[Hashable]) -> tuple[list[Hashable], bool]:
    """In which order the entries stand, and whether both changed it, each another way.

    Who changed the order, or put something else first, leads; what only the other has follows.
    """
    theirs_moved, mine_moved = _moved(was, there), _moved(was, here)
    lead, other = (there, here) if theirs_moved and not mine_moved else (here, there)
    shared = [one for one in was if one in there and one in here]
    torn = [one for one in there if one in shared] != [one for one in here if one in shared]
    first = bool(was) and there[:1] != here[:1]
    return [*lead, *(one for one in other if one not in lead)], theirs_moved and mine_moved and (torn or first)


def _moved(was: list[Hashable], now: list[Hashable]) -> bool:
    left = [one for one in now if one in was]
    return now[:1] != was[:1] or left != [one for one in was if one in now]


def _both_replaced(was: dict[Hashable, Any], there: dict[Hashable, Any], here: dict[Hashable, Any]) -> bool:
    """Whether either took something away and put something else there."""
    new, new_here = there.keys() - was.keys(), here.keys() - was.keys()
    return bool(was.keys() - there.keys() and was.keys() - here.keys() and new and new_here and new != new_here)
