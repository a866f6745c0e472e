"""Folios and postings as they stand in the store, and the views of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from crm_tui.base.errors import Conflict, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Agent, Folio, FolioRoute, Guest, Posting, Property, ReservationGuest
from crm_tui.desk.money.folio_faults import ClosedFolio, no_open
from crm_tui.desk.money.folio_views import FolioView, PostingView
from crm_tui.desk.stays.reservation_rows import payments_in, row_in
from crm_tui.desk.stays.reservation_views import PaymentView
from crm_tui.mail.text import display_text
from crm_tui.rules import folios as rules
from crm_tui.rules.folios import Item
from crm_tui.rules.money import Money

_F = columns(Folio)
_P = columns(Posting)
_W = columns(FolioRoute)
_G = columns(Guest)
_H = columns(ReservationGuest)
_A = columns(Agent)


def folio_row(connection: Connection, folio_id: int) -> Row[Any]:
    """A folio's columns.

    Raises:
        NotFound: there is none, or its reservation was removed.
    """
    row = connection.execute(select(table_of(Folio)).where(_F.id == folio_id, _F.removed_at.is_(None))).first()
    if row is None:
        raise NotFound(_("There is no folio {number}.").format(number=folio_id))
    row_in(connection, row.reservation_id)
    return row


def folios_of(connection: Connection, reservation_id: int) -> Sequence[Row[Any]]:
    """The folios of a reservation, in order."""
    query = select(table_of(Folio)).where(_F.reservation_id == reservation_id, _F.removed_at.is_(None))
    return connection.execute(query.order_by(_F.number)).all()


def open_in(connection: Connection, reservation_id: int) -> list[int]:
    """The folios that can take postings, in order.

    Raises:
        ClosedFolio: there is none.
    """
    found = [row.id for row in folios_of(connection, reservation_id) if row.closed_at is None]
    if not found:
        raise no_open()
    return found


def require_open(row: Row[Any]) -> None:
    """Refuse to change a closed folio.

    Raises:
        ClosedFolio: it is closed.
    """
    if row.closed_at is not None:
        raise ClosedFolio(
            _("Folio {number} is closed; nothing on it changes any more.").format(number=row.number),
            _("Take a posting of it back by a reversal on an open folio."),
        )


def posting_rows(
    connection: Connection, ids: Iterable[int], versions: Mapping[int, int] | None = None
) -> list[Row[Any]]:
    """Postings, in that order and once each.

    Args:
        versions: those that the agent saw, by posting.

    Raises:
        NotFound: one is not there.
        Conflict: one was changed since.
    """
    wanted = list(dict.fromkeys(ids))
    found: dict[int, Row[Any]] = {}
    for chunk in chunks(wanted):
        query = select(table_of(Posting)).where(_P.id.in_(chunk), _P.removed_at.is_(None))
        found |= {row.id: row for row in connection.execute(query)}
    for one in wanted:
        if one not in found:
            raise NotFound(_("There is no posting {number}.").format(number=one))
        if versions and versions.get(one, found[one].version) != found[one].version:
            raise Conflict(
                _("Somebody changed “{text}” meanwhile; nothing was done.").format(text=display_text(found[one].text)),
                _("Look at it again."),
            )
    for reservation in {row.reservation_id for row in found.values()}:
        row_in(connection, reservation)
    return [found[one] for one in wanted]


def postings_of(connection: Connection, reservation_id: int) -> Sequence[Row[Any]]:
    """The postings of a reservation, by day."""
    query = select(table_of(Posting)).where(_P.reservation_id == reservation_id, _P.removed_at.is_(None))
    return connection.execute(query.order_by(_P.day, _P.id)).all()


def items(rows: Iterable[Any]) -> list[Item]:
    """Rows of postings as the rules take them."""
    return [Item(row.id, row.folio_id, row.amount, row.currency, row.category, row.reverses_id) for row in rows]


def routes_of(connection: Connection, reservation_id: int) -> dict[str, int]:
    """Category to the folio that its new postings go to."""
    query = select(_W.category, _W.folio_id).where(_W.reservation_id == reservation_id).order_by(_W.category)
    return {row.category: row.folio_id for row in connection.execute(query)}


def currency_of(connection: Connection, reservation: Row[Any]) -> str:
    """The currency of a reservation, else the property's."""
    own = str(reservation.currency or "")
    return own or str(connection.execute(select(columns(Property).currency).limit(1)).scalar() or "")


