"""The list of reservations, their form and their files, from the keyboard."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from textual.screen import Screen

from crm_tui import desk
from crm_tui.app import DeskApp
from crm_tui.desk.stays.booking import BookedGuest
from crm_tui.desk.stays.reservation_views import ReservationListRow, ReservationQuery
from crm_tui.rules.money import Money
from crm_tui.screens.files.screen import FilesScreen
from crm_tui.screens.reservations.detail import ReservationScreen
from crm_tui.screens.reservations.form import ReservationForm
from crm_tui.screens.reservations.importing import ReservationImport
from crm_tui.screens.reservations.rows import ReservationRowView
from crm_tui.screens.reservations.screen import ReservationsScreen
from crm_tui.widgets.dialogs import Ask, Tell
from crm_tui.widgets.forms.files import remember_folder
from tests.desk.asked import add_guest
from tests.desk.stays.test_reservation_import import FULL
from tests.screens.harness import Hotel
from tests.screens.opened import mail_screen, opened, press, screen_text, settle

S = TypeVar("S", bound=Screen[Any])


def some(hotel: Hotel, *codes: str) -> list[int]:
    """Confirmed ones of the coming days, a day between them."""
    today = hotel.ctx.clock.now().date()
    return [
        desk.booking.book(
            hotel.ctx,
            {"code": code, "arrival": today + timedelta(days=place), "destination": f"Place {place}"},
            [BookedGuest(add_guest(hotel.ctx, f"Guest{place}", "Łucja"), "")],
        )
        for place, code in enumerate(codes)
    ]


def shown(app: DeskApp, kind: type[S]) -> S:
    """The screen on top, which must be of a kind."""
    screen = app.screen
    assert isinstance(screen, kind)
    return screen


def status(hotel: Hotel, number: int) -> str:
    return desk.reservations.get(hotel.ctx, number).status


async def test_the_list_is_searched_marked_and_changed_from_the_keyboard(morning: Hotel) -> None:
    first, second, third = some(morning, "M-1", "M-2", "M-3")
    async with opened(morning, (80, 24)) as (app, pilot):
        await press(pilot, "5")
        shown(app, ReservationsScreen)
        assert "3 reservations · to come and in house" in screen_text(app)
        await press(pilot, "space", "space", "s", "x")
        assert (status(morning, first), status(morning, second), status(morning, third)) == (
            *("cancelled", "cancelled"),
            "confirmed",
        )
        assert "1 reservation" in screen_text(app)
        await press(pilot, "z")
        assert status(morning, first) == "confirmed"
        await press(pilot, "slash", *"guest1")
        await settle(pilot)
        assert "M-2" in screen_text(app)
        assert "M-3" not in screen_text(app)
        await press(pilot, "enter")
        assert shown(app, ReservationScreen).number == second
        await press(pilot, "escape", "escape", "U", "U", "o", "space")
        assert "✓ 1 marked" in screen_text(app).splitlines()[1]
        await press(pilot, "escape", "o", "o", "o")
        assert "3 reservations · all" in screen_text(app)


def test_what_is_still_to_be_paid_has_a_sign_and_no_colour_is_needed() -> None:
    today = date(2026, 11, 21)
    view = ReservationRowView(lambda: today)

    def money(due: date | None, missing: int | None) -> str:
        value, short = Money(900_00, "EUR"), Money(missing, "EUR") if missing else None
        row = ReservationListRow(
            *(1, "M-1", "confirmed", today, today, "Nowak", 1, 2, 0, "204"), value, short, due, "", "", cursor=("", 1)
        )
        return view.parts(row, 80)[-1][0].strip()

    assert money(None, None) == "€900.00"
    assert money(date(2026, 12, 1), 300_00) == "▸ €300.00"
    assert money(today, 300_00) == "! €300.00"


async def test_completing_offers_to_ask_how_it_was(morning: Hotel) -> None:
    (number,) = some(morning, "M-1")
    async with opened(morning) as (app, pilot):
        await press(pilot, "5", "s", "d")
        shown(app, Ask)
        assert "Ask the holder of M-1 how it was?" in screen_text(app)
        await press(pilot, "y")
    assert status(morning, number) == "completed"
    assert [one.title for one in desk.reminders.listed(morning.ctx)] == ["Ask Łucja Guest0 how it was (M-1)"]


async def test_a_reservation_is_made_by_hand_with_errors_at_their_fields(morning: Hotel) -> None:
    async with opened(morning, (80, 24)) as (app, pilot):
        await press(pilot, "5", "n")
        form = shown(app, ReservationForm)
        form.form.fill({"arrival": "10 Jul 2026", "departure": "8 Jul 2026", "value": "1.200,50", "room": "204"})
        await settle(pilot)
        await press(pilot, "ctrl+s")
        assert app.screen is form
        assert form.form.fields["departure"].error == "The departure cannot come before the arrival."
        form.form.fill({"departure": "12 Jul 2026"})
        await press(pilot, "escape", "n")  # what was typed is there again
        again = shown(app, ReservationForm)
        assert again is not form
        assert again.form.fields["room"].value == "204"
        await press(pilot, "ctrl+s")
        shown(app, ReservationsScreen)
        (number,) = desk.reservation_lists.ids(morning.ctx, ReservationQuery(status="all"))
        found = desk.reservations.get(morning.ctx, number)
        assert (found.room, found.nights, str(found.value)) == ("204", 2, "1200.50 EUR")
        await press(pilot, "z")
        assert desk.reservation_lists.ids(morning.ctx, ReservationQuery(status="all")) == []


async def test_one_key_books_a_mail_and_one_takes_it_back(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2")
        row = mail_screen(app).list.current
        assert row is not None
        await press(pilot, "b")
        guests = shown(app, ReservationForm).form.fields["guests"].value
        assert [one.name for one in guests] == [row.counterpart.label]
        await press(pilot, "ctrl+s")
        (number,) = desk.reservation_lists.ids(morning.ctx, ReservationQuery(status="all"))
        found = desk.reservations.get(morning.ctx, number)
        assert found.inquiry is not None
        assert desk.inquiries.get(morning.ctx, found.inquiry).status == "booked"
        now = desk.folders.row(morning.ctx, row.id)
        assert now is not None
        assert now.folder == "Booked"
        await press(pilot, "z")
        back = desk.folders.row(morning.ctx, row.id)
        assert back is not None
        assert back.folder == row.folder
        assert desk.reservation_lists.ids(morning.ctx, ReservationQuery(status="all")) == []


async def test_two_who_change_the_same_choose(morning: Hotel) -> None:
    (number,) = some(morning, "M-1")
    async with opened(morning) as (app, pilot):
        await press(pilot, "5", "E")
        form = shown(app, ReservationForm)
        form.form.fill({"room": "mine", "adults": "2"})
        desk.reservations.set(
            morning.ctx, number, desk.reservations.get(morning.ctx, number).version, {"room": "theirs"}
        )
        await press(pilot, "ctrl+s")
        assert "theirs" in screen_text(app)
        await press(pilot, "t", "ctrl+s")
    found = desk.reservations.get(morning.ctx, number)
    assert (found.room, found.adults) == ("theirs", 2)


async def test_a_file_is_tried_imported_and_what_changed_is_shown(morning: Hotel, tmp_path: Path) -> None:
    path = tmp_path / "bookings.jsonl"
    row = {name: value for name, value in FULL.items() if name != "company"}
    path.write_text("\n".join(json.dumps(one) for one in (row, {"reference": "X", "arrival": "soon"})), "utf-8")
    async with opened(morning, (150, 45)) as (app, pilot):
        remember_folder(app, tmp_path)
        app.push_screen(FilesScreen())
        await settle(pilot)
        await press(pilot, "plus")
        app.screen.dismiss(path)
        await settle(pilot)
        shown(app, ReservationImport)
        assert "Would be · 1 new · 0 changed · 0 the same · 1 wrong" in screen_text(app)
        assert "arrival: “soon” is no day" in screen_text(app)
        assert desk.reservation_lists.ids(morning.ctx, ReservationQuery(status="all")) == []
        await press(pilot, "ctrl+s", "y")
        assert "Imported · 1 new" in screen_text(app)
        path.write_text(json.dumps(row | {"room": "305"}), "utf-8")
        await press(pilot, "d")
        assert "1 changed" in screen_text(app)
        assert "room: 204 → 305" in screen_text(app)
        await press(pilot, "enter")
        shown(app, Tell)


async def test_the_list_is_written_to_a_file(morning: Hotel, tmp_path: Path) -> None:
    some(morning, "M-1", "M-2")
    async with opened(morning) as (app, pilot):
        remember_folder(app, tmp_path)
        await press(pilot, "5", "space", "X", "ctrl+s")
        (made,) = tmp_path.glob("reservations-*.csv")
        assert "M-1" in made.read_text("utf-8")
        assert "M-2" not in made.read_text("utf-8")
        assert made.stat().st_mode & 0o777 == 0o600
