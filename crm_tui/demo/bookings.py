"""What the guests of the sample hotel booked, imported as a booking system would hand it over (``texts/reservations.txt``).

A line: code | first day, in days from today | nights | status | room, or operator / product / destination | adults+children |
value in EUR | references of the guests, the holder first | channel | payments as amount and days ago, a refund below zero |
flights, the way there and back (with `` / `` between the two ways where one of them changes planes), the company that pays, or
``due`` with letter, amount and day of each line of the schedule.
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
from crm_tui.demo import terms
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.stays.reservation_import import SourceRow, import_rows
from crm_tui.desk.watchlists import departures
from crm_tui.desk.watchlists.departures import DepartureQuery

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
    _inform(ctx)
    terms.add(ctx)
    return len(rows)


_TOLD, _LATER = "T-26104", "18:05"
"""The trip whose guests were told the times before its flight was put off, and until when."""


def _inform(ctx: Context) -> None:
    """Tell one of the guests the times, and change them then."""
    for row in departures.page(ctx, DepartureQuery(text=_TOLD, state="to inform")).rows:
        departures.inform(ctx, [row.id])
        departures.set_times(ctx, row.id, departures.version_of(ctx, row.id), departs=_LATER)


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
        record |= _more(more, today, arrival, arrival + timedelta(days=int(nights)))
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


def _more(text: str, today: date, out: date, back: date) -> dict[str, Any]:
    if text.startswith("company "):
        return {"company": {"reference": text.removeprefix("company ")}}
    if text.startswith("due "):
        return {"schedule": [_line(one, today) for one in text.removeprefix("due ").split(", ")]}
    there, _way, home = text.partition(" / ")
    ways = zip((out, back), (there, home) if home else text.split(", "), strict=True)
    return {"flights": [_leg(day, leg) for day, way in ways for leg in way.split(", ")]}


def _line(text: str, today: date) -> dict[str, str]:
    letter, amount, ahead = text.split(" ")
    due = _on(today + timedelta(days=int(ahead)))
    return {"kind": {"Z": "deposit", "D": "balance"}[letter], "amount": amount, "due": due}


def _leg(day: date, text: str) -> dict[str, str]:
    line, number, start, end, departs, arrives = text.split(" ")
    times = {"departs": f"{_on(day)}T{departs}", "arrives": f"{_on(day)}T{arrives}"}
    return {"number": f"{line} {number}", "from": start, "to": end, **times}


def _on(day: date) -> str:
    return day.isoformat()
