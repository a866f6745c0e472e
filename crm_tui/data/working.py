"""Working time: when agents' timers ran, and when they took no new tickets (SPEC §10)."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class TimerSession(SQLModel, table=True):
    """From start to stop of an agent's timer on one desk."""

    __tablename__ = "timer_session"
    __table_args__ = (
        Index("ix_timer_session_agent", "agent_id", "started_at", "id"),
        Index("ix_timer_session_started", "started_at", "id"),
        Index(
            "ix_timer_session_running",
            "agent_id",
            "id",
            sqlite_where=text("stopped_at IS NULL AND removed_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    agent_id: int = Field(foreign_key="agent.id", ondelete="CASCADE")
    desk: str = Field(default="", description="which open desk started it; empty: a command, for which nothing beats")
    started_at: datetime
    stopped_at: datetime | None = None
    heartbeat_at: datetime = Field(
        description="the last sign of life of its desk, or the agent's last act; where a killed session ends"
    )
    ended: str = Field(default="", description="stopped, capped (no sign of life), corrected; empty while it runs")
    note: str = Field(default="", description="why a manager corrected it")
    made_by: int | None = Field(
        default=None, foreign_key="agent.id", ondelete="SET NULL", description="the manager who added or corrected it"
    )
    removed_at: datetime | None = None
    version: int = 1


class IntakePause(SQLModel, table=True):
    """From *pause intake* to *resume*: the agent works on but takes no new tickets. At most one is open an agent."""

    __tablename__ = "intake_pause"
    __table_args__ = (
        Index("ix_intake_pause_agent", "agent_id", "paused_at", "id"),
        Index("ix_intake_pause_started", "paused_at", "id"),
        Index(
            "ix_intake_pause_open",
            "agent_id",
            unique=True,
            sqlite_where=text("resumed_at IS NULL AND removed_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    agent_id: int = Field(foreign_key="agent.id", ondelete="CASCADE")
    paused_at: datetime
    resumed_at: datetime | None = None
    note: str = Field(default="", description="why a manager corrected it")
    made_by: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    removed_at: datetime | None = None
    version: int = 1
