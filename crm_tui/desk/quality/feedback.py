"""Feedback: what guests praise and complain about, and what was done about it (SPEC §11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert

from crm_tui.base.errors import Conflict, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, new_id
from crm_tui.data.tables import Feedback
from crm_tui.desk.client_base.guest_gone import refuse_erased
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.happened import instant
from crm_tui.desk.common.storable import storable
from crm_tui.desk.quality import feedback_rows, quality_codes, quality_given
from crm_tui.desk.quality import feedback_words as feedback_words
from crm_tui.desk.quality.feedback_lists import LIMIT as LIMIT
from crm_tui.desk.quality.feedback_lists import FeedbackList as FeedbackList
from crm_tui.desk.quality.feedback_lists import codes as codes
from crm_tui.desk.quality.feedback_lists import employees as employees
from crm_tui.desk.quality.feedback_lists import listed as listed
from crm_tui.desk.quality.feedback_lists import of_guest as of_guest
from crm_tui.desk.quality.feedback_lists import of_reservation as of_reservation
from crm_tui.desk.quality.feedback_lists import open_count as open_count
from crm_tui.desk.quality.feedback_lists import open_count_in as open_count_in
from crm_tui.desk.quality.feedback_lists import open_in as open_in
from crm_tui.desk.quality.feedback_lists import open_page as open_page
from crm_tui.desk.quality.feedback_rows import OPEN as OPEN
from crm_tui.desk.quality.feedback_rows import SELECT as SELECT
from crm_tui.desk.quality.feedback_rows import require, require_own
from crm_tui.desk.quality.feedback_rows import view as view
from crm_tui.desk.quality.feedback_views import FeedbackView
from crm_tui.desk.quality.feedback_whose import about as about
from crm_tui.desk.quality.feedback_whose import staying as staying
from crm_tui.desk.quality.feedback_whose import whose as whose
from crm_tui.desk.quality.feedback_whose import whose_in
from crm_tui.desk.quality.occasion_fields import change_in, require_known, subjects_in, texts_of
from crm_tui.desk.quality.quality_given import FEEDBACK, Items
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.desk.shifts.memos import require_subject
from crm_tui.desk.undoing.undo_registry import special_many
from crm_tui.rules.vocabulary import FeedbackKind

_F = columns(Feedback)

TEXTS: Mapping[str, int] = {"code": 60, "room": 60, "employee": 120, "emoji": 8, "comment": 20_000}
"""The fields that are text, and how many letters each may have."""
RESOLUTION = 20_000
"""Letters of what was done."""


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
    items: Items = (),
    **texts: str,
) -> int:
    """Write down what a guest said; returns its number.

    Args:
        kind: positive or negative.
        at: when it was said, aware; None: now.
        guest: whose it is; without one the reservation's holder, or the only guest of the conversation.
        resolved: it was settled at once; what was done, what was given and how the guest took it may be said, and mean the
            same.
        items: what the guest was given to settle it.
        texts: code, room, employee, comment and emoji; without a room that of the reservation.

    Raises:
        InvalidInput: neither guest nor room is known, a value is none; ``field`` names it.
        NotFound: what it is about is not there, or the agent may not see it.
    """
    _require_kind(kind)
    row: dict[str, Any] = dict.fromkeys(TEXTS, "") | texts_of(texts, TEXTS)
    with ctx.write() as tx:
        conversation = require_subject(tx.connection, ctx.actor, None, conversation, guest, archived=True)
        row |= {"kind": kind, "conversation_id": conversation, "reservation_id": reservation}
        row["guest_id"], room = whose_in(tx.connection, guest, reservation, conversation)
        row["room"] = row["room"] or room
        require_known(row)
        row["code"] = quality_codes.filed_under(tx, row["code"])
        row |= {"at": instant(tx, at), "author_id": tx.actor.id, "created_at": tx.now}
        lines = _lines(tx, kind, None, items)
        if resolved or resolution.strip() or satisfaction is not None or lines:
            row |= _resolved(tx, resolution, satisfaction)
        made = new_id(tx.connection.execute(insert(Feedback).values(**row)))
        quality_given.put(tx, FEEDBACK, made, lines)
        names = ("kind", "code", "guest_id", "reservation_id", "conversation_id")
        settled = tuple(name for name in ("resolution", "satisfaction") if row.get(name))
        after = {name: plain(row[name]) for name in (*names, *settled)}
        if lines:
            after["items"] = quality_given.told(tx.connection, FEEDBACK, made)
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
        row = require_own(tx.connection, tx.actor, feedback_id)
        _require_version(row, version)
        given = texts_of({name: value for name, value in values.items() if name in TEXTS}, TEXTS)
        if "code" in given:
            given["code"] = quality_codes.filed_under(tx, given["code"], row.code)
        given["kind"] = _require_kind(values.get("kind", row.kind))
        _only_complaints(given["kind"], quality_given.told(tx.connection, FEEDBACK, row.id))
        given |= subjects_in(tx, values)
        if values.get("at") is not None:
            given["at"] = instant(tx, values["at"])
        changed = {name: value for name, value in given.items() if value != getattr(row, name)}
        require_known(dict(row._mapping) | changed)
        if changed:
            change_in(tx, Feedback, "feedback", row, "change", changed)
        return feedback_rows.one(tx.connection, ctx.actor, feedback_id)


def resolve(
    ctx: Context,
    feedback_id: int,
    *,
    version: int | None = None,
    resolution: str = "",
    satisfaction: int | None = None,
    items: Items | None = None,
) -> None:
    """Say that feedback is settled, what was done and given, how the guest took it. Once resolved, nothing happens.

    Args:
        version: what it was read as; None: however it is now.
        satisfaction: 1 to 5.
        items: all that the guest was given to settle it; None: as it was written before, if it was open again.

    Raises:
        Conflict: it was changed, or resolved, since ``version``; nothing was overwritten.
        InvalidInput: the words are too long, the satisfaction is no number from 1 to 5, or something given is wrong.
        NotFound: there is none that the agent may see.
    """
    with ctx.write() as tx:
        row = require(tx.connection, ctx.actor, feedback_id)
        if version is not None:
            _require_version(row, version)
        if row.resolved_at is None:
            refuse_erased(tx.connection, [row.guest_id])
            _settle(tx, row, "resolve", _resolved(tx, resolution, satisfaction), items)


def resolve_all(ctx: Context, feedback_ids: Sequence[int]) -> None:
    """Say that all of these are settled, in one command; what is resolved already stays as it is.

    Raises:
        NotFound: there is one that the agent may not see.
    """
    with ctx.write() as tx:
        for number in feedback_ids:
            row = require(tx.connection, ctx.actor, number)
            if row.resolved_at is None:
                refuse_erased(tx.connection, [row.guest_id])
                _settle(tx, row, "resolve", _resolved(tx, "", None), None)


def amend(ctx: Context, feedback_id: int, version: int, values: Mapping[str, Any]) -> FeedbackView:
    """Change how feedback was settled: ``resolution``, ``satisfaction``, ``items``; what is not named stays.

    Raises:
        Conflict: it was changed since ``version``, or is open again; nothing was overwritten.
        InvalidInput, NotFound: as :func:`resolve`.
    """
    with ctx.write() as tx:
        row = require(tx.connection, ctx.actor, feedback_id)
        _require_version(row, version)
        if row.resolved_at is None:
            raise Conflict(_("This feedback is open again; nothing was overwritten."), _("Resolve it anew."))
        refuse_erased(tx.connection, [row.guest_id])
        wanted: dict[str, Any] = {}
        if "resolution" in values:
            wanted["resolution"] = _words(str(values["resolution"] or ""))
        if "satisfaction" in values:
            wanted["satisfaction"] = _mark(values["satisfaction"])
        changed = {name: value for name, value in wanted.items() if value != getattr(row, name)}
        _settle(tx, row, "amend", changed, values.get("items"))
        return feedback_rows.one(tx.connection, ctx.actor, feedback_id)


def reopen(ctx: Context, feedback_id: int) -> None:
    """Take *resolved* back; what was done and given stays written.

    Raises:
        NotFound: there is none that the agent may see.
    """
    with ctx.write() as tx:
        row = require(tx.connection, ctx.actor, feedback_id)
        if row.resolved_at is not None:
            refuse_erased(tx.connection, [row.guest_id])
            change_in(tx, Feedback, "feedback", row, "reopen", {"resolved_at": None, "resolved_by": None})


def remove(ctx: Context, feedback_id: int) -> None:
    """Take feedback away; the journal keeps that it was there.

    Raises:
        Forbidden: somebody else wrote it, and the agent is no manager.
        NotFound: there is none that the agent may see.
    """
    with ctx.write() as tx:
        change_in(
            tx,
            Feedback,
            "feedback",
            require_own(tx.connection, tx.actor, feedback_id),
            "remove",
            {"removed_at": tx.now},
        )


def get(ctx: Context, feedback_id: int) -> FeedbackView:
    """One compliment or complaint.

    Raises:
        NotFound: there is none that the agent may see.
    """
    with ctx.store.connect() as connection:
        return feedback_rows.one(connection, ctx.actor, feedback_id)


# Checking and writing


def _require_kind(kind: Any) -> str:
    if kind not in tuple(FeedbackKind):
        raise InvalidInput(_("Feedback is positive or negative."), field="kind")
    return str(kind)


def _only_complaints(kind: str, items: Sequence[Any]) -> None:
    """Only complaints are settled with something, so that every cost stands in one report."""
    if items and kind != FeedbackKind.NEGATIVE:
        raise InvalidInput(
            _("Only a complaint is settled with something that costs."),
            _("What a guest is given without a complaint is a cost of quality."),
            "items",
        )


def _lines(tx: Transaction, kind: str, number: int | None, items: Items) -> list[dict[str, Any]]:
    _only_complaints(kind, items)
    return quality_given.read(tx, FEEDBACK, number, items, tx.now)


def _settle(tx: Transaction, row: Row[Any], action: str, changed: dict[str, Any], items: Items | None) -> None:
    """Change how it was settled, with what was given."""
    before = quality_given.told(tx.connection, FEEDBACK, row.id)
    after = before
    if items is not None:
        lines = _lines(tx, row.kind, row.id, items)
        quality_given.put(tx, FEEDBACK, row.id, lines)
        after = quality_given.told(tx.connection, FEEDBACK, row.id)
    if changed or before != after:
        change_in(tx, Feedback, "feedback", row, action, changed, (before, after) if before != after else None)


def _require_version(row: Row[Any], version: int) -> None:
    if row.version != version:
        raise Conflict(_("This feedback was changed meanwhile; nothing was overwritten."), _("Look at it again."))


def _words(resolution: str) -> str:
    words = storable(resolution).strip()
    if len(words) > RESOLUTION:
        raise InvalidInput(
            _("This is too long: at most {limit} letters fit here.").format(limit=RESOLUTION), field="resolution"
        )
    return words


def _mark(satisfaction: int | None) -> int | None:
    if satisfaction is not None and not 1 <= satisfaction <= 5:
        raise InvalidInput(_("Satisfaction is a number from 1 to 5."), field="satisfaction")
    return satisfaction


def _resolved(tx: Transaction, resolution: str, satisfaction: int | None) -> dict[str, Any]:
    words, mark = _words(resolution), _mark(satisfaction)
    found = {"resolved_at": tx.now, "resolved_by": tx.actor.id}
    return found | ({"resolution": words} if words else {}) | ({"satisfaction": mark} if mark is not None else {})


for _action in ("resolve", "amend"):
    special_many("feedback", _action, quality_given.undone(FEEDBACK))
