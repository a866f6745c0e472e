"""Internal messages: what an agent writes to another about a conversation, an inquiry, a guest or a reservation (SPEC §1, §3).

They are never sent to a guest, never quoted and never a reply: nothing here touches messages or turns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, insert, or_, select, update

from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Agent, Conversation, Guest, Inquiry, InternalMessage, Reservation
from crm_tui.desk.common import scope, waiting
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.storable import storable
from crm_tui.desk.shifts.internal_views import InternalView
from crm_tui.desk.stays import reservation_talks
from crm_tui.mail.text import display_text

LONGEST = 1_000_000
"""Characters of an internal message."""

_N = columns(InternalMessage)
_A = columns(Agent)
_C = columns(Conversation)
_I = columns(Inquiry)
_G = columns(Guest)
_R = columns(Reservation)
_FROM = table_of(Agent).alias("sender")
_TO = table_of(Agent).alias("recipient")


class HiddenFromThem(InvalidInput):
    """The recipient may not see what the message is about (SPEC §4: scope); nothing was sent.

    Attributes:
        agent: the recipient's name, display-safe.
        inquiry: the inquiry whose scope would have to be changed; None if the conversation has none.
    """

    def __init__(self, agent: str, inquiry: int | None) -> None:
        super().__init__(
            _("{name} may not see this, so the message was not sent.").format(name=agent),
            _("Change the scope of inquiry {number} first, so that {name} sees it.").format(number=inquiry, name=agent)
            if inquiry is not None
            else _("Change the scope first, so that {name} sees it.").format(name=agent),
            "to",
        )
        self.agent = agent
        self.inquiry = inquiry


def _guest(tx: Transaction, guest_id: int) -> int:
    from crm_tui.desk.client_base import guests  # not before it is needed: the badge is read while the desk opens

    return int(guests.require(tx.connection, guest_id).id)


def _refuse_hidden(tx: Transaction, recipient: Row[Any], inquiry: int | None, conversation: int | None) -> None:
    hidden, about_inquiry = _about(tx, recipient, inquiry, conversation)
    if hidden:
        raise HiddenFromThem(display_text(recipient.name), about_inquiry)


def send(
    ctx: Context,
    to: str,
    text: str,
    *,
    inquiry: int | None = None,
    conversation: int | None = None,
    guest: int | None = None,
    reservation: int | None = None,
) -> int:
    """Write to another agent about a conversation, an inquiry, a guest or a reservation; returns the message's id.

    Args:
        to: the agent's name; case does not matter.
        inquiry, conversation, guest, reservation: what it is about: exactly one of them.

    Raises:
        InvalidInput: there is no such agent, the text is empty, or it is about nothing or two things; ``field`` says which.
        HiddenFromThem: the recipient may not see the thing.
        NotFound: there is no such thing, or the sender may not see it.
    """
    from crm_tui.desk.correspondence import reading  # not before it is needed: the badge is read while the desk opens

    words = _checked(text)
    if sum(one is not None for one in (inquiry, conversation, guest, reservation)) != 1:
        raise InvalidInput(
            _("Say what the message is about: a conversation, an inquiry, a guest or a reservation."), field="about"
        )
    with ctx.write() as tx:
        recipient = _agent(tx, to)
        if guest is not None:
            guest = _guest(tx, guest)
        elif reservation is not None:
            reservation_talks.require(tx.connection, reservation)
        else:
            _refuse_hidden(tx, recipient, inquiry, conversation)
        if conversation is not None:
            conversation = reading.survivor(tx.connection, conversation)
        values = {"inquiry_id": inquiry, "conversation_id": conversation, "guest_id": guest}
        values["reservation_id"] = reservation
        result = tx.connection.execute(
            insert(InternalMessage).values(from_id=tx.actor.id, to_id=recipient.id, text=words, at=tx.now, **values)
        )
        number = new_id(result)
        about = {name: value for name, value in values.items() if value is not None}
        # Undo takes it away only while nobody has read it.
        tx.journal("internal", number, "send", None, {"removed_at": None, "read_at": None, **about}, undoable=True)
        return number


def mark_read(ctx: Context, ids: Iterable[int]) -> int:
    """The agent has read messages that were written to them; others' and read ones are left. Returns how many changed."""
    changed = 0
    with ctx.write() as tx:
        for chunk in chunks(ids):
            mine = _N.id.in_(chunk) & (_N.to_id == ctx.actor.id) & _N.read_at.is_(None) & _N.removed_at.is_(None)
            found = list(tx.connection.execute(select(_N.id).where(mine)).scalars())
            tx.connection.execute(
                update(table_of(InternalMessage)).where(_N.id.in_(found)).values(read_at=tx.now, version=_N.version + 1)
            )
            for number in found:
                tx.journal("internal", number, "read", {"read_at": None}, {"read_at": tx.now.isoformat()})
            changed += len(found)
    return changed


