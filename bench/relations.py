"""Guest relations in a house that has written everything down for decades: both lists opened, leafed through, searched.

``python -m bench relations [--entries N] [--runs N]``. Opened means: how many there are, the first and the last page, how many
complaints are open. Its goal is 50 ms, sorted by room or found by words as well.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from bench.figures import median, milliseconds, verdict
from crm_tui import desk
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.data.bulk import insert_rows
from crm_tui.data.tables import Compensation, Feedback, Guest, QualityCost
from crm_tui.desk.common.context import Context, open_context
from crm_tui.desk.quality.feedback_views import FeedbackQuery
from crm_tui.mail.text import fold_text

OPENED, ALL = 50.0, 100.0
"""Milliseconds until a list is shown, and one of what finds everything."""
_SURNAMES = ("Nowak", "Kowalska", "García", "Martín", "Petit", "Dubois", "Smith", "Müller", "Łoś", "Wiśniewska")
_CODES = ("bathroom", "breakfast", "cleaning", "noise", "room", "service")
_SAID = (
    "The lift kept us awake until two in the morning, and nobody came when we rang.",
    "Kawa była zimna, a śniadanie skończyło się przed dziesiątą.",
    "Pas d'eau chaude ce matin ; le plombier a été appelé.",
)


def main() -> int:
    """Measure and print; 1 if a goal is missed."""
    options = argparse.ArgumentParser(prog="python -m bench relations", description=__doc__)
    options.add_argument("--entries", type=int, default=100_000)
    options.add_argument("--runs", type=int, default=9)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ctx = open_context(home_at(Path(folder) / "home"), Settings(), create=True, as_engine=True)
        desk.setup.init(ctx, name="Bench", timezone="Europe/Madrid", currency="EUR", agent="Ana")
        fill(ctx, given.entries)
        missed = lists(ctx, given.runs)
        ctx.store.close()
    return 1 if missed else 0


def fill(ctx: Context, count: int) -> None:
    """Feedback and costs of quality of the last ten years, the newest today; forty complaints are open."""
    dice, now = random.Random(11), ctx.clock.now()
    with ctx.write() as tx:
        marks = {"created_at": now, "updated_at": now}
        guests = [
            {"id": n, "kind": "person", "surname": name, "given": "Anna", "folded": fold_text(f"{name} Anna"), **marks}
            for n, name in enumerate(_SURNAMES * 100, 1)
        ]
        insert_rows(tx.connection, Guest, guests)
        whens = sorted(now - timedelta(minutes=dice.randint(1, 5_000_000)) for _number in range(count))
        insert_rows(tx.connection, Feedback, list(_feedback(dice, whens)))
        insert_rows(tx.connection, QualityCost, list(_costs(dice, whens)))
        lines = [
            {owner: n, "position": 0, "at": when, "name": "wine", "quantity": 1, "value": 1850, "currency": "EUR"}
            for owner in ("feedback_id", "cost_id")
            for n, when in enumerate(whens, 1)
        ]
        for owner in range(2):
            insert_rows(tx.connection, Compensation, lines[owner * count : (owner + 1) * count])


def _feedback(dice: random.Random, whens: list[datetime]) -> Iterator[dict[str, Any]]:
    for number, when in enumerate(whens, 1):
        praise = dice.random() < 0.4
        settled = None if praise or number > len(whens) - 40 else when + timedelta(minutes=dice.randint(1, 1000))
        yield {
            "id": number, "kind": "positive" if praise else "negative", "at": when, "created_at": when,
            "code": dice.choice(_CODES), "room": str(dice.randint(101, 420)), "guest_id": dice.randint(1, 1000),
            "comment": dice.choice(_SAID), "resolved_at": settled, "resolution": "Apologised" if settled else "",
        }  # fmt: skip


def _costs(dice: random.Random, whens: list[datetime]) -> Iterator[dict[str, Any]]:
    for number, when in enumerate(whens, 1):
        yield {
            "id": number, "at": when, "created_at": when, "code": dice.choice(_CODES), "occasion": "Birthday",
            "room": str(dice.randint(101, 420)), "guest_id": dice.randint(1, 1000), "comment": dice.choice(_SAID),
        }  # fmt: skip


def lists(ctx: Context, runs: int) -> int:
    """Each list as a screen asks for it. Returns how many goals were missed."""
    from crm_tui.desk.quality.feedback import FeedbackList
    from crm_tui.desk.quality.quality_costs import CostList

    asked: dict[str, tuple[float, Callable[[], Any]]] = {
        "opened: the page of today": (OPENED, lambda: FeedbackList(FeedbackQuery())),
        "open complaints": (OPENED, lambda: FeedbackList(FeedbackQuery(show="open"))),
        "everything": (OPENED, lambda: FeedbackList(FeedbackQuery(show="all"))),
        "resolved, of one code": (OPENED, lambda: FeedbackList(FeedbackQuery(show="resolved", code="noise"))),
        "costs of quality": (OPENED, CostList),
        "everything by room": (OPENED, lambda: FeedbackList(FeedbackQuery(show="all", order="room"))),
        "words that few have": (OPENED, lambda: FeedbackList(FeedbackQuery(show="all", text="nowak lift 217"))),
        "words in everything": (OPENED, lambda: FeedbackList(FeedbackQuery(show="all", text="nowak lift"))),
        "a word that all have": (ALL, lambda: FeedbackList(FeedbackQuery(show="all", text="anna"))),
        "words in costs": (OPENED, lambda: CostList(text="nowak sniadanie")),
    }
    missed = 0
    for name, (goal, make) in asked.items():
        times = measured(lambda make=make: opened(ctx, make()), runs)  # type: ignore[misc]
        says = verdict(median(times.clock) * 1e3, goal)
        missed += says != "ok"
        print(f"{name:<33}{times}  {says}")
    listed = FeedbackList(FeedbackQuery(show="all"))
    rows = listed.page(ctx, at=50_000)
    if rows:
        times = measured(lambda: listed.page(ctx, after=rows[-1]), runs)
        print(f"{'next page, in the middle':<33}{times}")
    return missed


def opened(ctx: Context, listed: Any) -> None:
    """What the screen asks of a list that it opens."""
    desk.feedback.open_count(ctx)
    total = listed.total(ctx)
    first = listed.page(ctx)
    if total > len(first):
        listed.page(ctx, last=True)


class Times(NamedTuple):
    """Seconds that each run took: by the clock, and on the processor."""

    clock: list[float]
    processor: list[float]

    def __str__(self) -> str:
        return f"{milliseconds(self.clock)}  processor {median(self.processor) * 1e3:6.1f}"


def measured(work: Callable[[], Any], runs: int) -> Times:
    """The times of some runs, after one that warms up."""
    work()
    times = Times([], [])
    for _run in range(runs):
        clock, processor = time.perf_counter(), time.process_time()
        work()
        times.clock.append(time.perf_counter() - clock)
        times.processor.append(time.process_time() - processor)
    return times
