"""Linked mail accounts, their mailboxes on the server, and what is still to be told to the server (SPEC §2)."""

from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint


class Account(SQLModel, table=True):
    """A linked mail account: IMAP in, SMTP out. The secret is never here (SPEC §2): only how it is had."""

    # A number is never given again: a new account must not inherit what was kept under an old one's.
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True)
    address: str = Field(unique=True)
    name: str = Field(default="", description="display name of outgoing mail")
    user: str
    imap_host: str
    imap_port: int = 993
    imap_security: str = "tls"
    smtp_host: str
    smtp_port: int = 465
    smtp_security: str = "tls"
    secret_kind: str = Field(default="keyring", description="keyring, password_command, token_command or session")
    secret_command: str = Field(default="", description="the command of password_command and token_command")
    signature: str = ""
    aliases: str = Field(default="", description="further own addresses, comma separated")
    state: str = "new"
    state_text: str = Field(default="", description="what the server or the network said, safe to show")
    state_at: datetime | None = None
    synced_at: datetime | None = None
    active: bool = True
    created_at: datetime
    version: int = 1


class Mailbox(SQLModel, table=True):
    """A mailbox on the server (IMAP calls it a mailbox; a Folder is where a conversation stands) and its cursor.

    ``low_uid`` and ``high_uid`` bound the UIDs already stored: a first run goes down from the newest (``low_uid`` falls
    to 1), later runs go up from ``high_uid``. They are moved only in the transaction that stores the messages.
    """

    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    name: str = Field(description="canonical name, decoded; INBOX in capitals")
    raw_name: bytes = Field(default=b"", description="the name as the server wrote it")
    role: str = Field(default="", description="inbox, sent, drafts, junk, trash, archive, all or empty (RFC 6154)")
    chosen: bool = Field(default=False, description="is synced")
    mailbox_id: str = Field(default="", description="OBJECTID (RFC 8474), if the server has it")
    uidvalidity: int = 0
    low_uid: int = 0
    high_uid: int = 0
    complete: bool = Field(default=False, description="the first run has reached the oldest message")
    highest_modseq: int = 0
    exists_count: int = Field(default=0, description="messages the server named at the last visit")
    gone: bool = Field(default=False, description="the server does not list it any more; history stays")
    synced_at: datetime | None = None


class FlagChange(SQLModel, table=True):
    """A change of a flag made at the desk that the server has not been told yet."""

    __tablename__ = "flag_change"
    # A number is never given again: a change made anew must not be taken for one that was told.
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True)
    location_id: int = Field(foreign_key="location.id", ondelete="CASCADE", index=True)
    flag: str = Field(description=r"\Seen, \Answered, \Flagged")
    present: bool
    made_at: datetime
