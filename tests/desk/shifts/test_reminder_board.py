"""The board of reminders: four days, reminders and inquiries together, for whoever may see what; quick (SPEC §9, QUALITY §1)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text

from crm_tui import desk
from crm_tui.base.errors import InvalidInput
from crm_tui.data.tables import Reminder
from crm_tui.desk.common.context import Context
from crm_tui.desk.shifts import reminder_board
from crm_tui.desk.shifts.reminder_views import BUCKETS, BoardQuery, BoardRow
from tests.desk.colleagues import colleague
from tests.desk.house import NOW, make_house

TODAY = date(2026, 7, 1)


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return make_house(tmp_path)


def inquiry(ctx: Context, days: int, name: str, **values: Any) -> int:
    guest = desk.guests.create(ctx, {"surname": name})
    made = desk.inquiries.create(ctx, values, guest=guest)
    version = desk.inquiries.get(ctx, made).version
    if days >= 0:
        desk.inquiries.set(ctx, made, version, {"planned_end": TODAY + timedelta(days=days)})
    else:
        with ctx.write() as tx:
            tx.connection.execute(
                text("UPDATE inquiry SET planned_end = :d WHERE id = :i"),
                {"d": str(TODAY + timedelta(days=days)), "i": made},
            )
    return made


def ids(rows: Any) -> list[str]:
    return [row.id for row in rows]


def test_reminders_and_inquiries_by_day(ctx: Context) -> None:
    for days in (-3, 0, 1, 2, 3):
        desk.reminders.add(ctx, f"r{days}", TODAY + timedelta(days=days))
        inquiry(ctx, days, f"Guest {days}", handler="Ana")
    closed = inquiry(ctx, 0, "Lost", handler="Ana")
    desk.inquiries.set(ctx, closed, desk.inquiries.get(ctx, closed).version, {"status": "lost", "lost_reason": "price"})
    desk.reminders.done(ctx, desk.reminders.add(ctx, "done", TODAY))
    rows = reminder_board.page(ctx, BoardQuery("all")).rows
    assert [(row.bucket, row.kind) for row in rows] == [
        (one, kind) for one in BUCKETS for kind in ("reminder", "inquiry")
    ]
    assert ids(rows) == ["r1", "i1", "r2", "i2", "r3", "i3", "r4", "i4"]
    assert reminder_board.counts(ctx, BoardQuery("all")) == dict.fromkeys(BUCKETS, 2)
    assert (rows[1].title, rows[1].detail, rows[1].links[0].id) == ("Guest -3", "new", 1)
    assert ids(reminder_board.page(ctx, BoardQuery("all", "inquiry", "today")).rows) == ["i2"]


def test_whose(ctx: Context) -> None:
    leo = colleague(ctx, "Leo", department="Front")
    mia = colleague(ctx, "Mia")
    assert mia.actor.id is not None
    desk.team.change(ctx, mia.actor.id, department="Front")
    mia = desk.team.renewed(mia)
    desk.reminders.add(ctx, "Ana's", TODAY)
    desk.reminders.add(ctx, "Leo's", TODAY, assignee="Leo")
    desk.reminders.add(ctx, "Front's", TODAY, department="Front")
    inquiry(ctx, 0, "Of Leo", handler="Leo")

    def seen(who: Context, whose: str) -> list[str]:
        return [row.title for row in reminder_board.page(who, BoardQuery(whose)).rows]

    assert seen(ctx, "me") == ["Ana's"]
    assert seen(leo, "me") == ["Leo's", "Front's", "Of Leo"]
    assert (seen(mia, "me"), seen(mia, "department")) == (["Front's"], ["Leo's", "Front's", "Of Leo"])
    assert seen(ctx, "leo") == ["Leo's", "Of Leo"]
    assert seen(ctx, "all") == ["Ana's", "Leo's", "Front's", "Of Leo"]
    with pytest.raises(InvalidInput):
        seen(ctx, "department")
    with pytest.raises(InvalidInput):
        seen(ctx, "Zoe")


def test_what_is_hidden_is_neither_shown_nor_counted(ctx: Context) -> None:
    leo = colleague(ctx, "Leo")
    hidden = inquiry(ctx, 0, "Secret")
    desk.reminders.add(ctx, "about it", TODAY, inquiry=hidden)
    desk.inquiries.set(ctx, hidden, desk.inquiries.get(ctx, hidden).version, {"scope": "me"})
    for query in (BoardQuery("all"), BoardQuery("Ana")):
        assert reminder_board.page(leo, query) == ([], 0)
        assert reminder_board.total(leo, query) == 0
        assert sum(reminder_board.counts(leo, query).values()) == 0
        assert reminder_board.row_in_list(leo, query, "r1") is None
        assert reminder_board.row_in_list(leo, query, "i1") is None
    assert len(reminder_board.page(ctx, BoardQuery("all")).rows) == 2


def test_pages_lead_through_all_of_it_both_ways(ctx: Context) -> None:
    for number in range(23):
        desk.reminders.add(ctx, f"r{number}", TODAY - timedelta(days=number % 5))
        if number % 3 == 0:
            inquiry(ctx, -(number % 4), f"g{number}")
    query = BoardQuery("all")
    whole = list(reminder_board.page(ctx, query, limit=500).rows)
    assert [row.cursor for row in whole] == sorted(row.cursor for row in whole)
    assert reminder_board.total(ctx, query) == len(whole) == 31
    found: list[BoardRow] = []
    while page := reminder_board.page(ctx, query, after=found[-1].cursor if found else None, limit=4).rows:
        found += page
    assert ids(found) == ids(whole)
    back = list(reminder_board.page(ctx, query, last=True, limit=4).rows)
    while page := reminder_board.page(ctx, query, before=back[0].cursor, limit=4).rows:
        back = [*page, *back]
    assert ids(back) == ids(whole)
    assert ids(reminder_board.page(ctx, query, at=9, limit=3).rows) == ids(whole[9:12])
    for place, row in enumerate(whole):
        assert reminder_board.position(ctx, query, row.cursor) == place
        again = reminder_board.row_in_list(ctx, query, row.id)
        assert again is not None
        assert again.cursor == row.cursor


def _plan(ctx: Context, statement: Any) -> str:
    from sqlalchemy.dialects import sqlite

    compiled = str(statement.compile(dialect=sqlite.dialect()))
    values = [None] * compiled.count("?")
    with ctx.store.connect() as connection:
        return "\n".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", tuple(values)))


@pytest.mark.parametrize("side", ["", "after", "before", "from", "later", "until", "earlier"])
@pytest.mark.parametrize(
    ("inquiry", "of"), [(False, "any"), (False, "assignee"), (False, "department"), (True, "any"), (True, "assignee")]
)
def test_every_list_lies_in_an_index(ctx: Context, inquiry: bool, of: str, side: str) -> None:
    back = side in ("before", "until", "earlier")
    plan = _plan(ctx, reminder_board._select(inquiry, of, side, back=back))
    assert "TEMP B-TREE" not in plan, plan
    assert "SCAN" not in plan, plan
    index = {
        "any": "ix_inquiry_board" if inquiry else "ix_reminder_due",
        "assignee": "ix_inquiry_open_handler" if inquiry else "ix_reminder_assignee",
    }
    assert index.get(of, "ix_reminder_department") in plan, plan


def test_a_hundred_thousand_are_as_quick_as_a_few(ctx: Context) -> None:
    rows = [
        {"title": f"Task {n}", "due": TODAY + timedelta(days=n % 2_000 - 100), "assignee_id": 1, "folded": f"task {n}", "created_at": NOW,
         "done_at": NOW if n % 10 else None}
        for n in range(100_000)
    ]  # fmt: skip
    with ctx.write() as tx:
        tx.connection.execute(insert(Reminder), rows)
    from time import perf_counter

    def took(work: Any) -> float:
        times = []
        for _ in range(5):
            started = perf_counter()
            work()
            times.append(perf_counter() - started)
        return min(times)

    assert took(lambda: reminder_board.counts(ctx, BoardQuery("me"))) < 0.05
    assert took(lambda: reminder_board.page(ctx, BoardQuery("me"), limit=50)) < 0.05


@pytest.mark.parametrize("latest", [False, True])
def test_the_search_lies_in_an_index(ctx: Context, latest: bool) -> None:
    from crm_tui.desk.shifts import reminder_search
    from crm_tui.desk.shifts.reminder_rows import SELECT
    from crm_tui.desk.shifts.reminder_views import ReminderQuery

    with ctx.store.connect() as connection:
        where = reminder_search._where(ctx, connection, ReminderQuery("task"))
    order = [one.desc() if latest else one for one in (Reminder.__table__.c.due, Reminder.__table__.c.id)]  # type: ignore[attr-defined]
    plan = _plan(ctx, SELECT.where(*where).order_by(*order).limit(50))
    assert "ix_reminder_kept" in plan
    assert "TEMP B-TREE" not in plan
