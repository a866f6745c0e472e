"""The outbox as the engine works it: every change of state that decides whether a message goes out (QUALITY R1, R2).

queued → sending (committed before DATA, under the engine's fencing token) → sent, failed, queued again, or uncertain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from crm_tui.base.errors import sentences
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Account, Draft, Location, Mailbox, OutboxItem
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.conversations import triage
from crm_tui.desk.correspondence import outgoing
from crm_tui.desk.correspondence.outbox_rows import SLIM, news_in, set_values
from crm_tui.desk.correspondence.sent_copies import wire_source
from crm_tui.desk.groups import mailing_queue
from crm_tui.desk.requests import recall_consent
from crm_tui.desk.watchlists import notice_outcomes, notice_queue
from crm_tui.mail.smtp import Cause, Failed, Outcome, Sent
from crm_tui.rules.vocabulary import AccountState, CopyState, OutboxReason, OutboxState

_O = columns(OutboxItem)
_A = columns(Account)
_D = columns(Draft)
_L = columns(Location)
_B = columns(Mailbox)

OFFLINE_PAUSES = (5, 10, 20, 40, 60)
"""Seconds until the next try while there is no connection; the last one is repeated for ever."""
REFUSED_PAUSES = (60, 120, 300, 600, 900, 1800, 3600)
"""Seconds until the next try after a temporary refusal; the last one is repeated."""
MOST_REFUSALS = 30
LOGIN_PAUSE = timedelta(minutes=10)

LONGEST_PAUSE = timedelta(seconds=REFUSED_PAUSES[-1])

UNKNOWN = (OutboxState.UNCERTAIN, OutboxState.RECALLED)
"""The states of a message that may lie in Sent: also that of one called back as uncertain."""

Fence = Callable[[Connection], bool]
"""Whether this engine still holds the lease, asked inside the transaction that decides."""


@dataclass(frozen=True, slots=True)
class Job:
    """A message that may go out now, as it was when it was looked at."""

    item: int
    version: int
    account: int
    sender: str
    recipients: tuple[str, ...]
    source: bytes
    message_id: str


def due(ctx: Context, limit: int = 50) -> list[int]:
    """The items whose undo window or pause is over, oldest first."""
    with ctx.store.connect() as connection:
        query = (
            select(_O.id)
            .join(Account, _A.id == _O.account_id)
            .where(_O.state == OutboxState.QUEUED, _O.not_before <= ctx.clock.now(), _A.active)
            .order_by(_O.not_before, _O.id)
            .limit(limit)
        )
        return list(connection.execute(query).scalars())


def next_due(ctx: Context) -> float | None:
    """Seconds until the next item of :func:`due`; None if there is none."""
    with ctx.store.connect() as connection:
        query = (
            select(_O.not_before)
            .join(Account, _A.id == _O.account_id)
            .where(_O.state == OutboxState.QUEUED, _A.active)
            .order_by(_O.not_before)
            .limit(1)
        )
        first = connection.execute(query).scalar()
    return None if first is None else max(0.0, (first - ctx.clock.now()).total_seconds())


def heed_clock(ctx: Context, back: float = 0.0) -> int:
    """Let nothing wait for the hour that a clock was set back; returns how many items are due sooner now.

    What was queued in the future waits its undo window from now on, and nothing waits longer than the longest pause.

    Args:
        back: seconds by which the clock was seen to go back, where that is known: pauses are shortened by them.
    """
    now = ctx.clock.now()
    window = now + timedelta(seconds=ctx.settings.undo_seconds)
    longest = max(window, now + LONGEST_PAUSE)
    query = select(_O.id, _O.queued_at, _O.not_before).where(_O.state == OutboxState.QUEUED, _O.not_before > window)
    with ctx.store.connect() as connection:
        waiting = connection.execute(query).all()
    sooner = {}
    for row in waiting:
        limit = window if row.queued_at > now else min(longest, row.not_before - timedelta(seconds=back))
        if max(limit, window) < row.not_before:
            sooner[row.id] = max(limit, window)
    if sooner:
        with ctx.write() as tx:
            for item, instant in sooner.items():
                tx.connection.execute(
                    update(table_of(OutboxItem))
                    .where(_O.id == item, _O.state == OutboxState.QUEUED, _O.not_before > instant)
                    .values(not_before=instant, version=_O.version + 1)
                )
                tx.journal("outbox", item, "clock set back")
    return len(sooner)


def job(ctx: Context, item_id: int) -> Job | None:
    """What is to be delivered; None if it was called back or postponed meanwhile. What has news is held instead (SPEC §3)."""
    with ctx.store.connect() as connection:
        row = connection.execute(select(*SLIM).where(_O.id == item_id)).first()
        if row is None or row.state != OutboxState.QUEUED or row.account_id is None or row.not_before > ctx.clock.now():
            return None
        news = _news(connection, row)
    if news:
        with ctx.write() as tx:
            _hold(tx, row)
        return None
    return Job(
        row.id,
        row.version,
        row.account_id,
        row.sender,
        tuple(row.recipients),
        wire_source(ctx, row.id),
        row.rfc_message_id,
    )


def begin(ctx: Context, work: Job, token: int, fence: Fence) -> bool:
    """Commit that the message may go out from here on; False if it must not: called back, held, unwanted, or the lease is lost.

    Called when the server has accepted every recipient and right before DATA.
    """
    with ctx.write() as tx:
        if not fence(tx.connection):
            return False
        row = tx.connection.execute(
            select(*SLIM).where(_O.id == work.item, _O.version == work.version, _O.state == OutboxState.QUEUED)
        ).first()
        if row is None:
            return False
        if _news(tx.connection, row):
            _hold(tx, row)
            return False
        try:
            recall_consent.check(tx.connection, row.draft_id)
        except recall_consent.NoConsent as error:
            _failed_in(tx, row, Failed(Cause.REFUSED, error.message, permanent=True, hint=error.hint))
            return False
        if mailing_queue.unwanted_in(tx, row) or notice_queue.unwanted_mail(ctx, tx, row):
            return False
        set_values(tx, row.id, state=OutboxState.SENDING, token=token, attempts=row.attempts + 1)
        tx.journal("outbox", row.id, "sending", after={"conversation_id": row.conversation_id})
        return True


def settle(ctx: Context, work: Job, token: int, outcome: Outcome) -> str:
    """Write down what became of a delivery; returns the state.

    An engine that lost its lease meanwhile may still tell of its own delivery: that one is its own by the token, also if
    an agent called it back or sent it again, in the belief that its fate was unknown.
    """
    with ctx.write() as tx:
        row = tx.connection.execute(select(*SLIM).where(_O.id == work.item)).first()
        if row is None:
            return OutboxState.RECALLED
        own = row.token == token
        begun = own and row.state in (OutboxState.SENDING, OutboxState.UNCERTAIN)
        untouched = row.state == OutboxState.QUEUED and row.version == work.version
        if isinstance(outcome, Sent) and own and row.state != OutboxState.SENT:
            _sending_works(tx, row.account_id)
            sent_in(tx, row, outcome.words)
            return OutboxState.SENT
        if isinstance(outcome, Failed) and (begun or untouched):
            return _failed_in(tx, row, outcome)
        if isinstance(outcome, Failed) and own and row.state == OutboxState.RECALLED:
            _never_went(tx, row)
        elif begun:
            _uncertain_in(tx, row, getattr(outcome, "message", ""))
            return OutboxState.UNCERTAIN
        return str(row.state)


def postpone(ctx: Context, work: Job, words: str, seconds: float = 60) -> None:
    """It cannot be tried now (no secret at hand); it stays queued and says why."""
    with ctx.write() as tx:
        row = tx.connection.execute(select(*SLIM).where(_O.id == work.item, _O.state == OutboxState.QUEUED)).first()
        if row is not None:
            set_values(tx, row.id, error=words, not_before=tx.now + timedelta(seconds=seconds))
            tx.journal("outbox", row.id, "postpone", after={"conversation_id": row.conversation_id})


def recover(ctx: Context) -> list[int]:
    """What was left between DATA and the answer, by an engine that died or by a failure here, is uncertain.

    To be called when this engine delivers nothing itself. Returns those items.
    """
    query = select(*SLIM).where(_O.state == OutboxState.SENDING)
    with ctx.store.connect() as connection:
        if connection.execute(query.limit(1)).first() is None:
            return []
    with ctx.write() as tx:
        rows = tx.connection.execute(query).all()
        for row in rows:
            _uncertain_in(tx, row, OutboxReason.PROGRAM_ENDED)
        return [row.id for row in rows]


def found_in_sent(ctx: Context, item_id: int) -> None:
    """An uncertain message, or one called back as such, lies in Sent, so the server did take it."""
    with ctx.write() as tx:
        row = tx.connection.execute(select(*SLIM).where(_O.id == item_id, _O.state.in_(UNKNOWN))).first()
        if row is not None:
            sent_in(tx, row, _("found in Sent"))
            set_values(tx, item_id, copy_state=CopyState.STORED)


def not_in_sent(ctx: Context, item_id: int) -> None:
    """An uncertain message is not in Sent; the agent is told, and decides."""
    code = OutboxReason.NOT_IN_SENT
    with ctx.write() as tx:
        changed = tx.connection.execute(
            update(table_of(OutboxItem))
            .where(_O.id == item_id, _O.state == OutboxState.UNCERTAIN, _O.error != code)
            .values(error=code, version=_O.version + 1)
        ).rowcount
        if changed:
            tx.journal("outbox", item_id, "looked up")


def sent_in(tx: Transaction, row: Row[Any], words: str) -> None:
    """A message was accepted: the turn closes, its draft ends, the conversation moves on if so wished."""
    set_values(
        tx,
        row.id,
        state=OutboxState.SENT,
        sent_at=tx.now,
        error="",
        refused={},
        copy_state=CopyState.PENDING,
        copy_attempts=0,
    )
    conversation = outgoing.accept(tx, row.message_row_id, tx.now) if row.message_row_id else None
    draft = tx.connection.execute(
        select(_D.kind, _D.source_message_id).where(_D.id == row.draft_id, _D.outbox_id == row.id)
    ).first()
    if draft is not None:
        if draft.kind != "forward":
            outgoing.answered(tx, draft.source_message_id)
        tx.connection.execute(delete(Draft).where(_D.id == row.draft_id))
    if conversation is not None and row.after_send != "stay":
        triage.move_in(tx, [conversation], row.after_send)
    tx.journal("outbox", row.id, "sent", after={"conversation_id": conversation, "words": words})


def _failed_in(tx: Transaction, row: Row[Any], failed: Failed) -> str:
    account_wide = failed.cause in (Cause.LOGIN, Cause.TLS)
    refusals = failed.cause in (Cause.RECIPIENT, Cause.REFUSED)
    attempts = row.attempts + (0 if row.state == OutboxState.SENDING else 1)
    final = failed.permanent or account_wide or (refusals and attempts >= MOST_REFUSALS)
    pauses = REFUSED_PAUSES if refusals else OFFLINE_PAUSES
    pause = pauses[min(max(attempts, 1), len(pauses)) - 1]
    state = OutboxState.FAILED if final else OutboxState.QUEUED
    set_values(
        tx,
        row.id,
        state=state,
        token=0,
        attempts=attempts,
        not_before=tx.now + timedelta(seconds=pause),
        error=sentences(failed.message, failed.hint),
        refused={item.address: item.words for item in failed.refused},
    )
    if final and refusals:
        notice_outcomes.refused_in(tx, row.id, {item.address: item.words for item in failed.refused})
    if account_wide:
        _mark_account(tx, row.account_id, failed)
    elif failed.cause is Cause.OFFLINE:
        _let_wait(tx, row, pause)
    tx.journal("outbox", row.id, state, after={"conversation_id": row.conversation_id, "error": failed.message})
    return state


def _never_went(tx: Transaction, row: Row[Any]) -> None:
    """A message called back while its fate was unknown was not taken after all: nothing of it stays."""
    if row.message_row_id is not None:
        outgoing.remove(tx, row.message_row_id)
    set_values(tx, row.id, token=0, message_row_id=None)
    tx.journal("outbox", row.id, "not sent", after={"conversation_id": row.conversation_id})


def _mark_account(tx: Transaction, account_id: int, failed: Failed) -> None:
    """What else is queued there would fail the same way: it waits, so that a wrong password is not tried in a row."""
    state = AccountState.SENDING_FAILED
    tx.connection.execute(
        update(table_of(Account))
        .where(_A.id == account_id)
        .values(state=state, state_text=failed.message, state_at=tx.now)
    )
    tx.connection.execute(
        update(table_of(OutboxItem))
        .where(_O.account_id == account_id, _O.state == OutboxState.QUEUED, _O.not_before < tx.now + LOGIN_PAUSE)
        .values(not_before=tx.now + LOGIN_PAUSE, error=failed.message, version=_O.version + 1)
    )
    tx.journal("account", account_id, "state", after={"state": state})


def _sending_works(tx: Transaction, account_id: int | None) -> None:
    """What was wrong with the account's SMTP side is over."""
    changed = tx.connection.execute(
        update(table_of(Account))
        .where(_A.id == account_id, _A.state == AccountState.SENDING_FAILED)
        .values(state=AccountState.OK, state_text="", state_at=tx.now)
    ).rowcount
    if changed:
        tx.journal("account", account_id, "state", {"state": AccountState.SENDING_FAILED}, {"state": AccountState.OK})


