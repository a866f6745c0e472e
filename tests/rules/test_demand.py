"""Which nights are asked for, and how many ask for each (SPEC §4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules import demand
from crm_tui.rules.demand import Demand, Nights

D = date
days = st.dates(D(2000, 1, 1), D(2099, 12, 31))
some_nights = st.builds(lambda first, n: Nights(first, first + timedelta(days=n)), days, st.integers(1, 60))


@pytest.mark.parametrize(
    ("fields", "nights"),
    [
        ((D(2026, 8, 1), D(2026, 8, 5), None, None, None), Nights(D(2026, 8, 1), D(2026, 8, 5))),
        ((D(2026, 8, 1), None, None, None, 3), Nights(D(2026, 8, 1), D(2026, 8, 4))),
        ((D(2026, 8, 1), None, None, None, None), Nights(D(2026, 8, 1), D(2026, 8, 2))),
        ((None, D(2026, 8, 5), None, None, 2), Nights(D(2026, 8, 3), D(2026, 8, 5))),
        ((D(2026, 8, 5), D(2026, 8, 5), None, None, None), Nights(D(2026, 8, 5), D(2026, 8, 6))),
        ((None, None, D(2026, 7, 1), D(2026, 8, 1), 7), Nights(D(2026, 7, 1), D(2026, 8, 1), flexible=True)),
        ((None, None, D(2026, 7, 1), None, None), Nights(D(2026, 7, 1), D(2026, 8, 1), flexible=True)),
        ((D(2026, 8, 1), D(2026, 8, 5), D(2026, 7, 1), D(2026, 9, 1), None), Nights(D(2026, 8, 1), D(2026, 8, 5))),
        ((None, None, None, None, 7), None),
        ((D(9999, 12, 31), None, None, None, 700), Nights(D(9999, 12, 31), D.max)),
    ],
)
def test_the_nights_of_an_inquiry(
    fields: tuple[date | None, date | None, date | None, date | None, int | None], nights: Nights | None
) -> None:
    assert demand.wanted(*fields) == nights


@pytest.mark.parametrize(
    ("first", "end", "fits"),
    [
        (D(2026, 8, 1), D(2026, 8, 10), False),  # they leave on the day it becomes free
        (D(2026, 8, 1), D(2026, 8, 11), True),
        (D(2026, 8, 12), D(2026, 8, 13), True),
        (D(2026, 8, 13), D(2026, 8, 20), False),
        (D(2026, 8, 1), D(2026, 8, 31), True),
    ],
)
def test_overlap_with_free_nights(first: date, end: date, fits: bool) -> None:
    assert Nights(first, end).overlaps(demand.free(D(2026, 8, 10), D(2026, 8, 12))) is fits


@given(some_nights, some_nights)
def test_overlap_means_a_night_in_common(one: Nights, other: Nights) -> None:
    def nights(of: Nights) -> set[date]:
        return {of.first + timedelta(days=n) for n in range(len(of))}

    assert one.overlaps(other) == other.overlaps(one) == bool(nights(one) & nights(other))


@given(st.lists(st.tuples(some_nights, st.booleans()), max_size=12), days, st.integers(0, 60))
def test_every_night_is_counted_once(asked: list[tuple[Nights, bool]], first: date, length: int) -> None:
    last = first + timedelta(days=length)
    found = demand.by_day(asked, first, last)
    assert list(found) == [first + timedelta(days=n) for n in range(length + 1)]
    for day, counted in found.items():
        there = [booked for nights, booked in asked if nights.first <= day < nights.end]
        assert counted == Demand(fixed=there.count(False), booked=there.count(True))


@given(days, st.integers(0, 6))
def test_a_month_has_all_its_days_in_whole_weeks(day: date, first_weekday: int) -> None:
    rows = list(demand.weeks(day, first_weekday))
    shown = [one for row in rows for one in row if one is not None]
    first, last = demand.month(day.year, day.month)
    assert shown == [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert all(len(row) == 7 for row in rows)
    for row in rows:
        for place, one in enumerate(row):
            assert one is None or (one.weekday() - first_weekday) % 7 == place
    assert demand.next_month(demand.previous_month(day)) == day.replace(day=1)


def test_leap_years_and_ends_of_years() -> None:
    assert demand.month(2028, 2)[1] == D(2028, 2, 29)
    assert demand.month(2100, 2)[1] == D(2100, 2, 28)
    assert demand.next_month(D(2026, 12, 31)) == D(2027, 1, 1)
    assert demand.previous_month(D(2027, 1, 15)) == D(2026, 12, 1)


@given(st.integers(0, 500), st.integers(0, 500))
def test_degrees_of_demand(number: int, more: int) -> None:
    most = number + more
    found = demand.level(number, most)
    assert 0 <= found <= demand.LEVELS
    assert (found == 0) == (number == 0)
    assert demand.level(most, most) == (demand.LEVELS if most else 0)
    assert found <= demand.level(number + 1, most + 1) or more == 0
