"""The store's version number, which live refresh stands on."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from crm_tui.data.store import open_store


def test_every_other_connections_change_is_noticed(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'desk.db'}")
    try:
        first = store.data_version()
        with store.write() as session:
            session.connection().exec_driver_sql("create table a (n integer)")
        second = store.data_version()
        with sqlite3.connect(tmp_path / "desk.db") as other:
            other.execute("insert into a values (1)")
        other.close()
        assert len({first, second, store.data_version()}) == 3
        assert store.data_version() == store.data_version()
    finally:
        store.close()


def test_watching_does_not_keep_the_log_from_being_folded_in(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'desk.db'}")
    try:
        store.data_version()
        with store.write() as session:
            session.connection().exec_driver_sql("create table a (n integer)")
        store.data_version()
        with sqlite3.connect(tmp_path / "desk.db") as other:
            busy, log, folded = other.execute("pragma wal_checkpoint(full)").fetchone()
        other.close()
        assert (busy, log) == (0, folded)
    finally:
        store.close()
