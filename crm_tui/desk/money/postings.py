"""Postings: amounts on folios; posted, moved, split and taken back so that no minor unit is gained or lost (SPEC §7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, insert, select, update

from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Folio, Posting
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.permissions import Permission, require
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.money.folio_faults import read_amount, told
from crm_tui.desk.money.folio_rows import (
    currency_of,
    folio_row,
    items,
    open_in,
    posting_rows,
    posting_views,
    postings_of,
    require_open,
    routes_of,
)
from crm_tui.desk.money.folio_views import PostingView
from crm_tui.desk.requests.inquiry_faults import InvalidFields
from crm_tui.desk.stays.reservation_rows import row_in
from crm_tui.mail.text import display_text
from crm_tui.rules import folios as rules
from crm_tui.rules.day_words import read_day_words
from crm_tui.rules.days import DayFault
from crm_tui.rules.folios import FolioFault
from crm_tui.rules.money import Money

_P = columns(Posting)
_F = columns(Folio)

LONGEST = 200
"""Letters of a posting's text."""


@dataclass(frozen=True, slots=True)
class Evenly:
    """Split into so many equal parts; what is left over goes to the last."""

    parts: int


@dataclass(frozen=True, slots=True)
class ByAmounts:
    """Split into these amounts, as typed or in minor units; they have to make up the whole."""

    amounts: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class ByPercent:
    """Split into these percentages, as typed or in hundredths of a percent; they have to make up 100."""

    percents: tuple[str | int, ...]


How = Evenly | ByAmounts | ByPercent


def get(ctx: Context, posting_id: int) -> PostingView:
    """One posting.

    Raises:
        NotFound: there is none.
    """
    with ctx.store.connect() as connection:
        return posting_views(connection, posting_rows(connection, [posting_id]))[0]


def post(
    ctx: Context,
    reservation_id: int,
    amount: str | int,
    *,
    category: str = "other",
    text: str = "",
    day: date | str | None = None,
    currency: str = "",
    folio: int | None = None,
) -> PostingView:
    """Post an amount on a reservation.

    Args:
        amount: as typed (``12,50``, ``-1.200,00 EUR``) or in minor units; below nothing: in favour of the payer.
        day: None: today at the property.
        currency: where the amount names none; empty: that of the reservation, else the property's.
        folio: None: where the routing rule sends the category, else the first open one.

    Raises:
        InvalidFields: amount, category, day or text is not usable; nothing was posted.
        ClosedFolio: the folio is closed, or all are.
        NotFound: there is no such reservation, or no such folio in it.
    """
    with ctx.write() as tx:
        reservation = row_in(tx.connection, reservation_id)
        row = _checked(tx, reservation, amount, currency, {"category": category, "text": text, "day": day})
        target = _target(tx, reservation_id, row["category"], folio)
        made = add_in(tx, {"reservation_id": reservation_id, "folio_id": target, **row}, "post")
        return _view(tx, made)


def move(ctx: Context, ids: Sequence[int], folio_id: int, *, versions: Mapping[int, int] | None = None) -> int:
    """Put postings on another folio of the same reservation; each with its reversal, where both stand on one folio.

    Args:
        versions: those that the agent saw.

    Returns:
        How many went.

    Raises:
        ClosedFolio: one of the folios is closed.
        Conflict: a posting was changed since.
        NotFound: a posting is not there, or the folio is not of its reservation.
    """
    with ctx.write() as tx:
        rows = posting_rows(tx.connection, ids, versions)
        target = folio_row(tx.connection, folio_id)
        require_open(target)
        for reservation in {row.reservation_id for row in rows}:
            if reservation != target.reservation_id:
                raise NotFound(_("There is no folio {number}.").format(number=folio_id))
        every = postings_of(tx.connection, target.reservation_id)
        chosen = rules.together(items(every), [row.id for row in rows])
        return move_in(tx, [row for row in every if row.id in chosen], dict.fromkeys(chosen, folio_id))


def move_in(tx: Transaction, rows: Iterable[Row[Any]], targets: Mapping[int, int]) -> int:
    """Put postings where they are to go, within a command; those that are there already do not count.

    Raises:
        ClosedFolio: one stands on a closed folio.
    """
    count = 0
    for row in rows:
        if row.folio_id == targets[row.id]:
            continue
        require_open(folio_row(tx.connection, row.folio_id))
        _write(tx, row, "move", {"folio_id": targets[row.id]})
        count += 1
    return count


