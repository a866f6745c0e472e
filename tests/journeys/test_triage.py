"""Tasks of a receptionist, counted in keystrokes against UX.md's budget."""

from __future__ import annotations

from crm_tui import desk
from crm_tui.desk.common.views import ListQuery
from crm_tui.screens.compose.screen import ComposeScreen
from tests.screens.conftest import morning
from tests.screens.harness import Hotel
from tests.screens.opened import mail_screen, opened, press, settle, until

__all__ = ["morning"]


async def test_the_oldest_unanswered_mail_is_one_key_away_from_the_start(morning: Hotel) -> None:
    async with opened(morning, size=(80, 24)) as (app, pilot):
        await press(pilot, "enter")
        screen = mail_screen(app)
        await until(pilot, lambda: screen.reading.conversation is not None)
        assert screen.reading.conversation is not None
        assert screen.reading.conversation.row.counterpart.label == "Eve [red]"


async def test_answering_the_next_inquiry_and_putting_it_on_the_waitlist(morning: Hotel) -> None:
    keys = 0
    async with opened(morning) as (app, pilot):
        await press(pilot, "r")
        keys += 1
        await until(pilot, lambda: isinstance(app.screen, ComposeScreen))
        await settle(pilot)
        await pilot.press(*"Yes")
        await pilot.press("f6")
        keys += 1
        await until(pilot, lambda: not isinstance(app.screen, ComposeScreen))
        await until(pilot, lambda: bool(desk.outbox.items(morning.ctx)))
        assert keys <= 6


async def test_deciding_a_whole_inbox_takes_one_key_a_mail(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2")
        screen = mail_screen(app)
        for left, key in ((3, "w"), (2, "e"), (1, "exclamation_mark"), (0, "i")):
            await press(pilot, key)
            await until(pilot, lambda left=left: screen.list.total == left)  # type: ignore[misc]
        totals = {
            place: desk.folders.total(morning.ctx, ListQuery(place))
            for place in ("Waitlist", "Done", "Spam", "Inquiries")
        }
        assert totals == {"Waitlist": 1, "Done": 1, "Spam": 1, "Inquiries": 1}


async def test_every_move_is_undone_by_one_key_each(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "2")
        screen = mail_screen(app)
        for left, key in ((3, "w"), (2, "e")):
            await press(pilot, key)
            await until(pilot, lambda left=left: screen.list.total == left)  # type: ignore[misc]
        for left in (3, 4):
            await press(pilot, "z")
            await until(pilot, lambda left=left: screen.list.total == left)  # type: ignore[misc]


async def test_a_mail_is_found_by_half_a_name(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await press(pilot, "slash", *"petit", "enter")
        screen = mail_screen(app)
        await until(pilot, lambda: screen.reading.conversation is not None)
        assert screen.reading.conversation is not None
        assert screen.reading.conversation.row.subject == "Demande de prix"
