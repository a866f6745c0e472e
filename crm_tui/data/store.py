"""Opening the store and working in it: one place where transactions begin and end.

Reading: ``with store.connect() as connection`` (Core) or ``with store.read() as session``. Writing:
``with store.write() as session``: one ``BEGIN IMMEDIATE`` transaction, committed at the end, rolled back on any error
(QUALITY R4: a deferred transaction that upgrades fails at once, whatever the busy timeout).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from crm_tui.base.errors import InvalidInput, StoreError
from crm_tui.base.i18n import _
from crm_tui.data import schema, sqlite
from crm_tui.data.failures import told_plainly

BUSY_TIMEOUT_MS = 10_000


class Store:
    """An open store. Thread-safe; every thread gets its own connection.

    Args:
        url: an SQLAlchemy URL; ``sqlite:///PATH`` for the default.
        readonly: open so that nothing can be written.
    """

    def __init__(self, url: str, *, readonly: bool = False, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> None:
        self.url = url
        self.readonly = readonly
        self._watch_lock = threading.Lock()
        self._watch: PoolProxiedConnection | None = None
        self._hurried = False
        self.engine = _engine(url, readonly, busy_timeout_ms)

    @property
    def path(self) -> Path | None:
        """The SQLite file; None for a server."""
        name = self.engine.url.database
        return Path(name) if self.engine.dialect.name == "sqlite" and name else None

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A Core connection in a read transaction: one consistent view until the end of the block."""
        with told_plainly(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session in a read transaction. Its objects must not leave the block."""
        with told_plainly(), Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Session]:
        """A session in an immediate write transaction; commits at the end of the block or rolls back.

        Args:
            durable: wait until the disk has it. Only what can be had again, mail that the server still holds, may do
                without: a power cut then loses the last such transactions, cursor and all, and never a part of one.

        Raises:
            StoreLocked: another process wrote longer than the busy timeout.
            DiskFull: no room; nothing was written.
        """
        with (
            told_plainly(),
            self.engine.connect().execution_options(crm_immediate=True) as connection,
            self._waiting_for_disk(connection, durable and not self._hurried),
            Session(connection, expire_on_commit=False) as session,
        ):
            yield session
            session.flush()
            _commit(connection)

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """No write of the block waits for the disk: for a store that is being made and can be made again."""
        self._hurried = True
        try:
            yield
        finally:
            self._hurried = False

    @contextmanager
    def _waiting_for_disk(self, connection: Connection, durable: bool) -> Iterator[None]:
        if durable or connection.dialect.name != "sqlite":
            yield
            return
        driver = connection.connection.driver_connection
        sqlite.set_durable(driver, False)
        try:
            yield
        finally:
            connection.rollback()
            sqlite.set_durable(driver, True)

    def data_version(self) -> int:
        """A number that differs whenever another connection has changed the store (SQLite ``PRAGMA data_version``)."""
        with self._watch_lock, told_plainly():
            if self._watch is None:
                # Not through the engine's transactions: within one the number never changes, and an open one would
                # keep the write-ahead log from being taken back.
                self._watch = self.engine.raw_connection()
            cursor = self._watch.cursor()
            try:
                cursor.execute("PRAGMA data_version")
                row = cursor.fetchone()
                return int(row[0]) if row else 0
            finally:
                cursor.close()

    def close(self) -> None:
        """Close every connection."""
        with self._watch_lock:
            if self._watch is not None:
                self._watch.close()
                self._watch = None
        self.engine.dispose()


def _commit(connection: Connection) -> None:
    driver = connection.connection
    try:
        connection.commit()
    except BaseException:
        # A deferred constraint is told of by the commit itself, and SQLite then leaves the transaction open; SQLAlchemy
        # takes it for ended and would hand the connection out again.
        driver.rollback()
        raise


def open_store(url: str, *, readonly: bool = False, create: bool = True) -> Store:
    """Open a store, creating or migrating it where needed.

    Raises:
        StoreError: missing and not to be created, on a network file system (QUALITY R5), readable by everyone (S16).
        StoreTooNew: written by a newer version of the program.
    """
    path = sqlite.path_of(url)
    if path is not None:
        if not path.exists() and (readonly or not create):
            raise StoreError(_("There is no store at {path}.").format(path=path), _("Set one up with: crm-tui init"))
        sqlite.check_place(path)
        if not readonly:
            sqlite.touch_private(path)
    store = Store(url, readonly=readonly)
    try:
        schema.ensure(store.engine, readonly=readonly)
    except BaseException:
        store.close()
        raise
    return store


def _server_engine(url: str) -> Engine:
    try:
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    except ImportError:
        raise StoreError(
            _("The driver for this kind of store is not installed."), _("Install it, or use a store in a file.")
        ) from None
    except SQLAlchemyError:  # its words may hold the password of the address
        raise InvalidInput(
            _("This is not the address of a store."),
            _("Write it like sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME."),
            "db",
        ) from None


def _engine(url: str, readonly: bool, busy_timeout_ms: int) -> Engine:
    path = sqlite.path_of(url)
    if path is None:
        return _server_engine(url)
    engine = create_engine(
        f"sqlite:///{path}", pool_size=8, max_overflow=16, query_cache_size=1200, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        sqlite.prepare(connection, readonly=readonly, busy_timeout_ms=busy_timeout_ms)

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("isolation_level") == "AUTOCOMMIT":
            return  # a transaction held open would pin one view of the store for ever
        immediate = options.get("crm_immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine
