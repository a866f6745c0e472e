"""Triage: folders, stars, assignment, *no answer needed* (SPEC §1, §3). Each takes a marked set and is one command."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, delete, insert, select

from crm_tui.base.errors import Conflict, InvalidInput
from crm_tui.base.i18n import _, ngettext
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, new_id
from crm_tui.data.tables import Agent, Journal, TurnMark
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.conversations import summary
from crm_tui.desk.conversations.changing import AWAKE, change, chosen, in_sight, rows_of
from crm_tui.desk.undoing.undo_registry import special_many
from crm_tui.desk.undoing.undo_words import Facts, says
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import Folder

_A = columns(Agent)
_J = columns(Journal)
T = TypeVar("T")

NOBODY = ""
"""The name that stands for no agent."""

NO_ANSWER = "no answer needed"
"""The journal's word for a turn that was closed without a reply."""


def move(
    ctx: Context, conversation_ids: Iterable[int], folder: str, *, only_if: str | Mapping[int, str] | None = None
) -> int:
    """Put conversations into a folder; returns how many moved. A snooze ends with it, and a wake reason is dealt with.

    Args:
        only_if: the folder in which all of them must stand now, or one for each; None for wherever.

    Raises:
        InvalidInput: there is no such folder.
        NotFound: there is no such conversation, or the actor may not see it.
        Conflict: one stands elsewhere than ``only_if`` says; nothing moved.
    """
    with ctx.write() as tx:
        rows = chosen(tx, conversation_ids)
        _known_folder(folder)
        for row, expected in _expected([row for row in rows if row.folder != folder], only_if):
            if row.folder != expected:
                raise _changed(tx, row, "move")
        return _move(tx, rows, folder)


def move_in(tx: Transaction, conversation_ids: Iterable[int], folder: str) -> int:
    """:func:`move` within a transaction that does more, whoever may see them."""
    _known_folder(folder)
    alive = [row for row in rows_of(tx.connection, conversation_ids).values() if row.merged_into is None]
    return _move(tx, alive, folder)


def _move(tx: Transaction, rows: Sequence[Any], folder: str) -> int:
    def values(row: Any) -> Mapping[str, Any]:
        if row.folder == folder and not row.snoozed:
            return {"wake_reason": "", "snooze_for": ""}
        previous = row.previous_folder if row.folder == folder else row.folder if folder == Folder.DONE else ""
        return {**AWAKE, "folder": folder, "previous_folder": previous}

    moved = change(tx, rows, "move", values)
    if inquiries_of := {row.inquiry_id for row in rows if row.inquiry_id is not None}:
        from crm_tui.desk.requests import inquiries

        inquiries.after_move_in(tx, inquiries_of, folder)
    return moved


def _known_folder(folder: str) -> None:
    if folder not in {item.value for item in Folder}:
        raise InvalidInput(
            _("There is no folder called {name}.").format(name=display_text(folder)),
            _("Use one of: {names}.").format(names=", ".join(Folder)),
            "folder",
        )


def star(
    ctx: Context,
    conversation_ids: Iterable[int],
    *,
    starred: bool,
    only_if: bool | Mapping[int, bool] | None = None,
) -> int:
    """Star conversations or take the star away; returns how many changed.

    Args:
        only_if: whether all of them must have a star now, or each; None for either.

    Raises:
        NotFound: there is no such conversation, or the actor may not see it.
        Conflict: one is not as ``only_if`` says; nothing changed.
    """
    with ctx.write() as tx:
        rows = chosen(tx, conversation_ids)
        for row, expected in _expected([row for row in rows if row.starred != starred], only_if):
            if row.starred != expected:
                raise _changed(tx, row, "star")
        return change(tx, rows, "star", lambda _row: {"starred": starred})


def assign(
    ctx: Context, conversation_ids: Iterable[int], agent: str, *, only_if: str | Mapping[int, str] | None = None
) -> int:
    """Give conversations to an agent, or to nobody (:data:`NOBODY`); returns how many changed hands.

    Args:
        agent: the name, in whatever case.
        only_if: the agent who must have all of them now (empty: nobody), or one for each; None for anyone. What the
            agent has already is no conflict.

    Raises:
        InvalidInput: there is no such agent, or they may not see one of the conversations.
        NotFound: there is no such conversation, or the actor may not see it.
        Conflict: one is in other hands than ``only_if`` says; the sentence names who has it. Nothing changed.
        Forbidden: one waits for another agent's answer, and the actor is no manager (SPEC §13).
    """
    with ctx.write() as tx:
        rows = chosen(tx, conversation_ids)
        team = _team(tx.connection)
        assignee = _agent(team, agent)
        for row, expected in _expected([row for row in rows if row.assignee_id != assignee], only_if):
            if row.assignee_id != _agent(team, expected):
                raise _taken(tx, row, team)
        _may_assign(tx, [row for row in rows if row.assignee_id != assignee], assignee)
        return change(tx, rows, "assign", lambda _row: {"assignee_id": assignee})


def _may_assign(tx: Transaction, rows: Sequence[Any], assignee: int | None) -> None:
    """The rules of tickets: the work of another is a manager's to give away, and nobody gets what they may not see."""
    from crm_tui.desk.ticketing import tickets

    tickets.may_reassign(tx, [row.assignee_id for row in rows if row.waiting_since is not None])
    if assignee is not None:
        tickets.may_see(tx, assignee, rows)


