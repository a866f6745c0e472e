"""Reports under the fingers: opened, another period, narrowed, by something else, drawn, exported, refused."""

from __future__ import annotations

import csv
import json
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.pilot import Pilot
from textual.widgets import Input

from crm_tui import desk
from crm_tui.app import DeskApp
from crm_tui.rules.periods import Period
from crm_tui.rules.reporting import Column, Kind
from crm_tui.screens.dialogs.period import neighbour, words
from crm_tui.screens.reports.report import ReportScreen
from crm_tui.screens.reports.rows import laid_out
from crm_tui.screens.reports.screen import ReportsScreen
from crm_tui.widgets.forms import Form
from tests.desk.asked import add_guest, add_inquiry
from tests.desk.bookings import add_reservation, pay
from tests.screens.harness import NOW, Hotel
from tests.screens.opened import opened, screen_text, settle

EVIL = "[@click=app.quit]Evil\x1b]52;c;x\x07"


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    """Three inquiries of November, one lost for an odd reason; a payment of October and one of November."""
    made = Hotel(tmp_path / "home").open()
    ctx = made.ctx
    add_inquiry(ctx, status="booked", created_at=NOW)
    add_inquiry(ctx, status="lost", lost_reason=EVIL, created_at=NOW, channel="phone")
    add_inquiry(ctx, status="new", created_at=NOW)
    guest = add_guest(ctx, EVIL, "")
    one = add_reservation(ctx, "R-1", guest, currency="EUR")
    pay(ctx, one, date(2026, 11, 3), 10000, method="cash")
    pay(ctx, one, date(2026, 10, 3), 5000, method="card")
    return made


