"""Every triage action at 100,000 conversations (SPEC §3), on the screen and in the store.

``python -m bench.triage [--count N] [--times N] [--home DIR] [--no-screen]``

* *painted*: the event loop's work from the key to the painted effect, in the real App under Textual's pilot at 120×40: the
  command itself runs in a thread and is not waited for. Goal: a frame, 16.7 ms.
* *seen*: the same through the real program on a pty, key to the first changed byte, with the terminal and the process between.
* *durable*: the desk's command, from its call to the commit on the disk (``synchronous=FULL``), of one conversation and of a marked
  set of a hundred. Goal: 100 ms. Beside it the floor: the bare driver that commits one changed row.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from bench.figures import median, milliseconds, p95, verdict
from bench.pty import Terminal
from bench.rows import make_store
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import Context, open_context

FRAME = 1000 / 60
DURABLE = 100.0
MARKED = 100

KEYS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("move", ("e",)),
    ("assign", ("a", "l")),
    ("star", ("asterisk",)),
    ("snooze", ("s", "t")),
    ("no answer needed", ("x",)),
    ("undo", ("z",)),
)
"""Actions by their keys; what is measured is the last one, which acts. Undo is painted when it is done: it may be refused."""


@dataclass(frozen=True)
class Action:
    """A command of the desk: ``make`` gives the conversations (fresh ones each time) and says what to call."""

    name: str
    call: Callable[[Context, Sequence[int]], object]
    marked: int = MARKED


def actions() -> list[Action]:
    """All of triage."""
    from crm_tui import desk

    later = timedelta(hours=3)
    return [
        Action("move", lambda ctx, ids: desk.triage.move(ctx, ids, "Waitlist")),
        Action("assign", lambda ctx, ids: desk.triage.assign(ctx, ids, "Leo", only_if="")),
        Action("star", lambda ctx, ids: desk.triage.star(ctx, ids, starred=True)),
        Action("no answer needed", lambda ctx, ids: desk.triage.no_answer_needed(ctx, ids)),
        Action("snooze", lambda ctx, ids: desk.snoozing.snooze(ctx, ids, until=ctx.clock.now() + later)),
        Action("wake by hand", lambda ctx, ids: desk.snoozing.unsnooze(ctx, ids)),
        Action("merge", lambda ctx, ids: desk.splitting.merge(ctx, [*ids, max(ids) + 1]), marked=10),
        Action("split", lambda ctx, ids: desk.splitting.split(ctx, ids[0], [max(ids) + 1]), marked=0),
        Action("undo", lambda ctx, _ids: desk.undo.undo(ctx)),
    ]


def main() -> int:
    """Measure and print; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--home", type=Path, default=None, help="where the store is made, or was made before")
    parser.add_argument("--no-screen", action="store_true", help="the store's part only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory) / "desk"
        if options.home is not None:
            make_store(options.home, options.count)
            shutil.copytree(options.home, home)  # the benches change it
        else:
            make_store(home, options.count)
        ctx = _opened(home)
        missed = durable(ctx, options.times)
        ctx.store.close()
        if not options.no_screen:
            missed |= asyncio.run(painted(home, options.times))
            missed |= seen(home, options.times)
    return int(missed)


def _opened(home: Path) -> Context:
    """Ana's desk, with Leo as a colleague."""
    from crm_tui import desk

    ctx = open_context(home_at(home), Settings(), agent="Ana")
    if not any(agent.name == "Leo" for agent in desk.setup.agents(ctx)):
        desk.setup.add_agent(ctx, "Leo")
    return ctx


def durable(ctx: Context, times: int) -> bool:
    """Time to the commit, of one conversation and of a marked set; True if a goal is missed."""
    floor = _floor(ctx, times)
    print(f"{'to durable':24}{'one':>26}  {'a marked set of ' + str(MARKED):>32}  goal {DURABLE:.0f} ms")
    print(f"{'  (bare driver, one row)':24}{milliseconds(floor)}")
    missed = False
    numbers = count(1, 2)
    for action in actions():
        _taken(action, ctx, [next(numbers)])  # its modules are imported once
    for action in actions():
        ones = [_taken(action, ctx, [next(numbers)]) for _time in range(times)]
        line, worst = f"  {action.name:22}{milliseconds(ones)}", p95(ones)
        if action.marked:
            sets = [
                _taken(action, ctx, [next(numbers) for _one in range(action.marked)])
                for _time in range(max(3, times // 6))
            ]
            of = f" of {action.marked}" if action.marked != MARKED else ""
            line, worst = f"{line}  {milliseconds(sets)}{of}", max(worst, p95(sets))
        said = verdict(worst * 1e3, DURABLE)
        missed |= "MISSED" in said
        print(f"{line}  {said}")
    return missed


def _taken(action: Action, ctx: Context, ids: Sequence[int]) -> float:
    """Seconds of one call; what it needs is prepared before."""
    from crm_tui import desk

    if action.name == "wake by hand":
        desk.snoozing.snooze(ctx, ids, until=None)
    elif action.name == "no answer needed":
        _let_wait(ctx, ids)
    elif action.name == "split":
        desk.splitting.merge(ctx, [ids[0], ids[0] + 1])
    elif action.name == "undo":
        desk.triage.move(ctx, ids, "Booked")
    begun = time.perf_counter()
    action.call(ctx, ids)
    return time.perf_counter() - begun


def _let_wait(ctx: Context, ids: Sequence[int]) -> None:
    """Their guests wait for an answer."""
    from crm_tui.desk.conversations import summary

    with ctx.write() as tx:
        summary.refresh(tx.connection, ids, tx.now)


def _floor(ctx: Context, times: int) -> list[float]:
    """The bare driver changes and commits one row of the same store."""
    assert ctx.store.path is not None
    connection = sqlite3.connect(ctx.store.path, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    taken = []
    for number in range(1, times + 1):
        begun = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE conversation SET version = version + 1 WHERE id = ?", (number,))
        connection.execute("COMMIT")
        taken.append(time.perf_counter() - begun)
    connection.close()
    return taken


async def painted(home: Path, times: int) -> bool:
    """The event loop's work from an action to its painted effect; True if a goal is missed."""
    from crm_tui.app import DeskApp

    settings = Settings(agent="Ana")
    app = DeskApp(home_at(home), settings, lambda: open_context(home_at(home), settings))
    missed = False
    async with app.run_test(size=(120, 40)) as pilot:
        await _until(pilot, lambda: app.ctx is not None)
        await pilot.press("2")
        await _until(pilot, lambda: getattr(app.screen, "team", None) is not None and app.screen.list.total > 0)  # type: ignore[attr-defined]
        print(f"{'to paint, on the event loop':32}goal {FRAME:.1f} ms")
        for name, keys in KEYS:
            if name == "undo":
                continue  # it paints what the store answers
            times_taken = []
            for _time in range(times):
                times_taken.append(await _one_paint(app, pilot, name, keys))
            said = verdict(median(times_taken) * 1e3, FRAME)
            missed |= "MISSED" in said
            print(f"  {name:22}{milliseconds(times_taken)}  {said}")
    return missed


async def _one_paint(app: Any, pilot: Any, name: str, keys: Sequence[str]) -> float:
    """Open the menu if there is one, then act by hand on the event loop and draw what is dirty, without the pilot's pauses."""
    await _until(pilot, lambda: app.background.idle and app.screen.list.settled)
    screen = app.screen
    row = screen.list.current
    begun = time.perf_counter()
    if name == "assign":
        screen._assign("" if row.assignee == "Leo" else "Leo", [row])
    elif name == "snooze":
        screen._snooze([row], app.clock.now() + timedelta(days=1))
    elif name == "no answer needed":
        screen.action_no_answer()
    elif name == "star":
        screen.action_star()
    else:
        screen.action_move("Done")
    for y in range(screen.list.size.height):
        screen.list.render_line(y)
    taken = time.perf_counter() - begun
    await pilot.pause()
    if name == "no answer needed":
        await pilot.press("down")
    return taken


async def _until(pilot: Any, condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await pilot.pause()
            await asyncio.sleep(0.002)


def seen(home: Path, times: int) -> bool:
    """Key to changed screen in the real program; True if it is missed. The undo's goal is the store's and the frame's."""
    taken: dict[str, list[float]] = {}
    octets: dict[str, list[float]] = {}
    with Terminal([sys.executable, "-m", "crm_tui", "--home", str(home), "--agent", "Ana"], (120, 40)) as terminal:
        terminal.wait_for("Hotel Miramar")
        terminal.settle(0.5)
        terminal.send("2")
        terminal.wait_for("INBOX")
        terminal.settle(1.0)
        for name, keys in KEYS:
            for _time in range(times):
                for key in keys[:-1]:
                    terminal.send(key)
                    terminal.settle(0.15)
                pressed = {"asterisk": "*"}.get(keys[-1], keys[-1])
                seconds, came = terminal.press(pressed)
                taken.setdefault(name, []).append(seconds)
                octets.setdefault(name, []).append(came)
                terminal.settle(0.3)
        terminal.close("q")
    print(f"{'to the terminal':32}goal {FRAME:.1f} ms, undo {DURABLE + FRAME:.0f} ms")
    missed = False
    for name, values in taken.items():
        said = verdict(median(values) * 1e3, DURABLE + FRAME if name == "undo" else FRAME)
        missed |= "MISSED" in said
        print(f"  {name:22}{milliseconds(values)}  {median(octets[name]):6.0f} bytes  {said}")
    return missed


if __name__ == "__main__":
    raise SystemExit(main())
