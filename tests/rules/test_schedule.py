"""The formulas of SPEC §7: allocation, what is missing, what terms make of a value."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules.schedule import (
    WHOLE,
    Line,
    ScheduleFault,
    Sums,
    TermLine,
    allocate,
    due_day,
    generate,
    in_order,
    missing_by,
    next_amount,
    sums,
    uncovered,
)

TODAY = date(2026, 11, 22)
KINDS = ("deposit", "balance", "instalment")


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


Z = Line("deposit", day(3), 300_00, 0, 1)
D = Line("balance", day(30), 700_00, 1, 2)


@pytest.mark.parametrize(
    ("paid", "deposit", "balance", "over"),
    [
        (-50_00, 350_00, 700_00, 0),
        (0, 300_00, 700_00, 0),
        (299_99, 1, 700_00, 0),
        (300_00, 0, 700_00, 0),
        (300_01, 0, 699_99, 0),
        (1000_00, 0, 0, 0),
        (1000_01, 0, 0, 1),
    ],
)
def test_what_is_missing(paid: int, deposit: int, balance: int, over: int) -> None:
    found = sums([Z, D], paid)
    assert (found.missing_deposit, found.missing_balance, found.overpaid) == (deposit, balance, over)


def test_without_deposit_all_is_balance() -> None:
    assert sums([D], 0) == Sums(0, 0, 700_00)
    assert (sums([D], 100_00).missing_deposit, sums([D], 100_00).missing_balance) == (0, 600_00)


def test_money_covers_deposits_first_even_those_due_later() -> None:
    early = Line("balance", day(0), 100_00, 0, 1)
    late = Line("deposit", day(9), 50_00, 1, 2)
    assert allocate([early, late], 60_00) == [10_00, 50_00]
    assert [(one.line.id, one.amount) for one in uncovered([early, late], 60_00)] == [(1, 90_00)]
    assert due_day([early, late], 0) == day(0)
    assert due_day([early, late], 49_99) == day(0)


def test_lines_of_one_day_go_by_their_order() -> None:
    second = Line("balance", day(1), 10_00, 2, 8)
    first = Line("instalment", day(1), 10_00, 1, 9)
    assert in_order([second, first]) == [first, second]
    assert allocate([second, first], 12_00) == [2_00, 10_00]


def test_a_line_of_nothing_is_covered() -> None:
    assert uncovered([Line("deposit", day(0), 0)], 0) == []
    assert due_day([], 0) is None


def test_what_a_payment_is_of() -> None:
    assert next_amount([Z, D], 0, day(2)) == 300_00  # nothing is due yet: the next line
    assert next_amount([Z, D], 100_00, day(3)) == 200_00
    assert next_amount([Z, D], 0, day(30)) == 1000_00
    assert next_amount([Z, D], 1000_00, day(30)) == 0
    assert [one.line.kind for one in missing_by([Z, D], 0, day(3))] == ["deposit"]


def percent(share: float, anchor: str = "booking", days: int = 0, kind: str = "deposit") -> TermLine:
    return TermLine(kind, round(share * 100), None, anchor, days)


def made(*terms: TermLine, value: int | None = 1000_00, arrival: int | None = 60) -> list[tuple[str, int, int]]:
    came = None if arrival is None else day(arrival)
    left = None if arrival is None else day(arrival + 7)
    lines = generate(terms, value, TODAY, came, left, TODAY)
    return [(one.kind, (one.due - TODAY).days, one.amount) for one in lines]


def test_terms_make_lines() -> None:
    assert made(percent(30, days=7), percent(70, "arrival", -30, "balance")) == [
        ("deposit", 7, 300_00),
        ("balance", 30, 700_00),
    ]
    assert made(percent(100, "departure", 1, "balance")) == [("balance", 68, 1000_00)]


def test_rounding_goes_to_the_last_line() -> None:
    third = percent(33.33)
    assert [one[2] for one in made(third, third, percent(33.34), value=100)] == [33, 33, 34]
    assert [one[2] for one in made(*[percent(20)] * 5, value=3)] == [3]  # lines of nothing are left out
    assert made(percent(30), percent(70), value=0) == []


def test_amounts_come_first_and_percentages_share_the_rest() -> None:
    fixed = TermLine("deposit", None, 200_00, "booking", 0)
    assert [one[2] for one in made(fixed, percent(50), percent(50, kind="balance"))] == [200_00, 400_00, 400_00]
    assert [one[2] for one in made(fixed, percent(100), value=150_00)] == [150_00]
    assert [one[2] for one in made(fixed, fixed)] == [200_00, 800_00]  # the last takes the rest


def test_late_booking_is_due_today() -> None:
    terms = (percent(30, days=3), percent(70, "arrival", -30, "balance"))
    assert made(*terms, arrival=10) == [("deposit", 3, 300_00), ("balance", 0, 700_00)]
    assert made(percent(30, "arrival", -60), percent(70, "arrival", -30, "balance"), arrival=1) == [
        ("deposit", 0, 300_00),
        ("balance", 0, 700_00),
    ]


def test_leap_day() -> None:
    (line,) = generate([percent(100, "arrival", -1)], 1, None, date(2028, 3, 1), None, TODAY)
    assert line.due == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("terms", "kind", "given"),
    [
        ([], "empty", ""),
        ([percent(99)], "percent", "9900"),
        ([percent(50), percent(51)], "percent", "10100"),
        ([percent(0), percent(100)], "amount", ""),
        ([percent(-10), percent(110)], "amount", ""),
        ([TermLine("deposit", None, 0, "booking")], "amount", ""),
        ([TermLine("deposit", None, None, "booking")], "line", ""),
        ([TermLine("deposit", WHOLE, 5, "booking")], "line", ""),
        ([TermLine("bribe", WHOLE, None, "booking")], "kind", "bribe"),
        ([TermLine("deposit", WHOLE, None, "easter")], "anchor", "easter"),
        ([TermLine("deposit", WHOLE, None, "booking", 5000)], "days", "5000"),
        ([percent(100, "arrival")], "arrival", ""),
        ([percent(100, "departure")], "departure", ""),
    ],
)
def test_terms_that_make_no_schedule(terms: list[TermLine], kind: str, given: str) -> None:
    with pytest.raises(ScheduleFault) as caught:
        generate(terms, 100, TODAY, None, None, TODAY)
    assert (caught.value.kind, caught.value.given) == (kind, given)


def test_a_value_is_needed() -> None:
    with pytest.raises(ScheduleFault, match="value"):
        made(percent(100), value=None)


LINES = st.lists(
    st.builds(
        Line,
        st.sampled_from(KINDS),
        st.integers(-20, 60).map(day),
        st.integers(0, 500),
        st.integers(0, 3),
        st.integers(1, 99),
    ),
    max_size=6,
    unique_by=lambda one: one.id,
)


@given(LINES, st.integers(-300, 3500))
def test_allocation_loses_nothing(lines: list[Line], paid: int) -> None:
    on = allocate(lines, paid)
    total = sums(lines, paid)
    assert all(0 <= part <= line.amount for part, line in zip(on, lines, strict=True))
    assert sum(on) + total.overpaid == max(0, paid)
    missing = uncovered(lines, paid)
    assert sum(one.amount for one in missing) == total.price - min(total.price, max(0, paid))
    if paid >= 0:
        assert sum(one.amount for one in missing) == total.missing_deposit + total.missing_balance
        assert sum(one.amount for one in missing if one.line.is_deposit) == total.missing_deposit
    assert (due_day(lines, paid) is None) == (total.price <= max(0, paid))


@given(LINES, st.integers(0, 3000), st.integers(0, 500))
def test_more_money_never_uncovers(lines: list[Line], paid: int, more: int) -> None:
    assert all(
        before <= after for before, after in zip(allocate(lines, paid), allocate(lines, paid + more), strict=True)
    )


@st.composite
def shares(draw: st.DrawFn) -> list[int]:
    """Percentages in hundredths that total a hundred."""
    cuts = sorted(draw(st.sets(st.integers(1, WHOLE - 1), max_size=5)))
    return [after - before for before, after in zip([0, *cuts], [*cuts, WHOLE], strict=True)]


@given(shares(), st.lists(st.integers(1, 10**6), max_size=3), st.integers(0, 10**12), st.integers(-50, 400))
def test_a_schedule_totals_its_value(percents: list[int], amounts: list[int], value: int, arrival: int) -> None:
    terms = [TermLine("deposit", None, one, "booking", -3) for one in amounts]
    terms += [TermLine("balance", one, None, "arrival", -30) for one in percents]
    lines = generate(terms, value, TODAY, day(arrival), None, TODAY)
    assert sum(one.amount for one in lines) == value
    assert all(one.amount > 0 and one.due >= TODAY for one in lines)
