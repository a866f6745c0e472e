"""Guests: the persons and companies of the client base (SPEC §6)."""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

_OFFERED = text("merged_into IS NULL AND archived_at IS NULL")


class Guest(SQLModel, table=True):
    """A person or a company. Never deleted: archived, or merged into another."""

    __table_args__ = (
        Index("ix_guest_name", "folded", "id", sqlite_where=text("merged_into IS NULL")),
        Index("ix_guest_kind", "kind", "folded", "id", sqlite_where=_OFFERED),
        Index("ix_guest_offered", "folded", "id", sqlite_where=_OFFERED),
        Index(
            "ix_guest_archived", "folded", "id", sqlite_where=text("merged_into IS NULL AND archived_at IS NOT NULL")
        ),
        Index("ix_guest_birth", "birth_date", "id", sqlite_where=text("birth_date IS NOT NULL")),
        Index("ix_guest_nationality", "nationality", "folded", "id", sqlite_where=text("nationality <> ''")),
        Index("ix_guest_passport_expiry", "passport_expiry", "id", sqlite_where=text("passport_expiry IS NOT NULL")),
        Index("ix_guest_merged", "merged_into", "id", sqlite_where=text("merged_into IS NOT NULL")),
        Index("ix_guest_reference", "reference", unique=True, sqlite_where=text("reference <> ''")),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(default="person", description="person or company")
    surname: str = Field(description="the one required; a company's name")
    given: str = Field(default="", description="given names")
    folded: str = Field(default="", description="surname and given names as the search folds them")
    language: str = Field(default="", description="ISO 639-1; empty if unknown")
    nationality: str = Field(default="", description="ISO 3166-1 alpha-2; empty if unknown")
    birth_date: date | None = None
    document: str = ""
    passport: str = ""
    passport_expiry: date | None = None
    street: str = ""
    postcode: str = ""
    city: str = ""
    region: str = Field(
        default="",
        sa_column_kwargs={"server_default": ""},
        description="state, province or county, where addresses name it",
    )
    country: str = Field(default="", description="ISO 3166-1 alpha-2")
    tax_number: str = Field(default="", description="a company's")
    remarks: str = ""
    reference: str = Field(default="", description="the guest's key in another system; unique where there is one")
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None
    merged_into: int | None = Field(default=None, description="the guest that took this one over; NULL while alive")
    erased_at: datetime | None = Field(default=None, description="the person was removed; the row stays for the counts")
    version: int = 1


class GuestEmail(SQLModel, table=True):
    """An address of a guest; two guests may share one."""

    __tablename__ = "guest_email"
    __table_args__ = (
        Index("ix_guest_email_address", "folded"),
        Index("ix_guest_email_guest", "guest_id", "position"),
    )

    id: int | None = Field(default=None, primary_key=True)
    guest_id: int = Field(foreign_key="guest.id", ondelete="CASCADE")
    position: int = Field(default=0, description="the first one is written to")
    address: str
    folded: str = Field(description="in lower case, as senders are compared")
    label: str = ""


class GuestPhone(SQLModel, table=True):
    """A telephone number of a guest."""

    __tablename__ = "guest_phone"
    __table_args__ = (
        Index("ix_guest_phone_number", "number"),
        Index("ix_guest_phone_guest", "guest_id", "position"),
    )

    id: int | None = Field(default=None, primary_key=True)
    guest_id: int = Field(foreign_key="guest.id", ondelete="CASCADE")
    position: int = 0
    number: str = Field(description="E.164")
    label: str = ""


class Consent(SQLModel, table=True):
    """What a guest said about being written to or called: the newest row of a channel holds, none means never given."""

    __table_args__ = (
        Index("ix_consent_guest", "guest_id", "channel", "id"),
        Index("ix_consent_channel", "channel", "guest_id", "id", "given"),
    )

    id: int | None = Field(default=None, primary_key=True)
    guest_id: int = Field(foreign_key="guest.id", ondelete="CASCADE")
    channel: str = Field(description="mail, sms, phone or newsletter")
    given: bool
    day: date
    source: str = Field(default="", description="how it was said: a mail, a form, at the counter")
    agent_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    at: datetime


class Attribute(SQLModel, table=True):
    """A preference or group that guests are tagged with; the list is kept by an admin. Guests hold its id: it can be renamed."""

    __table_args__ = (Index("ix_attribute_folded", "folded"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    folded: str = Field(description="as names are compared; no two that are in use share one")
    created_at: datetime
    removed_at: datetime | None = None
    version: int = 1


class GuestAttribute(SQLModel, table=True):
    """A guest is tagged with an attribute."""

    __tablename__ = "guest_attribute"
    __table_args__ = (Index("ix_guest_attribute_attribute", "attribute_id", "guest_id"),)

    guest_id: int = Field(foreign_key="guest.id", ondelete="CASCADE", primary_key=True)
    attribute_id: int = Field(foreign_key="attribute.id", primary_key=True)
    at: datetime
