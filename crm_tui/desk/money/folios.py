"""Folios: bills inside a reservation, each with its own payer (SPEC §7).

A reservation has at least one; the database makes it. A closed folio never changes again, whoever asks: what is wrong on it
is taken back by a reversal on an open one (:mod:`crm_tui.desk.money.postings`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, new_id
from crm_tui.data.tables import Folio, FolioRoute, Guest
from crm_tui.desk.client_base import guests
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.money.folio_faults import NotSettled
from crm_tui.desk.money.folio_rows import currency_of, folio_row, folios_of, require_open, routes_of, view_in, views_in
from crm_tui.desk.money.folio_views import FolioView
from crm_tui.desk.stays.reservation_rows import row_in
from crm_tui.mail.text import display_text

_F = columns(Folio)
_W = columns(FolioRoute)
_G = columns(Guest)

LONGEST = 80
"""Letters of a folio's name."""


class StaleFolio(Conflict):
    """Somebody else changed the folio since; nothing was overwritten. ``theirs``: as it stands now."""

    def __init__(self, message: str, theirs: FolioView) -> None:
        super().__init__(message, _("Look at it again."))
        self.theirs = theirs


def listed(ctx: Context, reservation_id: int) -> list[FolioView]:
    """The folios of a reservation, with what is posted and paid on each.

    Raises:
        NotFound: there is no such reservation.
    """
    with ctx.store.connect() as connection:
        return views_in(connection, reservation_id)


def get(ctx: Context, folio_id: int) -> FolioView:
    """One folio.

    Raises:
        NotFound: there is none.
    """
    with ctx.store.connect() as connection:
        return view_in(connection, folio_id)


def currency(ctx: Context, reservation_id: int) -> str:
    """What an amount without a currency is of: the reservation's, else the property's.

    Raises:
        NotFound: there is no such reservation.
    """
    with ctx.store.connect() as connection:
        return currency_of(connection, row_in(connection, reservation_id))


def create(ctx: Context, reservation_id: int, *, name: str = "", payer: int | None = None) -> FolioView:
    """Make another folio.

    Args:
        payer: a person or a company of the client base; None: the holder of the reservation.

    Raises:
        InvalidInput: the name is too long; ``field`` is ``name``.
        NotFound: there is no such reservation or guest.
    """
    with ctx.write() as tx:
        row_in(tx.connection, reservation_id)
        return view_in(tx.connection, create_in(tx, reservation_id, name=name, payer=payer))


def create_in(tx: Transaction, reservation_id: int, *, name: str = "", payer: int | None = None) -> int:
    """The same within a command; the number of the row."""
    highest = tx.connection.execute(select(func.max(_F.number)).where(_F.reservation_id == reservation_id)).scalar()
    row: dict[str, Any] = {
        "reservation_id": reservation_id,
        "number": (highest or 0) + 1,  # numbers of deleted ones are not given again
        "name": _named(name),
        "payer_id": guests.require(tx.connection, payer).id if payer is not None else None,
    }
    made = new_id(tx.connection.execute(insert(Folio).values(**row, created_at=tx.now)))
    tx.journal("folio", made, "create", None, row, undoable=True)
    return made


def set(ctx: Context, folio_id: int, version: int, values: Mapping[str, Any]) -> FolioView:  # noqa: A001
    """Rename a folio or have another pay it.

    Args:
        version: the one the agent started from.
        values: ``name``, ``payer`` (a guest's number; None: the holder).

    Raises:
        ClosedFolio: it is closed.
        StaleFolio: somebody changed it since.
        InvalidInput: a value is not usable; ``field`` names it.
        NotFound: there is no such folio or guest.
    """
    with ctx.write() as tx:
        row = _current(tx, folio_id, version)
        require_open(row)
        wanted: dict[str, Any] = {}
        if "name" in values:
            wanted["name"] = _named(values["name"])
        if "payer" in values:
            payer = values["payer"]
            wanted["payer_id"] = guests.require(tx.connection, int(payer)).id if payer else None
        _write(tx, row, "change", {name: value for name, value in wanted.items() if getattr(row, name) != value})
        return view_in(tx.connection, folio_id)


def remove(ctx: Context, folio_id: int, version: int) -> None:
    """Delete a folio that nothing was ever posted or paid on.

    Raises:
        Conflict: it is not empty, closed, or the only one of its reservation.
        StaleFolio: somebody changed it since.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        row = _current(tx, folio_id, version)
        require_open(row)
        if not view_in(tx.connection, folio_id).empty:
            raise Conflict(
                _("Folio {number} is not empty; only an empty one can be deleted.").format(number=row.number),
                _("Move what is on it to another folio."),
            )
        if len(folios_of(tx.connection, row.reservation_id)) == 1:
            raise Conflict(_("A reservation has at least one folio; the last one stays."))
        _write(tx, row, "remove", {"removed_at": tx.now})
        drop_routes_in(tx, row.reservation_id, folio_id)


def close(ctx: Context, folio_id: int, version: int, *, sure: bool = False) -> FolioView:
    """Close a folio for good: nothing on it changes any more, and nobody can open it again.

    Args:
        sure: although its balance is not nothing.

    Raises:
        NotSettled: its balance is not nothing.
        ClosedFolio: it is closed already.
        StaleFolio: somebody changed it since.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        row = _current(tx, folio_id, version)
        require_open(row)
        view = view_in(tx.connection, folio_id)
        if not view.settled and not sure:
            sums = ", ".join(str(one) for one in view.balances if one.amount)
            raise NotSettled(
                _("Folio {number} is not settled: {balance}.").format(number=row.number, balance=sums),
                _("Record what was paid, or close it all the same."),
            )
        _write(tx, row, "close", {"closed_at": tx.now, "closed_by": tx.actor.id}, undoable=False)
        return view_in(tx.connection, folio_id)


def drop_routes_in(tx: Transaction, reservation_id: int, folio_id: int) -> None:
    """Nothing is routed to a folio any more; journaled on the reservation."""
    gone = {
        category: folio for category, folio in routes_of(tx.connection, reservation_id).items() if folio == folio_id
    }
    if gone:
        tx.connection.execute(FolioRoute.__table__.delete().where(_W.folio_id == folio_id))  # type: ignore[attr-defined]
        tx.journal(
            "reservation", reservation_id, "route", {"routes": gone}, {"routes": dict.fromkeys(gone)}, undoable=True
        )


def _current(tx: Transaction, folio_id: int, version: int) -> Row[Any]:
    row = folio_row(tx.connection, folio_id)
    if row.version != version:
        raise StaleFolio(
            _("Somebody changed folio {number} meanwhile; nothing was overwritten.").format(number=row.number),
            view_in(tx.connection, folio_id),
        )
    return row


def _write(tx: Transaction, row: Row[Any], action: str, changed: Mapping[str, Any], *, undoable: bool = True) -> None:
    if not changed:
        return
    tx.connection.execute(update(Folio).where(_F.id == row.id).values(**changed, version=_F.version + 1))
    before = {name: _plain(getattr(row, name)) for name in changed}
    after = {name: _plain(value) for name, value in changed.items()}
    tx.journal("folio", row.id, action, before, after, undoable=undoable)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _named(name: Any) -> str:
    clean = " ".join(display_text(str(name or "")).split())
    if len(clean) > LONGEST:
        raise InvalidInput(_("This is too long: at most {limit} letters fit here.").format(limit=LONGEST), field="name")
    return clean
