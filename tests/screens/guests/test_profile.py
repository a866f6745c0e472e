"""The profile of a guest, from the keyboard: what it shows, and what is written from it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from crm_tui import desk
from crm_tui.app import DeskApp
from crm_tui.desk.client_base.guest_history_views import EntryKind
from crm_tui.screens.compose.screen import ComposeScreen
from crm_tui.screens.dialogs.event import EventBox
from crm_tui.screens.guests.profile import GuestScreen
from crm_tui.screens.guests.profile_facts import headline
from crm_tui.screens.guests.screen import GuestsScreen
from crm_tui.screens.inquiries.detail import InquiryScreen
from crm_tui.screens.inquiries.form import InquiryForm
from crm_tui.screens.reservations.detail import ReservationScreen
from tests.desk.asked import add_guest, add_inquiry
from tests.desk.bookings import signpost
from tests.screens.guests.regular import Regular
from tests.screens.harness import Hotel
from tests.screens.opened import opened, press, screen_text, settle, until


@asynccontextmanager
async def profile(
    regular: Regular, size: tuple[int, int] = (120, 40), number: int = 0
) -> AsyncIterator[tuple[DeskApp, Pilot[int], GuestScreen]]:
    """The desk with the guest's profile on top."""
    async with opened(regular.hotel, size, agent="Ana") as (app, pilot):
        app.open_guest(number or regular.guest)
        await pilot.pause()
        await until(pilot, lambda: isinstance(app.screen, GuestScreen) and app.screen.source is not None)
        await settle(pilot)
        assert isinstance(app.screen, GuestScreen)
        yield app, pilot, app.screen


async def until_there(pilot: Pilot[Any], app: DeskApp, words: str) -> None:
    await until(pilot, lambda: words in screen_text(app))


async def test_who_it_is_at_a_glance_and_one_history(regular: Regular) -> None:
    for size in ((120, 40), (80, 24)):
        async with profile(regular, size) as (app, _pilot, screen):
            text = screen_text(app)
            for words in (
                "Łucja Nowak", "42 years old · birthday today", "+48 600 100 200 · lucja@poczta.example", "Polish",
                "! passport", "too short: back on 3 Jan", "3 Jul 2027", "1 stay", "✓ mail", "✕ SMS", "sea view, vegetarian",
                "Sleeps badly near the lift", "History · 12 entries", "newest first",
            ):  # fmt: skip
                assert words in text, (size, words)
            assert [row.entry.kind for row in screen.list.visible_rows()][:3] == [
                EntryKind.REMINDER, EntryKind.MAIL, EntryKind.MEMO]  # fmt: skip
            assert screen.list.has_focus


async def test_the_rest_of_the_facts_is_read_on_a_narrow_desk(regular: Regular) -> None:
    async with profile(regular, (80, 24)) as (app, pilot, screen):
        assert "ul. Długa 5" not in screen_text(app)
        await press(pilot, "tab", "end")
        assert "Known since" in screen_text(app)
        assert screen.facts.has_focus
        await press(pilot, "tab")
        assert screen.list.has_focus


async def test_the_history_is_filtered_and_turned_round(regular: Regular) -> None:
    async with profile(regular) as (app, pilot, screen):
        await press(pilot, "f")
        assert "reservations" in screen_text(app)
        await press(pilot, "r")
        await settle(pilot)
        assert "only reservations" in screen_text(app)
        codes = [row.entry.code for row in screen.list.visible_rows()]
        assert codes == ["M-1042", "M-0951", "M-0877"]
        await press(pilot, "o")
        await settle(pilot)
        assert [row.entry.code for row in screen.list.visible_rows()] == codes[::-1]
        assert "oldest first" in screen_text(app)
        await press(pilot, "h", "w")
        await settle(pilot)
        assert "Nothing of this kind" in screen_text(app)
        await press(pilot, "f", "a")
        await settle(pilot)
        assert "History · 12 entries" in screen_text(app)


