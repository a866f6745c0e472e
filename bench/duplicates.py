"""Suggesting duplicates in a large client base (SPEC §6): how long, how many of the planted ones, how many of them wrong.

``python -m bench duplicates [--guests N] [--doubled N] [--times N]``. The floor is one full read of what is compared.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from bench.figures import median, milliseconds, verdict
from bench.people import pairs_of, people, planted, store
from bench.pty import Terminal
from crm_tui import desk
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import Context, open_context
from crm_tui.desk.merges import duplicates

GOAL_FLOORS = 8.0
"""Full reads of the client base that the suggestions may take."""
GOAL_RECALL = 0.97
GOAL_PRECISION = 0.95


def main() -> int:
    """Measure and print; 1 if a goal is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--guests", type=int, default=200_000)
    options.add_argument("--doubled", type=int, default=5_000)
    options.add_argument("--times", type=int, default=3)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        ctx = open_context(home_at(Path(directory)), Settings(), as_engine=True, create=True)
        found = people(chosen.guests, chosen.doubled)
        started = time.perf_counter()
        store(ctx, found)
        print(f"client base of {len(found.persons):,} guests stored in {time.perf_counter() - started:.1f} s")
        missed = measure(ctx, planted(found), chosen.times)
        desk.setup.init(ctx, name="Hotel", timezone="Europe/Madrid", currency="EUR", agent="Ana")
        ctx.store.close()
        return keys(Path(directory)) or missed


def keys(home: Path) -> int:
    """How long a key takes to be answered while the search runs, beside the same key at rest."""
    program = [sys.executable, "-m", "crm_tui", "--home", str(home), "--agent", "Ana"]
    with Terminal(program, (120, 40)) as ana:
        ana.wait_for("UNANSWERED")
        ana.settle(1.0)
        rest = [_menu(ana) for _time in range(10)]
        ana.send("g")
        ana.wait_for("Saved views")
        ana.send("y")
        ana.wait_for("s stops")
        busy = []
        while "s stops" in ana.text:
            busy.append(_menu(ana))
        print(f"key at rest            {milliseconds(rest)}")
        print(f"key while it searches  {milliseconds(busy)}   {median(busy) / median(rest):.1f} × at rest")
        ana.close("\x11")
    return int(median(busy) > 2 * median(rest))


def _menu(ana: Terminal) -> float:
    """Seconds until the go-to menu stands."""
    started = time.perf_counter()
    ana.send("g")
    ana.wait_for("Saved views")
    took = time.perf_counter() - started
    ana.send("\x1b")
    ana.settle(0.1)
    return took


def measure(ctx: Context, known: set[tuple[int, int]], times: int) -> int:
    """Print seconds beside the floor, and what was found."""
    floor = median([_seconds(lambda: _read(ctx)) for _ in range(times)])
    each = [_seconds(lambda: duplicates.find(ctx)) for _ in range(times)]
    suggested = duplicates.find(ctx)
    sure = pairs_of([one.guests for one in suggested if not one.shared])
    families = [one for one in suggested if one.shared]
    recall, precision = len(known & sure) / len(known), len(known & sure) / max(1, len(sure))
    took = median(each)
    print(f"full read (floor)      {floor:6.2f} s")
    print(
        f"all suggestions        {took:6.2f} s   {took / floor:.1f} × the floor   {verdict(took / floor, GOAL_FLOORS)}"
    )
    print(f"planted pairs found    {recall:6.1%}   {verdict(GOAL_RECALL, recall)}")
    print(f"of those suggested     {precision:6.1%} are planted   {verdict(GOAL_PRECISION, precision)}")
    print(f"lines: {len(suggested) - len(families):,} suggestions, {len(families):,} families after them")
    print(
        f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most, the bench itself included"
    )
    return int(took / floor > GOAL_FLOORS or recall < GOAL_RECALL or precision < GOAL_PRECISION)


def _seconds(work: object) -> float:
    assert callable(work)
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _read(ctx: Context) -> None:
    """All names, birth dates, addresses and numbers, once."""
    with ctx.store.connect() as connection:
        for statement in (
            "SELECT id, kind, folded, birth_date FROM guest",
            "SELECT folded, guest_id FROM guest_email ORDER BY folded",
            "SELECT number, guest_id FROM guest_phone ORDER BY number",
        ):
            for _row in connection.exec_driver_sql(statement):
                pass


if __name__ == "__main__":
    raise SystemExit(main())
