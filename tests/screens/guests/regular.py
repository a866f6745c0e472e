"""A hotel with a guest who has come for years: mail, inquiries, stays, payments, and what the team wrote down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.desk.common.context import Actor, Context
from tests.desk.asked import add_guest, add_inquiry, consent
from tests.desk.bookings import add_reservation, contact, pay, set_columns, tag
from tests.screens.harness import NOW, Hotel


@dataclass(frozen=True, slots=True)
class Regular:
    """The hotel and the numbers of what is in it.

    Attributes:
        guest: Łucja Nowak; ``company``: where she works; ``mate``: who travels with her.
        mail: her conversation; ``stranger``: of somebody nobody knows.
    """

    hotel: Hotel
    guest: int
    company: int
    mate: int
    mail: int
    stranger: int
    inquiry: int
    stay: int

    @property
    def ctx(self) -> Context:
        """The store in Ana's hands."""
        return self.hotel.ctx

    @property
    def leo(self) -> Context:
        """The same store in the hands of a colleague."""
        number = next(agent.id for agent in desk.setup.agents(self.ctx) if agent.name == "Leo")
        return self.ctx.acting_as(Actor(number, "Leo"))


def at(hotel: Hotel, days: int) -> Context:
    """The desk some days ago."""
    from dataclasses import replace

    return replace(hotel.ctx, clock=FixedClock(NOW - timedelta(days=days)))


def regular_hotel(path: Path) -> Regular:
    """Build it."""
    hotel, numbers = Hotel(path).like("regular", _years)
    return Regular(hotel, *numbers)


def _years(hotel: Hotel) -> tuple[int, ...]:
    account = hotel.account(synced_at=hotel.clock.now() - timedelta(seconds=12))
    desk.setup.add_agent(hotel.ctx, "Leo")
    long_ago = at(hotel, 700)
    guest = add_guest(
        long_ago, "Nowak", "Łucja", mails=["lucja@poczta.example"], phones=["+48600100200"], language="pl",
        nationality="PL", birth_date=date(1984, 11, 21), street="ul. Długa 5", postcode="80-001", city="Gdańsk",
        country="PL", passport="EK1234567", passport_expiry=date(2027, 5, 3),
        remarks="Sleeps badly near the lift: a quiet room on a high floor. Allergic to nuts.",
    )  # fmt: skip
    company = add_guest(long_ago, "Stocznia Gdańsk S.A.", mails=["office@stocznia.example"], kind="company")
    mate = add_guest(long_ago, "Nowak", "Piotr")
    contact(hotel.ctx, company, guest, "travel desk")
    tag(hotel.ctx, guest, "sea view", "vegetarian")
    consent(hotel.ctx, guest, channel="mail")
    consent(hotel.ctx, guest, channel="newsletter")
    subject = "Pokój z widokiem na morze"
    mail, message = hotel.mail("Dzień dobry, szukamy pokoju na grudzień.", sender="Łucja Nowak <Lucja@poczta.example>",
                               subject=subject, account=account, number=1, ago=timedelta(hours=3))  # fmt: skip
    stranger, _message = hotel.mail("Hello?", sender="Ann <ann@else.example>", account=account, number=2,
                                    ago=timedelta(days=1))  # fmt: skip
    inquiry = add_inquiry(at(hotel, 3), guest, room="sea view", arrival=date(2026, 12, 3), departure=date(2026, 12, 7),
                          adults=2, children=[4], status="offer sent", budget=90000, budget_currency="EUR")  # fmt: skip
    stay = add_reservation(
        at(hotel, 30), "M-1042", guest, mate, company=company, status="confirmed", booked=date(2026, 10, 20),
        arrival=date(2026, 12, 20), departure=date(2027, 1, 3), adults=2, room="407", value=214000, currency="EUR",
    )  # fmt: skip
    add_reservation(at(hotel, 400), "M-0877", guest, status="completed", booked=date(2025, 6, 2), arrival=date(2025, 8, 1),
                    departure=date(2025, 8, 9), adults=2, children=1, room="311", value=98000, currency="EUR")  # fmt: skip
    add_reservation(at(hotel, 200), "M-0951", guest, status="cancelled", booked=date(2026, 3, 1),
                    arrival=date(2026, 5, 1), departure=date(2026, 5, 4), value=30000, currency="EUR")  # fmt: skip
    pay(at(hotel, 29), stay, date(2026, 10, 23), 60000, method="transfer")
    desk.events.add(at(hotel, 2), guest, "call", "Asked whether the pool is open in December.")
    desk.events.add(at(hotel, 60), guest, "catalogue", "")
    desk.events.add(at(hotel, 470), guest, "complaint", "The lift was loud at night; moved to 407.")
    desk.memos.add(at(hotel, 1), "Wants a quiet room, as every year.", guest=guest)
    desk.reminders.add(hotel.ctx, "Send the spa list", "2026-11-20", guest=guest)
    desk.guests.set(at(hotel, 100), guest, desk.guests.get(hotel.ctx, guest).version, {"city": "Gdańsk-Oliwa"})
    set_columns(hotel.ctx, guest, city="Gdańsk")
    del message
    return guest, company, mate, mail, stranger, inquiry, stay
