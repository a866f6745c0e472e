"""A day at the desk from the start screen, by keyboard alone (issue 5, Done when), counted against UX.md's budget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.desk.common.context import open_context
from crm_tui.desk.watchlists.departure_views import DepartureQuery
from crm_tui.screens.handover.screen import HandoverScreen
from crm_tui.screens.money.payment import PaymentDialog
from crm_tui.screens.notices.send import NoticeDialog
from crm_tui.screens.reminders.form import ReminderForm
from crm_tui.screens.reservations.detail import ReservationScreen
from crm_tui.screens.reservations.flight_form import FlightForm
from crm_tui.screens.start.screen import StartScreen
from tests.desk.bookings import add_reservation
from tests.desk.journeys import add_flight, add_line
from tests.journeys.person import Person, at_the_desk
from tests.screens.harness import Hotel

INFORM, PAY, REMIND = 1, 2, 3
"""Keys at most (UX, Keystroke budget)."""


@dataclass(frozen=True)
class Morning:
    """What the night left: numbers by what they are."""

    hotel: Hotel
    nowak: int
    martin: int

    def states(self) -> list[str]:
        """How the departures stand, in the order of the list."""
        return [row.state.value for row in desk.departures.page(self.hotel.ctx, DepartureQuery()).rows]

    def due(self) -> list[str]:
        """The codes on the payment watchlist."""
        return [row.code for row in desk.payment_watch.page(self.hotel.ctx, desk.payment_watch.PaymentQuery()).rows]


@pytest.fixture
def morning(tmp_path: Path) -> Iterator[Morning]:
    """Two who fly tomorrow; one owes a deposit, the other a balance since yesterday; a complaint; Leo has the late shift."""
    hotel = Hotel(tmp_path / "home").open()
    desk.setup.add_agent(hotel.ctx, "Leo")
    hotel.account()
    today = hotel.clock.now().date()
    stays = []
    for number, (surname, kind, due) in enumerate((("Nowak", "deposit", 1), ("Martín", "balance", -1)), 1):
        guest = {"surname": surname, "email": f"g{number}@example.org", "phone": f"+48 601 234 56{number}"}
        stay = add_reservation(
            hotel.ctx,
            f"M-{number}",
            desk.guests.create(hotel.ctx, guest),
            currency="EUR",
            room="204",
            arrival=today + timedelta(days=1),
            departure=today + timedelta(days=8),
        )
        add_line(hotel.ctx, stay, kind, today + timedelta(days=due), 300_00)
        leaves = today + timedelta(days=1)
        add_flight(hotel.ctx, stay, f"LO {number}", "WAW-PMI", f"{leaves}T0{5 + number}:40", f"{leaves}T1{number}:10")
        stays.append(stay)
    desk.feedback.add(hotel.ctx, "negative", reservation=stays[1], code="noise")
    hotel.ctx = open_context(hotel.home, hotel.settings, clock=hotel.clock, agent="Ana", env={})
    yield Morning(hotel, *stays)
    hotel.ctx.store.close()


async def panel(person: Person, name: str) -> StartScreen:
    """Tab to a panel of the start screen; counting begins there."""
    screen = person.at(StartScreen)
    assert screen is not None
    await person.until(lambda: bool(screen.by_name[name].list.total))
    for _tab in range(8):
        if screen.panel.id == name and screen.panel.list.has_focus:
            break
        await person.press("tab")
    assert screen.panel.id == name
    person.keys = 0
    return screen


async def test_the_day_from_the_morning_to_the_handover(morning: Morning) -> None:
    hotel = morning.hotel
    async with at_the_desk(hotel) as ana:
        await _departures(ana, morning)
        await _payments(ana, morning)
        await _reminder(ana, morning)
        await ana.press("g", "H", "plus")
        await ana.write("The plumber comes at six")
        await ana.press("ctrl+s")
        await ana.until(lambda: desk.handover.open_counts(hotel.ctx)[0] == 1)
    hotel.ctx = open_context(hotel.home, hotel.settings, clock=hotel.clock, agent="Leo", env={})
    async with at_the_desk(hotel) as leo:
        await _acknowledged(leo, morning)


async def _departures(ana: Person, morning: Morning) -> None:
    """Both are called and marked, a key each; one flight is put off, and its guest is to be told again."""
    screen = await panel(ana, "departures")
    await ana.press("I")
    assert ana.keys <= INFORM
    await ana.until(lambda: morning.states() == ["informed", "to inform"])
    await ana.press("down", "I")
    await ana.until(lambda: morning.states() == ["informed", "informed"])
    assert "✔" in ana.seen()
    await ana.press("E")
    form = ana.at(FlightForm)
    assert form is not None
    day = (morning.hotel.clock.now() + timedelta(days=1)).date()
    await ana.press("end", "shift+home")
    await ana.write(f"{day} 09:50")
    await ana.press("ctrl+s")
    await ana.until(lambda: morning.states() == ["informed", "inform again"])
    await ana.until(lambda: "1 to inform" in ana.seen())
    assert ana.at(StartScreen) is screen
    await ana.press("I")
    await ana.until(lambda: morning.states() == ["informed", "informed"])


async def _payments(ana: Person, morning: Morning) -> None:
    """The deposit is recorded and leaves the list; the overdue balance is reminded of by mail."""
    screen = await panel(ana, "payments")
    assert morning.due() == ["M-2", "M-1"]
    await ana.press("r")
    assert ana.at(NoticeDialog)
    await ana.press("ctrl+s")
    assert ana.keys <= REMIND
    await ana.until(lambda: bool(desk.notice_lists.of_reservation(morning.hotel.ctx, morning.martin)))
    await ana.until(lambda: ana.at(StartScreen) is not None)
    await ana.press("down")
    ana.keys = 0
    await ana.press("p")
    assert ana.at(PaymentDialog)
    await ana.press("enter")
    assert ana.keys <= PAY
    await ana.until(lambda: morning.due() == ["M-2"])
    await ana.until(lambda: screen.by_name["payments"].list.total == 1)


async def _reminder(ana: Person, morning: Morning) -> None:
    """Tomorrow's reminder for a colleague, written from the reservation."""
    await ana.press("enter")
    assert ana.at(ReservationScreen)
    await ana.press("u")
    assert ana.at(ReminderForm)
    await ana.write("Ask whether the transfer arrived")
    await ana.press("tab")
    await ana.write("tomorrow")
    await ana.press("tab", "enter")
    await ana.write("Leo")
    await ana.press("enter", "ctrl+s")
    await ana.until(lambda: bool(desk.reminders.listed(morning.hotel.ctx, reservation=morning.martin)))
    (made,) = desk.reminders.listed(morning.hotel.ctx, reservation=morning.martin)
    assert (made.title, made.assignee, made.bucket) == ("Ask whether the transfer arrived", "Leo", "tomorrow")
    await ana.press("escape")
    await ana.until(lambda: ana.at(StartScreen) is not None)


async def _acknowledged(leo: Person, morning: Morning) -> None:
    """The late shift takes the page over, line by line; with the last one it is closed."""
    ctx = morning.hotel.ctx
    await leo.until(lambda: "lines to take over" in leo.seen())
    await leo.press("g", "H")
    assert leo.at(HandoverScreen)
    lines = desk.handover.open_pages(ctx)[0].lines
    assert [line.kind for line in lines] == ["note", "payment", "complaint"]
    for left in range(len(lines) - 1, -1, -1):
        await leo.press("y")
        await leo.until(lambda left=left: desk.handover.open_counts(ctx)[1] == left)  # type: ignore[misc]
    assert "all of it is taken over" in leo.seen()
    taken = desk.handover.get(ctx, lines[0].handover)
    assert taken.closed_at is not None
    assert {line.acknowledged_by for line in taken.lines} == {"Leo"}