async def press(pilot: Pilot[int], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


def report(app: DeskApp) -> ReportScreen:
    assert isinstance(app.screen, ReportScreen)
    return app.screen


def rows(app: DeskApp) -> list[tuple[str, ...]]:
    return [row.cells for row in report(app)._rows]


async def test_a_report_is_opened_narrowed_and_moved_in_time(hotel: Hotel) -> None:
    async with opened(hotel, (80, 24)) as (app, pilot):
        await press(pilot, "g", "c")
        assert isinstance(app.screen, ReportsScreen)
        assert "12 reports · each with its usual days" in app.screen.title_line.text
        await press(pilot, "enter")
        assert report(app).title_line.text.startswith(" INQUIRIES · 3 rows · Nov 2026")
        assert [cells[:4] for cells in rows(app)] == [
            ("realised", "booked", "", "1"),
            ("not realised", "lost", "[@click=app.quit]Evil]52;c;x", "1"),
            ("open", "new", "", "1"),
        ]
        assert "[@click=app.quit]Evil" in screen_text(app)
        assert "Total" in report(app).totals[0].text
        await press(pilot, "o", "2")
        assert "by channel" in report(app).title_line.text
        assert [cells[:2] for cells in rows(app)] == [("direct", "2"), ("phone", "1")]
        await press(pilot, "left")
        assert report(app).period == Period(date(2026, 10, 1), date(2026, 10, 31))
        assert "There is nothing in these days." in screen_text(app)
        await press(pilot, "l", "f", "tab", "tab", "enter", *"phone", "enter", "ctrl+s")
        assert "Channel: phone" in report(app).title_line.text
        assert [cells[:2] for cells in rows(app)] == [("phone", "1")]
        await press(pilot, "escape")  # what it was narrowed to goes first
        assert len(rows(app)) == 2
        await press(pilot, "escape")
        assert "Nov 2026" in app.screen.title_line.text


async def test_days_are_typed_and_kept_for_the_session(hotel: Hotel) -> None:
    async with opened(hotel, (80, 24)) as (app, pilot):
        await press(pilot, "g", "c", "enter", "D", "d")
        line = app.screen.query_one(Input)
        line.value = "15.11.2026 - 1.11.2026"
        await press(pilot, "enter")
        assert "It ends before it starts." in screen_text(app)
        line.value = "1.10.2026 - 15.11.2026"
        await press(pilot, "enter")
        assert report(app).period == Period(date(2026, 10, 1), date(2026, 11, 15))
        await press(pilot, "escape")
        await pilot.press(*"jjjjjj", "enter")
        await settle(pilot)
        assert "1 Oct – 15 Nov" in report(app).title_line.text
        assert [(cells[0], cells[6]) for cells in rows(app)] == [("Sat 3 Oct", "€50.00"), ("Tue 3 Nov", "€100.00")]
        assert "€150.00" in report(app).totals[0].text
        assert report(app).list.has_focus
        await press(pilot, "V")
        assert report(app).has_class("-chart-only")
        assert "Received and given back by day" in screen_text(app)
        await press(pilot, "V")
        assert report(app).list.has_focus
        await press(pilot, "enter")
        assert "R-1" in screen_text(app)
        assert not isinstance(app.screen, ReportScreen)


async def test_a_report_is_written_to_files(hotel: Hotel, tmp_path: Path) -> None:
    async with opened(hotel, (120, 40)) as (app, pilot):
        await press(pilot, "g", "c")
        await pilot.press(*"jjjjjj", "enter")
        await settle(pilot)
        await press(pilot, "X")
        form = app.screen.query_one(Form)
        assert form.fields["path"].value.endswith("payments-received-2026-11-01-2026-11-30.csv")
        form.fields["path"].value = str(tmp_path / "paid.csv")
        await press(pilot, "ctrl+s")
        found = list(csv.DictReader((tmp_path / "paid.csv").read_text(encoding="utf-8").splitlines()))
        assert [(row["day"], row["received"], row["currency"]) for row in found] == [("2026-11-03", "100.00", "EUR")]
        await press(pilot, "X")
        form = app.screen.query_one(Form)
        form.fields["format"].value = "json"
        await settle(pilot)
        assert form.fields["path"].value.endswith(".json")
        form.fields["path"].value = str(tmp_path / "paid.json")
        await press(pilot, "ctrl+s")
        lines = [json.loads(line) for line in (tmp_path / "paid.json").read_text(encoding="utf-8").splitlines()]
        assert [(one["net"], one.get("total", False)) for one in lines] == [("100.00", False), ("100.00", True)]


async def test_an_agent_sees_their_own_figures(hotel: Hotel) -> None:
    desk.team.add(hotel.ctx, "Leo")
    async with opened(hotel, agent="Leo") as (app, pilot):
        await press(pilot, "g", "c", "j", "j", "enter")
        assert [cells[0] for cells in rows(app)] == ["Leo"]
        assert "Agent: Leo" in report(app).title_line.text


async def test_what_cannot_be_asked_together_leaves_what_is_shown(hotel: Hotel) -> None:
    async with opened(hotel) as (app, pilot):
        await press(pilot, "g", "c", "j", "enter", "o", "3")
        shown = rows(app)
        await press(pilot, "D", "d", "home", "ctrl+k", *"2001-01-01..2026-11-30", "enter")
        assert any("3660 days at the most" in one.message for one in app._notifications)
        assert rows(app) == shown
        assert "2001" not in report(app).title_line.text
        assert "by day" in report(app).title_line.text


async def test_work_that_goes_on_is_told_and_stopped(hotel: Hotel, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report that never ends by itself, until it is cancelled."""
    begun, given = threading.Event(), desk.reports.run

    def endless(*args: Any, cancel: Any, **named: Any) -> Any:
        begun.set()
        cancel.wait(10)
        return given(*args, cancel=cancel, **named)

    async with opened(hotel) as (app, pilot):
        await press(pilot, "g", "c")
        monkeypatch.setattr(desk.reports, "run", endless)
        monkeypatch.setattr("crm_tui.screens.reports.report.TOLD_AFTER", 0.01)
        await pilot.press("enter")
        while not begun.is_set() or "working… Esc stops" not in screen_text(app):
            await pilot.pause(0.01)
        await pilot.press("escape")
        await settle(pilot)
        assert report(app).data is None
        assert "working" not in report(app).title_line.text
        assert report(app)._work is None


def test_periods_beside_each_other() -> None:
    may = Period(date(2026, 5, 1), date(2026, 5, 31))
    assert neighbour(may, -1) == Period(date(2026, 4, 1), date(2026, 4, 30))
    assert neighbour(neighbour(may, -1), 1) == may
    week = Period(date(2026, 5, 4), date(2026, 5, 10))
    assert neighbour(week, 1) == Period(date(2026, 5, 11), date(2026, 5, 17))
    today = date(2026, 5, 20)
    year = Period(date(2025, 1, 1), date(2025, 12, 31))
    assert [words(one, today) for one in (may, week, year)] == ["May 2026", "4–10 May", "2025"]
    assert words(Period(today, today), today) == "Wed 20 May 2026"


CELLS = st.lists(st.tuples(st.text("ab ż漢", max_size=60), st.text("0123", max_size=12), st.text("x", max_size=30)))


@given(CELLS, st.integers(20, 160))
def test_a_table_has_the_width_there_is(found: list[tuple[str, str, str]], room: int) -> None:
    columns = (Column("a", "Agent"), Column("n", "Answers before booking", Kind.COUNT), Column("t", "Reason"))
    layout = laid_out(columns, found, room)
    for cells in (*found, ("Agent", "Answers before booking", "Reason")):
        assert sum(cell_len(text) for text, _look in layout.line(cells, "")) <= room
    shown = dict(layout.places)
    assert all(shown[1] >= cell_len(cells[1]) for cells in found if 1 in shown)
    assert len(shown) + layout.left_out == 3
