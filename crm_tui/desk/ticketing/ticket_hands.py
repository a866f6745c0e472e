"""In whose hands a ticket is (SPEC §10): always in those of its conversation's assignee.

The database lets a ticket follow its conversation (:mod:`crm_tui.data.turn_tickets`). Here is what it cannot know: when,
by whom, and why; and the way back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from crm_tui.base.errors import Conflict
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Agent, Conversation, Journal, Ticket
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.ticketing.ticket_words import why_with
from crm_tui.desk.undoing.undo_registry import Row, entity, special_many
from crm_tui.desk.undoing.undo_things import conversation_name
from crm_tui.mail.text import display_text
from crm_tui.rules.routing import By, Why
from crm_tui.rules.vocabulary import TicketHow

_T = columns(Ticket)
_C = columns(Conversation)
_A = columns(Agent)
_J = columns(Journal)

HANDS = (
    "agent_id",
    "how",
    "pinned",
    "assigned_at",
    "seen_at",
    "flagged_at",
    "why",
    "pending_at",
    "pending_by",
    "pending_note",
)
"""What of a ticket changes when it goes into other hands."""

FRESH: Mapping[str, Any] = {
    "seen_at": None,
    "flagged_at": None,
    "pending_at": None,
    "pending_by": None,
    "pending_note": "",
}
"""What a ticket does not take along into other hands."""


def open_ones() -> Sequence[Any]:
    """The conditions of a ticket that is not done."""
    return (_T.done_at.is_(None), ~_T.gone)


def of_conversations(connection: Connection, conversation_ids: Iterable[int]) -> dict[int, Any]:
    """The open tickets of conversations, by conversation."""
    found: dict[int, Any] = {}
    for chunk in chunks(conversation_ids):
        names = (_T.id, _T.conversation_id, _T.version, *(_T[name] for name in HANDS))
        query = select(*names).where(_T.conversation_id.in_(chunk), *open_ones()).order_by(_T.id)
        found.update((row.conversation_id, row) for row in connection.execute(query))
    return found


def given_in(tx: Transaction, before: Mapping[int, Any]) -> None:
    """Whoever was given conversations by hand has their tickets from now on, pinned; with nobody they are queued.

    Args:
        before: from :func:`of_conversations`, as it was before the conversations' assignee was written.
    """
    for number, row in of_conversations(tx.connection, before).items():
        was = before[number]
        if row.agent_id == was.agent_id:
            continue
        values = {name: getattr(row, name) for name in HANDS} | by_hand(tx, row.agent_id)
        write(tx, row.id, values)
        left = {name: getattr(was, name) for name in HANDS}
        tx.journal("ticket", row.id, "assign", changed(left, values), changed(values, left), undoable=True)


def by_hand(tx: Transaction, agent: int | None) -> dict[str, Any]:
    """The columns of a ticket that somebody gives by hand, or takes, just now."""
    if agent is None:
        return {**FRESH, "agent_id": None, "how": "", "pinned": False, "assigned_at": None, "why": None}
    own = agent == tx.actor.id
    how, by = (TicketHow.CLAIMED, By.CLAIMED) if own else (TicketHow.MANUAL, By.MANUAL)
    why = Why(by, who=None if own else tx.actor.id).plain()
    return {**FRESH, "agent_id": agent, "how": how.value, "pinned": True, "assigned_at": tx.now, "why": why}


def write(tx: Transaction, ticket_id: int, values: Mapping[str, Any]) -> None:
    """Give a ticket other values."""
    write_all(tx, [ticket_id], values)


def write_all(tx: Transaction, ticket_ids: Iterable[int], values: Mapping[str, Any]) -> None:
    """Give tickets other values, the same to all."""
    for chunk in chunks(ticket_ids):
        change = update(table_of(Ticket)).where(_T.id.in_(chunk))
        tx.connection.execute(change.values(**values, version=_T.version + 1))


def changed(values: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the values that differ from the others, as the journal keeps them."""
    return {name: plain(value) for name, value in values.items() if others[name] != value}


