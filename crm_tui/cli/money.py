"""``payment`` and ``schedule``: what came, and what is due when (SPEC §7, §15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.reservations import number_of

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.money.money_views import NewLine, ScheduleView
    from crm_tui.desk.stays.reservation_views import PaymentView
    from crm_tui.rules.money import Money


def add(run: Invocation) -> int:
    """Record a payment."""
    return _record(run, "payment")


def refund(run: Invocation) -> int:
    """Record a refund."""
    return _record(run, "refund")


def _record(run: Invocation, kind: str) -> int:
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        number = number_of(ctx, options.reservation)
        try:
            made = desk.payments.add(
                ctx,
                number,
                options.amount,
                kind=kind,
                method=options.method,
                day=options.day or None,
                folio=_folio(ctx, number, options.folio),
                note=options.note,
                sure=options.sure,
            )
        except desk.payments.DoubtfulPayment as doubt:
            doubt.hint += " " + _("With --sure it is recorded.")
            raise
        view = desk.schedules.shown(ctx, number)
    if run.out.as_json:
        run.out.record(payment_record(made, view.code) | sums_record(view))
    else:
        words = (
            _("Payment {id} of {amount} is recorded.")
            if kind == "payment"
            else _("Refund {id} of {amount} is recorded.")
        )
        run.out.line(words.format(id=made.id, amount=made.amount))
        _print_sums(run, view)
    return 0


def _folio(ctx: Context, reservation: int, number: int | None) -> int | None:
    from crm_tui import desk

    if number is None:
        return None
    found = next((one.id for one in desk.folios.listed(ctx, reservation) if one.number == number), None)
    if found is None:
        raise NotFound(_("The reservation has no folio {number}.").format(number=number))
    return found


def reverse(run: Invocation) -> int:
    """Take a payment back."""
    from crm_tui import desk

    with run.desk() as ctx:
        done = desk.payments.reverse(ctx, run.options.id, " ".join(run.options.reason))
    if run.out.as_json:
        run.out.record(payment_record(done))
    else:
        run.out.line(_("Payment {id} of {amount} is taken back.").format(id=done.id, amount=done.amount))
    return 0


def list_payments(run: Invocation) -> int:
    """Print the payments of a reservation."""
    from crm_tui import desk

    with run.desk() as ctx:
        number = number_of(ctx, run.options.reservation)
        found, view = desk.payments.listed(ctx, number), desk.schedules.shown(ctx, number)
    if run.out.as_json:
        for one in found:
            run.out.record(payment_record(one, view.code))
        return 0
    if not found:
        run.out.line(_("Nothing was paid yet."))
    else:
        titles = (_("ID"), _("Day"), _("Kind"), _("Amount"), _("How"), _("Agent"), _("Note"))
        rows = [(one.id, one.day, one.kind, one.amount, one.method, one.by, _note(one)) for one in found]
        run.out.table(titles, rows, right=(0, 3))
    _print_sums(run, view)
    return 0


def _note(one: PaymentView) -> str:
    if one.reversed_at is None:
        return one.note
    return _("taken back: {reason}").format(reason=one.reversal) if one.reversal else _("taken back")


def payment_record(one: PaymentView, reservation: str | None = None) -> dict[str, Any]:
    """The fields of a payment or a refund; ``amount`` is above 0 in both."""
    return {
        "id": one.id,
        **({"reservation": reservation} if reservation is not None else {}),
        "kind": one.kind,
        "date": one.day,
        "amount": one.amount.decimal,
        "currency": one.amount.currency,
        "method": one.method,
        "folio": one.folio,
        "reference": one.reference,
        "note": one.note,
        "by": one.by or None,
        "reversed_at": one.reversed_at,
        "reversal": one.reversal,
    }


def sums_record(view: ScheduleView) -> dict[str, Any]:
    """What was asked for, what came, what is missing."""
    names = ("paid", "deposit", "price", "missing_deposit", "missing_balance", "overpaid")
    return {name: getattr(view, name).decimal if view.currency else None for name in names}


def _print_sums(run: Invocation, view: ScheduleView) -> None:
    if not view.currency:
        return
    missing = [(_("Z"), view.missing_deposit), (_("D"), view.missing_balance), (_("overpaid"), view.overpaid)]
    told = [f"{word} {money}" for word, money in missing if money.amount]
    said = _("Paid {paid} of {price}").format(paid=view.paid, price=view.price)
    run.out.line(" · ".join((said, *told)))


# Schedules


def show_schedule(run: Invocation) -> int:
    """Print a schedule."""
    from crm_tui import desk

    with run.desk() as ctx:
        view = desk.schedules.shown(ctx, number_of(ctx, run.options.reservation))
    _print_schedule(run, view)
    return 0


def set_schedule(run: Invocation) -> int:
    """Make a schedule exactly these lines."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        number = number_of(ctx, options.reservation)
        before = desk.schedules.shown(ctx, number)
        lines = _read_lines(ctx, before, options.lines)
        version = options.version if options.version is not None else before.version
        _print_schedule(run, desk.schedules.set_lines(ctx, number, version, lines, options.reason))
    return 0


