"""Each report against a small store whose figures were counted by hand (SPEC §12)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert, update

from crm_tui import desk
from crm_tui.base.errors import InvalidInput
from crm_tui.data.columns import columns, new_id
from crm_tui.data.tables import Flight, Operator, Reservation
from crm_tui.desk.client_base.guest_lists import GuestQuery
from crm_tui.desk.common.context import Context
from crm_tui.desk.reports import Link, ReportData
from crm_tui.desk.watchlists.payment_watch import PaymentQuery
from crm_tui.rules.guest_criteria import GuestCriteria
from crm_tui.rules.money import Money
from crm_tui.rules.periods import Period
from tests.desk.asked import add_guest, add_inquiry
from tests.desk.bookings import add_reservation, pay
from tests.desk.house import NOW, make_house
from tests.desk.owing import owing

JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))
JULY = Period(date(2026, 7, 1), date(2026, 7, 31))


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    made = make_house(tmp_path)
    desk.departments.add(made, "Reservations")
    desk.team.add(made, "Leo", department="Reservations")
    yield made
    made.store.close()


def run(ctx: Context, name: str, period: Period = JUNE, by: str = "", **filters: str) -> ReportData:
    return desk.reports.run(ctx, name, period, filters, by=by)


def cells(data: ReportData, *names: str) -> list[tuple[Any, ...]]:
    """Some columns of all rows."""
    columns = ([round(one, 4) if isinstance(one, float) else one for one in data.table.values(name)] for name in names)
    return list(zip(*columns, strict=True))


def total(data: ReportData, *names: str) -> tuple[Any, ...]:
    (row,) = data.table.totals
    found = (row[data.table.place(name)] for name in names)
    return tuple(round(one, 4) if isinstance(one, float) else one for one in found)


# -- inquiries


@pytest.fixture
def asked(ctx: Context) -> Context:
    """Seven inquiries of June, by Madrid's clock; one before and one after it."""
    at = datetime(2026, 6, 10, 12, tzinfo=UTC)
    leo = desk.team.find(ctx, "Leo").id
    add_inquiry(ctx, created_at=at, status="booked", handler_id=leo, channel="phone")
    add_inquiry(ctx, created_at=at, status="booked", channel="Booking.com")
    add_inquiry(ctx, created_at=at, status="lost", lost_reason="Too  expensive", handler_id=leo)
    add_inquiry(ctx, created_at=at, status="lost", lost_reason="too expénsive")
    add_inquiry(ctx, created_at=at, status="lost", lost_reason="No room \x1b[31m")
    add_inquiry(ctx, created_at=at, status="new", channel="phone")
    # the first and the last minute of June in Madrid, which is two hours ahead
    add_inquiry(ctx, created_at=datetime(2026, 5, 31, 22, 0, tzinfo=UTC), status="cancelled")
    add_inquiry(ctx, created_at=datetime(2026, 5, 31, 21, 59, tzinfo=UTC), status="new")
    add_inquiry(ctx, created_at=datetime(2026, 6, 30, 22, 0, tzinfo=UTC), status="new")
    return ctx


def test_inquiries_are_realised_or_not_with_reasons(asked: Context) -> None:
    data = run(asked, "inquiries")
    assert cells(data, "outcome", "status", "reason", "inquiries", "share") == [
        ("realised", "booked", "", 2, 0.2857),
        ("not realised", "lost", "Too expensive", 2, 0.2857),
        ("not realised", "lost", "No room [31m", 1, 0.1429),
        ("not realised", "cancelled", "", 1, 0.1429),
        ("open", "new", "", 1, 0.1429),
    ]
    assert total(data, "inquiries", "share") == (7, 1.0)


