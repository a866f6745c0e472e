"""Flights of a reservation: added, changed, taken away; airports and clocks that cannot be, or are odd."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.base.errors import Conflict, NotFound
from crm_tui.desk.common.context import Context
from crm_tui.desk.requests.inquiry_faults import InvalidFields
from crm_tui.desk.watchlists.flight_views import DoubtfulFlight
from tests.desk.bookings import add_reservation
from tests.desk.house import make_house

LEG = {"number": "lo 123", "from": "waw", "to": "PMI", "departs": "14 aug 6:35", "arrives": "9:50"}


@pytest.fixture
def house(tmp_path: Path) -> Context:
    return make_house(tmp_path)


@pytest.fixture
def stay(house: Context) -> int:
    return add_reservation(house, "B-1", arrival=date(2026, 8, 14), departure=date(2026, 8, 21))


def legs(ctx: Context, stay: int) -> list[tuple[str, str, str, str, str]]:
    return [
        (one.number, one.from_airport, one.to_airport, one.departs, one.arrives)
        for one in desk.reservations.get(ctx, stay).flights
    ]


def test_times_are_read_as_people_type_them(house: Context, stay: int) -> None:
    desk.flights.add(house, stay, LEG)
    assert legs(house, stay) == [("LO 123", "WAW", "PMI", "2026-08-14T06:35", "2026-08-14T09:50")]


def test_a_changed_time_keeps_its_day_where_none_is_typed(house: Context, stay: int) -> None:
    flight = desk.flights.add(house, stay, LEG)
    desk.flights.set(house, flight, 1, {"departs": "6:20", "arrives": "9:35"})
    assert legs(house, stay) == [("LO 123", "WAW", "PMI", "2026-08-14T06:20", "2026-08-14T09:35")]


def test_a_day_in_words_is_counted_from_today_not_from_the_flight(house: Context, stay: int) -> None:
    flight = desk.flights.add(house, stay, LEG)
    today = house.clock.now().date()
    desk.flights.set(house, flight, 1, {"departs": "tomorrow 6:20", "arrives": ""})
    assert legs(house, stay)[0][3] == f"{today + timedelta(days=1)}T06:20"


def test_a_new_leg_needs_its_day(house: Context, stay: int) -> None:
    with pytest.raises(InvalidFields, match="day and hour"):
        desk.flights.add(house, stay, {**LEG, "departs": "6:20"})


def test_legs_stand_in_the_order_of_their_departures(house: Context, stay: int) -> None:
    desk.flights.add(house, stay, {**LEG, "number": "LO2", "departs": "21 aug 10:00", "arrives": "+1 0:30"})
    desk.flights.add(house, stay, LEG)
    found = legs(house, stay)
    assert [one[0] for one in found] == ["LO 123", "LO2"]
    assert found[1][4] == "2026-08-22T00:30"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("number", "", "number of the flight"),
        ("from", "", "from which airport"),
        ("from", "WARSAW", "three letters"),
        ("departs", "", "when it departs"),
        ("departs", "14 aug", "no hour"),
        ("departs", "31 sep 6:00", "no such day"),
        ("departs", "14 aug 25:00", "no hour"),
        ("departs", "2027-03-28 02:30", "put forward"),  # Warsaw
    ],
)
def test_what_cannot_be_is_said_at_its_field(house: Context, stay: int, field: str, value: str, words: str) -> None:
    with pytest.raises(InvalidFields) as caught:
        desk.flights.add(house, stay, {**LEG, "arrives": "", field: value})
    assert list(caught.value.errors) == [{"from": "from_airport"}.get(field, field)]
    assert words in str(caught.value)
    assert not legs(house, stay)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"to": "QQQ"}, "no airport QQQ"),
        ({"arrives": "14 aug 6:00"}, "before it departs"),
        ({"arrives": "17 aug 6:00"}, "more than a day and a half"),
        ({"to": "WAW"}, "land where it departs"),
    ],
)
def test_what_is_odd_is_kept_only_when_somebody_says_so(
    house: Context, stay: int, changed: dict[str, str], words: str
) -> None:
    with pytest.raises(DoubtfulFlight, match=words):
        desk.flights.add(house, stay, LEG | changed)
    assert not legs(house, stay)
    desk.flights.add(house, stay, LEG | changed, sure=True)
    assert len(legs(house, stay)) == 1


def test_the_clocks_of_both_airports_count(house: Context, stay: int) -> None:
    west = {"number": "IB1", "from": "MAD", "to": "JFK", "departs": "14 aug 12:00", "arrives": "14:05"}
    found = desk.flights.look(house, stay, west)
    assert not found.doubts
    assert found.takes is not None
    assert found.takes.total_seconds() == (8 * 60 + 5) * 60
    back = {"number": "UA1", "from": "NRT", "to": "HNL", "departs": "14 aug 21:00", "arrives": "14 aug 9:30"}
    assert not desk.flights.look(house, stay, back).doubts  # over the date line


def test_an_hour_that_comes_twice_is_told(house: Context, stay: int) -> None:
    found = desk.flights.look(house, stay, LEG | {"departs": "2026-10-25 02:30", "arrives": ""})
    assert not found.errors
    assert "comes twice" in found.notes[0]


def test_a_change_keeps_what_is_not_given_and_refuses_an_old_version(house: Context, stay: int) -> None:
    number = desk.flights.add(house, stay, LEG)
    desk.flights.set(house, number, 1, {"departs": "14 aug 7:00"})
    assert legs(house, stay) == [("LO 123", "WAW", "PMI", "2026-08-14T07:00", "2026-08-14T09:50")]
    with pytest.raises(Conflict):
        desk.flights.set(house, number, 1, {"departs": "14 aug 8:00"})
    desk.undo.undo(house)
    assert legs(house, stay)[0][3] == "2026-08-14T06:35"


def test_taking_away_and_bringing_back(house: Context, stay: int) -> None:
    number = desk.flights.add(house, stay, LEG)
    desk.flights.remove(house, number)
    assert not legs(house, stay)
    with pytest.raises(NotFound):
        desk.flights.remove(house, number)
    desk.undo.undo(house)
    assert len(legs(house, stay)) == 1
    desk.undo.undo(house)
    assert not legs(house, stay)


def test_the_same_flight_twice_is_odd(house: Context, stay: int) -> None:
    desk.flights.add(house, stay, LEG)
    with pytest.raises(DoubtfulFlight, match="already"):
        desk.flights.add(house, stay, LEG)


def test_the_history_tells_of_flights(house: Context, stay: int) -> None:
    number = desk.flights.add(house, stay, LEG)
    desk.flights.set(house, number, 1, {"departs": "14 aug 7:00"})
    told = [one.text for one in desk.history.of_reservation(house, stay)]
    assert told == [
        "added flight LO 123 WAW → PMI, 2026-08-14 06:35",
        "flight LO 123 WAW → PMI: 2026-08-14 06:35 → 2026-08-14 07:00",
    ]
