"""The whole desk on a real store, under a pilot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot

from crm_tui.app import DeskApp
from crm_tui.desk.common.context import Context, open_context
from crm_tui.screens.mail.screen import PREVIEW_DELAY, MailScreen
from crm_tui.widgets.record_list import RecordList
from tests import pace
from tests.screens.harness import Hotel


def desk_of(hotel: Hotel, *, user: str = "", **options: Any) -> DeskApp:
    """The program's App on the hotel's store, without an engine; ``user``: who the operating system says it is."""

    def opener() -> Context:
        return open_context(hotel.home, hotel.settings, clock=hotel.clock, env={"USER": user}, **options)

    return DeskApp(hotel.home, hotel.settings, opener, clock=hotel.clock)


@asynccontextmanager
async def opened(
    hotel: Hotel, size: tuple[int, int] = (120, 40), **options: Any
) -> AsyncIterator[tuple[DeskApp, Pilot[int]]]:
    """The desk, opened and settled."""
    app = desk_of(hotel, **options)
    async with app.run_test(size=size, tooltips=False) as pilot:
        await until(pilot, lambda: app.ctx is not None)
        await settle(pilot)
        yield app, pilot


async def until(pilot: Pilot[Any], condition: Callable[[], bool]) -> None:
    """Wait until something is so; fails after a deadline instead of hanging."""
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.002)
            await pilot.pause()


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until every question to the desk is answered, every list is at rest and every preview shown."""
    await pilot.pause()
    await until(pilot, lambda: _at_rest(pilot) and not pace.awaited(PREVIEW_DELAY))
    await pilot.pause()


def _at_rest(pilot: Pilot[Any]) -> bool:
    app = pilot.app
    assert isinstance(app, DeskApp)
    return app.background.idle and all(one.settled for one in app.screen.query(RecordList))


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Type keys, each one answered before the next, and all of it shown at the end."""
    for key in keys:
        await pilot.press(key)
        await until(pilot, lambda: _at_rest(pilot))
    await settle(pilot)


def mail_screen(app: DeskApp) -> MailScreen:
    """The mail screen, which must be the one shown."""
    assert isinstance(app.screen, MailScreen)
    return app.screen


def screen_text(app: DeskApp) -> str:
    """What is on the screen, a line a row."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)
