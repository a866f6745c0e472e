"""What the desk writes to a terminal, without one: the App's own driver, its output kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pyte
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

from tests.screens.harness import Hotel
from tests.screens.opened import desk_of, settle, until


class Recorder(HeadlessDriver):
    """Looks like a terminal to the App."""

    written: bytearray

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self.written = bytearray()

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.written += data.encode()


class Keys:
    """Counts what a key writes, and what follows it until all is at rest."""

    def __init__(self, pilot: Pilot[Any], rest: Callable[[], bool]) -> None:
        self.pilot = pilot
        self._rest = rest
        self._emulator = pyte.Screen(*pilot.app.size)
        self._stream = pyte.ByteStream(self._emulator)
        self._fed = 0

    async def settled(self) -> None:
        await settle(self.pilot)
        await until(self.pilot, self._rest)
        await settle(self.pilot)

    async def cost(self, key: str) -> int:
        """Bytes."""
        driver = self.pilot.app._driver
        assert isinstance(driver, Recorder)
        before = len(driver.written)
        await self.pilot.press(key)
        await self.settled()
        return len(driver.written) - before

    def shown(self) -> list[str]:
        """What a terminal shows that was written to; full blocks are blanks of their colour."""
        driver = self.pilot.app._driver
        assert isinstance(driver, Recorder)
        self._stream.feed(bytes(driver.written[self._fed :]))
        self._fed = len(driver.written)
        return [line.rstrip() for line in self._emulator.display]

    def meant(self) -> list[str]:
        """What it should show."""
        strips = self.pilot.app.screen._compositor.render_strips()
        return [strip.text.replace("█", " ").rstrip() for strip in strips]


@asynccontextmanager
async def at_terminal(
    hotel: Hotel, size: tuple[int, int], rest: Callable[[Any], bool] = lambda _screen: True
) -> AsyncIterator[Keys]:
    """The desk on a terminal that keeps what is written; ``rest``: whether a screen has shown all that a key set off."""
    app = desk_of(hotel, agent="Ana")
    app.driver_class = Recorder
    async with app.run_test(headless=False, size=size) as pilot:
        await until(pilot, lambda: app.ctx is not None)
        await settle(pilot)
        yield Keys(pilot, lambda: rest(app.screen))
