"""Conversations, their turns, and the counters that badges show (SPEC §1, §3)."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, text
from sqlmodel import Field, SQLModel


class Conversation(SQLModel, table=True):
    """A thread of messages with one counterpart; what a row of the mail list shows, kept up to date by the desk."""

    __table_args__ = (
        Index("ix_conversation_list", "folder", "snoozed", "listed_at", "id"),
        Index("ix_conversation_all", "snoozed", "listed_at", "id"),
        Index("ix_conversation_account", "account_id", "listed_at", "id"),
        Index(
            "ix_conversation_account_waiting",
            "account_id",
            "waiting_since",
            "id",
            sqlite_where=text("waiting_since IS NOT NULL"),
        ),
        Index(
            "ix_conversation_unanswered",
            "folder",
            "snoozed",
            "listed_at",
            "id",
            sqlite_where=text("waiting_since IS NOT NULL"),
        ),
        Index(
            "ix_conversation_waiting",
            "folder",
            "snoozed",
            "waiting_since",
            "id",
            sqlite_where=text("waiting_since IS NOT NULL"),
        ),
        Index("ix_conversation_unread", "folder", "snoozed", "listed_at", "id", sqlite_where=text("unread_count > 0")),
        Index("ix_conversation_starred", "listed_at", "id", sqlite_where=text("starred")),
        Index("ix_conversation_sent", "last_out_at", "id", sqlite_where=text("last_out_at IS NOT NULL")),
        Index("ix_conversation_snoozed", "snoozed_until", "id", sqlite_where=text("snoozed")),
        Index("ix_conversation_all_waiting", "waiting_since", "id", sqlite_where=text("waiting_since IS NOT NULL")),
        Index("ix_conversation_assignee", "assignee_id", "id", sqlite_where=text("assignee_id IS NOT NULL")),
        Index("ix_conversation_counterpart", "counterpart_address", "last_at"),
        Index("ix_conversation_counterpart_folded", text("lower(counterpart_address)"), "last_at"),
        Index("ix_conversation_inquiry", "inquiry_id", "id", sqlite_where=text("inquiry_id IS NOT NULL")),
        Index("ix_conversation_reservation", "reservation_id", "id", sqlite_where=text("reservation_id IS NOT NULL")),
        Index("ix_conversation_scope", "scope", "id", sqlite_where=text("scope <> ''")),
        Index("ix_conversation_merged", "merged_into", "id", sqlite_where=text("merged_into IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    folder: str = "Inbox"
    previous_folder: str = Field(
        default="", description="where it stood before Done; a new customer message takes it back there"
    )
    subject: str = ""
    counterpart_name: str = ""
    counterpart_address: str = ""
    preview: str = Field(default="", description="the first words of the latest message, one line")
    account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    message_count: int = 0
    unread_count: int = 0
    attachment_count: int = 0
    first_at: datetime
    last_at: datetime
    listed_at: datetime = Field(
        sa_column_kwargs={"server_default": "1970-01-01 00:00:00.000000"},
        description="what lists sort by: the later of last_at and woken_at",
    )
    last_in_at: datetime | None = None
    last_out_at: datetime | None = None
    waiting_since: datetime | None = Field(default=None, description="when the open turn was opened; NULL if answered")
    assignee_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    starred: bool = False
    snoozed: bool = False
    snoozed_until: datetime | None = None
    snooze_for: str = Field(
        default="",
        sa_column_kwargs={"server_default": ""},
        description="what a snoozed one waits for: date or reply; kept after it woke, so that one key snoozes it again",
    )
    woken_at: datetime | None = Field(default=None, description="when it last came back from a snooze")
    wake_reason: str = Field(
        default="",
        sa_column_kwargs={"server_default": ""},
        description="why it came back: time, reply, automatic; empty once it was dealt with",
    )
    inquiry_id: int | None = Field(default=None, foreign_key="inquiry.id", ondelete="SET NULL")
    reservation_id: int | None = Field(
        default=None,
        sa_column=Column(ForeignKey("reservation.id", ondelete="SET NULL")),
        description="the reservation that it is about, where somebody said so or it came from its inquiry",
    )
    scope: str = Field(
        default="",
        sa_column_kwargs={"server_default": ""},
        description="who may see it, as its inquiry says: empty everyone, a7 agent 7 alone, d2 department 2",
    )
    merged_into: int | None = Field(
        default=None, description="the conversation that took its messages over; NULL while alive"
    )
    version: int = 1


class Turn(SQLModel, table=True):
    """From the first unanswered customer message to the human reply or mark that closes it (SPEC §1)."""

    __table_args__ = (
        Index("ix_turn_conversation", "conversation_id", "opened_at"),
        Index(
            "ix_turn_closed_by",
            "closed_at",
            "agent_id",
            "stage",
            "first",
            "reason",
            "opened_at",
            "conversation_id",
            sqlite_where=text("closed_at IS NOT NULL"),
        ),
        Index("ix_turn_opened", "opened_at", "conversation_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversation.id", ondelete="CASCADE")
    opened_at: datetime
    opened_by: int = Field(description="the customer message that opened it")
    closed_at: datetime | None = None
    closed_by: int | None = Field(default=None, description="the human reply; NULL if open or marked")
    reason: str = Field(default="", description="reply or mark; empty while open")
    agent_id: int | None = Field(default=None, description="who closed it; NULL if unknown")
    stage: str = Field(
        default="",
        sa_column_kwargs={"server_default": ""},
        description="before booking, after booking, before check-in, as it stood when it was closed; empty: before booking",
    )
    first: bool = Field(
        default=False,
        sa_column_kwargs={"server_default": text("0")},
        description="the first turn of its conversation",
    )


class TurnMark(SQLModel, table=True):
    """*No answer needed*: an agent closed the turn without a reply."""

    __tablename__ = "turn_mark"

    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversation.id", ondelete="CASCADE", index=True)
    agent_id: int | None = None
    at: datetime


class FolderCount(SQLModel, table=True):
    """A kept counter: what a badge shows without counting rows. Triggers keep it in step with the conversations.

    ``key`` is a folder's or view's name, or ``account:ID``. Snoozed conversations count only under ``Snoozed``. An agent's
    badge is the sum over the scopes that the agent may see.
    """

    __tablename__ = "folder_count"

    key: str = Field(primary_key=True)
    scope: str = Field(default="", primary_key=True)
    total: int = 0
    unanswered: int = 0
    unread: int = 0
