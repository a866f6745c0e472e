"""A desk that several could be sitting at asks who it is (SPEC §13)."""

from __future__ import annotations

from pathlib import Path

from crm_tui import desk
from crm_tui.widgets.dialogs import PickList
from tests.screens.harness import Hotel
from tests.screens.opened import desk_of, opened, press, screen_text, settle, until


async def test_the_desk_asks_and_opens_for_the_one_chosen(tmp_path: Path) -> None:
    hotel = Hotel(tmp_path / "home").open()
    desk.setup.add_agent(hotel.ctx, "Bob")
    app = desk_of(hotel)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, PickList))
        await pilot.pause()
        assert "Who are you?" in screen_text(app)
        await pilot.press("b", "o", "b", "enter")
        await until(pilot, lambda: app.ctx is not None)
        await settle(pilot)
        assert app.ctx is not None
        assert (app.ctx.actor.name, app.status.agent) == ("Bob", "Bob")


async def test_whoever_does_not_say_leaves(tmp_path: Path) -> None:
    hotel = Hotel(tmp_path / "home").open()
    desk.setup.add_agent(hotel.ctx, "Bob")
    app = desk_of(hotel)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, PickList))
        await pilot.press("escape")
        await until(pilot, lambda: app.return_code is not None)
    assert app.ctx is None
    assert app.return_code == 1


async def test_what_one_saw_is_not_painted_for_the_next(tmp_path: Path) -> None:
    """Two share a workstation and are asked who they are: nothing of the first is there before the second has said."""
    hotel = Hotel(tmp_path / "home").open()
    hotel.mail("Dzień dobry")
    async with opened(hotel) as (app, pilot):
        await press(pilot, "2")
        assert "Łucja" in screen_text(app)
        app.exit(0)
    assert hotel.home.snapshot.exists()
    desk.setup.add_agent(hotel.ctx, "Bob")
    asking = desk_of(hotel)
    async with asking.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(asking.screen, PickList))
        await pilot.pause()
        assert "Łucja" not in screen_text(asking)
        assert not hotel.home.snapshot.exists()
        await pilot.press("b", "o", "b", "enter")
        await until(pilot, lambda: asking.ctx is not None)
        await settle(pilot)
        assert "Łucja" in screen_text(asking)
        asking.exit(0)
    assert desk_of(hotel).snapshot is None
