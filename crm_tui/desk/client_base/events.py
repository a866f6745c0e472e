"""Events: what happened with a guest, written down by an agent with its type and its hour (SPEC §1, §6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, or_, select, update

from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from crm_tui.base.i18n import N_, _
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Agent, Conversation, Event, EventType, Inquiry
from crm_tui.desk.client_base import event_types, guests
from crm_tui.desk.client_base.event_views import EventView, type_name
from crm_tui.desk.client_base.guest_gone import refuse_erased
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Actor, Context, Transaction
from crm_tui.desk.common.happened import instant
from crm_tui.desk.common.permissions import Permission, may
from crm_tui.desk.common.storable import storable
from crm_tui.desk.histories import history_words
from crm_tui.desk.histories.history_words import Told, short
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.desk.shifts.memos import require_subject
from crm_tui.desk.undoing import undo_registry, undo_words
from crm_tui.mail.text import display_text

_V = columns(Event)
_T = columns(EventType)
_A = columns(Agent)
_C = columns(Conversation)
_I = columns(Inquiry)

LARGEST = 100_000
"""Letters of an event."""

SELECT: Select[Any] = (
    select(
        table_of(Event),
        _T.code.label("type_code"),
        _T.name.label("type_name"),
        _A.name.label("author"),
    )
    .join(EventType, _T.id == _V.type_id)
    .outerjoin(Agent, _A.id == _V.author_id)
    .outerjoin(Conversation, _C.id == _V.conversation_id)
    .outerjoin(Inquiry, _I.id == _V.inquiry_id)
    .where(
        _V.removed_at.is_(None),
        or_(_V.conversation_id.is_(None), scope.visible(_C.scope)),
        or_(_V.inquiry_id.is_(None), scope.visible(_I.scope)),
    )
)
"""Events that the actor may see: one on a conversation or an inquiry is as hidden as that."""


def add(
    ctx: Context,
    guest_id: int,
    type: int | str,
    text: str,
    *,
    at: datetime | None = None,
    conversation: int | None = None,
    inquiry: int | None = None,
    reservation: int | None = None,
) -> int:
    """Write down what happened with a guest; returns the event's number.

    Args:
        type: the number of a type of event, or its name or code.
        text: what happened; may be empty: the type says it.
        at: when it happened, aware; None: now.

    Raises:
        InvalidInput: the text is too long, or the instant lies ahead or before 1950; ``field`` says which.
        NotFound: there is no such guest or type, or what it is linked with is not there for the agent.
    """
    words = _text(text)
    number = event_types.named(ctx, type).id if isinstance(type, str) else type
    with ctx.write() as tx:
        guests.require(tx.connection, guest_id)
        event_types.require(tx.connection, number)
        conversation = require_subject(tx.connection, ctx.actor, inquiry, conversation, None, reservation=reservation)
        linked = {"conversation_id": conversation, "inquiry_id": inquiry, "reservation_id": reservation}
        return _store(tx, guest_id, number, words, _instant(tx, at), linked)


def add_in(tx: Transaction, guest_id: int, code: str, text: str, *, reservation: int | None = None) -> int:
    """Write down what a command did with a guest, within that command: taken back with it. Returns the event's number.

    Args:
        code: one of :class:`~crm_tui.rules.vocabulary.EventKind`; a type that was taken off the list serves still.
    """
    number = tx.connection.execute(select(_T.id).where(_T.code == code)).scalar_one()
    return _store(tx, guest_id, number, _text(text), tx.now, {"reservation_id": reservation})


def _store(
    tx: Transaction, guest_id: int, type_id: int, words: str, at: datetime, linked: dict[str, int | None]
) -> int:
    row: dict[str, Any] = {"type_id": type_id, "guest_id": guest_id, "at": at, "text": words}
    row |= {"conversation_id": None, "inquiry_id": None, **linked, "author_id": tx.actor.id, "created_at": tx.now}
    made = new_id(tx.connection.execute(insert(Event).values(**row)))
    after = {name: plain(row[name]) for name in ("guest_id", "type_id", "at", "inquiry_id", "conversation_id")}
    tx.journal("event", made, "create", None, after, undoable=True)
    return made


def edit(
    ctx: Context,
    event_id: int,
    version: int,
    *,
    type: int | str | None = None,
    text: str | None = None,
    at: datetime | None = None,
) -> EventView:
    """Change an event; what is None stays.

    Raises:
        Forbidden: somebody else wrote it, and the agent is no manager.
        Conflict: it was changed since ``version``; nothing was overwritten.
        InvalidInput, NotFound: as :func:`add`.
    """
    number = event_types.named(ctx, type).id if isinstance(type, str) else type
    with ctx.write() as tx:
        row = _own(tx.connection, tx.actor, event_id)
        if row.version != version:
            raise Conflict(_("This event was changed meanwhile; nothing was overwritten."), _("Look at it again."))
        changed: dict[str, Any] = {}
        if number is not None and number != row.type_id:
            changed["type_id"] = event_types.require(tx.connection, number).id
        if text is not None and _text(text) != row.text:
            changed["text"] = _text(text)
        if at is not None and at != row.at:
            changed["at"] = _instant(tx, at)
        if changed:
            _update(tx, row, "change", changed | {"edited_at": tx.now})
        return view(_row(tx.connection, ctx.actor, event_id), ctx.actor)


def remove(ctx: Context, event_id: int) -> None:
    """Take an event away; the guest's history keeps that it was there.

    Raises:
        Forbidden: somebody else wrote it, and the agent is no manager.
        NotFound: there is none that the agent may see.
    """
    with ctx.write() as tx:
        _update(tx, _own(tx.connection, tx.actor, event_id), "remove", {"removed_at": tx.now})


def get(ctx: Context, event_id: int) -> EventView:
    """One event.

    Raises:
        NotFound: there is none that the agent may see.
    """
    with ctx.store.connect() as connection:
        return view(_row(connection, ctx.actor, event_id), ctx.actor)


def listed(ctx: Context, guest_id: int, *, limit: int = 1000) -> list[EventView]:
    """The events of a guest, the newest first; those of guests that were merged into it are its own.

    Raises:
        NotFound: there is no such guest.
    """
    from crm_tui.desk.client_base.guest_whole import whole

    with ctx.store.connect() as connection:
        _alive, everyone = whole(connection, guest_id)
        query = SELECT.where(_V.guest_id.in_(everyone)).order_by(_V.at.desc(), _V.id.desc()).limit(limit)
        rows = connection.execute(query, {scope.BIND: ctx.actor.scopes})
        return [view(row, ctx.actor) for row in rows]


def view(row: Row[Any], actor: Actor) -> EventView:
    """A row of :data:`SELECT`, display-safe."""
    return EventView(
        id=row.id,
        type_id=row.type_id,
        type=display_text(type_name(row.type_code, row.type_name)),
        guest=row.guest_id,
        at=row.at,
        text=display_text(row.text, multiline=True),
        author=display_text(row.author or ""),
        created_at=row.created_at,
        edited_at=row.edited_at,
        conversation=row.conversation_id,
        inquiry=row.inquiry_id,
        reservation=row.reservation_id,
        mine=_may_change(row, actor),
        version=row.version,
    )


def _row(connection: Connection, actor: Actor, event_id: int) -> Row[Any]:
    row = connection.execute(SELECT.where(_V.id == event_id), {scope.BIND: actor.scopes}).first()
    if row is None:
        raise NotFound(_("There is no event {number}.").format(number=event_id))
    return row


def _own(connection: Connection, actor: Actor, event_id: int) -> Row[Any]:
    row = _row(connection, actor, event_id)
    if not _may_change(row, actor):
        raise Forbidden(
            _("{author} wrote this event; only they or a manager can change it.").format(
                author=display_text(row.author or "") or _("Somebody else")
            ),
            _("Write one of your own."),
        )
    refuse_erased(connection, [row.guest_id])
    return row


def _may_change(row: Row[Any], actor: Actor) -> bool:
    return may(actor, Permission.OTHERS_WORDS) or (row.author_id == actor.id and actor.id is not None)


def _instant(tx: Transaction, at: datetime | None) -> datetime:
    return instant(tx, at, _("An event has happened: say when, not later than now."))


def _text(text: str) -> str:
    clean = storable(text).strip()
    if len(clean) > LARGEST:
        raise InvalidInput(_("This is too long: at most {limit} letters fit here.").format(limit=LARGEST), field="text")
    return clean


def _update(tx: Transaction, row: Row[Any], action: str, changed: dict[str, Any]) -> None:
    tx.connection.execute(update(Event).where(_V.id == row.id).values(**changed, version=_V.version + 1))
    before = {name: plain(getattr(row, name)) for name in changed}
    after = {name: plain(value) for name, value in changed.items()}
    tx.journal("event", row.id, action, before, after, undoable=True)


# Words


def _named(connection: Connection, number: int) -> str:
    query = select(_V.text, _T.code, _T.name).join(EventType, _T.id == _V.type_id).where(_V.id == number)
    row = connection.execute(query).first()
    return short(row.text or type_name(row.code, row.name), 40) if row is not None else ""


undo_registry.entity("event", Event, named=_named)


def _what(side: Told) -> str:
    return short(str(side.get("text") or side.now.get("text") or "")) or _("event")


def _changed(before: Told, after: Told) -> str:
    if "text" in after:
        return _("event “{old}” now: {new}").format(old=short(str(before.get("text") or "")), new=_what(after))
    if "at" in after:
        return _("event “{text}”: {old} → {new}").format(
            text=_what(after), old=before.instant("at"), new=after.instant("at")
        )
    return _("event “{text}”: another type").format(text=_what(after))


history_words.says("event", "create", lambda _b, after: _("wrote down: {text}").format(text=_what(after)), kind="event")
history_words.says("event", "change", _changed, kind="event")
history_words.says(
    "event", "remove", lambda _b, after: _("removed the event “{text}”").format(text=_what(after)), kind="event"
)


def _again(words: str) -> undo_words.Says:
    return lambda facts: _(words).format(what=facts.what)


undo_words.says("event", "create", did=_again(N_("The event {what} is gone again.")))
undo_words.says("event", "change", did=_again(N_("The event {what} reads as before.")))
undo_words.says("event", "remove", did=_again(N_("The event {what} is back.")))
