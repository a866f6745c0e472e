"""What belongs to a history: the journal rows of a thing and of all that hangs on it, and the mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, literal, or_, select, tuple_, union_all
from sqlmodel import SQLModel

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import (
    Conversation,
    Feedback,
    Guest,
    Inquiry,
    InquiryGuest,
    InternalMessage,
    Journal,
    Memo,
    Message,
    OutboxItem,
    QualityCost,
    Reminder,
    Ticket,
)
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Actor
from crm_tui.desk.histories.history_views import HistoryKey, Show

_J = columns(Journal)
_C = columns(Conversation)
_I = columns(Inquiry)
_M = columns(Message)
_H = columns(InquiryGuest)

COMMENTS = ("memo", "internal")
"""The entities that are comments."""

_LEFT_OUT: dict[str, tuple[str, ...]] = {
    "conversation": ("flags",),
    "internal": ("read",),
    "ticket": ("assign", "move", "queue", "open", "stage"),
    "outbox": ("queue", "sending", "sent", "copied", "looked up", "clock set back", "postpone", "retry copy"),
}
"""Actions that a history does without: what only the program did, and what the mail itself tells."""


@dataclass(frozen=True, slots=True)
class Things:
    """What a history is made of.

    Attributes:
        entities: entity to the ids of its things, a list or a query.
        mail: the condition on messages; None: no mail.
    """

    entities: dict[str, Any] = field(default_factory=dict)
    mail: ColumnElement[bool] | None = None

    def only(self, show: str) -> Things:
        """Those that are wanted."""
        if show == Show.ALL:
            return self
        wanted = {name: ids for name, ids in self.entities.items() if (name in COMMENTS) == (show == Show.COMMENTS)}
        return Things(wanted, self.mail if show == Show.CHANGES else None)


def of_conversation(connection: Connection, actor: Actor, number: int) -> Things:
    """What belongs to a conversation, and to those that were merged into it.

    Raises:
        NotFound: there is none that the actor may see.
    """
    scope.require_conversations(connection, actor.scopes, [number])
    if connection.execute(select(_C.id).where(_C.id == number)).first() is None:
        raise NotFound(_("There is no conversation {number}.").format(number=number))
    whole = scope.with_merged(connection, [number])
    return Things({"conversation": whole, **_hanging(whole)}, _M.conversation_id.in_(whole))


def of_inquiry(connection: Connection, actor: Actor, number: int) -> Things:
    """What belongs to an inquiry, its guests and its conversations.

    Raises:
        NotFound: there is none that the actor may see.
    """
    scope.require_inquiries(connection, actor.scopes, [number])
    if connection.execute(select(_I.id).where(_I.id == number)).first() is None:
        raise NotFound(_("There is no inquiry {number}.").format(number=number))
    talks = select(_C.id).where(_C.inquiry_id == number, scope.visible(_C.scope))
    whole = scope.with_merged(connection, connection.execute(talks, {scope.BIND: actor.scopes}).scalars())
    guests = select(_H.guest_id).where(_H.inquiry_id == number)
    entities = {"inquiry": [number], "conversation": whole, "guest": guests, **_hanging(whole, inquiry=number)}
    return Things(entities, _M.conversation_id.in_(whole))


def of_guest(connection: Connection, actor: Actor, number: int) -> Things:
    """What belongs to a guest: the profile, what was written on it, the inquiries that the actor may see.

    Raises:
        NotFound: there is none.
    """
    if connection.execute(select(columns(Guest).id).where(columns(Guest).id == number)).first() is None:
        raise NotFound(_("There is no guest {number}.").format(number=number))
    mine = [
        row.id
        for row in connection.execute(
            select(_I.id)
            .join(InquiryGuest, _H.inquiry_id == _I.id)
            .where(_H.guest_id == number, scope.visible(_I.scope)),
            {scope.BIND: actor.scopes},
        )
    ]
    entities: dict[str, Any] = {"guest": [number], "inquiry": mine}
    noted: dict[str, type[SQLModel]] = {**NOTES, "feedback": Feedback}
    for name, model in noted.items():
        entities[name] = seen_in(connection, actor, model, columns(model).guest_id == number)
    costs = columns(QualityCost)
    entities["quality cost"] = select(costs.id).where(costs.guest_id == number)
    return Things(entities)


NOTES: dict[str, type[SQLModel]] = {"memo": Memo, "internal": InternalMessage, "reminder": Reminder}
"""What agents write on things, as the journal calls it."""


def seen_in(connection: Connection, actor: Actor, model: type[SQLModel], where: ColumnElement[bool]) -> list[int]:
    """The numbers of rows, without those that are also on a conversation or an inquiry that the actor may not see."""
    names = columns(model)
    query = select(names.id).where(where)
    if "conversation_id" in names:
        query = query.where(scope.of_visible(names.conversation_id))
    if "inquiry_id" in names:
        inside = select(_I.id).where(_I.id == names.inquiry_id, scope.visible(_I.scope)).exists()
        query = query.where(or_(names.inquiry_id.is_(None), inside))
    return list(connection.execute(query, {scope.BIND: actor.scopes}).scalars())


def _hanging(conversations: Sequence[int], inquiry: int | None = None) -> dict[str, Any]:
    """Memos, internal messages, reminders, tickets and what was on its way out."""
    found: dict[str, Any] = {}
    for name, model in NOTES.items():
        names = columns(model)
        where = names.conversation_id.in_(conversations)
        found[name] = select(names.id).where(where if inquiry is None else or_(where, names.inquiry_id == inquiry))
    said = columns(Feedback)
    found["feedback"] = select(said.id).where(said.conversation_id.in_(conversations))
    items = columns(OutboxItem)
    work = columns(Ticket)
    found["ticket"] = select(work.id).where(work.conversation_id.in_(conversations))
    found["outbox"] = select(items.id).where(items.conversation_id.in_(conversations))
    return found


def _journal(things: Things, *names: Any, where: ColumnElement[bool] | None = None) -> list[Select[Any]]:
    found = []
    for entity, ids in things.entities.items():
        query = select(*names).where(_J.entity == entity, _J.entity_id.in_(ids))
        query = query.where(_J.action.not_in(("undo", *_LEFT_OUT.get(entity, ()))))
        found.append(query if where is None else query.where(where))
    return found


def keys(
    connection: Connection,
    things: Things,
    *,
    newest_first: bool = False,
    after: HistoryKey | None = None,
    limit: int | None = None,
) -> list[HistoryKey]:
    """Where the entries stand, in order: one a command and one a message.

    Args:
        after: only those behind this one.
        limit: at most so many; None: all of them, which are small.
    """
    rows = _journal(things, _J.at, _J.id, _J.command)
    every = union_all(*rows).subquery() if rows else select(_J.at, _J.id, _J.command).where(false()).subquery()
    commands = select(
        func.min(every.c.at, type_=_J.at.type).label("at"),
        literal(0).label("source"),
        func.max(every.c.id).label("id"),
        every.c.command.label("command"),
    ).group_by(every.c.command)
    parts: list[Any] = [commands]
    if things.mail is not None:
        names = (_M.at, literal(1).label("source"), _M.id, literal("").label("command"))
        parts.append(select(*names).where(things.mail, _M.delivered))
    found = union_all(*parts).subquery()
    place = (found.c.at, found.c.source, found.c.id)
    query = select(*found.c).order_by(*((one.desc() if newest_first else one.asc()) for one in place)).limit(limit)
    if after is not None:
        edge = tuple_(*(literal(value, one.type) for value, one in zip(after, place, strict=False)))
        here = tuple_(*place)
        query = query.where(here < edge if newest_first else here > edge)
    return [HistoryKey(*row) for row in connection.execute(query)]


def journal_rows(connection: Connection, things: Things, commands: Sequence[str]) -> list[Any]:
    """The journal rows of these commands that belong to the things, oldest first."""
    names = (_J.id, _J.at, _J.actor, _J.agent_id, _J.command, _J.entity, _J.entity_id, _J.action, _J.before, _J.after)
    found: list[Any] = []
    for query in _journal(things, *names, where=and_(_J.command.in_(commands))):
        found += connection.execute(query).all()
    return sorted(found, key=lambda row: row.id)
