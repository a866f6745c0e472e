"""The lists of reservations: the same rows whichever way they are paged, found by any word of them, filtered."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert

from crm_tui import desk
from crm_tui.base.errors import InvalidInput
from crm_tui.data import record_search
from crm_tui.data.tables import ScheduleLine
from crm_tui.desk.common.context import Context
from crm_tui.desk.stays import reservation_walks
from crm_tui.desk.stays.reservation_views import ReservationListRow, ReservationQuery
from crm_tui.rules.money import Money
from tests.desk.asked import add_guest
from tests.desk.bookings import add_reservation

STATUSES = ("option", "confirmed", "cancelled", "completed", "no-show")


@pytest.fixture
def today(ctx: Context) -> date:
    return ctx.clock.now().date()


@pytest.fixture
def many(ctx: Context, today: date) -> list[int]:
    """Sixty of all kinds, some without days."""
    dice = random.Random(5)
    guests = [add_guest(ctx, "Nowak", "Łucja"), add_guest(ctx, "Martín", "José"), add_guest(ctx, "Petit", "Marie")]
    made = []
    for number in range(60):
        arrival = None if number % 11 == 0 else today + timedelta(days=dice.randint(-60, 60))
        departure = arrival + timedelta(days=dice.randint(1, 9)) if arrival and number % 7 else None
        made.append(
            desk.reservations.create(
                ctx,
                {
                    "code": f"M-26{number:03}",
                    "status": dice.choice(STATUSES),
                    "channel": dice.choice(("direct", "phone", "Booking.com")),
                    "operator": dice.choice(("", "Itaka", "Rainbow")),
                    "destination": dice.choice(("Łódź", "Palma de Mallorca", "")),
                    "room": dice.choice(("101", "Suite 7", "")),
                    "arrival": arrival,
                    "departure": departure,
                    "value": "1000 EUR",
                },
                guests_of=[dice.choice(guests)],
            )
        )
    return made


def paged(ctx: Context, query: ReservationQuery, *, backwards: bool = False) -> list[ReservationListRow]:
    """The whole list, seven rows at a time."""
    found: list[ReservationListRow] = []
    while True:
        if backwards:
            first = found[0].cursor if found else None
            rows = list(desk.reservation_lists.page(ctx, query, before=first, last=first is None, limit=7).rows)
            found = rows + found
        else:
            rows = list(
                desk.reservation_lists.page(ctx, query, after=found[-1].cursor if found else None, limit=7).rows
            )
            found += rows
        if not rows:
            return found


QUERIES = (
    ReservationQuery(),
    ReservationQuery(status="all"),
    ReservationQuery(status="open"),
    ReservationQuery(status="cancelled"),
    ReservationQuery(status="all", channel="phone"),
    ReservationQuery(status="all", operator="ITAKA", destination="mallor"),
    ReservationQuery(text="nowak"),
    ReservationQuery(text="lodz 101", status="all"),
    ReservationQuery(status="all", unpaid=True),
)


@pytest.mark.parametrize("order", tuple(reservation_walks.ORDERS))
@pytest.mark.parametrize("few", [0, 3000])
def test_every_way_of_paging_gives_the_same_list(
    ctx: Context, many: list[int], monkeypatch: pytest.MonkeyPatch, order: str, few: int
) -> None:
    monkeypatch.setattr(reservation_walks, "FEW", few)
    from dataclasses import replace

    for each in QUERIES:
        query = replace(each, order=order)
        forwards = paged(ctx, query)
        assert [row.id for row in paged(ctx, query, backwards=True)] == [row.id for row in forwards], query
        assert desk.reservation_lists.total(ctx, query) == len(forwards) == len({row.id for row in forwards}), query
        assert desk.reservation_lists.ids(ctx, query) == [row.id for row in forwards]
        for place in range(0, len(forwards), 5):
            row = forwards[place]
            assert desk.reservation_lists.position(ctx, query, row.cursor) == place
            assert desk.reservation_lists.page(ctx, query, at=place, limit=1).rows[0] == row
            assert desk.reservation_lists.row_in_list(ctx, query, row.id) == row


def test_orders_are_what_they_say(ctx: Context, many: list[int]) -> None:
    def days(order: str, name: str) -> list[date | None]:
        return [getattr(row, name) for row in paged(ctx, ReservationQuery(status="all", order=order))]

    soonest = days("arrival", "arrival")
    dated = [day for day in soonest if day]
    assert dated == sorted(dated)
    assert soonest[len(dated) :] == [None] * (len(soonest) - len(dated))
    latest = [day for day in days("latest", "arrival") if day]
    assert latest == dated[::-1]
    leaving = [day for day in days("departure", "departure") if day]
    assert leaving == sorted(leaving)
    assert [row.id for row in paged(ctx, ReservationQuery(status="all", order="newest"))] == many[::-1]


def test_the_first_list_is_what_has_not_ended(ctx: Context, many: list[int], today: date) -> None:
    shown = paged(ctx, ReservationQuery())
    assert {row.status for row in shown} <= {"option", "confirmed"}
    assert all(row.departure is None or row.departure >= today for row in shown)
    everything = paged(ctx, ReservationQuery(status="open"))
    assert [row.id for row in everything if row.departure is None or row.departure >= today] == [
        row.id for row in shown
    ]


@pytest.mark.parametrize(
    "text", ["M-7", "m7", "m 7", "xyz-99", "xyz99", "lodz", "ŁÓDŹ", "nowak lucj", "firma", "itak", "suite", "rejs", "Ł"]
)
def test_any_word_of_it_finds_it(ctx: Context, text: str) -> None:
    guest, company = (
        add_guest(ctx, "Nowak", "Łucja"),
        desk.guests.create(ctx, {"kind": "company", "surname": "Firma Sp. z o.o."}),
    )
    values = {"code": "M-7", "reference": "XYZ-99", "destination": "Łódź", "operator": "Itaka", "room": "Suite 7"}
    wanted = desk.reservations.create(
        ctx, values | {"product": "Rejs", "company": company, "status": "completed"}, guests_of=[guest]
    )
    desk.reservations.create(ctx, {"code": "A-1", "destination": "Kraków"})
    assert [row.id for row in paged(ctx, ReservationQuery(text=text))] == [wanted]


@pytest.mark.parametrize("text", ["nobody", "!!", '"', "m-8", "nowak firma kraków"])
def test_what_is_not_in_it_finds_nothing(ctx: Context, text: str) -> None:
    desk.reservations.create(ctx, {"code": "M-7"}, guests_of=[add_guest(ctx, "Nowak", "Łucja")])
    assert paged(ctx, ReservationQuery(text=text)) == []


def test_unpaid_are_those_with_an_uncovered_line(ctx: Context, today: date) -> None:
    owing, paid, cancelled, free = (add_reservation(ctx, code, value=9000, currency="EUR") for code in "OPCF")
    with ctx.write() as tx:
        for number in (owing, paid, cancelled):
            row = {"reservation_id": number, "kind": "deposit", "due": today, "amount": 3000}
            tx.connection.execute(insert(ScheduleLine).values(**row))
    from tests.desk.bookings import pay

    pay(ctx, paid, today, 3000)
    pay(ctx, owing, today, 1000)
    desk.reservations.set(ctx, cancelled, 1, {"status": "cancelled"})
    (found,) = paged(ctx, ReservationQuery(status="all", unpaid=True))
    assert (found.id, found.missing, found.due) == (owing, Money(2000, "EUR"), today)
    assert free not in {one.id for one in paged(ctx, ReservationQuery(status="all", unpaid=True))}


def test_days_are_inclusive(ctx: Context, today: date) -> None:
    number = desk.reservations.create(ctx, {"arrival": today, "departure": today + timedelta(days=3)})

    def found(name: str, day: date) -> list[int]:
        asked: dict[str, Any] = {name: day}
        return desk.reservation_lists.ids(ctx, ReservationQuery(**asked))

    for name, day in (("arrival", today), ("departure", today + timedelta(days=3))):
        before, after = day - timedelta(days=1), day + timedelta(days=1)
        assert found(f"{name}_from", day) == found(f"{name}_to", day) == [number]
        assert found(f"{name}_from", after) == found(f"{name}_to", before) == []


@pytest.mark.parametrize("field", ["status", "channel", "operator", "order"])
def test_what_cannot_be_asked_is_refused_with_its_field(ctx: Context, field: str) -> None:
    asked: dict[str, Any] = {field: "no such"}
    with pytest.raises(InvalidInput) as refused:
        desk.reservation_lists.page(ctx, ReservationQuery(**asked))
    assert refused.value.field == field


def test_the_index_follows_whatever_is_written(ctx: Context) -> None:
    guest, other = add_guest(ctx, "Nowak", "Łucja"), add_guest(ctx, "Petit", "Marie")
    number = desk.reservations.create(ctx, {"code": "M-7", "operator": "Itaka"}, guests_of=[guest])
    view = desk.reservations.set(ctx, number, 1, {"destination": "Palma", "remarks": "sea view"})
    desk.guests.set(ctx, guest, desk.guests.get(ctx, guest).version, {"surname": "Kowalska"})
    desk.reservation_guests.add(ctx, number, other)
    for text in ("kowals", "petit", "palma"):
        assert desk.reservation_lists.ids(ctx, ReservationQuery(text=text)) == [number]
    assert desk.reservation_lists.ids(ctx, ReservationQuery(text="nowak")) == []
    assert (
        desk.reservation_lists.ids(ctx, ReservationQuery(text="sea")) == []
    )  # remarks are for the search of everything
    desk.reservation_guests.remove(ctx, number, other)
    assert desk.reservation_lists.ids(ctx, ReservationQuery(text="petit")) == []
    while (last := desk.undo.last(ctx)) is not None and view:
        desk.undo.undo(ctx)
        with ctx.store.connect() as connection:
            assert record_search.wrong(connection, "reservation") == 0, last
    assert desk.reservation_lists.ids(ctx, ReservationQuery(text="m7")) == []


@pytest.fixture
def plans(ctx: Context) -> Iterator[list[str]]:
    """The plans of all that is asked from now on."""
    found: list[str] = []

    def explain(_connection: object, cursor: Any, statement: str, values: Any, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            found.extend(row[3] for row in cursor.fetchall())

    event.listen(ctx.store.engine, "before_cursor_execute", explain)
    yield found
    event.remove(ctx.store.engine, "before_cursor_execute", explain)


@pytest.mark.parametrize("order", tuple(reservation_walks.ORDERS))
def test_no_list_walks_a_table_or_sorts(
    ctx: Context, plans: list[str], monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    from dataclasses import replace

    monkeypatch.setattr(reservation_walks, "FEW", -1)
    edge = ("2026-07-01", 5) if order in ("arrival", "latest", "departure") else ("M-1", 5)
    for each in QUERIES:
        if each.operator:
            continue
        query = replace(each, order=order)
        ways: tuple[dict[str, Any], ...] = ({}, {"after": edge}, {"before": edge}, {"last": True})
        for where in ways:
            desk.reservation_lists.page(ctx, query, **where)
    assert plans
    assert [line for line in plans if "TEMP B-TREE" in line] == []
    scans = [line for line in plans if line.startswith("SCAN") and "INDEX" not in line]
    allowed = {"property", "r"} if order == "newest" else {"property"}  # along the numbers
    assert [line for line in scans if line.split()[1] not in allowed] == []
