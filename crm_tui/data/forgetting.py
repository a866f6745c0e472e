"""Making SQLite forget (SPEC §6): what was deleted is overwritten, the full-text indexes keep no word of it, the log is emptied.

A full-text index only notes that a row was deleted; the words go when its segments are merged into one. That is done in
steps, each a short transaction of its own, so that everybody else goes on.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from sqlalchemy import Connection

from crm_tui.base.i18n import _
from crm_tui.base.progress import CancelEvent, Progress
from crm_tui.data.store import Store

INDEXES = (
    *("message_search", "guest_search", "inquiry_search", "reservation_search"),
    *("feedback_search", "quality_cost_search"),
)
_PAGES = 2_000
"""How many pages of an index one step merges: some tens of milliseconds."""
_TRIES = 10
_PAUSE = 0.05
_PATIENCE_MS = 50


def begin(connection: Connection) -> None:
    """From here on this connection overwrites what it deletes. It stays so: nobody wants it otherwise."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON").fetchone()


def pack(store: Store, progress: Progress, cancel: CancelEvent) -> None:
    """Merge every index into one segment.

    Raises:
        Cancelled: between two steps, when ``cancel`` is set.
    """
    if store.engine.dialect.name != "sqlite":
        return
    progress.step(_("Cleaning the search index"))
    done = 0
    try:
        for name in INDEXES:
            for _step in _merging(store, name):
                done += 1
                progress.count(done)
                cancel.check()
    finally:
        progress.done()


def _merging(store: Store, index: str) -> Iterator[None]:
    """The steps of one index. The first, with a negative number, merges all segments whatever their number."""
    pages = -_PAGES
    while True:
        with store.write() as session:
            connection = session.connection()
            begin(connection)
            before = _changes(connection)
            connection.exec_driver_sql(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', ?)", (pages,))
            moved = _changes(connection) - before
        yield
        if moved < 2:  # the statement itself counts as one
            return
        pages = _PAGES


def _changes(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT total_changes()").scalar_one())


def empty_log(store: Store) -> bool:
    """Bring everything from the write-ahead log into the file and empty it; False if somebody still reads from it."""
    if store.engine.dialect.name != "sqlite":
        return True
    for attempt in range(_TRIES):
        if _emptied(store):
            return True
        if attempt + 1 < _TRIES:
            time.sleep(_PAUSE)
    return False


def _emptied(store: Store) -> bool:
    connection = store.engine.raw_connection()
    cursor = connection.cursor()
    patience = cursor.execute("PRAGMA busy_timeout").fetchone()
    try:
        # Others cannot write while this waits for a reader, so it does not wait for long.
        cursor.execute(f"PRAGMA busy_timeout={_PATIENCE_MS}")
        row = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return row is None or row[0] == 0
    finally:
        cursor.execute(f"PRAGMA busy_timeout={int(patience[0]) if patience else 0}")
        cursor.close()
        connection.close()
