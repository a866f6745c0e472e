"""A desk on a store of its own, and what a test asks of it."""

from __future__ import annotations

import itertools
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from crm_tui.base.paths import home_at
from crm_tui.base.progress import CancelEvent, NullProgress
from crm_tui.base.settings import Settings
from crm_tui.data.tables import Account
from crm_tui.desk.common.context import open_context
from crm_tui.desk.correspondence import cursors
from crm_tui.engine.parsers import InThread, Parsers
from crm_tui.engine.sync import FolderResult, SessionFactory, sync_account
from crm_tui.mail.imap import ImapSession
from tests.building import empty_store_in

_users = (f"guest{number}" for number in itertools.count(1))


def new_user() -> str:
    """A user that no other test of this process uses."""
    return next(_users)


@dataclass(frozen=True)
class Linked:
    """What sync needs to know of an account."""

    id: int
    address: str
    user: str
    port: int


class Desk:
    """A store and the account(s) in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        empty_store_in(home_at(home))
        self.ctx = open_context(home_at(home), Settings(), create=True)

    def close(self) -> None:
        self.ctx.store.close()

    def link(self, port: int, user: str) -> Linked:
        """Put an account into the store."""
        with self.ctx.write() as tx:
            row = Account(
                address=f"{user}@hotel.example",
                user=user,
                imap_host="127.0.0.1",
                imap_port=port,
                imap_security="none",
                smtp_host="127.0.0.1",
                created_at=self.ctx.clock.now(),
            )
            tx.session.add(row)
            tx.session.flush()
            assert row.id is not None
            return Linked(row.id, row.address, user, port)

    def connect(self, account: Linked, *, port: int = 0, timeout: float = 20.0) -> SessionFactory:
        """What connects and logs in."""

        def session_of(_account: Any, stopped: Any) -> ImapSession:
            session = ImapSession("127.0.0.1", port or account.port, "none", timeout=timeout, stopped=stopped)
            session.login(account.user, "secret")
            return session

        return session_of

    def sync(
        self,
        account: Linked,
        *,
        port: int = 0,
        timeout: float = 20.0,
        progress: Any = None,
        cancel: CancelEvent | None = None,
        parsers: Parsers | None = None,
    ) -> dict[str, FolderResult]:
        """Sync once, parsing in the calling thread; the results by folder."""

        results = sync_account(
            self.ctx,
            account,
            self.connect(account, port=port, timeout=timeout),
            progress or NullProgress(),
            cancel or CancelEvent(),
            parsers or InThread(),
        )
        return {result.folder: result for result in results}

    def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        """What a statement finds."""
        with self.ctx.store.connect() as connection:
            return [tuple(row) for row in connection.execute(text(sql), values)]

    def one(self, sql: str, **values: Any) -> Any:
        """The single value that a statement finds."""
        ((value,),) = self.rows(sql, **values)
        return value

    def cursor(self, account: Linked, name: str = "INBOX") -> cursors.Cursor:
        """Where the sync of a mailbox stands."""
        return next(box for box in cursors.mailboxes(self.ctx, account.id) if box.name == name)

    def choose(self, account: Linked, name: str) -> None:
        """Have a mailbox synced."""
        cursors.choose(self.ctx, [self.cursor(account, name).id], chosen=True)

    def stored(self, account: Linked, name: str = "INBOX") -> dict[int, bytes]:
        """The source of every message of a mailbox, by UID."""
        box = self.cursor(account, name)
        found = self.rows(
            "SELECT l.uid, s.content, s.packing FROM location l JOIN message_source s ON s.message_id = l.message_id "
            "WHERE l.mailbox_id = :box AND l.uidvalidity = :validity",
            box=box.id,
            validity=box.uidvalidity,
        )
        return {uid: zlib.decompress(content) if packing == "zlib" else content for uid, content, packing in found}

    def flags(self, account: Linked, name: str = "INBOX") -> dict[str, str]:
        """Seen, answered and flagged of the messages of a mailbox as letters, by Message-ID."""
        box = self.cursor(account, name)
        found = self.rows(
            "SELECT m.message_id, m.seen, m.answered, m.flagged FROM location l JOIN message m ON m.id = l.message_id "
            "WHERE l.mailbox_id = :box AND l.uidvalidity = :validity",
            box=box.id,
            validity=box.uidvalidity,
        )
        return {row[0]: "".join(letter for letter, on in zip("SAF", row[1:], strict=True) if on) for row in found}


def check_consistency(desk: Desk, account: Linked, session: ImapSession, name: str = "INBOX") -> None:
    """The store agrees with itself and with the server: nothing twice, no gap within the cursor's bounds (R6)."""
    assert desk.one("PRAGMA integrity_check") == "ok"
    assert desk.rows("PRAGMA foreign_key_check") == []
    assert desk.one("SELECT count(*) FROM message") == desk.one("SELECT count(DISTINCT digest) FROM message")
    assert desk.one("SELECT count(*) FROM message") == desk.one("SELECT count(*) FROM message_source")
    assert desk.one("SELECT count(*) FROM message") == desk.one("SELECT count(*) FROM message_text")
    assert desk.one("SELECT count(*) FROM message WHERE search_rowid IS NULL") == 0
    boxes = [box for box in cursors.mailboxes(desk.ctx, account.id) if box.name == name]
    if not boxes or not boxes[0].high_uid:
        assert desk.one("SELECT count(*) FROM location") == 0
        return
    box = boxes[0]
    session.select(box.raw_name)
    server = {item.uid: item.raw for item in session.fetch(session.search("ALL"))}
    stored = desk.stored(account, name)
    assert all(server.get(uid) == raw for uid, raw in stored.items())
    assert {uid for uid in server if box.low_uid <= uid <= box.high_uid} == set(stored)
    if box.complete:
        assert stored == {uid: raw for uid, raw in server.items() if uid <= box.high_uid}
