"""Reservations: booked stays and trips, with what is due, what was paid and who flies (SPEC §7)."""

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Index, text
from sqlmodel import Field, SQLModel

_KEPT = text("removed_at IS NULL")
_FILTERED = ("status", "channel", "operator_id", "removed_at")
"""What lists of reservations are filtered by; the last as well, or SQLite looks every row up for it."""


class Operator(SQLModel, table=True):
    """A tour operator."""

    __table_args__ = (Index("ix_operator_name", "folded", unique=True, sqlite_where=_KEPT),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    folded: str = Field(description="as names are compared")
    watch_days: int | None = Field(
        default=None, description="how many days before its departure a flight is watched; None: as the settings say"
    )
    email: str = Field(default="", sa_column_kwargs={"server_default": ""})
    phone: str = Field(default="", sa_column_kwargs={"server_default": ""})
    created_at: datetime
    removed_at: datetime | None = None
    version: int = 1


class Reservation(SQLModel, table=True):
    """A booked stay or trip. Never deleted; a cancelled one stays in the histories of its guests."""

    __table_args__ = (
        Index("ix_reservation_code", "code", unique=True, sqlite_where=_KEPT),
        Index("ix_reservation_reference", "reference", unique=True, sqlite_where=text("reference <> ''")),
        # Wide, so that a filtered list is counted and walked in the index alone.
        Index("ix_reservation_by_arrival", "arrival", "id", "departure", *_FILTERED, sqlite_where=_KEPT),
        Index("ix_reservation_by_departure", "departure", "id", "arrival", *_FILTERED, sqlite_where=_KEPT),
        Index("ix_reservation_operator", "operator_id", "id", sqlite_where=text("operator_id IS NOT NULL")),
        Index("ix_reservation_status", "status", "arrival", "id", sqlite_where=_KEPT),
        Index("ix_reservation_destination", "folded_destination", "id", sqlite_where=text("folded_destination <> ''")),
        Index("ix_reservation_removed", "id", sqlite_where=text("removed_at IS NOT NULL")),
        Index("ix_reservation_company", "company_id", "id", sqlite_where=text("company_id IS NOT NULL")),
        Index("ix_reservation_inquiry", "inquiry_id", "id", sqlite_where=text("inquiry_id IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(description="what people call it; unique")
    reference: str = Field(default="", description="its key in a booking system; unique where there is one")
    status: str = Field(default="confirmed", description="see rules.vocabulary.ReservationStatus")
    channel: str = Field(default="direct", description="where it came from")
    operator_id: int | None = Field(default=None, foreign_key="operator.id", ondelete="SET NULL")
    product: str = Field(default="", description="what is booked of an operator")
    destination: str = ""
    folded_destination: str = Field(default="", description="as the search folds it")
    room: str = Field(default="", description="the property's room")
    booked: date | None = Field(default=None, description="the day it was booked")
    arrival: date | None = Field(default=None, description="first day of the stay or the trip")
    departure: date | None = Field(default=None, description="last day: the day of leaving, or of the way home")
    adults: int | None = None
    children: int | None = None
    value: int | None = Field(default=None, description="minor units of the currency")
    currency: str = Field(default="", description="ISO 4217; required with a value")
    company_id: int | None = Field(default=None, foreign_key="guest.id", ondelete="SET NULL", description="who pays")
    inquiry_id: int | None = Field(default=None, foreign_key="inquiry.id", ondelete="SET NULL")
    remarks: str = ""
    imported: str = Field(
        default="",
        sa_column_kwargs={"server_default": ""},
        description="digest of the row of a file that it was last imported from; the same row changes nothing",
    )
    confirmed_at: datetime | None = Field(
        default=None, description="when it was first confirmed; stays when it is cancelled; kept by triggers"
    )
    created_by: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    created_at: datetime
    updated_at: datetime
    removed_at: datetime | None = Field(default=None, description="its creation was taken back")
    version: int = 1


class ReservationGuest(SQLModel, table=True):
    """A guest of a reservation; exactly one of its persons is the holder."""

    __tablename__ = "reservation_guest"
    __table_args__ = (
        Index("ix_reservation_holder", "reservation_id", unique=True, sqlite_where=text("holder")),
        Index("ix_reservation_guest_guest", "guest_id", "reservation_id"),
    )

    reservation_id: int = Field(foreign_key="reservation.id", ondelete="CASCADE", primary_key=True)
    guest_id: int = Field(foreign_key="guest.id", primary_key=True)
    holder: bool = False
    led_by: int | None = Field(
        default=None,
        sa_column=Column(
            ForeignKey("reservation_holder.reservation_id", deferrable=True, initially="DEFERRED"), index=True
        ),
        description="the reservation again if the guest is a person: its holder must be there at the commit",
    )


class ReservationHolder(SQLModel, table=True):
    """The holder of a reservation, kept in step by triggers (:mod:`crm_tui.data.holders`)."""

    __tablename__ = "reservation_holder"

    reservation_id: int = Field(foreign_key="reservation.id", ondelete="CASCADE", primary_key=True)
    guest_id: int = Field(foreign_key="guest.id", index=True)


class ScheduleLine(SQLModel, table=True):
    """One due amount of a reservation."""

    __tablename__ = "schedule_line"
    __table_args__ = (
        Index("ix_schedule_line_reservation", "reservation_id", "position"),
        Index("ix_schedule_line_due", "due", "reservation_id", sqlite_where=_KEPT),
    )

    id: int | None = Field(default=None, primary_key=True)
    reservation_id: int = Field(foreign_key="reservation.id", ondelete="CASCADE")
    position: int = 0
    kind: str = Field(description="deposit, balance or instalment")
    due: date = Field(description="a day of the property's zone")
    amount: int = Field(description="minor units of the reservation's currency")
    reason: str = Field(default="", description="why it is not as the terms say")
    removed_at: datetime | None = None


class Payment(SQLModel, table=True):
    """Money received for a reservation, or given back. Taken back by a reversal, never deleted."""

    __table_args__ = (
        Index("ix_payment_reservation", "reservation_id", "day", "id"),
        Index("ix_payment_folio", "folio_id", sqlite_where=text("folio_id IS NOT NULL")),
        Index("ix_payment_day", "day", "id"),
        Index("ix_payment_reference", "reservation_id", "reference", unique=True, sqlite_where=text("reference <> ''")),
    )

    id: int | None = Field(default=None, primary_key=True)
    reservation_id: int = Field(foreign_key="reservation.id", ondelete="CASCADE")
    kind: str = Field(default="payment", description="payment or refund")
    reference: str = Field(default="", description="its key in another system")
    folio_id: int | None = Field(
        default=None,
        sa_column=Column(ForeignKey("folio.id", ondelete="SET NULL")),
        description="which bill it settles; None: the first",
    )
    day: date
    amount: int = Field(description="minor units of the reservation's currency; above 0")
    method: str = ""
    note: str = ""
    created_by: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    created_at: datetime
    reversed_at: datetime | None = None
    reversal: str = Field(default="", sa_column_kwargs={"server_default": ""}, description="why it was taken back")
    imported: bool = Field(default=False, description="a file said so; the desk's own payments no file touches")
    version: int = 1


class Flight(SQLModel, table=True):
    """A leg of a reservation. Its times are those of the airports' clocks, without offset."""

    __table_args__ = (
        Index("ix_flight_reservation", "reservation_id", "position"),
        Index("ix_flight_departs", "departs", "id", sqlite_where=_KEPT),
    )

    id: int | None = Field(default=None, primary_key=True)
    reservation_id: int = Field(foreign_key="reservation.id", ondelete="CASCADE")
    position: int = 0
    number: str = ""
    from_airport: str = Field(default="", description="IATA code")
    to_airport: str = Field(default="", description="IATA code")
    departs: str = Field(default="", description="YYYY-MM-DDTHH:MM at the departure airport")
    arrives: str = Field(default="", description="YYYY-MM-DDTHH:MM at the arrival airport")
    informed_at: datetime | None = Field(default=None, description="when the guests were told the times")
    informed_by: int | None = Field(
        default=None,
        sa_column=Column(ForeignKey("agent.id", ondelete="SET NULL")),
        description="the agent who told them",
    )
    informed_departs: str = Field(default="", sa_column_kwargs={"server_default": ""}, description="as it was told")
    informed_arrives: str = Field(default="", sa_column_kwargs={"server_default": ""}, description="as it was told")
    informed_flight: str = Field(
        default="", sa_column_kwargs={"server_default": ""}, description="number and airports as they were told"
    )
    removed_at: datetime | None = None
    version: int = 1
