"""What guests praise and complain about (SPEC §11)."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class Feedback(SQLModel, table=True):
    """A guest's compliment or complaint. One of guest and room at least says whose it is."""

    __table_args__ = (
        Index(
            "ix_feedback_open",
            "at",
            "id",
            sqlite_where=text("resolved_at IS NULL AND removed_at IS NULL AND kind = 'negative'"),
        ),
        Index("ix_feedback_guest", "guest_id", "at", "id", sqlite_where=text("guest_id IS NOT NULL")),
        Index("ix_feedback_reservation", "reservation_id", "id", sqlite_where=text("reservation_id IS NOT NULL")),
        Index("ix_feedback_conversation", "conversation_id", "id", sqlite_where=text("conversation_id IS NOT NULL")),
        Index(
            "ix_feedback_resolved", "resolved_at", sqlite_where=text("resolved_at IS NOT NULL AND removed_at IS NULL")
        ),
        Index("ix_feedback_at", "at", "id", sqlite_where=text("removed_at IS NULL")),
        *(Index(f"ix_feedback_{name}", name, text("at DESC"), text("id DESC")) for name in ("code", "room")),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(description="positive or negative")
    at: datetime = Field(description="when it was said")
    code: str = Field(default="", description="what it is about: breakfast, room, service…")
    room: str = ""
    guest_id: int | None = Field(default=None, foreign_key="guest.id", ondelete="SET NULL")
    reservation_id: int | None = Field(default=None, foreign_key="reservation.id", ondelete="SET NULL")
    conversation_id: int | None = Field(default=None, foreign_key="conversation.id", ondelete="SET NULL")
    employee: str = Field(default="", description="whom it is about")
    comment: str = ""
    emoji: str = ""
    resolved_at: datetime | None = None
    resolved_by: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    resolution: str = Field(default="", description="what was done")
    satisfaction: int | None = Field(default=None, description="1 to 5, how the guest took the resolution")
    author_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    created_at: datetime
    removed_at: datetime | None = None
    version: int = 1
