"""What one shift leaves to the next (SPEC §9)."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class Handover(SQLModel, table=True):
    """A page of what is open, frozen when it was handed over."""

    __table_args__ = (Index("ix_handover_open", "id", sqlite_where=text("closed_at IS NULL AND removed_at IS NULL")),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    author_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    closed_at: datetime | None = Field(default=None, description="when its last line was acknowledged")
    removed_at: datetime | None = None
    version: int = 1


class HandoverLine(SQLModel, table=True):
    """One open thing; acknowledged by somebody of the next shift."""

    __tablename__ = "handover_line"
    __table_args__ = (Index("ix_handover_line_handover", "handover_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    handover_id: int = Field(foreign_key="handover.id", ondelete="CASCADE")
    position: int
    kind: str = Field(description="see rules.vocabulary.HandoverKind")
    thing: int | None = Field(
        default=None, description="number of what it is about: conversation, flight, reservation…"
    )
    text: str = Field(description="as it stood when it was handed over")
    note: str = Field(default="", description="what who acknowledged it wrote to it")
    acknowledged_at: datetime | None = None
    acknowledged_by: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    version: int = 1
