"""Payments and refunds of a reservation (SPEC §7). None is ever deleted: taking one back is a reversal with its reason."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import N_, _
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Agent, BankLine, Folio, Journal, Payment, Reservation
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.histories import history_words
from crm_tui.desk.histories.history_words import Told, money, short
from crm_tui.desk.money import money_typed
from crm_tui.desk.money.money_views import KINDS, METHODS
from crm_tui.desk.money.schedule_rows import lines_in, paid_in
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.desk.stays.reservation_rows import payment_view, payments_in, row_in
from crm_tui.desk.stays.reservation_views import PaymentView
from crm_tui.desk.undoing import undo_registry, undo_words
from crm_tui.desk.undoing.undo_columns import put_back
from crm_tui.desk.undoing.undo_refusal import refuse
from crm_tui.desk.undoing.undo_registry import Row as Done
from crm_tui.mail.text import display_text
from crm_tui.rules.schedule import next_amount, sums

_P = columns(Payment)
_F = columns(Folio)
_A = columns(Agent)
_R = columns(Reservation)
_B = columns(BankLine)
_J = columns(Journal)

LONGEST_REASON = 400


class DoubtfulPayment(Conflict):
    """It may well be a mistake; nothing was recorded. Recording it with ``sure`` passes."""

    doubtful = True


class SamePayment(DoubtfulPayment):
    """The same amount stands there of the same day already. ``payment``: its number."""

    def __init__(self, message: str, payment: int) -> None:
        super().__init__(message, _("Record it once more only if it came twice."))
        self.payment = payment


def add(
    ctx: Context,
    reservation_id: int,
    amount: str | int | None,
    *,
    kind: str = "payment",
    method: str = "",
    day: date | str | None = None,
    folio: int | None = None,
    note: str = "",
    sure: bool = False,
) -> PaymentView:
    """Record money that came, or was given back (``kind`` refund).

    Args:
        amount: as typed in the agent's format, with or without currency; or minor units; None: what is missing now
            (of a refund: what was overpaid).
        method: of :data:`crm_tui.desk.money.money_views.METHODS`, or a word of one's own.
        day: None: today; not ahead.
        folio: the number of the row of a bill of the reservation; None: the first.
        sure: though the same payment stands there, or more is given back than came.

    Raises:
        InvalidInput: an amount, a day or a word is not usable, the currency is not the reservation's, or nothing is
            missing; ``field`` says which.
        DoubtfulPayment: see ``sure``.
        NotFound: there is no such reservation, or the bill is not of it.
    """
    with ctx.write() as tx:
        row = row_in(tx.connection, reservation_id)
        values = _checked(tx, row, kind, method, day, folio, note)
        until = values["day"] if values["day"] > _today(tx) else _today(tx) + timedelta(days=ctx.settings.payment_days)
        values["amount"] = _amount(tx, row, values["kind"], amount, until)
        if not sure:
            doubt(tx, row, values)
        return add_in(tx, row, values)


def add_in(tx: Transaction, row: Row[Any], values: dict[str, Any]) -> PaymentView:
    """Store a checked payment of a reservation's row."""
    stored = {**values, "reservation_id": row.id, "created_by": tx.actor.id, "created_at": tx.now}
    made = new_id(tx.connection.execute(insert(Payment).values(**stored)))
    told = {name: plain(value) for name, value in values.items() if value not in (None, "")}
    about = {"reservation_id": row.id, "currency": row.currency}
    tx.journal("payment", made, "create", None, {**about, **told}, undoable=True)
    return _view(tx.connection, made, row.currency)


def reverse(ctx: Context, payment_id: int, reason: str, version: int | None = None) -> PaymentView:
    """Take a payment or a refund back; it stays in the list, with the reason.

    Raises:
        InvalidInput: no reason is given, or it is too long.
        Conflict: it was taken back already, or changed since ``version``.
        NotFound: there is none.
    """
    why = money_typed.line(reason, "reason", LONGEST_REASON)
    if not why:
        raise InvalidInput(_("Say why it is taken back."), field="reason")
    with ctx.write() as tx:
        row = _row(tx.connection, payment_id)
        if row.reversed_at is not None:
            raise Conflict(_("It was taken back already."))
        if version is not None and row.version != version:
            raise Conflict(_("Somebody changed this payment meanwhile; nothing was changed."), _("Look at it again."))
        values = {"reversed_at": tx.now, "reversal": why}
        tx.connection.execute(update(Payment).where(_P.id == payment_id).values(**values, version=_P.version + 1))
        before = {"reversed_at": None, "reversal": row.reversal}
        after = {name: plain(value) for name, value in values.items()}
        tx.journal("payment", payment_id, "reverse", before, {**after, **_about(row)}, undoable=True)
        return _view(tx.connection, payment_id, row.currency)


