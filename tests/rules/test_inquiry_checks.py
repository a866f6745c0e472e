"""What an inquiry's fields may say (SPEC §4): every wrong value is told at its field."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules.days import DayFault, read_day
from crm_tui.rules.inquiry_checks import FIELDS, check
from crm_tui.rules.money import Money

TODAY = date(2026, 7, 1)


def faults(values: dict[str, Any], before: dict[str, Any] | None = None) -> dict[str, str]:
    """Kinds by field."""
    return {name: fault.kind for name, fault in check(values, TODAY, before).faults.items()}


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"arrival": "31.2.2027"}, {"arrival": "day"}),
        ({"arrival": "2027-02-29"}, {"arrival": "day"}),
        ({"arrival": "31.04."}, {"arrival": "day"}),
        ({"arrival": "soon"}, {"arrival": "date"}),
        ({"arrival": "2026-13-01"}, {"arrival": "date"}),
        ({"arrival": "2026-08-14", "departure": "2026-08-14"}, {"departure": "departure"}),
        ({"arrival": "2026-08-14", "departure": "2026-08-10"}, {"departure": "departure"}),
        ({"period_from": "2026-08-14", "period_to": "2026-08-10"}, {"period_to": "period"}),
        ({"period_from": "1.8.2026", "period_to": "5.8.2026", "nights": "7"}, {"nights": "nights"}),
        ({"arrival": "2026-08-14", "departure": "2026-08-21", "nights": 6}, {"nights": "nights"}),
        ({"nights": 0}, {"nights": "number"}),
        ({"adults": "-1"}, {"adults": "negative"}),
        ({"adults": "two"}, {"adults": "number"}),
        ({"adults": "1.5"}, {"adults": "number"}),
        ({"adults": "501"}, {"adults": "many"}),
        ({"adults": "0"}, {"adults": "nobody"}),
        ({"children": "-1"}, {"children": "negative"}),
        ({"children": -2}, {"children": "negative"}),
        ({"children": "18"}, {"children": "age"}),
        ({"children": [None] * 21}, {"children": "many"}),
        ({"children": "seven"}, {"children": "number"}),
        ({"budget": "1200"}, {"budget": "no currency"}),
        ({"budget": 1200}, {"budget": "no currency"}),
        ({"budget": "1200", "budget_currency": "XXQ"}, {"budget_currency": "currency"}),
        ({"budget": "1200 dollars each"}, {"budget": "amount"}),
        ({"budget": "-5 EUR"}, {"budget": "negative"}),
        ({"price": "5,123 EUR"}, {}),
        ({"price": "5,1234 EUR"}, {"price": "precise"}),
        ({"planned_end": "2026-06-30"}, {"planned_end": "past"}),
        ({"status": "done"}, {"status": "status"}),
        ({"status": "lost"}, {"lost_reason": "reason"}),
        ({"channel": "pigeon"}, {"channel": "channel"}),
        ({"room": "x" * 401}, {"room": "long"}),
        ({"colour": "red"}, {"colour": "unknown"}),
    ],
)
def test_a_wrong_value_is_told_at_its_field(values: dict[str, Any], told: dict[str, str]) -> None:
    assert faults(values) == told


@pytest.mark.parametrize(
    ("values", "stored"),
    [
        ({"arrival": "14.8.2026"}, {"arrival": date(2026, 8, 14)}),
        ({"arrival": "14/08/26"}, {"arrival": date(2026, 8, 14)}),
        ({"arrival": "14.6."}, {"arrival": date(2027, 6, 14)}),
        ({"arrival": "29.2."}, {"arrival": date(2028, 2, 29)}),
        ({"arrival": ""}, {"arrival": None}),
        ({"children": "7, 3; ?"}, {"children": [7, 3, None]}),
        ({"children": 2}, {"children": [None, None]}),
        ({"children": ""}, {"children": []}),
        ({"adults": 0, "children": [5]}, {"adults": 0, "children": [5]}),
        ({"budget": "1.200,50 eur"}, {"budget": 120050, "budget_currency": "EUR"}),
        ({"budget": Money(5, "PLN")}, {"budget": 5, "budget_currency": "PLN"}),
        ({"budget": "900", "budget_currency": "zł"}, {"budget": 90000, "budget_currency": "PLN"}),
        ({"budget": ""}, {"budget": None, "budget_currency": ""}),
        ({"status": "Offer  Sent"}, {"status": "offer sent"}),
        ({"status": "lost", "lost_reason": "too dear"}, {"status": "lost", "lost_reason": "too dear"}),
        ({"channel": "booking.com"}, {"channel": "Booking.com"}),
        ({"nights": ""}, {"nights": None}),
    ],
)
def test_values_as_they_are_stored(values: dict[str, Any], stored: dict[str, Any]) -> None:
    found = check(values, TODAY)
    assert not found.faults
    assert found.values == stored


def test_a_clash_with_what_stands_is_told_only_where_something_of_it_changes() -> None:
    before = {"arrival": date(2026, 8, 14), "departure": date(2026, 8, 21), "planned_end": date(2026, 6, 1)}
    assert faults({"departure": "2026-08-10"}, before) == {"departure": "departure"}
    assert faults({"arrival": "2026-08-30"}, before) == {"arrival": "departure"}
    assert faults({"planned_end": "2026-06-01", "room": "12"}, before) == {}
    assert faults({"nights": 7}, before) == {}
    assert faults({"room": "12"}, before | {"departure": date(2026, 8, 1)}) == {}
    assert faults({"status": "lost"}, {"lost_reason": "too dear"}) == {}


def test_an_amount_keeps_its_currency_when_only_one_of_them_is_given() -> None:
    before = {"budget": 5000, "budget_currency": "PLN"}
    assert check({"budget": "70"}, TODAY, before).values == {"budget": 7000, "budget_currency": "PLN"}
    assert check({"budget_currency": "EUR"}, TODAY, before).values == {"budget": 5000, "budget_currency": "EUR"}


@given(st.dates(date(2026, 1, 1), date(2199, 12, 31)))
def test_a_day_is_read_in_every_way_of_writing_it(day: date) -> None:
    for text in (day.isoformat(), f"{day.day}.{day.month}.{day.year}", f"{day.day:02}/{day.month:02}/{day.year}"):
        assert read_day(text, TODAY) == day


@given(st.integers(1, 31), st.integers(1, 12))
def test_a_day_without_a_year_is_the_next_one(day: int, month: int) -> None:
    try:
        found = read_day(f"{day}.{month}.", TODAY)
    except DayFault:
        with pytest.raises(ValueError, match="day"):
            date(2028, month, day)
    else:
        assert (found.day, found.month) == (day, month)
        assert found >= TODAY
        assert found - TODAY < timedelta(days=366 * 2)


_ANYTHING = st.one_of(st.text(max_size=20), st.integers(), st.none(), st.lists(st.integers(), max_size=3), st.dates())


@given(st.dictionaries(st.sampled_from(FIELDS), _ANYTHING, max_size=6))
def test_whatever_is_given_is_stored_or_told_and_never_both(values: dict[str, Any]) -> None:
    found = check(values, TODAY)
    assert set(found.faults) <= set(FIELDS)
    stored = check(found.values, TODAY) if not found.faults else None
    if stored is not None:
        assert not stored.faults
        assert stored.values == found.values
    arrival, departure = found.values.get("arrival"), found.values.get("departure")
    if not found.faults and arrival and departure:
        assert arrival < departure
    for age in found.values.get("children", []):
        assert age is None or 0 <= age <= 17


STANDS = {"arrival": date(2026, 8, 1), "departure": date(2026, 8, 3), "nights": 2}


@pytest.mark.parametrize(
    ("values", "before", "stored"),
    [
        ({"arrival": "2026-07-31"}, STANDS, {"arrival": date(2026, 7, 31), "nights": 3}),
        ({"departure": "2026-08-08"}, STANDS | {"nights": 5, "proposed": {"nights": "5 noches"}}, {"nights": 7}),
        ({"departure": "2026-08-08"}, STANDS | {"nights": None}, {"departure": date(2026, 8, 8)}),
        ({"arrival": "2026-08-01", "nights": "4"}, {}, {"departure": date(2026, 8, 5)}),
        ({"departure": "2026-08-05", "nights": "4"}, {}, {"arrival": date(2026, 8, 1)}),
        ({"arrival": "2026-08-01", "nights": "4", "departure": ""}, {}, {"departure": date(2026, 8, 5)}),
        ({"arrival": "2026-08-10", "nights": "4"}, STANDS, {"departure": date(2026, 8, 14)}),
        ({"nights": "4"}, {"arrival": date(2026, 8, 1)}, {"departure": date(2026, 8, 5)}),
        ({"nights": "4", "departure": ""}, STANDS, {"departure": None, "nights": 4}),
    ],
)
def test_the_one_that_nobody_vouches_for_follows_the_others(
    values: dict[str, Any], before: dict[str, Any], stored: dict[str, Any]
) -> None:
    found = check(values, TODAY, before)
    assert found.faults == {}
    assert found.values.items() >= stored.items()
    assert found.values.get("nights") == stored.get("nights", found.values.get("nights"))


@pytest.mark.parametrize(
    ("values", "before"),
    [
        ({"nights": "4"}, STANDS),
        ({"departure": "2026-08-08"}, STANDS | {"nights": 5}),
        ({"arrival": "2026-08-01", "departure": "2026-08-03", "nights": "4"}, STANDS | {"proposed": {"nights": "2"}}),
    ],
)
def test_what_somebody_wrote_is_not_overruled(values: dict[str, Any], before: dict[str, Any]) -> None:
    assert faults(values, before) == {"nights": "nights"} or faults(values, before) == {"departure": "nights"}


def test_days_beyond_the_calendar_are_not_worked_out() -> None:
    assert "departure" not in check({"arrival": date.max, "nights": 3}, TODAY).values


def test_broken_bytes_are_left_out_of_texts() -> None:
    assert check({"room": "12\udcff\x00b", "preferences": "\ud800"}, TODAY).values == {"room": "12b", "preferences": ""}
