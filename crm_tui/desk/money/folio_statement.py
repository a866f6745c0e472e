"""A folio as a text for the one who pays it, in their language: postings, payments, what is open (SPEC §7)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, select

from crm_tui.base.errors import Conflict, StoreError
from crm_tui.base.i18n import _
from crm_tui.base.paths import FILE_MODE
from crm_tui.data.columns import columns
from crm_tui.data.tables import Guest, Property
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.money.folio_rows import view_in
from crm_tui.desk.money.folio_views import FolioView
from crm_tui.desk.stays.reservation_rows import view_in as reservation_in
from crm_tui.desk.stays.reservation_views import ReservationView
from crm_tui.mail.text import display_text
from crm_tui.rules.money import Money

_G = columns(Guest)
_P = columns(Property)

WIDTH = 68
"""Columns of the text."""

_NAMES = (
    *("folio", "reservation", "payer", "guest", "stay", "room", "total", "payment", "refund", "balance", "closed"),
    *("lodging", "board", "extras", "transport", "fee", "tax", "discount", "other", "taken back"),
)
_WORDS: Mapping[str, str] = {
    "en": "Folio|Reservation|Payer|Guest|Stay|Room|Total|Payment|Refund|Balance|Closed"
    "|Lodging|Board|Extras|Transport|Fee|Tax|Discount|Other|taken back",
    "es": "Folio|Reserva|Pagador|Huésped|Estancia|Habitación|Total|Pago|Devolución|Saldo|Cerrado"
    "|Alojamiento|Pensión|Extras|Transporte|Cargo|Impuesto|Descuento|Otros|anulado",
    "pl": "Rachunek|Rezerwacja|Płatnik|Gość|Pobyt|Pokój|Razem|Wpłata|Zwrot|Saldo|Zamknięty"
    "|Nocleg|Wyżywienie|Dodatki|Transport|Opłata|Podatek|Rabat|Inne|anulowano",
    "fr": "Folio|Réservation|Payeur|Client|Séjour|Chambre|Total|Paiement|Remboursement|Solde|Clôturé"
    "|Hébergement|Pension|Extras|Transport|Frais|Taxe|Remise|Autres|annulé",
}
LANGUAGES = tuple(_WORDS)
"""The languages that a statement is written in."""


def text(ctx: Context, folio_id: int, language: str = "") -> str:
    """The statement of a folio.

    Args:
        language: one of :data:`LANGUAGES`; empty: that of who pays, else of the holder, else of the property.

    Raises:
        NotFound: there is no such folio.
    """
    with ctx.store.connect() as connection:
        folio = view_in(connection, folio_id)
        reservation = reservation_in(connection, folio.reservation, ctx.actor)
        name = display_text(connection.execute(select(_P.name).limit(1)).scalar() or "")
        here = zone(connection)
        today = ctx.clock.now().astimezone(here).date()
        closed = folio.closed_at.astimezone(here).date() if folio.closed_at else None
        chosen = language if language in LANGUAGES else _language(connection, folio, reservation)
    return "\n".join(_Statement(folio, reservation, name, (today, closed), chosen).lines()) + "\n"


def write(ctx: Context, folio_id: int, path: Path, language: str = "") -> Path:
    """Write the statement into a new file of mode 0600; one that is there already stays.

    Raises:
        Conflict: there is a file of that name.
        StoreError: it cannot be written.
        NotFound: there is no such folio.
    """
    content = text(ctx, folio_id, language).encode("utf-8")
    target = path.expanduser()
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(target, flags, FILE_MODE), "wb") as file:
            file.write(content)
    except FileExistsError:
        raise Conflict(
            _("There is a file {path} already; nothing was written.").format(path=target), _("Choose another name.")
        ) from None
    except OSError as error:
        raise StoreError(_("{path} cannot be written: {error}.").format(path=target, error=error.strerror)) from None
    return target


def _language(connection: Connection, folio: FolioView, reservation: ReservationView) -> str:
    people = [folio.payer[0] if folio.payer else None, reservation.holder.id if reservation.holder else None]
    for number in people:
        if number is not None:
            found = connection.execute(select(_G.language).where(_G.id == number)).scalar() or ""
            if found in LANGUAGES:
                return found
    known = connection.execute(select(_P.languages).limit(1)).scalar() or ""
    return next((one for one in known.split(",") if one in LANGUAGES), "en")


class _Statement:
    def __init__(
        self, folio: FolioView, reservation: ReservationView, name: str, days: tuple[date, date | None], language: str
    ) -> None:
        self._folio, self._reservation, self._name = folio, reservation, name
        self._today, self._closed = days
        self._language = language
        self._words = dict(zip(_NAMES, _WORDS[language].split("|"), strict=True))

    def lines(self) -> Iterator[str]:
        """All of it."""
        folio, words = self._folio, self._words
        head = f"{words['folio']} {folio.number}" + (f" · {folio.name}" if folio.name else "")
        yield from self._row(self._name, self._day(self._today))
        yield from self._row(head, f"{words['reservation']} {self._reservation.code}")
        yield ""
        for label, value in self._facts():
            yield f"{label + ':':<14}{value}"
        yield "─" * WIDTH
        for one in folio.postings:
            category = words.get(one.category, one.category)
            what = f"{category}: {one.text}" if one.text else category
            if one.reverses is not None:
                what = f"{category}, {words['taken back']}: {one.text}"
            yield from self._row(f"{self._day(one.day):<13}{what}", self._money(one.amount))
        yield "─" * WIDTH
        for total in folio.totals:
            yield from self._row(words["total"], self._money(total))
        for paid in folio.payments:
            if paid.reversed_at is None:
                sign = 1 if paid.kind == "refund" else -1
                word = words["refund" if paid.kind == "refund" else "payment"]
                what = f"{word} · {paid.method}" if paid.method else word
                money = Money(sign * paid.amount.amount, paid.amount.currency)
                yield from self._row(f"{self._day(paid.day):<13}{what}", self._money(money))
        yield "═" * WIDTH
        for balance in folio.balances or (Money(0, self._reservation.currency or "EUR"),):
            yield from self._row(words["balance"], self._money(balance))
        if self._closed is not None:
            yield f"{words['closed']} {self._day(self._closed)}"

    def _facts(self) -> Iterator[tuple[str, str]]:
        words, stay = self._words, self._reservation
        yield words["payer"], self._folio.payer_name
        if stay.holder is not None and stay.holder.name != self._folio.payer_name:
            yield words["guest"], stay.holder.name
        if stay.arrival and stay.departure:
            yield words["stay"], f"{self._day(stay.arrival)} – {self._day(stay.departure)}"
        if stay.room:
            yield words["room"], stay.room

    def _row(self, left: str, right: str) -> Iterator[str]:
        """A line with something at its right end; what is long goes on below."""
        room = WIDTH - _width(right) - 2
        while _width(left) > room:
            place = left.rfind(" ", 14, room)
            place = place if place > 0 else room
            yield left[:place].rstrip()
            left = " " * 13 + left[place:].lstrip()
        yield left + " " * (WIDTH - _width(left) - _width(right)) + right

    def _money(self, money: Money) -> str:
        return money.written(self._language).replace("\u00a0", " ").replace("\u202f", " ")

    def _day(self, on: date) -> str:
        from babel.dates import format_date

        locale = "en_GB" if self._language == "en" else self._language
        return str(format_date(on, "medium", locale=locale))


def _width(text: str) -> int:
    """How many cells of a terminal a text takes."""
    from rich.cells import cell_len  # only where a bill is printed

    return cell_len(text)
