"""An outbox item as it is read and written: what agent and engine share (SPEC §5)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, or_, select, true, update

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Agent, Draft, Message, MessageText, OutboxItem
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Actor, Transaction
from crm_tui.desk.correspondence.prepare import preview_of
from crm_tui.desk.correspondence.sending_views import NewsItem, OutboxView
from crm_tui.desk.groups import mailing_outcomes
from crm_tui.desk.watchlists import notice_outcomes
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import OutboxReason, OutboxState

_O = columns(OutboxItem)
_D = columns(Draft)
_M = columns(Message)
_X = columns(MessageText)
_A = columns(Agent)

SLIM = tuple(column for column in table_of(OutboxItem).columns if column.name != "source")
"""All of an item but the message itself, which may be large."""


def set_values(tx: Transaction, item_id: int, **values: Any) -> None:
    """Change columns of an item; its version rises with every change. A mailing's item and a reminder follow its state."""
    if "state" in values:
        mailing_outcomes.follow_in(tx.connection, item_id, values["state"], tx.now)
        notice_outcomes.follow_in(tx, item_id, values["state"])
    tx.connection.execute(update(table_of(OutboxItem)).where(_O.id == item_id).values(**values, version=_O.version + 1))


_MAY_HAVE_GONE = (OutboxState.SENDING, OutboxState.UNCERTAIN, OutboxState.RECALLED)
"""A recalled message is still in its conversation only if it may have gone out."""


def news_in(connection: Connection, draft: Row[Any], conversation: int | None, own: int | None) -> list[NewsItem]:
    """Messages later than those the agent had seen. An old mail that is only now synced is no news.

    Of own messages those count that went out or may have, and those that were queued before this one: of two replies that
    are sent at the same time the first goes and the second is held. What failed or is held itself is no news.
    """
    if conversation is None or draft.conversation_id is None:
        return []
    seen = select(_M.at).where(_M.conversation_id == conversation, _M.id <= draft.seen_message_id)
    newest = connection.execute(seen.order_by(_M.at.desc()).limit(1)).scalar()
    before_this = _O.id < draft.outbox_id if draft.outbox_id is not None else true()
    on_its_way = _O.state.in_(_MAY_HAVE_GONE) | ((_O.state == OutboxState.QUEUED) & before_this)
    query = (
        select(
            *(_M.id, _M.direction, _M.sender_name, _M.sender_address, _M.subject, _M.at, _M.received_at, _X.text),
            *(_M.delivered, _O.state, _A.name),
        )
        .outerjoin(MessageText, _X.message_id == _M.id)
        .outerjoin(OutboxItem, _O.id == _M.outbox_id)
        .outerjoin(Agent, _A.id == _O.agent_id)
        .where(_M.conversation_id == conversation, _M.id > draft.seen_message_id, _M.id != (own or 0))
        .where(_M.delivered | on_its_way)
        .order_by(_M.id)
    )
    return [
        NewsItem(
            message=row.id,
            direction=row.direction,
            who=display_text(row.name or row.sender_name or row.sender_address),
            subject=display_text(row.subject),
            preview=preview_of(row.text or ""),
            at=row.at,
            text=display_text(row.text or "", multiline=True),
            state="" if row.delivered else row.state,
            agent=bool(row.name),
        )
        for row in connection.execute(query)
        if newest is None or max(row.at, row.received_at or row.at) >= newest
    ]


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """The condition that an item is the actor's own, or of a conversation that is not hidden from the actor.

    Bind :data:`crm_tui.desk.common.scope.BIND` when it is executed.
    """
    return or_(_O.agent_id.is_not_distinct_from(actor.id), scope.of_visible(_O.conversation_id))


def row_in(connection: Connection, actor: Actor, item_id: int) -> Row[Any]:
    """An item as the actor may see it, without the message itself.

    Raises:
        NotFound: there is none.
    """
    query = select(*SLIM).where(_O.id == item_id, seen_by(actor))
    row = connection.execute(query, {scope.BIND: actor.scopes}).first()
    if row is None:
        raise NotFound(_("There is no such message in the outbox."))
    return row


def is_open(connection: Connection, actor: Actor, conversation: int | None) -> bool:
    """Whether the conversation of an item or a draft is there for the actor; one of no conversation always is."""
    return conversation is None or scope.sees_conversation(connection, actor.scopes, conversation)


def view_in(connection: Connection, actor: Actor, item_id: int) -> OutboxView:
    """One item as screens get it; with what is new in its conversation, if it is held for that and the actor may see it.

    Raises:
        NotFound: there is none.
    """
    row = row_in(connection, actor, item_id)
    new: list[NewsItem] = []
    if row.state == OutboxState.HELD and row.draft_id is not None and is_open(connection, actor, row.conversation_id):
        draft = connection.execute(select(table_of(Draft)).where(_D.id == row.draft_id)).first()
        new = news_in(connection, draft, row.conversation_id, row.message_row_id) if draft is not None else []
    return OutboxView(
        id=row.id,
        draft=row.draft_id,
        conversation=row.conversation_id,
        message=row.message_row_id,
        account=row.account_id,
        sender=display_text(row.sender),
        recipients=tuple(display_text(address) for address in row.recipients),
        subject=display_text(row.subject),
        state=row.state,
        error=told_error(row.error),
        copy_state=row.copy_state,
        copy_error=display_text(row.copy_error),
        attempts=row.attempts,
        queued_at=row.queued_at,
        sent_at=row.sent_at,
        not_before=row.not_before,
        version=row.version,
        news=tuple(new),
    )


def told_error(error: str) -> str:
    """The server's words, or the sentence that a code stands for."""
    return {
        OutboxReason.NOT_IN_SENT: _("It is not known whether the message was taken; it is not in Sent."),
        OutboxReason.PROGRAM_ENDED: _("The program ended before the server's answer came."),
        OutboxReason.RESTORED: _("The store was restored from a backup: it may have been sent after that was made."),
    }.get(error) or display_text(error)  # type: ignore[call-overload]
