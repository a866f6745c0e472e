"""Journeys about money: the missing amount with two keys, a line put off, terms that total 100, a statement booked line by line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crm_tui import desk
from crm_tui.desk.money.money_views import NewLine
from crm_tui.rules.schedule import TermLine
from crm_tui.screens.dialogs.versions import VersionsDialog
from crm_tui.screens.money.operators import OperatorsScreen
from crm_tui.screens.money.payment import PaymentDialog
from crm_tui.screens.money.schedule import ScheduleScreen
from crm_tui.screens.money.statement import StatementScreen
from crm_tui.widgets.dialogs import Ask
from tests.desk.bookings import add_reservation
from tests.screens.harness import NOW, Hotel
from tests.screens.opened import opened, press, screen_text, settle, until

TODAY = NOW.date()


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    return Hotel(tmp_path).open()


def stay(hotel: Hotel, code: str = "M-1", surname: str = "Nowak", value: int = 1000_00) -> int:
    guest = desk.guests.create(hotel.ctx, {"surname": surname, "given": "Łucja"})
    number = add_reservation(
        hotel.ctx, code, guest, value=value, currency="EUR", arrival=TODAY + timedelta(days=60), made=NOW
    )
    lines = [
        NewLine("deposit", TODAY + timedelta(days=1), value * 3 // 10),
        NewLine("balance", TODAY + timedelta(days=30), value - value * 3 // 10),
    ]
    desk.schedules.set_lines(hotel.ctx, number, 1, lines, "agreed")
    return number


async def test_the_missing_amount_with_one_more_key(hotel: Hotel) -> None:
    number = stay(hotel)
    async with opened(hotel, (80, 24)) as (app, pilot):
        results: list[Any] = []
        app.push_screen(PaymentDialog(number), results.append)
        await settle(pilot)
        assert "300.00" in screen_text(app)
        await press(pilot, "enter")
        (made,) = desk.payments.listed(hotel.ctx, number)
        assert (results, made.amount.amount) == ([made.id], 300_00)
        app.push_screen(PaymentDialog(number), results.append)
        await press(pilot, *"300", "enter")
        assert isinstance(app.screen, Ask)  # the same once more
        await press(pilot, "n")
        assert len(desk.payments.listed(hotel.ctx, number)) == 1
        await press(pilot, "backspace", "backspace", "backspace", *"1,5x", "enter")
        dialog: Any = app.screen_stack[-1]
        assert isinstance(dialog, PaymentDialog)
        assert "no currency" in dialog.form.fields["amount"].error
        assert len(desk.payments.listed(hotel.ctx, number)) == 1


async def test_a_line_is_put_off_and_the_terms_are_looked_at(hotel: Hotel) -> None:
    desk.terms.set(hotel.ctx, None, [TermLine("balance", 100_00, None, "arrival", -30)])
    number = stay(hotel)
    async with opened(hotel, (80, 24)) as (app, pilot):
        app.push_screen(ScheduleScreen(number))
        await settle(pilot)
        assert "Łucja Nowak" in screen_text(app)
        await press(pilot, "E", *["ctrl+a", "ctrl+k"], *"+9", "tab", "tab")
        await press(pilot, *" asked", "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, ScheduleScreen))
        await settle(pilot)
        shown = desk.schedules.shown(hotel.ctx, number)
        assert shown.lines[0].due == TODAY + timedelta(days=9)
        assert "asked" in shown.lines[0].reason
        await press(pilot, "A")
        assert isinstance(app.screen, Ask)
        assert "+ balance" in screen_text(app)
        await press(pilot, "y")
        assert [one.amount.amount for one in desk.schedules.shown(hotel.ctx, number).lines] == [1000_00]
        await press(pilot, "z")
        assert len(desk.schedules.shown(hotel.ctx, number).lines) == 2


async def test_terms_are_saved_when_they_total_a_hundred(hotel: Hotel) -> None:
    async with opened(hotel) as (app, pilot):
        await press(pilot, "g", "O")
        assert isinstance(app.screen, OperatorsScreen)
        await press(pilot, "T", "plus", *"30 %", "tab", "tab", *"7", "ctrl+s")
        await settle(pilot)
        assert "Percentages total 30 %" in screen_text(app)
        await press(pilot, "ctrl+s")
        assert desk.terms.shown(hotel.ctx).lines == ()
        await press(pilot, "plus", *"70 %", "ctrl+s", "ctrl+s")
        await settle(pilot)
        assert [one.percent for one in desk.terms.shown(hotel.ctx).lines] == [30_00, 70_00]
        assert isinstance(app.screen, OperatorsScreen)
        await press(pilot, "n", *"Sun Tours", "ctrl+s")
        assert [one.name for one in desk.operators.listed(hotel.ctx)] == ["Sun Tours"]


async def test_a_statement_is_pasted_and_booked_line_by_line(hotel: Hotel) -> None:
    number = stay(hotel, "M-26118")
    text = "2026-11-20;NOWAK M-26118;300.00\n2026-11-20;Electricity;-80.00\n"
    async with opened(hotel, (80, 24)) as (app, pilot):
        await press(pilot, "g", "S")
        screen = app.screen
        assert isinstance(screen, StatementScreen)
        await press(pilot, "v")
        app.screen.area.load_text(text)  # type: ignore[attr-defined]
        await press(pilot, "ctrl+s")
        await settle(pilot)
        await until(pilot, lambda: "2 lines wait" in screen_text(app))
        await until(pilot, lambda: "code in the text" in screen_text(app))
        await press(pilot, "y")
        assert desk.schedules.shown(hotel.ctx, number).missing_deposit.amount == 0
        await until(pilot, lambda: "1 line waits" in screen_text(app))
        await press(pilot, "x")
        await until(pilot, lambda: "No bank line waits" in screen_text(app))
        await press(pilot, "z")
        await until(pilot, lambda: "1 line waits" in screen_text(app))


async def test_two_desks_change_a_line_and_both_changes_count(hotel: Hotel) -> None:
    number = stay(hotel)
    async with opened(hotel, (80, 24)) as (app, pilot):
        app.push_screen(ScheduleScreen(number))
        await settle(pilot)
        await press(pilot, "E")
        box: Any = app.screen
        box.form.fill({"amount": "310", "reason": "agreed by phone"})
        view = desk.schedules.shown(hotel.ctx, number)
        first = view.lines[0]
        later = TODAY + timedelta(days=5)
        desk.schedule_edits.set_line(
            hotel.ctx, number, view.version, first.id, kind="deposit", due=later, amount="300", reason="asked"
        )
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, VersionsDialog)  # both gave a reason
        assert "asked" in screen_text(app)
        assert "agreed by phone" in screen_text(app)
        await press(pilot, "m", "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, ScheduleScreen))
        line = desk.schedules.shown(hotel.ctx, number).lines[0]
        assert (line.amount.amount, line.due, line.reason) == (310_00, later, "agreed by phone")


async def test_a_half_filled_line_is_kept_and_one_taken_out_elsewhere_is_told(hotel: Hotel) -> None:
    number = stay(hotel)
    async with opened(hotel, (80, 24)) as (app, pilot):
        app.push_screen(ScheduleScreen(number))
        await settle(pilot)
        await press(pilot, "E")
        box: Any = app.screen
        box.form.fill({"reason": "half of a"})
        await press(pilot, "escape", "E")
        box = app.screen
        assert box.form.fields["reason"].value == "half of a"
        view = desk.schedules.shown(hotel.ctx, number)
        desk.schedule_edits.remove_line(hotel.ctx, number, view.version, view.lines[0].id, "waived")
        await press(pilot, "ctrl+s")
        assert app.screen is box
        assert any("took this line out" in str(one.message) or "gone" in str(one.message) for one in app._notifications)


async def test_two_desks_change_an_operator(hotel: Hotel) -> None:
    desk.operators.create(hotel.ctx, {"name": "Sun Tours", "email": "", "phone": "", "watch_days": ""})
    async with opened(hotel, (80, 24)) as (app, pilot):
        await press(pilot, "g", "O", "down", "E")
        box: Any = app.screen
        box.form.fill({"phone": "+34 1"})
        (one,) = desk.operators.listed(hotel.ctx)
        values = {"name": "Sun Tours", "email": "a@b.example", "phone": "", "watch_days": ""}
        desk.operators.set(hotel.ctx, one.id, one.version, values)
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, OperatorsScreen))
        (one,) = desk.operators.listed(hotel.ctx)
        assert (one.email, one.phone) == ("a@b.example", "+34 1")
