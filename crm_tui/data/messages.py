"""Messages as they were on the wire, their readable text, and where they lie on the servers (SPEC §1, §2)."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, text
from sqlmodel import Field, SQLModel, UniqueConstraint


class Message(SQLModel, table=True):
    """One mail, in or out: the narrow row that lists and threads need."""

    __table_args__ = (
        Index("ix_message_conversation", "conversation_id", "at", "id"),
        Index("ix_message_message_id", "message_id"),
        Index("ix_message_content", "content_key"),
        Index("ix_message_files", "search_rowid", sqlite_where=text("attachment_count > 0")),
    )

    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(
        # Deferred: a batch stores its messages first and their conversations once, as they turned out.
        sa_column=Column(ForeignKey("conversation.id", deferrable=True, initially="DEFERRED"), nullable=False)
    )
    account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    digest: bytes = Field(unique=True, description="SHA-256 of the source")
    content_key: bytes = Field(
        description="BLAKE2b-128 of what stays the same when a mail reaches two accounts: see desk.prepare"
    )
    message_id: str = Field(
        default="", description="without angle brackets; may be missing or doubled, never the only key"
    )
    direction: str = Field(description="in or out")
    automatic: str = Field(default="", description="why it counts as automatic; empty if a person wrote it (SPEC §1)")
    sender_name: str = ""
    sender_address: str = ""
    subject: str = ""
    at: datetime = Field(description="the instant it is ordered by: Date, or INTERNALDATE where that is unusable (I13)")
    sent_at: datetime | None = Field(default=None, description="the Date header")
    received_at: datetime | None = Field(default=None, description="INTERNALDATE")
    size: int = Field(default=0, description="octets of the source")
    attachment_count: int = 0
    seen: bool = False
    answered: bool = False
    flagged: bool = False
    outbox_id: int | None = Field(
        default=None, description="the outbox item it was made from; NULL if it came from a server"
    )
    delivered: bool = Field(default=True, description="False for an own message that SMTP has not accepted yet")
    search_rowid: int | None = Field(
        default=None, unique=True, description="its row in the full-text index, in order of time"
    )


class MessageText(SQLModel, table=True):
    """What a person reads of a message, and what threads need of its headers."""

    __tablename__ = "message_text"

    message_id: int = Field(primary_key=True, foreign_key="message.id", ondelete="CASCADE")
    text: str = ""
    details: dict[str, Any] = Field(
        default_factory=dict,
        sa_column=Column(JSON, nullable=False),
        description="to, cc, bcc, reply_to ([name, address] each), quoted, signature, from_html, links, flags, invitation, "
        "in_reply_to, references, problem, canonical_subject",
    )


class MessageSource(SQLModel, table=True):
    """The message as it was on the wire."""

    __tablename__ = "message_source"

    message_id: int = Field(primary_key=True, foreign_key="message.id", ondelete="CASCADE")
    content: bytes = Field(description="the source, compressed as ``packing`` says")
    packing: str = Field(default="zlib", description="zlib or plain")
    complete: bool = Field(
        default=True, description="False if the message was over the limit and only its text was fetched"
    )


class Attachment(SQLModel, table=True):
    """A part of a message that is a file."""

    __table_args__ = (UniqueConstraint("message_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", ondelete="CASCADE")
    position: int = Field(description="its number among the attachments of the message, from 0")
    name: str
    type: str
    size: int = Field(description="octets, decoded")
    content_id: str = ""
    inline: bool = False


class Location(SQLModel, table=True):
    """Where a message lies on a server. The same mail on two accounts or in two mailboxes has two locations."""

    __table_args__ = (
        UniqueConstraint("mailbox_id", "uidvalidity", "uid"),
        Index("ix_location_message", "message_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", ondelete="CASCADE")
    mailbox_id: int = Field(foreign_key="mailbox.id", ondelete="CASCADE")
    uidvalidity: int
    uid: int
    flags: str = Field(default="", description="as the server gave them, space separated, sorted")


class ThreadRef(SQLModel, table=True):
    """A Message-ID that a conversation's messages answer to or refer to; lets a parent that arrives later find it."""

    __tablename__ = "thread_ref"
    __table_args__ = (UniqueConstraint("ref", "conversation_id", "kind", "subject", "counterparts"),)

    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(description="a Message-ID without angle brackets, or the key of an OTA relay address")
    conversation_id: int = Field(foreign_key="conversation.id", ondelete="CASCADE", index=True)
    kind: str = Field(description="reply (In-Reply-To), reference, or relay")
    subject: str = Field(default="", description="canonical subject of the referring message")
    counterparts: str = Field(
        default="",
        description="keys of whom the referring message was written with, space separated: see desk.counterparts",
    )


class ThreadApart(SQLModel, table=True):
    """Two conversations that an agent told apart: no mail that names both makes them one again (SPEC §2, split)."""

    __tablename__ = "thread_apart"
    __table_args__ = (Index("ix_thread_apart_other", "other_id"),)

    conversation_id: int = Field(foreign_key="conversation.id", ondelete="CASCADE", primary_key=True)
    other_id: int = Field(
        foreign_key="conversation.id", ondelete="CASCADE", primary_key=True, description="the higher id of the two"
    )
