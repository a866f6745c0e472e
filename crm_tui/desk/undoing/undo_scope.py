"""Scope and undo (SPEC §4): what became hidden is not taken back, and what is taken back is as hidden as its inquiry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Conversation, Inquiry, Message
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.common.scope import sees
from crm_tui.desk.undoing.undo_registry import Row, find_entity, special_many

_C = columns(Conversation)
_I = columns(Inquiry)
_M = columns(Message)
_PARENTS: Mapping[str, Any] = {"conversation_id": Conversation, "inquiry_id": Inquiry}


def unseen(connection: Connection, scopes: str, rows: Sequence[Row]) -> bool:
    """Whether something that a command touched is out of the actor's sight now.

    What the command itself gave to somebody else alone is not: whoever did that may take it back.
    """
    if scopes == "*":
        return False
    given = _given(rows)
    for name, ids in _concerned(rows).items():
        kind = find_entity(name)
        if kind is None:
            continue
        table = table_of(kind.model)
        for chunk in chunks(ids):
            if "scope" in table.c:
                query = select(table.c.id, table.c.scope).where(table.c.id.in_(chunk))
                if any(not sees(scopes, row.scope) and given.get((name, row.id)) != row.scope
                       for row in connection.execute(query)):  # fmt: skip
                    return True
            elif _parents_hidden(connection, scopes, table, chunk):
                return True
    return _mail_hidden(connection, scopes, rows)


def _given(rows: Sequence[Row]) -> dict[tuple[str, int], str]:
    """The scope that the command left each thing with; rows are newest first."""
    given: dict[tuple[str, int], str] = {}
    for row in rows:
        if row.entity in ("inquiry", "conversation") and "scope" in (row.after or {}):
            given.setdefault((row.entity, row.entity_id), (row.after or {})["scope"])
    return given


def _concerned(rows: Sequence[Row]) -> dict[str, list[int]]:
    """Entity to the things that rows are about, and to those that they name beside."""
    found: dict[str, dict[int, None]] = {}
    for row in rows:
        found.setdefault(row.entity, {})[row.entity_id] = None
        sides = (row.before or {}, row.after or {})
        for side in sides:
            if side.get("inquiry_id") is not None:
                found.setdefault("inquiry", {})[side["inquiry_id"]] = None
            for number in _talks_in(side):
                found.setdefault("conversation", {})[number] = None
    return {name: sorted(ids) for name, ids in found.items()}


def _talks_in(side: Mapping[str, Any]) -> Iterable[int]:
    """Split and merge name the other conversations."""
    if isinstance(side.get("into"), int):
        yield side["into"]
    yield from side.get("conversations") or ()


def _parents_hidden(connection: Connection, scopes: str, table: Any, ids: Sequence[int]) -> bool:
    for column, parent in _PARENTS.items():
        if column in table.c:
            names = columns(parent)
            query = select(names.scope).join(table, table.c[column] == names.id).where(table.c.id.in_(ids))
            if any(not sees(scopes, scope) for scope in connection.execute(query.distinct()).scalars()):
                return True
    return False


def _mail_hidden(connection: Connection, scopes: str, rows: Sequence[Row]) -> bool:
    """Read marks name their messages."""
    ids = {number for row in rows if row.entity == "message" for number in (row.after or {}).get("messages") or ()}
    for chunk in chunks(sorted(ids)):
        query = select(_C.scope).join(Message, _M.conversation_id == _C.id).where(_M.id.in_(chunk)).distinct()
        if any(not sees(scopes, scope) for scope in connection.execute(query).scalars()):
            return True
    return False


# Settling


def settle(tx: Transaction, rows: Sequence[Row]) -> None:
    """Give the conversations that a command touched the scope of their inquiry as it is now; what differs is journaled.

    Raises:
        Refused: one would belong to an inquiry that was removed.
    """
    talks, inquiries = _moved(rows)
    for chunk in chunks(inquiries):
        talks |= set(tx.connection.execute(select(_C.id).where(_C.inquiry_id.in_(chunk))).scalars())
    _not_into_removed(tx, talks, rows)
    _derive(tx, talks, _kept_scope)
    emptied: set[int] = set()
    for chunk in chunks(sorted(talks)):
        emptied |= set(tx.connection.execute(select(_C.id).where(_C.merged_into.in_(chunk))).scalars())
    _derive(tx, emptied, _survivors_scope)


def _moved(rows: Sequence[Row]) -> tuple[set[int], list[int]]:
    talks: set[int] = set()
    inquiries: set[int] = set()
    for row in rows:
        sides = (row.before or {}, row.after or {})
        if row.entity == "inquiry" and (row.before is None or any({"scope", "removed_at"} & {*one} for one in sides)):
            inquiries.add(row.entity_id)
        named = {number for side in sides for number in _talks_in(side)}
        if row.entity == "conversation" and (named or any({"scope", "inquiry_id"} & {*one} for one in sides)):
            talks |= {row.entity_id, *named}
    return talks, sorted(inquiries)


def _not_into_removed(tx: Transaction, talks: set[int], rows: Sequence[Row]) -> None:
    from crm_tui.desk.undoing.undo_refusal import refuse

    kind = find_entity("inquiry")
    for chunk in chunks(sorted(talks)):
        query = select(_I.id).join(Conversation, _C.inquiry_id == _I.id).where(_C.id.in_(chunk))
        gone = tx.connection.execute(query.where(_I.removed_at.is_not(None)).order_by(_I.id)).scalar()
        if gone is not None and kind is not None:
            refuse(tx, kind, gone, ("removed_at",), rows)


def _kept_scope() -> Any:
    own = select(_C.id, _C.scope, _I.scope.label("right")).outerjoin(Inquiry, _I.id == _C.inquiry_id)
    return own.where(_C.merged_into.is_(None))


def _survivors_scope() -> Any:
    other = table_of(Conversation).alias("survivor")
    return select(_C.id, _C.scope, other.c.scope.label("right")).join(other, other.c.id == _C.merged_into)


def _derive(tx: Transaction, ids: Iterable[int], query_of: Any) -> None:
    for chunk in chunks(sorted(ids)):
        for row in tx.connection.execute(query_of().where(_C.id.in_(chunk)).order_by(_C.id)).all():
            right = row.right or ""
            if row.scope != right:
                values = {"scope": right, "version": _C.version + 1}
                tx.connection.execute(update(table_of(Conversation)).where(_C.id == row.id).values(**values))
                tx.journal("conversation", row.id, "scope", {"scope": row.scope}, {"scope": right})


def _follows(_tx: Transaction, _rows: Sequence[Row]) -> None:
    """A conversation's scope is its inquiry's: once that is put back, :func:`settle` makes it follow."""


special_many("conversation", "scope", _follows)
