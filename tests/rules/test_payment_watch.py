"""Which letters a reservation shows on the payment watchlist."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules.payment_watch import MissingNow, last_day, missing_now
from crm_tui.rules.schedule import Line, due_day, sums, uncovered

TODAY = date(2026, 7, 1)


def now(lines: list[Line], paid: int, days: int = 2) -> MissingNow:
    """What is missing of some lines within so many days."""
    due = [one for one in lines if one.due <= last_day(TODAY, days)]
    deposit = sum(one.amount for one in due if one.is_deposit)
    return missing_now(sums(lines, paid), deposit, sum(one.amount for one in due) - deposit)


def line(kind: str, days: int, amount: int) -> Line:
    return Line(kind, TODAY + timedelta(days=days), amount)


TERMS = [line("deposit", -5, 300_00), line("balance", 2, 700_00)]


@pytest.mark.parametrize(
    ("paid", "letters", "deposit", "balance"),
    [
        (0, "ZD", 300_00, 700_00),
        (-50_00, "ZD", 300_00, 700_00),  # more was given back than received: no more is asked for than the lines say
        (299_99, "ZD", 1, 700_00),
        (300_00, "D", 0, 700_00),
        (999_99, "D", 0, 1),
        (1000_00, "", 0, 0),
        (1000_01, "", 0, 0),
    ],
)
def test_the_letters_say_what_is_missing(paid: int, letters: str, deposit: int, balance: int) -> None:
    found = now(TERMS, paid)
    assert (found.letters, found.deposit, found.balance) == (letters, deposit, balance)


def test_a_line_behind_the_window_is_no_letter() -> None:
    assert now(TERMS, 0, days=1).letters == "Z"
    assert now(TERMS, 0, days=2).letters == "ZD"
    assert now([line("deposit", 3, 1)], 0).letters == ""


def test_money_covers_a_late_deposit_before_an_early_balance() -> None:
    lines = [line("balance", 0, 700_00), line("deposit", 30, 300_00)]
    assert now(lines, 300_00) == MissingNow(0, 700_00)
    assert now(lines, 1000_00) == MissingNow(0, 0)


def test_the_window_ends_with_the_calendar() -> None:
    assert last_day(date.max, 2) == date.max


LINES = st.lists(
    st.builds(line, st.sampled_from(["deposit", "balance", "instalment"]), st.integers(-9, 9), st.integers(0, 900)),
    max_size=6,
)


@given(LINES, st.integers(-200, 6000), st.integers(0, 9))
def test_sums_say_what_the_lines_one_by_one_would(lines: list[Line], paid: int, days: int) -> None:
    missing = [one for one in uncovered(lines, paid) if one.line.due <= TODAY + timedelta(days=days)]
    deposit = sum(one.amount for one in missing if one.line.is_deposit)
    assert now(lines, paid, days) == (deposit, sum(one.amount for one in missing) - deposit)


@given(LINES, st.integers(0, 6000), st.integers(0, 9))
def test_it_is_listed_while_a_line_due_by_then_is_not_covered(lines: list[Line], paid: int, days: int) -> None:
    first = due_day(lines, paid)
    assert bool(now(lines, paid, days).letters) == (first is not None and first <= TODAY + timedelta(days=days))