def test_inquiries_by_channel_agent_and_day(asked: Context) -> None:
    data = run(asked, "inquiries", by="channel")
    assert cells(data, "channel", "inquiries", "realised", "not_realised", "open", "share") == [
        ("direct", 4, 0, 4, 0, 0.0),
        ("phone", 2, 1, 0, 1, 0.5),
        ("Booking.com", 1, 1, 0, 0, 1.0),
    ]
    assert total(data, "inquiries", "realised", "share") == (7, 2, 0.2857)
    assert cells(run(asked, "inquiries", by="agent"), "agent", "inquiries") == [("nobody", 5), ("Leo", 2)]
    days = run(asked, "inquiries", by="day")
    assert len(days.table.rows) == 30
    assert [row for row in cells(days, "day", "inquiries") if row[1]] == [
        (date(2026, 6, 1), 1),
        (date(2026, 6, 10), 6),
    ]
    assert days.chart is not None
    assert [one.name for one in days.chart.series] == ["Realised", "Not realised", "Open"]


def test_inquiries_are_narrowed(asked: Context) -> None:
    assert total(run(asked, "inquiries", agent="Leo"), "inquiries") == (2,)
    assert total(run(asked, "inquiries", agent="nobody"), "inquiries") == (5,)
    assert total(run(asked, "inquiries", department="reservations"), "inquiries") == (2,)
    assert total(run(asked, "inquiries", department="Reservations", agent="me"), "inquiries") == (0,)
    assert total(run(asked, "inquiries", channel="PHONE"), "inquiries") == (2,)
    assert total(run(asked, "inquiries", status="lost", channel="direct"), "inquiries") == (3,)


def test_inquiries_that_one_may_not_see_are_not_counted(asked: Context) -> None:
    leo = desk.team.find(asked, "Leo")
    hidden = datetime(2026, 6, 11, 12, tzinfo=UTC)
    add_inquiry(asked, created_at=hidden, status="lost", lost_reason="A secret", scope=f"a{leo.id}")
    assert total(run(asked, "inquiries"), "inquiries") == (7,)
    assert "A secret" not in str(run(asked, "inquiries"))
    theirs = asked.acting_as(type(asked.actor)(leo.id, "Leo"))
    assert total(run(theirs, "inquiries"), "inquiries") == (8,)


# -- demand


def test_demand_is_that_of_the_calendar_with_the_reservations(ctx: Context) -> None:
    add_inquiry(ctx, arrival=date(2026, 7, 3), departure=date(2026, 7, 5))
    add_inquiry(ctx, period_from=date(2026, 7, 4), period_to=date(2026, 7, 6))
    add_inquiry(ctx, arrival=date(2026, 7, 4), departure=date(2026, 7, 5), status="booked")
    add_inquiry(ctx, arrival=date(2026, 7, 4), departure=date(2026, 7, 5), status="lost")
    guest = add_guest(ctx, "Nowak")
    for code, status in (("A", "confirmed"), ("B", "option"), ("C", "cancelled"), ("D", "no-show"), ("E", "completed")):
        add_reservation(ctx, code, guest, status=status, arrival=date(2026, 7, 5), departure=date(2026, 7, 7))
    data = run(ctx, "demand", Period(date(2026, 7, 3), date(2026, 7, 7)))
    assert cells(data, "day", "asked", "fixed", "flexible", "booked", "reservations") == [
        (date(2026, 7, 3), 1, 1, 0, 0, 0),
        (date(2026, 7, 4), 2, 1, 1, 1, 0),
        (date(2026, 7, 5), 1, 0, 1, 0, 3),
        (date(2026, 7, 6), 0, 0, 0, 0, 3),
        (date(2026, 7, 7), 0, 0, 0, 0, 0),
    ]
    calendar = desk.recall.demand(ctx, date(2026, 7, 3), date(2026, 7, 7))
    assert cells(data, "fixed", "flexible", "booked") == [(d.fixed, d.flexible, d.booked) for d in calendar.values()]
    add_inquiry(ctx, arrival=date(2026, 7, 3), departure=date(2026, 7, 4), channel="phone")
    add_reservation(ctx, "F", guest, status="confirmed", arrival=date(2026, 7, 3), channel="phone")
    by_phone = run(ctx, "demand", Period(date(2026, 7, 3), date(2026, 7, 4)), channel="PHONE")
    assert cells(by_phone, "asked", "reservations") == [(1, 1), (0, 0)]
    with pytest.raises(InvalidInput, match="more than 400 days"):
        run(ctx, "demand", Period(date(2025, 1, 1), date(2026, 12, 31)))


