"""Where a merged guest's number leads (SPEC §6).

A guest that was merged stays as a signpost: its row names the one that took it over (``merged_into``), which may have been
merged itself. Every number leads along these signposts to the guest who stands for it now.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Guest

_G = columns(Guest)


def survivor_in(connection: Connection, guest_id: int) -> int:
    """The number of the guest who stands for this number now; the number itself if it was not merged, or is unknown."""
    passed = {guest_id}
    while True:
        into = connection.execute(select(_G.merged_into).where(_G.id == guest_id)).scalar()
        if into is None or into in passed:
            return guest_id
        passed.add(into)
        guest_id = into


def absorbed_in(connection: Connection, guest_ids: Iterable[int]) -> list[int]:
    """The numbers of all guests who were merged into these, through any number of steps; without these themselves."""
    found: dict[int, None] = {}
    ring = sorted({*guest_ids})
    start = {*ring}
    while ring:
        more: list[int] = []
        for chunk in chunks(ring):
            more += connection.execute(select(_G.id).where(_G.merged_into.in_(chunk)).order_by(_G.id)).scalars()
        ring = [one for one in more if one not in found and one not in start]
        found |= dict.fromkeys(ring)
    return list(found)
