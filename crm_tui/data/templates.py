"""Templates of replies (SPEC §5)."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class Template(SQLModel, table=True):
    """A text with variables, in one language. Never deleted: archived, and then its name is free again."""

    __table_args__ = (
        Index(
            "ix_template_name",
            "language",
            "name",
            unique=True,
            sqlite_where=text("archived = 0"),
            postgresql_where=text("NOT archived"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str
    language: str = Field(description="ISO 639-1")
    category: str = Field(default="other", description="the same word in every language; see desk.templates.CATEGORIES")
    subject: str = ""
    body: str = Field(default="", description="Markdown with jinja2 variables")
    archived: bool = False
    agent_id: int | None = Field(
        default=None, foreign_key="agent.id", ondelete="SET NULL", description="who wrote it last"
    )
    created_at: datetime
    updated_at: datetime
    version: int = 1