# -- money


@pytest.fixture
def owed(ctx: Context) -> Context:
    """Three reservations in two currencies, one of them of an operator; a cancelled one."""
    with ctx.write() as tx:
        operator = new_id(
            tx.connection.execute(insert(Operator).values(name="Rainbow", folded="rainbow", created_at=tx.now))
        )
    schedule = (("deposit", -5, 30000), ("balance", 2, 70000))
    one = owing(ctx, "A", lines=schedule, operator_id=operator, channel="tour operator")
    pay(ctx, one, date(2026, 6, 20), 40000, method="transfer")
    pay(ctx, one, date(2026, 6, 21), 5000, kind="refund", method="cash")
    two = owing(ctx, "B", lines=(("balance", 4, 5000),), currency="JPY", channel="phone")
    pay(ctx, two, date(2026, 6, 20), 5000, method="card")
    pay(ctx, two, date(2026, 6, 22), 9999, method="card", reversed_at=NOW)
    owing(ctx, "C", lines=(("balance", -1, 1000),))
    owing(ctx, "D", lines=(("balance", 2, 8000),), status="cancelled")
    return ctx


WIDE = Period(date(2026, 6, 1), date(2026, 7, 31))


def test_what_falls_due_and_how_much_of_it_is_there(owed: Context) -> None:
    data = run(owed, "payments-due", WIDE)
    assert cells(data, "due", "reservation", "kind", "amount", "covered", "missing", "state") == [
        (date(2026, 6, 26), "A", "deposit", *euros(30000, 30000, 0), "covered"),
        (date(2026, 6, 30), "C", "balance", *euros(1000, 0, 1000), "overdue"),
        (date(2026, 7, 3), "A", "balance", *euros(70000, 5000, 65000), "open"),
        (date(2026, 7, 5), "B", "balance", *(Money(n, "JPY") for n in (5000, 5000, 0)), "covered"),
    ]
    place = data.table.place("missing")
    assert [row[place] for row in data.table.totals] == [Money(66000, "EUR"), Money(0, "JPY")]
    assert data.links[1] == Link("reservation", 3)
    july = run(owed, "payments-due", JULY)
    assert cells(july, "reservation", "covered") == [("A", Money(5000, "EUR")), ("B", Money(5000, "JPY"))]


def euros(*amounts: int) -> tuple[Money, ...]:
    return tuple(Money(one, "EUR") for one in amounts)


def test_what_is_missing_is_what_the_watchlist_says(owed: Context) -> None:
    window = Period(date(2020, 1, 1), date(2026, 7, 3))
    data = run(owed, "payments-due", window, status="open")
    listed = desk.payment_watch.page(owed, PaymentQuery()).rows
    missing = sum((one.amount for (one,) in cells(data, "missing")), 0)
    assert missing == sum(row.deposit_now + row.balance_now for row in listed) == 66000


def test_payments_due_by_operator_and_narrowed(owed: Context) -> None:
    data = run(owed, "payments-due", WIDE, by="operator")
    assert cells(data, "operator", "lines", "amount", "missing") == [
        ("Rainbow", 2, *euros(100000, 65000)),
        ("(none)", 1, *euros(1000, 1000)),
        ("(none)", 1, Money(5000, "JPY"), Money(0, "JPY")),
    ]
    assert cells(run(owed, "payments-due", WIDE, operator="rainbow"), "reservation") == [("A",), ("A",)]
    assert cells(run(owed, "payments-due", WIDE, status="overdue"), "reservation") == [("C",)]
    assert cells(run(owed, "payments-due", WIDE, status="covered"), "reservation") == [("A",), ("B",)]
    assert cells(run(owed, "payments-due", WIDE, channel="phone"), "reservation") == [("B",)]


