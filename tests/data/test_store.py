"""Transactions that land whole or not at all, and plain words when the store's surroundings fail (QUALITY R4, §3)."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from crm_tui.base.errors import DiskFull, Forbidden, StoreError, StoreLocked
from crm_tui.base.settings import Settings
from crm_tui.data.store import Store, open_store
from crm_tui.desk.common.context import Context

HARD = float(os.environ.get("CRM_TUI_HARD_SECONDS", "2"))
"""How long the writing test lasts."""


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


def put(store: Store, key: str, *, durable: bool = True) -> None:
    with store.write(durable=durable) as session:
        session.connection().exec_driver_sql("INSERT INTO folder_count VALUES (?, '', 0, 0, 0)", (key,))


def keys(store: Store) -> set[str]:
    with store.connect() as connection:
        return set(connection.exec_driver_sql("SELECT key FROM folder_count").scalars())


def _put_twice(connection: Connection) -> None:
    for _again in range(2):
        connection.exec_driver_sql("INSERT INTO folder_count VALUES ('b', '', 0, 0, 0)")


def _put_beyond_the_end(connection: Connection) -> None:
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 5}")
    for number in range(1000):
        connection.exec_driver_sql("INSERT INTO folder_count VALUES (?, '', 0, 0, 0)", (f"{number:05}" * 400,))


def test_a_block_that_fails_leaves_nothing(store: Store) -> None:
    with pytest.raises(IntegrityError), store.write() as session:
        _put_twice(session.connection())
    assert keys(store) == set()


def test_a_reader_sees_one_instant(store: Store) -> None:
    with store.connect() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM folder_count")
        put(store, "a")
        assert connection.exec_driver_sql("SELECT count(*) FROM folder_count").scalar_one() == 0
    assert keys(store) == {"a"}


def test_every_commit_waits_for_the_disk_again_after_one_that_did_not(store: Store) -> None:
    put(store, "a", durable=False)
    with pytest.raises(IntegrityError):
        put(store, "a", durable=False)
    for _connection in range(3):
        with store.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2


def test_what_the_connections_are_set_to(store: Store) -> None:
    with store.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "busy_timeout": 10_000}


def test_a_broken_rule_of_the_schema_is_a_bug_and_says_so(store: Store) -> None:
    put(store, "a")
    with pytest.raises(IntegrityError):
        put(store, "a")


@pytest.mark.parametrize("statement", ["UPDATE journal SET actor = 'x'", "DELETE FROM journal"])
def test_the_journal_cannot_be_edited(store: Store, statement: str) -> None:
    with store.write() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO journal (at, actor, command, entity, entity_id, action) "
            "VALUES ('2026-07-01 12:00:00.000000', 'Ola', 'c', 'agent', 1, 'create')"
        )
    with pytest.raises(IntegrityError, match="journal cannot be edited"), store.write() as session:
        session.connection().exec_driver_sql(statement)
    with pytest.raises(IntegrityError, match="journal cannot be edited"), store.write() as session:
        session.connection().exec_driver_sql(
            "INSERT OR REPLACE INTO journal (id, at, actor, command, entity, entity_id, action) "
            "SELECT id, at, 'x', command, entity, entity_id, action FROM journal"
        )
    with store.connect() as connection:
        assert connection.exec_driver_sql("SELECT actor FROM journal").scalar_one() == "Ola"


def test_a_read_only_store_refuses_to_write(path: Path) -> None:
    store = open_store(f"sqlite:///{path}", readonly=True)
    with pytest.raises(StoreError, match="only be read"):
        put(store, "a")
    assert keys(store) == set()
    store.close()


def test_a_read_only_desk_refuses_every_command(ctx: Context) -> None:
    reading = Context(ctx.store, ctx.home, Settings(), ctx.clock, readonly=True)
    with pytest.raises(Forbidden, match="read only"), reading.write():
        pytest.fail("the block was entered")


def test_a_store_held_by_another_program_is_told_plainly(path: Path) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sqlite3, sys\n"
            "held = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
            "held.execute('BEGIN IMMEDIATE')\n"
            "print('held', flush=True)\n"
            "sys.stdin.read()\n",
            str(path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    store = Store(f"sqlite:///{path}", busy_timeout_ms=50)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreLocked, match="held by another program"):
            put(store, "a")
        assert keys(store) == set()
    finally:
        holder.communicate("", timeout=20)
    put(store, "a")
    store.close()


def test_a_full_disk_leaves_nothing_half_written(store: Store) -> None:
    """SQLite's own limit of pages: the error of a full disk, without one."""
    put(store, "before")
    with pytest.raises(DiskFull, match="full"), store.write() as session:
        _put_beyond_the_end(session.connection())
    assert keys(store) == {"before"}
    with store.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"


