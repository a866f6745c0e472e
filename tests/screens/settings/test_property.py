"""What holds for the whole property, on its form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.screens.settings.property import PropertyScreen
from crm_tui.screens.settings.screen import SettingsScreen
from tests.screens.harness import Hotel, settled


@pytest.fixture
def hotel(tmp_path: Path) -> Iterator[Hotel]:
    hotel = Hotel(tmp_path).open()
    yield hotel
    hotel.ctx.store.close()


async def test_an_administrator_changes_it_from_the_settings(hotel: Hotel) -> None:
    app = hotel.at(SettingsScreen())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("f6")
        await settled(pilot, lambda: isinstance(app.screen, PropertyScreen))
        assert isinstance(app.screen, PropertyScreen)
        app.screen.form.fill({"hours": "Mon 9-25", "checkin_days": 2})
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "no such time of day" in app.screen.form.fields["hours"].error
        app.screen.form.fill({"hours": "lun-vie 9-14, 16-20"})
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: isinstance(app.screen, SettingsScreen))
    found = desk.property.get(hotel.ctx)
    assert (found.checkin_days, found.resolved_days) == (2, 0)
    assert found.hours.startswith("09:00-14:00,16:00-20:00;")
    assert app.told == ["What holds for everybody is saved · z takes it back"]


async def test_an_agent_reads_why_it_cannot_be_changed(hotel: Hotel) -> None:
    desk.team.add(hotel.ctx, "Leo")
    leo = desk.team.find(hotel.ctx, "Leo")
    hotel.ctx = hotel.ctx.acting_as(desk.context.Actor(leo.id, "Leo", "agent"))
    app = hotel.at(PropertyScreen(desk.property.get(hotel.ctx)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, PropertyScreen)
        assert "Only an administrator" in str(app.screen.query_one("#result").render())
        app.screen.form.fill({"checkin_days": 2})
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert isinstance(app.screen, PropertyScreen)
    assert desk.property.get(hotel.ctx).checkin_days == 3
