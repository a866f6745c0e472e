"""Costs of quality: what guests are given for an occasion, without a complaint (SPEC §11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, insert, select

from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Agent, Guest, QualityCost, Reservation
from crm_tui.desk.client_base.guest_gone import refuse_erased
from crm_tui.desk.common.context import Actor, Context, Transaction
from crm_tui.desk.common.happened import instant
from crm_tui.desk.common.permissions import Permission, may
from crm_tui.desk.quality import quality_codes, quality_given, quality_words
from crm_tui.desk.quality.feedback_whose import whose_in
from crm_tui.desk.quality.occasion_fields import change_in, require_known, subjects_in, texts_of
from crm_tui.desk.quality.quality_given import COST, Items
from crm_tui.desk.quality.quality_views import CostView, GivenView
from crm_tui.desk.quality.quality_walks import QualityList
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.desk.stays import reservation_rows
from crm_tui.desk.undoing.undo_registry import entity, special_many
from crm_tui.mail.text import display_text

_Q = columns(QualityCost)
_A = columns(Agent)
_G = columns(Guest)
_R = columns(Reservation)

TEXTS: Mapping[str, int] = {"code": 60, "room": 60, "occasion": 120, "comment": 20_000}
"""The fields that are text, and how many letters each may have."""
LIMIT = 200
"""Rows of a list, where nobody says how many."""

SELECT: Select[Any] = (
    select(table_of(QualityCost), _A.name.label("author"), _G.surname, _G.given, _R.code.label("code_of"))
    .outerjoin(Agent, _A.id == _Q.author_id)
    .outerjoin(Guest, _G.id == _Q.guest_id)
    .outerjoin(Reservation, and_(_R.id == _Q.reservation_id, _R.removed_at.is_(None)))
    .where(_Q.removed_at.is_(None))
)
"""Costs of quality that count; guests and stays have no scope, so they have none."""


def add(
    ctx: Context,
    items: Items,
    *,
    at: datetime | None = None,
    guest: int | None = None,
    reservation: int | None = None,
    conversation: int | None = None,
    **texts: str,
) -> int:
    """Write down what a guest was given; returns its number.

    Args:
        items: what was given; something at least.
        at: when, aware; None: now.
        guest: who; without one the reservation's holder, or the only guest of the conversation.
        texts: code, room, occasion and comment; without a room that of the reservation.

    Raises:
        InvalidInput: neither guest nor room is known, nothing was given, a value is none; ``field`` names it.
        NotFound: what it is about is not there, or the agent may not see it.
    """
    from crm_tui.desk.shifts.memos import require_subject

    row: dict[str, Any] = dict.fromkeys(TEXTS, "") | texts_of(texts, TEXTS)
    with ctx.write() as tx:
        conversation = require_subject(tx.connection, ctx.actor, None, conversation, guest, archived=True)
        row["reservation_id"] = reservation
        row["guest_id"], room = whose_in(tx.connection, guest, reservation, conversation)
        row["room"] = row["room"] or room
        require_known(row)
        row["code"] = quality_codes.filed_under(tx, row["code"])
        row |= {"at": instant(tx, at), "author_id": tx.actor.id, "created_at": tx.now}
        lines = _lines(tx, None, items, row["at"])
        made = new_id(tx.connection.execute(insert(QualityCost).values(**row)))
        quality_given.put(tx, COST, made, lines)
        after = {name: plain(row[name]) for name in ("code", "occasion", "guest_id", "reservation_id")}
        after["items"] = quality_given.told(tx.connection, COST, made)
        tx.journal("quality cost", made, "create", None, after, undoable=True)
        return made


def edit(ctx: Context, cost_id: int, version: int, values: Mapping[str, Any]) -> CostView:
    """Change what was written down: texts, when, whose it is, what was given.

    Raises:
        Forbidden: somebody else wrote it, and the agent is no manager.
        Conflict: it was changed since ``version``; nothing was overwritten.
        InvalidInput, NotFound: as :func:`add`.
    """
    with ctx.write() as tx:
        row = _own(tx.connection, tx.actor, cost_id)
        if row.version != version:
            raise Conflict(
                _("This cost of quality was changed meanwhile; nothing was overwritten."), _("Look at it again.")
            )
        given = texts_of({name: value for name, value in values.items() if name in TEXTS}, TEXTS)
        if "code" in given:
            given["code"] = quality_codes.filed_under(tx, given["code"], row.code)
        given |= subjects_in(tx, values)
        if values.get("at") is not None:
            given["at"] = instant(tx, values["at"])
        changed = {name: value for name, value in given.items() if value != getattr(row, name)}
        require_known(dict(row._mapping) | changed)
        before = quality_given.told(tx.connection, COST, cost_id)
        if values.get("items") is not None:
            quality_given.put(tx, COST, cost_id, _lines(tx, cost_id, values["items"], changed.get("at", row.at)))
        if "at" in changed:
            quality_given.move_day(tx, cost_id, changed["at"])
        after = quality_given.told(tx.connection, COST, cost_id)
        if changed or before != after:
            change_in(
                tx, QualityCost, "quality cost", row, "change", changed, (before, after) if before != after else None
            )
        return views(tx.connection, [_require(tx.connection, cost_id)], ctx.actor)[0]


def remove(ctx: Context, cost_id: int) -> None:
    """Take a cost of quality away; the journal keeps that it was there.

    Raises:
        Forbidden: somebody else wrote it, and the agent is no manager.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        change_in(
            tx, QualityCost, "quality cost", _own(tx.connection, tx.actor, cost_id), "remove", {"removed_at": tx.now}
        )


