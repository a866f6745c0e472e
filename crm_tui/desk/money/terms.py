"""Payment terms of operators and of the property: what of a reservation is due when (SPEC §7). Only admins change them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import N_, _
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Operator, Reservation, Term
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.permissions import Permission, require
from crm_tui.desk.histories import history_words
from crm_tui.desk.histories.history_words import Told
from crm_tui.desk.money.money_views import TermsView, TermView
from crm_tui.desk.money.term_words import fault_words, lines_words
from crm_tui.desk.requests.inquiry_faults import sentence
from crm_tui.desk.undoing import undo_registry, undo_words
from crm_tui.desk.undoing.undo_refusal import refuse
from crm_tui.desk.undoing.undo_registry import Row
from crm_tui.mail.text import display_text
from crm_tui.rules.inquiry_checks import Fault
from crm_tui.rules.money import AmountFault, Money, currency_of
from crm_tui.rules.schedule import ScheduleFault, TermLine, check_terms

_T = columns(Term)
_O = columns(Operator)
_R = columns(Reservation)

MOST = 24
"""Lines of one set of terms."""


def shown(ctx: Context, operator: int | None = None) -> TermsView:
    """The terms of an operator, none if it has none of its own; without one the property's.

    Raises:
        NotFound: there is no such operator.
    """
    with ctx.store.connect() as connection:
        name = display_text(_operator(connection, operator)) if operator is not None else ""
        rows = rows_in(connection, operator)
        return TermsView(operator, name, tuple(view(row) for row in rows), _mark(rows))


def set(  # noqa: A001
    ctx: Context, operator: int | None, lines: Sequence[TermLine], *, mark: str | None = None
) -> TermsView:
    """Make the terms of an operator, or the property's (None), exactly these; no lines: it has none of its own.

    Schedules that stand are not changed; each reservation's is made anew where that is asked.

    Args:
        mark: that of the terms the change started from; None: whatever they are.

    Raises:
        Forbidden: only an admin may.
        InvalidInput: they make no schedule: percentages that do not total 100, an amount without currency…
        Conflict: somebody changed them since ``mark``.
        NotFound: there is no such operator.
    """
    wanted = checked(lines) if lines else []
    with ctx.write() as tx:
        require(tx, Permission.TERMS)
        if operator is not None:
            _operator(tx.connection, operator)
        rows = rows_in(tx.connection, operator)
        if mark is not None and mark != _mark(rows):
            raise Conflict(
                _("Somebody changed these terms meanwhile; nothing was overwritten."), _("Look at them again.")
            )
        if [line_of(row) for row in rows] != wanted:
            _replace(tx, operator, rows, wanted)
    return shown(ctx, operator)


def checked(lines: Sequence[TermLine]) -> list[TermLine]:
    """The lines as they can be stored.

    Raises:
        InvalidInput: they make no schedule.
    """
    if len(lines) > MOST:
        raise InvalidInput(_("At most {most} lines fit here.").format(most=MOST))
    found = []
    try:
        for one in lines:
            found.append(one._replace(currency=currency_of(one.currency) if one.amount is not None else ""))
        check_terms(found)
    except ScheduleFault as fault:
        raise InvalidInput(fault_words(fault), field=fault.kind) from None
    except AmountFault as fault:
        kind = "currency" if fault.given else "no currency"
        raise InvalidInput(sentence(Fault("currency", kind, fault.given or "100")), field="currency") from None
    return found


def in_force(connection: Connection, operator: int | None) -> tuple[list[TermLine], str | None]:
    """The terms that hold for an operator's reservation, and whose they are: its name, empty for the property's, None: nobody's."""
    if operator is not None:
        own = rows_in(connection, operator)
        if own:
            return [line_of(row) for row in own], display_text(_operator(connection, operator, removed=True))
    rows = rows_in(connection, None)
    return [line_of(row) for row in rows], "" if rows else None


def rows_in(connection: Connection, operator: int | None) -> list[Any]:
    """The rows of terms, in order."""
    whose = _T.operator_id.is_(None) if operator is None else _T.operator_id == operator
    query = select(table_of(Term)).where(whose, _T.removed_at.is_(None)).order_by(_T.position, _T.id)
    return list(connection.execute(query).all())


def line_of(row: Any) -> TermLine:
    """A row for the rules."""
    return TermLine(row.kind, row.percent, row.amount, row.anchor, row.days, row.currency)


def view(row: Any) -> TermView:
    """A row, or a line of the rules, as it is shown."""
    amount = Money(row.amount, row.currency) if row.amount is not None else None
    return TermView(row.kind, row.percent, amount, row.anchor, row.days)


def _mark(rows: Sequence[Any]) -> str:
    return ",".join(str(row.id) for row in rows)


def _operator(connection: Connection, operator: int, *, removed: bool = False) -> str:
    query = select(_O.name).where(_O.id == operator)
    name = connection.execute(query if removed else query.where(_O.removed_at.is_(None))).scalar()
    if name is None:
        raise NotFound(_("There is no operator {number}.").format(number=operator))
    return str(name)


def _replace(tx: Transaction, operator: int | None, rows: Sequence[Any], wanted: Sequence[TermLine]) -> None:
    if rows:
        gone = update(Term).where(_T.id.in_([row.id for row in rows]))
        tx.connection.execute(gone.values(removed_at=tx.now))
    made = []
    for position, one in enumerate(wanted):
        values = {**one._asdict(), "operator_id": operator, "position": position}
        made.append(new_id(tx.connection.execute(insert(Term).values(**values))))
    before = {"rows": [row.id for row in rows], "lines": [list(line_of(row)) for row in rows]}
    after = {"rows": made, "lines": [list(one) for one in wanted]}
    tx.journal("terms", operator or 0, "set", before, after, undoable=True)


# Undo and history


def _put_back(tx: Transaction, done: Row) -> None:
    require(tx, Permission.TERMS)
    before, after = list((done.before or {}).get("rows", ())), list((done.after or {}).get("rows", ()))
    kind = undo_registry.find_entity("terms")
    if [row.id for row in rows_in(tx.connection, done.entity_id or None)] != after and kind is not None:
        refuse(tx, kind, done.entity_id, (), [done])
    for ids, removed in ((after, tx.now), (before, None)):
        tx.connection.execute(update(Term).where(_T.id.in_(ids)).values(removed_at=removed))


def _named(connection: Connection, number: int) -> str:
    if not number:
        return _("terms of the property")
    name = connection.execute(select(_O.name).where(_O.id == number)).scalar()
    return _("terms of {operator}").format(operator=display_text(name or ""))


def _said(_before: Told, after: Told) -> str:
    lines = [TermLine(*one) for one in after.get("lines") or ()]
    return _("payment terms: {lines}").format(lines=lines_words([view(one) for one in lines]) or _("none"))


undo_registry.entity("terms", Operator, named=_named)
undo_registry.special("terms", "set", _put_back)
history_words.says("terms", "set", _said)
undo_words.says("terms", "set", did=lambda facts: _(N_("The {what} are as before.")).format(what=facts.what))
