"""One reservation on one screen, from the keyboard: all parts at both sizes, guests, flights, conversations, notes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from crm_tui import desk
from crm_tui.app import DeskApp
from crm_tui.desk.stays.reservation_import import SourceRow, import_rows
from crm_tui.screens.compose.screen import ComposeScreen
from crm_tui.screens.feedback.form import FeedbackForm
from crm_tui.screens.guests.profile import GuestScreen
from crm_tui.screens.inquiries.guest_pick import GuestPick
from crm_tui.screens.parted import bar
from crm_tui.screens.reservations.detail import ReservationScreen
from crm_tui.screens.reservations.detail_parts import KEYS, names
from crm_tui.screens.reservations.flight_form import FlightForm
from crm_tui.widgets.dialogs import Ask, PickList
from crm_tui.widgets.entries import EntryList
from crm_tui.widgets.section import Section
from tests.desk.bookings import set_columns
from tests.desk.stays.test_reservation_import import FULL
from tests.screens.harness import Hotel
from tests.screens.opened import opened, press, screen_text, settle, until

SMALL, WIDE = (80, 24), (150, 45)


def booked(hotel: Hotel, **more: object) -> int:
    (result,) = import_rows(hotel.ctx, [SourceRow(1, FULL | more)])
    assert result.reservation is not None, result
    return result.reservation


@asynccontextmanager
async def reservation(
    hotel: Hotel, size: tuple[int, int] = SMALL, part: str = "facts", **more: object
) -> AsyncIterator[tuple[DeskApp, Pilot[Any], ReservationScreen]]:
    number = booked(hotel, **more)
    async with opened(hotel, size) as (app, pilot):
        screen = ReservationScreen(number, part=part)
        app.push_screen(screen)
        await until(pilot, lambda: screen.found is not None)
        await settle(pilot)
        yield app, pilot, screen


async def test_every_part_is_reached_on_a_small_desk(morning: Hotel) -> None:
    async with reservation(morning) as (app, pilot, screen):
        shown = screen_text(app)
        for words in ("B-1001", "confirmed", "1–8 Aug, 7 n", "Jan Nowak", "€1,200.50", "Booking.com", "204"):
            assert words in shown, words
        for key, words in (
            ("G", "★ Jan Nowak"),
            ("D", "deposit"),
            ("F", "WAW → PMI"),
            ("M", "No conversation is about this reservation."),
            ("C", "No memo yet."),
            ("T", "Nothing to be reminded of."),
            ("H", "1 entry"),
        ):
            await press(pilot, key)
            await settle(pilot)
            assert words in screen_text(app), (key, screen_text(app))
        await press(pilot, "tab")
        assert screen.part == "facts"


def on_bar(current: str, width: int, labels: dict[str, str] | None = None) -> str:
    """The bar of parts, with as much on it as a busy stay has."""
    counts = {"guests": 4, "flights": 2, "mail": 3, "memos": 12, "reminders": 2}
    remarks = {"guests": " !", "money": " !", "flights": " ! 1", "mail": " ? 2", "memos": " ● 1", "reminders": " ! 1"}
    sections = []
    for part, label in (names() | (labels or {})).items():
        section = Section(label, KEYS[part], EntryList(list), id=part)
        section.tell(counts.get(part, 0), (remarks.get(part, ""), "warn"))
        sections.append(section)
    return "".join(part[0] for part in bar(sections, current, width))


def test_the_bar_of_parts_has_words_not_letters() -> None:
    assert on_bar("facts", 140).startswith(" O Overview ")
    small = on_bar("mail", 80)
    assert cell_len(small) <= 80
    assert "Mail 3 ? 2" in small, small
    for word in ("Over", "Gues", "D Mone", "Flig", "C Memo", "T Remi", "Hist"):
        assert word in small, small
    quiet = on_bar("facts", 92)
    assert "Overview" in quiet
    assert "Guests 4 !" in quiet
    for words in ("Przegląd", "客人的资料一览"):
        assert cell_len(on_bar("guests", 80, {"facts": words})) <= 80


async def test_what_stands_at_the_right_stays_while_one_looks_at_the_left(morning: Hotel) -> None:
    async with reservation(morning, (120, 40)) as (app, pilot, _screen):
        assert "MONEY" in screen_text(app)
        await press(pilot, "M", "G")
        shown = screen_text(app)
        assert "MAIL" in shown
        assert "MONEY" not in shown


async def test_a_wide_desk_shows_them_beside_each_other(morning: Hotel) -> None:
    async with reservation(morning, WIDE) as (app, _pilot, _screen):
        shown = screen_text(app)
        for words in ("OVERVIEW", "GUESTS", "FLIGHTS", "MONEY", "MAIL", "MEMOS", "History", "LO123", "transfer"):
            assert words in shown, words


async def test_a_passport_that_does_not_last_is_told(morning: Hotel) -> None:
    async with reservation(morning, arrival="2026-12-20", departure="2026-12-27") as (app, pilot, screen):
        assert screen.view is not None
        set_columns(morning.ctx, screen.view.guests[0].id, passport_expiry=date(2027, 3, 1))
        screen.reload()
        await settle(pilot)
        shown = " ".join(screen_text(app).split())
        assert "passport of Jan Nowak ends on 1 Mar, needed until 27 Jun (return + 6 months)" in shown


def told(app: DeskApp) -> str:
    """The toasts."""
    return "\n".join(str(one.message) for one in app._notifications)


async def test_a_key_that_cannot_act_says_so_or_is_not_offered(morning: Hotel) -> None:
    async with reservation(morning, part="money") as (app, pilot, screen):
        assert "delete Reverse" in screen_text(app)
        await press(pilot, "delete")
        assert "Only a payment is taken back here" in told(app)
        await press(pilot, "M")
        assert "delete" not in screen_text(app)
        await press(pilot, "i")
        assert "not made from an inquiry" in told(app)
        assert screen.view is not None
        for flight in screen.view.flights:
            desk.flights.remove(morning.ctx, flight.id)
        screen.reload()
        await settle(pilot)
        await press(pilot, "I")
        assert "There is no flight to tell." in told(app)


async def test_two_desks_change_a_flight_and_both_changes_count(morning: Hotel) -> None:
    async with reservation(morning, part="flights") as (app, pilot, screen):
        await press(pilot, "enter")
        box: Any = app.screen
        assert isinstance(box, FlightForm)
        box._form.fill({"number": "LO 999"})
        await press(pilot, "escape", "enter")  # half-filled, and kept
        box = app.screen
        assert box._form.fields["number"].value == "LO 999"
        assert screen.view is not None
        one = screen.view.flights[0]
        desk.flights.set(morning.ctx, one.id, one.version, {"arrives": "1 Aug 2026 11:11"}, sure=True)
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: app.screen is not box or isinstance(app.screen, Ask))
        if isinstance(app.screen, Ask):
            await press(pilot, "y")
        now = next(
            flight for flight in desk.reservations.get(morning.ctx, screen.number).flights if flight.id == one.id
        )
        assert (now.number, now.arrives[11:]) == ("LO 999", "11:11")


async def test_feedback_half_changed_is_kept_and_not_written_over(morning: Hotel) -> None:
    async with reservation(morning) as (app, pilot, screen):
        assert screen.main is not None
        number = desk.feedback.add(morning.ctx, "negative", guest=screen.main.id, code="noise", comment="Loud")
        app.push_screen(FeedbackForm(feedback=number))
        await settle(pilot)
        box: Any = app.screen
        box.form.fill({"employee": "Leo"})
        await press(pilot, "escape")
        view = desk.feedback.get(morning.ctx, number)
        desk.feedback.edit(morning.ctx, number, view.version, {"comment": "Loud all night"})
        app.push_screen(FeedbackForm(feedback=number))
        await settle(pilot)
        box = app.screen
        assert box.form.fields["employee"].value == "Leo"
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: app.screen is screen)
        view = desk.feedback.get(morning.ctx, number)
        assert (view.comment, view.employee) == ("Loud all night", "Leo")


async def test_a_payment_is_read_with_each_fact_once(morning: Hotel) -> None:
    async with reservation(morning, part="money") as (app, pilot, screen):
        desk.payments.add(morning.ctx, screen.number, "10", note="by hand", sure=True)
        await press(pilot, "end")
        made = desk.payments.listed(morning.ctx, screen.number)[-1]
        screen.reload()
        await settle(pilot)
        screen.money_opened(f"payment {made.id}")
        await settle(pilot)
        shown = screen_text(app)
        assert "Recorded by: " in shown
        assert " By: " not in shown


async def test_guests_are_added_led_and_taken_off(morning: Hotel) -> None:
    async with reservation(morning, part="guests") as (app, pilot, screen):
        await press(pilot, "plus")
        await until(pilot, lambda: isinstance(app.screen, GuestPick))
        await press(pilot, *"Al Wu", "ctrl+s")
        await settle(pilot)
        assert "Al Wu" in screen_text(app)
        assert screen.view is not None
        ola = next(one.id for one in screen.view.guests if one.name == "Al Wu")
        screen.entries["guests"].focus_entry(f"guest {ola}")
        await press(pilot, "h")
        await settle(pilot)
        assert screen.view.holder is not None
        assert screen.view.holder.name == "Al Wu"
        screen.entries["guests"].focus_entry(f"guest {ola}")
        await press(pilot, "delete")
        await until(pilot, lambda: isinstance(app.screen, PickList))
        await press(pilot, "enter")
        await settle(pilot)
        assert "Al Wu" not in [one.name for one in screen.view.guests]
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, GuestScreen))


async def test_a_flight_is_added_and_an_odd_one_kept(morning: Hotel) -> None:
    async with reservation(morning, part="flights", flights=[]) as (app, pilot, screen):
        assert "No flights." in screen_text(app)
        await press(pilot, "plus")
        await until(pilot, lambda: isinstance(app.screen, FlightForm))
        await press(pilot, *"lo123", "tab", *"waw", "tab", *"qqq", "tab", *"1 aug 6:35", "tab", *"9:50")
        await settle(pilot)
        assert "no airport QQQ" in " ".join(screen_text(app).split())
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, Ask))
        await press(pilot, "y")
        await until(pilot, lambda: app.screen is screen)
        await settle(pilot)
        assert "WAW → QQQ" in screen_text(app)
        await press(pilot, "delete")
        await settle(pilot)
        assert "No flights." in screen_text(app)
        await press(pilot, "z")
        await settle(pilot)
        assert "WAW → QQQ" in screen_text(app)


async def test_a_time_in_the_gap_is_refused_at_its_field(morning: Hotel) -> None:
    async with reservation(morning, part="flights", flights=[]) as (app, pilot, _screen):
        await press(pilot, "plus")
        await until(pilot, lambda: isinstance(app.screen, FlightForm))
        await press(pilot, *"lo1", "tab", *"waw", "tab", "tab", *"28.3.2027 2:30", "ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, FlightForm)
        assert "put forward" in " ".join(screen_text(app).split())


async def test_a_conversation_of_its_guests_is_linked(morning: Hotel) -> None:
    async with reservation(morning, part="mail") as (app, pilot, screen):
        talk = desk.folders.rows_of(morning.ctx, [1])[1]
        assert screen.view is not None
        desk.linking.link(morning.ctx, talk.id, screen.view.guests[0].id)
        await press(pilot, "plus")
        await until(pilot, lambda: isinstance(app.screen, PickList))
        await press(pilot, "enter")
        await until(pilot, lambda: app.screen is screen)
        await settle(pilot)
        assert talk.subject[:20] in screen_text(app)
        await press(pilot, "delete")
        await settle(pilot)
        assert "No conversation is about this reservation." in screen_text(app)


async def test_a_memo_takes_two_keys_and_stands_in_the_history(morning: Hotel) -> None:
    async with reservation(morning) as (app, pilot, screen):
        await press(pilot, "c", *"Cot in the room", "ctrl+s")
        await until(pilot, lambda: app.screen is screen)
        await settle(pilot)
        await press(pilot, "H")
        await until(pilot, lambda: "Cot in the room" in screen_text(app))


async def test_the_status_is_chosen_by_its_letter(morning: Hotel) -> None:
    async with reservation(morning) as (app, pilot, screen):
        await press(pilot, "s", "x")
        await until(pilot, lambda: screen.view is not None and screen.view.status == "cancelled")
        assert "cancelled" in screen_text(app)


async def test_a_mail_to_the_holder_is_about_the_reservation(morning: Hotel) -> None:
    async with reservation(morning) as (app, pilot, screen):
        await press(pilot, "w")
        await until(pilot, lambda: isinstance(app.screen, ComposeScreen))
        await settle(pilot)
        assert screen.view is not None
        assert [one.reservation for one in desk.drafts.mine(morning.ctx)] == [screen.number]


async def test_next_and_previous_walk_the_list_it_came_from(morning: Hotel) -> None:
    first = booked(morning)
    second = booked(morning, reference="B-2", guests=[])
    async with opened(morning, SMALL) as (app, pilot):
        screen = ReservationScreen(first, lambda by: second if by > 0 else first)
        app.push_screen(screen)
        await until(pilot, lambda: screen.found is not None)
        await press(pilot, "J")
        await until(pilot, lambda: screen.found is not None and screen.found.view.id == second)
        await press(pilot, "K")
        await until(pilot, lambda: screen.found is not None and screen.found.view.id == first)


@pytest.mark.parametrize("size", [SMALL, WIDE], ids=["80x24", "150x45"])
async def test_foreign_text_stays_text(morning: Hotel, size: tuple[int, int]) -> None:
    async with reservation(morning, size, product="[red]x[/] \x1b]52;c;x\x07", room="[@click=app.quit]y") as (app, *_r):
        shown = screen_text(app)
        assert "[red]x[/]" in shown
        assert "[@click=app.quit]y" in shown
        assert "\x1b" not in shown


async def test_an_inquiry_shows_what_was_booked_of_it(morning: Hotel) -> None:
    number = booked(morning)
    inquiry = desk.inquiries.from_conversation(morning.ctx, 1)
    view = desk.reservations.get(morning.ctx, number)
    desk.reservations.set(morning.ctx, number, view.version, {"inquiry": inquiry})
    async with opened(morning, SMALL) as (app, pilot):
        app.open_inquiry(inquiry)
        await settle(pilot)
        await press(pilot, "O")
        await settle(pilot)
        assert "B-1001 · confirmed" in screen_text(app)
        await press(pilot, "home", "enter")
        await until(pilot, lambda: isinstance(app.screen, ReservationScreen))
