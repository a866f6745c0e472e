"""Feedback: what guests praise and complain about, and what was done about it (SPEC §11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, insert, or_, select, update

from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Agent, Conversation, Feedback, Guest, Reservation, ReservationGuest
from crm_tui.desk import feedback_words as feedback_words
from crm_tui.desk import guest_mail, guests, reservation_rows, scope
from crm_tui.desk.context import Actor, Context, Transaction
from crm_tui.desk.event_views import AHEAD, EARLIEST
from crm_tui.desk.feedback_views import FeedbackView, Show
from crm_tui.desk.guest_gone import refuse_erased
from crm_tui.desk.guest_merging import survivor_in
from crm_tui.desk.inquiry_rows import plain
from crm_tui.desk.memos import require_subject
from crm_tui.desk.storable import storable
from crm_tui.desk.writing import zone
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import FeedbackKind, Role

_F = columns(Feedback)
_A = columns(Agent)
_C = columns(Conversation)
_G = columns(Guest)
_R = columns(Reservation)
_Q = columns(ReservationGuest)
_RESOLVER = table_of(Agent).alias("resolver")

TEXTS: Mapping[str, int] = {"code": 60, "room": 60, "employee": 120, "emoji": 8, "comment": 20_000}
"""The fields that are text, and how many letters each may have."""
RESOLUTION = 20_000
"""Letters of what was done."""
LIMIT = 200

OPEN = and_(_F.kind == FeedbackKind.NEGATIVE, _F.resolved_at.is_(None), _F.removed_at.is_(None))
"""The condition that a row is a complaint that nobody resolved."""

SELECT: Select[Any] = (
    select(
        table_of(Feedback),
        _A.name.label("author"),
        _RESOLVER.c.name.label("resolver"),
        _G.surname,
        _G.given,
        _R.code.label("code_of"),
    )
    .outerjoin(Agent, _A.id == _F.author_id)
    .outerjoin(_RESOLVER, _RESOLVER.c.id == _F.resolved_by)
    .outerjoin(Guest, _G.id == _F.guest_id)
    .outerjoin(Reservation, and_(_R.id == _F.reservation_id, _R.removed_at.is_(None)))
    .outerjoin(Conversation, _C.id == _F.conversation_id)
    .where(_F.removed_at.is_(None), or_(_F.conversation_id.is_(None), scope.visible(_C.scope)))
)
"""Feedback that the actor may see: what came by a conversation is as hidden as that."""


def add(
    ctx: Context,
    kind: str,
    *,
    at: datetime | None = None,
    guest: int | None = None,
    reservation: int | None = None,
    conversation: int | None = None,
    resolved: bool = False,
    resolution: str = "",
    satisfaction: int | None = None,
    **texts: str,
) -> int:
    """Write down what a guest said; returns its number.

    Args:
        kind: positive or negative.
        at: when it was said, aware; None: now.
        guest: whose it is; without one the reservation's holder, or the only guest of the conversation.
        resolved: it was settled at once; what was done and how the guest took it may be said, and mean the same.
        texts: code, room, employee, comment and emoji; without a room that of the reservation.

    Raises:
        InvalidInput: neither guest nor room is known, a value is none; ``field`` names it.
        NotFound: what it is about is not there, or the agent may not see it.
    """
    if kind not in tuple(FeedbackKind):
        raise InvalidInput(_("Feedback is positive or negative."), field="kind")
    row: dict[str, Any] = dict.fromkeys(TEXTS, "") | _texts(texts)
    with ctx.write() as tx:
        conversation = require_subject(tx.connection, ctx.actor, None, conversation, guest)
        row |= {"kind": kind, "conversation_id": conversation, "reservation_id": reservation}
        row["guest_id"], room = _whose(tx.connection, guest, reservation, conversation)
        row["room"] = row["room"] or room
        _require_known(row)
        row |= {"at": _instant(tx, at), "author_id": tx.actor.id, "created_at": tx.now}
        if resolved or resolution.strip() or satisfaction is not None:
            row |= _resolved(tx, resolution, satisfaction)
        made = new_id(tx.connection.execute(insert(Feedback).values(**row)))
        after = {name: plain(row[name]) for name in ("kind", "code", "guest_id", "reservation_id", "conversation_id")}
        tx.journal("feedback", made, "create", None, after, undoable=True)
        return made


def edit(ctx: Context, feedback_id: int, version: int, values: Mapping[str, Any]) -> FeedbackView:
    """Change what was written down: the texts, the kind, when it was said, whose it is.

    Raises:
        Forbidden: somebody else wrote it, and the agent is no manager.
        Conflict: it was changed since ``version``; nothing was overwritten.
        InvalidInput, NotFound: as :func:`add`.
    """
    with ctx.write() as tx:
        row = _own(tx.connection, ctx.actor, feedback_id)
        _require_version(row, version)
        given = _texts({name: value for name, value in values.items() if name in TEXTS})
        if values.get("kind", row.kind) not in tuple(FeedbackKind):
            raise InvalidInput(_("Feedback is positive or negative."), field="kind")
        given |= {"kind": str(values.get("kind", row.kind))}
        if "guest" in values:
            number = values["guest"]
            if number is not None:
                guests.require(tx.connection, number)
                number = survivor_in(tx.connection, number)
            given["guest_id"] = number
        if values.get("at") is not None:
            given["at"] = _instant(tx, values["at"])
        changed = {name: value for name, value in given.items() if value != getattr(row, name)}
        _require_known(dict(row._mapping) | changed)
        if changed:
            _update(tx, row, "change", changed)
        return _view(_row(tx.connection, ctx.actor, feedback_id), ctx.actor)


def resolve(ctx: Context, feedback_id: int, *, resolution: str = "", satisfaction: int | None = None) -> None:
    """Say that a complaint is settled, what was done, and how the guest took it (1 to 5). Once resolved, nothing happens.

    Raises:
        InvalidInput: the words are too long, or the satisfaction is no number from 1 to 5.
        NotFound: there is none that the agent may see.
    """
    with ctx.write() as tx:
        row = _row(tx.connection, ctx.actor, feedback_id)
        if row.resolved_at is None:
            refuse_erased(tx.connection, [row.guest_id])
            _update(tx, row, "resolve", _resolved(tx, resolution, satisfaction))


def reopen(ctx: Context, feedback_id: int) -> None:
    """Take *resolved* back; what was done stays written.

    Raises:
        NotFound: there is none that the agent may see.
    """
    with ctx.write() as tx:
        row = _row(tx.connection, ctx.actor, feedback_id)
        if row.resolved_at is not None:
            refuse_erased(tx.connection, [row.guest_id])
            _update(tx, row, "reopen", {"resolved_at": None, "resolved_by": None})


def remove(ctx: Context, feedback_id: int) -> None:
    """Take feedback away; the journal keeps that it was there.

    Raises:
        Forbidden: somebody else wrote it, and the agent is no manager.
        NotFound: there is none that the agent may see.
    """
    with ctx.write() as tx:
        _update(tx, _own(tx.connection, ctx.actor, feedback_id), "remove", {"removed_at": tx.now})


def get(ctx: Context, feedback_id: int) -> FeedbackView:
    """One compliment or complaint.

    Raises:
        NotFound: there is none that the agent may see.
    """
    with ctx.store.connect() as connection:
        return _view(_row(connection, ctx.actor, feedback_id), ctx.actor)


def open_page(
    ctx: Context, *, after: tuple[datetime, int] | None = None, limit: int | None = LIMIT
) -> list[FeedbackView]:
    """The complaints that nobody resolved, the oldest first.

    Args:
        after: ``at`` and ``id`` of the last one that is known.
    """
    with ctx.store.connect() as connection:
        return open_in(connection, ctx.actor, after=after, limit=limit)


def open_in(
    connection: Connection, actor: Actor, *, after: tuple[datetime, int] | None = None, limit: int | None = LIMIT
) -> list[FeedbackView]:
    """:func:`open_page` on a connection that reads more."""
    query = SELECT.where(OPEN).order_by(_F.at, _F.id).limit(limit)
    if after is not None:
        query = query.where(or_(_F.at > after[0], and_(_F.at == after[0], _F.id > after[1])))
    return [_view(row, actor) for row in connection.execute(query, {scope.BIND: actor.scopes})]


def open_count(ctx: Context) -> int:
    """How many complaints nobody resolved."""
    with ctx.store.connect() as connection:
        return open_count_in(connection, ctx.actor)


def open_count_in(connection: Connection, actor: Actor) -> int:
    """:func:`open_count` on a connection that reads more."""
    query = select(func.count()).select_from(table_of(Feedback)).where(OPEN, scope.of_visible(_F.conversation_id))
    return int(connection.execute(query, {scope.BIND: actor.scopes}).scalar_one())


def listed(ctx: Context, show: str = Show.PAGE, *, kind: str = "", limit: int | None = LIMIT) -> list[FeedbackView]:
    """Feedback of the whole property: open complaints the oldest first, everything the newest first.

    Args:
        show: see :class:`Show`.
        kind: only positive or only negative.
    """
    query = SELECT if not kind else SELECT.where(_F.kind == kind)
    with ctx.store.connect() as connection:
        if show == Show.OPEN:
            query = query.where(OPEN).order_by(_F.at, _F.id)
        elif show == Show.PAGE:
            place = zone(connection)
            today = ctx.clock.now().astimezone(place).date()
            begun = datetime.combine(today, time(), tzinfo=place).astimezone(UTC)
            settled = or_(_F.resolved_at >= begun, and_(_F.kind == FeedbackKind.POSITIVE, _F.at >= begun))
            query = query.where(or_(OPEN, settled)).order_by(_F.at.desc(), _F.id.desc())
        else:
            query = query.order_by(_F.at.desc(), _F.id.desc())
        rows = connection.execute(query.limit(limit), {scope.BIND: ctx.actor.scopes})
        return [_view(row, ctx.actor) for row in rows]


def of_guest(ctx: Context, guest_id: int) -> list[FeedbackView]:
    """The feedback of a guest and of those who were merged into the profile, the newest first.

    Raises:
        NotFound: there is no such guest.
    """
    from crm_tui.desk.guest_whole import whole

    with ctx.store.connect() as connection:
        _alive, everyone = whole(connection, guest_id)
        query = SELECT.where(_F.guest_id.in_(everyone)).order_by(_F.at.desc(), _F.id.desc())
        return [_view(row, ctx.actor) for row in connection.execute(query, {scope.BIND: ctx.actor.scopes})]


def of_reservation(ctx: Context, reservation_id: int) -> list[FeedbackView]:
    """The feedback on a reservation, the newest first.

    Raises:
        NotFound: there is no such reservation.
    """
    with ctx.store.connect() as connection:
        reservation_rows.row_in(connection, reservation_id)
        query = SELECT.where(_F.reservation_id == reservation_id).order_by(_F.at.desc(), _F.id.desc())
        return [_view(row, ctx.actor) for row in connection.execute(query, {scope.BIND: ctx.actor.scopes})]


def codes(ctx: Context) -> list[str]:
    """What feedback was about so far, the most frequent first: offered when one is written."""
    seen = scope.of_visible(_F.conversation_id)
    query = select(_F.code, func.count()).where(_F.removed_at.is_(None), _F.code != "", seen).group_by(_F.code)
    with ctx.store.connect() as connection:
        rows = connection.execute(
            query.order_by(func.count().desc(), _F.code).limit(100), {scope.BIND: ctx.actor.scopes}
        )
        return [display_text(row[0]) for row in rows]


def whose(
    ctx: Context, *, guest: int | None = None, reservation: int | None = None, conversation: int | None = None
) -> tuple[str, str]:
    """Name of the guest and room of what is written on this, as far as they are known: before :func:`add`.

    Raises:
        NotFound: what it is about is not there, or the agent may not see it.
    """
    with ctx.store.connect() as connection:
        conversation = require_subject(connection, ctx.actor, None, conversation, guest, to_read=True)
        number, room = _whose(connection, guest, reservation, conversation)
        row = connection.execute(select(_G.given, _G.surname).where(_G.id == number)).first()
        return display_text(f"{row.given} {row.surname}".strip()) if row else "", display_text(room)


# Reading


def view(row: Row[Any], actor: Actor) -> FeedbackView:
    """A row of :data:`SELECT`, display-safe."""
    return _view(row, actor)


def _view(row: Row[Any], actor: Actor) -> FeedbackView:
    texts: dict[str, Any] = {name: display_text(getattr(row, name)) for name in ("code", "room", "employee", "emoji")}
    return FeedbackView(
        **texts,
        **{name: getattr(row, name) for name in ("id", "kind", "at", "resolved_at", "satisfaction", "created_at")},
        guest=row.guest_id,
        guest_name=display_text(f"{row.given or ''} {row.surname or ''}".strip()),
        reservation=row.reservation_id,
        code_of=display_text(row.code_of or ""),
        conversation=row.conversation_id,
        comment=display_text(row.comment, multiline=True),
        resolved_by=display_text(row.resolver or ""),
        resolution=display_text(row.resolution, multiline=True),
        author=display_text(row.author or ""),
        mine=_may_change(row, actor),
        version=row.version,
    )


def _row(connection: Connection, actor: Actor, feedback_id: int) -> Row[Any]:
    row = connection.execute(SELECT.where(_F.id == feedback_id), {scope.BIND: actor.scopes}).first()
    if row is None:
        raise NotFound(_("There is no feedback {number}.").format(number=feedback_id))
    return row


def _own(connection: Connection, actor: Actor, feedback_id: int) -> Row[Any]:
    row = _row(connection, actor, feedback_id)
    if not _may_change(row, actor):
        raise Forbidden(
            _("{author} wrote this down; only they or a manager can change it.").format(
                author=display_text(row.author or "") or _("Somebody else")
            ),
            _("Write what you know beside it."),
        )
    refuse_erased(connection, [row.guest_id])
    return row


def _may_change(row: Row[Any], actor: Actor) -> bool:
    return actor.role in {Role.MANAGER, Role.ADMIN} or (row.author_id == actor.id and actor.id is not None)


# Checking and writing


def _whose(
    connection: Connection, guest: int | None, reservation: int | None, conversation: int | None
) -> tuple[int | None, str]:
    """Guest and room, as far as what it is about tells."""
    room = ""
    if reservation is not None:
        room = str(reservation_rows.row_in(connection, reservation).room)
        if guest is None:
            query = select(_Q.guest_id).where(_Q.reservation_id == reservation, _Q.holder)
            guest = connection.execute(query).scalar()
    if guest is None and conversation is not None:
        known = guest_mail.guest_of_conversation(connection, conversation)
        guest = known[0] if len(known) == 1 else None
    if guest is not None:
        guest = survivor_in(connection, guest)
        refuse_erased(connection, [guest])
    return guest, room


def _require_known(row: Mapping[str, Any]) -> None:
    if row["guest_id"] is None and not row["room"]:
        raise InvalidInput(
            _("Whose is it? Neither guest nor room is known."), _("Name the guest, or the room."), "room"
        )


def _require_version(row: Row[Any], version: int) -> None:
    if row.version != version:
        raise Conflict(_("This feedback was changed meanwhile; nothing was overwritten."), _("Look at it again."))


def _texts(given: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name not in TEXTS:
            raise TypeError(f"feedback has no {name!r}")
        text = storable(str(value or "")).strip()
        clean = text if name == "comment" else " ".join(text.split())
        if len(clean) > TEXTS[name]:
            raise InvalidInput(
                _("This is too long: at most {limit} letters fit here.").format(limit=TEXTS[name]), field=name
            )
        found[name] = clean
    return found


def _resolved(tx: Transaction, resolution: str, satisfaction: int | None) -> dict[str, Any]:
    words = storable(resolution).strip()
    if len(words) > RESOLUTION:
        raise InvalidInput(
            _("This is too long: at most {limit} letters fit here.").format(limit=RESOLUTION), field="resolution"
        )
    if satisfaction is not None and not 1 <= satisfaction <= 5:
        raise InvalidInput(_("Satisfaction is a number from 1 to 5."), field="satisfaction")
    found = {"resolved_at": tx.now, "resolved_by": tx.actor.id}
    return (
        found
        | ({"resolution": words} if words else {})
        | ({"satisfaction": satisfaction} if satisfaction is not None else {})
    )


def _instant(tx: Transaction, at: datetime | None) -> datetime:
    if at is None:
        return tx.now
    if at.tzinfo is None or at > tx.now + AHEAD:
        raise InvalidInput(_("That has not happened yet."), field="at")
    if at < EARLIEST:
        raise InvalidInput(_("That is before {year}.").format(year=EARLIEST.year), field="at")
    return at


def _update(tx: Transaction, row: Row[Any], action: str, changed: dict[str, Any]) -> None:
    tx.connection.execute(update(Feedback).where(_F.id == row.id).values(**changed, version=_F.version + 1))
    before = {name: plain(getattr(row, name)) for name in changed}
    after = {name: plain(value) for name, value in changed.items()}
    tx.journal("feedback", row.id, action, before, after, undoable=True)
