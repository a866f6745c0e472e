"""What feedback is about, what guests are given, and what that costs (SPEC §11)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel


class QualityCode(SQLModel, table=True):
    """A code that feedback and cost of quality are filed under: breakfast, noise, honeymoon… The admin's list.

    What is filed under it carries its name (``feedback.code``, ``quality_cost.code``); to rename it renames there too.
    """

    __tablename__ = "quality_code"
    __table_args__ = (Index("ix_quality_code_name", "name", unique=True, sqlite_where=text("removed_at IS NULL")),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    position: int = 0
    removed_at: datetime | None = None
    version: int = 1


class QualityItem(SQLModel, table=True):
    """Something that is given to guests, with the value of one: a bottle, a night, a dinner. The admin's list."""

    __tablename__ = "quality_item"
    __table_args__ = (Index("ix_quality_item_name", "name", unique=True, sqlite_where=text("removed_at IS NULL")),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    value: int = Field(description="minor units, of one")
    currency: str
    position: int = 0
    removed_at: datetime | None = None
    version: int = 1


class QualityCost(SQLModel, table=True):
    """Things given to a guest for an occasion, without a complaint: a birthday, a honeymoon, a VIP."""

    __tablename__ = "quality_cost"
    __table_args__ = (
        Index("ix_quality_cost_at", "at", "id", sqlite_where=text("removed_at IS NULL")),
        *(Index(f"ix_quality_cost_{name}", name, text("at DESC"), text("id DESC")) for name in ("code", "room")),
        Index("ix_quality_cost_guest", "guest_id", "at", "id", sqlite_where=text("guest_id IS NOT NULL")),
        Index("ix_quality_cost_reservation", "reservation_id", "id", sqlite_where=text("reservation_id IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    code: str = ""
    room: str = ""
    guest_id: int | None = Field(default=None, foreign_key="guest.id", ondelete="SET NULL")
    reservation_id: int | None = Field(default=None, foreign_key="reservation.id", ondelete="SET NULL")
    occasion: str = ""
    comment: str = ""
    author_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    created_at: datetime
    removed_at: datetime | None = None
    version: int = 1


class Compensation(SQLModel, table=True):
    """Items given: of a complaint's resolution, or of a cost of quality. Name and value are as they were then."""

    __table_args__ = (
        CheckConstraint("quantity > 0", name="ck_compensation_quantity"),
        CheckConstraint("value >= 0", name="ck_compensation_value"),
        CheckConstraint("(feedback_id IS NULL) <> (cost_id IS NULL)", name="ck_compensation_of"),
        Index("ix_compensation_feedback", "feedback_id", "position", sqlite_where=text("feedback_id IS NOT NULL")),
        Index("ix_compensation_cost", "cost_id", "position", sqlite_where=text("cost_id IS NOT NULL")),
        Index("ix_compensation_item", "item_id", sqlite_where=text("item_id IS NOT NULL")),
        Index("ix_compensation_at", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    feedback_id: int | None = Field(default=None, foreign_key="feedback.id", ondelete="CASCADE")
    cost_id: int | None = Field(default=None, foreign_key="quality_cost.id", ondelete="CASCADE")
    position: int = 0
    at: datetime = Field(description="when it was given: the cost falls on the property's day of it")
    item_id: int | None = Field(default=None, foreign_key="quality_item.id", ondelete="SET NULL")
    name: str
    quantity: int
    value: int = Field(description="minor units, of one")
    currency: str
