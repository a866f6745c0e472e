"""Reminders of payments as the engine works them (SPEC §8, §16; QUALITY R1).

A reminder is a row before anything goes out, and the row is what holds to one a line a day. A mail is then the outbox's. A
short message is *sending*, committed under the engine's fencing token, before its gateway is spoken to; what is left so by an
engine that died is *uncertain*, and never sent again by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from crm_tui.base.settings import Settings
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Account, ConversationGuest, OutboxItem, PaymentNotice
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.correspondence import outgoing, writing
from crm_tui.desk.correspondence.outbox_rows import set_values
from crm_tui.desk.correspondence.prepare import prepare
from crm_tui.desk.watchlists import notice_outcomes
from crm_tui.desk.watchlists.gateway import Failed, Outcome, Refused, Sent
from crm_tui.desk.watchlists.notice_plan import line_over, plan, quiet, settings_of, settled, still_missing
from crm_tui.desk.watchlists.notice_reach import pays, wanted
from crm_tui.desk.watchlists.notice_views import MAIL, SMS, NoticeReason, PlannedNotice
from crm_tui.mail.address import Address
from crm_tui.mail.compose import Outgoing, build, new_message_id, recipients
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import NoticeState, OutboxState

_N = columns(PaymentNotice)
_A = columns(Account)

PAUSES = (60, 300, 900, 1800, 3600)
"""Seconds until the next try after the gateway refused; after the last the reminder has failed."""

Fence = Callable[[Connection], bool]
"""Whether this engine still holds the lease, asked inside the transaction that decides."""


@dataclass(frozen=True, slots=True)
class SmsJob:
    """A short message that may go out now."""

    notice: int
    number: str
    text: str


def queue_due(
    ctx: Context, settings: Settings, fence: Fence, limit: int = 200, *, stopped: Callable[[], bool] | None = None
) -> int:
    """Make the reminders that are due now, at most ``limit``; returns how many were made.

    Args:
        stopped: asked before each: whether to leave the rest for later.
    """
    with ctx.store.connect() as connection:
        local = ctx.clock.now().astimezone(writing.zone(connection))
        if quiet(settings, local):
            return 0
        found = plan(ctx, connection, settings, ctx.clock.now())
    made = 0
    for one in found[:limit]:
        if stopped is not None and stopped():
            break
        made += _queue(ctx, settings, fence, one)
    return made


def _queue(ctx: Context, settings: Settings, fence: Fence, one: PlannedNotice) -> int:
    """Make one, if it is still due and nobody made it meanwhile."""
    with ctx.write() as tx:
        if not fence(tx.connection):
            return 0
        again = plan(ctx, tx.connection, settings, tx.now, only=(one.reservation,))
        if not again:
            return 0
        insert_in(tx, again[0], day=local_day(tx))
        return 1


def local_day(tx: Transaction) -> date:
    """The day of the property's zone."""
    return tx.now.astimezone(writing.zone(tx.connection)).date()


def insert_in(tx: Transaction, one: PlannedNotice, *, day: date, automatic: bool = True, delay: float = 0) -> int:
    """Store a reminder as queued; a mail goes into the outbox with it. Returns its number.

    Args:
        delay: seconds in which it can be taken back.
    """
    body = one.text if one.channel == SMS else f"{one.subject}\n\n{one.text}"
    row = {
        "reservation_id": one.reservation,
        "line_id": one.line,
        "guest_id": one.guest,
        "day": day,
        "automatic": automatic,
        "channel": one.channel,
        "address": one.address,
        "text": body,
        "amount": one.amount.amount,
        "state": str(NoticeState.QUEUED),
        "created_by": tx.actor.id,
        "created_at": tx.now,
        "not_before": tx.now + timedelta(seconds=delay),
    }
    if one.channel == MAIL:
        row["outbox_id"] = _mail(tx, one, automatic=automatic, delay=delay)
    made = new_id(tx.connection.execute(insert(PaymentNotice).values(**row)))
    after = {"reservation_id": one.reservation, "channel": one.channel, "state": str(NoticeState.QUEUED)}
    tx.journal("notice", made, "queue", None, after, undoable=not automatic)
    tx.journal("reservation", one.reservation, "notice", None, {"notice": made, "state": str(NoticeState.QUEUED)})
    return made


def account_in(connection: Connection) -> Row[Any] | None:
    """The account that reminders go out from: the first that is switched on."""
    return connection.execute(
        select(_A.id, _A.address, _A.name, _A.signature).where(_A.active).order_by(_A.id).limit(1)
    ).first()


