"""What changed in the store since one looked last: the journal, followed (ARCHITECTURE, way 4)."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import func, select

from crm_tui.data.columns import columns
from crm_tui.data.tables import Journal
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.views import Changes

_J = columns(Journal)

MANY = 500


def last(ctx: Context) -> int:
    """The id of the newest journal row; 0 if there is none."""
    with ctx.store.connect() as connection:
        return int(connection.execute(select(func.max(_J.id))).scalar() or 0)


def since(ctx: Context, journal_id: int) -> Changes:
    """What changed after a journal row; more than :data:`MANY` rows are told as *everything*."""
    with ctx.store.connect() as connection:
        query = select(_J.id, _J.entity, _J.entity_id, _J.before, _J.after).where(_J.id > journal_id)
        rows = connection.execute(query.order_by(_J.id).limit(MANY + 1)).all()
        if len(rows) > MANY:
            newest = int(connection.execute(select(func.max(_J.id))).scalar() or 0)
            return Changes(newest, everything=True)
    ids: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        ids[row.entity].add(row.entity_id)
        after = row.after or {}
        for told in (row.before or {}, after):  # undo turns them round
            ids["conversation"].update(told.get("conversations", ()))
            if told.get("reservation_id"):
                ids["reservation"].add(told["reservation_id"])
        if after.get("conversation_id"):
            ids["conversation"].add(after["conversation_id"])
    newest = rows[-1].id if rows else journal_id
    return Changes(newest, {entity: frozenset(found) for entity, found in ids.items() if found})


def stirred(ctx: Context, version: int) -> tuple[bool, int]:
    """Whether another connection wrote since ``version``, and the version now: costs microseconds, so ask often."""
    now = ctx.store.data_version()
    return now != version, now
