"""Schedules of reservations: made from terms, changed by hand with a reason, made anew after a look (SPEC §7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from crm_tui.base.errors import Conflict, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Guest, Journal, Reservation, ReservationGuest, ScheduleLine, Undone
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.versions import changed_since
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.money import money_typed
from crm_tui.desk.money.money_views import LineState, NewLine, ScheduleLineView, SchedulePreview, ScheduleView
from crm_tui.desk.money.schedule_rows import paid_in, rows_in
from crm_tui.desk.money.term_words import fault_words
from crm_tui.desk.money.terms import in_force
from crm_tui.desk.stays.reservation_rows import row_in
from crm_tui.desk.stays.reservation_views import LINES
from crm_tui.mail.text import display_text
from crm_tui.rules.money import Money
from crm_tui.rules.schedule import Line, ScheduleFault, Sums, allocate, generate, next_amount, sums
from crm_tui.rules.vocabulary import LineKind, ReservationStatus

_L = columns(ScheduleLine)
_R = columns(Reservation)
_H = columns(ReservationGuest)
_G = columns(Guest)
_J = columns(Journal)
_U = columns(Undone)

MOST = 60
"""Lines of one schedule."""

LONGEST_REASON = 400

ACTIONS = ("set schedule", "generate", "regenerate")
"""What the journal calls the making and changing of a schedule at the desk."""


class StaleSchedule(Conflict):
    """Somebody changed the schedule since; nothing was overwritten. ``theirs``: as it stands now."""

    def __init__(self, message: str, theirs: ScheduleView) -> None:
        super().__init__(message, _("Look at both and choose."))
        self.theirs = theirs


def shown(ctx: Context, reservation_id: int) -> ScheduleView:
    """A reservation's schedule with the money that stands on each line, as of today.

    Raises:
        NotFound: there is no such reservation.
    """
    with ctx.store.connect() as connection:
        today = ctx.clock.now().astimezone(zone(connection)).date()
        return view_in(connection, reservation_id, today, ctx.settings.payment_days)


def view_in(connection: Connection, reservation_id: int, today: date, days: int) -> ScheduleView:
    """:func:`shown` on a connection that reads more; ``days``: how far ahead money is asked for."""
    row = row_in(connection, reservation_id)
    rows = rows_in(connection, reservation_id)
    lines = [Line(one.kind, one.due, one.amount, one.position, one.id) for one in rows]
    paid = paid_in(connection, reservation_id)
    told = sums(lines, paid)
    on = allocate(lines, paid)
    return ScheduleView(
        reservation=row.id,
        code=display_text(row.code),
        holder=_holder(connection, reservation_id),
        status=row.status,
        currency=row.currency,
        value=Money(row.value, row.currency) if row.value is not None else None,
        lines=tuple(_line_view(one, part, row.currency, today) for one, part in zip(rows, on, strict=True)),
        **_moneys(told, next_amount(lines, paid, today + timedelta(days=days)), row.currency),
        terms=in_force(connection, row.operator_id)[1],
        asks=row.status != ReservationStatus.CANCELLED,
        version=row.version,
    )


def _moneys(told: Sums, now: int, currency: str) -> dict[str, Money]:
    names = ("paid", "deposit", "price", "missing_deposit", "missing_balance", "overpaid")
    return {name: Money(getattr(told, name), currency) for name in names} | {"now": Money(now, currency)}


def _line_view(row: Any, on: int, currency: str, today: date) -> ScheduleLineView:
    missing = row.amount - on
    state = LineState.OPEN
    if missing <= 0:
        state = LineState.COVERED
    elif row.due <= today:
        state = LineState.DUE if row.due == today else LineState.OVERDUE
    asked, given, left = (Money(one, currency) for one in (row.amount, on, max(0, missing)))
    return ScheduleLineView(row.id, row.kind, row.due, asked, given, left, state.value, display_text(row.reason))


def _holder(connection: Connection, reservation_id: int) -> str:
    named = select(_G.given, _G.surname).join(ReservationGuest, _H.guest_id == _G.id)
    row = connection.execute(named.where(_H.reservation_id == reservation_id, _H.holder)).first()
    return display_text(f"{row.given} {row.surname}".strip()) if row is not None else ""


# By hand


def set_lines(
    ctx: Context, reservation_id: int, version: int, lines: Sequence[NewLine], reason: str = ""
) -> ScheduleView:
    """Make the schedule exactly these lines. Each line that is new or changed needs a reason: its own, or ``reason``.

    Args:
        version: of the reservation that the change started from; other changes of it since do not matter.
        lines: those with an ``id`` are the lines of that number, changed or not; a line left out goes.

    Raises:
        InvalidInput: a line is not usable, or a reason is missing; ``field`` is ``lines.N.name`` or ``reason``.
        StaleSchedule: somebody changed the schedule since; nothing was overwritten.
        NotFound: there is no such reservation.
    """
    why = money_typed.line(reason, "reason", LONGEST_REASON)
    with ctx.write() as tx:
        row = row_in(tx.connection, reservation_id)
        _refuse_stale(ctx, tx, row, version)
        before = rows_in(tx.connection, reservation_id)
        wanted = _checked(before, lines, why)
        if not row.currency and wanted:
            raise InvalidInput(
                _("Reservation {code} has no currency yet.").format(code=display_text(row.code)),
                _("Give it a value with its currency first."),
            )
        _store(tx, reservation_id, "set schedule", before, wanted, why)
        today = tx.now.astimezone(zone(tx.connection)).date()
        return view_in(tx.connection, reservation_id, today, ctx.settings.payment_days)


def _refuse_stale(ctx: Context, tx: Transaction, row: Row[Any], version: int) -> None:
    if row.version == version:
        return
    since = changed_since(tx.connection, "reservation", row.id, version, row.version)
    if since.touches("schedule"):
        today = tx.now.astimezone(zone(tx.connection)).date()
        raise StaleSchedule(
            _("{agent} changed this schedule meanwhile; nothing was overwritten.").format(
                agent=since.who(("schedule",)) or _("Somebody")
            ),
            view_in(tx.connection, row.id, today, ctx.settings.payment_days),
        )


def _checked(before: Sequence[Any], lines: Sequence[NewLine], reason: str) -> list[NewLine]:
    if len(lines) > MOST:
        raise InvalidInput(_("At most {most} lines fit here.").format(most=MOST))
    known = {row.id: row for row in before}
    found: list[NewLine] = []
    used: set[int] = set()
    for number, one in enumerate(lines):
        where = f"lines.{number}"
        if one.kind not in set(LineKind):
            names = ", ".join(_(word) for word in LINES.values())
            raise InvalidInput(
                _("“{given}” is none of: {names}.").format(given=one.kind, names=names), field=f"{where}.kind"
            )
        amount = money_typed.amount(one.amount, "", f"{where}.amount")
        own = money_typed.line(one.reason, f"{where}.reason", LONGEST_REASON)
        same = known.get(one.id) if one.id not in used else None
        used.add(one.id)
        if same is not None and (same.kind, same.due, same.amount) == (one.kind, one.due, one.amount):
            found.append(NewLine(one.kind, one.due, amount, own or same.reason, same.id))
            continue
        told = own if own and (same is None or own != same.reason) else reason or own
        if not told:
            raise InvalidInput(_("Say why this line is changed."), field="reason")
        found.append(NewLine(one.kind, one.due, amount, told, same.id if same is not None else 0))
    if not reason and any(number not in {one.id for one in found} for number in known):
        raise InvalidInput(_("Say why a line goes."), field="reason")
    return found


# From the terms


def generate_in(tx: Transaction, reservation_id: int) -> bool:
    """Make the schedule of a reservation that has none from the terms that hold for it; whether one was made.

    What makes none (no terms, no value, a day that is not known) is no error here: :func:`preview` tells it.
    """
    return not rows_in(tx.connection, reservation_id) and bool(_generate_in(tx, reservation_id))


def follow_currency_in(tx: Transaction, reservation_id: int) -> bool:
    """Bring the schedule into the reservation's new currency; whether that can be.

    What the terms made and nobody changed since is made anew; what people agreed on, or a file said, cannot be.
    """
    if not rows_in(tx.connection, reservation_id):
        return True
    return _by_terms_alone(tx.connection, reservation_id) and _generate_in(tx, reservation_id) is not None


def _generate_in(tx: Transaction, reservation_id: int) -> bool | None:
    """Whether the lines that the terms make are others than stand; None: they make none."""
    row = tx.connection.execute(select(table_of(Reservation)).where(_R.id == reservation_id)).first()
    if row is None or row.value is None:
        return None
    before = rows_in(tx.connection, reservation_id)
    try:
        wanted, _terms = _generated(tx.connection, row, before, tx.now)
    except InvalidInput:
        return None
    return _store(tx, reservation_id, "generate", before, wanted, "")


def preview(ctx: Context, reservation_id: int) -> SchedulePreview:
    """What the terms make of the reservation as it is now, beside its schedule; nothing is changed.

    Raises:
        InvalidInput: they make none; the sentence says why.
        NotFound: there is no such reservation.
    """
    with ctx.store.connect() as connection:
        return _preview(connection, row_in(connection, reservation_id), ctx.clock.now())[0]


def regenerate(ctx: Context, reservation_id: int, version: int | None = None) -> ScheduleView:
    """Make the schedule anew from the terms, as :func:`preview` shows it. Lines that were changed by hand go.

    Args:
        version: of the reservation that the preview was made from; None: whatever it is.

    Raises:
        InvalidInput, NotFound: as :func:`preview`.
        StaleSchedule: the reservation was changed since, so that the preview may not be what would become of it.
    """
    with ctx.write() as tx:
        row = row_in(tx.connection, reservation_id)
        seen, wanted = _preview(tx.connection, row, tx.now)
        today = tx.now.astimezone(zone(tx.connection)).date()
        if version is not None and version != row.version:
            theirs = view_in(tx.connection, reservation_id, today, ctx.settings.payment_days)
            raise StaleSchedule(_("The reservation was changed meanwhile; nothing was overwritten."), theirs)
        if not seen.same:
            _store(tx, reservation_id, "regenerate", rows_in(tx.connection, reservation_id), wanted, "")
        return view_in(tx.connection, reservation_id, today, ctx.settings.payment_days)


def _preview(connection: Connection, row: Row[Any], now: Any) -> tuple[SchedulePreview, list[NewLine]]:
    before = rows_in(connection, row.id)
    wanted, terms = _generated(connection, row, before, now)
    was = tuple(NewLine(one.kind, one.due, one.amount, display_text(one.reason), one.id) for one in before)
    return SchedulePreview(row.id, row.currency, was, tuple(wanted), terms, row.version), wanted


def _generated(connection: Connection, row: Row[Any], before: Sequence[Any], now: Any) -> tuple[list[NewLine], str]:
    """The lines that the terms make, those that are there already with their numbers.

    Late lines are due today; one that was asked for before, while the reservation was there, stays overdue.
    """
    lines, whose = in_force(connection, row.operator_id)
    here = zone(connection)
    today, made = now.astimezone(here).date(), row.created_at.astimezone(here).date()
    try:
        other = next((one.currency for one in lines if one.amount is not None and one.currency != row.currency), None)
        if other is not None:
            raise ScheduleFault("currency", other)
        facts = (lines, row.value, row.booked or made, row.arrival, row.departure)
        asked = generate(*facts, today if not before else min(made, today))
    except ScheduleFault as fault:
        raise InvalidInput(fault_words(fault), field=fault.kind) from None
    stood = sorted((one.due, one.kind) for one in before if one.due < today)
    return _matched([one if one.due >= today else _late(one, stood, today) for one in asked], before), whose or ""


def _late(line: Line, stood: list[tuple[date, str]], today: date) -> Line:
    """A line that would be due before today: on the day that it was asked for already, else today."""
    asked = next((one for one in stood if one[1] == line.kind and one[0] >= line.due), None)
    if asked is None:
        return line._replace(due=today)
    stood.remove(asked)
    return line._replace(due=asked[0])


def _matched(lines: Sequence[Line], before: Sequence[Any]) -> list[NewLine]:
    """New lines with the numbers of those they stand for: what was reminded of stays known."""
    left = list(before)
    found = []
    for one in lines:
        alike = ((row.kind, row.due) == (one.kind, one.due) for row in left)
        same = next((row for row, fits in zip(list(left), alike, strict=True) if fits), None)
        same = same or next((row for row in left if row.kind == one.kind), None)
        if same is not None:
            left.remove(same)
        found.append(NewLine(one.kind, one.due, one.amount, "", same.id if same is not None else 0))
    return found


def _by_terms_alone(connection: Connection, reservation_id: int) -> bool:
    """Whether the newest change of the schedule was its making from terms."""
    newest = newest_change(connection, reservation_id)
    return newest is not None and newest.action in ("generate", "regenerate")


def newest_change(connection: Connection, reservation_id: int, *, after: int = 0, but: str = "") -> Row[Any] | None:
    """The journal's row of the newest change of a schedule that was not taken back; None: there is none.

    Args:
        after: the number of a journal row: only later ones.
        but: a command whose own do not count.
    """
    query = (
        select(_J.id, _J.action)
        .outerjoin(Undone, _U.command == _J.command)
        .where(_J.entity == "reservation", _J.entity_id == reservation_id, _J.action.in_(("schedule", *ACTIONS)))
        .where(_J.id > after, _J.command != but)
        .where(or_(_U.command.is_(None), _U.by_command.in_(("", "-"))))  # those were passed over, not taken back
    )
    return connection.execute(query.order_by(_J.id.desc()).limit(1)).first()


def _store(
    tx: Transaction, number: int, action: str, before: Sequence[Any], wanted: Sequence[NewLine], reason: str
) -> bool:
    """Write what differs and journal it; whether anything did."""
    was = [_told(one.kind, one.due, one.amount, one.reason, one.id) for one in before]
    if was == [_told(one.kind, one.due, one.amount, one.reason, one.id) for one in wanted]:
        return False
    kept = {one.id for one in wanted}
    gone = [row.id for row in before if row.id not in kept]
    if gone:
        tx.connection.execute(update(ScheduleLine).where(_L.id.in_(gone)).values(removed_at=tx.now))
    became = []
    for position, one in enumerate(wanted):
        values = {"position": position, "kind": one.kind, "due": one.due, "amount": one.amount, "reason": one.reason}
        if one.id:
            tx.connection.execute(update(ScheduleLine).where(_L.id == one.id).values(**values))
            became.append(_told(one.kind, one.due, one.amount, one.reason, one.id))
        else:
            made = tx.connection.execute(insert(ScheduleLine).values(reservation_id=number, **values))
            key = made.inserted_primary_key
            became.append(_told(one.kind, one.due, one.amount, one.reason, int(key[0]) if key else 0))
    touch(tx, number)
    tx.journal(
        "reservation",
        number,
        action,
        {"schedule": was},
        {"schedule": became, **({"reason": reason} if reason else {})},
        undoable=True,
    )
    return True


def touch(tx: Transaction, number: int) -> None:
    """A reservation that was changed beside its columns."""
    change = update(table_of(Reservation)).where(_R.id == number)
    tx.connection.execute(change.values(version=_R.version + 1, updated_at=tx.now))


def _told(kind: str, due: date, amount: int, reason: str, number: int) -> list[Any]:
    return [kind, due.isoformat(), amount, reason, number]
