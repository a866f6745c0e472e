"""That a reservation was confirmed once is kept, whoever wrote it (SPEC §10)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.data.columns import columns
from crm_tui.data.store import open_store
from crm_tui.data.tables import Reservation
from crm_tui.desk.common.context import Context
from tests.data.test_migrations import AGENT, Row, at_schema
from tests.desk.bookings import add_reservation
from tests.desk.house import NOW, make_house

_R = columns(Reservation)
MADE = datetime(2026, 6, 1, 8, tzinfo=UTC)
SAID = datetime(2026, 6, 25, 8, tzinfo=UTC)


def confirmed(ctx: Context) -> dict[str, datetime | None]:
    with ctx.store.connect() as connection:
        return {row.code: row.confirmed_at for row in connection.execute(select(_R.code, _R.confirmed_at))}


def test_the_first_confirmation_is_kept_until_undo_says_that_it_never_was(tmp_path: Path) -> None:
    clock = FixedClock(NOW)
    ctx = make_house(tmp_path, clock=clock)
    option = add_reservation(ctx, "A", status="option")
    add_reservation(ctx, "B", status="confirmed")
    add_reservation(ctx, "C", status="cancelled")
    add_reservation(ctx, "D", status="no-show")
    assert confirmed(ctx) == {"A": None, "B": NOW, "C": None, "D": NOW}
    clock.advance(timedelta(hours=1))
    desk.reservation_status.set_status(ctx, [option], "confirmed")
    assert confirmed(ctx)["A"] == NOW + timedelta(hours=1)
    desk.undo.undo(ctx)
    assert confirmed(ctx)["A"] is None
    clock.advance(timedelta(hours=1))
    desk.reservation_status.set_status(ctx, [option], "confirmed")
    clock.advance(timedelta(hours=1))
    desk.reservation_status.set_status(ctx, [option], "cancelled")
    assert confirmed(ctx)["A"] == NOW + timedelta(hours=2)
    desk.undo.undo(ctx)  # the cancellation: it stays confirmed
    assert confirmed(ctx)["A"] == NOW + timedelta(hours=2)
    ctx.store.close()


def _row(number: int, code: str, status: str) -> Row:
    times = {"created_at": "2026-06-01 08:00:00.000000", "updated_at": "2026-06-30 08:00:00.000000"}
    return "reservation", {"id": number, "code": code, "status": status, "version": 1, **times}


def _said(number: int, thing: int, before: dict[str, Any] | None, after: dict[str, Any], action: str = "status") -> Row:
    told = {"at": "2026-06-25 08:00:00.000000", "command": f"c{number}", "entity": "reservation", "entity_id": thing}
    values = {"id": number, "action": action, "before": json.dumps(before), "after": json.dumps(after)}
    return "journal", {**told, "agent_id": 1, "actor": "Ana", "undoable": 0, **values}


def test_an_older_store_learns_it_from_status_and_journal(tmp_path: Path) -> None:
    at_schema(
        tmp_path / "desk.db",
        "0005",
        AGENT,
        _row(1, "stands", "confirmed"),
        _row(2, "since", "completed"),
        _row(3, "was from the start", "cancelled"),
        _row(4, "was for a while", "cancelled"),
        _row(5, "never", "cancelled"),
        _row(6, "by mistake", "option"),
        _said(1, 2, {"status": "option"}, {"status": "confirmed"}),
        _said(2, 3, {"status": "confirmed"}, {"status": "cancelled"}),
        _said(3, 4, {"status": "option"}, {"status": "confirmed"}),
        _said(4, 5, {"status": "option"}, {"status": "cancelled"}),
        _said(5, 6, {"status": "option"}, {"status": "confirmed"}),
        _said(6, 6, {"status": "confirmed"}, {"status": "option"}, "undo"),
        ("undone", {"command": "c5", "by_command": "c6"}),
    )
    store = open_store(f"sqlite:///{tmp_path / 'desk.db'}")
    with store.connect() as connection:
        found = {row.code: row.confirmed_at for row in connection.execute(select(_R.code, _R.confirmed_at))}
    store.close()
    assert found == {
        "stands": MADE,
        "since": SAID,
        "was from the start": MADE,
        "was for a while": SAID,
        "never": None,
        "by mistake": None,
    }