def get(ctx: Context, payment_id: int) -> PaymentView:
    """One payment.

    Raises:
        NotFound: there is none.
    """
    with ctx.store.connect() as connection:
        return _view(connection, payment_id, _row(connection, payment_id).currency)


def listed(ctx: Context, reservation_id: int) -> list[PaymentView]:
    """All payments and refunds of a reservation by day, those that were taken back too.

    Raises:
        NotFound: there is no such reservation.
    """
    with ctx.store.connect() as connection:
        return list(payments_in(connection, row_in(connection, reservation_id)))


def methods(ctx: Context) -> list[tuple[str, str]]:
    """How money comes: code and word, those of every desk first, then the agents' own."""
    with ctx.store.connect() as connection:
        recent = select(_P.method).where(_P.method != "").order_by(_P.id.desc()).limit(500)
        used = dict.fromkeys(connection.execute(recent).scalars())
    known = [(code, _(word)) for code, word in METHODS.items()]
    return known + [(word, display_text(word)) for word in used if word not in METHODS][:20]


def _checked(
    tx: Transaction, row: Row[Any], kind: str, method: str, day: date | str | None, folio: int | None, note: str
) -> dict[str, Any]:
    if kind not in KINDS:
        raise InvalidInput(
            _("It is a payment or a refund, not “{given}”.").format(given=display_text(kind)), field="kind"
        )
    if not row.currency:
        raise InvalidInput(
            _("Reservation {code} has no currency yet.").format(code=display_text(row.code)),
            _("Give it a value with its currency first."),
            "amount",
        )
    folio = _open_folio(tx, row, folio)
    return {
        "kind": kind,
        "day": money_typed.past_day(day, _today(tx)),
        "method": money_typed.method(method),
        "folio_id": folio,
        "note": money_typed.line(note, "note", money_typed.LONGEST_NOTE),
    }


def _open_folio(tx: Transaction, row: Row[Any], wanted: int | None) -> int | None:
    """The folio that money goes to: what a closed one comes to does not change (SPEC §7). None: the first one.

    Raises:
        NotFound: the reservation has no such folio.
        InvalidInput: it is closed, or all of them are.
    """
    query = select(_F.id, _F.number, _F.closed_at).where(_F.reservation_id == row.id, _F.removed_at.is_(None))
    bills = tx.connection.execute(query.order_by(_F.number)).all()
    if wanted is not None and wanted not in {one.id for one in bills}:
        raise NotFound(_("The reservation has no folio {number}.").format(number=wanted))
    opened = [one for one in bills if one.closed_at is None and wanted in (None, one.id)]
    if not opened and bills:
        raise InvalidInput(
            _("The folio is closed; what it comes to does not change any more."),
            _("Choose an open folio, or make a new one first."),
            "folio",
        )
    return wanted if wanted is not None or not bills or opened[0].id == bills[0].id else opened[0].id


def _amount(tx: Transaction, row: Row[Any], kind: str, given: str | int | None, until: date) -> int:
    if given is not None and given != "":
        return money_typed.amount(given, row.currency)
    lines, paid = lines_in(tx.connection, row.id), paid_in(tx.connection, row.id)
    missing = next_amount(lines, paid, until) if kind == "payment" else sums(lines, paid).overpaid
    if missing:
        return missing
    nothing = (
        _("Nothing is missing; say how much came.") if kind == "payment" else _("Nothing was overpaid; say how much.")
    )
    raise InvalidInput(nothing, field="amount")