def _read_lines(ctx: Context, before: ScheduleView, texts: list[str]) -> list[NewLine]:
    from crm_tui import desk
    from crm_tui.desk.money.money_views import NewLine

    if not before.currency:
        raise InvalidInput(_("Give the reservation a value with its currency first."))
    found: list[NewLine] = []
    left = list(before.lines)
    for text in texts:
        kind, _blank, rest = text.strip().partition(" ")
        money, _blank, day = rest.strip().rpartition(" ")
        if not money:
            raise InvalidInput(_("“{given}” is no line; write it like: deposit 300 2026-12-01").format(given=text))
        due = desk.money_typed.some_day(day, desk.money_typed.today_of(ctx))
        units = desk.money_typed.amount(money, before.currency)
        same = next((one for one in left if (one.kind, one.due) == (kind, due)), None)
        if same is not None:
            left.remove(same)
        found.append(NewLine(kind, due, units, "", same.id if same is not None else 0))
    return found


def generate(run: Invocation) -> int:
    """Make a schedule anew from the terms."""
    from crm_tui import desk

    with run.desk() as ctx:
        number = number_of(ctx, run.options.reservation)
        if not run.options.dry_run:
            _print_schedule(run, desk.schedules.regenerate(ctx, number))
            return 0
        seen = desk.schedules.preview(ctx, number)
    from crm_tui.rules.money import Money

    rows = [(one.kind, one.due, Money(one.amount, seen.currency)) for one in seen.then]
    if run.out.as_json:
        for kind, due, money in rows:
            run.out.record({"kind": kind, "due": due, "amount": money.decimal, "currency": money.currency})
    else:
        run.out.table((_("Kind"), _("Due"), _("Amount")), rows, right=(2,))
        if seen.same:
            run.out.line(_("The schedule is as the terms say."))
    return 0


def _print_schedule(run: Invocation, view: ScheduleView) -> None:
    if run.out.as_json:
        for one in view.lines:
            run.out.record(_line_record(view, one))
        return
    if not view.lines:
        run.out.line(_("Nothing is due."))
    else:
        titles = (_("Kind"), _("Due"), _("Amount"), _("Missing"), _("State"), _("Reason"))
        rows: list[tuple[Any, ...]] = [
            (one.kind, one.due, one.amount, _plain(one.missing), one.state, one.reason) for one in view.lines
        ]
        run.out.table(titles, rows, right=(2, 3))
    _print_sums(run, view)
    if view.differs is not None:
        told = {"price": view.price, "value": view.value}
        run.out.line(_("The lines total {price}, but the value is {value}.").format(**told))


def _plain(money: Money) -> str:
    return str(money) if money.amount else "–"


def _line_record(view: ScheduleView, one: Any) -> dict[str, Any]:
    return {
        "id": one.id,
        "reservation": view.code,
        "kind": one.kind,
        "due": one.due,
        "amount": one.amount.decimal,
        "paid": one.on.decimal,
        "missing": one.missing.decimal,
        "currency": view.currency,
        "state": one.state,
        "reason": one.reason,
        "version": view.version,
    }
