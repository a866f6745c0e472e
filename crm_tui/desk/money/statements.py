"""Bank statements: pasted lines, the reservations they may pay for, and a person who confirms each (SPEC §7).

A line is known by the digest of its text, so that pasting a statement again brings nothing that was booked or dismissed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import N_, _, language
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import BankLine as Stored
from crm_tui.data.tables import Payment, Reservation
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.storable import storable
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.histories import history_words
from crm_tui.desk.histories.history_words import money, short
from crm_tui.desk.money import money_typed, payments
from crm_tui.desk.money.schedules import view_in
from crm_tui.desk.money.statement_candidates import Known, known_in
from crm_tui.desk.money.statement_views import REASONS, BankLineView, ProposalView, StatementView
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.desk.stays.reservation_rows import by_code, row_in
from crm_tui.desk.stays.reservation_views import PaymentView
from crm_tui.desk.undoing import undo_registry, undo_words
from crm_tui.mail.text import display_text
from crm_tui.rules import statement, statement_matching
from crm_tui.rules.money import Money, decimal_sign
from crm_tui.rules.statement import BankLine

_B = columns(Stored)
_P = columns(Payment)
_R = columns(Reservation)

SHOWN = 3
"""Reservations that are proposed for one line, at most."""

NOTE = 300


def read(ctx: Context, text: str) -> StatementView:
    """What a pasted statement holds and what each line may pay for; nothing is stored.

    Raises:
        InvalidInput: no line of it has an amount.
    """
    with ctx.store.connect() as connection:
        lines = _read(connection, text)
        stored = _stored_by_digest(connection, [one.digest for one in lines])
        return _statement(ctx, connection, _as_kept(lines, stored), stored)


def paste(ctx: Context, text: str) -> StatementView:
    """:func:`read`, and keep the lines that are new, so that they wait until somebody confirms or dismisses them.

    Raises:
        InvalidInput: no line of it has an amount.
    """
    with ctx.write() as tx:
        lines = _read(tx.connection, text)
        stored = _stored_by_digest(tx.connection, [one.digest for one in lines])
        for one in lines:
            if one.digest not in stored:
                _keep(tx, one)
        stored = _stored_by_digest(tx.connection, [one.digest for one in lines])
        return _statement(ctx, tx.connection, _as_kept(lines, stored), stored)


def waiting(ctx: Context) -> StatementView:
    """The lines that were pasted and nobody confirmed or dismissed yet, the oldest first."""
    with ctx.store.connect() as connection:
        query = select(table_of(Stored)).where(_B.payment_id.is_(None), _B.dismissed_at.is_(None)).order_by(_B.id)
        rows = list(connection.execute(query).all())
        rows += _taken_back(connection)
        rows.sort(key=lambda row: row.id)
        lines = [_line(row, number) for number, row in enumerate(rows, 1)]
        return _statement(ctx, connection, lines, {row.digest: (row, False) for row in rows})


def confirm(
    ctx: Context, line: int | BankLineView, reservation_id: int, *, method: str = "transfer", sure: bool = False
) -> PaymentView:
    """Book a line as a payment of a reservation, or as a refund if the money went out.

    Args:
        line: the number of a kept line, or one as :func:`read` gives it.
        sure: see :func:`crm_tui.desk.money.payments.add`.

    Raises:
        InvalidInput: the line has no amount, or is in another currency than the reservation.
        Conflict: the line is booked already; ``DoubtfulPayment``: the same payment stands there.
        NotFound: there is no such line or reservation.
    """
    with ctx.write() as tx:
        row = _row(tx.connection, line if isinstance(line, int) else _kept(tx, line))
        _refuse_booked(tx.connection, row)
        booking = row_in(tx.connection, reservation_id)
        values = _checked(tx, row, booking, method)
        if not sure:
            payments.doubt(tx, booking, values)
        made = payments.add_in(tx, booking, values)
        _change(tx, row, "book", {"payment_id": made.id, "dismissed_at": None})
        return made


def dismiss(ctx: Context, lines: Iterable[int]) -> None:
    """Say of kept lines that they are about no reservation; one command.

    Raises:
        Conflict: one is booked.
        NotFound: there is no such line.
    """
    with ctx.write() as tx:
        for number in dict.fromkeys(lines):
            row = _row(tx.connection, number)
            _refuse_booked(tx.connection, row)
            if row.dismissed_at is None:
                _change(tx, row, "dismiss", {"dismissed_at": tx.now})


def dismiss_read(ctx: Context, line: BankLineView) -> None:
    """:func:`dismiss` of a line as :func:`read` gives it.

    Raises:
        Conflict: it is booked.
    """
    with ctx.write() as tx:
        row = _row(tx.connection, _kept(tx, line))
        _refuse_booked(tx.connection, row)
        if row.dismissed_at is None:
            _change(tx, row, "dismiss", {"dismissed_at": tx.now})


def _read(connection: Connection, text: str) -> list[BankLine]:
    if len(text) > statement.MOST_LETTERS:
        raise InvalidInput(_("This is too much at once."), _("Paste the statement of one month."), "text")
    clean = display_text(storable(text), multiline=True)
    currency = money_typed.property_currency(connection)
    lines = statement.read(clean, currency=currency, decimal=decimal_sign(language()))
    stored = _stored_by_digest(connection, [one.digest for one in lines])
    if not any(one.amount for one in _as_kept(lines, stored)):
        raise InvalidInput(
            _("No line with an amount was found."), _("Paste the lines as the bank shows or exports them."), "text"
        )
    return lines


# What is proposed


def _statement(
    ctx: Context, connection: Connection, lines: Sequence[BankLine], stored: Mapping[str, tuple[Any, bool]]
) -> StatementView:
    """``stored``: by digest the kept row, and whether it is booked."""
    now = ctx.clock.now().astimezone(zone(connection)).date()
    asked = [one for one in lines if one.amount and not (one.digest in stored and _settled(*stored[one.digest]))]
    known = known_in(connection, asked, now + timedelta(days=ctx.settings.payment_days))
    matcher, wanted = statement_matching.Matcher(known.candidates), {one.number for one in asked}
    matches = {one.number: matcher.match(one)[:SHOWN] for one in lines if one.number in wanted}
    return StatementView(tuple(_view(one, stored.get(one.digest), known, matches.get(one.number, [])) for one in lines))


def _settled(row: Any, booked: bool) -> bool:
    return booked or row.dismissed_at is not None


def _view(
    line: BankLine, stored: tuple[Any, bool] | None, known: Known, matches: Sequence[statement_matching.Match]
) -> BankLineView:
    state = "open"
    if stored is not None and _settled(*stored):
        state = "booked" if stored[1] else "dismissed"
    return BankLineView(
        id=stored[0].id if stored is not None else 0,
        number=line.number,
        text=display_text(line.text),
        day=line.day,
        amount=Money(line.amount, line.currency) if line.amount is not None else None,
        state=state,
        proposals=tuple(_proposal(one, known) for one in matches),
        certain=bool(matches) and (len(matches) == 1 or matches[0].strength > matches[1].strength),
        digest=line.digest,
    )


def _proposal(match: statement_matching.Match, known: Known) -> ProposalView:
    told = known.told[match.reservation]
    return ProposalView(match.reservation, told.code, told.holder, match.reasons, told.missing, told.status)


def reason_words(reasons: Sequence[str]) -> str:
    """Why a reservation is proposed: *code in the text, amount is what is missing*."""
    return ", ".join(_(REASONS[one]) for one in reasons)


def proposal_of(ctx: Context, code: str) -> ProposalView:
    """The reservation of that code or reference, to be chosen by hand.

    Raises:
        NotFound: there is none.
    """
    with ctx.store.connect() as connection:
        number = by_code(connection, code)
        if number is None:
            raise NotFound(_("There is no reservation {number}.").format(number=display_text(code)))
        today = ctx.clock.now().astimezone(zone(connection)).date()
        view = view_in(connection, number, today, ctx.settings.payment_days)
    missing = Money(view.missing_deposit.amount + view.missing_balance.amount, view.currency)
    return ProposalView(number, view.code, view.holder, (), missing, view.status)


# What is kept


def _stored_by_digest(connection: Connection, digests: Sequence[str]) -> dict[str, tuple[Any, bool]]:
    found: dict[str, tuple[Any, bool]] = {}
    for chunk in chunks(digests):
        query = select(table_of(Stored), _P.reversed_at.label("reversed"), _P.id.label("paid"))
        query = query.outerjoin(Payment, _P.id == _B.payment_id).where(_B.digest.in_(chunk))
        for row in connection.execute(query):
            found[row.digest] = (row, row.paid is not None and row.reversed is None)
    return found


def _taken_back(connection: Connection) -> list[Any]:
    """Lines whose payment was taken back: they wait again."""
    query = select(table_of(Stored)).join(Payment, _P.id == _B.payment_id).where(_P.reversed_at.is_not(None))
    return list(connection.execute(query.where(_B.payment_id.is_not(None), _B.dismissed_at.is_(None))).all())


def _as_kept(lines: Sequence[BankLine], stored: Mapping[str, tuple[Any, bool]]) -> list[BankLine]:
    """The lines, those that are kept as they were read then: what is shown is what would be booked."""
    return [_line(stored[one.digest][0], one.number) if one.digest in stored else one for one in lines]


def _line(row: Any, number: int) -> BankLine:
    return BankLine(number, row.text, row.day, row.amount, row.currency, row.digest)


def _keep(tx: Transaction, line: BankLine) -> int:
    values = {"digest": line.digest, "text": line.text, "day": line.day, "amount": line.amount}
    more = {"currency": line.currency, "created_by": tx.actor.id, "created_at": tx.now}
    made = new_id(tx.connection.execute(insert(Stored).values(**values, **more)))
    told = {"digest": line.digest, "amount": line.amount, "currency": line.currency}
    tx.journal("bank line", made, "paste", None, told, undoable=True)
    return made


def _kept(tx: Transaction, line: BankLineView) -> int:
    """The number of a line that was read, kept now if it was not."""
    found = tx.connection.execute(select(_B.id).where(_B.digest == line.digest)).scalar()
    if found is not None:
        return int(found)
    amount, currency = (line.amount.amount, line.amount.currency) if line.amount is not None else (None, "")
    return _keep(tx, BankLine(line.number, line.text, line.day, amount, currency, line.digest))


def _row(connection: Connection, number: int) -> Row[Any]:
    row = connection.execute(select(table_of(Stored)).where(_B.id == number)).first()
    if row is None:
        raise NotFound(_("There is no line {number} of a statement.").format(number=number))
    return row


def _refuse_booked(connection: Connection, row: Row[Any]) -> None:
    query = select(_R.code).join(Payment, _P.reservation_id == _R.id)
    code = connection.execute(query.where(_P.id == row.payment_id, _P.reversed_at.is_(None))).scalar()
    if code is not None:
        raise Conflict(_("This line is booked already: {code}.").format(code=display_text(code)))


def _checked(tx: Transaction, row: Row[Any], booking: Row[Any], method: str) -> dict[str, Any]:
    if not row.amount:
        raise InvalidInput(_("This line has no amount that can be read."), _("Record the payment by hand."))
    if row.currency != booking.currency:
        raise InvalidInput(
            _("This is in {given}, but the reservation is in {currency}.").format(
                given=row.currency or "–", currency=booking.currency or "–"
            )
        )
    today = tx.now.astimezone(zone(tx.connection)).date()
    return {
        "kind": "payment" if row.amount > 0 else "refund",
        "day": _day(row.day, today),
        "method": money_typed.method(method),
        "folio_id": None,
        "note": " ".join(row.text.split())[:NOTE],
        "amount": money_typed.amount(abs(row.amount), booking.currency),
    }


def _day(day: date | None, today: date) -> date:
    """The line's day; today where it has none, or one that cannot be."""
    return day if day is not None and date(today.year - 20, 1, 1) < day <= today else today


