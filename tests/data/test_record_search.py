"""The index of inquiries and guests is kept by the store itself, whatever way they are written."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from crm_tui.data import record_search
from crm_tui.data.bulk import allocate, insert_rows, update_rows
from crm_tui.data.store import open_store
from crm_tui.data.tables import Guest, GuestPhone

AT = "2026-07-01 09:00:00.000000"


@pytest.fixture
def connection(tmp_path: Path, empty_store: Path) -> Iterator[Connection]:
    """A store in which Łucja asked for a room, written by hand."""
    path = tmp_path / "desk.db"
    shutil.copyfile(empty_store, path)
    path.chmod(0o600)
    store = open_store(f"sqlite:///{path}")
    with store.write() as session:
        found = session.connection()
        for number, surname, given in ((1, "Wiśniewska", "Łucja"), (2, "Peña", "José")):
            found.exec_driver_sql(
                "INSERT INTO guest (id, kind, surname, given, folded, language, nationality, document, passport, street, "
                "postcode, city, country, tax_number, remarks, reference, created_at, updated_at, version) VALUES "
                "(?, 'person', ?, ?, '', '', '', '', '', '', '', 'Łódź', '', '', '', '', ?, ?, 1)",
                (number, surname, given, AT, AT),
            )
        found.exec_driver_sql(
            "INSERT INTO inquiry (id, status, lost_reason, scope, channel, children, room, destination, board, "
            "budget_currency, airport, preferences, price_currency, proposed, created_at, updated_at, version) VALUES "
            f"(1042, 'new', '', '', 'phone', '[]', 'doble', '', '', '', '', 'Straße ruhig', '', '{{}}', '{AT}', '{AT}', 1)"
        )
        found.exec_driver_sql("INSERT INTO inquiry_guest (inquiry_id, guest_id, holder) VALUES (1042, 1, 1)")
        found.exec_driver_sql(
            "INSERT INTO guest_email (guest_id, position, address, folded, label) VALUES (1, 0, 'lucja@x.pl', 'lucja@x.pl', '')"
        )
        found.exec_driver_sql(
            "INSERT INTO guest_phone (guest_id, position, number, label) VALUES (1, 0, '+48601234567', '')"
        )
        found.exec_driver_sql(
            f"INSERT INTO memo (inquiry_id, text, created_at, version) VALUES (1042, 'wants a cot', '{AT}', 1)"
        )
        yield found
        for kind in ("inquiry", "guest"):
            assert record_search.wrong(found, kind) == 0
    store.close()


def found(connection: Connection, kind: str, words: str) -> list[int]:
    query = f"SELECT rowid FROM {kind}_search WHERE {kind}_search MATCH ? ORDER BY rowid"
    return list(connection.exec_driver_sql(query, (words,)).scalars())


@pytest.mark.parametrize(
    "words", ["lucja", "wisniewska", "lucja doble", "1042", "601234567", "strasse", "cot", '"lucja@x.pl"', "wis*"]
)
def test_an_inquiry_is_found_by_all_it_says(connection: Connection, words: str) -> None:
    assert found(connection, "inquiry", words) == [1042]


def test_a_guest_is_found_but_not_by_the_words_of_an_inquiry(connection: Connection) -> None:
    """Whoever may not see the inquiry must not learn of it through its guest."""
    assert found(connection, "guest", "lodz") == [1, 2]
    assert found(connection, "guest", "lucja") == [1]
    assert found(connection, "guest", "cot OR doble OR 1042") == []


@pytest.mark.parametrize(
    ("change", "words", "inquiries"),
    [
        ("UPDATE guest SET surname = 'Nowak' WHERE id = 1", "nowak", [1042]),
        ("UPDATE guest SET surname = 'Nowak' WHERE id = 1", "wisniewska", []),
        ("UPDATE inquiry SET room = 'suite'", "suite", [1042]),
        ("UPDATE inquiry SET room = 'suite'", "doble", []),
        (f"UPDATE inquiry SET removed_at = '{AT}'", "lucja", []),
        ("UPDATE inquiry_guest SET guest_id = 2", "jose", [1042]),
        ("UPDATE inquiry_guest SET guest_id = 2", "lucja", []),
        ("INSERT INTO inquiry_guest (inquiry_id, guest_id, holder) VALUES (1042, 2, 0)", "jose lucja", [1042]),
        ("DELETE FROM inquiry_guest", "lucja", []),
        ("UPDATE guest_email SET address = 'ł@y.pl'", '"l@y.pl"', [1042]),
        ("DELETE FROM guest_phone", "601234567", []),
        ("UPDATE memo SET text = 'wants a crib'", "crib", [1042]),
        (f"UPDATE memo SET removed_at = '{AT}'", "cot", []),
        ("UPDATE memo SET inquiry_id = NULL", "cot", []),
        ("DELETE FROM memo", "cot", []),
        ("DELETE FROM inquiry_guest; DELETE FROM memo; DELETE FROM inquiry", "doble", []),
    ],
)
def test_every_change_is_followed(connection: Connection, change: str, words: str, inquiries: list[int]) -> None:
    for statement in change.split("; "):
        connection.exec_driver_sql(statement)
    assert found(connection, "inquiry", words) == inquiries


def test_a_conversation_brings_its_memos(connection: Connection) -> None:
    connection.exec_driver_sql(
        "INSERT INTO conversation (id, folder, previous_folder, subject, counterpart_name, counterpart_address, preview, "
        "message_count, unread_count, attachment_count, first_at, last_at, starred, snoozed, version) VALUES "
        f"(7, 'Inbox', '', '', '', '', '', 0, 0, 0, '{AT}', '{AT}', 0, 0, 1)"
    )
    connection.exec_driver_sql(
        f"INSERT INTO memo (conversation_id, text, created_at, version) VALUES (7, 'allergic to nuts', '{AT}', 1)"
    )
    assert found(connection, "inquiry", "allergic") == []
    connection.exec_driver_sql("UPDATE conversation SET inquiry_id = 1042 WHERE id = 7")
    assert found(connection, "inquiry", "allergic") == [1042]
    connection.exec_driver_sql("UPDATE conversation SET inquiry_id = NULL WHERE id = 7")
    assert found(connection, "inquiry", "allergic") == []


def test_what_went_astray_is_counted_and_mended(connection: Connection) -> None:
    connection.exec_driver_sql("UPDATE inquiry_search SET memos = 'wants a boat'")
    connection.exec_driver_sql("INSERT INTO guest_search (rowid, names) VALUES (9, 'nobody')")
    assert (record_search.wrong(connection, "inquiry"), record_search.wrong(connection, "guest")) == (1, 1)
    record_search.rebuild(connection)
    assert (record_search.wrong(connection, "inquiry"), record_search.wrong(connection, "guest")) == (0, 0)
    assert found(connection, "inquiry", "cot") == [1042]


def test_many_guests_are_indexed_at_once(connection: Connection) -> None:
    ids = allocate(connection, "guest", 3)
    with record_search.paused(connection, ids):
        insert_rows(connection, Guest, [guest_row(number, f"Łącki{number}") for number in ids])
        insert_rows(connection, GuestPhone, [{"guest_id": one, "number": f"+4860000000{one}"} for one in ids])
        assert record_search.wrong(connection, "guest") == 3
    assert record_search.wrong(connection, "guest") == 0

    with record_search.paused(connection, (), [1]):
        update_rows(connection, Guest, [{"id": 1, "surname": "Nowak"}])
        assert (record_search.wrong(connection, "guest"), record_search.wrong(connection, "inquiry")) == (1, 1)
    assert (found(connection, "guest", "nowak"), found(connection, "inquiry", "nowak")) == ([1], [1042])

    update_rows(connection, Guest, [{"id": 2, "surname": "Kowalska"}])
    assert found(connection, "guest", "kowalska") == [2]


def test_a_pause_ends_with_its_transaction(tmp_path: Path, empty_store: Path) -> None:
    path = tmp_path / "other.db"
    shutil.copyfile(empty_store, path)
    path.chmod(0o600)
    store = open_store(f"sqlite:///{path}")

    def broken_off() -> None:
        with store.write() as session, record_search.paused(session.connection(), [1]):
            insert_rows(session.connection(), Guest, [guest_row(1, "Nowak")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    with store.write() as session:
        insert_rows(session.connection(), Guest, [guest_row(1, "Nowak")])
        assert record_search.wrong(session.connection(), "guest") == 0
    store.close()


def guest_row(number: int, surname: str) -> dict[str, object]:
    at = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
    return {"id": number, "surname": surname, "folded": surname.lower(), "created_at": at, "updated_at": at}
