"""Pasting bank statements: what is proposed, what a person confirms, and that nothing is booked twice (SPEC §7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.desk.common.context import Context
from crm_tui.desk.money.money_views import NewLine
from crm_tui.desk.money.payments import SamePayment
from tests.desk.bookings import add_reservation
from tests.desk.house import NOW, make_house

TODAY = NOW.date()
PASTE = (
    "Date;Text;Amount;Balance\n"
    "2026-06-30;Transfer NOWAK R00042;300.00;5300.00\n"
    "2026-06-30;Jan Zima, room;450.00;5750.00\n"
    "2026-07-01;Electricity;-80.00;5670.00\n"
    "2026-07-01;Transfer R00042 back;-20.00;5650.00\n"
)


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    made = make_house(tmp_path)
    yield made
    made.store.close()


def booked(ctx: Context, code: str, surname: str, amount: int, currency: str = "EUR") -> int:
    guest = desk.guests.create(ctx, {"surname": surname, "given": "Jan"})
    number = add_reservation(ctx, code, guest, value=amount, currency=currency)
    desk.schedules.set_lines(ctx, number, 1, [NewLine("deposit", TODAY + timedelta(days=1), amount)], "agreed")
    return number


@pytest.fixture
def stays(ctx: Context) -> tuple[int, int]:
    return booked(ctx, "R00042", "Nowak", 300_00), booked(ctx, "R00043", "Zima", 450_00)


def test_each_line_with_its_reasons(ctx: Context, stays: tuple[int, int]) -> None:
    lines = desk.statements.read(ctx, PASTE).lines
    assert [[(one.code, one.reasons) for one in line.proposals] for line in lines] == [
        [("R00042", ("code", "amount", "name"))],
        [("R00043", ("amount", "name"))],
        [],
        [("R00042", ("code",))],
    ]
    assert all(line.certain for line in lines if line.proposals)
    assert desk.statements.waiting(ctx).lines == ()  # reading keeps nothing
    assert desk.statements.reason_words(("code", "name")) == "code in the text, name of a guest in the text"


def test_confirming_books_once(ctx: Context, stays: tuple[int, int]) -> None:
    first = desk.statements.paste(ctx, PASTE).lines[0]
    made = desk.statements.confirm(ctx, first.id, stays[0])
    assert (made.amount.amount, made.method, made.day.isoformat()) == (300_00, "transfer", "2026-06-30")
    assert "R00042" in made.note
    with pytest.raises(Conflict, match="booked already: R00042"):
        desk.statements.confirm(ctx, first.id, stays[1])
    again = desk.statements.paste(ctx, PASTE.replace("Balance", "Saldo").replace("5300.00", "9.99"))
    assert [one.state for one in again.lines] == ["booked", "open", "open", "open"]
    assert [one.id for one in desk.statements.waiting(ctx).lines] == [one.id for one in again.lines[1:]]


def test_undo_and_reversal_let_a_line_wait_again(ctx: Context, stays: tuple[int, int]) -> None:
    line = desk.statements.paste(ctx, PASTE).lines[0]
    desk.statements.confirm(ctx, line.id, stays[0])
    desk.undo.undo(ctx)
    assert desk.schedules.shown(ctx, stays[0]).paid.amount == 0
    assert line.id in [one.id for one in desk.statements.waiting(ctx).lines]
    made = desk.statements.confirm(ctx, line.id, stays[0])
    desk.payments.reverse(ctx, made.id, "another guest's")
    assert line.id in [one.id for one in desk.statements.waiting(ctx).lines]
    desk.statements.confirm(ctx, line.id, stays[1])
    assert desk.schedules.shown(ctx, stays[1]).paid.amount == 300_00


def test_money_that_went_out_is_a_refund(ctx: Context, stays: tuple[int, int]) -> None:
    lines = desk.statements.paste(ctx, PASTE).lines
    desk.statements.confirm(ctx, lines[0].id, stays[0])
    assert desk.statements.waiting(ctx).lines[2].proposals[0].reasons == ("code", "amount")
    assert desk.statements.confirm(ctx, lines[3].id, stays[0]).kind == "refund"
    assert desk.schedules.shown(ctx, stays[0]).paid.amount == 280_00


def test_a_payment_recorded_by_hand_warns(ctx: Context, stays: tuple[int, int]) -> None:
    desk.payments.add(ctx, stays[0], "300", day="2026-06-30")
    line = desk.statements.paste(ctx, PASTE).lines[0]
    with pytest.raises(SamePayment):
        desk.statements.confirm(ctx, line.id, stays[0])
    desk.statements.confirm(ctx, line.id, stays[0], sure=True)


def test_lines_are_put_aside(ctx: Context, stays: tuple[int, int]) -> None:
    lines = desk.statements.paste(ctx, PASTE).lines
    desk.statements.dismiss(ctx, [lines[2].id, lines[3].id])
    assert [one.state for one in desk.statements.read(ctx, PASTE).lines] == ["open", "open", "dismissed", "dismissed"]
    desk.undo.undo(ctx)
    assert len(desk.statements.waiting(ctx).lines) == 4
    desk.statements.confirm(ctx, lines[0].id, stays[0])
    with pytest.raises(Conflict):
        desk.statements.dismiss(ctx, [lines[0].id])
    with pytest.raises(NotFound):
        desk.statements.dismiss(ctx, [999])


def test_pasting_is_taken_back(ctx: Context) -> None:
    desk.statements.paste(ctx, PASTE)
    desk.undo.undo(ctx)
    assert desk.statements.waiting(ctx).lines == ()


def test_a_line_is_confirmed_without_being_kept_first(ctx: Context, stays: tuple[int, int]) -> None:
    line = desk.statements.read(ctx, PASTE).lines[0]
    desk.statements.confirm(ctx, line, stays[0])
    assert desk.statements.read(ctx, PASTE).lines[0].state == "booked"
    desk.undo.undo(ctx)
    assert desk.statements.read(ctx, PASTE).lines[0].state == "open"


def test_another_currency_is_refused(ctx: Context) -> None:
    zloty = booked(ctx, "R00042", "Nowak", 300_00, "PLN")
    line = desk.statements.paste(ctx, PASTE).lines[0]
    assert line.proposals == ()
    with pytest.raises(InvalidInput, match="in EUR, but the reservation is in PLN"):
        desk.statements.confirm(ctx, line.id, zloty)


@pytest.mark.parametrize("text", ["", "nothing here\nat all", "x" * 2_000_001])
def test_what_is_no_statement(ctx: Context, text: str) -> None:
    with pytest.raises(InvalidInput):
        desk.statements.paste(ctx, text)


def test_an_erased_guest_is_in_no_bank_line(ctx: Context, stays: tuple[int, int]) -> None:
    first = desk.statements.paste(ctx, PASTE).lines[0]
    desk.statements.confirm(ctx, first.id, stays[0])
    for code in ("R00042", "R00043"):
        number = desk.reservations.find(ctx, code)
        assert number is not None
        desk.erasing.erase(ctx, desk.reservations.get(ctx, number).guests[0].id, "asked")
    with ctx.store.connect() as connection:
        texts = connection.exec_driver_sql("SELECT text FROM bank_line ORDER BY id").scalars().all()
    assert not any(name in text for text in texts for name in ("NOWAK", "Zima"))
    assert "Electricity" in texts[2]
