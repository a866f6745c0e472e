"""Tickets of conversations that become one, and apart again (SPEC §10): what was opened, given by hand or put to a manager in a
part is so of the whole, and undo gives each part back as it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Ticket
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.ticketing.ticket_hands import changed, of_conversations, open_ones, plain, revived, write

_T = columns(Ticket)

_TIES = ("how", "pinned", "assigned_at", "seen_at", "flagged_at", "why")
"""How an agent has a ticket."""
_ASKED = ("pending_at", "pending_by", "pending_note")
"""That it waits for a manager, and why."""
_KEPT = ("agent_id", *_TIES, "pending_at", "pending_by")
"""What the journal keeps of a part; its note stays with its ticket."""


def parts_of(connection: Connection, conversation_ids: Iterable[int]) -> list[Any]:
    """The open tickets of conversations that are about to become one."""
    return list(of_conversations(connection, conversation_ids).values())


def unite(tx: Transaction, conversation_id: int, parts: Sequence[Any]) -> None:
    """A conversation was made of several, and its turns are known: its ticket is in its agent's hands as the part was that
    they have longest opened, else had given by hand, else had longest; and it waits for a manager where a part did.

    Args:
        parts: from :func:`parts_of`, before they became one.
    """
    whole = of_conversations(tx.connection, [conversation_id]).get(conversation_id)
    if whole is None:
        return
    values: dict[str, Any] = {}
    theirs = [part for part in parts if part.agent_id is not None and part.agent_id == whole.agent_id]
    if theirs:
        most = min(theirs, key=_looseness)
        values |= {name: getattr(most, name) for name in _TIES}
    asked = [part for part in parts if part.pending_at is not None]
    if asked and whole.pending_at is None:
        values |= {name: getattr(asked[0], name) for name in _ASKED}
    before = {name: getattr(whole, name) for name in values}
    if values != before:
        write(tx, whole.id, values)
        tx.journal("ticket", whole.id, "unite", changed(before, values), changed(values, before))


def _looseness(part: Any) -> tuple[bool, str, bool, str]:
    return (part.seen_at is None, str(part.seen_at), not part.pinned, str(part.assigned_at))


def told(parts: Iterable[Any]) -> list[dict[str, Any]]:
    """Parts as the journal keeps them, for :func:`divide`."""
    return [{"id": part.id} | {name: plain(getattr(part, name)) for name in _KEPT} for part in parts]


def divide(tx: Transaction, parts: Iterable[Mapping[str, Any]], since: datetime) -> None:
    """Conversations are several again: each ticket is with its agent as it was, but opened or waiting if that came later.

    Args:
        parts: from :func:`told`.
        since: when they became one.
    """
    for part in parts:
        query = select(table_of(Ticket)).where(_T.id == part["id"], *open_ones())
        now = tx.connection.execute(query).first()
        if now is None or now.agent_id != part["agent_id"]:
            continue
        values = {name: revived(name, part[name]) for name in _KEPT}
        if now.agent_id is not None and now.seen_at is not None and now.seen_at > since:
            values["seen_at"] = values["seen_at"] or now.seen_at
        if now.pending_at is not None and now.pending_at > since:
            values |= {"pending_at": now.pending_at, "pending_by": now.pending_by}
        if values["pending_at"] is None:
            values["pending_note"] = ""
        write(tx, now.id, values)
