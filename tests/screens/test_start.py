"""The start screen: what waits, and acting on it in place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from textual.pilot import Pilot

from crm_tui import desk
from crm_tui.app import DeskApp
from crm_tui.desk.common.views import AccountView, Count, ListQuery
from crm_tui.screens.handover.screen import HandoverScreen
from crm_tui.screens.start.problems import problems
from crm_tui.screens.start.screen import StartScreen
from tests.desk.bookings import add_reservation
from tests.desk.journeys import add_flight, add_line
from tests.screens.harness import Hotel
from tests.screens.opened import mail_screen, opened, press, screen_text, settle, until


async def test_the_oldest_unanswered_comes_first_and_has_the_cursor(morning: Hotel) -> None:
    async with opened(morning) as (app, _pilot):
        assert isinstance(app.screen, StartScreen)
        rows = app.screen.unanswered.list.visible_rows()
        assert [row.counterpart.label for row in rows][:2] == ["Eve [red]", "Łucja Nowak"]
        assert app.screen.unanswered.list.has_focus
        assert "UNANSWERED · 4" in screen_text(app)
        assert "NEW MAIL" not in screen_text(app)  # it has a place on wide screens only
        assert "DEPARTURES · nobody flies in the next days" in screen_text(app)


async def test_enter_opens_it_and_escape_leads_to_its_list(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "down", "enter")
        screen = mail_screen(app)
        await until(pilot, lambda: screen.reading.conversation is not None)
        assert screen.pane == "reading"
        assert "szukamy pokoju" in screen_text(app)


async def test_rows_act_in_place(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, StartScreen)
        await press(pilot, "e")
        await until(pilot, lambda: desk.folders.total(morning.ctx, ListQuery("Done")) == 1)
        await press(pilot, "down", "w")
        await until(pilot, lambda: screen.waitlist.list.total == 1)
        await press(pilot, "z", "z")
        await until(pilot, lambda: desk.folders.total(morning.ctx, ListQuery("Inbox")) == 4)


async def test_new_mail_appears_by_itself(morning: Hotel) -> None:
    async with opened(morning, size=(160, 45)) as (app, pilot):
        assert "NEW MAIL · 4" in screen_text(app)
        morning.mail("Now?", sender="Late <late@guest.example>", subject="Tonight", number=8, ago=timedelta(0))
        await until(
            pilot, lambda: isinstance(app.screen, StartScreen) and app.screen.by_name["arrivals"].list.total == 5
        )
        assert "Late" in screen_text(app)


async def test_tab_goes_round_the_panels(morning: Hotel) -> None:
    async with opened(morning, size=(80, 24)) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, StartScreen)
        guest = desk.guests.create(morning.ctx, {"surname": "Nowak", "email": "lucja@poczta.example"})
        desk.feedback.add(morning.ctx, "negative", guest=guest, comment="Noise")
        desk.reminders.add(morning.ctx, "Call the taxi", "today")
        await until(pilot, lambda: screen.by_name["complaints"].list.total == 1)
        await until(pilot, lambda: screen.by_name["reminders"].list.total == 1)
        seen = []
        for _panel in range(4):
            seen.append(screen.panel.id)
            await press(pilot, "tab")
        assert seen == ["unanswered", "reminders", "complaints", "unanswered"]  # those that hold anything
        assert screen.by_name["reminders"].list.size.height >= 1


@dataclass(frozen=True)
class Day:
    """One of each, on the start screen."""

    guest: int
    stay: int
    flight: int
    complaint: int
    reminder: int


def furnished(morning: Hotel) -> Day:
    """A flight tomorrow, a deposit that is overdue, a complaint, a reminder."""
    ctx = morning.ctx
    today = morning.clock.now().date()
    guest = desk.guests.create(ctx, {"surname": "Nowak", "given": "Łucja", "email": "lucja@poczta.example"})
    stay = add_reservation(ctx, "M-1", guest, currency="EUR", room="204")
    add_line(ctx, stay, "deposit", today - timedelta(days=2), 300_00)
    flight = add_flight(ctx, stay, "LO 351", "WAW-PMI", f"{today + timedelta(days=1)}T06:40")
    complaint = desk.feedback.add(ctx, "negative", reservation=stay, code="noise", comment="All night")
    return Day(guest, stay, flight, complaint, desk.reminders.add(ctx, "Call the taxi", "today", reservation=stay))


async def test_every_panel_acts_in_place(morning: Hotel) -> None:
    day, ctx = furnished(morning), morning.ctx
    async with opened(morning, size=(80, 24)) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, StartScreen)
        shown = screen_text(app)
        for title in ("DEPARTURES · 1 · 1 to inform", "PAYMENTS · 1 · 1 overdue", "REMINDERS · 1", "COMPLAINTS · 1"):
            assert title in shown
        screen.by_name["departures"].list.focus()
        await press(pilot, "I")
        await until(pilot, lambda: desk.departures.to_inform(ctx) == 0)
        row = screen.by_name["departures"].list.current
        assert row is not None
        assert (row.state, row.informed_by) == ("informed", "Ana")
        await press(pilot, "delete")  # a slip of the finger: not informed after all
        await until(pilot, lambda: desk.departures.to_inform(ctx) == 1)
        await press(pilot, "l", "c", *"Rang", "ctrl+s")
        await until(pilot, lambda: any(one.text == "Rang" for one in desk.events.listed(ctx, day.guest)))
        assert desk.events.listed(ctx, day.guest)[0].reservation == day.stay
        await press(pilot, "tab", "c", *"Asked for a week", "ctrl+s")
        await until(pilot, lambda: len(desk.memos.listed(ctx, reservation=day.stay)) == 1)
        await press(pilot, "tab", "e")
        await until(pilot, lambda: screen.by_name["reminders"].list.total == 0)
        assert desk.reminders.get(ctx, day.reminder).done_at is not None
        await press(pilot, "tab", "e", *"Moved to 310", "ctrl+s")
        await until(pilot, lambda: desk.feedback.open_count(ctx) == 0)
        assert desk.feedback.get(ctx, day.complaint).resolution == "Moved to 310"
        await press(pilot, "z")
        await until(pilot, lambda: screen.by_name["complaints"].list.total == 1)


async def test_keys_of_mail_do_nothing_in_the_other_panels(morning: Hotel) -> None:
    furnished(morning)
    async with opened(morning) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, StartScreen)
        screen.by_name["departures"].list.focus()
        await press(pilot, "x", "s", "w", "escape")
        assert desk.folders.total(morning.ctx, ListQuery("All", "unanswered")) == 4
        assert app.screen is screen or await _left(app, pilot, screen)


async def _left(app: DeskApp, pilot: Pilot[int], screen: StartScreen) -> bool:
    """``w`` writes a mail to the guest: leave it."""
    await press(pilot, "escape")
    return app.screen is screen


async def test_what_comes_in_moves_nothing_under_the_cursor(morning: Hotel) -> None:
    day, ctx = furnished(morning), morning.ctx
    async with opened(morning, size=(80, 24)) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, StartScreen)
        screen.by_name["departures"].list.focus()
        panel = screen.by_name["departures"]
        await until(pilot, lambda: panel.list.total == 1 and panel.region.height > 1)
        await settle(pilot)
        place, row = panel.region, panel.list.current
        earlier = f"{morning.clock.now().date()}T21:15"
        add_flight(ctx, add_reservation(ctx, "M-2", day.guest), "XX 1", "WAW-PMI", earlier)
        for number in range(9):
            desk.feedback.add(ctx, "negative", room=str(number))
        await until(pilot, lambda: panel.list.total == 2 and screen.by_name["complaints"].list.total == 10)
        assert panel.region == place
        assert panel.list.current is not None
        assert row is not None
        assert panel.list.current.id == row.id


async def test_a_page_of_the_shift_before_is_one_key_away(morning: Hotel) -> None:
    furnished(morning)
    desk.handover.make(morning.ctx, "Keys of 12")
    async with opened(morning, size=(80, 24)) as (app, pilot):
        await until(pilot, lambda: "left 5 lines to take over" in screen_text(app))
        await press(pilot, "g", "H")
        assert isinstance(app.screen, HandoverScreen)
        assert "5 lines to take over" in screen_text(app)
        await press(pilot, "y", "Y", *"He knows", "enter")
        await until(pilot, lambda: desk.handover.open_counts(morning.ctx) == (1, 3))
        await press(pilot, "space", "space", "space", "y")
        await until(pilot, lambda: desk.handover.open_counts(morning.ctx) == (0, 0))
        assert "all of it is taken over" in screen_text(app)
        await press(pilot, "z")
        await until(pilot, lambda: desk.handover.open_counts(morning.ctx) == (1, 3))
        await press(pilot, "escape", "escape")
        await until(pilot, lambda: isinstance(app.screen, StartScreen))


def test_what_needs_a_look() -> None:
    broken = AccountView(1, "a@b.example", "", "auth failed", "The server refused the password.", None)
    found = problems({"Outbox": Count(2), "Drafts": Count(1)}, [broken])
    assert [problem.text for problem in found] == [
        "✕ a@b.example: The server refused the password.",
        "↗ 2 messages in the outbox",
        "✎ 1 draft is waiting",
    ]
    assert [problem.place for problem in problems({}, [])] == ["accounts"]
    (asked,) = problems({}, [replace(broken, state="ok")], pending=2)
    assert (asked.text, asked.place) == ("! 2 tickets need a manager: 9", "tickets")


@pytest.mark.parametrize("key", ["l", "L"])
async def test_an_event_is_logged_for_the_guest_of_the_row(morning: Hotel, key: str) -> None:
    guest = desk.guests.create(morning.ctx, {"surname": "Nowak", "emails": ["lucja@poczta.example"]})
    async with opened(morning) as (app, pilot):
        screen = app.screen
        assert isinstance(screen, StartScreen)
        await press(pilot, "down")
        row = screen.unanswered.list.current
        assert row is not None
        assert row.counterpart.label == "Łucja Nowak"
        await press(pilot, key, "c", *"Called back", "ctrl+s")
        await until(pilot, lambda: bool(desk.events.listed(morning.ctx, guest)))
        (event,) = desk.events.listed(morning.ctx, guest)
        assert (event.text, event.conversation) == ("Called back", row.id)
        assert app.screen is screen


async def test_an_event_is_logged_for_the_holder_of_an_inquiry_among_the_reminders(morning: Hotel) -> None:
    ctx = morning.ctx
    guest = desk.guests.create(ctx, {"surname": "Nowak", "given": "Łucja"})
    inquiry = desk.inquiries.create(ctx, {}, guest=guest)
    version = desk.inquiries.get(ctx, inquiry).version
    desk.inquiries.set(ctx, inquiry, version, {"handler": "Ana", "planned_end": morning.clock.now().date()})
    async with opened(morning) as (app, pilot):
        assert isinstance(app.screen, StartScreen)
        app.screen.by_name["reminders"].list.focus()
        await press(pilot, "l", "c", *"Rang", "ctrl+s")
        await until(pilot, lambda: [one.inquiry for one in desk.events.listed(ctx, guest)] == [inquiry])
