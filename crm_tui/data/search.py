"""The full-text index over folded text (SPEC §14, QUALITY §1): rows in order of time, so that the newest come first for free."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection

from crm_tui.data.bulk import chunks, placeholders

COLUMNS = ("subject", "sender", "recipients", "body", "files")
_SEQUENCE_BITS = 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_INSERT = "INSERT INTO message_search (rowid, subject, sender, recipients, body, files) VALUES (?, ?, ?, ?, ?, ?)"
_REMOVE = (
    "INSERT INTO message_search (message_search, rowid, subject, sender, recipients, body, files) "
    "VALUES ('delete', ?, ?, ?, ?, ?, ?)"
)


def first_rowid(instant: datetime) -> int:
    """The lowest row of the index for messages of this second: seconds since 1970, then a sequence."""
    return max(0, int((instant - _EPOCH).total_seconds())) << _SEQUENCE_BITS


def free_rowids(connection: Connection, messages: Sequence[tuple[int, datetime]]) -> dict[int, int]:
    """A row of the index for each message (id and instant), unique and in order of time."""
    wanted = {message: first_rowid(at) | (message & ((1 << _SEQUENCE_BITS) - 1)) for message, at in messages}
    taken: set[int] = set()
    for chunk in chunks(wanted.values()):
        query = f"SELECT search_rowid FROM message WHERE search_rowid IN ({placeholders(chunk)})"  # noqa: S608
        taken.update(int(row) for row in connection.exec_driver_sql(query, tuple(chunk)).scalars())
    for message, rowid in wanted.items():
        while rowid in taken:
            rowid += 1
        taken.add(rowid)
        wanted[message] = rowid
    return wanted


def index_messages(connection: Connection, rows: Sequence[tuple[int, tuple[str, str, str, str, str]]]) -> None:
    """Index messages: row of the index, and the folded texts of :data:`COLUMNS`.

    Rows are added in ascending order: FTS5 flushes its buffer whenever a rowid goes down.
    """
    if rows:
        connection.exec_driver_sql(_INSERT, [(rowid, *texts) for rowid, texts in sorted(rows)])


def unindex_message(connection: Connection, rowid: int, texts: tuple[str, str, str, str, str]) -> None:
    """Take a message out of the index; ``texts`` must be exactly what was indexed (the index keeps no copy)."""
    connection.exec_driver_sql(_REMOVE, (rowid, *texts))


def scrub(connection: Connection, rowids: Sequence[int]) -> int:
    """Take whatever the index still holds of some rows out of it, when what was indexed is not known any more.

    Reads the whole index, so it is for the few rows that need it. Returns how many of them held something.
    """
    connection.exec_driver_sql(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.message_words USING fts5vocab('main', 'message_search', 'instance')"
    )
    left: dict[int, dict[str, list[str]]] = {}
    for chunk in chunks(rowids):
        query = f"SELECT doc, col, term FROM temp.message_words WHERE doc IN ({placeholders(chunk)})"  # noqa: S608
        for doc, column, term in connection.exec_driver_sql(query, tuple(chunk)):
            left.setdefault(doc, {}).setdefault(column, []).append(term)
    for doc, words in sorted(left.items()):
        connection.exec_driver_sql(_REMOVE, (doc, *(" ".join(words.get(name, ())) for name in COLUMNS)))
    connection.exec_driver_sql("DROP TABLE temp.message_words")
    return len(left)


def has_entry(connection: Connection, rowid: int, column: str, word: str) -> bool:
    """Whether a row of the index holds a folded word in a column; for ``check``."""
    query = "SELECT 1 FROM message_search WHERE message_search MATCH ? AND rowid = ?"
    return connection.exec_driver_sql(query, (f'{column} : "{word}"', rowid)).first() is not None


def index_size(connection: Connection) -> int:
    """How many rows the index holds, from FTS5's own totals (the index cannot be scanned)."""
    block = connection.exec_driver_sql("SELECT block FROM message_search_data WHERE id = 1").scalar() or b""
    total = 0
    for place, octet in enumerate(bytes(block)[:9]):  # a varint: seven bits an octet, the ninth has eight
        if place == 8:
            return total << 8 | octet
        total = total << 7 | octet & 0x7F
        if octet < 0x80:
            break
    return total