def unread(ctx: Context) -> list[InternalView]:
    """What others wrote to the agent and waits to be read, oldest first."""
    return _views(ctx, _unread(ctx), order=(_N.id,))


def unread_count(ctx: Context) -> int:
    """The badge: always as many as :func:`unread` lists."""
    return waiting.for_me(ctx).unread


def mine(ctx: Context, *, limit: int = 500) -> list[InternalView]:
    """What was written to the agent and by the agent: the unread ones first (oldest on top), then the latest."""
    waiting = unread(ctx)
    own = or_(_N.to_id == ctx.actor.id, _N.from_id == ctx.actor.id)
    seen = {view.id for view in waiting}
    rest = _views(ctx, own, order=(_N.id.desc(),), limit=limit + len(waiting))
    return [*waiting, *(view for view in rest if view.id not in seen)]


def listed(
    ctx: Context,
    *,
    inquiry: int | None = None,
    conversation: int | None = None,
    guest: int | None = None,
    reservation: int | None = None,
) -> list[InternalView]:
    """The messages about a guest, a conversation, or about an inquiry or reservation and what belongs to it, oldest first.

    Everybody who may see the thing sees what agents wrote about it, whomever they wrote to.

    Raises:
        NotFound: the agent may not see the thing.
    """
    if guest is not None:
        return _views(ctx, _N.guest_id == guest, order=(_N.id,))
    if reservation is not None:
        with ctx.store.connect() as connection:
            reservation_talks.require(connection, reservation)
        return _views(ctx, or_(*reservation_talks.notes_on(_N, reservation)), order=(_N.id,))
    with ctx.store.connect() as connection:
        scope.require_inquiries(connection, ctx.actor.scopes, [inquiry] if inquiry else [])
        scope.require_conversations(connection, ctx.actor.scopes, [conversation] if conversation else [])
        roots = select(_C.id).where(_C.id == conversation if inquiry is None else _C.inquiry_id == inquiry)
        within = _N.conversation_id.in_(scope.with_merged(connection, list(connection.execute(roots).scalars())))
    return _views(ctx, within if inquiry is None else or_(within, _N.inquiry_id == inquiry), order=(_N.id,))


def recipients(ctx: Context) -> list[str]:
    """The agents one can write to: everybody but oneself, by name."""
    with ctx.store.connect() as connection:
        query = select(_A.name).where(_A.active, _A.id.is_distinct_from(ctx.actor.id)).order_by(_A.name)
        return [display_text(name) for name in connection.execute(query).scalars()]


def _unread(ctx: Context) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = (_N.to_id == (ctx.actor.id or 0)) & _N.read_at.is_(None) & _N.removed_at.is_(None)
    return condition


def _agent(tx: Transaction, name: str) -> Row[Any]:
    wanted = display_text(name).strip().casefold()
    agents = tx.connection.execute(select(table_of(Agent)).where(_A.active).order_by(_A.name)).all()
    found = [row for row in agents if display_text(row.name).casefold() == wanted]
    if len(found) != 1:
        known = [display_text(row.name) for row in agents if row.id != tx.actor.id]
        raise InvalidInput(
            _("There is no agent called {name}.").format(name=display_text(name)),
            _("Known are: {names}.").format(names=", ".join(known)),
            "to",
        )
    if found[0].id == tx.actor.id:
        raise InvalidInput(_("That is you."), _("For a note to yourself, write a memo."), "to")
    return found[0]