def test_money_that_came_and_was_given_back(owed: Context) -> None:
    data = run(owed, "payments-received")
    assert cells(data, "day", "reservation", "method", "received", "refunded", "net") == [
        (date(2026, 6, 20), "A", "bank transfer", *euros(40000, 0, 40000)),
        (date(2026, 6, 20), "B", "card", *(Money(n, "JPY") for n in (5000, 0, 5000))),
        (date(2026, 6, 21), "A", "cash", *euros(0, 5000, -5000)),
    ]
    place = data.table.place("net")
    assert [row[place] for row in data.table.totals] == [Money(35000, "EUR"), Money(5000, "JPY")]
    by_method = run(owed, "payments-received", by="method")
    assert cells(by_method, "method", "payments", "net") == [
        ("bank transfer", 1, Money(40000, "EUR")),
        ("cash", 1, Money(-5000, "EUR")),
        ("card", 1, Money(5000, "JPY")),
    ]
    assert cells(run(owed, "payments-received", method="transfer"), "reservation") == [("A",)]
    assert cells(run(owed, "payments-received", by="day"), "day", "received") == [
        (date(2026, 6, 20), Money(40000, "EUR")),
        (date(2026, 6, 20), Money(5000, "JPY")),
        (date(2026, 6, 21), Money(0, "EUR")),
    ]


def test_what_a_reservation_was_paid_is_the_sum_of_its_payments(owed: Context) -> None:
    data = run(owed, "payments-received", Period(date(2000, 1, 1), date(2100, 1, 1)), operator="Rainbow")
    assert total(data, "net") == (desk.reservations.get(owed, 1).paid,)


# -- departures


def flight(ctx: Context, reservation: int, departs: str, arrives: str, way: str = "WAW-PMI", **values: Any) -> int:
    start, end = way.split("-")
    row = {"reservation_id": reservation, "from_airport": start, "to_airport": end, "number": "LO 1"}
    with ctx.write() as tx:
        return new_id(tx.connection.execute(insert(Flight).values(**row, departs=departs, arrives=arrives, **values)))


@pytest.fixture
def flown(ctx: Context) -> Context:
    guest = add_guest(ctx, "Nowak", "Łucja")
    one = add_reservation(ctx, "A", guest)
    first = flight(ctx, one, "2026-07-02T06:00", "2026-07-02T08:00", "WAW-MUC")
    flight(ctx, one, "2026-07-02T09:00", "2026-07-02T11:00", "MUC-PMI", position=1)
    flight(ctx, one, "2026-07-09T12:00", "2026-07-09T15:00", "PMI-WAW", position=2)
    two = add_reservation(ctx, "B", guest)
    flight(ctx, two, "2026-07-02T10:00", "2026-07-02T12:00")
    three = add_reservation(ctx, "C", guest, status="cancelled")
    flight(ctx, three, "2026-07-02T10:00", "2026-07-02T12:00")
    desk.departures.inform(ctx, [first])
    return ctx


def test_departures_with_who_told_them(flown: Context) -> None:
    data = run(flown, "departures", JULY)
    assert cells(data, "day", "time", "from", "to", "reservation", "state", "informed_by", "informed_at") == [
        (date(2026, 7, 2), "06:00", "WAW", "MUC–PMI", "A", "informed", "Ana", NOW),
        (date(2026, 7, 2), "10:00", "WAW", "PMI", "B", "to inform", "", None),
        (date(2026, 7, 9), "12:00", "PMI", "WAW", "A", "to inform", "", None),
    ]
    assert [link.number for link in data.links if link] == [1, 2, 1]
    by_day = run(flown, "departures", JULY, by="day")
    assert cells(by_day, "day", "departures", "informed", "to_inform", "share") == [
        (date(2026, 7, 2), 2, 1, 1, 0.5),
        (date(2026, 7, 9), 1, 0, 1, 0.0),
    ]
    assert total(by_day, "departures", "share") == (3, 0.3333)


