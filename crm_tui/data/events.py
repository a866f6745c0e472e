"""Events: typed entries in a guest's history (SPEC §1, §6)."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class EventType(SQLModel, table=True):
    """A kind of event. Those that every desk has bear a code and are named in the agent's language; an admin adds others."""

    __tablename__ = "event_type"
    __table_args__ = (
        Index("ix_event_type_code", "code", unique=True, sqlite_where=text("code <> ''")),
        Index("ix_event_type_folded", "folded"),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(default="", description="see rules.vocabulary.EventKind; empty for one that an admin added")
    name: str = Field(default="", description="empty for one with a code")
    folded: str = Field(default="", description="as names are compared")
    created_at: datetime
    removed_at: datetime | None = None
    version: int = 1


class Event(SQLModel, table=True):
    """Something that happened with a guest, written down by an agent."""

    __table_args__ = (
        Index("ix_event_guest", "guest_id", "at", "id"),
        Index("ix_event_conversation", "conversation_id", "id", sqlite_where=text("conversation_id IS NOT NULL")),
        Index("ix_event_inquiry", "inquiry_id", "id", sqlite_where=text("inquiry_id IS NOT NULL")),
        Index("ix_event_reservation", "reservation_id", "id", sqlite_where=text("reservation_id IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    type_id: int = Field(foreign_key="event_type.id")
    guest_id: int = Field(foreign_key="guest.id")
    conversation_id: int | None = Field(default=None, foreign_key="conversation.id", ondelete="SET NULL")
    inquiry_id: int | None = Field(default=None, foreign_key="inquiry.id", ondelete="SET NULL")
    reservation_id: int | None = Field(default=None, foreign_key="reservation.id", ondelete="SET NULL")
    at: datetime = Field(description="when it happened")
    text: str = ""
    author_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    created_at: datetime
    edited_at: datetime | None = None
    removed_at: datetime | None = None
    version: int = 1
