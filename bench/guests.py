"""The client base at 200,000 guests (SPEC §6).

``python -m bench.guests [PART…] [--count N] [--times N] [--home DIR]``

* *search*: every keystroke of many searches, in the store: until the first page is there, and until it is known how many are found,
  too (where that takes longer than to find the page, the screen shows the page first). Goal: 30 ms a keystroke for the
  page, whatever is typed, from the first letter on; and for both together in 19 of 20. Beside it the floor: the bare driver asks the full-text index for the same beginning,
  its newest hundred and their number, with nothing filtered, sorted or read.
* *criteria*: the first page, the number and all ids of lists by criteria. Goal: 100 ms for number and page.
* *tagging*: thousands of guests tagged by one command, to the commit, and taken back by one undo.
"""

from __future__ import annotations

import argparse
import gc
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from bench.client_base import make
from bench.figures import median, p95, verdict
from crm_tui.desk.common.context import Context
from crm_tui.mail.text import fold_text
from crm_tui.rules.guest_criteria import GuestCriteria

KEYSTROKE = 30.0
BY_CRITERIA = 100.0
SEARCHES = (
    *("martinez", "jose garcia", "anna nowak", "wisniewski", "lopez-perez", "muller", "le goff", "o'neill", "shaw"),
    *(
        "kowalski jan",
        "zofia",
        "шевченко",
        "παπα",
        "محمد",
        "王伟",
        "gmail",
        "poczta",
        "lodz",
        "kow lodz",
        "nowak krakow",
    ),
    *(
        "601234567",
        "+48601234567",
        "0048 601 23",
        "612 345 678",
        "12.05.1980",
        "1.1.",
        "r0001234",
        "jose.garcia1",
        "xyz",
    ),
    *("example", "ex", "e@", "correo.example", "a b c", "5 dec 1985"),
    *("a", "e", "m", "g", "s", "1", "6", "consulting"),
)
"""What is typed, letter by letter."""

CRITERIA: tuple[tuple[str, GuestCriteria], ...] = (
    ("everybody", GuestCriteria()),
    ("persons", GuestCriteria(kind="person")),
    ("companies", GuestCriteria(kind="company")),
    ("an attribute", GuestCriteria(attributes=(1,))),
    ("two attributes", GuestCriteria(attributes=(9, 10))),
    ("consent", GuestCriteria(consent="mail")),
    ("no consent", GuestCriteria(no_consent="mail")),
    ("nationality", GuestCriteria(nationality="PL")),
    ("language, kind", GuestCriteria(language="es", kind="person")),
    ("city", GuestCriteria(city="lodz")),
    ("passport expires", GuestCriteria(passport_by=date(2026, 12, 31))),
    ("never booked", GuestCriteria(never_booked=True)),
    ("destination", GuestCriteria(destination="creta")),
    ("a month's arrivals", GuestCriteria(arrival_from=date(2026, 7, 1), arrival_to=date(2026, 7, 31))),
    ("value", GuestCriteria(value_from=500_000, currency="EUR")),
    ("birthdays", GuestCriteria(born_from="12-20", born_to="01-10")),
    ("archived", GuestCriteria(archived=True)),
    ("four of them", GuestCriteria(kind="person", attributes=(1,), consent="mail", never_booked=True)),
    ("with a text", GuestCriteria(text="mar", attributes=(10,), consent="mail", destination="creta")),
)


