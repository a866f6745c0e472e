"""The list of reservations in a large store: pages, counts, searches as one types; and the import of a booking system's file.

``python -m bench reservations [--reservations N] [--rows N] [--runs N]``. The goal of the list is one keystroke (30 ms from key
to results); the floor is the same page by its primary key alone, in the same run. The import is measured with two guests, two
schedule lines, a payment and two flights a row; its goal is 3,000 rows a second.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.figures import median, milliseconds, verdict
from crm_tui import desk
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.data.bulk import insert_rows
from crm_tui.data.record_search import paused, reservations_paused
from crm_tui.data.tables import Guest, Operator, Reservation, ReservationGuest, ScheduleLine
from crm_tui.desk.common.context import Context, open_context
from crm_tui.desk.stays.reservation_views import ReservationQuery
from crm_tui.mail.text import fold_text

KEYSTROKE = 30.0
"""Milliseconds from a key to results."""
ROWS_A_SECOND = 3000
_SURNAMES = ("Nowak", "Kowalska", "García", "Martín", "Petit", "Dubois", "Smith", "Müller", "Łoś", "Wiśniewska")
_GIVEN = ("Anna", "Jan", "Łucja", "José", "Marie", "Paul", "Eva", "Tom")
_PLACES = ("Palma de Mallorca", "Rhodes", "Łódź", "Hurghada", "Lanzarote", "Tenerife", "Kraków", "Lisboa")
_STATUSES = ("confirmed",) * 6 + ("completed",) * 3 + ("option", "cancelled", "no-show")
_CHANNELS = ("direct", "phone", "Booking.com", "tour operator")


def main() -> int:
    """Measure and print; 1 if a goal is missed."""
    options = argparse.ArgumentParser(prog="python -m bench reservations", description=__doc__)
    options.add_argument("--reservations", type=int, default=200_000)
    options.add_argument("--rows", type=int, default=10_000, help="of the file that is imported")
    options.add_argument("--runs", type=int, default=15)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = home_at(Path(folder) / "home")
        ctx = open_context(home, Settings(), create=True, as_engine=True)
        desk.setup.init(ctx, name="Bench", timezone="Europe/Madrid", currency="EUR", agent="Ana")
        fill(ctx, given.reservations)
        missed = lists(ctx, given.runs)
        missed += imports(ctx, Path(folder), given.rows)
        ctx.store.close()
    return 1 if missed else 0


def fill(ctx: Context, count: int) -> None:
    """Reservations around today, each with a holder and two lines due."""
    dice, today = random.Random(7), ctx.clock.now().date()
    with ctx.write() as tx:
        operators = [
            {"id": n, "name": name, "folded": name.lower(), "created_at": tx.now}
            for n, name in enumerate(("Itaka", "Rainbow", "Deep Blue"), 1)
        ]
        insert_rows(tx.connection, Operator, operators)
    for start in range(1, count + 1, 5000):
        numbers = range(start, min(start + 5000, count + 1))
        with ctx.write() as tx, paused(tx.connection, numbers), reservations_paused(tx.connection, numbers):
            marks = {"created_at": tx.now, "updated_at": tx.now}
            guests, rows, people, lines = [], [], [], []
            for number in numbers:
                surname, given = dice.choice(_SURNAMES), dice.choice(_GIVEN)
                folded = fold_text(f"{surname} {given}")
                guests.append(
                    {"id": number, "kind": "person", "surname": surname, "given": given, "folded": folded, **marks}
                )
                arrival = today + timedelta(days=dice.randint(-1500, 200))
                place = dice.choice(_PLACES)
                status = (
                    dice.choice(_STATUSES)
                    if arrival < today
                    else dice.choice(("confirmed", "confirmed", "option", "cancelled"))
                )
                rows.append({
                    "id": number, "code": f"M-{number}", "status": status, "channel": dice.choice(_CHANNELS),
                    "operator_id": dice.choice((None, 1, 2, 3)), "destination": place, "folded_destination": fold_text(place),
                    "room": str(dice.randint(101, 420)), "arrival": arrival.isoformat(), "value": 120_000, "currency": "EUR",
                    "departure": (arrival + timedelta(days=dice.randint(1, 14))).isoformat(), **marks,
                })  # fmt: skip
                people.append({"reservation_id": number, "guest_id": number, "holder": 1})
                for position, (kind, days) in enumerate((("deposit", -40), ("balance", -10))):
                    due = (arrival + timedelta(days=days)).isoformat()
                    lines.append(
                        {"reservation_id": number, "position": position, "kind": kind, "due": due, "amount": 60_000}
                    )
            insert_rows(tx.connection, Guest, guests)
            insert_rows(tx.connection, Reservation, rows)
            insert_rows(tx.connection, ReservationGuest, people)
            insert_rows(tx.connection, ScheduleLine, lines)


def lists(ctx: Context, runs: int) -> int:
    """What a list asks when it is opened: how many there are, and its first page. Returns how many goals were missed."""
    plain = ReservationQuery()
    asked: dict[str, ReservationQuery] = {
        "opened: to come and in house": plain,
        "all, the last arrival first": ReservationQuery(status="all", order="latest"),
        "filter: completed, operator, unpaid": ReservationQuery(status="completed", operator="Itaka", unpaid=True),
        "filter: a destination": ReservationQuery(status="all", destination="lodz"),
        "typed: m-1": ReservationQuery(text="m-1"),
        "typed: m-123456": ReservationQuery(text="m-123456"),
        "typed: n (of many)": ReservationQuery(text="n"),
        "typed: nowak lucja palma": ReservationQuery(text="nowak lucja palma"),
    }
    floor = measured(lambda: desk.reservation_lists.rows(ctx, list(range(1, 101))), runs)
    print(f"floor, 100 rows by number        {milliseconds(floor)}")
    missed = 0
    for name, query in asked.items():
        times = measured(lambda query=query: desk.reservation_lists.page(ctx, query), runs)  # type: ignore[misc]
        says = verdict(median(times) * 1e3, KEYSTROKE)
        missed += says != "ok"
        print(f"{name:<33}{milliseconds(times)}  x{median(times) / median(floor):.1f}  {says}")
    page = desk.reservation_lists.page(ctx, replace(plain, status="all"), at=150_000 if runs else 0)
    if page.rows:
        cursor = page.rows[0].cursor
        every = replace(plain, status="all")
        times = measured(lambda: desk.reservation_lists.page(ctx, every, after=cursor, known=page.total), runs)
        print(f"next page, in the middle         {milliseconds(times)}  x{median(times) / median(floor):.1f}")
    return missed


def imports(ctx: Context, folder: Path, rows: int) -> int:
    """A file of new reservations, and the same again. Returns how many goals were missed."""
    path = folder / "bookings.jsonl"
    with path.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in booked(rows))
    missed = 0
    for name, goal in (("import, all new", ROWS_A_SECOND), ("the same again", ROWS_A_SECOND)):
        start = time.perf_counter()
        count = sum(1 for _row in desk.reservation_import.import_rows(ctx, desk.reservation_files.read(path)))
        rate = count / (time.perf_counter() - start)
        says = verdict(goal / rate, 1)
        missed += says != "ok"
        print(f"{name:<33}{rate:7.0f} rows/s  {says}")
    return missed


def booked(count: int) -> Iterator[dict[str, Any]]:
    """Rows of a booking system."""
    dice = random.Random(1)
    for number in range(count):
        arrival = date(2026, 1, 1) + timedelta(days=dice.randint(0, 500))
        leaving, value = arrival + timedelta(days=dice.randint(1, 14)), dice.randint(200, 9000)
        guests = [
            {
                "reference": f"G{number}-{place}",
                "surname": f"{dice.choice(_SURNAMES)}{number % 997}",
                "given": dice.choice(_GIVEN),
                "email": f"g{number}x{place}@mail.example",
                "phone": f"+4860{(number * 3 + place) % 9_999_999:07}",
                "birth_date": (date(1950, 1, 1) + timedelta(days=(number * 7 + place * 31) % 20_000)).isoformat(),
                "holder": place == 0,
            }
            for place in range(2)
        ]
        yield {
            "reference": f"R{number:07}",
            "status": "confirmed",
            "channel": "tour operator",
            "operator": dice.choice(("Itaka", "Rainbow", "TUI")),
            "product": "Hotel",
            "destination": dice.choice(_PLACES),
            "booked": (arrival - timedelta(days=60)).isoformat(),
            "arrival": arrival.isoformat(),
            "departure": leaving.isoformat(),
            "adults": 2,
            "currency": "EUR",
            "value": f"{value}.00",
            "guests": guests,
            "schedule": [
                {"kind": "deposit", "due": (arrival - timedelta(days=50)).isoformat(), "amount": f"{value // 3}.00"},
                {
                    "kind": "balance",
                    "due": (arrival - timedelta(days=20)).isoformat(),
                    "amount": f"{value - value // 3}.00",
                },
            ],
            "payments": [
                {
                    "reference": f"P{number}",
                    "date": (arrival - timedelta(days=51)).isoformat(),
                    "amount": f"{value // 3}.00",
                    "method": "transfer",
                }
            ],
            "flights": [
                {
                    "number": "LO123",
                    "from": "WAW",
                    "to": "PMI",
                    "departs": f"{arrival}T06:35",
                    "arrives": f"{arrival}T09:35",
                },
                {
                    "number": "LO124",
                    "from": "PMI",
                    "to": "WAW",
                    "departs": f"{leaving}T10:35",
                    "arrives": f"{leaving}T13:35",
                },
            ],
        }


def measured(work: Callable[[], object], runs: int) -> list[float]:
    """Seconds of each run, after one that warms up."""
    work()
    times = []
    for _run in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return times


if __name__ == "__main__":
    sys.exit(main())
