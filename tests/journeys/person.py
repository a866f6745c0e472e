"""A person at the real desk: presses keys, which are counted, and waits until the desk has answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeVar

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import Screen

from crm_tui.app import DeskApp
from crm_tui.base.clock import Clock
from crm_tui.base.paths import Home
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import Context

DEADLINE = 30
S = TypeVar("S", bound=Screen[Any])


class Desk(Protocol):
    """A hotel whose desk can be opened."""

    @property
    def home(self) -> Home: ...

    @property
    def settings(self) -> Settings: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def ctx(self) -> Context: ...


class Person:
    """Presses keys at a desk.

    Attributes:
        keys: how many keys were pressed so far that are not text (UX, Keystroke budget).
        quick: rests a few milliseconds between keys instead of until the processor does, for long journeys.
    """

    def __init__(self, app: DeskApp, pilot: Pilot[int]) -> None:
        self.app = app
        self._pilot = pilot
        self.keys = 0
        self.quick = False

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other, waiting for the desk after each."""
        for key in keys:
            self.keys += 1
            if self.quick:
                await self.burst(key)
            else:
                await self._pilot.press(key)
                await self.settle()

    async def write(self, text: str) -> None:
        """Type a text; its letters are not counted."""
        await self._pilot.press(*text)
        await self.settle()

    async def burst(self, *keys: str) -> None:
        """All keys at once, as a fast hand on a slow line sends them; they are not counted."""
        for key in keys:
            character = key if len(key) == 1 else "\r" if key == "enter" else None
            self.app.post_message(events.Key(_character_to_key(key) if len(key) == 1 else key, character))
        await self.settle()

    async def settle(self) -> None:
        """Until all questions to the store are answered and shown."""
        rest, enough = (0.002, 4) if self.quick else (None, 2)
        async with asyncio.timeout(DEADLINE):
            times = 0
            while times < enough:
                await self._pilot.pause(rest)
                quiet = self.app.background.idle and not self.app.keys_wait and not len(self.app.workers)
                times = times + 1 if quiet else 0
                if not quiet:
                    await asyncio.sleep(0.005)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Until something is so."""
        try:
            async with asyncio.timeout(DEADLINE):
                while not holds():
                    await self._pilot.pause(0.01 if self.quick else None)
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(f"it did not come to that:\n{self.seen()}") from None
        await self.settle()

    def at(self, kind: type[S]) -> S | None:
        """The screen on top, if it is of this kind."""
        screen = self.app.screen
        return screen if isinstance(screen, kind) else None

    def seen(self) -> str:
        """The whole screen as text."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)


@asynccontextmanager
async def at_the_desk(hotel: Desk, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Person]:
    """The real App on a hotel's store, without an engine; the store is closed afterwards by the hotel's owner."""
    app = DeskApp(hotel.home, hotel.settings, lambda: hotel.ctx, clock=hotel.clock)
    async with app.run_test(size=size) as pilot:
        person = Person(app, pilot)
        await person.until(lambda: app.ctx is not None)
        yield person
