"""The routing rule of a reservation: which folio the postings of a category go to (SPEC §7)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, insert

from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import FolioRoute
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.money.folio_rows import folio_row, folios_of, items, postings_of, require_open, routes_of
from crm_tui.desk.money.postings import move_in
from crm_tui.desk.stays.reservation_rows import row_in
from crm_tui.rules import folios as rules
from crm_tui.rules.vocabulary import PostingCategory

_W = columns(FolioRoute)


def routes(ctx: Context, reservation_id: int) -> dict[str, int]:
    """Category to folio; a category that is not named goes to the first open one.

    Raises:
        NotFound: there is no such reservation.
    """
    with ctx.store.connect() as connection:
        row_in(connection, reservation_id)
        return routes_of(connection, reservation_id)


def set_route(ctx: Context, reservation_id: int, category: str, folio_id: int | None, *, existing: bool = False) -> int:
    """Send new postings of a category to a folio; None: to the first open one, as without a rule.

    Args:
        existing: what is posted already on open folios goes there too.

    Returns:
        How many postings were moved.

    Raises:
        InvalidInput: there is no such category; ``field`` is ``category``.
        ClosedFolio: the folio is closed.
        NotFound: there is no such reservation, or no such folio in it.
    """
    return set_routes(ctx, reservation_id, {category: folio_id}, existing=existing)


def set_routes(ctx: Context, reservation_id: int, wanted: Mapping[str, int | None], *, existing: bool = False) -> int:
    """The same for several categories as one command."""
    with ctx.write() as tx:
        row_in(tx.connection, reservation_id)
        before = routes_of(tx.connection, reservation_id)
        changed = {
            category_named(category): folio for category, folio in wanted.items() if before.get(category) != folio
        }
        for folio in {one for one in changed.values() if one is not None}:
            row = folio_row(tx.connection, folio)
            if row.reservation_id != reservation_id:
                raise NotFound(_("There is no folio {number}.").format(number=folio))
            require_open(row)
        if changed:
            put_in(tx, reservation_id, changed)
            told = {category: before.get(category) for category in changed}
            tx.journal("reservation", reservation_id, "route", {"routes": told}, {"routes": changed}, undoable=True)
        return _apply_in(tx, reservation_id) if existing else 0


def apply(ctx: Context, reservation_id: int) -> int:
    """Move what is posted on open folios to where the routing rule sends it; says how many postings went.

    Raises:
        NotFound: there is no such reservation.
    """
    with ctx.write() as tx:
        row_in(tx.connection, reservation_id)
        return _apply_in(tx, reservation_id)


def put_in(tx: Transaction, reservation_id: int, wanted: Mapping[str, int | None]) -> None:
    """Write the rule for some categories; None: there is none for it."""
    for category, folio in wanted.items():
        tx.connection.execute(
            delete(table_of(FolioRoute)).where(_W.reservation_id == reservation_id, _W.category == category)
        )
        if folio is not None:
            values = {"reservation_id": reservation_id, "category": category, "folio_id": folio}
            tx.connection.execute(insert(FolioRoute).values(**values))


def category_named(word: str) -> str:
    """A category by its word.

    Raises:
        InvalidInput: there is none; ``field`` is ``category``.
    """
    clean = str(word).strip().casefold()
    if clean not in {one.value for one in PostingCategory}:
        raise InvalidInput(
            _("There is no category called “{given}”; there are: {names}.").format(
                given=str(word)[:40], names=", ".join(PostingCategory)
            ),
            field="category",
        )
    return clean


def _apply_in(tx: Transaction, reservation_id: int) -> int:
    open_ones = {row.id for row in folios_of(tx.connection, reservation_id) if row.closed_at is None}
    rows = postings_of(tx.connection, reservation_id)
    targets = rules.rerouted(items(rows), routes_of(tx.connection, reservation_id), open_ones)
    return move_in(tx, [row for row in rows if row.id in targets], targets)
