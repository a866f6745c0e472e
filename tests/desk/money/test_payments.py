"""Payments, refunds and reversals (SPEC §7): what is typed, what is refused, what is warned of, what can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.base.errors import Conflict, CrmError, Forbidden, InvalidInput, NotFound
from crm_tui.base.i18n import set_language
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.money.money_views import NewLine
from crm_tui.desk.money.payments import DoubtfulPayment, SamePayment
from tests.desk.bookings import add_reservation
from tests.desk.house import NOW, make_house

TODAY = NOW.date()


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    made = make_house(tmp_path)
    yield made
    made.store.close()


def booked(ctx: Context, code: str = "R1", value: int = 1000_00, currency: str = "EUR") -> int:
    """A reservation of which 300 are due tomorrow and 700 in a month."""
    guest = desk.guests.create(ctx, {"surname": "Nowak", "given": "Łucja"})
    number = add_reservation(ctx, code, guest, value=value, currency=currency)
    lines = [
        NewLine("deposit", TODAY + timedelta(days=1), value * 3 // 10),
        NewLine("balance", TODAY + timedelta(days=30), value - value * 3 // 10),
    ]
    desk.schedules.set_lines(ctx, number, 1, lines, "agreed")
    return number


def test_what_is_missing_is_recorded_without_an_amount(ctx: Context) -> None:
    number = booked(ctx)
    made = desk.payments.add(ctx, number, None, method="Bank transfer")
    assert (made.amount.amount, made.method, made.day, made.by) == (300_00, "transfer", TODAY, "Ana")
    told = desk.schedules.shown(ctx, number)
    assert (told.missing_deposit.amount, told.missing_balance.amount) == (0, 700_00)
    assert [line.state for line in told.lines] == ["covered", "open"]
    assert desk.payments.add(ctx, number, "").amount.amount == 700_00
    with pytest.raises(InvalidInput, match="Nothing is missing"):
        desk.payments.add(ctx, number, None)


@pytest.mark.parametrize(
    ("language", "text", "amount"),
    [
        ("es", "1.234,56", 1234_56),
        ("en", "1,234.56", 1234_56),
        ("es", "1.234", 1234_00),
        ("en", "1,234", 1234_00),
        ("pl", "1 234,5 EUR", 1234_50),
    ],
)
def test_amounts_are_read_by_the_agents_format(ctx: Context, language: str, text: str, amount: int) -> None:
    number = booked(ctx)
    set_language(language)
    try:
        assert desk.payments.add(ctx, number, text).amount.amount == amount
    finally:
        set_language("en")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("-5", "less than nothing"),
        ("1.234", "more digits"),
        ("0", "above nothing"),
        ("100 PLN", "in PLN, but the reservation is in EUR"),
        ("ten", "no amount"),
        ("100 XYZ", "no currency"),
        ("9" * 16, "more than can be stored"),
    ],
)
def test_amounts_that_are_refused(ctx: Context, text: str, sentence: str) -> None:
    number = booked(ctx)
    with pytest.raises(InvalidInput, match=sentence) as caught:
        desk.payments.add(ctx, number, text)
    assert caught.value.field == "amount"
    assert desk.payments.listed(ctx, number) == []


def test_currencies_without_and_with_three_decimals(ctx: Context) -> None:
    yen = booked(ctx, "J1", 90_000, "JPY")
    assert desk.payments.add(ctx, yen, "1,500").amount.decimal == "1500"
    with pytest.raises(InvalidInput, match="more digits"):
        desk.payments.add(ctx, yen, "10.5")
    dinar = booked(ctx, "K1", 90_000, "KWD")
    assert desk.payments.add(ctx, dinar, "1.234 KWD").amount.decimal == "1.234"


def test_days_and_bills_that_are_refused(ctx: Context) -> None:
    number, other = booked(ctx), booked(ctx, "R2")
    with pytest.raises(InvalidInput, match="cannot lie ahead"):
        desk.payments.add(ctx, number, "5", day=TODAY + timedelta(days=1))
    with pytest.raises(InvalidInput, match=r"no such day|no date"):
        desk.payments.add(ctx, number, "5", day="2026-02-30")
    with pytest.raises(InvalidInput, match="payment or a refund"):
        desk.payments.add(ctx, number, "5", kind="gift")
    with ctx.store.connect() as connection:
        rows = connection.exec_driver_sql("SELECT reservation_id, id FROM folio").all()
    bills: dict[int, int] = {row[0]: row[1] for row in rows}
    assert desk.payments.add(ctx, number, "5", folio=bills[number], day="2026-06-30").day == date(2026, 6, 30)
    with pytest.raises(NotFound, match="no folio"):
        desk.payments.add(ctx, number, "5", folio=bills[other])
    with pytest.raises(NotFound):
        desk.payments.add(ctx, 999, "5")


def test_the_same_payment_twice_warns(ctx: Context) -> None:
    number = booked(ctx)
    first = desk.payments.add(ctx, number, "300")
    with pytest.raises(SamePayment) as caught:
        desk.payments.add(ctx, number, "300", method="cash")
    assert caught.value.payment == first.id
    assert len(desk.payments.listed(ctx, number)) == 1
    desk.payments.add(ctx, number, "300", sure=True)
    desk.payments.add(ctx, number, "300", day="2026-06-29")
    assert len(desk.payments.listed(ctx, number)) == 3


def test_one_that_was_taken_back_does_not_warn(ctx: Context) -> None:
    number = booked(ctx)
    desk.payments.reverse(ctx, desk.payments.add(ctx, number, "300").id, "wrong guest")
    assert desk.payments.add(ctx, number, "300").amount.amount == 300_00


def test_refunds(ctx: Context) -> None:
    number = booked(ctx)
    desk.payments.add(ctx, number, "1100")
    assert desk.schedules.shown(ctx, number).overpaid.amount == 100_00
    back = desk.payments.add(ctx, number, None, kind="refund")
    assert (back.kind, back.amount.amount) == ("refund", 100_00)
    with pytest.raises(DoubtfulPayment, match=r"only €1,000\.00 came"):
        desk.payments.add(ctx, number, "1000.01", kind="refund")
    desk.payments.add(ctx, number, "1000.01", kind="refund", sure=True)
    assert desk.schedules.shown(ctx, number).paid.amount == -1
    with pytest.raises(InvalidInput, match="Nothing was overpaid"):
        desk.payments.add(ctx, number, None, kind="refund")


def test_a_reversal_stays_with_its_reason(ctx: Context) -> None:
    number = booked(ctx)
    made = desk.payments.add(ctx, number, "300")
    with pytest.raises(InvalidInput, match="Say why"):
        desk.payments.reverse(ctx, made.id, "  ")
    with pytest.raises(Conflict, match="meanwhile"):
        desk.payments.reverse(ctx, made.id, "why", made.version + 1)
    desk.payments.reverse(ctx, made.id, "It was for R2")
    (left,) = desk.payments.listed(ctx, number)
    assert (left.reversal, left.reversed_at) == ("It was for R2", NOW)
    assert desk.schedules.shown(ctx, number).paid.amount == 0
    with pytest.raises(Conflict, match="already"):
        desk.payments.reverse(ctx, made.id, "again")
    desk.undo.undo(ctx)
    assert desk.payments.listed(ctx, number)[0].reversed_at is None
    assert desk.schedules.shown(ctx, number).paid.amount == 300_00


def test_recording_is_taken_back_by_one_key_and_stays_in_sight(ctx: Context) -> None:
    number = booked(ctx)
    desk.payments.add(ctx, number, None)
    assert "€300.00" in desk.undo.undo(ctx).text
    (left,) = desk.payments.listed(ctx, number)
    assert left.reversed_at is not None
    assert desk.schedules.shown(ctx, number).missing_deposit.amount == 300_00


def test_what_somebody_took_back_meanwhile_is_not_taken_back_again(ctx: Context) -> None:
    number = booked(ctx)
    made = desk.payments.add(ctx, number, None)
    theirs = ctx.acting_as(Actor(None, "Leo", "agent"))
    desk.payments.reverse(theirs, made.id, "bounced")
    with pytest.raises(Conflict, match="has changed since"):
        desk.undo.undo(ctx)
    assert desk.payments.get(ctx, made.id).reversal == "bounced"


def test_nobody_writes_a_desk_that_only_reads(ctx: Context) -> None:
    number = booked(ctx)
    closed = type(ctx)(ctx.store, ctx.home, ctx.settings, ctx.clock, ctx.actor, readonly=True)
    with pytest.raises(Forbidden):
        desk.payments.add(closed, number, None)


def test_a_reservation_without_currency_takes_no_money(ctx: Context) -> None:
    number = add_reservation(ctx, "R9")
    with pytest.raises(CrmError, match="no currency yet"):
        desk.payments.add(ctx, number, "5")


def test_screens_hear_of_the_reservation(ctx: Context) -> None:
    number = booked(ctx)
    seen = desk.changes.last(ctx)
    desk.payments.add(ctx, number, None)
    assert desk.changes.since(ctx, seen).ids["reservation"] == {number}
    seen = desk.changes.last(ctx)
    desk.undo.undo(ctx)
    assert desk.changes.since(ctx, seen).ids["reservation"] == {number}
