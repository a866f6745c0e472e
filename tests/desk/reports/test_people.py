"""Reports that compare people (SPEC §10, §12, §13): counted by hand, equal to the figures elsewhere, for managers only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from crm_tui import desk
from crm_tui.base.errors import Forbidden, InvalidInput
from crm_tui.data.columns import columns, new_id
from crm_tui.data.tables import Conversation, Inquiry, Reservation, TimerSession, Turn
from crm_tui.desk.common.context import Context
from crm_tui.desk.reports import REPORTS, ReportData, files
from crm_tui.rules.periods import Period
from tests.desk.asked import add_inquiry
from tests.desk.house import NOW, make_house

WEEK = Period(date(2026, 6, 22), date(2026, 6, 28))
BEGIN = NOW - timedelta(days=6)  # Thursday 25 June, eleven in Madrid


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    """Ana, the administrator, and Leo, an agent; what they and somebody unknown answered within the week.

    Ana: 1 h and 3 h, the second after booking. Leo: 30 min, no first one. Unknown: 10 min. One answer of the week after.
    """
    made = make_house(tmp_path)
    desk.departments.add(made, "Reservations")
    leo = desk.team.add(made, "Leo", department="Reservations").id
    turn(made, 1, 60, made.actor.id)
    turn(made, 2, 180, made.actor.id, stage="after booking")
    turn(made, 3, 30, leo, first=False)
    turn(made, 4, 10, None, days=1, address="marta@example.org")
    turn(made, 5, 600, leo, days=5)
    with made.write() as tx:
        hours = {"heartbeat_at": BEGIN + timedelta(hours=4), "stopped_at": BEGIN + timedelta(hours=4)}
        row = {"agent_id": leo, "desk": "", "started_at": BEGIN, "ended": "stopped", **hours}
        tx.connection.execute(insert(TimerSession).values(**row))
    first = add_inquiry(made, created_at=BEGIN, channel="phone")
    add_inquiry(made, created_at=BEGIN, channel="phone")
    add_inquiry(made, created_at=BEGIN)
    add_inquiry(made, created_at=BEGIN, status="lost", lost_reason="Spam")
    with made.write() as tx:
        stay = {"code": "A", "inquiry_id": first, "status": "confirmed", "confirmed_at": NOW}
        tx.connection.execute(insert(Reservation).values(**stay, created_at=NOW, updated_at=NOW))
    yield made
    made.store.close()


RELAY = "4711.guest@guest.booking.com"


def turn(
    ctx: Context, number: int, minutes: int, agent: int | None, *, days: int = 0, address: str = RELAY, **values: Any
) -> None:
    """A turn that an agent closed with a reply after so many minutes."""
    at = BEGIN + timedelta(days=days)
    row: dict[str, Any] = {"opened_at": at, "opened_by": number, "closed_at": at + timedelta(minutes=minutes)}
    row |= {"reason": "reply", "agent_id": agent, "first": True} | values
    with ctx.write() as tx:
        talk = tx.connection.execute(
            insert(Conversation).values(folder="Done", first_at=at, last_at=at, counterpart_address=address)
        )
        tx.connection.execute(insert(Turn).values(conversation_id=new_id(talk), **row))


def run(ctx: Context, name: str, by: str = "", **filters: str) -> ReportData:
    return desk.reports.run(ctx, name, WEEK, filters, by=by)


def cells(data: ReportData, *names: str) -> list[tuple[Any, ...]]:
    columns = ([round(one, 4) if isinstance(one, float) else one for one in data.table.values(name)] for name in names)
    return list(zip(*columns, strict=True))


def total(data: ReportData, *names: str) -> tuple[Any, ...]:
    (row,) = data.table.totals
    found = (row[data.table.place(name)] for name in names)
    return tuple(round(one, 4) if isinstance(one, float) else one for one in found)


TIMES = ("responses", "average", "before_average", "after_average", "first_average")


def test_response_times_are_sums_divided_by_turns(ctx: Context) -> None:
    data = run(ctx, "response-times")
    assert cells(data, "agent", *TIMES) == [
        ("Ana", 2, 7200, 3600, 10800, 7200),
        ("Leo", 1, 1800, 1800, None, None),
        ("(not known)", 1, 600, 600, None, 600),
    ]
    assert total(data, *TIMES) == (4, 4200, 2000, 10800, 5000)  # (60 + 180 + 30 + 10) minutes by four


def test_response_times_by_day_and_channel(ctx: Context) -> None:
    days = run(ctx, "response-times", by="day")
    assert [row for row in cells(days, "day", "responses", "average") if row[1]] == [
        (date(2026, 6, 25), 3, 5400),
        (date(2026, 6, 26), 1, 600),
    ]
    assert len(days.table.rows) == 7
    assert total(days, *TIMES) == total(run(ctx, "response-times"), *TIMES)
    channels = run(ctx, "response-times", by="channel")
    assert cells(channels, "channel", "responses") == [("Booking.com", 3), ("direct", 1)]
    assert total(channels, *TIMES) == total(days, *TIMES)
    own = run(ctx, "response-times", by="day", agent="Leo")
    assert total(own, "responses", "average") == (1, 1800)
    assert cells(run(ctx, "response-times", by="channel", agent="Leo"), "channel", "responses") == [("Booking.com", 1)]
    unknown = run(ctx, "response-times", by="channel", agent="nobody")
    assert cells(unknown, "channel", "responses") == [("direct", 1)]


def test_days_of_a_department_and_of_nobody(ctx: Context) -> None:
    desk.departments.add(ctx, "Nights")
    desk.team.add(ctx, "Zoe", department="Reservations")
    days = run(ctx, "response-times", by="day", department="Reservations")
    assert [row for row in cells(days, "day", "responses", "average") if row[1]] == [(date(2026, 6, 25), 1, 1800)]
    assert total(days, *TIMES) == total(run(ctx, "response-times", department="Reservations"), *TIMES)
    assert total(run(ctx, "response-times", by="day", agent="nobody"), "responses", "average") == (1, 600)
    assert total(run(ctx, "response-times", by="day", department="Nights"), "responses", "average") == (0, None)
    both = run(ctx, "productivity", by="day", department="Reservations")
    assert set(both.table.values("received")) == {None}  # a ticket that both had would count twice
    assert total(both, "received", "responses", "working_seconds") == (None, 1, 4 * 3600)


def test_more_days_than_anybody_reads_are_refused(ctx: Context) -> None:
    ever = Period(date(3, 1, 1), date(9990, 12, 31))
    for name in ("response-times", "productivity", "conversion"):
        with pytest.raises(InvalidInput, match="3660 days"):
            desk.reports.run(ctx, name, ever, by="day")
        assert desk.reports.run(ctx, name, ever).table.totals


def test_productivity_has_the_figures_of_the_team(ctx: Context) -> None:
    data = run(ctx, "productivity")
    assert cells(data, "agent", "responses", "average", "working_seconds", "eligible_inquiries", "conversion") == [
        ("Ana", 2, 7200, 0, 0, None),
        ("Leo", 1, 1800, 4 * 3600, 0, None),
        ("(nobody)", 1, 600, 0, 3, 0.3333),
    ]
    whole = desk.metrics.team(ctx, WEEK).total
    names = ("received", "opened", "done", "queue", "pending", "responses", "working_seconds", "converted")
    assert total(data, *names) == tuple(getattr(whole, name) for name in names)
    told = list(files.records(data))[-1]
    assert tuple(told[name] for name in names) == tuple(getattr(whole, name) for name in names)
    assert "agent" not in told
    narrowed = run(ctx, "productivity", department="Reservations")
    assert cells(narrowed, "agent") == [("Leo",)]
    assert total(narrowed, "responses", "working_seconds") == (1, 4 * 3600)
    days = run(ctx, "productivity", by="day")
    assert total(days, "responses", "working_seconds", "converted") == (4, 4 * 3600, 1)


def test_conversion_is_of_inquiries_that_count(ctx: Context) -> None:
    data = run(ctx, "conversion")
    assert cells(data, "channel", "eligible_inquiries", "converted", "conversion") == [
        ("phone", 2, 1, 0.5),
        ("direct", 1, 0, 0.0),
    ]
    counts = ("eligible_inquiries", "converted", "conversion")
    assert total(data, *counts) == (3, 1, 0.3333)
    assert total(run(ctx, "conversion", by="agent"), *counts) == total(data, *counts)
    assert total(run(ctx, "conversion", by="day"), *counts) == total(data, *counts)


def test_conversion_is_narrowed(ctx: Context) -> None:
    counts = ("eligible_inquiries", "converted")
    with ctx.write() as tx:
        tx.connection.execute(update(Conversation).where(columns(Conversation).id == 1).values(inquiry_id=1))
        by = tx.connection.execute(select(columns(Turn).agent_id).where(columns(Turn).conversation_id == 1)).scalar()
    assert by == ctx.actor.id
    assert total(run(ctx, "conversion", channel="Phone"), *counts) == (2, 1)
    assert total(run(ctx, "conversion", agent="me"), *counts) == (1, 1)
    assert total(run(ctx, "conversion", agent="nobody", by="channel"), *counts) == (2, 0)
    assert total(run(ctx, "conversion", department="Reservations"), *counts) == (0, 0)
    assert cells(run(ctx, "conversion", by="agent"), "agent", *counts) == [("Ana", 1, 1), ("(nobody)", 2, 0)]
    assert total(run(ctx, "conversion", by="day", agent="me", channel="phone"), *counts) == (1, 1)
    leo = desk.team.find(ctx, "Leo")
    theirs = ctx.acting_as(type(ctx.actor)(leo.id, "Leo"))
    assert total(run(theirs, "conversion", by="day", agent="me"), *counts) == (0, 0)
    for filters in ({"agent": "Ana"}, {"department": "Reservations"}):
        with pytest.raises(Forbidden):
            desk.reports.run(theirs, "conversion", WEEK, filters)


def test_conversion_tells_an_agent_of_no_hidden_inquiry(ctx: Context) -> None:
    leo = desk.team.find(ctx, "Leo")
    theirs = ctx.acting_as(type(ctx.actor)(leo.id, "Leo"))
    with ctx.write() as tx:
        add = insert(Inquiry).values(created_at=BEGIN, updated_at=BEGIN, status="new", channel="phone")
        tx.connection.execute(add.values(scope=f"a{ctx.actor.id}", children="[]", proposed="{}"))
    assert total(run(ctx, "conversion"), "eligible_inquiries") == (4,)
    assert total(run(theirs, "conversion"), "eligible_inquiries") == (3,)
    assert total(run(theirs, "inquiries"), "inquiries") == (4,)  # with the one that is spam


def test_others_figures_are_for_managers(ctx: Context) -> None:
    leo = desk.team.find(ctx, "Leo")
    theirs = ctx.acting_as(type(ctx.actor)(leo.id, "Leo"))
    for name in (one.name for one in REPORTS.values() if one.people):
        for filters in ({}, {"agent": "Ana"}, {"department": "Reservations"}, {"agent": "nobody"}):
            with pytest.raises(Forbidden, match="Only a manager"):
                desk.reports.run(theirs, name, WEEK, filters)
        assert cells(run(theirs, name, agent="me"), "agent", "responses") == [("Leo", 1)]
        assert total(run(theirs, name, agent="leo", by="day"), "responses") == (1,)
    for by in ("agent", "day"):
        with pytest.raises(Forbidden):
            run(theirs, "conversion", by=by)
    assert total(run(theirs, "conversion"), "converted") == (1,)
    assert desk.reports.own_only(theirs, REPORTS["productivity"]) == {"agent": "Leo"}
    assert desk.reports.choices(theirs, REPORTS["productivity"])["agent"] == [("Leo", "Leo")]
    offered = {one.name: one for one in desk.reports.listed(theirs)}
    assert offered["productivity"].filters == ("agent",)
    assert list(offered["response-times"].by) == ["agent", "channel", "day"]
    assert list(offered["inquiries"].by) == ["reason", "channel", "day"]
    assert offered["inquiries"].filters == ("agent", "channel", "status")
    assert [value for value, _words in desk.reports.choices(theirs, offered["inquiries"])["agent"]] == ["Leo", "nobody"]
    for by, filters in (("agent", {}), ("reason", {"agent": "Ana"}), ("", {"department": "Reservations"})):
        with pytest.raises(Forbidden):
            desk.reports.run(theirs, "inquiries", WEEK, filters, by=by)
    assert desk.reports.run(theirs, "inquiries", WEEK, {"agent": "nobody"}).table.rows
    assert list(offered["conversion"].by) == ["channel"]
    for one in offered.values():  # whatever is offered can be asked
        for by in one.by or ("",):
            desk.reports.run(theirs, one.name, WEEK, desk.reports.own_only(theirs, one), by=by)


def test_who_was_a_manager_when_the_desk_opened_is_asked_again(ctx: Context) -> None:
    leo = desk.team.find(ctx, "Leo")
    pretended = ctx.acting_as(type(ctx.actor)(leo.id, "Leo", "admin"))
    with pytest.raises(Forbidden):
        run(pretended, "productivity")