async def test_enter_opens_what_it_is(regular: Regular) -> None:
    async with profile(regular) as (app, pilot, screen):
        await press(pilot, "f", "i", "enter")
        await until(pilot, lambda: isinstance(app.screen, InquiryScreen))
        await press(pilot, "escape", "f", "h", "enter")
        await until_there(pilot, app, "esc closes")
        await press(pilot, "escape", "f", "r", "enter")
        await until(pilot, lambda: isinstance(app.screen, ReservationScreen))
        await press(pilot, "escape", "f", "m", "enter")
        await until(pilot, lambda: app.current_mode == "mail" and len(app.screen_stack) == 1)
        await settle(pilot)
        assert "Dzień dobry, szukamy pokoju na grudzień." in screen_text(app)
        assert screen.found is not None


async def test_a_call_is_logged_changed_and_taken_back(regular: Regular) -> None:
    async with profile(regular) as (app, pilot, screen):
        await press(pilot, "l")
        await until_there(pilot, app, "What happened?")
        await press(pilot, "c", *"Asked for a cot")
        assert isinstance(app.screen, EventBox)
        await press(pilot, "tab", *"yesterday 9:15")
        assert "Fri 20 Nov 09:15" in screen_text(app)
        await press(pilot, "ctrl+s")
        await until_there(pilot, app, "Asked for a cot")
        (event,) = [one for one in desk.events.listed(regular.ctx, regular.guest) if one.text == "Asked for a cot"]
        assert (event.type, f"{event.at:%Y-%m-%d %H:%M}") == ("call", "2026-11-20 08:15")
        await settle(pilot)
        screen.list.focus_row(f"event{event.id}")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, EventBox))
        await press(pilot, *" and a chair", "ctrl+t", "v", "ctrl+s")
        await until_there(pilot, app, "visit Asked for a cot and a chair")
        changed = desk.events.get(regular.ctx, event.id)
        assert (changed.at, changed.type) == (event.at, "visit")
        await settle(pilot)
        await press(pilot, "z", "z")
        await until(pilot, lambda: event.id not in [one.id for one in desk.events.listed(regular.ctx, regular.guest)])


async def test_what_is_half_written_is_kept_and_what_is_to_come_refused(regular: Regular) -> None:
    async with profile(regular) as (app, pilot, _screen):
        await press(pilot, "L", "n", *"Half a thought", "escape", "l", "n")
        await until_there(pilot, app, "Half a thought")
        await press(pilot, "tab", *"24.12.2026", "ctrl+s")
        assert "That has not happened yet." in screen_text(app)
        assert isinstance(app.screen, EventBox)


async def test_memos_reminders_and_messages_are_written_from_the_profile(regular: Regular) -> None:
    async with profile(regular) as (app, pilot, screen):
        await press(pilot, "c", *"Wants room 407", "ctrl+s")
        await until_there(pilot, app, "✎ Wants room 407")
        await press(pilot, "plus")
        await until_there(pilot, app, "New reminder · Łucja Nowak")
        await press(pilot, *"Call back", "tab", *"+3", "ctrl+s")
        await until_there(pilot, app, "[ ] Call back · 24 Nov")
        await press(pilot, "W")
        await until_there(pilot, app, "about Łucja Nowak")
        await press(pilot, *"She comes at noon", "ctrl+s")
        await until_there(pilot, app, "→ Leo: She comes at noon")
        await settle(pilot)
        (reminder,) = [
            one for one in desk.reminders.listed(regular.ctx, guest=regular.guest) if one.title == "Call back"
        ]
        assert screen.list.focus_row(f"reminder{reminder.id}")
        await press(pilot, "space")
        await until_there(pilot, app, "[x] Call back")
        await settle(pilot)
        screen.list.focus_row(f"reminder{reminder.id}")
        await press(pilot, "delete")
        await until_there(pilot, app, "removed the reminder “Call back”")


