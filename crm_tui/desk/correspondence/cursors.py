"""Where the sync stands in each mailbox: what the server lists, what of it is stored, and what came of it (SPEC §2, §16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from crm_tui.data.tables import FlagChange, Location, Mailbox, Message
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.permissions import Permission, require

_B = Mailbox.__table__.c  # type: ignore[attr-defined]
_L = Location.__table__.c  # type: ignore[attr-defined]
_M = Message.__table__.c  # type: ignore[attr-defined]
_F = FlagChange.__table__.c  # type: ignore[attr-defined]

ALWAYS_SYNCED = frozenset({"inbox", "sent", "junk"})
NEVER_SYNCED = frozenset({"all", "drafts", "flagged", "important"})
"""Views of mail that lies elsewhere as well (Gmail's All Mail, QUALITY I16), and what is not sent yet."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """One mailbox and how far it is stored; see :class:`crm_tui.data.accounts.Mailbox` for the fields."""

    id: int
    account_id: int
    name: str
    raw_name: bytes
    role: str
    chosen: bool
    mailbox_id: str
    uidvalidity: int
    low_uid: int
    high_uid: int
    complete: bool
    highest_modseq: int
    exists_count: int
    gone: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """One mailbox as the server lists it now."""

    name: str
    raw_name: bytes
    role: str


_COLUMNS = [_B[name] for name in Cursor.__dataclass_fields__]


def mailboxes(ctx: Context, account_id: int) -> list[Cursor]:
    """Every mailbox of an account that was ever seen, the Inbox first, then Sent, then by name."""
    with ctx.store.connect() as connection:
        rows = connection.execute(select(*_COLUMNS).where(_B.account_id == account_id)).all()
    found = [Cursor(**row._mapping) for row in rows]
    order = {"inbox": 0, "sent": 1}
    return sorted(found, key=lambda box: (order.get(box.role, 2), box.name.casefold(), box.id))


def note_listing(ctx: Context, account_id: int, listed: Sequence[Listed]) -> None:
    """Take over the server's list: new mailboxes, changed roles, and those that are gone; their mail stays (I11)."""
    known = {box.name: box for box in mailboxes(ctx, account_id)}
    present = {box.name for box in listed}
    changes: list[tuple[int, dict[str, Any]]] = []
    for box in listed:
        old = known.get(box.name)
        values = {"raw_name": box.raw_name, "role": box.role, "gone": False}
        if old is not None and any(getattr(old, name) != value for name, value in values.items()):
            changes.append((old.id, values))
    changes += [(old.id, {"gone": True}) for name, old in known.items() if name not in present and not old.gone]
    fresh = [box for box in listed if box.name not in known]
    if not changes and not fresh:
        return
    with ctx.write() as tx:
        for identifier, values in changes:
            tx.connection.execute(update(Mailbox).where(_B.id == identifier).values(**values))
            if "gone" in values and len(values) == 1:
                tx.journal("mailbox", identifier, "gone")
        for box in fresh:
            chosen = box.role in ALWAYS_SYNCED
            row = tx.connection.execute(
                insert(Mailbox).values(
                    account_id=account_id, name=box.name, raw_name=box.raw_name, role=box.role, chosen=chosen
                )
            )
            new_id = row.inserted_primary_key[0] if row.inserted_primary_key else None
            tx.journal("mailbox", new_id, "found", after={"name": box.name, "chosen": chosen})


def rename(ctx: Context, mailbox: Cursor, listed: Listed) -> None:
    """The server calls a mailbox by another name now; everything known of it stays (I11)."""
    with ctx.write() as tx:
        tx.connection.execute(
            update(Mailbox)
            .where(_B.id == mailbox.id)
            .values(name=listed.name, raw_name=listed.raw_name, role=listed.role or mailbox.role, gone=False)
        )
        tx.journal("mailbox", mailbox.id, "rename", {"name": mailbox.name}, {"name": listed.name})


def set_cursor(ctx: Context, mailbox_id: int, values: Mapping[str, Any]) -> None:
    """Move the cursor of a mailbox when no mail comes with it."""
    with ctx.write() as tx:
        tx.connection.execute(update(Mailbox).where(_B.id == mailbox_id).values(**values))


def start_over(ctx: Context, mailbox_id: int, uidvalidity: int, mailbox_object_id: str) -> None:
    """The mailbox has another UIDVALIDITY: its UIDs mean nothing any more and every mail is matched again (I1).

    The old places stay until :func:`forget_old_places`, so that nothing looks deleted meanwhile; those of a server that
    gives no UIDVALIDITY at all (0) go at once, because new ones could not be told from them.
    """
    with ctx.write() as tx:
        if not uidvalidity:
            tx.connection.execute(delete(Location).where(_L.mailbox_id == mailbox_id))
        values = {
            "uidvalidity": uidvalidity,
            "mailbox_id": mailbox_object_id,
            "low_uid": 0,
            "high_uid": 0,
            "complete": False,
            "highest_modseq": 0,
            "exists_count": 0,
        }
        tx.connection.execute(update(Mailbox).where(_B.id == mailbox_id).values(**values))
        tx.journal("mailbox", mailbox_id, "uidvalidity", after={"uidvalidity": uidvalidity})


def forget_old_places(ctx: Context, mailbox_id: int, uidvalidity: int) -> int:
    """After a rematch: drop the places of former UIDVALIDITYs; flag changes still to be told move to the new places."""
    with ctx.write() as tx:
        connection = tx.connection
        old = (_L.mailbox_id == mailbox_id, _L.uidvalidity != uidvalidity)
        _move_flag_changes(connection, mailbox_id, uidvalidity)
        gone = connection.execute(delete(Location).where(*old)).rowcount
        if gone:
            tx.journal("mailbox", mailbox_id, "rematched", after={"places": gone})
        return int(gone)


def _move_flag_changes(connection: Connection, mailbox_id: int, uidvalidity: int) -> None:
    old, new = Location.__table__.alias(), Location.__table__.alias()  # type: ignore[attr-defined]
    pairs = connection.execute(
        select(_F.id, new.c.id.label("place"))
        .select_from(FlagChange)
        .join(old, old.c.id == _F.location_id)
        .join(new, new.c.message_id == old.c.message_id)
        .where(
            old.c.mailbox_id == mailbox_id,
            old.c.uidvalidity != uidvalidity,
            new.c.mailbox_id == mailbox_id,
            new.c.uidvalidity == uidvalidity,
        )
    ).all()
    for row in pairs:
        connection.execute(update(FlagChange).where(_F.id == row.id).values(location_id=row.place))


def places(ctx: Context, mailbox_id: int, uidvalidity: int) -> dict[int, str]:
    """The flags of every stored message of a mailbox, as stored, by UID."""
    with ctx.store.connect() as connection:
        statement = select(_L.uid, _L.flags).where(_L.mailbox_id == mailbox_id, _L.uidvalidity == uidvalidity)
        return dict(connection.execute(statement).all())


def stored_uids(ctx: Context, mailbox_id: int, uidvalidity: int, first: int = 0, last: int = 1 << 32) -> set[int]:
    """The UIDs of a mailbox that are stored, within bounds."""
    with ctx.store.connect() as connection:
        statement = select(_L.uid).where(
            _L.mailbox_id == mailbox_id, _L.uidvalidity == uidvalidity, _L.uid >= first, _L.uid <= last
        )
        return set(connection.execute(statement).scalars())


def count_places(ctx: Context, mailbox_id: int, uidvalidity: int) -> int:
    """How many messages of a mailbox are stored."""
    with ctx.store.connect() as connection:
        statement = (
            select(func.count()).select_from(Location).where(_L.mailbox_id == mailbox_id, _L.uidvalidity == uidvalidity)
        )
        return int(connection.execute(statement).scalar_one())


def sample(ctx: Context, mailbox_id: int, uidvalidity: int, count: int = 3) -> dict[int, str]:
    """The Message-IDs of a few stored messages by UID, to recognise a mailbox by what is in it (I11)."""
    with ctx.store.connect() as connection:
        statement = (
            select(_L.uid, _M.message_id)
            .join(Message, _M.id == _L.message_id)
            .where(_L.mailbox_id == mailbox_id, _L.uidvalidity == uidvalidity, _M.message_id != "")
            .order_by(_L.uid.desc())
            .limit(count)
        )
        return dict(connection.execute(statement).all())


def choose(ctx: Context, mailbox_ids: Iterable[int], *, chosen: bool) -> None:
    """Say which mailboxes are synced.

    Raises:
        Forbidden: the actor is no administrator.
    """
    with ctx.write() as tx:
        require(tx, Permission.ACCOUNTS)
        for identifier in mailbox_ids:
            tx.connection.execute(update(Mailbox).where(_B.id == identifier).values(chosen=chosen))
            tx.journal("mailbox", identifier, "chosen", after={"chosen": chosen})
