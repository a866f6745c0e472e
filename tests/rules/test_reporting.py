"""Tables of reports: what is worked out, what adds up and what does not."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules.money import Money
from crm_tui.rules.reporting import Column, Kind, Outcome, Value, mean, outcome, ratio, table
from crm_tui.rules.vocabulary import InquiryStatus

COLUMNS = (
    Column("agent", "Agent"),
    Column("asked", "Asked", Kind.COUNT),
    Column("won", "Won", Kind.COUNT),
    Column("seconds", "Seconds", Kind.DURATION),
    Column("average", "Average", Kind.DURATION, of=("seconds", "won")),
    Column("share", "Share", Kind.SHARE, of=("won", "asked")),
    Column("part", "Part", Kind.SHARE, part_of="asked"),
    Column("stock", "Stock", Kind.COUNT, adds=False),
    Column("worth", "Worth", Kind.MONEY),
)


def row(agent: str, asked: int, won: int, seconds: int, worth: Money | None = None) -> dict[str, object]:
    return {"agent": agent, "asked": asked, "won": won, "seconds": seconds, "stock": 9, "worth": worth}


def test_what_is_worked_out_of_columns_is_so_in_the_totals_too() -> None:
    made = table(COLUMNS, [row("Ana", 3, 1, 100), row("Leo", 1, 1, 300), row("Eva", 0, 0, 0)])  # type: ignore[list-item]
    assert [one[4:7] for one in made.rows] == [(100, 0.333333, 0.75), (300, 1.0, 0.25), (None, None, 0.0)]
    # the average of all is not the average of the averages (200 there too, but for two won ones; 0.5 is not 0.6667)
    assert made.totals == ((None, 4, 2, 400, 200, 0.5, 1.0, None, None),)


def test_amounts_of_currencies_are_never_added_up() -> None:
    rows = [
        row("Ana", 1, 1, 0, Money(100, "EUR")),
        row("Leo", 2, 1, 0, Money(5000, "JPY")),
        row("Eva", 4, 0, 0, Money(23, "EUR")),
        row("Mia", 8, 0, 0),
    ]
    made = table(COLUMNS, rows)  # type: ignore[arg-type]
    assert [(one[1], one[8]) for one in made.totals] == [(5, Money(123, "EUR")), (8, None), (2, Money(5000, "JPY"))]
    one_currency = table(COLUMNS, [rows[0], rows[3]])  # type: ignore[list-item]
    assert [(one[1], one[8]) for one in one_currency.totals] == [(9, Money(100, "EUR"))]
    with pytest.raises(ValueError, match="EUR, JPY"):
        table(COLUMNS, [{"worth": Money(1, "EUR"), "asked": Money(1, "JPY")}])


def test_nothing_has_totals_of_nothing() -> None:
    assert table(COLUMNS, []).totals == ((None, 0, 0, 0, None, None, None, None, None),)
    assert table(COLUMNS[:1], [{"agent": "Ana"}]).totals == ()


def added(cells: Iterable[Value]) -> int:
    return sum(cell for cell in cells if isinstance(cell, int))


MONEY = st.one_of(st.none(), st.builds(Money, st.integers(-(10**6), 10**6), st.sampled_from(["EUR", "JPY", "KWD"])))
ROWS = st.lists(
    st.builds(row, st.text(max_size=3), st.integers(0, 999), st.integers(0, 999), st.integers(0, 10**7), MONEY),
    max_size=30,
)


@given(ROWS)
def test_totals_are_the_sums_of_the_rows(rows: list[dict[str, object]]) -> None:
    made = table(COLUMNS, rows)  # type: ignore[arg-type]
    for place, column in enumerate(COLUMNS):
        if column.additive and column.kind is not Kind.MONEY:
            assert added(one[place] for one in made.totals) == added(one[place] for one in made.rows)
    for currency in ("EUR", "JPY", "KWD"):
        parts = [one[8] for one in made.rows if isinstance(one[8], Money) and one[8].currency == currency]
        whole = [one[8] for one in made.totals if isinstance(one[8], Money) and one[8].currency == currency]
        assert [one.amount for one in whole] == ([sum(one.amount for one in parts)] if parts else [])


@given(ROWS)
def test_an_average_times_its_count_is_the_sum_but_for_rounding(rows: list[dict[str, object]]) -> None:
    made = table(COLUMNS, rows)  # type: ignore[arg-type]
    for one in (*made.rows, *made.totals):
        won, seconds, average = one[2], one[3], one[4]
        assert isinstance(won, int)
        if won:
            assert isinstance(average, int)
            assert abs(average * won - int(str(seconds))) * 2 <= won
        else:
            assert average is None


def test_halves_are_rounded_up() -> None:
    assert (mean(5, 2), mean(0, 3), mean(7, 0)) == (3, 0, None)
    assert (ratio(1, 3), ratio(1, 80000), ratio(0, 0)) == (0.333333, 0.000013, None)


def test_what_became_of_an_inquiry() -> None:
    became = {status.value: outcome(status) for status in InquiryStatus}
    assert became == {
        "new": Outcome.OPEN,
        "in progress": Outcome.OPEN,
        "offer sent": Outcome.OPEN,
        "waiting for guest": Outcome.OPEN,
        "booked": Outcome.REALISED,
        "lost": Outcome.NOT_REALISED,
        "cancelled": Outcome.NOT_REALISED,
    }