def _let_wait(tx: Transaction, row: Row[Any], pause: int) -> None:
    """The account's other messages wait too, so that a dead server does not hold up other accounts for each of them.

    They come before this one then: a message that makes the server hang up must not starve the rest.
    """
    until = tx.now + timedelta(seconds=pause - 1)
    tx.connection.execute(
        update(table_of(OutboxItem))
        .where(
            _O.account_id == row.account_id,
            _O.id != row.id,
            _O.state == OutboxState.QUEUED,
            _O.not_before < until,
        )
        .values(not_before=until, version=_O.version + 1)
    )


def _uncertain_in(tx: Transaction, row: Row[Any], words: str) -> None:
    set_values(tx, row.id, state=OutboxState.UNCERTAIN, error=words)
    tx.journal("outbox", row.id, "uncertain", after={"conversation_id": row.conversation_id})


def _news(connection: Connection, row: Row[Any]) -> bool:
    draft = connection.execute(select(table_of(Draft)).where(_D.id == row.draft_id)).first()
    return draft is not None and bool(news_in(connection, draft, row.conversation_id, row.message_row_id))


def _hold(tx: Transaction, row: Row[Any]) -> None:
    held = tx.connection.execute(
        update(table_of(OutboxItem))
        .where(_O.id == row.id, _O.state == OutboxState.QUEUED, _O.version == row.version)
        .values(state=OutboxState.HELD, version=_O.version + 1)
    ).rowcount
    if held:
        tx.journal("outbox", row.id, "held", after={"conversation_id": row.conversation_id})
