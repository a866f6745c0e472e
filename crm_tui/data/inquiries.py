"""Inquiries: requests for a stay or a trip (SPEC §4)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, text
from sqlmodel import Field, SQLModel

_OPEN = text("removed_at IS NULL AND closed_at IS NULL")
_KEPT = text("removed_at IS NULL")

DUE = "coalesce(planned_end, '9999-12-31')"
"""What lists by planned end sort by: inquiries without one come last."""
COMING = "coalesce(arrival, period_from, '9999-12-31')"
"""What lists by arrival sort by."""


class Inquiry(SQLModel, table=True):
    """A request, from a conversation, the phone or the counter, with what helps to make an offer."""

    __table_args__ = (
        Index("ix_inquiry_open", text(DUE), "id", sqlite_where=_OPEN),
        Index("ix_inquiry_open_handler", "handler_id", text(DUE), "id", sqlite_where=_OPEN),
        Index("ix_inquiry_open_handler_coming", "handler_id", text(COMING), "id", sqlite_where=_OPEN),
        Index("ix_inquiry_open_coming", text(COMING), "id", sqlite_where=_OPEN),
        Index("ix_inquiry_open_newest", "id", sqlite_where=_OPEN),
        Index(
            "ix_inquiry_board",
            "planned_end",
            "id",
            sqlite_where=text("removed_at IS NULL AND closed_at IS NULL AND planned_end IS NOT NULL"),
        ),
        Index("ix_inquiry_due", text(DUE), "id", sqlite_where=_KEPT),
        Index("ix_inquiry_coming", text(COMING), "id", sqlite_where=_KEPT),
        Index("ix_inquiry_status", "status", "id", sqlite_where=_KEPT),
        Index("ix_inquiry_status_due", "status", text(DUE), "id", sqlite_where=_KEPT),
        Index("ix_inquiry_status_coming", "status", text(COMING), "id", sqlite_where=_KEPT),
        Index("ix_inquiry_handler", "handler_id", "id", sqlite_where=_KEPT),
        Index("ix_inquiry_channel", "channel", "id", sqlite_where=_KEPT),
        Index("ix_inquiry_created", "created_at", "id", sqlite_where=_KEPT),
        Index("ix_inquiry_arrival", "arrival", "departure", sqlite_where=_KEPT),
        Index("ix_inquiry_period", "period_from", "period_to", sqlite_where=_KEPT),
    )

    id: int | None = Field(default=None, primary_key=True)
    status: str = Field(default="new", description="see rules.vocabulary.InquiryStatus")
    lost_reason: str = Field(default="", description="why it was lost; required with that status")
    planned_end: date | None = Field(default=None, description="the day by which its handling should be closed")
    handler_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    scope: str = Field(default="", description="who may see it: empty everyone, a7 agent 7 alone, d2 department 2")
    channel: str = Field(default="direct", description="where it came from")
    arrival: date | None = None
    departure: date | None = None
    period_from: date | None = Field(default=None, description="flexible: not before this day")
    period_to: date | None = Field(default=None, description="flexible: back by this day")
    nights: int | None = None
    adults: int | None = None
    children: list[int | None] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False), description="an age each; null: unknown"
    )
    room: str = ""
    destination: str = ""
    board: str = ""
    budget: int | None = Field(default=None, description="minor units of the currency")
    budget_currency: str = Field(default="", description="ISO 4217; required with a budget")
    airport: str = Field(default="", description="departure airport: IATA code or a name")
    preferences: str = ""
    price: int | None = Field(default=None, description="what was offered, minor units")
    price_currency: str = ""
    valid_until: date | None = Field(default=None, description="how long the offer holds")
    proposed: dict[str, Any] = Field(
        default_factory=dict,
        sa_column=Column(JSON, nullable=False),
        description="fields filled in from the mail and not confirmed yet: name to the words they were read from",
    )
    created_by: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = Field(default=None, description="when it became booked, lost or cancelled")
    removed_at: datetime | None = Field(default=None, description="its creation was taken back")
    version: int = 1


class InquiryCount(SQLModel, table=True):
    """A kept counter, so that no list counts its rows; ``handler_id`` 0: nobody's. Triggers keep it in step."""

    __tablename__ = "inquiry_count"

    status: str = Field(primary_key=True)
    handler_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    scope: str = Field(default="", primary_key=True)
    total: int = 0


class InquiryGuest(SQLModel, table=True):
    """A guest of an inquiry; exactly one of its persons is the holder."""

    __tablename__ = "inquiry_guest"
    __table_args__ = (
        Index("ix_inquiry_holder", "inquiry_id", unique=True, sqlite_where=text("holder")),
        Index("ix_inquiry_guest_guest", "guest_id"),
    )

    inquiry_id: int = Field(foreign_key="inquiry.id", ondelete="CASCADE", primary_key=True)
    guest_id: int = Field(foreign_key="guest.id", primary_key=True)
    holder: bool = False
    led_by: int | None = Field(
        default=None,
        sa_column=Column(ForeignKey("inquiry_holder.inquiry_id", deferrable=True, initially="DEFERRED"), index=True),
        description="the inquiry again if the guest is a person: its holder must be there at the commit",
    )


class InquiryHolder(SQLModel, table=True):
    """The holder of an inquiry, kept in step with :class:`InquiryGuest` by triggers (:mod:`crm_tui.data.holders`)."""

    __tablename__ = "inquiry_holder"

    inquiry_id: int = Field(foreign_key="inquiry.id", ondelete="CASCADE", primary_key=True)
    guest_id: int = Field(foreign_key="guest.id", index=True)
