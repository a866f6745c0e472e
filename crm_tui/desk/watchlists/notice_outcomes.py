"""What becomes of a reminder when its mail or its short message is settled, in the same transaction (SPEC §8, QUALITY R1)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, insert, select, update

from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Event, EventType, Guest, NoticeStop, OutboxItem, PaymentNotice
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.groups.package_search import survivors
from crm_tui.desk.watchlists.notice_views import MAIL, NoticeReason
from crm_tui.rules.mail_addresses import address_key
from crm_tui.rules.vocabulary import EventKind, NoticeState, OutboxState

_N = columns(PaymentNotice)
_O = columns(OutboxItem)
_T = columns(EventType)
_G = columns(Guest)
_S = columns(NoticeStop)

_STATES: dict[str, str] = {
    OutboxState.QUEUED: NoticeState.QUEUED,
    OutboxState.SENDING: NoticeState.SENDING,
    OutboxState.SENT: NoticeState.SENT,
    OutboxState.FAILED: NoticeState.FAILED,
    OutboxState.HELD: NoticeState.QUEUED,
    OutboxState.UNCERTAIN: NoticeState.UNCERTAIN,
    OutboxState.RECALLED: NoticeState.DROPPED,
}


def follow_in(tx: Transaction, outbox_id: int, state: str) -> None:
    """Let the reminder of an outbox item follow its state; nothing happens for other mail.

    One that may have arrived stays uncertain when its mail is dropped: it counts as sent.
    """
    row = tx.connection.execute(select(table_of(PaymentNotice)).where(_N.outbox_id == outbox_id)).first()
    if row is None:
        return
    wanted = _STATES[state]
    if wanted == row.state or (wanted == NoticeState.DROPPED and row.state == NoticeState.UNCERTAIN):
        return
    reason = NoticeReason.TAKEN_BACK if wanted == NoticeState.DROPPED else ""
    if wanted == NoticeState.SENT:
        sent_in(tx, row)
    else:
        write(tx, row, wanted, error=str(reason))


def refused_in(tx: Transaction, outbox_id: int, addresses: dict[str, str]) -> None:
    """A server takes no mail for an address at all: it gets no further reminder until somebody says so."""
    row = tx.connection.execute(select(_N.id, _N.address, _N.guest_id).where(_N.outbox_id == outbox_id)).first()
    if row is None or address_key(row.address) not in {address_key(one) for one in addresses}:
        return
    key = address_key(row.address)
    known = select(_S.id).where(_S.address == key, _S.removed_at.is_(None))
    if tx.connection.execute(known).first() is None:
        values = {"address": key, "reason": "bounce", "guest_id": row.guest_id, "at": tx.now}
        made = new_id(tx.connection.execute(insert(NoticeStop).values(**values)))
        tx.journal("notice stop", made, "bounce", None, {"guest_id": row.guest_id})


def sent_in(tx: Transaction, row: Row[Any], words: str = "") -> None:
    """A reminder went out: it is an event in its guest's history."""
    event = _event(tx, row)
    write(tx, row, NoticeState.SENT, error=words, sent_at=tx.now, event_id=event)


def write(tx: Transaction, row: Row[Any], state: str, **values: Any) -> None:
    """Store and journal a new state of a reminder."""
    change = update(PaymentNotice).where(_N.id == row.id)
    tx.connection.execute(change.values(state=str(state), **values, version=_N.version + 1))
    after = {"state": str(state), "reservation_id": row.reservation_id}
    tx.journal("notice", row.id, str(state), {"state": str(row.state)}, after)
    tx.journal("reservation", row.reservation_id, "notice", None, {"notice": row.id, "state": str(state)})


def _event(tx: Transaction, row: Row[Any]) -> int | None:
    """The event of a reminder that went out; None where there is no guest to have one."""
    alive = survivors(tx.connection, [row.guest_id]) if row.guest_id is not None else []
    if not alive:
        return None
    erased = tx.connection.execute(select(_G.erased_at).where(_G.id == alive[0])).scalar()
    kind = tx.connection.execute(select(_T.id).where(_T.code == EventKind.PAYMENT_REMINDER)).scalar()
    if erased is not None or kind is None:
        return None
    conversation = None
    if row.outbox_id is not None:
        conversation = tx.connection.execute(select(_O.conversation_id).where(_O.id == row.outbox_id)).scalar()
    values = {
        "type_id": kind,
        "guest_id": alive[0],
        "conversation_id": conversation,
        "reservation_id": row.reservation_id,
        "at": tx.now,
        "text": f"{row.address}: {_first_line(row)}",
        "author_id": row.created_by,
        "created_at": tx.now,
    }
    made = new_id(tx.connection.execute(insert(Event).values(**values)))
    tx.journal("event", made, "create", None, {"guest_id": alive[0], "type_id": kind})
    return made


def _first_line(row: Row[Any]) -> str:
    """The subject of a mail, the whole of a short message."""
    return str(row.text).split("\n", 1)[0] if row.channel == MAIL else str(row.text)
