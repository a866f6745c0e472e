"""Modes 7 and 8 under the fingers: marked, changed, taken back, filtered, exported, as time passes."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from crm_tui import desk
from crm_tui.app import DeskApp
from crm_tui.screens.departures.rows import DepartureRowView, until
from crm_tui.screens.payments.rows import PaymentRowView, due_words
from crm_tui.screens.watchlists.export import WatchExport
from crm_tui.screens.watchlists.filter import WatchFilter
from crm_tui.screens.watchlists.listing import WatchScreen
from crm_tui.widgets.forms import TextField
from tests.desk.asked import add_guest
from tests.desk.bookings import add_reservation, pay
from tests.desk.journeys import add_flight, add_line
from tests.screens.harness import NOW, Hotel
from tests.screens.opened import opened, screen_text, settle

TODAY = date(2026, 11, 21)


@pytest.fixture
def trips(tmp_path: Path) -> Hotel:
    """Two departures tomorrow, one of them over Munich; one who owes a deposit since Monday, one a balance today."""
    hotel = Hotel(tmp_path / "home").open()
    ctx = hotel.ctx
    nowak = add_guest(ctx, "Nowak", "Łucja", phones=["+48601234567"], mails=["lucja@poczta.example"])
    evil = add_guest(ctx, "[@click=app.quit]Evil\x1b]52;c;x\x07", "", phones=[])
    first = add_reservation(ctx, "T-1", nowak, currency="EUR", destination="Mallorca", folded_destination="mallorca")
    add_flight(ctx, first, "LO 351", "WAW-MUC", "2026-11-22T06:40", "2026-11-22T08:20")
    add_flight(ctx, first, "LH 1834", "MUC-PMI", "2026-11-22T09:35", "2026-11-22T11:40")
    second = add_reservation(ctx, "T-2[/x]", evil, currency="EUR")
    add_flight(ctx, second, "HB 12", "XQZ-IBZ", "2026-11-22T15:00")
    add_line(ctx, first, "deposit", TODAY - timedelta(days=5), 300_00)
    add_line(ctx, second, "balance", TODAY, 700_00)
    return hotel


def shown(app: DeskApp) -> list[str]:
    """The rows, as they are drawn."""
    screen = app.screen
    assert isinstance(screen, WatchScreen)
    rows = [screen.list.pages.get(index) for index in range(screen.list.total)]
    return ["".join(text for text, _style in screen.view.parts(row, 118)) for row in rows if row is not None]


def details(app: DeskApp) -> str:
    screen = app.screen
    assert isinstance(screen, WatchScreen)
    return "\n".join(line.text for line in screen.lines)


async def press(pilot: Pilot[int], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def test_a_departure_is_marked_by_one_key_changed_and_told_again(trips: Hotel) -> None:
    async with opened(trips, (80, 24)) as (app, pilot):
        await press(pilot, "7")
        first, second = shown(app)
        assert first.startswith("● Sun 06:40  in 16 h  LO 351  WAW→MUC→PMI     Łucja Nowak")
        assert first.rstrip().endswith("to inform")
        assert "15:00≈" in second
        assert "[@click=app.quit]Evil" in second
        assert "+48 601 234 567" in details(app)
        assert "then LH 1834 09:35 → Palma De Mallorca PMI 11:40" in details(app)
        assert app.screen.title_line.text.endswith("2 to inform ")  # type: ignore[attr-defined]
        await press(pilot, "I")
        assert shown(app)[0].rstrip().endswith("Ana now")
        assert "Ana told them 06:40" in details(app)
        await press(pilot, "E", "down", "enter")  # the connection is put off
        await pilot.press("end", "ctrl+u", *"22.11. 10:05", "ctrl+s")
        await settle(pilot)
        assert shown(app)[0].startswith("↻ Sun 06:40")
        assert "since then the flight or its connection was changed" in details(app)
        await press(pilot, "I")
        assert shown(app)[0].startswith("✔")
        await press(pilot, "z")
        assert shown(app)[0].startswith("↻")


async def test_marked_departures_are_told_together_and_time_takes_them_off(trips: Hotel) -> None:
    async with opened(trips) as (app, pilot):
        await press(pilot, "7", "space", "space", "I")
        assert [row[:1] for row in shown(app)] == ["✔", "✔"]
        await press(pilot, "delete")
        assert [row[:1] for row in shown(app)].count("●") == 1
        trips.clock.advance(timedelta(days=1, hours=9, minutes=55))  # 23 Nov, one minute to
        app.screen.minute_passed()  # type: ignore[attr-defined]
        await settle(pilot)
        assert shown(app) == []
        assert "No flight leaves within 2 days." in app.screen.view.empty()[0][0]  # type: ignore[attr-defined]


async def test_payments_show_what_is_missing_and_leave_when_it_is_paid(trips: Hotel) -> None:
    async with opened(trips, (80, 24)) as (app, pilot):
        await press(pilot, "8")
        first, second = shown(app)
        assert first.startswith("! Z         €300.00 5 d late   Łucja Nowak")
        assert second.startswith("● D         €700.00 today")
        assert "due 16 Nov: 5 days overdue" in details(app)
        assert app.screen.title_line.text.endswith("! 1 overdue ")  # type: ignore[attr-defined]
        number = desk.reservations.find(trips.ctx, "T-1")
        assert number is not None
        pay(trips.ctx, number, TODAY, 300_00)
        with trips.ctx.write() as tx:
            tx.journal("payment", 1, "create")
        await app.workers.wait_for_complete()
        app.screen.minute_passed()  # type: ignore[attr-defined]
        await settle(pilot)
        assert [row[:3] for row in shown(app)] == ["● D"]


async def test_the_filter_fits_a_small_desk(trips: Hotel) -> None:
    async with opened(trips, (80, 24)) as (app, pilot):
        for mode in ("7", "8"):
            await press(pilot, mode, "f")
            assert "Destination" in screen_text(app)
            await press(pilot, "escape")


async def test_a_half_written_reminder_is_kept_while_the_same_is_missing(trips: Hotel) -> None:
    async with opened(trips, (80, 24)) as (app, pilot):
        await press(pilot, "8", "r", *"Please ", "escape", "r")
        box: Any = app.screen
        assert box._area.text.startswith("Please ")
        await press(pilot, "escape")
        number = desk.reservations.find(trips.ctx, "T-1")
        assert number is not None
        desk.payments.add(trips.ctx, number, "100", sure=True)
        await press(pilot, "r")
        box = app.screen
        assert not box._area.text.startswith("Please ")


async def test_a_filter_is_chosen_and_left_and_the_list_sorted_and_exported(trips: Hotel, tmp_path: Path) -> None:
    async with opened(trips) as (app, pilot):
        await press(pilot, "8", "f")
        assert isinstance(app.screen, WatchFilter)
        await pilot.press("right", "ctrl+s")
        await settle(pilot)
        assert len(shown(app)) == 1
        assert "overdue" in app.screen.title_line.text  # type: ignore[attr-defined]
        await press(pilot, "X")
        assert isinstance(app.screen, WatchExport)
        path = tmp_path / "owed.csv"
        app.screen.query_one(TextField).value = str(path)
        await press(pilot, "ctrl+s")
        with path.open(encoding="utf-8", newline="") as stream:
            assert [row["reservation"] for row in csv.DictReader(stream)] == ["T-1"]
        await press(pilot, "escape")
        assert len(shown(app)) == 2
        await press(pilot, "o")
        assert "by name" in app.screen.title_line.text  # type: ignore[attr-defined]
        assert "Evil" in shown(app)[0]


@pytest.mark.parametrize("width", [38, 50, 64, 78, 99, 100, 118, 150])
async def test_a_row_has_the_width_that_it_is_given(trips: Hotel, width: int) -> None:
    ctx = trips.ctx
    shell: Any = type("S", (), {"clock": trips.clock, "zone": NOW.tzinfo, "settings": trips.settings})()
    views: Any = (
        (DepartureRowView(shell), desk.departures.page(ctx, desk.departures.DepartureQuery()).rows),
        (PaymentRowView(shell, lambda: TODAY), desk.payment_watch.page(ctx, desk.payment_watch.PaymentQuery()).rows),
    )
    for view, rows in views:
        for row in rows:
            assert cell_len("".join(text for text, _style in view.parts(row, width))) == width


def test_times_and_days_are_told_in_few_words() -> None:
    told = [until(NOW + timedelta(minutes=minutes), NOW) for minutes in (-1, 5, 60, 47 * 60 + 59, 48 * 60)]
    assert told == ["left", "in 5 min", "in 1 h", "in 47 h", "in 2 d"]
    days = [due_words(TODAY + timedelta(days=n), TODAY) for n in (-9, 0, 1, 2)]
    assert days == ["9 d late", "today", "tomorrow", "in 2 d"]
