"""``payments`` and ``departures``: the watchlists (SPEC §8, §15). ``CRM_TUI_NOW`` moves the clock for both."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.base.i18n import _, ngettext
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.mail import limit_of
from crm_tui.cli.times import moment, zone_of
from crm_tui.cli.usage import UsageError
from crm_tui.mail.text import display_text

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.watchlists.departures import DepartureQuery, DepartureRow
    from crm_tui.desk.watchlists.payment_watch import PaymentQuery, PaymentRow


def payments(run: Invocation) -> int:
    """Print the payment watchlist: overdue ones first."""
    from crm_tui import desk
    from crm_tui.desk.watchlists.payment_watch import PaymentQuery

    query = PaymentQuery(**_asked(run))
    with run.desk() as ctx:
        if run.options.csv:
            return _csv(run, ctx, query)
        found = list(desk.watch_export.payments(ctx, query, limit=limit_of(run)))
        zone = zone_of(ctx)
    if run.out.as_json:
        for row in found:
            run.out.record(desk.watch_export.payment_record(row))
    elif not found:
        run.out.line(_("Nobody owes a payment now."))
    else:
        titles = (_("Code"), _("Holder"), _("Telephone"), "", _("Missing now"), _("Due"), "", _("Reminded"))
        run.out.table(titles, [_payment(row, zone) for row in found], right=(4,))
    return 0


def _payment(row: PaymentRow, zone: ZoneInfo) -> list[Any]:
    late = "! " + _("overdue") if row.overdue else ""
    return [
        row.code,
        row.holder,
        row.phone,
        row.letters,
        row.missing_now,
        row.due,
        late,
        moment(row.last_notice, zone),
    ]


def departures(run: Invocation) -> int:
    """Print the departure watchlist."""
    from crm_tui import desk
    from crm_tui.desk.watchlists.departures import DepartureQuery

    query = DepartureQuery(**_asked(run))
    with run.desk() as ctx:
        if run.options.csv:
            return _csv(run, ctx, query)
        found = list(desk.watch_export.flights(ctx, query, limit=limit_of(run)))
        zone = zone_of(ctx)
    if run.out.as_json:
        for row in found:
            run.out.record(desk.watch_export.departure_record(row))
    elif not found:
        run.out.line(_("No flight leaves in the next days."))
    else:
        titles = (_("ID"), _("Departs"), _("Zone"), _("Flight"), _("From"), _("To"), _("Holder"), _("Telephone"))
        more = (_("State"), _("Informed"), _("Code"))
        run.out.table((*titles, *more), [_departure(row, zone) for row in found], right=(0,))
    return 0


def _departure(row: DepartureRow, zone: ZoneInfo) -> list[Any]:
    from crm_tui.desk.watchlists.departures import STATES

    told = " ".join(part for part in (row.informed_by, moment(row.informed_at, zone)) if part)
    clock = f"{row.departs:%Z}" if row.zone_known else _("{zone}, not the airport's").format(zone=f"{row.departs:%Z}")
    return [
        row.id,
        row.local.replace("T", " "),
        clock,
        row.number,
        row.from_airport,
        "–".join(row.airports[1:]),
        row.holder,
        row.phone,
        _(STATES[row.state]),
        told,
        row.code,
    ]


def inform(run: Invocation) -> int:
    """Note that guests were told the times of their flights."""
    from crm_tui import desk

    with run.desk() as ctx:
        ids = [_flight(ctx, word) for word in run.options.flights]
        count = desk.departures.inform(ctx, ids)
    words = ngettext("{n} departure informed.", "{n} departures informed.", count)
    return _tell(run, count, words.format(n=count) if count else _("They knew already."))


def uninform(run: Invocation) -> int:
    """Take that back."""
    from crm_tui import desk

    with run.desk() as ctx:
        ids = [_flight(ctx, word) for word in run.options.flights]
        count = desk.departures.uninform(ctx, ids)
    words = ngettext("{n} departure is to be told.", "{n} departures are to be told.", count)
    return _tell(run, count, words.format(n=count) if count else _("Nobody had told them."))


def times(run: Invocation) -> int:
    """Change when a flight leaves and lands."""
    from crm_tui import desk

    options = run.options
    if options.departs is None and options.arrives is None:
        raise UsageError(
            _("Nothing to change was named."), _("See: {name} --help").format(name="crm-tui departures times")
        )
    with run.desk() as ctx:
        number = _flight(ctx, options.flight)
        row = desk.departures.row_of(ctx, number)
        legs = (number, *(leg.flight for leg in row.connections)) if row is not None else (number,)
        if not 1 <= options.leg <= len(legs):
            raise InvalidInput(_("There is no leg {number}.").format(number=options.leg), field="leg")
        leg = legs[options.leg - 1]
        version = desk.departures.version_of(ctx, leg)
        desk.departures.set_times(ctx, leg, version, options.departs, options.arrives)
        row = desk.departures.row_of(ctx, number)
    if run.out.as_json:
        run.out.record(desk.watch_export.departure_record(row) if row is not None else {"id": number})
    elif row is None:
        run.out.line(_("The times are changed; the flight is not watched now."))
    else:
        text = _("{flight} leaves {time}: {state}.")
        said = _(desk.departures.STATES[row.state])
        run.out.line(text.format(flight=row.number, time=row.local.replace("T", " "), state=said))
    return 0


def _flight(ctx: Context, word: str) -> int:
    """A flight by its number, or the watched one of a reservation by its code.

    Raises:
        NotFound: there is none.
        InvalidInput: the reservation has several on the list.
    """
    from crm_tui import desk

    number = int(word) if word.isascii() and word.isdecimal() and len(word) < 16 else None
    reservation = desk.reservations.find(ctx, word)
    if reservation is None and number is not None:
        return number
    found = [one for one in desk.watch_export.flights(ctx, _all()) if one.reservation == reservation]
    if number is not None and _is_flight(ctx, number):
        if any(one.id == number for one in found):
            return number
        raise InvalidInput(
            _("{number} is a flight of one reservation and the code of another.").format(number=word),
            _("Name the flight by the code of its own reservation."),
            "flight",
        )
    if not found:
        raise NotFound(_("There is no watched flight of {code}.").format(code=display_text(word)))
    if len(found) > 1:
        raise InvalidInput(
            _("{code} has several flights on the list.").format(code=display_text(word)),
            _("Name one by its number: {numbers}.").format(numbers=", ".join(str(one.id) for one in found)),
            "flight",
        )
    return found[0].id


def _is_flight(ctx: Context, number: int) -> bool:
    from crm_tui import desk

    try:
        desk.departures.version_of(ctx, number)
    except NotFound:
        return False
    return True


def _all() -> DepartureQuery:
    from crm_tui.desk.watchlists.departures import DepartureQuery

    return DepartureQuery()


def _asked(run: Invocation) -> dict[str, str]:
    return {name: getattr(run.options, name) for name in ("state", "operator", "destination", "text", "order")}


def _csv(run: Invocation, ctx: Context, query: PaymentQuery | DepartureQuery) -> int:
    from crm_tui import desk
    from crm_tui.desk.watchlists.payment_watch import PaymentQuery

    target = run.options.csv
    if target == "-":
        text = io.StringIO(newline="")
        if isinstance(query, PaymentQuery):
            desk.watch_export.payments_csv(ctx, query, text)
        else:
            desk.watch_export.departures_csv(ctx, query, text)
        run.out.octets(text.getvalue().replace("\r\n", "\n").encode("utf-8"))
        return 0
    count = desk.watch_export.to_file(ctx, query, Path(target), overwrite=run.options.overwrite)
    if run.out.as_json:
        run.out.record({"count": count, "format": "csv", "file": target})
    else:
        words = ngettext("{n} row is in {file}.", "{n} rows are in {file}.", count)
        run.out.line(words.format(n=count, file=display_text(target)))
    return 0


def _tell(run: Invocation, count: int, words: str) -> int:
    if run.out.as_json:
        run.out.record({"changed": count})
    else:
        run.out.line(words)
    return 0
