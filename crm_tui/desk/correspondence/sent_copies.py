"""What was sent and its copy in Sent, apart from the delivery (SPEC §5, QUALITY R2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Account, Location, Mailbox, OutboxItem
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence.outbox_rows import set_values
from crm_tui.rules.vocabulary import CopyState, OutboxState

_O = columns(OutboxItem)
_A = columns(Account)
_L = columns(Location)
_B = columns(Mailbox)

COPY_PAUSES = (0, 10, 30, 60, 300, 900, 3600)
"""Seconds after which the copy to Sent is tried again; then it has failed and the agent decides."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A sent message whose copy is not in Sent yet, as far as is known."""

    item: int
    account: int
    message_id: str
    message: int | None
    attempts: int


def copies_due(ctx: Context) -> list[Copy]:
    """The copies to Sent that are to be made or tried again now, oldest first."""
    now = ctx.clock.now()
    with ctx.store.connect() as connection:
        rows = connection.execute(
            select(_O.id, _O.account_id, _O.rfc_message_id, _O.message_row_id, _O.copy_attempts, _O.sent_at)
            .join(Account, _A.id == _O.account_id)
            .where(_O.copy_state == CopyState.PENDING, _O.state == OutboxState.SENT, _A.active)
            .order_by(_O.id)
            .limit(50)
        ).all()
    return [
        Copy(row.id, row.account_id, row.rfc_message_id, row.message_row_id, row.copy_attempts)
        for row in rows
        if row.sent_at is None or row.sent_at + timedelta(seconds=sum(COPY_PAUSES[: row.copy_attempts + 1])) <= now
    ]


def wire_source(ctx: Context, item_id: int) -> bytes:
    """A message as it goes or went over the wire.

    Raises:
        NotFound: there is no such item.
    """
    with ctx.store.connect() as connection:
        found = connection.execute(select(_O.source).where(_O.id == item_id)).scalar()
    if found is None:
        raise NotFound(_("There is no such message in the outbox."))
    return bytes(found)


def copied(ctx: Context, item_id: int) -> None:
    """The copy is in Sent."""
    with ctx.write() as tx:
        set_values(tx, item_id, copy_state=CopyState.STORED, copy_error="")
        tx.journal("outbox", item_id, "copied")


def copy_failed(ctx: Context, item_id: int, words: str) -> None:
    """The copy could not be made; tried again later, and failed for good after the last pause. The mail stays sent."""
    with ctx.write() as tx:
        row = tx.connection.execute(select(_O.copy_attempts).where(_O.id == item_id)).first()
        if row is None:
            return
        attempts = row.copy_attempts + 1
        state = CopyState.FAILED if attempts >= len(COPY_PAUSES) else CopyState.PENDING
        set_values(tx, item_id, copy_state=state, copy_attempts=attempts, copy_error=words)
        if state == CopyState.FAILED:
            tx.journal("outbox", item_id, "copy failed")


def uncertain(ctx: Context) -> list[int]:
    """The items whose fate is not known."""
    with ctx.store.connect() as connection:
        query = select(_O.id).where(_O.state == OutboxState.UNCERTAIN).order_by(_O.id)
        return list(connection.execute(query).scalars())


def located_in_sent(ctx: Context, item_id: int) -> bool:
    """Whether a sync has met an uncertain message in a Sent mailbox meanwhile."""
    with ctx.store.connect() as connection:
        query = (
            select(_L.id)
            .join(Mailbox, _B.id == _L.mailbox_id)
            .join(OutboxItem, _O.message_row_id == _L.message_id)
            .where(_O.id == item_id, _B.role == "sent")
        )
        return connection.execute(query.limit(1)).scalar() is not None


def recalled_in_sent(ctx: Context) -> list[int]:
    """Messages called back while their fate was unknown that a sync has met in a Sent mailbox meanwhile."""
    with ctx.store.connect() as connection:
        query = (
            select(_O.id)
            .distinct()
            .join(Location, _L.message_id == _O.message_row_id)
            .join(Mailbox, _B.id == _L.mailbox_id)
            .where(_O.state == OutboxState.RECALLED, _B.role == "sent")
        )
        return list(connection.execute(query).scalars())


def whereabouts(ctx: Context, item_id: int) -> tuple[int, str]:
    """The account in whose Sent a message would lie, and its Message-ID.

    Raises:
        NotFound: there is no such item, or its account is gone.
    """
    with ctx.store.connect() as connection:
        row = connection.execute(select(_O.account_id, _O.rfc_message_id).where(_O.id == item_id)).first()
    if row is None or row.account_id is None:
        raise NotFound(_("There is no such message in the outbox."))
    return int(row.account_id), str(row.rfc_message_id)
