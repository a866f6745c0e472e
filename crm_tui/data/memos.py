"""Memos, internal messages and reminders: what agents write for each other, never sent to a guest (SPEC §1, §9)."""

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Index, text
from sqlmodel import Field, SQLModel

_OPEN = text("done_at IS NULL AND removed_at IS NULL")


class Memo(SQLModel, table=True):
    """An internal note. One of conversation, inquiry, guest and reservation says what it is on."""

    __table_args__ = (
        Index("ix_memo_conversation", "conversation_id", "id", sqlite_where=text("conversation_id IS NOT NULL")),
        Index("ix_memo_inquiry", "inquiry_id", "id", sqlite_where=text("inquiry_id IS NOT NULL")),
        Index("ix_memo_guest", "guest_id", "id", sqlite_where=text("guest_id IS NOT NULL")),
        Index("ix_memo_reservation", "reservation_id", "id", sqlite_where=text("reservation_id IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int | None = Field(default=None, foreign_key="conversation.id", ondelete="SET NULL")
    inquiry_id: int | None = Field(default=None, foreign_key="inquiry.id", ondelete="SET NULL")
    guest_id: int | None = Field(default=None, foreign_key="guest.id", ondelete="SET NULL")
    reservation_id: int | None = Field(
        default=None, sa_column=Column(ForeignKey("reservation.id", ondelete="SET NULL"))
    )
    author_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    text: str
    created_at: datetime
    edited_at: datetime | None = None
    removed_at: datetime | None = None
    version: int = 1


class InternalMessage(SQLModel, table=True):
    """A message from one agent to another, about a conversation, an inquiry or a guest."""

    __tablename__ = "internal_message"
    __table_args__ = (
        Index("ix_internal_unread", "to_id", "id", sqlite_where=text("read_at IS NULL AND removed_at IS NULL")),
        Index("ix_internal_to", "to_id", "id"),
        Index("ix_internal_conversation", "conversation_id", "id", sqlite_where=text("conversation_id IS NOT NULL")),
        Index("ix_internal_inquiry", "inquiry_id", "id", sqlite_where=text("inquiry_id IS NOT NULL")),
        Index("ix_internal_guest", "guest_id", "id", sqlite_where=text("guest_id IS NOT NULL")),
        Index("ix_internal_reservation", "reservation_id", "id", sqlite_where=text("reservation_id IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    from_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    to_id: int = Field(foreign_key="agent.id", ondelete="CASCADE")
    conversation_id: int | None = Field(default=None, foreign_key="conversation.id", ondelete="SET NULL")
    inquiry_id: int | None = Field(default=None, foreign_key="inquiry.id", ondelete="SET NULL")
    guest_id: int | None = Field(default=None, foreign_key="guest.id", ondelete="SET NULL")
    reservation_id: int | None = Field(
        default=None, sa_column=Column(ForeignKey("reservation.id", ondelete="SET NULL"))
    )
    text: str
    at: datetime
    read_at: datetime | None = None
    removed_at: datetime | None = None
    version: int = 1


class Reminder(SQLModel, table=True):
    """A task with a due day, an author and an assignee, linked to what it is about."""

    __table_args__ = (
        Index("ix_reminder_due", "due", "id", sqlite_where=_OPEN),
        Index("ix_reminder_inquiry", "inquiry_id", "id", sqlite_where=text("inquiry_id IS NOT NULL")),
        Index("ix_reminder_guest", "guest_id", "id", sqlite_where=text("guest_id IS NOT NULL")),
        Index("ix_reminder_reservation", "reservation_id", "id", sqlite_where=text("reservation_id IS NOT NULL")),
        Index("ix_reminder_assignee", "assignee_id", "due", "id", sqlite_where=_OPEN),
        Index("ix_reminder_department", "department_id", "due", "id", sqlite_where=_OPEN),
        # "id > 0" keeps this one out of what asks for the open ones, which would as soon read years of done ones along it.
        Index("ix_reminder_kept", "due", "id", sqlite_where=text("removed_at IS NULL AND id > 0")),
        Index("ix_reminder_series", "series_id", "due", sqlite_where=text("series_id IS NOT NULL")),
        Index("ix_reminder_conversation", "conversation_id", "id", sqlite_where=text("conversation_id IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    title: str
    due: date = Field(description="a day of the property's zone")
    author_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    assignee_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    department_id: int | None = Field(default=None, foreign_key="department.id", ondelete="SET NULL")
    conversation_id: int | None = Field(default=None, foreign_key="conversation.id", ondelete="SET NULL")
    inquiry_id: int | None = Field(default=None, foreign_key="inquiry.id", ondelete="SET NULL")
    guest_id: int | None = Field(default=None, foreign_key="guest.id", ondelete="SET NULL")
    reservation_id: int | None = Field(
        default=None, sa_column=Column(ForeignKey("reservation.id", ondelete="SET NULL"))
    )
    folded: str = Field(
        default="", sa_column_kwargs={"server_default": ""}, description="the title as the search folds it"
    )
    rule: str = Field(
        default="",
        sa_column_kwargs={"server_default": ""},
        description="RRULE (RFC 5545) of a recurring one; else empty",
    )
    series_id: int | None = Field(default=None, description="the first reminder of a recurring one's series")
    promised: bool = Field(
        default=False, sa_column_kwargs={"server_default": "0"}, description="a promise made to the guest in a reply"
    )
    created_at: datetime
    done_at: datetime | None = None
    done_by: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    removed_at: datetime | None = None
    version: int = 1