def plain(value: Any) -> Any:
    """A column's value as the journal keeps it."""
    return value.isoformat() if isinstance(value, datetime) else value


def settle(tx: Transaction, conversation_ids: Iterable[int]) -> None:
    """After conversations got another assignee by other ways: a split, a merge, an undo. Their tickets followed by
    themselves; from when on, is noted here."""
    for chunk in chunks(conversation_ids):
        lately = (_T.conversation_id.in_(chunk), _T.agent_id.is_not(None), _T.assigned_at.is_(None), _T.how != "")
        tx.connection.execute(update(table_of(Ticket)).where(*lately, *open_ones()).values(assigned_at=tx.now))


def alike(tx: Transaction, one: int, other: int) -> None:
    """What was split off is in the same hands in the same way as the rest: opened, pinned, or neither."""
    both = of_conversations(tx.connection, [one, other])
    if one in both and other in both and both[one].agent_id == both[other].agent_id:
        names = ("how", "pinned", "assigned_at", "seen_at", "flagged_at", "why")
        write(tx, both[other].id, {name: getattr(both[one], name) for name in names})


_LEFT = ("agent_id", "how", "pinned", "assigned_at", "seen_at", "flagged_at", "why")
"""What of a ticket is lost in the queue; that it waits for a manager is not."""


def leave_in(tx: Transaction, agent_id: int) -> int:
    """Put everything that an agent has back into the queue: they leave the team. Returns how much it was.

    What waits for a manager waits on. Who is taken back by undo is given back what nobody has got since: :func:`return_in`.
    """
    names = (_T.id, _T.conversation_id, *(_T[name] for name in _LEFT))
    query = select(*names).where(_T.agent_id == agent_id, *open_ones()).order_by(_T.id)
    rows = tx.connection.execute(query).all()
    was = {row.id: {name: plain(getattr(row, name)) for name in _LEFT} for row in rows}
    return put(tx, "queue", [Put(row.id, row.conversation_id, agent_id) for row in rows], was)


def return_in(tx: Transaction, agent_id: int, command: str) -> int:
    """Give an agent back what a command put into the queue, as far as it is still there; returns how much it was."""
    left = select(_J.entity_id, _J.before).where(_J.command == command, _J.entity == "ticket", _J.action == "queue")
    was = {row.entity_id: row.before for row in tx.connection.execute(left) if row.before.get("agent_id") == agent_id}
    done = 0
    for chunk in chunks(was):
        query = select(_T.id, _T.conversation_id).where(_T.id.in_(chunk), _T.agent_id.is_(None), *open_ones())
        for row in tx.connection.execute(query).all():
            values = {name: revived(name, was[row.id][name]) for name in _LEFT if name in was[row.id]}
            write(tx, row.id, values)
            tx.connection.execute(_FOLLOW, [{"talk": row.conversation_id, "receiver": agent_id}])
            tx.journal("ticket", row.id, "assign", {"agent_id": None}, {"agent_id": agent_id})
            hands = {"assignee_id": None}, {"assignee_id": agent_id}
            tx.journal("conversation", row.conversation_id, "assign", *hands)
            done += 1
    return done


@dataclass(frozen=True, slots=True)
class Put:
    """A ticket that goes from one's hands into another's by itself; without a receiver into the queue."""

    ticket: int
    conversation: int
    giver: int | None
    receiver: int | None = None
    at: datetime | None = None
    why: dict[str, Any] | None = None


_PUT = (
    update(table_of(Ticket))
    .where(_T.id == bindparam("ticket"))
    .values(
        agent_id=bindparam("receiver"),
        how=bindparam("by"),
        assigned_at=bindparam("at"),
        why=bindparam("because"),
        pinned=False,
        seen_at=None,
        flagged_at=None,
        version=_T.version + 1,
    )
)
_FOLLOW = (
    update(table_of(Conversation))
    .where(_C.id == bindparam("talk"))
    .values(assignee_id=bindparam("receiver"), version=_C.version + 1)
)


