"""Reading: a conversation with its messages, a message's source and files (SPEC §2)."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    Account,
    Attachment,
    Conversation,
    Location,
    Mailbox,
    Message,
    MessageSource,
    MessageText,
    OutboxItem,
)
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.views import AttachmentView, ConversationView, InvitationView, MessageView, Person
from crm_tui.desk.conversations import folders, threads
from crm_tui.desk.conversations.counterparts import stored_side
from crm_tui.desk.correspondence import completing, flags, mailbox
from crm_tui.mail.attachments import attachment_bytes
from crm_tui.mail.text import display_text
from crm_tui.mail.threading import counterpart_key
from crm_tui.rules.subjects import canonical_subject
from crm_tui.rules.vocabulary import Direction, OutboxState

_M = columns(Message)
_X = columns(MessageText)
_P = columns(Attachment)
_L = columns(Location)
_B = columns(Mailbox)
_O = columns(OutboxItem)

_MESSAGE = (
    select(table_of(Message), _X.text, _X.details, _O.state.label("outbox_state"))
    .outerjoin(MessageText, _X.message_id == _M.id)
    .outerjoin(OutboxItem, _O.id == _M.outbox_id)
)


def conversation(ctx: Context, conversation_id: int) -> ConversationView:
    """A conversation with all its messages, oldest first; one that was merged away leads to its survivor.

    Raises:
        NotFound: there is no such conversation.
    """
    with ctx.store.connect() as connection:
        alive = survivor(connection, conversation_id)
        row = folders.row_in(connection, alive, ctx.actor.scopes)
        if row is None:
            raise NotFound(_("There is no conversation {number}.").format(number=conversation_id))
        version = connection.execute(
            select(columns(Conversation).version).where(columns(Conversation).id == alive)
        ).scalar_one()
        rows = connection.execute(_MESSAGE.where(_M.conversation_id == alive).order_by(_M.at, _M.id)).all()
        views = _with_strangers(connection, alive, rows, _views(connection, rows))
        return ConversationView(row, _with_changed_subjects(rows, views), version)


def _with_changed_subjects(rows: Sequence[Any], views: Sequence[MessageView]) -> list[MessageView]:
    """Flag answers whose subject is another than that of the mail they answer (SPEC §2)."""
    subjects = {row.message_id: canonical_subject(row.subject) for row in rows if row.message_id}
    before: str | None = None
    found = []
    for row, view in zip(rows, views, strict=True):
        own = canonical_subject(row.subject)
        answered = next(
            (subjects[one] for one in (row.details or {}).get("in_reply_to", ()) if one in subjects), before
        )
        changed = answered is not None and own != answered
        found.append(replace(view, flags=(*view.flags, "subject-changed")) if changed else view)
        before = own
    return found


def _with_strangers(
    connection: Connection, conversation_id: int, rows: Sequence[Any], views: Sequence[MessageView]
) -> list[MessageView]:
    """Flag mail that names a mail of another conversation as its parent, in which its sender had no part (SPEC §1).

    What an agent told apart is no stranger's, nor is mail of somebody who is one of the other conversation's people.
    """
    answered = {row.id: (row.details or {}).get("in_reply_to", ()) for row in rows if row.direction == "in"}
    wanted = {parent for parents in answered.values() for parent in parents}
    if not wanted:
        return list(views)
    found = connection.execute(select(_M.message_id, _M.conversation_id).where(_M.message_id.in_(wanted))).all()
    here = {row.message_id for row in found if row.conversation_id == conversation_id}
    split = {one for pair in threads.pairs_apart(connection, [conversation_id]) for one in pair}
    elsewhere = {row.message_id: row.conversation_id for row in found if row.message_id not in here}
    others = {number for number in elsewhere.values() if number not in split}
    parties = _parties(connection, others)

    def strange(view: MessageView) -> bool:
        parents = answered.get(view.id, ())
        named = {elsewhere[one] for one in parents if one in elsewhere} & others
        sender = counterpart_key(view.sender.address)
        return bool(named) and not here.intersection(parents) and not any(sender in parties[one] for one in named)

    return [replace(view, flags=(*view.flags, "new-in-thread")) if strange(view) else view for view in views]


def _parties(connection: Connection, conversations: Iterable[int]) -> dict[int, set[str]]:
    """Keys of the people of each of the conversations: who wrote in it, and whom we wrote to."""
    found: dict[int, set[str]] = {number: set() for number in conversations}
    if not found:
        return found
    query = (
        select(_M.conversation_id, _M.sender_address, _M.direction, _X.details)
        .outerjoin(MessageText, _X.message_id == _M.id)
        .where(_M.conversation_id.in_(list(found)))
    )
    for row in connection.execute(query):
        side = stored_side(row.sender_address, row.details or {}, own=(), sent=row.direction == Direction.OUT)
        found[row.conversation_id] |= side.parties
    return found


def survivor(connection: Connection, conversation_id: int) -> int:
    """The conversation that stands for this one today: itself, or what it was merged into."""
    column = columns(Conversation)
    for _step in range(100):
        into = connection.execute(select(column.merged_into).where(column.id == conversation_id)).scalar()
        if into is None:
            return conversation_id
        conversation_id = into
    return conversation_id


def message(ctx: Context, message_id: int) -> MessageView:
    """One message.

    Raises:
        NotFound: there is no such message.
    """
    with ctx.store.connect() as connection:
        scope.require_messages(connection, ctx.actor.scopes, [message_id])
        rows = connection.execute(_MESSAGE.where(_M.id == message_id)).all()
        if not rows:
            raise NotFound(_("There is no message {number}.").format(number=message_id))
        return _views(connection, rows)[0]


def source(ctx: Context, message_id: int) -> bytes:
    """The message as it was on the wire.

    Raises:
        NotFound: there is no such message, or only its text was fetched.
    """
    names = columns(MessageSource)
    with ctx.store.connect() as connection:
        query = select(names.content, names.packing).where(names.message_id == message_id)
        seen = scope.seen_messages(connection, ctx.actor.scopes, [message_id])
        found = connection.execute(query).first() if seen else None
    if found is None:
        raise NotFound(_("The source of message {number} is not in the store.").format(number=message_id))
    return zlib.decompress(found.content) if found.packing == "zlib" else bytes(found.content)


def attachment(ctx: Context, message_id: int, position: int) -> bytes:
    """The content of an attachment, decoded.

    Raises:
        NotFound: there is no such attachment.
        NotFetched: the message is over the size limit, and only its text was fetched.
    """
    completing.require_whole(ctx, message_id)
    return attachment_bytes(source(ctx, message_id), position)


def mark_seen(ctx: Context, message_ids: Iterable[int], *, seen: bool = True, undoable: bool = False) -> int:
    """Mark messages read or unread, here and with the next sync on the servers. Returns how many changed.

    Args:
        undoable: the agent asked for it; reading alone is nothing that one takes back.
    """
    return flags.set_locally(ctx, message_ids, seen=seen, undoable=undoable)


def _views(connection: Connection, rows: Sequence[Any]) -> list[MessageView]:
    ids = [row.id for row in rows]
    parts: dict[int, list[AttachmentView]] = defaultdict(list)
    for part in connection.execute(
        select(table_of(Attachment)).where(_P.message_id.in_(ids)).order_by(_P.message_id, _P.position)
    ):
        parts[part.message_id].append(
            AttachmentView(
                part.message_id, part.position, display_text(part.name), display_text(part.type), part.size, part.inline
            )
        )
    places: dict[int, list[str]] = defaultdict(list)
    accounts = columns(Account)
    query = (
        select(_L.message_id, accounts.address, _B.name)
        .join(Mailbox, _B.id == _L.mailbox_id)
        .join(Account, accounts.id == _B.account_id)
        .where(_L.message_id.in_(ids))
    )
    for place in connection.execute(query):
        places[place.message_id].append(display_text(f"{place.address}/{place.name}"))
    complete = columns(MessageSource)
    partial = set(
        connection.execute(
            select(complete.message_id).where(complete.message_id.in_(ids), complete.complete.is_(False))
        ).scalars()
    )
    own = mailbox.own_addresses(connection)
    return [
        _view(
            row,
            parts[row.id],
            places[row.id],
            complete=row.id not in partial,
            claims_to_be_us=row.direction == "in" and row.sender_address.lower() in own,
        )
        for row in rows
    ]


def _outbox_state(row: Any) -> str:
    """Only what may have gone out stays in its conversation when it is called back: its fate is unknown."""
    if row.delivered:
        return ""
    return str(OutboxState.UNCERTAIN if row.outbox_state == OutboxState.RECALLED else row.outbox_state or "")


def _invitation(details: Mapping[str, Any]) -> InvitationView | None:
    values = details.get("invitation")
    return InvitationView(**{name: display_text(value) for name, value in values.items()}) if values else None


def _view(
    row: Any,
    attachments: Sequence[AttachmentView],
    locations: Sequence[str],
    *,
    complete: bool,
    claims_to_be_us: bool,
) -> MessageView:
    details = row.details or {}
    signature = details.get("signature")
    return MessageView(
        id=row.id,
        conversation=row.conversation_id,
        message_id=display_text(row.message_id),
        direction=row.direction,
        automatic=row.automatic,
        sender=Person(display_text(row.sender_name), display_text(row.sender_address)),
        reply_to=_people(details, "reply_to"),
        to=_people(details, "to"),
        cc=_people(details, "cc"),
        subject=display_text(row.subject),
        at=row.at,
        sent_at=row.sent_at,
        received_at=row.received_at,
        text=display_text(row.text or "", multiline=True),
        quoted=tuple((start, end) for start, end in details.get("quoted", ())),
        signature=(signature[0], signature[1]) if signature else None,
        from_html=bool(details.get("from_html")),
        links=tuple((display_text(text), display_text(target)) for text, target in details.get("links", ())),
        flags=(*details.get("flags", ()), *(("claims-to-be-us",) if claims_to_be_us else ())),
        attachments=tuple(attachments),
        invitation=_invitation(details),
        seen=row.seen,
        flagged=row.flagged,
        state=_outbox_state(row),
        problem=details.get("problem", ""),
        complete=complete,
        locations=tuple(locations),
    )


def _people(details: dict[str, Any], key: str) -> tuple[Person, ...]:
    return tuple(Person(display_text(name), display_text(address)) for name, address in details.get(key, ()))
