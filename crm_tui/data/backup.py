"""Copies of a SQLite store: made while others write, put back only after they were checked (SPEC §15, QUALITY S16)."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from crm_tui.base.errors import CrmError, StoreError, StoreLocked, StoreTooNew
from crm_tui.base.i18n import _
from crm_tui.base.paths import FILE_MODE
from crm_tui.data import schema
from crm_tui.data.failures import explain

_PAGES = 4096
_MAGIC = b"SQLite format 3\x00"
_SIDE_FILES = ("-wal", "-shm", "-journal")


def is_sqlite(path: Path) -> bool:
    """Whether a file is a SQLite database, by its first bytes."""
    with open(path, "rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def _untold(_done: int, _total: int) -> None:
    """Nobody looks."""


def copy(source: Path, target: Path, count: Callable[[int, int], None] = _untold) -> None:
    """Copy a store into a new file: one consistent view of it, while others go on writing.

    The target appears whole or not at all, with mode 0600.

    Args:
        count: told how many pages are done, of how many.

    Raises:
        StoreError: the source cannot be read, or there is no room for the copy.
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        os.close(os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), FILE_MODE))
        with _told(), closing(_open(source)) as origin, closing(sqlite3.connect(temporary)) as copied:
            # the read transaction pins one view: without it the copy would start over at every change
            origin.execute("begin")
            origin.execute("select count(*) from sqlite_master").fetchone()
            origin.backup(copied, pages=_PAGES, progress=lambda _code, left, total: count(total - left, total))
            origin.rollback()
            copied.execute("pragma journal_mode = delete")
        _settle(temporary, target)
    except BaseException:
        for name in ("", *_SIDE_FILES):
            temporary.with_name(temporary.name + name).unlink(missing_ok=True)
        raise


def verify(path: Path) -> None:
    """Make sure that a file is a whole store that this program can open.

    Raises:
        StoreError: it is missing, no store, or damaged.
        StoreTooNew: a newer program wrote it.
    """
    try:
        if not is_sqlite(path):
            raise StoreError(_("{path} is no backup of a desk.").format(path=path))
    except OSError as error:
        raise StoreError(_("{path} cannot be read: {error}.").format(path=path, error=error.strerror)) from None
    damaged = StoreError(
        _("The backup {path} is damaged; nothing was changed.").format(path=path), _("Use another one.")
    )
    with closing(_open(path)) as connection:
        try:
            found = str((connection.execute("select version_num from alembic_version").fetchone() or ("",))[0])
            verdict = connection.execute("pragma integrity_check(1)").fetchone()[0]
            orphans = connection.execute("pragma foreign_key_check").fetchone()
        except sqlite3.DatabaseError as error:
            if "no such table" in str(error):
                raise StoreError(_("{path} is no backup of a desk.").format(path=path)) from None
            raise damaged from None
    if found > schema.HEAD:
        raise StoreTooNew(
            _("The backup {path} was made by a newer crm_tui; nothing was changed.").format(path=path),
            _("Update crm_tui."),
        )
    if verdict != "ok" or orphans is not None:
        raise damaged


def put_back(backup: Path, store: Path, stamp: str, ready: Callable[[Path], None] = lambda _path: None) -> Path | None:
    """Put a verified backup in the place of a store; returns where the old store was kept, if there was one.

    There is a store at every moment: the old one gets a second name, then the backup takes its place in one step.

    Args:
        ready: changes the restored file before it takes the store's place.

    Raises:
        StoreLocked: a desk or an engine has the store open.
    """
    store.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = store.with_name(f".{store.name}.restore.{os.getpid()}")
    aside = None
    try:
        copy(backup, fresh)
        ready(fresh)
        if store.exists():
            _require_unused(store)
            aside = _keep(store, stamp)
        os.replace(fresh, store)
        _sync_folder(store.parent)
    except BaseException:
        fresh.unlink(missing_ok=True)
        if aside is not None and store.exists() and aside.samefile(store):
            aside.unlink()
        raise
    return aside


@contextmanager
def changing(path: Path) -> Iterator[sqlite3.Connection]:
    """One transaction on a store that nobody else has open; all of it lands or nothing."""
    with _told(), closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("pragma synchronous = full")
        connection.execute("begin immediate")
        yield connection
        connection.execute("commit")


def _keep(store: Path, stamp: str) -> Path:
    """A second name for the old store. Only a damaged one still has side files; they would spoil the new one."""
    aside = store.with_name(f"{store.name}.before-restore-{stamp}")
    parts = [name for name in (*_SIDE_FILES, "") if store.with_name(store.name + name).exists()]
    for name in parts:
        _second_name(store.with_name(store.name + name), aside.with_name(aside.name + name))
    _sync_folder(store.parent)
    for name in parts:
        if name:
            store.with_name(store.name + name).unlink()
    return aside


def _second_name(file: Path, other: Path) -> None:
    other.unlink(missing_ok=True)
    try:
        os.link(file, other)
    except OSError:  # a file system without hard links
        shutil.copy2(file, other)
        descriptor = os.open(other, os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _require_unused(store: Path) -> None:
    """Leaving WAL mode needs the store for oneself alone: it fails while anyone has it open."""
    try:
        with closing(sqlite3.connect(store, timeout=1.0)) as connection:
            connection.execute("pragma journal_mode = delete").fetchone()
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise StoreLocked(
                _("A desk or an engine has the store open; nothing was changed."), _("Close it, then restore again.")
            ) from None
    except sqlite3.DatabaseError:
        return  # a damaged store is what one restores over


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.execute("pragma query_only = on")
    return connection


def _settle(temporary: Path, target: Path) -> None:
    descriptor = os.open(temporary, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.replace(temporary, target)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        plain: CrmError | None = explain(error)
        raise plain or StoreError(_("The copy failed: {error}.").format(error=error)) from None
