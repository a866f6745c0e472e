"""Folios, their postings and routing: what is refused, what undo takes back, what histories say."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from crm_tui.data.columns import columns
from crm_tui.data.tables import Journal
from crm_tui.desk.client_base import guests
from crm_tui.desk.common.context import Context
from crm_tui.desk.histories import history_entries
from crm_tui.desk.merges import guest_merging
from crm_tui.desk.money import folio_routes, folios, payments, postings
from crm_tui.desk.money.folio_faults import ClosedFolio, NotSettled
from crm_tui.desk.money.postings import ByAmounts, ByPercent, Evenly
from crm_tui.desk.requests.inquiry_faults import InvalidFields
from crm_tui.desk.undoing import undo, undo_registry
from crm_tui.rules.money import Money
from tests.desk.bookings import add_reservation, pay
from tests.desk.colleagues import colleague
from tests.desk.house import make_house


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return make_house(tmp_path)


@pytest.fixture
def stay(ctx: Context) -> int:
    guest = guests.create(ctx, {"surname": "Nowak", "given": "Łucja"})
    return add_reservation(ctx, "R1", guest, value=90_000, currency="EUR")


def on_each(ctx: Context, stay: int) -> list[list[str]]:
    return [[str(one.amount) for one in folio.postings] for folio in folios.listed(ctx, stay)]


def balances(ctx: Context, stay: int) -> list[list[str]]:
    return [[str(one) for one in folio.balances] for folio in folios.listed(ctx, stay)]


def two(ctx: Context, stay: int) -> tuple[int, int]:
    company = guests.create(ctx, {"kind": "company", "surname": "ACME"})
    folios.create(ctx, stay, payer=company)
    first, second = folios.listed(ctx, stay)
    return first.id, second.id


def test_a_reservation_has_a_folio_and_the_holder_pays_it(ctx: Context, stay: int) -> None:
    (only,) = folios.listed(ctx, stay)
    assert (only.number, only.title, only.payer, only.empty, only.settled) == (1, "1 · Łucja Nowak", None, True, True)


def test_lodging_to_the_company_and_incidentals_to_the_guest(ctx: Context, stay: int) -> None:
    first, second = two(ctx, stay)
    postings.post(ctx, stay, "80,00", category="lodging", text="Night of 3 July")
    moved = folio_routes.set_route(ctx, stay, "lodging", second, existing=True)
    postings.post(ctx, stay, "80.00", category="lodging")
    postings.post(ctx, stay, "3,50", category="extras", text="Water")
    assert moved == 1
    assert on_each(ctx, stay) == [["3.50 EUR"], ["80.00 EUR", "80.00 EUR"]]
    assert folios.listed(ctx, stay)[1].title == "2 · ACME"
    assert folios.listed(ctx, stay)[1].routed == ("lodging",)
    undo.undo(ctx)
    undo.undo(ctx)
    undo.undo(ctx)
    assert (on_each(ctx, stay), folio_routes.routes(ctx, stay)) == ([["80.00 EUR"], []], {})
    assert first == folios.listed(ctx, stay)[0].id


def test_the_balance_counts_payments_on_their_folio_and_the_others_on_the_first(ctx: Context, stay: int) -> None:
    _first, second = two(ctx, stay)
    postings.post(ctx, stay, 10_000)
    postings.post(ctx, stay, 5_000, folio=second)
    postings.post(ctx, stay, "700 JPY", folio=second)
    pay(ctx, stay, date(2026, 7, 1), 4_000)
    pay(ctx, stay, date(2026, 7, 1), 5_000, folio_id=second)
    pay(ctx, stay, date(2026, 7, 1), 1_000, kind="refund")
    assert balances(ctx, stay) == [["70.00 EUR"], ["0.00 EUR", "700 JPY"]]


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1.234,56", Money(123_456, "EUR")),
        ("1,234.56", Money(123_456, "EUR")),
        ("-12,5", Money(-1250, "EUR")),
        ("− 12.50 EUR", Money(-1250, "EUR")),
        ("1200 JPY", Money(1200, "JPY")),
        ("1.234 KWD", Money(1234, "KWD")),
        ("1,234", Money(123_400, "EUR")),
        ("12.345 KWD", Money(12_345, "KWD")),
    ],
)
def test_amounts_are_read_as_people_write_them(ctx: Context, stay: int, typed: str, amount: Money) -> None:
    assert postings.post(ctx, stay, typed).amount == amount


@pytest.mark.parametrize(
    "typed",
    ["", "0", "0.00 EUR", "twelve", "1.2345", "1.234", "12.505", "12 XXZ", "5 $", "12.5 JPY", "1e5", "99999999999999"],
)
def test_an_amount_that_is_none_posts_nothing(ctx: Context, stay: int, typed: str) -> None:
    with pytest.raises(InvalidFields) as caught:
        postings.post(ctx, stay, typed)
    assert list(caught.value.errors) == ["amount"]
    assert on_each(ctx, stay) == [[]]


def test_all_that_is_wrong_is_said_at_once(ctx: Context, stay: int) -> None:
    with pytest.raises(InvalidFields) as caught:
        postings.post(ctx, stay, "x", category="nonsense", day="31.2.2026", text="x" * 300)
    assert set(caught.value.errors) == {"amount", "category", "day", "text"}


def test_a_hundred_in_three(ctx: Context, stay: int) -> None:
    _first, second = two(ctx, stay)
    one = postings.post(ctx, stay, "1.00", text="Taxi", category="transport")
    parts = postings.split(ctx, one.id, Evenly(3), folios=(None, second))
    assert [str(part.amount) for part in parts] == ["0.33 EUR", "0.33 EUR", "0.34 EUR"]
    assert {part.text for part in parts} == {"Taxi"}
    assert on_each(ctx, stay) == [["0.33 EUR", "0.34 EUR"], ["0.33 EUR"]]
    undo.undo(ctx)
    assert on_each(ctx, stay) == [["1.00 EUR"], []]


def test_splits_by_amount_and_by_percent(ctx: Context, stay: int) -> None:
    one = postings.post(ctx, stay, "100.00")
    postings.split(ctx, one.id, ByAmounts(("60,00", "40.00")))
    postings.split(ctx, one.id, ByPercent(("33,33", "66.67")))
    assert sorted(on_each(ctx, stay)[0]) == ["19.99 EUR", "40.00 EUR", "40.01 EUR"]


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (ByAmounts(("60", "50")), "make up 110.00 EUR, not 100.00 EUR"),
        (ByAmounts(("60 JPY", "40")), "of EUR"),
        (ByAmounts(("120", "-20")), "cannot be -20.00 EUR"),
        (ByPercent(("50", "49")), "99 %, not 100 %"),
        (ByPercent(("50", "51")), "101 %, not 100 %"),
        (ByPercent(("50", "fifty")), "no percentage"),
        (Evenly(1), "2 to 50 parts"),
        (Evenly(51), "2 to 50 parts"),
    ],
)
def test_parts_that_do_not_make_up_the_whole_are_refused(
    ctx: Context, stay: int, how: postings.How, words: str
) -> None:
    one = postings.post(ctx, stay, "100")
    with pytest.raises(InvalidInput, match=words):
        postings.split(ctx, one.id, how)
    assert on_each(ctx, stay) == [["100.00 EUR"]]


def test_a_reversal_keeps_both_and_is_made_once(ctx: Context, stay: int) -> None:
    one = postings.post(ctx, stay, "12.00", text="Minibar")
    with pytest.raises(InvalidInput, match="why"):
        postings.reverse(ctx, one.id, "  ")
    back = postings.reverse(ctx, one.id, "wrong room")
    assert (str(back.amount), back.text, back.reverses) == ("-12.00 EUR", "wrong room", one.id)
    with pytest.raises(Conflict, match="already"):
        postings.reverse(ctx, one.id, "again")
    with pytest.raises(Conflict, match="takes another back"):
        postings.reverse(ctx, back.id, "again")
    with pytest.raises(Conflict, match="already"):
        postings.split(ctx, one.id, Evenly(2))
    undo.undo(ctx)
    assert on_each(ctx, stay) == [["12.00 EUR"]]
    postings.reverse(ctx, one.id, "wrong room after all")
    assert balances(ctx, stay) == [["0.00 EUR"]]


def test_a_closed_folio_never_changes(ctx: Context, stay: int) -> None:
    first, second = two(ctx, stay)
    one = postings.post(ctx, stay, "12.00", text="Minibar")
    two_ = postings.post(ctx, stay, "5.00", folio=second)
    with pytest.raises(NotSettled, match=r"12\.00 EUR"):
        folios.close(ctx, first, 1)
    closed = folios.close(ctx, first, 1, sure=True)
    kept = on_each(ctx, stay)[0]
    for work in (
        lambda: postings.post(ctx, stay, "1", folio=first),
        lambda: postings.move(ctx, [one.id], second),
        lambda: postings.move(ctx, [two_.id], first),
        lambda: postings.split(ctx, one.id, Evenly(2)),
        lambda: postings.split(ctx, two_.id, Evenly(2), folios=(first,)),
        lambda: postings.reverse(ctx, two_.id, "x", folio=first),
        lambda: folios.set(ctx, first, closed.version, {"name": "Other"}),
        lambda: folios.remove(ctx, first, closed.version),
        lambda: folios.close(ctx, first, closed.version),
        lambda: folio_routes.set_route(ctx, stay, "board", first),
    ):
        with pytest.raises(ClosedFolio):
            work()
    assert on_each(ctx, stay)[0] == kept
    back = postings.reverse(ctx, one.id, "never taken")
    assert back.folio == second
    assert on_each(ctx, stay) == [kept, ["5.00 EUR", "-12.00 EUR"]]


def test_only_a_manager_takes_back_what_is_on_a_closed_folio(ctx: Context, stay: int) -> None:
    first, _second = two(ctx, stay)
    one = postings.post(ctx, stay, "12.00")
    folios.close(ctx, first, 1, sure=True)
    leo = colleague(ctx, "Leo")
    with pytest.raises(Forbidden, match="Only a manager"):
        postings.reverse(leo, one.id, "x")
    assert postings.post(leo, stay, "3").amount == Money(300, "EUR")


def test_undo_does_not_reach_into_a_closed_folio(ctx: Context, stay: int) -> None:
    first, second = two(ctx, stay)
    one = postings.post(ctx, stay, "12.00")
    postings.move(ctx, [one.id], second)
    folios.close(ctx, first, 1)
    with pytest.raises(undo.Refused, match="closed since"):
        undo.undo(ctx)
    assert on_each(ctx, stay) == [[], ["12.00 EUR"]]


def test_undo_keeps_the_sums_right_when_somebody_took_back_meanwhile(ctx: Context, stay: int) -> None:
    one = postings.post(ctx, stay, "12.00")
    postings.split(ctx, one.id, Evenly(2))
    leo = colleague(ctx, "Leo")
    postings.reverse(leo, one.id, "wrong")
    with pytest.raises(undo.Refused, match="reversal since"):
        undo.undo(ctx)
    assert balances(ctx, stay) == [["6.00 EUR"]]


def test_only_an_empty_folio_goes_and_never_the_last(ctx: Context, stay: int) -> None:
    first, second = two(ctx, stay)
    postings.post(ctx, stay, "1", folio=second)
    with pytest.raises(Conflict, match="not empty"):
        folios.remove(ctx, second, 1)
    folios.remove(ctx, first, 1)
    with pytest.raises(Conflict, match="not empty"):
        folios.remove(ctx, second, 1)
    undo.undo(ctx)
    assert [one.number for one in folios.listed(ctx, stay)] == [1, 2]
    other = add_reservation(ctx, "R2", currency="EUR")
    with pytest.raises(Conflict, match="at least one"):
        folios.remove(ctx, folios.listed(ctx, other)[0].id, 1)


def test_money_paid_keeps_the_first_folio(ctx: Context, stay: int) -> None:
    first, _second = two(ctx, stay)
    pay(ctx, stay, date(2026, 7, 1), 4_000)
    with pytest.raises(Conflict, match="not empty"):
        folios.remove(ctx, first, 1)


def test_a_deleted_folio_takes_its_routing_along_and_back(ctx: Context, stay: int) -> None:
    _first, second = two(ctx, stay)
    folio_routes.set_route(ctx, stay, "lodging", second)
    folios.remove(ctx, second, 1)
    assert folio_routes.routes(ctx, stay) == {}
    undo.undo(ctx)
    assert folio_routes.routes(ctx, stay) == {"lodging": second}
    assert folios.create(ctx, stay).number == 3


def test_a_making_is_not_taken_back_while_something_stands_on_it(ctx: Context, stay: int) -> None:
    made = folios.create(ctx, stay, name="Bar")
    leo = colleague(ctx, "Leo")
    postings.post(leo, stay, "4", folio=made.id)
    with pytest.raises(undo.Refused, match="in use"):
        undo.undo(ctx)


def test_two_desks_do_not_overwrite_each_other(ctx: Context, stay: int) -> None:
    first, second = two(ctx, stay)
    one = postings.post(ctx, stay, "4")
    folios.set(ctx, first, 1, {"name": "Room"})
    with pytest.raises(folios.StaleFolio) as caught:
        folios.set(ctx, first, 1, {"name": "Bar"})
    assert caught.value.theirs.name == "Room"
    postings.move(ctx, [one.id], second, versions={one.id: one.version})
    for work in (
        lambda: postings.move(ctx, [one.id], first, versions={one.id: one.version}),
        lambda: postings.split(ctx, one.id, Evenly(2), version=one.version),
        lambda: postings.reverse(ctx, one.id, "x", version=one.version),
    ):
        with pytest.raises(Conflict, match="meanwhile"):
            work()


def test_what_is_of_another_reservation_is_not_there(ctx: Context, stay: int) -> None:
    other = add_reservation(ctx, "R2", currency="EUR")
    theirs = folios.listed(ctx, other)[0].id
    one = postings.post(ctx, stay, "4")
    for work in (
        lambda: postings.post(ctx, stay, "4", folio=theirs),
        lambda: postings.move(ctx, [one.id], theirs),
        lambda: postings.split(ctx, one.id, Evenly(2), folios=(theirs,)),
        lambda: postings.reverse(ctx, one.id, "x", folio=theirs),
        lambda: folio_routes.set_route(ctx, stay, "lodging", theirs),
        lambda: postings.post(ctx, 99, "4"),
        lambda: folios.get(ctx, 99),
        lambda: folios.create(ctx, stay, payer=99),
    ):
        with pytest.raises(NotFound):
            work()


def test_a_closed_route_sends_to_the_first_open_folio(ctx: Context, stay: int) -> None:
    first, second = two(ctx, stay)
    folio_routes.set_route(ctx, stay, "lodging", second)
    folios.close(ctx, second, 1)
    assert postings.post(ctx, stay, "4", category="lodging").folio == first
    folios.close(ctx, first, 1, sure=True)
    with pytest.raises(ClosedFolio, match="All folios"):
        postings.post(ctx, stay, "4")


def test_a_payer_who_is_merged_goes_on_as_the_one_who_stays(ctx: Context, stay: int) -> None:
    _first, second = two(ctx, stay)
    main = guests.create(ctx, {"kind": "company", "surname": "ACME Holding"})
    payer = folios.get(ctx, second).payer
    assert payer is not None
    guest_merging.merge(ctx, main, [payer[0]], sure=True)
    assert folios.get(ctx, second).payer == (main, "ACME Holding")
    (merge,) = guest_merging.merges_of(ctx, main)
    other = guests.create(ctx, {"kind": "company", "surname": "Rheinbau"})
    changed = folios.set(ctx, second, folios.get(ctx, second).version, {"payer": other})
    with pytest.raises(Conflict, match="folio"):
        guest_merging.unmerge(ctx, merge.id)
    folios.set(ctx, second, changed.version, {"payer": main})
    guest_merging.unmerge(ctx, merge.id)
    assert folios.get(ctx, second).payer == payer


def test_histories_tell_of_it_in_words(ctx: Context, stay: int) -> None:
    first, second = two(ctx, stay)
    one = postings.post(ctx, stay, "12.00", text="Minibar", category="extras")
    postings.move(ctx, [one.id], second)
    postings.split(ctx, one.id, Evenly(2))
    other = postings.post(ctx, stay, "1")
    postings.reverse(ctx, other.id, "a mistake")
    folios.set(ctx, first, 1, {"name": "Room"})
    folio_routes.set_route(ctx, stay, "extras", second)
    assert told(ctx) == [
        "made folio 2",
        "posted Minibar, €12.00, on folio 1",
        "moved Minibar to folio 2",
        "split €12.00 into 2 parts",
        "posted other charges, €1.00, on folio 1",
        "took back €1.00: a mistake",
        "folio called “Room”",
        "changed the routing of extras",
    ]


def told(ctx: Context) -> list[str]:
    undo_registry.load()
    names: Any = columns(Journal)
    query = select(names.entity, names.entity_id, names.action, names.before, names.after, names.agent_id, names.actor)
    query = query.where(names.entity.in_(("folio", "posting")) | (names.action == "route")).order_by(names.id)
    with ctx.store.connect() as connection:
        found = [history_entries.told(connection, row) for row in connection.execute(query)]
    return [one for one in found if one]


def test_money_does_not_go_to_a_closed_folio(ctx: Context, stay: int) -> None:
    (first,) = (one.id for one in folios.listed(ctx, stay))
    folios.close(ctx, first, 1, sure=True)
    for which in (first, None):
        with pytest.raises(InvalidInput, match="folio is closed"):
            payments.add(ctx, stay, "10 EUR", folio=which)
    second = folios.create(ctx, stay).id
    assert payments.add(ctx, stay, "10 EUR").folio == second
