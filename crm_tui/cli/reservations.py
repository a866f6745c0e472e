"""``import``, ``export``, ``list`` and ``show`` of reservations, and ``reservation`` (SPEC §15)."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.base.i18n import _, ngettext
from crm_tui.cli import reservation_detail
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.mail import limit_of

if TYPE_CHECKING:
    from crm_tui.desk.context import Context
    from crm_tui.desk.reservation_import import RowResult
    from crm_tui.desk.reservation_views import ReservationRow, ReservationView


def bring_in(run: Invocation) -> int:
    """Import reservations; exit code 1 if a row could not be used."""
    from crm_tui import desk

    options = run.options
    run.out.carries_on = True  # what was begun is finished, whoever stops reading
    counts: Counter[str] = Counter()
    unknown: dict[str, None] = {}
    progress = run.progress()
    done = 0

    def landed(rows: int) -> None:
        nonlocal done
        done += rows
        progress.count(done)

    path = Path(options.file).expanduser()
    with run.desk() as ctx:
        rows = desk.reservation_files.read(path)
        progress.step(_("Reservations"))
        try:
            for one in desk.reservation_import.import_rows(
                ctx, _opened(rows, path), dry_run=options.dry_run, done=landed
            ):
                counts[one.status] += 1
                unknown |= dict.fromkeys(one.unknown)
                _print_row(run, one)
        finally:
            progress.done()
    _print_sum(run, counts, list(unknown), options.dry_run)
    return 1 if counts["error"] else 0


def _opened(rows: Iterator[Any], path: Path) -> Iterator[Any]:
    """The rows; what the system says of the file as a sentence."""
    from crm_tui.files.limits import FileFault

    try:
        yield from rows
    except OSError as error:
        text = _("{path} cannot be read: {error}").format(path=path, error=error.strerror or error)
        raise FileFault(text, _("Name a CSV or JSON file."), "file") from None


def _print_row(run: Invocation, one: RowResult) -> None:
    if run.out.as_json:
        errors = [{"field": field or None, "message": message} for field, message in one.errors]
        record = {"row": one.number, "reference": one.reference or None, "status": one.status}
        run.out.record({**record, "reservation": one.reservation, "errors": errors})
        return
    for field, message in one.errors:
        where = ", ".join(part for part in (_("row {number}").format(number=one.number), one.reference, field) if part)
        run.out.line(f"{where}: {message}", "red")


def _print_sum(run: Invocation, counts: Counter[str], unknown: list[str], dry_run: bool) -> None:
    if unknown:
        run.out.note(_("Left out, because they mean nothing here: {names}.").format(names=", ".join(unknown[:20])))
    if not counts.total():
        run.out.note(_("There are no rows in it; nothing was imported."))
    elif not run.out.as_json:
        text = _("{new} new, {changed} changed, {same} as they were, {error} not usable.")
        named = {name: counts[name] for name in ("new", "changed", "same", "error")}
        run.out.line(text.format(**named) + (" " + _("Nothing was stored: a dry run.") if dry_run else ""))


def write_out(run: Invocation) -> int:
    """Print all reservations."""
    from crm_tui import desk

    with run.desk() as ctx:
        if run.out.as_json and not run.options.csv:
            for record in desk.reservation_files.records(ctx):
                run.out.record(record)
            return 0
        text = io.StringIO(newline="")
        desk.reservation_files.write_table(ctx, text)
    run.out.octets(text.getvalue().replace("\r\n", "\n").encode("utf-8"))  # as every command writes its lines
    return 0


def list_reservations(run: Invocation) -> int:
    """Print the reservations, in the order of their numbers."""
    limit = limit_of(run)
    status = _status(run.options.status)
    with run.desk() as ctx:
        rows = _rows(ctx, status, limit)
        if run.out.as_json:
            for row in rows:
                run.out.record(_row_record(row))
            return 0
        shown = list(rows)
    if not shown:
        run.out.line(_("There are no reservations."))
        return 0
    titles = (_("ID"), _("Code"), _("Status"), _("From"), _("To"), _("Holder"), _("What"), _("Value"))
    cells = [
        [
            row.id,
            row.code,
            _said(row.status),
            row.arrival or "",
            row.departure or "",
            row.guest,
            row.title,
            row.value or "",
        ]
        for row in shown
    ]
    run.out.table(titles, cells, right=(0, 7))
    return 0


def _rows(ctx: Context, status: str, limit: int) -> Iterator[ReservationRow]:
    from crm_tui import desk

    after = 0
    while limit > 0:
        rows = desk.reservations.listed(ctx, status=status, after=after, limit=min(limit, 500))
        if not rows:
            return
        yield from rows
        limit -= len(rows)
        after = rows[-1].id


def _status(text: str) -> str:
    from crm_tui.rules.vocabulary import ReservationStatus

    word = text.strip().casefold()
    if word and word not in {str(one) for one in ReservationStatus}:
        raise InvalidInput(
            _("There is no status called “{given}”; there are: {names}.").format(
                given=text, names=", ".join(ReservationStatus)
            ),
            field="status",
        )
    return word


def show(run: Invocation) -> int:
    """Print a reservation, found by its number or its code."""
    from crm_tui import desk

    with run.desk() as ctx:
        whole = desk.reservation_whole.get(ctx, number_of(ctx, str(run.options.id)))
        found = whole.view
        bills = desk.folios.listed(ctx, found.id)
        history = desk.history.of_reservation(ctx, found.id, limit=None)
    if run.out.as_json:
        from crm_tui.cli.folios import folio_record

        more = reservation_detail.record(whole, history)
        run.out.record(_record(found) | more | {"folios": [folio_record(one) for one in bills]})
        return 0
    title = found.title or _("Reservation")
    run.out.line(f"{found.code} · {title} · {_said(found.status)}", "bold")
    for title, value in _lines(found):
        if value:
            run.out.line(f"{title}: {value}")
    for guest in found.guests:
        mark = "★" if guest.holder else " "
        run.out.line(f"{mark} {guest.id} {guest.name}  {guest.email}  {guest.phone}".rstrip())
    _print_money(run, found)
    for bill in bills:
        sums = ", ".join(str(money) for money in bill.balances)
        if sums or len(bills) > 1:
            run.out.line(_("Folio {title}: {balance}").format(title=bill.title, balance=sums or _("nothing posted")))
    for leg in found.flights:
        times = " – ".join(time.replace("T", " ") for time in (leg.departs, leg.arrives) if time)
        run.out.line(_("Flight {number}: {from_} → {to}, {times}").format(
            number=leg.number, from_=leg.from_airport or "?", to=leg.to_airport or "?", times=times
        ))  # fmt: skip
    if found.remarks:
        run.out.text(found.remarks)
    reservation_detail.write(run, whole, history)
    return 0


def _lines(found: ReservationView) -> list[tuple[str, Any]]:
    days = f"{found.arrival or '?'} – {found.departure or '?'}" if found.arrival or found.departure else ""
    if found.nights:
        days += " · " + ngettext("{n} night", "{n} nights", found.nights).format(n=found.nights)
    return [
        (_("Dates"), days),
        (_("Adults"), found.adults),
        (_("Children"), found.children),
        (_("Channel"), found.channel),
        (_("Operator"), found.operator),
        (_("Booked"), found.booked),
        (_("Value"), found.value),
        (_("Reference"), found.reference if found.reference != found.code else ""),
        (_("Company"), found.company[1] if found.company else ""),
        (_("Inquiry"), found.inquiry),
    ]


def _print_money(run: Invocation, found: ReservationView) -> None:
    from crm_tui.desk.reservation_views import LINES

    for line in found.schedule:
        run.out.line(
            _("Due {day}: {amount} ({kind})").format(day=line.due, amount=line.amount, kind=_(LINES[line.kind]))
        )
    for one in found.payments:
        text = _("Paid {day}: {amount}") if one.kind == "payment" else _("Given back {day}: {amount}")
        parts = [text.format(day=one.day, amount=one.amount), one.method, _("taken back") if one.reversed_at else ""]
        run.out.line(" · ".join(part for part in parts if part))


def add_guest(run: Invocation) -> int:
    """Add a guest."""
    from crm_tui import desk

    return _people(run, lambda ctx, number: desk.reservation_guests.add(ctx, number, run.options.guest))


def remove_guest(run: Invocation) -> int:
    """Take a guest out; of a holder, ``--holder`` says who follows."""
    from crm_tui import desk

    options = run.options
    return _people(
        run, lambda ctx, number: desk.reservation_guests.remove(ctx, number, options.guest, new_holder=options.holder)
    )


def set_holder(run: Invocation) -> int:
    """Make a guest the holder."""
    from crm_tui import desk

    return _people(run, lambda ctx, number: desk.reservation_guests.set_holder(ctx, number, run.options.guest))


def _people(run: Invocation, work: Callable[[Context, int], ReservationView]) -> int:
    with run.desk() as ctx:
        found = work(ctx, number_of(ctx, run.options.reservation))
    if run.out.as_json:
        run.out.record(_record(found))
        return 0
    holder = found.holder.name if found.holder else _("nobody")
    count = ngettext("{n} guest", "{n} guests", len(found.guests)).format(n=len(found.guests))
    run.out.line(_("{code}: {guests}, holder {holder}.").format(code=found.code, guests=count, holder=holder))
    return 0


def number_of(ctx: Context, word: str) -> int:
    """A reservation named by number or code: a number that is nobody's may be a code."""
    from crm_tui import desk

    if word.isascii() and word.isdecimal() and len(word) < 18:
        try:
            return desk.reservations.get(ctx, int(word)).id
        except NotFound:
            pass
    number = desk.reservations.find(ctx, word)
    if number is None:
        raise NotFound(_("There is no reservation {number}.").format(number=word))
    return number


