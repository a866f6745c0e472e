"""The payment watchlist: who owes what, overdue first, and when a reservation leaves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, update

from crm_tui.base.clock import FixedClock
from crm_tui.base.errors import InvalidInput
from crm_tui.base.settings import Settings
from crm_tui.data.tables import Payment, PaymentNotice, Reservation, ScheduleLine
from crm_tui.desk.common.context import Context
from crm_tui.desk.watchlists import payment_watch
from crm_tui.desk.watchlists.payment_watch import PaymentQuery, PaymentRow
from tests.desk.asked import add_guest
from tests.desk.bookings import add_reservation, pay
from tests.desk.house import NOW
from tests.desk.journeys import add_line, add_operator

TODAY = date(2026, 7, 1)
ALL = PaymentQuery()


def stay(
    ctx: Context, code: str, *guests: int, paid: int = 0, deposit: int = -5, balance: int = 20, **values: Any
) -> int:
    """A reservation of 1000 EUR, 300 of them a deposit; both due so many days from today."""
    number = add_reservation(ctx, code, *guests, currency="EUR", **values)
    add_line(ctx, number, "deposit", TODAY + timedelta(days=deposit), 300_00)
    add_line(ctx, number, "balance", TODAY + timedelta(days=balance), 700_00, position=1)
    if paid:
        pay(ctx, number, TODAY, paid)
    return number


def rows(ctx: Context, query: PaymentQuery = ALL) -> list[PaymentRow]:
    return list(payment_watch.page(ctx, query).rows)


def codes(ctx: Context, query: PaymentQuery = ALL) -> list[str]:
    return [row.code for row in rows(ctx, query)]


def change(ctx: Context, model: Any, one: int, **values: Any) -> None:
    with ctx.write() as tx:
        tx.connection.execute(update(model).where(model.id == one).values(**values))


def test_a_row_says_who_owes_what_since_when(ctx: Context) -> None:
    nowak = add_guest(ctx, "Nowak", "Łucja", phones=["+48601234567"], mails=["lucja@mail.example"])
    number = stay(ctx, "M-1", nowak, paid=100_00, balance=2)
    (row,) = rows(ctx)
    assert (row.reservation, row.code, row.holder, row.guest_id) == (number, "M-1", "Łucja Nowak", nowak)
    assert (row.phone, row.email) == ("+48 601 234 567", "lucja@mail.example")
    assert (row.letters, row.deposit_now, row.balance_now) == ("ZD", 200_00, 700_00)
    assert (row.missing_deposit, row.missing_balance, row.overpaid) == (200_00, 700_00, 0)
    assert (row.due, row.overdue) == (date(2026, 6, 26), True)
    assert str(row.missing_now) == "900.00 EUR"


def test_the_letters_are_of_the_window_and_the_sums_of_the_whole(ctx: Context) -> None:
    stay(ctx, "M-1")
    (row,) = rows(ctx)
    assert (row.letters, row.deposit_now, row.balance_now) == ("Z", 300_00, 0)
    assert (row.missing_deposit, row.missing_balance) == (300_00, 700_00)


@pytest.mark.parametrize(("days", "listed"), [(-400, True), (-1, True), (0, True), (2, True), (3, False)])
def test_the_window_ends_two_days_from_today(ctx: Context, days: int, listed: bool) -> None:
    stay(ctx, "M-1", deposit=days)
    assert codes(ctx) == (["M-1"] if listed else [])
    assert [row.overdue for row in rows(ctx)] == ([days < 0] if listed else [])


def test_today_is_the_property_s(ctx: Context) -> None:
    stay(ctx, "M-1", deposit=3)
    assert isinstance(ctx.clock, FixedClock)
    ctx.clock.instant = datetime.fromisoformat("2026-07-01T23:59:59+02:00")
    assert codes(ctx) == []
    ctx.clock.instant = datetime.fromisoformat("2026-07-02T00:00:00+02:00")
    assert codes(ctx) == ["M-1"]


def test_a_setting_says_how_far_one_looks(ctx: Context) -> None:
    stay(ctx, "M-1", deposit=10)
    assert codes(ctx) == []
    further = replace(ctx, settings=Settings(payment_days=10))
    assert codes(further) == ["M-1"]


def test_it_leaves_when_what_is_due_is_covered_or_it_is_cancelled_and_comes_back(ctx: Context) -> None:
    number = stay(ctx, "M-1", balance=1)
    pay(ctx, number, TODAY, 300_00)
    assert [row.letters for row in rows(ctx)] == ["D"]
    last = pay(ctx, number, TODAY, 700_00)
    assert codes(ctx) == []
    change(ctx, Payment, last, reversed_at=NOW)
    assert codes(ctx) == ["M-1"]
    pay(ctx, number, TODAY, 800_00)
    assert codes(ctx) == []
    pay(ctx, number, TODAY, 101_00, kind="refund")
    assert [(row.letters, row.balance_now) for row in rows(ctx)] == [("D", 1_00)]
    change(ctx, Reservation, number, status="cancelled")
    assert codes(ctx) == []
    change(ctx, Reservation, number, status="no-show")
    assert codes(ctx) == ["M-1"]


def test_a_smaller_deposit_takes_it_off_the_list(ctx: Context) -> None:
    number = stay(ctx, "M-1", paid=250_00)
    (row,) = rows(ctx)
    assert (row.letters, row.deposit_now) == ("Z", 50_00)
    with ctx.write() as tx:
        tx.connection.execute(
            update(ScheduleLine)
            .where(ScheduleLine.reservation_id == number, ScheduleLine.kind == "deposit")  # type: ignore[arg-type]
            .values(amount=250_00, reason="agreed with the operator")
        )
    assert codes(ctx) == []


def test_overdue_ones_stand_first_and_are_counted(ctx: Context) -> None:
    for code, days in (("LATER", 2), ("TODAY", 0), ("OLD", -30), ("NEW", -1)):
        stay(ctx, code, deposit=days)
    assert codes(ctx) == ["OLD", "NEW", "TODAY", "LATER"]
    page = payment_watch.page(ctx, ALL)
    assert (page.total, page.overdue) == (4, 2)


def test_filters_choose_by_state_operator_place_and_text(ctx: Context) -> None:
    rainbow = add_operator(ctx, "Rainbow")
    nowak, kowalski = add_guest(ctx, "Nowak", "Łucja"), add_guest(ctx, "Kowalski", "Jan")
    stay(ctx, "T-1", nowak, deposit=-9, operator_id=rainbow, folded_destination="mallorca")
    stay(ctx, "T-2", kowalski, deposit=0, paid=300_00, balance=0)
    stay(ctx, "T-3", kowalski, deposit=2, arrival=date(2026, 7, 20))
    company = add_guest(ctx, "Acme", kind="company")
    stay(ctx, "T-4", company=company, deposit=1)
    for query, listed in (
        (PaymentQuery(state="overdue"), ["T-1"]),
        (PaymentQuery(state="today"), ["T-2"]),
        (PaymentQuery(state="soon"), ["T-4", "T-3"]),
        (PaymentQuery(state="Z"), ["T-1", "T-4", "T-3"]),
        (PaymentQuery(state="D"), ["T-2"]),
        (PaymentQuery(operator="RAINBOW"), ["T-1"]),
        (PaymentQuery(operator="itaka"), []),
        (PaymentQuery(destination="MALLÓRCA"), ["T-1"]),
        (PaymentQuery(text="lucja nowak"), ["T-1"]),
        (PaymentQuery(text="acme"), ["T-4"]),
        (PaymentQuery(text="t-2"), ["T-2"]),
        (PaymentQuery(text="t-2 nowak"), []),
        (PaymentQuery(order="name"), ["T-4", "T-2", "T-3", "T-1"]),
        (PaymentQuery(order="amount"), ["T-2", "T-1", "T-3", "T-4"]),
        (PaymentQuery(order="arrival"), ["T-3", "T-1", "T-2", "T-4"]),
    ):
        assert codes(ctx, query) == listed, query
        assert payment_watch.total(ctx, query) == len(listed)


@pytest.mark.parametrize("order", payment_watch.ORDERS)
@pytest.mark.parametrize("state", ["", "Z"])
def test_pages_follow_each_other_both_ways(ctx: Context, order: str, state: str) -> None:
    for number in range(6):
        guest = add_guest(ctx, f"Guest{number % 2}", "A")
        stay(ctx, f"T-{number}", guest, deposit=-(number % 3), paid=number % 2)
    query = PaymentQuery(order=order, state=state)
    everything = rows(ctx, query)
    assert len(everything) == 6
    for place, row in enumerate(everything):
        assert list(payment_watch.page(ctx, query, after=row.cursor, limit=3).rows) == everything[place + 1 : place + 4]
        before = payment_watch.page(ctx, query, before=row.cursor, limit=3).rows
        assert list(before) == everything[max(0, place - 3) : place]
        assert payment_watch.position(ctx, query, row.cursor) == place
        assert payment_watch.row_in_list(ctx, query, row.id) == row
    assert list(payment_watch.page(ctx, query, last=True, limit=2).rows) == everything[-2:]
    assert list(payment_watch.page(ctx, query, at=2, limit=2).rows) == everything[2:4]
    assert payment_watch.row_in_list(ctx, query, 999) is None


def test_it_says_when_the_guest_was_reminded_last(ctx: Context) -> None:
    number = stay(ctx, "M-1")
    with ctx.write() as tx:
        line = tx.session.connection().exec_driver_sql("SELECT min(id) FROM schedule_line").scalar()
        for day, state, channel in ((1, "sent", "mail"), (2, "sent", "sms"), (3, "failed", "mail")):
            at = NOW - timedelta(days=9 - day)
            values = {"reservation_id": number, "line_id": line, "day": at.date(), "channel": channel, "state": state}
            tx.connection.execute(
                insert(PaymentNotice).values(**values, amount=1, created_at=at, not_before=at, sent_at=at)
            )
    (row,) = rows(ctx)
    assert (row.last_notice, row.notice_channel, row.notices) == (NOW - timedelta(days=7), "sms", 2)


def test_what_cannot_be_asked_is_refused(ctx: Context) -> None:
    for query in (PaymentQuery(state="asleep"), PaymentQuery(order="asleep")):
        with pytest.raises(InvalidInput):
            payment_watch.page(ctx, query)


def test_the_list_walks_the_index_of_what_is_due(ctx: Context) -> None:
    stay(ctx, "M-1")
    plans: list[str] = []

    def explain(_connection: object, cursor: Any, statement: str, values: Any, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            plans.extend(row[3] for row in cursor.fetchall())

    event.listen(ctx.store.engine, "before_cursor_execute", explain)
    try:
        row = payment_watch.page(ctx, ALL).rows[0]
        payment_watch.page(ctx, ALL, after=row.cursor)
        payment_watch.page(ctx, ALL, before=row.cursor)
        payment_watch.position(ctx, ALL, row.cursor)
        payment_watch.page(ctx, PaymentQuery(text="nowak", destination="x"))
    finally:
        event.remove(ctx.store.engine, "before_cursor_execute", explain)
    assert any("ix_reservation_due_due (due<?)" in line for line in plans)
    assert [line for line in plans if line.startswith("SCAN") and line.split()[1] != "property"] == []
    assert not any("TEMP B-TREE" in line for line in plans)
