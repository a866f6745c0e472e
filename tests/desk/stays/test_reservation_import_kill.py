"""An import of reservations that is killed anywhere leaves whole batches; again it ends where one run ends (QUALITY R6)."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui.base.paths import home_at
from crm_tui.data.store import open_store
from crm_tui.desk.common.context import Context
from crm_tui.desk.stays import reservation_files
from crm_tui.desk.upkeep import checking
from tests.desk.house import make_house

_CHILD = """
import os, signal, sys
from pathlib import Path
from crm_tui.base.clock import FixedClock
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.data.store import open_store
from crm_tui.desk import reservation_import
from crm_tui.desk.common.context import Actor, Context
from tests.desk.house import NOW
from tests.desk.stays.test_reservation_import_kill import BATCH, take_in

where, batch, place = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
home = home_at(place / "home")
ctx = Context(open_store(f"sqlite:///{home.store}"), home, Settings(), FixedClock(NOW), Actor(1, "Ana", "admin"))
real, calls = reservation_import._Landing.results, 0

def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)

def results(self):
    global calls
    calls += 1
    if where == "before" and calls == batch:
        die()
    made = real(self)
    if where == "within" and calls == batch:
        die()
    return made

reservation_import._Landing.results = results
done = 0
for one in take_in(ctx):
    done += 1
    if where == "after" and done == batch * BATCH:
        die()
"""
BATCH = 40
ROWS = [
    {
        "reference": f"B-{number}",
        "status": "confirmed",
        "arrival": "2026-08-01",
        "departure": "2026-08-08",
        "currency": "EUR",
        "value": "100.00",
        "guests": [
            {"surname": f"Łącki{number % 30}", "given": "Anna", "email": f"a{number % 30}@x.pl", "holder": True}
        ],
        "schedule": [{"kind": "deposit", "due": "2026-07-10", "amount": "30.00" if number % 20 else "soon"}],
        "payments": [{"reference": f"P{number}", "date": "2026-06-01", "amount": "10.00", "method": "card"}],
        "flights": [{"number": "LO 1", "from": "WAW", "to": "PMI", "departs": "2026-08-01T06:40"}],
    }
    for number in range(170)
]


def take_in(ctx: Context) -> Iterator[str]:
    """Import all rows in small batches; what became of each, one by one."""
    from crm_tui.desk.stays import reservation_import
    from crm_tui.desk.stays.reservation_import import SourceRow

    reservation_import.CHUNK = BATCH
    rows = (SourceRow(number, row) for number, row in enumerate(ROWS, 1))
    return (one.status for one in reservation_import.import_rows(ctx, rows))


def held(ctx: Context) -> list[str]:
    """All reservations as they would be written to a file; the numbers of the desk may differ."""
    assert all(one.ok for one in checking.check(ctx))
    return sorted(json.dumps({**one, "code": ""}, sort_keys=True) for one in reservation_files.records(ctx))


@pytest.mark.parametrize(("where", "batch"), [("before", 1), ("within", 1), ("within", 3), ("after", 2)])
def test_again_ends_where_one_run_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, batch: int) -> None:
    monkeypatch.setattr("crm_tui.desk.stays.reservation_import.CHUNK", BATCH)
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    for place in (killed, whole):
        place.mkdir()
    once = make_house(whole)
    assert sorted(set(take_in(once))) == ["error", "new"]
    make_house(killed).store.close()

    child = subprocess.run([sys.executable, "-c", _CHILD, where, str(batch), str(killed)], timeout=60)
    assert child.returncode == -signal.SIGKILL

    home = home_at(killed / "home")
    again = Context(open_store(f"sqlite:///{home.store}"), home, once.settings, once.clock, once.actor)
    landed = len(held(again))
    assert landed % (BATCH - BATCH // 20) == 0  # whole batches
    assert list(take_in(again)).count("same") == landed
    assert held(again) == held(once)
    for ctx in (again, once):
        ctx.store.close()
