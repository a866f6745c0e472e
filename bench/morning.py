"""The start screen of a large property (SPEC §8, §9): 200,000 reservations, 1,000,000 schedule lines, 100,000 reminders.

``python -m bench morning [--reservations N] [--reminders N] [--times N] [--home DIR]``

All panels of the start screen as it reads them, counts and first rows together, then each alone. Goal: 100 ms for all of them.
Beside it the floor: the bare driver asks for the same numbers along the same indexes, and draws no row.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.figures import median, milliseconds, verdict
from crm_tui.base.clock import FixedClock
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import Context, open_context

GOAL = 0.1
LINES = 5
"""Schedule lines a reservation."""
AGENTS = 8
GUESTS = 50_000
TALKS = 20_000
NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
TODAY = NOW.date()
_AT = "2026-01-02 08:00:00.000000"
_AIRPORTS = ("WAW", "KTW", "PMI", "MAD", "BCN", "LHR", "CDG", "JFK", "DXB", "HER")


def main() -> None:
    """Build the store if it is not there, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reservations", type=int, default=200_000)
    parser.add_argument("--reminders", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--home", type=Path, default=None, help="keep the store there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        started = time.perf_counter()
        ctx = make(options.home or Path(directory), options.reservations, options.reminders)
        print(f"store ready after {time.perf_counter() - started:.0f} s")
        missed = measure(ctx, options.times)
        ctx.store.close()
    if missed:
        raise SystemExit(1)


def measure(ctx: Context, times: int) -> bool:
    """All panels together, each alone, and the floor; True if the goal is missed."""
    from crm_tui import desk
    from crm_tui.desk.shifts import morning

    found = desk.morning.read(ctx)
    for name in ("unanswered", "waitlist", "departures", "payments", "reminders", "complaints", "arrivals"):
        stretch = found.of(name)
        print(f"  {name:12} {stretch.total:8,} rows, {stretch.urgent:6,} urgent")
    whole = _timed(lambda: desk.morning.read(ctx), times)
    print(f"all panels  {milliseconds(whole)}   goal {GOAL * 1e3:.0f} ms   {verdict(median(whole), GOAL)}")
    parts: dict[str, Callable[[], Any]] = {
        "mail": lambda: [desk.folders.page(ctx, one, limit=40) for one in (morning.UNANSWERED, morning.WAITLIST)],
        "departures": lambda: desk.departures.page(ctx, morning.DEPARTURES, limit=40),
        "payments": lambda: desk.payment_watch.page(ctx, morning.PAYMENTS, limit=40),
        "reminders": lambda: desk.reminder_board.page(ctx, morning.REMINDERS, limit=40),
        "complaints": lambda: desk.feedback.open_page(ctx, limit=40),
        "handover": lambda: desk.handover.open_counts(ctx),
    }
    for name, work in parts.items():
        print(f"  {name:10}{milliseconds(_timed(work, times))}")
    floor = _timed(_floor(ctx), times)
    print(f"  floor     {milliseconds(floor)}   bare driver, numbers only; ratio {median(whole) / median(floor):.1f}")
    return median(whole) > GOAL


def _timed(work: Callable[[], Any], times: int) -> list[float]:
    work()
    found = []
    for _round in range(times):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return found


def _floor(ctx: Context) -> Callable[[], Any]:
    assert ctx.store.path is not None
    bare = sqlite3.connect(ctx.store.path)
    bare.execute("PRAGMA mmap_size=268435456")
    until, low, high = TODAY + timedelta(days=2), TODAY - timedelta(days=1), TODAY + timedelta(days=4)
    asked = (
        ("SELECT count(*), sum(due < ?) FROM reservation_due WHERE due <= ?", (str(TODAY), str(until))),
        ("SELECT id FROM flight WHERE removed_at IS NULL AND departs >= ? AND departs < ?", (str(low), str(high))),
        ("SELECT count(*) FROM reminder WHERE assignee_id = 1 AND done_at IS NULL AND removed_at IS NULL AND due <= ?",
         (str(until),)),
        ("SELECT count(*) FROM feedback WHERE resolved_at IS NULL AND removed_at IS NULL AND kind = 'negative'", ()),
        ("SELECT count(*) FROM conversation WHERE folder = 'Waitlist' AND waiting_since IS NOT NULL", ()),
    )  # fmt: skip

    def ask() -> None:
        for statement, values in asked:
            bare.execute(statement, values).fetchall()

    return ask


# The store


def make(home: Path, reservations: int, reminders: int) -> Context:
    """A property with so many reservations and reminders; one that is there already is used as it is."""
    from crm_tui import desk

    place = home_at(home)
    clock = FixedClock(NOW)
    if place.store.exists():
        return open_context(place, Settings(), clock=clock, agent="Agent 1")
    ctx = open_context(place, Settings(), clock=clock, create=True, as_engine=True)
    desk.setup.init(ctx, name="Large", timezone="Europe/Warsaw", currency="EUR", agent="Agent 1")
    with ctx.write() as tx:
        driver: Any = tx.connection.connection.driver_connection
        with _without_triggers(driver):
            _fill(driver, reservations, reminders)
    ctx.store.close()
    return open_context(place, Settings(), clock=clock, agent="Agent 1")


class _without_triggers:  # noqa: N801 -- reads as a statement
    """Drops what keeps sums and indexes in step row by row, and puts it back when all rows are there."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self._kept: list[str] = []

    def __enter__(self) -> None:
        rows = self._driver.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN "
            "('reservation', 'schedule_line', 'payment', 'guest', 'guest_email')"
        ).fetchall()
        self._kept = [sql for _name, sql in rows]
        for name, _sql in rows:
            self._driver.execute(f"DROP TRIGGER {name}")

    def __exit__(self, *_error: object) -> None:
        from crm_tui.data.dues import FILL, FIRST_FOLIOS

        self._driver.execute(FIRST_FOLIOS)
        self._driver.execute(FILL)
        for sql in self._kept:
            self._driver.execute(sql)
        self._driver.execute("ANALYZE")


def _fill(driver: Any, reservations: int, reminders: int) -> None:
    chance = random.Random(9)
    driver.executemany(
        "INSERT INTO agent (id, name, role, login, language, active, created_at, version) "
        "VALUES (?, ?, 'agent', '', 'en', 1, ?, 1)",
        [(number, f"Agent {number}", _AT) for number in range(2, AGENTS + 1)],
    )
    _insert(driver, "guest", _guests())
    _insert(driver, "reservation", _reservations(chance, reservations))
    _insert(driver, "reservation_guest", _holders(chance, reservations))
    _insert(driver, "schedule_line", _schedule(chance, reservations))
    _insert(driver, "payment", _payments(reservations))
    _insert(driver, "flight", _flights(chance, reservations))
    _insert(driver, "reminder", _reminders(chance, reminders, reservations))
    _insert(driver, "feedback", _feedback(chance))
    _insert(driver, "conversation", _talks(chance))


def _insert(driver: Any, table: str, rows: Iterator[dict[str, Any]]) -> None:
    """All rows of a table; columns that a row does not name get what the model says at first."""
    from crm_tui.data.tables import metadata

    first = next(rows)
    known: dict[str, Any] = {column.name: column.default for column in metadata.tables[table].columns}
    defaults = {
        name: default.arg
        for name, default in known.items()
        if default is not None and not default.is_callable and name not in first
    }
    names = [*first, *defaults]
    rest = tuple(defaults.values())
    holes = ", ".join("?" * len(names))

    def values() -> Iterator[tuple[Any, ...]]:
        yield (*first.values(), *rest)
        for row in rows:
            yield (*row.values(), *rest)

    driver.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({holes})", values())


def _guests() -> Iterator[dict[str, Any]]:
    for number in range(1, GUESTS + 1):
        name = f"Guest{number}"
        times = {"created_at": _AT, "updated_at": _AT}
        yield {"id": number, "kind": "person", "surname": name, "given": "Jo", "folded": name.lower(), **times}


def _arrival(number: int) -> date:
    """Five years of arrivals, the last of them a year ahead."""
    return TODAY + timedelta(days=365 - number % 1825)


def _reservations(chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        arrival = _arrival(number)
        yield {
            "id": number,
            "code": f"M{number}",
            "status": chance.choice(["confirmed", "confirmed", "confirmed", "cancelled"]),
            "arrival": str(arrival),
            "departure": str(arrival + timedelta(days=7)),
            "value": LINES * 100_00,
            "currency": "EUR",
            "created_at": _AT,
            "updated_at": _AT,
        }


def _holders(chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        yield {"reservation_id": number, "guest_id": chance.randrange(1, GUESTS + 1), "holder": 1}


def _schedule(chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        arrival = _arrival(number)
        for place in range(LINES):
            due = arrival - timedelta(days=(LINES - place) * 20 + chance.randrange(5))
            kind = "deposit" if place == 0 else "balance"
            yield {"reservation_id": number, "position": place, "kind": kind, "due": str(due), "amount": 100_00}


def _payments(count: int) -> Iterator[dict[str, Any]]:
    """What was due by today was paid, but for one reservation in two hundred."""
    for number in range(1, count + 1):
        arrival = _arrival(number)
        due = sum(
            1 for place in range(LINES) if arrival - timedelta(days=(LINES - place) * 20) <= TODAY + timedelta(days=2)
        )
        paid = due - (number % 200 == 0)
        if paid > 0:
            day = min(arrival, TODAY)
            yield {"reservation_id": number, "day": str(day), "amount": paid * 100_00, "created_at": _AT}


def _flights(chance: random.Random, count: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1, 3):
        arrival = _arrival(number)
        for place, day in enumerate((arrival, arrival + timedelta(days=7))):
            start, end = chance.sample(_AIRPORTS, 2)
            yield {
                "reservation_id": number,
                "position": place,
                "number": f"LO {100 + place}",
                "from_airport": start,
                "to_airport": end,
                "departs": f"{day}T{chance.randrange(24):02}:30",
                "arrives": f"{day}T23:55",
            }


def _reminders(chance: random.Random, count: int, reservations: int) -> Iterator[dict[str, Any]]:
    """A fifth is still to be done, most of it later."""
    for number in range(count):
        done = number % 5 != 0
        late = chance.randrange(1, 700) if done or number % 100 == 0 else -chance.randrange(0, 365)
        yield {
            "title": f"Call guest {number}",
            "due": str(TODAY - timedelta(days=late)),
            "assignee_id": chance.randrange(1, AGENTS + 1),
            "author_id": 1,
            "reservation_id": chance.randrange(1, reservations + 1),
            "created_at": _AT,
            "done_at": _AT if done else None,
        }


def _feedback(chance: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(5_000):
        yield {
            "kind": "negative" if number % 3 else "positive",
            "at": _AT,
            "guest_id": chance.randrange(1, GUESTS + 1),
            "comment": f"Complaint {number}",
            "created_at": _AT,
            "resolved_at": None if number % 50 == 1 else _AT,
        }


def _talks(chance: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(TALKS):
        folder = chance.choice(["Inbox", "Inquiries", "Waitlist", "Done", "Done", "Done"])
        at = f"2026-{chance.randrange(1, 11):02}-{chance.randrange(1, 28):02} 08:00:00.000000"
        yield {
            "folder": folder,
            "subject": f"Room {number}",
            "counterpart_name": f"Guest{number}",
            "counterpart_address": f"g{number}@example.org",
            "first_at": at,
            "last_at": at,
            "listed_at": at,
            "waiting_since": at if folder != "Done" and number % 3 == 0 else None,
        }


if __name__ == "__main__":
    main()
