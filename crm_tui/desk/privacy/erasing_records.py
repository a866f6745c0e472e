"""Taking a person out of the client base and of what agents wrote down (SPEC §6): counts, dates and amounts stay."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, delete, insert, literal, select, update

from crm_tui.base.errors import Conflict
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    BankLine,
    CompanyContact,
    Consent,
    Draft,
    DraftAttachment,
    Event,
    Feedback,
    Folio,
    Guest,
    GuestApart,
    GuestAttribute,
    GuestEmail,
    GuestMerge,
    GuestPhone,
    HandoverLine,
    Inquiry,
    InternalMessage,
    MailingItem,
    Memo,
    NoticeStop,
    OutboxItem,
    PackageGuest,
    Payment,
    PaymentNotice,
    Posting,
    QualityCost,
    Reminder,
    Reservation,
    ScheduleLine,
    Ticket,
)
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.correspondence import outgoing
from crm_tui.desk.privacy.erasing_person import Person, label_of
from crm_tui.desk.privacy.erasing_reach import UNSENT, Reach
from crm_tui.mail.text import fold_text
from crm_tui.rules.mentions import BLACK
from crm_tui.rules.vocabulary import CopyState, MailingItemState, NoticeState, OutboxState

_G = columns(Guest)
_O = columns(OutboxItem)
_D = columns(Draft)
_N = columns(Consent)
_I = columns(MailingItem)
_P = columns(PaymentNotice)

_EMPTIED = ("given", "language", "nationality", "document", "passport", "street", "postcode", "city", "region")
_EMPTIED_TOO = ("country", "tax_number", "remarks", "reference")
_OPEN_ITEMS = (MailingItemState.WAITING, MailingItemState.QUEUED)

_BLACKENED: tuple[tuple[Any, str, tuple[str, ...]], ...] = (
    (Memo, "memos", ("text",)),
    (Event, "events", ("text",)),
    (Feedback, "feedback", ("comment", "resolution")),
    (QualityCost, "given", ("occasion", "comment")),
    (HandoverLine, "handovers", ("text", "note")),
    (Reminder, "reminders", ("title",)),
    (InternalMessage, "internal", ("text",)),
    (Inquiry, "inquiries", ("lost_reason", "airport", "preferences")),
    (Reservation, "reservations", ("remarks",)),
    (Payment, "payments", ("note", "reversal")),
    (Folio, "folios", ("name",)),
    (Posting, "postings", ("text",)),
)
"""Which texts of what is about the person are blacked out; the rest of these rows stays: days, party, amounts, status."""

ERASED_REASON = "erased"
"""Why a mailing leaves a guest out who was erased."""


def erase_records(tx: Transaction, found: Reach) -> dict[str, int]:
    """Take the person out of everything but the mail and the journal; returns what went, by kind."""
    require_nothing_under_way(tx.connection, found)
    told = _guests(tx, found.person)
    told |= _texts(tx.connection, found)
    told |= _outbox(tx, found)
    told["called_back"] = call_back(tx, found)
    told |= _drafts(tx, found)
    _unquote(tx.connection, found)
    told["mailings"] = _mailings(tx, found)
    told["notices"] = _notices(tx, found)
    _merges(tx.connection, found.merges)
    return told


def require_nothing_under_way(connection: Connection, found: Reach) -> None:
    """Nothing of it is being sent just now.

    Raises:
        Conflict: something is.
    """
    for chunk in chunks(sorted(found.notices)):
        query = select(_P.id).where(_P.id.in_(chunk), _P.state == NoticeState.SENDING)
        if connection.execute(query.limit(1)).first() is not None:
            raise _under_way(found)
    for chunk in chunks(sorted(found.outbox | found.near.get(OutboxItem, set()))):
        query = select(_O.id).where(_O.id.in_(chunk), _O.state == OutboxState.SENDING)
        if connection.execute(query.limit(1)).first() is not None:
            raise _under_way(found)


def _under_way(found: Reach) -> Conflict:
    return Conflict(
        _("A message to {name} is being sent just now; nothing was erased.").format(name=found.person.name),
        _("Try again in a moment."),
    )


def _notices(tx: Transaction, found: Reach) -> int:
    """Reminders stay as a fact, without address and text; what has not gone out never does. Nobody is to be stopped any more."""
    for chunk in chunks(sorted(found.notices)):
        mine = _P.id.in_(chunk)
        values: dict[str, Any] = {"address": "", "error": ""} | _black(PaymentNotice, ("text",))
        tx.connection.execute(update(PaymentNotice).where(mine).values(**values))
        waits = update(PaymentNotice).where(mine, _P.state == NoticeState.QUEUED)
        tx.connection.execute(waits.values(state=NoticeState.DROPPED.value, error=f"#{ERASED_REASON}"))
    for chunk in chunks(sorted(found.stops)):
        gone = update(NoticeStop).where(columns(NoticeStop).id.in_(chunk))
        tx.connection.execute(gone.values(address="", removed_at=tx.now, version=columns(NoticeStop).version + 1))
    return len(found.notices)


def _guests(tx: Transaction, person: Person) -> dict[str, int]:
    connection, guests = tx.connection, person.guests
    told = {
        "addresses": _gone(connection, GuestEmail, "guest_id", guests),
        "phones": _gone(connection, GuestPhone, "guest_id", guests),
        "attributes": _gone(connection, GuestAttribute, "guest_id", guests),
        "packages": _gone(connection, PackageGuest, "guest_id", guests),
        "contacts": _gone(connection, CompanyContact, "person_id", guests)
        + _gone(connection, CompanyContact, "company_id", guests),
        "consents": _refuse_consents(tx, guests),
    }
    for column in ("guest_id", "other_id"):
        _gone(connection, GuestApart, column, guests)
    for number in guests:
        name = label_of(number)
        values: dict[str, Any] = {"surname": name, "folded": fold_text(name), **dict.fromkeys(_EMPTIED, "")}
        values |= dict.fromkeys(_EMPTIED_TOO, "") | {"birth_date": None, "passport_expiry": None}
        values |= {"erased_at": tx.now, "updated_at": tx.now, "version": _G.version + 1}
        put_away = case((_G.archived_at.is_(None), literal(tx.now, _G.archived_at.type)), else_=_G.archived_at)
        connection.execute(update(Guest).where(_G.id == number).values(**values, archived_at=put_away))
    return {"guests": len(guests)} | told


def _gone(connection: Connection, model: Any, column: str, ids: Collection[int]) -> int:
    return connection.execute(delete(model).where(columns(model)[column].in_(ids))).rowcount


def _refuse_consents(tx: Transaction, guests: Collection[int]) -> int:
    """What was said goes; what remains is a no, for the channels about which something was said."""
    said = tx.connection.execute(
        select(_N.guest_id, _N.channel).where(_N.guest_id.in_(guests)).distinct().order_by(_N.guest_id, _N.channel)
    ).all()
    gone = _gone(tx.connection, Consent, "guest_id", guests)
    rows = [
        {
            "guest_id": row.guest_id,
            "channel": row.channel,
            "given": False,
            "day": tx.now.date(),
            "source": "",
            "at": tx.now,
        }
        for row in said
    ]
    if rows:
        tx.connection.execute(insert(Consent), rows)
    return gone


def _texts(connection: Connection, found: Reach) -> dict[str, int]:
    told = {}
    for model, kind, names in _BLACKENED:
        ids: set[int] = getattr(found, kind)
        told[kind] = len(ids)
        for chunk in chunks(sorted(ids)):
            connection.execute(update(model).where(columns(model).id.in_(chunk)).values(**_black(model, names)))
    for chunk in chunks(sorted(found.tickets)):
        asked = _black(Ticket, ("pending_note",))
        connection.execute(update(Ticket).where(columns(Ticket).id.in_(chunk)).values(**asked))
    for chunk in chunks(sorted(found.inquiries)):
        connection.execute(update(Inquiry).where(columns(Inquiry).id.in_(chunk)).values(proposed={}))
    for chunk in chunks(sorted(found.reservations)):
        lines = columns(ScheduleLine)
        values = _black(ScheduleLine, ("reason",), counted=False)
        connection.execute(update(ScheduleLine).where(lines.reservation_id.in_(chunk)).values(**values))
    for chunk in chunks(sorted(found.payments)):
        booked = columns(BankLine).payment_id.in_(chunk)
        connection.execute(update(BankLine).where(booked).values(**_black(BankLine, ("text",))))
    return told


def _black(model: Any, names: Iterable[str], *, counted: bool = True) -> dict[str, ColumnElement[Any]]:
    own = columns(model)
    values: dict[str, Any] = {name: case((own[name] == "", ""), else_=BLACK) for name in names}
    return values | ({"version": own.version + 1} if counted else {})


def _outbox(tx: Transaction, found: Reach) -> dict[str, int]:
    """What went out stays as a fact; what did not is given up. No copy of it is put into Sent any more."""
    connection = tx.connection
    unsent = 0
    for chunk in chunks(sorted(found.outbox)):
        for row in connection.execute(select(_O.id, _O.state, _O.message_row_id).where(_O.id.in_(chunk))).all():
            open_ = row.state in UNSENT
            unsent += open_
            values: dict[str, Any] = {"recipients": [], "subject": BLACK, "source": b"", "error": "", "copy_error": ""}
            values |= {"refused": {}, "copy_state": _copied(connection, row.id)}
            if open_:
                values["state"] = OutboxState.RECALLED.value
            connection.execute(update(OutboxItem).where(_O.id == row.id).values(**values, version=_O.version + 1))
            if open_ and row.state != OutboxState.UNCERTAIN and row.message_row_id is not None:
                outgoing.remove(tx, row.message_row_id)
            if open_:
                tx.journal("outbox", row.id, "drop", {"state": row.state}, {"state": OutboxState.RECALLED.value})
    return {"sent": len(found.outbox) - unsent, "unsent": unsent}


def call_back(tx: Transaction, found: Reach) -> int:
    """What is for others too does not go out as it is: it is a draft again, without the person. Copies lose their bytes."""
    connection = tx.connection
    for chunk in chunks(sorted(found.near.get(OutboxItem, ()))):
        query = select(_O.id, _O.state, _O.token, _O.draft_id, _O.message_row_id, _O.recipients, _O.conversation_id)
        for row in connection.execute(query.where(_O.id.in_(chunk))).all():
            to = [one for one in row.recipients or () if str(one).lower() not in found.person.addresses]
            values: dict[str, Any] = {"recipients": to, "source": b"", "copy_state": _copied(connection, row.id)}
            if row.id in found.called_back:
                values["state"] = OutboxState.RECALLED.value
                if row.draft_id is not None:
                    connection.execute(update(table_of(Draft)).where(_D.id == row.draft_id).values(outbox_id=None))
                if row.message_row_id is not None and row.state != OutboxState.UNCERTAIN and not row.token:
                    outgoing.remove(tx, row.message_row_id)
                    values["message_row_id"] = None
                after = {"conversation_id": row.conversation_id, "draft_id": row.draft_id}
                tx.journal("outbox", row.id, "recall", {"state": row.state}, after)
            connection.execute(
                update(table_of(OutboxItem)).where(_O.id == row.id).values(**values, version=_O.version + 1)
            )
    return len(found.called_back)


def _unquote(connection: Connection, found: Reach) -> None:
    """Drafts to others that quote the person."""
    for chunk in chunks(sorted(found.near.get(Draft, ()))):
        for row in connection.execute(select(_D.id, _D.text).where(_D.id.in_(chunk))).all():
            text = found.quotes.without(row.text)
            if text != row.text:
                connection.execute(update(Draft).where(_D.id == row.id).values(text=text, version=_D.version + 1))


def _copied(connection: Connection, item: int) -> str:
    state = connection.execute(select(_O.copy_state).where(_O.id == item)).scalar()
    return str(CopyState.NONE if state in (CopyState.PENDING, CopyState.FAILED) else state)


def _drafts(tx: Transaction, found: Reach) -> dict[str, int]:
    files = 0
    for chunk in chunks(sorted(found.drafts)):
        files += _gone(tx.connection, DraftAttachment, "draft_id", chunk)
        values: dict[str, Any] = {**dict.fromkeys(("to", "cc", "bcc", "subject", "text"), ""), "updated_at": tx.now}
        put_away = case((_D.dropped_at.is_(None), literal(tx.now, _D.dropped_at.type)), else_=_D.dropped_at)
        statement = update(Draft).where(_D.id.in_(chunk))
        tx.connection.execute(statement.values(**values, dropped_at=put_away, version=_D.version + 1))
    return {"drafts": len(found.drafts), "draft_files": files}


def _mailings(tx: Transaction, found: Reach) -> int:
    for chunk in chunks(sorted(found.mailings)):
        for row in tx.connection.execute(select(_I.id, _I.guest_id, _I.state).where(_I.id.in_(chunk))).all():
            # no two of a mailing may share one, those that were erased neither
            values: dict[str, Any] = {"address": "", "folded": f"#{row.guest_id}"}
            if row.state in _OPEN_ITEMS:
                values |= {"state": MailingItemState.LEFT_OUT.value, "reason": ERASED_REASON, "changed_at": tx.now}
            tx.connection.execute(update(table_of(MailingItem)).where(_I.id == row.id).values(**values))
    return len(found.mailings)


def _merges(connection: Connection, merges: Iterable[int]) -> None:
    """That they were one stays; what each of them was is gone, so it is not taken back."""
    for chunk in chunks(sorted(merges)):
        names = columns(GuestMerge)
        connection.execute(update(GuestMerge).where(names.id.in_(chunk)).values(before={}, after={}))