def test_departures_read_their_legs_once(flown: Context) -> None:
    read: list[str] = []
    event.listen(flown.store.engine, "before_cursor_execute", lambda *call: read.append(call[2]))
    run(flown, "departures", JULY)
    assert len([one for one in read if "FROM flight f WHERE f.reservation_id IN" in one]) == 1


def test_a_flight_that_changed_is_to_be_told_again(flown: Context) -> None:
    with flown.write() as tx:
        names = columns(Flight)
        tx.connection.execute(update(Flight).where(names.id == 2).values(departs="2026-07-02T09:30"))
    assert cells(run(flown, "departures", JULY, status="inform again"), "reservation") == [("A",)]
    assert cells(run(flown, "departures", JULY, agent="Ana"), "reservation") == [("A",)]
    assert cells(run(flown, "departures", JULY, agent="nobody"), "reservation") == [("B",), ("A",)]
    assert cells(run(flown, "departures", JULY, by="agent"), "agent", "departures") == [("nobody", 2), ("Ana", 1)]


def test_the_states_are_those_of_the_watchlist(flown: Context) -> None:
    listed = list(desk.watch_export.flights(flown, desk.departures.DepartureQuery()))
    today = Period(date(2026, 7, 1), date(2026, 7, 3))
    assert cells(run(flown, "departures", today), "reservation", "time") == [(r.code, r.local[11:]) for r in listed]


# -- consent


def test_consent_is_what_was_said_last(ctx: Context) -> None:
    ana, eva, leo, old = (add_guest(ctx, name) for name in ("Ana", "Eva", "Leo", "Old"))
    said = ((ana, True, 5), (ana, False, 20), (eva, True, 6), (old, True, 7))
    for guest, given, day in said:
        desk.guests.set_consent(ctx, guest, "mail", given=given, day=date(2026, 6, day), source="form")
    desk.guests.archive(ctx, [old])
    desk.guests.set_consent(ctx, leo, "sms", given=True, day=date(2026, 5, 1), source="form")
    data = run(ctx, "consent")
    names = ("channel", "guests", "yes", "no", "unknown", "share", "said_yes", "said_no")
    assert cells(data, *names)[:2] == [("mail", 3, 1, 1, 1, 0.3333, 2, 1), ("SMS", 3, 1, 0, 2, 0.3333, 0, 0)]
    assert total(data, "said_yes", "said_no", "guests") == (2, 1, None)
    early = run(ctx, "consent", Period(date(2026, 6, 1), date(2026, 6, 10)))
    assert cells(early, *names)[0] == ("mail", 3, 2, 0, 1, 0.6667, 2, 0)
    desk.attributes.add(ctx, "Wine club")
    desk.attributes.tag(ctx, ana, desk.attributes.named(ctx, "Wine club").id)
    tagged = run(ctx, "consent", Period(date(2026, 6, 1), date(2026, 6, 10)), attribute="wine CLUB")
    assert cells(tagged, *names)[:2] == [("mail", 1, 1, 0, 0, 1.0, 1, 0), ("SMS", 1, 0, 0, 1, 0.0, 0, 0)]
    for channel, row in zip(("mail", "sms", "phone", "newsletter"), cells(data, "yes"), strict=True):
        assert row == (desk.guest_lists.total(ctx, GuestQuery(GuestCriteria(consent=channel))),)


# -- what is asked


def test_what_cannot_be_asked_is_refused_with_a_sentence(ctx: Context) -> None:
    for name, filters, by, field in (
        ("profit", {}, "", "name"),
        ("demand", {"agent": "Ana"}, "", "agent"),
        ("inquiries", {"agent": "Zoe"}, "", "agent"),
        ("inquiries", {"department": "Cellar"}, "", "department"),
        ("inquiries", {"status": "sold"}, "", "status"),
        ("inquiries", {"channel": "pigeon"}, "", "channel"),
        ("inquiries", {}, "moon", "by"),
        ("payments-due", {"operator": "Nobody"}, "", "operator"),
        ("consent", {"attribute": "Nothing"}, "", "attribute"),
    ):
        with pytest.raises(InvalidInput) as refused:
            desk.reports.run(ctx, name, JUNE, filters, by=by)
        assert refused.value.field == field, name
        assert refused.value.message.endswith("."), name


