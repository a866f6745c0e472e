from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.rules.working_hours import HoursFault, grouped, read_hours, week_of, working_seconds

MADRID = ZoneInfo("Europe/Madrid")
OFFICE = "08:00-20:00;08:00-20:00;08:00-20:00;08:00-20:00;08:00-20:00;09:00-14:00;"
HOUR = 3600


def there(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MADRID, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    "typed",
    [
        "Mon-Fri 08:00-20:00; Sat 09:00-14:00",
        "mon to fri 8-20; saturday 9-14; sun closed",
        "lunes a viernes 8:00-20:00; sábado 9h-14h",
        "pn–pt 8.00–20.00; sb 9–14",
        "lundi au vendredi 8h-20h; samedi 9h-14h",
        "Mon,Tue,Wed,Thu,Fri 8-12, 12-20; Sat 9-14",
        OFFICE,
    ],
)
def test_hours_are_read_as_people_write_them(typed: str) -> None:
    assert read_hours(typed) == OFFICE


@pytest.mark.parametrize("typed", ["", "24/7", "always", "daily 0:00-24:00", "0-24"])
def test_around_the_clock_is_kept_as_nothing(typed: str) -> None:
    assert read_hours(typed) == ""


def test_a_window_over_midnight_goes_on_the_next_day() -> None:
    assert read_hours("Fri 20:00-02:00") == ";;;;20:00-24:00;00:00-02:00;"
    assert read_hours("Sun 22-6") == "00:00-06:00;;;;;;22:00-24:00"
    assert read_hours("22-6") == ";".join(["00:00-06:00,22:00-24:00"] * 7)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("morning", "hours"),
        ("Mon 9", "hours"),
        ("Mon 9-12 14-18", "hours"),
        ("Xyz 9-12", "day"),
        ("Mon 9-25", "time"),
        ("Mon 9:75-12", "time"),
        ("Mon 9-9", "length"),
        ("Mon 24-8", "length"),
        (";;;;;;", "never"),
        ("Sun closed", "never"),
    ],
)
def test_what_is_wrong_is_said(typed: str, kind: str) -> None:
    with pytest.raises(HoursFault) as fault:
        read_hours(typed)
    assert fault.value.kind == kind


def test_days_alike_are_told_together() -> None:
    assert grouped(week_of(OFFICE)) == [(0, 4, ((480, 1200),)), (5, 5, ((540, 840),))]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-07-01T09:00", "2026-07-01T10:30", 5400),  # a Wednesday
        ("2026-07-01T19:00", "2026-07-02T09:00", 2 * HOUR),
        ("2026-07-03T19:00", "2026-07-06T09:00", 7 * HOUR),  # Friday evening to Monday morning
        ("2026-07-04T15:00", "2026-07-05T23:00", 0),
        ("2026-07-01T21:00", "2026-07-01T07:00", 0),  # it ends before it starts
        ("2026-06-29T00:00", "2026-07-06T00:00", 65 * HOUR),
    ],
)
def test_only_working_hours_count(start: str, end: str, expected: int) -> None:
    assert working_seconds(OFFICE, MADRID, there(start), there(end)) == expected


def test_without_hours_everything_counts() -> None:
    assert working_seconds("", MADRID, there("2026-07-01T09:00"), there("2026-07-03T09:00:01.9")) == 48 * HOUR + 1


def test_hours_that_nobody_can_read_are_around_the_clock() -> None:
    assert working_seconds("who knows", MADRID, there("2026-07-01T09:00"), there("2026-07-02T09:00")) == 24 * HOUR


def test_nights_when_the_clocks_change() -> None:
    nights = read_hours("22-6")
    spring = there("2026-03-28T22:00"), there("2026-03-29T06:00")
    autumn = there("2026-10-24T22:00"), there("2026-10-25T06:00")
    assert working_seconds(nights, MADRID, *spring) == 7 * HOUR
    assert working_seconds(nights, MADRID, *autumn) == 9 * HOUR


def test_an_hour_that_is_skipped_or_comes_twice() -> None:
    small = read_hours("2:15-2:45")
    spring = there("2026-03-29T00:00"), there("2026-03-30T00:00")
    autumn = there("2026-10-25T00:00"), there("2026-10-26T00:00")
    assert working_seconds(small, MADRID, *spring) == 0
    assert working_seconds(small, MADRID, *autumn) == HOUR
    assert working_seconds(small, MADRID, there("2026-10-25T02:30"), there("2026-10-25T02:30", fold=1)) == HOUR // 2


_instants = st.integers(0, 60 * 24 * 400).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n))


@settings(max_examples=60)
@given(_instants, _instants, _instants)
def test_parts_add_up(a: datetime, b: datetime, c: datetime) -> None:
    first, middle, last = sorted((a, b, c))
    parts = working_seconds(OFFICE, MADRID, first, middle) + working_seconds(OFFICE, MADRID, middle, last)
    assert parts == working_seconds(OFFICE, MADRID, first, last)


@settings(max_examples=25)
@given(_instants, st.integers(0, 60 * 24 * 10))
def test_it_is_what_counting_minute_by_minute_finds(start: datetime, length: int) -> None:
    hours = read_hours("Mon-Fri 8:30-13, 15-19:45; Sat 22-3; Sun 2-3")
    week = week_of(hours)
    counted = 0
    for n in range(length):
        local = (start + timedelta(minutes=n)).astimezone(MADRID)
        minute = local.hour * 60 + local.minute
        counted += any(opens <= minute < closes for opens, closes in week[local.weekday()])
    assert working_seconds(hours, MADRID, start, start + timedelta(minutes=length)) == 60 * counted
