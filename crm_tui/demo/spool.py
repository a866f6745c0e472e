"""The sample server's mail, kept in one SQLite file under the demo home, so that a second ``make demo`` continues."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crm_tui.base.paths import FILE_MODE
from crm_tui.demo.conversations import SampleConversation, SampleMail

FOLDERS = {"INBOX": b"", "Sent": b"Sent", "Drafts": b"Drafts", "Junk": b"Junk", "Trash": b"Trash"}
FIRST_UID = 101
_BATCH = 2000
_SCHEMA = """
create table if not exists folder (name text primary key, validity integer not null, next_uid integer not null);
create table if not exists mail (
    folder text not null, uid integer not null, instant real not null, flags text not null,
    digest blob not null, raw blob not null, primary key (folder, uid)) without rowid;
create table if not exists guest (address text primary key, language text not null) without rowid;
create table if not exists pending (id integer primary key, due real not null, raw blob not null);
create table if not exists plan (message_id text primary key, placement text not null) without rowid;
create table if not exists fact (name text primary key, value text not null) without rowid;
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """A mail without its source: ``flags`` as on the wire, ``instant`` in UTC."""

    uid: int
    instant: datetime
    flags: tuple[str, ...]
    digest: bytes


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the desk puts a conversation, known by the id of one of its messages."""

    message_id: str
    folder: str
    assignee: str
    no_answer: bool
    starred: bool


class Spool:
    """The mail store of the sample server; used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE))
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.executescript("pragma journal_mode = wal; pragma synchronous = normal;" + _SCHEMA)
        self._add_folders()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _add_folders(self) -> None:
        validity = int(datetime.now(UTC).timestamp())
        rows = [(name, validity, FIRST_UID) for name in FOLDERS]
        self._db.executemany("insert or ignore into folder values (?, ?, ?)", rows)

    # facts

    def fact(self, name: str) -> str:
        """A remembered fact, empty if unknown."""
        row = self._db.execute("select value from fact where name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def remember(self, name: str, value: str) -> None:
        """Keep a fact."""
        self._db.execute("insert or replace into fact values (?, ?)", (name, value))

    # first load

    def load(self, conversations: Iterable[SampleConversation], guests: dict[str, str]) -> None:
        """Store the sample hotel's mail, oldest first, and its plan, in one transaction."""
        found = list(conversations)
        mails = sorted((mail for item in found for mail in item.mails), key=lambda mail: mail.instant)
        plans = [(mail.message_id, json.dumps(_placement(item))) for item in found for mail in item.mails[:1]]
        self._db.execute("begin immediate")
        self._insert(mails)
        self._db.executemany("insert or replace into plan values (?, ?)", plans)
        self._db.executemany("insert or replace into guest values (?, ?)", list(guests.items()))
        self._db.execute("commit")

    def load_mails(self, mails: Iterator[SampleMail]) -> None:
        """Store many mails in batches; ``mails`` may be a generator of a hundred thousand."""
        batch: list[SampleMail] = []
        self._db.execute("begin immediate")
        for mail in mails:
            batch.append(mail)
            if len(batch) == _BATCH:
                self._insert(batch)
                batch = []
        self._insert(batch)
        self._db.execute("commit")

    def _insert(self, mails: list[SampleMail]) -> None:
        uids = {name: uid for name, _, uid in self.folders()}
        rows = []
        for mail in mails:
            digest = hashlib.sha256(mail.raw).digest()[:16]
            rows.append(
                (mail.folder, uids[mail.folder], mail.instant.timestamp(), " ".join(mail.flags), digest, mail.raw)
            )
            uids[mail.folder] += 1
        self._db.executemany("insert into mail values (?, ?, ?, ?, ?, ?)", rows)
        self._db.executemany(
            "update folder set next_uid = ? where name = ?", [(uid, name) for name, uid in uids.items()]
        )

    def plan(self) -> list[Placement]:
        """Where the desk should put the conversations."""
        rows = self._db.execute("select message_id, placement from plan").fetchall()
        return [Placement(key, **json.loads(placement)) for key, placement in rows]

    def guests(self) -> dict[str, str]:
        """Language by address of everyone who answers."""
        return dict(self._db.execute("select address, language from guest").fetchall())

    # the server's side

    def folders(self) -> list[tuple[str, int, int]]:
        """Name, UIDVALIDITY and next UID of each folder."""
        return self._db.execute("select name, validity, next_uid from folder").fetchall()

    def add_folder(self, name: str) -> tuple[int, int]:
        """Create a folder; returns UIDVALIDITY and next UID."""
        validity = int(datetime.now(UTC).timestamp())
        self._db.execute("insert into folder values (?, ?, ?)", (name, validity, FIRST_UID))
        return validity, FIRST_UID

    def drop_folder(self, name: str) -> None:
        """Delete a folder and its mail."""
        self._db.execute("delete from mail where folder = ?", (name,))
        self._db.execute("delete from folder where name = ?", (name,))

    def rename_folder(self, before: str, after: str) -> None:
        """Give a folder another name."""
        self._db.execute("update mail set folder = ? where folder = ?", (after, before))
        self._db.execute("update folder set name = ? where name = ?", (after, before))

    def mails(self, folder: str) -> Iterator[Stored]:
        """All mails of a folder by UID, without their sources."""
        query = "select uid, instant, flags, digest from mail where folder = ? order by uid"
        for uid, instant, flags, digest in self._db.execute(query, (folder,)):
            yield Stored(uid, datetime.fromtimestamp(instant, UTC), tuple(flags.split()), digest)

    def raw(self, folder: str, uid: int) -> bytes:
        """A mail's source, empty if it is gone."""
        row = self._db.execute("select raw from mail where folder = ? and uid = ?", (folder, uid)).fetchone()
        return bytes(row[0]) if row else b""

    def add(self, folder: str, instant: datetime, flags: Iterable[str], raw: bytes) -> Stored:
        """Append a mail; returns it with its UID."""
        (uid,) = self._db.execute("select next_uid from folder where name = ?", (folder,)).fetchone()
        stored = Stored(uid, instant, tuple(flags), hashlib.sha256(raw).digest()[:16])
        self._db.execute("begin immediate")
        self._db.execute(
            "insert into mail values (?, ?, ?, ?, ?, ?)",
            (folder, uid, instant.timestamp(), " ".join(stored.flags), stored.digest, raw),
        )
        self._db.execute("update folder set next_uid = ? where name = ?", (uid + 1, folder))
        self._db.execute("commit")
        return stored

    def set_flags(self, folder: str, uid: int, flags: Iterable[str]) -> None:
        """Replace a mail's flags."""
        self._db.execute("update mail set flags = ? where folder = ? and uid = ?", (" ".join(flags), folder, uid))

    def remove(self, folder: str, uids: Iterable[int]) -> None:
        """Delete mails."""
        self._db.executemany("delete from mail where folder = ? and uid = ?", [(folder, uid) for uid in uids])

    # answers that are on their way

    def post(self, due: datetime, raw: bytes) -> None:
        """A guest's answer arrives at ``due``; it survives the end of the program."""
        self._db.execute("insert into pending (due, raw) values (?, ?)", (due.timestamp(), raw))

    def due(self, now: datetime) -> list[bytes]:
        """Take the answers whose time has come."""
        rows = self._db.execute(
            "select id, raw from pending where due <= ? order by due", (now.timestamp(),)
        ).fetchall()
        self._db.executemany("delete from pending where id = ?", [(number,) for number, _ in rows])
        return [bytes(raw) for _, raw in rows]

    def next_due(self) -> float | None:
        """When the next answer arrives, as a POSIX time stamp; None if none is on its way."""
        row = self._db.execute("select min(due) from pending").fetchone()
        return None if row[0] is None else float(row[0])


def _placement(item: SampleConversation) -> dict[str, object]:
    return {
        "folder": item.folder,
        "assignee": item.assignee,
        "no_answer": item.no_answer,
        "starred": item.starred,
    }