def test_a_report_that_nobody_wants_any_more_ends(owed: Context) -> None:
    from crm_tui.base.errors import Cancelled
    from crm_tui.base.progress import CancelEvent

    stop = CancelEvent()
    stop.set()
    with pytest.raises(Cancelled):
        desk.reports.run(owed, "payments-due", WIDE, cancel=stop)
    assert len(desk.reports.run(owed, "payments-due", WIDE, cancel=CancelEvent()).table.rows) == 4


def test_a_long_query_is_broken_off(ctx: Context) -> None:
    from crm_tui.base.errors import Cancelled
    from crm_tui.base.progress import CancelEvent
    from crm_tui.desk.reports import _cancellable

    stop = CancelEvent()
    stop.set()
    forever = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    with ctx.store.connect() as connection, pytest.raises(Cancelled), _cancellable(connection, stop):
        connection.exec_driver_sql(forever)
    with ctx.store.connect() as connection:  # the next one is not watched any more
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1


def test_days_of_a_removed_reservation_count_nowhere(owed: Context) -> None:
    with owed.write() as tx:
        names = columns(Reservation)
        tx.connection.execute(update(Reservation).where(names.code == "A").values(removed_at=NOW))
    assert cells(run(owed, "payments-received"), "reservation") == [("B",)]
    assert cells(run(owed, "payments-due", WIDE), "reservation") == [("C",), ("B",)]


# -- charts


def test_a_chart_says_what_the_table_says(owed: Context) -> None:
    data = run(owed, "payments-due", WIDE)
    assert data.chart is not None
    assert (data.chart.kind, data.chart.currency, len(data.chart.labels)) == ("stacked", "EUR", 61)
    covered, missing = data.chart.series
    assert (sum(one or 0 for one in covered.values), sum(one or 0 for one in missing.values)) == (35000, 66000)
    assert data.chart.labels[0] == "1.6."
    year = run(owed, "payments-due", Period(date(2026, 1, 1), date(2026, 12, 31)))
    assert year.chart is not None
    assert len(year.chart.labels) == 53
    assert sum(one or 0 for one in year.chart.series[1].values) == 66000
    ages = run(owed, "payments-due", Period(date(2025, 1, 1), date(2026, 12, 31)), by="day")
    assert ages.chart is not None
    assert (ages.chart.labels[0], len(ages.chart.labels)) == ("1/2025", 24)


def test_one_day_or_one_row_needs_no_chart(asked: Context) -> None:
    assert run(asked, "inquiries", Period(date(2026, 6, 1), date(2026, 6, 1)), by="day").chart is None
    assert run(asked, "inquiries", by="channel", channel="phone").chart is None


def test_a_share_over_time_is_worked_out_anew() -> None:
    from crm_tui.desk.reports import charts
    from crm_tui.rules.reporting import Column, Kind, table

    columns = (
        Column("day", "Day", Kind.DAY),
        Column("won", "Won", Kind.COUNT),
        Column("all", "All", Kind.COUNT),
        Column("share", "Share", Kind.SHARE, of=("won", "all")),
    )
    days: list[dict[str, Any]] = [
        {"day": date(2026, 6, day), "won": won, "all": whole} for day, won, whole in ((1, 1, 1), (2, 0, 3))
    ]
    made = charts.over_time("Share", ["share"], Period(date(2026, 6, 1), date(2026, 8, 31)))(table(columns, days))
    assert made is not None
    assert made.series[0].values[:2] == (0.25, None)


def test_a_share_is_rounded_once() -> None:
    from crm_tui.desk.reports import words
    from crm_tui.rules.reporting import Column, Kind, ratio

    assert words.cell(Column("share", "Share", Kind.SHARE), ratio(1, 26), UTC) == "3.8 %"  # not 3.85, then 3.9
