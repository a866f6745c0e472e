"""From a draft to the message that goes out: headers, threading, attachments, frozen recipients (SPEC §5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, Row, select

from crm_tui.base.errors import Conflict, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import DraftAttachment, Message, MessageText, Property
from crm_tui.desk.correspondence import addresses
from crm_tui.desk.correspondence.sender import sender_of
from crm_tui.mail.address import Address
from crm_tui.mail.compose import Outgoing, build, new_message_id, recipients
from crm_tui.mail.outgoing_headers import fold, mailboxes
from crm_tui.rules.gaps import gap_names

_F = columns(DraftAttachment)
_M = columns(Message)
_X = columns(MessageText)
_P = columns(Property)

KEPT_REFERENCES = 30


@dataclass(frozen=True, slots=True)
class Built:
    """A message ready to go.

    Attributes:
        wire: the bytes that go out; without Bcc.
        shown: the bytes that the desk and Sent keep; with Bcc.
        sender: the address it goes out from, also on the envelope.
        recipients: every address it goes to, once, frozen from here on.
        message_id: without angle brackets.
        files: the draft's files that are in it.
    """

    wire: bytes
    shown: bytes
    sender: str
    recipients: tuple[str, ...]
    message_id: str
    files: tuple[int, ...]


def build_draft(connection: Connection, draft: Row[Any], account: Row[Any], now: datetime) -> Built:
    """A draft as it is now, as the message that goes out from an account.

    Raises:
        InvalidInput: a recipient is no address, or there is none, or a template's variable has no value; ``field``
            names where.
    """
    _no_gaps(draft)
    to, cc, bcc = (addresses.read(getattr(draft, name), name) for name in ("to", "cc", "bcc"))
    addresses.check_count(to, cc, bcc)
    in_reply_to, references = _threading(connection, draft)
    sender = sender_of(connection, draft.kind, draft.source_message_id, account.address, account.aliases)
    files = connection.execute(
        select(_F.id, _F.name, _F.type, _F.content).where(_F.draft_id == draft.id).order_by(_F.id)
    ).all()
    message = Outgoing(
        sender=Address(account.name, sender),
        to=to,
        cc=cc,
        bcc=bcc,
        subject=draft.subject,
        text=draft.text,
        message_id=new_message_id(sender.rpartition("@")[2]),
        date=now.astimezone(zone(connection)),
        in_reply_to=in_reply_to,
        references=references,
        attachments=tuple((f.name, f.type, f.content) for f in files),
    )
    wire = build(message)
    hidden = fold("Bcc", mailboxes(bcc, field="bcc")) if bcc else b""
    return Built(wire, hidden + wire, sender, recipients(message), message.message_id, tuple(f.id for f in files))


def _no_gaps(draft: Row[Any]) -> None:
    """Refuse a text in which a template's variable has no value (SPEC §5)."""
    missing = gap_names(draft.subject, draft.text)
    if missing:
        raise InvalidInput(
            _("Something is missing in this text: {names}.").format(names=", ".join(missing)),
            _("Write it where the text shows ⟦…⟧, then send."),
            "subject" if gap_names(draft.subject) else "text",
        )


def check_files(connection: Connection, draft_id: int, files: tuple[int, ...]) -> None:
    """Refuse to queue a message whose draft got or lost a file since it was built.

    Raises:
        Conflict: it did.
    """
    now = connection.execute(select(_F.id).where(_F.draft_id == draft_id).order_by(_F.id)).scalars().all()
    if tuple(now) != files:
        raise Conflict(_("The files of this draft were changed just now."), _("Look at it again, then send it."))


def _threading(connection: Connection, draft: Row[Any]) -> tuple[str, tuple[str, ...]]:
    """In-Reply-To and References of an answer (RFC 5322 §3.6.4); a forward starts a thread of its own."""
    if draft.kind not in ("reply", "reply_all") or draft.source_message_id is None:
        return "", ()
    row = connection.execute(
        select(_M.message_id, _X.details)
        .outerjoin(MessageText, _X.message_id == _M.id)
        .where(_M.id == draft.source_message_id)
    ).first()
    if row is None or not row.message_id:
        return "", ()
    details = row.details or {}
    before = [str(ref) for ref in details.get("references", ()) or details.get("in_reply_to", ())]
    if len(before) >= KEPT_REFERENCES:
        before = [before[0], *before[1 - KEPT_REFERENCES :]]
    return row.message_id, (*before, row.message_id)


def zone(connection: Connection) -> ZoneInfo:
    """The property's zone: what recipients see as the time of the message."""
    name = connection.execute(select(_P.timezone).order_by(_P.id).limit(1)).scalar()
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
