"""What the list of guests asks of the desk. Everything here blocks: it is called in threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_tui import desk
from crm_tui.rules.guest_criteria import GuestCriteria

if TYPE_CHECKING:
    from crm_tui.desk.client_base.guest_views import MarksLeft
    from crm_tui.desk.common.context import Context

Then = Callable[[tuple[int, ...]], None]
"""Acts on guests."""


@dataclass(frozen=True, slots=True)
class Tags:
    """The attributes there are, by number, and how many of the chosen guests have each."""

    names: dict[int, str]
    having: dict[int, int]


def found(ctx: Context, criteria: GuestCriteria) -> list[int]:
    """The numbers of all whom the criteria find now."""
    return desk.guest_lists.ids(ctx, criteria)


def marks(ctx: Context, criteria: GuestCriteria, numbers: Sequence[int]) -> MarksLeft:
    """What has become of the marked guests."""
    return desk.guest_lists.marks(ctx, criteria, numbers)


def words(ctx: Context, criteria: GuestCriteria) -> str:
    """What is asked, in words."""
    return desk.guest_lists.words(ctx, criteria)


def attributes(ctx: Context, numbers: Sequence[int]) -> Tags:
    """What the chosen guests can be tagged with."""
    names = {one.id: one.name for one in desk.attributes.listed(ctx)}
    return Tags(names, desk.tagging.counts(ctx, numbers))


def tag(ctx: Context, numbers: Sequence[int], add: Sequence[int], remove: Sequence[int]) -> int:
    """Tag and untag; how many guests changed."""
    return desk.tagging.tag_many(ctx, numbers, add, remove)


def archive(ctx: Context, numbers: Sequence[int], *, back: bool) -> int:
    """Put guests away or take them back; how many."""
    return desk.guests.unarchive(ctx, numbers) if back else desk.guests.archive(ctx, numbers)