def split(
    ctx: Context, posting_id: int, how: How, *, folios: Sequence[int | None] = (), version: int | None = None
) -> list[PostingView]:
    """Split a posting; the first part stays the posting itself.

    Args:
        folios: where each part goes, in order; None, or missing: it stays on the folio.
        version: the one that the agent saw.

    Returns:
        The parts.

    Raises:
        InvalidInput: the parts do not make up the amount, or one would be nothing; ``field`` is ``parts``.
        ClosedFolio: one of the folios is closed.
        Conflict: it was taken back, takes another back, or was changed since.
        NotFound: there is no such posting, or a folio is not of its reservation.
    """
    with ctx.write() as tx:
        row = posting_rows(tx.connection, [posting_id], {posting_id: version} if version is not None else None)[0]
        require_open(folio_row(tx.connection, row.folio_id))
        whole = Money(row.amount, row.currency)
        try:
            rules.check_whole(items([row])[0], items(postings_of(tx.connection, row.reservation_id)))
            shares = _shares(whole, how)
        except FolioFault as fault:
            raise told(fault, whole) from None
        places = _places(tx, row, folios, len(shares))
        first = {"amount": shares[0]} | ({"folio_id": places[0]} if places[0] != row.folio_id else {})
        _write(tx, row, "split", first, parts=len(shares))
        made = [_part(tx, row, share, place) for share, place in zip(shares[1:], places[1:], strict=True)]
        return posting_views(tx.connection, posting_rows(tx.connection, [row.id, *made]))


def shares(whole: Money, how: How) -> tuple[Money, ...]:
    """What the parts of an amount would be; nothing is stored.

    Raises:
        InvalidInput: the parts do not make up the amount, or one would be nothing.
    """
    try:
        return tuple(Money(one, whole.currency) for one in _shares(whole, how))
    except FolioFault as fault:
        raise told(fault, whole) from None


def reverse(
    ctx: Context, posting_id: int, reason: str, *, folio: int | None = None, version: int | None = None
) -> PostingView:
    """Take a posting back by one of the opposite amount; both stay to be seen.

    Args:
        reason: why; it is the text of the reversal.
        folio: where the reversal goes; None: the posting's own folio, or the first open one if that is closed.
        version: the one that the agent saw.

    Raises:
        InvalidInput: there is no reason; ``field`` is ``reason``.
        ClosedFolio: no folio is open, or the one named is not.
        Conflict: it was taken back already, takes another back, or was changed since.
        Forbidden: the folio is closed, and the agent is no manager (SPEC §13, corrections).
        NotFound: there is no such posting, or the folio is not of its reservation.
    """
    with ctx.write() as tx:
        row = posting_rows(tx.connection, [posting_id], {posting_id: version} if version is not None else None)[0]
        clean = _text(reason)
        if not clean:
            raise InvalidInput(_("Say why it is taken back."), field="reason")
        try:
            rules.check_whole(items([row])[0], items(postings_of(tx.connection, row.reservation_id)))
        except FolioFault as fault:
            raise told(fault, Money(row.amount, row.currency)) from None
        own = folio_row(tx.connection, row.folio_id)
        if own.closed_at is not None:
            require(tx, Permission.CORRECT_BILL)
        target = folio if folio is not None or own.closed_at is not None else own.id
        values = {
            "reservation_id": row.reservation_id,
            "folio_id": _target(tx, row.reservation_id, "", target),
            "day": _today(tx),
            "category": row.category,
            "text": clean,
            "amount": -row.amount,
            "currency": row.currency,
            "reverses_id": row.id,
        }
        return _view(tx, add_in(tx, values, "reverse"))


def add_in(tx: Transaction, values: Mapping[str, Any], action: str) -> int:
    """Store a posting and journal how it came to be."""
    made = new_id(tx.connection.execute(insert(Posting).values(**values, created_by=tx.actor.id, created_at=tx.now)))
    after = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    tx.journal("posting", made, action, None, after | _number(tx, values["folio_id"]), undoable=True)
    return made