async def test_a_mail_and_an_inquiry_begin_with_the_guest(regular: Regular) -> None:
    async with profile(regular) as (app, pilot, _screen):
        await press(pilot, "w")
        await until(pilot, lambda: isinstance(app.screen, ComposeScreen) and "lucja@poczta.example" in screen_text(app))
        await press(pilot, "escape")
        await until(pilot, lambda: isinstance(app.screen, GuestScreen))
        await press(pilot, "i")
        await until(pilot, lambda: isinstance(app.screen, InquiryForm))
        assert "Łucja Nowak" in screen_text(app)
        await press(pilot, *"24.12.", "tab", *"27.12.", "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, InquiryScreen))
        await press(pilot, "escape")
        await until_there(pilot, app, "24–27 Dec")
        newest = max(desk.guest_profile.get(regular.ctx, regular.guest).guest.inquiries)
        assert [one.id for one in desk.inquiries.get(regular.ctx, newest).guests] == [regular.guest]


@pytest.mark.parametrize("kind", ["r", "p"])
async def test_enter_on_a_reservation_or_its_payment_opens_the_card(regular: Regular, kind: str) -> None:
    async with profile(regular) as (app, pilot, screen):
        await press(pilot, "f", kind, "enter")
        await until(pilot, lambda: isinstance(app.screen, ReservationScreen) and app.screen.view is not None)
        await settle(pilot)
        assert isinstance(app.screen, ReservationScreen)
        assert app.screen.view is not None
        assert app.screen.view.code in screen_text(app)
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, GuestScreen) and app.screen is not screen)
        await press(pilot, "escape", "escape")
        await until(pilot, lambda: app.screen is screen)


async def test_a_company_leads_to_its_contacts_and_back(regular: Regular) -> None:
    async with profile(regular, number=regular.company) as (app, pilot, screen):
        assert "Stocznia Gdańsk S.A. · company" in screen_text(app)
        screen.facts.focus()
        assert screen.facts.focus_entry(f"guest {regular.guest}")
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, GuestScreen) and app.screen.number == regular.guest)


async def test_a_merged_number_shows_the_survivor_and_says_so(regular: Regular) -> None:
    other = add_guest(regular.ctx, "Nowakowa")
    desk.memos.add(regular.ctx, "Written before", guest=other)
    signpost(regular.ctx, other, regular.guest)
    async with profile(regular, number=other) as (app, _pilot, screen):
        text = screen_text(app)
        assert f"{other} was merged into this guest" in text
        assert "Written before" in text
        assert screen.found is not None
        assert screen.found.guest.id == regular.guest


async def test_what_others_do_comes_in_and_the_cursor_stays(regular: Regular) -> None:
    async with profile(regular) as (app, pilot, screen):
        await press(pilot, "down", "down")
        here = screen.entry
        desk.memos.add(regular.leo, "From the other desk", guest=regular.guest)
        await until_there(pilot, app, "From the other desk")
        await settle(pilot)
        assert screen.entry == here


async def test_what_became_hidden_leaves(regular: Regular) -> None:
    mine = add_inquiry(regular.ctx, regular.guest, room="only for Ana", scope="a1")
    async with profile(regular) as (app, _pilot, _screen):
        assert "only for Ana" in screen_text(app)
    assert mine not in [
        place.number for place in desk.guest_history.keys(regular.leo, regular.guest, [EntryKind.INQUIRY])
    ]


async def test_foreign_words_stay_words(regular: Regular) -> None:
    desk.memos.add(regular.ctx, "[@click=app.quit]x[/] \x1b[31mred", guest=regular.guest)
    async with profile(regular) as (app, _pilot, _screen):
        assert "[@click=app.quit]x[/]" in screen_text(app)


# From elsewhere


