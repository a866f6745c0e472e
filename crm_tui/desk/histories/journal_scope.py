"""What of the journal somebody may read: rows without what scope hides from them (SPEC §4, §13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Conversation, Inquiry, Message, Ticket, Turn
from crm_tui.desk.common.scope import EVERYTHING, sees
from crm_tui.desk.undoing.undo_registry import find_entity

_C = columns(Conversation)
_I = columns(Inquiry)
_MORE: Mapping[str, type[SQLModel]] = {"message": Message, "turn": Turn, "ticket": Ticket}
"""Tables of things that undo knows nothing of."""


def visible(connection: Connection, scopes: str, rows: Sequence[Any]) -> list[Any]:
    """Those that tell of nothing that is hidden from the reader; of a fetch, what it brought that is not."""
    if scopes == EVERYTHING or not rows:
        return list(rows)
    conversations, inquiries, concerned = _concerned(connection, rows)
    hidden = {("conversation", number) for number in _hidden(connection, scopes, _C, conversations)}
    hidden |= {("inquiry", number) for number in _hidden(connection, scopes, _I, inquiries)}
    told = (_without(row, concerned[row.id] & hidden) for row in rows)
    return [row for row in told if row is not None]


def _without(row: Any, hidden: set[tuple[str, int]]) -> Any | None:
    """A row without what is hidden; None if that is what it is about."""
    if not hidden:
        return row
    after = row.after or {}
    shown = [one for one in after.get("conversations", ()) if ("conversation", one) not in hidden]
    if row.entity != "mailbox" or not shown:
        return None
    rest = {name: value for name, value in after.items() if name not in ("messages", "turns")}
    turns = [one for one in after.get("turns", ()) if ("conversation", one["conversation"]) not in hidden]
    return SimpleNamespace(
        **{**row._mapping, "after": rest | {"conversations": shown} | ({"turns": turns} if turns else {})}
    )


def _hidden(connection: Connection, scopes: str, names: Any, ids: set[int]) -> list[int]:
    found: list[int] = []
    for chunk in chunks(sorted(ids)):
        query = select(names.id, names.scope).where(names.id.in_(chunk), names.scope != "")
        found += [row.id for row in connection.execute(query) if not sees(scopes, row.scope)]
    return found


def _concerned(
    connection: Connection, rows: Sequence[Any]
) -> tuple[set[int], set[int], dict[int, set[tuple[str, int]]]]:
    """The conversations and inquiries that rows are about or name, all together and by row."""
    by_row: dict[int, set[tuple[str, int]]] = {}
    things: dict[str, set[int]] = defaultdict(set)
    messages: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        named = {(row.entity, row.entity_id)} if row.entity in ("conversation", "inquiry") else set()
        for side in (row.before or {}, row.after or {}):
            named |= {(kind, one) for kind in ("conversation", "inquiry") for one in _numbers(side, kind)}
            messages[row.id].update(_numbers(side, "message"))
        by_row[row.id] = named
        things[row.entity].add(row.entity_id)
    parents = {name: _parents(connection, name, ids) for name, ids in things.items()}
    for row in rows:
        by_row[row.id] |= parents[row.entity].get(row.entity_id, set())
    wanted = {number for ids in messages.values() for number in ids}
    homes = _parents(connection, "message", wanted)
    for number, ids in messages.items():
        for message in ids:
            by_row[number] |= homes.get(message, set())
    everything = {one for found in by_row.values() for one in found}
    return (
        {number for kind, number in everything if kind == "conversation"},
        {number for kind, number in everything if kind == "inquiry"},
        by_row,
    )


def _numbers(side: Mapping[str, Any], kind: str) -> set[int]:
    """The things of a kind that one side of a row names: ``conversation_id``, ``conversations``, and split and merge's *into*."""
    plural = "inquiries" if kind == "inquiry" else f"{kind}s"
    several = side.get(plural)
    given = [side.get(f"{kind}_id"), side.get(kind), *(several if isinstance(several, list) else ())]
    if kind == "conversation":
        given.append(side.get("into"))
    return {one for one in given if isinstance(one, int) and not isinstance(one, bool)}


def _parents(connection: Connection, entity: str, ids: set[int]) -> dict[int, set[tuple[str, int]]]:
    """The conversation and the inquiry of each thing of a kind."""
    kind = find_entity(entity)
    model: type[SQLModel] | None = kind.model if kind is not None else _MORE.get(entity)
    if model is None or entity in ("conversation", "inquiry") or not ids:
        return {}
    table = table_of(model)
    keys = [name for name in ("conversation_id", "inquiry_id") if name in table.c]
    if not keys or "id" not in table.c:
        return {}
    found: dict[int, set[tuple[str, int]]] = {}
    for chunk in chunks(sorted(ids)):
        for row in connection.execute(select(table.c.id, *(table.c[key] for key in keys)).where(table.c.id.in_(chunk))):
            found[row.id] = {
                (key.removesuffix("_id"), getattr(row, key)) for key in keys if getattr(row, key) is not None
            }
    return found
