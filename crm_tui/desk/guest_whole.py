"""A guest and all that were merged into it: what was written on any of them is the survivor's history (SPEC §6)."""

from __future__ import annotations

from sqlalchemy import Connection, select

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Guest

_G = columns(Guest)


def whole(connection: Connection, guest_id: int) -> tuple[int, list[int]]:
    """The guest who is there under that number, and that one with all who were merged into it, however often.

    Raises:
        NotFound: there is none.
    """
    alive = survivor(connection, guest_id)
    found, fresh = {alive}, [alive]
    while fresh:
        into = [
            number
            for chunk in chunks(fresh)
            for number in connection.execute(select(_G.id).where(_G.merged_into.in_(chunk))).scalars()
        ]
        fresh = [number for number in into if number not in found]
        found.update(fresh)
    return alive, sorted(found)


def survivor(connection: Connection, guest_id: int) -> int:
    """The guest itself, or the one that took it over in the end.

    Raises:
        NotFound: there is none.
    """
    seen: set[int] = set()
    while guest_id not in seen:
        seen.add(guest_id)
        row = connection.execute(select(_G.merged_into).where(_G.id == guest_id)).first()
        if row is None:
            raise NotFound(_("There is no guest {number}.").format(number=guest_id))
        if row.merged_into is None:
            return guest_id
        guest_id = row.merged_into
    raise NotFound(_("There is no guest {number}.").format(number=guest_id))
