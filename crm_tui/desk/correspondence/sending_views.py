"""What screens and the command line get of drafts, the outbox and accounts: frozen values, nothing of the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file that goes with a draft; ``size`` in octets."""

    id: int
    name: str
    type: str
    size: int


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as it is edited.

    Attributes:
        kind: reply, reply_all, forward or new.
        conversation: where the answer belongs; None for a new or forwarded message.
        sender: the address it goes out from.
        to, cc, bcc: as typed, comma separated.
        resumed: it was begun earlier and is taken up again.
        reservation: what it is about, which fills in templates.
    """

    id: int
    kind: str
    conversation: int | None
    source_message: int | None
    account: int | None
    sender: str
    to: str
    cc: str
    bcc: str
    subject: str
    text: str
    files: Sequence[DraftFile]
    updated_at: datetime
    version: int
    resumed: bool = False
    reservation: int | None = None


@dataclass(frozen=True, slots=True)
class NewsItem:
    """A message that came in or went out since a reply was begun (SPEC §3: the send gate).

    Attributes:
        who: the sender; of an own message the agent who wrote it, if the desk knows.
        text: all of it, quotes included.
        state: the outbox state of an own message that is not delivered yet; empty otherwise.
        agent: who wrote it is an agent of the desk.
    """

    message: int
    direction: str
    who: str
    subject: str
    preview: str
    at: datetime
    text: str = ""
    state: str = ""
    agent: bool = False


@dataclass(frozen=True, slots=True)
class OutboxView:
    """A message on its way out.

    Attributes:
        state: queued, sending, sent, failed, held, uncertain or recalled.
        copy_state: of the copy in Sent: none, pending, stored or failed.
        not_before: while queued: when the undo countdown ends, or the next try.
        news: why it is held.
    """

    id: int
    draft: int | None
    conversation: int | None
    message: int | None
    account: int | None
    sender: str
    recipients: Sequence[str]
    subject: str
    state: str
    error: str
    copy_state: str
    copy_error: str
    attempts: int
    queued_at: datetime
    sent_at: datetime | None
    not_before: datetime
    version: int
    news: Sequence[NewsItem] = ()


@dataclass(frozen=True, slots=True)
class AccountDetails:
    """An account as its form shows it; there is no secret in it, only how it is had."""

    id: int
    address: str
    name: str
    user: str
    imap_host: str
    imap_port: int
    imap_security: str
    smtp_host: str
    smtp_port: int
    smtp_security: str
    secret_kind: str
    secret_command: str
    signature: str
    aliases: str
    state: str
    state_text: str
    synced_at: datetime | None
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class TestEnd:
    """How one end of an account answered: ``imap`` or ``smtp``; ``error`` is empty if the login worked."""

    __test__ = False

    end: str
    where: str
    error: str = ""
    hint: str = ""
    kind: str = ""

    @property
    def ok(self) -> bool:
        """The login worked."""
        return not self.error


@dataclass(frozen=True, slots=True)
class MailboxChoice:
    """A mailbox of an account and whether it is synced."""

    id: int
    name: str
    role: str
    chosen: bool
    gone: bool
