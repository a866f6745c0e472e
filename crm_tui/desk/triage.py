"""Moving conversations between folders (SPEC §3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Agent, Conversation, Journal, TurnMark
from crm_tui.desk import scope, summary
from crm_tui.desk.context import Context, Transaction
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import Folder

_A = columns(Agent)
_C = columns(Conversation)
_J = columns(Journal)


def move(ctx: Context, conversation_ids: Iterable[int], folder: str, *, only_if: str | None = None) -> int:
    """Put conversations into a folder; returns how many moved.

    Args:
        only_if: the folder in which all of them must stand now; None for wherever.

    Raises:
        InvalidInput: there is no such folder.
        Conflict: one stands elsewhere than ``only_if`` says; nothing moved.
    """
    ids = list(conversation_ids)
    with ctx.write() as tx:
        scope.require_conversations(tx.connection, tx.actor.scopes, ids)
        if only_if is not None:
            _expect(tx, ids, _C.folder, only_if, "move")
        return move_in(tx, ids, folder)


def put_back(ctx: Context, origins: Mapping[int, str], *, only_if: str) -> int:
    """Undo of a move: each conversation goes back to the folder named for it; returns how many moved.

    Raises:
        InvalidInput: there is no such folder.
        Conflict: one does not stand in ``only_if`` any more; nothing moved.
    """
    with ctx.write() as tx:
        scope.require_conversations(tx.connection, tx.actor.scopes, origins)
        _expect(tx, list(origins), _C.folder, only_if, "move")
        folders = sorted(set(origins.values()))
        return sum(move_in(tx, [one for one in origins if origins[one] == folder], folder) for folder in folders)


def _expect(tx: Transaction, ids: Sequence[int], column: Any, expected: Any, action: str) -> None:
    """Refuse to go on if somebody changed one of the conversations since (SPEC §13: lost updates never happen)."""
    for chunk in chunks(ids):
        changed = column.is_distinct_from(expected) | _C.merged_into.is_not(None)
        row = tx.connection.execute(select(_C.id, _C.subject).where(_C.id.in_(chunk), changed).limit(1)).first()
        if row is not None:
            query = select(_J.actor, _J.agent_id).where(
                _J.entity == "conversation", _J.entity_id == row.id, _J.action.in_((action, "merge"))
            )
            last = tx.connection.execute(query.order_by(_J.id.desc()).limit(1)).first()
            ours = last is None or last.agent_id == tx.actor.id
            raise Conflict(
                _("“{subject}” has changed since; nothing was changed.").format(subject=display_text(row.subject))
                if last is None or ours
                else _("{who} changed “{subject}” since; nothing was changed.").format(
                    who=display_text(last.actor), subject=display_text(row.subject)
                ),
                _("Look at it again."),
            )


def move_in(tx: Transaction, conversation_ids: Iterable[int], folder: str) -> int:
    """:func:`move` within a transaction that does more."""
    if folder not in {item.value for item in Folder}:
        raise InvalidInput(
            _("There is no folder called {name}.").format(name=folder),
            _("Use one of: {names}.").format(names=", ".join(Folder)),
            "folder",
        )
    moved = 0
    for chunk in chunks(conversation_ids):
        rows = tx.connection.execute(
            select(_C.id, _C.folder, _C.previous_folder).where(
                _C.id.in_(chunk), _C.folder != folder, _C.merged_into.is_(None)
            )
        ).all()
        for row in rows:
            previous = row.folder if folder == Folder.DONE else ""
            tx.connection.execute(
                update(Conversation)
                .where(_C.id == row.id)
                .values(folder=folder, previous_folder=previous, version=_C.version + 1)
            )
            tx.journal("conversation", row.id, "move", {"folder": row.folder}, {"folder": folder})
        moved += len(rows)
    return moved


def star(ctx: Context, conversation_ids: Iterable[int], *, starred: bool, only_if: bool | None = None) -> int:
    """Star conversations or take the star away; returns how many changed.

    Args:
        only_if: whether all of them must have a star now; None for either.

    Raises:
        Conflict: one is not as ``only_if`` says; nothing changed.
    """
    changed = 0
    chosen = list(conversation_ids)
    with ctx.write() as tx:
        scope.require_conversations(tx.connection, tx.actor.scopes, chosen)
        if only_if is not None:
            _expect(tx, chosen, _C.starred, only_if, "star")
        for chunk in chunks(chosen):
            ids = list(
                tx.connection.execute(select(_C.id).where(_C.id.in_(chunk), _C.starred.is_not(starred))).scalars()
            )
            tx.connection.execute(
                update(Conversation).where(_C.id.in_(ids)).values(starred=starred, version=_C.version + 1)
            )
            for conversation_id in ids:
                tx.journal("conversation", conversation_id, "star", {"starred": not starred}, {"starred": starred})
            changed += len(ids)
    return changed


def no_answer_needed(ctx: Context, conversation_ids: Iterable[int]) -> int:
    """Close the open turns of conversations without a reply (SPEC §1); returns how many there were."""
    marked = 0
    chosen = list(conversation_ids)
    with ctx.write() as tx:
        scope.require_conversations(tx.connection, tx.actor.scopes, chosen)
        for chunk in chunks(chosen):
            ids = list(
                tx.connection.execute(
                    select(_C.id).where(_C.id.in_(chunk), _C.waiting_since.is_not(None), _C.merged_into.is_(None))
                ).scalars()
            )
            if not ids:
                continue
            marks = [{"conversation_id": one, "agent_id": tx.actor.id, "at": tx.now} for one in ids]
            tx.connection.execute(insert(TurnMark), marks)
            summary.refresh(tx.connection, ids)
            for conversation_id in ids:
                tx.journal("conversation", conversation_id, "no answer needed")
            marked += len(ids)
    return marked


def assign(ctx: Context, conversation_ids: Iterable[int], agent: str, *, only_if: str | None = None) -> int:
    """Give conversations to an agent, or to nobody (an empty name); returns how many changed hands.

    Args:
        only_if: the agent who must have all of them now (empty: nobody); None for anyone.

    Raises:
        InvalidInput: there is no such agent.
        Conflict: one is in other hands than ``only_if`` says; nothing changed.
    """
    changed = 0
    chosen = list(conversation_ids)
    with ctx.write() as tx:
        scope.require_conversations(tx.connection, tx.actor.scopes, chosen)
        agents = {row.name: row.id for row in tx.connection.execute(select(_A.id, _A.name).where(_A.active))}
        if agent and agent not in agents:
            raise InvalidInput(
                _("There is no agent called {name}.").format(name=agent),
                _("Known are: {names}.").format(names=", ".join(agents)),
                "agent",
            )
        assignee = agents.get(agent)
        names = {number: name for name, number in agents.items()}
        if only_if is not None:
            _expect(tx, chosen, _C.assignee_id, agents.get(only_if) if only_if else None, "assign")
        for chunk in chunks(chosen):
            query = select(_C.id, _C.assignee_id).where(_C.id.in_(chunk), _C.assignee_id.is_distinct_from(assignee))
            rows = tx.connection.execute(query).all()
            ids = [row.id for row in rows]
            tx.connection.execute(
                update(Conversation).where(_C.id.in_(ids)).values(assignee_id=assignee, version=_C.version + 1)
            )
            for row in rows:
                before = names.get(row.assignee_id, "")
                tx.journal("conversation", row.id, "assign", {"assignee": before}, {"assignee": agent})
            changed += len(rows)
    return changed
