"""Moving conversations between folders (SPEC §3)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import insert, select, update

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Agent, Conversation, TurnMark
from crm_tui.desk import summary
from crm_tui.desk.context import Context, Transaction
from crm_tui.rules.vocabulary import Folder

_A = columns(Agent)
_C = columns(Conversation)


def move(ctx: Context, conversation_ids: Iterable[int], folder: str) -> int:
    """Put conversations into a folder; returns how many moved.

    Raises:
        InvalidInput: there is no such folder.
    """
    with ctx.write() as tx:
        return move_in(tx, conversation_ids, folder)


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


def star(ctx: Context, conversation_ids: Iterable[int], *, starred: bool) -> int:
    """Star conversations or take the star away; returns how many changed."""
    changed = 0
    with ctx.write() as tx:
        for chunk in chunks(conversation_ids):
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
    with ctx.write() as tx:
        for chunk in chunks(conversation_ids):
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


def assign(ctx: Context, conversation_ids: Iterable[int], agent: str) -> int:
    """Give conversations to an agent, or to nobody (an empty name); returns how many changed hands.

    Raises:
        InvalidInput: there is no such agent.
    """
    changed = 0
    with ctx.write() as tx:
        agents = {row.name: row.id for row in tx.connection.execute(select(_A.id, _A.name).where(_A.active))}
        if agent and agent not in agents:
            raise InvalidInput(
                _("There is no agent called {name}.").format(name=agent),
                _("Known are: {names}.").format(names=", ".join(agents)),
                "agent",
            )
        assignee = agents.get(agent)
        names = {number: name for name, number in agents.items()}
        for chunk in chunks(conversation_ids):
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
