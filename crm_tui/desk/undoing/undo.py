"""Taking back what one did, command by command, back through the session and after a restart (SPEC §3, §13).

A command is taken back whole or not at all: if something it touched is not as it left it, it is refused and the reason said.
A command that was refused because somebody changed something since is passed over from then on, so that it does not stand in
the way of those before it; one that touched what is hidden now is passed over until it is seen again.
Other agents' commands in between do not matter unless they changed the same columns of the same things.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, insert, literal_column, or_, select

from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Journal, Undone
from crm_tui.desk.client_base.guest_gone import refuse_erased
from crm_tui.desk.undoing import undo_words
from crm_tui.desk.undoing.undo_columns import put_back
from crm_tui.desk.undoing.undo_refusal import Next, Refused, hidden, hint
from crm_tui.desk.undoing.undo_registry import Row, entity, find_entity, find_special, load, special, special_many
from crm_tui.desk.undoing.undo_scope import settle, unseen
from crm_tui.desk.undoing.undo_views import UndoView
from crm_tui.desk.undoing.undo_words import says

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Actor, Context, Transaction

__all__ = [
    "DAYS",
    "Next",
    "NothingToUndo",
    "Refused",
    "Row",
    "UndoView",
    "entity",
    "goes_on_to",
    "last",
    "says",
    "settled",
    "special",
    "special_many",
    "undo",
]

_J = columns(Journal)
_U = columns(Undone)

DAYS = 30
"""How many days back a command can be taken back."""

SHOWN = 100
"""At most so many conversations are named in an :class:`UndoView`."""


class NothingToUndo(NotFound):
    """The agent did nothing that could be taken back."""

    def __init__(self) -> None:
        super().__init__(_("There is nothing to take back."))


def last(ctx: Context) -> UndoView | None:
    """What :func:`undo` would take back, or None. Whether it would be refused only trying shows."""
    load()
    with ctx.store.connect() as connection:
        rows = _newest(connection, ctx.actor, ctx.clock.now())
        if not rows:
            return None
        if unseen(connection, ctx.actor.scopes, rows):
            return UndoView(rows[0].command, _("Something that is no longer there for you."), rows[0].at, len(rows))
        return _view(rows, undo_words.would(connection, rows))


def undo(ctx: Context) -> UndoView:
    """Take back the actor's newest command that can be and was not yet; says how things stand now.

    Raises:
        NothingToUndo: there is none in the last :data:`DAYS` days.
        Refused: something is not as the command left it, or is out of sight; nothing changed but that the next undo goes
            on to the command before, unless the reason will pass by itself.
        Forbidden: the desk was opened to read only.
    """
    load()
    try:
        with ctx.write() as tx:
            rows = _newest(tx.connection, tx.actor, tx.now)
            if not rows:
                raise NothingToUndo
            try:
                draft = _take_back(tx, rows)
            except Refused:
                raise
            except (Conflict, Forbidden, InvalidInput, NotFound) as error:
                raise Refused(error.message, hint(), rows[0].command) from error
            _mark(tx, rows[0].command, tx.command)
            return _view(rows, undo_words.did(tx.connection, rows), draft)
    except Refused as error:
        if error.next is not Next.STAYS:
            _pass_over(ctx, error)
        raise


def settled(tx: Transaction, entity_name: str, entity_id: int, action: str) -> None:
    """The newest command that did this to a thing was taken back by other means: undo leaves it out."""
    query = select(_J.command).where(_J.entity == entity_name, _J.entity_id == entity_id, _J.action == action)
    command = tx.connection.execute(query.order_by(_J.id.desc()).limit(1)).scalar()
    known = select(_U.command).where(_U.command == command, _U.by_command != Next.ASIDE.value)
    if command is not None and tx.connection.execute(known).first() is None:
        _mark(tx, command, tx.command)


def goes_on_to(tx: Transaction, command: str) -> str:
    """What the undo after a command that cannot be taken back would take back, a sentence."""
    rows = _newest(tx.connection, tx.actor, tx.now, passed=command)
    if not rows or unseen(tx.connection, tx.actor.scopes, rows):
        return hint()
    what = undo_words.would(tx.connection, rows).rstrip(".")
    return _("The next undo takes back what you did before it: {what}.").format(what=what)


def _take_back(tx: Transaction, rows: Sequence[Row]) -> int | None:
    """Newest row first; returns the draft that was given back, if one was."""
    if unseen(tx.connection, tx.actor.scopes, rows):
        hidden(rows)
    refuse_erased(tx.connection, [row.entity_id for row in rows if row.entity == "guest"])
    draft: int | None = None
    for (name, action), alike in groupby(rows, key=_handled_by):
        found = list(alike)
        fn = find_special(name, action) if action else None
        if fn is not None:
            draft = fn(tx, found) or draft
        else:
            kind = find_entity(name)
            if kind is None:
                raise Conflict(_("This program cannot take that back: a newer one did it."))
            put_back(tx, kind, found)
        for row in found:
            tx.journal(row.entity, row.entity_id, "undo", _json(row.after), _json(row.before))
    settle(tx, rows)
    return draft


def _json(values: Any) -> dict[str, Any] | None:
    return None if values is None else dict(values)


def _handled_by(row: Row) -> tuple[str, str]:
    """Rows of one special action, or of one entity put back by columns, are taken back together."""
    return (row.entity, row.action if find_special(row.entity, row.action) else "")


def _newest(connection: Connection, actor: Actor, now: datetime, *, passed: str = "") -> list[Row]:
    """The rows of the newest command that can be taken back, newest first; empty if there is none."""
    if actor.id is None:
        return []
    aside = [passed] if passed else []
    at = literal_column("+journal.at", _J.at.type)  # the plus keeps the index by instant out: the other is in order
    query = (
        select(_J.command, _U.by_command)
        .outerjoin(Undone, _U.command == _J.command)
        .where(_J.agent_id == actor.id, literal_column("journal.undoable"), at >= now - timedelta(days=DAYS))
        .where(or_(_U.command.is_(None), _U.by_command == Next.ASIDE.value))
        .order_by(_J.id.desc())
        .limit(1)
    )
    while True:
        found = connection.execute(query.where(_J.command.not_in(aside)) if aside else query).first()
        if found is None:
            return []
        rows = _rows(connection, found.command)
        if found.by_command is None or not unseen(connection, actor.scopes, rows):
            return rows
        aside.append(found.command)


def _rows(connection: Connection, command: str) -> list[Row]:
    names = (_J.id, _J.at, _J.command, _J.entity, _J.entity_id, _J.action, _J.before, _J.after)
    rows = select(*names).where(_J.command == command, literal_column("journal.undoable")).order_by(_J.id.desc())
    return [Row(*row) for row in connection.execute(rows)]


def _mark(tx: Transaction, command: str, by_command: str) -> None:
    tx.connection.execute(delete(Undone).where(_U.command == command))  # it may have been passed over for a time
    tx.connection.execute(insert(Undone).values(command=command, by_command=by_command))


def _pass_over(ctx: Context, refused: Refused) -> None:
    with ctx.write() as tx:
        known = tx.connection.execute(select(_U.by_command).where(_U.command == refused.command)).scalar()
        if known in (None, Next.ASIDE.value):  # another desk of the agent may have been as quick
            _mark(tx, refused.command, refused.next)


def _view(rows: Sequence[Row], text: str, draft: int | None = None) -> UndoView:
    touched = dict.fromkeys(row.entity_id for row in reversed(rows) if row.entity == "conversation")
    queued = any(row.entity == "outbox" for row in rows)
    return UndoView(rows[0].command, text, rows[0].at, len(rows), tuple(touched)[:SHOWN], draft, queued)