_FILLING = """
import json, resource, sys
from crm_tui.base.errors import DiskFull
from crm_tui.data.store import open_store
store = open_store("sqlite:///" + sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
kept = []
try:
    for number in range(10_000):
        with store.write() as session:
            for half in "ab":
                session.connection().exec_driver_sql(
                    "INSERT INTO folder_count VALUES (?, '', 0, 0, 0)", (f"{number}{half}" + "x" * 20_000,))
        kept.append(number)
except DiskFull as error:
    print(json.dumps([len(kept), str(error)]))
"""


def test_a_disk_that_fills_up_keeps_what_was_committed(path: Path) -> None:
    """The system refuses to let the files grow, as a full disk does."""
    done = subprocess.run(
        [sys.executable, "-c", _FILLING, str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    kept, words = json.loads(done.stdout)
    assert kept > 5
    assert "full or failing" in words
    with sqlite3.connect(path) as raw:
        found = [key.rstrip("x") for (key,) in raw.execute("SELECT key FROM folder_count")]
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()
    assert sorted(found) == sorted(f"{number}{half}" for number in range(kept) for half in "ab")


def _write_hard(path: str, name: str, seconds: float) -> tuple[int, list[str]]:
    store = open_store(f"sqlite:///{path}")
    written, refused = 0, []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with store.write(durable=written % 3 > 0) as session:
                connection = session.connection()
                total = connection.exec_driver_sql("SELECT total FROM folder_count WHERE key = 'all'").scalar_one()
                connection.exec_driver_sql("UPDATE folder_count SET total = ? WHERE key = 'all'", (total + 1,))
                connection.exec_driver_sql("INSERT INTO folder_count VALUES (?, '', 0, 0, 0)", (f"{name} {written}",))
            written += 1
            with store.connect() as connection:
                connection.exec_driver_sql("SELECT count(*) FROM folder_count").scalar_one()
        except Exception as error:
            refused.append(repr(error))
    store.close()
    return written, refused


def test_programs_writing_hard_never_hear_of_locks_and_lose_nothing(path: Path, store: Store) -> None:
    put(store, "all")
    with get_context("spawn").Pool(5) as pool:
        results = pool.starmap(_write_hard, [(str(path), f"p{number}", HARD) for number in range(5)])
    assert [refused for _written, refused in results] == [[]] * 5
    assert all(written for written, _refused in results)
    with store.connect() as connection:
        total = connection.exec_driver_sql("SELECT total FROM folder_count WHERE key = 'all'").scalar_one()
    assert total == sum(written for written, _refused in results)


def test_threads_share_a_store(store: Store) -> None:
    failures: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for number in range(20):
                put(store, f"{name} {number}", durable=False)
                store.data_version()
                keys(store)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(f"t{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert len(keys(store)) == 120


def test_a_change_by_anyone_else_is_noticed(path: Path, store: Store) -> None:
    before = store.data_version()
    assert store.data_version() == before
    other = open_store(f"sqlite:///{path}")
    put(other, "a")
    other.close()
    noticed = store.data_version()
    assert noticed != before
    put(store, "b")
    assert store.data_version() != noticed
