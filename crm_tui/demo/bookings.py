"""What the guests of the sample hotel booked, imported as a booking system would hand it over (``texts/reservations.txt``).

A line: code | first day, in days from today | nights | status | room, or operator / product / destination | adults+children |
value in EUR | references of the guests, the holder first | channel | payments as amount and days ago, a refund below zero |
flights, the way there and back, or the company that pays.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from importlib import resources
from typing import Any

from sqlalchemy import select

from crm_tui.base.errors import CrmError
from crm_tui.data.columns import columns
from crm_tui.data.tables import Guest
from crm_tui.desk.context import Context
from crm_tui.desk.reservation_import import SourceRow, import_rows
from crm_tui.desk.writing import zone

_METHODS = ("transfer", "card", "cash")


def add(ctx: Context) -> int:
    """Import them; those that are there already stay as they are. Returns how many there are.

    Raises:
        CrmError: a line is not usable: the text of this program is wrong.
    """
    with ctx.store.connect() as connection:
        known = set(connection.execute(select(columns(Guest).reference)).scalars())
        today = ctx.clock.now().astimezone(zone(connection)).date()
    rows = [SourceRow(number, record) for number, record in enumerate(records(today, known), 1)]
    for result in import_rows(ctx, rows):
        if result.errors:
            raise CrmError(f"{result.reference}: {result.errors[0]}")
    return len(rows)


def records(today: date, known: set[str]) -> Iterator[dict[str, Any]]:
    """The reservations with the names of SPEC §15; those whose holder is not among ``known`` references are left out."""
    text = resources.files("crm_tui.demo").joinpath("texts", "reservations.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            cells = [cell.strip() for cell in line.split("|")]
            if cells[7].split(", ")[0] in known:
                yield _record(cells, today, known)


def _record(cells: list[str], today: date, known: set[str]) -> dict[str, Any]:
    code, first, nights, status, what, party, value, guests, channel, paid, *rest = cells
    arrival = today + timedelta(days=int(first))
    adults, _plus, children = party.partition("+")
    record: dict[str, Any] = {
        "reference": code,
        "status": status,
        "channel": channel,
        "booked": _on(min(arrival - timedelta(days=70), today - timedelta(days=16))),
        "arrival": _on(arrival),
        "departure": _on(arrival + timedelta(days=int(nights))),
        "adults": adults,
        "children": children or "0",
        "currency": "EUR",
        "value": value,
        "guests": [{"reference": one} for one in guests.split(", ") if one in known],
        "payments": [] if paid == "-" else [_payment(code, one, today) for one in paid.split(", ")],
    }
    record |= _booked(what)
    for more in rest:
        record |= _more(more, arrival, arrival + timedelta(days=int(nights)))
    return record


def _booked(what: str) -> dict[str, str]:
    if " / " not in what:
        return {"room": what}
    return dict(zip(("operator", "product", "destination"), what.split(" / "), strict=True))


def _payment(code: str, text: str, today: date) -> dict[str, str]:
    amount, _space, ago = text.partition(" ")
    method = _METHODS[int(ago) % len(_METHODS)]
    day = _on(today - timedelta(days=int(ago)))
    return {"reference": f"{code}/{ago}", "date": day, "amount": amount, "method": method}


def _more(text: str, out: date, back: date) -> dict[str, Any]:
    if text.startswith("company "):
        return {"company": {"reference": text.removeprefix("company ")}}
    flights = []
    for day, leg in zip((out, back), text.split(", "), strict=True):
        line, number, start, end, departs, arrives = leg.split(" ")
        times = {"departs": f"{_on(day)}T{departs}", "arrives": f"{_on(day)}T{arrives}"}
        flights.append({"number": f"{line} {number}", "from": start, "to": end, **times})
    return {"flights": flights}


def _on(day: date) -> str:
    return day.isoformat()
