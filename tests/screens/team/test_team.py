"""The team under a person's keys: an administrator changes it, the others read it and are told why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from crm_tui import desk
from crm_tui.app import DeskApp
from crm_tui.desk.common.context import Actor
from crm_tui.screens.team.form import AgentScreen, DepartmentScreen
from crm_tui.screens.team.screen import TeamScreen
from crm_tui.widgets.forms import PickField
from tests.screens.harness import Desk, Hotel, settled
from tests.screens.opened import mail_screen, opened, press, screen_text, settle, until


@pytest.fixture
def hotel(tmp_path: Path) -> Iterator[Hotel]:
    hotel = Hotel(tmp_path).open()
    desk.departments.add(hotel.ctx, "Reservations")
    desk.team.add(hotel.ctx, "Leo", department="Reservations", login="leo")
    yield hotel
    hotel.ctx.store.close()


def told(app: DeskApp) -> list[str]:
    return [str(one.message) for one in app._notifications]


async def keys(pilot: Pilot[None], *pressed: str) -> None:
    for key in pressed:
        await pilot.press(key)
        await settled(pilot)


def shown(app: Desk) -> str:
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


@pytest.mark.parametrize("size", [(80, 24), (150, 45)])
async def test_the_team_is_listed_with_role_department_language_and_login(hotel: Hotel, size: tuple[int, int]) -> None:
    app = hotel.at(TeamScreen())
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        text = shown(app)
        row = next(line for line in text.splitlines() if "● Leo" in line)
        assert row.split() == ["●", "Leo", "agent", "Reservations", "en", "leo"]
        assert "2 members" in text
        await keys(pilot, "down")
        assert "Department Reservations  1 member" in shown(app)


async def test_somebody_is_added_with_a_department(hotel: Hotel) -> None:
    app = hotel.at(TeamScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await keys(pilot, "plus")
        form = app.screen
        assert isinstance(form, AgentScreen)
        await keys(pilot, *"Mia", "tab", "right", "tab", "r", "e", "s", "enter")
        department = form.form.fields["department"]
        assert isinstance(department, PickField)
        assert department.value == "Reservations"
        await keys(pilot, "ctrl+s")
        assert isinstance(app.screen, TeamScreen)
        (mia,) = [one for one in desk.team.agents(hotel.ctx) if one.name == "Mia"]
        assert (mia.role, mia.department, mia.language) == ("manager", "Reservations", "en")
        assert app.told == ["Mia is in the team · z takes it back"]
        assert "● Mia" in shown(app)


@pytest.mark.parametrize(
    ("name", "sentence"), [("leo", "called Leo already"), ("", "Name is needed"), ("me", "something else")]
)
async def test_what_is_wrong_stands_at_its_field(hotel: Hotel, name: str, sentence: str) -> None:
    app = hotel.at(AgentScreen(None, []))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await keys(pilot, *name, "ctrl+s")
        assert sentence in shown(app)
        assert isinstance(app.screen, AgentScreen)
        assert sentence in app.screen.form.fields["name"].error


async def test_only_what_was_changed_is_written(hotel: Hotel) -> None:
    leo = desk.team.find(hotel.ctx, "Leo")
    app = hotel.at(AgentScreen(leo, desk.departments.listed(hotel.ctx)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, AgentScreen)
        app.screen.form.fields["role"].value = "manager"
        await keys(pilot, "ctrl+s")
    changed = desk.team.find(hotel.ctx, "Leo")
    assert (changed.role, changed.department, changed.version) == ("manager", "Reservations", leo.version + 1)


async def test_one_is_taken_off_and_taken_back(hotel: Hotel) -> None:
    app = hotel.at(TeamScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await keys(pilot, "down", "delete")
        assert "Take Leo off the team?" in shown(app)
        await keys(pilot, "y")
        assert "Leo" not in [one.name for one in desk.team.agents(hotel.ctx)]
        await keys(pilot, "f3")
        assert "○ Leo" in shown(app)
        await keys(pilot, "down", "u")
        assert "Leo" in [one.name for one in desk.team.agents(hotel.ctx)]


async def test_a_department_is_added(hotel: Hotel) -> None:
    app = hotel.at(TeamScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await keys(pilot, "D")
        assert isinstance(app.screen, DepartmentScreen)
        await keys(pilot, *"groups", "ctrl+s")
        assert [one.name for one in desk.departments.listed(hotel.ctx)] == ["groups", "Reservations"]


async def test_who_is_no_administrator_reads_and_is_told_why(hotel: Hotel) -> None:
    leo = desk.team.find(hotel.ctx, "Leo")
    app = hotel.at(TeamScreen())
    app.ctx = hotel.ctx.acting_as(Actor(leo.id, "Leo"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Only an administrator changes the team: Ana." in shown(app)
        for key in ("plus", "enter", "D", "delete"):
            await keys(pilot, key)
            assert isinstance(app.screen, TeamScreen), key
    assert len(desk.team.agents(hotel.ctx)) == 2


# -- open desks follow ------------------------------------------------------------------------------------------------


async def test_an_open_desk_follows_its_agents_role_and_department(hotel: Hotel) -> None:
    leo = desk.team.find(hotel.ctx, "Leo")
    async with opened(hotel, user="leo") as (app, pilot):
        desk.team.change(hotel.ctx, leo.id, role="manager", department="")
        await until(pilot, lambda: app.ctx is not None and app.ctx.actor.role == "manager")
        await settle(pilot)
        assert app.ctx is not None
        assert app.ctx.actor.department is None
        assert "You are manager now. You are in no department any more." in told(app)


async def test_a_desk_whose_agent_was_taken_off_says_so_and_writes_no_more(hotel: Hotel) -> None:
    conversation, _message = hotel.mail("Dzień dobry")
    async with opened(hotel, user="leo") as (app, pilot):
        await press(pilot, "2")
        desk.team.remove(hotel.ctx, desk.team.find(hotel.ctx, "Leo").id)
        await until(pilot, lambda: app.status.readonly)
        await settle(pilot)
        assert "You were taken off the team: this desk can only be read now." in told(app)
        await press(pilot, "e")
        await until(pilot, lambda: any("not in the team any more" in one for one in told(app)))
    row = desk.folders.row(hotel.ctx, conversation)
    assert row is not None
    assert row.folder == "Inbox"


async def test_what_becomes_hidden_leaves_the_screen(hotel: Hotel) -> None:
    """Leo reads a conversation that Ana then reserves for herself: list, badge and reading pane forget it."""
    conversation, _message = hotel.mail("Dzień dobry, szukamy pokoju")
    inquiry = desk.inquiries.from_conversation(hotel.ctx, conversation)
    desk.triage.move(hotel.ctx, [conversation], "Inbox")
    async with opened(hotel, (150, 45), user="leo") as (app, pilot):
        await press(pilot, "2", "enter")
        assert "szukamy pokoju" in screen_text(app)
        version = desk.inquiries.get(hotel.ctx, inquiry).version
        desk.inquiries.set(hotel.ctx, inquiry, version, {"scope": "me"})
        await until(pilot, lambda: app.counts["Inbox"].total == 0 and mail_screen(app).list.total == 0)
        await settle(pilot)
        assert "szukamy pokoju" not in screen_text(app)
        assert "Łucja" not in screen_text(app)
        assert "What you were reading is not open to you any more." in told(app)
