"""Reminders of payments that were or will be sent to guests, by hand or by the engine (SPEC §8)."""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class PaymentNotice(SQLModel, table=True):
    """One reminder of one schedule line. The unique index is what holds to *at most one a line a day*.

    States: see rules.vocabulary.NoticeState. Committed as *sending* before the gateway is spoken to; one that was left there is
    *uncertain* and never sent again by itself (QUALITY R1).
    """

    __tablename__ = "payment_notice"
    __table_args__ = (
        Index("ix_payment_notice_line", "line_id", "day", unique=True, sqlite_where=text("automatic")),
        Index("ix_payment_notice_reservation", "reservation_id", "id"),
        Index(
            "ix_payment_notice_state", "state", "id", sqlite_where=text("state IN ('queued', 'sending', 'uncertain')")
        ),
        Index("ix_payment_notice_outbox", "outbox_id", sqlite_where=text("outbox_id IS NOT NULL")),
        Index("ix_payment_notice_guest", "guest_id", "id", sqlite_where=text("guest_id IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    reservation_id: int = Field(foreign_key="reservation.id", ondelete="CASCADE")
    line_id: int = Field(foreign_key="schedule_line.id", ondelete="CASCADE")
    guest_id: int | None = Field(default=None, foreign_key="guest.id", ondelete="SET NULL")
    day: date = Field(description="the day of the property's zone that it counts for")
    automatic: bool = Field(default=True, description="the engine's; False: an agent sent it")
    channel: str = Field(description="mail or sms")
    address: str = Field(default="", description="mail address or E.164 number that it goes to")
    text: str = Field(default="", description="as it is sent")
    amount: int = Field(description="what was missing then, minor units of the reservation's currency")
    state: str = "queued"
    error: str = Field(default="", description="the gateway's words, safe to show")
    outbox_id: int | None = Field(default=None, foreign_key="outbox_item.id", ondelete="SET NULL")
    event_id: int | None = Field(default=None, foreign_key="event.id", ondelete="SET NULL")
    token: int = Field(default=0, description="fencing token of the engine that may have sent it; 0: none has")
    created_by: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    created_at: datetime
    sent_at: datetime | None = None
    attempts: int = Field(default=0, description="how often the gateway was asked to send it")
    not_before: datetime = Field(
        description="it goes out from then on: the end of an undo window, or of a pause after a refusal"
    )
    version: int = 1


class NoticeStop(SQLModel, table=True):
    """An address that gets no reminders any more: it bounced, or its owner said so (SPEC §8: opt-out).

    Without an address it is the guest who gets none, wherever they are to be reached.
    """

    __tablename__ = "notice_stop"
    __table_args__ = (
        Index(
            "ix_notice_stop_address",
            "address",
            unique=True,
            sqlite_where=text("address <> '' AND removed_at IS NULL"),
        ),
        Index("ix_notice_stop_guest", "guest_id", sqlite_where=text("guest_id IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    address: str = Field(default="", description="mail address, folded, or E.164 number; empty: the guest's every one")
    reason: str = Field(description="opt-out or bounce")
    guest_id: int | None = Field(default=None, foreign_key="guest.id", ondelete="SET NULL")
    at: datetime
    created_by: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    removed_at: datetime | None = None
    version: int = 1
