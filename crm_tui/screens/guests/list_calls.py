"""What the list of guests asks of the desk. Everything here blocks: it is called in threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_tui import desk
from crm_tui.rules.guest_criteria import GuestCriteria

if TYPE_CHECKING:
    from crm_tui.desk.context import Context

Then = Callable[[list[int]], None]


@dataclass(frozen=True, slots=True)
class Chosen:
    """On whom a command acts: the guests of ``numbers``, or all whom ``criteria`` find; ``count`` is how many they were."""

    numbers: tuple[int, ...]
    criteria: GuestCriteria | None
    count: int


@dataclass(frozen=True, slots=True)
class Tags:
    """The attributes there are, by number, and how many of the chosen guests have each."""

    names: dict[int, str]
    having: dict[int, int]


def ids(ctx: Context, chosen: Chosen) -> list[int]:
    """The numbers of the chosen guests."""
    return list(chosen.numbers) if chosen.criteria is None else desk.guest_lists.ids(ctx, chosen.criteria)


def words(ctx: Context, criteria: GuestCriteria) -> str:
    """What is asked, in words."""
    return desk.guest_lists.words(ctx, criteria)


def attributes(ctx: Context, chosen: Chosen) -> Tags:
    """What the chosen guests can be tagged with."""
    names = {one.id: one.name for one in desk.attributes.listed(ctx)}
    return Tags(names, desk.tagging.counts(ctx, ids(ctx, chosen)))


def tag(ctx: Context, chosen: Chosen, add: Sequence[int], remove: Sequence[int]) -> int:
    """Tag and untag; how many guests changed."""
    return desk.tagging.tag_many(ctx, ids(ctx, chosen), add, remove)


def archive(ctx: Context, chosen: Chosen, *, back: bool) -> int:
    """Put guests away or take them back; how many."""
    numbers = ids(ctx, chosen)
    return desk.guests.unarchive(ctx, numbers) if back else desk.guests.archive(ctx, numbers)
