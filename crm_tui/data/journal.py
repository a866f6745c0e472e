"""The append-only record of every change (SPEC §1, §13): history, audit, undo and live refresh stand on it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, SQLModel


class Journal(SQLModel, table=True):
    """One change: who, when, what, before and after. A trigger refuses to edit or delete rows."""

    __table_args__ = (
        Index("ix_journal_entity", "entity", "entity_id", "id"),
        Index("ix_journal_at", "at", "id"),
        Index("ix_journal_agent", "agent_id", "at", "id"),
        Index("ix_journal_kind", "entity", "at", "id"),
        Index("ix_journal_undoable", "agent_id", "id", sqlite_where=text("undoable")),
        Index("ix_journal_command", "command"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    agent_id: int | None = Field(default=None, description="NULL: the engine or the command line without an agent")
    actor: str = Field(default="", description="agent's name, or engine")
    command: str = Field(default="", description="groups the rows of one command, undone together")
    entity: str = Field(description="conversation, message, account, draft, outbox, mailbox, property, agent…")
    entity_id: int = 0
    action: str
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    after: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    undoable: bool = Field(
        default=False,
        sa_column_kwargs={"server_default": text("0")},
        description="one key takes its command back, while the thing is still as the command left it",
    )
    version: int | None = Field(
        default=None, description="of the inquiry or guest, as the command left it; NULL for other things"
    )


class Undone(SQLModel, table=True):
    """A command that is not to be taken back any more: it was already, or that was refused."""

    command: str = Field(primary_key=True)
    by_command: str = Field(
        description="the command that took it back; empty: it was refused and is passed over; -: as long as it is hidden"
    )
