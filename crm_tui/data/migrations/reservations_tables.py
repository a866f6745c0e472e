"""Reservations as the fourth schema made them."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes


def create_reservations() -> None:
    """Create operator, reservation, reservation_holder, reservation_guest."""
    op.create_table(
        "operator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqltypes.AutoString(), nullable=False),
        sa.Column("folded", sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_operator_name", "operator", ["folded"], unique=True, sqlite_where=sa.text("removed_at IS NULL"))
    op.create_table(
        "reservation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sqltypes.AutoString(), nullable=False),
        sa.Column("reference", sqltypes.AutoString(), nullable=False),
        sa.Column("status", sqltypes.AutoString(), nullable=False),
        sa.Column("channel", sqltypes.AutoString(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=True),
        sa.Column("product", sqltypes.AutoString(), nullable=False),
        sa.Column("destination", sqltypes.AutoString(), nullable=False),
        sa.Column("folded_destination", sqltypes.AutoString(), nullable=False),
        sa.Column("room", sqltypes.AutoString(), nullable=False),
        sa.Column("booked", sa.Date(), nullable=True),
        sa.Column("arrival", sa.Date(), nullable=True),
        sa.Column("departure", sa.Date(), nullable=True),
        sa.Column("adults", sa.Integer(), nullable=True),
        sa.Column("children", sa.Integer(), nullable=True),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("currency", sqltypes.AutoString(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("inquiry_id", sa.Integer(), nullable=True),
        sa.Column("remarks", sqltypes.AutoString(), nullable=False),
        sa.Column("imported", sqltypes.AutoString(), server_default="", nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("updated_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["guest.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["created_by"], ["agent.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_reservation_arrival", "reservation", ["arrival", "id"], sqlite_where=sa.text("removed_at IS NULL")
    )
    op.create_index(
        "ix_reservation_code", "reservation", ["code"], unique=True, sqlite_where=sa.text("removed_at IS NULL")
    )
    op.create_index(
        "ix_reservation_company", "reservation", ["company_id", "id"], sqlite_where=sa.text("company_id IS NOT NULL")
    )
    op.create_index("ix_reservation_removed", "reservation", ["id"], sqlite_where=sa.text("removed_at IS NOT NULL"))
    op.create_index(
        "ix_reservation_departure", "reservation", ["departure", "id"], sqlite_where=sa.text("removed_at IS NULL")
    )
    op.create_index(
        "ix_reservation_destination",
        "reservation",
        ["folded_destination", "id"],
        sqlite_where=sa.text("folded_destination <> ''"),
    )
    op.create_index(
        "ix_reservation_inquiry", "reservation", ["inquiry_id", "id"], sqlite_where=sa.text("inquiry_id IS NOT NULL")
    )
    op.create_index(
        "ix_reservation_reference", "reservation", ["reference"], unique=True, sqlite_where=sa.text("reference <> ''")
    )
    op.create_index(
        "ix_reservation_status", "reservation", ["status", "arrival", "id"], sqlite_where=sa.text("removed_at IS NULL")
    )
    op.create_table(
        "reservation_holder",
        sa.Column("reservation_id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guest_id"],
            ["guest.id"],
        ),
        sa.ForeignKeyConstraint(["reservation_id"], ["reservation.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("reservation_id"),
    )
    op.create_index(("ix_reservation_holder_guest_id"), "reservation_holder", ["guest_id"])
    op.create_table(
        "reservation_guest",
        sa.Column("reservation_id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.Boolean(), nullable=False),
        sa.Column("led_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["guest_id"],
            ["guest.id"],
        ),
        sa.ForeignKeyConstraint(
            ["led_by"], ["reservation_holder.reservation_id"], initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["reservation_id"], ["reservation.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("reservation_id", "guest_id"),
    )
    op.create_index("ix_reservation_guest_guest", "reservation_guest", ["guest_id", "reservation_id"])
    op.create_index(("ix_reservation_guest_led_by"), "reservation_guest", ["led_by"])
    op.create_index(
        "ix_reservation_holder", "reservation_guest", ["reservation_id"], unique=True, sqlite_where=sa.text("holder")
    )


def create_amounts() -> None:
    """Create schedule_line, payment, flight."""
    op.create_table(
        "schedule_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reservation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sqltypes.AutoString(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("reason", sqltypes.AutoString(), nullable=False),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["reservation_id"], ["reservation.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_schedule_line_due", "schedule_line", ["due", "reservation_id"], sqlite_where=sa.text("removed_at IS NULL")
    )
    op.create_index("ix_schedule_line_reservation", "schedule_line", ["reservation_id", "position"])
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reservation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sqltypes.AutoString(), nullable=False),
        sa.Column("reference", sqltypes.AutoString(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("method", sqltypes.AutoString(), nullable=False),
        sa.Column("note", sqltypes.AutoString(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sqltypes.UTCDateTime(), nullable=False),
        sa.Column("reversed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["agent.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["reservation_id"], ["reservation.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_payment_reference",
        "payment",
        ["reservation_id", "reference"],
        unique=True,
        sqlite_where=sa.text("reference <> ''"),
    )
    op.create_index("ix_payment_reservation", "payment", ["reservation_id", "day", "id"])
    op.create_table(
        "flight",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reservation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sqltypes.AutoString(), nullable=False),
        sa.Column("from_airport", sqltypes.AutoString(), nullable=False),
        sa.Column("to_airport", sqltypes.AutoString(), nullable=False),
        sa.Column("departs", sqltypes.AutoString(), nullable=False),
        sa.Column("arrives", sqltypes.AutoString(), nullable=False),
        sa.Column("removed_at", sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["reservation_id"], ["reservation.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_flight_departs", "flight", ["departs", "id"], sqlite_where=sa.text("removed_at IS NULL"))
    op.create_index("ix_flight_reservation", "flight", ["reservation_id", "position"])
