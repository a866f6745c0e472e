"""The watchlists as records: for programs (SPEC §15), and as CSV in a file that only its owner can read (SPEC §8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.common.context import Context
from crm_tui.desk.watchlists import departures, payment_watch
from crm_tui.desk.watchlists.departures import DepartureQuery, DepartureRow
from crm_tui.desk.watchlists.payment_watch import PaymentQuery, PaymentRow
from crm_tui.files.private import Unwritable, private_file
from crm_tui.files.tables import write_csv
from crm_tui.mail.text import display_text
from crm_tui.rules.money import Money

PAYMENT_FIELDS = (
    *("reservation", "holder", "letters", "missing_deposit", "missing_balance", "overpaid", "currency", "due"),
    *("overdue", "due_deposit", "due_balance", "paid", "reservation_id", "reference", "guest", "phone", "email"),
    *("status", "operator", "destination", "arrival", "departure", "last_reminder", "reminded_by", "reminders"),
)
DEPARTURE_FIELDS = (
    *("reservation", "holder", "flight", "from", "to", "departs", "state", "informed_by", "informed_at"),
    *("id", "arrives", "zone", "zone_known", "told_departs", "told_arrives", "via", "reservation_id", "guest"),
    *("phone", "email", "guests", "operator", "destination"),
)


def payments(ctx: Context, query: PaymentQuery, *, limit: int | None = None) -> Iterator[PaymentRow]:
    """The rows of the payment watchlist, page by page."""
    left, cursor, known = limit, None, None
    while left is None or left > 0:
        page = payment_watch.page(ctx, query, after=cursor, limit=min(500, left or 500), known=known)
        yield from page.rows
        if not page.rows:
            return
        known, cursor = (page.total, page.overdue), page.rows[-1].cursor
        left = None if left is None else left - len(page.rows)


def flights(ctx: Context, query: DepartureQuery, *, limit: int | None = None) -> Iterator[DepartureRow]:
    """The rows of the departure watchlist, page by page."""
    known, done = departures.whole(ctx, query), 0
    most = len(known.listed) if limit is None else min(limit, len(known.listed))
    while done < most:
        yield from departures.page(ctx, query, at=done, limit=min(500, most - done), known=known).rows
        done += 500


def payment_record(row: PaymentRow) -> dict[str, Any]:
    """A reservation that owes something, with the names of SPEC §15 and what else is known."""
    amounts = {
        "missing_deposit": row.missing_deposit,
        "missing_balance": row.missing_balance,
        "overpaid": row.overpaid,
        "due_deposit": row.deposit_now,
        "due_balance": row.balance_now,
        "paid": row.paid,
    }
    found = {name: Money(amount, row.currency).decimal for name, amount in amounts.items()} | {
        "reservation": row.code,
        "reservation_id": row.id,
        "reference": row.reference or None,
        "holder": row.holder or None,
        "guest": row.guest_id,
        "phone": row.phone or None,
        "email": row.email or None,
        "letters": row.letters,
        "currency": row.currency or None,
        "due": row.due,
        "overdue": row.overdue,
        "status": row.status,
        "operator": row.operator or None,
        "destination": row.destination or None,
        "arrival": row.arrival,
        "departure": row.departure,
        "last_reminder": row.last_notice,
        "reminded_by": row.notice_channel or None,
        "reminders": row.notices,
    }
    return {name: found[name] for name in PAYMENT_FIELDS}


def departure_record(row: DepartureRow) -> dict[str, Any]:
    """A watched flight, with the names of SPEC §15 and what else is known."""
    found = {
        "id": row.id,
        "reservation": row.code,
        "reservation_id": row.reservation,
        "holder": row.holder or None,
        "guest": row.guest_id,
        "guests": row.guests,
        "phone": row.phone or None,
        "email": row.email or None,
        "flight": row.number or None,
        "from": row.from_airport or None,
        "to": row.to_airport or None,
        "via": [
            {"flight": leg.number or None, "from": leg.from_airport or None, "to": leg.to_airport or None,
             "departs": leg.departs or None, "arrives": leg.arrives or None}
            for leg in row.connections
        ],
        "departs": row.departs,
        "arrives": row.arrives or None,
        "zone": str(row.departs.tzinfo),
        "zone_known": row.zone_known,
        "state": str(row.state),
        "informed_by": row.informed_by or None,
        "informed_at": row.informed_at,
        "told_departs": row.told or None,
        "told_arrives": row.told_arrives or None,
        "operator": row.operator or None,
        "destination": row.destination or None,
    }  # fmt: skip
    return {name: found[name] for name in DEPARTURE_FIELDS}


def payments_csv(ctx: Context, query: PaymentQuery, stream: TextIO) -> int:
    """Write the payment watchlist as CSV; returns how many rows."""
    return write_csv(stream, PAYMENT_FIELDS, _cells(map(payment_record, payments(ctx, query))))


def departures_csv(ctx: Context, query: DepartureQuery, stream: TextIO) -> int:
    """Write the departure watchlist as CSV; returns how many rows."""
    return write_csv(stream, DEPARTURE_FIELDS, _cells(map(departure_record, flights(ctx, query))))


def to_file(ctx: Context, query: PaymentQuery | DepartureQuery, path: Path, *, overwrite: bool = False) -> int:
    """Write a watchlist as CSV into a file that only its owner can read; returns how many rows.

    The journal notes who took how many out.

    Raises:
        InvalidInput: the file exists already, or cannot be written; ``field`` is ``path``.
        Forbidden: the desk was opened to read only.
    """
    path = path.expanduser()
    shown = display_text(str(path))
    try:
        with private_file(path, overwrite=overwrite) as raw:
            text = TextIOWrapper(raw, "utf-8", errors="replace", newline="")
            if isinstance(query, PaymentQuery):
                kind, count = "payments", payments_csv(ctx, query, text)
            else:
                kind, count = "departures", departures_csv(ctx, query, text)
            text.flush()
            text.detach()
            with ctx.write() as tx:
                noted = {"kind": kind, "format": "csv", "count": count, "file": display_text(path.name)}
                tx.journal("export", 0, "export", None, noted)
            return count
    except Unwritable as error:
        words = _("{path} cannot be written: {reason}.") if error.reason else _("{path} exists already.")
        raise InvalidInput(words.format(path=shown, reason=error.reason), field="path") from None


def _cells(records: Iterable[Mapping[str, Any]]) -> Iterator[list[str]]:
    for record in records:
        yield [_cell(value) for value in record.values()]


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(" ".join(str(part) for part in one.values() if part) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime) and value.tzinfo is UTC:
        return value.isoformat(timespec="seconds")
    return "" if value is None else str(value.isoformat() if hasattr(value, "isoformat") else value)
