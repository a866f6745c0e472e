"""What the database keeps of a reservation's money is what the rule says, whatever was done to lines and payments (SPEC §7)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert, select, text, update

from crm_tui.data import dues
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.store import Store, open_store
from crm_tui.data.tables import Payment, Reservation, ReservationDue, ScheduleLine
from crm_tui.rules.schedule import Line, due_day, sums

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
TODAY = NOW.date()
_L = columns(ScheduleLine)
_P = columns(Payment)
_R = columns(Reservation)
_K = columns(ReservationDue)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, empty_store: Path) -> Iterator[Store]:
    copy = tmp_path_factory.mktemp("dues") / "desk.db"
    shutil.copyfile(empty_store, copy)
    copy.chmod(0o600)
    opened = open_store(f"sqlite:///{copy}")
    yield opened
    opened.close()


KINDS = st.sampled_from(["deposit", "balance", "instalment"])
DAYS = st.integers(-5, 5).map(lambda n: TODAY + timedelta(days=n))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("line"), KINDS, DAYS, st.integers(0, 60), st.integers(0, 2)),
        st.tuples(st.just("pay"), st.sampled_from(["payment", "refund"]), st.integers(1, 90)),
        st.tuples(st.just("reverse"), st.integers(0, 5)),
        st.tuples(st.just("drop"), st.integers(0, 5)),
        st.tuples(st.just("delete"), st.sampled_from(["line", "payment"]), st.integers(0, 5)),
        st.tuples(st.just("move"), st.integers(0, 5), KINDS, DAYS, st.integers(0, 60)),
        st.tuples(st.just("status"), st.sampled_from(["confirmed", "cancelled", "option", "completed"])),
        st.tuples(st.just("away"), st.booleans()),
    ),
    max_size=14,
)


def _nth(connection: Connection, column: Any, reservation: Any, nth: int) -> int | None:
    found = connection.execute(select(column).where(reservation).order_by(column)).scalars().all()
    return int(found[nth % len(found)]) if found else None


def _do(connection: Connection, number: int, step: tuple[Any, ...]) -> None:
    what, *more = step
    mine, paid = _L.reservation_id == number, _P.reservation_id == number
    if what == "line":
        kind, due, amount, position = more
        values = {"kind": kind, "due": due, "amount": amount, "position": position}
        connection.execute(insert(ScheduleLine).values(reservation_id=number, **values))
    elif what == "pay":
        values = {"kind": more[0], "amount": more[1], "day": TODAY, "created_at": NOW}
        connection.execute(insert(Payment).values(reservation_id=number, **values))
    elif what == "reverse":
        where = _P.id == _nth(connection, _P.id, paid, more[0])
        connection.execute(update(Payment).where(where).values(reversed_at=NOW))
    elif what == "drop":
        where = _L.id == _nth(connection, _L.id, mine, more[0])
        connection.execute(update(ScheduleLine).where(where).values(removed_at=NOW))
    elif what == "delete" and more[0] == "line":
        connection.execute(delete(ScheduleLine).where(_L.id == _nth(connection, _L.id, mine, more[1])))
    elif what == "delete":
        connection.execute(delete(Payment).where(_P.id == _nth(connection, _P.id, paid, more[1])))
    elif what == "move":
        nth, kind, due, amount = more
        where = _L.id == _nth(connection, _L.id, mine, nth)
        connection.execute(update(ScheduleLine).where(where).values(kind=kind, due=due, amount=amount))
    else:
        values = {"status": more[0]} if what == "status" else {"removed_at": NOW if more[0] else None}
        connection.execute(update(Reservation).where(_R.id == number).values(**values))


def _by_the_rule(connection: Connection, number: int) -> tuple[int, int, int, date | None]:
    kept = select(_L).where(_L.reservation_id == number, _L.removed_at.is_(None))
    lines = [Line(row.kind, row.due, row.amount, row.position, row.id) for row in connection.execute(kept)]
    held = connection.execute(select(_P).where(_P.reservation_id == number, _P.reversed_at.is_(None)))
    paid = sum(-row.amount if row.kind == "refund" else row.amount for row in held)
    row = connection.execute(select(table_of(Reservation)).where(_R.id == number)).one()
    told = sums(lines, paid)
    asked = row.status != "cancelled" and row.removed_at is None
    return paid, told.deposit, told.price, due_day(lines, paid) if asked else None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_kept_sums_are_those_of_the_rule(store: Store, steps: list[tuple[Any, ...]]) -> None:
    with store.write(durable=False) as session:
        connection = session.connection()
        point = connection.begin_nested()
        row = {"code": "R1", "currency": "EUR", "created_at": NOW, "updated_at": NOW}
        number = new_id(connection.execute(insert(Reservation).values(**row)))
        for step in steps:
            _do(connection, number, step)
            kept = connection.execute(
                select(_K.paid, _K.deposit, _K.price, _K.due).where(_K.reservation_id == number)
            ).first()
            wanted = _by_the_rule(connection, number)
            assert tuple(kept) == wanted if kept is not None else wanted == (0, 0, 0, None)
        assert connection.execute(text(dues.WRONG)).scalar() == 0
        point.rollback()
