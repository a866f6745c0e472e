"""When a payment is reminded of by itself (SPEC §8)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules.notices import Cadence, is_due, is_quiet, next_turn, read_time, turn

DUE = date(2026, 3, 28)  # the clocks go forward in the night after it
CADENCE = Cadence()


def day(offset: int) -> date:
    return DUE + timedelta(days=offset)


def simulated(offsets: list[int], cadence: Cadence = CADENCE) -> list[int]:
    """On which of these days, lived one after the other, a line is reminded of."""
    sent: list[date] = []
    for offset in offsets:
        if is_due(day(offset), DUE, sent, cadence):
            sent.append(day(offset))
    return [(one - DUE).days for one in sent]


def test_three_days_before_then_one_after_and_every_second() -> None:
    assert simulated(list(range(-10, 10))) == [-3, 1, 3, 5, 7, 9]


def test_after_downtime_one_not_many() -> None:
    assert simulated([-3, 6, 6, 6, 7, 8, 9]) == [-3, 6, 7, 9]
    assert simulated([-1, 0, 1]) == [-1, 1]
    assert simulated([0, 0, 1]) == [0, 1]
    assert simulated([40]) == [40]


def test_a_clock_that_goes_back_repeats_nothing() -> None:
    assert simulated([-3, -2, 1, 2, 3, 2, 1, 0, 1, 2, 3, 4, 5]) == [-3, 1, 3, 5]


def test_a_clock_that_was_a_year_ahead_does_not_silence_the_line() -> None:
    assert is_due(day(1), DUE, [day(365)], CADENCE)
    assert not is_due(day(1), DUE, [day(4)], CADENCE)


def test_other_cadences() -> None:
    assert simulated(list(range(-10, 12)), Cadence(7, 5)) == [-7, 1, 6, 11]
    assert simulated(list(range(-2, 4)), Cadence(0, 1)) == [0, 1, 2, 3]


@given(
    st.lists(st.integers(-30, 60), max_size=60),
    st.builds(Cadence, st.integers(0, 20), st.integers(1, 10)),
)
def test_whatever_days_are_lived_each_turn_is_served_at_most_once(days: list[int], cadence: Cadence) -> None:
    days.sort()
    sent = simulated(days, cadence)
    assert len(set(sent)) == len(sent)
    turns = [turn(day(one), DUE, cadence) for one in sent]
    assert None not in turns
    assert len(set(turns)) == len(turns)  # a turn that was made good is not made good again
    assert all(one >= -cadence.first for one in sent)


@given(st.integers(-30, 200), st.builds(Cadence, st.integers(0, 20), st.integers(1, 10)))
def test_the_next_turn_is_the_first_day_whose_turn_is_itself(offset: int, cadence: Cadence) -> None:
    coming = next_turn(day(offset), DUE, cadence)
    assert coming > day(offset)
    assert turn(coming, DUE, cadence) == coming
    between = (coming - day(offset)).days
    assert all(turn(day(offset + step), DUE, cadence) != day(offset + step) for step in range(1, between))


@given(st.integers(-5, 30), st.lists(st.integers(-6, 6), max_size=30))
def test_however_a_clock_is_set_within_a_week_no_turn_goes_out_twice(start: int, steps: list[int]) -> None:
    offsets, now, low = [start], start, start
    for step in steps:
        now = max(low, now + step) if step < 0 else now + step
        low = max(low, now - 6)  # never set back by more than a week
        offsets.append(now)
    sent: list[date] = []
    turns = []
    for offset in offsets:
        if is_due(day(offset), DUE, sent, CADENCE):
            sent.append(day(offset))
            turns.append(turn(day(offset), DUE, CADENCE))
    assert len(set(turns)) == len(turns)


@pytest.mark.parametrize(
    ("now", "quiet"),
    [("19:59", False), ("20:00", True), ("23:59", True), ("00:00", True), ("08:59", True), ("09:00", False)],
)
def test_quiet_hours_over_midnight(now: str, quiet: bool) -> None:
    assert is_quiet(read_time(now), time(20), time(9)) is quiet


def test_quiet_hours_within_a_day_and_none() -> None:
    assert is_quiet(time(13, 30), time(13), time(15))
    assert not is_quiet(time(15), time(13), time(15))
    assert not any(is_quiet(time(hour), time(9), time(9)) for hour in range(24))


@pytest.mark.parametrize("text", ["", "9", "24:00", "12:60", "1:2", "aa:bb", "-1:00", "٠٩:00", "12:00:00"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- whatever the words
        read_time(text)


def test_the_hour_that_comes_twice_is_one_day() -> None:
    """Both 02:30 of the night in which clocks go back fall on the same day: the second finds the line reminded of."""
    zone, due = ZoneInfo("Europe/Madrid"), date(2026, 10, 24)
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC).astimezone(zone)
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC).astimezone(zone)
    assert first.time() == second.time() == time(2, 30)
    assert is_due(first.date(), due, [], CADENCE)
    assert not is_due(second.date(), due, [first.date()], CADENCE)