def _about(
    tx: Transaction, recipient: Row[Any], inquiry: int | None, conversation: int | None
) -> tuple[bool, int | None]:
    """Whether the recipient may not see the thing, and the inquiry whose scope says so.

    Raises:
        NotFound: there is no such thing, or the sender may not see it.
    """
    from crm_tui.desk.correspondence import reading

    scopes = tx.actor.scopes
    if conversation is not None:
        scope.require_conversations(tx.connection, scopes, [conversation])
        query = select(_C.scope, _C.inquiry_id).where(_C.id == reading.survivor(tx.connection, conversation))
        missing = _("There is no conversation {number}.").format(number=conversation)
    else:
        scope.require_inquiries(tx.connection, scopes, [inquiry or 0])
        query = select(_I.scope, _I.id.label("inquiry_id")).where(_I.id == inquiry, _I.removed_at.is_(None))
        missing = _("There is no inquiry {number}.").format(number=inquiry)
    row = tx.connection.execute(query).first()
    if row is None:
        raise NotFound(missing)
    return not scope.sees(_scopes_of(tx.connection, recipient), row.scope), row.inquiry_id


def _scopes_of(connection: Connection, agent: Row[Any]) -> str:
    """What another agent may see, as :attr:`Actor.scopes` says it."""
    from crm_tui.desk.staff.team import actor_of  # not before it is needed, as above

    return actor_of(connection, agent).scopes


def _views(
    ctx: Context, condition: ColumnElement[bool], *, order: Sequence[Any], limit: int | None = None
) -> list[InternalView]:
    """Messages that are not removed; one about what the agent may not see any more keeps its text, and says so."""
    query: Select[Any] = (
        select(
            *table_of(InternalMessage).columns,
            _FROM.c.name.label("sender"),
            _TO.c.name.label("recipient"),
            _C.subject,
            _C.counterpart_name,
            _C.counterpart_address,
            _C.scope.label("conversation_scope"),
            _I.scope.label("inquiry_scope"),
            _G.given.label("guest_given"),
            _G.surname.label("guest_surname"),
            _R.code.label("reservation_code"),
        )
        .join(_TO, _TO.c.id == _N.to_id)
        .outerjoin(_FROM, _FROM.c.id == _N.from_id)
        .outerjoin(Conversation, _C.id == _N.conversation_id)
        .outerjoin(Inquiry, _I.id == _N.inquiry_id)
        .outerjoin(Guest, _G.id == _N.guest_id)
        .outerjoin(Reservation, _R.id == _N.reservation_id)
        .where(condition, _N.removed_at.is_(None))
        .order_by(*order)
        .limit(limit)
    )
    with ctx.store.connect() as connection:
        return [_view(ctx, row) for row in connection.execute(query, {scope.BIND: ctx.actor.scopes})]


def _view(ctx: Context, row: Row[Any]) -> InternalView:
    hidden = not scope.sees(ctx.actor.scopes, row.conversation_scope or row.inquiry_scope or "")
    about = ""
    if row.conversation_id is not None and not hidden:
        who = display_text(row.counterpart_name or row.counterpart_address or "")
        about = " · ".join(part for part in (who, display_text(row.subject or "")) if part)
    elif row.inquiry_id is not None and not hidden:
        about = _("Inquiry {number}").format(number=row.inquiry_id)
    elif row.guest_id is not None:
        about = display_text(f"{row.guest_given or ''} {row.guest_surname or ''}".strip())
    elif row.reservation_id is not None:
        about = _("Reservation {code}").format(code=display_text(row.reservation_code or ""))
    return InternalView(
        id=row.id,
        sender=display_text(row.sender or ""),
        sender_id=row.from_id,
        to=display_text(row.recipient),
        to_id=row.to_id,
        text=display_text(row.text, multiline=True),
        at=row.at,
        conversation=None if hidden else row.conversation_id,
        inquiry=None if hidden else row.inquiry_id,
        guest=row.guest_id,
        about=about,
        version=row.version,
        read_at=row.read_at,
        mine=row.to_id == ctx.actor.id,
        hidden=hidden,
        reservation=row.reservation_id,
    )


def _checked(text: str) -> str:
    """The text as it is kept.

    Raises:
        InvalidInput: there is none, or it is beyond any message.
    """
    words = storable(text).strip()
    if not words:
        raise InvalidInput(_("There is no text to send."), field="text")
    if len(words) > LONGEST:
        raise InvalidInput(_("This is longer than a message can be."), field="text")
    return words