def _said(status: str) -> str:
    from crm_tui.desk.reservation_views import STATUSES

    return _(STATUSES.get(status, status))


def _row_record(row: ReservationRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "reference": row.reference or None,
        "status": row.status,
        "title": row.title,
        "arrival": row.arrival,
        "departure": row.departure,
        "holder": row.guest or None,
        "guests": row.guests,
        "value": row.value.decimal if row.value else None,
        "currency": row.value.currency if row.value else None,
        "channel": row.channel,
        "operator": row.operator or None,
    }


def _record(found: ReservationView) -> dict[str, Any]:
    texts = ("code", "reference", "status", "channel", "operator", "product", "destination", "room", "remarks")
    plain = ("booked", "arrival", "departure", "nights", "adults", "children", "inquiry")
    return {
        "id": found.id,
        **{name: getattr(found, name) or None for name in texts},
        **{name: getattr(found, name) for name in plain},
        "value": found.value.decimal if found.value else None,
        "paid": found.paid.decimal if found.paid else None,
        "currency": found.currency or None,
        "company": {"id": found.company[0], "name": found.company[1]} if found.company else None,
        "holder": found.holder.id if found.holder else None,
        "guests": [
            {
                "id": one.id,
                "name": one.name,
                "email": one.email or None,
                "phone": one.phone or None,
                "holder": one.holder,
            }
            for one in found.guests
        ],
        "schedule": [{"kind": one.kind, "due": one.due, "amount": one.amount.decimal} for one in found.schedule],
        "payments": [
            {
                "id": one.id,
                "kind": one.kind,
                "reference": one.reference or None,
                "date": one.day,
                "amount": one.amount.decimal,
                "method": one.method or None,
                "reversed": one.reversed_at is not None,
            }
            for one in found.payments
        ],
        "flights": [
            {
                "number": leg.number or None,
                "from": leg.from_airport or None,
                "to": leg.to_airport or None,
                "departs": leg.departs or None,
                "arrives": leg.arrives or None,
            }
            for leg in found.flights
        ],
        "created_at": found.created_at,
        "updated_at": found.updated_at,
        "version": found.version,
    }
