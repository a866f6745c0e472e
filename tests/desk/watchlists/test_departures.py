"""The departure watchlist: who is on it, whether they were told, and taking that back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, update

from crm_tui.base.clock import FixedClock
from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.data.tables import Flight, Reservation
from crm_tui.desk.client_base import events
from crm_tui.desk.common.context import Context
from crm_tui.desk.requests.inquiry_faults import InvalidFields
from crm_tui.desk.undoing import undo
from crm_tui.desk.watchlists import departures
from crm_tui.desk.watchlists.departures import DepartureQuery
from crm_tui.rules.departures import LocalTime
from tests.desk.asked import add_guest
from tests.desk.bookings import add_reservation
from tests.desk.colleagues import colleague
from tests.desk.house import NOW
from tests.desk.journeys import add_flight, add_operator

ALL = DepartureQuery()


@pytest.fixture
def nowak(ctx: Context) -> int:
    """A holder with a telephone."""
    return add_guest(ctx, "Nowak", "Łucja", phones=["+48601234567"])


@pytest.fixture
def trip(ctx: Context, nowak: int) -> int:
    """Her trip to Mallorca over Munich, tomorrow and back in a week."""
    number = add_reservation(ctx, "T-1", nowak, destination="Mallorca", folded_destination="mallorca")
    add_flight(ctx, number, "LO 351", "WAW-MUC", "2026-07-02T06:00", "2026-07-02T07:40")
    add_flight(ctx, number, "LH 1834", "MUC-PMI", "2026-07-02T09:00", "2026-07-02T11:10")
    add_flight(ctx, number, "LH 1835", "PMI-MUC", "2026-07-09T12:00", "2026-07-09T14:10")
    add_flight(ctx, number, "LO 354", "MUC-WAW", "2026-07-09T20:00", "2026-07-09T21:40")
    return number


def rows(ctx: Context, query: DepartureQuery = ALL) -> list[departures.DepartureRow]:
    return list(departures.page(ctx, query).rows)


def numbers(ctx: Context, query: DepartureQuery = ALL) -> list[str]:
    return [row.number for row in rows(ctx, query)]


def at(ctx: Context, text: str) -> None:
    """Set the clock."""
    assert isinstance(ctx.clock, FixedClock)
    ctx.clock.instant = datetime.fromisoformat(text).astimezone(UTC)


def change(ctx: Context, model: Any, one: int, **values: Any) -> None:
    with ctx.write() as tx:
        tx.connection.execute(update(model).where(model.id == one).values(**values))


def test_a_row_says_who_flies_when_and_whether_they_know(ctx: Context, trip: int, nowak: int) -> None:
    (row,) = rows(ctx)
    assert (row.reservation, row.code, row.holder, row.guest_id) == (trip, "T-1", "Łucja Nowak", nowak)
    assert row.phone == "+48 601 234 567"
    assert (row.number, row.airports) == ("LO 351", ("WAW", "MUC", "PMI"))
    assert row.departs == datetime.fromisoformat("2026-07-02T06:00+02:00")
    assert row.departs.utcoffset() == timedelta(hours=2)
    assert (row.zone_known, row.clock, row.state) == (True, LocalTime.PLAIN, "to inform")
    assert (row.informed_by, row.informed_at, row.told) == ("", None, "")


def test_each_way_stands_on_the_list_from_two_days_before_until_its_day_ends(ctx: Context, trip: int) -> None:
    for now, listed in (
        ("2026-06-29T23:59:59+02:00", []),
        ("2026-06-30T00:00:00+02:00", ["LO 351"]),
        ("2026-07-02T23:59:59+02:00", ["LO 351"]),
        ("2026-07-03T00:00:00+02:00", []),
        ("2026-07-07T00:00:00+02:00", ["LH 1835"]),
        ("2026-07-10T00:00:00+02:00", []),
    ):
        at(ctx, now)
        assert numbers(ctx) == listed, now


def test_the_operator_says_how_early(ctx: Context, trip: int) -> None:
    at(ctx, "2026-06-25T00:00+02:00")
    assert numbers(ctx) == []
    change(ctx, Reservation, trip, operator_id=add_operator(ctx, "Rainbow", watch_days=7))
    assert numbers(ctx) == ["LO 351"]
    assert numbers(ctx, DepartureQuery(operator="RAINBOW")) == ["LO 351"]
    assert numbers(ctx, DepartureQuery(operator="Itaka")) == []


@pytest.mark.parametrize(
    ("ways", "known", "closes"),
    [
        ("AKL-SYD", True, "2026-07-01T12:00:00+00:00"),
        ("HNL-LAX", True, "2026-07-02T10:00:00+00:00"),
        ("QQQ-PMI", False, "2026-07-01T22:00:00+00:00"),  # the property's zone, Madrid
        ("-", False, "2026-07-01T22:00:00+00:00"),
    ],
)
def test_the_airport_gives_the_zone_or_the_property_does(ctx: Context, ways: str, known: bool, closes: str) -> None:
    add_flight(ctx, add_reservation(ctx, "T-2"), "NZ 1", ways, "2026-07-01T08:00")
    at(ctx, closes)
    assert numbers(ctx) == []
    ctx.clock.instant -= timedelta(seconds=1)  # type: ignore[attr-defined]
    assert [row.zone_known for row in rows(ctx)] == [known]


def test_cancelled_removed_and_timeless_ones_are_not_watched(ctx: Context, trip: int) -> None:
    add_flight(ctx, add_reservation(ctx, "T-3"), "LO 1", "WAW-PMI", "")
    add_flight(ctx, add_reservation(ctx, "T-4", status="cancelled"), "LO 2", "WAW-PMI", "2026-07-02T10:00")
    add_flight(ctx, add_reservation(ctx, "T-5", removed_at=NOW), "LO 3", "WAW-PMI", "2026-07-02T10:00")
    add_flight(ctx, add_reservation(ctx, "T-6"), "LO 4", "WAW-PMI", "2026-07-02T10:00", removed_at=NOW)
    add_flight(ctx, add_reservation(ctx, "T-7"), "LO 5", "WAW-PMI", "2026-07-02Tsoon")
    assert numbers(ctx) == ["LO 351"]
    change(ctx, Reservation, trip, status="cancelled")
    assert numbers(ctx) == []


def test_a_time_that_the_clocks_skip_is_marked(ctx: Context) -> None:
    add_flight(ctx, add_reservation(ctx, "T-8"), "LO 6", "WAW-PMI", "2026-03-29T02:30")
    add_flight(ctx, add_reservation(ctx, "T-9"), "LO 7", "WAW-PMI", "2026-10-25T02:30")
    for now, clock in (("2026-03-28T10:00+01:00", LocalTime.SKIPPED), ("2026-10-24T10:00+02:00", LocalTime.TWICE)):
        at(ctx, now)
        assert [row.clock for row in rows(ctx)] == [clock]


def test_whoever_is_told_is_told_the_whole_journey(ctx: Context, trip: int, nowak: int) -> None:
    row = rows(ctx)[0]
    assert departures.inform(ctx, [row.id]) == 1
    told = rows(ctx)[0]
    assert (told.state, told.informed_by, told.informed_at) == ("informed", "Ana", NOW)
    assert (told.told, told.told_arrives) == ("2026-07-02T06:00", "2026-07-02T07:40")
    (written,) = events.listed(ctx, nowak)
    assert (written.type, written.reservation, written.author) == ("flight info", trip, "Ana")
    assert written.text == ("LO 351 WAW → MUC, 2026-07-02 06:00 – 07:40\nLH 1834 MUC → PMI, 2026-07-02 09:00 – 11:10")
    assert departures.page(ctx, ALL).to_inform == 0
    assert departures.inform(ctx, [row.id]) == 0  # they know already
    assert len(events.listed(ctx, nowak)) == 1


@pytest.mark.parametrize("leg", [0, 1])
def test_a_time_that_changes_afterwards_asks_to_inform_again(ctx: Context, trip: int, leg: int) -> None:
    row = rows(ctx)[0]
    departures.inform(ctx, [row.id])
    flight = (row.id, row.connections[0].flight)[leg]
    departures.set_times(ctx, flight, departures.version_of(ctx, flight), departs=("6:20", "9:10")[leg])
    again = rows(ctx)[0]
    assert (again.state, again.informed_by, again.told) == ("inform again", "Ana", "2026-07-02T06:00")
    assert numbers(ctx, DepartureQuery(state="open")) == ["LO 351"]
    assert departures.inform(ctx, [row.id]) == 1
    assert rows(ctx)[0].state == "informed"


def test_another_flight_number_or_a_new_connection_asks_to_inform_again(ctx: Context, trip: int) -> None:
    row = rows(ctx)[0]
    departures.inform(ctx, [row.id])
    change(ctx, Flight, row.id, number="LO 353")
    assert rows(ctx)[0].state == "inform again"
    change(ctx, Flight, row.id, number="LO 351")
    assert rows(ctx)[0].state == "informed"
    add_flight(ctx, trip, "V7 1", "PMI-IBZ", "2026-07-02T13:00")
    assert rows(ctx)[0].state == "inform again"


def test_one_undo_takes_the_stamps_and_the_event_back(ctx: Context, trip: int, nowak: int) -> None:
    row = rows(ctx)[0]
    departures.inform(ctx, [row.id])
    assert undo.undo(ctx).text == "2 flights: the guests are to be told still."
    assert rows(ctx)[0].state == "to inform"
    assert events.listed(ctx, nowak) == []
    departures.inform(ctx, [row.id])
    departures.set_times(ctx, row.id, departures.version_of(ctx, row.id), arrives="7:45")
    undo.undo(ctx)
    assert rows(ctx)[0].state == "informed"


def test_who_told_old_times_has_not_informed(ctx: Context, trip: int) -> None:
    row = rows(ctx)[0]
    second = row.connections[0].flight
    departures.set_times(ctx, second, departures.version_of(ctx, second), departs="9:40")
    with pytest.raises(Conflict, match="LH 1834 MUC → PMI, 2026-07-02 09:40 – 11:10 was changed meanwhile"):
        departures.inform(ctx, [row.id], [row])
    assert rows(ctx)[0].state == "to inform"
    assert departures.inform(ctx, [row.id], rows(ctx)) == 1
    assert departures.inform(colleague(ctx, "Leo"), [row.id], [row]) == 0  # the guests know: there is nothing to refuse


def test_the_stamp_can_be_taken_off(ctx: Context, trip: int) -> None:
    row = rows(ctx)[0]
    assert departures.uninform(ctx, [row.id]) == 0
    departures.inform(ctx, [row.id])
    assert departures.uninform(ctx, [row.id]) == 1
    assert rows(ctx)[0].state == "to inform"
    undo.undo(ctx)
    assert rows(ctx)[0].state == "informed"


def test_several_are_told_by_one_command(ctx: Context, trip: int) -> None:
    other = add_flight(ctx, add_reservation(ctx, "T-2"), "FR 1", "WAW-PMI", "2026-07-02T10:00")
    row = rows(ctx)[0]
    assert departures.inform(ctx, [row.id, row.connections[0].flight, other]) == 2
    assert [one.state for one in rows(ctx)] == ["informed", "informed"]
    undo.undo(ctx)
    assert [one.state for one in rows(ctx)] == ["to inform", "to inform"]


def test_what_is_not_there_or_has_no_time_is_refused(ctx: Context, trip: int) -> None:
    with pytest.raises(NotFound):
        departures.inform(ctx, [999])
    timeless = add_flight(ctx, trip, "LO 9", "WAW-PMI", "")
    with pytest.raises(InvalidInput):
        departures.inform(ctx, [rows(ctx)[0].id, timeless])
    assert rows(ctx)[0].state == "to inform"  # all of a command or nothing
    with pytest.raises(InvalidInput):
        departures.page(ctx, DepartureQuery(state="asleep"))
    with pytest.raises(InvalidInput):
        departures.page(ctx, DepartureQuery(order="asleep"))


def test_times_are_changed_only_from_what_one_saw_and_only_to_what_there_is(ctx: Context) -> None:
    trip = add_reservation(ctx, "T-2")
    leg = add_flight(ctx, trip, "LO 6", "WAW-PMI", "2026-10-25T10:00", "2026-10-25T12:45")
    departures.set_times(ctx, leg, 1, departs="10:20", arrives="13:05")
    with pytest.raises(Conflict):
        departures.set_times(ctx, leg, 1, departs="10:30")
    for text in ("25:00", "soon", "2026-02-30 10:00", "2026-03-29T02:30"):
        with pytest.raises(InvalidFields):
            departures.set_times(ctx, leg, departures.version_of(ctx, leg), departs=text)
    at(ctx, "2026-10-24T10:00+02:00")
    assert [(row.local, row.arrives) for row in rows(ctx)] == [("2026-10-25T10:20", "2026-10-25T13:05")]
    with pytest.raises(NotFound):
        departures.set_times(ctx, 999, 1, departs="10:00")


def test_filters_choose_by_state_place_and_text(ctx: Context, trip: int) -> None:
    kowalski = add_guest(ctx, "Kowalski", "Jan")
    other = add_reservation(ctx, "Q-77", kowalski, folded_destination="gran canaria")
    add_flight(ctx, other, "FR 2471", "KRK-LPA", "2026-07-01T10:00")
    departures.inform(ctx, [rows(ctx)[0].id])
    assert numbers(ctx) == ["FR 2471", "LO 351"]
    for query, listed in (
        (DepartureQuery(state="informed"), ["FR 2471"]),
        (DepartureQuery(state="to inform"), ["LO 351"]),
        (DepartureQuery(state="inform again"), []),
        (DepartureQuery(destination="MALLÓRCA"), ["LO 351"]),
        (DepartureQuery(destination="pmi"), ["LO 351"]),
        (DepartureQuery(destination="lpa"), ["FR 2471"]),
        (DepartureQuery(text="łucja now"), ["LO 351"]),
        (DepartureQuery(text="q-77"), ["FR 2471"]),
        (DepartureQuery(text="fr2471"), ["FR 2471"]),
        (DepartureQuery(text="lh1834"), ["LO 351"]),
        (DepartureQuery(text="nobody"), []),
        (DepartureQuery(order="name"), ["FR 2471", "LO 351"]),
        (DepartureQuery(order="state"), ["LO 351", "FR 2471"]),
        (DepartureQuery(order="operator"), ["FR 2471", "LO 351"]),
    ):
        assert numbers(ctx, query) == listed, query
        assert departures.total(ctx, query) == len(listed)


@pytest.mark.parametrize("order", departures.ORDERS)
def test_pages_follow_each_other_both_ways(ctx: Context, order: str) -> None:
    for number in range(7):
        guest = add_guest(ctx, f"Guest{number % 3}", "A")
        trip = add_reservation(ctx, f"T-{number}", guest)
        add_flight(ctx, trip, f"LO {number}", "WAW-PMI", f"2026-07-02T1{number % 4}:00")
    query = DepartureQuery(order=order)
    everything = rows(ctx, query)
    assert len(everything) == 7
    for place, row in enumerate(everything):
        after = departures.page(ctx, query, after=row.cursor, limit=3).rows
        before = departures.page(ctx, query, before=row.cursor, limit=3).rows
        assert list(after) == everything[place + 1 : place + 4]
        assert list(before) == everything[max(0, place - 3) : place]
        assert departures.position(ctx, query, row.cursor) == place
        assert departures.row_in_list(ctx, query, row.id) == row
    assert list(departures.page(ctx, query, last=True, limit=2).rows) == everything[-2:]
    assert list(departures.page(ctx, query, at=3, limit=2).rows) == everything[3:5]
    assert departures.row_in_list(ctx, query, 999) is None


def test_a_colleague_sees_who_informed(ctx: Context, trip: int) -> None:
    departures.inform(ctx, [rows(ctx)[0].id])
    assert [row.informed_by for row in rows(colleague(ctx, "Leo"))] == ["Ana"]


def test_the_list_walks_the_index_of_departures(ctx: Context, trip: int) -> None:
    plans: list[str] = []

    def explain(_connection: object, cursor: Any, statement: str, values: Any, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            plans.extend(row[3] for row in cursor.fetchall())

    event.listen(ctx.store.engine, "before_cursor_execute", explain)
    try:
        departures.page(ctx, DepartureQuery(text="nowak", operator="x", order="name"))
        departures.page(ctx, ALL)
    finally:
        event.remove(ctx.store.engine, "before_cursor_execute", explain)
    assert any("ix_flight_departs (departs>? AND departs<?)" in line for line in plans)
    assert [line for line in plans if line.startswith("SCAN") and line.split()[1] not in ("operator", "property")] == []


def test_a_day_that_is_none_is_no_departure(ctx: Context) -> None:
    add_flight(ctx, add_reservation(ctx, "T-7"), "LO 5", "WAW-PMI", "2026-07-0Xz")
    assert rows(ctx) == []
    assert date(2026, 7, 1) == NOW.date()
