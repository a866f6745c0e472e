"""``z`` on the mail screen, when another agent was there in between (SPEC §13)."""

from __future__ import annotations

from pathlib import Path

from crm_tui import desk
from tests.screens.harness import Hotel
from tests.screens.opened import opened, press, until


async def test_z_refuses_what_another_changed_since(tmp_path: Path) -> None:
    hotel = Hotel(tmp_path / "home").open()
    hotel.account()
    hotel.mail("Have you a room?")
    bob = desk.setup.add_agent(hotel.ctx, "Bob")
    async with opened(hotel, agent="Ana") as (app, pilot):
        await press(pilot, "2")
        conversation = desk.folders.page(hotel.ctx, desk.views.ListQuery("Inbox")).rows[0].id
        await press(pilot, "e")
        assert desk.reading.conversation(hotel.ctx, conversation).row.folder == "Done"
        actor = desk.context.Actor(bob.id, bob.name, bob.role)
        desk.triage.move(hotel.ctx.acting_as(actor), [conversation], "Booked")
        await press(pilot, "z")
        await until(pilot, lambda: any("Bob changed" in told.message for told in app._notifications))
    assert desk.reading.conversation(hotel.ctx, conversation).row.folder == "Booked"
