"""Periods of days that figures are asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules.days import DayFault
from crm_tui.rules.periods import NAMES, Period, PeriodFault, named_period, read_between, read_period

TODAY = date(2026, 11, 22)  # a Sunday
MADRID = ZoneInfo("Europe/Madrid")
DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("today", "2026-11-22..2026-11-22"),
        ("Hoy", "2026-11-22..2026-11-22"),
        ("wczoraj", "2026-11-21..2026-11-21"),
        ("week", "2026-11-16..2026-11-22"),
        ("last week", "2026-11-09..2026-11-15"),
        ("zeszły tydzień", "2026-11-09..2026-11-15"),
        ("la semaine dernière", "2026-11-09..2026-11-15"),
        ("month", "2026-11-01..2026-11-30"),
        ("el mes pasado", "2026-10-01..2026-10-31"),
        ("quarter", "2026-10-01..2026-12-31"),
        ("last quarter", "2026-07-01..2026-09-30"),
        ("year", "2026-01-01..2026-12-31"),
        ("año pasado", "2025-01-01..2025-12-31"),
        ("last 7 days", "2026-11-16..2026-11-22"),
        ("30 dni", "2026-10-24..2026-11-22"),
        ("2026", "2026-01-01..2026-12-31"),
        ("2024-02", "2024-02-01..2024-02-29"),
        ("02/2025", "2025-02-01..2025-02-28"),
        ("march", "2026-03-01..2026-03-31"),
        ("grudzień", "2025-12-01..2025-12-31"),
        ("mayo de 2025", "2025-05-01..2025-05-31"),
        ("2026-Q1", "2026-01-01..2026-03-31"),
        ("Q4", "2026-10-01..2026-12-31"),
        ("2026-W01", "2025-12-29..2026-01-04"),
        ("2026-11-21", "2026-11-21..2026-11-21"),
        ("fri", "2026-11-20..2026-11-20"),
        ("2026-05-01..2026-05-15", "2026-05-01..2026-05-15"),
        ("1.5. .. 15.5.", "2026-05-01..2026-05-15"),
        ("20.12...5.1.", "2025-12-20..2026-01-05"),
        ("1.11 - 30.11", "2026-11-01..2026-11-30"),
        ("1 may to 15 may", "2026-05-01..2026-05-15"),
        ("2026-11-01..", "2026-11-01..2026-11-22"),
        ("today..+7", "2026-11-22..2026-11-29"),
        ("yesterday..tomorrow", "2026-11-21..2026-11-23"),
    ],
)
def test_reads_what_people_write(text: str, means: str) -> None:
    assert str(read_period(text, TODAY)) == means


@pytest.mark.parametrize("text", ["2026-05-15..2026-05-01", "today..yesterday", "2026-05-02 - 2025-05-03"])
def test_refuses_a_period_that_ends_before_it_starts(text: str) -> None:
    with pytest.raises(PeriodFault) as fault:
        read_period(text, TODAY)
    assert fault.value.kind == "order"


def test_a_period_cannot_be_made_backwards() -> None:
    with pytest.raises(PeriodFault):
        Period(TODAY, TODAY - timedelta(days=1))
    with pytest.raises(PeriodFault):
        read_between("2026-05-15", "2026-05-01", TODAY)


@pytest.mark.parametrize(
    "text", ["", "soon", "..", "..2026-05-01", "2026-13", "9999", "2026-W54", "1.1.2026..2.2.2026..3.3.2026"]
)
def test_refuses_what_is_no_period(text: str) -> None:
    with pytest.raises(PeriodFault) as fault:
        read_period(text, TODAY)
    assert fault.value.kind == "period"


@pytest.mark.parametrize("text", ["31.2.2026", "2026-02-30..2026-03-01", "2026-01-01..soon"])
def test_refuses_days_that_there_are_not(text: str) -> None:
    with pytest.raises(DayFault):
        read_period(text, TODAY)


@given(st.text(max_size=20))
def test_never_fails_otherwise(text: str) -> None:
    try:
        found = read_period(text, TODAY)
    except DayFault:
        return
    assert found.start <= found.end


@given(DAYS, DAYS)
def test_is_read_again_as_it_was_written(one: date, other: date) -> None:
    period = Period(min(one, other), max(one, other))
    assert read_period(str(period), TODAY) == period


@given(DAYS, st.sampled_from([name for name in NAMES if not name.startswith("last") and name != "yesterday"]))
def test_a_named_period_holds_today_and_the_last_one_ends_before_it(today: date, name: str) -> None:
    period = named_period(name, today)
    assert today in period
    if name != "today":
        assert named_period(f"last {name}", today).end == period.start - timedelta(days=1)


@given(DAYS, st.integers(0, 800), st.sampled_from(["day", "week", "month"]))
def test_parts_cover_it_without_gap_or_overlap(start: date, length: int, unit: str) -> None:
    period = Period(start, start + timedelta(days=length))
    parts = period.parts(unit)
    assert (parts[0].start, parts[-1].end) == (period.start, period.end)
    assert all(after.start - before.end == timedelta(days=1) for before, after in pairwise(parts))
    assert sum(map(len, parts)) == len(period) == len(list(period.days()))


def test_days_begin_at_the_propertys_midnight_even_when_clocks_change() -> None:
    spring = Period(date(2026, 3, 29), date(2026, 3, 29))
    first, after = spring.instants(MADRID)
    assert (first, after) == (datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC))
    autumn = Period(date(2026, 10, 25), date(2026, 10, 25)).instants(MADRID)
    assert autumn[1] - autumn[0] == timedelta(hours=25)
    assert spring.before() == Period(date(2026, 3, 28), date(2026, 3, 28))
