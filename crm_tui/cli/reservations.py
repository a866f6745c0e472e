"""``list`` and ``show`` of reservations, and ``reservation`` with their guests (SPEC §15)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.base.i18n import _, ngettext
from crm_tui.cli import reservation_detail
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.mail import limit_of
from crm_tui.cli.reservation_records import record, row_record
from crm_tui.cli.times import zone_of

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.stays.reservation_views import ReservationListRow, ReservationQuery, ReservationView


def refuse_for(run: Invocation, place: str) -> None:
    """Filters of reservations are for reservations.

    Raises:
        UsageError: one was given for another list.
    """
    from crm_tui.cli.reservation_options import OWN
    from crm_tui.cli.usage import UsageError

    given = [name for name in OWN if getattr(run.options, name, None)]
    if given:
        raise UsageError(
            _("{option} is for reservations, not for {place}.").format(option=f"--{given[0]}", place=place),
            _("Use: crm-tui list reservations"),
        )


def list_reservations(run: Invocation) -> int:
    """Print the reservations that the filters find."""
    limit = limit_of(run)
    with run.desk() as ctx:
        query = _query(run, ctx)
        rows = _rows(ctx, query, limit)
        if run.out.as_json:
            for row in rows:
                run.out.record(row_record(row))
            return 0
        shown = list(rows)
        total = _total(ctx, query)
    if not shown:
        run.out.line(_("There are no reservations.") if query.asked_status == "all" else _("No reservation fits."))
        return 0
    titles = (_("ID"), _("Code"), _("Status"), _("From"), _("To"), _("Holder"), _("What"), _("Value"), _("Missing"))
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
            row.missing or "",
        ]
        for row in shown
    ]
    run.out.table(titles, cells, right=(0, 7, 8))
    if total > len(shown):
        run.out.line(_("… and {count} more: --limit 0 shows all.").format(count=total - len(shown)), "dim")
    return 0


def _query(run: Invocation, ctx: Context) -> ReservationQuery:
    """What the options ask for."""
    from crm_tui.desk.stays.reservation_views import EVERY, ReservationQuery
    from crm_tui.rules.day_words import read_day_words
    from crm_tui.rules.days import DayFault

    options = run.options
    today = ctx.clock.now().astimezone(zone_of(ctx)).date()
    days: dict[str, Any] = {}
    for name in ("arrival_from", "arrival_to", "departure_from", "departure_to"):
        text = getattr(options, name)
        try:
            days[name] = read_day_words(text, today) if text else None
        except DayFault:
            raise InvalidInput(
                _("“{given}” is no day; write it like 2026-08-14.").format(given=text), field=name
            ) from None
    order = options.order or ("newest" if options.newest else "arrival")
    return ReservationQuery(
        text=options.text or "",
        status=options.status.strip() or EVERY,
        channel=options.channel,
        operator=options.operator,
        destination=options.destination or "",
        unpaid=options.unpaid,
        order=order,
        **days,
    )


def _rows(ctx: Context, query: ReservationQuery, limit: int) -> Iterator[ReservationListRow]:
    from crm_tui import desk

    after, known = None, None
    while limit > 0:
        page = desk.reservation_lists.page(ctx, query, after=after, limit=min(limit, 500), known=known)
        if not page.rows:
            return
        yield from page.rows
        limit -= len(page.rows)
        after, known = page.rows[-1].cursor, page.total


def _total(ctx: Context, query: ReservationQuery) -> int:
    from crm_tui import desk

    return desk.reservation_lists.total(ctx, query)


def show_one(run: Invocation) -> int:
    """Print a reservation."""
    return _shown(run, run.options.reservation)


def show(run: Invocation) -> int:
    """Print a reservation, found by its number or its code."""
    return _shown(run, str(run.options.id))


def _shown(run: Invocation, word: str) -> int:
    from crm_tui import desk

    with run.desk() as ctx:
        whole = desk.reservation_whole.get(ctx, number_of(ctx, word))
        found = whole.view
        bills = desk.folios.listed(ctx, found.id)
        history = desk.history.of_reservation(ctx, found.id, limit=None)
        zone = zone_of(ctx)
    if run.out.as_json:
        from crm_tui.cli.folios import folio_record

        more = reservation_detail.record(whole, history)
        run.out.record(record(found) | more | {"folios": [folio_record(one) for one in bills]})
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
    reservation_detail.write(run, whole, history, zone)
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
    from crm_tui.desk.stays.reservation_views import LINES

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
        run.out.record(record(found))
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
    from crm_tui.desk.stays.reservation_views import STATUSES

    return _(STATUSES.get(status, status))