def _team(connection: Connection) -> dict[int, tuple[str, bool]]:
    """Id to display-safe name and whether the agent is active."""
    rows = connection.execute(select(_A.id, _A.name, _A.active).order_by(_A.id))
    return {row.id: (display_text(row.name), bool(row.active)) for row in rows}


def _agent(team: Mapping[int, tuple[str, bool]], name: str) -> int | None:
    if not name:
        return None
    wanted = display_text(name).casefold()
    for number, (known, active) in team.items():
        if active and known.casefold() == wanted:
            return number
    raise InvalidInput(
        _("There is no agent called {name}.").format(name=display_text(name)),
        _("Known are: {names}.").format(names=", ".join(known for known, active in team.values() if active)),
        "agent",
    )


def _taken(tx: Transaction, row: Any, team: Mapping[int, tuple[str, bool]]) -> Conflict:
    """Another desk was faster."""
    subject = display_text(row.subject) or _("(no subject)")
    last = _last(tx, row.id, "assign")
    who = display_text(last.actor) if last is not None else ""
    if row.assignee_id is None:
        said = _("“{subject}” was taken from its agent by {who}; nothing was changed.").format(subject=subject, who=who)
    else:
        has = team.get(row.assignee_id, ("", False))[0]
        said = _("{name} has “{subject}” now, assigned by {who}; nothing was changed.").format(
            subject=subject, name=has, who=who or has
        )
    return Conflict(said, _("Look at it again."))


def no_answer_needed(ctx: Context, conversation_ids: Iterable[int]) -> int:
    """Close the open turns of conversations without a reply (SPEC §1); returns how many there were.

    Raises:
        NotFound: there is no such conversation, or the actor may not see it.
    """
    with ctx.write() as tx:
        return no_answer_needed_in(tx, conversation_ids)


def no_answer_needed_in(tx: Transaction, conversation_ids: Iterable[int]) -> int:
    """:func:`no_answer_needed` as part of a command."""
    rows = [row for row in chosen(tx, conversation_ids) if row.waiting_since is not None]
    for row in rows:
        done = insert(TurnMark).values(conversation_id=row.id, agent_id=tx.actor.id, at=tx.now)
        mark = new_id(tx.connection.execute(done))
        tx.journal("conversation", row.id, NO_ANSWER, {"mark": None}, {"mark": mark}, undoable=True)
    dealt_with(tx, rows)
    summary.refresh(tx.connection, [row.id for row in rows], tx.now)
    return len(rows)


def dealt_with(tx: Transaction, rows: Sequence[Any]) -> None:
    """What a snooze left behind when it woke is settled."""
    woken = [row for row in rows if row.wake_reason and not row.snoozed]
    change(tx, woken, "dealt with", lambda _row: {"wake_reason": "", "snooze_for": ""})


def unmark(tx: Transaction, rows: Sequence[Any]) -> None:
    """Undo of :func:`no_answer_needed`: the marks go, and the turns are open again that nothing else closed.

    Args:
        rows: the journal rows.

    Raises:
        Conflict: a mark is gone already, or a conversation is out of sight.
    """
    marks = columns(TurnMark)
    for chunk in chunks(row.after["mark"] for row in rows):
        found = tx.connection.execute(select(marks.conversation_id).where(marks.id.in_(chunk))).scalars().all()
        if len(found) < len(chunk):
            raise Conflict(_("The mark is gone already; nothing was changed."))
        in_sight(tx, found)
        tx.connection.execute(delete(TurnMark).where(marks.id.in_(chunk)))
        summary.refresh(tx.connection, found, tx.now)


def _expected(rows: Sequence[Any], only_if: T | Mapping[int, T] | None) -> list[tuple[Any, T]]:
    """The rows of which something is expected, and what."""
    if only_if is None:
        return []
    if isinstance(only_if, Mapping):
        return [(row, only_if[row.id]) for row in rows if row.id in only_if]
    return [(row, only_if) for row in rows]


def _changed(tx: Transaction, row: Any, action: str) -> Conflict:
    """Somebody changed one of the conversations since (SPEC §13: lost updates never happen)."""
    subject = display_text(row.subject) or _("(no subject)")
    last = _last(tx, row.id, action)
    if last is None or last.agent_id == tx.actor.id:
        said = _("“{subject}” has changed since; nothing was changed.").format(subject=subject)
    else:
        said = _("{who} changed “{subject}” since; nothing was changed.").format(
            who=display_text(last.actor), subject=subject
        )
    return Conflict(said, _("Look at it again."))


def _last(tx: Transaction, conversation_id: int, action: str) -> Any:
    query = select(_J.actor, _J.agent_id).where(
        _J.entity == "conversation", _J.entity_id == conversation_id, _J.action.in_((action, "merge", "undo"))
    )
    return tx.connection.execute(query.order_by(_J.id.desc()).limit(1)).first()


def _back(facts: Facts) -> str:
    folder = str(facts.before.get("folder", ""))
    if folder and "folder" not in facts.mixed:
        return ngettext("{what} is back in {folder}.", "{what} are back in {folder}.", facts.count).format(
            what=facts.what, folder=_(folder)
        )
    return ngettext("{what} is back in its folder.", "{what} are back in their folders.", facts.count).format(
        what=facts.what
    )


def _waits(facts: Facts) -> str:
    return ngettext("{what} waits for an answer again.", "{what} wait for an answer again.", facts.count).format(
        what=facts.what
    )


special_many("conversation", NO_ANSWER, unmark)
says("conversation", "move", did=_back)
says("conversation", NO_ANSWER, did=_waits)
