"""The migrations make exactly the tables that the models declare, and a store is only opened where that is safe."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from crm_tui.base.errors import StoreError, StoreTooNew
from crm_tui.data import schema, sqlite
from crm_tui.data.store import Store, open_store
from crm_tui.data.tables import metadata

DOWNWARDS = {f"ix_{table}_{name}" for table in ("feedback", "quality_cost") for name in ("code", "room")}
"""Indexes with columns that run down: Alembic only guesses what they are, see :func:`test_indexes_that_run_down`."""


@pytest.fixture
def path(tmp_path: Path, empty_store: Path) -> Path:
    """A store's file."""
    copy = tmp_path / "desk.db"
    shutil.copyfile(empty_store, copy)
    copy.chmod(0o600)
    return copy


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{path}")
    yield opened
    opened.close()


def test_migrated_schema_is_the_declared_one(store: Store) -> None:
    # by ALTER TABLE: reflected without ON DELETE
    about = ("conversation", "draft", "internal_message", "memo", "reminder")
    added = {
        *(("agent", "department_id"), ("conversation", "inquiry_id"), ("draft", "recall_of")),
        *((table, "reservation_id") for table in about),
        *(("flight", "informed_by"), ("payment", "folio_id")),
    }

    def ours(thing: Any, name: str | None, kind: str, _reflected: bool, _against: Any) -> bool:
        if kind == "foreign_key_constraint":
            keys = {(thing.table.name, column) for column in thing.column_keys}
            return not keys & (added | {("inquiry_guest", "led_by")})
        if kind == "index" and name in DOWNWARDS:
            return False
        return not (
            kind == "table"
            and "_search" in (name or "")
            and str(name).partition("_search")[0]
            in ("message", "inquiry", "guest", "reservation", "feedback", "quality_cost")
        )

    with store.connect() as connection:
        for table, column in added:
            keys = connection.exec_driver_sql(f"PRAGMA foreign_key_list({table})").mappings().all()
            assert {row["from"]: row["on_delete"] for row in keys}[column] == "SET NULL"
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_partial_indexes_are_the_declared_ones(store: Store) -> None:
    """Alembic does not compare their conditions."""
    with store.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'index'").all()
        made: dict[str, str] = {row.name: row.sql for row in rows}
    for table in metadata.tables.values():
        for index in table.indexes:
            where = index.dialect_options["sqlite"]["where"]
            condition = made[str(index.name)].partition(" WHERE ")[2]
            assert condition == ("" if where is None else str(where))


def test_indexes_that_run_down(store: Store) -> None:
    declared = {str(index.name): index for table in metadata.tables.values() for index in table.indexes}
    with store.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'index'").all()
    made = {row.name: row.sql for row in rows}
    for name in DOWNWARDS:
        assert made[name].endswith(f"({', '.join(_told(one) for one in declared[name].expressions)})")
        assert made[name].endswith(", at DESC, id DESC)")


def _told(expression: Any) -> str:
    return str(getattr(expression, "name", expression))


def test_head_is_the_newest_migration() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


def test_a_store_of_a_newer_program_is_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    before = path.read_bytes()
    with pytest.raises(StoreTooNew, match="newer"):
        open_store(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_something_else_is_no_store(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_bytes(b"these are notes, not a database\n" * 200)
    path.chmod(0o600)
    with pytest.raises(StoreError, match="no store"):
        open_store(f"sqlite:///{path}")


@pytest.mark.parametrize("suffix", ["", "-wal"])
def test_a_store_that_everyone_may_read_is_refused(path: Path, suffix: str) -> None:
    exposed = path.with_name(path.name + suffix)
    exposed.touch()
    exposed.chmod(0o644)
    with pytest.raises(StoreError) as caught:
        open_store(f"sqlite:///{path}")
    assert f"chmod o-rwx {exposed}" in caught.value.hint


def test_a_new_store_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "desk.db"
    store = open_store(f"sqlite:///{path}")
    with store.write() as session:
        session.connection().exec_driver_sql("INSERT INTO folder_count VALUES ('x', '', 0, 0, 0)")
        modes = {item.name: stat.S_IMODE(item.stat().st_mode) for item in path.parent.iterdir()}
    store.close()
    assert set(modes) == {"desk.db", "desk.db-wal", "desk.db-shm"}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("readonly", [True, False])
def test_a_missing_store_is_named_and_not_made(tmp_path: Path, readonly: bool) -> None:
    path = tmp_path / "desk.db"
    with pytest.raises(StoreError, match="no store at"):
        open_store(f"sqlite:///{path}", readonly=readonly, create=readonly)
    assert not path.exists()


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs", "9p"])
def test_a_network_file_system_is_refused(tmp_path: Path, kind: str) -> None:
    mounts = tmp_path / "mounts"
    share = tmp_path / "a share"
    share.mkdir()
    mounts.write_text(
        f"/dev/vda / ext4 rw 0 0\nserver:/x {str(share).replace(' ', chr(92) + '040')} {kind} rw 0 0\nbroken line\n"
    )
    with pytest.raises(StoreError, match=kind):
        sqlite.check_place(share / "desk.db", mounts)
    sqlite.check_place(tmp_path / "desk.db", mounts)
    link = tmp_path / "link"
    link.symlink_to(share)
    with pytest.raises(StoreError, match=kind):
        sqlite.check_place(link / "desk.db", mounts)


def test_a_later_mount_covers_an_earlier_one(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"a / ext4 rw 0 0\nb {tmp_path} nfs rw 0 0\nc {tmp_path} ext4 rw 0 0\nd {tmp_path}x nfs rw 0 0\n")
    assert sqlite.file_system_of(tmp_path / "desk.db", mounts) == "ext4"
    assert sqlite.file_system_of(tmp_path / "desk.db", tmp_path / "none") == ""


def _open(path: str) -> str:
    try:
        open_store(f"sqlite:///{path}").close()
    except Exception as error:
        return repr(error)
    return ""


def test_several_programs_may_set_a_store_up_at_once(tmp_path: Path) -> None:
    with get_context("spawn").Pool(4) as pool:
        assert pool.map(_open, [str(tmp_path / "desk.db")] * 8) == [""] * 8
