"""What a key costs on a slow line, and how long it holds the event loop (QUALITY §1): the program on a real pty.

``python -m bench output [--home DIR] [--screens NAME…] [--sizes 80x24 150x45] [--tickets N]``: each key of each screen several
times; the bytes until it is painted, and all that comes within a second (a preview, a chart), the worst of them; slices of
the event loop over 5 ms on its own processor time. Goal: 2 kB a key, all it sets off included.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench.pty import Terminal

GOAL = 2000
AFTER, QUIET, SOON = 1.0, 0.4, 0.1
"""What comes within a second of a key is its; unless nothing came for a while. What comes soon is what is painted first."""
DOWN, UP, PAGE_DOWN, PAGE_UP, END, HOME = "\x1b[B", "\x1b[A", "\x1b[6~", "\x1b[5~", "\x1b[F", "\x1b[H"


class Step(NamedTuple):
    """A key that is pressed so often. ``free``: it shows another screen or list, which is painted whatever it costs."""

    name: str
    keys: str
    times: int = 1
    free: bool = False


class Walk(NamedTuple):
    """A screen: the keys that lead there, what it shows, and what is pressed there."""

    name: str
    way: Sequence[str]
    shows: str
    steps: Sequence[Step]


MOVES = (
    Step("down", DOWN, 40),
    Step("up", UP, 12),
    Step("page down", PAGE_DOWN, 3, free=True),
    Step("page up", PAGE_UP, 3, free=True),
)
LEAVE = "\x1b"
WALKS = (
    Walk("tickets", ("9",), "TEAM|OPEN|tickets?", (*MOVES, Step("sort", "o", 3, free=True), Step("mark", " ", 3))),
    Walk("tickets, preview", ("9", "\t"), "", (Step("down", DOWN, 8), Step("page down", PAGE_DOWN, 2, free=True))),
    Walk("figures", ("9", "V"), "FIGURES", (Step("down", DOWN, 12), Step("up", UP, 12), Step("chart", "V", 5, free=True), Step("earlier", "h", 2, free=True))),
    Walk("working time", ("gW",), "WORKING", (Step("down", DOWN, 12), Step("up", UP, 12), Step("sessions", "\t", 1), Step("down in sessions", DOWN, 12), Step("week before", "h", 2, free=True))),
    Walk("journal", ("gj",), "Journal", (*MOVES,)),
    Walk("relations", ("0",), "GUEST RELATIONS", (*MOVES, Step("sort", "o", 4, free=True), Step("other list", "\t", 2, free=True))),
    Walk("reports", ("gc",), "REPORTS", (Step("down", DOWN, 14), Step("up", UP, 8))),
    Walk("report", ("gc", "\r"), "", (*MOVES, Step("chart", "V", 3, free=True))),
    Walk("mail", ("2",), "INBOX", (*MOVES,)),
    Walk("inquiries", ("3",), "", (*MOVES,)),
    Walk("guests", ("4",), "guests", (*MOVES,)),
    Walk("reservations", ("5",), "", (*MOVES,)),
    Walk("reminders", ("6",), "", (*MOVES,)),
    Walk("departures", ("7",), "", (*MOVES,)),
    Walk("payments", ("8",), "", (*MOVES,)),
    Walk("team", ("gu",), "", (Step("down", DOWN, 8), Step("up", UP, 4))),
    Walk("start", ("1",), "", (Step("down", DOWN, 8), Step("next panel", "\t", 6))),
)  # fmt: skip


def main() -> int:
    """Measure and print; 1 if a key that only moves costs more than the goal."""
    options = argparse.ArgumentParser(prog="python -m bench output", description=__doc__)
    options.add_argument("--home", type=Path, default=None)
    options.add_argument("--screens", nargs="*", default=[])
    options.add_argument("--sizes", nargs="*", default=["80x24", "150x45"])
    options.add_argument("--tickets", type=int, default=5000)
    options.add_argument("--now", default="")
    options.add_argument("--agent", default="")
    chosen = options.parse_args()
    walks = [walk for walk in WALKS if not chosen.screens or walk.name in chosen.screens]
    with tempfile.TemporaryDirectory() as directory:
        home = chosen.home or Path(directory)
        missed = 0
        for size in chosen.sizes:
            columns, lines = (int(part) for part in size.split("x"))
            missed |= measure(home, walks, (columns, lines), chosen.now, chosen.agent)
    return missed


def measure(home: Path, walks: Sequence[Walk], size: tuple[int, int], now: str, agent: str = "") -> int:
    """All walks in one run of the program on a terminal of that size."""
    slices = Path(tempfile.mkstemp()[1])
    command = [
        sys.executable,
        "-m",
        "bench.slices",
        str(slices),
        "--home",
        str(home),
        *(["--agent", agent] if agent else []),
    ]
    missed = 0
    env = {"TEXTUAL_ANIMATIONS": "none", "PYTHONPATH": os.getcwd()} | ({"CRM_TUI_NOW": now} if now else {})
    with Terminal(command, size, env) as terminal:
        terminal.wait_for("Hotel|Bench")
        terminal.settle(1.0)
        for walk in walks:
            terminal.send("1")
            terminal.settle(0.5)
            before = len(terminal.raw)
            for keys in walk.way:
                for key in keys if len(keys) == 2 and keys[0] == "g" else (keys,):
                    terminal.send(key)
                    terminal.settle(0.5)
            opened = len(terminal.raw) - before
            if walk.shows:
                terminal.wait_for(walk.shows)
            terminal.settle(1.0)
            print(f"{size[0]}x{size[1]} {walk.name}  (opened: {opened} bytes)")
            slices.write_text("")
            for step in walk.steps:
                missed |= _pressed(terminal, step, slices)
            terminal.send(LEAVE)
            terminal.settle(0.3)
            terminal.send(LEAVE)
            terminal.settle(0.3)
    return missed


def _pressed(terminal: Terminal, step: Step, slices: Path) -> int:
    painted, whole, held = [], [], []
    for _time in range(step.times):
        known = len(slices.read_text().splitlines())
        before = len(terminal.raw)
        terminal.send(step.keys)
        began = time.perf_counter()
        first, last = 0, began
        while time.perf_counter() < min(last + QUIET, began + AFTER):
            came = terminal.pump(0.05)
            if came is not None:
                last = came
                if came - began < SOON:
                    first = len(terminal.raw) - before
        painted.append(first)
        whole.append(len(terminal.raw) - before)
        held += [line.split("\t") for line in slices.read_text().splitlines()[known:]]
    over = [float(took) for took, *_rest in held]
    said = "  MISSED" if max(whole) > GOAL and not step.free else ""
    slow = (
        f"  over 5 ms: {len(over)}, worst {max(over):.0f} ({max(held, key=lambda one: float(one[0]))[2]})"
        if over
        else ""
    )
    print(
        f"    {step.name:18}{step.times:3} x   painted median {sorted(painted)[len(painted) // 2]:6}, worst {max(painted):6};  within a second median {sorted(whole)[len(whole) // 2]:6}, worst {max(whole):6}{said}{slow}",
        flush=True,
    )
    return int(bool(said))


if __name__ == "__main__":
    raise SystemExit(main())
