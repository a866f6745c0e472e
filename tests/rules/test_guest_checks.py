"""Birth dates as people type them, and lists that two people changed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules.days import DayFault
from crm_tui.rules.guest_checks import FIRST_BIRTH, age, read_birth_date

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3.4.1980", date(1980, 4, 3)),
        ("3.4.80", date(1980, 4, 3)),
        ("14/08/85", date(1985, 8, 14)),
        ("3.4.26", date(2026, 4, 3)),
        ("3.12.26", date(1926, 12, 3)),
        ("12 lip 77", date(1977, 7, 12)),
        ("12 de julio de 1977", date(1977, 7, 12)),
        ("1980-04-03", date(1980, 4, 3)),
        ("29.2.00", date(2000, 2, 29)),
    ],
)
def test_a_birth_date_has_its_year_and_is_past(text: str, day: date) -> None:
    assert read_birth_date(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("12 jul", "year"), ("5", "year"), ("fri", "year"), ("+3", "year"), ("1.1.2030", "future"), ("23.11.2026", "future"),
        ("31.12.1899", "early"), ("31.2.1980", "day"), ("hello", "date"),
    ],
)  # fmt: skip
def test_what_is_no_birth_date_is_told(text: str, kind: str) -> None:
    with pytest.raises(DayFault) as caught:
        read_birth_date(text, TODAY)
    assert caught.value.kind == kind


@given(st.dates(FIRST_BIRTH, TODAY))
def test_every_birth_date_is_read_as_it_is_written(day: date) -> None:
    assert read_birth_date(f"{day.day}.{day.month}.{day.year}", TODAY) == day
    assert read_birth_date(day.isoformat(), TODAY) == day
    if day > TODAY - timedelta(days=365 * 99):
        assert read_birth_date(f"{day.day}.{day.month}.{day.year % 100:02}", TODAY) == day


@given(st.text(max_size=40))
def test_anything_typed_is_a_day_or_a_fault(text: str) -> None:
    try:
        found = read_birth_date(text, TODAY)
    except DayFault:
        return
    assert FIRST_BIRTH <= found <= TODAY


def test_the_age_turns_on_the_birthday() -> None:
    assert age(date(1980, 11, 22), TODAY) == 46
    assert age(date(1980, 11, 23), TODAY) == 45
    assert age(date(2000, 2, 29), date(2001, 2, 28)) == 0
