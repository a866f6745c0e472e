"""Nothing that was paid, asked for or posted is lost or counted twice when something beside it changes (SPEC §7)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crm_tui import desk
from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import set_language
from crm_tui.desk.common.context import Context
from crm_tui.desk.money.money_views import NewLine
from crm_tui.desk.money.payments import SamePayment
from crm_tui.desk.requests.inquiry_faults import InvalidFields
from crm_tui.desk.stays.reservation_import import RowResult, SourceRow, import_rows
from crm_tui.desk.undoing.undo import Refused
from crm_tui.rules.money import Money
from crm_tui.rules.schedule import TermLine
from tests.desk.house import NOW, make_house

TODAY = NOW.date()
TERMS = [TermLine("deposit", 30_00, None, "booking", 7), TermLine("balance", 70_00, None, "arrival", -7)]


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    made = make_house(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def leo(ctx: Context) -> Context:
    desk.team.add(ctx, "Leo")
    found = desk.team.find(ctx, "Leo")
    return ctx.acting_as(type(ctx.actor)(found.id, "Leo", "agent"))


def booked(ctx: Context, **values: Any) -> int:
    days = {"arrival": TODAY + timedelta(days=60), "departure": TODAY + timedelta(days=67)}
    return desk.reservations.create(ctx, {"value": Money(1000_00, "EUR"), **days} | values)


def by_hand(ctx: Context, number: int) -> None:
    version = desk.reservations.get(ctx, number).version
    line = NewLine("balance", TODAY + timedelta(days=9), 1000_00)
    desk.schedules.set_lines(ctx, number, version, [line], "agreed")


def change(ctx: Context, number: int, **values: Any) -> None:
    desk.reservations.set(ctx, number, desk.reservations.get(ctx, number).version, values)


def asked(ctx: Context, number: int) -> tuple[str, list[int]]:
    view = desk.schedules.shown(ctx, number)
    return view.currency, [one.amount.amount for one in view.lines]


def land(ctx: Context, record: dict[str, Any]) -> RowResult:
    (found,) = import_rows(ctx, [SourceRow(1, record)])
    return found


# A reservation that goes


@pytest.mark.parametrize("what", ["payment", "posting", "memo"])
def test_making_a_reservation_is_not_taken_back_once_somebody_worked_with_it(
    ctx: Context, leo: Context, what: str
) -> None:
    number = booked(ctx)
    if what == "payment":
        desk.payments.add(leo, number, "300")
    elif what == "posting":
        desk.postings.post(leo, number, "12")
    else:
        desk.memos.add(leo, "calls back", reservation=number)
    with pytest.raises(Refused, match="Leo"):
        desk.undo.undo(ctx)
    assert desk.reservations.get(ctx, number).id == number


@pytest.mark.parametrize("what", ["guest", "payer", "company"])
def test_making_a_guest_is_not_taken_back_once_they_are_on_a_reservation(ctx: Context, leo: Context, what: str) -> None:
    number = booked(leo)
    guest = desk.guests.create(ctx, {"surname": "Nowak"} | ({"kind": "company"} if what == "company" else {}))
    if what == "guest":
        desk.reservation_guests.add(leo, number, guest)
    elif what == "payer":
        desk.folios.create(leo, number, payer=guest)
    else:
        change(leo, number, company=guest)
    with pytest.raises(Refused, match="in use"):
        desk.undo.undo(ctx)
    assert desk.guests.get(ctx, guest).archived_at is None


def test_making_a_reservation_is_taken_back_after_its_payment_was(ctx: Context) -> None:
    number = booked(ctx)
    desk.payments.add(ctx, number, "300")
    desk.undo.undo(ctx)
    desk.undo.undo(ctx)
    with pytest.raises(CrmError, match="no reservation"):
        desk.reservations.get(ctx, number)


@pytest.mark.parametrize(
    ("language", "typed", "value"),
    [
        ("es", "1.234", Money(1234_00, "EUR")),
        ("en", "1,234", Money(1234_00, "EUR")),
        ("en", "1.234", None),
        ("es", "1,234", None),
        ("es", "12,345 KWD", Money(12_345, "KWD")),
        ("es", "12.345 KWD", Money(12_345_000, "KWD")),
        ("en", "12.345 KWD", Money(12_345, "KWD")),
    ],
)
def test_a_value_is_read_by_the_agents_format(ctx: Context, language: str, typed: str, value: Money | None) -> None:
    try:
        set_language(language)
        if value is None:
            with pytest.raises(InvalidFields):
                desk.reservations.create(ctx, {"value": typed, "currency": "EUR"})
        else:
            number = desk.reservations.create(ctx, {"value": typed, "currency": "EUR"})
            assert desk.reservations.get(ctx, number).value == value
    finally:
        set_language("en")


# Another currency


def test_what_the_terms_made_is_made_anew_in_another_currency_and_taken_back(ctx: Context) -> None:
    desk.terms.set(ctx, None, TERMS)
    number = booked(ctx)
    assert asked(ctx, number) == ("EUR", [300_00, 700_00])
    change(ctx, number, value=Money(160_000, "JPY"))
    assert asked(ctx, number) == ("JPY", [48_000, 112_000])
    desk.undo.undo(ctx)
    assert asked(ctx, number) == ("EUR", [300_00, 700_00])


def test_what_people_agreed_on_never_becomes_another_currency(ctx: Context) -> None:
    number = booked(ctx, reference="B1")
    by_hand(ctx, number)
    with pytest.raises(InvalidFields, match="EUR"):
        change(ctx, number, value=Money(1000, "JPY"))
    result = land(ctx, {"reference": "B1", "currency": "JPY", "value": "1000"})
    assert result.status == "error"
    assert asked(ctx, number) == ("EUR", [1000_00])
    change(ctx, number, value=Money(900_00, "EUR"))  # another value is no other currency
    assert asked(ctx, number) == ("EUR", [1000_00])


def test_terms_that_name_amounts_are_of_their_currency(ctx: Context) -> None:
    desk.terms.set(
        ctx, None, [TermLine("deposit", None, 200_00, "booking", 0, "EUR"), TERMS[1]._replace(percent=100_00)]
    )
    number = booked(ctx)
    with pytest.raises(InvalidFields, match="EUR"):
        change(ctx, number, value=Money(1000, "JPY"))
    assert asked(ctx, number) == ("EUR", [200_00, 800_00])


def test_terms_made_by_hand_again_by_an_undo_are_kept(ctx: Context) -> None:
    desk.terms.set(ctx, None, TERMS)
    number = booked(ctx)
    by_hand(ctx, number)
    desk.schedules.regenerate(ctx, number)
    desk.undo.undo(ctx)
    assert asked(ctx, number) == ("EUR", [1000_00])
    with pytest.raises(InvalidFields, match="EUR"):
        change(ctx, number, value=Money(1000, "JPY"))


def test_a_file_that_names_a_schedule_in_the_new_currency_may_change_it(ctx: Context) -> None:
    lines = [{"kind": "balance", "due": "2026-09-01", "amount": "1000"}]
    land(ctx, {"reference": "B1", "currency": "EUR", "value": "1000", "schedule": lines})
    assert land(ctx, {"reference": "B1", "currency": "JPY", "value": "1000", "schedule": lines}).status == "changed"
    assert asked(ctx, desk.reservations.find(ctx, "B1") or 0) == ("JPY", [1000])


@pytest.mark.parametrize("what", ["payment", "schedule"])
def test_a_currency_is_not_taken_back_under_money(ctx: Context, leo: Context, what: str) -> None:
    number = booked(ctx, value=None)
    change(ctx, number, value=Money(1000_00, "EUR"))
    if what == "payment":
        desk.payments.add(leo, number, "100")
    else:
        by_hand(leo, number)
    with pytest.raises(Refused, match="Leo"):
        desk.undo.undo(ctx)
    assert desk.schedules.shown(ctx, number).currency == "EUR"


# Bank lines

PASTE = "Date;Text;Amount\n2026-06-30;Transfer R00001;300.00\n2026-06-30;Transfer R00001;300.00\n"


def test_two_equal_lines_are_two_and_pasted_again_none(ctx: Context) -> None:
    number = booked(ctx)
    first, second = desk.statements.paste(ctx, PASTE).lines
    assert first.digest != second.digest
    desk.statements.confirm(ctx, first.id, number)
    with pytest.raises(CrmError, match="already"):
        desk.statements.confirm(ctx, second.id, number)  # it may well be the same money
    desk.statements.confirm(ctx, second.id, number, sure=True)
    assert {one.state for one in desk.statements.paste(ctx, PASTE).lines} == {"booked"}
    assert desk.schedules.shown(ctx, number).paid.amount == 600_00


def test_a_line_that_was_booked_anew_is_not_counted_twice_by_an_undo(ctx: Context, leo: Context) -> None:
    number, other = booked(ctx), booked(ctx)
    line = desk.statements.paste(ctx, PASTE).lines[0]
    wrong = desk.statements.confirm(leo, line.id, other)
    desk.payments.reverse(ctx, wrong.id, "another guest")
    desk.statements.confirm(leo, line.id, number)
    with pytest.raises(Refused, match="booked as another"):
        desk.undo.undo(ctx)
    assert desk.schedules.shown(ctx, other).paid.amount == 0
    assert desk.schedules.shown(ctx, number).paid.amount == 300_00


def test_what_was_kept_of_a_line_is_what_is_shown_and_booked(ctx: Context) -> None:
    """Somebody whose decimal sign is another one pastes the same line."""
    number = booked(ctx)
    try:
        set_language("es")
        kept = desk.statements.paste(ctx, "2026-06-30 R00001 1.234 EUR").lines[0]
        set_language("en")
        again = desk.statements.read(ctx, "2026-06-30 R00001 1.234 EUR").lines[0]
    finally:
        set_language("en")
    assert kept.amount == again.amount == Money(1234_00, "EUR")
    assert desk.statements.confirm(ctx, again, number).amount == again.amount


# Files


def test_a_payment_that_a_file_no_longer_names_is_taken_back_and_counts_again_with_it(ctx: Context) -> None:
    row = {"reference": "B1", "currency": "EUR", "value": "1000"}
    paid = [{"reference": "P1", "date": "2026-06-01", "amount": "300"}]
    land(ctx, row | {"payments": paid})
    number = desk.reservations.find(ctx, "B1") or 0
    desk.payments.add(ctx, number, "50")
    for payments, sum_of_all in (([], 50_00), (paid, 350_00), ([], 50_00), (paid, 350_00)):
        assert land(ctx, row | {"payments": payments}).status == "changed"
        assert desk.schedules.shown(ctx, number).paid.amount == sum_of_all
    assert len(desk.payments.listed(ctx, number)) == 2


def test_what_the_desk_recorded_first_is_the_payment_that_the_file_names_later(ctx: Context) -> None:
    row = {"reference": "B1", "currency": "EUR", "value": "1000"}
    land(ctx, row)
    number = desk.reservations.find(ctx, "B1") or 0
    desk.payments.add(ctx, number, "300", method="card", day=TODAY)
    paid = [{"reference": "P1", "date": TODAY.isoformat(), "amount": "300", "method": "card"}]
    for _time in range(2):
        land(ctx, row | {"payments": paid, "room": str(_time)})
        assert desk.schedules.shown(ctx, number).paid.amount == 300_00
    land(ctx, row | {"payments": []})
    assert desk.schedules.shown(ctx, number).paid.amount == 300_00  # it is the desk's own


def test_what_an_agent_took_back_does_not_count_again_by_a_file(ctx: Context) -> None:
    row = {"reference": "B1", "currency": "EUR", "value": "1000"}
    paid = [{"reference": "P1", "date": "2026-06-01", "amount": "300"}]
    land(ctx, row | {"payments": paid})
    number = desk.reservations.find(ctx, "B1") or 0
    desk.payments.reverse(ctx, desk.payments.listed(ctx, number)[0].id, "bounced")
    land(ctx, row | {"payments": paid, "room": "7"})
    assert desk.schedules.shown(ctx, number).paid.amount == 0


def test_a_line_that_a_file_changes_stays_the_same_line_with_its_reason(ctx: Context) -> None:
    lines = [
        {"kind": "deposit", "due": "2026-07-10", "amount": "300"},
        {"kind": "balance", "due": "2026-08-01", "amount": "700"},
    ]
    row = {"reference": "B1", "currency": "EUR", "value": "1000"}
    land(ctx, row | {"schedule": lines})
    number = desk.reservations.find(ctx, "B1") or 0
    before = desk.schedules.shown(ctx, number).lines
    lines[1]["due"] = "2026-08-05"
    land(ctx, row | {"schedule": lines})
    after = desk.schedules.shown(ctx, number).lines
    assert [one.id for one in after] == [one.id for one in before]
    assert str(after[1].due) == "2026-08-05"


def test_a_flight_that_a_file_gives_another_number_is_to_be_told_again(ctx: Context) -> None:
    leg = {"number": "LO123", "from": "MAD", "to": "WAW", "departs": "2026-07-02T06:35", "arrives": "2026-07-02T09:40"}
    row = {"reference": "B1", "status": "confirmed"}
    land(ctx, row | {"flights": [leg]})
    (before,) = desk.departures.page(ctx, desk.departures.DepartureQuery()).rows
    desk.departures.inform(ctx, [before.flight])
    land(ctx, row | {"flights": [leg | {"number": "LO125"}]})
    (after,) = desk.departures.page(ctx, desk.departures.DepartureQuery()).rows
    assert (after.flight, after.number, after.state) == (before.flight, "LO125", "inform again")


def test_two_desks_record_the_same_money_once(ctx: Context) -> None:
    number = booked(ctx)

    def record(_desk: int) -> bool:
        try:
            desk.payments.add(ctx, number, "300")
        except SamePayment:
            return False
        return True

    with ThreadPoolExecutor(4) as desks:
        assert sorted(desks.map(record, range(4))) == [False, False, False, True]
    assert desk.schedules.shown(ctx, number).paid.amount == 300_00
