"""Privacy under a person's keys: rules, proposals, one question before erasing, reports (SPEC §6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert
from textual.pilot import Pilot

from crm_tui import desk
from crm_tui.base.paths import Home
from crm_tui.data.columns import new_id
from crm_tui.data.tables import Guest
from crm_tui.desk.common.context import Context
from crm_tui.screens.privacy.erase import EraseScreen
from crm_tui.screens.privacy.rule import RuleScreen
from crm_tui.screens.privacy.screen import PrivacyScreen
from tests.desk.colleagues import colleague
from tests.screens.harness import NOW, Desk, Hotel, settled

LONG_AGO = NOW - timedelta(days=5 * 365)


def silent(ctx: Context, name: str) -> int:
    with ctx.write() as tx:
        times = {"created_at": LONG_AGO, "updated_at": LONG_AGO}
        return new_id(tx.connection.execute(insert(Guest).values(surname=name, folded=name.lower(), **times)))


@pytest.fixture
def hotel(tmp_path: Path) -> Iterator[Hotel]:
    hotel = Hotel(tmp_path).open()
    for name in ("Ash", "Birch", "Cedar"):
        silent(hotel.ctx, name)
    yield hotel
    hotel.ctx.store.close()


async def keys(pilot: Pilot[None], *pressed: str) -> None:
    for key in pressed:
        await pilot.press(key)
        await settled(pilot)


def shown(app: Desk) -> str:
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


def names(ctx: Context) -> list[str]:
    return [desk.guests.get(ctx, number).surname for number in (1, 2, 3)]


@pytest.mark.parametrize("size", [(80, 24), (150, 45)])
async def test_a_rule_is_made_and_whom_it_proposes_is_erased(hotel: Hotel, size: tuple[int, int]) -> None:
    app = hotel.at(PrivacyScreen())
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        assert "as there is no rule yet" in shown(app)
        await keys(pilot, "f4", "plus")
        assert isinstance(app.screen, RuleScreen)
        await keys(pilot, *"Silent", "tab", *"36", "ctrl+s")
        assert isinstance(app.screen, PrivacyScreen)
        assert "nothing for 3 years" in shown(app)
        await keys(pilot, "f3")
        text = shown(app)
        assert "Proposed 3" in text
        assert "Ash" in text
        assert "never booked · no consent" in text
        await keys(pilot, "space", "space", "delete")
        assert "Erase 2 guests for good?" in shown(app)
        await keys(pilot, "n")
        assert names(hotel.ctx) == ["Ash", "Birch", "Cedar"]
        await keys(pilot, "delete", "y")
        assert names(hotel.ctx) == ["erased guest #1", "erased guest #2", "Cedar"]
        assert app.told[-1] == "2 guests are erased."
        await keys(pilot, "f6", "enter")
        report = shown(app)
        assert "Guest #2 is erased" in report
        assert "rule of retention: Silent" in " ".join(report.split())
        assert "Birch" not in report


async def test_one_guest_is_looked_at_and_erased(hotel: Hotel) -> None:
    app = hotel.at(EraseScreen(2))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Erase Birch?" in shown(app)
        assert "1 profile emptied" in shown(app)
        await keys(pilot, "c")
        assert "Never spoken of, which is a no" in shown(app)
        await keys(pilot, "escape", "delete")
        assert "Erase Birch for good?" in shown(app)
        await keys(pilot, "r")
        assert "Guest #2 is erased" in shown(app)
        assert "Birch" not in shown(app)
        assert desk.erasing.listed(hotel.ctx)[0].reason == "on the guest's request"
        await keys(pilot, "escape")
        assert app.results == [True]


async def test_places_of_the_surname_are_ticked_one_by_one(hotel: Hotel) -> None:
    first = desk.memos.add(hotel.ctx, "The Birches arrive [bold]Friday[/x]", guest=1)
    desk.memos.add(hotel.ctx, "Birch Road is closed", guest=3)
    app = hotel.at(EraseScreen(2))
    async with app.run_test(size=(80, 40)) as pilot:
        await settled(pilot)
        assert "The surname alone in 2 places of others, 0 of them go" in shown(app)
        assert "[ ] memo 2  Birch Road is closed" in shown(app)
        assert "Friday[/x]" in shown(app)
        await keys(pilot, "p", "a", "space", "enter")
        assert "2 places of others, 1 of them go" in shown(app)
        await keys(pilot, "delete", "r")
        assert "Guest #2 is erased" in shown(app)
        assert "1 place where the surname stood alone blacked out" in shown(app)
        assert "as you left it: memo 2" in " ".join(shown(app).split())
        assert [one.text for one in desk.memos.listed(hotel.ctx, guest=3)] == ["Birch Road is closed"]
        assert [one.id for one in desk.memos.listed(hotel.ctx, guest=1) if "Birch" not in one.text] == [first]


async def test_everything_is_handed_out_and_the_report_written(hotel: Hotel, tmp_path: Path) -> None:
    app = hotel.at(EraseScreen(1))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await keys(pilot, "X", "ctrl+u", *str(tmp_path / "out.txt"), "enter")
        assert "Surname: Ash" in (tmp_path / "out.txt").read_text(encoding="utf-8")
        await keys(pilot, "delete", "o")
        await keys(pilot, "P", "ctrl+u", *str(tmp_path / "report.txt"), "enter")
        page = (tmp_path / "report.txt").read_text(encoding="utf-8")
        assert "Was erased" in page
        assert "Ash" not in page


async def test_a_guest_is_kept_until_a_day(hotel: Hotel) -> None:
    desk.retention.add(hotel.ctx, "Silent", 12)
    app = hotel.at(PrivacyScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await keys(pilot, "s", *"1.1.2030", "enter")
        assert [one.name for one in desk.retention.proposals(hotel.ctx)] == ["Birch", "Cedar"]
        assert "Proposed 2" in shown(app)


async def test_a_rule_is_changed_and_taken_away(hotel: Hotel) -> None:
    desk.retention.add(hotel.ctx, "Silent", 12)
    app = hotel.at(PrivacyScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await keys(pilot, "f4", "enter", "tab", "ctrl+u", *"24", "ctrl+s")
        assert [one.months for one in desk.retention.rules(hotel.ctx)] == [24]
        await keys(pilot, "minus")
        assert desk.retention.rules(hotel.ctx) == []
        assert "No rule yet" in shown(app)


async def test_an_agent_is_refused_in_a_sentence(hotel: Hotel) -> None:
    hotel.ctx = colleague(hotel.ctx, "Leo")
    app = hotel.at(EraseScreen(1))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Only a manager" in str(app.reports[0])
        await keys(pilot, "delete")
        assert names(hotel.ctx)[0] == "Ash"


async def test_what_the_next_start_would_paint_is_dropped(hotel: Hotel) -> None:
    home: Home = hotel.ctx.home
    home.snapshot.write_text("Ash")
    home.frame.write_text("Ash")
    desk.erasing.erase(hotel.ctx, 1)
    assert not home.snapshot.exists()
    assert not home.frame.exists()
