"""The folios of the sample hotel: companies that pay the lodging, and what was posted (``texts/folios.txt``)."""

from __future__ import annotations

from datetime import timedelta
from importlib import resources

from sqlalchemy import select, update

from crm_tui.data.columns import columns
from crm_tui.data.tables import Guest, Payment, Reservation
from crm_tui.desk.common.context import Context
from crm_tui.desk.money import folio_routes, folios, postings
from crm_tui.desk.money.folio_views import FolioView

_R = columns(Reservation)
_P = columns(Payment)


def add(ctx: Context) -> int:
    """Post it; reservations that have postings already stay as they are. Returns how many have them now."""
    text = resources.files("crm_tui.demo").joinpath("texts", "folios.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return sum(_bill(ctx, [cell.strip() for cell in line.split("|")]) for line in lines)


def _bill(ctx: Context, cells: list[str]) -> bool:
    code, payer, categories, posted, *closed = cells
    with ctx.store.connect() as connection:
        row = connection.execute(select(_R.id, _R.arrival).where(_R.code == code)).first()
        known = columns(Guest)
        who = connection.execute(select(known.id).where(known.reference == payer, known.reference != "")).scalar()
    if row is None or (who is None and payer != "-"):
        return False
    if any(one.postings for one in folios.listed(ctx, row.id)):
        return True
    if who is not None:
        second = folios.create(ctx, row.id, payer=who)
        folio_routes.set_routes(ctx, row.id, dict.fromkeys(categories.split(", "), second.id))
        _pays(ctx, row.id, second)
    for one in posted.split("; "):
        category, what, amount, after = one.split(" / ")
        day = row.arrival + timedelta(days=int(after))
        postings.post(ctx, row.id, _minor(amount), category=category, text=what, day=day)
    for number in closed[0].split(", ") if closed else ():
        bill = next(one for one in folios.listed(ctx, row.id) if str(one.number) == number)
        folios.close(ctx, bill.id, bill.version, sure=True)
    return True


def _pays(ctx: Context, reservation: int, folio: FolioView) -> None:
    """What was paid so far is the company's."""
    with ctx.write() as tx:
        tx.connection.execute(update(Payment).where(_P.reservation_id == reservation).values(folio_id=folio.id))


def _minor(amount: str) -> int:
    """Cents, whatever the language of the desk."""
    whole, _point, cents = amount.partition(".")
    return int(whole + cents)
