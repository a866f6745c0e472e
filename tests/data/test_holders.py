"""The database itself holds to one holder, a person, whatever writes to it (SPEC §1)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from crm_tui.data.store import Store, open_store

AT = "'2026-07-01 08:00:00.000000'"


@pytest.fixture
def store(tmp_path: Path, empty_store: Path) -> Iterator[Store]:
    """Two persons (1, 2) and a company (3), with an inquiry and a reservation of number 7 without guests."""
    path = tmp_path / "desk.db"
    shutil.copyfile(empty_store, path)
    path.chmod(0o600)
    opened = open_store(f"sqlite:///{path}")
    with opened.write() as session:
        run = session.connection().exec_driver_sql
        for number, kind in ((1, "person"), (2, "person"), (3, "company")):
            run(
                "INSERT INTO guest (id, kind, surname, given, folded, language, nationality, document, passport, street, "
                "postcode, city, country, tax_number, remarks, reference, created_at, updated_at, version) VALUES "
                f"({number}, '{kind}', 'A', '', 'a', '', '', '', '', '', '', '', '', '', '', '', {AT}, {AT}, 1)"
            )
        run(
            "INSERT INTO inquiry (id, status, lost_reason, scope, channel, children, room, destination, board, "
            "budget_currency, airport, preferences, price_currency, proposed, created_at, updated_at, version) VALUES "
            f"(7, 'new', '', '', 'direct', '[]', '', '', '', '', '', '', '', '{{}}', {AT}, {AT}, 1)"
        )
        run(
            "INSERT INTO reservation (id, code, reference, status, channel, product, destination, folded_destination, "
            f"room, currency, remarks, created_at, updated_at, version) VALUES (7, 'R7', '', 'confirmed', 'direct', '', "
            f"'', '', '', '', '', {AT}, {AT}, 1)"
        )
    yield opened
    opened.close()


@pytest.fixture(params=["inquiry", "reservation"])
def owner(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def write(store: Store, *statements: str) -> None:
    with store.write() as session:
        for statement in statements:
            session.connection().exec_driver_sql(statement)


def put(owner: str, guest: int, holder: int) -> str:
    return f"INSERT INTO {owner}_guest ({owner}_id, guest_id, holder) VALUES (7, {guest}, {holder})"


def guests(connection: Connection, owner: str) -> dict[int, int]:
    rows = connection.exec_driver_sql(f"SELECT guest_id, holder FROM {owner}_guest ORDER BY guest_id")
    return {row[0]: row[1] for row in rows}


def seen(store: Store, owner: str) -> dict[int, int]:
    with store.connect() as connection:
        found = guests(connection, owner)
        holder = connection.exec_driver_sql(f"SELECT guest_id FROM {owner}_holder").scalars().all()
        assert list(holder) == [number for number, leads in found.items() if leads]
    return found


@pytest.mark.parametrize(
    "statements",
    [
        [(1, 0)],  # a person without a holder
        [(1, 0), (2, 0)],
        [(1, 1), (2, 1)],  # two
        [(3, 1)],  # a company
        [(3, 1), (1, 0)],
    ],
)
def test_guests_without_exactly_one_person_as_holder_are_refused(
    store: Store, owner: str, statements: list[tuple[int, int]]
) -> None:
    with pytest.raises(IntegrityError):
        write(store, *(put(owner, guest, holder) for guest, holder in statements))
    assert seen(store, owner) == {}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE {0}_guest SET holder = 0",
        "UPDATE {0}_guest SET holder = 1",
        "UPDATE {0}_guest SET holder = (guest_id = 3)",
        "DELETE FROM {0}_guest WHERE holder",
        "UPDATE guest SET kind = 'company' WHERE id = 1",
        "DELETE FROM {0}_holder",
    ],
)
def test_no_later_change_leaves_them_without_one(store: Store, owner: str, change: str) -> None:
    write(store, put(owner, 1, 1), put(owner, 2, 0), put(owner, 3, 0))
    with pytest.raises(IntegrityError):
        write(store, change.format(owner))
    assert seen(store, owner) == {1: 1, 2: 0, 3: 0}


def test_a_holder_may_be_changed_in_any_order(store: Store, owner: str) -> None:
    write(store, put(owner, 3, 0))
    write(store, put(owner, 1, 1), put(owner, 2, 0))
    table = f"{owner}_guest"
    write(store, f"UPDATE {table} SET holder = 0", f"UPDATE {table} SET holder = 1 WHERE guest_id = 2")
    assert seen(store, owner) == {1: 0, 2: 1, 3: 0}
    write(store, f"DELETE FROM {table}", put(owner, 1, 1), put(owner, 2, 0))
    assert seen(store, owner) == {1: 1, 2: 0}
    write(store, f"DELETE FROM {table} WHERE guest_id = 2", f"UPDATE {table} SET guest_id = 2")
    assert seen(store, owner) == {2: 1}
    write(store, f"DELETE FROM {table}")
    assert seen(store, owner) == {}


def test_a_company_that_proves_to_be_a_person_needs_a_holder_too(store: Store, owner: str) -> None:
    write(store, put(owner, 3, 0))
    with pytest.raises(IntegrityError):
        write(store, "UPDATE guest SET kind = 'person' WHERE id = 3")
    write(
        store,
        "UPDATE guest SET kind = 'person' WHERE id = 3",
        f"UPDATE {owner}_guest SET holder = 1",
    )
    assert seen(store, owner) == {3: 1}


def test_with_its_owner_all_goes(store: Store, owner: str) -> None:
    write(store, put(owner, 1, 1), put(owner, 2, 0))
    write(store, f"DELETE FROM {owner}")
    assert seen(store, owner) == {}