def _change(tx: Transaction, row: Row[Any], action: str, values: dict[str, Any]) -> None:
    changed = {name: value for name, value in values.items() if value != getattr(row, name)}
    tx.connection.execute(update(Stored).where(_B.id == row.id).values(**changed, version=_B.version + 1))
    before = {name: plain(getattr(row, name)) for name in changed}
    after = {name: plain(value) for name, value in changed.items()}
    tx.journal("bank line", row.id, action, before, after, undoable=True)


# Undo and history


def _named(connection: Connection, number: int) -> str:
    row = connection.execute(select(_B.text).where(_B.id == number)).first()
    return short(row.text, 40) if row is not None else ""


undo_registry.entity("bank line", Stored, named=_named, deleted=True)
history_words.says(
    "bank line",
    "paste",
    lambda _b, after: _("pasted a line of {amount}").format(
        amount=money(after.get("amount"), str(after.get("currency") or ""))
    ),
)
history_words.says("bank line", "book", lambda _b, _a: _("booked a line of a bank statement"))
history_words.says("bank line", "dismiss", lambda _b, _a: _("put a line of a bank statement aside"))


def _again(words: str) -> undo_words.Says:
    return lambda facts: _(words).format(what=facts.what)


undo_words.says("bank line", "paste", did=lambda _facts: _(N_("The pasted lines are gone again.")))
undo_words.says("bank line", "dismiss", did=_again(N_("The line {what} waits again.")))
