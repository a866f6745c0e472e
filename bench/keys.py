"""Keys in a list of a million conversations, in the real program on a real pty (QUALITY §1).

``python -m bench.keys [--rows N] [--home DIR]``: cursor, page, ends, open; milliseconds from key to paint, bytes a key, memory.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench.figures import median, milliseconds, p95, verdict
from bench.pty import Terminal
from bench.rows import make_store

STEPS = (
    # name, keys, what must appear (empty: any change), times, goal of the median in ms, goal of the p95 in ms
    ("cursor down", "\x1b[B", "", 60, 5.0, 12.0),
    ("page down", "\x1b[6~", "", 20, 12.0, 0.0),
    ("to the end", "\x1b[F", "{last}", 1, 12.0, 0.0),
    ("to the top", "\x1b[H", "FIRST|Booking|Reserva|Zapytanie|Demande", 1, 12.0, 0.0),
)


def main() -> int:
    """Measure and print; 1 if a goal is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--home", type=Path, default=None)
    options.add_argument("--runs", type=int, default=3)
    chosen = options.parse_args()
    if chosen.home is not None:
        make_store(chosen.home, chosen.rows)
        return measure(chosen.home, chosen.rows, chosen.runs)
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        make_store(home, chosen.rows)
        return measure(home, chosen.rows, chosen.runs)


def measure(home: Path, rows: int, runs: int) -> int:
    """Each run is a start of its own."""
    times: dict[str, list[float]] = {}
    bytes_a_key: dict[str, list[float]] = {}
    memory = []
    for _run in range(runs):
        with Terminal([sys.executable, "-m", "crm_tui", "--home", str(home)], (120, 40)) as terminal:
            terminal.wait_for("Hotel Miramar")
            terminal.settle(0.5)
            terminal.send("2")
            terminal.wait_for("INBOX")
            terminal.settle(0.7)
            for name, keys, pattern, count, _goal, _limit in STEPS:
                for _time in range(count):
                    seconds, octets = terminal.press(keys, pattern.format(last=rows) if pattern else "")
                    times.setdefault(name, []).append(seconds)
                    bytes_a_key.setdefault(name, []).append(octets)
                    terminal.settle(0.03)
                terminal.settle(0.3)
            seconds, octets = terminal.press("\r", "szukamy pokoju\\.")
            times.setdefault("open a message", []).append(seconds)
            bytes_a_key.setdefault("open a message", []).append(octets)
            terminal.settle()
            memory.append(terminal.memory())
            terminal.send("\x1b")
            terminal.settle()
            terminal.close("q")
    missed = False
    for name, _keys, _pattern, _count, goal, limit in (*STEPS, ("open a message", "", "", 1, 25.0, 0.0)):
        values = times[name]
        said = verdict(median(values) * 1e3, goal)
        if limit and p95(values) * 1e3 > limit:
            said += f", p95 {verdict(p95(values) * 1e3, limit)}"
        missed |= "MISSED" in said
        print(f"{name:16}{milliseconds(values)}  {median(bytes_a_key[name]):7.0f} bytes  goal {goal:.0f} ms  {said}")
    cursor_bytes = median(bytes_a_key["cursor down"])
    print(f"bytes a cursor move {cursor_bytes:.0f}  goal 2000  {verdict(cursor_bytes, 2000)}")
    print(f"memory {median(memory):.0f} MiB  goal 120  {verdict(median(memory), 120)}")
    return int(missed or cursor_bytes > 2000 or median(memory) > 120)


if __name__ == "__main__":
    raise SystemExit(main())
