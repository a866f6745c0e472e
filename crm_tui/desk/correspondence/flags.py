"""Read, answered and flagged, both ways between the desk and the servers (SPEC §2), and mail that a server took away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from crm_tui.base.errors import Conflict
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import FlagChange, Location, Message
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.conversations import summary
from crm_tui.desk.correspondence.mailbox import conversations_of
from crm_tui.desk.undoing import undo
from crm_tui.mail.text import display_text

_M = columns(Message)
_L = columns(Location)
_F = columns(FlagChange)

FLAGS = {"seen": "\\Seen", "answered": "\\Answered", "flagged": "\\Flagged"}


def from_server(
    ctx: Context,
    mailbox_id: int,
    uidvalidity: int,
    flags: Mapping[int, frozenset[str]],
    cursor: Mapping[str, Any] | None = None,
) -> int:
    """Take over the flags that a server reports, by UID; returns how many messages changed.

    A flag that was changed at the desk and not yet told to the server keeps the desk's value.
    """
    with ctx.write() as tx:
        changed = 0
        touched: set[int] = set()
        for chunk in chunks(flags):
            changed += _take_over(tx, mailbox_id, uidvalidity, {uid: flags[uid] for uid in chunk}, touched)
        if cursor:
            _move_cursor(tx.connection, mailbox_id, cursor)
        if touched:
            summary.refresh(tx.connection, touched, tx.now)
            tx.journal("mailbox", mailbox_id, "flags", after={"conversations": sorted(touched)})
        return changed


def _take_over(
    tx: Transaction, mailbox_id: int, uidvalidity: int, flags: Mapping[int, frozenset[str]], touched: set[int]
) -> int:
    connection = tx.connection
    places = connection.execute(
        select(
            _L.id, _L.uid, _L.message_id, _L.flags, _M.seen, _M.answered, _M.flagged, _M.direction, _M.conversation_id
        )
        .join(Message, _M.id == _L.message_id)
        .where(_L.mailbox_id == mailbox_id, _L.uidvalidity == uidvalidity, _L.uid.in_(list(flags)))
    ).all()
    waiting = _waiting(connection, [place.id for place in places])
    locations, messages = [], []
    for place in places:
        now = " ".join(sorted(flags[place.uid]))
        if now != place.flags:
            locations.append({"row_id": place.id, "flags": now})
        values = {
            name: getattr(place, name) if (place.id, flag) in waiting else flag in flags[place.uid]
            for name, flag in FLAGS.items()
        }
        values["seen"] = values["seen"] or place.direction == "out"
        if any(values[name] != getattr(place, name) for name in FLAGS):
            messages.append({"row_id": place.message_id, **values})
            touched.add(place.conversation_id)
    if locations:
        connection.execute(update(table_of(Location)).where(_L.id == bindparam("row_id")), locations)
    if messages:
        connection.execute(update(table_of(Message)).where(_M.id == bindparam("row_id")), messages)
    return len(messages)


def _waiting(connection: Connection, location_ids: Sequence[int]) -> set[tuple[int, str]]:
    found: set[tuple[int, str]] = set()
    for chunk in chunks(location_ids):
        found.update(
            (row.location_id, row.flag)
            for row in connection.execute(select(_F.location_id, _F.flag).where(_F.location_id.in_(chunk)))
        )
    return found


def _move_cursor(connection: Connection, mailbox_id: int, cursor: Mapping[str, Any]) -> None:
    from crm_tui.data.tables import Mailbox

    connection.execute(update(Mailbox).where(columns(Mailbox).id == mailbox_id).values(**cursor))


def set_locally(
    ctx: Context,
    message_ids: Iterable[int],
    *,
    seen: bool | None = None,
    answered: bool | None = None,
    flagged: bool | None = None,
    undoable: bool = False,
) -> int:
    """Change flags at the desk; the servers are told by the next sync. Returns how many messages changed.

    What the actor may not see is passed over, like a message that is gone.

    Args:
        undoable: an agent asked for it: undo takes it back, here and on the servers.
    """
    with ctx.write() as tx:
        there = scope.seen_messages(tx.connection, tx.actor.scopes, message_ids)
        wanted = {"seen": seen, "answered": answered, "flagged": flagged}
        return set_in(tx, there, wanted, undoable=undoable)


def set_in(
    tx: Transaction, message_ids: Iterable[int], wanted: Mapping[str, bool | None], *, undoable: bool = False
) -> int:
    """:func:`set_locally` within a transaction that does more."""
    connection = tx.connection
    values = {name: value for name, value in wanted.items() if value is not None}
    total = 0
    touched: set[int] = set()
    for chunk in chunks(message_ids):
        for name, value in values.items():
            column = getattr(_M, name)
            ids = list(connection.execute(select(_M.id).where(_M.id.in_(chunk), column.is_not(value))).scalars())
            if not ids:
                continue
            total += len(ids)
            connection.execute(update(Message).where(_M.id.in_(ids)).values(**{name: value}))
            _tell_later(tx, ids, FLAGS[name], value)
            touched |= conversations_of(connection, ids)
            before, after = {"messages": ids, name: not value}, {"messages": ids, name: value}
            tx.journal("message", ids[0], "flag", before, after, undoable=undoable)
    if touched:
        summary.refresh(connection, touched, tx.now)
        tx.journal("conversation", min(touched), "flags", after={"conversations": sorted(touched)})
    return total


def _set_back(tx: Transaction, row: undo.Row) -> None:
    """Undo of :func:`set_in`, unless the mark was changed since, by a colleague or on the server."""
    after, before = row.after or {}, row.before or {}
    ids = after["messages"]
    wanted = {name: bool(value) for name, value in before.items() if name in FLAGS}
    for chunk in chunks(ids):
        others = _M.id.in_(chunk) & or_(*(getattr(_M, name).is_(value) for name, value in wanted.items()))
        name = tx.connection.execute(select(_M.subject).where(others).limit(1)).scalar()
        if name is not None:
            raise Conflict(_("“{name}” was marked otherwise since.").format(name=display_text(name)))
    scope.require_conversations(tx.connection, tx.actor.scopes, conversations_of(tx.connection, ids))
    set_in(tx, ids, wanted)


def _tell_later(tx: Transaction, message_ids: list[int], flag: str, present: bool) -> None:
    places = list(tx.connection.execute(select(_L.id).where(_L.message_id.in_(message_ids))).scalars())
    if places:
        tx.connection.execute(delete(FlagChange).where(_F.location_id.in_(places), _F.flag == flag))
        rows = [{"location_id": place, "flag": flag, "present": present, "made_at": tx.now} for place in places]
        tx.connection.execute(insert(FlagChange), rows)


def to_tell(ctx: Context, mailbox_id: int, uidvalidity: int, limit: int = 500) -> list[tuple[int, int, str, bool]]:
    """Flag changes the server has not been told: change id, UID, flag, present; oldest first."""
    with ctx.store.connect() as connection:
        if connection.execute(select(_F.id).limit(1)).first() is None:
            return []  # nearly always; the join below would walk through the whole mailbox
        rows = connection.execute(
            select(_F.id, _L.uid, _F.flag, _F.present)
            .join(Location, _L.id == _F.location_id)
            .where(_L.mailbox_id == mailbox_id, _L.uidvalidity == uidvalidity)
            .order_by(_F.id)
            .limit(limit)
        )
        return [(row.id, row.uid, row.flag, row.present) for row in rows]


def told(ctx: Context, change_ids: Iterable[int]) -> None:
    """The server knows these changes now. One that was made anew meanwhile has a new id and stays."""
    with ctx.write() as tx:
        for chunk in chunks(change_ids):
            tx.connection.execute(delete(FlagChange).where(_F.id.in_(chunk)))


def expunged(
    ctx: Context, mailbox_id: int, uidvalidity: int, uids: Iterable[int], cursor: Mapping[str, Any] | None = None
) -> int:
    """The server has these no more: their places go, the messages and the guest's history stay (SPEC §2)."""
    with ctx.write() as tx:
        gone = 0
        for chunk in chunks(uids):
            where = (_L.mailbox_id == mailbox_id, _L.uidvalidity == uidvalidity, _L.uid.in_(chunk))
            gone += tx.connection.execute(delete(Location).where(*where)).rowcount
        if cursor:
            _move_cursor(tx.connection, mailbox_id, cursor)
        if gone:
            tx.journal("mailbox", mailbox_id, "expunged", after={"messages": gone})
        return gone


undo.special("message", "flag", _set_back)
undo.says(
    "message",
    "flag",
    would=lambda facts: _("Marked as read.") if facts.after.get("seen") else _("Marked as unread."),
    did=lambda _facts: _("The read mark is as it was."),
)