def doubt(tx: Transaction, row: Row[Any], values: dict[str, Any]) -> None:
    """Warn of a payment that may well be a mistake.

    Raises:
        DoubtfulPayment: so.
    """
    written = money(values["amount"], row.currency)
    same = select(_P.id).where(_P.reservation_id == row.id, _P.reversed_at.is_(None))
    for name in ("kind", "day", "amount"):
        same = same.where(_P[name] == values[name])
    found = tx.connection.execute(same.order_by(_P.id.desc()).limit(1)).scalar()
    if found is not None:
        words = _("There is a payment of {amount} of that day already.")
        words = words if values["kind"] == "payment" else _("There is a refund of {amount} of that day already.")
        raise SamePayment(words.format(amount=written), int(found))
    paid = paid_in(tx.connection, row.id)
    if values["kind"] == "refund" and values["amount"] > paid:
        raise DoubtfulPayment(
            _("{amount} would be given back, but only {paid} came.").format(
                amount=written, paid=money(max(0, paid), row.currency)
            ),
            _("Record it only if that is so."),
        )


def _today(tx: Transaction) -> date:
    return tx.now.astimezone(zone(tx.connection)).date()


def _row(connection: Connection, payment_id: int) -> Row[Any]:
    query = (
        select(table_of(Payment), _A.name.label("agent"), _R.currency, _R.code)
        .join(Reservation, _R.id == _P.reservation_id)
        .outerjoin(Agent, _A.id == _P.created_by)
        .where(_P.id == payment_id, _R.removed_at.is_(None))
    )
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(_("There is no payment {number}.").format(number=payment_id))
    return row


def _view(connection: Connection, payment_id: int, currency: str) -> PaymentView:
    return payment_view(_row(connection, payment_id), currency)


def _about(row: Row[Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("reservation_id", "currency", "kind", "amount")}


# Undo and history


def _named(connection: Connection, number: int) -> str:
    query = select(_P.amount, _R.currency, _R.code).join(Reservation, _R.id == _P.reservation_id)
    row = connection.execute(query.where(_P.id == number)).first()
    return f"{money(row.amount, row.currency)} · {display_text(row.code)}" if row is not None else ""


def _unmade(tx: Transaction, done: Done) -> None:
    """Recording one is taken back as everything is with money: it stays, as taken back."""
    row = _row(tx.connection, done.entity_id)
    kind = undo_registry.find_entity("payment")
    told = dict(done.after or {})
    changed = [name for name, value in told.items() if plain(getattr(row, name)) != value]
    changed += ["reversed_at"] if row.reversed_at is not None else []
    if changed and kind is not None:
        refuse(tx, kind, done.entity_id, changed, [done])
    values = {"reversed_at": tx.now, "version": _P.version + 1}
    tx.connection.execute(update(Payment).where(_P.id == done.entity_id).values(**values))


def _unreversed(tx: Transaction, done: Done) -> None:
    """A payment counts again, unless the line of the statement that it was is booked as another one since."""
    kind = undo_registry.find_entity("payment")
    assert kind is not None
    again = select(_J.entity_id).where(_J.entity == "bank line", _J.action == "book", _J.id > done.id)
    for line in tx.connection.execute(again.where(_J.before["payment_id"].as_integer() == done.entity_id)).scalars():
        now = tx.connection.execute(select(_B.payment_id).where(_B.id == line)).scalar()
        if now not in (None, done.entity_id):
            raise Conflict(_("The line of the bank statement is booked as another payment since."))
    put_back(tx, kind, [done])


undo_registry.entity("payment", Payment, named=_named)
undo_registry.special("payment", "create", _unmade)
undo_registry.special("payment", "reverse", _unreversed)


def _money(told: Told) -> str:
    return money(told.get("amount"), str(told.get("currency") or ""))


def _made(_before: Told, after: Told) -> str:
    words = _("recorded a refund of {amount}") if after.get("kind") == "refund" else _("recorded a payment of {amount}")
    method = str(after.get("method") or "")
    parts = [words.format(amount=_money(after)), _(METHODS[method]) if method in METHODS else short(method, 20)]
    return ", ".join(part for part in (*parts, short(str(after.get("note") or ""))) if part)


def _reversed(_before: Told, after: Told) -> str:
    facts = {"amount": _money(after), "reason": short(str(after.get("reversal") or ""))}
    if after.get("kind") == "refund":
        return _("took the refund of {amount} back: {reason}").format(**facts)
    return _("took the payment of {amount} back: {reason}").format(**facts)


history_words.says("payment", "create", _made)
history_words.says("payment", "reverse", _reversed)


def _again(words: str) -> undo_words.Says:
    return lambda facts: _(words).format(what=facts.what)


undo_words.says("payment", "create", did=_again(N_("The payment {what} counts no more.")))
undo_words.says("payment", "reverse", did=_again(N_("The payment {what} counts again.")))
