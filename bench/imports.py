"""Importing guests from a CSV: rows a second into an empty store, index and journal included, against SQLite's own floor.

The floor is the same rows put by ``sqlite3.executemany`` into three plain tables with the same indexes: what the disk and
SQLite cost without checks, search index, journal or transactions.
"""

from __future__ import annotations

import argparse
import cProfile
import csv
import pstats
import random
import sqlite3
import tempfile
import time
from pathlib import Path

from crm_tui.data import record_search
from crm_tui.desk.client_files import guest_import
from tests.desk.house import make_house

_SURNAMES = ("Nowak", "García", "Łącki", "Dupont", "Müller", "Rossi", "Wiśniewska", "Núñez", "Lefèvre", "Weiß")
_GIVEN = ("Ana", "José", "Łucja", "Hélène", "Jürgen", "Marta", "Piotr", "Íñigo", "Chloé", "Bartłomiej")
_PLACES = (("07001", "Palma", "ES"), ("31-147", "Kraków", "PL"), ("75001", "Paris", "FR"), ("10115", "Berlin", "DE"))


def rows(count: int) -> list[tuple[str, ...]]:
    """Guests as a file has them: a reference, name, mail, telephone, birth date, address, remarks."""
    chance = random.Random(42)
    found: list[tuple[str, ...]] = []
    for number in range(count):
        surname, given = chance.choice(_SURNAMES), chance.choice(_GIVEN)
        postcode, city, country = chance.choice(_PLACES)
        born = f"{chance.randint(1, 28):02}/{chance.randint(1, 12):02}/{chance.randint(1940, 2005)}"
        phone = f"+34 6{chance.randint(0, 99_999_999):08}"
        street = f"Calle Mayor {chance.randint(1, 200)}"
        found.append(
            (
                f"K{number}",
                f"{surname}{number}",
                given,
                f"guest{number}@example.com",
                phone,
                born,
                street,
                postcode,
                city,
                country,
                "quiet room" if number % 5 == 0 else "",
            )
        )
    return found


HEAD = (
    "Referencia",
    "Apellidos",
    "Nombre",
    "Correo",
    "Teléfono",
    "Fecha de nacimiento",
    "Dirección",
    "Código postal",
    "Ciudad",
    "País",
    "Observaciones",
)


def floor(path: Path, data: list[tuple[str, ...]]) -> float:
    """Seconds that SQLite needs for the same rows without anything around them."""
    store = sqlite3.connect(path)
    store.execute("PRAGMA journal_mode = WAL")
    store.executescript(
        "CREATE TABLE guest (id INTEGER PRIMARY KEY, reference, surname, given, born, street, postcode, city, country, remarks);"
        "CREATE UNIQUE INDEX r ON guest (reference); CREATE INDEX n ON guest (surname, id);"
        "CREATE TABLE mail (id INTEGER PRIMARY KEY, guest_id, address); CREATE INDEX m ON mail (address);"
        "CREATE TABLE phone (id INTEGER PRIMARY KEY, guest_id, number); CREATE INDEX p ON phone (number);"
    )
    begun = time.perf_counter()
    with store:
        store.executemany(
            "INSERT INTO guest (reference, surname, given, born, street, postcode, city, country, remarks) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(one[0], one[1], one[2], one[5], *one[6:]) for one in data],
        )
        store.executemany(
            "INSERT INTO mail (guest_id, address) VALUES (?, ?)", [(at, o[3]) for at, o in enumerate(data)]
        )
        store.executemany(
            "INSERT INTO phone (guest_id, number) VALUES (?, ?)", [(at, o[4]) for at, o in enumerate(data)]
        )
    took = time.perf_counter() - begun
    store.close()
    return took


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench imports")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        data = rows(options.rows)
        path = place / "guests.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([HEAD, *data])
        least = floor(place / "floor.db", data)
        ctx = make_house(place)
        profile = cProfile.Profile()
        if options.profile:
            profile.enable()
        for name, dry in (("dry run", True), ("import", False), ("again", False)):
            begun, worked = time.perf_counter(), time.process_time()
            result = guest_import.run(ctx, path, dry_run=dry)
            took, worked = time.perf_counter() - begun, time.process_time() - worked
            counts = ", ".join(f"{n} {word}" for word, n in sorted(result.counts.items()))
            print(
                f"{name:8} {took:6.2f} s {options.rows / took:8,.0f} rows/s  {took / least:5.1f} x floor  {worked:5.1f} s of a core  ({counts})"
            )
        print(f"floor    {least:6.2f} s {options.rows / least:8,.0f} rows/s  sqlite3 executemany of the same rows")
        if options.profile:
            profile.disable()
            pstats.Stats(profile).sort_stats("tottime").print_stats(25)
        with ctx.store.connect() as connection:
            wrong = record_search.wrong(connection, "guest")
        print(f"guests that the search index does not hold as they are: {wrong}")
        ctx.store.close()


if __name__ == "__main__":
    main()
