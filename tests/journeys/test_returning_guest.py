"""A returning guest at the sample hotel, by keyboard alone (issue 4, Done when): found by half a name without accents, corrected,
tagged, merged with a duplicate and taken apart again, made holder of an inquiry, put into a package and written to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.engine.lease import Lease
from crm_tui.engine.mailings import Mailings
from crm_tui.rules.vocabulary import MailingState
from crm_tui.screens.duplicates.merge import MergeScreen
from crm_tui.screens.guests.form import GuestForm
from crm_tui.screens.guests.profile import GuestScreen
from crm_tui.screens.guests.tags import TagPick
from crm_tui.screens.inquiries.detail import InquiryScreen
from crm_tui.screens.inquiries.guest_pick import GuestPick
from crm_tui.screens.packages.mailing import MailingScreen
from crm_tui.screens.packages.make import MakePackage
from crm_tui.screens.packages.package import PackageScreen
from crm_tui.screens.packages.prepare import PrepareScreen
from crm_tui.widgets.dialogs import Ask
from tests.journeys.person import Person, at_the_desk
from tests.journeys.sample_desk import SampleDesk

NAME, DOUBLE = "Łucja Wiśniewska", "Ł. Wiśniewska"
FIND = 2
"""Keys at most beside the letters (UX, Keystroke budget)."""


@pytest.fixture
def hotel(tmp_path: Path) -> Iterator[SampleDesk]:
    made = SampleDesk(tmp_path / "home")
    made.open()
    yield made
    made.close()


def numbered(hotel: SampleDesk, name: str) -> int:
    """The guest of that name."""
    (found,) = (row.id for row in desk.guests.listed(hotel.ctx) if row.name == name)
    return found


async def test_a_returning_guest(hotel: SampleDesk) -> None:
    lucja, double = numbered(hotel, NAME), numbered(hotel, DOUBLE)
    async with at_the_desk(hotel, (100, 30)) as ana:
        await found_by_half_a_name(ana)
        await corrected(hotel, ana, lucja)
        await tagged(hotel, ana, lucja)
        await merged_and_taken_apart(hotel, ana, lucja, double)
        await put_into_a_package(hotel, ana, lucja)
        await made_holder(hotel, ana, lucja)
        await written_to(hotel, ana, lucja)


async def found_by_half_a_name(ana: Person) -> None:
    await ana.press("4")
    before = ana.keys
    await ana.press("slash")
    await ana.write("lucja wisn")
    await ana.press("enter")
    await ana.until(lambda: f"{NAME} · guest" in ana.seen())
    assert ana.keys - before <= FIND


async def corrected(hotel: SampleDesk, ana: Person, lucja: int) -> None:
    await ana.press("E")
    await ana.until(lambda: ana.at(GuestForm) is not None and "Given names" in ana.seen())
    await ana.press("tab", "end")
    await ana.write(" Maria")
    await ana.press("ctrl+s")
    await ana.until(lambda: ana.at(GuestScreen) is not None and "Łucja Maria Wiśniewska" in ana.seen())
    assert desk.guests.get(hotel.ctx, lucja).given == "Łucja Maria"


async def tagged(hotel: SampleDesk, ana: Person, lucja: int) -> None:
    assert "Golf" not in desk.attributes.of_guests(hotel.ctx, [lucja])[lucja]
    await ana.press("T")
    await ana.until(lambda: ana.at(TagPick) is not None)
    await ana.write("golf")
    await ana.press("enter", "ctrl+s")
    await ana.until(lambda: "Golf" in desk.attributes.of_guests(hotel.ctx, [lucja])[lucja])
    await ana.until(lambda: "Golf" in ana.seen())


async def merged_and_taken_apart(hotel: SampleDesk, ana: Person, lucja: int, double: int) -> None:
    await ana.press("M")
    await ana.until(lambda: ana.at(GuestPick) is not None and DOUBLE in ana.seen())  # offered before a letter is typed
    await ana.press("enter")
    await ana.until(lambda: ana.at(MergeScreen) is not None and f"★ Łucja Maria Wiśniewska #{lucja}" in ana.seen())
    await ana.press("ctrl+s")
    await ana.until(lambda: ana.at(Ask) is not None)
    assert "newsletter" in ana.seen()  # she gave that consent, her double never did
    await ana.press("y")
    await ana.until(lambda: ana.at(GuestScreen) is not None and f"merged with guest {double}" in ana.seen())
    assert desk.guests.get(hotel.ctx, double).id == lucja
    await ana.press("z")
    await ana.until(lambda: desk.guests.get(hotel.ctx, double).id == double)
    await ana.until(lambda: "taken back" in ana.seen())


async def put_into_a_package(hotel: SampleDesk, ana: Person, lucja: int) -> None:
    await ana.press("P")
    await ana.until(lambda: ana.at(MakePackage) is not None)
    await ana.write("Autumn recall")
    await ana.press("enter")
    await ana.until(lambda: any(one.name == "Autumn recall" for one in desk.packages.listed(hotel.ctx)))
    assert "Autumn recall" in [name for _number, name in desk.packages.of_guest(hotel.ctx, lucja)]


async def made_holder(hotel: SampleDesk, ana: Person, lucja: int) -> None:
    await ana.press("3", "enter")
    await ana.until(lambda: ana.at(InquiryScreen) is not None and "⌂ Inquiry" in ana.seen())
    screen = ana.at(InquiryScreen)
    assert screen is not None
    await ana.press("B")
    await ana.until(lambda: ana.at(GuestPick) is not None)
    await ana.write("lucja maria")
    await ana.until(lambda: "Łucja Maria" in ana.seen())
    await ana.press("enter")
    await ana.until(lambda: len(guests(hotel, screen.number)) == 2)
    await ana.press("G", "down", "h")
    await ana.until(lambda: guests(hotel, screen.number)[0] == (lucja, True))
    assert [holds for _guest, holds in guests(hotel, screen.number)] == [True, False]


def guests(hotel: SampleDesk, inquiry: int) -> list[tuple[int, bool]]:
    """The guests of an inquiry, and whether each holds it; the holder first."""
    return [(one.id, one.holder) for one in desk.inquiries.get(hotel.ctx, inquiry).guests]


async def written_to(hotel: SampleDesk, ana: Person, lucja: int) -> None:
    await ana.press("g", "p", "enter")
    await ana.until(lambda: ana.at(PackageScreen) is not None and "Autumn recall · 1 guest" in ana.seen())
    await ana.press("w")
    await ana.write("thank you")
    await ana.press("enter")
    await ana.until(lambda: ana.at(PrepareScreen) is not None and "1 of 1 may be written to" in ana.seen())
    await ana.press("ctrl+s")
    await ana.until(lambda: ana.at(Ask) is not None or ana.at(MailingScreen) is not None)
    if ana.at(Ask) is not None:
        await ana.press("y")
    await ana.until(lambda: ana.at(MailingScreen) is not None)
    (mailing,) = desk.mailings.listed(hotel.ctx)[:1]
    engine(hotel, queued=1)
    assert hotel.deliver() == 1
    engine(hotel, queued=0)
    found = desk.mailings.progress(hotel.ctx, mailing.id)
    assert (found.state, found.sent, found.failed) == (MailingState.DONE, 1, 0)
    sent = hotel.rows("Sent")[0]
    assert sent.counterpart.address == desk.guests.get(hotel.ctx, lucja).emails[0]


def engine(hotel: SampleDesk, *, queued: int) -> None:
    """What the engine does for mailings in one step."""
    lease = Lease(hotel.ctx)
    assert lease.tick()
    assert Mailings(hotel.ctx, lease).step() == queued
    lease.release()
