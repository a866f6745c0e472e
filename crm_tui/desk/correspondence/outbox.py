"""The outbox as an agent works it: queue, call back, send anyway, try again, drop (SPEC §5, QUALITY R1).

What the engine does with it is in :mod:`crm_tui.desk.correspondence.delivery`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Account, Draft, Message, OutboxItem
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.words import OUTBOX_STATES, said
from crm_tui.desk.correspondence import drafts, outgoing, reading, writing
from crm_tui.desk.correspondence.outbox_rows import is_open, news_in, row_in, seen_by, set_values, view_in
from crm_tui.desk.correspondence.prepare import prepare
from crm_tui.desk.correspondence.sending_views import NewsItem, OutboxView
from crm_tui.desk.requests import recall_consent
from crm_tui.desk.undoing import undo
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import CopyState, OutboxState

_O = columns(OutboxItem)
_D = columns(Draft)
_A = columns(Account)
_M = columns(Message)

CHANGEABLE = (OutboxState.QUEUED, OutboxState.FAILED, OutboxState.HELD, OutboxState.UNCERTAIN)


def queue(ctx: Context, draft_id: int, version: int, *, after_send: str = "", despite_news: bool = False) -> OutboxView:
    """Queue a draft: recipients and bytes are frozen, the message stands in its conversation at once.

    If anything arrived or was sent since the reply was begun, it is *held* instead and the view says what is new.

    Args:
        after_send: ``stay``, ``Waitlist`` or ``Done``; empty: the setting.
        despite_news: the agent has seen what is new and sends anyway.

    Raises:
        InvalidInput: a recipient, the subject's or the message's fault; ``field`` names where. Also of a recall whose guest
            does not agree to be written to.
        Forbidden: its conversation became hidden from the actor, or the draft is another agent's.
        Conflict: the draft was changed elsewhere.
    """
    move = after_send or ctx.settings.after_send
    if move not in ("stay", "Waitlist", "Done"):
        raise InvalidInput(_("{name} is no place to move to.").format(name=move), field="after_send")
    with ctx.store.connect() as connection:  # building takes a while with large files: no writer waits for it
        drafts.require(connection, ctx.actor, draft_id)
        draft = drafts.check_version(connection, draft_id, version)
        account = _account(connection, draft.account_id)
        built = writing.build_draft(connection, draft, account, ctx.clock.now())
    prepared = prepare(built.shown)
    with ctx.write() as tx:
        draft = drafts.check_version(tx.connection, draft_id, version)
        drafts.check_owner(tx, draft.agent_id)
        recall_consent.check(tx.connection, draft_id)
        writing.check_files(tx.connection, draft_id, built.files)
        conversation = reading.survivor(tx.connection, draft.conversation_id) if draft.conversation_id else None
        _check_open(tx, conversation)
        item_id = _insert(tx, draft, account, built, conversation, move)
        message, conversation = outgoing.show(
            tx, prepared, conversation_id=conversation, account_id=account.id, outbox_id=item_id
        )
        if despite_news:
            _news_seen(tx, draft_id, message)
        held = not despite_news and bool(news_in(tx.connection, draft, conversation, message))
        state = OutboxState.HELD if held else OutboxState.QUEUED
        not_before = tx.now + timedelta(seconds=ctx.settings.undo_seconds)
        set_values(
            tx, item_id, state=state, message_row_id=message, conversation_id=conversation, not_before=not_before
        )
        tx.connection.execute(update(table_of(Draft)).where(_D.id == draft_id).values(outbox_id=item_id))
        after = {"conversation_id": conversation, "state": state}
        tx.journal("outbox", item_id, "queue", after=after, undoable=True)
        if held:
            tx.journal("outbox", item_id, "held", after={"conversation_id": conversation})
        return view_in(tx.connection, tx.actor, item_id)


def items(ctx: Context, *, everyone: bool = True) -> list[OutboxView]:
    """What is on its way or needs an agent, latest first: not what was sent and filed, nor what was called back."""
    with ctx.store.connect() as connection:
        query = select(_O.id).where(
            or_(
                _O.state.in_([OutboxState.SENDING, *CHANGEABLE]),
                (_O.state == OutboxState.SENT) & (_O.copy_state == CopyState.FAILED),
            )
        )
        if not everyone:
            query = query.where(_O.agent_id.is_not_distinct_from(ctx.actor.id))
        query = query.where(seen_by(ctx.actor)).order_by(_O.id.desc()).limit(500)
        ids = connection.execute(query, {scope.BIND: ctx.actor.scopes}).scalars().all()
        return [view_in(connection, ctx.actor, item_id) for item_id in ids]


def get(ctx: Context, item_id: int) -> OutboxView:
    """One item.

    Raises:
        NotFound: there is none.
    """
    with ctx.store.connect() as connection:
        return view_in(connection, ctx.actor, item_id)


def recall(ctx: Context, item_id: int, *, may_be_second: bool = False) -> int:
    """Call a message back before it goes out, to edit it again; returns the draft's id.

    Also for one that failed or is held. An uncertain one may have arrived: it stays in its conversation as uncertain, and
    its draft can be edited and sent as a second message.

    Args:
        may_be_second: needed for an uncertain message: the agent knows that the guest may have it.

    Raises:
        Conflict: it is being sent, or was sent; or uncertain and ``may_be_second`` was not said.
        Forbidden: it is another agent's.
        NotFound: there is none, or its draft is gone.
    """
    with ctx.write() as tx:
        undo.settled(tx, "outbox", item_id, "queue")
        return _recall_in(tx, item_id, may_be_second=may_be_second)


def _recall_in(tx: Transaction, item_id: int, *, may_be_second: bool = False) -> int:
    row = _changeable(tx, item_id)
    _check_second(row, may_be_second)
    if row.draft_id is None:
        raise NotFound(_("The draft of this message is no longer there."))
    tx.connection.execute(update(table_of(Draft)).where(_D.id == row.draft_id).values(outbox_id=None))
    if row.state == OutboxState.HELD:
        _news_seen(tx, row.draft_id, _newest(tx.connection, row.conversation_id))
    elif row.message_row_id is not None and _may_have_gone(row):
        _news_seen(tx, row.draft_id, row.message_row_id)  # it stays there, and is no news to its own draft
    _withdraw(tx, row, "recall")
    return int(row.draft_id)


def _unqueue(tx: Transaction, row: undo.Row) -> int:
    """Undo of :func:`queue`, while it has not gone out; gives the draft to be opened again.

    While it is being sent nobody knows: the next undo tries again.
    """
    if row_in(tx.connection, tx.actor, row.entity_id).state == OutboxState.SENDING:
        raise undo.Refused(_("This message is being sent just now."), _("Try again."), row.command, undo.Next.STAYS)
    return _recall_in(tx, row.entity_id)


def drop(ctx: Context, item_id: int, *, may_be_second: bool = False) -> None:
    """Give a message up that is not sent: it leaves the outbox and the conversation, and its draft goes; undo brings the
    draft back.

    An uncertain one stays in its conversation, as the guest may have it.

    Args:
        may_be_second: needed for an uncertain message: the agent knows that the guest may have it.

    Raises:
        Conflict: it is being sent, or was sent; or uncertain and ``may_be_second`` was not said.
        Forbidden: it is another agent's.
    """
    with ctx.write() as tx:
        row = _changeable(tx, item_id)
        _check_second(row, may_be_second)
        _withdraw(tx, row, "drop")
        if row.draft_id is not None:
            drafts.put_away(tx, row.draft_id, row.conversation_id)
        undo.settled(tx, "outbox", item_id, "queue")


def send_anyway(ctx: Context, item_id: int) -> OutboxView:
    """A held message goes out although something is new: the agent has seen it.

    Raises:
        Conflict: it is not held.
        Forbidden: its conversation became hidden from the actor, or it is another agent's.
    """
    with ctx.write() as tx:
        row = _in_state(tx, item_id, OutboxState.HELD)
        drafts.check_owner(tx, row.agent_id)
        _check_open(tx, row.conversation_id)
        if row.draft_id is not None:
            _news_seen(tx, row.draft_id, _newest(tx.connection, row.conversation_id))
        set_values(tx, item_id, state=OutboxState.QUEUED, not_before=tx.now)
        _told(tx, row, "send anyway")
        return view_in(tx.connection, tx.actor, item_id)


def retry(ctx: Context, item_id: int, *, may_be_second: bool = False) -> OutboxView:
    """Try a failed message again now, or a queued one at once.

    Args:
        may_be_second: needed for an uncertain message: the agent knows that it may arrive twice.

    Raises:
        Conflict: it is sent, being sent or held; or uncertain and ``may_be_second`` was not said.
        Forbidden: it is another agent's.
        InvalidInput: its account was removed or switched off.
    """
    with ctx.write() as tx:
        row = _changeable(tx, item_id)
        if row.state == OutboxState.HELD:
            raise Conflict(_("This message is held: something is new in its conversation."), _("Look at it first."))
        _check_second(row, may_be_second)
        _account(tx.connection, row.account_id)
        set_values(tx, item_id, state=OutboxState.QUEUED, not_before=tx.now, attempts=0, error="", refused={})
        _told(tx, row, "retry")
        return view_in(tx.connection, tx.actor, item_id)


def mark_sent(ctx: Context, item_id: int) -> OutboxView:
    """The agent found out that an uncertain message did arrive.

    Raises:
        Conflict: it is not uncertain.
    """
    from crm_tui.desk.correspondence import delivery

    with ctx.write() as tx:
        row = _in_state(tx, item_id, OutboxState.UNCERTAIN)
        drafts.check_owner(tx, row.agent_id)
        delivery.sent_in(tx, row, _("marked as sent by {name}").format(name=tx.actor.name))
        return view_in(tx.connection, tx.actor, item_id)


def retry_copy(ctx: Context, item_id: int) -> OutboxView:
    """Try the copy to Sent again; the message itself is not sent again (QUALITY R2).

    Raises:
        Conflict: the message is not sent, or its copy is there.
    """
    with ctx.write() as tx:
        row = _in_state(tx, item_id, OutboxState.SENT)
        if row.copy_state not in (CopyState.FAILED, CopyState.PENDING):
            raise Conflict(_("The copy in Sent is there already."))
        set_values(tx, item_id, copy_state=CopyState.PENDING, copy_attempts=0, copy_error="")
        tx.journal("outbox", item_id, "retry copy")
        return view_in(tx.connection, tx.actor, item_id)


def news_of_draft(ctx: Context, draft_id: int) -> list[NewsItem]:
    """The same for a draft that is still being written: lets the editor say it early."""
    with ctx.store.connect() as connection:
        draft = connection.execute(select(table_of(Draft)).where(_D.id == draft_id)).first()
        if draft is None or draft.conversation_id is None:
            return []
        conversation = reading.survivor(connection, draft.conversation_id)
        return news_in(connection, draft, conversation, None) if is_open(connection, ctx.actor, conversation) else []


def _account(connection: Connection, account_id: int | None) -> Row[Any]:
    row = connection.execute(select(table_of(Account)).where(_A.id == account_id)).first()
    if row is None:
        raise InvalidInput(
            _("The account this was to be sent from is no longer linked."),
            _("Edit it and choose another sender."),
            "account",
        )
    if not row.active:
        raise InvalidInput(
            _("The account {address} is switched off.").format(address=display_text(row.address)),
            _("Switch it on, or edit the message and choose another sender."),
            "account",
        )
    return row


def _insert(
    tx: Transaction, draft: Row[Any], account: Row[Any], built: writing.Built, conversation: int | None, move: str
) -> int:
    result = tx.connection.execute(
        insert(OutboxItem).values(
            draft_id=draft.id,
            agent_id=tx.actor.id,
            account_id=account.id,
            conversation_id=conversation,
            rfc_message_id=built.message_id,
            sender=built.sender,
            recipients=list(built.recipients),
            subject=draft.subject,
            source=built.wire,
            after_send=move,
            not_before=tx.now,
            queued_at=tx.now,
            state=OutboxState.HELD,
            refused={},
        )
    )
    return new_id(result)


def _changeable(tx: Transaction, item_id: int) -> Row[Any]:
    row = row_in(tx.connection, tx.actor, item_id)
    drafts.check_owner(tx, row.agent_id)
    if row.state not in CHANGEABLE:
        text = {
            OutboxState.SENDING: _("This message is being sent just now."),
            OutboxState.SENT: _("This message was sent already."),
        }
        raise Conflict(text.get(row.state, _("This message was called back already.")))
    return row


def _check_open(tx: Transaction, conversation: int | None) -> None:
    """Nobody writes into a conversation unseen: what is new there could not be shown first."""
    if not is_open(tx.connection, tx.actor, conversation):
        raise Forbidden(
            _("This conversation was reserved for others meanwhile; nothing was sent."),
            _("Your draft is kept: show it to a colleague who handles the inquiry, or drop it."),
        )


def _check_second(row: Row[Any], may_be_second: bool) -> None:
    if row.state == OutboxState.UNCERTAIN and not may_be_second:
        raise Conflict(
            _("This message may have arrived already."),
            _("Ask the guest or look into Sent; then mark it sent, or send it a second time."),
        )


def _in_state(tx: Transaction, item_id: int, state: str) -> Row[Any]:
    row = row_in(tx.connection, tx.actor, item_id)
    if row.state != state:
        raise Conflict(_("This message is {state} by now.").format(state=said(OUTBOX_STATES, row.state)))
    return row


def _newest(connection: Connection, conversation: int | None) -> int:
    query = select(_M.id).where(_M.conversation_id == conversation).order_by(_M.id.desc()).limit(1)
    return int(connection.execute(query).scalar() or 0)


def _news_seen(tx: Transaction, draft_id: int, message: int) -> None:
    """The agent has been shown what is new up to this message; it holds the draft up no more."""
    tx.connection.execute(update(table_of(Draft)).where(_D.id == draft_id).values(seen_message_id=message))


def _may_have_gone(row: Row[Any]) -> bool:
    """Whether its fate is unknown: also of one that the agent sent again while it was."""
    return bool(row.state == OutboxState.UNCERTAIN or row.token)


def _withdraw(tx: Transaction, row: Row[Any], action: str) -> None:
    """Out of the outbox; out of the conversation too, unless it may have gone out: then that stays on record."""
    values: dict[str, Any] = {"state": OutboxState.RECALLED}
    if row.message_row_id is not None and not _may_have_gone(row):
        outgoing.remove(tx, row.message_row_id)
        values["message_row_id"] = None
    set_values(tx, row.id, **values)
    _told(tx, row, action)


def _told(tx: Transaction, row: Row[Any], action: str) -> None:
    tx.journal(
        "outbox",
        row.id,
        action,
        before={"state": row.state},
        after={"conversation_id": row.conversation_id, "draft_id": row.draft_id},
    )


undo.special("outbox", "queue", _unqueue)
undo.says(
    "outbox",
    "queue",
    would=lambda _facts: _("A message is on its way out."),
    did=lambda _facts: _("Taken back; here is your draft again."),
)
