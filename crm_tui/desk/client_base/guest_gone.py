"""Whoever was erased takes nothing on any more: the number stays, and nothing is written to it again (SPEC §6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from crm_tui.base.errors import Conflict
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Guest

_G = columns(Guest)


class Gone(Conflict):
    """The guest was erased; nothing was changed."""

    def __init__(self, connection: Connection, guest_id: int, erased_at: datetime) -> None:
        from crm_tui.desk.correspondence.writing import zone

        day = erased_at.astimezone(zone(connection)).date().isoformat()
        super().__init__(
            _("Guest {number} was erased on {day}; nothing can be noted of them any more.").format(
                number=guest_id, day=day
            ),
            _("Take the person into the client base anew."),
        )


def refuse_erased(connection: Connection, guest_ids: Iterable[int | None]) -> None:
    """Refuse to write where one of the guests was erased.

    Raises:
        Gone: so; the sentence says who, and when that was.
    """
    for chunk in chunks(sorted({one for one in guest_ids if one is not None})):
        query = select(_G.id, _G.erased_at).where(_G.id.in_(chunk), _G.erased_at.is_not(None)).order_by(_G.id)
        for row in connection.execute(query.limit(1)):
            raise Gone(connection, row.id, row.erased_at)


def present(connection: Connection, guest_ids: Sequence[int]) -> list[int]:
    """Those of the guests who were not erased, in this order."""
    gone: set[int] = set()
    for chunk in chunks(guest_ids):
        query = select(_G.id).where(_G.id.in_(chunk), _G.erased_at.is_not(None))
        gone.update(connection.execute(query).scalars())
    return [one for one in guest_ids if one not in gone]
