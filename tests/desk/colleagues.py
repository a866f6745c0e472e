"""Further agents at a test's desk, and what they may not see."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, update

from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Agent, Conversation, Department, Inquiry
from crm_tui.desk.common.context import Actor, Context


def colleague(ctx: Context, name: str, role: str = "agent", department: str = "") -> Context:
    """Another agent at a desk of their own on the same store."""
    with ctx.write() as tx:
        room = new_id(tx.connection.execute(insert(Department).values(name=department))) if department else None
        values: dict[str, Any] = {"name": name, "role": role, "department_id": room, "created_at": tx.now}
        number = new_id(tx.connection.execute(insert(Agent).values(**values)))
    return ctx.acting_as(Actor(number, name, role, department=room))


def keep_for(ctx: Context, conversation: int, scope: str) -> int:
    """The conversation belongs to an inquiry of that scope (``a1``: agent 1 alone); returns the inquiry's id."""
    with ctx.write() as tx:
        values = {"scope": scope, "created_at": tx.now, "updated_at": tx.now, "children": [], "proposed": {}}
        inquiry = new_id(tx.connection.execute(insert(Inquiry).values(**values)))
        tx.connection.execute(
            update(table_of(Conversation))
            .where(columns(Conversation).id == conversation)
            .values(inquiry_id=inquiry, scope=scope)
        )
    return inquiry