def _mail(tx: Transaction, one: PlannedNotice, *, automatic: bool, delay: float) -> int:
    account = account_in(tx.connection)
    if account is None:  # asked before, in the same transaction
        raise AssertionError("no account")
    message = Outgoing(
        sender=Address(account.name, account.address),
        to=(Address(one.name, one.address),),
        subject=one.subject,
        text=one.text,
        message_id=new_message_id(account.address.rpartition("@")[2]),
        date=tx.now.astimezone(writing.zone(tx.connection)),
        auto_submitted="auto-generated" if automatic else "",
        language=one.language,
    )
    wire = build(message)
    values: dict[str, Any] = {
        "agent_id": tx.actor.id,
        "account_id": account.id,
        "rfc_message_id": message.message_id,
        "sender": message.sender.address,
        "recipients": list(recipients(message)),
        "subject": message.subject,
        "source": wire,
        "after_send": "stay",
        "not_before": tx.now + timedelta(seconds=delay),
        "queued_at": tx.now,
        "state": OutboxState.QUEUED,
        "refused": {},
    }
    item = new_id(tx.connection.execute(insert(OutboxItem).values(**values)))
    shown, conversation = outgoing.show(tx, prepare(wire), conversation_id=None, account_id=account.id, outbox_id=item)
    tx.connection.execute(insert(ConversationGuest).values(conversation_id=conversation, guest_id=one.guest, at=tx.now))
    set_values(tx, item, message_row_id=shown, conversation_id=conversation)
    tx.journal("outbox", item, "queue", after={"conversation_id": conversation, "state": OutboxState.QUEUED})
    return item


def recover(ctx: Context) -> list[int]:
    """What was left between the gateway and its answer, by an engine that died or lost its lease, is uncertain.

    To be called when this engine sends nothing itself. Returns those reminders.
    """
    query = select(table_of(PaymentNotice)).where(_N.state == NoticeState.SENDING, _N.channel == SMS)
    with ctx.store.connect() as connection:
        if connection.execute(query.limit(1)).first() is None:
            return []
    with ctx.write() as tx:
        rows = tx.connection.execute(query).all()
        for row in rows:
            notice_outcomes.write(tx, row, NoticeState.UNCERTAIN, error=str(NoticeReason.PROGRAM_ENDED))
        return [row.id for row in rows]


def heed_clock(ctx: Context) -> int:
    """Let nothing wait for the hours that a clock was set back: what was made in the future waits its pause from now on."""
    now = ctx.clock.now()
    query = select(_N.id, _N.created_at, _N.not_before).where(
        _N.state == NoticeState.QUEUED, _N.channel == SMS, _N.created_at > now
    )
    with ctx.store.connect() as connection:
        rows = connection.execute(query).all()
    if not rows:
        return 0
    with ctx.write() as tx:
        for row in rows:
            pause = min(row.not_before - row.created_at, timedelta(seconds=PAUSES[-1]))
            change = update(PaymentNotice).where(_N.id == row.id, _N.state == NoticeState.QUEUED)
            values = {"created_at": now, "not_before": now + pause, "version": _N.version + 1}
            tx.connection.execute(change.values(**values))
            tx.journal("notice", row.id, "clock set back")
    return len(rows)


def waiting(ctx: Context, limit: int = 50) -> list[int]:
    """The short messages whose undo window or pause is over, oldest first."""
    query = select(_N.id).where(_N.state == NoticeState.QUEUED, _N.channel == SMS, _N.not_before <= ctx.clock.now())
    with ctx.store.connect() as connection:
        return list(connection.execute(query.order_by(_N.id).limit(limit)).scalars())


def begin(ctx: Context, settings: Settings, notice: int, token: int, fence: Fence) -> SmsJob | None:
    """Commit that a short message may go out from here on; None if it must not: taken back, not wanted any more, quiet hours,
    or the lease is lost."""
    with ctx.write() as tx:
        if not fence(tx.connection):
            return None
        row = _row(tx.connection, notice)
        if row is None or row.state != NoticeState.QUEUED or row.not_before > tx.now:
            return None
        reason = unwanted(tx, row, settings)
        if reason == NoticeReason.QUIET:
            return None  # it waits; if its day ends before they do, it is dropped and the next day makes another
        if reason:
            notice_outcomes.write(tx, row, NoticeState.DROPPED, error=reason)
            return None
        notice_outcomes.write(tx, row, NoticeState.SENDING, token=token, attempts=row.attempts + 1)
        return SmsJob(row.id, row.address, row.text)


