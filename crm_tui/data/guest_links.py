"""How guests belong together and to the mail (SPEC §6)."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel


class CompanyContact(SQLModel, table=True):
    """A person to talk to at a company."""

    __tablename__ = "company_contact"
    __table_args__ = (Index("ix_company_contact_person", "person_id"),)

    company_id: int = Field(foreign_key="guest.id", ondelete="CASCADE", primary_key=True)
    person_id: int = Field(foreign_key="guest.id", ondelete="CASCADE", primary_key=True)
    position: int = 0
    role: str = Field(default="", description="what the person does there")


class ConversationGuest(SQLModel, table=True):
    """An agent said whose conversation it is; without it the counterpart's address says so."""

    __tablename__ = "conversation_guest"
    __table_args__ = (Index("ix_conversation_guest_guest", "guest_id", "conversation_id"),)

    conversation_id: int = Field(foreign_key="conversation.id", ondelete="CASCADE", primary_key=True)
    guest_id: int = Field(foreign_key="guest.id", primary_key=True)
    at: datetime


class GuestApart(SQLModel, table=True):
    """An agent said that two guests are not the same; they are not suggested again. ``guest_id`` is the lower one."""

    __tablename__ = "guest_apart"
    __table_args__ = (Index("ix_guest_apart_other", "other_id"),)

    guest_id: int = Field(foreign_key="guest.id", ondelete="CASCADE", primary_key=True)
    other_id: int = Field(foreign_key="guest.id", ondelete="CASCADE", primary_key=True)
    agent_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    at: datetime


class GuestMerge(SQLModel, table=True):
    """One guest was merged into another, with all that is needed to tell them apart again."""

    __tablename__ = "guest_merge"
    __table_args__ = (
        Index("ix_guest_merge_survivor", "survivor_id", "id"),
        Index("ix_guest_merge_absorbed", "absorbed_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    survivor_id: int = Field(foreign_key="guest.id")
    absorbed_id: int = Field(foreign_key="guest.id")
    before: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    after: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    agent_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    at: datetime
    undone_at: datetime | None = None
