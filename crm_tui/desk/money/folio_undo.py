"""Taking back what was done with folios and postings: never on a closed folio, and never so that a sum would be wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.base.errors import Conflict
from crm_tui.base.i18n import _, ngettext
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Folio, FolioRoute, Payment, Posting, Reservation
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.money.folio_routes import put_in
from crm_tui.desk.money.folio_rows import routes_of
from crm_tui.desk.money.folio_views import CATEGORIES
from crm_tui.desk.undoing.undo_columns import put_back
from crm_tui.desk.undoing.undo_registry import Row, entity, find_entity, special, special_many
from crm_tui.desk.undoing.undo_things import short
from crm_tui.desk.undoing.undo_words import Facts, says
from crm_tui.mail.text import display_text
from crm_tui.rules.money import Money

_F = columns(Folio)
_P = columns(Posting)
_M = columns(Payment)
_R = columns(Reservation)
_W = columns(FolioRoute)


def _folio_name(connection: Connection, number: int) -> str:
    query = select(_F.number, _R.code).join(Reservation, _R.id == _F.reservation_id).where(_F.id == number)
    row = connection.execute(query).first()
    if row is None:
        return _("folio {number}").format(number=number)
    return _("folio {number} of {code}").format(number=row.number, code=display_text(row.code))


def _posting_name(connection: Connection, number: int) -> str:
    row = connection.execute(select(table_of(Posting)).where(_P.id == number)).first()
    if row is None:
        return _("posting {number}").format(number=number)
    words = short(row.text) or _(CATEGORIES.get(row.category, row.category))
    return f"{words} {Money(row.amount, row.currency)}"


def _back(tx: Transaction, name: str, rows: Sequence[Row]) -> None:
    kind = find_entity(name)
    if kind is not None:
        put_back(tx, kind, rows)


def _postings(tx: Transaction, rows: Sequence[Row]) -> None:
    ids = list({row.entity_id for row in rows})
    folios = {(row.before or {}).get("folio_id") for row in rows} - {None}
    for chunk in chunks(ids):
        folios |= set(tx.connection.execute(select(_P.folio_id).where(_P.id.in_(chunk))).scalars())
    _open(tx, [int(one) for one in folios if one is not None])
    changed = [row.entity_id for row in rows if row.before is None or "amount" in row.before]
    for chunk in chunks(changed):
        query = select(_P.id).where(_P.reverses_id.in_(chunk), _P.removed_at.is_(None))
        if tx.connection.execute(query.limit(1)).first() is not None:
            raise Conflict(_("The posting was taken back by a reversal since."))
    _back(tx, "posting", rows)


def _open(tx: Transaction, folios: Sequence[int]) -> None:
    for chunk in chunks(folios):
        query = select(_F.number, _F.closed_at, _F.removed_at).where(_F.id.in_(chunk)).order_by(_F.number)
        for row in tx.connection.execute(query):
            if row.closed_at is not None:
                raise Conflict(_("Folio {number} was closed since.").format(number=row.number))
            if row.removed_at is not None:
                raise Conflict(_("Folio {number} was deleted since.").format(number=row.number))


def _folios(tx: Transaction, rows: Sequence[Row]) -> None:
    ids = [row.entity_id for row in rows]
    if any(row.action != "remove" for row in rows):
        _open(tx, ids)
    if any(row.before is None for row in rows):
        _unused(tx, ids)
    _back(tx, "folio", rows)


def _unused(tx: Transaction, ids: Sequence[int]) -> None:
    """What was made is used by now."""
    checks: tuple[Any, ...] = (
        select(_P.id).where(_P.folio_id.in_(ids), _P.removed_at.is_(None)),
        select(_M.id).where(_M.folio_id.in_(ids)),
        select(_W.folio_id).where(_W.folio_id.in_(ids)),
    )
    if any(tx.connection.execute(query.limit(1)).first() is not None for query in checks):
        raise Conflict(_("The folio is in use by now."))


def _routes(tx: Transaction, step: Row) -> None:
    now = routes_of(tx.connection, step.entity_id)
    before, after = (step.before or {})["routes"], (step.after or {})["routes"]
    if any(now.get(category) != folio for category, folio in after.items()):
        raise Conflict(_("The routing of this reservation was changed since."))
    put_in(tx, step.entity_id, before)


def _moved_back(facts: Facts) -> str:
    if facts.count == 1:
        return _("{what} is on its folio again.").format(what=facts.what)
    return ngettext(
        "{n} posting is on its folio again.", "{n} postings are on their folios again.", facts.count
    ).format(n=facts.count)


entity("folio", Folio, named=_folio_name)
entity("posting", Posting, named=_posting_name)
for _action in ("post", "move", "split", "reverse"):
    special_many("posting", _action, _postings)
for _action in ("create", "change", "remove"):
    special_many("folio", _action, _folios)
special("reservation", "route", _routes)
says("posting", "move", did=_moved_back)
says("posting", "post", did=lambda facts: _("{what} is off the folio again.").format(what=facts.what))
says("posting", "split", did=lambda _facts: _("The posting is in one piece again."))
says("posting", "reverse", did=lambda _facts: _("The posting stands as it did; its reversal is gone."))
says("folio", "create", did=lambda facts: _("{what} is gone again.").format(what=facts.what))
says("folio", "remove", did=lambda facts: _("{what} is there again.").format(what=facts.what))
says("reservation", "route", did=lambda _facts: _("Postings go where they went before."))
