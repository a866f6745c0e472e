"""The store: storing, lists, badges and search, each beside a floor or a peer measured in the same run (QUALITY §1).

``--count`` mails of the corpus are stored; ``--store DIR`` measures the reading on a store that is there already, such as
one of a million mails made by ``python -m bench.filling DIR --count 1000000``.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bench import notmuch, records
from bench.filling import new_desk, prepared_blocks, store_block
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.data import ddl
from crm_tui.desk.common.context import Context, open_context
from crm_tui.desk.common.views import ListQuery
from crm_tui.desk.conversations import folders
from crm_tui.desk.correspondence.mailbox import Incoming
from crm_tui.desk.finding import search
from crm_tui.desk.finding.search_sql import match_expression

QUERIES = ("reserva", "firma", "desayuno habitación", '"deposit by card"', "from:begona", "subject:rezerwacja")
FILTERED = ("reserva is:unanswered", "reserva in:Booked", "has:attachment", "is:unread")
LIVE = ("res", "rese", "hab", "dep", "zal")


def milliseconds(work: Callable[[], object], times: int = 60) -> tuple[float, float]:
    """Median and 95th percentile of a call, in ms, after a warm-up."""
    for _warm in range(3):
        work()
    taken = []
    for _again in range(times):
        begun = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - begun))
    return statistics.median(taken), sorted(taken)[int(0.95 * len(taken))]


def storing(directory: Path, count: int, *, small: bool) -> Context:
    """Store the corpus; beside it the same rows by the bare driver."""
    ctx = new_desk(directory)
    raw = _Bare(directory / "bare.db")
    ours, floor = [], []
    for items in prepared_blocks(count, small=small):
        floor.append(raw.store(items) / len(items))
        ours.append(store_block(ctx, items) / len(items))
    raw.close()
    speed, bare = 1 / statistics.median(ours), 1 / statistics.median(floor)
    print(
        f"storing       {speed:8.0f} mails/s   bare driver {bare:8.0f} mails/s   ratio {bare / speed:.2f}   goal ≥ 6000/s"
    )
    return ctx


class _Bare:
    """One table with three indexes, the source and the same full-text index: the least a store can do."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        for statement in (
            "PRAGMA page_size=8192",
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=NORMAL",
            "CREATE TABLE mail (id INTEGER PRIMARY KEY, digest BLOB UNIQUE, message_id TEXT, at TEXT, subject TEXT, sender TEXT,"
            " text TEXT, source BLOB)",
            "CREATE INDEX by_message_id ON mail (message_id)",
            "CREATE INDEX by_time ON mail (at)",
            ddl.FULL_TEXT,
            *ddl.FULL_TEXT_SETTINGS,
        ):
            self._connection.execute(statement)
        self._next = 1

    def store(self, items: list[Incoming]) -> float:
        """Seconds for a batch in one transaction."""
        numbers = range(self._next, self._next + len(items))
        self._next += len(items)
        rows = [
            (n, p.digest, p.message_id, str(i.received_at), p.subject, p.sender.address, p.text, p.packed)
            for n, i in zip(numbers, items, strict=True)
            for p in (i.prepared,)
        ]
        texts = [(n, *item.prepared.search) for n, item in zip(numbers, items, strict=True)]
        begun = time.perf_counter()
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT INTO mail VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._connection.executemany(
            "INSERT INTO message_search (rowid, subject, sender, recipients, body, files) VALUES (?, ?, ?, ?, ?, ?)",
            texts,
        )
        self._connection.execute("COMMIT")
        return time.perf_counter() - begun

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def lists(ctx: Context) -> None:
    """The newest fifty with their count, and every badge; the floor is the bare driver's same rows."""
    total = folders.total(ctx, ListQuery("Inbox"))
    bare = _driver(ctx)
    floor, _p95 = milliseconds(lambda: _bare_list(bare))
    for only in ("all", "unanswered", "unread"):
        median, p95 = milliseconds(partial(folders.page, ctx, ListQuery("Inbox", only), limit=50))
        print(
            f"list {only:10} {median:7.3f} ms  p95 {p95:.3f}   bare driver {floor:.3f} ms   ratio {median / floor:.1f}"
            f"   of {total}   goal ≤ 0.5 ms"
        )
    median, p95 = milliseconds(lambda: folders.counts(ctx))
    print(f"badges          {median:7.3f} ms  p95 {p95:.3f}")
    bare.close()


def _driver(ctx: Context) -> sqlite3.Connection:
    assert ctx.store.path is not None
    connection = sqlite3.connect(ctx.store.path)
    connection.execute("PRAGMA mmap_size=268435456")
    return connection


def _bare_list(connection: sqlite3.Connection) -> object:
    connection.execute("SELECT total FROM folder_count WHERE key = 'Inbox'").fetchone()
    return connection.execute(
        "SELECT id, folder, subject, counterpart_name, counterpart_address, preview, message_count, unread_count, last_at "
        "FROM conversation WHERE folder = 'Inbox' AND snoozed = 0 ORDER BY last_at DESC, id DESC LIMIT 50"
    ).fetchall()


def searches(ctx: Context, peer: Callable[[str], float] | None) -> None:
    """The newest fifty of each query; beside it the bare index, and libnotmuch's time where it is given."""
    bare = _driver(ctx)
    everything = []
    for query in QUERIES:
        median, p95 = milliseconds(partial(search.search, ctx, query))
        everything.append(p95)
        expression = match_expression(search.parse(query).terms)
        floor, _p95 = milliseconds(partial(_bare_search, bare, expression))
        other = f"   notmuch {peer(query):8.2f} ms" if peer else ""
        print(f"search {query:22} {median:7.3f} ms  p95 {p95:.3f}   bare FTS5 {floor:.3f}{other}")
    print(f"search, worst p95 {max(everything):.3f} ms   goal ≤ 1 ms")
    for query in FILTERED:
        median, p95 = milliseconds(partial(search.search, ctx, query), 20)
        print(f"filter {query:22} {median:7.3f} ms  p95 {p95:.3f}")
    for query in LIVE:
        median, p95 = milliseconds(partial(search.search, ctx, query, live=True), 20)
        print(f"typing {query:22} {median:7.3f} ms  p95 {p95:.3f}   goal ≤ 30 ms")
    bare.close()


def _bare_search(connection: sqlite3.Connection, expression: str) -> object:
    query = "SELECT rowid FROM message_search WHERE message_search MATCH ? ORDER BY rowid DESC LIMIT 50"
    return connection.execute(query, (expression,)).fetchall()


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="mails to store")
    parser.add_argument("--small", action="store_true", help="mails without files and mostly without HTML")
    parser.add_argument("--inquiries", type=int, default=10_000, help="inquiries beside the mails, with a guest each")
    parser.add_argument("--store", type=Path, help="measure the reading on this desk's store instead")
    parser.add_argument("--no-notmuch", action="store_true", help="leave the peer out")
    options: Any = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="crm-bench-"))
    try:
        if options.store:
            ctx = open_context(home_at(options.store), Settings(), readonly=True)
        else:
            ctx = storing(place / "desk", options.count, small=options.small)
        lists(ctx)
        with notmuch.peer(place / "notmuch", 0 if options.store or options.no_notmuch else options.count) as peer:
            searches(ctx, peer)
        if not options.store and options.inquiries:
            records.add(ctx, options.inquiries)
        if options.inquiries:
            records.measure(ctx, milliseconds)
        ctx.store.close()
    finally:
        shutil.rmtree(place, ignore_errors=True)
