"""Tickets, who may take which, and the hands they went through (SPEC §10)."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, SQLModel

_OPEN = "done_at IS NULL AND gone = 0"


class Ticket(SQLModel, table=True):
    """The work of answering one turn of a conversation. Triggers on ``turn`` make, close and reopen it
    (:mod:`crm_tui.data.turn_tickets`); the desk says whose it is.

    Its state follows from its columns: done (``done_at``), pending (``pending_at``), queued (no agent), opened
    (``seen_at``), else assigned.
    """

    __table_args__ = (
        Index("ix_ticket_queue", "created_at", "id", sqlite_where=text(f"agent_id IS NULL AND aside = 0 AND {_OPEN}")),
        Index(
            "ix_ticket_agent", "agent_id", "created_at", "id", sqlite_where=text(f"agent_id IS NOT NULL AND {_OPEN}")
        ),
        Index("ix_ticket_pending", "pending_at", "id", sqlite_where=text(f"pending_at IS NOT NULL AND {_OPEN}")),
        Index("ix_ticket_open", "created_at", "id", sqlite_where=text(f"{_OPEN} AND aside = 0")),
        Index(
            "ix_ticket_open_pending_first",
            text("(pending_at IS NULL) || created_at"),
            "id",
            sqlite_where=text(f"{_OPEN} AND aside = 0"),
        ),
        Index("ix_ticket_conversation", "conversation_id", "created_at", "id"),
        Index("ix_ticket_turn", "turn_id"),
        Index("ix_ticket_created", "created_at", "id", "gone", "aside"),
        Index("ix_ticket_done", "done_at", "id", "done_by", "gone", "aside", sqlite_where=text("done_at IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(
        unique=True, description="the customer message that opened the turn: the same ticket after a split or a merge"
    )
    turn_id: int = Field(description="the turn as it stands now")
    conversation_id: int = Field(foreign_key="conversation.id", ondelete="CASCADE")
    created_at: datetime = Field(description="when the turn opened")
    stage: str = Field(
        default="", description="before booking, after booking, before check-in; empty: not looked at yet"
    )
    channel: str = Field(default="", description="where the conversation came from; empty: not looked at yet")
    agent_id: int | None = Field(
        default=None, foreign_key="agent.id", ondelete="SET NULL", description="who has it, or had it last if done"
    )
    how: str = Field(default="", description="how the agent got it: automatic, manual, claimed; empty while queued")
    pinned: bool = Field(default=False, description="given by hand: never moved by itself")
    assigned_at: datetime | None = None
    seen_at: datetime | None = Field(default=None, description="when the agent who has it displayed it first")
    pending_at: datetime | None = Field(default=None, description="since when it waits for a manager")
    pending_by: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    pending_note: str = Field(default="", description="what the manager is asked")
    flagged_at: datetime | None = Field(
        default=None, description="since when its agent, who had opened it, does not work any more"
    )
    why: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON), description="what decided that it went to its agent, as values"
    )
    done_at: datetime | None = None
    done_by: int | None = Field(default=None, description="the agent who replied or marked; NULL if unknown")
    reason: str = Field(default="", description="reply or mark; empty while open")
    aside: bool = Field(default=False, description="its conversation is spam: not routed, not counted")
    gone: bool = Field(default=False, description="its turn is none any more: merged into another, or its mail is gone")
    version: int = 1


class TicketHand(SQLModel, table=True):
    """That a ticket was in an agent's hands: once an agent, at the first time. What *received* and *opened* count."""

    __tablename__ = "ticket_hand"
    __table_args__ = (
        Index("ix_ticket_hand_at", "at", "agent_id", "ticket_id"),
        Index("ix_ticket_hand_seen", "seen_at", "agent_id", "ticket_id", sqlite_where=text("seen_at IS NOT NULL")),
    )

    ticket_id: int = Field(foreign_key="ticket.id", ondelete="CASCADE", primary_key=True)
    agent_id: int = Field(foreign_key="agent.id", ondelete="CASCADE", primary_key=True)
    at: datetime
    seen_at: datetime | None = Field(
        default=None, description="when the agent displayed it first; a trigger keeps it when the ticket goes on"
    )


class RoutingProfile(SQLModel, table=True):
    """Which tickets an agent takes; without a row, all of them."""

    __tablename__ = "routing_profile"

    agent_id: int = Field(foreign_key="agent.id", ondelete="CASCADE", primary_key=True)
    takes: bool = Field(default=True, description="whether tickets are given to the agent at all")
    stages: str = Field(default="", description="comma separated; empty: all")
    channels: str = Field(default="", description="comma separated; empty: all")
    version: int = 1
