"""Draws the pictures of the pages: ``python -m docs.pictures [NAME…]``.

The sample hotel is made at a fixed instant with a fixed seed, so that drawing twice gives the same files.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input, TextArea

from crm_tui.app import DeskApp
from crm_tui.base.clock import FixedClock
from crm_tui.base.paths import home_at
from crm_tui.base.progress import CancelEvent, NullProgress
from crm_tui.base.settings import Settings
from crm_tui.demo import sample
from crm_tui.demo.hotel import CONVERSATIONS
from crm_tui.demo.people import HOTEL_ADDRESS
from crm_tui.demo.servers import DemoServers
from crm_tui.desk.common.context import Context, open_context
from crm_tui.desk.correspondence import accounts
from crm_tui.mail.credentials import Credentials
from crm_tui.rules.vocabulary import AccountState
from crm_tui.screens.facts import read_facts
from crm_tui.widgets.record_list import RecordList
from docs.scene import Scene
from docs.scenes import SCENES

NOW = datetime(2026, 11, 21, 7, 5, tzinfo=UTC)
PICTURES = Path(__file__).parent / "pictures"
_DEADLINE = 30
_SEED = 27
_FONT = "DejaVu Sans Mono, Menlo, Consolas, monospace"


class Hand:
    """Presses keys at a desk and waits until it has answered."""

    def __init__(self, app: DeskApp, pilot: Pilot[int]) -> None:
        self.app = app
        self._pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other, the desk at rest after each."""
        for key in keys:
            await self._pilot.press(key)
            await self.settle()

    async def write(self, text: str) -> None:
        """Type a text; its line ends are Enter."""
        await self._pilot.press(*("enter" if letter == "\n" else letter for letter in text))
        await self.settle()

    async def settle(self) -> None:
        """Until every question is answered, every list at rest, and the badges are those of the store."""
        await self.until(self._quiet)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Until something has been so twice, with a pause in between."""
        async with asyncio.timeout(_DEADLINE):
            times = 0
            while times < 2:
                await self._pilot.pause()
                times = times + 1 if holds() else 0
                await asyncio.sleep(0.01)

    def _quiet(self) -> bool:
        app = self.app
        return (
            app.background.idle
            and not len(app.workers)
            and all(one.settled for one in app.screen.query(RecordList))
            and app.ctx is not None
            and app.counts == read_facts(app.ctx).counts
        )


class _Keyring:
    """Stands for the keyring that most workstations have, so that the pictures don't depend on the machine."""

    __module__ = "keyring.backends.SecretService"


def make_hotel(place: Path, conversations: int = CONVERSATIONS) -> None:
    """The sample hotel's store, filled from its own servers."""
    home = home_at(place)
    home.ensure()
    clock = FixedClock(NOW)
    with DemoServers(
        home.data, sample.secret_of(home), clock=clock, seed=_SEED, conversations=conversations
    ) as servers:
        ctx = open_context(home, Settings(), clock=clock, create=True, env={})
        ana = sample.prepare(ctx, servers, login="")
        sample.fill(ana, NullProgress(), CancelEvent())
        accounts.set_state(ana, accounts.find(ana, HOTEL_ADDRESS).id, AccountState.OK, synced=True)
        ctx.store.close()


async def draw(scene: Scene, place: Path) -> str:
    """The picture of a scene, on its own copy of the hotel at ``place``."""
    home, settings, clock = home_at(place), Settings(theme=scene.theme), FixedClock(NOW)

    def opener() -> Context:
        return open_context(home, settings, clock=clock, agent="Ana")

    ctx = opener()
    if scene.before is not None:
        scene.before(ctx, clock)
    ctx.store.close()
    app = DeskApp(home, settings, opener, clock=clock)
    app.credentials = Credentials(_Keyring, memory={})  # type: ignore[attr-defined]  # as the accounts form looks for it
    async with app.run_test(size=scene.size, tooltips=False) as pilot:
        hand = Hand(app, pilot)
        await hand.until(lambda: app.ctx is not None)
        await hand.settle()
        await scene.play(hand, place)
        for typed in app.screen.query("Input, TextArea"):
            stop_blinking(typed)
        await hand.settle()
        picture = tidy(app.export_screenshot(title="crm_tui", simplify=True), scene.name)
    if app.ctx is not None:
        app.ctx.store.close()
    return picture


def stop_blinking(typed: Widget) -> None:
    """The cursor is on in every picture."""
    if isinstance(typed, Input | TextArea):
        typed.cursor_blink = False


def tidy(svg: str, name: str) -> str:
    """A picture without fonts from the network, whose ids depend on its name only."""
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = re.sub(r"terminal-\d+", name, svg)
    svg = svg.replace("Fira Code, monospace", _FONT).replace("Fira Code", _FONT)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def main(names: Sequence[str]) -> int:
    """Draw the pictures named, or all of them."""
    known = {scene.name: scene for scene in SCENES}
    if unknown := [name for name in names if name not in known]:
        print(f"There is no picture called {unknown[0]}. Known are: {', '.join(known)}.", file=sys.stderr)
        return 2
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as directory:
        make_hotel(Path(directory) / "hotel")
        for number, scene in enumerate(known[name] for name in names or known):
            place = Path(directory) / str(number)
            shutil.copytree(Path(directory) / "hotel", place)
            (PICTURES / f"{scene.name}.svg").write_text(asyncio.run(draw(scene, place)), encoding="utf-8")
            print(scene.name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
