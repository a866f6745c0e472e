"""``statement``: bank lines out of a file, the reservation each may pay for, and booking one of them (SPEC §7)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.money import payment_record
from crm_tui.cli.reservations import number_of
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.money.statement_views import BankLineView


def statement(run: Invocation) -> int:
    """Print what each line may pay for, or book or put aside one of them."""
    from crm_tui import desk

    options = run.options
    if options.confirm is not None and options.dismiss is not None:
        raise UsageError(_("Book a line or put it aside, not both."))
    text = _text(options.file)
    with run.desk() as ctx:
        lines = desk.statements.read(ctx, text).lines
        if options.confirm is not None:
            return _confirm(run, ctx, _line(lines, options.confirm))
        if options.dismiss is not None:
            desk.statements.dismiss_read(ctx, _line(lines, options.dismiss))
            lines = desk.statements.read(ctx, text).lines
    _print(run, lines)
    return 0


def _confirm(run: Invocation, ctx: Context, line: BankLineView) -> int:
    from crm_tui import desk

    if run.options.reservation:
        number = number_of(ctx, run.options.reservation)
    elif line.certain and line.proposals:
        number = line.proposals[0].reservation
    else:
        raise InvalidInput(
            _("No reservation is likelier than any other for this line."), _("Say which with --reservation.")
        )
    made = desk.statements.confirm(ctx, line, number, sure=run.options.sure)
    code = desk.schedules.shown(ctx, number).code
    if run.out.as_json:
        run.out.record(payment_record(made, code))
    else:
        run.out.line(_("{amount} is booked on {code}.").format(amount=made.amount, code=code))
    return 0


def _text(path: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise NotFound(_("{path} cannot be read: {reason}.").format(path=path, reason=reason)) from None
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def _line(lines: tuple[BankLineView, ...], number: int) -> BankLineView:
    found = next((one for one in lines if one.number == number), None)
    if found is None:
        raise NotFound(_("The statement has no line {number}.").format(number=number))
    return found


def _print(run: Invocation, lines: tuple[BankLineView, ...]) -> None:
    if run.out.as_json:
        for one in lines:
            run.out.record(_record(one))
        return
    titles = (_("Line"), _("Day"), _("Amount"), _("State"), _("Reservation"), _("Why"), _("Text"))
    run.out.table(titles, [_row(one) for one in lines], right=(0, 2))


def _row(one: BankLineView) -> tuple[Any, ...]:
    from crm_tui import desk

    first = one.proposals[0] if one.proposals else None
    sign = "" if one.certain else "? "
    code = f"{sign}{first.code} {first.holder}" if first is not None else "–"
    why = desk.statements.reason_words(first.reasons) if first is not None else ""
    return one.number, one.day, one.amount, one.state, code, why, one.text


def _record(one: BankLineView) -> dict[str, Any]:
    return {
        "line": one.number,
        "date": one.day,
        "amount": one.amount.decimal if one.amount is not None else None,
        "currency": one.amount.currency if one.amount is not None else None,
        "text": one.text,
        "state": one.state,
        "certain": one.certain,
        "proposals": [
            {"reservation": p.code, "holder": p.holder, "reasons": list(p.reasons), "missing": p.missing.decimal}
            for p in one.proposals
        ],
    }
