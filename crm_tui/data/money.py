"""What a reservation costs and who pays: terms, folios with their postings, and what is due of it now (SPEC §7, §8)."""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

_KEPT = text("removed_at IS NULL")


class Term(SQLModel, table=True):
    """One line of the terms of an operator or, without one, of the property: what is due when."""

    __table_args__ = (Index("ix_term_operator", "operator_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    operator_id: int | None = Field(default=None, foreign_key="operator.id", ondelete="CASCADE")
    position: int = 0
    kind: str = Field(description="deposit, balance or instalment")
    percent: int | None = Field(default=None, description="hundredths of a percent of the value; None: an amount")
    amount: int | None = Field(default=None, description="minor units of the currency")
    currency: str = Field(default="", description="ISO 4217; required with an amount")
    anchor: str = Field(description="booking, arrival or departure: what it is due relative to")
    days: int = Field(default=0, description="days after the anchor; below 0: before it")
    removed_at: datetime | None = None


class Folio(SQLModel, table=True):
    """A bill inside a reservation with its own payer. A closed one is immutable; triggers hold to it."""

    __table_args__ = (
        Index("ix_folio_reservation", "reservation_id", "number", unique=True, sqlite_where=_KEPT),
        Index("ix_folio_payer", "payer_id", "id", sqlite_where=text("payer_id IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    reservation_id: int = Field(foreign_key="reservation.id", ondelete="CASCADE")
    number: int = Field(default=1, description="1, 2… inside the reservation")
    name: str = Field(default="", description="empty: called by its number and payer")
    payer_id: int | None = Field(
        default=None, foreign_key="guest.id", ondelete="SET NULL", description="person or company; None: the holder"
    )
    created_at: datetime
    closed_at: datetime | None = None
    closed_by: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    removed_at: datetime | None = Field(default=None, description="deleted while it was empty")
    version: int = 1


class FolioRoute(SQLModel, table=True):
    """To which folio of a reservation new postings of a category go."""

    __tablename__ = "folio_route"

    reservation_id: int = Field(foreign_key="reservation.id", ondelete="CASCADE", primary_key=True)
    category: str = Field(primary_key=True, description="see rules.vocabulary.PostingCategory")
    folio_id: int = Field(foreign_key="folio.id", ondelete="CASCADE", index=True)


class Posting(SQLModel, table=True):
    """An amount on exactly one folio. Never deleted: a reversal takes it back."""

    __table_args__ = (
        Index("ix_posting_folio", "folio_id", "day", "id"),
        Index("ix_posting_reservation", "reservation_id", "id"),
        Index(
            "ix_posting_reverses",
            "reverses_id",
            unique=True,
            sqlite_where=text("reverses_id IS NOT NULL AND removed_at IS NULL"),
        ),
        Index("ix_posting_split", "split_of", sqlite_where=text("split_of IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    reservation_id: int = Field(foreign_key="reservation.id", ondelete="CASCADE")
    folio_id: int = Field(foreign_key="folio.id")
    day: date = Field(description="a day of the property's zone")
    category: str = Field(description="see rules.vocabulary.PostingCategory")
    text: str = ""
    amount: int = Field(description="minor units; below 0: in favour of the payer")
    currency: str = Field(description="ISO 4217")
    reverses_id: int | None = Field(
        default=None, foreign_key="posting.id", description="the posting that it takes back"
    )
    split_of: int | None = Field(
        default=None, foreign_key="posting.id", description="the posting that it was split from"
    )
    created_by: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    created_at: datetime
    removed_at: datetime | None = Field(default=None, description="its making was taken back")
    version: int = 1


class ReservationDue(SQLModel, table=True):
    """What a reservation asks for and got, kept by triggers (:mod:`crm_tui.data.dues`), so that no watchlist adds up lines.

    Amounts in minor units of the reservation's currency.
    """

    __tablename__ = "reservation_due"
    __table_args__ = (Index("ix_reservation_due_due", "due", "reservation_id", sqlite_where=text("due IS NOT NULL")),)

    reservation_id: int = Field(foreign_key="reservation.id", ondelete="CASCADE", primary_key=True)
    paid: int = Field(default=0, description="payments less refunds, those taken back left out")
    deposit: int = Field(default=0, description="Z: the sum of the deposit lines")
    price: int = Field(default=0, description="the sum of all lines")
    due: date | None = Field(
        default=None, description="earliest day of a line that is not covered; None: covered, cancelled or removed"
    )


class BankLine(SQLModel, table=True):
    """A line of a bank statement that somebody pasted, known by its digest, so that no line is booked twice."""

    __tablename__ = "bank_line"
    __table_args__ = (
        Index("ix_bank_line_digest", "digest", unique=True),
        Index("ix_bank_line_open", "id", sqlite_where=text("payment_id IS NULL AND dismissed_at IS NULL")),
        Index("ix_bank_line_payment", "payment_id", sqlite_where=text("payment_id IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    digest: str = Field(description="of the text as folded, and its place among equal lines of one paste")
    text: str = Field(description="as pasted, cleaned")
    day: date | None = None
    amount: int | None = Field(default=None, description="minor units; below 0: money that went out")
    currency: str = ""
    payment_id: int | None = Field(default=None, foreign_key="payment.id", ondelete="SET NULL")
    dismissed_at: datetime | None = Field(default=None, description="somebody said that it is about no reservation")
    created_by: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")
    created_at: datetime
    version: int = 1
