"""The index of feedback and of costs of quality is kept by the store itself, whatever way they are written."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from crm_tui.data import quality_search
from crm_tui.data.store import open_store
from tests.data.test_migrations import put

AT = "2026-07-01 09:00:00.000000"


@pytest.fixture
def connection(tmp_path: Path, empty_store: Path) -> Iterator[Connection]:
    """A store in which Łucja complained and was given something, written by hand."""
    path = tmp_path / "desk.db"
    shutil.copyfile(empty_store, path)
    path.chmod(0o600)
    store = open_store(f"sqlite:///{path}")
    with store.write() as session:
        found = session.connection()
        put(found, ("guest", {"id": 1, "kind": "person", "surname": "Wiśniewska", "given": "Łucja"}))
        put(found, ("guest", {"id": 2, "kind": "person", "surname": "Peña", "given": "José"}))
        put(found, ("reservation", {"id": 5, "code": "AB-12", "status": "confirmed"}))
        about = {"guest_id": 1, "reservation_id": 5, "room": "204", "at": AT, "code": "noise"}
        put(found, ("feedback", {"id": 7, "kind": "negative", "employee": "Leo", "comment": "Zimna woda", **about}))
        put(found, ("quality_cost", {"id": 7, "occasion": "Geburtstag", "comment": "Straße", **about}))
        yield found
        for kind in quality_search.KINDS:
            assert quality_search.wrong(found, kind) == 0
    store.close()


def found(connection: Connection, kind: str, words: str) -> list[int]:
    query = f"SELECT rowid FROM {kind}_search WHERE {kind}_search MATCH ? ORDER BY rowid"
    return list(connection.exec_driver_sql(query, (words,)).scalars())


@pytest.mark.parametrize("words", ["lucja", "wisniewska", "204", "leo zimna", '"ab-12"', "ab12", "wod*"])
def test_feedback_is_found_by_all_it_says(connection: Connection, words: str) -> None:
    assert found(connection, "feedback", words) == [7]


@pytest.mark.parametrize("words", ["lucja", "geburtstag", "strasse", "ab12"])
def test_a_cost_is_found_by_all_it_says(connection: Connection, words: str) -> None:
    assert found(connection, "quality_cost", words) == [7]


@pytest.mark.parametrize("kind", quality_search.KINDS)
@pytest.mark.parametrize(
    ("change", "words", "there"),
    [
        ("UPDATE guest SET surname = 'Nowak' WHERE id = 1", "nowak", True),
        ("UPDATE guest SET surname = 'Nowak' WHERE id = 1", "wisniewska", False),
        ("UPDATE {kind} SET guest_id = 2", "jose", True),
        ("UPDATE {kind} SET guest_id = NULL", "lucja", False),
        ("DELETE FROM guest WHERE id = 1", "lucja", False),
        ("UPDATE {kind} SET comment = 'Ciepła'", "ciepla", True),
        ("UPDATE {kind} SET room = '310'", "204", False),
        ("UPDATE {kind} SET reservation_id = NULL", "ab12", False),
        ("UPDATE reservation SET code = 'CD-3'", "cd3", True),
        (f"UPDATE reservation SET removed_at = '{AT}'", "ab12", False),
        (f"UPDATE {{kind}} SET removed_at = '{AT}'", "lucja", False),
        ("DELETE FROM {kind}", "lucja", False),
    ],
)
def test_every_change_is_followed(connection: Connection, kind: str, change: str, words: str, there: bool) -> None:
    connection.exec_driver_sql(change.format(kind=kind))
    assert found(connection, kind, words) == ([7] if there else [])


def test_a_code_is_renamed_without_the_index(connection: Connection) -> None:
    """However much is filed under it: the lists look for codes in the tables."""
    assert found(connection, "feedback", "noise") == []


def test_what_went_astray_is_counted_and_mended(connection: Connection) -> None:
    connection.exec_driver_sql("UPDATE feedback_search SET texts = 'a boat'")
    connection.exec_driver_sql("INSERT INTO quality_cost_search (rowid, names) VALUES (9, 'nobody')")
    assert [quality_search.wrong(connection, kind) for kind in quality_search.KINDS] == [1, 1]
    quality_search.rebuild(connection)
    assert [quality_search.wrong(connection, kind) for kind in quality_search.KINDS] == [0, 0]
