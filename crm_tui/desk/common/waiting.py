"""What waits for an agent wherever they are: counted while the desk opens and with every change, so it imports little."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import InternalMessage, OutboxItem
from crm_tui.desk.common.context import Context
from crm_tui.rules.vocabulary import OutboxState

_N = columns(InternalMessage)
_O = columns(OutboxItem)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Internal messages that the agent has not read, and the agent's replies that are held (SPEC §3)."""

    unread: int = 0
    held: int = 0


def for_me(ctx: Context) -> Waiting:
    """How much waits for the agent; nothing for a desk without one."""
    if ctx.actor.id is None:
        return Waiting()
    unread = (_N.to_id == ctx.actor.id) & _N.read_at.is_(None) & _N.removed_at.is_(None)
    held = (_O.state == OutboxState.HELD) & (_O.agent_id == ctx.actor.id)
    with ctx.store.connect() as connection:
        row = connection.execute(
            select(
                select(func.count()).select_from(table_of(InternalMessage)).where(unread).scalar_subquery(),
                select(func.count()).select_from(table_of(OutboxItem)).where(held).scalar_subquery(),
            )
        ).one()
    return Waiting(int(row[0]), int(row[1]))
