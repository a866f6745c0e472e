"""Who is looking at what just now, and the searches that an agent kept (SPEC §3)."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class Presence(SQLModel, table=True):
    """A running desk that has a conversation open. Not journaled: it says what is, and counts only until it expires."""

    __table_args__ = (Index("ix_presence_conversation", "conversation_id"),)

    session: str = Field(primary_key=True, description="one running desk")
    agent_id: int = Field(foreign_key="agent.id", ondelete="CASCADE")
    conversation_id: int | None = Field(default=None, foreign_key="conversation.id", ondelete="CASCADE")
    inquiry_id: int | None = Field(default=None, foreign_key="inquiry.id", ondelete="CASCADE")
    doing: str = Field(default="viewing", description="viewing or replying")
    since: datetime
    expires_at: datetime = Field(description="a desk that was killed is forgotten then")


class SavedView(SQLModel, table=True):
    """A named search with a key."""

    __tablename__ = "saved_view"
    __table_args__ = (Index("ix_saved_view_agent", "agent_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    agent_id: int = Field(foreign_key="agent.id", ondelete="CASCADE")
    name: str = Field(description="unique among the agent's, whatever case and accents; the desk sees to it")
    query: str = Field(description="as it is typed into the search box")
    key: str = Field(default="", description="its letter in the menu of views; empty: none")
    position: int = Field(default=0, description="its place in the agent's list")
    created_at: datetime
    removed_at: datetime | None = None
    version: int = 1
