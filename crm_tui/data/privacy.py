"""What a desk owes the persons it knows: erasure, rules of retention; and how files were read (SPEC §6)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, SQLModel


class Erasure(SQLModel, table=True):
    """A person was removed. While one is under way (``finished_at`` NULL) the journal's words may be blacked out.

    Kept for ever: a backup from before is erased anew when it is restored.
    """

    __table_args__ = (Index("ix_erasure_guest", "guest_id"),)

    id: int | None = Field(default=None, primary_key=True)
    guest_id: int = Field(foreign_key="guest.id")
    agent_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    reason: str = Field(default="", description="what it was done for; nothing about the person")
    report: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False), description="what was erased: kind to count"
    )
    at: datetime
    finished_at: datetime | None = None


class RetentionRule(SQLModel, table=True):
    """Whom to propose for erasure: guests with whom there was nothing for so long."""

    __tablename__ = "retention_rule"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    months: int = Field(description="since the last thing in the guest's history")
    criteria: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSON, nullable=False), description="a search that narrows it"
    )
    created_at: datetime
    removed_at: datetime | None = None
    version: int = 1


class RetentionKeep(SQLModel, table=True):
    """A guest whom no rule proposes until a day: an agent had a reason."""

    __tablename__ = "retention_keep"

    guest_id: int = Field(foreign_key="guest.id", ondelete="CASCADE", primary_key=True)
    until: date = Field(description="a day of the property's zone; from then on the guest is proposed again")
    agent_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    at: datetime


class ImportMapping(SQLModel, table=True):
    """Which column of a file is which field, as it was last said for files with the same head."""

    __tablename__ = "import_mapping"
    __table_args__ = (Index("ix_import_mapping_head", "kind", "head", unique=True, sqlite_where=text("head <> ''")),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(description="guests or reservations")
    head: str = Field(description="digest of the names of the columns")
    columns: dict[str, Any] = Field(
        default_factory=dict,
        sa_column=Column(JSON, nullable=False),
        description="column name to field; empty: left out",
    )
    used_at: datetime