def _checked(
    tx: Transaction, reservation: Row[Any], amount: str | int, currency: str, values: Mapping[str, Any]
) -> dict[str, Any]:
    from crm_tui.desk.money.folio_routes import category_named

    errors: dict[str, str] = {}
    found: dict[str, Any] = {}

    def take(name: str, work: Any) -> None:
        try:
            found[name] = work()
        except InvalidInput as error:
            errors[error.field or name] = error.message

    unit = currency or currency_of(tx.connection, reservation)
    take("amount", lambda: read_amount(amount, unit) if isinstance(amount, str) else _minor(amount, unit))
    take("category", lambda: category_named(values["category"] or "other"))
    take("day", lambda: _day(tx, values["day"]))
    take("text", lambda: _text(values["text"]))
    if errors:
        raise InvalidFields(errors)
    money: Money = found.pop("amount")
    return {**found, "amount": money.amount, "currency": money.currency}


def _minor(amount: int, currency: str) -> Money:
    if not amount or not currency:
        raise InvalidInput(_("Nothing cannot be posted."), field="amount")
    return Money(amount, currency)


def _day(tx: Transaction, day: date | str | None) -> date:
    today = _today(tx)
    if not day:
        return today
    if isinstance(day, date):
        return day
    try:
        return read_day_words(day, today)
    except DayFault:
        raise InvalidInput(
            _("“{given}” is no date; write it like 2026-08-14 or 14.8.2026.").format(given=display_text(day)[:40]),
            field="day",
        ) from None


def _today(tx: Transaction) -> date:
    return tx.now.astimezone(zone(tx.connection)).date()


def _text(text: str) -> str:
    clean = " ".join(display_text(str(text or "")).split())
    if len(clean) > LONGEST:
        raise InvalidInput(_("This is too long: at most {limit} letters fit here.").format(limit=LONGEST), field="text")
    return clean


def _target(tx: Transaction, reservation_id: int, category: str, folio: int | None) -> int:
    if folio is None:
        return rules.routed(category, routes_of(tx.connection, reservation_id), open_in(tx.connection, reservation_id))
    row = folio_row(tx.connection, folio)
    if row.reservation_id != reservation_id:
        raise NotFound(_("There is no folio {number}.").format(number=folio))
    require_open(row)
    return int(row.id)


def _shares(whole: Money, how: How) -> tuple[int, ...]:
    if isinstance(how, Evenly):
        return rules.evenly(whole.amount, how.parts)
    if isinstance(how, ByPercent):
        return rules.by_percent(
            whole.amount, [rules.read_percent(one) if isinstance(one, str) else one for one in how.percents]
        )
    shares = []
    for one in how.amounts:
        money = read_amount(one, whole.currency, field="parts") if isinstance(one, str) else Money(one, whole.currency)
        if money.currency != whole.currency:
            raise InvalidInput(
                _("The parts are of {currency}, as the posting is.").format(currency=whole.currency), field="parts"
            )
        shares.append(money.amount)
    return rules.by_amounts(whole.amount, shares)


def _places(tx: Transaction, row: Row[Any], folios: Sequence[int | None], count: int) -> list[int]:
    if len(folios) > count:
        raise InvalidInput(_("More folios are named than there are parts."), field="parts")
    wanted = [*folios, *[None] * (count - len(folios))]
    return [row.folio_id if one is None else _target(tx, row.reservation_id, "", one) for one in wanted]


def _part(tx: Transaction, row: Row[Any], share: int, folio: int) -> int:
    kept = ("reservation_id", "day", "category", "text", "currency")
    values = {name: getattr(row, name) for name in kept}
    return add_in(tx, {**values, "folio_id": folio, "amount": share, "split_of": row.id}, "split")


def _write(tx: Transaction, row: Row[Any], action: str, changed: Mapping[str, Any], **more: Any) -> None:
    statement = update(table_of(Posting)).where(_P.id == row.id)
    tx.connection.execute(statement.values(**changed, version=_P.version + 1))
    before = {name: getattr(row, name) for name in changed}
    folio = _number(tx, changed["folio_id"]) if "folio_id" in changed else {}
    tx.journal("posting", row.id, action, before, {**changed, **folio, **more}, undoable=True)


def _number(tx: Transaction, folio_id: int) -> dict[str, int]:
    """What people call the folio, for histories."""
    return {"folio": int(tx.connection.execute(select(_F.number).where(_F.id == folio_id)).scalar_one())}


def _view(tx: Transaction, number: int) -> PostingView:
    return posting_views(tx.connection, posting_rows(tx.connection, [number]))[0]
