"""``terms`` and ``operator``: who books through us, and what is due when (SPEC §7)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.money.money_views import OperatorView, TermsView, TermView

_LINE = re.compile(r"\s*(?P<kind>\w+)\s+(?P<share>.+?)\s+(?P<anchor>[^\W\d]+)\s*(?P<days>[+\-−]?\s?\d+)?\s*")


def show(run: Invocation) -> int:
    """Print terms."""
    from crm_tui import desk

    with run.desk() as ctx:
        number = desk.operators.find(ctx, run.options.operator).id if run.options.operator else None
        found = desk.terms.shown(ctx, number)
        lines = [desk.term_words.line_words(one) for one in found.lines]
    _print(run, found, lines)
    return 0


def set_terms(run: Invocation) -> int:
    """Make terms exactly these lines."""
    from crm_tui import desk

    options = run.options
    if bool(options.lines) == options.none:
        raise UsageError(_("Name the lines, or say --none."), _("See: {name} --help").format(name="crm-tui terms set"))
    with run.desk() as ctx:
        number = desk.operators.find(ctx, options.operator).id if options.operator else None
        with ctx.store.connect() as connection:
            currency = desk.money_typed.property_currency(connection)
        lines = []
        for text in options.lines:
            parts = _LINE.fullmatch(text)
            if parts is None:
                raise InvalidInput(_("“{given}” is no line; write it like: deposit 30% booking 7").format(given=text))
            days = (parts["days"] or "0").replace("+", "")
            lines.append(desk.term_words.read_line(parts["kind"], parts["share"], parts["anchor"], days, currency))
        found = desk.terms.set(ctx, number, lines)
        told = [desk.term_words.line_words(one) for one in found.lines]
    _print(run, found, told)
    return 0


def _print(run: Invocation, found: TermsView, told: list[str]) -> None:
    if run.out.as_json:
        for one in found.lines:
            run.out.record({"operator": found.name or None} | _term_record(one))
    elif not told:
        run.out.line(_("There are no payment terms yet."))
    else:
        for line in told:
            run.out.line(line)


def _term_record(one: TermView) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "percent": f"{one.percent / 100:.2f}" if one.percent is not None else None,
        "amount": one.amount.decimal if one.amount is not None else None,
        "currency": one.amount.currency if one.amount is not None else None,
        "anchor": one.anchor,
        "days": one.days,
    }


def list_operators(run: Invocation) -> int:
    """Print the operators."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.operators.listed(ctx)
        told = [desk.term_words.lines_words(one.terms) for one in found]
    if run.out.as_json:
        for one in found:
            run.out.record(_record(one))
    elif not found:
        run.out.line(_("There are no operators yet."))
    else:
        titles = (_("ID"), _("Name"), _("Bookings"), _("E-mail"), _("Phone"), _("Watched"), _("Terms"))
        rows = [
            (one.id, one.name, one.reservations, one.email, one.phone, one.watch_days, words or _("as the property"))
            for one, words in zip(found, told, strict=True)
        ]
        run.out.table(titles, rows, right=(0, 2, 5))
    return 0


def new_operator(run: Invocation) -> int:
    """Put one on the list."""
    from crm_tui import desk

    with run.desk() as ctx:
        number = desk.operators.create(ctx, {"name": run.options.name} | _given(run))
        found = desk.operators.get(ctx, number)
    return _tell(run, found, _("Operator {name} is on the list."))


def set_operator(run: Invocation) -> int:
    """Change one."""
    from crm_tui import desk

    values = _given(run)
    if run.options.rename is not None:
        values["name"] = run.options.rename
    if not values:
        raise UsageError(_("Nothing to change was named."), _("See: {name} --help").format(name="crm-tui operator set"))
    with run.desk() as ctx:
        one = desk.operators.find(ctx, run.options.name)
        found = desk.operators.set(ctx, one.id, one.version, values)
    return _tell(run, found, _("Operator {name} is changed."))


def remove_operator(run: Invocation) -> int:
    """Take one off the list."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.operators.find(ctx, run.options.name)
        desk.operators.remove(ctx, found.id)
    return _tell(run, found, _("Operator {name} is off the list."))


def _given(run: Invocation) -> dict[str, Any]:
    names = ("email", "phone", "watch_days")
    return {name: value for name in names if (value := getattr(run.options, name)) is not None}


def _record(one: OperatorView) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "email": one.email,
        "phone": one.phone,
        "watch_days": one.watch_days,
        "reservations": one.reservations,
        "terms": [_term_record(line) for line in one.terms],
        "version": one.version,
    }


def _tell(run: Invocation, found: OperatorView, words: str) -> int:
    if run.out.as_json:
        run.out.record(_record(found))
    else:
        run.out.line(words.format(name=found.name))
    return 0
