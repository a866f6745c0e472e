"""Drafts and the outbox (SPEC §5)."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, text
from sqlmodel import Field, SQLModel


class Draft(SQLModel, table=True):
    """What an agent is writing; ends only when SMTP accepted the message or the agent drops it."""

    __table_args__ = (
        Index("ix_draft_agent", "agent_id", "conversation_id"),
        Index("ix_draft_conversation", "conversation_id", sqlite_where=text("conversation_id IS NOT NULL")),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    agent_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    conversation_id: int | None = Field(default=None, foreign_key="conversation.id", ondelete="SET NULL")
    account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    kind: str = Field(description="reply, reply_all, forward or new")
    source_message_id: int | None = Field(default=None, description="the message it answers or forwards")
    to: str = Field(default="", description="as typed")
    cc: str = ""
    bcc: str = ""
    subject: str = ""
    text: str = ""
    seen_message_id: int = Field(
        default=0, description="highest message id in the conversation when the reply began: the send gate"
    )
    recall_of: int | None = Field(
        default=None,
        foreign_key="inquiry.id",
        ondelete="SET NULL",
        description="the inquiry that it recalls: it goes out only while the holder consents to mail",
    )
    reservation_id: int | None = Field(
        default=None,
        sa_column=Column(ForeignKey("reservation.id", ondelete="SET NULL")),
        description="what it is about: fills in the variables of templates",
    )
    outbox_id: int | None = Field(
        default=None, description="the outbox item it was queued as; hidden from the drafts while set"
    )
    dropped_at: datetime | None = Field(
        default=None, description="the agent threw it away; kept for as long as that can be taken back"
    )
    created_at: datetime
    updated_at: datetime
    version: int = 1


class DraftAttachment(SQLModel, table=True):
    """A file that goes with a draft, kept in the store so that it survives whatever happens to the original."""

    __tablename__ = "draft_attachment"

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draft.id", ondelete="CASCADE", index=True)
    name: str
    type: str
    size: int
    content: bytes


class OutboxItem(SQLModel, table=True):
    """A message on its way out; its recipients and bytes are frozen when it is queued."""

    __tablename__ = "outbox_item"
    __table_args__ = (
        Index("ix_outbox_due", "state", "not_before"),
        Index("ix_outbox_copy", "copy_state"),
        Index("ix_outbox_conversation", "conversation_id", sqlite_where=text("conversation_id IS NOT NULL")),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int | None = Field(default=None, foreign_key="draft.id", ondelete="SET NULL")
    agent_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    conversation_id: int | None = Field(default=None, foreign_key="conversation.id", ondelete="SET NULL")
    message_row_id: int | None = Field(default=None, index=True, description="its message row in the conversation")
    rfc_message_id: str = Field(default="", index=True)
    sender: str
    recipients: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    subject: str = ""
    source: bytes = Field(description="the message as it goes over the wire")
    state: str = "queued"
    copy_state: str = "none"
    not_before: datetime = Field(description="the undo window ends here; also the time of the next try")
    attempts: int = 0
    copy_attempts: int = 0
    error: str = Field(default="", description="the server's words, safe to show")
    copy_error: str = ""
    refused: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False), description="address to words"
    )
    after_send: str = Field(default="stay", description="stay, Waitlist or Done")
    token: int = Field(
        default=0,
        description="fencing token of the engine that may have sent it (SPEC §16); 0: none has, -1: one before a restore",
    )
    queued_at: datetime
    sent_at: datetime | None = None
    version: int = 1
