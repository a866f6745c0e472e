"""A backup that is restored may bring back whom the store had forgotten since: they are erased again (SPEC §6, §15).

What was erased is read from the store that is there now, before the backup takes its place. A guest is the same if number and
the instant they were made agree; all that were one guest when they were erased go, merged in the backup or not. Mail of somebody whom the backup did not know as a guest yet is known by its digest.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, inspect, select, update

from crm_tui.base.clock import FixedClock
from crm_tui.base.errors import Conflict, CrmError, StoreError
from crm_tui.base.i18n import _
from crm_tui.base.paths import home_at
from crm_tui.base.progress import CancelEvent, NullProgress
from crm_tui.base.settings import Settings
from crm_tui.data import forgetting
from crm_tui.data.backup import is_sqlite
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.store import Store, open_store
from crm_tui.data.tables import Conversation, Erasure, Guest, GuestMerge, Message, MessageSource
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.merges import guest_unmerging
from crm_tui.desk.privacy import erasing
from crm_tui.desk.privacy.erasing_mail import ERASED, erase_letters
from crm_tui.desk.privacy.erasing_person import label_of, person_of

_E = columns(Erasure)
_G = columns(Guest)
_M = columns(Message)
_S = columns(MessageSource)
_C = columns(Conversation)


@dataclass(frozen=True, slots=True)
class Erased:
    """What a store had forgotten: rows of its erasures, and the mails of which nothing stayed with the guest they were of."""

    erasures: tuple[dict[str, Any], ...] = ()
    letters: tuple[bytes, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.erasures)


def erased_in(path: Path) -> Erased:
    """What the store at a path had forgotten; nothing if there is none, or it is too damaged to say."""
    try:
        if not is_sqlite(path):
            return Erased()
    except OSError:
        return Erased()
    store = Store(f"sqlite:///{path}", readonly=True)
    try:
        with store.connect() as connection:
            if not inspect(connection).has_table("erasure"):
                return Erased()
            query = select(table_of(Erasure)).where(_E.finished_at.is_not(None)).order_by(_E.id)
            rows = tuple(dict(row) for row in connection.execute(query).mappings())
            letters = select(_M.digest).join(MessageSource, _S.message_id == _M.id).where(_S.packing == ERASED)
            return Erased(rows, tuple(connection.execute(letters).scalars()) if rows else ())
    except (CrmError, StoreError):
        return Erased()
    finally:
        store.close()


def erase_again(file: Path, erased: Erased, now: datetime) -> int:
    """Erase in a restored file, before it takes the store's place, who was erased since it was made; returns how many.

    Raises:
        StoreError: the file cannot be changed; it must not be put back then.
    """
    if not erased:
        return 0
    store = open_store(f"sqlite:///{file}", create=False)
    ctx = Context(store, home_at(file.parent), Settings(), FixedClock(now))
    done = 0
    try:
        for row in erased.erasures:
            with ctx.write() as tx:
                done += _one_again(tx, row)
        with ctx.write() as tx:
            _letters_again(tx, erased.letters)
        forgetting.pack(store, NullProgress(), CancelEvent())
        if not forgetting.empty_log(store):
            raise StoreError(_("The backup is in use; nothing was changed."), _("Try again in a moment."))
        _swept(store)
    finally:
        store.close()
    _leave_wal(file)
    return done


def _one_again(tx: Transaction, row: dict[str, Any]) -> int:
    """One erasure; its row is taken over, whether there was anything left to erase or not."""
    connection = tx.connection
    known = connection.execute(select(_E.id).where(_E.guest_id == row["guest_id"], _E.at == row["at"])).first()
    there = _there(connection, row)
    if known is not None or not there:
        return 0
    alive = [one for one in there if one.erased_at is None]
    if alive:
        _apart(tx, [one.id for one in there])
        first = next((one for one in alive if one.id == row["guest_id"]), alive[0])
        whole = connection.execute(select(table_of(Guest)).where(_G.id == first.id)).one()
        person = person_of(connection, whole, [one.id for one in alive])
        also = (row["report"] or {}).get("also", "linked")
        erasing.erase_in(tx, first.id, row["reason"], person=person, before=row, also=also)
        return 1
    values = {name: value for name, value in row.items() if name not in ("id", "agent_id")}
    connection.execute(insert(Erasure).values(**values))
    return 0


def _there(connection: Connection, row: dict[str, Any]) -> list[Any]:
    """Those of the erased guests that this copy of the store knows: number and the instant they were made agree."""
    report = row["report"] or {}
    erased = report.get("guests") or [[row["guest_id"], report.get("created_at", "")]]
    made_at = {int(number): said for number, said in erased}
    query = select(_G.id, _G.created_at, _G.erased_at).where(_G.id.in_(sorted(made_at))).order_by(_G.id)
    return [one for one in connection.execute(query) if one.created_at.isoformat() == made_at[one.id]]


def _apart(tx: Transaction, erased: Collection[int]) -> None:
    """Take them out of guests who stay: a merge that was taken apart since the copy was made.

    Where that cannot be done any more, what the other guest has taken over stays with that guest.
    """
    names = columns(GuestMerge)
    query = select(table_of(GuestMerge)).where(names.undone_at.is_(None)).order_by(names.id.desc())
    for row in tx.connection.execute(query).all():
        if (row.absorbed_id in erased) != (row.survivor_id in erased):
            try:
                with tx.part():
                    guest_unmerging.part(tx, row)
            except Conflict:
                continue


def _letters_again(tx: Transaction, digests: tuple[bytes, ...]) -> None:
    """Mail of the erased that the backup had before it had the guest."""
    connection = tx.connection
    forgetting.begin(connection)
    found: list[int] = []
    for chunk in chunks(digests):
        query = select(_M.id).join(MessageSource, _S.message_id == _M.id)
        found += connection.execute(query.where(_M.digest.in_(chunk), _S.packing != ERASED)).scalars()
    if found:
        erase_letters(connection, found, label_of(0))


def _swept(store: Store) -> None:
    with store.write() as session:
        connection: Connection = session.connection()
        for row in connection.execute(select(_E.id, _E.report)).all():
            values = {"report": {**(row.report or {}), "swept": True}}
            connection.execute(update(table_of(Erasure)).where(_E.id == row.id).values(**values))


def _leave_wal(file: Path) -> None:
    """One file again, without a log beside it that would be left behind."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(file)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)").fetchone()
        connection.execute("pragma journal_mode = delete").fetchone()
