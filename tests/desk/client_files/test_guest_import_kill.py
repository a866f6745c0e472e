"""An import that is killed anywhere leaves whole batches, and running it again ends where one run ends (QUALITY R6)."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crm_tui.data import record_search
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Guest, GuestEmail, GuestPhone
from crm_tui.desk.client_files import guest_import
from crm_tui.desk.client_files.guest_import_views import Status
from crm_tui.desk.common.context import Context
from tests.desk.house import make_house

_CHILD = """
import os, signal, sys
from pathlib import Path
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.data.store import open_store
from crm_tui.desk import guest_import
from crm_tui.desk.common.context import Actor, Context
from crm_tui.base.clock import FixedClock
from tests.desk.house import NOW

where, batch, path = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
home = home_at(path.parent / "home")
ctx = Context(open_store(f"sqlite:///{home.store}"), home, Settings(), FixedClock(NOW), Actor(1, "Ana", "admin"))
guest_import.BATCH = 100
real, calls = guest_import.store, 0

def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)

def store(tx, new, changed):
    global calls
    calls += 1
    if where == "before" and calls == batch:
        die()
    made = real(tx, new, changed)
    if where == "within" and calls == batch:
        die()
    return made

guest_import.store = store
guest_import.run(ctx, path, on_row=lambda row: die() if where == "after" and row.row == batch * 100 else None)
"""


def all_of(ctx: Context) -> dict[str, list[tuple[Any, ...]]]:
    """What stands in the store, by reference instead of number."""
    guests, mails, phones = columns(Guest), columns(GuestEmail), columns(GuestPhone)
    with ctx.store.connect() as connection:
        assert record_search.wrong(connection, "guest") == 0
        reference = {row.id: row.reference for row in connection.execute(select(guests.id, guests.reference))}
        left_out = {"id", "created_at", "updated_at", "version"}
        names = [one for one in table_of(Guest).c if one.name not in left_out]
        found = {"guests": [tuple(row) for row in connection.execute(select(*names).order_by(guests.reference))]}
        for word, model, value in (("mails", mails, mails.address), ("phones", phones, phones.number)):
            rows = connection.execute(select(model.guest_id, value, model.position))
            found[word] = sorted((reference[row[0]], *row[1:]) for row in rows)
    return found


@pytest.mark.parametrize(("where", "batch"), [("before", 1), ("within", 1), ("within", 3), ("after", 2), ("within", 5)])
def test_again_ends_where_one_run_ends(tmp_path: Path, where: str, batch: int) -> None:
    text = "ref,surname,given,email,phone\n" + "".join(
        f"R{n},Łącki{n},Anna,a{n}@x.pl,600 100 {n % 1000:03}\n" if n % 50 else f"R{n},,Anna,a@x,1\n" for n in range(470)
    )
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    for place in (killed, whole):
        place.mkdir()
        (place / "guests.csv").write_text(text, "utf-8")
    once = make_house(whole)
    guest_import.run(once, whole / "guests.csv")
    make_house(killed).store.close()

    child = subprocess.run([sys.executable, "-c", _CHILD, where, str(batch), str(killed / "guests.csv")], timeout=60)
    assert child.returncode == -signal.SIGKILL

    again = Context(*_reopened(killed, once))
    landed = len(all_of(again)["guests"])
    result = guest_import.run(again, killed / "guests.csv")

    assert result.counts[Status.SAME] == landed
    assert all_of(again) == all_of(once)


def _reopened(place: Path, like: Context) -> tuple[Any, ...]:
    from crm_tui.base.paths import home_at
    from crm_tui.data.store import open_store

    home = home_at(place / "home")
    return open_store(f"sqlite:///{home.store}"), home, like.settings, like.clock, like.actor
