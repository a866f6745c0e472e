"""The profile of a guest with thousands of entries: what the desk takes for the first screen, and the program from key to paint.

``python -m bench profile [--guests N] [--conversations N] [--entries N] [--home DIR] [--runs N]``. The goal is one frame
(16.7 ms) from the key to the first paint; the floor is the profile of a guest about whom nothing is known, in the same run.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench import client_base
from bench.figures import median, milliseconds, verdict
from bench.pty import Terminal
from crm_tui import desk
from crm_tui.data.bulk import insert_rows
from crm_tui.data.tables import (
    Conversation,
    Event,
    Guest,
    GuestEmail,
    Inquiry,
    InquiryGuest,
    Journal,
    Memo,
    Message,
    Payment,
    Reminder,
    Reservation,
    ReservationGuest,
)
from crm_tui.desk.common.context import Context

FRAME = 16.7
"""Milliseconds of a frame at 60 a second."""
ADDRESS = "busy@bench.example"
PARTS = {"mail": 40, "event": 16, "memo": 10, "change": 12, "payment": 6, "inquiry": 6, "reservation": 6, "reminder": 4}
"""Of a hundred entries."""


def main() -> int:
    """Measure and print; 1 if a goal is missed."""
    options = argparse.ArgumentParser(prog="python -m bench profile", description=__doc__)
    options.add_argument("--guests", type=int, default=200_000)
    options.add_argument("--conversations", type=int, default=100_000)
    options.add_argument("--entries", type=int, default=5_000)
    options.add_argument("--runs", type=int, default=30)
    options.add_argument("--home", type=Path, default=None)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        home = chosen.home or Path(directory)
        ctx = client_base.make(home, chosen.guests)
        busy, empty = _fill(ctx, chosen.conversations, chosen.entries)
        missed = _desk(ctx, busy, empty, chosen.runs)
        ctx.store.close()
        missed |= _program(home, busy, empty, chosen.runs)
    return int(missed)


# The store


def _fill(ctx: Context, conversations: int, entries: int) -> tuple[int, int]:
    """Mail of others, a guest with so many entries, and one with none; their numbers."""
    known = desk.guests.by_address(ctx, ADDRESS)
    if known:
        return known[0].id, known[0].id + 1
    source = random.Random(3)
    counts = {kind: entries * part // 100 for kind, part in PARTS.items()}
    with ctx.write() as tx:
        connection, now = tx.connection, tx.now
        first = int(connection.exec_driver_sql("SELECT max(id) + 1 FROM guest").scalar_one())
        for number, name in ((first, "Busy"), (first + 1, "Empty")):
            row = {"id": number, "surname": name, "folded": name.lower(), "created_at": now, "updated_at": now}
            insert_rows(connection, Guest, [row])
        insert_rows(connection, GuestEmail, [{"guest_id": first, "address": ADDRESS, "folded": ADDRESS}])

        def at(number: int) -> Any:
            return now - timedelta(minutes=17 * number + source.randrange(17))

        mails = counts["mail"]
        talks = [(ADDRESS if n < mails // 5 else f"p{n}@else.example", at(n)) for n in range(conversations)]
        insert_rows(connection, Conversation, [
            {"id": n + 1, "subject": f"Reserva {n}", "counterpart_address": address, "counterpart_name": "P", "folder": "Done",
             "first_at": when, "last_at": when, "listed_at": when, "message_count": 1}
            for n, (address, when) in enumerate(talks)])  # fmt: skip
        letters = [n % (mails // 5) for n in range(mails)] + list(range(mails // 5, conversations))
        insert_rows(connection, Message, [
            {"id": n + 1, "conversation_id": talk + 1, "digest": n.to_bytes(32), "content_key": n.to_bytes(16), "direction": "in",
             "sender_address": talks[talk][0], "sender_name": "P", "subject": f"Reserva {talk}", "at": at(n if n < mails else talk)}
            for n, talk in enumerate(letters)])  # fmt: skip
        call = int(connection.exec_driver_sql("SELECT min(id) FROM event_type").scalar_one())
        text = "Wants a quiet room on a high floor, as every year."
        insert_rows(connection, Event, [{"guest_id": first, "type_id": call, "at": at(n), "text": text, "author_id": 1,
                                         "created_at": at(n)} for n in range(counts["event"])])  # fmt: skip
        insert_rows(connection, Memo, [{"guest_id": first, "text": text, "author_id": 1, "created_at": at(n)}
                                       for n in range(counts["memo"])])  # fmt: skip
        insert_rows(connection, Reminder, [{"guest_id": first, "title": text, "due": now.date().isoformat(), "author_id": 1,
                                            "created_at": at(n)} for n in range(counts["reminder"])])  # fmt: skip
        insert_rows(connection, Inquiry, [{"id": 1_000_000 + n, "created_at": at(n), "updated_at": at(n), "children": "[]",
                                           "proposed": "{}", "room": "sea view"} for n in range(counts["inquiry"])])  # fmt: skip
        insert_rows(connection, InquiryGuest, [{"inquiry_id": 1_000_000 + n, "guest_id": first, "holder": True}
                                               for n in range(counts["inquiry"])])  # fmt: skip
        insert_rows(connection, Reservation, [
            {"id": 1_000_000 + n, "code": f"B-{n}", "status": "completed", "value": 10000, "currency": "EUR",
             "arrival": at(n).date().isoformat(), "departure": at(n).date().isoformat(), "created_at": at(n), "updated_at": at(n)}
            for n in range(counts["reservation"])])  # fmt: skip
        insert_rows(connection, ReservationGuest, [{"reservation_id": 1_000_000 + n, "guest_id": first, "holder": True}
                                                   for n in range(counts["reservation"])])  # fmt: skip
        insert_rows(connection, Payment, [
            {"reservation_id": 1_000_000 + n % counts["reservation"], "day": at(n).date().isoformat(), "amount": 100,
             "created_at": at(n)} for n in range(counts["payment"])])  # fmt: skip
        insert_rows(connection, Journal, [
            {"at": at(n), "agent_id": 1, "actor": "Ana", "command": f"bench{n}", "entity": "guest", "entity_id": first,
             "action": "change", "before": '{"city": "Gdynia"}', "after": '{"city": "Sopot"}'}
            for n in range(counts["change"])])  # fmt: skip
    with ctx.write() as tx:
        tx.connection.exec_driver_sql("ANALYZE")
    return first, first + 1


# Measuring


def _desk(ctx: Context, busy: int, empty: int, runs: int) -> bool:
    """What the desk takes: the first screen, and the places of all entries."""
    screen = 40
    desk.guest_profile.opened(ctx, busy, screen)  # modules and statements once
    places = desk.guest_history.keys(ctx, busy)
    print(f"entries {len(places)}, of {len({place.kind for place in places})} kinds")
    figures = {}
    for name, work in (
        ("profile and first screen", lambda: desk.guest_profile.opened(ctx, busy, screen)),
        ("the same, empty guest", lambda: desk.guest_profile.opened(ctx, empty, screen)),
        ("places of all entries", lambda: desk.guest_history.keys(ctx, busy)),
        ("a page in the middle", lambda: desk.guest_history.entries(ctx, busy, places[2000:2100])),
    ):
        taken = []
        for _run in range(runs):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
        figures[name] = median(taken) * 1e3
        print(f"{name:28}{milliseconds(taken)}")
    own = figures["profile and first screen"]
    print(f"of a frame the desk takes {own / FRAME:.2f}")
    return False


def _program(home: Path, busy: int, empty: int, runs: int) -> bool:
    """The program on a pty of 120×40: Enter in the list of guests, to the bytes that show the profile.

    *First paint* is the guest's name, number and known facts in their places, *history* the first screen of entries. The
    hands rest for a second before the key, as one reads the list before one chooses; *at once* is the key right after the list
    appeared again.
    """
    figures: dict[str, list[float]] = {}
    with Terminal([sys.executable, "-m", "crm_tui", "--home", str(home)], (120, 40)) as terminal:
        terminal.wait_for("Hotel Miramar")
        terminal.settle(0.5)
        terminal.send("4")
        terminal.wait_for("guests")
        terminal.settle(0.5)
        for name, number, entry in (
            ("empty", empty, "Nothing has happened yet"),
            ("busy", busy, "5000 entries|Reserva "),
        ):
            terminal.send("/")
            terminal.settle(0.3)
            terminal.send(f"{name}@bench.example" if name == "busy" else name)
            terminal.wait_for("1 guest ")
            for run in range(runs + 2):
                for rested in (True, False):
                    terminal.settle(1, timeout=0.8 if rested else 0.02)  # the cursor of the box blinks
                    sent = time.perf_counter()
                    terminal.send("\r")
                    first = terminal.wait_for(f"guest {number}") - sent
                    history = terminal.wait_for(entry) - sent
                    terminal.settle(0.2)
                    if run > 1:
                        figures.setdefault(f"first paint, {name}" + ("" if rested else ", at once"), []).append(first)
                        figures.setdefault(f"history, {name}" + ("" if rested else ", at once"), []).append(history)
                    terminal.send("\x1b")
                    terminal.wait_for("1 guest ")
            terminal.send("\x1b")
            terminal.settle(0.3)
        terminal.close("q")
    for what, values in figures.items():
        print(f"{what:28}{milliseconds(values)}")
    own, floor = median(figures["first paint, busy"]) * 1e3, median(figures["first paint, empty"]) * 1e3
    print(f"busy {own:.1f} ms  goal {FRAME}  {verdict(own, FRAME)}; floor {floor:.1f} ms, ratio {own / floor:.2f}")
    return own > FRAME


if __name__ == "__main__":
    raise SystemExit(main())