def views_in(connection: Connection, reservation_id: int) -> list[FolioView]:
    """The folios of a reservation with all that is on them, in order.

    Raises:
        NotFound: there is no such reservation.
    """
    reservation = row_in(connection, reservation_id)
    rows, postings = folios_of(connection, reservation_id), postings_of(connection, reservation_id)
    names = _names(connection, [row.payer_id for row in rows], [row.closed_by for row in rows])
    shown: dict[int, list[PostingView]] = defaultdict(list)
    for one in posting_views(connection, postings):
        shown[one.folio].append(one)
    first = rows[0].id if rows else 0
    paid: dict[int, list[PaymentView]] = defaultdict(list)
    known = {row.id for row in rows}
    for payment in payments_in(connection, reservation):
        paid[payment.folio if payment.folio is not None and payment.folio in known else first].append(payment)
    sums = _Sums(postings, paid, reservation.currency)
    holder = _holder(connection, reservation_id)
    routes = routes_of(connection, reservation_id)
    return [
        FolioView(
            id=row.id,
            reservation=reservation_id,
            number=row.number,
            name=display_text(row.name),
            payer=(row.payer_id, names[0].get(row.payer_id, ("", False))[0]) if row.payer_id else None,
            holder=holder,
            company=names[0].get(row.payer_id, ("", False))[1],
            closed_at=row.closed_at,
            closed_by=names[1].get(row.closed_by, ""),
            postings=tuple(shown[row.id]),
            payments=tuple(paid[row.id]),
            totals=sums.totals(row.id),
            balances=sums.balances(row.id),
            routed=tuple(category for category, folio in routes.items() if folio == row.id),
            version=row.version,
        )
        for row in rows
    ]


def view_in(connection: Connection, folio_id: int) -> FolioView:
    """One of them.

    Raises:
        NotFound: there is none.
    """
    row = folio_row(connection, folio_id)
    return next(one for one in views_in(connection, row.reservation_id) if one.id == folio_id)


def posting_views(connection: Connection, rows: Sequence[Any]) -> list[PostingView]:
    """Rows of postings as people see them."""
    taken: dict[int, int] = {}
    for chunk in chunks([row.id for row in rows]):
        query = select(_P.reverses_id, _P.id).where(_P.reverses_id.in_(chunk), _P.removed_at.is_(None))
        taken |= {row.reverses_id: row.id for row in connection.execute(query)}
    authors = _names(connection, (), [row.created_by for row in rows])[1]
    return [
        PostingView(
            row.id,
            row.reservation_id,
            row.folio_id,
            row.day,
            row.category,
            display_text(row.text),
            Money(row.amount, row.currency),
            row.reverses_id,
            taken.get(row.id),
            row.split_of,
            authors.get(row.created_by, ""),
            row.created_at,
            row.version,
        )
        for row in rows
    ]


class _Sums:
    """What is posted and what is open, by folio and currency."""

    def __init__(self, postings: Iterable[Any], paid: Mapping[int, Sequence[PaymentView]], own: str) -> None:
        every = items(postings)
        counted = [
            (folio, one.amount.amount * (-1 if one.kind == "refund" else 1), one.amount.currency)
            for folio, found in paid.items()
            for one in found
            if one.reversed_at is None
        ]
        self._own = own
        self._totals = rules.totals(every)
        self._balances = rules.balances(every, counted, 0)

    def totals(self, folio: int) -> tuple[Money, ...]:
        return self._of(self._totals, folio)

    def balances(self, folio: int) -> tuple[Money, ...]:
        return self._of(self._balances, folio)

    def _of(self, sums: Mapping[tuple[int, str], int], folio: int) -> tuple[Money, ...]:
        found = [Money(amount, currency) for (one, currency), amount in sums.items() if one == folio]
        return tuple(sorted(found, key=lambda money: (money.currency != self._own, money.currency)))


def _names(
    connection: Connection, guests: Iterable[int | None], agents: Iterable[int | None]
) -> tuple[dict[int | None, tuple[str, bool]], dict[int | None, str]]:
    """Names of guests, and whether each is a company; names of agents."""
    payers: dict[int | None, tuple[str, bool]] = {}
    for chunk in chunks({one for one in guests if one is not None}):
        query = select(_G.id, _G.given, _G.surname, _G.kind).where(_G.id.in_(chunk))
        for row in connection.execute(query):
            payers[row.id] = (display_text(f"{row.given} {row.surname}".strip()), row.kind == "company")
    authors: dict[int | None, str] = {}
    for chunk in chunks({one for one in agents if one is not None}):
        found = connection.execute(select(_A.id, _A.name).where(_A.id.in_(chunk)))
        authors |= {row.id: display_text(row.name) for row in found}
    return payers, authors


def _holder(connection: Connection, reservation_id: int) -> str:
    query = select(_G.given, _G.surname).join(ReservationGuest, _H.guest_id == _G.id)
    row = connection.execute(query.where(_H.reservation_id == reservation_id, _H.holder)).first()
    return display_text(f"{row.given} {row.surname}".strip()) if row else ""
