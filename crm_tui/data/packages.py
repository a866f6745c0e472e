"""Packages of guests and the mailings to them (SPEC §1, §6)."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, SQLModel


class Package(SQLModel, table=True):
    """A named set of guests made from a search. It stays as it is until somebody refreshes it."""

    __table_args__ = (Index("ix_package_name", "folded", unique=True, sqlite_where=text("removed_at IS NULL")),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    folded: str = Field(description="as names are compared")
    criteria: dict[str, Any] = Field(
        default_factory=dict,
        sa_column=Column(JSON, nullable=False),
        description="the search it was made from; empty: chosen by hand",
    )
    agent_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    created_at: datetime
    refreshed_at: datetime
    removed_at: datetime | None = None
    version: int = 1


class PackageGuest(SQLModel, table=True):
    """A guest is in a package."""

    __tablename__ = "package_guest"
    __table_args__ = (Index("ix_package_guest_guest", "guest_id", "package_id"),)

    package_id: int = Field(foreign_key="package.id", ondelete="CASCADE", primary_key=True)
    guest_id: int = Field(foreign_key="guest.id", primary_key=True)
    at: datetime


class Mailing(SQLModel, table=True):
    """A template written to the guests of a package, one mail after the other."""

    __table_args__ = (
        Index("ix_mailing_package", "package_id", "id"),
        Index("ix_mailing_running", "id", sqlite_where=text("state = 'running'")),
    )

    id: int | None = Field(default=None, primary_key=True)
    package_id: int = Field(foreign_key="package.id")
    template_id: int | None = Field(default=None, foreign_key="template.id", ondelete="SET NULL")
    account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    channel: str = Field(default="mail", description="the consent it needs: mail or newsletter")
    texts: dict[str, Any] = Field(
        default_factory=dict,
        sa_column=Column(JSON, nullable=False),
        description="language to subject and body, frozen when it was made",
    )
    state: str = Field(default="ready", description="ready, running, paused, stopped or done")
    agent_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    version: int = 1


class MailingItem(SQLModel, table=True):
    """One guest of a mailing. No address is written to twice: the index holds to it."""

    __tablename__ = "mailing_item"
    __table_args__ = (
        Index("ix_mailing_item_address", "mailing_id", "folded", unique=True, sqlite_where=text("state <> 'left out'")),
        Index("ix_mailing_item_next", "mailing_id", "state", "position"),
        Index("ix_mailing_item_outbox", "outbox_id", sqlite_where=text("outbox_id IS NOT NULL")),
        Index("ix_mailing_item_guest", "guest_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    mailing_id: int = Field(foreign_key="mailing.id", ondelete="CASCADE")
    position: int = 0
    guest_id: int = Field(foreign_key="guest.id")
    address: str = ""
    folded: str = Field(default="", description="in lower case")
    state: str = Field(default="waiting", description="waiting, queued, sent, failed or left out")
    reason: str = Field(default="", description="why it was left out or failed: a word of desk.mailings")
    outbox_id: int | None = Field(default=None, foreign_key="outbox_item.id", ondelete="SET NULL")
    changed_at: datetime
