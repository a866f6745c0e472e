"""What becomes of a mailing's mail in the outbox is what becomes of its item, in the same transaction (QUALITY R1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, not_, update

from crm_tui.data.columns import columns
from crm_tui.data.tables import MailingItem
from crm_tui.desk.groups.mailing_views import Reason
from crm_tui.rules.vocabulary import MailingItemState, OutboxState

_I = columns(MailingItem)

_STATES: dict[str, tuple[str, str]] = {
    OutboxState.QUEUED: (MailingItemState.QUEUED, ""),
    OutboxState.SENDING: (MailingItemState.QUEUED, ""),
    OutboxState.HELD: (MailingItemState.QUEUED, ""),
    OutboxState.SENT: (MailingItemState.SENT, ""),
    OutboxState.FAILED: (MailingItemState.FAILED, ""),
    OutboxState.UNCERTAIN: (MailingItemState.FAILED, Reason.UNCERTAIN),
    OutboxState.RECALLED: (MailingItemState.LEFT_OUT, Reason.WITHDRAWN),
}


def follow_in(connection: Connection, outbox_id: int, state: str, now: datetime | None = None) -> None:
    """Let the item of an outbox item follow its state; nothing happens for mail of no mailing.

    One that may have arrived stays so when it is dropped: it is never written to again.
    """
    item, reason = _STATES[state]
    where = [_I.outbox_id == outbox_id]
    if state == OutboxState.RECALLED:
        where.append(not_((_I.state == MailingItemState.FAILED) & (_I.reason == Reason.UNCERTAIN)))
    values: dict[str, Any] = {"state": str(item), "reason": str(reason)}
    if now is not None:
        values["changed_at"] = now
    connection.execute(update(MailingItem).where(*where).values(**values))
