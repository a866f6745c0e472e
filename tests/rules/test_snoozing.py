"""When a snoozed conversation wakes: in the property's zone, on the days on which the clocks change too."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules.snoozing import EVENING, LONGEST, MORNING, BadDay, again, at_local, choices, read

MADRID = ZoneInfo("Europe/Madrid")
SATURDAY = datetime(2026, 11, 21, 13, 5, tzinfo=UTC)  # 14:05 in Madrid

ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")]
)
INSTANTS = st.floats(0, 15 * 366).map(lambda days: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=days))


def local(instant: datetime) -> str:
    return f"{instant.astimezone(MADRID):%Y-%m-%d %H:%M}"


def test_the_usual_choices() -> None:
    assert {name: local(at) for name, at in choices(SATURDAY, MADRID).items()} == {
        "later": "2026-11-21 17:05",
        "evening": "2026-11-21 18:00",
        "tomorrow": "2026-11-22 08:00",
        "days": "2026-11-24 08:00",
        "monday": "2026-11-23 08:00",
    }


def test_next_monday_is_never_today_and_the_evening_is_offered_while_it_lies_ahead() -> None:
    monday = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
    assert local(choices(monday, MADRID)["monday"]) == "2026-11-30 08:00"
    assert "evening" not in choices(monday, MADRID)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-12-24", "2026-12-24 08:00"),
        ("24.12.", "2026-12-24 08:00"),
        ("24.12", "2026-12-24 08:00"),
        ("24/12", "2026-12-24 08:00"),
        ("24-12-2027", "2027-12-24 08:00"),
        ("24.12.27 18:00", "2027-12-24 18:00"),
        ("3.1.", "2027-01-03 08:00"),
        ("29.2.", "2028-02-29 08:00"),
        ("mañana", "2026-11-22 08:00"),
        ("Jutro 9:30", "2026-11-22 09:30"),
        ("demain 9h", "2026-11-22 09:00"),
        ("pojutrze", "2026-11-23 08:00"),
        ("hoy 16:00", "2026-11-21 16:00"),
        ("Friday", "2026-11-27 08:00"),
        ("sábado", "2026-11-28 08:00"),
        ("środa", "2026-11-25 08:00"),
        ("15:00", "2026-11-21 15:00"),
        ("9:00", "2026-11-22 09:00"),
        ("1", "2026-12-01 08:00"),
        ("+3 9:30", "2026-11-24 09:30"),
        ("24 dic a las 18:00", "2026-12-24 18:00"),
        ("pt", "2026-11-27 08:00"),
    ],
)
def test_days_as_people_type_them(typed: str, meant: str) -> None:
    assert local(read(typed, SATURDAY, MADRID)) == meant


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("31.2.", "no such day"),
        ("31/02/2027", "no such day"),
        ("2026-02-31", "no such day"),
        ("0.5.", "no such day"),
        ("2026-13-01", "unknown"),
        ("24.12. 25:00", "no such time"),
        ("2025-12-24", "past"),
        ("hoy", "past"),
        ("21.11. 14:05", "past"),
        ("2126-12-24", "far"),
        ("soon", "unknown"),
        ("", "unknown"),
        ("  ", "unknown"),
        ("+9999", "far"),
    ],
)
def test_what_is_no_day_is_refused_by_its_reason(typed: str, reason: str) -> None:
    with pytest.raises(BadDay) as refused:
        read(typed, SATURDAY, MADRID)
    assert refused.value.reason == reason


def test_a_time_that_the_clocks_skip_is_the_first_after_the_gap() -> None:
    assert local(at_local(date(2026, 3, 29), time(2, 30), MADRID)) == "2026-03-29 03:00"
    assert at_local(date(2026, 10, 25), time(2, 30), MADRID) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the first
    apia = ZoneInfo("Pacific/Apia")  # a whole day was skipped
    assert at_local(date(2011, 12, 30), time(8), apia) == datetime(2011, 12, 30, 10, tzinfo=UTC)


def test_the_same_snooze_again() -> None:
    tomorrow = choices(SATURDAY, MADRID)["tomorrow"]
    sunday = tomorrow + timedelta(minutes=7)
    assert local(again(SATURDAY, tomorrow, sunday, MADRID)) == "2026-11-23 08:00"
    assert again(SATURDAY, SATURDAY + timedelta(hours=3), sunday, MADRID) == sunday + timedelta(hours=3)
    evening = choices(SATURDAY, MADRID)["evening"]
    assert local(again(SATURDAY, evening, evening + timedelta(hours=1), MADRID)) == "2026-11-22 18:00"
    late = datetime(2026, 11, 21, 21, 30, tzinfo=UTC)  # three hours that go past midnight stay three hours
    assert again(late, late + timedelta(hours=3), sunday, MADRID) == sunday + timedelta(hours=3)


@given(INSTANTS, ZONES)
def test_every_choice_lies_ahead_at_its_time_of_day(now: datetime, zone: ZoneInfo) -> None:
    found = choices(now, zone)
    assert all(at > now for at in found.values())
    for name, clock in (("tomorrow", MORNING), ("days", MORNING), ("monday", MORNING), ("evening", EVENING)):
        if name in found:
            assert found[name].astimezone(zone).time() == clock
    assert found["monday"].astimezone(zone).weekday() == 0


@given(INSTANTS, st.timedeltas(timedelta(minutes=1), timedelta(days=60)), INSTANTS, ZONES)
def test_snoozed_again_lies_ahead_and_keeps_its_length(
    began: datetime, length: timedelta, now: datetime, zone: ZoneInfo
) -> None:
    until = began + length
    found = again(began, until, now, zone)
    assert found > now
    days = (until.astimezone(zone).date() - began.astimezone(zone).date()).days
    if days > 0 and length > timedelta(hours=3):
        assert (found.astimezone(zone).date() - now.astimezone(zone).date()).days == days


@given(st.dates(date(2000, 1, 1), date(2037, 1, 1)), st.times(), ZONES)
def test_a_local_time_is_the_first_instant_that_shows_at_least_it(day: date, clock: time, zone: ZoneInfo) -> None:
    clock = clock.replace(second=0, microsecond=0)
    found = at_local(day, clock, zone)
    assert found.astimezone(zone).replace(tzinfo=None) >= datetime.combine(day, clock)
    earlier = (found - timedelta(minutes=1)).astimezone(zone).replace(tzinfo=None)
    assert earlier < datetime.combine(day, clock)


@given(st.dates(date(2026, 11, 22), date(2030, 1, 1)), ZONES)
def test_a_day_is_read_as_it_is_written(day: date, zone: ZoneInfo) -> None:
    found = read(day.isoformat(), SATURDAY, zone)
    assert (found.astimezone(zone).date(), found.astimezone(zone).time()) == (day, MORNING)
    assert read(f"{day.day}.{day.month}.{day.year}", SATURDAY, zone) == found


@given(st.text(max_size=20))
def test_whatever_is_typed_is_an_instant_ahead_or_a_reason(text: str) -> None:
    reason = ""
    found = SATURDAY + LONGEST
    try:
        found = read(text, SATURDAY, MADRID)
    except BadDay as refused:
        reason = refused.reason
    assert reason in {"", "unknown", "no such day", "no such time", "past", "far"}
    assert timedelta(0) < found - SATURDAY <= LONGEST