def put(tx: Transaction, action: str, puts: Sequence[Put], was: Mapping[int, Mapping[str, Any]] | None = None) -> int:
    """Write that tickets go into other hands by themselves, and their conversations with them; journaled for good.

    Args:
        action: the journal's word: assign, move or queue.
        was: what else the journal keeps of a ticket as it was before, by its number.

    Returns:
        How many they were.
    """
    if not puts:
        return 0
    tx.connection.execute(
        _PUT,
        [
            {
                "ticket": one.ticket,
                "receiver": one.receiver,
                "by": TicketHow.AUTOMATIC.value if one.receiver is not None else "",
                "at": one.at,
                "because": one.why,
            }
            for one in puts
        ],
    )
    tx.connection.execute(_FOLLOW, [{"talk": one.conversation, "receiver": one.receiver} for one in puts])
    for one in puts:
        before = {**(was or {}).get(one.ticket, {}), "agent_id": one.giver}
        tx.journal("ticket", one.ticket, action, before, {"agent_id": one.receiver})
        hands = {"assignee_id": one.giver}, {"assignee_id": one.receiver}
        tx.journal("conversation", one.conversation, "assign", *hands)
    return len(puts)


# -- two desks at once --------------------------------------------------------------------------------------------------


def refuse_moved(
    tx: Transaction, rows: Iterable[Any], seen: Mapping[int, int | None] | None, receiver: int | None
) -> None:
    """Refuse what is in other hands than it was when somebody decided, unless it is where it should go.

    Args:
        seen: who had each of them then, by ticket; None: that does not matter.

    Raises:
        Conflict: so; the sentence names who has it.
    """
    for row in rows:
        if seen is not None and row.agent_id not in (seen.get(row.id, row.agent_id), receiver):
            raise has_it(tx, row)


def has_it(tx: Transaction, row: Any) -> Conflict:
    """Where a ticket is now, as a refusal."""
    subject = display_text(row.subject)
    if row.agent_id is None:
        return Conflict(_("“{subject}” is in the queue now; nothing was changed.").format(subject=subject))
    name = tx.connection.execute(select(_A.name).where(_A.id == row.agent_id)).scalar() or ""
    return Conflict(
        _("{name} has “{subject}” now; nothing was changed.").format(name=display_text(name), subject=subject),
        why_with(row.why, row.how, {}) if row.pinned else "",
    )


# -- undo ---------------------------------------------------------------------------------------------------------------


def _take_back(tx: Transaction, rows: Sequence[Row]) -> None:
    """The ticket as it was before it was given; its conversation's row decides whether that can be.

    What was done with it since, as opening it, does not stand in the way.
    """
    for row in rows:
        before, after = row.before or {}, row.after or {}
        current = tx.connection.execute(select(_T.agent_id, _T.done_at).where(_T.id == row.entity_id)).first()
        if current is None or current.done_at is not None or current.agent_id != after.get("agent_id"):
            continue
        agent = before.get("agent_id")
        known = select(_A.id).where(_A.id == agent, _A.active)
        if agent is None or tx.connection.execute(known).first() is not None:
            write(tx, row.entity_id, {name: revived(name, value) for name, value in before.items()})


def revived(name: str, value: Any) -> Any:
    """The same, the other way round."""
    return datetime.fromisoformat(value) if value and name.endswith("_at") else value


def _named(connection: Connection, number: int) -> str:
    talk = connection.execute(select(_T.conversation_id).where(_T.id == number)).scalar()
    return conversation_name(connection, talk) if talk is not None else ""


entity("ticket", Ticket, named=_named)
special_many("ticket", "assign", _take_back)
