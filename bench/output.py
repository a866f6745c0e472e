"""What a key costs on a slow line, and how long it holds the event loop (QUALITY §1): the program on a real pty.

``python -m bench output [--home DIR --now INSTANT] [--screens NAME…] [--sizes 80x24 150x45] [--tickets N]``: each key of each
screen several times; the bytes of the first tenth of a second, and all that comes within one (a preview, a chart), median and
worst; slices of the event loop over 5 ms on its own processor time, without and with Python's search for rubbish. Goal:
2 kB a key that moves the cursor, all it sets off included.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench.figures import median
from bench.pty import Terminal

GOAL = 2000
AFTER, QUIET, SOON = 1.0, 0.4, 0.1
"""What comes within a second of a key is its, unless nothing came for a while; what comes soon is what is painted first."""
REST = 0.5
"""Seconds without output after which a screen stands."""
DOWN, UP, PAGE_DOWN, PAGE_UP, ENTER, LEAVE = "\x1b[B", "\x1b[A", "\x1b[6~", "\x1b[5~", "\r", "\x1b"


class Step(NamedTuple):
    """A key that is pressed so often. ``free``: it shows another page, list or screen, which is painted whatever it costs."""

    name: str
    keys: str
    times: int = 1
    free: bool = False


class Walk(NamedTuple):
    """A screen: the keys that lead there, and what is pressed there."""

    name: str
    way: Sequence[str]
    steps: Sequence[Step]


MOVES = (
    Step("down", DOWN, 40),
    Step("up", UP, 12),
    Step("page down", PAGE_DOWN, 3, free=True),
    Step("page up", PAGE_UP, 3, free=True),
)
FEW = (Step("down", DOWN, 12), Step("up", UP, 12))
FILTER = (Step("filter", "f", free=True), Step("leave filter", LEAVE, free=True))
OPEN = (Step("open", ENTER, free=True), Step("leave", LEAVE, free=True))
SORT = Step("sort", "o", 4, free=True)
WALKS = (
    Walk("tickets", "9", (*MOVES, Step("mark", " ", 3), SORT, *FILTER)),
    Walk("figures", "9V", (*FEW, Step("chart", "V", 5, free=True), Step("week before", "h", free=True), *FEW)),
    Walk("working", "gW", (*FEW, Step("other pane", "\t"), *FEW, Step("week before", "h", 2, free=True))),
    Walk("journal", "gj", (*MOVES, *FILTER)),
    Walk("relations", "0", (*MOVES, SORT, *FILTER, *OPEN, Step("other list", "\t", 2, free=True))),
    Walk("reports", "gc", (*FEW, *OPEN)),
    Walk("report", ("g", "c", ENTER), (*MOVES, Step("chart", "V", 3, free=True))),
    Walk("mail", "2", MOVES),
    Walk("inquiries", "3", (*MOVES, SORT, *OPEN)),
    Walk("guests", "4", (*MOVES, *OPEN)),
    Walk("reservations", "5", (*MOVES, *OPEN)),
    Walk("reminders", "6", MOVES),
    Walk("departures", "7", MOVES),
    Walk("payments", "8", MOVES),
    Walk("team", "gu", FEW),
    Walk("start", "1", (Step("down", DOWN, 8), Step("next panel", "\t", 6))),
)


def main() -> int:
    """Measure and print; 1 if a key that only moves costs more than the goal."""
    options = argparse.ArgumentParser(prog="python -m bench output", description=__doc__)
    options.add_argument("--home", type=Path, default=None, help="a desk that is there already, without an engine")
    options.add_argument("--now", default="2026-12-31T12:00:00+00:00")
    options.add_argument("--screens", nargs="*", default=[])
    options.add_argument("--sizes", nargs="*", default=["80x24", "150x45"])
    options.add_argument("--tickets", type=int, default=5000)
    chosen = options.parse_args()
    walks = [walk for walk in WALKS if not chosen.screens or walk.name in chosen.screens]
    with tempfile.TemporaryDirectory() as directory:
        home = chosen.home or make(Path(directory) / "home", chosen.tickets)
        slices = Path(directory) / "slices"
        sizes = [tuple(int(part) for part in size.split("x")) for size in chosen.sizes]
        return max([measure(home, slices, walks, (columns, lines), chosen.now) for columns, lines in sizes])


def make(home: Path, tickets: int) -> Path:
    """A desk with a year of tickets and feedback behind it; its subjects and senders differ."""
    from bench import productivity, relations
    from bench.rows import FIRST, LAST, SUBJECTS

    dice = random.Random(1)
    ctx = productivity.make(home, tickets, 20)
    relations.fill(ctx, tickets)
    with ctx.write() as tx:
        numbers = list(tx.connection.exec_driver_sql("SELECT id FROM conversation").scalars())
        tx.connection.exec_driver_sql(
            "UPDATE conversation SET subject = ?, counterpart_name = ? WHERE id = ?",
            [(f"{dice.choice(SUBJECTS)} {n}", f"{dice.choice(FIRST)} {dice.choice(LAST)}", n) for n in numbers],
        )
    ctx.store.close()
    (home / "settings.toml").write_text('engine = false\nagent = "Ana"\n')
    return home


def measure(home: Path, slices: Path, walks: Sequence[Walk], size: tuple[int, int], now: str) -> int:
    """All walks in one run of the program on a terminal of that size."""
    slices.write_text("")
    command = [sys.executable, "-m", "bench.slices", str(slices), "--home", str(home)]
    env = {"TEXTUAL_ANIMATIONS": "none", "PYTHONPATH": os.getcwd(), "CRM_TUI_NOW": now}
    missed = 0
    with Terminal(command, size, env) as terminal:
        terminal.wait_for("Hotel|Bench")
        terminal.settle(2 * REST)
        for walk in walks:
            _go(terminal, "1")
            before = len(terminal.raw)
            for key in walk.way:
                _go(terminal, key)
            print(f"{size[0]}x{size[1]} {walk.name}   (opened: {len(terminal.raw) - before} bytes)")
            for step in walk.steps:
                missed |= _pressed(terminal, step, slices)
            for _time in range(2):
                _go(terminal, LEAVE)
        terminal.close("q")
    return missed


def _go(terminal: Terminal, key: str) -> None:
    """Press a key and wait until what it shows stands."""
    before, end = len(terminal.raw), time.perf_counter() + 2
    terminal.send(key)
    while len(terminal.raw) == before and time.perf_counter() < end:
        terminal.pump(0.05)
    terminal.settle(REST)


def _pressed(terminal: Terminal, step: Step, slices: Path) -> int:
    """A key, so often; 1 if it missed the goal."""
    painted, whole = [], []
    known = len(slices.read_text().splitlines())
    for _time in range(step.times):
        before = len(terminal.raw)
        terminal.send(step.keys)
        began = last = time.perf_counter()
        first = 0
        while time.perf_counter() < min(last + QUIET, began + AFTER):
            came = terminal.pump(0.05)
            if came is not None:
                last = came
                first = len(terminal.raw) - before if came - began < SOON else first
        painted.append(first)
        whole.append(len(terminal.raw) - before)
    missed = not step.free and max(whole) > GOAL
    held = [line.split("\t") for line in slices.read_text().splitlines()[known:]]
    own = [float(took) - float(rubbish) for took, rubbish, _name in held]
    slow = [took for took in own if took > 5]
    told = f"   {len(slow)} slices over 5 ms, worst {max(slow):.0f}" if slow else ""
    told += f"   {len(own) - len(slow)} more with rubbish" if len(own) > len(slow) else ""
    print(
        f"    {step.name:14}{step.times:3} ×   first {median(painted):6.0f}, worst {max(painted):6}"
        f"   within a second {median(whole):6.0f}, worst {max(whole):6}{'  MISSED' if missed else ''}{told}",
        flush=True,
    )
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