def get(ctx: Context, cost_id: int) -> CostView:
    """One cost of quality.

    Raises:
        NotFound: there is none.
    """
    with ctx.store.connect() as connection:
        return views(connection, [_require(connection, cost_id)], ctx.actor)[0]


def listed(ctx: Context, *, text: str = "", code: str = "", limit: int | None = LIMIT) -> list[CostView]:
    """Costs of quality, the newest first.

    Args:
        text: words that stand in the guest's name, the room, the occasion, the comment; accents and case never matter.
    """
    return CostList(text=text, code=code).page(ctx, limit=limit)


class CostList(QualityList[CostView]):
    """Costs of quality as the overview shows them.

    Args:
        text, code: as :func:`listed` has them.
        order: one of :data:`crm_tui.desk.quality.quality_walks.ORDERS`.
    """

    def __init__(self, *, text: str = "", code: str = "", order: str = "newest") -> None:
        super().__init__(_Q, order or "newest", text)
        self.code = code

    def _where(self, connection: Connection, ctx: Context) -> list[ColumnElement[bool]]:  # noqa: ARG002
        found: list[ColumnElement[bool]] = [_Q.removed_at.is_(None)]
        return [*found, _Q.code == self.code] if self.code else found

    def _views(self, connection: Connection, ctx: Context, ids: Sequence[int]) -> list[CostView]:
        return views(connection, connection.execute(SELECT.where(_Q.id.in_(ids))), ctx.actor)


def of_guest(ctx: Context, guest_id: int) -> list[CostView]:
    """What a guest was given, and those who were merged into the profile, the newest first.

    Raises:
        NotFound: there is no such guest.
    """
    from crm_tui.desk.client_base.guest_whole import whole

    with ctx.store.connect() as connection:
        _alive, everyone = whole(connection, guest_id)
        query = SELECT.where(_Q.guest_id.in_(everyone)).order_by(_Q.at.desc(), _Q.id.desc())
        return views(connection, connection.execute(query), ctx.actor)


def of_reservation(ctx: Context, reservation_id: int) -> list[CostView]:
    """What was given during a stay, the newest first.

    Raises:
        NotFound: there is no such reservation.
    """
    with ctx.store.connect() as connection:
        reservation_rows.row_in(connection, reservation_id)
        query = SELECT.where(_Q.reservation_id == reservation_id).order_by(_Q.at.desc(), _Q.id.desc())
        return views(connection, connection.execute(query), ctx.actor)


def view(row: Row[Any], actor: Actor, given: Sequence[GivenView] = ()) -> CostView:
    """A row of :data:`SELECT`, display-safe."""
    texts: dict[str, Any] = {name: display_text(getattr(row, name)) for name in ("code", "room", "occasion")}
    return CostView(
        **texts,
        **{name: getattr(row, name) for name in ("id", "at", "created_at", "version")},
        guest=row.guest_id,
        guest_name=display_text(f"{row.given or ''} {row.surname or ''}".strip()),
        reservation=row.reservation_id,
        code_of=display_text(row.code_of or ""),
        comment=display_text(row.comment, multiline=True),
        author=display_text(row.author or ""),
        mine=_may_change(row, actor),
        given=tuple(given),
    )


def views(connection: Connection, rows: Iterable[Row[Any]], actor: Actor) -> list[CostView]:
    """Rows of :data:`SELECT` with what was given."""
    found = list(rows)
    given = quality_given.of(connection, COST, [row.id for row in found])
    return [view(row, actor, given.get(row.id, ())) for row in found]


def _require(connection: Connection, cost_id: int) -> Row[Any]:
    row = connection.execute(SELECT.where(_Q.id == cost_id)).first()
    if row is None:
        raise NotFound(_("There is no cost of quality {number}.").format(number=cost_id))
    return row


def _own(connection: Connection, actor: Actor, cost_id: int) -> Row[Any]:
    row = _require(connection, cost_id)
    if not _may_change(row, actor):
        author = display_text(row.author or "") or _("Somebody else")
        raise Forbidden(_("{author} wrote this down; only they or a manager can change it.").format(author=author))
    refuse_erased(connection, [row.guest_id])
    return row


def _may_change(row: Row[Any], actor: Actor) -> bool:
    return may(actor, Permission.OTHERS_WORDS) or (row.author_id == actor.id and actor.id is not None)


def _lines(tx: Transaction, number: int | None, items: Items, at: datetime) -> list[dict[str, Any]]:
    if not items:
        raise InvalidInput(_("Nothing was given: name an item at least."), field="items")
    return quality_given.read(tx, COST, number, items, at)


entity("quality cost", QualityCost, named=quality_words.cost_named)
special_many("quality cost", "change", quality_given.undone(COST))
