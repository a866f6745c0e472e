"""Property, departments and agents (SPEC §1, §13)."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Property(SQLModel, table=True):
    """The hotel or agency; the first row is the desk's own."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    timezone: str = Field(description="IANA zone in which the property's days are computed")
    currency: str = Field(description="ISO 4217 code")
    languages: str = Field(default="en", description="ISO 639-1 codes, comma separated")
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
    created_at: datetime
    version: int = 1