def search(ctx: Context, times: int) -> bool:
    """Every keystroke; True if the goal is missed."""
    from crm_tui.desk.client_base.guest_lists import GuestQuery
    from crm_tui.screens.guests.rows import GuestSource

    def shown(text: str) -> GuestSource:
        source = GuestSource(ctx, GuestQuery(GuestCriteria(text=text)), typed=True)
        if source.count() > len(source.after(None, 100)):
            source.before(None, 100)
        return source

    def keystroke(text: str) -> None:
        source = shown(text)
        if not source.counted:
            source.number()

    floor = _floor(ctx)
    typed = sorted(
        {text[:length] for text in SEARCHES for length in range(1, len(text) + 1) if text[length - 1] != " "}
    )
    keystroke("warm")
    pages = {text: median(_timed(partial(shown, text), times)) for text in typed}
    rows = [*pages.values()]
    taken = {text: _timed(partial(keystroke, text), times) for text in typed}
    bare = {text: _timed(partial(floor, text), times) for text in typed}
    middle = [median(values) for values in taken.values()]
    highest_of_all = max(max(values) for values in taken.values())
    floors = [median(values) for values in bare.values()]
    shows, said = verdict(max(rows), KEYSTROKE), verdict(p95(middle), KEYSTROKE)
    print(
        f"search, {len(typed)} keystrokes × {times}      median    p95   worst   ms, of medians   goal {KEYSTROKE:.0f} a keystroke"
    )
    print(f"  first page               {median(rows):8.1f} {p95(rows):6.1f} {max(rows):7.1f}   {shows}")
    print(
        f"  and how many             {median(middle):8.1f} {p95(middle):6.1f} {max(middle):7.1f}   {said}   (one call: {highest_of_all:.1f})"
    )
    highest = max(max(values) for values in bare.values())
    print(f"  floor: bare driver       {median(floors):8.1f} {p95(floors):6.1f} {highest:7.1f}")
    for length in range(1, 9):
        some = [value for text, values in taken.items() if len(text) == length for value in values]
        print(f"  {length} letters             {median(some):12.1f} {p95(some):6.1f} {max(some):7.1f}")
    longest = sorted(pages, key=lambda text: -pages[text])[:6]
    print("  slowest pages: " + ", ".join(f"{text!r} {pages[text]:.1f}" for text in longest))
    slowest = sorted(taken, key=lambda text: -median(taken[text]))[:6]
    print("  slowest: " + ", ".join(f"{text!r} {median(taken[text]):.1f}" for text in slowest))
    return "MISSED" in shows + said


def _floor(ctx: Context) -> Callable[[str], object]:
    assert ctx.store.path is not None
    bare = sqlite3.connect(ctx.store.path)
    bare.execute("PRAGMA mmap_size=268435456")
    newest = "SELECT rowid FROM guest_search WHERE guest_search MATCH ? ORDER BY rowid DESC LIMIT 100"
    number = "SELECT count(*) FROM guest_search WHERE guest_search MATCH ?"

    def ask(text: str) -> None:
        quoted = " AND ".join('"' + word.replace('"', " ") + '"*' for word in fold_text(text).split())
        bare.execute(newest, (quoted,)).fetchall()
        bare.execute(number, (quoted,)).fetchall()

    return ask


def criteria(ctx: Context, times: int) -> bool:
    """Lists by criteria; True if a goal is missed."""
    from crm_tui import desk
    from crm_tui.desk.client_base.guest_lists import GuestQuery

    print(f"{'criteria':22}{'found':>8}{'number':>9}{'+ page':>9}{'all ids':>9}  ms, medians   goal {BY_CRITERIA:.0f}")
    missed = False
    for name, asked in CRITERIA:
        query = GuestQuery(asked)
        found = desk.guest_lists.total(ctx, query)
        number = median(_timed(partial(desk.guest_lists.total, ctx, query), times))
        page = median(_timed(partial(desk.guest_lists.page, ctx, query), times))
        whole = median(_timed(partial(desk.guest_lists.ids, ctx, asked), times))
        said = verdict(page, BY_CRITERIA)
        missed |= "MISSED" in said
        print(f"  {name:20}{found:8}{number:9.1f}{page:9.1f}{whole:9.1f}  {said}")
    return missed


def tagging(ctx: Context, times: int) -> bool:
    """Bulk tags and their undo."""
    from crm_tui import desk

    for count in (100, 1_000, 10_000):
        numbers = desk.guest_lists.ids(ctx, GuestCriteria(no_consent="phone"), count)
        tagged, taken_back = [], []
        for _time in range(min(times, 3)):
            desk.tagging.tag_many(ctx, numbers, remove=[7])
            tagged += _timed(partial(desk.tagging.tag_many, ctx, numbers, add=[7]), 1)
            taken_back += _timed(partial(desk.undo.undo, ctx), 1)
        print(f"  tag {count:6} guests {median(tagged):9.1f} ms   undo {median(taken_back):9.1f} ms")
    return False


PARTS: dict[str, Callable[[Context, int], bool]] = {"search": search, "criteria": criteria, "tagging": tagging}


def _timed(call: Callable[[], object], times: int) -> list[float]:
    """Milliseconds of each call."""
    found = []
    for _time in range(times):
        begun = time.perf_counter()
        call()
        found.append((time.perf_counter() - begun) * 1e3)
    return found


def main() -> int:
    """Measure and print; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--home", type=Path, default=None, help="where the store is made, or was made before")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        ctx = make(options.home or Path(directory) / "desk", options.count)
        gc.collect()
        missed = [PARTS[name](ctx, options.times) for name in options.parts or PARTS]
        ctx.store.close()
    return int(any(missed))


if __name__ == "__main__":
    raise SystemExit(main())
