"""Watch windows, journeys, and whether guests know the times."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules.departures import (
    Facts,
    LocalTime,
    Stamp,
    journeys,
    moment,
    read_local,
    start_of_day,
    state,
    watched,
)
from crm_tui.rules.vocabulary import FlightState

WARSAW, MADRID, AUCKLAND = ZoneInfo("Europe/Warsaw"), ZoneInfo("Europe/Madrid"), ZoneInfo("Pacific/Auckland")
HONOLULU, APIA, BEIRUT = ZoneInfo("Pacific/Honolulu"), ZoneInfo("Pacific/Apia"), ZoneInfo("Asia/Beirut")
HAVANA, ST_JOHNS, TORONTO = ZoneInfo("America/Havana"), ZoneInfo("America/St_Johns"), ZoneInfo("America/Toronto")
ZONES = [
    WARSAW,
    MADRID,
    AUCKLAND,
    HONOLULU,
    APIA,
    BEIRUT,
    HAVANA,
    ST_JOHNS,
    ZoneInfo("Asia/Kathmandu"),
    ZoneInfo("UTC"),
]
SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    """An instant written with its offset."""
    return datetime.fromisoformat(text).astimezone(UTC)


# The window: start_of_day(D - N) <= now < start_of_day(D + 1)


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("days", [0, 1, 2, 14])
def test_the_window_is_half_open(zone: ZoneInfo, days: int) -> None:
    day = date(2026, 7, 10)
    opens, closes = start_of_day(day - timedelta(days=days), zone), start_of_day(day + timedelta(days=1), zone)
    listed = [watched(day, instant, zone, days) for instant in (opens - SECOND, opens, closes - SECOND, closes)]
    assert listed == [False, True, True, False]


@pytest.mark.parametrize(
    ("day", "opens", "closes"),
    [
        ("2026-03-29", "2026-03-27T00:00+01:00", "2026-03-30T00:00+02:00"),  # clocks forward: 71 hours
        ("2026-10-25", "2026-10-23T00:00+02:00", "2026-10-26T00:00+01:00"),  # clocks back: 73 hours
        ("2026-03-31", "2026-03-29T00:00+01:00", "2026-04-01T00:00+02:00"),  # the change lies inside
        ("2026-10-27", "2026-10-25T00:00+02:00", "2026-10-28T00:00+01:00"),
        ("2028-03-01", "2028-02-28T00:00+01:00", "2028-03-02T00:00+01:00"),  # over a leap day
        ("2027-01-01", "2026-12-30T00:00+01:00", "2027-01-02T00:00+01:00"),
    ],
)
def test_days_of_a_change_of_clocks_are_as_long_as_they_are(day: str, opens: str, closes: str) -> None:
    flown = date.fromisoformat(day)
    for text, before, after in ((opens, False, True), (closes, True, False)):
        assert watched(flown, at(text) - SECOND, WARSAW, 2) is before
        assert watched(flown, at(text), WARSAW, 2) is after


def test_the_day_is_that_of_the_airport_not_of_the_property() -> None:
    """Auckland is thirteen hours ahead, Honolulu ten behind: at the same instant it is another day there."""
    flown = date(2026, 12, 10)
    now = at("2026-12-07T11:00:00+00:00")
    assert now.astimezone(AUCKLAND).date() == date(2026, 12, 8)
    assert watched(flown, now, AUCKLAND, 2)
    assert not watched(flown, now, MADRID, 2)
    assert not watched(flown, now, HONOLULU, 2)
    late = at("2026-12-11T09:59:00+00:00")
    assert watched(flown, late, HONOLULU, 2)  # still the tenth, one minute to midnight
    assert not watched(flown, late + timedelta(minutes=1), HONOLULU, 2)
    assert not watched(flown, late, MADRID, 2)


@pytest.mark.parametrize(
    ("zone", "day", "starts"),
    [
        (BEIRUT, "2022-03-27", "2022-03-27T01:00+03:00"),  # midnight was skipped
        (HAVANA, "2026-11-01", "2026-11-01T00:00-04:00"),  # midnight came twice: the first
        (APIA, "2011-12-30", "2011-12-31T00:00+14:00"),  # there was no such day
        (APIA, "2011-12-29", "2011-12-29T00:00-10:00"),
        (TORONTO, "1919-03-31", "1919-03-31T00:30-04:00"),  # half an hour before midnight the clocks went an hour ahead
        (ST_JOHNS, "2006-10-29", "2006-10-29T00:00-02:30"),  # a minute after midnight they went back to the day before
    ],
)
def test_a_day_starts_with_its_first_instant(zone: ZoneInfo, day: str, starts: str) -> None:
    assert start_of_day(date.fromisoformat(day), zone) == at(starts)


@given(st.sampled_from(ZONES), st.dates(date(1990, 1, 1), date(2045, 12, 31)))
def test_before_the_start_it_is_another_day_and_then_it_is_that_one(zone: ZoneInfo, day: date) -> None:
    start = start_of_day(day, zone)
    assert start.astimezone(zone).date() >= day
    assert (start - SECOND).astimezone(zone).date() < day
    assert start < start_of_day(day + timedelta(days=1), zone) or zone is APIA


@given(
    st.sampled_from(ZONES), st.dates(date(2012, 1, 1), date(2045, 12, 31)), st.integers(0, 60), st.integers(0, 86_399)
)
def test_a_flight_is_listed_from_n_days_before_its_day_until_that_ends(
    zone: ZoneInfo, day: date, days: int, second: int
) -> None:
    for local, listed in ((day - timedelta(days=days), True), (day, True), (day + timedelta(days=1), False)):
        now = start_of_day(local, zone) + timedelta(seconds=second % 79_200)  # no day is shorter than 22 hours
        assert watched(day, now, zone, days) is listed


def test_the_ends_of_the_calendar_are_no_error() -> None:
    assert not watched(date.min, at("2026-01-01T00:00+00:00"), WARSAW, 2)
    assert not watched(date.max, at("2026-01-01T00:00+00:00"), WARSAW, 2)


# Local times


@pytest.mark.parametrize(
    ("text", "instant", "clock"),
    [
        ("2026-03-29T01:59", "2026-03-29T00:59+00:00", LocalTime.PLAIN),
        ("2026-03-29T02:00", "2026-03-29T01:00+00:00", LocalTime.SKIPPED),
        ("2026-03-29T02:30", "2026-03-29T01:30+00:00", LocalTime.SKIPPED),
        ("2026-03-29T03:00", "2026-03-29T01:00+00:00", LocalTime.PLAIN),
        ("2026-10-25T01:59", "2026-10-24T23:59+00:00", LocalTime.PLAIN),
        ("2026-10-25T02:30", "2026-10-25T00:30+00:00", LocalTime.TWICE),
        ("2026-10-25T03:00", "2026-10-25T02:00+00:00", LocalTime.PLAIN),
    ],
)
def test_a_local_time_is_an_instant_or_says_what_is_odd_about_it(text: str, instant: str, clock: LocalTime) -> None:
    local = read_local(text)
    assert local is not None
    assert moment(local, WARSAW) == (at(instant), clock)


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01T10:00", "2026-03-01T10:00+01:00"])
def test_what_is_no_local_time_is_none(text: str) -> None:
    assert read_local(text) is None


# Journeys


class Flown(NamedTuple):
    """A leg, and the zone of the airport that it leaves from."""

    from_airport: str
    to_airport: str
    departs: str
    arrives: str = ""
    zone: ZoneInfo = WARSAW


def departure(leg: Flown) -> datetime:
    local = read_local(leg.departs)
    assert local is not None
    return moment(local, leg.zone).at


def firsts(*legs: Flown) -> list[str]:
    """The legs that are watched."""
    return [f"{one[0].from_airport}-{one[0].to_airport}" for one in journeys(legs, departure)]


OUT = (
    Flown("WAW", "MUC", "2026-07-10T06:00", "2026-07-10T07:40"),
    Flown("MUC", "PMI", "2026-07-10T09:00", "2026-07-10T11:10"),
)
HOME = (
    Flown("PMI", "MUC", "2026-07-17T12:00", "2026-07-17T14:10"),
    Flown("MUC", "WAW", "2026-07-17T22:00", "2026-07-17T23:30"),
)


def test_each_way_is_a_row_and_of_connecting_flights_the_first() -> None:
    assert firsts(*OUT, *HOME) == ["WAW-MUC", "PMI-MUC"]
    assert firsts(*reversed((*OUT, *HOME))) == ["WAW-MUC", "PMI-MUC"]  # in whatever order they were typed


def test_a_night_at_the_airport_is_a_connection_and_a_stay_is_none() -> None:
    night = Flown("MUC", "PMI", "2026-07-11T07:39", "2026-07-11T09:50")
    day = Flown("MUC", "PMI", "2026-07-11T07:40", "2026-07-11T09:50")
    assert firsts(OUT[0], night) == ["WAW-MUC"]
    assert firsts(OUT[0], day) == ["WAW-MUC", "MUC-PMI"]


def test_the_way_back_on_the_same_day_is_a_journey_of_its_own() -> None:
    assert firsts(Flown("WAW", "KRK", "2026-07-10T06:00", "2026-07-10T06:55"),
                  Flown("KRK", "WAW", "2026-07-10T20:00", "2026-07-10T20:55")) == ["WAW-KRK", "KRK-WAW"]  # fmt: skip
    back = [one._replace(departs=one.departs.replace("-17T", "-10T"), arrives="") for one in HOME]
    assert firsts(*OUT, *back) == ["WAW-MUC", "PMI-MUC"]
    direct = Flown("PMI", "WAW", "2026-07-10T20:00")
    assert firsts(*OUT, direct) == ["WAW-MUC", "PMI-WAW"]


def test_of_two_ways_home_each_keeps_its_connections() -> None:
    some = [Flown("PMI", "MUC", "2026-07-10T12:00", "2026-07-10T14:00"), Flown("MUC", "WAW", "2026-07-10T20:00")]
    others = [Flown("PMI", "FRA", "2026-07-10T13:00", "2026-07-10T15:00"), Flown("FRA", "WAW", "2026-07-10T18:00")]
    assert firsts(*some, *others) == ["PMI-MUC", "PMI-FRA"]


def test_a_leg_from_elsewhere_or_from_nowhere_connects_to_nothing() -> None:
    assert firsts(OUT[0], Flown("FRA", "PMI", "2026-07-10T09:00")) == ["WAW-MUC", "FRA-PMI"]
    assert firsts(Flown("", "", "2026-07-10T06:00"), Flown("", "", "2026-07-10T09:00")) == ["-", "-"]


def test_over_the_date_line_the_second_leg_leaves_the_day_before_the_first() -> None:
    first = Flown("AKL", "HNL", "2026-07-10T00:30", "2026-07-09T11:15", AUCKLAND)
    second = Flown("HNL", "LAX", "2026-07-09T14:00", "2026-07-09T22:30", HONOLULU)
    assert firsts(first, second) == firsts(second, first) == ["AKL-HNL"]


def test_a_connection_that_leaves_too_early_is_still_one() -> None:
    """The first flight was put off: whoever is told of it must hear that the second is missed."""
    late = OUT[0]._replace(departs="2026-07-10T08:30", arrives="2026-07-10T10:10")
    assert firsts(late, OUT[1]) == ["WAW-MUC"]


def test_without_an_arrival_the_departures_say_whether_it_connects() -> None:
    assert firsts(OUT[0]._replace(arrives=""), OUT[1]) == ["WAW-MUC"]
    assert firsts(OUT[0]._replace(arrives=""), OUT[1]._replace(departs="2026-07-12T09:00")) == ["WAW-MUC", "MUC-PMI"]


def test_a_leg_without_a_time_is_not_watched() -> None:
    assert firsts(OUT[0], Flown("MUC", "PMI", "")) == ["WAW-MUC"]


# What the guests know

TIMES = Facts("2026-07-10T06:00", "2026-07-10T07:40", "LO 351 WAW-MUC")
LATER = TIMES._replace(departs="2026-07-10T06:20")
TOLD_AT = datetime(2026, 7, 9, 9, 0, tzinfo=UTC)
NOTHING = Facts("", "", "")


@pytest.mark.parametrize(
    ("legs", "means"),
    [
        ([], FlightState.TO_INFORM),
        ([Stamp(None, NOTHING, TIMES)], FlightState.TO_INFORM),
        ([Stamp(TOLD_AT, TIMES, TIMES)], FlightState.INFORMED),
        ([Stamp(TOLD_AT, TIMES, LATER)], FlightState.AGAIN),
        ([Stamp(TOLD_AT, TIMES, TIMES._replace(arrives="2026-07-10T07:50"))], FlightState.AGAIN),
        ([Stamp(TOLD_AT, TIMES, TIMES._replace(flight="LO 353 WAW-MUC"))], FlightState.AGAIN),
        ([Stamp(TOLD_AT, TIMES._replace(flight=""), TIMES)], FlightState.INFORMED),
        ([Stamp(TOLD_AT, TIMES, TIMES), Stamp(TOLD_AT, TIMES, LATER)], FlightState.AGAIN),
        ([Stamp(TOLD_AT, TIMES, TIMES), Stamp(None, NOTHING, TIMES)], FlightState.AGAIN),
        ([Stamp(None, NOTHING, TIMES), Stamp(TOLD_AT, TIMES, TIMES)], FlightState.TO_INFORM),
    ],
)
def test_a_change_after_the_stamp_asks_to_inform_again(legs: list[Stamp], means: FlightState) -> None:
    assert state(legs) is means
