"""A hotel with inquiries: one from a mail with proposals, one by phone, with memo, reminder and guests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from shutil import copytree

import pytest

from crm_tui import desk
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.requests.inquiry_views import InquiryView
from tests.screens.harness import Hotel

SPANISH = """Buenos días,

quisiéramos una habitación doble del 3 al 7 de diciembre para dos adultos y un niño de 4 años.

Mi teléfono es +34 600 123 456.

Un saludo
Javier Martín"""


Numbers = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Desk:
    """The hotel and the numbers of what is in it.

    Attributes:
        mailed: the inquiry from a mail.
        phoned: the one by phone, by Marie Petit with Jean.
        conversation: of the first; ``loose`` belongs to no inquiry.
    """

    hotel: Hotel
    mailed: int
    phoned: int
    conversation: int
    loose: int

    @property
    def ctx(self) -> Context:
        """The store in Ana's hands."""
        return self.hotel.ctx

    @property
    def leo(self) -> Context:
        """The same store in the hands of a colleague."""
        number = next(agent.id for agent in desk.setup.agents(self.ctx) if agent.name == "Leo")
        return self.ctx.acting_as(Actor(number, "Leo"))

    def view(self, number: int) -> InquiryView:
        """An inquiry as it stands."""
        return desk.inquiries.get(self.ctx, number)


@pytest.fixture(scope="session")
def _morning(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Numbers]:
    """The home of :func:`busy`, once a worker, and the numbers in it."""
    hotel = Hotel(tmp_path_factory.mktemp("busy") / "home").open()
    account = hotel.account(synced_at=hotel.clock.now() - timedelta(seconds=12))
    desk.setup.add_agent(hotel.ctx, "Leo")
    sender = "Javier Martín <jm@correo.example>"
    conversation, _message = hotel.mail(SPANISH, sender=sender, subject="Habitación en diciembre", account=account,
                                        number=1, ago=timedelta(hours=2))  # fmt: skip
    loose, _message = hotel.mail(
        "Dzień dobry, szukamy pokoju od 12 do 19 lipca 2027 dla 2 osób.", account=account, number=2
    )
    mailed = desk.inquiries.from_conversation(hotel.ctx, conversation)
    phoned = by_phone(hotel.ctx)
    hotel.ctx.store.close()
    return hotel.home.data, (mailed, phoned, conversation, loose)


@pytest.fixture
def busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _morning: tuple[Path, Numbers]) -> Iterator[Desk]:
    """A morning with two inquiries and a mail that is none yet."""
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    home, numbers = _morning
    copytree(home, tmp_path / "home")
    hotel = Hotel.reopened(tmp_path / "home")
    yield Desk(hotel, *numbers)
    hotel.ctx.store.close()


def by_phone(ctx: Context) -> int:
    """An inquiry taken down on the phone, in Leo's hands."""
    number = desk.inquiries.create(
        ctx,
        {
            "arrival": date(2026, 12, 28), "departure": date(2027, 1, 3), "adults": 2, "children": "7, ?",
            "room": "family room", "board": "half board", "budget": "900 EUR", "channel": "phone", "handler": "Leo",
            "planned_end": date(2026, 11, 21), "preferences": "Sea view if possible; late arrival, about 23:30.",
        },
        guest={"surname": "Petit", "given": "Marie", "email": "m.petit@lac.example", "phone": "+33 1 42 68 53 00"},
    )  # fmt: skip
    desk.inquiry_guests.add_new(ctx, number, {"surname": "Petit", "given": "Jean"})
    desk.memos.add(ctx, "Prefers the sea side.\nAsk Leo for room 204.", inquiry=number)
    desk.reminders.add(ctx, "Send the offer with the garage price", date(2026, 11, 21), inquiry=number)
    return number
