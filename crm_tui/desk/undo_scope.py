"""Whether the actor may still see what a command touched (SPEC §4): what became hidden is not taken back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Conversation, Inquiry
from crm_tui.desk.context import Transaction
from crm_tui.desk.scope import sees
from crm_tui.desk.undo_registry import Entity

_PARENTS = (("conversation_id", Conversation), ("inquiry_id", Inquiry))


def unseen(tx: Transaction, kind: Entity, ids: Sequence[int]) -> bool:
    """Whether one of these things, or what it belongs to, is out of the actor's scope."""
    scopes = tx.actor.scopes
    if scopes == "*" or not ids:
        return False
    table = table_of(kind.model)
    queries = [select(table.c.scope).where(table.c.id.in_(ids))] if "scope" in table.c else []
    if not queries:
        for column, parent in _PARENTS:
            if column in table.c:
                names = columns(parent)
                query = select(names.scope).join(table, table.c[column] == names.id).where(table.c.id.in_(ids))
                queries.append(query)
    return any(
        not sees(scopes, scope) for query in queries for scope in tx.connection.execute(query.distinct()).scalars()
    )
