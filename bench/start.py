"""How soon the desk is there, against a minimal Textual app in the same run (QUALITY §1).

``python -m bench.start [--runs N] [--rows N]``: first paint and 37 readable rows, as ratios.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench.figures import median, milliseconds, verdict
from bench.pty import Terminal
from bench.rows import make_store

MINIMAL = """
import sys
{extra}
from textual.app import App
from textual.widgets import Static

class Minimal(App):
    def compose(self):
        yield Static("a minimal app shows this line\\n" * 40)

Minimal().run()
"""
ANYTHING = r"\w[^\n]*\n[^\n]*\w[^\n]*\n[^\n]*\w"
ROWS = r"(?:[^\n]*(?:Reserva|Zapytanie|Demande|Booking)[^\n]*\n){30}"


def desk_command(home: Path) -> list[str]:
    """The program as a person starts it."""
    return [sys.executable, "-m", "crm_tui", "--home", str(home)]


def start_seconds(command: list[str], pattern: str) -> float:
    """From exec to the pattern on the screen of 120×40."""
    with Terminal(command, (120, 40)) as terminal:
        seconds = terminal.wait_for(pattern) - terminal.started
        terminal.settle()
        terminal.close("q")
    return seconds


def main() -> int:
    """Measure and print; 1 if a goal is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=9)
    options.add_argument("--rows", type=int, default=100_000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        return measure(Path(directory), chosen.runs, chosen.rows)


def measure(directory: Path, runs: int, rows: int) -> int:
    """Alternate the programs, so that a busy machine is busy for all of them."""
    home = directory / "desk"
    home.mkdir()
    make_store(home, rows)
    plain, modelled = directory / "plain.py", directory / "modelled.py"
    plain.write_text(MINIMAL.format(extra=""))
    modelled.write_text(MINIMAL.format(extra="import sqlmodel"))
    with Terminal(desk_command(home), (120, 40)) as first:  # once, so that there is a snapshot of the inbox
        first.wait_for("Hotel Miramar")
        first.settle()
        first.press("2", "INBOX")
        first.settle(0.5)
        first.close("q")
    frame = home / "frame.json"
    kept = frame.read_bytes()
    programs = {
        "minimal Textual app": ([sys.executable, str(plain)], "minimal app"),
        "the same importing sqlmodel": ([sys.executable, str(modelled)], "minimal app"),
        "desk, first paint": (desk_command(home), ANYTHING),
        "desk, rows readable": (desk_command(home), ROWS),
        "desk, its own frame": (desk_command(home), "Hotel Miramar"),
        "desk, nothing kept": (desk_command(home), "Hotel Miramar"),
    }
    times: dict[str, list[float]] = {name: [] for name in programs}
    for _run in range(runs + 1):
        for name, (command, pattern) in programs.items():
            if name == "desk, nothing kept":  # the very first start on a machine
                frame.unlink(missing_ok=True)
            else:
                frame.write_bytes(kept)
            times[name].append(start_seconds(command, pattern))
    for name, values in times.items():
        print(f"{name:32}{milliseconds(values[1:])}")
    base, modelled_base = median(times["minimal Textual app"][1:]), median(times["the same importing sqlmodel"][1:])
    paint = median(times["desk, first paint"][1:]) / base
    readable = median(times["desk, rows readable"][1:]) / modelled_base
    print(f"first paint / minimal app              {paint:.2f}  goal 1.25  {verdict(paint, 1.25)}")
    own, without = median(times["desk, its own frame"][1:]) / base, median(times["desk, nothing kept"][1:]) / base
    print(f"own frame over the kept one / minimal  {own:.2f}  (keys are taken from here on)")
    print(f"without a kept frame / minimal         {without:.2f}")
    print(f"rows readable / minimal with sqlmodel  {readable:.2f}  goal 1.20  {verdict(readable, 1.2)}")
    return int(paint > 1.25 or readable > 1.2)


if __name__ == "__main__":
    raise SystemExit(main())
