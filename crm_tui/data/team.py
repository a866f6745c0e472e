"""Property, departments and agents (SPEC §1, §13)."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Field, SQLModel


class Property(SQLModel, table=True):
    """The hotel or agency; the first row is the desk's own."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    timezone: str = Field(description="IANA zone in which the property's days are computed")
    currency: str = Field(description="ISO 4217 code")
    languages: str = Field(default="en", description="ISO 639-1 codes, comma separated")
    hours: str = Field(
        default="",
        sa_column_kwargs={"server_default": ""},
        description="working hours for response times, Monday to Sunday, as 08:00-20:00;…; empty: around the clock",
    )
    checkin_days: int = Field(
        default=3,
        sa_column_kwargs={"server_default": text("3")},
        description="how many days before arrival the stage before check-in begins",
    )
    resolved_days: int = Field(
        default=0,
        sa_column_kwargs={"server_default": text("0")},
        description="how many midnights more resolved feedback stays on its page after the first; -1: it stays",
    )
    created_at: datetime
    version: int = 1


class Department(SQLModel, table=True):
    """A part of the team: reception, reservations, groups…"""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    version: int = 1


class Agent(SQLModel, table=True):
    """A member of the team who uses the desk."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    role: str = "agent"
    language: str = "en"
    login: str = Field(default="", description="operating-system user; empty if none is tied to the agent")
    department_id: int | None = Field(default=None, foreign_key="department.id", ondelete="SET NULL")
    active: bool = True
    pin: str = Field(
        default="",
        sa_column_kwargs={"server_default": ""},
        description="slow hash of the agent's PIN; empty: none is set",
    )
    pin_failures: int = Field(
        default=0, sa_column_kwargs={"server_default": text("0")}, description="wrong PINs since the last right one"
    )
    pin_failed_at: datetime | None = None
    created_at: datetime
    version: int = 1
