"""A guest and all that were merged into it: what was written on any of them is the survivor's history (SPEC §6)."""

from __future__ import annotations

from sqlalchemy import Connection, select

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Guest
from crm_tui.desk.merges.guest_merging import absorbed_in, survivor_in

_G = columns(Guest)


def whole(connection: Connection, guest_id: int) -> tuple[int, list[int]]:
    """The guest who is there under that number, and that one with all who were merged into it, however often.

    Raises:
        NotFound: there is none.
    """
    alive = survivor_in(connection, guest_id)
    if connection.execute(select(_G.id).where(_G.id == alive)).first() is None:
        raise NotFound(_("There is no guest {number}.").format(number=guest_id))
    return alive, [alive, *absorbed_in(connection, [alive])]