async def test_an_event_is_logged_from_a_mail(regular: Regular) -> None:
    async with opened(regular.hotel, agent="Ana") as (app, pilot):
        await press(pilot, "g", "i")
        await settle(pilot)
        await press(pilot, "L", "c", *"Called about the mail", "ctrl+s")
        await until(
            pilot,
            lambda: any(one.text == "Called about the mail" for one in desk.events.listed(regular.ctx, regular.guest)),
        )
        event = desk.events.listed(regular.ctx, regular.guest)[0]
        assert event.conversation == regular.mail
        await press(pilot, "down")
        await settle(pilot)
        await press(pilot, "L")
        await until(pilot, lambda: any("is no guest yet" in one.message for one in app._notifications))


async def test_an_event_is_logged_from_an_inquiry_and_its_guest_opened(regular: Regular) -> None:
    async with opened(regular.hotel, agent="Ana") as (app, pilot):
        app.open_inquiry(regular.inquiry)
        await until(pilot, lambda: isinstance(app.screen, InquiryScreen) and app.screen.found is not None)
        await settle(pilot)
        await press(pilot, "L", "c", *"Called about the offer", "ctrl+s")
        await until(
            pilot, lambda: any(one.inquiry == regular.inquiry for one in desk.events.listed(regular.ctx, regular.guest))
        )
        await press(pilot, "G", "p")
        await until(pilot, lambda: isinstance(app.screen, GuestScreen))


async def test_an_agent_without_the_role_is_told_at_once(regular: Regular) -> None:
    async with opened(regular.hotel, (120, 40), agent="Leo") as (app, pilot):
        app.open_guest(regular.guest)
        await until(pilot, lambda: isinstance(app.screen, GuestScreen) and app.screen.found is not None)
        for key, words in (("D", "Only a manager may erase a guest."), ("M", "Only a manager may merge guests.")):
            await press(pilot, key)
            assert any(words in one.message for one in app._notifications)
            assert isinstance(app.screen, GuestScreen)


async def test_facts_have_the_room_that_a_short_history_leaves(regular: Regular) -> None:
    long = "maria.of.the.rather.long.address@reservations.example.com"
    values = {"surname": "New", "language": "pl", "email": long, "phone": "+48600111222", "city": "Faro", "country": "PT",
              "nationality": "PL", "birth_date": "1.2.1980", "document": "AB1", "reference": "R-7", "street": "Rua 1",
              "remarks": "One\nTwo\nThree"}  # fmt: skip
    number = desk.guests.create(regular.hotel.ctx, values)
    async with profile(regular, (80, 24), number) as (app, pilot, _screen):
        await until_there(pilot, app, "Known since")
        assert "R-7" in screen_text(app)
    async with profile(regular, (150, 45), number) as (app, pilot, _screen):
        assert any(long in line and "Mail" in line for line in screen_text(app).splitlines())


def test_the_number_and_the_age_stay_beside_the_longest_name(tmp_path: Path) -> None:
    hotel = Hotel(tmp_path).open()
    guest = desk.guests.create(hotel.ctx, {"surname": "Ż" * 500, "birth_date": "3.4.1980"})
    parts, _right = headline(desk.guest_profile.get(hotel.ctx, guest))
    words = "".join(text for text, _style in parts)
    assert cell_len(words) < 78
    assert "…" in words
    assert f"guest {guest}" in words
    assert "46" in words


async def test_next_and_previous_lead_through_the_list(regular: Regular) -> None:
    async with opened(regular.hotel, (100, 30), agent="Ana") as (app, pilot):
        await press(pilot, "4")
        await until(pilot, lambda: isinstance(app.screen, GuestsScreen) and app.screen.list.total > 1)
        guests = app.screen
        assert isinstance(guests, GuestsScreen)
        first = guests.list.current
        assert first is not None
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, GuestScreen) and app.screen.found is not None)
        screen = app.screen
        assert isinstance(screen, GuestScreen)
        await press(pilot, "J")
        await until(pilot, lambda: screen.found is not None and screen.number != first.id)
        await press(pilot, "K")
        await until(pilot, lambda: screen.found is not None and screen.number == first.id)
