"""Messages of which only the text was fetched: where the rest lies, and what becomes of it when it comes (SPEC §2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _
from crm_tui.data.tables import Attachment, Location, Mailbox, Message, MessageSource
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence.prepare import Prepared

_M: Any = Message.__table__.c  # type: ignore[attr-defined]
_L: Any = Location.__table__.c  # type: ignore[attr-defined]
_B: Any = Mailbox.__table__.c  # type: ignore[attr-defined]
_S: Any = MessageSource.__table__.c  # type: ignore[attr-defined]
_A: Any = Attachment.__table__.c  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message lies on a server."""

    account_id: int
    raw_name: bytes
    uidvalidity: int
    uid: int


def is_complete(ctx: Context, message_id: int) -> bool:
    """Whether the whole source of a message is in the store."""
    with ctx.store.connect() as connection:
        seen = scope.seen_messages(connection, ctx.actor.scopes, [message_id])
        query = select(_S.complete).where(_S.message_id == message_id)
        found = connection.execute(query).scalar() if seen else None
    if found is None:
        raise NotFound(_("This message is not in the store any more."))
    return bool(found)


class NotFetched(NotFound):
    """Only the text of a message over the size limit is in the store; :func:`crm_tui.desk.common.wishes.ask_whole` gets the rest."""


def require_whole(ctx: Context, message_id: int) -> None:
    """Refuse to hand out files whose bytes were not fetched.

    Raises:
        NotFetched: only the text is here.
        NotFound: there is no such message.
    """
    if not is_complete(ctx, message_id):
        raise NotFetched(
            _("This message is large: only its text was fetched, its files are still on the server."),
            _("Save one of them: that fetches the message."),
        )


def places(ctx: Context, message_id: int) -> list[Place]:
    """Where the servers have a message now; empty if none has it any more."""
    with ctx.store.connect() as connection:
        seen = scope.seen_messages(connection, ctx.actor.scopes, [message_id])
        rows = connection.execute(
            select(_B.account_id, _B.raw_name, _L.uidvalidity, _L.uid)
            .join(Mailbox, _B.id == _L.mailbox_id)
            .where(_L.message_id.in_(seen), _B.gone.is_(False), _L.uidvalidity == _B.uidvalidity)
        ).all()
    return [Place(row.account_id, row.raw_name, row.uidvalidity, row.uid) for row in rows]


def complete(ctx: Context, message_id: int, prepared: Prepared) -> None:
    """Keep the whole source and list its files; text, thread and identity of the message stay as they are."""
    with ctx.write() as tx:
        connection = tx.connection
        if not scope.seen_messages(connection, tx.actor.scopes, [message_id]):
            raise NotFound(_("This message is not in the store any more."))
        changed = connection.execute(
            update(MessageSource)
            .where(_S.message_id == message_id)
            .values(content=prepared.packed, packing="zlib", complete=True)
        )
        if not changed.rowcount:
            raise NotFound(_("This message is not in the store any more."))
        connection.execute(delete(Attachment).where(_A.message_id == message_id))
        names = ("position", "name", "type", "size", "content_id", "inline")
        rows = [{"message_id": message_id, **dict(zip(names, part, strict=True))} for part in prepared.attachments]
        if rows:
            connection.execute(insert(Attachment), rows)
        files = sum(1 for part in prepared.attachments if not part[5])
        connection.execute(
            update(Message).where(_M.id == message_id).values(size=prepared.size, attachment_count=files)
        )
        tx.journal("message", message_id, "complete", after={"size": prepared.size})