def unwanted(tx: Transaction, row: Row[Any], settings: Settings) -> str:
    """Why a queued reminder must not go out as things stand now, as a stored reason; empty if it may.

    What an agent sends by hand stops only when the line it tells of is covered or gone, or the reservation is cancelled.
    """
    local = tx.now.astimezone(writing.zone(tx.connection))
    amount, reason = still_missing(tx.connection, row.reservation_id, settings, local.date())
    if not row.automatic:
        if settled(tx.connection, row.reservation_id):
            return reason
        return line_over(tx.connection, row.reservation_id, row.line_id)
    if reason:
        return reason
    if row.day != local.date():
        return NoticeReason.DAY_OVER
    if settings.notices == "off":
        return NoticeReason.OFF
    if amount != row.amount or not pays(tx.connection, row.reservation_id, row.guest_id):
        return NoticeReason.CHANGED
    found = wanted(tx.connection, row.guest_id, row.channel, row.address, bounces=False)
    if found:
        return found
    return NoticeReason.QUIET if quiet(settings, local) else ""


def unwanted_mail(ctx: Context, tx: Transaction, outbox: Row[Any]) -> bool:
    """Take a reminder's mail back right before it goes out if it is not to be sent any more; whether it was.

    Other mail is never touched.
    """
    row = tx.connection.execute(select(table_of(PaymentNotice)).where(_N.outbox_id == outbox.id)).first()
    if row is None:
        return False
    reason = unwanted(tx, row, settings_of(ctx))
    if not reason:
        return False
    if outbox.message_row_id is not None:
        outgoing.remove(tx, outbox.message_row_id)
    set_values(tx, outbox.id, state=OutboxState.RECALLED, message_row_id=None)
    tx.journal(
        "outbox", outbox.id, "recall", {"state": OutboxState.QUEUED}, {"conversation_id": outbox.conversation_id}
    )
    again = _row(tx.connection, row.id)
    if again is not None:
        notice_outcomes.write(tx, again, NoticeState.DROPPED, error=reason)
    return True


def settle(ctx: Context, notice: int, token: int, outcome: Outcome) -> str:
    """Write down what became of a short message; returns the state.

    An engine that lost its lease meanwhile may still tell of its own message: that one is its own by the token.
    """
    with ctx.write() as tx:
        row = _row(tx.connection, notice)
        if row is None:
            return NoticeState.DROPPED
        if row.token != token or row.state not in (NoticeState.SENDING, NoticeState.UNCERTAIN):
            return str(row.state)
        words = display_text(outcome.words)[:500]
        if isinstance(outcome, Sent):
            notice_outcomes.sent_in(tx, row, words)
            return NoticeState.SENT
        if isinstance(outcome, Refused) and row.attempts <= len(PAUSES):
            pause = timedelta(seconds=PAUSES[row.attempts - 1])
            notice_outcomes.write(tx, row, NoticeState.QUEUED, error=words, token=0, not_before=tx.now + pause)
            return NoticeState.QUEUED
        if isinstance(outcome, (Refused, Failed)):
            notice_outcomes.write(tx, row, NoticeState.FAILED, error=words)
            return NoticeState.FAILED
        notice_outcomes.write(tx, row, NoticeState.UNCERTAIN, error=words)
        return NoticeState.UNCERTAIN


def postpone(ctx: Context, notice: int, words: str, seconds: float) -> None:
    """It cannot be tried now (no secret at hand): it stays queued and says why."""
    with ctx.write() as tx:
        row = _row(tx.connection, notice)
        if row is not None and row.state == NoticeState.QUEUED:
            until = tx.now + timedelta(seconds=seconds)
            notice_outcomes.write(tx, row, NoticeState.QUEUED, error=words, not_before=until)


def drop_stale(ctx: Context, fence: Fence) -> int:
    """Drop the automatic short messages whose day is over; the day that is makes its own. Returns how many were."""
    query = select(table_of(PaymentNotice)).where(
        _N.state == NoticeState.QUEUED, _N.channel == SMS, _N.automatic.is_(True)
    )
    with ctx.store.connect() as connection:
        today = ctx.clock.now().astimezone(writing.zone(connection)).date()
        if connection.execute(query.where(_N.day < today).limit(1)).first() is None:
            return 0
    with ctx.write() as tx:
        if not fence(tx.connection):
            return 0
        rows = tx.connection.execute(query.where(_N.day < today)).all()
        for row in rows:
            notice_outcomes.write(tx, row, NoticeState.DROPPED, error=str(NoticeReason.DAY_OVER))
        return len(rows)


def _row(connection: Connection, notice: int) -> Row[Any] | None:
    return connection.execute(select(table_of(PaymentNotice)).where(_N.id == notice)).first()
