"""The journal of years: each filter's first page, and a rare word looked for to the journal's end.

``python -m bench journal [--rows N] [--home DIR]``. Goal: 100 ms a page, whatever is asked for; a word that is nowhere is looked
for page by page, and each shows how far back it is. The floor is the bare driver reading a page along the index.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.figures import median, verdict
from bench.relations import measured
from crm_tui import desk
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.data.bulk import insert_rows
from crm_tui.data.tables import Journal
from crm_tui.desk.common.context import Context, open_context
from crm_tui.desk.histories.journal_view import JournalQuery

GOAL = 100.0
"""Milliseconds a page."""
RARE = "Zażółć gęślą"
KINDS = (("conversation", 40), ("ticket", 30), ("mailbox", 15), ("guest", 10), ("reservation", 4), ("memo", 1))


def main() -> int:
    """Measure and print; 1 if a goal is missed."""
    options = argparse.ArgumentParser(prog="python -m bench journal", description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--home", type=Path, default=None, help="where the store is made, or was made before")
    given = options.parse_args()
    gc.set_threshold(50_000, 20, 50)  # as the program does
    with tempfile.TemporaryDirectory() as folder:
        home = given.home or Path(folder) / "home"
        known = home.exists()
        ctx = open_context(home_at(home), Settings(), create=True, as_engine=True)
        if not known:
            desk.setup.init(ctx, name="Bench", timezone="Europe/Madrid", currency="EUR", agent="Ana")
            fill(ctx, given.rows)
        missed = pages(ctx, given.runs) + search(ctx)
        ctx.store.close()
    return int(bool(missed))


def fill(ctx: Context, count: int) -> None:
    """A row a minute; half of them tell of something with accents, one of a rare word, one agent did three."""
    step = 50_000
    for start in range(0, count, step):
        with ctx.write(durable=False) as tx:
            insert_rows(tx.connection, Journal, list(_rows(ctx, range(start, min(count, start + step)), count)))


def _rows(ctx: Context, numbers: range, count: int) -> Iterator[dict[str, Any]]:
    dice, now = random.Random(numbers.start), ctx.clock.now()
    kinds = [kind for kind, many in KINDS for _each in range(many)]
    for number in numbers:
        kind = dice.choice(kinds)
        name = RARE if number == count // 3 else "Łucja Nowak-Pérez" if number % 2 else "John Smith"
        agent = 77 if number % (count // 3) == 7 else None if kind == "mailbox" else dice.randint(1, 20)
        yield {
            "at": now - timedelta(minutes=count - number), "agent_id": agent, "actor": f"Agent {agent}" if agent else "engine",
            "command": f"c{number // 2}", "entity": "erasure" if number == count // 2 else kind,
            "entity_id": 1 if kind == "mailbox" else dice.randint(1, 100_000),
            "action": "unmerge" if number == count // 4 else dice.choice(("assign", "change", "create", "move")),
            "before": json.dumps({"city": "Gdynia", "surname": name}), "after": json.dumps({"city": "Sopot", "handler_id": agent}),
        }  # fmt: skip


def pages(ctx: Context, runs: int) -> int:
    """The first page of each filter. Returns how many goals were missed."""
    day = ctx.clock.now().date() - timedelta(days=400)
    with ctx.write() as tx:
        tx.connection.exec_driver_sql(
            "INSERT INTO agent (id, name, role, language, login, active, created_at, version) "
            "VALUES (77, 'Rare', 'agent', 'en', '', 1, '2026-01-01 00:00:00.000000', 1) ON CONFLICT DO NOTHING"
        )
    asked = {
        "everything": JournalQuery(),
        "an agent": JournalQuery(agent="Ana"),
        "an agent who did little": JournalQuery(agent="Rare"),
        "the engine": JournalQuery(agent="engine"),
        "a kind of thing": JournalQuery(entity="guest"),
        "a rare kind": JournalQuery(entity="erasure"),
        "one thing": JournalQuery(entity="guest", number=77),
        "a thing of 150,000 rows": JournalQuery(entity="mailbox", number=1),
        "a number of any kind": JournalQuery(number=77),
        "a day": JournalQuery(first=day, last=day),
        "until a day": JournalQuery(last=day),
        "an agent's kind": JournalQuery(agent="Ana", entity="memo"),
        "a kind that an agent never did": JournalQuery(agent="Ana", entity="mailbox"),
        "a rare action": JournalQuery(action="unmerge"),
        "a word of many": JournalQuery(words="nowak perez"),
        "a rare word": JournalQuery(words="zazolc gesla"),
        "a rare word of an agent": JournalQuery(agent="Ana", words="zazolc"),
        "a rare word of a year": JournalQuery(words="zazolc", first=date(day.year, 1, 1), last=date(day.year, 12, 31)),
    }
    print(f"{'':33}{'found':>6}    clock                          processor    goal {GOAL:.0f} ms a page")
    missed = 0
    for name, query in asked.items():
        found = desk.journal_view.page(ctx, query, limit=60)
        times = measured(lambda query=query: desk.journal_view.page(ctx, query, limit=60), runs)  # type: ignore[misc]
        says = verdict(median(times.clock) * 1e3, GOAL)
        missed += says != "ok"
        print(f"{name:33}{len(found.entries):5}{'+' if found.further else ' '}   {times}  {says}")
    return missed


def search(ctx: Context) -> int:
    """A rare word and one that is nowhere, to the end."""
    missed = 0
    for words in (RARE, "nowhere at all"):
        longest, hardest, count, entries, after = 0.0, 0.0, 0, 0, None
        begun, processor = time.perf_counter(), time.process_time()
        while True:
            start, work = time.perf_counter(), time.process_time()
            page = desk.journal_view.page(ctx, JournalQuery(words=words), after, limit=60)
            longest = max(longest, time.perf_counter() - start)
            hardest = max(hardest, time.process_time() - work)
            count, entries, after = count + 1, entries + len(page.entries), page.further
            if after is None:
                break
        taken, worked = time.perf_counter() - begun, time.process_time() - processor
        says = verdict(hardest * 1e3, GOAL)
        missed += says != "ok"
        print(
            f"{words!r}: {entries} found in {count} pages, {taken:.1f} s, {worked:.1f} s on the processor; "
            f"the longest {longest * 1e3:.0f} ms, {hardest * 1e3:.0f} ms on the processor  {says}"
        )
    return missed


if __name__ == "__main__":
    raise SystemExit(main())
